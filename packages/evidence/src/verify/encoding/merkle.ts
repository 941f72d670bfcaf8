import { sha256 } from "@noble/hashes/sha2.js";
import { Refusal } from "../failure.js";
import { concat } from "./bytes.js";

const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

/** Hash of a leaf of a Merkle tree (RFC 6962, 2.1). */
export function leafHash(data: Uint8Array): Uint8Array {
	return sha256(concat(LEAF, data));
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
	return sha256(concat(NODE, left, right));
}

/** Root of a Merkle tree over leaf hashes (RFC 6962, 2.1); of none, the hash of nothing. */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
	if (leaves.length === 0) return sha256(new Uint8Array(0));
	let level = leaves;
	while (level.length > 1) level = above(level);
	return level[0] as Uint8Array;
}

/** The audit paths of all leaves: siblings from the bottom up (RFC 6962, 2.1.1), by a leaf's index. Hashes the tree once. */
export function auditPaths(leaves: readonly Uint8Array[]): (index: number) => readonly Uint8Array[] {
	const levels = [leaves];
	for (let level = leaves; level.length > 1; ) {
		level = above(level);
		levels.push(level);
	}
	return (index) => levels.flatMap((level, height) => level[(index >> height) ^ 1] ?? []);
}

/** Pairing from the left, with an odd last node carried up, splits at the largest power of two as the RFC does. */
function above(level: readonly Uint8Array[]): readonly Uint8Array[] {
	const next: Uint8Array[] = [];
	for (let i = 0; i < level.length; i += 2) {
		const [left, right] = [level[i] as Uint8Array, level[i + 1]];
		next.push(right === undefined ? left : nodeHash(left, right));
	}
	return next;
}

/** The root that an audit path leads to (RFC 9162, 2.1.3.2). Throws Error when the path cannot be one of such a tree. */
export function rootByPath(leaf: Uint8Array, index: number, size: number, path: readonly Uint8Array[]): Uint8Array {
	if (index >= size) throw new Refusal("the row stands behind the end of the tree");
	let [fn, sn] = [index, size - 1];
	let root = leaf;
	for (const sibling of path) {
		if (sn === 0) throw new Refusal("the path is too long");
		if (fn % 2 === 1 || fn === sn) {
			root = nodeHash(sibling, root);
			while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
		} else root = nodeHash(root, sibling);
		[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
	}
	if (sn !== 0) throw new Refusal("the path is too short");
	return root;
}
