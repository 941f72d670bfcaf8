import type { ChainId } from "@clew/core";
import { RLP } from "@ethereumjs/rlp";
import { keccak256 } from "ethers";
import { encodeReceipt, encodeTransaction } from "../evm/encoding.js";
import { encodedHeader } from "../evm/forms/headers.js";
import { blockShape, type RpcBlock, type RpcReceipt, receiptShape, transactionShape } from "../evm/shapes.js";
import { orderedTrieRoot } from "../evm/trie.js";

const ZERO = `0x${"0".repeat(64)}`;
const GAS = 21_000;
const hex = (value: number) => `0x${value.toString(16)}`;

/** A made-up block whose hashes, roots and id are right, as a node tells it: each transaction with what its receipt has of its own. */
export function sealedBlock(
	chain: ChainId,
	height: number,
	told: readonly { readonly tx: object; readonly receipt?: object }[],
	fields: object = {},
): { block: RpcBlock; receipts: RpcReceipt[] } {
	const place = (i: number) => ({ blockNumber: hex(height), blockHash: ZERO, transactionIndex: hex(i) });
	const transactions = told.map(({ tx }, i) => {
		const bare = transactionShape.parse({ value: "0x0", gas: "0x0", gasPrice: "0x0", input: "0x", ...tx, ...place(i), hash: ZERO });
		return { ...bare, hash: keccak256(encodeTransaction(chain, bare) as Uint8Array) };
	});
	const receipts = receiptShape.array().parse(
		told.map(({ receipt }, i) => ({
			...place(i),
			transactionHash: transactions[i]?.hash,
			type: transactions[i]?.type,
			status: "0x1",
			gasUsed: hex(GAS),
			cumulativeGasUsed: hex(GAS * (i + 1)),
			effectiveGasPrice: "0x1",
			logs: [],
			logsBloom: `0x${"0".repeat(512)}`,
			...receipt,
		})),
	);
	const open = blockShape.parse({
		...{ number: hex(height), hash: ZERO, parentHash: ZERO, sha3Uncles: keccak256(RLP.encode([])), miner: `0x${"9".repeat(40)}` },
		...{ stateRoot: ZERO, logsBloom: `0x${"0".repeat(512)}`, difficulty: "0x1", gasLimit: "0x1c9c380", gasUsed: hex(GAS * told.length) },
		...{ timestamp: "0x685aeaf0", extraData: "0x", mixHash: ZERO, nonce: "0x0000000000000000", baseFeePerGas: "0x1", uncles: [] },
		transactionsRoot: orderedTrieRoot(transactions.map((tx) => encodeTransaction(chain, tx) as Uint8Array)),
		receiptsRoot: orderedTrieRoot(receipts.map(encodeReceipt)),
		...fields,
		transactions,
	});
	const { hash } = encodedHeader(chain, open);
	const inBlock = <T extends object>(list: readonly T[]) => list.map((one) => ({ ...one, blockHash: hash }));
	return { block: { ...open, hash, transactions: inBlock(transactions) }, receipts: inBlock(receipts) };
}
