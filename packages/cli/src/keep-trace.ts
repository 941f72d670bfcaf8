import { canonicalJson, type GraphStore, type TraceResult } from "@clew/core";
import type { Context } from "./context.js";

/** Stores a result under its id, with a custody entry that says how it came about; one that is held already is left alone. */
export async function keepTrace(context: Context, store: GraphStore, result: TraceResult, action: string): Promise<void> {
	await store.atomically(async () => {
		if ((await store.trace(result.id)) !== undefined) return;
		await store.putTrace(result.id, canonicalJson(result));
		await store.appendCustody(context.now(), action, `${result.id}: ${result.seeds.map((seed) => seed.spec).join(", ")}`);
	});
}
