import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { InputError } from "../../errors.js";
import { quote } from "../../hostile-text.js";

/** The address that mints come from, and burns and fees go to. */
export const ZERO_ADDRESS = "0x0000000000000000000000000000000000000000";
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
/** Below this nibble of the hash a letter stays lower-case (EIP-55). */
const UPPERCASE_FROM = 8;

/** True for `0x` and 40 hex digits, in any case. */
export function isAddress(text: string): boolean {
	return ADDRESS.test(text);
}

/** Lower-cases an EVM address. A mixed-case address must carry a correct EIP-55 checksum. Throws InputError (BAD_ADDRESS). */
export function normalizeAddress(text: string): string {
	if (!ADDRESS.test(text)) {
		throw new InputError(`${quote(text)} is not an EVM address (0x and 40 hex digits)`, { code: "BAD_ADDRESS" });
	}
	const lower = text.toLowerCase();
	const digits = text.slice(2);
	const mixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase();
	if (mixed && toChecksumAddress(lower) !== text) {
		throw new InputError(`${quote(text)} has a wrong checksum`, {
			code: "BAD_ADDRESS",
			hint: "One character was mistyped or changed; copy the address again, or write it all in lower case.",
		});
	}
	return lower;
}

/** EIP-55 checksummed form of a lower-case address. About 60,000 a second: for output only. */
export function toChecksumAddress(lowerCase: string): string {
	const digits = lowerCase.slice(2);
	const hash = bytesToHex(keccak_256(utf8ToBytes(digits)));
	let out = "0x";
	for (let i = 0; i < digits.length; i++) {
		const c = digits.charAt(i);
		out += Number.parseInt(hash.charAt(i), 16) >= UPPERCASE_FROM ? c.toUpperCase() : c;
	}
	return out;
}
