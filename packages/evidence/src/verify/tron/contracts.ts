import { keccak_256 } from "@noble/hashes/sha3.js";
import { concat, toHex, toNumber } from "../encoding/bytes.js";
import { Refusal } from "../failure.js";
import { NOBODY, written } from "./address.js";
import { MAIN, TRON_TOKENS } from "./tokens.js";
import { bytesAt, type Fields, fieldsOf, numberOf } from "./wire.js";

/** A movement that a transaction's own bytes show, with addresses in base58check. */
export interface TronMove {
	readonly kind: "native" | "token" | "mint" | "burn";
	readonly from: string;
	readonly to: string;
	/** What stands behind the chain in the asset's id. */
	readonly asset: string;
	readonly amount: bigint;
	/** Its event index; of what was asked of a token's contract, that of the first log: its own log may be a later one. */
	readonly event: number;
}

/** What the bytes of a transaction that succeeded show of its movements. */
export interface TronMoves {
	readonly moves: readonly TronMove[];
	/** Kinds of movements of which these are all. */
	readonly kinds: readonly string[];
	/** What it had the contract of a published token move. Less a fee that the contract takes, it came to its receiver, who may pass it on. */
	readonly asked?: TronMove;
}

/** Numbers of types of contracts (java-tron, `ContractType`). */
const TYPE = {
	transfer: 1,
	transferAsset: 2,
	issue: 6,
	participate: 9,
	withdrawBalance: 13,
	create: 30,
	trigger: 31,
	exchangeCreate: 41,
	exchangeInject: 42,
	exchangeTransaction: 44,
	marketSell: 52,
} as const;
/** Votes, settings, names and staking: nobody's money changes hands. */
const MOVES_NOTHING: ReadonlySet<number> = new Set([
	0, 3, 4, 5, 8, 10, 11, 12, 15, 16, 17, 18, 19, 33, 45, 46, 48, 49, 54, 55, 56, 57, 58, 59,
]);
const EVENT = { value: 1, tokenValue: 2, firstLog: 16_384 } as const;
const COIN = "slip44:195";
const COIN_NAME = "_";
/** Who is paid by what goes into an exchange of the chain itself. */
const UNKNOWN = "unknown";

/** All that a transaction without code can move; rewards aside, whose amount stands in no byte of it. */
const WITHOUT_CODE = ["native", "token", "mint", "burn", "internal"] as const;
/** All that a transaction can move but its fee. */
export const ALL_KINDS = [...WITHOUT_CODE, "reward"];

/** Contracts whose `transfer` moves what it says when it succeeds: those that the makers of these tokens publish. */
const PLAIN_TOKENS: ReadonlySet<string> = new Set(Object.keys(TRON_TOKENS[MAIN]));
const SELECTOR = { transfer: "a9059cbb", transferFrom: "23b872dd" } as const;
const WORD = 32;
const ADDRESS_BYTES = 20;
const VERSION = 0x41;

/**
 * What a contract of this type and with this message moved, in the transaction of this id, if it succeeded. Of a type that is not known, or
 * that takes something out of the chain's own exchanges and pools, nothing is shown. Throws Error for bytes that are not of the type's
 * form.
 */
