import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { concat, fromHex, toHex, toNumber } from "../encoding/bytes.js";
import { bytesItem, decodeRlp, encodeRlp, listItem, type Rlp } from "../encoding/rlp.js";
import { Refusal } from "../failure.js";
import { mustEqual } from "../proofs/proven-block.js";
import { NO_ROLLUPS } from "./kinds.js";
import { escrowOf, UNSIGNED_TYPES, type Unsigned, unsignedLayout } from "./unsigned.js";

export const BLOB_TYPE = 3;
const LAST_TYPE = 4;
/** Celo's transactions that name a token for their fee (CIP-64), in this field. */
const CELO_TYPE = 0x7b;
const FEE_TOKEN = 9;

/** What a transaction says of itself. */
export interface SignedTransaction {
	readonly chain: string;
	readonly type: number;
	/** Whoever signed; recovered when it is asked for, since that costs most. */
	readonly parties: () => { readonly from: string; readonly to: string };
	/** Whose a deposit's mint is; empty for others. */
	readonly minter: string;
	readonly value: bigint;
	/** What a deposit brings into being for its sender; 0 for others. */
	readonly mint: bigint;
	/** False where its sender pays no gas, or in another coin than the chain's. */
	readonly paysGas: boolean;
	/** What a unit of gas costs, given the base fee. */
	readonly price: (base: bigint) => bigint;
}

/** Where the fields of each transaction type stand (EIP-155, 2930, 1559, 4844, 7702). */
const LAYOUT = [
	{ nonce: 0, tip: 1, cap: 1, to: 3, value: 4, signature: 6, fields: 9 },
	{ nonce: 1, tip: 2, cap: 2, to: 4, value: 5, signature: 8, fields: 11 },
	{ nonce: 1, tip: 2, cap: 3, to: 5, value: 6, signature: 9, fields: 12 },
	{ nonce: 1, tip: 2, cap: 3, to: 5, value: 6, signature: 11, fields: 14 },
	{ nonce: 1, tip: 2, cap: 3, to: 5, value: 6, signature: 10, fields: 13 },
] as const;

/** Those of Ethereum's second type with the token of the fee behind the access list. */
const CELO_LAYOUT = { nonce: 1, tip: 2, cap: 3, to: 5, value: 6, signature: 10, fields: 13 } as const;

/** The type of a transaction or a receipt, and what stands behind it. Throws Error for a type that is not known. */
export function splitType(raw: Uint8Array): { type: number; body: Uint8Array } {
	const first = raw[0] ?? 0;
	if (first >= 0xc0) return { type: 0, body: raw };
	if (first === 0 || (first > LAST_TYPE && first !== CELO_TYPE && !UNSIGNED_TYPES.has(first)))
		throw new Refusal(`transaction type ${first} is not known to this verifier`);
	return { type: first, body: raw.subarray(1) };
}

function isSigned(type: number): boolean {
	return !UNSIGNED_TYPES.has(type);
}

/** Reads a transaction; its sender is whoever signed, or stands in a deposit. */
export function readTransaction(raw: Uint8Array, chain: string): SignedTransaction {
	const { type, body } = splitType(raw);
	const items = listItem(decodeRlp(body));
	if (!isSigned(type)) return readUnsigned(type, items, chain, () => escrowOf(keccak_256(raw)));
	const layout = type === CELO_TYPE ? CELO_LAYOUT : (LAYOUT[type] as (typeof LAYOUT)[number]);
	if (items.length !== layout.fields) throw new Refusal("a transaction has a wrong number of fields");
	const item = (i: number) => bytesItem(items[i]);
	const [v, r, s] = [0, 1, 2].map((i) => toNumber(item(layout.signature + i))) as [bigint, bigint, bigint];
	const unsigned = items.slice(0, layout.signature);
	const chainNumber = BigInt(chain.split(":")[1] ?? "0");
	let parity = v;
	let signed = concat(type === 0 ? new Uint8Array(0) : new Uint8Array([type]), encodeRlp(unsigned));
	if (type > 0) mustEqual("chain of the transaction", chainNumber.toString(), toNumber(item(0)).toString());
	else if (v >= 35n) {
		mustEqual("chain of the transaction", chainNumber.toString(), ((v - 35n) / 2n).toString());
		parity = (v - 35n) % 2n;
		const empty = new Uint8Array(0);
		signed = encodeRlp([...unsigned, numberBytes(chainNumber), empty, empty]);
	} else parity = v - 27n;
	if (parity !== 0n && parity !== 1n) throw new Refusal("a transaction has an impossible signature");
	let found: { from: string; to: string } | undefined;
	const parties = () => {
		if (found !== undefined) return found;
		const key = new secp256k1.Signature(r, s, Number(parity)).recoverPublicKey(keccak_256(signed)).toBytes(false);
		const from = keccak_256(key.subarray(1)).subarray(12);
		const to = item(layout.to);
		const receiver = to.length > 0 ? to : keccak_256(encodeRlp([from, item(layout.nonce)])).subarray(12);
		found = { from: `0x${toHex(from)}`, to: `0x${toHex(receiver)}` };
		return found;
	};
	const [tip, cap] = [toNumber(item(layout.tip)), toNumber(item(layout.cap))];
	return {
		chain,
		type,
		parties,
		value: toNumber(item(layout.value)),
		mint: 0n,
		minter: "",
		paysGas: type !== CELO_TYPE || item(FEE_TOKEN).length === 0,
		price: (base) => (type < 2 ? cap : base + tip < cap ? base + tip : cap),
	};
}

/** A transaction of a chain's own, whose sender stands in it. */
function readUnsigned(type: number, items: readonly Rlp[], chain: string, escrow: () => string): SignedTransaction {
	if (NO_ROLLUPS.includes(chain)) throw new Refusal("a deposit of a rollup cannot stand in a block of this chain");
	const layout: Unsigned | undefined = unsignedLayout(type, items.length);
	if (layout === undefined) throw new Refusal("a transaction has a wrong number of fields");
	const item = (i: number) => bytesItem(items[i]);
	const address = (where: number | string) => (typeof where === "string" ? where : toHex(item(where)));
	if (layout.chain !== undefined) mustEqual("chain of the transaction", chain.split(":")[1] ?? "", toNumber(item(layout.chain)).toString());
	const from = `0x${address(layout.from)}`;
	return {
		chain,
		type,
		parties: () => {
			const to = layout.to === undefined ? escrow() : address(layout.to);
			if (to === "") throw new Refusal("where a deposit makes a contract does not follow from it");
			return { from, to: `0x${to}` };
		},
		value: layout.value === undefined ? 0n : toNumber(item(layout.value)),
		mint: layout.mint === undefined ? 0n : toNumber(item(layout.mint)),
		minter: from,
		paysGas: layout.price !== undefined,
		price: () => (layout.price === undefined ? 0n : toNumber(item(layout.price))),
	};
}

function numberBytes(value: bigint): Uint8Array {
	const digits = value.toString(16);
	return value === 0n ? new Uint8Array(0) : fromHex(digits.length % 2 ? `0${digits}` : digits);
}
