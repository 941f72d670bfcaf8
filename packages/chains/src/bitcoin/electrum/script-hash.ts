import { createHash } from "node:crypto";
import { addressScript, type BitcoinNetwork } from "@clew/core";

/** How Electrum servers name a script: its SHA-256, byte-reversed, in hex. */
export function scriptHash(script: Uint8Array): string {
	return createHash("sha256").update(script).digest().reverse().toString("hex");
}

/** The name of the script of an address as the case holds it. Throws InputError (BAD_ADDRESS). */
export function scriptHashOf(address: string, network: BitcoinNetwork): string {
	// A script without an address is called by its SHA-256.
	const bare = /^script-([0-9a-f]{64})$/.exec(address)?.[1];
	return bare === undefined ? scriptHash(addressScript(address, network)) : Buffer.from(bare, "hex").reverse().toString("hex");
}
