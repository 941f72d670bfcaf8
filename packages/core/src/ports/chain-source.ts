import type { BalanceProof, BlockEvidence, RawHeader } from "../block-proof.js";
import type { AssetInfo } from "../claims.js";
import type { AccountId, AssetId, ChainId, Hash } from "../ids.js";
import type { NftContract } from "../nft.js";
import type { BlockHeader, CoveredKind, DecodedBlock, PartOfBlock, ProvenanceTier } from "../transfer.js";
import type { Outpoint, OutputFacts, UtxoBlock, UtxoRecord } from "../utxo.js";

/** What a node says of itself. */
export interface NodeIdentity {
	readonly client: string;
}

/** What an EVM node can do, found by asking it. */
export interface Capabilities extends NodeIdentity {
	readonly blockReceipts: boolean;
	readonly traces: "trace_block" | "debug_traceBlockByNumber" | "none";
}

/** A chain as seen through one node, block by block. Heights are inclusive. Throws NodeError. */
export interface BlockSource<B extends { readonly header: BlockHeader }> {
	readonly chain: ChainId;
	/** Name for messages and provenance; carries no secret. */
	readonly name: string;
	capabilities(): Promise<NodeIdentity>;
	head(): Promise<BlockHeader>;
	block(height: number, signal?: AbortSignal): Promise<B>;
	/** A header alone; its hash is recomputed. Throws NodeError. */
	rawHeader(height: number): Promise<RawHeader>;
	/**
	 * The block with inclusion proofs of the cited transactions and the answers it was read from; with `only` these are cut to what
	 * {@link ChainSource.partOf} reads of those transactions. Throws NodeError.
	 */
	evidence(height: number, cited: ReadonlySet<Hash>, signal?: AbortSignal, only?: ReadonlySet<Hash>): Promise<BlockEvidence<B>>;
	/** Where several endpoints stand behind this source: who told a block. */
	teller?(block: B): Pick<BlockSource<B>, "name" | "capabilities">;
	/** Where blocks are known better than by one node's word. */
	readonly provenance?: ProvenanceTier;
	close(): void;
}

/** Blocks in which an account takes part, up to `through`; `kinds` says which movements would have been found. */
export interface AccountActivity {
	/** Ascending. */
	readonly heights: readonly number[];
	readonly through: number;
	readonly kinds: readonly CoveredKind[];
	/** By height what a node's states say of the account, where whoever told the account's blocks may not tell calls; absent for none. */
	readonly changes?: ReadonlyMap<number, CoinChange>;
	/**
	 * By height which transactions bring the account in there, besides those that it signed or that are sent to it. Absent, as a whole or of
	 * a height, where they are not named: the whole block tells them then.
	 */
	readonly cited?: ReadonlyMap<number, readonly Hash[]>;
	/** Numbers of the transactions that an index lists as signed by the account, counted from 0; absent where it tells none. */
	readonly signed?: readonly number[];
}

/**
 * How an account without code changed in one block: by so many coins, in base units, and by so many transactions that it signed. It pays
 * by these alone. Where they bring the same, no call paid it.
 */
export interface CoinChange {
	readonly coins: bigint;
	readonly signed: number;
}

/** A payment of coins by a call inside a transaction, as an index tells it. In base units. */
export interface ToldCall {
	readonly from: AccountId;
	/** Undefined where a contract was made and its address is not told. */
	readonly to: AccountId | undefined;
	readonly amount: bigint;
}

/** Finds where an account's history lies. What it says is an index's word; the blocks themselves are fetched and checked. */
export interface AccountHistory {
	/** How it is found, for messages and notes. */
	readonly method: string;
	/** What it costs and what it cannot find, in words, before it is asked; absent where that needs no word. */
	readonly terms?: string;
	/** What it cost so far and what that found or lacked, in words; undefined where the count of requests says it. */
	spent?(): string | undefined;
	/** The newest block that an index has read, so that nothing is known of later ones; undefined where it does not say. Throws NodeError. */
	newest?(): Promise<number | undefined>;
	/** Requests sent so far to an index of its own; absent where it asks the node, which counts them. */
	requests?(): number;
	/** One window or page of heights in [from, to], from `from` on. Throws NodeError. */
	activity(account: AccountId, from: number, to: number): Promise<AccountActivity>;
	/** Payments by calls inside a transaction, by the index's word alone; absent where it cannot be asked. Throws NodeError. */
	callsOf?(hash: Hash): Promise<readonly ToldCall[]>;
}

