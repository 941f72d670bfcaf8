import {
	type AccountId,
	type AssetId,
	type AssetInfo,
	type ChainFamily,
	type ChainId,
	chainNamed,
	familyOf,
	type Hash,
	InputError,
	MAX_DECIMALS,
	MAX_HEIGHT,
	parseBaseUnits,
	quote,
	type TransactionStatus,
	type TransferRecord,
	trustedAccountId,
} from "@clew/core";
import { type Columns, cellAt, columnName, columnsOf, isCoinOf } from "./columns.js";
import { type DecimalMark, readDecimal } from "./decimal-mark.js";
import { MAX_NONCE, type Sent } from "./nonces.js";
import type { OutcomeSense } from "./outcome-columns.js";
import type { FileRecord } from "./records.js";
import { writtenTime } from "./time.js";

/** One row of an export, turned to facts. A row that moves nothing has no transfers. */
export interface ParsedRow {
	readonly hash: Hash;
	readonly height: number;
	readonly time?: number;
	readonly txIndex?: number;
	/** Whether the transaction succeeded, when the row tells. */
	readonly status?: TransactionStatus;
	/** True for what a destroyed contract left, which is paid without a call. */
	readonly destroyed?: true;
	readonly transfers: readonly TransferRecord[];
	/** What the row leaves open, in words that its file's coverage repeats with a count. */
	readonly open?: readonly string[];
	/** True where it may have moved what its format lists and does not tell how much: the file is not whole at its height. */
	readonly unread?: true;
	readonly asset?: AssetInfo;
	/** The contract's asset, where the row moves an NFT: then it moves no amount, and has no transfer. */
	readonly nft?: AssetId;
	/** Contracts of ids of which the row told an amount, once for each transfer that was left out for it. */
	readonly leftOut?: readonly AssetId[];
	readonly contract?: AccountId;
	/** The call or log that the row is about, in words that no other one shares. */
	readonly id?: string;
	/** True where some sources give the same name to several calls: it names one only where all rows with it are equal. */
	readonly looseId?: true;
	/** The number of a validator's withdrawal, which no other one of the chain has. */
	readonly withdrawal?: number;
	/** Where the row's call stands among the calls of its transaction, steps between underscores, and whether it failed. */
	readonly call?: { readonly path: string; readonly failed: boolean };
	/** The same as its transfers keep it, to order them. */
	readonly callPath?: string;
	/** Whether what the row tells failed, where it says so of a call or a transfer, not of its transaction. */
	readonly failed?: boolean;
	readonly blockHash?: string;
	/** The transaction's number among those of its sender, where the row is about the transaction itself and tells it. */
	readonly sent?: Sent;
	/** Whose export the row is of, where its columns tell. */
	readonly owner?: AccountId;
	/** Accounts that the row is about, for finding out whose export it is. */
	readonly touches: readonly AccountId[];
	/** Chain head when the export was made, when the row tells. */
	readonly head?: number;
}

/** Unix seconds in the far future: beyond it a cell holds milliseconds, or no time. */
const MAX_TIME = 2 ** 40;
/** A whole number, as spreadsheets and data frames write it too: `1.0`. */
const INTEGER = /^([0-9]{1,15})(?:\.0{1,6})?$/;
const TRUE = /^(1|1\.0|0x1|true)$/i;
const FALSE = /^(0|0\.0|0x0|false)$/i;

const OTHER_CHAIN = "Import rows of another chain with --chain; with --skip-bad they are left out and counted.";

/** How a file writes what its format leaves open. */
export interface Spelling {
	readonly mark: DecimalMark;
	readonly delimiter: string | undefined;
}

/** Typed reads of one row's cells; each throws InputError that names the column and what was expected. */
export class Row {
	private readonly known = new Map<readonly string[], Columns>();
	private columns: Columns = columnsOf([]);
	private readonly spelling: Spelling;
	readonly chain: ChainId;
	private readonly family: ChainFamily;
	private cells: readonly string[] = [];

	constructor(chain: ChainId, spelling: Spelling = { mark: "point", delimiter: "," }) {
		this.chain = chain;
		this.family = familyOf(chain);
		this.spelling = spelling;
	}

	/**
	 * Turns to the next row: one reader serves a whole file. Throws InputError unless the row has its header's columns and is of this chain.
	 */
	read({ header, cells }: FileRecord): this {
		if (cells.length !== header.length) {
			throw new InputError(`this row has ${cells.length} columns, the header ${header.length}; the file may be cut off`, {
				hint: "Export the file again.",
			});
		}
		let columns = this.known.get(header);
		if (columns === undefined) {
			columns = columnsOf(header);
			this.known.set(header, columns);
		}
		this.columns = columns;
		this.cells = cells;
		this.checkChain();
		return this;
	}

