import { InputError, quote } from "@clew/core";
import Papa from "papaparse";
import { jsonRecords } from "./json-records.js";
import { looksLikeJson, textOf } from "./text-file.js";

/**
 * One record of a file: its columns, its cells in their order, and where it stands. Records with the same columns share one list of them.
 */
export interface FileRecord {
	readonly header: readonly string[];
	readonly cells: readonly string[];
	readonly line: number;
}

/** A file opened for reading: every list of columns that its records have, and the records in blocks, a stream with flat memory (CSV). */
export interface RecordFile {
	/** All keys of the first row of JSON, also those whose values are no cells. */
	readonly keys?: readonly string[];
	readonly headers: readonly (readonly string[])[];
	readonly blocks: AsyncIterable<readonly FileRecord[]>;
	/** What stands between cells; undefined for JSON. */
	readonly delimiter: string | undefined;
	/** What the answer itself says against its being complete; undefined when nothing. */
	readonly caveat?: string;
	/** What a JSON answer says beside its rows. */
	readonly head?: FileRecord;
}

/** A row larger than this is not a row of an export. */
const MAX_RECORD_CHARS = 1 << 20;
/** Lines without a cell that a file may have beyond one for each row: a few kilobytes may unpack to hundreds of millions. */
const MAX_EMPTY_LINES = 1 << 16;
/** In order of preference where a header could be cut by several as often. */
const DELIMITERS = [",", ";", "\t", "|"] as const;

/**
 * Opens a CSV or JSON export, told apart by its first character, for as long as `use` reads from it. CSV may have cells between commas,
 * semicolons, tabs or bars, as its header or a first line `sep=;` says. The file is closed afterwards, whatever happens. Throws InputError
 * with file:line.
 */
export async function withRecords<T>(path: string, use: (file: RecordFile) => Promise<T>): Promise<T> {
	if (await looksLikeJson(path)) return use(await jsonRecords(path));
	const all = csvBlocks(path);
	try {
		const first = await all.next();
		const { header, delimiter, records } = first.done ? { header: [], delimiter: ",", records: [] } : first.value;
		async function* blocks(): AsyncGenerator<readonly FileRecord[]> {
			yield records;
			for await (const block of all) yield block.records;
		}
		return await use({ headers: header.length === 0 ? [] : [header], blocks: blocks(), delimiter });
	} finally {
		await all.return(undefined);
	}
}

interface CsvBlock {
	readonly header: readonly string[];
	readonly delimiter: string;
	readonly records: readonly FileRecord[];
}

function cutOff(path: string, line: number, what: string): InputError {
	return new InputError(`${what}; the file may be cut off`, { where: `${path}:${line}`, hint: "Export the file again." });
}

/** Rows of a CSV file (RFC 4180) with the lines they start on, a block of text at a time: memory is that of a block, whatever the file. */
async function* csvBlocks(path: string): AsyncGenerator<CsvBlock, undefined> {
	let carry = "";
	let line = 1;
	let delimiter: string | undefined;
	let header: readonly string[] | undefined;
	let once: ColumnsOnce | undefined;
	let trailing: boolean | undefined;
	let empty = 0;
	const read = (text: string): CsvBlock | undefined => {
		let body = text;
		if (delimiter === undefined) {
			const start = delimiterOf(body);
			({ delimiter } = start);
			body = body.slice(start.skip);
			if (start.skip > 0) line++;
		}
		const block = parseBlock(path, body, line, delimiter);
		line = block.next;
		const rows = block.rows;
		empty += block.empty - rows.length;
		if (empty > MAX_EMPTY_LINES)
			throw new InputError(`has ${MAX_EMPTY_LINES} empty lines more than rows up to here: no export has`, { where: `${path}:${line}` });
		if (header === undefined) {
			// Sites that write who they are above the header (WalletExplorer) write it as a comment.
			while (rows[0]?.cells.length === 1 && rows[0].cells[0]?.startsWith("#")) rows.shift();
			header = rows.shift()?.cells;
			once = header === undefined ? undefined : columnsOnce(header, path);
		}
		const columns = header;
		if (columns === undefined || once === undefined) return undefined;
		const { names, keep } = once;
		trailing ??= rows[0] && endsEmpty(rows[0].cells, columns);
		const bare = (cells: readonly string[]) => (trailing && block.quoted() && endsEmpty(cells, columns) ? cells.slice(0, -1) : cells);
		return {
			header: names,
			delimiter,
			records: rows.map(({ cells, line: at }) => ({ header: names, cells: keep(bare(cells), at), line: at })),
		};
	};
	for await (const chunk of textOf(path)) {
		const text = carry + chunk;
		const end = endOfLastRow(text);
		carry = text.slice(end);
		if (carry.length > MAX_RECORD_CHARS) {
			throw cutOff(path, line, `a row is longer than ${MAX_RECORD_CHARS >> 20} MiB, or a quote is not closed`);
		}
		const block = end > 0 ? read(text.slice(0, end)) : undefined;
		if (block !== undefined) yield block;
	}
	const last = carry === "" ? undefined : read(carry);
	if (last !== undefined) yield last;
}

