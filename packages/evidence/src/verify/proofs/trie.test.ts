import { keccak_256 } from "@noble/hashes/sha3.js";
import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../encoding/bytes.js";
import { leafHash, merkleRoot, rootByPath } from "../encoding/merkle.js";
import { bytesItem, decodeRlp, encodeRlp, listItem, type Rlp } from "../encoding/rlp.js";
import { provenValue, TrieNode } from "./trie.js";

const bytes = (...list: number[]) => Uint8Array.from(list);
const EMPTY = bytes();
const VALUE = new Uint8Array(40).fill(7);
const KEY = bytes(0x12);

/** What a trie proves at a key whose nibbles are 1 and 2; nodes are given from the root down, each as made from the hash of the next. */
function prove(...nodes: ((next: Uint8Array) => Rlp)[]): Uint8Array {
	let [hash, path]: [Uint8Array, TrieNode[]] = [EMPTY, []];
	for (const node of [...nodes].reverse()) {
		const encoded = encodeRlp(node(hash));
		hash = keccak_256(encoded);
		path = [new TrieNode(encoded), ...path];
	}
	return provenValue(hash, KEY, path);
}
const leaf =
	(prefix: Uint8Array, value = VALUE) =>
	() => [prefix, value];
const branch =
	(at: number, own: Rlp = EMPTY) =>
	(next: Uint8Array) =>
		Array.from({ length: 17 }, (_, i) => (i === at ? next : i === 16 ? own : EMPTY));

describe("a proof of a trie", () => {
	it("that is whole proves its value: a leaf, an extension, a branch, a node inside of its parent", () => {
		expect(prove(leaf(bytes(0x20, 0x12)))).toEqual(VALUE);
		expect(prove(branch(1), leaf(bytes(0x32)))).toEqual(VALUE);
		expect(prove((next) => [bytes(0x11), next], branch(2), leaf(bytes(0x20)))).toEqual(VALUE);
		expect(prove((next) => [bytes(0x00, 0x12), next], branch(0, VALUE))).toEqual(VALUE);
		expect(prove(() => branch(1)(EMPTY).map((item, i) => (i === 1 ? [bytes(0x32), bytes(9)] : item)))).toEqual(bytes(9));
	});

	it.each<[string, RegExp, () => Uint8Array]>([
		["of nothing at all", /ends before the value/, () => provenValue(new Uint8Array(32), KEY, [])],
		["that ends early", /ends before the value/, () => prove(() => [bytes(0x11), new Uint8Array(32)])],
		["with a node of three items", /neither 2 nor 17 items/, () => prove(() => [EMPTY, EMPTY, EMPTY])],
		["with a node that is no list", /bytes where a list belongs/, () => prove(() => VALUE)],
		["to another key", /leads to another key/, () => prove(leaf(bytes(0x20, 0x13)))],
		["to a shorter key", /ends at another key/, () => prove(leaf(bytes(0x31)))],
		["to a longer key", /leads to another key/, () => prove(leaf(bytes(0x31, 0x23)))],
		["through an empty place", /not on the way/, () => prove(branch(3), leaf(bytes(0x32)))],
		["to an empty place", /leads nowhere/, () => prove(branch(3))],
		["through a child that is neither node nor hash", /leads nowhere/, () => prove(() => branch(1)(bytes(1, 2, 3)))],
		["with an impossible prefix", /impossible prefix/, () => prove(leaf(bytes(0x40, 0x12)))],
		["with a prefix that has a digit too many", /impossible prefix/, () => prove(leaf(bytes(0x21, 0x12)))],
		["without a prefix", /impossible prefix/, () => prove(leaf(EMPTY))],
		["of an empty value", /shows that there is nothing/, () => prove(leaf(bytes(0x20, 0x12), EMPTY))],
		["of an empty value of a branch", /shows that there is nothing/, () => prove((next) => [bytes(0x00, 0x12), next], branch(0))],
		["of a list", /a list where bytes belong/, () => prove(() => [bytes(0x20, 0x12), [VALUE]])],
		["with a node too many", /not on the way/, () => prove(leaf(bytes(0x20, 0x12)), leaf(bytes(0x20)))],
	])("%s is refused", (_, message, run) => {
		expect(run).toThrow(message);
	});

	it("with another node is refused", () => {
		const node = new TrieNode(encodeRlp([bytes(0x20, 0x12), VALUE]));
		expect(() => provenValue(keccak_256(VALUE), KEY, [node])).toThrow("a node of the proof is not the one that its parent names");
	});
});

describe("RLP", () => {
	it.each<[string, RegExp, string]>([
		["nothing", /cut off, or too deep/, ""],
		["lists in lists without end", /cut off, or too deep/, nested(40)],
		["bytes that are cut off", /cut off/, "83aabb"],
		["bytes left over", /left over/, "0102"],
		["a byte in a longer form", /a byte in a longer form/, "8101"],
		["a length in a longer form", /a length in a longer form/, `b837${"aa".repeat(55)}`],
		["a length that begins with nothing", /impossible length/, "b90038"],
		["a length of more than four bytes", /impossible length/, "bc0100000000"],
		["a length that is cut off", /impossible length/, "b9"],
		["an item that reaches out of its list", /cut off/, "c28301020304"],
	])("refuses %s", (_, message, hex) => {
		expect(() => decodeRlp(fromHex(hex))).toThrow(message);
	});

	it("reads lists in lists as deep as chains have them, and tells bytes from lists", () => {
		expect(toHex(encodeRlp(decodeRlp(fromHex(nested(30)))))).toBe(nested(30));
		expect(() => bytesItem([])).toThrow("a list where bytes belong");
		expect(() => bytesItem(undefined)).toThrow("a list where bytes belong");
		expect(() => listItem(EMPTY)).toThrow("bytes where a list belongs");
		expect(() => listItem(undefined)).toThrow("bytes where a list belongs");
	});
});

/** So many lists, each in the one before. */
function nested(depth: number): string {
	let item: Rlp = [];
	for (let i = 1; i < depth; i++) item = [item];
	return toHex(encodeRlp(item));
}

describe("a way to a Merkle root", () => {
	const leaves = [1, 2, 3].map((n) => leafHash(bytes(n))) as [Uint8Array, Uint8Array, Uint8Array];
	const root = toHex(merkleRoot(leaves));
	const last = [merkleRoot(leaves.slice(0, 2))];

	it("leads there, and neither a longer nor a shorter one nor one behind the end is a way", () => {
		expect(toHex(rootByPath(leaves[2], 2, 3, last))).toBe(root);
		expect(toHex(rootByPath(leaves[0], 0, 3, [leaves[1], leaves[2]]))).toBe(root);
		expect(() => rootByPath(leaves[2], 3, 3, last)).toThrow("the row stands behind the end of the tree");
		expect(() =>
			rootByPath(
				leaves[2],
				2,
				3,
				[...last, root].map((x) => (typeof x === "string" ? fromHex(x) : x)),
			),
		).toThrow("the path is too long");
		expect(() => rootByPath(leaves[2], 2, 3, [])).toThrow("the path is too short");
	});
});
