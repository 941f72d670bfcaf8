import { keccak_256 } from "@noble/hashes/sha3.js";
import { concat, toHex } from "../encoding/bytes.js";

/** Where the fields of a transaction stand that nobody signs: numbers of fields, or addresses that are the same always, hex. */
export interface Unsigned {
	readonly fields: number;
	/** The number of its chain; absent where it has none. */
	readonly chain?: number;
	readonly from: number | string;
	/** Absent where it puts its value away for the ticket that it is, below its own hash. */
	readonly to?: number | string;
	/** Absent where it pays nothing by itself. */
	readonly value?: number;
	/** What it brings into being for its sender; absent where it brings nothing. */
	readonly mint?: number;
	/** Most that it pays for gas; absent where its sender pays none. */
	readonly price?: number;
}

/** What ArbOS does goes from and to its own address. */
const ARBOS = "a4b05".padStart(40, "0");

/** Layouts by type: deposits of the OP stack, of Mantle with its token beside, messages to Scroll; Arbitrum's own (Nitro). */
const LAYOUTS: ReadonlyMap<number, readonly Unsigned[]> = new Map([
	[
		0x7e,
		[
			{ fields: 8, from: 1, to: 2, mint: 3, value: 4 },
			{ fields: 9, from: 1, to: 2, mint: 3, value: 4 },
			{ fields: 10, from: 1, to: 2, mint: 3, value: 4 },
			{ fields: 6, from: 5, to: 2, value: 3 },
		],
	],
	[0x64, [{ fields: 5, chain: 0, from: 2, to: 3, value: 4, mint: 4 }]],
	[0x65, [{ fields: 8, chain: 0, from: 1, price: 3, to: 5, value: 6 }]],
	[0x66, [{ fields: 8, chain: 0, from: 2, price: 3, to: 5, value: 6 }]],
	[0x68, [{ fields: 12, chain: 0, from: 2, to: 5, value: 6 }]],
	[0x69, [{ fields: 13, chain: 0, from: 2, mint: 4, value: 8 }]],
	[0x6a, [{ fields: 2, chain: 0, from: ARBOS, to: ARBOS }]],
]);

/** Types of transactions that nobody signs. */
export const UNSIGNED_TYPES: ReadonlySet<number> = new Set(LAYOUTS.keys());

/** The layout of a type with so many fields; undefined where it has none. */
export function unsignedLayout(type: number, fields: number): Unsigned | undefined {
	return LAYOUTS.get(type)?.find((layout) => layout.fields === fields);
}

/** The account that keeps the value of a ticket until it is redeemed, hex: named by the hash of the transaction that submits it. */
export function escrowOf(submission: Uint8Array): string {
	return toHex(keccak_256(concat(new TextEncoder().encode("retryable escrow"), submission)).subarray(12));
}
