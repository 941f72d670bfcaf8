import { createHash } from "node:crypto";
import { InputError, MAX_HEIGHT } from "@clew/core";
import { Message } from "./wire.js";

/** What a header says, of which its own bytes are kept. */
export interface TronHeader {
	readonly height: number;
	/** Unix milliseconds. */
	readonly time: number;
	/** Block id, 64 hex digits. */
	readonly parent: string;
	readonly txTrieRoot: string;
	/** The witness whose turn it was: 42 hex digits. */
	readonly witness: string;
	/** What is hashed and signed. */
	readonly raw: Buffer;
	readonly signature: Buffer;
}

/** What a transaction asks for: the number of its contract's type and its message. */
export interface TronContract {
	readonly type: number;
	readonly parameter: Buffer;
	/** Which of the owner's permissions signed it, 0 for the owner's own. */
	readonly permission: number;
}

/** What a block says came of a transaction. */
export type Outcome = "succeeded" | "failed" | "untold";

/** A transaction as its block holds it. */
export interface TronTransaction {
	/** The whole of it, results included: what the block's tree of transactions is over. */
	readonly bytes: Buffer;
	/** SHA-256 of its raw data, 64 hex digits. */
	readonly id: string;
	readonly contracts: readonly TronContract[];
	readonly signatures: readonly Buffer[];
	readonly outcome: Outcome;
	/** Its results, one at most; undefined where the block holds none. */
	readonly result: Message | undefined;
	/** What its sender says its id is, where a node added that. */
	readonly statedId: string | undefined;
}

/** A block as bytes give it, unchecked. */
export interface TronBlock {
	/** What a node added to say which block it is; undefined in the bare form. */
	readonly statedId: string | undefined;
	readonly header: TronHeader;
	readonly transactions: readonly TronTransaction[];
}

/** Fields of `Block` and `BlockExtention`, of `Transaction` and `TransactionExtention` (java-tron, protocol/core/Tron.proto, api.proto). */
const BLOCK = { transactions: 1, header: 2, id: 3 } as const;
const EXTENDED = { transaction: 1, id: 2 } as const;
const TRANSACTION = { raw: 1, signature: 2, result: 5 } as const;
const RAW = { contract: 11 } as const;
const CONTRACT = { type: 1, parameter: 2, permission: 5 } as const;
const ANY_VALUE = 2;
const HEADER = { raw: 1, signature: 2 } as const;
const RAW_HEADER = { time: 1, root: 2, parent: 3, height: 7, witness: 9 } as const;
const RESULT = { code: 2, contract: 3 } as const;
/** `contractResult.SUCCESS`; 0 says nothing, and everything above is a failure of its own name. */
const SUCCESS = 1n;
const HASH_BYTES = 32;
/** Transactions of a block that a place can be told of. */
const MAX_TRANSACTIONS = 8_192;
/** A block of the chain has some 2 MB at most; this only bounds what is looked at. */
export const MAX_BLOCK_BYTES = 1 << 25;

/** SHA-256 as Buffer. */
export function sha256(...parts: readonly Uint8Array[]): Buffer {
	const hash = createHash("sha256");
	for (const part of parts) hash.update(part);
	return hash.digest();
}

/**
 * Reads a block from protobuf, as `Block` or as nodes' `BlockExtention`, whose ids are kept apart as what the node stated. Nothing is
 * checked but the form. Throws InputError that names the block's part.
 */
export function parseTronBlock(bytes: Buffer): TronBlock {
	if (bytes.length > MAX_BLOCK_BYTES) throw new InputError(`the block has ${bytes.length} bytes, more than any of Tron`);
	const block = new Message(bytes, "the block");
	const id = block.bytes(BLOCK.id);
	const all = block.all(BLOCK.transactions);
	if (all.length > MAX_TRANSACTIONS) throw new InputError(`the block has ${all.length} transactions, more than any of Tron`);
	const header = block.message(BLOCK.header, "the block's header");
	if (header === undefined) throw new InputError("the block has no header");
	return {
		statedId: id?.toString("hex"),
		header: readHeader(header),
		transactions: all.map((one, i) => (id === undefined ? readTransaction(one, i, undefined) : readExtended(one, i))),
	};
}

