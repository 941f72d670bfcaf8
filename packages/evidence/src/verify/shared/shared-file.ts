import { rowShape } from "../bundle/formats.js";
import { bytesOf, fromBase64, textOf, toHex } from "../encoding/bytes.js";
import { canonical } from "../encoding/canonical.js";
import { auditPaths } from "../encoding/merkle.js";
import { isRecord } from "../encoding/shape.js";
import { unzip } from "../encoding/zip.js";
import { Refusal } from "../failure.js";

/** A trace as one page: its rows as lines that can be read, and what they are checked against, packed. */

/** The two blocks of data of a shared page. */
export interface SharedParts {
	/** Line 1: values that rows name by `~` and their number. Line 2: the hashes of all leaves, base64. Then a row a line. */
	readonly rows: string;
	/** Base64 of a zip: the manifest with what is about it, proofs, headers, and the trace without its rows. */
	readonly sealed: string;
}

/** A shared page as files that `verifyFiles` checks like any disclosure. */
export interface SharedFile {
	readonly files: Map<string, Uint8Array>;
	/** The trace without rows. Of a whole one it is checked as part of `trace.json`; else it is the word of who made the page. */
	readonly frame: Readonly<Record<string, unknown>>;
	readonly isWhole: boolean;
}

export const SHARED_ROWS = "clew-rows";
export const SHARED_SEALED = "clew-sealed";
/** Of a whole trace, and of one whose rows are withheld in part. */
export const FRAME = "frame.json";
export const STATED_FRAME = "stated.json";
export const PROOFS = "proofs.json";
const HASH_BYTES = 32;
const MAX_DEPTH = 64;
/** Of a value that rows name by its number, as JSON. */
export const MAX_WORD = 4_000;

/** True for bytes that begin as a page does. */
export function isPage(bytes: Uint8Array): boolean {
	return /^<!doctype html/i.test(String.fromCharCode(...bytes.subarray(0, 16)));
}

/** The blocks of data of a page. Throws Error where it has none, or one of them twice: readers could take either. */
export function partsOf(page: string): SharedParts {
	const block = (id: string) => {
		const found = [...page.matchAll(new RegExp(`<script type="text/plain" id="${id}">([^<]*)</script>`, "g"))];
		if (found.length !== 1 || found[0]?.[1] === undefined) throw new Refusal(`the page has no data called ${id}, or has it twice`);
		return found[0][1];
	};
	return { rows: block(SHARED_ROWS), sealed: block(SHARED_SEALED) };
}

/**
 * Unpacks a shared page. Each row gets the way to the root that the hashes of the leaves give: one that was changed does not lead there.
 * Throws Error for what cannot be read, with the row that it is in.
 */
export async function readShared({ rows: text, sealed }: SharedParts): Promise<SharedFile> {
	const packed = await unzip(fromBase64(sealed.trim()));
	const files = new Map([...packed].filter(([path]) => ![FRAME, STATED_FRAME, PROOFS].includes(path)));
	const [first = "", hashes = "", ...lines] = text.trim().split("\n");
	const words = parsed(first, "the values of rows");
	if (!Array.isArray(words)) throw new Refusal("the values of rows are no list");
	// A short line could stand for a long row: many of them would fill the memory.
	if (words.some((word) => JSON.stringify(word).length > MAX_WORD)) throw new Refusal(`a value of rows is longer than ${MAX_WORD}`);
	const joined = fromBase64(hashes);
	if (joined.length % HASH_BYTES !== 0) throw new Refusal("the hashes of leaves are cut off");
	const leaves = Array.from({ length: joined.length / HASH_BYTES }, (_, i) => joined.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
	const pathOf = auditPaths(leaves);
	const rows = lines.map((line, i) => {
		const where = `row in line ${i + 1}`;
		const row = whole(parsed(line, where), words, 0);
		const wrong = rowShape(row, "$");
		if (wrong !== undefined) throw new Refusal(`${where}: ${wrong}`);
		const { edge } = row as { edge: { row: number } };
		if (edge.row < 1 || edge.row > leaves.length) throw new Refusal(`row ${edge.row}: there is no leaf for it`);
		return { index: edge.row - 1, row, path: pathOf(edge.row - 1).map(toHex) };
	});
	const proofs = parsed(textOf(packed.get(PROOFS) ?? bytesOf("[]")), PROOFS);
	files.set("disclosure.json", bytesOf(`${canonical({ schema: "clew.disclosure/1", rows, proofs })}\n`));
	const isWhole = packed.has(FRAME);
	const frame = parsed(textOf(packed.get(isWhole ? FRAME : STATED_FRAME) ?? bytesOf("")), "the trace without rows");
	if (!isRecord(frame)) throw new Refusal("the trace without rows is no object");
	if (isWhole)
		files.set("trace.json", bytesOf(`${canonical({ ...frame, edges: rows.map(({ row }) => (row as { edge: unknown }).edge) })}\n`));
	return { files, frame, isWhole };
}

function parsed(text: string, where: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw new Refusal(`${where}: is not JSON: ${(error as Error).message.slice(0, 120)}`);
	}
}

/** A value with others in place of their numbers. */
function whole(value: unknown, words: readonly unknown[], depth: number): unknown {
	if (depth > MAX_DEPTH) throw new Refusal(`is nested more than ${MAX_DEPTH} deep`);
	if (typeof value === "string") {
		if (!value.startsWith("~")) return value;
		return value.startsWith("~~") ? value.slice(1) : (words[Number(value.slice(1))] ?? value);
	}
	if (Array.isArray(value)) return value.map((one) => whole(one, words, depth + 1));
	if (!isRecord(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, whole(one, words, depth + 1)]));
}
