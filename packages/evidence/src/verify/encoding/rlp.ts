import { Refusal } from "../failure.js";
/** What RLP decodes to (Ethereum yellow paper, appendix B). */
export type Rlp = Uint8Array | readonly Rlp[];

/** Trie nodes and transactions nest a few levels; deeper is an attack. */
const MAX_DEPTH = 32;

/** Decodes one RLP item that fills the bytes; only the one canonical form of each item is accepted. Throws Error. */
export function decodeRlp(bytes: Uint8Array): Rlp {
	const [item, end] = read(bytes, 0, 0);
	if (end !== bytes.length) throw new Refusal("RLP: bytes are left over");
	return item;
}

function read(bytes: Uint8Array, at: number, depth: number): [Rlp, number] {
	const first = bytes[at];
	if (first === undefined || depth > MAX_DEPTH) throw new Refusal("RLP: cut off, or too deep");
	if (first < 0x80) return [bytes.subarray(at, at + 1), at + 1];
	const list = first >= 0xc0;
	const short = first - (list ? 0xc0 : 0x80);
	const [length, start] = short <= 55 ? [short, at + 1] : longLength(bytes, at + 1, short - 55);
	const end = start + length;
	if (end > bytes.length) throw new Refusal("RLP: cut off");
	if (!list) {
		if (length === 1 && (bytes[start] as number) < 0x80) throw new Refusal("RLP: a byte in a longer form");
		return [bytes.subarray(start, end), end];
	}
	const items: Rlp[] = [];
	let next = start;
	while (next < end) {
		const [item, after] = read(bytes.subarray(0, end), next, depth + 1);
		items.push(item);
		next = after;
	}
	return [items, end];
}

function longLength(bytes: Uint8Array, at: number, width: number): [number, number] {
	if (width > 4 || at + width > bytes.length || bytes[at] === 0) throw new Refusal("RLP: impossible length");
	let length = 0;
	for (let i = 0; i < width; i++) length = length * 256 + (bytes[at + i] as number);
	if (length <= 55) throw new Refusal("RLP: a length in a longer form");
	return [length, at + width];
}

/** The item as bytes. Throws Error for a list. */
export function bytesItem(item: Rlp | undefined): Uint8Array {
	if (!(item instanceof Uint8Array)) throw new Refusal("RLP: a list where bytes belong");
	return item;
}

/** The item as a list. Throws Error for bytes. */
export function listItem(item: Rlp | undefined): readonly Rlp[] {
	if (item === undefined || item instanceof Uint8Array) throw new Refusal("RLP: bytes where a list belongs");
	return item;
}

/** RLP of bytes and lists. */
export function encodeRlp(item: Rlp): Uint8Array {
	if (item instanceof Uint8Array) return item.length === 1 && (item[0] as number) < 0x80 ? item : framed(item, 0x80);
	const parts = item.map(encodeRlp);
	const body = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		body.set(part, at);
		at += part.length;
	}
	return framed(body, 0xc0);
}

function framed(body: Uint8Array, offset: number): Uint8Array {
	const length = body.length;
	const digits = length <= 55 ? [] : lengthBytes(length);
	const out = new Uint8Array(1 + digits.length + length);
	out[0] = length <= 55 ? offset + length : offset + 55 + digits.length;
	out.set(digits, 1);
	out.set(body, 1 + digits.length);
	return out;
}

function lengthBytes(length: number): number[] {
	const digits: number[] = [];
	for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
	return digits;
}
