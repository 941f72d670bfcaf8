import {
	type AssetId,
	type Currency,
	canonicalJson,
	countOf,
	decimalsTold,
	type GraphStore,
	isUnpriced,
	pricesOf,
	rangeOfRows,
	type Sum,
	sha256Hex,
	type Totals,
	type TraceResult,
	totalInWords,
	totalsOf,
	type ValueRequest,
	type Values,
	type Valuing,
	valuesAt,
} from "@clew/core";
import { type Answer, PLACE_GROUPS, type Place } from "@clew/workers";
import { reasonsOf } from "../listed-values.js";

/** What the sums of an answer were worth in their blocks: what is agreed of each. */
export interface Worth {
	readonly taken: ReadonlyMap<Sum, Totals>;
	readonly places: ReadonlyMap<Place, Totals>;
	/** Where there is no price, once for all, in words. */
	readonly unpriced: readonly string[];
}

interface Part {
	readonly amount: bigint;
	readonly position: string;
}

/** Why what rules agree on of a whole, and not of its parts, has no value. */
const NO_ONE_BLOCK = "the rules agree on the whole and not on its parts, which came in several blocks";
const SHARED = "several seeds mark the same money";

/** Values of what was taken, each arrival in its block, and of each place, each end point in the block in which money last came to it. */
export function worthOf({ taken, groups }: Answer, result: TraceResult, { source, request }: Valuing): Worth {
	const times = new Map(result.edges.map(({ position, time }) => [position, time]));
	const all: Values[] = [];
	const worth = ({ asset, agreed }: Sum, parts: readonly Part[]): Totals => {
		const valued = (amount: bigint, time: string, unknown?: string) =>
			valuesAt(
				source,
				request,
				{ asset: asset as AssetId, amount, decimals: decimalsTold(result, asset), time: time === "" ? undefined : Date.parse(time) / 1000 },
				unknown,
			);
		const own = parts.filter(({ amount }) => amount > 0n);
		const sum = own.reduce((so, { amount }) => so + amount, 0n);
		const values =
			sum > agreed
				? [valued(agreed, "", SHARED)]
				: [
						...own.map(({ amount, position }) => valued(amount, times.get(position) ?? "")),
						...(sum < agreed ? [valued(agreed - sum, "", NO_ONE_BLOCK)] : []),
					];
		all.push(...values);
		return totalsOf(values, request.units);
	};
	const places = PLACE_GROUPS.flatMap((group) => groups[group]);
	const arrivals = result.seeds.flatMap(({ rows }) => rows);
	const found = {
		taken: new Map(taken.map((sum) => [sum, worth(sum, partsOf(arrivals, sum.asset))] as const)),
		places: new Map(
			places.map(
				(place) =>
					[
						place,
						worth(
							place,
							place.came.map(({ amount, last: position }) => ({ amount, position })),
						),
					] as const,
			),
		),
	};
	const lacking = [...found.taken.values(), ...found.places.values()];
	const counts = request.units.flatMap((unit) => {
		const without = lacking.filter((totals) => (totals.get(unit)?.unpriced ?? 0) > 0).length;
		return without === 0 ? [] : [`${countOf(without, "sum")} above in ${unit}`];
	});
	const reasons = reasonsOf(all).map((text) => text.replace(/^no price: /, ""));
	return { ...found, unpriced: counts.length === 0 ? [] : [`no price of ${counts.join(", ")}, or a part of it: ${reasons.join(", ")}`] };
}

/** What every rule agrees that each arrival of an asset marked. */
function partsOf(rows: TraceResult["seeds"][number]["rows"], asset: string): Part[] {
	return rows.flatMap(({ asset: own, seeded: tainted, range, position }) => {
		if (own !== asset) return [];
		const amount = rangeOfRows([{ tainted, ...(range === undefined ? {} : { range }) }])?.least ?? 0n;
		return [{ amount, position }];
	});
}

const HOUR = 3_600;

/** How papers with values are asked for, and a key that is another wherever the case's prices, or the units, are others. */
export async function valuedPapers(store: Pick<GraphStore, "records">, { units, marketAge }: ValueRequest) {
	const prices = await pricesOf(store);
	return {
		options: ["--unit", units.join(), "--price-age", String(marketAge / HOUR)],
		key: [...units, sha256Hex(canonicalJson({ marketAge, prices })).slice(0, 8)].join("-"),
	};
}

/** A value in brackets, of what is agreed where a rule says more; nothing where no part has a price, which is said once for all. */
export function inBrackets(totals: Totals | undefined, { agreed, most }: Pick<Sum, "agreed" | "most">): string {
	if (totals === undefined || agreed === 0n) return "";
	const words = [...totals].flatMap(([unit, total]: [Currency, Parameters<typeof totalInWords>[0]]) =>
		total.priced === 0 || isUnpriced(total) ? [] : [totalInWords(total, unit)],
	);
	return words.length === 0 ? "" : `(${agreed === most ? "" : "what is agreed: "}${words.join("; ")})`;
}
