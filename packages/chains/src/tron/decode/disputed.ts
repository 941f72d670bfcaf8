import type { TransactionRecord, TransferRecord } from "@clew/core";
import type { Addresses } from "./accounts.js";
import type { Asked } from "./contracts.js";
import type { TransactionInfo } from "./info.js";
import { calledTransfer, tokenTransfers } from "./logs.js";

/** What a call asked a published token to move, where its transaction succeeded. */
export function directTransfer(
	{ owner, call }: Asked,
	status: TransactionRecord["status"],
	addresses: Addresses,
): TransferRecord | undefined {
	// Where nobody says that the call succeeded, nothing is taken for moved by it.
	return call === undefined || status !== "succeeded" ? undefined : calledTransfer(owner, call.contract, call.data, addresses);
}

/**
 * In what an info contradicts the transaction that it is told of, whose bytes hang below the block's root as no info does; undefined where
 * it does not. What runs no code logs nothing and calls nobody.
 */
export function disputeOf(
	asked: Asked,
	status: TransactionRecord["status"],
	{ logs, internal }: TransactionInfo,
	addresses: Addresses,
): string | undefined {
	if (asked.call === undefined) return logs.length + internal.length > 0 ? "it runs no code, and its info tells logs or calls" : undefined;
	const direct = directTransfer(asked, status, addresses);
	if (direct === undefined || isLogged(direct, tokenTransfers(logs, [], addresses))) return undefined;
	const { asset, to, amount } = direct;
	return `its call moves ${amount} base units of ${asset} to ${to}, and its logs do not`;
}

/** A fee is at most one part of so many (TetherToken, `MAX_SETTABLE_BASIS_POINTS`). */
const FEE_OF = 500n;

/**
 * The logs of a direct call of a published token tell what it was asked to move: all of it from its sender, at least one part to its
 * receiver (a fee of the token may go elsewhere, which Tether's contract holds to 20 of 10,000), from whom alone the token may then take it
 * on, as TrueUSD burns what is redeemed.
 */
function isLogged({ asset, from, to, amount }: TransferRecord, logged: readonly TransferRecord[]): boolean {
	const own = logged.filter((t) => t.asset === asset);
	const sent = own.filter((t) => t.from === from);
	const on = own.filter((t) => t.from !== from);
	const fees = sent.filter((t) => t.to !== to);
	const sumOf = (all: readonly TransferRecord[]) => all.reduce((sum, t) => sum + t.amount, 0n);
	if (sumOf(fees) * FEE_OF > amount) return false;
	return sumOf(sent) === amount && sent.some((t) => t.to === to) && on.every((t) => t.from === to) && sumOf(on) <= amount;
}
