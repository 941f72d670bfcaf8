import {
	BITCOIN_DECIMALS,
	type BitcoinNetwork,
	chainNamed,
	type Hash,
	InputError,
	type InputRecord,
	namesChain,
	type OutputFacts,
	type OutputRecord,
	parseDecimal,
	quote,
	shapeProblem,
	type UtxoRecord,
} from "@clew/core";
import { Transaction } from "bitcoinjs-lib";
import { z } from "zod";
import { otherExport } from "../import/other-exports.js";
import { decodeTransaction, hashText, parseBlock, type RawBlock } from "./block.js";
import type { ScriptReader } from "./script.js";
import { signatureScope } from "./signatures.js";

const EXPONENT = /^([0-9]+)(?:\.([0-9]+))?[eE]([+-]?[0-9]{1,2})$/;

/** Satoshi from a number of bitcoin as it is written: `0.5`, and `1e-8` as Go's JSON writes it. Throws InputError (BAD_AMOUNT). */
export function satoshiOf(text: string): bigint {
	const match = EXPONENT.exec(text);
	if (match === null) return parseDecimal(text, BITCOIN_DECIMALS);
	const [, whole = "", fraction = "", power = "0"] = match;
	const shift = BITCOIN_DECIMALS + Number(power) - fraction.length;
	const digits = BigInt(whole + fraction);
	if (shift >= 0) return digits * 10n ** BigInt(shift);
	if (digits % 10n ** BigInt(-shift) !== 0n) throw new InputError(`${quote(text)} has parts of a satoshi`, { code: "BAD_AMOUNT" });
	return digits / 10n ** BigInt(-shift);
}

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const hex = z.string().regex(/^([0-9a-f]{2})*$/);
const whole = z.string().regex(/^-?[0-9]{1,20}$/);
const natural = z.string().regex(/^[0-9]{1,16}$/);
/** A whole number of 32 bits, as transactions hold places of outputs, sequences and lock times. */
export const word = z
	.string()
	.regex(/^[0-9]{1,10}$/, "a whole number of 32 bits")
	.refine((text) => Number(text) <= 0xffffffff, "a whole number of 32 bits");
const script = z.looseObject({ hex, address: z.string().optional() });
const prevout = z.looseObject({ value: z.string(), scriptPubKey: script });
/** An input as Bitcoin Core tells it; with the output that it spends at verbosity 2 or 3. */
export const coreInput = z.looseObject({ prevout: prevout.optional(), coinbase: z.string().optional() });
const coreTransaction = z.looseObject({ txid: hash, hex: hex.optional(), vin: z.array(coreInput) });
/** A header as `getblockheader` and `getblock` of Bitcoin Core tell it. */
export const coreHeader = z.looseObject({
	hash,
	height: natural.optional(),
	confirmations: whole.optional(),
	version: whole,
	merkleroot: hash,
	time: whole,
	nonce: whole,
	bits: z.string().regex(/^[0-9a-f]{8}$/),
	previousblockhash: hash.optional(),
});
/** `getblock` of Bitcoin Core (`tx`) and btcd (`rawtx` at verbosity 2), and REST's block in JSON. */
const coreBlock = coreHeader.extend({
	tx: z.array(z.union([hash, coreTransaction])).optional(),
	rawtx: z.array(coreTransaction).optional(),
});

/**
 * A block from a node's JSON: the block itself, rebuilt from the hex of its transactions and checked, and previous outputs where the node
 * told them (verbosity 3).
 */
export interface JsonBlock {
	readonly block: RawBlock;
	readonly height: number | undefined;
	readonly previous: ReadonlyMap<string, OutputFacts>;
}

/** Reads the answer to `getblock` at verbosity 2 or 3 (Core), 2 (btcd), or REST's `/rest/block/<hash>.json`. Throws InputError. */
export function blockFromJson(answer: unknown, network: BitcoinNetwork, scripts: ScriptReader, where: string): JsonBlock {
	const json = shaped(coreBlock, answer, where, "a block as Bitcoin Core or btcd give it");
	if (json.confirmations?.startsWith("-"))
		throw new InputError(`block ${json.hash} is not on the node's best chain`, {
			where,
			hint: "Ask for the block that stands at its height now.",
		});
	const listed = json.rawtx ?? json.tx ?? [];
	const transactions = listed.map((tx) => {
		if (typeof tx === "string" || tx.hex === undefined)
			throw new InputError("lists its transactions without their bytes", { where, hint: "Ask for verbosity 2 or 3 (getblock <hash> 2)." });
		return tx as typeof tx & { hex: string };
	});
	const bytes = Buffer.concat([headerBytes(json), varint(transactions.length), ...transactions.map((tx) => Buffer.from(tx.hex, "hex"))]);
	const block = parseBlock(bytes, network, where);
	if (block.hash !== json.hash) throw new InputError(`calls itself ${json.hash}, and its bytes hash to ${block.hash}`, { where });
	return { block, height: json.height === undefined ? undefined : Number(json.height), previous: previousOf(transactions, block, scripts) };
}

