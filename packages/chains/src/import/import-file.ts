import { basename } from "node:path";
import {
	type AccountId,
	type AssetId,
	ClewError,
	compareText,
	contestedNote,
	type Denial,
	denialNote,
	type GraphStore,
	type Hash,
	InputError,
	isNative,
	keepDenials,
	keepListing,
	keepNftRows,
	Listing,
	type NftRows,
	nftsOf,
	noteImported,
	noteLeft,
	oldNft,
	putNfts,
	type Source,
	throwIfAborted,
	tokenContract,
} from "@clew/core";
import { FileAssets } from "./assets.js";
import { BlockFacts, BlockTimes } from "./block-facts.js";
import { tellCalls } from "./call-facts.js";
import { doubtfulCalls, onceEach, type PlacedRow, withoutReverted } from "./calls.js";
import { type Claim, claimOf } from "./coverage.js";
import { type FileFormat, formatOf, namedAccount } from "./file-format.js";
import { fileSource } from "./file-source.js";
import { type Format, UnreliableFile } from "./format.js";
import type { FileReport, ImportOptions } from "./import-report.js";
import { countNfts } from "./nft-rows.js";
import { checkOutcome } from "./outcome.js";
import { checkPossible } from "./possible-row.js";
import { type FileRecord, withRecords } from "./records.js";
import { type ParsedRow, Row, withOtherTime } from "./row.js";
import { addRow, type OpenTransaction, startTransaction } from "./row-transactions.js";
import { WholeBlocks } from "./whole-blocks.js";
import { type Owner, Whose } from "./whose.js";
import { tellWithdrawals } from "./withdrawal-facts.js";

/** Rows handed to the store at a time; a chunk never cuts through a block. */
const CHUNK_ROWS = 20_000;
/** Rows of a file in no block order that are sorted in memory. */
const MAX_UNSORTED_ROWS = 250_000;
const LISTED_BAD_ROWS = 100;
/** What a file leaves open, as far as each of its spans of coverage repeats it. */
const LISTED_LIMITS = 12;
const GUESSED = "whose export it is was taken from its rows, not from its name";

/**
 * Imports one export into an open transaction of the store, row by row with memory flat in file size.
 *
 * Files are in block order, either way; a file in no order is sorted in memory up to 250,000 rows. Coverage is claimed for the account
 * whose export it is: the one in the file name, else the one that every row touches, where the rows show that it was asked for; see
 * {@link claimOf}; {@link settleCoverage} ends the import when all are in. Throws InputError with file:line.
 */
export async function importFile(store: GraphStore, path: string, options: ImportOptions): Promise<FileReport | undefined> {
	const found = await formatOf(path, options.formats, options.chain, options);
	if (found === undefined) return undefined;
	const source = await fileSource(path, found.format.name);
	await store.putSource(source);
	await noteImported(store, source, options.chain);
	const run = new FileImport(
		store,
		path,
		found,
		source,
		options,
		await nftsOf(store),
		options.whole ?? (await WholeBlocks.of(store, options.chain)),
	);
	try {
		await run.stream();
	} catch (error) {
		if (!(error instanceof UnsortedError)) throw error;
		await run.sorted();
	}
	return run.finish();
}

/** That files disagree on whether transactions failed, and what follows. */
function failedWords({ left, taken }: { readonly left: number; readonly taken: number }): string[] {
	const transfers = (n: number) => (n === 1 ? "1 transfer" : `${n} transfers`);
	return [
		...(left === 0 ? [] : [`${transfers(left)} left out: another source says that the transaction failed`]),
		...(taken === 0 ? [] : [`${transfers(taken)} of other sources taken out of the case: this file says that the transaction failed`]),
	];
}

class UnsortedError extends Error {}

class FileImport {
	private readonly subject: AccountId | undefined;
	private whose: Whose;
	private pending: PlacedRow[] = [];
	private times = new BlockTimes();
	private readonly blocks: BlockFacts;
	private ordinal = 0;
	/** True once rows went to the store. */
	private flushed = false;
	private rows = 0;
	private added = 0;
	private known = 0;
	/** Movements that are none, since another source says that their transactions failed. */
	private readonly failed = { left: 0, taken: 0 };
	private lowest = Number.POSITIVE_INFINITY;
	private highest = -1;
	private head: number | undefined;
	private bad: string[] = [];
	private badCount = 0;
	private assets = new FileAssets();
	private open = new Map<string, number>();
	private readonly unread = new Set<number>();
	/** Accounts that rows touch. */
	private readonly touched = new Set<AccountId>();
	/** What it lists, while it may be some account's export. */
	private listing: Listing | undefined;
	private readonly contracts = new Set<string>();
	private readonly tokens = new Set<AssetId>();
	private readonly left = new Map<AssetId, number>();
	private readonly shownNfts = new Set<AssetId>();
	private readonly nfts: Set<AssetId>;
	/** Rows that told amounts of contracts of ids, by contract. */
	private readonly leftAmounts = new Map<AssetId, number>();
	/** What blocks that a node told whole deny of it. */
	private readonly denied: Denial[] = [];
	private readonly whole: WholeBlocks;
	private readonly store: GraphStore;
	private readonly path: string;
	private readonly found: FileFormat;
	private readonly format: Format;
	private readonly source: Source;
	private readonly options: ImportOptions;

