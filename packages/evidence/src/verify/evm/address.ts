import { keccak_256 } from "@noble/hashes/sha3.js";
import { toHex } from "../encoding/bytes.js";

/** From this nibble of the hash on a letter is large (EIP-55). */
const LARGE_FROM = 8;

/** An EVM address with its checksum (EIP-55). */
export function checksummed(address: string): string {
	const digits = address.slice(2).toLowerCase();
	const nibbles = toHex(keccak_256(new TextEncoder().encode(digits)));
	return `0x${[...digits].map((digit, i) => (Number.parseInt(nibbles.charAt(i), 16) >= LARGE_FROM ? digit.toUpperCase() : digit)).join("")}`;
}
