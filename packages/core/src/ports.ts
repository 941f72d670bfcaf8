import type { BalanceProof, BlockEvidence, RawHeader } from "./block-proof.js";
import type { AssetInfo, Coverage, CustodyEntry, CustodyStatement, Detection, Label, Source } from "./claims.js";
import type { ChainEvent, EventSource } from "./event.js";
import type { HistoryCheck } from "./history-check.js";
import type { AccountId, AssetId, ChainId, Hash } from "./ids.js";
import type { SourcedTransaction } from "./merge.js";
import type { NftContract } from "./nft.js";
import type { Position } from "./position.js";
import type { BlockHeader, CoveredKind, DecodedBlock, ProvenanceTier, TransactionRecord, Transfer } from "./transfer.js";
import type { ClusterCut, Outpoint, OutputFacts, TransactionPlace, UtxoBlock, UtxoRecord, UtxoSource } from "./utxo.js";
import type { Denial } from "./whole-block.js";

/** What a trace needs to know of an account besides its ledger. */
export interface AccountProfile {
	readonly labels: readonly Label[];
	/** What heuristics saw in it, as the case keeps it; absent when nothing. */
	readonly detections?: readonly Detection[];
	readonly isContract: boolean;
	/**
	 * What was fetched of this account, its own entries and those for every account of the chain, as far as the sources of the case bear
	 * it out.
	 */
	readonly coverage: readonly Coverage[];
	/** Number of transfers that touch the account, counted up to the cap asked for. */
	readonly transfers: number;
}

/** A balance derived from the account's earlier transfers in the case. */
export interface DerivedBalance {
	readonly asset: AssetId;
	readonly amount: bigint;
	/** Sum of outflows that the known inflows could not cover: the case misses that much. */
	readonly shortfall: bigint;
}

/** What the tracer reads. Every list is in position order. */
export interface LedgerSource extends EventSource {
	/** Transfers that touch the account at or after `from`, at most `limit`; fewer than `limit` means the end. */
	ledger(account: AccountId, from: Position, limit: number): Promise<readonly Transfer[]>;
	/** All transfers of a chain at or after `from`, at most `limit`; fewer than `limit` means the end. */
	scan(chain: ChainId, from: Position, limit: number): Promise<readonly Transfer[]>;
	/** How many transfers a {@link LedgerSource.scan} of a whole chain would read. */
	size(chain: ChainId): Promise<number>;
	/**
	 * Balances of the account right before a position, by replaying its earlier transfers from a stored opening balance, else from 0; an
	 * outflow beyond the balance leaves 0.
	 */
	balancesBefore(account: AccountId, before: Position): Promise<readonly DerivedBalance[]>;
	/** All transfers of a transaction; empty when the case does not hold it. */
	transaction(chain: ChainId, hash: Hash): Promise<readonly Transfer[]>;
	/** Event indices of a transaction's transfers that no source told, in order: the case derived them from what it holds (`placeBlock`). */
	derivedEvents(chain: ChainId, hash: Hash): Promise<readonly number[]>;
	transferAt(chain: ChainId, position: Position): Promise<Transfer | undefined>;
	profile(account: AccountId, countCap: number): Promise<AccountProfile>;
	/** Opening balance read from an archive node at the end of `height`, when the case holds one. */
	openingBalance(account: AccountId, asset: AssetId, height: number): Promise<bigint | undefined>;
	header(chain: ChainId, height: number): Promise<BlockHeader | undefined>;
	asset(asset: AssetId): Promise<AssetInfo | undefined>;
	/** What sources left untold: of blocks, and, with their account, of transactions. */
	blockGaps(chain: ChainId): Promise<readonly BlockGap[]>;
	/** Outgoing (or incoming) transfers of an account as pages. */
	transfersOf(account: AccountId, query: TransferQuery): Promise<TransferPage>;
}

export type Direction = "in" | "out" | "both";

/** A page of transfers in position order. `next` continues; undefined means the end. */
export interface TransferPage {
	readonly transfers: readonly Transfer[];
	readonly next: Position | undefined;
}

/** Which transfers of an account to list; heights inclusive, `cursor` is a page's `next`. */
export interface TransferQuery {
	readonly direction?: Direction;
	readonly asset?: AssetId;
	readonly fromHeight?: number;
	readonly toHeight?: number;
	readonly cursor?: Position;
	readonly limit?: number;
}

/** What identifies a case. */
export interface CaseInfo {
	readonly id: string;
	readonly title: string;
	readonly chain: ChainId;
	readonly createdAt: string;
}

/** How many rows a case holds. */
export interface CaseCounts {
	readonly blocks: number;
	readonly transactions: number;
	readonly transfers: number;
	/** Outputs of Bitcoin transactions. */
	readonly outputs: number;
	readonly accounts: number;
	readonly labels: number;
	readonly traces: number;
}

