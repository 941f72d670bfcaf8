import {
	type AccountId,
	type AccountProfile,
	type AssetId,
	after,
	type ChainId,
	type Coverage,
	claimsOfFees,
	comparePositions,
	Heap,
	isOrderGuessed,
	isPlaceGuessed,
	type LedgerSource,
	MAX_TX_INDEX,
	type Position,
	startOf,
	type Transfer,
} from "@clew/core";
import type { Frame } from "./bounds/envelope.js";
import { type Ahead, lacksOf } from "./bounds/lacks.js";
import { newLedgerBounds } from "./bounds/ledger-bounds.js";
import { type Conversion, conversionOf } from "./conversion.js";
import { Cursor, sameTransaction } from "./cursor.js";
import { type Ledger, openLedger, type Parcels } from "./ledger.js";
import type { Stop } from "./stops.js";

/** An account whose ledgers the sweep reads. */
export interface FollowedAccount {
	readonly account: AccountId;
	/** Its own ledger, or, in a scan, the chain's. */
	cursor: Cursor;
	readonly ledgers: Map<AssetId, Ledger>;
	/** The ledger used last: most accounts move one asset again and again. */
	recent: Ledger | undefined;
	/** From when on its ledger is kept. */
	readonly since: Position;
	readonly profile: AccountProfile;
	/** What was read of its own transactions, where a file among it tells fees in part alone; else nothing. */
	readonly feeClaims: readonly Coverage[];
	/** Tainted money came to stay here; until then it is only watched, as the receiver of a seeded transaction. */
	followed: boolean;
	/** A transfer of the transaction that `conversion` is about. */
	transaction: Transfer | undefined;
	conversion: Conversion | undefined;
	/** The exchange of this transaction was carried out. */
	converted: boolean;
	/** Whose its proceeds are, by rule, once it was; seeds mark the clean rest. */
	proceeds: Parcels | undefined;
	/** Where they stopped, if they did. */
	proceedsStop: Stop | undefined;
	/** Place of the cursor's head for the heap: height and transaction in one number, then the event. */
	headBlock: number;
	headEvent: number;
	/** In a sweep that keeps bounds: its frame, and what the account's books will lack, by asset. */
	readonly bounds: (Ahead & { readonly frame: Frame }) | undefined;
}

/** A balance before the first followed event that the case cannot explain. */
export interface OpeningShortfall {
	readonly account: AccountId;
	readonly asset: AssetId;
	readonly amount: bigint;
}

/** Once ledgers have given 1/4 of the chain's transfers, one scan of the rest is cheaper than going on. */
const SCAN_SHARE = 4;
/** Transfers read before the size of the chain is asked for at all. */
export const SCAN_THOUGHT_OF_AFTER = 50_000;

/**
 * The followed accounts and their next transfer in time.
 *
 * While few are followed, a heap holds one ledger cursor an account. Once the cursors have read a quarter of what the
 * chain has in the case, the rest is read in one scan, and what touches no followed account is passed over: no trace reads more than 1.25
 * times the case, and a small one reads only what it touches. The order of transfers, and so the result, is the same.
 */
export class FollowedAccounts {
	readonly shortfalls: OpeningShortfall[] = [];
	private readonly accounts = new Map<AccountId, FollowedAccount>();
	private readonly heap = new Heap<FollowedAccount>((a, b) =>
		a.headBlock === b.headBlock ? a.headEvent < b.headEvent : a.headBlock < b.headBlock,
	);
	private readonly source: LedgerSource;
	private readonly chain: ChainId;
	private scan: Cursor | undefined;
	private rowsRead = 0;
	/** Transfers that cursors may read before a scan is considered, first by itself, then by the size of the chain. */
	private rowsAllowed: number;
	private sizeKnown = false;
	/** Present in a sweep that keeps bounds; `until` is the last height that is read. */
	private readonly bounds: { readonly frame: Frame; readonly until: number | undefined } | undefined;

	constructor(
		source: LedgerSource,
		chain: ChainId,
		scanThoughtOfAfter: number,
		bounds?: { readonly frame: Frame; readonly until: number | undefined },
	) {
		this.bounds = bounds;
		this.source = source;
		this.chain = chain;
		this.rowsAllowed = scanThoughtOfAfter;
	}

	get size(): number {
		return this.accounts.size;
	}

	/** In the order of activation. */
	all(): Iterable<FollowedAccount> {
		return this.accounts.values();
	}

	get(account: AccountId): FollowedAccount | undefined {
		return this.accounts.get(account);
	}

	/** Some account moved money in a block, or a transaction, before taint reached it there, in an order that no source tells. */
	unordered = false;

	/** Follows an account's transfers at or after `from`; its balance right before `arrival` is one clean lot per asset. */
	async activate(profile: AccountProfile, account: AccountId, arrival: Position, from: Position): Promise<FollowedAccount> {
		const own = this.scan ?? new Cursor((at, limit) => this.source.ledger(account, at, limit), from);
		const openings = await this.source.balancesBefore(account, arrival);
		if (this.bounds === undefined && !this.unordered && isOrderGuessed(arrival)) this.unordered = await this.movedBefore(account, arrival);
		const state: FollowedAccount = {
			account,
			cursor: own,
			ledgers: new Map(),
			recent: undefined,
			since: arrival,
			profile,
			feeClaims: claimsOfFees(profile.coverage, account),
			followed: false,
			transaction: undefined,
			conversion: undefined,
			converted: false,
			proceeds: undefined,
			proceedsStop: undefined,
			headBlock: 0,
			headEvent: 0,
			bounds: await this.lacksFrom(account, arrival, openings),
		};
		for (const opening of openings) {
			state.ledgers.set(opening.asset, openLedgerOf(state, opening.asset, opening.amount));
			if (opening.shortfall > 0n) this.shortfalls.push({ account, asset: opening.asset, amount: opening.shortfall });
		}
		this.accounts.set(account, state);
		if (this.scan === undefined) {
			await this.fill(own);
			if (noteHead(state)) this.heap.push(state);
		}
		return state;
	}

