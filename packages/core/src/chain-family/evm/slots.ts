import type { ChainId } from "../../ids.js";
import { ETHEREUM } from "./chains.js";

/** First block after the merge, and its time. Source: Ethereum mainnet, block 0x56a9bb03… of 15 September 2022. */
const MERGE = { height: 15_537_394, time: 1_663_224_179 } as const;
const SLOT_SECONDS = 12;

/** Why Ethereum cannot have had a block of this height by this time (Unix seconds): since the merge each has a slot of its own. */
export function impossibleTime(chain: ChainId, height: number, time: number): string | undefined {
	if (chain !== ETHEREUM || height <= MERGE.height || (height - MERGE.height) * SLOT_SECONDS <= time - MERGE.time) return undefined;
	const by = new Date(time * 1000).toISOString().slice(0, 19);
	return `Ethereum had no block ${height} by ${by}: it makes no more than one in ${SLOT_SECONDS} seconds`;
}
