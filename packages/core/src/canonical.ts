import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import canonicalize from "canonicalize";
import { ClewError } from "./errors.js";
import { inKeyOrder } from "./key-order.js";

/** What JSON.stringify begins a lone surrogate with; a backslash before such letters looks the same, and is looked at again. */
const LONE_SURROGATE = "\\ud";

/** RFC 8785 canonical JSON. Amounts and heights beyond 2^53 must already be strings. Throws ClewError for what JSON cannot hold. */
export function canonicalJson(value: unknown): string {
	// With keys in order the engine's own writer writes RFC 8785, several times faster than code that visits every value.
	const ordered = inKeyOrder(value);
	const written = ordered === undefined ? undefined : JSON.stringify(ordered);
	if (written !== undefined && !written.includes(LONE_SURROGATE)) return written;
	const text = canonicalize(value);
	if (text === undefined) throw new ClewError("BAD_INPUT", "value has no JSON form");
	return text;
}
/**
 * Canonical JSON in pieces that joined are {@link canonicalJson}: objects down to `depth` and their lists, entry by entry, so that a long
 * value is never one string.
 */
export function* canonicalPieces(value: unknown, depth = 2): Generator<string> {
	if (typeof value !== "object" || value === null || depth === 0) {
		yield canonicalJson(value);
	} else if (Array.isArray(value)) {
		let before = "[";
		for (const entry of value) {
			yield before + canonicalJson(entry === undefined ? null : entry);
			before = ",";
		}
		yield value.length === 0 ? "[]" : "]";
	} else {
		let before = "{";
		for (const key of Object.keys(value).sort()) {
			const entry = (value as Record<string, unknown>)[key];
			if (entry === undefined) continue;
			yield `${before}${canonicalJson(key)}:`;
			yield* canonicalPieces(entry, depth - 1);
			before = ",";
		}
		yield before === "{" ? "{}" : "}";
	}
}

/** Characters that are hashed together: each piece by itself costs more than its bytes. */
const HASHED_AT_ONCE = 1 << 16;

/** SHA-256 of text in pieces, taken as UTF-8, as lower-case hex. No piece ends within a character. */
export function sha256HexOf(pieces: Iterable<string>): string {
	const hash = sha256.create();
	let text = "";
	for (const piece of pieces) {
		text += piece;
		if (text.length < HASHED_AT_ONCE) continue;
		hash.update(utf8ToBytes(text));
		text = "";
	}
	return bytesToHex(hash.update(utf8ToBytes(text)).digest());
}

/** SHA-256 as lower-case hex; text is taken as UTF-8. */
export function sha256Hex(data: Uint8Array | string): string {
	return bytesToHex(sha256(typeof data === "string" ? utf8ToBytes(data) : data));
}