	/** A row that names a chain, or its coin, belongs to that chain. */
	private checkChain(): void {
		const { chains, coins } = this.columns;
		const other = coins.find(({ symbol }) => !isCoinOf(symbol, this.chain)) ?? coins.find(({ symbol }) => symbol !== coins[0]?.symbol);
		if (other !== undefined)
			throw new InputError(
				`this row is of ${quote(other.symbol)} by column ${other.column}, which is not the coin of ${this.chain}: it belongs to another chain`,
				{
					hint: OTHER_CHAIN,
				},
			);
		const told = chains.map((place) => this.cells[place] ?? "").filter((text) => text !== "");
		const named = told.map(chainNamed);
		const elsewhere = named.some((chain) => chain !== undefined && chain !== this.chain);
		if (!elsewhere && (told.length === 0 || named.includes(this.chain))) return;
		const [first = "", ...others] = told.map(quote);
		const why = elsewhere ? "it belongs to another chain" : "that is no name of it that Clew knows";
		const also = others.length === 0 ? "" : ` (${others.join(", ")})`;
		throw new InputError(`this row is of chain ${first}${also}, and rows are imported for ${this.chain}: ${why}`, { hint: OTHER_CHAIN });
	}

	/** The cell of the first of these columns that is filled, else of the first that exists; throws when none does, or two differ. */
	text(...columns: readonly string[]): string {
		return this.find(columns) ?? this.expected(columns[0], "", "this column to exist");
	}

	/** True when the row has this column, filled or not. */
	has(column: string): boolean {
		return this.columns.places.has(column);
	}

	/** The names of columns that begin so, as they are spelt. */
	columnsUnder(start: string): readonly string[] {
		return this.columns.header.filter((name) => name.startsWith(start));
	}

	/** The text as {@link text} finds it, empty when none exists. */
	optional(...columns: readonly string[]): string {
		return this.find(columns) ?? "";
	}

	private find(columns: readonly string[]): string | undefined {
		const [first = "", second] = columns;
		const places = second === undefined ? this.columns.alike(first) : columns.flatMap((column) => this.columns.alike(column));
		return cellAt(this.columns, this.cells, places);
	}

	/** True when the row says that its number is the id of an NFT: by an id, by the token's type, or by a flag. */
	showsNft(): boolean {
		const { header, tokenIds, tokenTypes, nftFlags } = this.columns;
		const cell = (place: number) => this.cells[place] ?? "";
		if (tokenIds.some((place) => cell(place) !== "")) return true;
		if (tokenTypes.some((place) => /721|1155|nft/i.test(cell(place)))) return true;
		return nftFlags.some((place) => this.flag(header[place] ?? "") === true);
	}

	/** The hash of the row's block in lower case; undefined when the row does not name it. */
	blockHash(): string | undefined {
		const { blockHashes, header } = this.columns;
		const text = hexOf(cellAt(this.columns, this.cells, blockHashes) ?? "").toLowerCase();
		// Tools that do not know the hash leave the cell empty, or write a zero.
		if (/^(0x)?0*$/.test(text)) return undefined;
		return this.family.hash.pattern.test(text)
			? text
			: this.expected(header[blockHashes[0] ?? 0], text, "a 32-byte block hash, or nothing");
	}

	/**
	 * The column of the row that tells another time than this, if one does; what is written in ways that nobody can read for sure is passed
	 * over.
	 */
	otherTime(time: number): string | undefined {
		const place = this.columns.times.find((at) => {
			const text = this.cells[at] ?? "";
			const told = writtenTime(text) ?? unixTime(text);
			return told !== undefined && told !== time;
		});
		return place === undefined ? undefined : this.columns.header[place];
	}

	/** Throws when the row tells of an error and says that it succeeded. */
	checkError(failed: boolean, column: string): void {
		const error = this.optional(column);
		if (error !== "" && !failed) this.expected(column, error, "nothing, as the row says that it succeeded");
	}

	/** The cells that tell whether something succeeded, in columns by other names than these. */
	outcomesBeside(own: readonly string[]): readonly { readonly column: string; readonly sense: OutcomeSense; readonly text: string }[] {
		const { header } = this.columns;
		return this.columns
			.outcomesBeside(own)
			.map(({ place, sense }) => ({ column: header[place] ?? "", sense, text: this.cells[place] ?? "" }));
	}

	integer(max: number, ...columns: readonly string[]): number {
		return this.wholeNumber(max, columns, "a whole number");
	}

	private wholeNumber(max: number, columns: readonly string[], what: string): number {
		const text = this.text(...columns);
		const value = Number(INTEGER.exec(text)?.[1] ?? Number.NaN);
		if (!(value <= max)) this.expected(columns[0], text, what);
		return value;
	}

