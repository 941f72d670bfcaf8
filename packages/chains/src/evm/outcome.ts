import type { TransactionRecord } from "@clew/core";
import type { CallTransfers } from "./calls.js";
import { encodeReceipt } from "./encoding.js";
import type { RpcBlock, RpcReceipt, RpcTransaction } from "./shapes.js";
import { orderedTrieRoot } from "./trie.js";

const PLAIN_TRANSFER_GAS = 21_000n;
/** What a receipt holds before Byzantium (EIP-658). */
const STATE_ROOT = /^0x[0-9a-fA-F]{64}$/;

/** True where a receipt tells the state root that one from before Byzantium holds. */
export function hasStateRoot({ root }: RpcReceipt): boolean {
	return STATE_ROOT.test(root ?? "");
}

/**
 * The receipts with what their block's root holds of each outcome. Some nodes tell a state root and a status; of the two a receipt holds
 * one, on each chain the state root before its Byzantium. Where the receipts give the block's root with it, the status is left out: it
 * stands in no root, and nodes fill it in, alike for what succeeded and what failed. The first `inRoots` stand in the root.
 */
export function withRootedOutcomes(block: RpcBlock, receipts: readonly RpcReceipt[], inRoots: number): readonly RpcReceipt[] {
	const rooted = receipts.slice(0, inRoots);
	if (!rooted.some((receipt) => receipt.status != null && hasStateRoot(receipt))) return receipts;
	const old = rooted.map((receipt) => (hasStateRoot(receipt) ? { ...receipt, status: undefined } : receipt));
	const meets = orderedTrieRoot(old.map(encodeReceipt)) === block.receiptsRoot.toLowerCase();
	return meets ? [...old, ...receipts.slice(inRoots)] : receipts;
}

/**
 * Whether a transaction succeeded as far as its receipt proves it: by its status since Byzantium; before, gas that was left over and
 * logs show success, since a failure used all of its gas and logged nothing. Undefined: the receipt does not say.
 */
export function succeededByReceipt(tx: RpcTransaction, receipt: RpcReceipt): boolean | undefined {
	if (receipt.status != null) return BigInt(receipt.status) !== 0n;
	return receipt.logs.length > 0 || BigInt(receipt.gasUsed) < BigInt(String(tx["gas"])) ? true : undefined;
}

/**
 * Whether a transaction succeeded by its receipt, else by its outermost call; without traces it is missing, but for the plain
 * transfers, nearly all of which succeed.
 */
export function outcomeOf(
	tx: RpcTransaction,
	receipt: RpcReceipt,
	calls: CallTransfers | undefined,
): Pick<TransactionRecord, "status" | "statusMissing"> {
	const succeeded = succeededByReceipt(tx, receipt) ?? (calls === undefined ? undefined : !calls.failed);
	if (succeeded !== undefined) return { status: succeeded ? "succeeded" : "failed" };
	return BigInt(receipt.gasUsed) === PLAIN_TRANSFER_GAS && String(tx["input"]) === "0x" ? {} : { statusMissing: true };
}
