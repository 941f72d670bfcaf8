import { sha256 } from "@noble/hashes/sha2.js";
import { toHex, toNumber } from "../encoding/bytes.js";
import { Refusal } from "../failure.js";
import { NOBODY, written } from "./address.js";
import { MAIN, TRON_TOKENS } from "./tokens.js";
import { allBytes, bytesAt, fieldsOf, numberOf } from "./wire.js";

/** A movement that a transaction's own bytes show, with addresses in base58check. */
export interface TronMove {
	readonly kind: "native" | "token" | "mint" | "burn";
	readonly from: string;
	readonly to: string;
	/** What stands behind the chain in the asset's id. */
	readonly asset: string;
	readonly amount: bigint;
	/** Its event index. */
	readonly event: number;
}

/** What a transaction shows of itself. */
export interface TronTransaction {
	/** SHA-256 of its raw data. */
	readonly id: string;
	/** By its result; undefined where that says nothing. */
	readonly succeeded: boolean | undefined;
	/** What it moved, if it succeeded, as far as its bytes show. */
	readonly moves: readonly TronMove[];
}

const TRANSACTION = { raw: 1, result: 5 } as const;
const RAW_CONTRACT = 11;
const RESULT = { code: 2, contract: 3 } as const;
const CONTRACT = { type: 1, parameter: 2 } as const;
const ANY_VALUE = 2;
const SUCCESS = 1n;
/** Numbers of types of contracts. */
const TYPE = { transfer: 1, transferAsset: 2, trigger: 31 } as const;
const EVENT = { value: 1, tokenValue: 2, firstLog: 16_384 } as const;
const COIN = "slip44:195";
/** Contracts whose `transfer` moves what it says when it succeeds: those that the makers of these tokens publish. */
const PLAIN_TOKENS: ReadonlySet<string> = new Set(Object.keys(TRON_TOKENS[MAIN]));
const SELECTOR = { transfer: "a9059cbb", transferFrom: "23b872dd" } as const;
const WORD = 32;
const ADDRESS_BYTES = 20;
const VERSION = 0x41;

/** Reads a whole transaction, result included. Throws Error for bytes that are none, and for more contracts than one. */
export function readTransaction(bytes: Uint8Array): TronTransaction {
	const fields = fieldsOf(bytes);
	const raw = bytesAt(fields, TRANSACTION.raw);
	const contracts = allBytes(fieldsOf(raw), RAW_CONTRACT);
	if (contracts.length !== 1) throw new Refusal(`the transaction has ${contracts.length} contracts, and none of Tron has other than one`);
	const succeeded = outcomeOf(allBytes(fields, TRANSACTION.result));
	return { id: toHex(sha256(raw)), succeeded, moves: succeeded === true ? movesOf(contracts[0] as Uint8Array) : [] };
}

function outcomeOf(results: readonly Uint8Array[]): boolean | undefined {
	const [result] = results;
	if (result === undefined || results.length > 1) return undefined;
	const fields = fieldsOf(result);
	const [told, failed] = [numberOf(fields, RESULT.contract), numberOf(fields, RESULT.code) !== 0n];
	if (told === SUCCESS) return failed ? undefined : true;
	return told === 0n && !failed ? undefined : false;
}

function movesOf(bytes: Uint8Array): TronMove[] {
	const contract = fieldsOf(bytes);
	const type = Number(numberOf(contract, CONTRACT.type));
	const message = fieldsOf(bytesAt(fieldsOf(bytesAt(contract, CONTRACT.parameter)), ANY_VALUE));
	const address = (number: number) => addressOf(bytesAt(message, number));
	const some = (...moves: (TronMove | undefined)[]) => moves.filter((move) => move !== undefined && move.amount > 0n) as TronMove[];
	if (type === TYPE.transfer)
		return some({ kind: "native", from: address(1), to: address(2), asset: COIN, amount: numberOf(message, 3), event: EVENT.value });
	if (type === TYPE.transferAsset) {
		const asset = trc10(new TextDecoder("latin1").decode(bytesAt(message, 1)));
		if (asset === undefined) return [];
		return some({ kind: "token", from: address(2), to: address(3), asset, amount: numberOf(message, 4), event: EVENT.value });
	}
	if (type !== TYPE.trigger) return [];
	const [from, to] = [address(1), address(2)];
	const asset = trc10(numberOf(message, 6).toString());
	const direct = PLAIN_TOKENS.has(to) ? called(from, to, bytesAt(message, 4)) : undefined;
	return [
		...some(
			{ kind: "native", from, to, asset: COIN, amount: numberOf(message, 3), event: EVENT.value },
			asset === undefined ? undefined : { kind: "token", from, to, asset, amount: numberOf(message, 5), event: EVENT.tokenValue },
		),
		...(direct === undefined ? [] : [direct]),
	];
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
