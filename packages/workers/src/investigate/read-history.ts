import type { AccountHistory, AccountId, ChainSource, GraphStore } from "@clew/core";
import { expandAccount } from "../follow/expand.js";
import { firstGap } from "../follow/follow.js";
import { noteHead } from "../noted-heads.js";

/** What bounds the reading of one account. */
export interface HistoryLimits {
	/** Blocks fetched at most. */
	readonly blocks: number;
	readonly signal: AbortSignal;
	readonly enough: () => boolean;
}

const BLOCKS_A_STEP = 25;

/**
 * Reads an account's history from its beginning on, as far as the bounds allow: gives up to which block the case holds it, and the node's
 * newest block. Throws NodeError.
 */
export async function readHistory(
	store: GraphStore,
	node: ChainSource,
	history: AccountHistory,
	account: AccountId,
	{ blocks, signal, enough }: HistoryLimits,
): Promise<{ readonly readTo: number; readonly head: number }> {
	const head = await noteHead(store, node);
	for (let spent = 0; ; ) {
		const gap = firstGap((await store.profile(account, 1)).coverage, 0, head);
		if (gap === undefined) return { readTo: head, head };
		if (spent >= blocks || enough()) return { readTo: gap.from - 1, head };
		const step = { blocks: Math.min(BLOCKS_A_STEP, blocks - spent), signal };
		spent += (await expandAccount(store, node, history, account, gap.from, gap.to, step)).blocks;
	}
}
