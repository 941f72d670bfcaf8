import {
	type AccountId,
	addressOf,
	type BitcoinNetwork,
	base58Address,
	InputError,
	MAX_DATA_BYTES,
	normalizeBitcoinAddress,
	nullAccount,
	type OutputRecord,
	quote,
	type ScriptType,
	scriptAddress,
	segwitAddress,
	trustedAccountId,
} from "@clew/core";
import { crypto, opcodes, script as scripts } from "bitcoinjs-lib";

const { OP_RETURN, OP_DUP, OP_HASH160, OP_EQUALVERIFY, OP_CHECKSIG, OP_EQUAL, OP_CHECKMULTISIG, OP_1, OP_16 } = opcodes;
const { OP_CHECKSIGVERIFY, OP_CHECKMULTISIGVERIFY } = opcodes;
/** Operations of a script that ask for a signature. */
const SIGNATURE_OPS: ReadonlySet<number> = new Set([OP_CHECKSIG, OP_CHECKSIGVERIFY, OP_CHECKMULTISIG, OP_CHECKMULTISIGVERIFY]);
/** Pay-to-anchor: version 1 and the two bytes of `fees` in an address (BIP 433). */
const PAY_TO_ANCHOR = "51024e73";
/** Scripts behind a hash that everybody knows: nothing, and a single true number. */
const OPEN_SCRIPTS = ["", ...Array.from({ length: OP_16 - OP_1 + 1 }, (_, i) => (OP_1 + i).toString(16))];
const COMPRESSED = 33;
const UNCOMPRESSED = 65;
/** A script longer than this can never be spent (consensus, MAX_SCRIPT_SIZE). */
const MAX_SCRIPT_BYTES = 10_000;
/** Keys in a bare multisig that any node ever relayed; consensus allows 20. */
const MAX_KEYS = 20;
/** Accounts of scripts seen before: most outputs pay to an address that came up recently. */
const CACHED_SCRIPTS = 50_000;

/** What a script pays to, by its template. */
interface Classified {
	readonly scriptType: ScriptType;
	readonly account: AccountId;
	readonly data?: string;
}

/** Reads output scripts of one network. */
export interface ScriptReader {
	/**
	 * The output's account, type, and what an OP_RETURN carries. Throws InputError (BAD_ADDRESS) when an address that a source tells beside
	 * the script is of another network, or not the script's.
	 */
	output(value: bigint, script: Uint8Array, told?: string): OutputRecord;
}

/**
 * Scripts to addresses, by the standard templates (Bitcoin Core `Solver`, BIP 11, 16, 141, 341): p2pk is given the address of its key's
 * hash, as block explorers do, since one key holds both; a bare multisig or nonstandard script is its own account, `script-` and its
 * SHA-256; what nobody can spend (OP_RETURN, over-long) belongs to the null account. What asks for no signature (pay-to-anchor, an empty
 * script, OP_TRUE, a hash lock, P2SH and P2WSH of an empty script or a true number) is named so, whatever its address looks like.
 */
export function scriptReader(network: BitcoinNetwork): ScriptReader {
	const { chain, hrp } = network;
	const nobody = nullAccount(chain);
	const account = (address: string): AccountId => trustedAccountId(chain, address);
	const open = openHashes();
	let cache = new Map<string, Classified>();

	function classify(script: Uint8Array): Classified {
		const at = (i: number) => script[i] ?? -1;
		const n = script.length;
		if (at(0) === OP_RETURN) return { scriptType: "op_return", account: nobody, data: payload(script) };
		if (n > MAX_SCRIPT_BYTES) return { scriptType: "nonstandard", account: nobody };
		if (n === 25 && at(0) === OP_DUP && at(1) === OP_HASH160 && at(2) === 20 && at(23) === OP_EQUALVERIFY && at(24) === OP_CHECKSIG)
			return { scriptType: "p2pkh", account: account(base58Address(script.subarray(3, 23), network.pubKeyHash)) };
		if (n === 23 && at(0) === OP_HASH160 && at(1) === 20 && at(22) === OP_EQUAL)
			return {
				scriptType: open.has(hex(script.subarray(2, 22))) ? "keyless" : "p2sh",
				account: account(base58Address(script.subarray(2, 22), network.scriptHash)),
			};
		const witness = witnessProgram(script);
		if (witness !== undefined) {
			const { version, program } = witness;
			const scriptType = hex(script) === PAY_TO_ANCHOR ? "anchor" : open.has(hex(program)) ? "keyless" : witnessType(version, program);
			if (scriptType !== undefined) return { scriptType, account: account(segwitAddress(version, program, hrp)) };
		}
		if (
			(n === COMPRESSED + 2 || n === UNCOMPRESSED + 2) &&
			at(0) === n - 2 &&
			at(n - 1) === OP_CHECKSIG &&
			isKey(script.subarray(1, n - 1))
		)
			return { scriptType: "p2pk", account: account(base58Address(crypto.hash160(script.subarray(1, n - 1)), network.pubKeyHash)) };
		const scriptType = isMultisig(script) ? "multisig" : asksForNoSignature(script) ? "keyless" : "nonstandard";
		return { scriptType, account: account(scriptAddress(script)) };
	}

	return {
		output(value, script, told) {
			const key = script.length <= 67 ? Buffer.from(script.buffer, script.byteOffset, script.length).toString("latin1") : undefined;
			let known = key === undefined ? undefined : cache.get(key);
			if (known === undefined) {
				known = classify(script);
				if (cache.size >= CACHED_SCRIPTS) cache = new Map();
				if (key !== undefined) cache.set(key, known);
			}
			if (told !== undefined && normalizeBitcoinAddress(told, network) !== addressOf(known.account))
				throw new InputError(`the address ${quote(told)} is not that of the script beside it (${addressOf(known.account)})`, {
					code: "BAD_ADDRESS",
					hint: "The answer was edited, or put together from different chains; nothing was imported.",
				});
			return { value, ...known };
		},
	};
}

