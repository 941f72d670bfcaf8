import type { Label } from "../claims.js";
import type { AccountId, ChainId } from "../ids.js";
import type { BlockStore } from "./block-store.js";
import type { FactStore, OpeningBalance } from "./fact-store.js";
import type { LedgerReader } from "./ledger-reader.js";
import type { OutputReader } from "./output-reader.js";
import type { RecordStore } from "./record-store.js";

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

/** Facts that no other method lists whole: what a copy of a case needs besides. */
export interface StoreContents {
	/** Every account that the case names, in no order that matters. */
	readonly accounts: readonly AccountId[];
	readonly contracts: readonly AccountId[];
	readonly labels: readonly Label[];
	readonly openings: readonly OpeningBalance[];
	readonly recordKinds: readonly string[];
}

/**
 * The one port to stored data. Every method that writes is atomic and idempotent; {@link GraphStore.atomically} makes
 * several of them one. All implementations pass the contract suite of `@clew/core/testing` and answer byte-identically.
 */
export interface GraphStore extends LedgerReader, OutputReader, BlockStore, FactStore, RecordStore {
	readonly info: CaseInfo;
	/**
	 * Runs `work` in one transaction: all of its writes, or none when it throws. `tx` is the case inside it, which sees what it wrote; until
	 * its end the store itself is not to be asked (USAGE). Not nested.
	 */
	atomically<T>(work: (tx: GraphStore) => Promise<T>): Promise<T>;
	counts(): Promise<CaseCounts>;
	contents(): Promise<StoreContents>;
	close(): Promise<void>;
}
