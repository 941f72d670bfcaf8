import {
	type AccountId,
	type AssetId,
	addressOf,
	type ChainId,
	type ChainPlace,
	heirOfItself,
	nativeAsset,
	nullAccount,
	type TransferKind,
	type TransferRecord,
	tokenAsset,
	unknownAccount,
	unwrappedPayment,
	wrappedCoin,
	ZERO_ADDRESS,
} from "@clew/core";
import type { Row } from "./row.js";

/** The fee and, when the transaction succeeded, its value, to the unknown account when the row names no receiver; zero amounts left out. */
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
	if (value > 0n && !failed) transfers.push({ kind: "native", from, to: to ?? unknownAccount(row.chain), asset, amount: value });
	return transfers;
}

/** Calls that keep their caller's context: their value stands on paper only. */
const MOVES_NOTHING = new Set(["delegatecall", "staticcall", "callcode"]);

/**
 * Value that a call moved, to the unknown account when the row names no receiver; nothing when it moved none. `type` is what {@link
 * callKind} gives. What a contract left to itself goes to {@link heirOfItself}: one row does not tell whether its transaction created it.
 */
export function internalTransfers(
	chain: ChainId,
	place: ChainPlace,
	from: AccountId,
	to: AccountId | undefined,
	amount: bigint,
	type: string,
): TransferRecord[] {
	if (amount === 0n || MOVES_NOTHING.has(callType(type))) return [];
	const receiver = from === to && isDestruction(type) ? heirOfItself(from, chain, place, undefined) : to;
	return [{ kind: "internal", from, to: receiver ?? unknownAccount(chain), asset: nativeAsset(chain), amount }];
}

/** True for the type of a row that tells what a destroyed contract left. */
export function isDestruction(type: string): boolean {
	return /^(suicide|selfdestruct)$/.test(callType(type));
}

/** The site adds a trace address: `call_0_1`. */
function callType(type: string): string {
	return type.toLowerCase().replace(/(_[0-9]+)+$/, "");
}

/** `withdraw(uint256)` of WETH9 and its argument. */
const WITHDRAW_CALL = /^0x2e1a7d4d([0-9a-f]{64})$/i;

/** What a successful call of the wrapped coin's `withdraw` moved by the contract's code: the payment, from which the burn follows. */
export function calledWithdrawal(chain: ChainId, from: AccountId, to: AccountId | undefined, input: string): TransferRecord[] {
	const coin = wrappedCoin(chain);
	const amount = WITHDRAW_CALL.exec(input)?.[1];
	if (coin === undefined || !coin.weth9 || to !== coin.contract || amount === undefined || /^0+$/.test(amount)) return [];
	return [unwrappedPayment(chain, coin.contract, from, BigInt(`0x${amount}`))];
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

/** Whom a row is about: who paid, who was paid if it says so, and the contract that it made unless that failed. */
export function partiesOf(
	from: AccountId,
	to: AccountId | undefined,
	created?: AccountId,
	failed = false,
): { readonly touches: readonly AccountId[]; readonly contract?: AccountId } {
	return { touches: to === undefined ? [from] : [from, to], ...(created === undefined || failed ? {} : { contract: created }) };
}

/** A row that moves an NFT by its id, which is no amount: the contract is learnt, the row left out. */
export function idRow<R extends object>(common: R, chain: ChainId, contract: AccountId, from: AccountId, to: AccountId) {
	return { ...common, transfers: [], nft: tokenAsset(chain, addressOf(contract)), contract, touches: [from, to] };
}
