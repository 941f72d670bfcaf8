import {
	type AccountHistory,
	type AccountId,
	type ChainSource,
	type CoinChange,
	type Coverage,
	type CoveredKind,
	chainOf,
	cut,
	type DecodedBlock,
	type GraphStore,
	type Hash,
	NodeError,
	nativeAsset,
	type PartOfBlock,
	type Position,
	type Source,
	startOf,
} from "@clew/core";
import { nodeSource } from "../ingest.js";
import { storeBlocks } from "../ingest-range.js";
import { kindsOfBlock, noteKinds } from "./block-kinds.js";
import type { AskedAlready } from "./history-gaps.js";
import { needsWhole, storeParts } from "./parts.js";

/** Blocks fetched for an account in one step of a longer reading. */
export const BLOCKS_A_STEP = 25;

/** How far one step of an expansion may go. */
export interface ExpandLimits {
	/** Blocks fetched at most. */
	readonly blocks: number;
	readonly signal: AbortSignal;
	/** What this call asked already, and what is added to it: a block that the node told is not fetched again from it. */
	readonly asked?: AskedAlready;
}

/** What a step did: the account's history is in the case up to `through`. */
export interface ExpandReport {
	readonly through: number;
	readonly blocks: number;
}

/**
 * Fetches an account's history from a height on: the node (or an API) is asked where it takes part, and those blocks are fetched whole and
 * checked as `clew ingest` does, so nothing that is stored rests on the index's word but that no block is missing. One window or page a
 * call, never a hub whole. A block that the case holds is fetched again where it was told without a kind of movement that the index finds,
 * as by a node without traces, whose blocks count as read in all kinds where the account's balance shows that no call paid it. What was
 * fetched before a failure is kept, and told up to the block before it. Throws NodeError, and InterruptedError.
 */
export async function expandAccount(
	store: GraphStore,
	node: ChainSource,
	history: AccountHistory,
	account: AccountId,
	from: number,
	to: number,
	{ blocks: most, signal, asked }: ExpandLimits,
): Promise<ExpandReport> {
	const { heights, through, kinds, changes, cited } = await history.activity(account, from, to);
	const wanted = heights.slice(0, most);
	const reached = wanted.length < heights.length ? (wanted[wanted.length - 1] ?? through) : through;
	const { coverage } = await store.profile(account, 1);
	const fetched: DecodedBlock[] = [];
	const parts: PartOfBlock[] = [];
	const lacking: Lacking[] = [];
	let failed: { readonly height: number; readonly error: unknown } | undefined;
	for (const height of wanted) {
		const held = await kindsOfBlock(store, node.chain, height, coverage);
		let missing = kinds.filter((kind) => !held.has(kind));
		if (missing.length > 0 && (held.size === 0 || asked?.blocks.has(height) !== true)) {
			try {
				const hashes = held.size > 0 ? undefined : cited?.get(height);
				const part = hashes && (await node.partOf?.(height, { account, hashes }, signal));
				const told = part ?? (await node.block(height, signal));
				if (part !== undefined) parts.push(part);
				else fetched.push(told as DecodedBlock);
				asked?.blocks.add(height);
				missing = missing.filter((kind) => !told.kinds.includes(kind));
			} catch (error) {
				failed = { height, error };
				break;
			}
		}
		if (missing.length > 0) lacking.push({ height, kinds: missing });
	}
	const origin = await nodeSource(node);
	await store.putSource(origin);
	const toHeight = failed === undefined ? reached : failed.height - 1;
	const cover = async () => {
		const untold = await stillUntold(store, account, lacking, changes);
		await store.putCoverage(covers({ chain: node.chain, account, fromHeight: from, toHeight, kinds, source: origin.id, note: "" }, untold));
	};
	// What was fetched before a failure stays, and the failure is told, not one that storing it met on a node that is away.
	const stored = keepTold(store, node, origin, { fetched, parts, signal }).then(cover);
	await (failed === undefined ? stored : stored.catch(unlessNode));
	if (failed !== undefined) throw failed.error;
	asked?.note(account, from, reached);
	return { through: reached, blocks: fetched.length };
}

/** What a node told of blocks, to be kept. */
export interface ToldOfBlocks {
	readonly fetched: readonly DecodedBlock[];
	readonly parts: readonly PartOfBlock[];
	readonly signal: AbortSignal;
}

/** Stores blocks, whole and in part, and notes what they were told with. A part that files contradict is fetched whole. */
export async function keepTold(
	store: GraphStore,
	node: ChainSource,
	origin: Source,
	{ fetched, parts, signal }: ToldOfBlocks,
): Promise<void> {
	const whole = [...fetched];
	for (const part of parts)
		await storeParts(store, node, origin, [part]).catch(async (error: unknown) => {
			if (!needsWhole(error)) throw error;
			whole.push(await node.block(part.of.height, signal));
		});
	await storeBlocks(store, node, origin, whole, []);
	await noteKinds(store, node.chain, whole);
}

/** A block that the case holds without some kinds of movement. */
interface Lacking {
	readonly height: number;
	readonly kinds: readonly CoveredKind[];
}

/** What is not known of the blocks after all: that no call paid the account may follow from how its coins changed. */
async function stillUntold(
	store: GraphStore,
	account: AccountId,
	lacking: readonly Lacking[],
	changes: ReadonlyMap<number, CoinChange> | undefined,
): Promise<readonly Lacking[]> {
	const untold: Lacking[] = [];
	for (const { height, kinds } of lacking) {
		const change = changes?.get(height);
		const isPaidByNoCall = change !== undefined && (await bringTheSame(store, account, height, change));
		const left = isPaidByNoCall ? kinds.filter((kind) => kind !== "internal") : kinds;
		if (left.length > 0) untold.push({ height, kinds: left });
	}
	return untold;
}

/** True where the account's transactions in the case bring the change of its coins in a block, and are as many as it signed there. */
async function bringTheSame(store: GraphStore, account: AccountId, height: number, { coins, signed }: CoinChange): Promise<boolean> {
	let sum = 0n;
	const paidFor = new Set<Hash>();
	for (let cursor: Position | undefined = startOf(height); cursor !== undefined; ) {
		const page = await store.transfersOf(account, { fromHeight: height, toHeight: height, cursor, asset: nativeAsset(chainOf(account)) });
		for (const { from, to, amount, kind, txHash } of page.transfers) {
			sum += (to === account ? amount : 0n) - (from === account ? amount : 0n);
			if (kind === "fee" && from === account) paidFor.add(txHash);
		}
		cursor = page.next;
	}
	return sum === coins && paidFor.size === signed;
}

/** The account's coverage in the range, kind by kind, without the blocks of which a kind is not told. */
function covers(whole: Coverage, untold: readonly Lacking[]): Coverage[] {
	const byHeights = new Map<string, { -readonly [K in keyof Coverage]: Coverage[K] }>();
	if (whole.toHeight < whole.fromHeight) return [];
	for (const kind of whole.kinds) {
		const holes = untold.filter(({ kinds }) => kinds.includes(kind)).map(({ height }) => [height, height] as const);
		for (const run of cut(whole, holes)) {
			const key = `${run.fromHeight} ${run.toHeight}`;
			const held = byHeights.get(key);
			byHeights.set(key, { ...run, kinds: [...(held?.kinds ?? []), kind] });
		}
	}
	return [...byHeights.values()];
}

function unlessNode(error: unknown): void {
	if (!(error instanceof NodeError)) throw error;
}