/**
 * What acts for an account: its key alone, code of its own, or a contract that its key let act for it (EIP-7702). The last is a person's
 * account all the same.
 */
export type AccountCode = { readonly kind: "none" | "contract" } | { readonly kind: "delegated"; readonly to: AccountId };

/** Which transactions of a block are wanted: those named, and those that an account signed or that are sent to it. */
export interface Wanted {
	readonly hashes: readonly Hash[];
	readonly account?: AccountId;
}

/** An account chain through one node. */
export interface ChainSource extends BlockSource<DecodedBlock> {
	readonly ledger: "accounts";
	/** Calls made so far. */
	requests(): number;
	/**
	 * Some transactions of a block, where a whole one would cost a request for each of its receipts. Undefined where the block is to be
	 * fetched whole: it costs as little, is not final yet, or tells by its whole alone what is wanted. Absent where that always holds.
	 */
	partOf?(height: number, wanted: Wanted, signal?: AbortSignal): Promise<PartOfBlock | undefined>;
	/** The block that holds a transaction. Throws NodeError (NODE_BAD_ANSWER) when the node knows none. */
	heightOf(hash: Hash): Promise<number>;
	/** The best way that the node offers to find an account's blocks. */
	history(): Promise<AccountHistory>;
	capabilities(): Promise<Capabilities>;
	/** Decimals and symbol of tokens, asked once each; a contract that does not answer is left out. */
	assets(assets: readonly AssetId[]): Promise<readonly AssetInfo[]>;
	/**
	 * Which of these contracts show that their numbers are ids of NFTs; absent where nobody can be asked, and a contract that nobody can tell
	 * of is left out.
	 */
	nfts?(assets: readonly AssetId[]): Promise<readonly NftContract[]>;
	balance(account: AccountId, asset: AssetId, height: number): Promise<bigint>;
	/**
	 * What a contract answers at the end of a height to a question about an account, by a signature of Solidity of one address and a bool;
	 * undefined where it answers nothing of that form, as where it has no such function. Throws NodeError, NODE_UNSUPPORTED for a height whose
	 * state the node does not tell.
	 */
	says(contract: AccountId, question: string, about: AccountId, height: number): Promise<boolean | undefined>;
	/** How many transactions an account signed up to the end of a height; absent where nodes do not count them. Throws NodeError. */
	transactionCount?(account: AccountId, height: number): Promise<number>;
	/** What acts for an account at the end of a height. Throws NodeError. */
	codeOf(account: AccountId, height: number): Promise<AccountCode>;
	/** The native balance at a height with its proof to the header (EIP-1186). Throws NodeError. */
	balanceProof(account: AccountId, height: number): Promise<BalanceProof>;
}

/** A chain of outputs through one node. */
export interface UtxoChainSource extends BlockSource<UtxoBlock> {
	readonly ledger: "outputs";
	/** Calls made so far. */
	requests(): number;
	/** A transaction with what it spends, and the time of its block; undefined while it is in none. Throws NodeError. */
	transaction(txid: Hash): Promise<{ readonly record: UtxoRecord; readonly time: number } | undefined>;
	/** Which transaction spends an output of an account; undefined when none does. Throws NodeError (NODE_UNSUPPORTED). */
	spenderOf(outpoint: Outpoint, account: AccountId): Promise<Hash | undefined>;
	/**
	 * Confirmed transactions of an address in the order of the chain, by an index, up to the newest block that it had read. Throws NodeError
	 * (NODE_UNSUPPORTED) where there is none.
	 */
	addressHistory(account: AccountId): Promise<{
		readonly transactions: readonly { readonly txid: Hash; readonly height: number }[];
		readonly through: number;
	}>;
	/** What the named outputs hold, as far as the node tells; `spentIn` is the block that spends them. By `txid:n`. */
	previousOutputs(spentIn: BlockHeader, outpoints: readonly Outpoint[]): Promise<ReadonlyMap<string, OutputFacts>>;
}

/** A chain through one node: blocks of accounts, or blocks of outputs. */
export type ChainNode = ChainSource | UtxoChainSource;
