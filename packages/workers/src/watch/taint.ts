import {
	type AccountId,
	type AssetId,
	type ChainId,
	type ChainNode,
	type GraphStore,
	type Hash,
	isTransactionNode,
	ledgerOf,
	nullAccount,
	type TraceEdge,
	type TraceResult,
} from "@clew/core";
import { balanceGaps, buildResult, defaultRequest, parseSeed, runTrace } from "@clew/tracer";
import { withOpeningBalances } from "../opening-balances.js";
import type { AlertGap, Movement, Watch } from "./model.js";
import { paidAtMost, spendersOf } from "./movements.js";

/** Where a watched seed's money is, and how it moved. */
export interface TaintView {
	/** Accounts that may hold some of it, by any rule and whatever money is missing. */
	readonly holders: readonly AccountId[];
	/** Its movements above a height, in chain order. */
	readonly movements: readonly Movement[];
}

/**
 * Traces a watch's seed through the case, under every rule; movements are those in blocks above `fromHeight`. What accounts had before
 * the case begins is asked of the node; where it cannot tell, what they paid of the money is unknown, and the movement says of whom that
 * is.
 */
export async function followTaint(
	store: GraphStore,
	node: ChainNode,
	watch: Watch,
	fromHeight: number,
	signal: AbortSignal,
): Promise<TaintView> {
	const { chain, id, title } = store.info;
	const request = defaultRequest(chain, [parseSeed(watch.subject, chain)]);
	const run = await runTrace(request, { source: node.ledger === "outputs" ? store : withOpeningBalances(store, node), signal });
	const result = await buildResult(run, store, { id, title, cutoff: 0, sources: [] });
	const spent = carriersOf(result.edges);
	const unknown = ledgerOf(chain) === "outputs" ? new Map<TraceEdge, AlertGap[]>() : await unknownBalances(result.edges, store);
	const movements: Movement[] = [];
	for (const edge of result.edges) {
		const height = heightOf(edge);
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
			...(await paidOf(store, edge, spenders)),
			kind: edge.kind,
			txHash: edge.txHash as Hash,
			height,
			...shareOf(edge, unknown.get(edge)),
		});
	}
	return { holders: holdersIn(result), movements };
}

/**
 * Who may hold some of it: the end points, and on chains of accounts everybody whom any of it reached, since what a rule says they paid on
 * another says they kept, and of missing money nobody knows.
 */
function holdersIn({ chain, edges, leaves }: TraceResult): AccountId[] {
	const reached = ledgerOf(chain as ChainId) === "accounts" ? edges.flatMap(({ kind, to }) => (kind === "fee" ? [] : [to])) : [];
	return [...new Set([...leaves.map(({ account }) => account), ...reached])] as AccountId[];
}

/** What those who carried it can have paid of a movement: beside them others may have spent in the same transaction. */
async function paidOf(store: GraphStore, { txHash, amount }: TraceEdge, spenders: readonly AccountId[]) {
	const tx = spenders.length === 0 ? undefined : await store.utxoTransaction(store.info.chain, txHash as Hash);
	return tx === undefined || tx.coinbase ? { amount: BigInt(amount) } : paidAtMost(tx, spenders, BigInt(amount));
}

const heightOf = ({ position }: TraceEdge): number => Number(position.split(".")[0]);

/** What of a movement is the watched money: unknown where the balance that it was paid from is. */
function shareOf({ tainted, range, amount }: TraceEdge, gaps: readonly AlertGap[] = []): Pick<Movement, "tainted" | "range" | "gaps"> {
	if (gaps.length > 0) return { tainted: "unknown", range: ["0", amount], gaps };
	return range === undefined ? { tainted } : { tainted, range };
}

/**
 * Of each row whose amounts rest on a balance that the case does not tell: whose, and why. An account that the money had not reached paid
 * what the seed names, whatever it had; of one that it had reached, all that it pays is open, and all that others pay of that.
 */
async function unknownBalances(edges: TraceResult["edges"], store: GraphStore): Promise<Map<TraceEdge, AlertGap[]>> {
	const known = new Map<string, Promise<AlertGap[]>>();
	const gapsOf = ({ from: account, asset }: TraceEdge) => {
		const found =
			known.get(`${account} ${asset}`) ??
			balanceGaps(account as AccountId, asset as AssetId, store).then((gaps) => gaps.map((gap) => ({ account, asset, ...gap })));
		known.set(`${account} ${asset}`, found);
		return found;
	};
	const behind = new Map<string, ReadonlySet<AlertGap>>();
	const unknown = new Map<TraceEdge, AlertGap[]>();
	for (const edge of edges) {
		const own = behind.has(edge.from) ? (await gapsOf(edge)).filter(({ fromHeight }) => fromHeight <= heightOf(edge)) : [];
		const open = new Set([...(behind.get(edge.from) ?? []), ...own]);
		if (open.size > 0) unknown.set(edge, [...open]);
		behind.set(edge.to, new Set([...(behind.get(edge.to) ?? []), ...open]));
	}
	return unknown;
}

/** The addresses whose tainted coins each transaction node spends, in order. */
function carriersOf(edges: TraceResult["edges"]): Map<AccountId, AccountId[]> {
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
	return tx === undefined ? [] : spendersOf(tx);
}
