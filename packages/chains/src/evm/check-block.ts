import { NodeError } from "@clew/core";
import { keccak256 } from "ethers";
import { blockHash, encodeReceipt, encodeTransaction, rootOf, withdrawalsRoot } from "./encoding.js";
import type { RpcBlock, RpcReceipt } from "./shapes.js";

/** What could not be recomputed, in words; empty when everything was. */
export type Unprovable = readonly string[];

/**
 * Recomputes from the node's own words: every transaction's hash, the roots of transactions, receipts and withdrawals, and the
 * block's hash. Throws NodeError (NODE_LIED) that names the node and the height when one differs; a part that cannot be
 * encoded (a transaction type of another chain) is returned as unprovable.
 */
export function checkBlock(node: string, block: RpcBlock, receipts: readonly RpcReceipt[]): Unprovable {
	const height = Number(block.number);
	const lie = (what: string): never => {
		throw new NodeError("NODE_LIED", node, `block ${height}: ${what}`, { hint: "Ask another node; nothing of this block was stored." });
	};
	const same = (what: string, computed: string, stated: string) => {
		if (computed !== stated.toLowerCase()) lie(`${what} is ${stated}, but what the node sent gives ${computed}`);
	};
	const unprovable: string[] = [];
	checkOrder(block, receipts, lie);
	const transactions = block.transactions.map(encodeTransaction);
	for (const [i, encoded] of transactions.entries()) {
		if (encoded !== undefined) same(`the hash of transaction ${i}`, keccak256(encoded), block.transactions[i]?.hash ?? "");
	}
	const transactionsRoot = rootOf(transactions);
	if (transactionsRoot === undefined) unprovable.push("transactions root not recomputed: a transaction type of this chain is unknown");
	else same("the transactions root", transactionsRoot, block.transactionsRoot);
	const receiptsRoot = rootOf(receipts.map(encodeReceipt));
	if (receiptsRoot === undefined) unprovable.push("receipts root not recomputed: a receipt type of this chain is unknown");
	else same("the receipts root", receiptsRoot, block.receiptsRoot);
	if (block.withdrawals != null && block.withdrawalsRoot != null)
		same("the withdrawals root", withdrawalsRoot(block.withdrawals), block.withdrawalsRoot);
	same("the block hash", blockHash(block), block.hash);
	return unprovable;
}

function checkOrder(block: RpcBlock, receipts: readonly RpcReceipt[], lie: (what: string) => never): void {
	if (receipts.length !== block.transactions.length)
		lie(`it has ${block.transactions.length} transactions, but ${receipts.length} receipts came`);
	let logIndex = 0;
	for (const [i, receipt] of receipts.entries()) {
		const tx = block.transactions[i];
		if (receipt.transactionHash.toLowerCase() !== tx?.hash.toLowerCase() || Number(tx.transactionIndex) !== i)
			lie(`transaction ${i} and its receipt do not belong together`);
		for (const log of receipt.logs) {
			if (Number(log.logIndex) !== logIndex++) lie(`the log indices of transaction ${i} do not continue`);
		}
	}
}
