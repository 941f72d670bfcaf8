import { parseChainId } from "@clew/core";
import { RLP } from "@ethereumjs/rlp";
import { keccak256, Transaction, type TransactionLike, type Wallet } from "ethers";
import { encodeReceipt, encodeTransaction } from "../../packages/chains/src/evm/encoding.js";
import { encodedHeader } from "../../packages/chains/src/evm/forms/headers.js";
import { blockShape, receiptShape } from "../../packages/chains/src/evm/shapes.js";
import { orderedTrieRoot } from "../../packages/chains/src/evm/trie.js";

/** A chain whose blocks have these forms; the same bytes stand in those of every other one. */
const ROLLUP = parseChainId("eip155:10");
const ZERO = `0x${"0".repeat(64)}`;
const BLOOM = `0x${"0".repeat(512)}`;
const hex = (value: bigint | number) => `0x${value.toString(16)}`;

/** A deposit into a rollup, as a node tells it. */
export interface Deposit {
	readonly from: string;
	readonly to: string;
	readonly mint: bigint;
	readonly value: bigint;
	readonly succeeds?: boolean;
}

/**
 * A block of an OP-stack rollup since Isthmus, its roots and hash computed: the deposit that every block begins with, the given ones, and
 * one signed transfer.
 */
export async function rollupBlock(chain: number, height: number, deposits: readonly Deposit[], signer: Wallet, transfer: TransactionLike) {
	const common = { blockNumber: hex(height), blockHash: ZERO };
	const system = { from: `0x${"d".repeat(36)}0001`, to: `0x42${"0".repeat(36)}15`, mint: 0n, value: 0n };
	const told = [system, ...deposits].map(({ from, to, mint, value }, i) => ({
		...common,
		type: "0x7e",
		sourceHash: keccak256(RLP.encode([height, i])),
		from,
		to,
		mint: hex(mint),
		value: hex(value),
		gas: "0xf4240",
		gasPrice: "0x0",
		input: "0x",
		transactionIndex: hex(i),
	}));
	const signed = Transaction.from(await signer.signTransaction({ chainId: chain, type: 2, gasLimit: 21_000, ...transfer }));
	const user = {
		...common,
		type: "0x2",
		chainId: hex(chain),
		nonce: hex(signed.nonce),
		from: signer.address.toLowerCase(),
		to: signed.to?.toLowerCase(),
		value: hex(signed.value),
		gas: hex(signed.gasLimit),
		maxFeePerGas: hex(signed.maxFeePerGas ?? 0n),
		maxPriorityFeePerGas: hex(signed.maxPriorityFeePerGas ?? 0n),
		gasPrice: hex(signed.maxFeePerGas ?? 0n),
		accessList: [],
		input: "0x",
		yParity: hex(signed.signature?.yParity ?? 0),
		r: signed.signature?.r,
		s: signed.signature?.s,
		transactionIndex: hex(told.length),
	};
	const transactions = [...told, user].map((tx) => {
		const shaped = blockShape.shape.transactions.element.parse({ ...tx, hash: ZERO });
		return { ...tx, hash: keccak256(encodeTransaction(ROLLUP, shaped) as Uint8Array) };
	});
	const receipts = transactions.map((tx, i) => ({
		...common,
		type: tx.type,
		status: i > 0 && deposits[i - 1]?.succeeds === false ? "0x0" : "0x1",
		transactionHash: tx.hash,
		transactionIndex: tx.transactionIndex,
		gasUsed: "0x5208",
		cumulativeGasUsed: hex(21_000 * (i + 1)),
		effectiveGasPrice: tx.gasPrice,
		logs: [],
		logsBloom: BLOOM,
		l1Fee: tx.type === "0x7e" ? "0x0" : "0x3e8",
		...(tx.type === "0x7e"
			? { depositNonce: hex(i), depositReceiptVersion: "0x1" }
			: { operatorFeeScalar: "0xf4240", operatorFeeConstant: "0x5" }),
	}));
	const header = {
		number: hex(height),
		hash: ZERO,
		parentHash: ZERO,
		sha3Uncles: "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
		miner: `0x42${"0".repeat(36)}11`,
		stateRoot: ZERO,
		transactionsRoot: orderedTrieRoot(
			transactions.map((tx) => encodeTransaction(ROLLUP, blockShape.shape.transactions.element.parse(tx)) as Uint8Array),
		),
		receiptsRoot: orderedTrieRoot(receiptShape.array().parse(receipts).map(encodeReceipt)),
		logsBloom: BLOOM,
		difficulty: "0x0",
		gasLimit: "0x1c9c380",
		gasUsed: hex(21_000 * receipts.length),
		timestamp: "0x6a6ff193",
		extraData: "0x",
		mixHash: ZERO,
		nonce: "0x0000000000000000",
		baseFeePerGas: "0xfc",
		withdrawalsRoot: `0x${"08".repeat(32)}`,
		blobGasUsed: "0x0",
		excessBlobGas: "0x0",
		parentBeaconBlockRoot: ZERO,
		requestsHash: ZERO,
		uncles: [],
		withdrawals: [],
	};
	const { hash } = encodedHeader(ROLLUP, blockShape.parse({ ...header, transactions }));
	const inBlock = <T extends object>(list: readonly T[]) => list.map((one) => ({ ...one, blockHash: hash }));
	return { block: { ...header, hash, transactions: inBlock(transactions) }, receipts: inBlock(receipts), hash };
}
