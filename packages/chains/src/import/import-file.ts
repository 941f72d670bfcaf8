import { basename } from "node:path";
import {
	type AccountId,
	type AssetInfo,
	addressOf,
	type ChainId,
	ClewError,
	type GraphStore,
	InputError,
	type Source,
	throwIfAborted,
	tokenContract,
	trustedAccountId,
} from "@clew/core";
import { fileSource } from "./file-source.js";
import { closestFormat, detectFormat, type Format } from "./format.js";
import { type FileRecord, openRecords } from "./records.js";
import { type ParsedRow, Row } from "./row.js";
import { addRow, type OpenTransaction, startTransaction } from "./row-transactions.js";

/** How a file is imported. */
export interface ImportOptions {
	readonly chain: ChainId;
	readonly formats: readonly Format[];
	/** Count and list rows that do not parse instead of failing. */
	readonly skipBad: boolean;
	/** Undefined result instead of an error for a file that is no known export. */
	readonly ignoreUnknown: boolean;
	readonly signal?: AbortSignal;
	readonly onProgress?: (rows: number) => void;
}

/** What an import did. `added` and `known` count transfers. */
export interface ImportReport {
	readonly file: string;
	readonly format: string;
	readonly source: Source;
	readonly account: AccountId | undefined;
	readonly rows: number;
	readonly added: number;
	readonly known: number;
	/** Rows left out with `skipBad`: the first {@link LISTED_BAD_ROWS}, as file:line: reason. */
	readonly bad: readonly string[];
	readonly badCount: number;
}

/** Rows handed to the store at a time; a chunk never cuts through a block. */
const CHUNK_ROWS = 20_000;
/** Rows of a file in no block order that are sorted in memory. */
const MAX_UNSORTED_ROWS = 250_000;
const LISTED_BAD_ROWS = 100;
/** Etherscan gives at most this many rows of an account: a file of that length is probably cut off. */
const ETHERSCAN_ROW_LIMIT = 10_000;

/**
 * Imports one export into an open transaction of the store, row by row with memory flat in file size.
 *
 * Files are in block order, either way; a file in no order is sorted in memory up to 250,000 rows. Coverage is claimed for
 * the account whose export it is: the one in the file name, else the one that every row touches.
 * Throws InputError with file:line.
 */
export async function importFile(store: GraphStore, path: string, options: ImportOptions): Promise<ImportReport | undefined> {
	const format = await formatOf(path, options);
	if (format === undefined) return undefined;
	const source = await fileSource(path, format.name);
	await store.putSource(source);
	const run = new FileImport(store, path, format, source, options);
	try {
		await run.stream();
	} catch (error) {
		if (!(error instanceof UnsortedError)) throw error;
		await run.sorted();
	}
	return run.finish();
}

class UnsortedError extends Error {}

async function formatOf(path: string, options: ImportOptions): Promise<Format | undefined> {
	const { header, blocks } = await openRecords(path);
	await blocks[Symbol.asyncIterator]().return?.();
	const format = detectFormat(options.formats, header);
	if (format !== undefined || options.ignoreUnknown) return format;
	const closest = closestFormat(options.formats, header);
	throw new InputError(
		closest ? `looks like ${closest.format.name}, but lacks ${closest.missing.join(", ")}` : "its columns are those of no known export",
		{
			where: `${path}:1`,
			hint: `Known: ${options.formats.map((f) => f.name).join("; ")}.`,
		},
	);
}

class FileImport {
	private readonly subject: AccountId | undefined;
	private candidates: Set<AccountId> | undefined;
	private pending: ParsedRow[] = [];
	private rows = 0;
	private added = 0;
	private known = 0;
	private lowest = Number.POSITIVE_INFINITY;
	private highest = -1;
	private head = -1;
	private bad: string[] = [];
	private badCount = 0;
	private readonly assets = new Set<string>();
	private readonly contracts = new Set<string>();
	private readonly store: GraphStore;
	private readonly path: string;
	private readonly format: Format;
	private readonly source: Source;
	private readonly options: ImportOptions;

	constructor(store: GraphStore, path: string, format: Format, source: Source, options: ImportOptions) {
		this.store = store;
		this.path = path;
		this.format = format;
		this.source = source;
		this.options = options;
		const named = /0x[0-9a-fA-F]{40}(?![0-9a-fA-F])/.exec(basename(path));
		this.subject = named ? trustedAccountId(options.chain, named[0].toLowerCase()) : undefined;
	}

	/** One pass in file order. Throws UnsortedError when the blocks go up and down. */
	async stream(): Promise<void> {
		let direction = 0;
		let last: number | undefined;
		for await (const rows of this.parsedBlocks()) {
			for (const row of rows) {
				const step = last === undefined ? 0 : Math.sign(row.height - last);
				if (step !== 0 && direction !== 0 && step !== direction) throw new UnsortedError();
				direction ||= step;
				if (step !== 0 && this.pending.length >= CHUNK_ROWS) await this.flush();
				last = row.height;
				this.pending.push(row);
			}
		}
		await this.flush();
	}