export function movesOf(type: number, message: Fields, id: Uint8Array): TronMoves {
	const address = (number: number) => addressOf(bytesAt(message, number));
	const coins = (from: string, to: string, amount: bigint) => ({
		kind: "native" as const,
		from,
		to,
		asset: COIN,
		amount,
		event: EVENT.value,
	});
	const named = (number: number) => new TextDecoder("latin1").decode(bytesAt(message, number));
	/** Into an exchange or an order: TRX, or a TRC-10 token by its number. */
	const given = (name: number, amount: number, event: number): (TronMove | undefined)[] => {
		const token = named(name);
		const asset = token === COIN_NAME ? COIN : trc10(token);
		const kind = token === COIN_NAME ? "native" : "token";
		return asset === undefined ? [] : [{ kind, from: address(1), to: UNKNOWN, asset, amount: numberOf(message, amount), event }];
	};
	switch (type) {
		case TYPE.transfer:
			return { moves: some(coins(address(1), address(2), numberOf(message, 3))), kinds: ALL_KINDS };
		case TYPE.transferAsset: {
			const asset = trc10(named(1));
			// By its name a token is not known: of its kind nothing is.
			if (asset === undefined) return { moves: [], kinds: ALL_KINDS.filter((kind) => kind !== "token") };
			const move = { kind: "token", from: address(2), to: address(3), asset, amount: numberOf(message, 4), event: EVENT.value } as const;
			return { moves: some(move), kinds: ALL_KINDS };
		}
		case TYPE.participate:
			return { moves: some(coins(address(1), address(2), numberOf(message, 4))), kinds: ["native", "internal", "burn"] };
		case TYPE.issue:
			return { moves: [], kinds: ["native", "internal", "burn"] };
		case TYPE.withdrawBalance:
			return { moves: [], kinds: WITHOUT_CODE };
		case TYPE.exchangeCreate:
			return { moves: some(...given(2, 3, EVENT.value), ...given(4, 5, EVENT.tokenValue)), kinds: [] };
		case TYPE.exchangeInject:
		case TYPE.exchangeTransaction:
			return { moves: some(...given(3, 4, EVENT.value)), kinds: [] };
		case TYPE.marketSell:
			return { moves: some(...given(2, 3, EVENT.value)), kinds: [] };
		case TYPE.create: {
			const owner = bytesAt(message, 1);
			const made = written(keccak_256(concat(id, owner)).subarray(-ADDRESS_BYTES));
			const value = numberOf(fieldsOf(bytesAt(message, 2)), 5);
			return { moves: some(coins(addressOf(owner), made, value), takenAlong(message, made, 3, 4)), kinds: ["native"] };
		}
		case TYPE.trigger: {
			const [from, to] = [address(1), address(2)];
			const asked = PLAIN_TOKENS.has(to) ? called(from, to, bytesAt(message, 4)) : undefined;
			return {
				moves: some(coins(from, to, numberOf(message, 3)), takenAlong(message, to, 5, 6)),
				kinds: ["native"],
				...(asked === undefined ? {} : { asked }),
			};
		}
		default:
			return { moves: [], kinds: MOVES_NOTHING.has(type) ? ALL_KINDS : [] };
	}
}

function some(...moves: readonly (TronMove | undefined)[]): readonly TronMove[] {
	return moves.filter((move) => move !== undefined && move.amount > 0n) as readonly TronMove[];
}

/** TRC-10 tokens that a call takes along. */
function takenAlong(message: Fields, to: string, amount: number, token: number): TronMove | undefined {
	const asset = trc10(numberOf(message, token).toString());
	if (asset === undefined) return undefined;
	return { kind: "token", from: addressOf(bytesAt(message, 1)), to, asset, amount: numberOf(message, amount), event: EVENT.tokenValue };
}

function trc10(id: string): string | undefined {
	return /^1[0-9]{6,8}$/.test(id) ? `trc10:${id}` : undefined;
}

/** What a call of a token's own `transfer` or `transferFrom` moves. */
function called(owner: string, contract: string, data: Uint8Array): TronMove | undefined {
	const selector = toHex(data.subarray(0, 4));
	const words = [0, 1, 2].map((i) => data.subarray(4 + i * WORD, 4 + (i + 1) * WORD)).filter(({ length }) => length === WORD);
	const isFrom = selector === SELECTOR.transferFrom;
	const [first, second, third] = words;
	const [payer, payee, value] = isFrom ? [first, second, third] : [undefined, first, second];
	if ((!isFrom && selector !== SELECTOR.transfer) || payee === undefined || value === undefined) return undefined;
	const from = isFrom ? wordAddress(payer as Uint8Array) : owner;
	const to = wordAddress(payee);
	if (from === undefined || to === undefined) return undefined;
	const kind = from === NOBODY ? "mint" : to === NOBODY ? "burn" : "token";
	return { kind, from, to, asset: `trc20:${contract}`, amount: toNumber(value), event: EVENT.firstLog };
}

function wordAddress(word: Uint8Array): string | undefined {
	const padding = word.subarray(0, WORD - ADDRESS_BYTES);
	const isPadding = padding.every((byte, i) => byte === 0 || (i === padding.length - 1 && byte === VERSION));
	return isPadding ? written(word.subarray(WORD - ADDRESS_BYTES)) : undefined;
}

function addressOf(bytes: Uint8Array): string {
	if (bytes.length !== ADDRESS_BYTES + 1 || bytes[0] !== VERSION) throw new Refusal("the transaction holds no address of Tron");
	return written(bytes.subarray(1));
}
