import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { createBase58check } from "@scure/base";
import { InputError } from "../../errors.js";
import { quote } from "../../hostile-text.js";
import { normalizeAddress } from "../evm/address.js";

const base58check = createBase58check(sha256);
/** First byte of every address of the main network, which makes it begin with `T` in base58check. */
export const TRON_VERSION = 0x41;
/** The version and 20 bytes of the Keccak-256 hash of the public key, or of what created a contract. */
const ADDRESS_BYTES = 21;
/** What looks like an address in base58check: 25 bytes that begin with 0x41 always have this form. */
const WRITTEN = /^T[1-9A-HJ-NP-Za-km-z]{33}$/;
/** Base58check of 21 bytes of any version. */
const BASE58 = /^[1-9A-HJ-NP-Za-km-z]{26,35}$/;
/** The 21 bytes in hex, as nodes write them, `0x` before them or not. */
const HEX = /^(?:0x)?([0-9a-f]{2})([0-9a-f]{40})$/i;
/** The 20 bytes alone, as contracts and the JSON-RPC interface write them. */
const EVM_HEX = /^0x[0-9a-f]{40}$/i;
const VERSION_DIGITS = "41";

const hint = "Copy the address again: on Tron it begins with T and has 34 letters and digits, or is 41 and 40 hex digits.";

/**
 * The stored form of an address of Tron, base58check: from base58check, from its 21 bytes in hex (`41…`, `0x41…`) and from its 20 bytes
 * behind `0x`, where letters of both cases are a checksum (EIP-55). Throws InputError (BAD_ADDRESS) for a checksum that is wrong, for
 * another version byte than 0x41 and for whatever else.
 */
export function normalizeTronAddress(text: string): string {
	if (EVM_HEX.test(text)) return tronAddress(normalizeAddress(text).slice(2));
	const [, version, digits] = HEX.exec(text) ?? [];
	if (version !== undefined && digits !== undefined) {
		if (version !== VERSION_DIGITS) throw wrongVersion(text, version);
		return tronAddress(digits.toLowerCase());
	}
	const bytes = BASE58.test(text) ? decoded(text) : undefined;
	if (bytes !== undefined && bytes.length === ADDRESS_BYTES) {
		if (bytes[0] !== TRON_VERSION) throw wrongVersion(text, bytesToHex(bytes.subarray(0, 1)));
		return text;
	}
	if (WRITTEN.test(text))
		throw new InputError(`${quote(text)} has a wrong checksum: one character was mistyped or changed`, { code: "BAD_ADDRESS", hint });
	throw new InputError(`${quote(text)} is not an address of Tron`, { code: "BAD_ADDRESS", hint });
}

function wrongVersion(text: string, version: string): InputError {
	return new InputError(`${quote(text)} is of another chain: its version byte is 0x${version.toLowerCase()}, and Tron's is 0x41`, {
		code: "BAD_ADDRESS",
		hint,
	});
}

function decoded(text: string): Uint8Array | undefined {
	try {
		return base58check.decode(text);
	} catch {
		return undefined;
	}
}

/** Base58check of an address from the 40 hex digits of its last 20 bytes. About 100,000 a second. */
export function tronAddress(digits: string): string {
	return base58check.encode(hexToBytes(`${VERSION_DIGITS}${digits}`));
}

/** The 40 hex digits of a stored address, in lower case: what an EVM chain would write behind `0x` for the same key. */
export function tronDigits(stored: string): string {
	return bytesToHex(base58check.decode(stored).subarray(1));
}

/** True for an address in base58check with a right checksum and Tron's version: lists write them under the codes of other chains. */
export function isTronAddress(text: string): boolean {
	return WRITTEN.test(text) && decoded(text)?.[0] === TRON_VERSION;
}

/** True for what is, or was meant to be, an address in a form that is Tron's alone. */
export function looksLikeTron(text: string): boolean {
	return WRITTEN.test(text) || (HEX.test(text) && /^(?:0x)?41/i.test(text) && !EVM_HEX.test(text));
}