	/** The same for a file in no order. Merging takes the larger count of equal transfers, so what was written before stays right. */
	async sorted(): Promise<void> {
		this.reset();
		const all: ParsedRow[] = [];
		for await (const rows of this.parsedBlocks()) {
			all.push(...rows);
			if (all.length > MAX_UNSORTED_ROWS) {
				throw new InputError(`the rows are in no block order, and there are more than ${MAX_UNSORTED_ROWS}`, {
					where: this.path,
					hint: "Sort the file by block number, then import it.",
				});
			}
		}
		all.sort((a, b) => a.height - b.height);
		for (const row of all) {
			if (this.pending.length >= CHUNK_ROWS && this.pending[this.pending.length - 1]?.height !== row.height) await this.flush();
			this.pending.push(row);
		}
		await this.flush();
	}

	private reset(): void {
		this.pending = [];
		this.rows = 0;
		this.bad = [];
		this.badCount = 0;
		this.candidates = undefined;
	}

	/** The file's rows, a block of the file at a time. */
	private async *parsedBlocks(): AsyncGenerator<ParsedRow[]> {
		const { header, blocks } = await openRecords(this.path);
		const reader = new Row(header, this.options.chain);
		for await (const block of blocks) {
			const rows: ParsedRow[] = [];
			for (const record of block) {
				const row = this.parse(record, reader);
				if (row !== undefined) rows.push(row);
			}
			this.rows += rows.length;
			throwIfAborted(this.options.signal);
			this.options.onProgress?.(this.rows);
			// Let timers, signals and output have their turn.
			await new Promise((resolve) => setImmediate(resolve));
			yield rows;
		}
	}

	private parse(record: FileRecord, reader: Row): ParsedRow | undefined {
		try {
			const row = this.format.parse(reader.read(record.cells));
			if (this.subject !== undefined && !row.touches.includes(this.subject)) {
				throw new InputError(`the file is named after ${addressOf(this.subject)}, which this row does not touch`);
			}
			return row;
		} catch (error) {
			if (!(error instanceof ClewError)) throw error;
			const where = `${this.path}:${record.line}`;
			if (!this.options.skipBad) {
				const hint = error.hint ?? "Mend the row, or use --skip-bad to leave such rows out and list them.";
				throw new InputError(error.message, { where, code: error.code, cause: error, hint });
			}
			if (this.bad.length < LISTED_BAD_ROWS) this.bad.push(`${where}: ${error.message}`);
			this.badCount++;
			return undefined;
		}
	}

	private async flush(): Promise<void> {
		throwIfAborted(this.options.signal);
		const transactions = new Map<string, OpenTransaction>();
		const listed = this.format.kinds.includes("native");
		const times = new Map<number, number>();
		const assets: AssetInfo[] = [];
		const contracts: AccountId[] = [];
		for (const row of this.pending) {
			this.note(row, times, assets, contracts);
			const tx = transactions.get(row.hash);
			if (tx === undefined) transactions.set(row.hash, startTransaction(row, listed));
			else addRow(tx, row);
		}
		this.pending = [];
		const result = await this.store.putTransactions(this.options.chain, [...transactions.values()], times, this.source, "imported");
		this.added += result.added;
		this.known += result.known;
		await this.store.putAssets(assets);
		await this.store.putContracts(contracts);
	}

	private note(row: ParsedRow, times: Map<number, number>, assets: AssetInfo[], contracts: AccountId[]): void {
		this.lowest = Math.min(this.lowest, row.height);
		this.highest = Math.max(this.highest, row.height);
		this.head = Math.max(this.head, row.head ?? -1);
		if (row.time !== undefined) times.set(row.height, row.time);
		if (row.asset !== undefined && !this.assets.has(row.asset.asset)) {
			this.assets.add(row.asset.asset);
			assets.push(row.asset);
		}
		const contract = row.contract ?? (row.asset && tokenContract(row.asset.asset));
		if (contract !== undefined && !this.contracts.has(contract)) {
			this.contracts.add(contract);
			contracts.push(contract);
		}
		this.narrow(row.touches);
	}

	/** Keeps as candidates for the export's account those that every row touches. */
	private narrow(touches: readonly AccountId[]): void {
		if (this.candidates === undefined) this.candidates = new Set(touches);
		else for (const candidate of this.candidates) if (!touches.includes(candidate)) this.candidates.delete(candidate);
	}

	async finish(): Promise<ImportReport> {
		const only = this.candidates?.size === 1 && this.rows > 1 ? [...this.candidates][0] : undefined;
		const account = this.subject ?? only;
		if (account !== undefined && this.highest >= 0) await this.claimCoverage(account);
		const { path, format, source, rows, added, known, bad, badCount } = this;
		return { file: path, format: format.name, source, account, rows, added, known, bad, badCount };
	}

	private async claimCoverage(account: AccountId): Promise<void> {
		const full = this.rows < ETHERSCAN_ROW_LIMIT;
		const notes: string[] = [];
		if (!full) notes.push(`its export has ${this.rows} rows, the site's limit is ${ETHERSCAN_ROW_LIMIT}: it may be cut off`);
		if (this.badCount > 0) notes.push(`${this.badCount} rows of ${basename(this.path)} did not parse and were left out`);
		await this.store.putCoverage([
			{
				chain: this.options.chain,
				account,
				fromHeight: full ? 0 : this.lowest,
				toHeight: full ? Math.max(this.head, this.highest) : this.highest,
				kinds: this.format.kinds,
				source: this.source.id,
				note: notes.join("; "),
			},
		]);
	}
}
