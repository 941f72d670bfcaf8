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

/** SHA-256 as lower-case hex; text is taken as UTF-8. */
export function sha256Hex(data: Uint8Array | string): string {
	return bytesToHex(sha256(typeof data === "string" ? utf8ToBytes(data) : data));
}