	constructor(
		store: GraphStore,
		path: string,
		found: FileFormat,
		source: Source,
		options: ImportOptions,
		nfts: Set<AssetId>,
		whole: WholeBlocks,
	) {
		this.nfts = nfts;
		this.whole = whole;
		this.store = store;
		this.path = path;
		this.found = found;
		this.format = found.format;
		this.source = source;
		this.options = options;
		this.blocks = options.blocks ?? new BlockFacts();
		this.subject = found.account ?? namedAccount(path, options.chain);
		this.whose = this.newWhose();
		this.listing = this.newListing();
	}

	private newWhose(): Whose {
		return new Whose(this.subject, this.format, this.found.account !== undefined);
	}

	private newListing(): Listing | undefined {
		return Listing.of(this.format.kinds);
	}

	/** One pass in file order. Throws UnsortedError when the blocks go up and down. */
	async stream(): Promise<void> {
		let direction = 0;
		let last: number | undefined;
		await this.eachBlock(async (rows) => {
			for (const row of rows) {
				const step = last === undefined ? 0 : Math.sign(row.height - last);
				if (step !== 0 && direction !== 0 && step !== direction) throw new UnsortedError();
				direction ||= step;
				if (step !== 0 && this.pending.length >= CHUNK_ROWS) await this.flush();
				last = row.height;
				this.pending.push(row);
			}
		});
		await this.flush();
	}

	/** The same for a file in no order. Merging takes the larger count of equal transfers, so what was written before stays right. */
	async sorted(): Promise<void> {
		// What the first rows moved cannot be taken back where a later row shows that it was reverted.
		if (this.flushed && this.format.kinds.includes("internal"))
			throw new InputError(`the rows are in no block order beyond the first ${CHUNK_ROWS}`, {
				where: this.path,
				hint: "Sort the file by block number, then import it.",
			});
		this.reset();
		const before = this.added;
		const all: PlacedRow[] = [];
		await this.eachBlock(async (rows) => {
			for (const row of rows) all.push(row);
			if (all.length > MAX_UNSORTED_ROWS) {
				throw new InputError(`the rows are in no block order, and there are more than ${MAX_UNSORTED_ROWS}`, {
					where: this.path,
					hint: "Sort the file by block number, then import it.",
				});
			}
		});
		all.sort((a, b) => a.height - b.height);
		for (const row of all) {
			if (this.pending.length >= CHUNK_ROWS && this.pending[this.pending.length - 1]?.height !== row.height) await this.flush();
			this.pending.push(row);
		}
		await this.flush();
		// What the first pass had written is known to the second.
		this.known -= before;
	}

	private reset(): void {
		this.known = 0;
		this.failed.left = 0;
		this.assets = new FileAssets();
		this.open = new Map();
		this.pending = [];
		this.times = new BlockTimes();
		this.ordinal = 0;
		this.rows = 0;
		this.bad = [];
		this.badCount = 0;
		this.whose = this.newWhose();
		this.listing = this.newListing();
		this.left.clear();
		this.leftAmounts.clear();
	}

	/** Hands over the file's rows, a block of the file at a time. */
	private async eachBlock(use: (rows: readonly PlacedRow[]) => Promise<void>): Promise<void> {
		await withRecords(this.path, async ({ blocks }) => {
			const reader = new Row(this.options.chain, this.found.spelling);
			for await (const block of blocks) {
				const rows: PlacedRow[] = [];
				for (const record of block) {
					const row = this.parse(record, reader);
					this.ordinal++;
					if (row === undefined) continue;
					if (row.asset !== undefined) this.assets.add(row.asset, record.line);
					rows.push({ ...row, line: record.line, ordinal: this.ordinal });
				}
				this.rows += rows.length;
				throwIfAborted(this.options.signal);
				this.options.onProgress?.(this.rows);
				// Let timers, signals and output have their turn.
				await new Promise((resolve) => setImmediate(resolve));
				await use(rows);
			}
		});
	}

