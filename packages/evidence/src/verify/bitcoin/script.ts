import { ripemd160 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, toHex } from "../encoding/bytes.js";
import { Refusal } from "../failure.js";

/** How a network writes addresses, by its CAIP-2 id (chain parameters of Bitcoin Core). */
interface Network {
	readonly pubKeyHash: number;
	readonly scriptHash: number;
	readonly hrp: string;
}
const TEST = { pubKeyHash: 0x6f, scriptHash: 0xc4 };
const NETWORKS: Readonly<Record<string, Network>> = {
	"bip122:000000000019d6689c085ae165831e93": { pubKeyHash: 0x00, scriptHash: 0x05, hrp: "bc" },
	"bip122:000000000933ea01ad0ee984209779ba": { ...TEST, hrp: "tb" },
	"bip122:00000000da84f2bafbbc53dee25a72ae": { ...TEST, hrp: "tb" },
	"bip122:00000008819873e925422c1ff0f99f7c": { ...TEST, hrp: "tb" },
	"bip122:0f9188f13cb7b2c71f2a335e3a4fc328": { ...TEST, hrp: "bcrt" },
};

const OP_RETURN = 0x6a;
const MAX_SCRIPT = 10_000;

/**
 * Who is paid by an output script: an address, `script-` and a hash where there is none, `null` where nobody can spend. Throws Error for an
 * unknown network.
 */
export function payee(chain: string, script: Uint8Array): string {
	const network = NETWORKS[chain];
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

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

function base58(version: number, hash: Uint8Array): string {
	const payload = concat(new Uint8Array([version]), hash);
	const bytes = concat(payload, sha256(sha256(payload)).subarray(0, 4));
	let rest = BigInt(`0x${toHex(bytes)}`);
	let text = "";
	for (; rest > 0n; rest /= 58n) text = `${BASE58[Number(rest % 58n)]}${text}`;
	for (const byte of bytes) {
		if (byte !== 0) break;
		text = `1${text}`;
	}
	return text;
}

const BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
/** BIP 173 for version 0, BIP 350 above. */
const CHECK = { bech32: 1, bech32m: 0x2bc830a3 };

function segwit(hrp: string, version: number, program: Uint8Array): string {
	const words = [version, ...fiveBits(program)];
	const expanded = [...[...hrp].map((c) => c.charCodeAt(0) >> 5), 0, ...[...hrp].map((c) => c.charCodeAt(0) & 31)];
	const check = polymod([...expanded, ...words, 0, 0, 0, 0, 0, 0]) ^ (version === 0 ? CHECK.bech32 : CHECK.bech32m);
	const sum = [0, 1, 2, 3, 4, 5].map((i) => (check >> (5 * (5 - i))) & 31);
	return `${hrp}1${[...words, ...sum].map((word) => BECH32[word]).join("")}`;
}

function fiveBits(bytes: Uint8Array): number[] {
	const words: number[] = [];
	let [held, bits] = [0, 0];
	for (const byte of bytes) {
		held = (held << 8) | byte;
		bits += 8;
		while (bits >= 5) {
			bits -= 5;
			words.push((held >> bits) & 31);
		}
		held &= (1 << bits) - 1;
	}
	if (bits > 0) words.push((held << (5 - bits)) & 31);
	return words;
}

function polymod(values: readonly number[]): number {
	let check = 1;
	for (const value of values) {
		const top = check >> 25;
		check = ((check & 0x1ffffff) << 5) ^ value;
		for (const [i, factor] of GENERATOR.entries()) if ((top >> i) & 1) check ^= factor;
	}
	return check;
}
