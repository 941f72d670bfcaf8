import { type AccountId, EVENT_BAND, InputError, nullAccount, type TransferKind, type TransferRecord, unknownAccount } from "@clew/core";
import { keccak256 } from "ethers";
import type { Addresses } from "./accounts.js";
import type { TronContract, TronTransaction } from "./block.js";
import { CONTRACT_TYPES, MOVES_NOTHING, TYPE } from "./contract-types.js";
import type { TransactionInfo } from "./info.js";
import { Message } from "./wire.js";

/** Where a transaction's own TRC-10 tokens stand, behind its TRX. Calls inside it come after. */
export const TOKEN_VALUE = EVENT_BAND.value + 1;
const ADDRESS_BYTES = 20;

/** What a transaction asks for, without what code did. */
export interface Asked {
	/** Who signs for it and pays its fee. */
	readonly owner: AccountId;
	/** Movements if it succeeded. */
	readonly transfers: readonly TransferRecord[];
	/** What cannot be told of its movements, in words. */
	readonly gaps: readonly string[];
	/** What the owner may have paid that is not told, in words. */
	readonly unread?: string;
	/** Set for a call of code: whom it calls, or what it made, and what it says. */
	readonly call?: { readonly contract: AccountId; readonly data: Buffer; readonly created: boolean };
	/** True for a change of who may sign for the owner. */
	readonly permissions?: true;
}

/** Contracts whose owner stands in field 2, behind a name; in all others it is field 1. */
const OWNED_SECOND: ReadonlySet<number> = new Set([TYPE.transferAsset, TYPE.accountUpdate, TYPE.setAccountId]);

/** Fields of the messages of contracts (java-tron, protocol/core/contract). */
const F = {
	transfer: { to: 2, amount: 3 },
	asset: { name: 1, to: 3, amount: 4 },
	issue: { id: 41, supply: 4, frozen: 5, frozenAmount: 1 },
	participate: { to: 2, amount: 4 },
	create: { contract: 2, tokens: 3, token: 4, value: 5 },
	trigger: { contract: 2, value: 3, data: 4, tokens: 5, token: 6 },
	exchangeCreate: { first: 2, firstAmount: 3, second: 4, secondAmount: 5 },
	exchange: { token: 3, amount: 4 },
	market: { token: 2, amount: 3 },
} as const;

/**
 * Reads the one contract of a transaction. Throws InputError for bytes that are not what its type says, and for more contracts than one,
 * which the protocol refuses. A type that is not known is told as a gap that names it.
 */
export function readContract(tx: TronTransaction, index: number, info: TransactionInfo | undefined, addresses: Addresses): Asked {
	const [contract, ...more] = tx.contracts;
	if (contract === undefined || more.length > 0)
		throw new InputError(`transaction ${index} has ${tx.contracts.length} contracts, and none of Tron has other than one`);
	const name = CONTRACT_TYPES[contract.type] ?? `contract type ${contract.type}`;
	const what = `the ${name} of transaction ${index}`;
	const message = new Message(contract.parameter, what);
	const owner = addresses.account(message.bytes(OWNED_SECOND.has(contract.type) ? 2 : 1), `the owner in ${what}`);
	return { owner, ...askedOf(contract, message, { owner, tx, info, addresses, what, name }) };
}

interface Context {
	readonly owner: AccountId;
	readonly tx: TronTransaction;
	readonly info: TransactionInfo | undefined;
	readonly addresses: Addresses;
	readonly what: string;
	readonly name: string;
}

function askedOf({ type }: TronContract, message: Message, context: Context): Omit<Asked, "owner"> {
	const { owner, info, addresses, what, name } = context;
	const to = (field: number) => addresses.account(message.bytes(field), `the receiver in ${what}`);
	const moves = (...transfers: (TransferRecord | undefined)[]) => ({ transfers: transfers.flatMap((one) => one ?? []), gaps: [] });
	const open = (why: string, ...transfers: (TransferRecord | undefined)[]) => ({ ...moves(...transfers), gaps: [why] });
	const coin = (receiver: AccountId, amount: bigint) => move("native", owner, receiver, addresses.coin, amount, EVENT_BAND.value);
	switch (type) {
		case TYPE.transfer:
			return moves(coin(to(F.transfer.to), message.amount(F.transfer.amount)));
		case TYPE.transferAsset:
			return paid(message.bytes(F.asset.name), message.amount(F.asset.amount), owner, to(F.asset.to), context, EVENT_BAND.value);
		case TYPE.participate:
			return open(`${name}: the tokens that it brought are not told`, coin(to(F.participate.to), message.amount(F.participate.amount)));
		case TYPE.withdrawBalance: {
			if (info === undefined) return open(`${name}: the reward that it paid out is not told`);
			return moves(move("reward", nullAccount(addresses.chain), owner, addresses.coin, info.withdrawn, EVENT_BAND.value));
		}
		case TYPE.assetIssue:
			return issued(message, context);
		case TYPE.create:
			return created(message, context);
		case TYPE.trigger:
			return triggered(message, context);
		case TYPE.exchangeCreate: {
			const one = (token: number, amount: number, at: number) =>
				paid(message.bytes(token), message.amount(amount), owner, unknownAccount(addresses.chain), context, at);
			const [first, second] = [
				one(F.exchangeCreate.first, F.exchangeCreate.firstAmount, EVENT_BAND.value),
				one(F.exchangeCreate.second, F.exchangeCreate.secondAmount, TOKEN_VALUE),
			];
			return { transfers: [...first.transfers, ...second.transfers], gaps: [...new Set([...first.gaps, ...second.gaps])] };
		}
		case TYPE.exchangeInject:
		case TYPE.exchangeTransaction: {
			const receiver = unknownAccount(addresses.chain);
			const side = paid(message.bytes(F.exchange.token), message.amount(F.exchange.amount), owner, receiver, context, EVENT_BAND.value);
			return { ...side, gaps: [...side.gaps, `${name}: the other side of the exchange is not told`] };
		}
		case TYPE.marketSell: {
			const receiver = unknownAccount(addresses.chain);
			const side = paid(message.bytes(F.market.token), message.amount(F.market.amount), owner, receiver, context, EVENT_BAND.value);
			return { ...side, gaps: [...side.gaps, `${name}: what it bought is not told`] };
		}
		case TYPE.unfreezeAsset:
		case TYPE.exchangeWithdraw:
		case TYPE.marketCancel:
			return open(`${name}: what it moved is not told`);
		case TYPE.shielded:
			return { ...moves(), unread: `${name}: what it moved is not told` };
		case TYPE.permissions:
			return { ...moves(), permissions: true };
		default:
			return MOVES_NOTHING.has(type) ? moves() : { ...moves(), unread: `${name} is not known: what it moved was not looked at` };
	}
}

