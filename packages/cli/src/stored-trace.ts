import { type AccountId, canonicalJson, displayAddress, type GraphStore, InputError, quote, type TraceResult } from "@clew/core";
import { keptTrace, traceLog } from "./kept-trace.js";

/**
 * A trace that the case keeps, by id or as `last`. Throws InputError (USAGE) that lists what there is, and ClewError (CASE_CORRUPT) for one
 * that was changed or that the custody log does not name.
 */
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
	return traceResultSchema.parse(keptTrace(id as string, stored, await traceLog(store)));
}

/**
 * Throws InputError where the case no longer holds a label that the trace gives an end point: its facts would contradict its trace, and
 * nobody could run it again.
 */
export async function mustStillHold(store: GraphStore, { id, leaves }: TraceResult): Promise<void> {
	for (const { account, labels } of leaves) {
		if (labels.length === 0) continue;
		const held = new Set((await store.labelsOf(account as AccountId)).map(({ account: _, ...label }) => canonicalJson(label)));
		const lost = labels.find(({ tier: _, ...label }) => !held.has(canonicalJson(label)));
		if (lost !== undefined)
			throw new InputError(
				`trace ${id} calls ${displayAddress(account as AccountId)} ${quote(lost.entity)}, by a label that was changed since`,
				{
					hint: "Run clew trace again, and export that trace.",
				},
			);
	}
}

/** What of a case may name a victim, and when it was made. */
export async function namesIn(store: GraphStore) {
	return { labels: (await store.contents()).labels, sources: await store.sources(), createdAt: store.info.createdAt };
}
