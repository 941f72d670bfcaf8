import type { SignatureScope } from "@clew/core";
import { script as scripts } from "bitcoinjs-lib";

const ANYONE_CAN_PAY = 0x80;
const DER_SEQUENCE = 0x30;
/** A DER signature with its hash type is 9 to 73 bytes (BIP 66); what begins like one and is longer may be one of before. */
const DER_BYTES = { least: 9, most: 73, longest: 150 };
const SCHNORR_BYTES = 64;
const ANNEX = 0x50;
/** Control blocks of tapscript begin with its leaf version, 0xc0 or 0xc1, and are 33 bytes and 32 for each level (BIP 341). */
const TAPSCRIPT = 0xc0;
const CONTROL_BYTES = 33;
const NODE_BYTES = 32;

/** An input as it was signed: the bytes of its script, and the items of its witness. */
export interface SpendingScript {
	readonly script: Uint8Array;
	readonly witness: readonly Uint8Array[];
}

/**
 * What the signatures of an input agreed to, from its script and witness alone (BIP 66, 141, 143, 341). Undefined where that cannot be
 * told: nothing is there (an input without both is keyless, or its witness was left out), a future tapleaf version, or a signature that is
 * not encoded as today.
 */
export function signatureScope({ script, witness }: SpendingScript): SignatureScope | undefined {
	if (script.length === 0 && witness.length === 0) return undefined;
	const pushes = (scripts.decompile(script) ?? []).filter((part) => part instanceof Uint8Array);
	const [only] = pushes;
	// A witness program in the script, and no witness: it was left out.
	if (witness.length === 0 && pushes.length === 1 && only !== undefined && isProgram(only)) return undefined;
	const types = witness.length > 0 ? hashTypesOfWitness(witness) : hashTypesOf(pushes);
	if (types === undefined) return undefined;
	if (types.length === 0) return scripts.decompile(script) === null ? undefined : "nothing";
	return types.some((type) => (type & ANYONE_CAN_PAY) === 0) ? "all-inputs" : "own-input";
}

function isProgram(bytes: Uint8Array): boolean {
	return bytes[0] === 0 && ((bytes.length === 22 && bytes[1] === 20) || (bytes.length === 34 && bytes[1] === 32));
}

function hashTypesOfWitness(witness: readonly Uint8Array[]): readonly number[] | undefined {
	const last = witness[witness.length - 1];
	const items = witness.length > 1 && last?.[0] === ANNEX ? witness.slice(0, -1) : witness;
	const end = items[items.length - 1];
	if (end === undefined) return undefined;
	const isControl = items.length > 1 && end.length >= CONTROL_BYTES && (end.length - CONTROL_BYTES) % NODE_BYTES === 0;
	if (isControl && (end[0] ?? 0) >= TAPSCRIPT) return ((end[0] ?? 0) & 0xfe) === TAPSCRIPT ? schnorrTypes(items.slice(0, -2)) : undefined;
	// The key path of taproot: one signature and nothing else.
	if (items.length === 1 && (end.length === SCHNORR_BYTES || end.length === SCHNORR_BYTES + 1)) return schnorrTypes(items);
	return hashTypesOf(items);
}

/** A Schnorr signature without a hash type covers everything. */
function schnorrTypes(items: readonly Uint8Array[]): number[] {
	return items
		.filter(({ length }) => length === SCHNORR_BYTES || length === SCHNORR_BYTES + 1)
		.map((signature) => signature[SCHNORR_BYTES] ?? 0);
}

/** Hash types of the DER signatures among some items; undefined when one may be a signature and is not encoded as BIP 66 asks. */
function hashTypesOf(items: readonly Uint8Array[]): number[] | undefined {
	const types: number[] = [];
	for (const item of items) {
		if (item[0] !== DER_SEQUENCE || item.length < DER_BYTES.least || item.length > DER_BYTES.longest) continue;
		if (item[1] !== item.length - 3 || item.length > DER_BYTES.most) return undefined;
		types.push(item[item.length - 1] ?? 0);
	}
	return types;
}
