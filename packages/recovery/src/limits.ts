import type { Rule, TraceResult } from "@clew/core";
import type { Limits, TakenSum, TracedSum } from "./fold.js";
import { mostConserved, victimsOf } from "./shares.js";

/**
 * What the ledger of a case may sum up to, from its traces: what each found at its end points, and what its seeds took from whom. Two
 * traces of the same seeds tell the same theft, which counts once: of each victim the largest sum of one trace.
 */
export function limitsOf(traces: readonly TraceResult[]): Limits {
	const traced = new Map<string, TracedSum>();
	const taken = new Map<string, TakenSum>();
	for (const trace of traces) {
		for (const leaf of trace.leaves) addLeaf(traced, trace, leaf);
		for (const [key, sum] of takenIn(trace)) if (sum.amount > (taken.get(key)?.amount ?? -1n)) taken.set(key, sum);
	}
	return { traced: [...traced.values()], taken: [...taken.values()] };
}

function addLeaf(traced: Map<string, TracedSum>, trace: TraceResult, { account, amounts, range }: TraceResult["leaves"][number]): void {
	for (const [asset, found] of Object.entries(amounts)) {
		const key = `${trace.id} ${account} ${asset}`;
		const known = traced.get(key);
		const byRule: Partial<Record<Rule, bigint>> = { ...known?.byRule };
		for (const [rule, amount] of Object.entries(found) as [Rule, string][]) byRule[rule] = (byRule[rule] ?? 0n) + BigInt(amount);
		const most = [BigInt(range[1]), mostConserved(found)].reduce((a, b) => (a > b ? a : b));
		traced.set(key, { trace: trace.id, account, asset, byRule, most: (known?.most ?? 0n) + most });
	}
}

function takenIn(trace: TraceResult): ReadonlyMap<string, TakenSum> {
	const victims = victimsOf(trace);
	const sums = new Map<string, TakenSum>();
	for (const [i, { seeded }] of trace.seeds.entries())
		for (const [asset, amounts] of Object.entries(seeded)) {
			const victim = victims[i] ?? "";
			const key = `${victim} ${asset}`;
			sums.set(key, { victim, asset, amount: (sums.get(key)?.amount ?? 0n) + mostConserved(amounts) });
		}
	return sums;
}
