import type { AssetInfo, Coverage, Detection, Label } from "../claims.js";
import type { ChainEvent, EventKind } from "../event.js";
import type { AccountId, AssetId, ChainId, Hash } from "../ids.js";
import { after, type Position, startOf } from "../position.js";
import type { BlockHeader, Transfer } from "../transfer.js";

/** What reads events. Every list is in position order. */
export interface EventReader {
	/** Events of a kind at or after `from`, at most `limit`; fewer than `limit` means the end. */
	events(chain: ChainId, kind: EventKind, from: Position, limit: number): Promise<readonly ChainEvent[]>;
	/** The events of one transaction, by the place of anything in it. */
	eventsOfTransaction(chain: ChainId, position: Position): Promise<readonly ChainEvent[]>;
	/** Events with this key on every chain of the case, by chain, then in position order. */
	eventsByKey(key: string): Promise<readonly ChainEvent[]>;
}

/** What a trace needs to know of an account besides its ledger. */
export interface AccountProfile {
	readonly labels: readonly Label[];
	/** What heuristics saw in it, as the case keeps it; absent when nothing. */
	readonly detections?: readonly Detection[];
	/** It has code, and so pays by calls: a contract, or an account whose key let one act for it (EIP-7702). */
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
	/** The same by payment, in position order: what of each the known inflows could not cover. */
	readonly shortfalls: readonly Shortfall[];
}

/** A payment that the known inflows could not cover, and by how much. */
export interface Shortfall {
	readonly at: Position;
	readonly amount: bigint;
}

/** A range of heights with the same gap: of a block, or of one account's movements in the transactions there. */
export interface BlockGap {
	readonly fromHeight: number;
	readonly toHeight: number;
	readonly gap: string;
	readonly account?: AccountId;
	/** True where the account may have paid at these heights what nobody can read. */
	readonly unread?: true;
}

/** What a gap says of a block of which nothing shows that its transactions are all, or what came of them. */
const UNROOTED = /^(?:transactions|receipts) root not recomputed|^this node's word, |^its transactions were told in JSON /;

/** Gaps of blocks whose content no root bears out, by their text, each with its first height. */
export function firstUnrooted(gaps: readonly BlockGap[]): ReadonlyMap<string, number> {
	const first = new Map<string, number>();
	for (const { account, gap, fromHeight } of gaps)
		if (account === undefined && UNROOTED.test(gap)) first.set(gap, Math.min(fromHeight, first.get(gap) ?? fromHeight));
	return first;
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

/** What the tracer reads. Every list is in position order, but for those that say newest first. */
export interface LedgerReader extends EventReader {
	/** Transfers that touch the account at or after `from`, at most `limit`; fewer than `limit` means the end. */
	ledger(account: AccountId, from: Position, limit: number): Promise<readonly Transfer[]>;
	/** The same backward: transfers that touch the account before `before`, newest first, at most `limit`. */
	ledgerBefore(account: AccountId, before: Position, limit: number): Promise<readonly Transfer[]>;
	/** All transfers of a chain at or after `from`, at most `limit`; fewer than `limit` means the end. */
	scan(chain: ChainId, from: Position, limit: number): Promise<readonly Transfer[]>;
	/** The same backward: all transfers of a chain before `before`, newest first, at most `limit`. */
	scanBefore(chain: ChainId, before: Position, limit: number): Promise<readonly Transfer[]>;
	/** How many transfers a {@link LedgerReader.scan} of a whole chain would read. */
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

const TRANSFERS = 10_000;

/** Every transfer that a source gives in order, such as {@link LedgerReader.scan} or {@link LedgerReader.ledger}, a page at a time. */
export async function* transferPages(
	read: (from: Position, limit: number) => Promise<readonly Transfer[]>,
	from: Position = startOf(0),
	limit = TRANSFERS,
): AsyncGenerator<readonly Transfer[]> {
	for (let next = from; ; ) {
		const page = await read(next, limit);
		yield page;
		const last = page[page.length - 1];
		if (last === undefined || page.length < limit) return;
		next = after(last.position);
	}
}
