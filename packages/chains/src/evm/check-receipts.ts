import type { ChainId } from "@clew/core";
import { getCreateAddress } from "ethers";
import { isUnsigned, paysGas, typeOf } from "./forms/transactions.js";
import type { RpcBlock, RpcReceipt, RpcTransaction } from "./shapes.js";

/** Chains whose every transaction pays what EIP-1559 says, at the price of its header. */
const PLAIN_PRICES: ReadonlySet<string> = new Set([1, 17000, 31337, 560048, 11155111].map((id) => `eip155:${id}`));

/**
 * What receipts say beside what the root of receipts holds, compared with what the roots and the header do hold: the gas of each
 * with the sums that stand in them, its price, the contract that a creation makes, and the sender with the transaction's. `lie`
 * throws.
 */
export function checkReceipts(chain: ChainId, block: RpcBlock, receipts: readonly RpcReceipt[], lie: (what: string) => never): void {
	let before = 0n;
	for (const [i, receipt] of receipts.entries()) {
		const tx = block.transactions[i];
		const after = BigInt(receipt.cumulativeGasUsed);
		if (tx !== undefined && !(isUnsigned(chain, tx) && !paysGas(chain, tx))) {
			const gas = after - before;
			if (BigInt(receipt.gasUsed) !== gas)
				lie(`transaction ${i} used ${BigInt(receipt.gasUsed)} gas, and the sums in the receipts give ${gas}`);
			checkOwn(chain, block, tx, receipt, i, lie);
		}
		before = after;
	}
}

/** What one receipt says beside what a root holds, compared with its transaction and the header; of several see {@link checkReceipts}. */
export function checkOwn(
	chain: ChainId,
	block: RpcBlock,
	tx: RpcTransaction,
	receipt: RpcReceipt,
	i: number,
	lie: (what: string) => never,
): void {
	checkPrice(chain, block, tx, receipt, i, lie);
	const sender = receipt["from"];
	if (typeof sender === "string" && sender.toLowerCase() !== tx.from.toLowerCase())
		lie(`transaction ${i} is from ${tx.from}, and its receipt says ${sender.slice(0, 60)}`);
	const made = receipt.contractAddress;
	const due =
		made == null || tx.to != null || isUnsigned(chain, tx)
			? undefined
			: getCreateAddress({ from: tx.from, nonce: BigInt(String(tx["nonce"])) });
	if (due !== undefined && made?.toLowerCase() !== due.toLowerCase())
		lie(`transaction ${i} creates ${due} by its sender and nonce, and its receipt says ${made}`);
}

function checkPrice(
	chain: ChainId,
	block: RpcBlock,
	tx: RpcTransaction,
	{ effectiveGasPrice }: RpcReceipt,
	i: number,
	lie: (what: string) => never,
): void {
	if (effectiveGasPrice == null || !PLAIN_PRICES.has(chain)) return;
	const price = plainPrice(tx, block);
	if (price !== BigInt(effectiveGasPrice))
		lie(`transaction ${i} paid ${BigInt(effectiveGasPrice)} for its gas, and header and transaction give ${price}`);
}

/** The price of gas by transaction and header (EIP-1559). */
export function plainPrice(tx: RpcTransaction, { baseFeePerGas }: RpcBlock): bigint {
	if (typeOf(tx) < 2) return BigInt(tx.gasPrice ?? "0x0");
	const base = BigInt(baseFeePerGas ?? "0x0");
	const [cap, tip] = [tx["maxFeePerGas"], tx["maxPriorityFeePerGas"]].map((one) => BigInt(String(one))) as [bigint, bigint];
	return base + tip < cap ? base + tip : cap;
}
