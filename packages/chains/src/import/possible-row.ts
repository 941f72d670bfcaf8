import { type ChainId, InputError, impossibleAmount, impossibleHeight, impossibleMoment } from "@clew/core";
import type { ParsedRow } from "./row.js";

/**
 * Throws InputError for a row that no chain has: of a block, or told at a head of the chain, that there cannot be yet, of a time to come,
 * or of more of the chain's coin than there ever was.
 */
export function checkPossible({ height, head, time, transfers }: ParsedRow, chain: ChainId): void {
	// A block whose time is told is held against that time, with all others of its file.
	const block = time === undefined ? impossibleHeight(chain, height) : undefined;
	if (block !== undefined) throw new InputError(block);
	const end = head === undefined ? undefined : impossibleHeight(chain, head);
	if (end !== undefined) throw new InputError(`with its confirmations the row tells ${head} as the chain's last block: ${end}`);
	const moment = time === undefined ? undefined : impossibleMoment(chain, time);
	if (moment !== undefined) throw new InputError(moment);
	for (const { asset, amount } of transfers) {
		const coins = impossibleAmount(asset, amount);
		if (coins !== undefined) throw new InputError(coins);
	}
}
