import type { Coverage, CoveredKind } from "@clew/core";

/** Heights at or above `from`, between others that were fetched, at which nobody fetched a kind of movement. Ascending, inclusive. */
export function coverageHoles(coverage: readonly Coverage[], kind: CoveredKind, from: number): { from: number; to: number }[] {
	const ranges = coverage.filter(({ kinds }) => kinds.includes(kind)).sort((a, b) => a.fromHeight - b.fromHeight);
	const holes: { from: number; to: number }[] = [];
	let known: number | undefined;
	for (const { fromHeight, toHeight } of ranges) {
		const first = Math.max(from, (known ?? fromHeight) + 1);
		if (known !== undefined && fromHeight > first) holes.push({ from: first, to: fromHeight - 1 });
		known = Math.max(known ?? toHeight, toHeight);
	}
	return holes;
}
