import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { InputError } from "@clew/core";
import Papa from "papaparse";

/** One record of a file, its cells in the order of the header, and where it stands. */
export interface FileRecord {
	readonly cells: readonly string[];
	readonly line: number;
}

/** A file opened for reading: its columns, and its records in blocks, a stream with flat memory (CSV). */
export interface RecordFile {
	readonly header: readonly string[];
	readonly blocks: AsyncIterable<Iterable<FileRecord>>;
}

/** A row larger than this is not a row of an export. */
const MAX_RECORD_CHARS = 1 << 20;
const BLOCK_BYTES = 1 << 18;
/** JSON is read whole; a larger answer should be asked for in pages or as CSV. */
const MAX_JSON_BYTES = 256 << 20;

/** Opens a CSV or JSON export. Throws InputError with file:line. */
export async function openRecords(path: string): Promise<RecordFile> {
	return path.toLowerCase().endsWith(".json") ? openJson(path) : openCsv(path);
}

/** Opens a CSV file, or a TSV file by its name. */
async function openCsv(path: string): Promise<RecordFile> {
	const all = csvBlocks(path);
	const first = await all.next();
	const [head, ...rest] = first.done ? [] : first.value;
	const header = head?.cells ?? [];
	if (new Set(header).size !== header.length) throw new InputError("a column name comes twice", { where: `${path}:1` });
	async function* blocks(): AsyncGenerator<Iterable<FileRecord>> {
		yield rest;
		yield* all;
	}
	return { header, blocks: blocks() };
}

function cutOff(path: string, line: number, what: string): InputError {
	return new InputError(`${what}; the file may be cut off`, { where: `${path}:${line}`, hint: "Export the file again." });
}

/** Rows of a CSV file (RFC 4180) with the lines they start on, a block of text at a time: memory is that of a block, whatever the file. */
async function* csvBlocks(path: string): AsyncGenerator<FileRecord[]> {
	let carry = "";
	let line = 1;
	const input = createReadStream(path, { encoding: "utf8", highWaterMark: BLOCK_BYTES });
	try {
		for await (const chunk of input as AsyncIterable<string>) {
			const text = line === 1 && carry === "" ? chunk.replace(/^\ufeff/, "") : carry + chunk;
			const end = endOfLastRow(text);
			carry = text.slice(end);
			if (carry.length > MAX_RECORD_CHARS) {
				throw cutOff(path, line, `a row is longer than ${MAX_RECORD_CHARS >> 20} MiB, or a quote is not closed`);
			}
			const block = parseBlock(path, text.slice(0, end), line);
			line = block.next;
			if (block.records.length > 0) yield block.records;
		}
	} catch (error) {
		throw error instanceof InputError ? error : new InputError("cannot be read", { where: path, cause: error });
	} finally {
		input.destroy();
	}
	if (carry !== "") yield parseBlock(path, carry, line).records;
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

/** Parses whole rows, empty lines passed over; `next` is the line behind them. */
function parseBlock(path: string, text: string, start: number): { records: FileRecord[]; next: number } {
	const records: FileRecord[] = [];
	if (text === "") return { records, next: start };
	const { data, errors } = Papa.parse<string[]>(text, { delimiter: path.toLowerCase().endsWith(".tsv") ? "\t" : ",", header: false });
	const multiline = text.includes('"');
	let line = start;
	for (const [i, cells] of data.entries()) {
		const error = errors.find((e) => e.row === i);
		if (error !== undefined) throw cutOff(path, line, error.message);
		if (cells.length > 1 || cells[0] !== "") records.push({ cells, line });
		line += 1 + (multiline ? lineEndsIn(cells) : 0);
	}
	// Text that ends with a line end gives one more, empty row, which is no line.
	return { records, next: text.endsWith("\n") ? line - 1 : line };
}

function lineEndsIn(cells: readonly string[]): number {
	let count = 0;
	for (const cell of cells) for (let at = cell.indexOf("\n"); at >= 0; at = cell.indexOf("\n", at + 1)) count++;
	return count;
}

async function openJson(path: string): Promise<RecordFile> {
	const { size } = await stat(path);
	if (size > MAX_JSON_BYTES)
		throw new InputError(`JSON files above ${MAX_JSON_BYTES >> 20} MiB are not read`, { where: path, hint: "Export as CSV, or in pages." });
	let parsed: unknown;
	try {
		parsed = JSON.parse(await readFile(path, "utf8"));
	} catch (cause) {
		throw new InputError("not JSON; the file may be cut off", { where: path, cause, hint: "Export the file again." });
	}
	const list = Array.isArray(parsed) ? parsed : (parsed as { result?: unknown })?.result;
	if (!Array.isArray(list)) throw new InputError("expected a list, or an object with a list called result", { where: path });
	const rows = list.map((item: unknown, i) => jsonCells(path, item, i));
	const header = Object.keys(rows[0] ?? {});
	async function* blocks(): AsyncGenerator<Iterable<FileRecord>> {
		yield rows.map((row, i) => ({ cells: header.map((column) => row[column] ?? ""), line: i + 1 }));
	}
	return { header, blocks: blocks() };
}

function jsonCells(path: string, item: unknown, index: number): Record<string, string> {
	if (typeof item !== "object" || item === null) throw new InputError("expected an object", { where: `${path}:${index + 1}` });
	const cells: Record<string, string> = {};
	for (const [key, value] of Object.entries(item)) {
		if (typeof value === "number" && !Number.isSafeInteger(value))
			throw new InputError(`${key}: numbers beyond 2^53 must be strings`, { where: `${path}:${index + 1}` });
		if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") cells[key] = String(value);
		else if (value === null) cells[key] = "";
	}
	return cells;
}
