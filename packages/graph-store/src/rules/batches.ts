import { type Denial, groupBy, type MergeResult } from "@clew/core";

/** Sums what the parts of a write did. */
export function sumResults(results: readonly MergeResult[]): MergeResult {
	let added = 0;
	let known = 0;
	const denied: Denial[] = [];
	for (const r of results) {
		added += r.added;
		known += r.known;
		if (r.denied !== undefined) denied.push(...r.denied);
	}
	return { added, known, ...(denied.length === 0 ? {} : { denied }) };
}

/** Transactions by height, ascending. */
export function byHeight<T extends { readonly height: number }>(transactions: readonly T[]): [number, T[]][] {
	return [...groupBy(transactions, (tx) => tx.height)].sort(([a], [b]) => a - b);
}
