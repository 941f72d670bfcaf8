import { type GraphStore, goesForward, noteAsOf, type Revisions, type TraceResult, traceParts, whatIfOf } from "@clew/core";
import type { Context } from "./context.js";
import type { TraceAction } from "./kept-trace.js";

/**
 * Stores a result under its id as the last one, with a custody entry that says how it came about. One that is held already was run again,
 * which makes it the last. `asOf` is what the case held before the trace read it.
 */
export async function keepTrace(
	context: Context,
	store: GraphStore,
	{ result, asOf }: { readonly result: TraceResult; readonly asOf: Revisions },
	action: TraceAction,
): Promise<void> {
	await store.atomically(async (tx) => {
		const again = (await tx.traceIds()).includes(result.id);
		await tx.putTrace(result.id, traceParts(result));
		await noteAsOf(tx, result.id, asOf);
		const whatIf = whatIfOf(result);
		const words = [
			result.seeds.map((seed) => seed.spec).join(", "),
			...(goesForward(result) ? [] : ["backward"]),
			...(whatIf === undefined ? [] : [`what-if: ${whatIf}`]),
		];
		await tx.appendCustody(context.now(), again ? `${action} again` : action, `${result.id}: ${words.join("; ")}`);
	});
}
