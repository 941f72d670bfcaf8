import { after, type Position, type Transfer } from "@clew/core";

const FIRST_PAGE = 64;
const LARGEST_PAGE = 4096;

/** Reads a page of transfers at or after a position, in position order; fewer than `limit` means the end. */
export type ReadPage = (from: Position, limit: number) => Promise<readonly Transfer[]>;

/**
 * Reads an account's ledger, or a whole chain, forward a page at a time; pages grow so that small ledgers stay cheap and hubs few calls.
 */
export class Cursor {
	private page: readonly Transfer[] = [];
	private at = 0;
	private from: Position;
	private limit = FIRST_PAGE;
	private ended = false;
	private readonly read: ReadPage;

	constructor(read: ReadPage, from: Position) {
		this.read = read;
		this.from = from;
	}

	/** The next transfer, undefined at the end. Valid after {@link fill}. */
	get head(): Transfer | undefined {
		return this.page[this.at];
	}

	/** Moves past the head; true when {@link fill} must be awaited before the next head is valid. */
	advance(): boolean {
		this.at++;
		return this.at >= this.page.length && !this.ended;
	}

	/** Loads a page when none is left. */
	async fill(): Promise<void> {
		if (this.at < this.page.length || this.ended) return;
		await this.load([]);
	}

	/** True when the page holds the whole of the head's transaction. */
	get hasHeadTransaction(): boolean {
		if (this.ended || this.head === undefined) return true;
		return !sameTransaction(this.page[this.page.length - 1] as Transfer, this.head);
	}

	/** True when the head is the only transfer of its transaction here. Valid when {@link hasHeadTransaction}. */
	get headStandsAlone(): boolean {
		const next = this.page[this.at + 1];
		return next === undefined || !sameTransaction(next, this.page[this.at] as Transfer);
	}

	/** Loads until the page holds the whole of the head's transaction, however many pages it takes. */
	async fillHeadTransaction(): Promise<void> {
		while (!this.hasHeadTransaction) await this.load(this.page.slice(this.at));
	}

	/** The transfers at the head that belong to the head's transaction. Valid when {@link hasHeadTransaction}. */
	headTransaction(): readonly Transfer[] {
		const first = this.head;
		return first === undefined ? [] : this.page.slice(this.at, this.endOfTransaction(first));
	}

	private endOfTransaction(first: Transfer): number {
		let end = this.at;
		while (end < this.page.length && sameTransaction(this.page[end] as Transfer, first)) end++;
		return end;
	}

	private async load(kept: readonly Transfer[]): Promise<void> {
		const next = await this.read(this.from, this.limit);
		this.ended = next.length < this.limit;
		const last = next[next.length - 1];
		if (last !== undefined) this.from = after(last.position);
		this.page = kept.length > 0 ? [...kept, ...next] : next;
		this.at = 0;
		this.limit = Math.min(this.limit * 4, LARGEST_PAGE);
	}
}

/** True when two transfers stand in one transaction. */
export function sameTransaction(a: Transfer, b: Transfer): boolean {
	return samePlace(a.position, b.position);
}

/** True when two events stand in one transaction. */
export function samePlace(a: Position, b: Position): boolean {
	return a.height === b.height && a.txIndex === b.txIndex;
}
