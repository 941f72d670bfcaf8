import { type AccountId, type AssetId, type GraphStore, type Hash, isTransactionNode, nullAccount, type TraceResult } from "@clew/core";
import { buildResult, defaultRequest, parseSeed, runTrace } from "@clew/tracer";
import type { Movement, Watch } from "./model.js";

/** Where a watched seed's money is, and how it moved. */
export interface TaintView {
	/** Accounts that hold some of it by at least one rule. */
	readonly holders: readonly AccountId[];
	/** Its movements above a height, in chain order. */
	readonly movements: readonly Movement[];
}

/** Traces a watch's seed through the case, under every rule; movements are those in blocks above `fromHeight`. */
export async function followTaint(store: GraphStore, watch: Watch, fromHeight: number, signal: AbortSignal): Promise<TaintView> {
	const { chain, id, title } = store.info;
	const request = defaultRequest(chain, [parseSeed(watch.subject, chain)]);
	const run = await runTrace(request, { source: store, signal });
	const result = await buildResult(run, store, { id, title, cutoff: 0, sources: [] });
	const spent = spendersOf(result.edges);
	const movements: Movement[] = [];
	for (const edge of result.edges) {
		const height = Number(String(edge.position).split(".")[0]);
		const to = edge.to as AccountId;
		// On Bitcoin a transaction is a node between addresses: money arrives where its outputs pay, and who spent stands before it.
		if (height <= fromHeight || edge.kind === "fee" || edge.kind === "conversion" || isTransactionNode(to)) continue;
		const node = edge.from as AccountId;
		const spenders = spent.get(node) ?? (isTransactionNode(node) ? await sendersOf(store, edge.txHash as Hash) : []);
		const [from = node] = spenders;
		// Change moves nothing.
		if (spenders.includes(to)) continue;
		movements.push({
			from,
			...(spenders.length > 1 ? { spenders } : {}),
			to,
			asset: edge.asset as AssetId,
			amount: BigInt(edge.amount),
			kind: edge.kind,
			txHash: edge.txHash as Hash,
			height,
			tainted: edge.tainted,
		});
	}
	return { holders: [...new Set(result.leaves.map((leaf) => leaf.account as AccountId))], movements };
}

/** The addresses whose tainted coins each transaction node spends, in order. */
function spendersOf(edges: TraceResult["edges"]): Map<AccountId, AccountId[]> {
	const spent = new Map<AccountId, AccountId[]>();
	for (const { from, to } of edges) {
		const [owner, node] = [from as AccountId, to as AccountId];
		if (!isTransactionNode(node)) continue;
		const list = spent.get(node) ?? [];
		if (!list.includes(owner)) list.push(owner);
		spent.set(node, list);
	}
	return spent;
}

/** Who spent in a transaction that no watched money went into, such as the seed's own; nobody where no source told. */
async function sendersOf(store: GraphStore, txid: Hash): Promise<AccountId[]> {
	const tx = await store.utxoTransaction(store.info.chain, txid);
	if (tx?.coinbase) return [nullAccount(store.info.chain)];
	return [...new Set((tx?.inputs ?? []).flatMap(({ previous }) => previous?.account ?? []))];
}
