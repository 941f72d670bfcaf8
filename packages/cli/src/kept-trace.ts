import { ClewError, type TraceResult, traceId } from "@clew/core";

/** A trace is named by the hash of its content, so a kept one that was changed is found out. Throws ClewError (CASE_CORRUPT). */
export function checkKept(id: string, json: string): void {
	const { id: stated, ...content } = JSON.parse(json) as TraceResult;
	if (stated !== id || traceId(content) !== id)
		throw new ClewError("CASE_CORRUPT", `trace ${id} was changed after it was made: its id is not the hash of its content`, {
			hint: "Run the trace again; nothing is made from this one.",
		});
}

/** Whether a kept trace is the one that its id names. */
export function isIntact(id: string, json: string | undefined): boolean {
	try {
		checkKept(id, json ?? "");
		return true;
	} catch {
		return false;
	}
}
