import { type Coverage, joinRuns } from "@clew/core";
import { holesIn, readRuns } from "@clew/tracer";

/**
 * Said beside a balance where blocks are missing inside what was fetched: an output may have been spent there, and money may have come.
 * Empty where none is. A block counts once, of whatever kind of movements it is missing.
 */
export function missingInWords(coverage: readonly Pick<Coverage, "fromHeight" | "toHeight" | "kinds">[]): string {
	const kinds = new Set(coverage.flatMap((one) => one.kinds));
	const holes = joinRuns([...kinds].flatMap((kind) => holesIn(readRuns(coverage, kind), 0)));
	const [from, to] = [holes[0]?.from ?? 0, holes.at(-1)?.to ?? 0];
	const missing = holes.reduce((sum, hole) => sum + hole.to - hole.from + 1, 0);
	if (missing === 0) return "";
	const where = missing === to - from + 1 ? `${from} to ${to}` : `between ${from} and ${to}`;
	const blocks = missing === 1 ? `block ${from} is` : `${missing} blocks (${where}) are`;
	return `, by the blocks that the case holds: between them ${blocks} missing, so that it may have been spent there, or more have come`;
}