/** Version and program of a segwit output (BIP 141): a small number, then one push of 2 to 40 bytes. */
function witnessProgram(script: Uint8Array): { version: number; program: Uint8Array } | undefined {
	const [first = -1, length = -1] = script;
	const version = first === 0 ? 0 : first >= OP_1 && first <= OP_16 ? first - OP_1 + 1 : undefined;
	if (version === undefined || length < 2 || length > 40 || script.length !== length + 2) return undefined;
	return { version, program: script.subarray(2) };
}

/** Undefined for a version 0 of another length, which nobody can spend (BIP 141). */
function witnessType(version: number, program: Uint8Array): ScriptType | undefined {
	if (version === 0) return program.length === 20 ? "p2wpkh" : program.length === 32 ? "p2wsh" : undefined;
	return version === 1 && program.length === 32 ? "p2tr" : "witness_unknown";
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");

/** Hashes of {@link OPEN_SCRIPTS}: as P2SH and P2WSH hold them, and as P2SH holds the P2WSH. */
function openHashes(): ReadonlySet<string> {
	const found = new Set<string>();
	for (const script of OPEN_SCRIPTS.map((text) => Buffer.from(text, "hex"))) {
		const witness = crypto.sha256(script);
		found.add(hex(crypto.hash160(script))).add(hex(witness));
		found.add(hex(crypto.hash160(Buffer.concat([Buffer.from("0020", "hex"), witness]))));
	}
	return found;
}

/**
 * True for a script that can be read and has no operation that checks a signature: an answer that anybody may give spends it, if any does.
 */
function asksForNoSignature(script: Uint8Array): boolean {
	if (script[0] === 0 && script[1] === script.length - 2 && script.length > 3) return false;
	return scripts.decompile(script)?.every((part) => typeof part !== "number" || !SIGNATURE_OPS.has(part)) ?? false;
}

function isKey(bytes: Uint8Array): boolean {
	return bytes.length === COMPRESSED ? bytes[0] === 2 || bytes[0] === 3 : bytes.length === UNCOMPRESSED && bytes[0] === 4;
}

/** m keys of n, each pushed, then OP_CHECKMULTISIG (BIP 11). */
function isMultisig(script: Uint8Array): boolean {
	const small = (op: number) => (op >= OP_1 && op <= OP_16 ? op - OP_1 + 1 : 0);
	const n = small(script[script.length - 2] ?? 0);
	const m = small(script[0] ?? 0);
	if (script[script.length - 1] !== OP_CHECKMULTISIG || m < 1 || m > n || n > MAX_KEYS) return false;
	let offset = 1;
	for (let i = 0; i < n; i++) {
		const length = script[offset] ?? 0;
		if (!isKey(script.subarray(offset + 1, offset + 1 + length))) return false;
		offset += 1 + length;
	}
	return offset === script.length - 2;
}

/** What a single push behind an OP_RETURN carries, or all that follows it; hex, cut to {@link MAX_DATA_BYTES}. */
function payload(script: Uint8Array): string {
	const behind = script.subarray(1, MAX_SCRIPT_BYTES);
	const pushes = scripts.decompile(behind);
	const [only] = pushes ?? [];
	const data = pushes?.length === 1 && only instanceof Uint8Array ? only : behind;
	return Buffer.from(data.subarray(0, MAX_DATA_BYTES)).toString("hex");
}