/** A small document that a part of Clew keeps in a case, such as a watch or an alert. */
export interface StoredRecord {
	readonly id: string;
	readonly json: string;
}

/** All that a case holds at one height of an account chain, as its sources told it: without an index where none was told. */
export interface StoredHeight {
	readonly height: number;
	/** Undefined where not even the time is known. */
	readonly header: BlockHeader | undefined;
	readonly gaps: readonly string[];
	readonly transactions: readonly SourcedTransaction[];
	readonly events: readonly ChainEvent[];
}

/** An opening balance as it was read. */
export interface OpeningBalance {
	readonly account: AccountId;
	readonly asset: AssetId;
	readonly height: number;
	readonly amount: bigint;
	readonly source: string;
}

/** Facts that no other method lists whole: what a copy of a case needs besides. */
export interface StoreContents {
	/** Every account that the case names, in no order that matters. */
	readonly accounts: readonly AccountId[];
	readonly contracts: readonly AccountId[];
	readonly labels: readonly Label[];
	readonly openings: readonly OpeningBalance[];
	readonly recordKinds: readonly string[];
}

/** What an import changed: transfers, on Bitcoin transactions. */
export interface MergeResult {
	readonly added: number;
	/** What the case held already. */
	readonly known: number;
	/** Words of files that whole blocks do not bear out, and that were taken out for it; absent where there are none. */
	readonly denied?: readonly Denial[];
}

/** What an import of labels left in a case: how many of its labels are held, equal ones once, and how many earlier ones they replaced. */
export interface LabelsPut {
	readonly held: number;
	readonly replaced: number;
}

/**
 * The one port to stored data. Every method that writes is atomic and idempotent; {@link GraphStore.atomically} makes
 * several of them one. All implementations pass the contract suite of `@clew/core/testing` and answer byte-identically.
 */
