import {
	type AccountId,
	type AssetId,
	addressOf,
	type ChainNode,
	type ChainSource,
	formatOutpoint,
	type GraphStore,
	type Hash,
	isNoPlace,
	type LedgerReader,
	logsWhatItMoves,
	NodeError,
	type Outpoint,
	parseOutpoint,
	startOf,
	type TraceGap,
	type TraceLeaf,
	type TraceResult,
	throwIfAborted,
	type UtxoChainSource,
} from "@clew/core";
import { isAway } from "./follow/silence.js";

/** End points that a node is asked about, the first of the list: "freeze first". Two calls each. */
const ASKED = 200;
/** End points at accounts whose whole ledger the trace followed. */
const HELD: ReadonlySet<string> = new Set(["unspent", "time-window"]);

/**
 * Compares the end points of a trace with what a node says of them at a height: balance and code of accounts, on Bitcoin the spender of
 * each output; of the first `most` of them. A difference is a gap with both figures; the trace stays as it is. Throws NodeError when the
 * node fails, not when it cannot tell.
 */
export async function compareEndPoints(
	store: GraphStore,
	node: ChainNode,
	result: TraceResult,
	height: number,
	signal: AbortSignal,
	most = ASKED,
): Promise<TraceGap[]> {
	const withMoney = result.leaves.filter((leaf) => leaf.range[1] !== "0" && leaf.stop.reason !== "burned");
	if (result.chain !== node.chain)
		return withMoney.length === 0
			? []
			: [notCompared(height, "its end points were not compared: the node that was asked is of another chain")];
	const asked = withMoney.slice(0, most);
	const gaps: TraceGap[] = [];
	if (asked.length < withMoney.length)
		gaps.push(notCompared(height, `${withMoney.length - asked.length} end points were not compared with the node: the first ${most} were`));
	const codeAsked = new Set<string>();
	for (const leaf of asked) {
		throwIfAborted(signal);
		try {
			if (node.ledger === "outputs") gaps.push(...(await compareOutputs(node, leaf)));
			else {
				gaps.push(...(await compareBalance(store, node, leaf, height)));
				if (!codeAsked.has(leaf.account)) gaps.push(...(await compareCode(store, node, leaf, height)));
				codeAsked.add(leaf.account);
			}
		} catch (error) {
			if (!(error instanceof NodeError) || error.retryable || error.code === "NODE_LIED" || isAway(error)) throw error;
			gaps.push({ ...notCompared(height, "the node cannot tell what it holds at this height"), account: leaf.account });
		}
	}
	return gaps;
}

/** Says that end points were not compared with a node, and why. */
export function notCompared(height: number, text: string): TraceGap {
	return { kind: "not-compared", toHeight: height.toString(), text };
}

/** Says that end points were not compared, because the node went silent. */
export function silentGap(height: number, { message }: NodeError): TraceGap {
	return notCompared(height, `its end points were not compared: the node went silent (${message})`);
}

async function compareBalance(store: LedgerReader, node: ChainSource, leaf: TraceLeaf, height: number): Promise<TraceGap[]> {
	const account = leaf.account as AccountId;
	if (isNoPlace(account)) return [];
	const [asset] = Object.keys(leaf.amounts) as AssetId[];
	if (asset === undefined) return [];
	const balance = await node.balance(account, asset, height);
	const found = { kind: "balance-differs" as const, account, asset, balance: balance.toString(), toHeight: height.toString() };
	if (!HELD.has(leaf.stop.reason)) {
		if (balance >= BigInt(leaf.range[1])) return [];
		const lower = BigInt(leaf.range[1]) - balance;
		return [
			{
				...found,
				amount: leaf.range[1],
				text: `the node's balance is lower by ${lower} base units than what the trace says can have arrived there`,
			},
		];
	}
	const known = await store.balancesBefore(account, startOf(height + 1));
	const amount = known.find((one) => one.asset === asset)?.amount ?? 0n;
	if (amount === balance) return [];
	const logged = logsWhatItMoves(asset) ? "" : ", or the token changes balances otherwise than it logs";
	const text = `its transfers in the case do not add up to what it holds: some are missing${logged}`;
	return [{ ...found, amount: amount.toString(), text }];
}

async function compareCode(store: LedgerReader, node: ChainSource, leaf: TraceLeaf, height: number): Promise<TraceGap[]> {
	const account = leaf.account as AccountId;
	const code = await node.codeOf(account, height);
	if (code.kind === "none" || (await store.profile(account, 1)).isContract) return [];
	const has = code.kind === "delegated" ? `its key lets ${addressOf(code.to)} act for it (EIP-7702)` : "it has code";
	const text = `${has}, and the case takes it for an account without: what it does by internal calls may be missing`;
	return [{ kind: "code-differs", account, toHeight: height.toString(), text }];
}

async function compareOutputs(node: UtxoChainSource, leaf: TraceLeaf): Promise<TraceGap[]> {
	const gaps: TraceGap[] = [];
	// Where a trace ends at what spends an output, its spender is no news.
	if (leaf.stop.reason === "mixer") return gaps;
	for (const { outpoint, amount } of leaf.outpoints ?? []) {
		const spender = await node.spenderOf(parseOutpoint(outpoint), leaf.account as AccountId);
		if (spender === undefined) continue;
		const at = (await node.transaction(spender))?.record.height;
		gaps.push(laterSpend(parseOutpoint(outpoint), leaf, amount, spender, at));
	}
	return gaps;
}

/** An output that somebody spends where the trace does not see it; `height` is undefined while that is in no block. */
export function laterSpend(
	outpoint: Outpoint,
	{ account, amounts }: Pick<TraceLeaf, "account" | "amounts">,
	amount: string,
	spender: Hash,
	height: number | undefined,
): TraceGap {
	const [asset] = Object.keys(amounts);
	const where = height === undefined ? "which is in no block yet" : `in block ${height}`;
	return {
		kind: "later-spend",
		account,
		...(asset === undefined ? {} : { asset }),
		amount,
		...(height === undefined ? {} : { fromHeight: height.toString() }),
		text: `output ${formatOutpoint(outpoint)} is spent by transaction ${spender}, ${where}`,
	};
}
