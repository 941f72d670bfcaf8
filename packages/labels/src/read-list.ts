import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { ClewError, InputError, type LabelCategory, quote } from "@clew/core";
import Papa from "papaparse";

/** One row of a list: who says what about which account or site. */
export interface ListedLabel {
	/** A CAIP-10 account id, or `domain:` and a host name. */
	readonly subject: string;
	readonly category: LabelCategory;
	readonly entity: string;
	readonly name: string;
	/** GraphSense's scale, 0 to 100. */
	readonly confidence: number;
	/** ISO dates, or empty where the list does not tell. */
	readonly validFrom: string;
	readonly validUntil: string;
}

/** A row that could not be used: where it stands, and why. */
export interface UnusableRow {
	readonly where: string;
	readonly why: string;
}

/** How lists are read. */
export interface ReadOptions {
	/** One row that cannot be used refuses the list. */
	readonly strict?: boolean | undefined;
}

/** A list as it was read: its usable rows, and every other row counted or named. */
export interface LabelList {
	/** What the list is; a later copy of it replaces an earlier one. */
	readonly id: string;
	/** Who says so, for people. */
	readonly publisher: string;
	readonly licence: string;
	/** ISO date of the list's content, or empty where it does not tell. */
	readonly retrievedAt: string;
	/** The question that the list claims to be the list of, by what it is; see `ListClaim` of the label library. */
	readonly answers?: { readonly question: "sanctions" | "scams"; readonly part: string };
	readonly labels: readonly ListedLabel[];
	/** Rows about chains that Clew does not follow, by kind, such as `XMR`: counted, never lost silently. */
	readonly skipped: ReadonlyMap<string, number>;
	/** Rows that should have been usable and are not, in order of the list. */
	readonly unusable: readonly UnusableRow[];
	/** Parts of the list that are not read, in words. */
	readonly notRead: readonly string[];
	readonly file: { readonly name: string; readonly sha256: string; readonly bytes: number };
}

/** Bytes of a list and what identifies them. */
export interface ListBytes {
	readonly bytes: Buffer;
	readonly path: string;
	readonly file: LabelList["file"];
}

/** OFAC's advanced XML has about 100 MB. */
const MAX_BYTES = 512 << 20;

/** Reads a file whole. Throws InputError when it cannot be read, is empty or is above 512 MiB. */
export function readListBytes(path: string): ListBytes {
	try {
		if (statSync(path).size > MAX_BYTES) throw new InputError(`label lists above ${MAX_BYTES >> 20} MiB are not read`, { where: path });
		return listBytes(path, readFileSync(path));
	} catch (cause) {
		throw cause instanceof ClewError ? cause : new InputError("cannot be read", { where: path, cause });
	}
}

/** What identifies bytes that were read or downloaded. Throws InputError when there are none. */
export function listBytes(path: string, bytes: Buffer): ListBytes {
	if (bytes.length === 0) throw new InputError("is empty", { where: path, hint: "The download may have failed: get the list again." });
	return { bytes, path, file: { name: basename(path), sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length } };
}

/** The text of a list. Throws InputError unless it is UTF-8. */
export function utf8({ bytes, path }: Pick<ListBytes, "bytes" | "path">): string {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch (cause) {
		throw new InputError("is not UTF-8 text", { where: path, cause, hint: "Save it as UTF-8, or get the list again." });
	}
}

/** Parses JSON. Throws InputError: a list that was cut off does not parse. */
export function parseJson(list: ListBytes): unknown {
	try {
		return JSON.parse(utf8(list));
	} catch (cause) {
		throw cause instanceof ClewError
			? cause
			: new InputError(`is not whole JSON: ${(cause as Error).message}`, {
					where: list.path,
					hint: "The download may be cut off: get the list again.",
				});
	}
}

/**
 * A row of a CSV list: its place as file:line, and its cells by column. `cells` throws InputError when it has not as many as the header.
 */
export interface CsvRow {
	readonly where: string;
	cells(): Record<string, string>;
}

