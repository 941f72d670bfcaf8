import { message } from "../decode/wire-writer.js";

/** How a field of a message stands in the JSON of java-tron's HTTP API. */
export type Kind = "number" | "bytes" | "text" | "flag" | Enumeration | Fields;
/** Numbers by the names that stand for them in JSON. */
interface Enumeration {
	readonly names: Readonly<Record<string, bigint>>;
}
/** The fields of a message: number and kind by name, ascending by number, which is the order of their bytes. */
export interface Fields {
	readonly fields: Readonly<Record<string, readonly [number: number, kind: Kind, repeated?: "repeated"]>>;
}

const numbered = (names: readonly string[]): Enumeration => ({ names: Object.fromEntries(names.map((name, i) => [name, BigInt(i)])) });

/** `contractResult` of java-tron's Tron.proto. */
const CONTRACT_RESULT = numbered([
	"DEFAULT",
	"SUCCESS",
	"REVERT",
	"BAD_JUMP_DESTINATION",
	"OUT_OF_MEMORY",
	"PRECOMPILED_CONTRACT",
	"STACK_TOO_SMALL",
	"STACK_TOO_LARGE",
	"ILLEGAL_OPERATION",
	"STACK_OVERFLOW",
	"OUT_OF_ENERGY",
	"OUT_OF_TIME",
	"JVM_STACK_OVER_FLOW",
	"UNKNOWN",
	"TRANSFER_FAILED",
	"INVALID_CODE",
]);
/** `code`, whose name of success is written so. */
const CODE = numbered(["SUCESS", "FAILED"]);
/** How JSON names a number that its writer has no name for. */
const UNNAMED = /^UNKNOWN_ENUM_VALUE_[A-Za-z]+_([0-9]{1,9})$/;

const ORDER_DETAIL: Fields = {
	fields: { makerOrderId: [1, "bytes"], takerOrderId: [2, "bytes"], fillSellQuantity: [3, "number"], fillBuyQuantity: [4, "number"] },
};

type FieldTable = Fields["fields"];
/** What `Transaction.Result` and `TransactionInfo` tell under the same numbers. */
const PAID_OUT: FieldTable = { assetIssueID: [14, "text"], withdraw_amount: [15, "number"], unfreeze_amount: [16, "number"] };
const EXCHANGED: FieldTable = {
	exchange_received_amount: [18, "number"],
	exchange_inject_another_amount: [19, "number"],
	exchange_withdraw_another_amount: [20, "number"],
	exchange_id: [21, "number"],
	shielded_transaction_fee: [22, "number"],
	orderId: [25, "bytes"],
	orderDetails: [26, ORDER_DETAIL, "repeated"],
};

/** `BlockHeader.raw`, which is hashed and signed. */
export const HEADER: Fields = {
	fields: {
		timestamp: [1, "number"],
		txTrieRoot: [2, "bytes"],
		parentHash: [3, "bytes"],
		number: [7, "number"],
		witness_id: [8, "number"],
		witness_address: [9, "bytes"],
		version: [10, "number"],
		accountStateRoot: [11, "bytes"],
	},
};

/** `Transaction.Result`. */
export const RESULT: Fields = {
	fields: {
		fee: [1, "number"],
		ret: [2, CODE],
		contractRet: [3, CONTRACT_RESULT],
		...PAID_OUT,
		...EXCHANGED,
		withdraw_expire_amount: [27, "number"],
	},
};

const LOG: Fields = { fields: { address: [1, "bytes"], topics: [2, "bytes", "repeated"], data: [3, "bytes"] } };
const CALL_VALUE: Fields = { fields: { callValue: [1, "number"], tokenId: [2, "text"] } };
const INTERNAL: Fields = {
	fields: {
		hash: [1, "bytes"],
		caller_address: [2, "bytes"],
		transferTo_address: [3, "bytes"],
		callValueInfo: [4, CALL_VALUE, "repeated"],
		note: [5, "bytes"],
		rejected: [6, "flag"],
		extra: [7, "text"],
	},
};
const RECEIPT: Fields = {
	fields: {
		energy_usage: [1, "number"],
		energy_fee: [2, "number"],
		origin_energy_usage: [3, "number"],
		energy_usage_total: [4, "number"],
		net_usage: [5, "number"],
		net_fee: [6, "number"],
		result: [7, CONTRACT_RESULT],
		energy_penalty_total: [8, "number"],
	},
};

