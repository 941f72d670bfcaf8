import { type AccountId, type ChainId, comparePositions, type LedgerReader, type Position, startOf, type Transfer } from "@clew/core";
import { Cursor } from "./cursor.js";

/** Once ledgers have given 1/4 of the chain's transfers, one scan of the rest is cheaper than going on. */
const SCAN_SHARE = 4;
/** Transfers read before the size of the chain is asked for at all. */
export const SCAN_THOUGHT_OF_AFTER = 20_000;
/** What is scanned of a chain of up to so many transfers may stay in memory, about 300 bytes each, to give single ledgers of it. */
const MOST_HELD = 1 << 20;
const PAGE = 4096;

/**
 * Ledgers of a chain, read one by one while few are wanted. Once they have given a quarter of what the chain has in the case, the rest is
 * read in one scan: a trace reads no more than 1.25 times the case, and a small one only what it touches. Where single ledgers are asked
 * for besides, that holds for chains that fit in memory.
 */
export class ChainLedgers {
	private readonly source: LedgerReader;
	private readonly chain: ChainId;
	/** Transfers that may be read one ledger after the other before a scan is considered, first by itself, then by the size of the chain. */
	private rowsAllowed: number;
	private readonly until: number | undefined;
	private readonly looksAhead: boolean;
	private rowsRead = 0;
	private size: number | undefined;
	private held: HeldTransfers | undefined;

	/** `until` is the last height of which the transfers matter; `looksAhead` is true where single ledgers are asked for besides a scan. */
	constructor(source: LedgerReader, chain: ChainId, scanThoughtOfAfter: number, until: number | undefined, looksAhead: boolean) {
		this.source = source;
		this.chain = chain;
		this.rowsAllowed = scanThoughtOfAfter;
		this.until = until;
		this.looksAhead = looksAhead;
	}

	/**
	 * An account's transfers as {@link LedgerReader.ledger} gives them; after {@link ChainLedgers.scan} only for heights from its start to
	 * `until`.
	 */
	async ledger(account: AccountId, from: Position, limit: number): Promise<readonly Transfer[]> {
		if (this.held !== undefined) return this.held.ledger(account, from, limit);
		const page = await this.source.ledger(account, from, limit);
		this.rowsRead += page.length;
		return page;
	}

	/** True when it is time to ask {@link ChainLedgers.isScanCheaper}. */
	get hasReadMuch(): boolean {
		return this.rowsRead > this.rowsAllowed;
	}

	/** True when all that is left is better read at once. */
	async isScanCheaper(): Promise<boolean> {
		if (this.size === undefined) {
			this.size = await this.source.size(this.chain);
			this.rowsAllowed = this.size / SCAN_SHARE;
		}
		return this.hasReadMuch;
	}

	/** All transfers of the chain from a position on, filled. */
	async scan(from: Position): Promise<Cursor> {
		const fits = this.size !== undefined && this.size <= MOST_HELD;
		const held = this.looksAhead && fits ? await this.hold(startOf(from.height)) : undefined;
		this.held = held;
		const read = held === undefined ? this.read : async (at: Position, limit: number) => held.scan(at, limit);
		const cursor = new Cursor(read, from);
		await cursor.fill();
		return cursor;
	}

	private readonly read = (at: Position, limit: number) => this.source.scan(this.chain, at, limit);

	private async hold(from: Position): Promise<HeldTransfers> {
		const held = new HeldTransfers();
		const { until = Number.POSITIVE_INFINITY } = this;
		for (let at = from; ; ) {
			const page = await this.read(at, PAGE);
			for (const t of page) held.add(t);
			const last = page[page.length - 1]?.position;
			if (last === undefined || page.length < PAGE || last.height > until) return held;
			at = { ...last, eventIndex: last.eventIndex + 1 };
		}
	}
}

/** Transfers in memory, added in position order. */
class HeldTransfers {
	private readonly all: Transfer[] = [];
	private readonly byAccount = new Map<AccountId, Transfer[]>();

	add(t: Transfer): void {
		this.all.push(t);
		this.addTo(t.from, t);
		if (t.to !== t.from) this.addTo(t.to, t);
	}

	private addTo(account: AccountId, t: Transfer): void {
		const own = this.byAccount.get(account);
		if (own === undefined) this.byAccount.set(account, [t]);
		else own.push(t);
	}

	scan(from: Position, limit: number): readonly Transfer[] {
		const start = firstAtOrAfter(this.all, from);
		return this.all.slice(start, start + limit);
	}

	ledger(account: AccountId, from: Position, limit: number): readonly Transfer[] {
		const own = this.byAccount.get(account) ?? [];
		const start = firstAtOrAfter(own, from);
		return own.slice(start, start + limit);
	}
}

function firstAtOrAfter(transfers: readonly Transfer[], position: Position): number {
	let [low, high] = [0, transfers.length];
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (comparePositions((transfers[middle] as Transfer).position, position) < 0) low = middle + 1;
		else high = middle;
	}
	return low;
}