function move(
	kind: TransferKind,
	from: AccountId,
	to: AccountId,
	asset: TransferRecord["asset"],
	amount: bigint,
	eventIndex: number,
): TransferRecord | undefined {
	return amount === 0n ? undefined : { kind, from, to, asset, amount, eventIndex };
}

/** TRX where the name is empty or `_`, else a TRC-10 token by its number. */
function paid(
	token: Buffer | undefined,
	amount: bigint,
	from: AccountId,
	to: AccountId,
	{ addresses, name }: Context,
	at: number,
): { transfers: readonly TransferRecord[]; gaps: readonly string[] } {
	const text = token?.toString("latin1") ?? "";
	const isCoin = text === "_";
	const asset = isCoin ? addresses.coin : addresses.trc10(text);
	if (asset === undefined) return { transfers: [], gaps: [`${name}: a TRC-10 token is named in place of its number, and was left out`] };
	const transfer = move(isCoin ? "native" : "token", from, to, asset, amount, at);
	return { transfers: transfer === undefined ? [] : [transfer], gaps: [] };
}

/** A new TRC-10 token goes to whoever made it, less what is locked at first. */
function issued(message: Message, { owner, info, addresses, name }: Context): Omit<Asked, "owner"> {
	const asset = addresses.trc10(info?.issued ?? "");
	if (asset === undefined) return { transfers: [], gaps: [`${name}: the number of the new token is not told`] };
	const locked = message
		.all(F.issue.frozen)
		.reduce((sum, one) => sum + new Message(one, "a locked part of a token").amount(F.issue.frozenAmount), 0n);
	const free = message.amount(F.issue.supply) - locked;
	const transfer = free < 0n ? undefined : move("mint", nullAccount(addresses.chain), owner, asset, free, EVENT_BAND.value);
	return { transfers: transfer === undefined ? [] : [transfer], gaps: [] };
}

function triggered(message: Message, context: Context): Omit<Asked, "owner"> {
	const { addresses, what } = context;
	const contract = addresses.account(message.bytes(F.trigger.contract), `the contract in ${what}`);
	const data = message.bytes(F.trigger.data) ?? Buffer.alloc(0);
	return {
		...called(message.amount(F.trigger.value), message.amount(F.trigger.tokens), message.number(F.trigger.token), contract, context),
		call: { contract, data, created: false },
	};
}

/** The address of what is created is the hash of the transaction's id and its owner. */
function created(message: Message, context: Context): Omit<Asked, "owner"> {
	const { tx, addresses, what } = context;
	const owner = message.bytes(1) ?? Buffer.alloc(0);
	const hash = keccak256(Buffer.concat([Buffer.from(tx.id, "hex"), owner]));
	const contract = addresses.account(Buffer.from(hash.slice(2), "hex").subarray(-ADDRESS_BYTES), `what ${what} makes`);
	const inner = message.message(F.create.contract, `the code in ${what}`);
	return {
		...called(inner?.amount(F.create.value) ?? 0n, message.amount(F.create.tokens), message.number(F.create.token), contract, context),
		call: { contract, data: Buffer.alloc(0), created: true },
	};
}

/** What a call takes along itself. */
function called(
	value: bigint,
	tokens: bigint,
	token: bigint | undefined,
	contract: AccountId,
	context: Context,
): { transfers: readonly TransferRecord[]; gaps: readonly string[] } {
	const { owner, addresses } = context;
	const coin = move("native", owner, contract, addresses.coin, value, EVENT_BAND.value);
	const side =
		tokens === 0n ? { transfers: [], gaps: [] } : paid(Buffer.from(String(token ?? "")), tokens, owner, contract, context, TOKEN_VALUE);
	return { transfers: [...(coin === undefined ? [] : [coin]), ...side.transfers], gaps: side.gaps };
}
