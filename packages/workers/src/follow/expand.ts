import { type AccountHistory, type AccountId, type ChainSource, type CoveredKind, type GraphStore, NodeError } from "@clew/core";
import { nodeSource } from "../ingest.js";
import { storeBlocks } from "../ingest-range.js";

/** How far one step of an expansion may go. */
export interface ExpandLimits {
	/** Blocks fetched at most. */
	readonly blocks: number;
	readonly signal: AbortSignal;
}

/** What a step did: the account's history is in the case up to `through`. */
export interface ExpandReport {
	readonly through: number;
	readonly blocks: number;
}

/**
 * Fetches an account's history from a height on: the node (or an API) is asked where it takes part, and those blocks are fetched whole and
 * checked as `clew ingest` does, so nothing that is stored rests on the index's word but that no block is missing. One window or page a
 * call, never a hub whole. What was fetched before a failure is kept, and told up to the block before it. Throws NodeError, and
 * InterruptedError.
 */
export async function expandAccount(
	store: GraphStore,
	node: ChainSource,
	history: AccountHistory,
	account: AccountId,
	from: number,
	to: number,
	{ blocks: most, signal }: ExpandLimits,
): Promise<ExpandReport> {
	const { heights, through, kinds } = await history.activity(account, from, to);
	const wanted = heights.slice(0, most);
	const reached = wanted.length < heights.length ? (wanted[wanted.length - 1] ?? through) : through;
	const fetched = [];
	let failed: { readonly height: number; readonly error: unknown } | undefined;
	for (const height of wanted) {
		if ((await store.header(node.chain, height))?.hash !== undefined) continue;
		try {
			fetched.push(await node.block(height, signal));
		} catch (error) {
			failed = { height, error };
			break;
		}
	}
	const origin = await nodeSource(node);
	await store.putSource(origin);
	const told = fetched.reduce<readonly CoveredKind[]>((all, block) => all.filter((kind) => block.kinds.includes(kind)), kinds);
	const toHeight = failed === undefined ? reached : failed.height - 1;
	const covered = { chain: node.chain, account, fromHeight: from, toHeight, kinds: told, source: origin.id, note: "" };
	// What was fetched before a failure stays, and the failure is told, not one that storing it met on a node that is away.
	const stored = storeBlocks(store, node, origin, fetched, toHeight < from ? [] : [covered]);
	await (failed === undefined ? stored : stored.catch(unlessNode));
	if (failed !== undefined) throw failed.error;
	return { through: reached, blocks: fetched.length };
}

function unlessNode(error: unknown): void {
	if (!(error instanceof NodeError)) throw error;
}
