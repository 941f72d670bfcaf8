import type { AssetInfo, Coverage, Label, Source } from "../claims.js";
import type { HistoryCheck } from "../history-check.js";
import type { AccountId, AssetId, ChainId } from "../ids.js";
import type { ClusterCut, Outpoint } from "../utxo.js";

/** An opening balance as it was read. */
export interface OpeningBalance {
	readonly account: AccountId;
	readonly asset: AssetId;
	readonly height: number;
	readonly amount: bigint;
	readonly source: string;
}

/** What an import of labels left in a case: how many of its labels are held, equal ones once, and how many earlier ones they replaced. */
export interface LabelsPut {
	readonly held: number;
	readonly replaced: number;
}

/** What is known of accounts, assets and sources besides their transactions. Writes are atomic and idempotent. */
export interface FactStore {
	putSource(source: Source): Promise<void>;
	sources(): Promise<readonly Source[]>;
	/**
	 * One import of labels. All that it tells is kept; what an earlier one told of the same claim (source, entity, name, category about an
	 * account) goes where their times overlap.
	 */
	putLabels(labels: readonly Label[]): Promise<LabelsPut>;
	labelsOf(account: AccountId): Promise<readonly Label[]>;
	/**
	 * Takes a transaction or an address out of the clustering; the same subject and heuristic again replaces the note. Survives a rollback.
	 */
	putClusterCut(cut: ClusterCut): Promise<void>;
	/** Returns false when there was no such cut. */
	removeClusterCut(subject: string, heuristic: string): Promise<boolean>;
	putAssets(assets: readonly AssetInfo[]): Promise<void>;
	/** Every asset that the case can describe, in id order. */
	assets(): Promise<readonly AssetInfo[]>;
	putContracts(accounts: readonly AccountId[]): Promise<void>;
	/** Notes accounts that no transfer, label or fact of this case names. */
	putAccounts(accounts: readonly AccountId[]): Promise<void>;
	putCoverage(coverage: readonly Coverage[]): Promise<void>;
	/** What was fetched, as far as the sources of the case bear it out. */
	coverage(chain: ChainId): Promise<readonly Coverage[]>;
	/** Notes that a node that was asked about this output alone says that nobody spends it up to a height; the highest counts. */
	putUnspent(chain: ChainId, outpoint: Outpoint, height: number): Promise<void>;
	/** Adds what sources show of the histories of accounts, each once, to what the case knows; see {@link joinChecks}. */
	putHistoryChecks(checks: readonly HistoryCheck[]): Promise<void>;
	historyCheck(account: AccountId): Promise<HistoryCheck | undefined>;
	putOpeningBalance(account: AccountId, asset: AssetId, height: number, amount: bigint, source: Source): Promise<void>;
}
