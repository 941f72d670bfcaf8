import { groupBy, type MergeResult } from "@clew/core";

/** Sums what the parts of a write did. */
export function sumResults(results: readonly MergeResult[]): MergeResult {
	let added = 0;
	let known = 0;
	for (const r of results) {
		added += r.added;
		known += r.known;
	}
	return { added, known };
}

/** Transactions by height, ascending. */
export function byHeight<T extends { readonly height: number }>(transactions: readonly T[]): [number, T[]][] {
	return [...groupBy(transactions, (tx) => tx.height)].sort(([a], [b]) => a - b);
}
