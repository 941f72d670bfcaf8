import {
	type BitcoinNetwork,
	type GraphStore,
	type Hash,
	InputError,
	type InputRecord,
	normalizeBitcoinAddress,
	type OutputFacts,
	quote,
	throwIfAborted,
	trustedAccountId,
} from "@clew/core";
import { address as addresses, Transaction } from "bitcoinjs-lib";
import { z } from "zod";
import { exactValues } from "../exact-json.js";
import { BlockFacts } from "../import/block-facts.js";
import { fileSource } from "../import/file-source.js";
import type { KnownExport } from "../import/known-exports.js";
import { wholeText } from "../import/text-file.js";
import { writtenTime } from "../import/time.js";
import { hashText } from "./block.js";
import type { UtxoImportReport } from "./import-blocks.js";
import { checkChain, checkFee, shaped, signedBy, type ToldTransaction, withoutData, word } from "./json.js";
import { keepTransactions } from "./saved-transactions.js";
import { type ScriptReader, scriptReader } from "./script.js";
import { networkOf } from "./source.js";

/** What a case calls such a file, in the detail of its source. */
export const ETL_FILE = "bitcoin-etl transactions";

/** What it is known by. */
export const ETL_EXPORTS: readonly KnownExport[] = [
	{ name: ETL_FILE, columns: ["hash", "block_number", "block_timestamp", "is_coinbase", "inputs", "outputs"], without: [] },
];

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const hex = z.string().regex(/^([0-9a-f]{2})*$/);
const natural = z.string().regex(/^[0-9]{1,16}$/);
const party = { type: z.string().nullish(), addresses: z.array(z.string()).nullish() };
const input = z.looseObject({
	...party,
	index: natural,
	spent_transaction_hash: hash,
	spent_output_index: word,
	script_hex: hex.nullish(),
	sequence: word,
	value: natural.nullish(),
	txinwitness: z.array(hex).nullish(),
});
const output = z.looseObject({ ...party, index: natural, script_hex: hex, value: natural });
const transaction = z.looseObject({
	hash,
	version: z.string().regex(/^-?[0-9]{1,10}$/),
	lock_time: word,
	block_number: natural,
	block_hash: hash.nullish(),
	block_timestamp: z.string(),
	is_coinbase: z.boolean(),
	inputs: z.array(input),
	outputs: z.array(output),
	input_count: natural.nullish(),
	output_count: natural.nullish(),
	fee: natural.nullish(),
	input_value: natural.nullish(),
	output_value: natural.nullish(),
});
type EtlTransaction = z.infer<typeof transaction>;
type EtlInput = z.infer<typeof input>;

/** Types of scripts that an address tells whole. */
const ADDRESS_TYPES: ReadonlySet<string> = new Set([
	"pubkeyhash",
	"scripthash",
	"witness_v0_keyhash",
	"witness_v0_scripthash",
	"witness_v1_taproot",
]);
const MAX_SIGNED = 0x7fffffff;

/**
 * Imports transactions as bitcoin-etl exports them (JSON lines, or one list; also BigQuery's `crypto_bitcoin.transactions` as JSON). Where
 * inputs have their scripts, the transaction's id is recomputed from them. Nothing counts as fetched because of such files. Throws
 * InputError with file:line.
 */
export async function importBitcoinEtl(
	store: GraphStore,
	path: string,
	{ signal, blocks = new BlockFacts() }: { readonly signal?: AbortSignal | undefined; readonly blocks?: BlockFacts } = {},
): Promise<UtxoImportReport> {
	const network = networkOf(store.info.chain);
	const scripts = scriptReader(network);
	const source = await fileSource(path, ETL_FILE);
	const values = exactValues(await wholeText(path), path);
	throwIfAborted(signal);
	const found = values.map(({ value, line }) => {
		const where = `${path}:${line}`;
		return { ...told(shaped(transaction, value, where, "a transaction as bitcoin-etl gives it"), network, scripts, where), where };
	});
	return keepTransactions(store, { file: path, source }, found, "imported", blocks);
}

