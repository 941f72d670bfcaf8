import { createHash } from "node:crypto";

type Hash = Buffer;

function hashOf(prefix: 0 | 1, ...parts: readonly Uint8Array[]): Hash {
	const hash = createHash("sha256").update(Uint8Array.of(prefix));
	for (const part of parts) hash.update(part);
	return hash.digest();
}

/**
 * A Merkle tree over lines, as certificate logs hash them (RFC 6962, 2.1): one root stands for all, and each can be shown without the
 * others.
 */
export class MerkleTree {
	private readonly leaves: Hash[] = [];

	add(line: string): void {
		this.leaves.push(hashOf(0, Buffer.from(line, "utf8")));
	}

	get size(): number {
		return this.leaves.length;
	}

	/** Of the leaves, in their order; lower-case hex. */
	hashes(): string[] {
		return this.leaves.map((hash) => hash.toString("hex"));
	}

	/** Lower-case hex. */
	root(): string {
		return (this.leaves.length === 0 ? createHash("sha256").digest() : this.subtree(0, this.leaves.length)).toString("hex");
	}

	/** The audit path of a leaf: siblings from the bottom up, lower-case hex (RFC 6962, 2.1.1). */
	path(index: number): string[] {
		const walk = (from: number, to: number): Hash[] => {
			if (to - from <= 1) return [];
			const middle = from + split(to - from);
			return index < middle ? [...walk(from, middle), this.subtree(middle, to)] : [...walk(middle, to), this.subtree(from, middle)];
		};
		return walk(0, this.leaves.length).map((hash) => hash.toString("hex"));
	}

	private subtree(from: number, to: number): Hash {
		if (to - from === 1) return this.leaves[from] as Hash;
		const middle = from + split(to - from);
		return hashOf(1, this.subtree(from, middle), this.subtree(middle, to));
	}
}

/** The largest power of two below n. */
function split(n: number): number {
	let power = 1;
	while (power * 2 < n) power *= 2;
	return power;
}