/** `TransactionInfo`. */
export const INFO: Fields = {
	fields: {
		id: [1, "bytes"],
		fee: [2, "number"],
		blockNumber: [3, "number"],
		blockTimeStamp: [4, "number"],
		contractResult: [5, "bytes", "repeated"],
		contract_address: [6, "bytes"],
		receipt: [7, RECEIPT],
		log: [8, LOG, "repeated"],
		result: [9, CODE],
		resMessage: [10, "bytes"],
		...PAID_OUT,
		internal_transactions: [17, INTERNAL, "repeated"],
		...EXCHANGED,
		packingFee: [27, "number"],
		withdraw_expire_amount: [28, "number"],
	},
};

const NUMBERED = /^[1-9][0-9]{0,7}$/;
const INT64_END = 1n << 63n;
const MAX_ECHO = 40;

/** Bytes of a message, and what of its JSON they do not hold. */
export interface Rebuilt {
	readonly bytes: Buffer;
	/** Names of fields that are not known, or that hold what is not of their kind. */
	readonly unread: readonly string[];
}

/**
 * The bytes of a message from its JSON, as java-tron writes them: known fields in the order of their numbers, without those that hold
 * nothing. Numbers are taken as the digits that they were written as. What cannot be written is named, never guessed.
 */
export function rebuild(json: object, { fields }: Fields): Rebuilt {
	const unread: string[] = Object.keys(json).flatMap((key) => (Object.hasOwn(fields, key) ? [] : [key.slice(0, MAX_ECHO)]));
	const parts: [number, bigint | Buffer][] = [];
	for (const [name, [number, kind, repeated]] of Object.entries(fields)) {
		if (!Object.hasOwn(json, name)) continue;
		const held: unknown = (json as Record<string, unknown>)[name];
		if ((repeated !== undefined) !== Array.isArray(held)) {
			unread.push(name);
			continue;
		}
		for (const one of Array.isArray(held) ? held : [held]) {
			const written = write(one, kind);
			if (written === undefined) unread.push(name);
			else {
				unread.push(...written.unread.map((inner) => `${name}.${inner}`));
				const isNothing = typeof written.held === "bigint" ? written.held === 0n : typeof kind === "string" && written.held.length === 0;
				if (repeated !== undefined || !isNothing) parts.push([number, written.held]);
			}
		}
	}
	// Fields without a name stand by their number, their values in hex, behind the known ones. The root alone tells numbers from hex.
	for (const [name, held] of Object.entries(json)) {
		if (!NUMBERED.test(name) || !Array.isArray(held)) continue;
		for (const one of held) {
			const bytes = typeof one === "string" ? bytesOf(one) : undefined;
			if (bytes !== undefined) parts.push([Number(name), bytes]);
		}
	}
	return { bytes: message(...parts), unread: [...new Set(unread)] };
}

function write(value: unknown, kind: Kind): { held: bigint | Buffer; unread: readonly string[] } | undefined {
	const all = (held: bigint | Buffer | undefined) => (held === undefined ? undefined : { held, unread: [] });
	if (typeof kind === "object" && "fields" in kind) {
		if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
		const { bytes, unread } = rebuild(value, kind);
		return { held: bytes, unread };
	}
	if (kind === "flag") return typeof value === "boolean" ? all(value ? 1n : 0n) : undefined;
	if (typeof value !== "string") return undefined;
	if (kind === "text") return all(Buffer.from(value, "utf8"));
	if (kind === "bytes") return all(bytesOf(value));
	if (kind === "number") return all(numberOf(value));
	const unnamed = UNNAMED.exec(value)?.[1];
	if (unnamed !== undefined) return all(BigInt(unnamed));
	return all(Object.hasOwn(kind.names, value) ? kind.names[value] : undefined);
}

/** A number of 64 bits with sign from its digits; undefined for what is none. */
function numberOf(digits: string): bigint | undefined {
	if (!/^-?[0-9]{1,19}$/.test(digits)) return undefined;
	const value = BigInt(digits);
	return value < INT64_END && value >= -INT64_END ? value : undefined;
}

/** Bytes from hex, without `0x`; undefined for what is none. */
export function bytesOf(hex: string): Buffer | undefined {
	return hex.length % 2 === 0 && /^[0-9a-f]*$/i.test(hex) ? Buffer.from(hex, "hex") : undefined;
}
