import { keccak_256 } from "@noble/hashes/sha3.js";
import { equal } from "../encoding/bytes.js";
import { bytesItem, decodeRlp, listItem, type Rlp } from "../encoding/rlp.js";
import { Refusal } from "../failure.js";

/** An encoded node, hashed and decoded once however many proofs go through it. */
export class TrieNode {
	private known: { readonly hash: Uint8Array; readonly item: Rlp } | undefined;
	private readonly encoded: Uint8Array;

	constructor(encoded: Uint8Array) {
		this.encoded = encoded;
	}

	/** What it holds, if it hashes to this. Throws Error. */
	under(hash: Uint8Array): Rlp {
		this.known ??= { hash: keccak_256(this.encoded), item: decodeRlp(this.encoded) };
		if (!equal(this.known.hash, hash)) throw new Refusal("a node of the proof is not the one that its parent names");
		return this.known.item;
	}
}

/**
 * The value at a key of a Merkle Patricia trie, by the encoded nodes from the root down (yellow paper, appendix D). Every node must hash to
 * what the one before names, and all must be used. Throws Error when the path does not prove a value.
 */
export function provenValue(root: Uint8Array, key: Uint8Array, path: readonly TrieNode[]): Uint8Array {
	const found = provenEntry(root, key, path);
	if (found instanceof Uint8Array) return found;
	throw new Refusal(found.absent);
}

/**
 * The same, or why there is nothing at the key: the way that it takes ends at an empty place, or at a node of another key. Throws Error
 * when the path proves neither.
 */
export function provenEntry(root: Uint8Array, key: Uint8Array, path: readonly TrieNode[]): Uint8Array | { readonly absent: string } {
	const nibbles = [...key].flatMap((byte) => [byte >> 4, byte & 15]);
	let used = 0;
	let depth = 0;
	let node: Rlp = next(root);

	function next(hash: Uint8Array): Rlp {
		const node = path[used++];
		if (node === undefined) throw new Refusal("the proof ends before the value");
		return node.under(hash);
	}

	for (;;) {
		const items = listItem(node);
		if (items.length === 17) {
			const nibble = nibbles[depth];
			if (nibble === undefined) return whole(bytesItem(items[16]));
			const child = items[nibble];
			if (child instanceof Uint8Array && child.length === 0) return nothing("the proof leads nowhere");
			depth++;
			node = follow(child);
			continue;
		}
		if (items.length !== 2) throw new Refusal("a node of the proof has neither 2 nor 17 items");
		const { own, leaf } = hexPrefix(bytesItem(items[0]));
		if (!own.every((n, i) => nibbles[depth + i] === n)) return nothing("the proof leads to another key");
		depth += own.length;
		if (!leaf) {
			node = follow(items[1]);
			continue;
		}
		if (depth !== nibbles.length) return nothing("the proof ends at another key");
		return whole(bytesItem(items[1]));
	}

	/** A child stands in its parent as itself or as its hash. */
	function follow(child: Rlp | undefined): Rlp {
		if (child !== undefined && !(child instanceof Uint8Array)) return child;
		if (child?.length !== 32) throw new Refusal("the proof leads nowhere");
		return next(child);
	}

	function allUsed(): void {
		if (used !== path.length) throw new Refusal("the proof has nodes that are not on the way");
	}

	function nothing(absent: string): { readonly absent: string } {
		allUsed();
		return { absent };
	}

	function whole(value: Uint8Array): Uint8Array | { readonly absent: string } {
		allUsed();
		return value.length === 0 ? { absent: "the proof shows that there is nothing" } : value;
	}
}

function hexPrefix(bytes: Uint8Array): { own: number[]; leaf: boolean } {
	const all = [...bytes].flatMap((byte) => [byte >> 4, byte & 15]);
	const flag = all[0] ?? 16;
	if (flag > 3 || (flag % 2 === 0 && all[1] !== 0)) throw new Refusal("a node of the proof has an impossible prefix");
	return { own: all.slice(flag % 2 === 1 ? 1 : 2), leaf: flag >= 2 };
}