	private parse(record: FileRecord, reader: Row): ParsedRow | undefined {
		try {
			const row = withOtherTime(this.format.parse(reader.read(record)), reader);
			const blockHash = reader.blockHash();
			checkOutcome(row, reader, this.format);
			this.whose.check(row);
			checkPossible(row, this.options.chain);
			return this.withoutNft(blockHash === undefined ? row : { ...row, blockHash });
		} catch (error) {
			if (!(error instanceof ClewError)) throw error;
			const where = `${this.path}:${record.line}`;
			if (!this.options.skipBad || error instanceof UnreliableFile) {
				const hint = error.hint ?? "Mend the row, or use --skip-bad to leave such rows out and list them.";
				throw new InputError(error.message, { where, code: error.code, cause: error, hint });
			}
			if (this.bad.length < LISTED_BAD_ROWS) this.bad.push(`${where}: ${error.message}`);
			this.badCount++;
			return undefined;
		}
	}

	/** The row without numbers that are ids: those of a row that says so, and of contracts that are known to have no others. */
	private withoutNft(row: ParsedRow): ParsedRow {
		const { nft } = row;
		if (nft !== undefined) this.shownNfts.add(nft);
		else if (row.asset !== undefined && row.asset.decimals > 0 && oldNft(row.asset.asset) === undefined) this.nfts.delete(row.asset.asset);
		const told = row.transfers.filter(({ asset }) => this.nfts.has(asset));
		for (const asset of nft === undefined ? told.map((t) => t.asset) : [nft]) this.left.set(asset, (this.left.get(asset) ?? 0) + 1);
		for (const { asset } of told) this.leftAmounts.set(asset, (this.leftAmounts.get(asset) ?? 0) + 1);
		if (nft === undefined && told.length === 0) {
			if (row.asset === undefined) for (const { asset } of row.transfers) if (!isNative(asset)) this.tokens.add(asset);
			return row;
		}
		// Decimals of 0 are kept as if the row had come before the word for ids.
		return { ...row, transfers: row.transfers.filter((t) => !told.includes(t)), leftOut: told.map(({ asset }) => asset) };
	}

	private async flush(): Promise<void> {
		throwIfAborted(this.options.signal);
		const transactions = new Map<string, OpenTransaction>();
		const listed = this.format.kinds.includes("native");
		const contracts: AccountId[] = [];
		for (const row of this.pending) this.note(row, contracts);
		for (const [what, rows] of doubtfulCalls(this.pending)) this.count(what, rows);
		const named = await tellWithdrawals(this.store, this.options.chain, onceEach(this.pending, this.path), this.path);
		const { path, format } = this;
		if (format.kinds.includes("internal")) await tellCalls(this.store, this.options.chain, named, { path, format: format.name });
		const nftRows = new Map<Hash, Map<AssetId, NftRows>>();
		for (const row of withoutReverted(named)) {
			countNfts(nftRows, row);
			const tx = transactions.get(row.hash);
			if (tx === undefined) transactions.set(row.hash, startTransaction(row, listed));
			else addRow(tx, row);
		}
		this.pending = [];
		this.flushed ||= transactions.size > 0;
		const { store, options, source } = this;
		await this.blocks.checkCase(store, options.chain);
		const times = await this.times.take(store, options.chain);
		const borneOut: OpenTransaction[] = [];
		this.whole.refresh();
		for (const told of transactions.values()) {
			const { tx, denied } = await this.whole.witness(told, source.id);
			this.denied.push(...denied);
			if (tx !== undefined) borneOut.push(tx);
		}
		const result = await store.putTransactions(options.chain, borneOut, times, source, "imported");
		for (const tx of borneOut) {
			const rows = nftRows.get(tx.hash);
			if (rows !== undefined) await keepNftRows(store, options.chain, tx, source.id, rows);
		}
		this.added += result.added;
		this.known += result.known;
		this.failed.left += result.failed?.left ?? 0;
		this.failed.taken += result.failed?.taken ?? 0;
		await this.store.putContracts(contracts);
	}

	/** Counts what the file leaves open. */
	private count(what: string, rows: number): void {
		if (rows > 0) this.open.set(what, (this.open.get(what) ?? 0) + rows);
	}