function told(tx: EtlTransaction, network: BitcoinNetwork, scripts: ScriptReader, where: string): ToldTransaction {
	const bad = (what: string) => new InputError(`transaction ${tx.hash}: ${what}`, { where });
	const ins = inOrder(tx.inputs, tx.is_coinbase ? undefined : tx.input_count, "inputs", bad);
	const outs = inOrder(tx.outputs, tx.output_count, "outputs", bad);
	if (tx.is_coinbase && ins.length > 0) throw bad("is a coinbase and spends outputs");
	if (!tx.is_coinbase && ins.length === 0) throw bad("spends nothing and is no coinbase");
	checkChain(tx, network, where);
	checkId(tx, ins, outs, where);
	checkSum(tx.output_value, outs, "outputs", bad);
	if (!tx.is_coinbase) checkSum(tx.input_value, ins, "inputs", bad);
	const time = /^[0-9]{1,12}$/.test(tx.block_timestamp) ? Number(tx.block_timestamp) : writtenTime(tx.block_timestamp);
	if (time === undefined)
		throw bad(`block_timestamp: ${quote(tx.block_timestamp)} is no time in Unix seconds, nor such as 2010-04-10 16:31:40 UTC`);
	const outputs = outs.map((o) => {
		const [only, ...others] = o.addresses ?? [];
		const stated = others.length === 0 && only !== undefined && (o.type === "pubkey" || ADDRESS_TYPES.has(o.type ?? "")) ? only : undefined;
		return scripts.output(BigInt(o.value), Buffer.from(o.script_hex, "hex"), stated);
	});
	const inputs = ins.map((i): InputRecord => {
		const previous = previousOf(i, network, scripts);
		return {
			outpoint: { txid: i.spent_transaction_hash as Hash, vout: Number(i.spent_output_index) },
			sequence: Number(i.sequence),
			...(previous === undefined ? {} : { previous }),
			...signedBy(i.script_hex ?? undefined, i.txinwitness ?? undefined),
		};
	});
	if (tx.fee && !tx.is_coinbase) checkFee(tx.hash, BigInt(tx.fee), inputs, outputs, where);
	return {
		time,
		...(tx.block_hash ? { blockHash: tx.block_hash as Hash } : {}),
		record: {
			txid: tx.hash as Hash,
			height: Number(tx.block_number),
			version: Number(tx.version),
			locktime: Number(tx.lock_time),
			coinbase: tx.is_coinbase,
			inputs,
			outputs,
		},
	};
}

function inOrder<T extends { readonly index: string }>(
	list: readonly T[],
	count: string | null | undefined,
	what: string,
	bad: (what: string) => InputError,
): readonly T[] {
	if (count && Number(count) !== list.length) throw bad(`has ${count} ${what}, and ${list.length} are told`);
	const sorted = [...list].sort((a, b) => Number(a.index) - Number(b.index));
	const wrong = sorted.findIndex(({ index }, i) => Number(index) !== i);
	if (wrong >= 0) throw bad(`of its ${what} number ${wrong} is missing, or told twice`);
	return sorted;
}

/** What a transaction tells of all its inputs or outputs is their sum, where each tells its value. Throws InputError. */
function checkSum(
	told: string | null | undefined,
	list: readonly { readonly value?: string | null | undefined }[],
	what: string,
	bad: (what: string) => InputError,
): void {
	if (!told || list.some(({ value }) => !value)) return;
	const sum = list.reduce((total, { value }) => total + BigInt(value ?? 0), 0n);
	if (sum !== BigInt(told)) throw bad(`tells ${told} satoshi of all its ${what}, and they tell ${sum}`);
}

/** The id is the hash of all of it but witnesses: it must come out where every input's script is told. Throws InputError. */
function checkId(tx: EtlTransaction, ins: readonly EtlInput[], outs: readonly z.infer<typeof output>[], where: string): void {
	const version = Number(tx.version);
	if (tx.is_coinbase || version < 0 || version > MAX_SIGNED) return;
	const raw = new Transaction();
	raw.version = version;
	raw.locktime = Number(tx.lock_time);
	for (const i of ins) {
		if (i.script_hex === null || i.script_hex === undefined) return;
		const spent = Buffer.from(i.spent_transaction_hash, "hex").reverse();
		raw.addInput(spent, Number(i.spent_output_index), Number(i.sequence), Buffer.from(i.script_hex, "hex"));
	}
	for (const o of outs) raw.addOutput(Buffer.from(o.script_hex, "hex"), BigInt(o.value));
	const found = hashText(raw.getHash(false));
	if (found === tx.hash) return;
	throw new InputError(`calls itself transaction ${tx.hash}, and hashes to ${found}`, {
		where,
		code: "CONFLICT",
		hint: "The file was edited or is damaged; nothing was imported.",
	});
}

/** What an input brings, where the export was enriched with it and an address tells the script, or a key's the owner. */
function previousOf({ type, value, addresses: told }: EtlInput, network: BitcoinNetwork, scripts: ScriptReader): OutputFacts | undefined {
	const [only, ...others] = told ?? [];
	if (!value || only === undefined || others.length > 0) return undefined;
	if (type === "pubkey")
		return { value: BigInt(value), account: trustedAccountId(network.chain, normalizeBitcoinAddress(only, network)), scriptType: "p2pk" };
	const script = ADDRESS_TYPES.has(type ?? "") ? scriptOf(only, network) : undefined;
	return script === undefined ? undefined : withoutData(scripts.output(BigInt(value), script, only));
}

/** The script that an address pays to; undefined for what is no address of the network. */
function scriptOf(text: string, network: BitcoinNetwork): Buffer | undefined {
	try {
		if (text.toLowerCase().startsWith(`${network.hrp}1`)) {
			const { version, data } = addresses.fromBech32(text);
			return Buffer.concat([Buffer.from([version === 0 ? 0 : 0x50 + version, data.length]), data]);
		}
		const { version, hash: digest } = addresses.fromBase58Check(text);
		if (version === network.pubKeyHash) return Buffer.concat([Buffer.from("76a914", "hex"), digest, Buffer.from("88ac", "hex")]);
		return version === network.scriptHash ? Buffer.concat([Buffer.from("a914", "hex"), digest, Buffer.from("87", "hex")]) : undefined;
	} catch {
		return undefined;
	}
}
