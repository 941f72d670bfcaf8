import { isDeepStrictEqual } from "node:util";
import {
	ClewError,
	type GraphStore,
	type Hash,
	InputError,
	type InputRecord,
	MAX_UTXO_HEIGHT,
	type OutputRecord,
	parseBaseUnits,
	quote,
	type SignatureScope,
	throwIfAborted,
} from "@clew/core";
import { BlockTimes, bitcoinSlack } from "../import/block-facts.js";
import { type Columns, cellAt, columnsOf } from "../import/columns.js";
import { fileSource } from "../import/file-source.js";
import { describeUnknown, type KnownExport } from "../import/known-exports.js";
import { UNREAD_EXPORTS } from "../import/other-exports.js";
import { type FileRecord, withRecords } from "../import/records.js";
import { writtenTime } from "../import/time.js";
import type { UtxoImportReport } from "./import-blocks.js";
import { type ScriptReader, scriptReader } from "./script.js";
import { signatureScope } from "./signatures.js";
import { networkOf } from "./source.js";

/** What a case calls such a file, in the detail of its source. */
export const DUMP_FILE = "Blockchair dump";

/** Columns of Blockchair's database dumps that are read; others are passed over. */
const OUTPUT_COLUMNS = ["block_id", "transaction_hash", "index", "time", "value", "script_hex", "is_from_coinbase"] as const;
const INPUT_COLUMNS = ["spending_block_id", "spending_transaction_hash", "spending_index", "spending_time", "spending_sequence"] as const;
/** The dumps by their columns. */
export const BLOCKCHAIR_DUMPS: readonly KnownExport[] = [
	{ name: "Blockchair's dump of outputs", columns: OUTPUT_COLUMNS, without: ["spending_transaction_hash"] },
	{ name: "Blockchair's dump of inputs", columns: [...OUTPUT_COLUMNS, ...INPUT_COLUMNS], without: [] },
];
/** Rows are put together in memory: beyond this many, import whole blocks instead. */
const MAX_ROWS = 2_000_000;

/** A transaction whose rows are being collected. */
interface OpenTransaction {
	readonly txid: Hash;
	readonly where: string;
	readonly height: number;
	coinbase: boolean;
	/** Where it is told to spend something, and where to make something. */
	spends?: string;
	makes?: string;
	readonly inputs: Map<number, InputRecord>;
	readonly outputs: Map<number, OutputRecord>;
}

/** What a row tells of the transaction that made an output. */
interface Origin {
	readonly height: number;
	readonly coinbase: boolean;
	readonly where: string;
}

/** What the rows told so far. */
interface Dump {
	readonly scripts: ScriptReader;
	readonly transactions: Map<string, OpenTransaction>;
	/** By transaction, what inputs rows tell of where their outputs were made. */
	readonly made: Map<Hash, Origin>;
	readonly times: BlockTimes;
}

/**
 * Imports Blockchair's dumps (CSV or TSV): an outputs file and an inputs file that belong together, known by their columns. Transactions
 * are put together from both; one that lacks an input or an output row is refused. Values are whole satoshi. Nothing counts as fetched
 * because of such files. Throws InputError with file:line.
 */
export async function importBitcoinCsv(store: GraphStore, paths: readonly string[], signal?: AbortSignal): Promise<UtxoImportReport[]> {
	const { chain } = store.info;
	const network = networkOf(chain);
	const dump: Dump = {
		scripts: scriptReader(network),
		transactions: new Map(),
		made: new Map(),
		times: new BlockTimes(bitcoinSlack(network)),
	};
	const sources = [];
	let rows = 0;
	for (const path of paths) {
		const source = await fileSource(path, DUMP_FILE);
		await store.putSource(source);
		sources.push({ path, source });
		await withRecords(path, async ({ headers, blocks }) => {
			const header = headers[0] ?? [];
			const missing = OUTPUT_COLUMNS.filter((column) => !header.includes(column));
			if (missing.length > 0) {
				const { message, hint } = describeUnknown(header, BLOCKCHAIR_DUMPS, UNREAD_EXPORTS);
				throw new InputError(message, { where: `${path}:1`, hint });
			}
			let columns = columnsOf(header);
			const spends = INPUT_COLUMNS.every((column) => header.includes(column));
			for await (const block of blocks) {
				throwIfAborted(signal);
				for (const record of block) {
					if (columns.header !== record.header) columns = columnsOf(record.header);
					const row = new DumpRow(record, columns, `${path}:${record.line}`);
					if (++rows > MAX_ROWS) throw row.bad(`more than ${MAX_ROWS} rows: import whole blocks instead`);
					if (spends) addInput(row, dump);
					else addOutput(row, dump);
				}
			}
		});
	}
	checkOrigins(dump);
	const records = [...dump.transactions.values()].map((tx) => ({
		txid: tx.txid,
		height: tx.height,
		version: 0,
		locktime: 0,
		coinbase: tx.coinbase,
		inputs: tx.coinbase ? [] : inOrder(tx, tx.inputs, "input"),
		outputs: inOrder(tx, tx.outputs, "output"),
	}));
	const [first] = sources;
	if (first === undefined) throw new InputError("no file is named", { code: "USAGE" });
	const result = await store.putUtxoTransactions(chain, records, await dump.times.take(store, chain), first.source, "imported");
	return sources.map(({ path, source }, i) => ({
		file: path,
		source,
		blocks: 0,
		...(i === 0 ? result : { added: 0, known: 0 }),
		heights: undefined,
	}));
}

