import { RLP } from "@ethereumjs/rlp";
import { getBytes, keccak256 } from "ethers";

type Node = Uint8Array | Node[];

interface Item {
	readonly nibbles: readonly number[];
	readonly value: Uint8Array;
}

const EMPTY = new Uint8Array(0);
const HASHED_FROM = 32;

/** A node of a built trie, with what stands below it. */
interface Built {
	readonly encoded: Uint8Array;
	readonly node: Node;
	/** Nibbles that lead to a child, and the child; none for a leaf. */
	readonly children: readonly { readonly nibbles: readonly number[]; readonly child: Built }[];
}

/** The trie that a block keeps its transactions, receipts or withdrawals in. */
export interface OrderedTrie {
	/** Lower-case hex. */
	readonly root: string;
	/**
	 * The encoded nodes from the root to the value at an index, as `eth_getProof` lists them: nodes shorter than a hash stand inside their
	 * parents.
	 */
	prove(index: number): readonly Uint8Array[];
}

/**
 * The Merkle Patricia trie over values at keys RLP(index) (Ethereum yellow paper, appendix D). O(n log n) to build; a proof is a walk.
 */
export function orderedTrie(values: readonly Uint8Array[]): OrderedTrie {
	if (values.length === 0) return { root: keccak256(RLP.encode(EMPTY)), prove: () => [] };
	const items = values.map((value, i): Item => ({ nibbles: nibblesOf(RLP.encode(i)), value }));
	items.sort((a, b) => compareNibbles(a.nibbles, b.nibbles));
	const top = build(items, 0);
	return { root: keccak256(top.encoded), prove: (index) => walk(top, nibblesOf(RLP.encode(index))) };
}

/** Root of {@link orderedTrie}. */
export function orderedTrieRoot(values: readonly Uint8Array[]): string {
	return orderedTrie(values).root;
}

function walk(top: Built, key: readonly number[]): Uint8Array[] {
	const path = [top.encoded];
	let depth = 0;
	for (let at: Built | undefined = top; at !== undefined; ) {
		const next: Built["children"][number] | undefined = at.children.find(({ nibbles }) => nibbles.every((n, i) => key[depth + i] === n));
		if (next === undefined) break;
		depth += next.nibbles.length;
		at = next.child;
		if (at.encoded.length >= HASHED_FROM) path.push(at.encoded);
	}
	return path;
}

/** The node for items that agree on their first `depth` nibbles. */
function build(items: readonly Item[], depth: number): Built {
	const first = items[0] as Item;
	if (items.length === 1) return built([hexPrefix(first.nibbles.slice(depth), true), first.value], []);
	const last = items[items.length - 1] as Item;
	let shared = depth;
	while (shared < first.nibbles.length && first.nibbles[shared] === last.nibbles[shared]) shared++;
	if (shared > depth) {
		const nibbles = first.nibbles.slice(depth, shared);
		const child = build(items, shared);
		return built([hexPrefix(nibbles, false), reference(child)], [{ nibbles, child }]);
	}
	const branch: Node[] = [];
	const children: { nibbles: number[]; child: Built }[] = [];
	let from = 0;
	let own: Uint8Array = EMPTY;
	if (first.nibbles.length === depth) {
		own = first.value;
		from = 1;
	}
	for (let nibble = 0; nibble < 16; nibble++) {
		let to = from;
		while (to < items.length && items[to]?.nibbles[depth] === nibble) to++;
		if (to === from) branch.push(EMPTY);
		else {
			const child = build(items.slice(from, to), depth + 1);
			children.push({ nibbles: [nibble], child });
			branch.push(reference(child));
		}
		from = to;
	}
	branch.push(own);
	return built(branch, children);
}

function built(node: Node, children: Built["children"]): Built {
	return { node, encoded: RLP.encode(node), children };
}

/** A child stands in its parent as itself when short, else as its hash. */
function reference({ node, encoded }: Built): Node {
	return encoded.length < HASHED_FROM ? node : getBytes(keccak256(encoded));
}

function hexPrefix(nibbles: readonly number[], leaf: boolean): Uint8Array {
	const odd = nibbles.length % 2;
	const flagged = [(leaf ? 2 : 0) + odd, ...(odd ? [] : [0]), ...nibbles];
	const bytes = new Uint8Array(flagged.length / 2);
	for (let i = 0; i < bytes.length; i++) bytes[i] = ((flagged[2 * i] ?? 0) << 4) | (flagged[2 * i + 1] ?? 0);
	return bytes;
}

function nibblesOf(key: Uint8Array): number[] {
	return [...key].flatMap((byte) => [byte >> 4, byte & 15]);
}

function compareNibbles(a: readonly number[], b: readonly number[]): number {
	for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return (a[i] ?? 0) - (b[i] ?? 0);
	return a.length - b.length;
}
