import { Refusal } from "../failure.js";
import { concat, toHex, toNumber } from "./bytes.js";

/** One DER element (X.690): its tag, its content, and all of its bytes. */
export interface Der {
	readonly tag: number;
	readonly content: Uint8Array;
	readonly whole: Uint8Array;
}

export const TAG = {
	boolean: 0x01,
	integer: 0x02,
	bits: 0x03,
	octets: 0x04,
	octetParts: 0x24,
	oid: 0x06,
	utcTime: 0x17,
	time: 0x18,
	sequence: 0x30,
	set: 0x31,
} as const;

/** Reads the one element that fills the bytes. Throws Error. */
export function readDer(bytes: Uint8Array): Der {
	const [only, ...more] = elements(bytes);
	if (only === undefined || more.length > 0) throw new Refusal("DER: not one element");
	return only;
}

/** The elements that follow each other in these bytes. Throws Error. */
export function elements(bytes: Uint8Array): Der[] {
	const found: Der[] = [];
	for (let at = 0; at < bytes.length; ) {
		const tag = bytes[at] as number;
		let [length, start] = [bytes[at + 1] ?? -1, at + 2];
		if ((tag & 0x1f) === 0x1f || length === 0x80 || length < 0) throw new Refusal("DER: a form that is not allowed");
		if (length > 0x80) {
			const width = length - 0x80;
			if (width > 4) throw new Refusal("DER: impossible length");
			length = Number(toNumber(bytes.subarray(start, start + width)));
			start += width;
		}
		const end = start + length;
		if (end > bytes.length) throw new Refusal("DER: cut off");
		found.push({ tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) });
		at = end;
	}
	return found;
}

/** What stands inside an element with this tag. Throws Error for another one. */
export function inside(element: Der | undefined, tag: number): Der[] {
	return elements(contentOf(element, tag));
}

export function contentOf(element: Der | undefined, tag: number): Uint8Array {
	if (element?.tag !== tag) throw new Refusal(`DER: expected tag ${tag.toString(16)}, found ${element?.tag.toString(16) ?? "the end"}`);
	return element.content;
}

/** The bytes of an octet string; some writers of CMS cut it into parts (BER). Throws Error. */
export function octetsOf(element: Der | undefined): Uint8Array {
	if (element?.tag !== TAG.octetParts) return contentOf(element, TAG.octets);
	return concat(...elements(element.content).map((part) => contentOf(part, TAG.octets)));
}

/** An object identifier as numbers and dots. */
export function oidOf(element: Der | undefined): string {
	const bytes = contentOf(element, TAG.oid);
	const arcs: number[] = [];
	let arc = 0;
	for (const byte of bytes) {
		arc = arc * 128 + (byte & 0x7f);
		if (byte & 0x80) continue;
		if (arcs.length === 0) arcs.push(Math.min(2, Math.floor(arc / 40)), arc - 40 * Math.min(2, Math.floor(arc / 40)));
		else arcs.push(arc);
		arc = 0;
	}
	return arcs.join(".");
}

/** UTC of a UTCTime or GeneralizedTime, as milliseconds. Throws Error. */
export function timeOf(element: Der | undefined): number {
	const text = String.fromCharCode(...contentOf(element, element?.tag === TAG.utcTime ? TAG.utcTime : TAG.time));
	const match = /^((?:\d\d)?\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d+)?Z$/.exec(text);
	if (match?.[1] === undefined) throw new Refusal("DER: not a time in UTC");
	const short = Number(match[1]);
	const year = match[1].length === 4 ? short : short < 50 ? 2000 + short : 1900 + short;
	const [month, day, hour, minute, second] = match.slice(2, 7).map(Number) as [number, number, number, number, number];
	return Date.UTC(year, month - 1, day, hour, minute, second) + Math.floor(Number(match[7] ?? "0") * 1000);
}

/** The bytes of a bit string that has no unused bits. */
export function bitsOf(element: Der | undefined): Uint8Array {
	const content = contentOf(element, TAG.bits);
	if (content[0] !== 0) throw new Refusal("DER: a bit string with unused bits");
	return content.subarray(1);
}

/** Two elements with the same bytes have the same text. */
export function keyOf(element: Der | undefined): string {
	return element === undefined ? "" : toHex(element.whole);
}