	/** Unix seconds, from seconds or from a written time; see {@link writtenTime}. */
	time(...columns: readonly string[]): number {
		const text = this.text(...columns);
		return (
			writtenTime(text) ??
			unixTime(text) ??
			this.wholeNumber(MAX_TIME, columns, "a time in Unix seconds, or such as 2018-11-09 05:20:00 (UTC)")
		);
	}

	height(...columns: readonly string[]): number {
		return this.wholeNumber(MAX_HEIGHT, columns, "a block number");
	}

	/** The transaction's number among those of its sender; nothing when the row does not tell it. */
	sent(from: AccountId): { readonly sent?: Sent } {
		return this.optional("nonce") === "" ? {} : { sent: { from, nonce: this.integer(MAX_NONCE, "nonce") } };
	}

	/** A flag in one of its known spellings; undefined when empty or without a column. */
	flag(...columns: readonly string[]): boolean | undefined {
		const text = this.optional(...columns);
		if (text === "") return undefined;
		if (TRUE.test(text)) return true;
		return FALSE.test(text) ? false : this.expected(columns[0], text, "0, 1, 0.0, 1.0, 0x0, 0x1, true, false or nothing");
	}

	/** Decimal amount in base units, in the file's own way of writing; empty is no amount. */
	decimal(column: string, decimals: number): bigint {
		const text = this.text(column);
		try {
			return readDecimal(text, decimals, this.spelling.mark, this.spelling.delimiter);
		} catch (error) {
			if (!(error instanceof InputError)) throw error;
			return this.expected(column, text, `an amount with at most ${decimals} decimals`, error);
		}
	}

	hash(...columns: readonly string[]): Hash {
		const text = this.text(...columns);
		const lower = hexOf(text).toLowerCase();
		return this.family.hash.pattern.test(lower) ? (lower as Hash) : this.expected(columns[0], text, "a 32-byte transaction hash");
	}

	/** An account; undefined for an empty cell. */
	account(...columns: readonly string[]): AccountId | undefined {
		const text = hexOf(this.optional(...columns));
		if (text === "") return undefined;
		if (this.family.chainOfAddress(text, this.chain) === undefined) this.expected(columns[0], text, "an address");
		return trustedAccountId(this.chain, this.family.normalizeAddress(text, this.chain));
	}

	/** An account that must be there. */
	someAccount(...columns: readonly string[]): AccountId {
		return this.account(...columns) ?? this.expected(columns[0], "", "an address");
	}

	/** A whole amount in base units. `5.0` is 5 as long as a float can hold it; larger floats and powers of ten have been rounded. */
	baseUnits(...columns: readonly string[]): bigint {
		const text = this.text(...columns);
		try {
			return parseBaseUnits(INTEGER.exec(text)?.[1] ?? text);
		} catch {
			const rounded = /^[0-9.]+(e[+-]?[0-9]+)?$/i.test(text) && !/^[0-9]+$/.test(text);
			const why = rounded ? "; a float or a power of ten may have been rounded" : "";
			return this.expected(columns[0], text, `an amount in base units (a whole number, not negative${why})`);
		}
	}

	/** Decimals of a token; undefined when the cell is empty: then nobody told. */
	decimals(...columns: readonly string[]): number | undefined {
		return this.text(...columns) === "" ? undefined : this.integer(MAX_DECIMALS, ...columns);
	}

	/** Throws: column, what was found, what was expected. */
	expected(column: string | undefined, found: string, what: string, cause?: InputError): never {
		const why = cause === undefined ? "" : `: ${cause.message}`;
		const hint = cause?.hint === undefined ? {} : { hint: cause.hint };
		const spelt = this.columns.header.find((name) => columnName(name) === column) ?? column;
		throw new InputError(`column ${spelt}: expected ${what}, found ${quote(found)}${why}`, { ...hint, ...(cause ? { cause } : {}) });
	}
}

/** Bytes as databases print them (`\\x12ab`, in Dune's and PostgreSQL's exports) in the usual form. */
function hexOf(text: string): string {
	return text.startsWith("\\x") ? `0x${text.slice(2)}` : text;
}

/** Unix seconds, a fraction cut off. */
function unixTime(text: string): number | undefined {
	const seconds = Number(/^([0-9]{1,15})(?:\.[0-9]{1,9})?$/.exec(text)?.[1] ?? Number.NaN);
	return seconds <= MAX_TIME ? seconds : undefined;
}

/** The row; where two of its columns tell two times, the file's coverage and the import say so, and whose counts. */
export function withOtherTime(row: ParsedRow, reader: Row): ParsedRow {
	const column = row.time === undefined ? undefined : reader.otherTime(row.time);
	if (column === undefined) return row;
	return { ...row, open: [...(row.open ?? []), `rows whose column ${column} tells another time than the one that is used`] };
}
