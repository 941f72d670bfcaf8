import type { Coverage } from "@clew/core";

/**
 * Said beside a balance where blocks are missing inside what was fetched: an output may have been spent there, and money may have come.
 * Empty where none is. A block counts once, of whatever kind of movements it is missing.
 */
export function missingInWords(coverage: readonly Pick<Coverage, "fromHeight" | "toHeight" | "kinds">[]): string {
	const kinds = new Set(coverage.flatMap((one) => one.kinds));
	const holes = [...kinds].flatMap((kind) => holesOf(coverage.filter((one) => one.kinds.includes(kind))));
	const missing = merged(holes).reduce((sum, { fromHeight, toHeight }) => sum + toHeight - fromHeight + 1, 0);
	if (missing === 0) return "";
	const [from, to] = [Math.min(...holes.map((h) => h.fromHeight)), Math.max(...holes.map((h) => h.toHeight))];
	const where = missing === to - from + 1 ? `${from} to ${to}` : `between ${from} and ${to}`;
	const blocks = missing === 1 ? `block ${from} is` : `${missing} blocks (${where}) are`;
	return `, by the blocks that the case holds: between them ${blocks} missing, so that it may have been spent there, or more have come`;
}

type Range = Pick<Coverage, "fromHeight" | "toHeight">;

/** Ranges that overlap or touch as one, in order. */
function merged(ranges: readonly Range[]): Range[] {
	const all: Range[] = [];
	for (const { fromHeight, toHeight } of [...ranges].sort((a, b) => a.fromHeight - b.fromHeight)) {
		const last = all[all.length - 1];
		if (last === undefined || fromHeight > last.toHeight + 1) all.push({ fromHeight, toHeight });
		else all[all.length - 1] = { fromHeight: last.fromHeight, toHeight: Math.max(last.toHeight, toHeight) };
	}
	return all;
}

/** What lies between ranges. */
function holesOf(ranges: readonly Range[]): Range[] {
	const all = merged(ranges);
	return all.slice(1).map((next, i) => ({ fromHeight: (all[i]?.toHeight ?? 0) + 1, toHeight: next.fromHeight - 1 }));
}
