import { sha256 } from "@noble/hashes/sha2.js";
import { concat, fromHex, toHex } from "./bytes.js";

const DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const CHECK_BYTES = 4;
/** Bytes of what addresses write: a version and a hash of 20. */
const PAYLOAD_BYTES = 21;
const MAX_LENGTH = 40;

/** Bytes in base58check: with the first four of their double SHA-256 behind them. */
export function base58check(payload: Uint8Array): string {
	const bytes = concat(payload, sha256(sha256(payload)).subarray(0, CHECK_BYTES));
	let rest = BigInt(`0x${toHex(bytes)}`);
	let text = "";
	for (; rest > 0n; rest /= 58n) text = `${DIGITS[Number(rest % 58n)]}${text}`;
	for (const byte of bytes) {
		if (byte !== 0) break;
		text = `1${text}`;
	}
	return text;
}

/** The first of the 21 bytes that an address writes; undefined for another text, and for a wrong checksum. */
export function base58Version(text: string): number | undefined {
	return base58Payload(text)?.[0];
}

/** The 21 bytes that an address writes; undefined for another text, and for a wrong checksum. */
export function base58Payload(text: string): Uint8Array | undefined {
	if (text === "" || text.length > MAX_LENGTH) return undefined;
	let value = 0n;
	for (const letter of text) {
		const digit = DIGITS.indexOf(letter);
		if (digit < 0) return undefined;
		value = value * 58n + BigInt(digit);
	}
	const hex = value.toString(16).padStart(2 * (PAYLOAD_BYTES + CHECK_BYTES), "0");
	if (hex.length > 2 * (PAYLOAD_BYTES + CHECK_BYTES)) return undefined;
	const payload = fromHex(hex.slice(0, 2 * PAYLOAD_BYTES));
	return base58check(payload) === text ? payload : undefined;
}
