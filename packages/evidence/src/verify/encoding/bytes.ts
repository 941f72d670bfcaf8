import { Refusal } from "../failure.js";

/** Bytes as the verifier handles them; nothing here belongs to a machine, so that it runs in Node and in a browser. */

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Text of UTF-8 bytes. Throws TypeError when they are none. */
export function textOf(bytes: Uint8Array): string {
	return utf8.decode(bytes);
}

export function bytesOf(text: string): Uint8Array {
	return encoder.encode(text);
}

// Patterns without groups: a repeated group takes stack for each time, and long text all of it.
const HEX = /^[0-9a-f]*$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** True for lower-case hex of whole bytes. */
export function isHex(digits: string): boolean {
	return digits.length % 2 === 0 && HEX.test(digits);
}

/** Bytes of lower-case hex, with or without 0x. Throws Error for anything else. */
export function fromHex(text: string): Uint8Array {
	const digits = text.startsWith("0x") ? text.slice(2) : text;
	if (!isHex(digits)) throw new Refusal("not lower-case hex");
	const bytes = new Uint8Array(digits.length / 2);
	for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
	return bytes;
}

const DIGITS = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, "0"));

/** Lower-case hex without 0x. */
export function toHex(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += DIGITS[byte];
	return text;
}

/** A big-endian number of any length. */
export function toNumber(bytes: Uint8Array): bigint {
	return bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
	const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		out.set(part, at);
		at += part.length;
	}
	return out;
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Bytes of base64 with padding. Throws Error for anything else. */
export function fromBase64(text: string): Uint8Array {
	if (text.length % 4 !== 0 || !BASE64.test(text)) throw new Refusal("not base64");
	return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

export function reversed(bytes: Uint8Array): Uint8Array {
	return Uint8Array.from(bytes).reverse();
}
