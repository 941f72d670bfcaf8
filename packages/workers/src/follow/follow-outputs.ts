import {
	type AccountId,
	formatOutpoint,
	type GraphStore,
	type Hash,
	InputError,
	NodeError,
	type Outpoint,
	parseOutpoint,
	revisionsOf,
	type TraceGap,
	type TraceResult,
	throwIfAborted,
	type UtxoChainSource,
} from "@clew/core";
import { buildResult, runTrace, type TraceRequest, type TraceRun } from "@clew/tracer";
import { endOf } from "../end-of-data.js";
import { laterSpend, silentGap } from "../end-points.js";
import { nodeSource } from "../ingest.js";
import { noteHead } from "../noted-heads.js";
import { boundOf, type FollowOptions, type FollowReport } from "./follow.js";
import { largest } from "./largest.js";
import { isAway } from "./silence.js";

/**
 * {@link followMoney} on Bitcoin: the node (Esplora, an Electrum server, or one with an address index) is asked who spends the tainted output with the most of
 * it, that transaction is fetched, and so on until every tainted output is known to be unspent or ends at a stop, or the requests are used
 * up. A hub's other outputs are never looked at.
 */
export async function followOutputs(
	store: GraphStore,
	node: UtxoChainSource,
	request: TraceRequest,
	options: Omit<FollowOptions, "blocksPerAccount">,
): Promise<FollowReport> {
	const { signal } = options;
	const started = node.requests();
	const used = () => node.requests() - started;
	const head = await noteHead(store, node, options.until);
	const keep = keeper(store, node);
	for (const seed of request.seeds) {
		if (seed.kind === "tx") await keep(seed.txHash);
		else if (seed.kind === "outpoint") await keep(seed.outpoint.txid);
		else if (seed.kind === "account")
			await keepHistory(store, node, seed.account, { head, keep, bound: () => boundOf(options, used()), signal });
		else throw noSeed();
	}
	/** Outputs that this node was asked about. */
	const unspent = new Set<string>();
	const later = new Map<string, Hash>();
	const unanswered = new Set<string>();
	/** Set once the node went silent. */
	let away: NodeError | undefined;
	const { id, title } = store.info;
	const build = async (run: TraceRun, nodeGaps: readonly TraceGap[]) =>
		buildResult(run, store, { id, title, cutoff: await endOf(store, head, options.until), sources: await store.sources(), nodeGaps });
	for (;;) {
		throwIfAborted(signal);
		const asOf = await revisionsOf(store);
		const run = await runTrace(request, { source: store, signal });
		const result = await build(run, []);
		const missing = unread(result).filter(({ outpoint }) => !unspent.has(formatOutpoint(outpoint)));
		const frontier = away === undefined ? missing.filter(({ outpoint }) => !unanswered.has(formatOutpoint(outpoint))) : [];
		const [next] = frontier;
		options.onProgress?.({ requests: used(), edges: result.edges.length, account: next?.account ?? "" });
		const bound = boundOf(options, used());
		const last = next === undefined || bound !== undefined;
		if (await options.learn?.(result, last)) continue;
		if (next === undefined || bound !== undefined) {
			const open = [...new Set(missing.map(({ account }) => account))].map((account) => ({
				account,
				why: frontier.some((one) => one.account === account) ? (bound ?? "requests") : ("no answer" as const),
			}));
			const nodeGaps = away === undefined ? await spentLater(node, result, later) : [silentGap(head, away)];
			const compared = nodeGaps.length === 0 ? result : await build(run, nodeGaps);
			return { result: compared, asOf, requests: used(), head, open, ...(away === undefined ? {} : { stopped: away.message }) };
		}
		const key = formatOutpoint(next.outpoint);
		try {
			const spender = await node.spenderOf(next.outpoint, next.account);
			// A payment that is in no block yet, or above the last one wanted, has not happened.
			if (spender !== undefined && (await keep(spender, head))) continue;
			unspent.add(key);
			// In the case, so that whoever traces it again finds the same.
			await store.putUnspent(node.chain, next.outpoint, head);
			if (spender !== undefined) later.set(key, spender);
		} catch (error) {
			if (isAway(error)) away = error;
			// An address index knows no scripts without an address, and a node without an index tells of no output who spends it.
			else if (error instanceof NodeError && UNTOLD.has(error.code)) unanswered.add(key);
			else throw error;
		}
	}
}

