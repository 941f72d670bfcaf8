import { ripemd160 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../encoding/bytes.js";
import { Refusal } from "../failure.js";
import { base58, NETWORKS, segwit } from "./address.js";

const OP_RETURN = 0x6a;
const MAX_SCRIPT = 10_000;

/**
 * Who is paid by an output script: an address, `script-` and a hash where there is none, `null` where nobody can spend. Throws Error for an
 * unknown network.
 */
export function payee(chain: string, script: Uint8Array): string {
	const reference = chain.slice(chain.indexOf(":") + 1);
	const network = Object.hasOwn(NETWORKS, reference) ? NETWORKS[reference] : undefined;
	if (network === undefined) throw new Refusal(`${chain} is no Bitcoin network that this verifier knows`);
	const n = script.length;
	const hex = toHex(script.subarray(0, 4));
	if (script[0] === OP_RETURN || n > MAX_SCRIPT) return "null";
	if (n === 25 && hex.startsWith("76a914") && script[23] === 0x88 && script[24] === 0xac)
		return base58(network.pubKeyHash, script.subarray(3, 23));
	if (n === 23 && hex.startsWith("a914") && script[22] === 0x87) return base58(network.scriptHash, script.subarray(2, 22));
	const version = script[0] === 0 ? 0 : (script[0] ?? 0) - 0x50;
	if (version >= 0 && version <= 16 && n >= 4 && n <= 42 && script[1] === n - 2 && (version > 0 || n === 22 || n === 34))
		return segwit(network.hrp, version, script.subarray(2));
	const compressed = n === 35 && script[0] === 33 && (script[1] === 2 || script[1] === 3);
	const plain = n === 67 && script[0] === 65 && script[1] === 4;
	if ((compressed || plain) && script[n - 1] === 0xac) return base58(network.pubKeyHash, ripemd160(sha256(script.subarray(1, n - 1))));
	return `script-${toHex(sha256(script))}`;
}
