import type { AccountHistory, AccountId, ChainSource, GraphStore } from "@clew/core";
import { BLOCKS_A_STEP, expandAccount } from "../follow/expand.js";
import { AskedAlready, firstGap, type UntoldKinds, untoldKinds } from "../follow/history-gaps.js";
import { noteHead } from "../noted-heads.js";

/** What bounds the reading of one account. */
export interface HistoryLimits {
	/** Blocks fetched at most. */
	readonly blocks: number;
	readonly signal: AbortSignal;
	readonly enough: () => boolean;
}

/**
 * Reads an account's history from its beginning on, as far as the bounds allow: gives up to which block it was asked for, which kinds of
 * movement are not known up to there, and the node's newest block. Throws NodeError.
 */
export async function readHistory(
	store: GraphStore,
	node: ChainSource,
	history: AccountHistory,
	account: AccountId,
	{ blocks, signal, enough }: HistoryLimits,
): Promise<{ readonly readTo: number; readonly head: number; readonly untold: readonly UntoldKinds[] }> {
	const head = await noteHead(store, node);
	const asked = new AskedAlready();
	for (let spent = 0; ; ) {
		const { coverage } = await store.profile(account, 1);
		const gap = firstGap(coverage, 0, head, asked.of(account));
		if (gap === undefined || spent >= blocks || enough()) {
			const readTo = gap === undefined ? head : gap.from - 1;
			return { readTo, head, untold: untoldKinds(coverage, 0, readTo) };
		}
		const step = { blocks: Math.min(BLOCKS_A_STEP, blocks - spent), signal, asked };
		spent += (await expandAccount(store, node, history, account, gap.from, gap.to, step)).blocks;
	}
}
