import { ClewError, type TraceResult, traceId } from "@clew/core";

/** A kept trace. It is named by the hash of its content, so one that was changed is found out. Throws ClewError (CASE_CORRUPT). */
export function keptTrace(id: string, json: string): TraceResult {
	const result = JSON.parse(json) as TraceResult;
	const { id: stated, ...content } = result;
	if (stated !== id || traceId(content) !== id)
		throw new ClewError("CASE_CORRUPT", `trace ${id} was changed after it was made: its id is not the hash of its content`, {
			hint: "Run the trace again; nothing is made from this one.",
		});
	return result;
}

/** The same; undefined for one that is not the trace that its id names. */
export function intactTrace(id: string, json: string | undefined): TraceResult | undefined {
	try {
		return keptTrace(id, json ?? "");
	} catch {
		return undefined;
	}
}
