import { InputError } from "@clew/core";
import { MAX_BLOCK_BYTES } from "./block.js";
import { Message } from "./wire.js";

/** A log of a transaction, in hex. */
export interface TronLog {
	/** 20 bytes, without the version. */
	readonly address: Buffer;
	readonly topics: readonly string[];
	readonly data: string;
}

/** Money that a call inside a transaction took along; `token` is the number of a TRC-10 token, undefined for TRX. */
interface CallValue {
	readonly amount: bigint;
	readonly token: string | undefined;
}

/** A call inside a transaction. */
export interface InternalCall {
	readonly from: Buffer | undefined;
	readonly to: Buffer | undefined;
	readonly values: readonly CallValue[];
	/** What made it: `call`, `create`, `suicide`, or an instruction such as `freezeBalanceV2ForEnergy`. */
	readonly note: string;
	readonly rejected: boolean;
}

/** What a node tells of a transaction beside its block; nothing of it stands below the block's root. */
export interface TransactionInfo {
	readonly id: string;
	readonly height: number;
	/** Of its block, in milliseconds; 0 where it does not say. */
	readonly time: number;
	/** Sun, all that was burned for it. */
	readonly fee: bigint;
	/** What it says came of the transaction; undefined where it does not say. */
	readonly status: "succeeded" | "failed" | undefined;
	/** The number of a TRC-10 token that it made, empty where it made none. */
	readonly issued: string;
	readonly logs: readonly TronLog[];
	readonly internal: readonly InternalCall[];
	/** Sun of rewards that it paid out. */
	readonly withdrawn: bigint;
}

const INFO = { id: 1, fee: 2, height: 3, time: 4, receipt: 7, log: 8, result: 9, issued: 14, withdrawn: 15, internal: 17 } as const;
const LOG = { address: 1, topics: 2, data: 3 } as const;
const INTERNAL = { from: 2, to: 3, values: 4, note: 5, rejected: 6 } as const;
const VALUE = { amount: 1, token: 2 } as const;
const RECEIPT_RESULT = 7;
/** `contractResult.SUCCESS`. */
const SUCCESS = 1n;
const HASH_BYTES = 32;
const MAX_TOPICS = 4;

/** Reads a `TransactionInfoList` of protobuf. Throws InputError that names the part. */
export function parseInfoList(bytes: Buffer): readonly TransactionInfo[] {
	if (bytes.length > MAX_BLOCK_BYTES) throw new InputError(`the list of infos has ${bytes.length} bytes, more than any of Tron`);
	return new Message(bytes, "the list of infos").all(1).map((one, i) => readInfo(new Message(one, `info ${i}`), i));
}

function readInfo(info: Message, index: number): TransactionInfo {
	const what = `info ${index}`;
	const id = info.bytes(INFO.id);
	if (id?.length !== HASH_BYTES) throw new InputError(`${what} names no transaction`);
	return {
		id: id.toString("hex"),
		height: Number(info.amount(INFO.height)),
		time: Number(info.amount(INFO.time)),
		fee: info.amount(INFO.fee),
		status: statusOf(info, what),
		issued: (info.bytes(INFO.issued) ?? Buffer.alloc(0)).toString("latin1"),
		logs: info.all(INFO.log).map((one) => readLog(new Message(one, `a log of ${what}`), what)),
		internal: info.all(INFO.internal).map((one) => readInternal(new Message(one, `a call of ${what}`), what)),
		withdrawn: info.amount(INFO.withdrawn),
	};
}

/** `FAILED`, or what the receipt of a call says; a receipt without a result is of a transaction that called nothing. */
function statusOf(info: Message, what: string): "succeeded" | "failed" | undefined {
	if ((info.number(INFO.result) ?? 0n) !== 0n) return "failed";
	const result = info.message(INFO.receipt, `the receipt of ${what}`)?.number(RECEIPT_RESULT) ?? 0n;
	return result === 0n ? undefined : result === SUCCESS ? "succeeded" : "failed";
}

function readLog(log: Message, what: string): TronLog {
	const topics = log.all(LOG.topics).map((topic) => topic.toString("hex"));
	if (topics.length > MAX_TOPICS) throw new InputError(`a log of ${what} has ${topics.length} topics`);
	return { address: log.bytes(LOG.address) ?? Buffer.alloc(0), topics, data: (log.bytes(LOG.data) ?? Buffer.alloc(0)).toString("hex") };
}

function readInternal(call: Message, what: string): InternalCall {
	const values = call.all(INTERNAL.values).map((one) => {
		const value = new Message(one, `a value of ${what}`);
		const token = (value.bytes(VALUE.token) ?? Buffer.alloc(0)).toString("latin1");
		return { amount: value.amount(VALUE.amount), token: token === "" || token === "_" ? undefined : token };
	});
	return {
		from: call.bytes(INTERNAL.from),
		to: call.bytes(INTERNAL.to),
		values,
		note: (call.bytes(INTERNAL.note) ?? Buffer.alloc(0)).toString("latin1"),
		rejected: (call.number(INTERNAL.rejected) ?? 0n) !== 0n,
	};
}
