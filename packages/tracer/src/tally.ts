import { maxAmount, type Rule, type TraceAmounts } from "@clew/core";
import type { Parcels } from "./ledger.js";
import { CLEAN } from "./lots.js";
import { isClaimRule } from "./rules/index.js";

/** Tainted amounts by rule (in the run's order) and origin. */
export type Tally = bigint[][];

/** A tally of zeros. */
export function newTally(rules: readonly Rule[], origins: number): Tally {
	return rules.map(() => new Array<bigint>(origins).fill(0n));
}

/** Adds the tainted lots of a parcel per rule. */
export function addParcels(tally: Tally, parcels: Parcels): void {
	for (const [i, parcel] of parcels.entries()) {
		const row = tally[i];
		if (row === undefined) continue;
		for (const lot of parcel) if (lot.origin !== CLEAN) row[lot.origin] = (row[lot.origin] ?? 0n) + lot.amount;
	}
}

/** One number over all origins for a rule: the sum, or for claim rules the largest claim. */
export function totalOf(tally: Tally, rules: readonly Rule[], index: number): bigint {
	const row = tally[index] ?? [];
	if (isClaimRule(rules[index] as Rule)) return row.reduce(maxAmount, 0n);
	return row.reduce((sum, x) => sum + x, 0n);
}

/** True when every rule finds less than `threshold` base units tainted in the parcels; never for a threshold of 0. */
export function isDust(parcels: Parcels, rules: readonly Rule[], origins: number, threshold: bigint): boolean {
	if (threshold === 0n) return false;
	const tally = tallyOf(parcels, rules, origins);
	return rules.every((_, i) => totalOf(tally, rules, i) < threshold);
}

/** Totals per rule, as strings. */
export function totalAmounts(tally: Tally, rules: readonly Rule[]): TraceAmounts {
	return Object.fromEntries(rules.map((rule, i) => [rule, totalOf(tally, rules, i).toString()]));
}

/** Amounts per rule for each origin alone; undefined when there is one origin, whose amounts are the totals. */
export function originAmounts(tally: Tally, rules: readonly Rule[], origins: number): TraceAmounts[] | undefined {
	if (origins < 2) return undefined;
	return Array.from({ length: origins }, (_, origin) =>
		Object.fromEntries(rules.map((rule, i) => [rule, (tally[i]?.[origin] ?? 0n).toString()])),
	);
}

/** The tally of one set of parcels. */
export function tallyOf(parcels: Parcels, rules: readonly Rule[], origins: number): Tally {
	const tally = newTally(rules, origins);
	addParcels(tally, parcels);
	return tally;
}