function previousOf(
	transactions: readonly z.infer<typeof coreTransaction>[],
	{ transactions: parsed }: RawBlock,
	scripts: ScriptReader,
): Map<string, OutputFacts> {
	const previous = new Map<string, OutputFacts>();
	for (const [i, { vin }] of transactions.entries()) {
		for (const [n, input] of vin.entries()) {
			const spent = parsed[i]?.raw.ins[n];
			const facts = previousOutput(input, scripts);
			if (facts === undefined || spent === undefined) continue;
			previous.set(`${hashText(spent.hash)}:${spent.index}`, facts);
		}
	}
	return previous;
}

/** What an input spends, where the node told it. Throws InputError (BAD_ADDRESS, BAD_AMOUNT). */
export function previousOutput({ prevout }: z.infer<typeof coreInput>, scripts: ScriptReader): OutputFacts | undefined {
	if (prevout === undefined) return undefined;
	const { hex: script, address } = prevout.scriptPubKey;
	return withoutData(scripts.output(satoshiOf(prevout.value), Buffer.from(script, "hex"), address));
}

/** The 80 bytes of a header. */
export function headerBytes(json: z.infer<typeof coreHeader>): Buffer {
	const header = Buffer.alloc(80);
	header.writeInt32LE(Number(json.version) | 0, 0);
	Buffer.from(json.previousblockhash ?? "0".repeat(64), "hex")
		.reverse()
		.copy(header, 4);
	Buffer.from(json.merkleroot, "hex").reverse().copy(header, 36);
	header.writeUInt32LE(Number(json.time) >>> 0, 68);
	header.writeUInt32LE(Number.parseInt(json.bits, 16), 72);
	header.writeUInt32LE(Number(json.nonce) >>> 0, 76);
	return header;
}

function varint(n: number): Buffer {
	if (n < 0xfd) return Buffer.from([n]);
	const bytes = Buffer.alloc(n <= 0xffff ? 3 : 5);
	bytes[0] = n <= 0xffff ? 0xfd : 0xfe;
	if (n <= 0xffff) bytes.writeUInt16LE(n, 1);
	else bytes.writeUInt32LE(n, 1);
	return bytes;
}

const esploraOutput = z.looseObject({ scriptpubkey: hex, scriptpubkey_address: z.string().nullish(), value: natural });
const esploraTransaction = z.looseObject({
	txid: hash,
	version: whole,
	locktime: word,
	vin: z.array(
		z.looseObject({
			txid: hash,
			vout: word,
			prevout: esploraOutput.nullable(),
			is_coinbase: z.boolean(),
			sequence: word,
			scriptsig: hex.optional(),
			witness: z.array(hex).optional(),
		}),
	),
	vout: z.array(esploraOutput),
	fee: natural.optional(),
	status: z.looseObject({
		confirmed: z.boolean(),
		block_height: natural.optional(),
		block_hash: hash.optional(),
		block_time: natural.optional(),
	}),
});

/** A transaction as a source tells of it, with the time of its block. */
export interface ToldTransaction {
	readonly record: UtxoRecord;
	readonly time: number;
	/** The hash of its block, when the answer names it. */
	readonly blockHash?: Hash;
}

/** Reads one transaction of Esplora's API; undefined while it is unconfirmed. Throws InputError. */
export function transactionFromEsplora(answer: unknown, scripts: ScriptReader, where: string): ToldTransaction | undefined {
	const json = shaped(esploraTransaction, answer, where, "a transaction as Esplora gives it");
	const { confirmed, block_height: height, block_time: time } = json.status;
	if (!confirmed) return undefined;
	if (height === undefined || time === undefined)
		throw new InputError(`transaction ${json.txid} is confirmed, and its block's height or time is missing`, { where });
	const output = (o: z.infer<typeof esploraOutput>): OutputRecord => {
		try {
			return scripts.output(BigInt(o.value), Buffer.from(o.scriptpubkey, "hex"), o.scriptpubkey_address || undefined);
		} catch (error) {
			if (!(error instanceof InputError)) throw error;
			throw new InputError(`transaction ${json.txid}: ${error.message}`, { where, code: error.code, cause: error, ...hintOf(error) });
		}
	};
	const coinbase = json.vin.length === 1 && json.vin[0]?.is_coinbase === true;
	const inputs = json.vin.map(
		(input): InputRecord => ({
			outpoint: { txid: input.txid as Hash, vout: Number(input.vout) },
			sequence: Number(input.sequence),
			...(input.prevout === null ? {} : { previous: withoutData(output(input.prevout)) }),
			...signedBy(input.scriptsig, input.witness),
		}),
	);
	const outputs = json.vout.map(output);
	if (json.fee !== undefined && !coinbase) checkFee(json.txid, BigInt(json.fee), inputs, outputs, where);
	const { block_hash: blockHash } = json.status;
	return {
		time: Number(time),
		...(blockHash === undefined ? {} : { blockHash: blockHash as Hash }),
		record: {
			txid: json.txid as Hash,
			height: Number(height),
			version: Number(json.version),
			locktime: Number(json.locktime),
			coinbase,
			inputs: coinbase ? [] : inputs,
			outputs,
		},
	};
}

