import { RLP } from "@ethereumjs/rlp";
import { getBytes, keccak256 } from "ethers";

type Node = Uint8Array | Node[];

interface Item {
	readonly nibbles: readonly number[];
	readonly value: Uint8Array;
}

const EMPTY = new Uint8Array(0);
const HASHED_FROM = 32;

/**
 * Root of the Merkle Patricia trie that a block keeps its transactions, receipts and withdrawals in: key RLP(index), value
 * as given (Ethereum yellow paper, appendix D). Lower-case hex. O(n log n).
 */
export function orderedTrieRoot(values: readonly Uint8Array[]): string {
	if (values.length === 0) return keccak256(RLP.encode(EMPTY));
	const items = values.map((value, i): Item => ({ nibbles: nibblesOf(RLP.encode(i)), value }));
	items.sort((a, b) => compareNibbles(a.nibbles, b.nibbles));
	return keccak256(RLP.encode(build(items, 0)));
}

/** The node for items that agree on their first `depth` nibbles. */
function build(items: readonly Item[], depth: number): Node {
	const [first] = items;
	if (first === undefined) return EMPTY;
	if (items.length === 1) return [hexPrefix(first.nibbles.slice(depth), true), first.value];
	const last = items[items.length - 1] as Item;
	let shared = depth;
	while (shared < first.nibbles.length && first.nibbles[shared] === last.nibbles[shared]) shared++;
	if (shared > depth) return [hexPrefix(first.nibbles.slice(depth, shared), false), reference(build(items, shared))];
	const branch: Node[] = [];
	let from = 0;
	let own: Uint8Array = EMPTY;
	if (first.nibbles.length === depth) {
		own = first.value;
		from = 1;
	}
	for (let nibble = 0; nibble < 16; nibble++) {
		let to = from;
		while (to < items.length && items[to]?.nibbles[depth] === nibble) to++;
		branch.push(to === from ? EMPTY : reference(build(items.slice(from, to), depth + 1)));
		from = to;
	}
	branch.push(own);
	return branch;
}

/** A child stands in its parent as itself when short, else as its hash. */
function reference(node: Node): Node {
	const encoded = RLP.encode(node);
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
