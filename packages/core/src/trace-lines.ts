import { canonicalJson } from "./canonical.js";
import type { TraceResult } from "./trace-result.js";

/** Characters that a part of a stored result has at least, where more follow: few rows to store, and no long string. */
const PART = 1 << 20;

/**
 * A result in parts of whole lines, so that nothing holds it as one text: the first line is the result without its long lists, each other
 * one an edge, an end point or a gap under its name, all as canonical JSON. Cases of earlier versions hold one line with everything.
 */
export function* traceParts(result: TraceResult): Generator<string> {
	let lines: string[] = [];
	let length = 0;
	for (const line of traceLines(result)) {
		lines.push(line);
		length += line.length;
		if (length < PART) continue;
		yield lines.join("\n");
		[lines, length] = [[], 0];
	}
	if (lines.length > 0) yield lines.join("\n");
}

function* traceLines({ edges, leaves, coverage, ...rest }: TraceResult): Generator<string> {
	yield canonicalJson({ ...rest, edges: [], leaves: [], coverage: { ...coverage, gaps: [] } });
	for (const edge of edges) yield canonicalJson({ edge });
	for (const leaf of leaves) yield canonicalJson({ leaf });
	for (const gap of coverage.gaps) yield canonicalJson({ gap });
}

type Line = Partial<Record<"edge" | "leaf" | "gap", unknown>>;

/** What parts hold, which may be anything: the caller checks it. Throws SyntaxError or TypeError for what no version wrote. */
export function traceOfParts(parts: Iterable<string>): TraceResult {
	let result: { edges: unknown[]; leaves: unknown[]; coverage: { gaps: unknown[] } } | undefined;
	for (const part of parts)
		for (const line of part.split("\n")) {
			const value = JSON.parse(line);
			if (result === undefined) result = value as NonNullable<typeof result>;
			else addLine(result, value as Line);
		}
	return result as unknown as TraceResult;
}

function addLine(result: { edges: unknown[]; leaves: unknown[]; coverage: { gaps: unknown[] } }, { edge, leaf, gap }: Line): void {
	if (edge !== undefined) result.edges.push(edge);
	else if (leaf !== undefined) result.leaves.push(leaf);
	else if (gap !== undefined) result.coverage.gaps.push(gap);
	else throw new SyntaxError("a line of a trace is about nothing");
}