	private async movedBefore(account: AccountId, arrival: Position): Promise<boolean> {
		const [first] = await this.source.ledger(account, isPlaceGuessed(arrival) ? startOf(arrival.height) : { ...arrival, eventIndex: 0 }, 1);
		if (first === undefined || comparePositions(first.position, arrival) >= 0) return false;
		return first.position.txIndex !== arrival.txIndex || arrival.untold === true;
	}

	private async lacksFrom(
		account: AccountId,
		arrival: Position,
		openings: readonly { readonly asset: AssetId; readonly amount: bigint }[],
	): Promise<FollowedAccount["bounds"]> {
		if (this.bounds === undefined) return undefined;
		const { frame, until } = this.bounds;
		const balances = openings.map(({ asset, amount }) => [asset, amount] as const);
		return { frame, ...(await lacksOf(this.source, account, arrival, balances, until)) };
	}

	/** The earliest transfer that a followed account has not seen yet; in a scan, the chain's next. */
	next(): Transfer | undefined {
		return this.scan === undefined ? this.heap.peek()?.cursor.head : this.scan.head;
	}

	/** Moves past `next`; a promise only when a page must be read. */
	advance(): Promise<void> | undefined {
		if (this.scan !== undefined) return this.scan.advance() ? this.scan.fill() : undefined;
		const state = this.heap.peek();
		if (state === undefined) return undefined;
		if (this.rowsRead > this.rowsAllowed) return this.considerScan(state);
		if (state.cursor.advance()) return this.fill(state.cursor).then(() => this.settle(state));
		this.settle(state);
		return undefined;
	}

	private async fill(cursor: Cursor): Promise<void> {
		const before = cursor.rows;
		await cursor.fill();
		this.rowsRead += cursor.rows - before;
	}

	private settle(state: FollowedAccount): void {
		if (noteHead(state)) this.heap.sinkTop();
		else this.heap.pop();
	}

	private async considerScan(state: FollowedAccount): Promise<void> {
		if (!this.sizeKnown) {
			this.sizeKnown = true;
			this.rowsAllowed = (await this.source.size(this.chain)) / SCAN_SHARE;
		}
		if (this.rowsRead > this.rowsAllowed && state.cursor.head !== undefined) return this.startScan(after(state.cursor.head.position));
		if (state.cursor.advance()) await this.fill(state.cursor);
		this.settle(state);
	}

	private async startScan(from: Position): Promise<void> {
		const scan = new Cursor((at, limit) => this.source.scan(this.chain, at, limit), from);
		await scan.fill();
		this.scan = scan;
		for (const state of this.accounts.values()) state.cursor = scan;
	}
}

/** True when what {@link beginTransaction} needs is in memory; else fill the cursor's head transaction first. */
export function canBegin(state: FollowedAccount | undefined, t: Transfer): boolean {
	return state === undefined || isBegun(state, t) || state.cursor.hasHeadTransaction;
}

/** Finds out, once per account and transaction, whether the account exchanges one asset for another in it, whoever's they are. */
export function beginTransaction(state: FollowedAccount, t: Transfer): void {
	if (isBegun(state, t)) return;
	begin(state, t, undefined);
	if (state.cursor.headStandsAlone) return;
	const own = state.cursor.headTransaction().filter((x) => x.from === state.account || x.to === state.account);
	state.conversion = conversionOf(state.account, own);
}

/** Begins a transaction with an exchange that is known already. */
export function begin(state: FollowedAccount, t: Transfer, conversion: Conversion | undefined): void {
	state.transaction = t;
	state.converted = false;
	state.conversion = conversion;
	state.proceeds = undefined;
	state.proceedsStop = undefined;
}

function isBegun(state: FollowedAccount, t: Transfer): boolean {
	return state.transaction !== undefined && sameTransaction(state.transaction, t);
}

/** The account's ledger of an asset, opened at 0 when the account never had any. */
export function ledgerOf(state: FollowedAccount, asset: AssetId): Ledger {
	if (state.recent?.asset === asset) return state.recent;
	let ledger = state.ledgers.get(asset);
	if (ledger === undefined) {
		ledger = openLedgerOf(state, asset, 0n);
		state.ledgers.set(asset, ledger);
	}
	state.recent = ledger;
	return ledger;
}

function openLedgerOf({ bounds }: FollowedAccount, asset: AssetId, balance: bigint): Ledger {
	if (bounds === undefined) return openLedger(asset, balance);
	const { frame, lacks, open } = bounds;
	return openLedger(asset, balance, newLedgerBounds(frame, asset, lacks.get(asset) ?? 0n, open.get(asset)));
}

/** Keeps the head's place at hand; false at the end of the ledger. */
function noteHead(state: FollowedAccount): boolean {
	const position = state.cursor.head?.position;
	if (position === undefined) return false;
	state.headBlock = position.height * (MAX_TX_INDEX + 1) + position.txIndex;
	state.headEvent = position.eventIndex;
	return true;
}
