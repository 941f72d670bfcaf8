import { type AccountId, type AssetId, type GraphStore, type Hash, isTransactionNode } from "@clew/core";
import { buildResult, defaultRequest, parseSeed, runTrace } from "@clew/tracer";
import type { Movement, Watch } from "./model.js";

/** Where a watched seed's money is, and how it moved. */
export interface TaintView {
	/** Accounts that hold some of it by at least one rule. */
	readonly holders: readonly AccountId[];
	/** Its movements above a height, in chain order. */
	readonly movements: readonly Movement[];
}

/** Traces a watch's seed through the case, under every rule; movements are those in blocks above `height`. */
export async function followTaint(store: GraphStore, watch: Watch, height: number, signal: AbortSignal): Promise<TaintView> {
	const { chain, id, title } = store.info;
	const request = defaultRequest(chain, [parseSeed(watch.subject, chain)]);
	const run = await runTrace(request, { source: store, signal });
	const result = await buildResult(run, store, { id, title, cutoff: 0, sources: [] });
	const movements = result.edges
		.map((edge): Movement & { conversion: boolean } => ({
			from: edge.from as AccountId,
			to: edge.to as AccountId,
			asset: edge.asset as AssetId,
			amount: BigInt(edge.amount),
			kind: edge.kind,
			txHash: edge.txHash as Hash,
			height: Number(String(edge.position).split(".")[0]),
			tainted: edge.tainted,
			conversion: edge.kind === "conversion",
		}))
		// On Bitcoin a transaction is a node between addresses: money arrives where its outputs pay.
		.filter((m) => m.height > height && m.kind !== "fee" && !isTransactionNode(m.to) && !m.conversion)
		.map(({ conversion: _, ...movement }) => movement);
	return { holders: [...new Set(result.leaves.map((leaf) => leaf.account as AccountId))], movements };
}
