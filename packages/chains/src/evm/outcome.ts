import type { TransactionRecord } from "@clew/core";
import type { CallTransfers } from "./calls.js";
import type { RpcReceipt, RpcTransaction } from "./shapes.js";

const PLAIN_TRANSFER_GAS = 21_000n;

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
