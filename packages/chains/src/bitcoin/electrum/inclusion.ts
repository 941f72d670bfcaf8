import type { Hash } from "@clew/core";
import { doubleSha256, hashText } from "../block.js";

/** No block has so many transactions that its tree is deeper. */
const DEEPEST = 32;
const ROOT_AT = 36;
const TIME_AT = 68;
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

/** Hash, parent and time (Unix seconds) of a header of 80 bytes. */
export function headerFacts(header: Uint8Array): { readonly hash: Hash; readonly parent: Hash; readonly time: number } {
	const bytes = Buffer.from(header);
	return { hash: hashText(doubleSha256(bytes)), parent: hashText(bytes.subarray(4, ROOT_AT)), time: bytes.readUInt32LE(TIME_AT) };
}

const reversed = (hash: string): Buffer => Buffer.from(hash, "hex").reverse();
