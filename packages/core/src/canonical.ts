import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import canonicalize from "canonicalize";
import { ClewError } from "./errors.js";

/** RFC 8785 canonical JSON. Amounts and heights beyond 2^53 must already be strings. Throws ClewError for what JSON cannot hold. */
export function canonicalJson(value: unknown): string {
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

/** SHA-256 of text in pieces, taken as UTF-8, as lower-case hex. No piece ends within a character. */
export function sha256HexOf(pieces: Iterable<string>): string {
	const hash = sha256.create();
	for (const piece of pieces) hash.update(utf8ToBytes(piece));
	return bytesToHex(hash.digest());
}

/** SHA-256 as lower-case hex; text is taken as UTF-8. */
export function sha256Hex(data: Uint8Array | string): string {
	return bytesToHex(sha256(typeof data === "string" ? utf8ToBytes(data) : data));
}
