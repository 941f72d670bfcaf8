import { maxAmount, minAmount } from "./amount.js";
import { CONSERVING_RULES, type Rule } from "./rules.js";
import type { TraceResult } from "./trace-result.js";
import type { TraceAmounts, TraceGap, TraceLeaf } from "./trace-schema.js";

/** Amounts of a row of a result, with its own range where missing money made it wider than the rules' amounts. */
export interface RangedAmounts {
	readonly tainted: TraceAmounts;
	readonly range?: readonly [string, string] | undefined;
}

/**
 * Least and most of what some rows move together, over the conserving rules and every placing of missing money; base units. Rows that
 * are exact are added up rule by rule; the ranges of others are added to that. Undefined when no conserving rule was run.
 */
export function rangeOfRows(rows: readonly RangedAmounts[]): { least: bigint; most: bigint } | undefined {
	const exact = rows.filter(({ range }) => range === undefined);
	const rules = CONSERVING_RULES.filter((rule) => rows.some(({ tainted }) => tainted[rule] !== undefined));
	if (rules.length === 0) return undefined;
	const sums = rules.map((rule) => exact.reduce((sum, { tainted }) => sum + BigInt(tainted[rule] ?? "0"), 0n));
	let [least, most] = [sums.reduce(minAmount), sums.reduce(maxAmount)];
	for (const { range } of rows) {
		least += BigInt(range?.[0] ?? "0");
		most += BigInt(range?.[1] ?? "0");
	}
	return { least, most };
}

/**
 * Least and most of what some end points hold together of an asset: where rules put money at one or the other of them, all agree on
 * their sum. Undefined when no conserving rule was run.
 */
export function rangeOfLeaves(leaves: readonly TraceLeaf[], asset: string): { least: bigint; most: bigint } | undefined {
	return rangeOfRows(
		leaves.flatMap(({ amounts, range, open }): RangedAmounts[] => {
			const tainted = amounts[asset];
			if (tainted === undefined) return [];
			if (open) return [{ tainted, range }];
			const own = rangeOfRows([{ tainted }]);
			return [own !== undefined && `${own.least} ${own.most}` === range.join(" ") ? { tainted } : { tainted, range }];
		}),
	);
}

/** How much missing money takes from what is agreed, and adds to what is at most, over all end points of an asset; base units. */
export interface Widening {
	readonly asset: string;
	agreed: bigint;
	most: bigint;
}

/** What left bounds open, in words, and what of them holds whatever that was; undefined where nothing did. */
export function openOf({ gaps }: TraceResult["coverage"]): { readonly what: readonly string[]; readonly holds: string } | undefined {
	const has = (wanted: TraceGap["kind"]) => gaps.some(({ kind }) => kind === wanted);
	const [unread, unordered, passed] = [has("unread-outflow") || has("unread-inflow"), has("order-unknown"), has("open-passage")];
	const what = [
		...(has("missing-inflow") ? ["inflows are missing"] : []),
		...(has("unread-outflow") ? ["outflows are unread"] : []),
		...(has("unread-inflow") ? ["histories of payers are unread"] : []),
		...(unordered ? ["the order in blocks is unknown"] : []),
		...(passed ? ["what came over passages is open where it went in"] : []),
	];
	if (what.length === 0) return undefined;
	const holds =
		unread || unordered || passed
			? "agreed holds whatever they were, at most of what the case tells"
			: "agreed and at most hold whatever they were";
	return { what, holds };
}

/**
 * The most of an asset that can lie at all end points of a trace forward together: what its seeds marked, under whichever rule most. Their
 * own maxima may add up to more, since they cannot all be true at once. Undefined where more may have come: by an exchange into the asset,
 * or over a passage of which it is open how much.
 */
export function mostTogether(result: Pick<TraceResult, "conservation" | "coverage">, asset: string): bigint | undefined {
	const audits = Object.entries(result.conservation).flatMap(([rule, byAsset]) =>
		CONSERVING_RULES.includes(rule as Rule) ? [byAsset[asset]] : [],
	);
	if (audits.length === 0 || result.coverage.gaps.some(({ kind }) => kind === "open-passage")) return undefined;
	if (audits.some((sums) => sums === undefined || sums.convertedIn !== "0")) return undefined;
	return audits.reduce((most, sums) => maxAmount(most, BigInt(sums?.seeded ?? "0")), 0n);
}

/** By how much the bounds of end points are wider than the amounts of the rules, by asset; only assets where they are. */
export function wideningOf(leaves: readonly TraceLeaf[]): Widening[] {
	const found = new Map<string, Widening>();
	for (const { amounts, range } of leaves) {
		for (const [asset, tainted] of Object.entries(amounts)) {
			const placed = rangeOfRows([{ tainted }]) ?? { least: 0n, most: 0n };
			const [agreed, most] = [placed.least - BigInt(range[0]), BigInt(range[1]) - placed.most];
			if (agreed === 0n && most === 0n) continue;
			const sum = found.get(asset) ?? { asset, agreed: 0n, most: 0n };
			sum.agreed += agreed;
			sum.most += most;
			found.set(asset, sum);
		}
	}
	return [...found.values()];
}
