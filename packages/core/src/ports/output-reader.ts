import type { AccountId, ChainId, Hash } from "../ids.js";
import {
	type AccountOutput,
	type ClusterCut,
	FIRST_OUTPUT,
	type NamedTransaction,
	type Outpoint,
	type OutputPlace,
	placeKey,
	type TransactionPlace,
	type UtxoTransaction,
} from "../utxo.js";

/** What tracing and clustering read of a Bitcoin chain. Every list is in the order of places. */
export interface OutputReader {
	utxoTransaction(chain: ChainId, txid: Hash): Promise<UtxoTransaction | undefined>;
	/** Transactions at or after a place, at most `limit`; fewer than `limit` means the end. */
	utxoTransactions(chain: ChainId, from: TransactionPlace, limit: number): Promise<readonly UtxoTransaction[]>;
	/** Outputs that pay an account, at or after a place, at most `limit`. */
	outputsOf(account: AccountId, from: OutputPlace, limit: number): Promise<readonly AccountOutput[]>;
	/** Inputs by which an account spent outputs that the case does not hold, at most `limit`. */
	foreignSpendsOf(account: AccountId, from: OutputPlace, limit: number): Promise<readonly OutputPlace[]>;
	/** Accounts with at least this many outputs in the case. */
	busyAccounts(chain: ChainId, outputs: number): Promise<ReadonlySet<AccountId>>;
	/** Accounts that carry a label. */
	labelledAccounts(): Promise<ReadonlySet<AccountId>>;
	/** The ids of transactions at places; undefined where there is none, or no place was given. */
	txids(chain: ChainId, places: readonly (TransactionPlace | undefined)[]): Promise<readonly (Hash | undefined)[]>;
	/**
	 * Transactions with an OP_RETURN that carries exactly these bytes (hex), on every chain of the case, by chain, then place; at most
	 * `limit`. Finds memos.
	 */
	transactionsCarrying(data: string, limit: number): Promise<readonly NamedTransaction[]>;
	clusterCuts(): Promise<readonly ClusterCut[]>;
	/** Where somebody was asked about this output alone: the last height up to which nobody spends it. */
	unspentAt?(chain: ChainId, outpoint: Outpoint): Promise<number | undefined>;
}

const PAGE = 1_000;

/** Every item of a list that a source gives in pages by place, such as {@link OutputReader.outputsOf}, a page at a time. */
export async function* outputPages<T>(
	read: (from: OutputPlace, limit: number) => Promise<readonly T[]>,
	placeOf: (item: T) => OutputPlace,
	from: OutputPlace = FIRST_OUTPUT,
): AsyncGenerator<readonly T[]> {
	for (let next = from; ; ) {
		const page = await read(next, PAGE);
		yield page;
		const last = page[page.length - 1];
		if (last === undefined || page.length < PAGE) return;
		const place = placeOf(last);
		next = { ...place, index: place.index + 1 };
	}
}

/** The transactions of a chain from a place on, a page at a time. */
export async function* transactionPages(
	source: Pick<OutputReader, "utxoTransactions">,
	chain: ChainId,
	from: TransactionPlace,
): AsyncGenerator<readonly UtxoTransaction[]> {
	for (let next = from; ; ) {
		const page = await source.utxoTransactions(chain, next, PAGE);
		yield page;
		const last = page[page.length - 1];
		if (last === undefined || page.length < PAGE) return;
		next = { height: last.height, txIndex: last.txIndex + 1 };
	}
}

/** The transaction at a place; undefined when there is none, or no place was given. */
export async function transactionAt(
	source: Pick<OutputReader, "utxoTransactions">,
	chain: ChainId,
	place: TransactionPlace | undefined,
): Promise<UtxoTransaction | undefined> {
	if (place === undefined) return undefined;
	const [tx] = await source.utxoTransactions(chain, place, 1);
	return tx !== undefined && placeKey(tx) === placeKey(place) ? tx : undefined;
}
