import { type AccountHistory, type AccountId, type ChainSource, type DecodedBlock, type GraphStore, NodeError } from "@clew/core";
import { nodeSource } from "../ingest.js";
import { storeBlocks } from "../ingest-range.js";
import { kindsOfBlock, noteKinds } from "./block-kinds.js";
import type { AskedAlready } from "./history-gaps.js";

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
 * as by a node without traces. What was fetched before a failure is kept, and told up to the block before it. Throws NodeError, and
 * InterruptedError.
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
	const { heights, through, kinds } = await history.activity(account, from, to);
	const wanted = heights.slice(0, most);
	const reached = wanted.length < heights.length ? (wanted[wanted.length - 1] ?? through) : through;
	const { coverage } = await store.profile(account, 1);
	const fetched: DecodedBlock[] = [];
	// Of blocks that are not fetched again, too, only what they were told with is known.
	let told = kinds;
	let failed: { readonly height: number; readonly error: unknown } | undefined;
	for (const height of wanted) {
		const held = await kindsOfBlock(store, node.chain, height, coverage);
		if (kinds.every((kind) => held.has(kind)) || (held.size > 0 && asked?.blocks.has(height))) {
			told = told.filter((kind) => held.has(kind));
			continue;
		}
		try {
			const block = await node.block(height, signal);
			fetched.push(block);
			asked?.blocks.add(height);
			told = told.filter((kind) => held.has(kind) || block.kinds.includes(kind));
		} catch (error) {
			failed = { height, error };
			break;
		}
	}
	const origin = await nodeSource(node);
	await store.putSource(origin);
	const toHeight = failed === undefined ? reached : failed.height - 1;
	const covered = { chain: node.chain, account, fromHeight: from, toHeight, kinds: told, source: origin.id, note: "" };
	// What was fetched before a failure stays, and the failure is told, not one that storing it met on a node that is away.
	const covers = toHeight < from || told.length === 0 ? [] : [covered];
	const stored = storeBlocks(store, node, origin, fetched, covers).then(() => noteKinds(store, node.chain, fetched));
	await (failed === undefined ? stored : stored.catch(unlessNode));
	if (failed !== undefined) throw failed.error;
	asked?.note(account, from, reached);
	return { through: reached, blocks: fetched.length };
}

function unlessNode(error: unknown): void {
	if (!(error instanceof NodeError)) throw error;
}