/** Rows of a CSV list with a header, its columns, and where these stand. Throws InputError with file:line when its quotes do not match. */
export function parseCsv(list: ListBytes): {
	readonly columns: readonly string[];
	readonly where: string;
	readonly rows: readonly CsvRow[];
} {
	const { data, errors } = Papa.parse<string[]>(utf8(list).replace(/^\ufeff/, ""), { delimiter: ",", header: false });
	const [error] = errors;
	if (error !== undefined)
		throw new InputError(error.message, { where: `${list.path}:${(error.row ?? 0) + 1}`, hint: "The file may be cut off." });
	let columns: readonly string[] | undefined;
	let first = list.path;
	const rows: CsvRow[] = [];
	let line = 1;
	for (const cells of data) {
		const where = `${list.path}:${line}`;
		// A quoted cell may hold line breaks: places are lines of the file, not numbers of rows.
		line += 1 + cells.reduce((sum, cell) => sum + cell.split("\n").length - 1, 0);
		if (cells.length === 1 && cells[0]?.trim() === "") continue;
		if (columns === undefined) {
			columns = headerOf(cells, where);
			first = where;
		} else rows.push({ where, cells: cellsBy(columns, cells, where) });
	}
	return { columns: columns ?? [], where: first, rows };
}

function headerOf(cells: readonly string[], where: string): readonly string[] {
	const columns = cells.map((cell) => cell.trim());
	const twice = columns.find((name, i) => columns.indexOf(name) !== i);
	if (twice !== undefined) throw new InputError(`column ${quote(twice)} is there twice`, { where });
	return columns;
}

function cellsBy(columns: readonly string[], cells: readonly string[], where: string): CsvRow["cells"] {
	return () => {
		if (cells.length !== columns.length) throw new InputError(`has ${cells.length} cells, the header has ${columns.length}`, { where });
		return Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? ""]));
	};
}

/** Keeps count of a list's rows while they are read. */
export interface RowTally {
	readonly skipped: Map<string, number>;
	readonly unusable: UnusableRow[];
	/** Reads one row; what it throws as InputError makes the row unusable, or refuses the list where that is wanted. */
	row(where: string, read: () => void): void;
}

/** A tally for one list. */
export function tallyRows({ strict }: ReadOptions): RowTally {
	const unusable: UnusableRow[] = [];
	return {
		skipped: new Map(),
		unusable,
		row(where, read) {
			try {
				read();
			} catch (error) {
				if (!(error instanceof ClewError)) throw error;
				const why = error.message.startsWith(`${where}: `) ? error.message.slice(where.length + 2) : error.message;
				if (strict) throw new InputError(why, { where, code: error.code, cause: error, ...(error.hint ? { hint: error.hint } : {}) });
				unusable.push({ where, why });
			}
		},
	};
}

/** A list of which more than one in so many rows is unusable is refused: another file under this name, or a damaged one. */
const BELIEVABLE = 10;
/**
 * Rows that refuse no list however short it is, as long as most of it is usable: PlusToken's TagPack has 12 addresses, two of them
 * mistyped.
 */
const FEW = 2;
const NAMED = 3;

/**
 * Throws InputError when a list says nothing (an empty parse is a failure, never an empty list), or when more than a tenth of it is
 * unusable; one or two rows refuse no list that is mostly usable.
 */
export function mustBeUsable<T extends Pick<LabelList, "skipped" | "unusable"> & { readonly labels: readonly unknown[] }>(
	list: T,
	path: string,
): T {
	const { labels, skipped, unusable } = list;
	const bad = unusable.length;
	const named = unusable.slice(0, NAMED).map(({ where, why }) => `${where}: ${why}`);
	if (labels.length > 0 && ((bad <= FEW && bad <= labels.length) || bad * BELIEVABLE <= labels.length + bad)) return list;
	const only = [...[...skipped].map(([kind, count]) => `${count} of ${kind}`), ...(bad === 0 ? [] : [`${bad} that are unusable`])].join(
		", ",
	);
	const problem =
		labels.length === 0
			? `holds no label that Clew can use${only === "" ? "" : ` (only ${only})`}`
			: `${bad} of its ${labels.length + bad} rows cannot be used, more than a tenth`;
	throw new InputError([problem, ...named].join("; "), {
		where: path,
		hint: "Check that this is the list you meant and that it was downloaded whole; nothing was changed.",
	});
}

/** Adds one to a count. */
export function countUp(counts: Map<string, number>, key: string): void {
	counts.set(key, (counts.get(key) ?? 0) + 1);
}
