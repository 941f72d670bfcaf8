import type { Source } from "../claims.js";
import type { ChainEvent } from "../event.js";
import type { ChainId, Hash } from "../ids.js";
import type { SourcedTransaction } from "../merge.js";
import type { BlockHeader, DecodedBlock, ProvenanceTier, TransactionRecord } from "../transfer.js";
import type { Outpoint, TransactionPlace, UtxoBlock, UtxoRecord } from "../utxo.js";
import type { Denial } from "../whole-block.js";

/** All that a case holds at one height of an account chain, as its sources told it: without an index where none was told. */
export interface StoredHeight {
	readonly height: number;
	/** Undefined where not even the time is known. */
	readonly header: BlockHeader | undefined;
	readonly gaps: readonly string[];
	readonly transactions: readonly SourcedTransaction[];
	readonly events: readonly ChainEvent[];
}

/** What an import changed: transfers, on Bitcoin transactions. */
export interface MergeResult {
	readonly added: number;
	/** What the case held already. */
	readonly known: number;
	/** What was told and not stored, and what was stored and taken out, since one source says that its transaction failed; absent for none. */
	readonly failed?: { readonly left: number; readonly taken: number };
	/** Words of files that whole blocks do not bear out, and that were taken out for it; absent where there are none. */
	readonly denied?: readonly Denial[];
}

/**
 * Blocks and transactions as sources told them: written, taken back, and read by height. Writes are atomic and idempotent.
 */
export interface BlockStore {
	/** Height and index of a transaction, also of one that moved nothing; undefined when the case does not hold it. */
	placeOf(chain: ChainId, hash: Hash): Promise<TransactionPlace | undefined>;
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
	/** Removes every block at or above a height, with its transfers and coverage. */
	rollback(chain: ChainId, height: number): Promise<void>;
	/** The highest block stored with a hash. */
	head(chain: ChainId): Promise<BlockHeader | undefined>;
	/** The stored block with this hash. Reads all headers when it is not the highest: not for loops. */
	headerOf(chain: ChainId, hash: Hash): Promise<BlockHeader | undefined>;
	/** Of each of these heights the nearest blocks below and above it whose time the case knows, as far as there are any. */
	headersBeside(chain: ChainId, heights: readonly number[]): Promise<readonly (readonly BlockHeader[])[]>;
	/** Heights at or above `from` at which an account chain has a header or transfers, ascending, at most `limit`. */
	heights(chain: ChainId, from: number, limit: number): Promise<readonly StoredHeight[]>;
	/** Writes heights as another case held them; what stood there before is replaced. For copies: sources must be there already. */
	putHeights(chain: ChainId, heights: readonly StoredHeight[]): Promise<void>;
	/** The chains that something in the case is on, in the order in which they came to it. */
	chains(): Promise<readonly ChainId[]>;
}