/** The columns of a header, each once, and how a row's cells become theirs. */
interface ColumnsOnce {
	readonly names: readonly string[];
	keep(cells: readonly string[], line: number): readonly string[];
}

/**
 * A header may name a column twice (Blockscout's `TokenDecimals`): then every row must say the same in both. Throws InputError for a row
 * that does not; rows of another length are left to the reader.
 */
function columnsOnce(header: readonly string[], path: string): ColumnsOnce {
	const again = header.flatMap((name, i) => (header.indexOf(name) < i ? [[i, header.indexOf(name)] as const] : []));
	if (again.length === 0) return { names: header, keep: (cells) => cells };
	const dropped = new Set(again.map(([i]) => i));
	const others = (list: readonly string[]) => list.filter((_, i) => !dropped.has(i));
	return {
		names: others(header),
		keep(cells, line) {
			const other = again.find(([i, first]) => cells[i] !== cells[first]);
			if (cells.length === header.length && other !== undefined)
				throw new InputError(`the column ${quote(header[other[0]] ?? "")} comes twice, and this row tells two things in it`, {
					where: `${path}:${line}`,
					hint: "Give each column a name of its own.",
				});
			return cells.length === header.length ? others(cells) : cells;
		},
	};
}

/** True for a row with one cell more than its header, an empty one at its end: sites have written every row so. */
function endsEmpty(cells: readonly string[], header: readonly string[]): boolean {
	return cells.length === header.length + 1 && cells[header.length] === "";
}

/**
 * What stands between cells: what a spreadsheet's first line `sep=;` says, else what cuts the header into the most cells; and the
 * characters to pass over.
 */
function delimiterOf(text: string): { delimiter: string; skip: number } {
	const told = /^"?sep=([,;\t|])"?\n/i.exec(text);
	if (told?.[1] !== undefined) return { delimiter: told[1], skip: told[0].length };
	const end = firstLineEnd(text);
	const unquoted = text.slice(0, end).replace(/"[^"]*"/g, "");
	let delimiter: string = DELIMITERS[0];
	let most = 0;
	for (const candidate of DELIMITERS) {
		const count = unquoted.split(candidate).length - 1;
		if (count > most) [delimiter, most] = [candidate, count];
	}
	return { delimiter, skip: 0 };
}

function firstLineEnd(text: string): number {
	for (let i = text.search(/\S/), quoted = false; i >= 0 && i < text.length; i++) {
		if (text[i] === '"') quoted = !quoted;
		else if (text[i] === "\n" && !quoted) return i;
	}
	return text.length;
}

/** Index behind the last line end that is not inside quotes. */
function endOfLastRow(text: string): number {
	let end = 0;
	let from = 0;
	for (;;) {
		const open = text.indexOf('"', from);
		const lineEnd = text.slice(from, open < 0 ? text.length : open).lastIndexOf("\n");
		if (lineEnd >= 0) end = from + lineEnd + 1;
		const close = open < 0 ? -1 : text.indexOf('"', open + 1);
		if (close < 0) return end;
		from = close + 1;
	}
}

interface CsvRow {
	readonly cells: readonly string[];
	readonly line: number;
}

interface ParsedBlock {
	readonly rows: CsvRow[];
	/** Lines without a cell. */
	readonly empty: number;
	/** The line behind them. */
	readonly next: number;
	/** True when every cell stands in quotes: then no comma of a number has cut a cell in two. */
	quoted(): boolean;
}

/** Parses whole rows, empty lines passed over. */
function parseBlock(path: string, text: string, start: number, delimiter: string): ParsedBlock {
	const rows: CsvRow[] = [];
	if (text === "") return { rows, empty: 0, next: start, quoted: () => false };
	const { data, errors } = Papa.parse<string[]>(text, { delimiter, newline: "\n", header: false });
	const multiline = text.includes('"');
	const errorAt = new Map(errors.map((error) => [error.row, error]));
	let line = start;
	for (const [i, cells] of data.entries()) {
		const error = errorAt.get(i);
		if (error !== undefined) throw cutOff(path, line, error.message);
		if (cells.length > 1 || cells[0] !== "") rows.push({ cells, line });
		line += 1 + (multiline ? lineEndsIn(cells) : 0);
	}
	// Text that ends with a line end gives one more, empty row, which is no line.
	const quoted = () => quotesIn(text) === rows.reduce((sum, { cells }) => sum + cells.length * 2 + quotesIn(cells.join("")) * 2, 0);
	const ended = text.endsWith("\n") ? 1 : 0;
	return { rows: [...rows], empty: data.length - ended - rows.length, next: line - ended, quoted };
}

function quotesIn(text: string): number {
	return text.split('"').length - 1;
}

function lineEndsIn(cells: readonly string[]): number {
	let count = 0;
	for (const cell of cells) for (let at = cell.indexOf("\n"); at >= 0; at = cell.indexOf("\n", at + 1)) count++;
	return count;
}
