import { type BitcoinBlockProof, type BitcoinTransactionProof, type ChainId, canonicalJson, type Hash } from "@clew/core";
import type { Transaction } from "bitcoinjs-lib";
import { z } from "zod";
import { HEADER_BYTES, hashText, merkleLevels, type RawBlock } from "./block.js";

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** A block as a node gave it, kept in a bundle so that a trace can be run again from it. */
export const bitcoinAnswersShape = z.strictObject({
	schema: z.literal("clew.answers.bitcoin/1"),
	height: z.string().regex(/^[0-9]{1,8}$/),
	hash,
	raw: z.string().regex(/^([0-9a-f]{2})*$/),
});

/** Canonical JSON of {@link bitcoinAnswersShape}. */
export function bitcoinAnswers(height: number, block: RawBlock, bytes: Uint8Array): string {
	const raw = Buffer.from(bytes).toString("hex");
	return canonicalJson({ schema: "clew.answers.bitcoin/1", height: height.toString(), hash: block.hash, raw });
}

/** Merkle branches for the cited transactions of a checked block, and the coinbase's, whose length is the depth of the tree. */
export function proveBitcoinBlock(
	chain: ChainId,
	height: number,
	bytes: Uint8Array,
	block: RawBlock,
	cited: ReadonlySet<Hash>,
): BitcoinBlockProof {
	const levels = merkleLevels(block.transactions.map(({ raw }) => raw.getHash(false)));
	const prove = (index: number): BitcoinTransactionProof => {
		const tx = block.transactions[index] as RawBlock["transactions"][number];
		return { txid: tx.txid, index, raw: Buffer.from(withoutWitness(tx.raw)).toString("hex"), branch: branchOf(levels, index) };
	};
	return {
		schema: "clew.proof.bitcoin/1",
		chain,
		height: height.toString(),
		hash: block.hash,
		header: Buffer.from(bytes.subarray(0, HEADER_BYTES)).toString("hex"),
		coinbase: prove(0),
		transactions: block.transactions.flatMap(({ txid }, index) => (cited.has(txid) ? [prove(index)] : [])),
	};
}

/** Siblings from the leaf up; the last node of an odd level is its own sibling. */
function branchOf(levels: readonly (readonly Uint8Array[])[], leaf: number): Hash[] {
	let index = leaf;
	return levels.slice(0, -1).map((level) => {
		const sibling = level[index ^ 1] ?? (level[index] as Uint8Array);
		index >>= 1;
		return hashText(sibling);
	});
}

/** The bytes that the transaction's id is the hash of. */
export function withoutWitness(tx: Transaction): Uint8Array {
	const copy = tx.clone();
	for (const input of copy.ins) input.witness = [];
	return copy.toBuffer();
}
