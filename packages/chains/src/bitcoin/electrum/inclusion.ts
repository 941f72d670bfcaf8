import type { Hash } from "@clew/core";
import { doubleSha256 } from "../block.js";

/** No block has so many transactions that its tree is deeper. */
const DEEPEST = 32;
const ROOT_AT = 36;
const HASH_BYTES = 32;

/** A Merkle branch as Electrum servers tell it: siblings from the leaf up, hashes as they are written. */
export interface Branch {
	readonly merkle: readonly string[];
	readonly pos: number;
}

/** True where a branch leads from a transaction to the root in a header of 80 bytes. */
export function leadsTo(header: Uint8Array, txid: Hash, { merkle, pos }: Branch): boolean {
	if (merkle.length > DEEPEST || pos >= 2 ** merkle.length) return false;
	let node = reversed(txid);
	let index = pos;
	for (const sibling of merkle) {
		node = index % 2 === 1 ? doubleSha256(reversed(sibling), node) : doubleSha256(node, reversed(sibling));
		index = Math.floor(index / 2);
	}
	return node.equals(Buffer.from(header).subarray(ROOT_AT, ROOT_AT + HASH_BYTES));
}

const reversed = (hash: string): Buffer => Buffer.from(hash, "hex").reverse();