	private note(row: PlacedRow, contracts: AccountId[]): void {
		this.lowest = Math.min(this.lowest, row.height);
		this.highest = Math.max(this.highest, row.height);
		// Rows that were asked for at different times tell different heads: only the lowest holds for all of them.
		if (row.head !== undefined) this.head = Math.min(this.head ?? row.head, row.head);
		const where = `${this.path}:${row.line}`;
		if (row.time !== undefined) this.times.tell(row.height, row.time, where);
		if (row.blockHash !== undefined) this.blocks.tellHash(row.height, row.blockHash, where);
		for (const what of row.open ?? []) this.count(what, 1);
		if (row.unread) this.unread.add(row.height);
		const contract = row.contract ?? (row.asset && tokenContract(row.asset.asset));
		if (contract !== undefined && !this.contracts.has(contract)) {
			this.contracts.add(contract);
			contracts.push(contract);
		}
		this.whose.tell(row);
		for (const account of row.touches) this.touched.add(account);
		if (this.listing !== undefined && this.whose.isSomebodys) this.listing.add(row.height, row.hash, row.transfers);
		else this.listing = undefined;
	}

	async finish(): Promise<FileReport> {
		const owner = this.whose.owner(new Set(this.denied.flatMap(({ what, hash }) => (what === "transaction" ? [hash] : []))));
		const { account, guess, sent } = owner;
		const starts = this.lowest > 0 && this.format.kinds.includes("native") ? { starts: [{ source: this.source.id, at: this.lowest }] } : {};
		if (sent.length > 0)
			await this.store.putHistoryChecks(sent.map((check) => (check.account === account ? { ...check, ...starts } : check)));
		const why = `${basename(this.path)} (${this.format.name}) lists it with ids of tokens`;
		const shown = [...this.shownNfts].sort(compareText).map((asset) => ({ asset, why, by: "ids" as const }));
		for (const [asset, rows] of this.leftAmounts) await noteLeft(this.store, asset, this.source.id, rows);
		const notes = await this.assets.keep(this.store, this.options.chain, this.path);
		const { taken, contested } = await putNfts(this.store, this.options.chain, shown);
		const { comma } = this.found;
		if (comma !== undefined) notes.unshift(`its numbers have decimal commas, as ${comma.text} in column ${comma.column} at ${comma.where}`);
		const { spans, notes: ends } = this.claim(owner);
		const limits = [...ends, ...contested.map(({ asset }) => contestedNote({ asset, why: "this file lists it with ids of tokens" }))];
		const { chain } = this.options;
		const { kinds } = this.format;
		const covers = account === undefined ? [] : spans;
		if (account !== undefined) {
			const named = limits.length > LISTED_LIMITS ? [`${limits.length - LISTED_LIMITS} more, which its import named`] : [];
			const note = [...(account === guess ? [GUESSED] : []), ...limits.slice(0, LISTED_LIMITS), ...named].join("; ");
			const common = { chain, account, kinds, source: this.source.id, note };
			await this.store.putCoverage(covers.map(([fromHeight, toHeight]) => ({ ...common, fromHeight, toHeight })));
			if (this.listing !== undefined && covers.length > 0) await keepListing(this.store, account, this.source.id, covers, this.listing);
		}
		const { path, format, source, rows, added, known, bad, badCount } = this;
		const whose = { account, ...(guess === undefined ? {} : { guess }) };
		const report = { file: path, format: format.name, kinds, source, ...whose, rows, added, known, bad, badCount };
		const untold: AssetId[] = [];
		for (const asset of [...this.tokens].sort(compareText)) if ((await this.store.asset(asset)) === undefined) untold.push(asset);
		const nfts = Object.fromEntries([...this.left].sort(([a], [b]) => compareText(a, b)));
		const denied = [...(await keepDenials(this.store, chain, this.denied)).values()].map(denialNote);
		return {
			...report,
			touched: this.touched,
			nfts,
			untold,
			taken,
			covers,
			notes: [...notes, ...limits, ...failedWords(this.failed), ...denied],
		};
	}

	private claim({ account, twice }: Owner): Claim {
		const { path, format, rows, badCount, head, unread } = this;
		const { caveat } = this.found;
		const heights = this.highest < 0 ? undefined : ([this.lowest, this.highest] as const);
		const open = [...this.open].sort(([a], [b]) => compareText(a, b)).map(([what, count]) => `${count} ${what}`);
		if (twice !== undefined) open.push(`its nonce ${twice} stands at two transactions: its nonces tell nothing of missing rows`);
		const ranged = format.ranged ?? (format.ofBlocks && this.subject === undefined && account !== undefined);
		const json = this.found.spelling.delimiter === undefined;
		return claimOf(format, { path, json, ranged: ranged === true, rows: rows + badCount, heights, head, badCount, open, caveat, unread });
	}
}
