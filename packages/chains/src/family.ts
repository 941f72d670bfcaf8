import type {
	AccountHistory,
	AccountId,
	ChainFamily,
	ChainId,
	ChainNode,
	Coverage,
	DecodedBlock,
	GraphStore,
	Hash,
	PartOfBlock,
	ProvenanceTier,
	Source,
	UtxoBlock,
} from "@clew/core";
import type { UtxoImportReport } from "./bitcoin/import-blocks.js";
import type { EndpointKind } from "./endpoint-report.js";
import type { AccountFacts } from "./evm/account-facts.js";
import type { NewHeads } from "./evm/new-heads.js";
import type { RpcOptions } from "./evm/rpc-client.js";
import type { HttpOptions } from "./http/http-client.js";
import type { Format } from "./import/format.js";
import type { KnownExport } from "./import/known-exports.js";

/**
 * Reads a block, or some transactions of one, from the answers that a bundle keeps, and holds them against what such blocks are known by.
 * Throws InputError and NodeError.
 */
export type AnswersReader = (answers: unknown, tier: ProvenanceTier) => DecodedBlock | PartOfBlock | UtxoBlock;

/** The decimals of a token that the case knows, by its contract. */
export type DecimalsOf = (contract: AccountId) => number | undefined;

/** The block of a transaction, with its time in Unix seconds, as other files of an import and the case tell them. */
export type BlockOf = (hash: Hash) => { readonly height: number; readonly time: number | undefined } | undefined;

/** A kind of export that `clew import` takes, whose rows are movements of accounts: its formats, known by their columns. */
export interface RowImport {
	readonly name: string;
	formats(decimalsOf: DecimalsOf, blockOf: BlockOf): readonly Format[];
	/** Finds out the blocks of transactions of these files; absent where every row tells its own. Throws InputError. */
	blocksOf?(store: GraphStore, paths: readonly string[]): Promise<BlockOf>;
}

/** How files of transactions are imported. */
export interface TransactionImportOptions {
	/** Height of the first block of the first file, where no source tells it. */
	readonly firstHeight?: number | undefined;
	readonly signal: AbortSignal;
	/** Told in words how far it is. */
	readonly onProgress: (words: string) => void;
}

/** A kind of files, or URLs, that `clew import` takes, which hold whole transactions or blocks. */
export interface TransactionImport {
	readonly name: string;
	/** The files with columns or keys among these, for the words about a file that another kind does not know. */
	readonly known?: readonly KnownExport[];
	/** Imports all of them into an open transaction of the store. Throws InputError with the place. */
	run(store: GraphStore, paths: readonly string[], options: TransactionImportOptions): Promise<readonly UtxoImportReport[]>;
}

/**
 * A file that a bundle holds, and what the bundle says that it is: the source's detail, empty where it names none, and the chains it was
 * imported onto.
 */
export interface FileAgain {
	readonly path: string;
	readonly source: string;
	readonly detail: string;
	readonly chains: readonly ChainId[];
}

/** How files that a bundle holds are imported again. */
export interface ImportAgainOptions {
	/** What the case of the bundle counted as fetched. */
	readonly coverage: readonly Coverage[];
	readonly decimalsOf: DecimalsOf;
	readonly signal: AbortSignal;
}

/** What reads one family of chains: nodes, files and kept answers. What is pure of it stands in its record in `@clew/core`. */
export interface FamilyReader {
	readonly family: ChainFamily;
	/** The environment variable that names its nodes, by URLs with commas between. */
	readonly nodeVariable: string;
	/** What its endpoints can be: a node first, then what else serves blocks or histories. */
	readonly endpointKinds: readonly EndpointKind[];
	/** A chain through one node, which is asked what it is. Throws NodeError. */
	open(url: string, chain: ChainId, options: RpcOptions): Promise<ChainNode>;
	/**
	 * Finds accounts' blocks by an index at another URL than the node's; absent where outputs name what spends them. Throws InputError for a
	 * URL that is none, and NodeError.
	 */
	history?(url: string, chain: ChainId, options: HttpOptions): Promise<AccountHistory>;
	/** What a node is and can do, in words. Throws NodeError. */
	tryNode(url: string, chain: ChainId, options: RpcOptions): Promise<string>;
	/** Reads a chain's blocks from kept answers with the same checks as from a node. */
	answersReader(chain: ChainId): Promise<AnswersReader>;
	/** The kinds of files that it takes, by the names that a user types: by the row where money lies in accounts, else whole. */
	readonly rowImports: readonly RowImport[];
	readonly transactionImports: readonly TransactionImport[];
	/**
	 * Imports the files of a bundle onto the chain of the store, as they were imported, of whichever kinds they are; files of none are left
	 * alone. Gives those that
	 * were imported as sources, by path. Throws InputError.
	 */
	importAgain(store: GraphStore, files: readonly FileAgain[], options: ImportAgainOptions): Promise<ReadonlyMap<string, Source>>;
	/** Wakes whoever waits for blocks; absent where nodes of it are only asked at intervals. */
	newHeads?(url: string): NewHeads;
	/** What a node says of an account right now; absent where nodes are not asked that. Throws NodeError. */
	accountFacts?(url: string, account: AccountId, owner: AccountId | undefined, options: RpcOptions): Promise<AccountFacts>;
	/**
	 * Transactions of a range of heights (inclusive) in which issuers of freezable tokens acted on accounts, as a node's index has them; absent
	 * where nodes keep none. Throws NodeError.
	 */
	issuerActs?(
		url: string,
		chain: ChainId,
		range: readonly [number, number],
		options: RpcOptions,
	): Promise<ReadonlyMap<number, ReadonlySet<Hash>>>;
}
