import type { AccountId, AssetId, ChainId, Hash } from "./ids.js";
import type { TransferKind } from "./transfer.js";

/** Paths into one list of trie nodes, since transactions of a block share most of them: root first, as `eth_getProof` orders them. */
export interface EvmTransactionProof {
	readonly hash: Hash;
	/** Place in the block: the key of both tries. */
	readonly index: number;
	readonly transaction: readonly number[];
	readonly receipt: readonly number[];
	/** The receipt before, whose cumulative gas is where this one's begins; empty for the first. */
	readonly before: readonly number[];
}

/** Proves transactions and receipts of one EVM block: header and nodes are RLP, hex with 0x. */
export interface EvmBlockProof {
	readonly schema: "clew.proof.evm/1";
	readonly chain: ChainId;
	readonly height: string;
	readonly hash: Hash;
	readonly header: string;
	readonly nodes: readonly string[];
	readonly transactions: readonly EvmTransactionProof[];
}

/** A transaction without witnesses, hex, and its siblings from the leaf up, each as hashes are written. */
export interface BitcoinTransactionProof {
	readonly txid: Hash;
	readonly index: number;
	readonly raw: string;
	readonly branch: readonly Hash[];
}

/**
 * Proves transactions of one Bitcoin block. The coinbase's branch shows how deep the tree is, so that no inner node can pass for a
 * transaction.
 */
export interface BitcoinBlockProof {
	readonly schema: "clew.proof.bitcoin/1";
	readonly chain: ChainId;
	readonly height: string;
	readonly hash: Hash;
	/** 80 bytes, hex. */
	readonly header: string;
	readonly coinbase: BitcoinTransactionProof;
	readonly transactions: readonly BitcoinTransactionProof[];
}

/** A whole transaction, results included, hex, and its siblings from the leaf up; a level on which it is carried up has none. */
export interface TronTransactionProof {
	readonly hash: Hash;
	readonly index: number;
	readonly raw: string;
	readonly branch: readonly string[];
}

/** Proves transactions of one block of Tron: their results stand below the root, too; logs, calls inside and fees do not. */
export interface TronBlockProof {
	readonly schema: "clew.proof.tron/1";
	readonly chain: ChainId;
	readonly height: string;
	readonly hash: Hash;
	/** The raw data of the header, hex. */
	readonly header: string;
	/** How many transactions the block has: with it an index says on which levels a leaf is carried up. */
	readonly count: number;
	readonly transactions: readonly TronTransactionProof[];
}

export type BlockProof = EvmBlockProof | BitcoinBlockProof | TronBlockProof;

/** A movement that the block's proof shows to anybody who recomputes it. `log` is the place among the receipt's logs. */
export interface ProvableTransfer {
	readonly kind: TransferKind;
	readonly from: AccountId;
	readonly to: AccountId;
	readonly asset: AssetId;
	readonly amount: bigint;
	readonly log?: number;
	/** Its event index, where the proof shows that of itself. */
	readonly event?: number;
}

/** A header as bytes, hex as a proof holds them, with the hash that was recomputed from them. */
export interface RawHeader {
	readonly hash: Hash;
	readonly header: string;
}

/** A block with what proves it, and with the node's answers so that it can be read again. */
export interface BlockEvidence<B> {
	readonly block: B;
	/** Undefined when the block's roots cannot be rebuilt: `unprovable` says why. */
	readonly proof: BlockProof | undefined;
	readonly unprovable: readonly string[];
	/** Provable movements of the cited transactions of an account chain. On Bitcoin every row of a proven transaction is provable. */
	readonly provable: ReadonlyMap<Hash, readonly ProvableTransfer[]>;
	/** Canonical JSON. */
	readonly answers: string;
}

/**
 * What an account of an EVM chain holds of the native coin at the end of a block: header and trie nodes are RLP, hex with 0x, root first.
 */
export interface BalanceProof {
	readonly schema: "clew.proof.balance/1";
	readonly chain: ChainId;
	readonly height: string;
	readonly hash: Hash;
	readonly header: string;
	readonly account: AccountId;
	/** Base units. */
	readonly balance: string;
	readonly nodes: readonly string[];
}
