import { sha256 } from "@noble/hashes/sha2.js";
import type { Edge, TronProof } from "../bundle/formats.js";
import { concat, fromHex, toHex } from "../encoding/bytes.js";
import { Refusal } from "../failure.js";
import { mustEqual, type ProvenBlock, type ProvenPlace } from "../proofs/proven-block.js";
import type { ShownMove, ShownMoves } from "../proofs/shown.js";
import type { TronMove } from "./contracts.js";
import { tronHeader } from "./header.js";
import { readTransaction, type TronTransaction } from "./transaction.js";

/** A transaction of exactly 64 bytes could be an inner node of the tree. */
const NODE_BYTES = 64;

interface Placed extends TronTransaction {
	readonly index: number;
}

/**
 * Reads a proof of one block of Tron: the raw header gives the block's id with its height, and every transaction hangs below the root that
 * it states, where its place among so many transactions leads it. Throws Error.
 */
export function tronBlock(proof: TronProof): ProvenBlock {
	const { chain } = proof;
	const header = tronHeader(proof.header);
	mustEqual("block id", proof.hash, header.hash);
	if (Number(proof.height) !== header.height)
		throw new Refusal(`its header is that of block ${header.height}, not of block ${proof.height}`);
	const known = new Map<string, Placed>();
	for (const { hash, index, raw, branch } of proof.transactions) {
		const bytes = fromHex(raw);
		if (bytes.length === NODE_BYTES) throw new Refusal("a transaction of 64 bytes could be an inner node of the tree");
		mustEqual("root of transactions", header.root, toHex(rootOf(sha256(bytes), index, proof.count, branch)));
		const tx = readTransaction(bytes);
		mustEqual("transaction id", hash, tx.id);
		if (known.has(hash)) throw new Refusal("the proof names a transaction twice");
		known.set(hash, { ...tx, index });
	}
	return {
		chain,
		height: header.height,
		hash: header.hash,
		parent: header.parent,
		time: header.time,
		heightShown: true,
		transactions: [...known.keys()],
		work: "",
		place(edge) {
			const tx = known.get(edge.txHash);
			if (tx === undefined) throw new Refusal(`no proof of transaction ${edge.txHash} is in the bundle`);
			return placeOf(edge, tx, chain);
		},
		moves(hash) {
			const tx = known.get(hash);
			return tx === undefined ? undefined : shownBy(tx, chain);
		},
	};
}

/** The root above a leaf: pairs are hashed, and an odd one on the right edge is carried up as it is. */
function rootOf(leaf: Uint8Array, index: number, count: number, branch: readonly string[]): Uint8Array {
	if (index >= count) throw new Refusal(`transaction ${index} is behind the last of ${count}`);
	const left = [...branch];
	let hash = leaf;
	for (let [at, size] = [index, count]; size > 1; [at, size] = [Math.floor(at / 2), Math.ceil(size / 2)]) {
		if (at % 2 === 0 && at === size - 1) continue;
		const sibling = left.shift();
		if (sibling === undefined) throw new Refusal("the branch is too short for the place of its transaction");
		hash = sha256(at % 2 === 0 ? concat(hash, fromHex(sibling)) : concat(fromHex(sibling), hash));
	}
	if (left.length > 0) throw new Refusal("the branch is too long for the place of its transaction");
	return hash;
}

/** Where the transaction shows what the row says. */
function placeOf(edge: Edge, tx: Placed, chain: string): ProvenPlace {
	if (tx.succeeded === undefined) throw new Refusal("the result of its transaction does not say whether it succeeded");
	if (!tx.succeeded) throw new Refusal("its transaction failed, and moved nothing but its fee");
	const { moves, asked } = tx;
	const isAlike = ({ kind, asset }: TronMove) => kind === edge.kind && `${chain}/${asset}` === edge.asset;
	const alike = moves.filter(isAlike);
	const same = alike.find(({ event }) => edge.position.endsWith(`.${event}`)) ?? alike[0] ?? (asked && isAlike(asked) ? asked : undefined);
	if (same === undefined) throw new Refusal(`a row of kind ${edge.kind} of ${edge.asset} cannot be proven by its transaction`);
	mustEqual("sender", edge.from, `${chain}:${same.from}`);
	mustEqual("receiver", edge.to, `${chain}:${same.to}`);
	mustEqual("amount", edge.amount, same.amount.toString());
	return { transaction: tx.index, event: same.event, index: same === asked ? undefined : same.event, isLog: false };
}

/** What a transaction shows for ledgers, and what it asked a token's contract for. */
function shownBy(tx: Placed, chain: string): ShownMoves {
	const shown = ({ kind, from, to, asset, amount }: TronMove): ShownMove => ({
		kind,
		from: `${chain}:${from}`,
		to: `${chain}:${to}`,
		asset: `${chain}/${asset}`,
		amount: amount.toString(),
	});
	const kinds = new Set(tx.kinds);
	const moves = tx.moves.map((move) => ({ ...shown(move), event: move.event }));
	const asked = tx.asked === undefined ? undefined : { ...shown(tx.asked), log: 0 };
	return {
		index: tx.index,
		kinds,
		moves: moves.filter(({ kind }) => kinds.has(kind)),
		some: [...moves.filter(({ kind }) => !kinds.has(kind)), ...(asked === undefined ? [] : [asked])],
		...(asked === undefined ? {} : { asked }),
	};
}
