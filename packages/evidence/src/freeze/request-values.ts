import {
	type AssetId,
	type Currency,
	DISAGREEMENT,
	decimalsTold,
	type PriceRow,
	REFERENCE_AGE,
	rangeOfRows,
	type TotalJson,
	type TraceResult,
	totalsByUnitJson,
	totalsOf,
	UsedPrices,
	type ValueJson,
	type Values,
	type Valuing,
	valuesAt,
	valuesByUnitJson,
} from "@clew/core";
import type { RequestDocument } from "./request-document.js";

/** What one amount was worth, by unit; each names its prices by their numbers in {@link RequestValues.prices}. */
export type ByUnit = Readonly<Record<string, ValueJson>>;

/**
 * What the amounts of a request were worth in their blocks (docs/prices.md). Every amount of its seeds, rows, exchanges and end points has
 * an entry in every unit, which says where there is no price; leads, of which no amount is agreed, and balances of a later block have none.
 */
export interface RequestValues {
	readonly units: readonly Currency[];
	readonly rules: {
		/** Seconds for which a price of a market, and a reference rate, counts. */
		readonly marketAge: number;
		readonly referenceAge: number;
		/** Per cent of the lower by which sources differ that disagree. */
		readonly disagreement: number;
	};
	/** In the order of the seeds: what arrived under the rule that tells them, each arrival in its block. */
	readonly seeds: readonly {
		readonly arrivals: readonly { readonly asset: string; readonly amount: string; readonly time: string; readonly values: ByUnit }[];
		readonly totals: Readonly<Record<string, TotalJson>>;
	}[];
	/** Of each row all that moved, and what of it every rule calls tainted. */
	readonly rows: readonly { readonly row: number; readonly amount: ByUnit; readonly agreed: ByUnit }[];
	/** Of each exchange what was tainted of both sides, under the rule that tells the seeds. */
	readonly exchanges: readonly { readonly row: number; readonly paid: ByUnit; readonly got: ByUnit }[];
	/** Of each end point what is agreed, in the block of the last row that leads there. */
	readonly points: readonly { readonly account: string; readonly asset: string; readonly values: ByUnit }[];
	/**
	 * What is asked for of end points together beyond what is agreed of each, in base units: the rules differ in which of them it came to,
	 * and so in when, so that it has no value.
	 */
	readonly together: readonly { readonly asset: string; readonly amount: string; readonly values: ByUnit }[];
	/** Of `together` and those `points` of which something is agreed: of all that is asked for. */
	readonly totals: Readonly<Record<string, TotalJson>>;
	readonly prices: readonly PriceRow[];
}

/** Why what is agreed of several end points together alone has no value. */
const NO_ONE_BLOCK = "the rules differ in which address it came to, and so in which block";

/** Values of a request's amounts, whose seeds are those of `result`. */
export function requestValues(
	request: Omit<RequestDocument, "values">,
	result: Pick<TraceResult, "seeds" | "edges">,
	{ source, request: { units, marketAge } }: Valuing,
): RequestValues {
	const used = new UsedPrices();
	const { rule } = request;
	const valued = (asset: string, amount: bigint, time: string): Values =>
		valuesAt(source, { units }, { asset: asset as AssetId, amount, decimals: decimalsTold(request, asset), time: secondsOf(time) });
	const written = (values: Values) => valuesByUnitJson(values, used);
	const times = new Map(result.edges.map(({ position, time }) => [position, time]));
	const seeds = request.seeds.map(({ seeded }, i) => {
		const arrivals = (result.seeds[i]?.rows ?? [])
			.filter(({ asset }) => seeded[asset] !== undefined)
			.map(({ asset, seeded: marked, position }) => {
				const [amount, time] = [marked[rule] ?? "0", times.get(position) ?? ""];
				return { asset, amount, time, values: valued(asset, BigInt(amount), time) };
			});
		return {
			arrivals,
			totals: totalsByUnitJson(
				totalsOf(
					arrivals.map(({ values }) => values),
					units,
				),
			),
		};
	});
	const points = request.points.map(({ account, asset, agreed, rows }) => ({
		account,
		asset,
		values: valued(asset, BigInt(agreed), lastTime(rows, request)),
	}));
	const together = beyondEach(request).map(({ asset, amount }) => ({
		asset,
		amount: amount.toString(),
		values: valuesAt(source, { units }, { asset: asset as AssetId, amount, decimals: undefined, time: undefined }, NO_ONE_BLOCK),
	}));
	// Prices are numbered in the order in which they are met: those beside the amounts of a letter first.
	const shown = {
		rows: request.rows.map((row) => ({
			row: row.row,
			amount: written(valued(row.asset, BigInt(row.amount), row.time)),
			agreed: written(valued(row.asset, rangeOfRows([row])?.least ?? 0n, row.time)),
		})),
		exchanges: (request.exchanges ?? []).map(({ row, time, paid, got }) => ({
			row,
			paid: written(valued(paid.asset, BigInt(paid.tainted[rule] ?? "0"), time)),
			got: written(valued(got.asset, BigInt(got.tainted[rule] ?? "0"), time)),
		})),
		points: points.map((point) => ({ ...point, values: written(point.values) })),
	};
	return {
		units: [...units],
		rules: { marketAge, referenceAge: REFERENCE_AGE, disagreement: Number(DISAGREEMENT) },
		...shown,
		seeds: seeds.map(({ arrivals, totals }) => ({
			arrivals: arrivals.map(({ values, ...arrival }) => ({ ...arrival, values: written(values) })),
			totals,
		})),
		together: together.map((one) => ({ ...one, values: written(one.values) })),
		totals: totalsByUnitJson(
			totalsOf(
				// Where nothing is agreed of an end point alone, its nothing is no amount that has a price.
				[...points.filter((_, i) => request.points[i]?.agreed !== "0"), ...together].map(({ values }) => values),
				units,
			),
		),
		prices: used.list(),
	};
}

/** What is asked for of each asset beyond what is agreed of each end point, in base units, where that is something. */
export function beyondEach({ asked, points }: Pick<RequestDocument, "asked" | "points">): { asset: string; amount: bigint }[] {
	return Object.entries(asked).flatMap(([asset, all]) => {
		const apart = points.reduce((sum, point) => (point.asset === asset ? sum + BigInt(point.agreed) : sum), 0n);
		return BigInt(all) === apart ? [] : [{ asset, amount: BigInt(all) - apart }];
	});
}

/** The time of the last of some rows, which stand in their order on the chain; empty where nobody told it. */
function lastTime(numbers: readonly number[], { rows }: Pick<RequestDocument, "rows">): string {
	const own = new Set(numbers);
	return rows.filter(({ row }) => own.has(row)).at(-1)?.time ?? "";
}

/** Unix seconds; undefined where nobody told the time. */
function secondsOf(time: string): number | undefined {
	return time === "" ? undefined : Date.parse(time) / 1000;
}
