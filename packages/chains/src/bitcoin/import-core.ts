import { createHash } from "node:crypto";
import { type ChainId, type GraphStore, type Hash, InputError, type OutputFacts, throwIfAborted } from "@clew/core";
import { Transaction } from "bitcoinjs-lib";
import { z } from "zod";
import { exactValues } from "../exact-json.js";
import { BlockFacts } from "../import/block-facts.js";
import { fileSource } from "../import/file-source.js";
import type { KnownExport } from "../import/known-exports.js";
import { wholeText } from "../import/text-file.js";
import { hashText } from "./block.js";
import type { UtxoImportReport } from "./import-blocks.js";
import {
	checkChain,
	checkFee,
	coreHeader,
	coreInput,
	headerBytes,
	previousOutput,
	satoshiOf,
	shaped,
	transactionOfRaw,
	unwrapped,
} from "./json.js";
import { keepTransactions, type SavedTransaction } from "./saved-transactions.js";
import { type ScriptReader, scriptReader } from "./script.js";
import { networkOf } from "./source.js";

/** What a case calls such a file, in the detail of its source. */
export const CORE_FILE = "Bitcoin Core transactions";

/** What they are known by. */
export const CORE_EXPORTS: readonly KnownExport[] = [
	{ name: "a transaction as a node of Bitcoin gives it (getrawtransaction)", columns: ["txid", "hex", "vin", "vout"], without: [] },
	{ name: "a transaction as a wallet of Bitcoin Core gives it (gettransaction)", columns: ["txid", "hex", "details"], without: [] },
];

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const natural = z.string().regex(/^[0-9]{1,16}$/);
const transaction = z.looseObject({
	txid: hash,
	hex: z.string().regex(/^([0-9a-f]{2})+$/),
	blockhash: hash.optional(),
	blockheight: natural.optional(),
	blocktime: natural.optional(),
	confirmations: z
		.string()
		.regex(/^-?[0-9]{1,9}$/)
		.optional(),
	fee: z.string().optional(),
	in_active_chain: z.boolean().optional(),
	vin: z.array(coreInput).optional(),
});
type CoreTransaction = z.infer<typeof transaction>;

interface Place {
	readonly height: number;
	readonly time: number;
}

/**
 * Imports transactions that a node or a wallet of Bitcoin Core gave one by one, from their bytes: `gettransaction TXID`,
 * `getrawtransaction TXID 1` or `2` (with `result` around them or not; one, a list, or one a line). The second does not tell the height
 * of its block: that is taken from an answer of `getblockheader` (or `getblock`) among these files, or from the case. Unconfirmed ones
 * are left out and counted. Nothing counts as fetched because of such files. Throws InputError with file:line.
 */
export async function importBitcoinCore(store: GraphStore, paths: readonly string[], signal?: AbortSignal): Promise<UtxoImportReport[]> {
	const { chain } = store.info;
	const network = networkOf(chain);
	const scripts = scriptReader(network);
	const blocks = new BlockFacts();
	const files = [];
	const headers = new Map<string, Place>();
	for (const path of paths) {
		throwIfAborted(signal);
		const answers = exactValues(await wholeText(path), path).map(({ value, line }) => ({
			answer: unwrapped(value, `${path}:${line}`),
			where: `${path}:${line}`,
		}));
		for (const { answer, where } of answers) if (isHeader(answer)) addHeader(answer, where, headers);
		files.push({ path, answers: answers.filter(({ answer }) => !isHeader(answer)) });
	}
	const reports: UtxoImportReport[] = [];
	for (const { path, answers } of files) {
		const source = await fileSource(path, CORE_FILE);
		const found: SavedTransaction[] = [];
		let pending = 0;
		for (const { answer, where } of answers) {
			const json = shaped(transaction, answer, where, "a transaction as Bitcoin Core gives it, with its bytes (hex)");
			checkChain(json, network, where);
			if (isPending(json)) pending++;
			else found.push(toldBy(json, await placeOf(store, chain, json, headers, where), scripts, where));
		}
		const report = await keepTransactions(store, { file: path, source }, found, "imported", blocks);
		reports.push(
			pending === 0 ? report : { ...report, notes: [`${pending} transactions that are in no block of the best chain were left out`] },
		);
	}
	return reports;
}