/** Reads a `BlockHeader`. Throws InputError. */
export function parseTronHeader(bytes: Buffer): TronHeader {
	return readHeader(new Message(bytes, "the block's header"));
}

function readHeader(header: Message): TronHeader {
	const raw = header.bytes(HEADER.raw);
	if (raw === undefined) throw new InputError("the block's header has no raw data");
	const data = new Message(raw, "the block's header");
	const height = data.amount(RAW_HEADER.height);
	if (height > BigInt(MAX_HEIGHT)) throw new InputError(`the block's height ${height} is beyond any of Tron`);
	const time = Number(data.amount(RAW_HEADER.time));
	if (!Number.isSafeInteger(time)) throw new InputError("the block's time is beyond any of Tron");
	const hash = (number: number, what: string): string => {
		const found = data.bytes(number);
		// A block without transactions may leave its root out.
		if (found?.length === HASH_BYTES) return found.toString("hex");
		if (number === RAW_HEADER.root && (found === undefined || found.length === 0)) return "0".repeat(2 * HASH_BYTES);
		throw new InputError(`the block's header has no ${what} of ${HASH_BYTES} bytes`);
	};
	return {
		height: Number(height),
		time,
		parent: hash(RAW_HEADER.parent, "parent"),
		txTrieRoot: hash(RAW_HEADER.root, "root of transactions"),
		witness: (data.bytes(RAW_HEADER.witness) ?? Buffer.alloc(0)).toString("hex"),
		raw,
		signature: header.bytes(HEADER.signature) ?? Buffer.alloc(0),
	};
}

function readExtended(bytes: Buffer, index: number): TronTransaction {
	const message = new Message(bytes, `transaction ${index}`);
	const inner = message.bytes(EXTENDED.transaction);
	if (inner === undefined) throw new InputError(`transaction ${index} is empty`);
	return readTransaction(inner, index, message.bytes(EXTENDED.id)?.toString("hex"));
}

/** Reads one `Transaction`; `index` names it in errors. Throws InputError. */
export function readTransaction(bytes: Buffer, index: number, statedId: string | undefined): TronTransaction {
	const what = `transaction ${index}`;
	const message = new Message(bytes, what);
	const raw = message.bytes(TRANSACTION.raw);
	if (raw === undefined) throw new InputError(`${what} has no raw data`);
	const results = message.all(TRANSACTION.result);
	const result = results.length === 1 ? new Message(results[0] as Buffer, `the result of ${what}`) : undefined;
	return {
		bytes,
		id: sha256(raw).toString("hex"),
		contracts: new Message(raw, what).all(RAW.contract).map((one) => readContract(one, what)),
		signatures: message.all(TRANSACTION.signature),
		outcome: outcomeOf(result),
		result,
		statedId,
	};
}

function readContract(bytes: Buffer, what: string): TronContract {
	const contract = new Message(bytes, `the contract of ${what}`);
	return {
		type: Number(contract.number(CONTRACT.type) ?? 0n),
		parameter: contract.message(CONTRACT.parameter, `the parameter of ${what}`)?.bytes(ANY_VALUE) ?? Buffer.alloc(0),
		permission: Number(contract.number(CONTRACT.permission) ?? 0n),
	};
}

/** What the block says came of it: nothing where there is no result, where `contractRet` is not told, and where two fields differ. */
function outcomeOf(result: Message | undefined): Outcome {
	const told = result?.number(RESULT.contract) ?? 0n;
	const failed = (result?.number(RESULT.code) ?? 0n) !== 0n;
	if (told === SUCCESS) return failed ? "untold" : "succeeded";
	return told === 0n && !failed ? "untold" : "failed";
}
