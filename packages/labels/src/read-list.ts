import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { ClewError, InputError, type LabelCategory } from "@clew/core";
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

/** A list as it was read: all of its rows, or an error. */
export interface LabelList {
	/** What the list is; a later copy of it replaces an earlier one. */
	readonly id: string;
	/** Who says so, for people. */
	readonly publisher: string;
	readonly licence: string;
	/** ISO date of the list's content, or empty where it does not tell. */
	readonly retrievedAt: string;
	readonly labels: readonly ListedLabel[];
	/** Rows about what Clew does not follow, by kind, such as `XMR`: counted, never lost silently. */
	readonly skipped: ReadonlyMap<string, number>;
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
/** The header is line 1. */
const FIRST_ROW_LINE = 2;

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

/** Rows of a CSV list with a header, each with its line. Throws InputError with file:line. */
export function parseCsv(list: ListBytes): { record: Record<string, string>; line: number }[] {
	const text = utf8(list).replace(/^\ufeff/, "");
	const { data, errors } = Papa.parse<Record<string, string>>(text, { delimiter: ",", header: true, skipEmptyLines: true });
	const [error] = errors;
	if (error !== undefined)
		throw new InputError(error.message, { where: `${list.path}:${(error.row ?? 0) + FIRST_ROW_LINE}`, hint: "The file may be cut off." });
	return data.map((record, i) => ({ record, line: i + FIRST_ROW_LINE }));
}

/** Throws InputError when a list says nothing: an empty parse is a failure, never an empty list. */
export function mustHoldLabels(list: LabelList, path: string): LabelList {
	if (list.labels.length > 0) return list;
	const skipped = [...list.skipped].map(([kind, count]) => `${count} of ${kind}`).join(", ");
	throw new InputError(`holds no label that Clew can use${skipped === "" ? "" : ` (only ${skipped})`}`, {
		where: path,
		hint: "Check that this is the list you meant and that it was downloaded whole; nothing was changed.",
	});
}

/** Adds one to a count. */
export function countUp(counts: Map<string, number>, key: string): void {
	counts.set(key, (counts.get(key) ?? 0) + 1);
}
