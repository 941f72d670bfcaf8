import {
	type BlockEvidence,
	type BlockProof,
	type ChainId,
	chainOf,
	type DecodedBlock,
	EVENT_BAND,
	type EvmTransactionProof,
	type Hash,
	isNative,
	NodeError,
	type ProvableTransfer,
	type TransferRecord,
	wrappedCoin,
} from "@clew/core";
import { hexlify, recoverAddress, Transaction, toBeHex, toBigInt } from "ethers";
import { plainPrice } from "./check-receipts.js";
import type { CheckedAnswer } from "./decode.js";
import { isRollupBlock } from "./deposits.js";
import { encodeReceipt, encodeTransaction } from "./encoding.js";
import { encodedHeader } from "./forms/headers.js";
import { formOf, isEthereums, signatureOf, signingHash, typeOf } from "./forms/transactions.js";
import { wrappingOf } from "./logs.js";
import type { RpcBlock, RpcReceipt, RpcTransaction } from "./shapes.js";
import { type OrderedTrie, orderedTrie } from "./trie.js";

type Proven = Pick<BlockEvidence<DecodedBlock>, "proof" | "unprovable" | "provable">;

const BLOB_TYPE = 3;
const WORD = 32;

/**
 * Inclusion proofs for the cited transactions of a checked block: both tries rebuilt from what the node answered, with the nodes on the way
 * to each transaction and receipt. `decoded` is the same block. Throws NodeError (NODE_LIED) when a sender is not who signed.
 */
export function proveBlock(node: string, chain: ChainId, read: CheckedAnswer, decoded: DecodedBlock, cited: ReadonlySet<Hash>): Proven {
	const { block, receipts, inRoots, unverified } = read;
	if (unverified === true)
		return { proof: undefined, provable: new Map(), unprovable: ["a hash or a root of its block comes out by no rule known here"] };
	const encoded = block.transactions.slice(0, inRoots).map((tx) => encodeTransaction(chain, tx));
	const transactions = trieOf(encoded);
	const receiptTrie = orderedTrie(receipts.slice(0, inRoots).map(encodeReceipt));
	if (transactions?.root !== block.transactionsRoot.toLowerCase() || receiptTrie.root !== block.receiptsRoot.toLowerCase())
		return { proof: undefined, provable: new Map(), unprovable: ["the block holds a transaction type that Clew cannot encode"] };
	const nodes = new NodeTable();
	const proofs: EvmTransactionProof[] = [];
	for (const [index, tx] of block.transactions.slice(0, inRoots).entries()) {
		const hash = tx.hash.toLowerCase() as Hash;
		if (!cited.has(hash)) continue;
		checkSender(node, chain, tx);
		proofs.push({
			hash,
			index,
			transaction: nodes.add(transactions.prove(index)),
			receipt: nodes.add(receiptTrie.prove(index)),
			before: index === 0 ? [] : nodes.add(receiptTrie.prove(index - 1)),
		});
	}
	const proof: BlockProof = {
		schema: "clew.proof.evm/1",
		chain,
		height: Number(block.number).toString(),
		hash: block.hash.toLowerCase() as Hash,
		header: hexlify(encodedHeader(chain, block).bytes),
		nodes: nodes.list,
		transactions: proofs,
	};
	return { proof, unprovable: [], provable: provableOf(read, decoded, cited) };
}

function trieOf(encoded: readonly (Uint8Array | undefined)[]): OrderedTrie | undefined {
	return encoded.includes(undefined) ? undefined : orderedTrie(encoded as Uint8Array[]);
}

class NodeTable {
	readonly list: string[] = [];
	private readonly places = new Map<string, number>();

	add(path: readonly Uint8Array[]): number[] {
		return path.map((bytes) => {
			const hex = hexlify(bytes);
			const known = this.places.get(hex);
			if (known !== undefined) return known;
			this.places.set(hex, this.list.length);
			return this.list.push(hex) - 1;
		});
	}
}

/** A transaction that nobody signs has its sender in it, and so in its hash. */
function checkSender(node: string, chain: ChainId, tx: RpcTransaction): void {
	const signer = signerOf(chain, tx);
	if (signer === "nobody") return;
	if (signer !== tx.from.toLowerCase())
		throw new NodeError(
			"NODE_LIED",
			node,
			`transaction ${tx.hash} is said to be from ${tx.from}, but ${signer ?? "somebody else"} signed it`,
		);
}