function addOutput(row: DumpRow, { scripts, transactions, times }: Dump): void {
	const tx = openTransaction(row, row.hash("transaction_hash"), row.height("block_id"), transactions);
	const coinbase = row.flag("is_from_coinbase");
	if (tx.makes !== undefined && tx.coinbase !== coinbase)
		throw row.conflict("is_from_coinbase: another row of this transaction says otherwise");
	tx.coinbase = coinbase;
	tx.makes ??= row.where;
	if (coinbase && tx.spends !== undefined) throw spendingCoinbase(tx.txid, row, tx.spends);
	addOnce(tx.outputs, row.index("index"), row.output(scripts), row);
	times.tell(tx.height, row.time("time"), row.where);
}

function addInput(row: DumpRow, { scripts, transactions, made, times }: Dump): void {
	const tx = openTransaction(row, row.hash("spending_transaction_hash"), row.height("spending_block_id"), transactions);
	tx.spends ??= row.where;
	if (tx.coinbase && tx.makes !== undefined) throw spendingCoinbase(tx.txid, row, tx.makes);
	const { data: _, ...previous } = row.output(scripts);
	const outpoint = { txid: row.hash("transaction_hash"), vout: row.index("index") };
	const origin = { height: row.height("block_id"), coinbase: row.flag("is_from_coinbase"), where: row.where };
	if (origin.height > tx.height)
		throw row.conflict(`the output was made in block ${origin.height} (block_id), after block ${tx.height} (spending_block_id) spent it`);
	const known = made.get(outpoint.txid);
	if (known !== undefined) checkOrigin(outpoint.txid, known, origin);
	else made.set(outpoint.txid, origin);
	const signed = row.signed();
	const input = { outpoint, sequence: row.number("spending_sequence", 0xffffffff), previous, ...(signed ? { signed } : {}) };
	addOnce(tx.inputs, row.index("spending_index"), input, row);
	times.tell(tx.height, row.time("spending_time"), row.where);
}

function spendingCoinbase(txid: Hash, row: DumpRow, other: string): InputError {
	return row.conflict(`transaction ${txid} spends outputs and is a coinbase (is_from_coinbase), which spends none, by ${other}`);
}

/** What rows of both dumps tell of the transactions that made outputs must agree. Throws InputError (CONFLICT). */
function checkOrigins({ transactions, made }: Dump): void {
	for (const [txid, origin] of made) {
		const tx = transactions.get(txid);
		if (tx?.makes !== undefined) checkOrigin(txid, { height: tx.height, coinbase: tx.coinbase, where: tx.makes }, origin);
		else if (tx?.spends !== undefined && tx.height !== origin.height)
			throw conflictAt(origin.where, `transaction ${txid} is in block ${tx.height} by ${tx.where}`);
	}
}

function checkOrigin(txid: Hash, known: Origin, { height, coinbase, where }: Origin): void {
	if (known.height !== height) throw conflictAt(where, `transaction ${txid} is in block ${known.height} by ${known.where}`);
	if (known.coinbase !== coinbase) throw conflictAt(where, `is_from_coinbase: ${known.where} says otherwise of transaction ${txid}`);
}

function openTransaction(row: DumpRow, txid: Hash, height: number, transactions: Map<string, OpenTransaction>): OpenTransaction {
	const known = transactions.get(txid);
	if (known !== undefined && known.height !== height)
		throw row.conflict(`transaction ${txid} is in block ${known.height} by ${known.where}`);
	if (known !== undefined) return known;
	const tx = { txid, where: row.where, height, coinbase: false, inputs: new Map(), outputs: new Map() };
	transactions.set(txid, tx);
	return tx;
}

