import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { InputError } from "@clew/core";
import { type CsvError, parse } from "csv-parse";

/** One record of a file and where it stands. */
export interface FileRecord {
	readonly cells: Readonly<Record<string, string>>;
	readonly line: number;
}

/** A file opened for reading: its columns, and its records as a stream with flat memory (CSV). */
export interface RecordFile {
	readonly header: readonly string[];
	readonly records: AsyncIterable<FileRecord>;
}

/** A row larger than this is not a row of an export. */
const MAX_RECORD_BYTES = 1 << 20;
/** JSON is read whole; a larger answer should be asked for in pages or as CSV. */
const MAX_JSON_BYTES = 256 << 20;

/** Opens a CSV or JSON export. Throws InputError with file:line. */
export async function openRecords(path: string): Promise<RecordFile> {
	return path.toLowerCase().endsWith(".json") ? openJson(path) : openCsv(path);
}

async function openCsv(path: string): Promise<RecordFile> {
	const input = createReadStream(path);
	const parser = parse({ bom: true, info: true, max_record_size: MAX_RECORD_BYTES, skip_empty_lines: true });
	input.on("error", (error) => parser.destroy(error));
	const rows = input.pipe(parser)[Symbol.asyncIterator]() as AsyncIterator<{ record: string[]; info: { lines: number } }>;
	const next = async () => {
		try {
			return await rows.next();
		} catch (error) {
			throw csvError(path, error);
		}
	};
	const first = await next();
	const header = first.done ? [] : first.value.record;
	if (new Set(header).size !== header.length) throw new InputError("a column name comes twice", { where: `${path}:1` });
	async function* records(): AsyncGenerator<FileRecord> {
		try {
			for (let row = await next(); !row.done; row = await next()) {
				const { record, info } = row.value;
				const cells: Record<string, string> = {};
				for (let i = 0; i < header.length; i++) cells[header[i] as string] = record[i] ?? "";
				yield { cells, line: info.lines };
			}
		} finally {
			input.destroy();
		}
	}
	return { header, records: records() };
}

function csvError(path: string, error: unknown): unknown {
	const { code, lines, message } = error as CsvError & { lines?: number };
	if (typeof code !== "string" || !code.startsWith("CSV_")) return new InputError("cannot be read", { where: path, cause: error });
	const where = lines === undefined ? path : `${path}:${lines}`;
	const truncated =
		code === "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH" || code === "CSV_RECORD_INCONSISTENT_COLUMNS" || code === "CSV_QUOTE_NOT_CLOSED";
	return new InputError(truncated ? "this row does not have the columns of the header; the file may be cut off" : message, {
		where,
		cause: error,
		hint: "Export the file again.",
	});
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
	async function* records(): AsyncGenerator<FileRecord> {
		for (const [i, cells] of rows.entries()) yield { cells, line: i + 1 };
	}
	return { header: Object.keys(rows[0] ?? {}), records: records() };
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
