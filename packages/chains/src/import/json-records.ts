import { InputError, quote } from "@clew/core";
import { LosslessNumber, parse } from "lossless-json";
import type { FileRecord, RecordFile } from "./records.js";
import { wholeText } from "./text-file.js";

/** Digits that every program keeps when it reads a fraction as a float (IEEE 754 double). */
const FLOAT_DIGITS = 15;

/**
 * Reads a JSON list of flat objects, or an object that holds one as `result` (an Etherscan-compatible answer). Every row has its own keys. Numbers keep the digits
 * that they are written with; those that a float cannot hold are refused, since some program may have rounded them already. Throws InputError with file:row.
 */
export async function jsonRecords(path: string): Promise<RecordFile> {
	let parsed: unknown;
	try {
		parsed = parse(await wholeText(path));
	} catch (cause) {
		if (cause instanceof InputError) throw cause;
		throw new InputError("not one JSON value; the file may be cut off", { where: path, cause, hint: "Export the file again." });
	}
	const { list, caveat } = listOf(parsed, path);
	const headers = new Map<string, readonly string[]>();
	const records = list.map((item, i) => recordOf(item, path, i + 1, headers));
	async function* blocks(): AsyncGenerator<readonly FileRecord[]> {
		yield records;
	}
	return { headers: [...headers.values()], blocks: blocks(), delimiter: undefined, ...(caveat === undefined ? {} : { caveat }) };
}

/** The rows of an answer. Only what says "none found" is an empty answer; an error is none. */
function listOf(parsed: unknown, path: string): { list: readonly unknown[]; caveat?: string } {
	if (Array.isArray(parsed)) return { list: parsed };
	const answer = parsed as Partial<Record<"status" | "message" | "result", unknown>> | null;
	const status = textOfValue(answer?.status);
	const message = textOfValue(answer?.message) ?? "";
	const { result } = answer ?? {};
	if (status === "0") {
		const none = /^no\b.*\bfound\b/i.test(message) && (result === null || (Array.isArray(result) && result.length === 0));
		if (none) return { list: [] };
		const said = typeof result === "string" ? result : message;
		throw new InputError(`the answer is an error: ${quote(said.slice(0, 120))}`, {
			where: path,
			hint: "Ask again, then import the answer.",
		});
	}
	if (!Array.isArray(result)) throw new InputError("expected a list, or an object with a list called result", { where: path });
	if (status === undefined || status === "1") return { list: result };
	return { list: result, caveat: `the answer calls itself incomplete: ${quote(message.slice(0, 120))}` };
}

function recordOf(item: unknown, path: string, row: number, headers: Map<string, readonly string[]>): FileRecord {
	const where = `${path}:${row}`;
	if (typeof item !== "object" || item === null || Array.isArray(item)) throw new InputError("expected an object", { where });
	const columns: string[] = [];
	const cells: string[] = [];
	for (const [key, value] of Object.entries(item)) {
		const text = Array.isArray(value) ? listText(value) : textOfValue(value);
		if (text === undefined) continue;
		if (value instanceof LosslessNumber) checkNumber(key, text, where);
		columns.push(key);
		cells.push(text);
	}
	const name = JSON.stringify(columns);
	const header = headers.get(name) ?? columns;
	headers.set(name, header);
	return { header, cells, line: row };
}

function textOfValue(value: unknown): string | undefined {
	if (value === null) return "";
	return typeof value === "string" || typeof value === "boolean" || value instanceof LosslessNumber ? String(value) : undefined;
}

/** A list of plain values as CSV writes it, such as a trace address. */
function listText(values: readonly unknown[]): string | undefined {
	const texts = values.map(textOfValue);
	return texts.includes(undefined) ? undefined : texts.join(",");
}

function checkNumber(key: string, text: string, where: string): void {
	const value = Number(text);
	if (Number.isInteger(value) ? !Number.isSafeInteger(value) : text.replace(/e.*$/i, "").replace(/\D/g, "").length > FLOAT_DIGITS) {
		throw new InputError(`${key}: numbers beyond 2^53 or with more digits than a float keeps must be strings`, { where });
	}
}
