import { base58check, base58Payload, base58Version } from "../encoding/base58.js";
import { concat, fromHex, toHex } from "../encoding/bytes.js";

/** The address that stands for nobody: all of its bytes but the version are zero. */
export const NOBODY = "T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb";

/** First byte of an address of the main network. */
const VERSION = 0x41;
/** An address in hex, by its 20 bytes behind `0x` or by all 21. */
const HEX = /^(?:0x(?!41[0-9a-f]{40}$)|(?:0x)?41)([0-9a-f]{40})$/i;

/** The address of 20 bytes in base58check. */
export function written(digits: Uint8Array): string {
	return base58check(concat(new Uint8Array([VERSION]), digits));
}

/** True for an address in base58check, with its right checksum. */
export function isAddress(text: string): boolean {
	return base58Version(text) === VERSION;
}

/** The stored form of an address, however a person writes it; what is none comes back as it is. */
export function storedAddress(text: string): string {
	const digits = HEX.exec(text)?.[1];
	return digits === undefined ? text : written(fromHex(digits.toLowerCase()));
}

/** The 40 hex digits of an address, as contracts take it; undefined for what is no address. */
export function addressDigits(text: string): string | undefined {
	const payload = base58Payload(text);
	return payload?.[0] === VERSION ? toHex(payload.subarray(1)) : undefined;
}
