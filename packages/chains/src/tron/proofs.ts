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
import { Addresses } from "./decode/accounts.js";
import { TYPE } from "./decode/contract-types.js";
import { readContract } from "./decode/contracts.js";
import { decodeTronBlock, type TronAnswer } from "./decode/decode.js";
import { disputeOf } from "./decode/disputed.js";

/**
 * A block as bytes with proofs of the cited transactions, and what these show of themselves: TRX and TRC-10 tokens that a transaction
 * moves, into exchanges of the chain too, and direct calls of tokens whose contracts are published. Fees, logs and calls inside stand in no
 * root. Throws InputError.
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
		provable: provableIn(chain, read, cited),
		answers: canonicalJson(answers),
	};
}

/** Types of contracts of which a verifier reads what they move. */
const SHOWN: ReadonlySet<number> = new Set([
	...[TYPE.transfer, TYPE.transferAsset, TYPE.participate, TYPE.create, TYPE.trigger],
	...[TYPE.exchangeCreate, TYPE.exchangeInject, TYPE.exchangeTransaction, TYPE.marketSell],
]);

/**
 * What a block alone shows of the cited transactions: what is read of it without infos, of those that say that they succeeded, and whose
 * info does not say otherwise.
 */
function provableIn(
	chain: ChainId,
	{ block, checked, infos = [] }: Pick<TronAnswer, "block" | "checked" | "infos">,
	cited: ReadonlySet<Hash>,
): ReadonlyMap<Hash, readonly ProvableTransfer[]> {
	const { transactions } = decodeTronBlock(chain, { block, checked, infos: undefined, provenance: "node" });
	const told = new Map(infos.map((info) => [info.id, info]));
	const addresses = new Addresses(chain);
	return new Map(
		transactions.flatMap(({ hash, status, transfers }, i) => {
			const tx = block.transactions[i];
			if (!cited.has(hash) || status !== "succeeded" || tx === undefined || !SHOWN.has(tx.contracts[0]?.type ?? -1)) return [];
			const info = told.get(hash);
			if (info !== undefined && disputeOf(readContract(tx, i, info, addresses), status, info, addresses) !== undefined) return [];
			return [[hash, transfers.flatMap(({ eventIndex, ...rest }) => (eventIndex === undefined ? [] : [{ ...rest, event: eventIndex }]))]];
		}),
	);
}
