import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { bech32, bech32m, createBase58check } from "@scure/base";
import { InputError } from "../../errors.js";
import { quote } from "../../hostile-text.js";
import { BITCOIN_NETWORKS, type BitcoinNetwork } from "./networks.js";

/**
 * Script types by the names that Bitcoin Core and the literature use; stores keep a type by its place here, so new ones come last.
 * `witness_unknown` is a future segwit version, `anchor` pay-to-anchor (51024e73), `keyless` any other script that asks for no signature:
 * an empty one, OP_TRUE, and P2SH or P2WSH of these.
 */
export const SCRIPT_TYPES = [
	"p2pk",
	"p2pkh",
	"p2sh",
	"p2wpkh",
	"p2wsh",
	"p2tr",
	"multisig",
	"op_return",
	"witness_unknown",
	"nonstandard",
	"anchor",
	"keyless",
] as const;
export type ScriptType = (typeof SCRIPT_TYPES)[number];

/** Types of outputs that no key guards: nobody can spend them, or anybody. Whoever spends one has shown nothing of who they are. */
const KEYLESS_TYPES: ReadonlySet<ScriptType> = new Set(["op_return", "witness_unknown", "anchor", "keyless"]);

/** True when an output of this type can have no owner. */
export function isKeyless(type: ScriptType): boolean {
	return KEYLESS_TYPES.has(type);
}

const base58check = createBase58check(sha256);
const HASH_BYTES = 20;
const SCRIPT_ID = /^script-[0-9a-f]{64}$/;
/** Segwit programs are 2 to 40 bytes (BIP 141); version 0 is 20 or 32 (BIP 173), version 1 is 32 for taproot (BIP 341). */
const PROGRAM_BYTES = { least: 2, most: 40 };
/** A bech32 string may be 90 characters (BIP 173). */
const MAX_ADDRESS = 90;

/** A base58check address over a 20-byte hash. */
export function base58Address(hash: Uint8Array, version: number): string {
	const bytes = new Uint8Array(HASH_BYTES + 1);
	bytes[0] = version;
	bytes.set(hash, 1);
	return base58check.encode(bytes);
}

/** A segwit address: bech32 for version 0 (BIP 173), bech32m above (BIP 350). */
export function segwitAddress(version: number, program: Uint8Array, hrp: string): string {
	const coder = version === 0 ? bech32 : bech32m;
	return coder.encode(hrp, [version, ...bech32.toWords(program)]);
}

/** The name of a spendable script that has no address (bare multisig, nonstandard): `script-` and its SHA-256. */
export function scriptAddress(script: Uint8Array): string {
	return `script-${bytesToHex(sha256(script))}`;
}

/**
 * The stored form of an address of this network (segwit in lower case). Throws InputError (BAD_ADDRESS), which names the network when it is
 * another one.
 */
export function normalizeBitcoinAddress(text: string, network: BitcoinNetwork): string {
	if (SCRIPT_ID.test(text)) return text;
	const found = text.length <= MAX_ADDRESS ? (segwit(text) ?? base58(text)) : undefined;
	if (found === undefined)
		throw new InputError(
			looksLikeBitcoin(text)
				? `${quote(text)} is a mistyped Bitcoin address: a character of it is wrong or missing`
				: `${quote(text)} is not a Bitcoin address`,
			{ code: "BAD_ADDRESS" },
		);
	if (!found.networks.includes(network)) {
		throw new InputError(`${quote(text)} is an address of ${found.networks.map((n) => n.name).join(" or ")}, not of ${network.name}`, {
			code: "BAD_ADDRESS",
			hint: "Check which network the case is about (clew status).",
		});
	}
	return found.address;
}

/** True for text of the shape of a Bitcoin address, right or mistyped: nothing else that people pay looks like this. */
export function looksLikeBitcoin(text: string): boolean {
	return /^(bc|tb|bcrt)1[0-9a-z]{6,}$/i.test(text) || /^[123mn][0-9a-zA-Z]{24,34}$/.test(text);
}

interface Found {
	readonly address: string;
	readonly networks: readonly BitcoinNetwork[];
}

function segwit(text: string): Found | undefined {
	for (const coder of [bech32, bech32m]) {
		const decoded = coder.decodeUnsafe(text);
		const version = decoded?.words[0];
		if (decoded === undefined || version === undefined || (version === 0) !== (coder === bech32) || version > 16) continue;
		const program = bech32.fromWordsUnsafe(decoded.words.slice(1));
		const networks = BITCOIN_NETWORKS.filter((n) => n.hrp === decoded.prefix);
		if (!program || networks.length === 0 || program.length < PROGRAM_BYTES.least || program.length > PROGRAM_BYTES.most) return undefined;
		if (version === 0 && program.length !== 20 && program.length !== 32) return undefined;
		return { address: text.toLowerCase(), networks };
	}
	return undefined;
}

function base58(text: string): Found | undefined {
	let bytes: Uint8Array;
	try {
		bytes = base58check.decode(text);
	} catch {
		return undefined;
	}
	const networks = BITCOIN_NETWORKS.filter((n) => n.pubKeyHash === bytes[0] || n.scriptHash === bytes[0]);
	return bytes.length === HASH_BYTES + 1 && networks.length > 0 ? { address: text, networks } : undefined;
}
