import { type Denial, groupBy, type MergeResult } from "@clew/core";

/** Sums what the parts of a write did. */
export function sumResults(results: readonly MergeResult[]): MergeResult {
	let added = 0;
	let known = 0;
	const failed = { left: 0, taken: 0 };
	const denied: Denial[] = [];
	for (const r of results) {
		added += r.added;
		known += r.known;
		failed.left += r.failed?.left ?? 0;
		failed.taken += r.failed?.taken ?? 0;
		if (r.denied !== undefined) denied.push(...r.denied);
	}
	const ofFailed = failed.left + failed.taken === 0 ? {} : { failed };
	return { added, known, ...ofFailed, ...(denied.length === 0 ? {} : { denied }) };
}

/** Transactions by height, ascending. */
export function byHeight<T extends { readonly height: number }>(transactions: readonly T[]): [number, T[]][] {
	return [...groupBy(transactions, (tx) => tx.height)].sort(([a], [b]) => a - b);
}
