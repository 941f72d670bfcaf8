import { BLOCK_TX_INDEX, type ChainId, type Hash, NodeError, type PartOfBlock } from "@clew/core";
import { z } from "zod";
import { type BlockAnswers, blockAndReceipts, blockAnswersShape, parseAnswer } from "./answers.js";
import { checkBlock } from "./check-block.js";
import { checkOwn } from "./check-receipts.js";
import { decodeBlock } from "./decode.js";
import { blockShape, type RpcBlock, type RpcReceipt, type RpcTransaction, receiptShape } from "./shapes.js";

export const PART_SCHEMA = "clew.answers.part/1";

/** What a node answered about some transactions of a block: the block, and the receipts of these. */
export const partAnswersShape = blockAnswersShape
	.pick({ height: true, block: true, receipts: true })
	.extend({ schema: z.literal(PART_SCHEMA) });
export type PartAnswers = z.infer<typeof partAnswersShape>;

/** The answers about a whole block, as far as they are about some of its transactions. */
export function cutTo({ height, block, receipts }: BlockAnswers, hashes: ReadonlySet<string>): PartAnswers {
	const told = receiptShape.array().parse(receipts);
	return { schema: PART_SCHEMA, height, block, receipts: told.filter(({ transactionHash }) => hashes.has(transactionHash.toLowerCase())) };
}

/** Whose transactions of a block are wanted, as the block itself names them; in lower case. */
export interface WantedIn {
	readonly hashes: ReadonlySet<string>;
	readonly address?: string;
}

/**
 * The hashes of a block's transactions that are wanted by name, or that an address signed or receives; undefined where the whole block is
 * wanted: all are, or the address is its producer's, whom all fees of it pay.
 */
export function wantedOf(node: string, height: number, block: unknown, { hashes, address }: WantedIn): readonly string[] | undefined {
	const { transactions, miner } = parseAnswer(node, blockShape, block, "eth_getBlockByNumber", height);
	if (miner.toLowerCase() === address) return undefined;
	const isSide = (side: string | null | undefined) => address !== undefined && side?.toLowerCase() === address;
	const wanted = transactions.filter(({ hash, from, to }) => hashes.has(hash.toLowerCase()) || isSide(from) || isSide(to));
	return wanted.length === transactions.length ? undefined : wanted.map(({ hash }) => hash);
}

/**
 * Reads some transactions of a block, of which the node told the receipts of these alone. The hash of the block and the root of its
 * transactions are recomputed, so that what each was signed to do is known; of what came of them each receipt says what it says, held
 * against its transaction and the header. What the block itself pays is left out but for withdrawals, which its header proves. With
 * `trust` what does not come out is the node's word. Undefined where a receipt alone does not tell whether its transaction succeeded
 * (before Byzantium). Throws NodeError.
 */
export function readPart(node: string, chain: ChainId, answers: PartAnswers, trust = false): PartOfBlock | undefined {
	const { block, receipts } = blockAndReceipts(node, answers);
	if (receipts.some(({ status }) => status == null)) return undefined;
	const { gaps } = checkBlock(node, chain, block, undefined, block.transactions.length, trust);
	const lie = (what: string): never => {
		throw new NodeError("NODE_LIED", node, `block ${answers.height}: ${what}`, {
			hint: "Ask another node; nothing of this block was stored.",
		});
	};
	const transactions = receipts.map((receipt) => transactionOf(block, receipt, lie));
	for (const [i, receipt] of receipts.entries()) {
		const tx = transactions[i] as RpcTransaction;
		checkOwn(chain, block, tx, receipt, Number(tx.transactionIndex), lie);
		checkLogs(block, receipt, Number(tx.transactionIndex), lie);
	}
	const part = { ...block, transactions };
	const decoded = decodeBlock(chain, { block: part, receipts, calls: undefined, gaps: [NO_CALLS, ...gaps], unverified: true });
	return {
		of: decoded.header,
		transactions: decoded.transactions.map((tx) =>
			tx.txIndex === BLOCK_TX_INDEX ? { ...tx, transfers: tx.transfers.filter(({ kind }) => kind !== "reward") } : tx,
		),
		kinds: decoded.kinds,
		contracts: decoded.contracts,
		events: decoded.events ?? [],
		gaps: decoded.gaps,
	};
}

const NO_CALLS = "internal transfers not fetched: the node offers no traces";

function transactionOf(block: RpcBlock, receipt: RpcReceipt, lie: (what: string) => never): RpcTransaction {
	const hash = receipt.transactionHash.toLowerCase() as Hash;
	const tx = block.transactions.find((one) => one.hash.toLowerCase() === hash);
	if (tx === undefined) return lie(`a receipt is of ${hash}, which the block does not hold`);
	if (Number(receipt.transactionIndex) !== Number(tx.transactionIndex))
		return lie(`transaction ${Number(tx.transactionIndex)} and its receipt do not belong together`);
	return tx;
}

/** The sums that receipts hold of the block, as far as one receipt alone shows them. */
function checkLogs(block: RpcBlock, { logs, gasUsed, cumulativeGasUsed }: RpcReceipt, i: number, lie: (what: string) => never): void {
	const [used, sum] = [BigInt(gasUsed), BigInt(cumulativeGasUsed)];
	if (used > sum || sum > BigInt(block.gasUsed))
		lie(`transaction ${i} used ${used} gas of the ${sum} that were used up to it, of ${BigInt(block.gasUsed)}`);
	for (const [n, { logIndex }] of logs.entries())
		if (n > 0 && Number(logIndex) !== Number(logs[n - 1]?.logIndex) + 1) lie(`the log indices of transaction ${i} do not continue`);
}
