import { type ChainId, evmChain } from "@clew/core";
import { concat, keccak256, toBeHex, toUtf8Bytes, ZeroAddress } from "ethers";
import type { RpcBlock, RpcReceipt, RpcTransaction } from "./shapes.js";

/** What Bor puts before height and block hash to name the receipt of a state sync. */
const RECEIPT_PREFIX = "matic-bor-receipt-";
const HEIGHT_BYTES = 8;

/** A block of a chain run by Bor, its state-sync transaction told apart from those that the block's roots hold. */
export interface BorBlock {
	readonly block: RpcBlock;
	readonly receipts: readonly RpcReceipt[];
	/** How many transactions stand in the roots: all, or all but the state sync, which is the last. */
	readonly inRoots: number;
	readonly gaps: readonly string[];
}

/**
 * Finds the state-sync transaction by which Bor tells what arrived from Ethereum: the last of its block, from and to nobody, without gas,
 * and named after the block itself. It stands in no root, so it is the node's word. Told half (the transaction or the receipt alone) it is
 * left out, with a gap.
 */
export function splitStateSync(chain: ChainId, block: RpcBlock, receipts: readonly RpcReceipt[]): BorBlock {
	const whole = { block, receipts, inRoots: block.transactions.length, gaps: [] };
	if (evmChain(chain)?.bor !== true) return whole;
	const hash = stateSyncHash(block);
	const tx = block.transactions[block.transactions.length - 1];
	const told = tx !== undefined && tx.hash.toLowerCase() === hash && isNobodys(tx);
	const receipt = receipts.findIndex(({ transactionHash }) => transactionHash.toLowerCase() === hash);
	if (told && receipt >= 0)
		return {
			...whole,
			inRoots: block.transactions.length - 1,
			gaps: ["the state-sync transaction stands in no root of the block: what it moved is this node's word"],
		};
	if (!told && receipt < 0) return whole;
	const transactions = told ? block.transactions.slice(0, -1) : block.transactions;
	return {
		block: { ...block, transactions },
		receipts: receipts.filter((_, i) => i !== receipt),
		inRoots: transactions.length,
		gaps: [`the state-sync transaction ${hash} was told without its ${told ? "receipt" : "place in the block"}: what it moved is not here`],
	};
}

/** keccak256 of prefix, height and block hash: what Bor names the state sync of a block. */
function stateSyncHash(block: RpcBlock): string {
	return keccak256(concat([toUtf8Bytes(RECEIPT_PREFIX), toBeHex(BigInt(block.number), HEIGHT_BYTES), block.hash]));
}

function isNobodys(tx: RpcTransaction): boolean {
	return tx.from === ZeroAddress && tx.to === ZeroAddress && BigInt(tx.value) === 0n && BigInt(String(tx["gas"] ?? "0x0")) === 0n;
}
