import {
	type AccountId,
	type AccountProfile,
	type AssetId,
	after,
	type Coverage,
	claimsOfFees,
	comparePositions,
	Heap,
	isOrderGuessed,
	isPlaceGuessed,
	type LedgerReader,
	MAX_TX_INDEX,
	type Position,
	startOf,
	type Transfer,
} from "@clew/core";
import { UntoldInflows } from "./backward/untold-inflows.js";
import type { Frame } from "./bounds/envelope.js";
import { type Ahead, lacksOf } from "./bounds/lacks.js";
import { newLedgerBounds } from "./bounds/ledger-bounds.js";
import type { ChainLedgers } from "./chain-ledgers.js";
import { type Conversion, conversionOf } from "./conversion.js";
import { Cursor, sameTransaction } from "./cursor.js";
import { type Ledger, openLedger, type Parcels } from "./ledger.js";
import type { Stop } from "./stops.js";
import type { Backward } from "./sweep-options.js";

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
	/** Backward: what came to it unread. */
	readonly untold: UntoldInflows | undefined;
}

/** A balance before the first followed event that the case cannot explain. */
export interface OpeningShortfall {
	readonly account: AccountId;
	readonly asset: AssetId;
	readonly amount: bigint;
}

/**
 * The followed accounts and their next transfer in time.
 *
 * While few are followed, a heap holds one ledger cursor an account. Once {@link ChainLedgers} finds that cheaper, the rest is read in one
 * scan, and what touches no followed account is passed over. The order of transfers, and so the result, is the same.
 */
export class FollowedAccounts {
	readonly shortfalls: OpeningShortfall[] = [];
	private readonly accounts = new Map<AccountId, FollowedAccount>();
	private readonly heap = new Heap<FollowedAccount>((a, b) =>
		a.headBlock === b.headBlock ? a.headEvent < b.headEvent : a.headBlock < b.headBlock,
	);
	private readonly source: LedgerReader;
	private readonly ledgers: ChainLedgers;
	private scan: Cursor | undefined;
	private readonly until: number | undefined;
	/** Present in a sweep that keeps bounds. */
	private readonly frame: Frame | undefined;
	private readonly backward: Backward | undefined;

	/** `until` is the last height that is read. */
	constructor(
		source: LedgerReader,
		ledgers: ChainLedgers,
		until: number | undefined,
		frame: Frame | undefined,
		backward: Backward | undefined,
	) {
		this.source = source;
		this.ledgers = ledgers;
		this.until = until;
		this.frame = frame;
		this.backward = backward;
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
		const own = this.scan ?? new Cursor((at, limit) => this.ledgers.ledger(account, at, limit), from);
		const openings = await this.source.balancesBefore(account, arrival);
		const asks = this.backward !== undefined || (this.frame === undefined && !this.unordered);
		const moved = asks && isOrderGuessed(arrival) && (await this.movedBefore(account, arrival));
		if (this.frame === undefined) this.unordered ||= moved;
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
			untold: await this.untoldOf(profile, account, arrival.height, moved, openings),
		};
		for (const opening of openings) {
			state.ledgers.set(opening.asset, openLedgerOf(state, opening.asset, opening.amount));
			if (opening.shortfall > 0n) this.shortfalls.push({ account, asset: opening.asset, amount: opening.shortfall });
		}
		this.accounts.set(account, state);
		if (this.scan === undefined) {
			await own.fill();
			if (noteHead(state)) this.heap.push(state);
		}
		return state;
	}

	private async untoldOf(
		profile: AccountProfile,
		account: AccountId,
		height: number,
		moved: boolean,
		openings: readonly { readonly asset: AssetId }[],
	): Promise<UntoldInflows | undefined> {
		const { backward } = this;
		if (backward === undefined) return undefined;
		const assets = openings.map(({ asset }) => asset);
		const known = await backward.lastKnown(account, profile, assets, height);
		return new UntoldInflows(backward.shortfallsOf(account), moved ? height : undefined, known);
	}

	private async movedBefore(account: AccountId, arrival: Position): Promise<boolean> {
		const [first] = await this.ledgers.ledger(
			account,
			isPlaceGuessed(arrival) ? startOf(arrival.height) : { ...arrival, eventIndex: 0 },
			1,
		);
		if (first === undefined || comparePositions(first.position, arrival) >= 0) return false;
		return first.position.txIndex !== arrival.txIndex || arrival.untold === true;
	}

	private async lacksFrom(
		account: AccountId,
		arrival: Position,
		openings: readonly { readonly asset: AssetId; readonly amount: bigint }[],
	): Promise<FollowedAccount["bounds"]> {
		const { frame, ledgers, until } = this;
		if (frame === undefined) return undefined;
		// Backward what the books lack is told by place, and no order but the placed one is reckoned with.
		if (this.backward !== undefined) return { frame, lacks: new Map(), open: new Map() };
		const balances = openings.map(({ asset, amount }) => [asset, amount] as const);
		return { frame, ...(await lacksOf(ledgers, account, arrival, balances, until)) };
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
		if (this.ledgers.hasReadMuch) return this.considerScan(state);
		if (state.cursor.advance()) return state.cursor.fill().then(() => this.settle(state));
		this.settle(state);
		return undefined;
	}

	private settle(state: FollowedAccount): void {
		if (noteHead(state)) this.heap.sinkTop();
		else this.heap.pop();
	}

	private async considerScan(state: FollowedAccount): Promise<void> {
		const { head } = state.cursor;
		if (head !== undefined && (await this.ledgers.isScanCheaper())) {
			const scan = await this.ledgers.scan(after(head.position));
			this.scan = scan;
			for (const other of this.accounts.values()) other.cursor = scan;
			return;
		}
		if (state.cursor.advance()) await state.cursor.fill();
		this.settle(state);
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
