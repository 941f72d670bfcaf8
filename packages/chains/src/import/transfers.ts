import {
	type AccountId,
	type AssetId,
	addressOf,
	type ChainId,
	nativeAsset,
	nullAccount,
	type TransferKind,
	type TransferRecord,
	ZERO_ADDRESS,
} from "@clew/core";
import type { Row } from "./row.js";

/** The fee and, when the transaction succeeded, its value; zero amounts left out. */
export function nativeTransfers(
	row: Row,
	from: AccountId,
	to: AccountId | undefined,
	value: bigint,
	fee: bigint,
	failed: boolean,
): TransferRecord[] {
	const asset = nativeAsset(row.chain);
	const transfers: TransferRecord[] = [];
	if (fee > 0n) transfers.push({ kind: "fee", from, to: nullAccount(row.chain), asset, amount: fee });
	if (value > 0n && !failed && to !== undefined) transfers.push({ kind: "native", from, to, asset, amount: value });
	return transfers;
}

/** Calls that keep their caller's context: their value stands on paper only. */
const MOVES_NOTHING = new Set(["delegatecall", "staticcall", "callcode"]);

/** Value that a call moved; nothing when it moved none. `type` is what {@link callKind} gives. */
export function internalTransfers(
	chain: ChainId,
	from: AccountId,
	to: AccountId | undefined,
	amount: bigint,
	type: string,
): TransferRecord[] {
	if (amount === 0n || to === undefined || MOVES_NOTHING.has(type)) return [];
	return [{ kind: "internal", from, to, asset: nativeAsset(chain), amount }];
}

/** A token transfer is a mint from, and a burn to, the zero address. */
export function tokenKind(from: AccountId, to: AccountId): TransferKind {
	if (addressOf(from) === ZERO_ADDRESS) return "mint";
	return addressOf(to) === ZERO_ADDRESS ? "burn" : "token";
}

/** One token transfer; zero amounts stay, since a zero-value transfer is itself a sign (address poisoning). */
export function tokenTransfer(from: AccountId, to: AccountId, asset: AssetId, amount: bigint, eventIndex?: number): TransferRecord {
	return { kind: tokenKind(from, to), from, to, asset, amount, ...(eventIndex === undefined ? {} : { eventIndex }) };
}
