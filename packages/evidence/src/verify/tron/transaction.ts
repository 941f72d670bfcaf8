import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../encoding/bytes.js";
import { Refusal } from "../failure.js";
import { ALL_KINDS, movesOf, type TronMoves } from "./contracts.js";
import { allBytes, bytesAt, fieldsOf, numberOf } from "./wire.js";

/** What a transaction shows of itself. */
export interface TronTransaction extends TronMoves {
	/** SHA-256 of its raw data. */
	readonly id: string;
	/** By its result; undefined where that says nothing. */
	readonly succeeded: boolean | undefined;
}

const TRANSACTION = { raw: 1, result: 5 } as const;
const RAW_CONTRACT = 11;
const RESULT = { code: 2, contract: 3 } as const;
const CONTRACT = { type: 1, parameter: 2 } as const;
const ANY_VALUE = 2;
const SUCCESS = 1n;

/** Reads a whole transaction, result included. Throws Error for bytes that are none, and for more contracts than one. */
export function readTransaction(bytes: Uint8Array): TronTransaction {
	const fields = fieldsOf(bytes);
	const raw = bytesAt(fields, TRANSACTION.raw);
	const contracts = allBytes(fieldsOf(raw), RAW_CONTRACT);
	if (contracts.length !== 1) throw new Refusal(`the transaction has ${contracts.length} contracts, and none of Tron has other than one`);
	const succeeded = outcomeOf(allBytes(fields, TRANSACTION.result));
	const id = sha256(raw);
	const of = { id: toHex(id), succeeded };
	// What failed moved nothing but its fee, and of what says nothing nothing is known.
	if (succeeded !== true) return { ...of, moves: [], kinds: succeeded === false ? ALL_KINDS : [] };
	const contract = fieldsOf(contracts[0] as Uint8Array);
	const message = fieldsOf(bytesAt(fieldsOf(bytesAt(contract, CONTRACT.parameter)), ANY_VALUE));
	return { ...of, ...movesOf(Number(numberOf(contract, CONTRACT.type)), message, id) };
}

function outcomeOf(results: readonly Uint8Array[]): boolean | undefined {
	const [result] = results;
	if (result === undefined || results.length > 1) return undefined;
	const fields = fieldsOf(result);
	const [told, failed] = [numberOf(fields, RESULT.contract), numberOf(fields, RESULT.code) !== 0n];
	if (told === SUCCESS) return failed ? undefined : true;
	return told === 0n && !failed ? undefined : false;
}
