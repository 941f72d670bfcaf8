import {
	type AccountId,
	type AssetId,
	type ChainNode,
	type ChainSource,
	type GraphStore,
	type Hash,
	isNative,
	ledgerOf,
	NodeError,
	nativeAsset,
	parsePosition,
	type TraceResult,
} from "@clew/core";
import type { TraceRequest } from "@clew/tracer";
import { mayHaveMovedMore, toldOfTransaction } from "../follow/block-kinds.js";
import { type UntoldKinds, untoldKinds } from "../follow/history-gaps.js";

/** What of a seeded account was not looked at, so that what came to it by that is not known, and what it holds at the head all the same. */
export interface Unlooked extends UntoldKinds {
	readonly account: AccountId;
	/** Its coins at the node's newest block, in base units; undefined where no node told. */
	readonly holds: { readonly asset: AssetId; readonly amount: bigint; readonly height: number } | undefined;
}

/** What the case does not hold of the accounts that an answer rests on. */
export interface Untold {
	readonly seeds: readonly Unlooked[];
	/** Of end points: which kinds of movement are missing from the money's arrival on. */
	readonly leaves: ReadonlyMap<AccountId, readonly UntoldKinds[]>;
	/** Seeded transactions that called contracts, or may have, and whose internal calls no node told: they may have moved more. */
	readonly calls?: readonly Hash[];
}

/**
 * Which kinds of movement of seeded accounts and of end points are not in the case up to a node's newest block, or, where no node was
 * asked, up to where the case knows other kinds. Nothing on a chain of outputs. Asks the node for balances alone; what it cannot tell
 * stays undefined.
 */
export async function untoldIn(
	store: GraphStore,
	node: ChainNode | undefined,
	{ seeds }: Pick<TraceRequest, "seeds">,
	result: TraceResult,
	head: number | undefined,
): Promise<Untold> {
	if (ledgerOf(store.info.chain) !== "accounts") return { seeds: [], leaves: new Map() };
	const of = async (account: AccountId, from: number): Promise<UntoldKinds[]> => {
		const { coverage } = await store.profile(account, 1);
		return untoldKinds(coverage, from, head ?? Math.max(from, ...coverage.map(({ toHeight }) => toHeight)));
	};
	const unlooked: Unlooked[] = [];
	for (const seed of seeds) {
		if (seed.kind !== "account") continue;
		const untold = await of(seed.account, seed.since.height);
		const holds = untold.length === 0 ? undefined : await coinsOf(node, seed.account, head);
		for (const one of untold) unlooked.push({ ...one, account: seed.account, holds });
	}
	const leaves = new Map<AccountId, readonly UntoldKinds[]>();
	for (const { account, arrivals, stop } of result.leaves)
		if (stop.reason === "unfetched" && !leaves.has(account as AccountId))
			leaves.set(account as AccountId, await of(account as AccountId, parsePosition(arrivals.first).height));
	const calls: Hash[] = [];
	for (const seed of seeds)
		if (seed.kind === "tx" && node?.ledger === "accounts" && (await mayHaveCalled(store, node, seed.txHash, head))) calls.push(seed.txHash);
	return { seeds: unlooked, leaves, calls };
}

/** A single payment of coins to an account without code calls nothing; of every other transaction the calls have to be told. */
async function mayHaveCalled(store: GraphStore, node: ChainSource, hash: Hash, head: number | undefined): Promise<boolean> {
	const place = await store.placeOf(node.chain, hash);
	if (place === undefined || !mayHaveMovedMore(await toldOfTransaction(store, hash, place.height))) return false;
	const [paid, ...others] = (await store.transaction(node.chain, hash)).filter(({ kind }) => kind !== "fee");
	if (paid === undefined || others.length > 0 || !isNative(paid.asset)) return true;
	try {
		return (await node.codeOf(paid.to, head ?? place.height)).kind !== "none";
	} catch (error) {
		if (!(error instanceof NodeError) || error.code === "NODE_LIED") throw error;
		return true;
	}
}

async function coinsOf(node: ChainNode | undefined, account: AccountId, height: number | undefined): Promise<Unlooked["holds"]> {
	if (node === undefined || node.ledger !== "accounts" || height === undefined) return undefined;
	const asset = nativeAsset(node.chain);
	try {
		return { asset, amount: await node.balance(account, asset, height), height };
	} catch (error) {
		if (!(error instanceof NodeError) || error.code === "NODE_LIED") throw error;
		return undefined;
	}
}