/** Dumps may overlap: an equal row again tells nothing new. */
function addOnce<T>(map: Map<number, T>, index: number, value: T, row: DumpRow): void {
	const known = map.get(index);
	if (known !== undefined && !isDeepStrictEqual(known, value)) throw row.conflict(`index ${index} comes twice, with different values`);
	map.set(index, value);
}

function inOrder<T>(tx: OpenTransaction, map: ReadonlyMap<number, T>, what: string): T[] {
	if (map.size === 0) throw incomplete(tx, `no ${what} of transaction ${tx.txid} is in these files`);
	return Array.from({ length: map.size }, (_, i) => {
		const value = map.get(i);
		if (value === undefined) throw incomplete(tx, `${what} ${i} of transaction ${tx.txid} is missing`);
		return value;
	});
}

function incomplete(tx: OpenTransaction, what: string): InputError {
	return new InputError(what, { where: tx.where, hint: "Import the outputs dump and the inputs dump of the same days together." });
}

function conflictAt(where: string, what: string): InputError {
	return new InputError(what, { where, code: "CONFLICT", hint: "The file was edited or is damaged; nothing was imported." });
}

/** One row of a dump, read cell by cell. */
class DumpRow {
	readonly where: string;
	private readonly columns: Columns;
	private readonly cells: readonly string[];

	constructor({ header, cells }: FileRecord, columns: Columns, where: string) {
		this.columns = columns;
		this.cells = cells;
		this.where = where;
		if (cells.length !== header.length) throw this.bad(`has ${cells.length} cells, the header ${header.length}; the file may be cut off`);
	}

	bad(what: string): InputError {
		return new InputError(what, { where: this.where });
	}

	conflict(what: string): InputError {
		return conflictAt(this.where, what);
	}

	text(column: string): string {
		try {
			return cellAt(this.columns, this.cells, this.columns.alike(column)) ?? "";
		} catch (error) {
			if (!(error instanceof InputError)) throw error;
			throw this.bad(error.message);
		}
	}

	number(column: string, max: number): number {
		const text = this.text(column);
		const value = Number(/^([0-9]{1,10})(?:\.0{1,6})?$/.exec(text)?.[1] ?? Number.NaN);
		if (!(value <= max)) throw this.bad(`${column}: ${quote(text)} is not a whole number up to ${max}`);
		return value;
	}

	flag(column: string): boolean {
		const text = this.text(column);
		if (/^(1|1\.0|true)$/i.test(text)) return true;
		if (/^(0|0\.0|false)$/i.test(text)) return false;
		throw this.bad(`${column}: ${quote(text)} is not 0, 1, 0.0, 1.0, true or false`);
	}

	index(column: string): number {
		return this.number(column, 0xffff);
	}

	height(column: string): number {
		return this.number(column, MAX_UTXO_HEIGHT);
	}

	hash(column: string): Hash {
		const text = this.text(column);
		if (!/^[0-9a-f]{64}$/.test(text)) throw this.bad(`${column}: ${quote(text)} is not a transaction id`);
		return text as Hash;
	}

	/** Unix seconds from `2009-01-12 03:30:25`; UTC when it names no zone. */
	time(column: string): number {
		const text = this.text(column);
		const time = writtenTime(text);
		if (time === undefined) throw this.bad(`${column}: ${quote(text)} is not a time such as 2009-01-12 03:30:25`);
		return time;
	}

	/** What the signatures agreed to, where the dump has the script and the witness, whose items it separates by commas. */
	signed(): SignatureScope | undefined {
		const [script, witness] = [this.text("spending_signature_hex"), this.text("spending_witness")];
		const items = witness === "" ? [] : witness.split(",");
		if (![script, ...items].every((text) => /^([0-9a-f]{2})*$/.test(text))) return undefined;
		const bytes = (text: string) => Buffer.from(text, "hex");
		return signatureScope({ script: bytes(script), witness: items.map(bytes) });
	}

	output(scripts: ScriptReader): OutputRecord {
		const script = this.text("script_hex");
		if (!/^([0-9a-f]{2})*$/.test(script)) throw this.bad(`script_hex: ${quote(script)} is not hex`);
		try {
			return scripts.output(parseBaseUnits(this.text("value")), Buffer.from(script, "hex"), this.recipient());
		} catch (error) {
			if (!(error instanceof ClewError)) throw error;
			throw this.bad(`${error.code === "BAD_ADDRESS" ? "recipient" : "value"}: ${error.message}`);
		}
	}

	/**
	 * The address beside the script, where the dump has one; scripts without an address have names there that begin with a letter and a
	 * dash.
	 */
	private recipient(): string | undefined {
		const text = this.text("recipient");
		return text === "" || /^[a-z]-/.test(text) ? undefined : text;
	}
}
