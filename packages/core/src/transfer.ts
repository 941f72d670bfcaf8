import type { ChainEvent } from "./event.js";
import { type AccountId, type AssetId, type ChainId, type Hash, isNative } from "./ids.js";
import type { Position } from "./position.js";
import type { Outpoint } from "./utxo.js";

/**
 * What kind of movement a transfer is. `fee` goes to, `mint`, `reward`, `withdrawal` and `genesis` come from, the null account; `fork` is
 * what a hard fork moved by decree; the coin itself is minted by deposits into a rollup. On Bitcoin, where transfers are derived from
 * transactions, `spend` is an input (from its address to the transaction), `output` the way from there to an address, and `collected-fee` a
 * fee followed into the coinbase.
 */
export type TransferKind =
	| "native"
	| "internal"
	| "token"
	| "fee"
	| "reward"
	| "withdrawal"
	| "genesis"
	| "fork"
	| "mint"
	| "burn"
	| "spend"
	| "output"
	| "collected-fee";

/** Kinds of data that a source can cover for an account or a range. `native` includes fees. */
export const COVERED_KINDS = ["native", "internal", "token"] as const;
export type CoveredKind = (typeof COVERED_KINDS)[number];

/**
 * Which covered kind a transfer belongs to: what must have been fetched for it to be seen. The coin itself can be minted too, by a rollup's
 * deposit.
 */
export function coveredKind({ kind, asset }: Pick<TransferRecord, "kind" | "asset">): CoveredKind {
	if (kind === "internal") return "internal";
	if (isNative(asset)) return "native";
	return kind === "token" || kind === "mint" || kind === "burn" ? "token" : "native";
}

/**
 * How a transfer is known, strongest first. `node-unverified` is the word of a node for a block whose hashes do not come out by any rule
 * that is known here, and for what a receipt says that came without the others of its block.
 */
export const PROVENANCE_TIERS = ["proven", "quorum", "node", "node-unverified", "imported"] as const;
export type ProvenanceTier = (typeof PROVENANCE_TIERS)[number];

/** One movement of one asset. `amount` is in the asset's base units. */
export interface Transfer {
	readonly chain: ChainId;
	readonly position: Position;
	readonly txHash: Hash;
	readonly from: AccountId;
	readonly to: AccountId;
	readonly asset: AssetId;
	readonly amount: bigint;
	readonly kind: TransferKind;
	readonly provenance: ProvenanceTier;
	/** Id of the source in the case's source list. */
	readonly source: string;
	/** Bitcoin: the output that a `spend` spends or an `output` makes. */
	readonly outpoint?: Outpoint;
}

/** A movement inside a transaction as a source tells of it. Without `eventIndex` the place inside the transaction is unknown. */
export interface TransferRecord {
	readonly kind: TransferKind;
	readonly from: AccountId;
	readonly to: AccountId;
	readonly asset: AssetId;
	readonly amount: bigint;
	readonly eventIndex?: number;
	/** Where sources say that a call stands among those of its transaction, as `callPath` writes it; several ones with blanks between. */
	readonly callPath?: string;
}

/** Whether a transaction succeeded. A failed one moved nothing but its fee. */
export type TransactionStatus = "succeeded" | "failed";

/** A transaction as a source tells of it. Without `txIndex` its place in the block is unknown. */
export interface TransactionRecord {
	readonly hash: Hash;
	readonly height: number;
	readonly txIndex?: number;
	/** Absent: unknown. What any source says failed, failed. */
	readonly status?: TransactionStatus;
	/**
	 * True where a source that lists the transaction itself could not tell its status; another source's word closes that gap. Beside a
	 * status: a node could not, a file did.
	 */
	readonly statusMissing?: true;
	readonly transfers: readonly TransferRecord[];
}

/** A block header as far as tracing needs it; `time` is Unix seconds. */
export interface BlockHeader {
	readonly height: number;
	readonly hash?: Hash;
	readonly parent?: Hash;
	readonly time: number;
}

/** What an account did in a block of which its source does not tell what it paid, in words. */
export interface UnreadWork {
	readonly account: AccountId;
	readonly what: string;
}

/** All that a block leaves untold, in words, for people. */
export function untoldOf({ gaps, unread = [] }: Pick<DecodedBlock, "gaps" | "unread">): readonly string[] {
	return [...gaps, ...unread.map(({ what }) => what)];
}

/** A block decoded to transfers. `kinds` says which kinds are complete in it. */
export interface DecodedBlock {
	readonly header: BlockHeader;
	readonly transactions: readonly TransactionRecord[];
	readonly kinds: readonly CoveredKind[];
	/** Accounts with code, which pay by calls: contracts, and those whose keys may have let one act for them (EIP-7702). */
	readonly contracts: readonly AccountId[];
	/** Events of known protocols, in order; absent when there are none. */
	readonly events?: readonly ChainEvent[];
	readonly gaps: readonly string[];
	/** What accounts may have paid in it that nobody can read; absent where nothing is known to be. */
	readonly unread?: readonly UnreadWork[];
	/** Transactions whose receipts and block hash were recomputed count as `node`; nothing here is `proven` yet. */
	readonly provenance: ProvenanceTier;
}

/**
 * Some transactions of a block, each as its own receipt tells it: the block's hash came out, and what came of its transactions is a node's
 * word (`node-unverified`). Other fields as in {@link DecodedBlock}, of these transactions alone.
 */
export interface PartOfBlock extends Pick<DecodedBlock, "transactions" | "kinds" | "contracts" | "gaps"> {
	/** The block that they stand in. */
	readonly of: BlockHeader;
	readonly events: readonly ChainEvent[];
}