export interface GraphStore extends LedgerSource, UtxoSource {
	readonly info: CaseInfo;
	/** Height and index of a transaction, also of one that moved nothing; undefined when the case does not hold it. */
	placeOf(chain: ChainId, hash: Hash): Promise<TransactionPlace | undefined>;
	/**
	 * Runs `work` in one transaction: all of its writes, or none when it throws. `tx` is the case inside it, which sees what it wrote; until
	 * its end the store itself is not to be asked (USAGE). Not nested.
	 */
	atomically<T>(work: (tx: GraphStore) => Promise<T>): Promise<T>;
	/**
	 * Stores decoded blocks in ascending order. A block that is already stored with the same hash is replaced. What files told of their
	 * transactions and the blocks tell otherwise is taken out and named in the result. Throws ForkError (CONFLICT) when a parent or hash does
	 * not match that of a block which a node told, or a transaction stands in another such block.
	 */
	putBlocks(chain: ChainId, blocks: readonly DecodedBlock[], source: Source): Promise<MergeResult>;
	/** Merges transactions from a file with what the case holds; see `mergeTransactions`. */
	putTransactions(
		chain: ChainId,
		transactions: readonly TransactionRecord[],
		times: ReadonlyMap<number, number>,
		source: Source,
		provenance: ProvenanceTier,
	): Promise<MergeResult>;
	/**
	 * Stores whole Bitcoin blocks in ascending order and connects inputs with the outputs they spend. A block that is stored already is left
	 * alone. Throws ClewError (CONFLICT) when a parent does not match, and InputError for a double spend or more money out than in.
	 */
	putUtxoBlocks(chain: ChainId, blocks: readonly UtxoBlock[], source: Source, provenance: ProvenanceTier): Promise<MergeResult>;
	/** Stores Bitcoin transactions whose blocks are not known whole; they stand in causal order, then by id. */
	putUtxoTransactions(
		chain: ChainId,
		transactions: readonly UtxoRecord[],
		times: ReadonlyMap<number, number>,
		source: Source,
		provenance: ProvenanceTier,
	): Promise<MergeResult>;
	/** Which of these outputs the case does not hold. */
	unknownOutpoints(chain: ChainId, outpoints: readonly Outpoint[]): Promise<readonly Outpoint[]>;
	/**
	 * Takes a transaction or an address out of the clustering; the same subject and heuristic again replaces the note. Survives a rollback.
	 */
	putClusterCut(cut: ClusterCut): Promise<void>;
	/** Returns false when there was no such cut. */
	removeClusterCut(subject: string, heuristic: string): Promise<boolean>;
	/** Removes every block at or above a height, with its transfers and coverage. */
	rollback(chain: ChainId, height: number): Promise<void>;
	/** The highest block stored with a hash. */
	head(chain: ChainId): Promise<BlockHeader | undefined>;
	/** The stored block with this hash. Reads all headers when it is not the highest: not for loops. */
	headerOf(chain: ChainId, hash: Hash): Promise<BlockHeader | undefined>;
	/** Of each of these heights the nearest blocks below and above it whose time the case knows, as far as there are any. */
	headersBeside(chain: ChainId, heights: readonly number[]): Promise<readonly (readonly BlockHeader[])[]>;
	putSource(source: Source): Promise<void>;
	sources(): Promise<readonly Source[]>;
	/**
	 * One import of labels. All that it tells is kept; what an earlier one told of the same claim (source, entity, name, category about an
	 * account) goes where their times overlap.
	 */
	putLabels(labels: readonly Label[]): Promise<LabelsPut>;
	labelsOf(account: AccountId): Promise<readonly Label[]>;
	putAssets(assets: readonly AssetInfo[]): Promise<void>;
	/** Every asset that the case can describe, in id order. */
	assets(): Promise<readonly AssetInfo[]>;
	putContracts(accounts: readonly AccountId[]): Promise<void>;
	putCoverage(coverage: readonly Coverage[]): Promise<void>;
	/** Adds what sources show of the histories of accounts, each once, to what the case knows; see {@link joinChecks}. */
	putHistoryChecks(checks: readonly HistoryCheck[]): Promise<void>;
	historyCheck(account: AccountId): Promise<HistoryCheck | undefined>;
	/** What was fetched, as far as the sources of the case bear it out. */
	coverage(chain: ChainId): Promise<readonly Coverage[]>;
	putOpeningBalance(account: AccountId, asset: AssetId, height: number, amount: bigint, source: Source): Promise<void>;
	/**
	 * Stores a result under its id, as the last; one that is stored already is replaced, and becomes the last again. In parts, at least one,
	 * as {@link traceParts} makes them.
	 */
	putTrace(id: string, parts: Iterable<string>): Promise<void>;
	/** The parts of a stored result, in their order. */
	trace(id: string): Promise<readonly string[] | undefined>;
	/** In the order in which they were stored last. */
	traceIds(): Promise<readonly string[]>;
	/** Writes the next entry of the custody log, with what is stated and nothing else. */
	appendCustody(at: string, action: string, detail: string, stated?: CustodyStatement): Promise<CustodyEntry>;
	custody(): Promise<readonly CustodyEntry[]>;
	/** Stores a document, or replaces the one with this kind and id. Ids are ASCII. */
	putRecord(kind: string, id: string, json: string): Promise<void>;
	record(kind: string, id: string): Promise<string | undefined>;
	/** Documents of a kind with ids after `after`, in id order, at most `limit`. */
	records(kind: string, after: string, limit: number): Promise<readonly StoredRecord[]>;
	/** Returns false when there was no such document. */
	removeRecord(kind: string, id: string): Promise<boolean>;
	/** The chains that something in the case is on, in the order in which they came to it. */
	chains(): Promise<readonly ChainId[]>;
	counts(): Promise<CaseCounts>;
	/** Heights at or above `from` at which an account chain has a header or transfers, ascending, at most `limit`. */
	heights(chain: ChainId, from: number, limit: number): Promise<readonly StoredHeight[]>;
	/** Writes heights as another case held them; what stood there before is replaced. For copies: sources must be there already. */
	putHeights(chain: ChainId, heights: readonly StoredHeight[]): Promise<void>;
	contents(): Promise<StoreContents>;
	/** Notes accounts that no transfer, label or fact of this case names. */
	putAccounts(accounts: readonly AccountId[]): Promise<void>;
	close(): Promise<void>;
}

/** A range of heights with the same gap: of a block, or of one account's movements in the transactions there. */
export interface BlockGap {
	readonly fromHeight: number;
	readonly toHeight: number;
	readonly gap: string;
	readonly account?: AccountId;
}

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
	/** The block with inclusion proofs of the cited transactions and the answers it was read from. Throws NodeError. */
	evidence(height: number, cited: ReadonlySet<Hash>, signal?: AbortSignal): Promise<BlockEvidence<B>>;
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
}

/** Finds where an account's history lies. What it says is an index's word; the blocks themselves are fetched and checked. */
export interface AccountHistory {
	/** How it is found, for messages and notes. */
	readonly method: string;
	/** One window or page of heights in [from, to], from `from` on. Throws NodeError. */
	activity(account: AccountId, from: number, to: number): Promise<AccountActivity>;
}

/** An account chain through one node. */
export interface ChainSource extends BlockSource<DecodedBlock> {
	readonly ledger: "accounts";
	/** Calls made so far. */
	requests(): number;
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
	/** Whether an account has code at a height. */
	hasCode(account: AccountId, height: number): Promise<boolean>;
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
	/** What the named outputs hold, as far as the node tells; `spentIn` is the block that spends them. By `txid:n`. */
	previousOutputs(spentIn: BlockHeader, outpoints: readonly Outpoint[]): Promise<ReadonlyMap<string, OutputFacts>>;
}

/** A chain through one node: blocks of accounts, or blocks of outputs. */
export type ChainNode = ChainSource | UtxoChainSource;

export type { CoveredKind };
