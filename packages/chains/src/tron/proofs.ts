import {
	type BlockEvidence,
	type ChainId,
	canonicalJson,
	type DecodedBlock,
	type Hash,
	type ProvableTransfer,
	type TronBlockProof,
} from "@clew/core";
import { readTronBlock, type TronAnswers } from "./answers.js";
import { branchOf, treeOf } from "./check/check-block.js";
import type { TronBlock } from "./decode/block.js";
import { TYPE } from "./decode/contract-types.js";
import { decodeTronBlock } from "./decode/decode.js";

/**
 * A block as bytes with proofs of the cited transactions, and what these show of themselves: TRX and TRC-10 tokens that a transaction
 * moves, and direct calls of tokens whose contracts are published. Fees, logs and calls inside stand in no root. Throws InputError.
 */
export function tronEvidence(
	chain: ChainId,
	height: number,
	bytes: Buffer,
	infos: Buffer | undefined,
	cited: ReadonlySet<Hash>,
	unread?: string,
): BlockEvidence<DecodedBlock> {
	const read = readTronBlock(bytes, infos, height, unread);
	const { block, checked } = read;
	const tree = treeOf(block.transactions.map((tx) => tx.bytes));
	const proof: TronBlockProof = {
		schema: "clew.proof.tron/1",
		chain,
		height: height.toString(),
		hash: checked.id as Hash,
		header: block.header.raw.toString("hex"),
		count: block.transactions.length,
		transactions: block.transactions.flatMap(({ id, bytes: whole }, index) =>
			cited.has(id as Hash) ? [{ hash: id as Hash, index, raw: whole.toString("hex"), branch: branchOf(tree, index) }] : [],
		),
	};
	const answers: TronAnswers = {
		schema: "clew.answers.tron/1",
		height: height.toString(),
		block: bytes.toString("hex"),
		infos: infos?.toString("hex") ?? null,
		...(checked.unrooted === undefined ? {} : { unread: checked.unrooted }),
	};
	const decoded = decodeTronBlock(chain, { ...read, provenance: "node" });
	if (checked.unrooted !== undefined)
		return {
			block: decoded,
			proof: undefined,
			unprovable: [`the root of its transactions cannot be recomputed from a node's JSON (${checked.unrooted})`],
			provable: new Map(),
			answers: canonicalJson(answers),
		};
	return {
		block: decoded,
		proof,
		unprovable: [],
		provable: provableIn(decodeTronBlock(chain, { block, checked, infos: undefined, provenance: "node" }), block, cited),
		answers: canonicalJson(answers),
	};
}

/** Types of contracts of which a verifier reads what they move. */
const SHOWN: ReadonlySet<number> = new Set([TYPE.transfer, TYPE.transferAsset, TYPE.trigger]);

/** What a block alone shows of the cited transactions: what is read of it without infos, of those that say that they succeeded. */
function provableIn(
	{ transactions }: DecodedBlock,
	block: TronBlock,
	cited: ReadonlySet<Hash>,
): ReadonlyMap<Hash, readonly ProvableTransfer[]> {
	return new Map(
		transactions.flatMap(({ hash, status, transfers }, i) =>
			cited.has(hash) && status === "succeeded" && SHOWN.has(block.transactions[i]?.contracts[0]?.type ?? -1)
				? [
						[
							hash,
							transfers.flatMap(({ eventIndex, ...rest }) => (eventIndex === undefined ? [] : [{ ...rest, event: eventIndex }])),
						] as const,
					]
				: [],
		),
	);
}
