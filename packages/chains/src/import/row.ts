import {
	type AccountId,
	type AssetInfo,
	type ChainId,
	type Hash,
	InputError,
	isAddress,
	MAX_AMOUNT,
	MAX_DECIMALS,
	MAX_HEIGHT,
	normalizeAddress,
	parseBaseUnits,
	quote,
	type TransactionStatus,
	type TransferRecord,
	trustedAccountId,
} from "@clew/core";

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
	readonly asset?: AssetInfo;
	readonly contract?: AccountId;
	/** Accounts that the row is about, for finding out whose export it is. */
	readonly touches: readonly AccountId[];
	/** Chain head when the export was made, when the row tells. */
	readonly head?: number;
}

/** Unix seconds in the far future: beyond it a cell holds milliseconds, or no time. */
const MAX_TIME = 2 ** 40;
const HASH = /^0x[0-9a-f]{64}$/;
const INTEGER = /^[0-9]{1,15}$/;

/** Typed reads of one row's cells; each throws InputError that names the column and what was expected. */
export class Row {
	private readonly places: ReadonlyMap<string, number>;
	private readonly columns: number;
	readonly chain: ChainId;
	private cells: readonly string[] = [];

	/** `header` gives the columns of all rows to come. */
	constructor(header: readonly string[], chain: ChainId) {
		this.columns = header.length;
		this.places = new Map(header.map((column, i) => [column, i]));
		this.chain = chain;
	}

	/** Turns to the next row: one reader serves a whole file. Throws InputError unless the row has the header's columns. */
	read(cells: readonly string[]): this {
		if (cells.length !== this.columns) {
			throw new InputError(`this row has ${cells.length} columns, the header ${this.columns}; the file may be cut off`, {
				hint: "Export the file again.",
			});
		}
		this.cells = cells;
		return this;
	}

	/** The cell of the first of these columns that exists; throws when none does. */
	text(...columns: readonly string[]): string {
		return this.find(columns) ?? this.expected(columns[0], "", "this column to exist");
	}

	/** The same, empty when none exists. */
	optional(...columns: readonly string[]): string {
		return this.find(columns) ?? "";
	}

	private find(columns: readonly string[]): string | undefined {
		for (const column of columns) {
			const place = this.places.get(column);
			if (place !== undefined) return this.cells[place];
		}
		return undefined;
	}

	integer(max: number, ...columns: readonly string[]): number {
		const text = this.text(...columns);
		const value = INTEGER.test(text) ? Number(text) : Number.NaN;
		if (!(value <= max)) this.expected(columns[0], text, "a whole number");
		return value;
	}

	/** Unix seconds. */
	time(...columns: readonly string[]): number {
		return this.integer(MAX_TIME, ...columns);
	}

	height(...columns: readonly string[]): number {
		const text = this.text(...columns);
		const value = INTEGER.test(text) ? Number(text) : Number.NaN;
		if (!(value <= MAX_HEIGHT)) this.expected(columns[0], text, "a block number");
		return value;
	}

	hash(...columns: readonly string[]): Hash {
		const text = this.text(...columns);
		const lower = HASH.test(text) ? text : text.toLowerCase();
		if (!HASH.test(lower)) this.expected(columns[0], text, "a 32-byte transaction hash");
		return lower as Hash;
	}

	/** An account; undefined for an empty cell. */
	account(...columns: readonly string[]): AccountId | undefined {
		const text = this.optional(...columns);
		if (text === "") return undefined;
		if (!isAddress(text)) this.expected(columns[0], text, "an address");
		return trustedAccountId(this.chain, normalizeAddress(text));
	}

	/** An account that must be there. */
	someAccount(...columns: readonly string[]): AccountId {
		return this.account(...columns) ?? this.expected(columns[0], "", "an address");
	}

	baseUnits(...columns: readonly string[]): bigint {
		const text = this.text(...columns);
		try {
			return parseBaseUnits(text);
		} catch {
			return this.expected(columns[0], text, "an amount in base units (a whole number, not negative)");
		}
	}

	decimals(...columns: readonly string[]): number {
		const text = this.text(...columns);
		return text === "" ? 0 : this.integer(MAX_DECIMALS, ...columns);
	}

	/** Throws: column, what was found, what was expected. */
	expected(column: string | undefined, found: string, what: string): never {
		throw new InputError(`column ${column}: expected ${what}, found ${quote(found)}`);
	}
}

/** price * used, refused when no chain could hold it. */
export function feeOf(row: Row, priceColumn: string, usedColumn: string): bigint {
	const fee = row.baseUnits(priceColumn) * row.baseUnits(usedColumn);
	if (fee > MAX_AMOUNT) row.expected(priceColumn, fee.toString(), "a possible fee");
	return fee;
}
