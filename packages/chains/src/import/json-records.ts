import { InputError, quote } from "@clew/core";
import { LosslessNumber, parse } from "lossless-json";
import { keyTwice } from "../exact-json.js";
import { moreFollows } from "./answer-pages.js";
import { blockscoutPages } from "./blockscout-pages.js";
import { ExactNumbers } from "./exact-numbers.js";
import type { FileRecord, RecordFile } from "./records.js";
import { wholeText } from "./text-file.js";
import { type GridList, gridPages } from "./trongrid-pages.js";

/**
 * Reads a JSON list of flat objects, an object that holds one as `result` (an Etherscan-compatible answer), or pages of one (TronGrid,
 * Blockscout).
 * Every row has its own keys.
 * Numbers keep the digits that they are written with; those that a float cannot hold are refused where some program may have rounded them
 * already ({@link ExactNumbers}). Throws InputError with file:row.
 */
export async function jsonRecords(path: string): Promise<RecordFile> {
	const { list, caveat, head } = answerOf(await wholeText(path), path);
	const headers = new Map<string, readonly string[]>();
	const numbers = new ExactNumbers();
	const records = list.map(({ item, line }) => recordOf(item, path, line, headers, numbers));
	numbers.check();
	async function* blocks(): AsyncGenerator<readonly FileRecord[]> {
		yield records;
	}
	const [first] = list;
	return {
		...(isObject(first?.item) ? { keys: Object.keys(first.item) } : {}),
		headers: [...headers.values()],
		blocks: blocks(),
		delimiter: undefined,
		...(head && { head }),
		...(caveat === undefined ? {} : { caveat }),
	};
}

interface Answer {
	readonly list: readonly { readonly item: unknown; readonly line: number }[];
	readonly caveat?: string;
	/** The plain values beside the list. */
	readonly head?: FileRecord;
}

/** The rows of a text: those of one value, else one object a line. */
function answerOf(text: string, path: string): Answer {
	let parsed: unknown;
	try {
		parsed = parse(text);
	} catch (cause) {
		const lines = linesOf(text, path);
		const paged =
			lines === undefined
				? undefined
				: pagesOf(
						lines.map(({ item }) => item),
						path,
					);
		if (paged !== undefined) return numbered(paged);
		if (lines !== undefined) return { list: lines };
		const twice = keyTwice(cause);
		if (twice !== undefined) throw twice(path);
		throw new InputError("not one JSON value; the file may be cut off", { where: path, cause, hint: "Export the file again." });
	}
	const paged = pagesOf(parsed, path);
	if (paged !== undefined) return numbered(paged);
	const told = resultOf(parsed, path);
	if (told !== undefined) return { list: [{ item: told, line: 1 }] };
	const covalent = covalentList(parsed, path);
	if (covalent !== undefined) return covalent;
	if (isObject(parsed) && !("result" in parsed) && !("message" in parsed)) return { list: [{ item: parsed, line: 1 }] };
	const { list, caveat } = listOf(parsed, path);
	const head = isObject(parsed) ? recordOf(besideRows(parsed), path, 1, new Map(), new ExactNumbers()) : undefined;
	return { list: list.map((item, i) => ({ item, line: i + 1 })), ...(caveat === undefined ? {} : { caveat }), ...(head && { head }) };
}

/** The rows of answers that come in pages of a form of their own. */
function pagesOf(parsed: unknown, path: string): GridList | undefined {
	return gridPages(parsed, path) ?? blockscoutPages(parsed, path);
}

/** The one thing that a node answered by JSON-RPC; undefined for other answers, and lists. Throws InputError for an error. */
function resultOf(parsed: unknown, path: string): object | undefined {
	if (!isObject(parsed) || !("jsonrpc" in parsed)) return undefined;
	const { result, error } = parsed as { readonly result?: unknown; readonly error?: unknown };
	if (!isObject(error)) return isObject(result) ? result : undefined;
	const said = "message" in error ? String(error.message) : "";
	throw new InputError(`the answer is an error: ${quote(said.slice(0, 120))}`, { where: path, hint: "Ask again, then import the answer." });
}

/** The items of an answer of Covalent (`data.items`), whose pages lie on both sides. Throws InputError for one that is an error. */
function covalentList(parsed: unknown, path: string): Answer | undefined {
	const { data, error, error_message: why } = (isObject(parsed) ? parsed : {}) as Partial<Record<string, unknown>>;
	if (!isObject(data) || !("items" in data) || !Array.isArray(data.items) || typeof error !== "boolean") return undefined;
	if (error) throw new InputError(`the answer is an error: ${quote(String(why).slice(0, 120))}`, { where: path, hint: "Ask again." });
	const { items } = data;
	const { links } = data as { links?: unknown };
	const before =
		isObject(links) && "prev" in links && links.prev ? "the answer says that there is a page before it (links.prev)" : undefined;
	const caveat = moreFollows(data, items.length) ?? before;
	const head = recordOf({ ...data, items: undefined }, path, 1, new Map(), new ExactNumbers());
	return { list: items.map((item, i) => ({ item, line: i + 1 })), head, ...(caveat === undefined ? {} : { caveat }) };
}

function numbered({ list, caveat }: GridList): Answer {
	return { list: list.map((item, i) => ({ item, line: i + 1 })), ...(caveat === undefined ? {} : { caveat }) };
}

/** What an answer says beside its rows, in objects there, too. */
function besideRows(answer: object): object {
	const inside = Object.values(answer).filter((value) => isObject(value) && !(value instanceof LosslessNumber));
	return Object.assign({}, ...inside, answer);
}

function isObject(value: unknown): value is object {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One object a line; undefined when the first line is none, so that the text is something else. */
function linesOf(text: string, path: string): { item: unknown; line: number }[] | undefined {
	const rows: { item: unknown; line: number }[] = [];
	for (const [i, line] of text.split("\n").entries()) {
		if (line.trim() === "") continue;
		try {
			rows.push({ item: parse(line), line: i + 1 });
		} catch (cause) {
			if (rows.length === 0) return undefined;
			const twice = keyTwice(cause);
			if (twice !== undefined) throw twice(`${path}:${i + 1}`);
			throw new InputError("this line is not one JSON object; the file may be cut off", {
				where: `${path}:${i + 1}`,
				cause,
				hint: "Export the file again.",
			});
		}
	}
	return rows;
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
	if (status === undefined || status === "1") {
		const more = moreFollows(answer ?? {}, result.length);
		return { list: result, ...(more === undefined ? {} : { caveat: more }) };
	}
	return { list: result, caveat: `the answer calls itself incomplete: ${quote(message.slice(0, 120))}` };
}

function recordOf(item: unknown, path: string, row: number, headers: Map<string, readonly string[]>, numbers: ExactNumbers): FileRecord {
	const where = `${path}:${row}`;
	if (typeof item !== "object" || item === null || Array.isArray(item)) throw new InputError("expected an object", { where });
	const columns: string[] = [];
	const cells: string[] = [];
	for (const [key, value] of Object.entries(item)) {
		const text = Array.isArray(value) ? listText(value) : textOfValue(value);
		if (text === undefined) continue;
		if (value instanceof LosslessNumber) numbers.see(key, text, where);
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