/** True for one that is in no block of the node's best chain: of a block beside it Core says 0 confirmations, and `in_active_chain`. */
function isPending({ blockhash, confirmations = "1", in_active_chain: active = true }: CoreTransaction): boolean {
	return blockhash === undefined || Number(confirmations) <= 0 || !active;
}

function isHeader(answer: unknown): answer is object {
	return typeof answer === "object" && answer !== null && "merkleroot" in answer;
}

/** A header must hash to what it calls itself; its height is the node's word. */
function addHeader(answer: object, where: string, headers: Map<string, Place>): void {
	const json = shaped(coreHeader, answer, where, "a header as Bitcoin Core gives it");
	if (json.height === undefined) throw new InputError(`block ${json.hash} has no height`, { where });
	const digest = createHash("sha256")
		.update(createHash("sha256").update(headerBytes(json)).digest())
		.digest();
	if (hashText(digest) !== json.hash) throw new InputError(`calls itself ${json.hash}, and hashes to ${hashText(digest)}`, { where });
	if (json.confirmations?.startsWith("-")) throw new InputError(`block ${json.hash} is not on the node's best chain`, { where });
	headers.set(json.hash, { height: Number(json.height), time: Number(json.time) });
}

/** Where its block stands, by the answer itself, a header among the files, or the case. */
async function placeOf(
	store: GraphStore,
	chain: ChainId,
	json: CoreTransaction,
	headers: ReadonlyMap<string, Place>,
	where: string,
): Promise<Place> {
	const block = json.blockhash as Hash;
	const told = headers.get(block) ?? (await store.headerOf(chain, block));
	const height = json.blockheight === undefined ? told?.height : Number(json.blockheight);
	const time = json.blocktime === undefined ? told?.time : Number(json.blocktime);
	if (told !== undefined && told.height !== height)
		throw new InputError(`transaction ${json.txid} is in block ${height}, and block ${block} is block ${told.height}`, {
			where,
			code: "CONFLICT",
		});
	if (height === undefined || time === undefined)
		throw new InputError(`transaction ${json.txid} is in block ${block}, and nobody tells the height and time of that`, {
			where,
			hint: `Import the answer of "getblockheader ${block}" beside it.`,
		});
	return { height, time };
}

function toldBy(json: CoreTransaction, { height, time }: Place, scripts: ScriptReader, where: string): SavedTransaction {
	const bytes = Buffer.from(json.hex, "hex");
	const txid = json.txid as Hash;
	const record = readRaw(bytes, txid, height, scripts, where);
	const previous = previousOutputs(json, bytes, scripts);
	const inputs = record.inputs.map((input, i) => {
		const facts = previous[i];
		return facts === undefined ? input : { ...input, previous: facts };
	});
	// A wallet writes what it paid as a negative number; a node the fee itself.
	if (json.fee !== undefined && !json.fee.startsWith("-") && !record.coinbase)
		checkFee(txid, satoshiOf(json.fee), inputs, record.outputs, where);
	return { record: { ...record, inputs }, time, blockHash: json.blockhash as Hash, where };
}

function readRaw(bytes: Buffer, txid: Hash, height: number, scripts: ScriptReader, where: string) {
	try {
		return transactionOfRaw(bytes, txid, height, scripts, where);
	} catch (cause) {
		if (cause instanceof InputError) throw cause;
		throw new InputError(`the bytes of transaction ${txid} are no transaction`, { where, cause });
	}
}

/** What the outputs that it spends held, where the node told them (verbosity 2), by input. */
function previousOutputs(json: CoreTransaction, bytes: Buffer, scripts: ScriptReader): readonly (OutputFacts | undefined)[] {
	const { vin } = json;
	if (vin === undefined || vin.length !== Transaction.fromBuffer(bytes).ins.length) return [];
	return vin.map((input) => previousOutput(input, scripts));
}
