import { isUtf8 } from "node:buffer";
import { gunzipSync, inflateSync } from "node:zlib";
import { unzipSync } from "fflate";
import { type HiddenName, holdsName, holdsWord } from "./names.js";

/** Runs of these are looked into as base64 or hex: shorter ones hold no name. */
const BASE64 = /[A-Za-z0-9+/_-]{10,}/g;
const HEX = /(?:[0-9a-fA-F]{2}){5,}/g;
/** An archive in an archive in an archive: deeper is not looked into. */
const MAX_DEPTH = 3;
/** Formats that hide what they hold from us. */
const OPAQUE = [
	[0xfd, 0x37, 0x7a, 0x58, 0x5a], // xz
	[0x42, 0x5a, 0x68], // bzip2
	[0x28, 0xb5, 0x2f, 0xfd], // zstd
	[0x37, 0x7a, 0xbc, 0xaf], // 7z
	[0x52, 0x61, 0x72, 0x21], // rar
] as const;

/** Words of fewer letters happen by chance in bytes that are no text. */
const LEAST_BY_CHANCE = 6;

/**
 * How far bytes are looked into. `plain`: as text only, for chain data full of hex. `words`: as all, and for single words of a name, as a
 * person's own file may hold.
 */
export type Depth = "plain" | "all" | "words";

/**
 * True when bytes hold one of the names in any form that a reader could turn back into it: text in UTF-8, UTF-16 or Latin-1; escaped for
 * JSON, XML or a URL; base64 or hex; inside gzip, zip (a spreadsheet is one) or a stream of a PDF; or when they cannot be looked into at
 * all.
 */
export function mayHoldName(bytes: Uint8Array, names: readonly HiddenName[], depth: Depth = "all"): boolean {
	return names.length > 0 && looksInto(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), names, depth, 0);
}

function looksInto(bytes: Buffer, names: readonly HiddenName[], depth: Depth, level: number): boolean {
	if (OPAQUE.some((magic) => magic.every((byte, i) => bytes[i] === byte))) return true;
	const least = bytes.includes(0) ? LEAST_BY_CHANCE : undefined;
	for (const text of texts(bytes, names)) if (inText(text, names, depth, least)) return true;
	const inner = contents(bytes);
	if (inner === undefined || (inner.length > 0 && level >= MAX_DEPTH)) return true;
	return inner.some(({ name, data }) => holdsName(name, names) || looksInto(data, names, depth, level + 1));
}

/** The bytes as every encoding that one of the names could stand in. */
function texts(bytes: Buffer, names: readonly HiddenName[]): string[] {
	const found = [bytes.toString("utf8"), bytes.toString("latin1")];
	// Latin letters in UTF-16 have a zero each; Chinese characters have none.
	const wide = names.some(({ letters, rarity }) => rarity > letters);
	if (bytes.includes(0) || (wide && !isUtf8(bytes))) {
		// From the first or the second byte on, little or big end first.
		const shifted = bytes.subarray(1);
		for (const part of [bytes, shifted]) found.push(part.toString("utf16le"));
		const even = Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16();
		const odd = Buffer.from(shifted.subarray(0, shifted.length & ~1)).swap16();
		found.push(even.toString("utf16le"), odd.toString("utf16le"));
	}
	return found;
}

function inText(text: string, names: readonly HiddenName[], depth: Depth, letters: number | undefined): boolean {
	const found = (form: string) => holdsName(form, names) || (depth === "words" && holdsWord(form, names, letters));
	if (found(text)) return true;
	const plain = unescaped(text);
	if (plain !== text && found(plain)) return true;
	if (depth === "plain") return false;
	for (const [run] of plain.matchAll(BASE64))
		for (let skip = 0; skip < 4; skip++) if (anyText(Buffer.from(run.slice(skip), "base64"), names)) return true;
	for (const [run] of plain.matchAll(HEX)) if (anyText(Buffer.from(run, "hex"), names)) return true;
	return false;
}

function anyText(bytes: Buffer, names: readonly HiddenName[]): boolean {
	// Six letters by chance in random bytes happen; shorter names are looked for in readable text only.
	const long = names.filter(({ rarity }) => rarity >= LEAST_BY_CHANCE);
	return long.length > 0 && texts(bytes, long).some((text) => holdsName(text, long) || holdsName(unescaped(text), long));
}

/** Undoes escapes of JSON, XML and HTML, URLs and mail. */
function unescaped(text: string): string {
	if (!/[\\%&=]/.test(text)) return text;
	const character = (code: number) => (code <= 0x10ffff ? String.fromCodePoint(code) : "");
	return text
		.replace(/\\u\{?([0-9a-fA-F]{4,6})\}?/g, (_, hex: string) => character(Number.parseInt(hex, 16)))
		.replace(/\\x([0-9a-fA-F]{2})/g, (_, hex: string) => character(Number.parseInt(hex, 16)))
		.replace(/&#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));/g, (_, hex: string | undefined, digits: string) =>
			character(hex === undefined ? Number(digits) : Number.parseInt(hex, 16)),
		)
		.replace(/(?:[%=][0-9a-fA-F]{2})+/g, (run) => Buffer.from(run.replace(/[%=]/g, ""), "hex").toString("utf8"));
}

interface Inner {
	readonly name: string;
	readonly data: Buffer;
}

/** What a container holds; undefined for one that cannot be opened. */
function contents(bytes: Buffer): Inner[] | undefined {
	try {
		if (bytes[0] === 0x1f && bytes[1] === 0x8b) return [{ name: "", data: gunzipSync(bytes) }];
		if (bytes.subarray(0, 4).toString("latin1") === "PK\u0003\u0004")
			return Object.entries(unzipSync(bytes)).map(([name, data]) => ({ name, data: Buffer.from(data) }));
	} catch {
		return undefined;
	}
	return bytes.subarray(0, 5).toString("latin1") === "%PDF-" ? pdfStreams(bytes) : [];
}

/** Deflated streams of a PDF, and the text that its operators show, put together: a writer splits words to set them closer. */
function pdfStreams(bytes: Buffer): Inner[] {
	const found: Inner[] = [];
	for (let at = bytes.indexOf("stream"); at >= 0; at = bytes.indexOf("stream", at + 6)) {
		const start = at + 6 + (bytes[at + 6] === 0x0d ? 2 : 1);
		const end = bytes.indexOf("endstream", start);
		if (end < 0) break;
		try {
			const data = inflateSync(bytes.subarray(start, end));
			found.push({ name: "", data }, { name: "", data: shownText(data.toString("latin1")) });
		} catch {
			// A stream that is not deflated stands in the bytes as it is.
		}
		at = end;
	}
	return found;
}

function shownText(stream: string): Buffer {
	const parts = [...stream.matchAll(/<([0-9a-fA-F\s]+)>|\(((?:\\.|[^\\)])*)\)|(T[*dDJj])/g)];
	const pieces = parts.map(([, hex, literal, operator]) => {
		if (operator !== undefined) return Buffer.from(operator === "TJ" || operator === "Tj" ? "" : " ");
		return hex === undefined ? Buffer.from(literal ?? "", "latin1") : Buffer.from(hex.replace(/\s/g, ""), "hex");
	});
	return Buffer.concat(pieces);
}
