import { InputError, type TraceResult } from "@clew/core";

/**
 * Rows and end points that one bundle holds at most: `trace.json`, `rows.jsonl` and every paper are one text each, for who reads them too.
 */
const MOST_ROWS = 500_000;

/** Throws InputError where a trace is too large for a bundle, before anything is fetched for it. */
export function requireBundleSize({ edges, leaves }: Pick<TraceResult, "edges" | "leaves">): void {
	const rows = edges.length + leaves.length;
	if (rows <= MOST_ROWS) return;
	throw new InputError(`a trace of ${rows} rows and end points is more than the ${MOST_ROWS} that a bundle holds`, {
		hint: "Trace again with --dust, --until, --max-accounts or the seed of one theft, and export that; clew trace --json streams all of it.",
	});
}
