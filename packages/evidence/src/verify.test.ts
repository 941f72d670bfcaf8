import { createHash } from "node:crypto";
import { createMerkleProof, createMPT, verifyMerkleProof } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { MerkleTree } from "./bundle/merkle-tree.js";
import { bytesOf, fromHex, toHex } from "./verify/encoding/bytes.js";
import { canonical } from "./verify/encoding/canonical.js";
import { leafHash, merkleRoot, rootByPath } from "./verify/encoding/merkle.js";
import { decodeRlp, encodeRlp } from "./verify/encoding/rlp.js";
import { provenValue, TrieNode } from "./verify/proofs/trie.js";

describe("the tree over rows (RFC 6962)", () => {
	it("has the roots of the RFC's own construction", () => {
		const sha = (...parts: Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
		const leaf = (text: string) => sha(Uint8Array.of(0), Buffer.from(text));
		const node = (a: Uint8Array, b: Uint8Array) => sha(Uint8Array.of(1), a, b);
		const [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map(leaf) as [Buffer, Buffer, Buffer, Buffer, Buffer];
		expect(toHex(merkleRoot([]))).toBe(sha().toString("hex"));
		expect(toHex(merkleRoot([a, b, c, d, e]))).toBe(node(node(node(a, b), node(c, d)), e).toString("hex"));
	});

	test.prop([fc.array(fc.string(), { minLength: 1, maxLength: 70 }), fc.nat(), fc.nat()])(
		"is built and checked by two hands that agree; a path proves its own row at its own place only",
		(lines, pick, other) => {
			const tree = new MerkleTree();
			for (const line of lines) tree.add(line);
			const leaves = lines.map((line) => leafHash(bytesOf(line)));
			expect(toHex(merkleRoot(leaves))).toBe(tree.root());
			const index = pick % lines.length;
			const path = tree.path(index).map(fromHex);
			expect(toHex(rootByPath(leaves[index] as Uint8Array, index, lines.length, path))).toBe(tree.root());
			const wrong = other % lines.length;
			if (lines[wrong] !== lines[index])
				expect(toHex(rootByPath(leaves[wrong] as Uint8Array, index, lines.length, path))).not.toBe(tree.root());
			expect(() => rootByPath(leaves[index] as Uint8Array, lines.length, lines.length, path)).toThrow();
		},
	);
});

describe("trie proofs", () => {
	test.prop([fc.uniqueArray(fc.nat({ max: 400 }), { minLength: 1, maxLength: 40 }), fc.nat(), fc.nat()])(
		"of another library are accepted, and nothing else under the same root",
		async (indices, pick, other) => {
			const trie = await createMPT();
			// Long enough that no node is embedded in its parent: libraries differ in whether a proof lists such nodes again.
			const value = (index: number) => Buffer.from(`value of ${index} `.repeat(4 + (index % 5)));
			for (const index of indices) await trie.put(RLP.encode(index), value(index));
			const index = indices[pick % indices.length] as number;
			const encoded = await createMerkleProof(trie, RLP.encode(index));
			const proof = encoded.map((node) => new TrieNode(node));
			const root = trie.root();
			expect(Buffer.from(provenValue(root, RLP.encode(index), proof))).toEqual(value(index));
			expect(await verifyMerkleProof(RLP.encode(index), encoded)).toBeTruthy();
			const wrong = indices[other % indices.length] as number;
			if (wrong !== index) expect(() => provenValue(root, RLP.encode(wrong), proof)).toThrow();
			expect(() => provenValue(root, RLP.encode(index), [...proof, proof[0] as TrieNode])).toThrow();
			if (proof.length > 1) expect(() => provenValue(root, RLP.encode(index), [...proof].reverse())).toThrow();
			expect(() => provenValue(root, RLP.encode(index), proof.slice(0, -1))).toThrow();
		},
	);
});

describe("RLP", () => {
	const item: fc.Arbitrary<Uint8Array | unknown[]> = fc.letrec<{ item: Uint8Array | unknown[] }>((tie) => ({
		item: fc.oneof({ depthSize: "small" }, fc.uint8Array({ maxLength: 80 }), fc.array(tie("item"), { maxLength: 5 })),
	})).item;

	test.prop([item])("is read as it is written, and as another library writes it", (value) => {
		const encoded = encodeRlp(value as never);
		expect(toHex(encoded)).toBe(toHex(RLP.encode(value as never)));
		expect(toHex(encodeRlp(decodeRlp(encoded)))).toBe(toHex(encoded));
	});

	test.prop([fc.uint8Array({ maxLength: 60 })])("accepts only the one form of each item", (bytes) => {
		try {
			expect(toHex(encodeRlp(decodeRlp(bytes)))).toBe(toHex(bytes));
		} catch (error) {
			expect((error as Error).message).toMatch(/^RLP/);
		}
	});
});

describe("canonical JSON", () => {
	it("refuses numbers that JSON readers round, and what JSON does not have", () => {
		expect(() => canonical(2 ** 53)).toThrow(/2\^53/);
		expect(() => canonical({ a: undefined })).toThrow("undefined has no JSON form");
		expect(() => canonical(1n)).toThrow("bigint has no JSON form");
		expect(canonical({ b: 1, a: [null, true, "é"] })).toBe('{"a":[null,true,"é"],"b":1}');
	});
});
