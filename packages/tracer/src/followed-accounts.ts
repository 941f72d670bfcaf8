import { type AccountId, type AssetId, type LedgerSource, MAX_TX_INDEX, type Position, type Transfer } from "@clew/core";
import { type Conversion, conversionOf } from "./conversion.js";
import { Cursor, sameTransaction } from "./cursor.js";
import { Heap } from "./heap.js";
import { type Ledger, openLedger } from "./ledger.js";

/** An account whose ledgers the sweep reads. */
export interface FollowedAccount {
	readonly account: AccountId;
	readonly cursor: Cursor;
	readonly ledgers: Map<AssetId, Ledger>;
	/** The ledger used last: most accounts move one asset again and again. */
	recent: Ledger | undefined;
	/** Place of the cursor's head, height and transaction in one number, for the heap. */
	headBlock: number;
	headEvent: number;
	/** When it was first followed. */
	readonly since: Position;
	/** Kinds of asset whose arrivals are followed; decided at the first arrival of each. */
	readonly follows: { native: boolean; token: boolean };
	/** A transfer of the transaction that `conversion` is about. */
	transaction: Transfer | undefined;
	conversion: Conversion | undefined;
	/** The exchange of this transaction was carried out. */
	converted: boolean;
	/** The time window ended before the ledger did. */
	cut: boolean;
}

/** A balance before the first followed event that the case cannot explain. */
export interface OpeningShortfall {
	readonly account: AccountId;
	readonly asset: AssetId;
	readonly amount: bigint;
}

/** The followed accounts and the next event of all of them, through a heap of ledger cursors. */
export class FollowedAccounts {
	readonly shortfalls: OpeningShortfall[] = [];
	private readonly accounts = new Map<AccountId, FollowedAccount>();
	private readonly heap = new Heap<FollowedAccount>((a, b) =>
		a.headBlock === b.headBlock ? a.headEvent < b.headEvent : a.headBlock < b.headBlock,
	);
	private readonly source: LedgerSource;

	constructor(source: LedgerSource) {
		this.source = source;
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

	/** Follows an account's transfers at or after `from`; its balance right before `arrival` is one clean lot per asset. */
	async activate(account: AccountId, arrival: Position, from: Position): Promise<FollowedAccount> {
		const state: FollowedAccount = {
			account,
			cursor: new Cursor(this.source, account, from),
			ledgers: new Map(),
			recent: undefined,
			headBlock: 0,
			headEvent: 0,
			since: arrival,
			follows: { native: false, token: false },
			transaction: undefined,
			conversion: undefined,
			converted: false,
			cut: false,
		};
		for (const opening of await this.source.balancesBefore(account, arrival)) {
			state.ledgers.set(opening.asset, openLedger(opening.asset, opening.amount));
			if (opening.shortfall > 0n) this.shortfalls.push({ account, asset: opening.asset, amount: opening.shortfall });
		}
		this.accounts.set(account, state);
		await state.cursor.fill();
		if (noteHead(state)) this.heap.push(state);
		return state;
	}

	/** The earliest transfer that a followed account has not seen yet. */
	next(): Transfer | undefined {
		return this.heap.peek()?.cursor.head;
	}

	/** Moves the account that `next` came from past it; a promise only when a page must be read. */
	advance(): Promise<void> | undefined {
		const state = this.heap.peek();
		if (state === undefined) return undefined;
		if (state.cursor.advance()) return state.cursor.fill().then(() => this.settle(state));
		this.settle(state);
		return undefined;
	}

	private settle(state: FollowedAccount): void {
		if (noteHead(state)) this.heap.sinkTop();
		else this.heap.pop();
	}

	/** Reads no further in the account that `next` came from. */
	cut(): void {
		const state = this.heap.pop();
		if (state !== undefined) state.cut = true;
	}
}

/** True when what {@link beginTransaction} needs is in memory; else fill the cursor's head transaction first. */
export function canBegin(state: FollowedAccount | undefined, t: Transfer): boolean {
	return state === undefined || isBegun(state, t) || state.cursor.hasHeadTransaction;
}

/** Finds out, once per account and transaction, whether the account exchanges a tainted asset for another in it. */
export function beginTransaction(state: FollowedAccount, t: Transfer): void {
	if (isBegun(state, t)) return;
	state.transaction = t;
	state.converted = false;
	state.conversion = undefined;
	if (state.cursor.headStandsAlone) return;
	const conversion = conversionOf(state.account, state.cursor.headTransaction());
	state.conversion = conversion !== undefined && state.ledgers.get(conversion.pays)?.holdings !== undefined ? conversion : undefined;
}

function isBegun(state: FollowedAccount, t: Transfer): boolean {
	return state.transaction !== undefined && sameTransaction(state.transaction, t);
}

/** The account's ledger of an asset, opened at 0 when the account never had any. */
export function ledgerOf(state: FollowedAccount, asset: AssetId): Ledger {
	if (state.recent?.asset === asset) return state.recent;
	let ledger = state.ledgers.get(asset);
	if (ledger === undefined) {
		ledger = openLedger(asset, 0n);
		state.ledgers.set(asset, ledger);
	}
	state.recent = ledger;
	return ledger;
}

/** Keeps the head's place at hand; false at the end of the ledger. */
function noteHead(state: FollowedAccount): boolean {
	const position = state.cursor.head?.position;
	if (position === undefined) return false;
	state.headBlock = position.height * (MAX_TX_INDEX + 1) + position.txIndex;
	state.headEvent = position.eventIndex;
	return true;
}
