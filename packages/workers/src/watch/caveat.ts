import { type ChainId, type LedgerReader, logsWhatItMoves } from "@clew/core";
import type { Movement } from "./model.js";

const ALONE = "only the token's contract says so, and its code is not known";

/**
 * Why a movement may not have been one: anybody can deploy a contract that logs transfers from whom it likes. Undefined for coins and for
 * tokens whose code is known. Throws what the store throws.
 */
export async function caveatOf(
	store: Pick<LedgerReader, "transaction">,
	chain: ChainId,
	{ asset, from, txHash }: Movement,
): Promise<string | undefined> {
	if (logsWhatItMoves(asset)) return undefined;
	const payer = (await store.transaction(chain, txHash)).find(({ kind }) => kind === "fee")?.from;
	if (payer === from) return ALONE;
	return payer === undefined ? `${ALONE}; who paid for the transaction is not known` : `${ALONE}; another account paid for the transaction`;
}