const hintOf = ({ hint }: InputError) => (hint === undefined ? {} : { hint });

/** A fee that a source tells is what the inputs bring beyond the outputs, where it tells what all inputs bring. Throws InputError. */
export function checkFee(txid: string, fee: bigint, inputs: readonly InputRecord[], outputs: readonly OutputRecord[], where: string): void {
	const sum = (list: readonly { readonly value: bigint }[]) => list.reduce((total, { value }) => total + value, 0n);
	const spent = inputs.flatMap(({ previous }) => previous ?? []);
	if (spent.length < inputs.length || sum(spent) - sum(outputs) === fee) return;
	throw new InputError(`transaction ${txid} has a fee of ${fee} satoshi, and inputs of ${sum(spent)} and outputs of ${sum(outputs)}`, {
		where,
		code: "CONFLICT",
		hint: "The answer was edited or is damaged; nothing was imported.",
	});
}

/** What the signatures agreed to, where script and witness are told. Some tools keep one and drop the other: then nothing is said. */
export function signedBy(script: string | undefined, witness: readonly string[] | undefined): Pick<InputRecord, "signed"> {
	if (script === undefined && witness === undefined) return {};
	const bytes = (text: string) => Buffer.from(text, "hex");
	const signed = signatureScope({ script: bytes(script ?? ""), witness: (witness ?? []).map(bytes) });
	return signed === undefined ? {} : { signed };
}

/** The outputs of a raw transaction; its bytes must hash to the id that was asked for. Throws InputError. */
export function outputsOfRaw(bytes: Uint8Array, txid: Hash, scripts: ScriptReader, where: string): readonly OutputFacts[] {
	return transactionOfRaw(bytes, txid, 0, scripts, where).outputs.map(withoutData);
}

/** A raw transaction at its height; its bytes must hash to the id that was asked for. Throws InputError. */
export function transactionOfRaw(bytes: Uint8Array, txid: Hash, height: number, scripts: ScriptReader, where: string): UtxoRecord {
	const raw = Transaction.fromBuffer(bytes);
	const found = hashText(raw.getHash(false));
	if (found !== txid) throw new InputError(`was asked for transaction ${txid} and gave ${found}`, { where });
	return decodeTransaction(raw, txid, height, undefined, scripts);
}

/** An output without what an OP_RETURN carries. */
export function withoutData({ data: _, ...facts }: OutputRecord): OutputFacts {
	return facts;
}

/** What a node answered by JSON-RPC, or the value itself where nothing is around it. Throws InputError for an error. */
export function unwrapped(value: unknown, where: string): unknown {
	const { result, error } = (value ?? {}) as { readonly result?: unknown; readonly error?: unknown };
	if (error === undefined || error === null) return result ?? value;
	const said = typeof error === "object" && "message" in error ? String(error.message) : String(error);
	throw new InputError(`the answer is an error: ${quote(said.slice(0, 120))}`, { where, hint: "Ask again, then import the answer." });
}

/** Throws InputError for an answer that names another chain than the case's. */
export function checkChain(answer: object, { chain }: BitcoinNetwork, where: string): void {
	for (const [key, value] of Object.entries(answer)) {
		if (typeof value !== "string" || value === "" || !namesChain(key) || chainNamed(value) === chain) continue;
		throw new InputError(`is of chain ${quote(value)} by its ${key}, and transactions are imported for ${chain}`, { where });
	}
}

/** A value of this shape. Throws InputError that says what it is instead, where that is known. */
export function shaped<T>(schema: z.ZodType<T>, value: unknown, where: string, what: string): T {
	const result = schema.safeParse(value);
	if (result.success) return result.data;
	const [first] = Array.isArray(value) ? value : [value];
	const other = typeof first === "object" && first !== null ? otherExport(Object.keys(first)) : undefined;
	if (other !== undefined)
		throw new InputError(`looks like ${other.name}`, { where, ...(other.instead === undefined ? {} : { hint: other.instead }) });
	throw new InputError(`is not ${what}: ${shapeProblem(result.error, "it")}`.slice(0, 200), { where });
}
