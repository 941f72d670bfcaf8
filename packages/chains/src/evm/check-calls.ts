import type { ChainId } from "@clew/core";
import type { Call } from "./calls.js";
import { logWithoutCall, wrappingWithoutPayment } from "./check-logs.js";
import { DEPOSIT_TYPE } from "./forms/rollups.js";
import { isEthereums, typeOf } from "./forms/transactions.js";
import { succeededByReceipt } from "./outcome.js";
import type { RpcReceipt, RpcTransaction } from "./shapes.js";

/** Calls that run another contract's code in the caller's own account. */
const IN_CALLERS_ACCOUNT = new Set(["delegatecall", "callcode"]);

/**
 * In what the calls of a transaction, as a node traced them, contradict the transaction and its receipt, whose hashes and roots were
 * recomputed, or each other: the outermost call is the transaction itself and ends as its receipt says, each call inside is made by the
 * account that the call around it runs in, and behind each log is a call that could write it, behind each wrapping of coin its payment. In
 * words; undefined where nothing does. Of transactions of other chains' types, which may take fees by logs alone, the outermost call and
 * who logs are not looked at. O(calls + logs).
 */
export function contradiction(chain: ChainId, calls: readonly Call[], tx: RpcTransaction, receipt: RpcReceipt): string | undefined {
	const [own] = calls;
	if (own === undefined || own.parent !== undefined) return "its own call is missing";
	const known = isEthereums(tx) || typeOf(tx) === DEPOSIT_TYPE;
	const accounts = accountsOf(calls);
	return (
		(known ? ofOwnCall(own, tx, receipt) : undefined) ??
		ofCallsInside(calls, accounts) ??
		(known ? logWithoutCall(calls, accounts, receipt.logs) : undefined) ??
		wrappingWithoutPayment(chain, calls, receipt.logs)
	);
}

function ofOwnCall(own: Call, tx: RpcTransaction, receipt: RpcReceipt): string | undefined {
	const expected = tx.to == null ? "create" : "call";
	if (own.kind !== expected) return `its own call is a ${own.kind.slice(0, 30)}, and the transaction a ${expected}`;
	if (isOther(own.from, tx.from)) return `its own call is from ${own.from || "nobody"}, and the transaction from ${tx.from}`;
	if (tx.to != null && isOther(own.to, tx.to)) return `its own call is to ${own.to ?? "nobody"}, and the transaction to ${tx.to}`;
	// How a deposit that fails is traced is each client's own matter.
	if (typeOf(tx) === DEPOSIT_TYPE) return undefined;
	if (own.value !== BigInt(tx.value)) return `its own call moves ${own.value}, and the transaction ${BigInt(tx.value)}`;
	const input = tx["input"];
	if (own.input !== undefined && typeof input === "string" && isOther(own.input, input))
		return "the input of its own call is not the transaction's";
	const succeeded = succeededByReceipt(tx, receipt);
	if (succeeded === own.reverted)
		return succeeded
			? "its own call failed, and its receipt says that it succeeded"
			: "its own call succeeded, and its receipt says that it failed";
	if (succeeded && own.created !== undefined && receipt.contractAddress != null && isOther(own.created, receipt.contractAddress))
		return `it created ${own.created}, and by its receipt ${receipt.contractAddress}`;
	return undefined;
}

/** The account that each call runs in, by ordinal; undefined where a creation that failed does not name it. */
function accountsOf(calls: readonly Call[]): (string | undefined)[] {
	const accounts: (string | undefined)[] = [];
	for (const { kind, parent, created, to } of calls) {
		const maker = parent === undefined ? undefined : accounts[parent];
		accounts.push(IN_CALLERS_ACCOUNT.has(kind) ? maker : kind.startsWith("create") ? created : to);
	}
	return accounts;
}

function ofCallsInside(calls: readonly Call[], accounts: readonly (string | undefined)[]): string | undefined {
	for (const { ordinal, parent, from } of calls) {
		if (ordinal > 0 && parent === undefined) return `call ${ordinal} in it stands out of order, or without the one that makes it`;
		const maker = parent === undefined ? undefined : accounts[parent];
		if (maker !== undefined && isOther(from, maker)) return `call ${ordinal} in it is from ${from || "nobody"}, and ${maker} makes it`;
	}
	return undefined;
}

function isOther(a: string | undefined, b: string): boolean {
	return a?.toLowerCase() !== b.toLowerCase();
}
