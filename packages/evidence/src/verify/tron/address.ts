import { sha256 } from "@noble/hashes/sha2.js";
import { concat, fromHex, toHex } from "../encoding/bytes.js";

/** The address that stands for nobody: all of its bytes but the version are zero. */
export const NOBODY = "T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb";

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/** First byte of an address of the main network. */
const VERSION = 0x41;
const CHECK_BYTES = 4;
/** An address in hex, by its 20 bytes behind `0x` or by all 21. */
const HEX = /^(?:0x(?!41[0-9a-f]{40}$)|(?:0x)?41)([0-9a-f]{40})$/i;

/** The address of 20 bytes in base58check. */
export function written(digits: Uint8Array): string {
	const payload = concat(new Uint8Array([VERSION]), digits);
	let rest = BigInt(`0x${toHex(concat(payload, sha256(sha256(payload)).subarray(0, CHECK_BYTES)))}`);
	let text = "";
	for (; rest > 0n; rest /= 58n) text = `${BASE58[Number(rest % 58n)]}${text}`;
	return text;
}

/** The stored form of an address, however a person writes it; what is none comes back as it is. */
export function storedAddress(text: string): string {
	const digits = HEX.exec(text)?.[1];
	return digits === undefined ? text : written(fromHex(digits.toLowerCase()));
}
