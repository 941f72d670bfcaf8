import { sha256 } from "@noble/hashes/sha2.js";
import { bech32, bech32m, createBase58check } from "@scure/base";
import { InputError } from "../../errors.js";
import { quote } from "../../hostile-text.js";
import type { BitcoinNetwork } from "./networks.js";

const HASH_BYTES = 20;
const base58check = createBase58check(sha256);
/** Operations of the templates, by the numbers of Bitcoin's script. */
const [DUP, HASH160, EQUALVERIFY, CHECKSIG, EQUAL, BEFORE_1] = [0x76, 0xa9, 0x88, 0xac, 0x87, 0x50];

/**
 * The output script that an address of this network stands for (BIP 13, 141, 350; p2pkh for base58). An output to the bare public key of a
 * p2pkh address has another. Throws InputError (BAD_ADDRESS).
 */
export function addressScript(address: string, network: BitcoinNetwork): Uint8Array {
	for (const coder of [bech32, bech32m]) {
		const decoded = coder.decodeUnsafe(address);
		const version = decoded?.words[0];
		if (decoded === undefined || version === undefined || decoded.prefix !== network.hrp) continue;
		const program = coder.fromWords(decoded.words.slice(1));
		return Uint8Array.of(version === 0 ? 0 : BEFORE_1 + version, program.length, ...program);
	}
	const [version, ...hash] = base58Bytes(address);
	if (hash.length === HASH_BYTES && version === network.pubKeyHash)
		return Uint8Array.of(DUP, HASH160, HASH_BYTES, ...hash, EQUALVERIFY, CHECKSIG);
	if (hash.length === HASH_BYTES && version === network.scriptHash) return Uint8Array.of(HASH160, HASH_BYTES, ...hash, EQUAL);
	throw new InputError(`${quote(address)} is no address of ${network.name} with a script of its own`, { code: "BAD_ADDRESS" });
}

function base58Bytes(address: string): Uint8Array {
	try {
		return base58check.decode(address);
	} catch {
		return new Uint8Array();
	}
}
