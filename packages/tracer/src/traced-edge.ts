import {
	type AccountId,
	CONSERVING_RULES,
	maxAmount,
	minAmount,
	type Rule,
	type TraceAmounts,
	type TraceEdge,
	type Transfer,
} from "@clew/core";
import { totalsOf } from "./bounds/envelope.js";
import type { Conversion } from "./conversion.js";
import type { Parcels } from "./ledger.js";
import { CLEAN } from "./lots.js";
import type { SweepEdge } from "./sweep-options.js";
import { originAmounts, type Tally, tallyOf, totalAmounts, totalOf } from "./tally.js";

/** What of a movement is tainted, as a result states it. */
export type StatedAmounts = Pick<TraceEdge, "tainted" | "byOrigin" | "range">;

/** What of one side of a movement is tainted. */
export interface TracedSide {
	readonly amounts: StatedAmounts;
	/** The most that any conserving rule moves, whatever was missing; 0 where none was run. */
	readonly most: bigint;
}

/** A tainted movement of a run. Its lots are kept only where somebody may still ask for them: a movement has seven lists of them. */
export interface TracedEdge extends TracedSide {
	readonly transfer: Transfer;
	/** Absent where the money is known to go on at its receiver. */
	readonly parcels?: Parcels;
	readonly conversion?: TracedSide & { readonly account: AccountId; readonly sides: Pick<Conversion, "pays" | "paid" | "gets" | "got"> };
}

/** Least and most of something, in base units. */
interface LeastAndMost {
	readonly least: bigint;
	readonly most: bigint;
}

/** A movement as a sweep tells it, in the form in which a run keeps it. */
export function tracedEdge({ transfer, parcels, conversion, goesOn }: SweepEdge, rules: readonly Rule[], origins: number): TracedEdge {
	const side = sideOf(parcels, rules, origins);
	if (conversion !== undefined) {
		const { account, sides, into } = conversion;
		const { pays, paid, gets, got } = sides;
		return { transfer, ...side, conversion: { account, sides: { pays, paid, gets, got }, ...sideOf(into, rules, origins) } };
	}
	return goesOn ? { transfer, ...side } : { transfer, ...side, parcels };
}

function sideOf(parcels: Parcels, rules: readonly Rule[], origins: number): TracedSide {
	if (origins === 1) return sideOfOne(parcels, rules);
	const tally = tallyOf(parcels, rules, origins);
	return withBounds(statedAmounts(tally, rules, origins), conservingRange(tally, rules), parcels, rules, origins);
}

/** The same of a single seed, by far the commonest, without a tally. */
function sideOfOne(parcels: Parcels, rules: readonly Rule[]): TracedSide {
	const tainted: TraceAmounts = {};
	let placed: { least: bigint; most: bigint } | undefined;
	let last = 0n;
	let text = "0";
	for (let i = 0; i < rules.length; i++) {
		const rule = rules[i] as Rule;
		let sum = 0n;
		for (const lot of parcels[i] ?? []) if (lot.origin !== CLEAN) sum += lot.amount;
		// Rules agree more often than not.
		if (sum !== last) [last, text] = [sum, sum.toString()];
		tainted[rule] = text;
		if (!isConserving(rule)) continue;
		placed ??= { least: sum, most: sum };
		if (sum < placed.least) placed.least = sum;
		if (sum > placed.most) placed.most = sum;
	}
	return withBounds({ tainted }, placed ?? { least: 0n, most: 0n }, parcels, rules, 1);
}

function withBounds(
	amounts: StatedAmounts,
	placed: LeastAndMost,
	{ envelope }: Parcels,
	rules: readonly Rule[],
	origins: number,
): TracedSide {
	if (envelope === undefined) return { amounts, most: placed.most };
	const { least, most } = widened(placed, totalsOf({ rules, origins }, envelope));
	return { amounts: { ...amounts, range: [least.toString(), most.toString()] }, most: rules.some(isConserving) ? most : 0n };
}

function isConserving(rule: Rule): boolean {
	return CONSERVING_RULES.includes(rule);
}

/** A tally in the words of a result. */
export function statedAmounts(tally: Tally, rules: readonly Rule[], origins: number): StatedAmounts {
	const byOrigin = originAmounts(tally, rules, origins);
	return { tainted: totalAmounts(tally, rules), ...(byOrigin ? { byOrigin } : {}) };
}

/** Least and most of the conserving rules that were run. */
export function conservingRange(tally: Tally, rules: readonly Rule[]): LeastAndMost {
	const totals = rules.flatMap((rule, i) => (isConserving(rule) ? [totalOf(tally, rules, i)] : []));
	return { least: totals.length === 0 ? 0n : totals.reduce(minAmount), most: totals.reduce(maxAmount, 0n) };
}

/** One placing of the missing money lies inside the bounds of all. */
export function widened(placed: LeastAndMost, bounds: LeastAndMost | undefined): LeastAndMost {
	if (bounds === undefined) return placed;
	return { least: minAmount(placed.least, bounds.least), most: maxAmount(placed.most, bounds.most) };
}