/** Who signed a transaction, lower-case; `nobody` where its form has no signature, undefined where none fits. */
function signerOf(chain: ChainId, tx: RpcTransaction): string | undefined {
	if (isEthereums(tx)) return Transaction.from(hexlify(encodeTransaction(chain, tx) as Uint8Array)).from?.toLowerCase();
	const form = formOf(chain, tx);
	if (form?.signed !== true) return "nobody";
	const [parity, r, s] = signatureOf(tx).map((part) => toBeHex(toBigInt(part as Uint8Array), WORD)) as [string, string, string];
	return recoverAddress(signingHash(form, tx), { r, s, v: 27 + Number(parity) }).toLowerCase();
}

/** Movements whose every part a receipt, a transaction and the header state: logs, the value of a successful transaction, the fee. */
function provableOf(read: CheckedAnswer, decoded: DecodedBlock, cited: ReadonlySet<Hash>): Map<Hash, ProvableTransfer[]> {
	const provable = new Map<Hash, ProvableTransfer[]>();
	for (const tx of decoded.transactions) {
		const index = tx.txIndex ?? -1;
		const [raw, receipt] = [read.block.transactions[index], read.receipts[index]];
		if (!cited.has(tx.hash) || raw === undefined || receipt === undefined) continue;
		if (index >= read.inRoots) {
			provable.set(tx.hash, []);
			continue;
		}
		provable.set(
			tx.hash,
			tx.transfers.flatMap((transfer) => {
				const place = placeOf(transfer, raw, receipt, read.block, tx.transfers);
				return place === undefined ? [] : [{ ...transfer, ...place }];
			}),
		);
	}
	return provable;
}

function placeOf(
	transfer: TransferRecord,
	tx: RpcTransaction,
	receipt: RpcReceipt,
	block: RpcBlock,
	all: readonly TransferRecord[],
): { log?: number } | undefined {
	const { kind } = transfer;
	if (kind === "mint" && isNative(transfer.asset)) return {};
	// Before Byzantium a receipt does not say whether the transaction failed.
	if (kind === "native") return receipt.status == null ? undefined : {};
	if (kind === "fee") return isPlainFee(transfer, tx, receipt, block) ? {} : undefined;
	if (kind !== "token" && kind !== "mint" && kind !== "burn") return undefined;
	const first = Number(receipt.logs[0]?.logIndex ?? "0x0");
	if (!isShown(transfer, receipt, all)) return undefined;
	return { log: (transfer.eventIndex ?? 0) - EVENT_BAND.log - first };
}

/** False for a wrapping that only a call pays, unless the contract is its chain's wrapped coin, which gives none unpaid. */
function isShown(transfer: TransferRecord, { logs }: RpcReceipt, all: readonly TransferRecord[]): boolean {
	const chain = chainOf(transfer.to);
	const log = logs.find(({ logIndex }) => EVENT_BAND.log + Number(logIndex) === transfer.eventIndex);
	const wrapping = log && wrappingOf(log, chain);
	if (wrapping === undefined || transfer.asset === wrappedCoin(chain)?.asset) return true;
	const { minted, contract, amount } = wrapping;
	return all.some((t) => t.kind === "native" && t.amount === amount && (minted ? t.to : t.from) === contract);
}

/** Chains on which gas times price, blobs aside, is all of a fee: of others nobody compared it. */
export const PLAIN_FEES: ReadonlySet<string> = new Set(
	[1, 56, 97, 100, 137, 250, 1337, 17000, 31337, 31338, 43113, 43114, 80002, 560048, 11155111].map((id) => `eip155:${id}`),
);

/** True when gas and price follow from header, transaction and receipts: no blobs, no rollup, which takes more than gas. */
function isPlainFee({ from }: TransferRecord, tx: RpcTransaction, receipt: RpcReceipt, block: RpcBlock): boolean {
	const type = typeOf(tx);
	if (!PLAIN_FEES.has(chainOf(from)) || type === BLOB_TYPE || receipt.l1Fee != null || isRollupBlock(block)) return false;
	return plainPrice(tx, block) === BigInt(receipt.effectiveGasPrice ?? tx.gasPrice ?? "0x0");
}
