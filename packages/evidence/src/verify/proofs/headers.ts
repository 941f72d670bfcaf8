import { sha256 } from "@noble/hashes/sha2.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Header } from "../chain-family/family.js";
import { familyOf, ledgerOf } from "../chain-family/registry.js";
import { fromHex, reversed, toHex, toNumber } from "../encoding/bytes.js";
import { bytesItem, decodeRlp, listItem } from "../encoding/rlp.js";
import { Refusal } from "../failure.js";

export type { Header };

/** Numbers of an EVM header's fields (yellow paper; EIP-1559). */
export const EVM_FIELD = { parent: 0, state: 3, transactions: 4, receipts: 5, number: 8, time: 11, baseFee: 15 } as const;
/** Fields of a header before any fork added one. */
export const EVM_LEAST_FIELDS = 15;
const BITCOIN_BYTES = 80;

/** An EVM header, hex of its RLP. Throws Error; a field that is not there is an error when it is asked for. */
export function evmHeader(hex: string): Header & { readonly height: string; readonly fields: number; field(number: number): Uint8Array } {
	const bytes = fromHex(hex);
	const fields = listItem(decodeRlp(bytes));
	const field = (number: number) => bytesItem(fields[number]);
	return {
		hash: `0x${toHex(keccak_256(bytes))}`,
		parent: `0x${toHex(field(EVM_FIELD.parent))}`,
		height: toNumber(field(EVM_FIELD.number)).toString(),
		fields: fields.length,
		field,
	};
}

/** A Bitcoin header of 80 bytes, hex. Throws Error. */
export function bitcoinHeader(hex: string): Header & { readonly bytes: Uint8Array } {
	const bytes = fromHex(hex);
	if (bytes.length !== BITCOIN_BYTES) throw new Refusal("a Bitcoin header has 80 bytes");
	return { bytes, hash: written(doubleHash(bytes)), parent: written(bytes.subarray(4, 36)) };
}

/**
 * A header of a chain: on Bitcoin with the work that it states, on EVM chains with as many fields as the first blocks had. Throws Error.
 */
export function headerOf(chain: string, hex: string): Header {
	const own = familyOf(chain)?.header;
	if (own !== undefined) return own(hex);
	if (ledgerOf(chain) === "accounts") {
		const header = evmHeader(hex);
		if (header.fields < EVM_LEAST_FIELDS) throw new Refusal("the header has too few fields");
		return header;
	}
	const header = bitcoinHeader(hex);
	mustHaveWork(header);
	return header;
}

/** The target of a Bitcoin header. Throws Error where its hash is above it. */
export function mustHaveWork({ bytes, hash }: { readonly bytes: Uint8Array; readonly hash: string }): bigint {
	const target = targetOf(new DataView(bytes.buffer, bytes.byteOffset).getUint32(72, true));
	if (target === 0n || BigInt(`0x${hash}`) > target) throw new Refusal("the header has no proof of work: its hash is above its target");
	return target;
}

export function doubleHash(bytes: Uint8Array): Uint8Array {
	return sha256(sha256(bytes));
}

/** Bitcoin writes hashes in reversed order. */
export function written(bytes: Uint8Array): string {
	return toHex(reversed(bytes));
}

/** The target in compact form; negative and overflowing ones are 0. */
function targetOf(bits: number): bigint {
	const exponent = bits >>> 24;
	const mantissa = BigInt(bits & 0x007fffff);
	if ((bits & 0x00800000) !== 0 || exponent > 34) return 0n;
	return exponent <= 3 ? mantissa >> BigInt(8 * (3 - exponent)) : mantissa << BigInt(8 * (exponent - 3));
}
