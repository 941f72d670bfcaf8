import { type GraphStore, InputError, quote, type TraceResult } from "@clew/core";

/** A trace that the case keeps, by id or as `last`. Throws InputError (USAGE) that lists what there is. */
export async function storedTrace(store: GraphStore, wanted: string): Promise<TraceResult> {
	const ids = await store.traceIds();
	const id = wanted === "last" ? ids[ids.length - 1] : wanted;
	const stored = id === undefined ? undefined : await store.trace(id);
	if (stored === undefined) {
		throw new InputError(`the case holds no trace ${quote(wanted)}`, {
			code: "USAGE",
			hint: ids.length === 0 ? "Run clew trace first." : `It holds ${ids.join(", ")}.`,
		});
	}
	// Loaded here, since commands that read no trace must start at once.
	const { traceResultSchema } = await import("@clew/core/trace-schema");
	const { checkKept } = await import("./kept-trace.js");
	checkKept(id as string, stored);
	return traceResultSchema.parse(JSON.parse(stored));
}