/** What one question was answered with, though another may be answered. */
const UNTOLD: ReadonlySet<string> = new Set(["NODE_BAD_ANSWER", "NODE_UNSUPPORTED", "NODE_TOO_MUCH"]);

const noSeed = (cause?: unknown) =>
	new InputError("on Bitcoin a follow begins at a transaction, an output, or an address whose history the case holds or its index tells", {
		code: "USAGE",
		cause,
		hint: "Give TXID, or outpoint:TXID:N; or --rpc of an Electrum server (ssl://HOST:PORT); or first: clew import esplora https://HOST/api/address/ADDRESS.",
	});

interface HistoryKeeping {
	readonly head: number;
	readonly keep: ReturnType<typeof keeper>;
	readonly bound: () => unknown;
	readonly signal: AbortSignal | undefined;
}

/**
 * Stores the transactions of an address as far as its index tells them and the bounds allow; so far its history counts as fetched. Throws
 * InputError where nobody lists them and the case holds no history of it.
 */
async function keepHistory(
	store: GraphStore,
	node: UtxoChainSource,
	account: AccountId,
	{ head, keep, bound, signal }: HistoryKeeping,
): Promise<void> {
	const isHeld = (await store.profile(account, 1)).coverage.length > 0;
	const { transactions, through } = await node.addressHistory(account).catch((error: unknown) => {
		if (!(error instanceof NodeError) || !UNTOLD.has(error.code)) throw error;
		if (isHeld) return { transactions: [], through: -1 };
		throw error.code === "NODE_UNSUPPORTED" ? noSeed(error) : error;
	});
	let last = Math.min(through, head);
	for (const { txid, height } of transactions) {
		throwIfAborted(signal);
		if (height > head) break;
		if (bound() === undefined && (await keep(txid, head))) continue;
		last = Math.min(last, height - 1);
		break;
	}
	if (last < 0) return;
	const { id } = await nodeSource(node);
	await store.putCoverage([{ chain: node.chain, account, fromHeight: 0, toHeight: last, kinds: ["native"], source: id, note: "" }]);
}

/** Names what spends outputs that the trace calls unspent: a payment in no block yet, or above the last one wanted. */
async function spentLater(node: UtxoChainSource, { leaves }: TraceResult, later: ReadonlyMap<string, Hash>): Promise<TraceGap[]> {
	const gaps: TraceGap[] = [];
	for (const leaf of leaves) {
		for (const { outpoint, amount } of leaf.outpoints ?? []) {
			const spender = later.get(outpoint);
			if (spender === undefined) continue;
			gaps.push(laterSpend(parseOutpoint(outpoint), leaf, amount, spender, (await node.transaction(spender))?.record.height));
		}
	}
	return gaps;
}

/** Fetches and stores a transaction; false when it is in no block up to `until`. */
function keeper(store: GraphStore, node: UtxoChainSource) {
	return async (txid: Hash, until = Number.POSITIVE_INFINITY): Promise<boolean> => {
		if ((await store.utxoTransaction(node.chain, txid)) !== undefined) return true;
		const found = await node.transaction(txid);
		if (found === undefined && until === Number.POSITIVE_INFINITY)
			throw new NodeError("NODE_BAD_ANSWER", node.name, `knows no transaction ${txid} in a block`, {
				hint: "Check the id and the network.",
			});
		if (found === undefined || found.record.height > until) return false;
		const { record, time } = found;
		await store.putUtxoTransactions(
			node.chain,
			[record],
			new Map([[record.height, time]]),
			await nodeSource(node),
			node.provenance ?? "node",
		);
		return true;
	};
}

/** Tainted outputs that nothing is known to spend, the one with the most taint first. */
function unread(result: TraceResult): { outpoint: Outpoint; account: AccountId }[] {
	return result.leaves
		.filter((leaf) => leaf.stop.reason === "unspent" || leaf.stop.reason === "unfetched")
		.flatMap((leaf) =>
			(leaf.outpoints ?? []).map(({ outpoint, tainted }) => ({
				outpoint: parseOutpoint(outpoint),
				account: leaf.account as AccountId,
				taint: largest(tainted),
			})),
		)
		.sort((a, b) =>
			a.taint === b.taint ? (formatOutpoint(a.outpoint) < formatOutpoint(b.outpoint) ? -1 : 1) : a.taint > b.taint ? -1 : 1,
		);
}
