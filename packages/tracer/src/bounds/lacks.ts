import {
	type AccountId,
	type AssetId,
	comparePositions,
	isPlaceGuessed,
	type LedgerReader,
	MAX_TX_INDEX,
	type Position,
	startOf,
	type Transfer,
} from "@clew/core";
import { Cursor } from "../cursor.js";

/**
 * Several movements of one asset, of which no source tells the order of all: those of an account in a block, in several transactions, or
 * events of one transaction.
 */
export interface OpenOrder {
	/** All that came in them. */
	readonly came: bigint;
	/** All that left in them; zero where their order decides only which lot is older. */
	readonly left: bigint;
	/** What left, by the placed order, before the account's ledger is kept. */
	readonly leftBefore: bigint;
}

/** What an account's books will lack, and the blocks whose order is open by height; by asset. */
export interface Ahead {
	readonly lacks: ReadonlyMap<AssetId, bigint>;
	readonly open: ReadonlyMap<AssetId, OpenOrders>;
}

/** By block, and by transaction for events in it; see {@link openOrderOf}. */
export type OpenOrders = ReadonlyMap<number, OpenOrder>;

/** Where the open order that a movement belongs to stands in the map; undefined when its order is known. */
export function openOrderOf(open: OpenOrders, position: Position): number | undefined {
	const block = keyOfBlock(position);
	if (open.has(block)) return block;
	const events = keyOfEvents(position);
	return position.untold && open.has(events) ? events : undefined;
}

/** Where the open order of a block stands. */
export const keyOfBlock = ({ height }: Pick<Position, "height">): number => height * (MAX_TX_INDEX + 2);
const keyOfEvents = (position: Position): number => keyOfBlock(position) + 1 + position.txIndex;

/**
 * What an account's books lack from a position on, by asset: how far its known outflows run ahead of its balance and its known inflows,
 * at the worst moment; in a block whose order is open, at the worst order, which is all outflows first. `balances` are those right before
 * it. Reads the account's ledger once, from the start of that block up to height `until`.
 */
export async function lacksOf(
	source: Pick<LedgerReader, "ledger">,
	account: AccountId,
	from: Position,
	balances: Iterable<readonly [AssetId, bigint]>,
	until: number | undefined,
): Promise<Ahead> {
	const balance = new Map(balances);
	const lacks = new Map<AssetId, bigint>();
	const lack = (asset: AssetId, amount: bigint) => lacks.set(asset, (lacks.get(asset) ?? 0n) + amount);
	const open = new OpenOrdersAhead(account, from, lack);
	const cursor = new Cursor((at, limit) => source.ledger(account, at, limit), startOf(from.height));
	for (;;) {
		await cursor.fill();
		const t = cursor.head;
		if (t === undefined || (until !== undefined && t.position.height > until)) return { lacks, open: open.finish() };
		cursor.advance();
		if (t.kind !== "fee" && t.from === t.to) continue;
		open.add(t);
		if (comparePositions(t.position, from) < 0) continue;
		const before = balance.get(t.asset) ?? 0n;
		const change = t.from === account ? -t.amount : t.kind === "fee" ? 0n : t.amount;
		const left = before + change;
		if (left < 0n) lack(t.asset, -left);
		open.keep(t, before, left < 0n ? -left : 0n);
		balance.set(t.asset, left < 0n ? 0n : left);
	}
}

interface Sums {
	/** Place of the first transaction. */
	readonly first: number;
	/** More than one transaction. */
	several: boolean;
	/** Rows that bring, and rows that pay. */
	comings: number;
	payments: number;
	came: bigint;
	left: bigint;
	leftBefore: bigint;
	/** Balance before the first row that is kept. */
	start: bigint | undefined;
	/** What its kept rows lack in the placed order. */
	lacked: bigint;
}

/** Collects from an account's rows, in their order, what of them is in an open order. */
class OpenOrdersAhead {
	private readonly found = new Map<AssetId, Map<number, OpenOrder>>();
	private readonly account: AccountId;
	private readonly from: Position;
	private at: Position = { height: -1, txIndex: -1, eventIndex: -1 };
	private guessed = false;
	private readonly block = new Map<AssetId, Sums>();
	/** The same of the untold events of the transaction. */
	private readonly events = new Map<AssetId, Sums>();
	/** Told what another order of a block would make the books lack besides. */
	private readonly lack: (asset: AssetId, amount: bigint) => void;

	constructor(account: AccountId, from: Position, lack: (asset: AssetId, amount: bigint) => void) {
		this.account = account;
		this.from = from;
		this.lack = lack;
	}

	/** Notes a row of the kept ledger, with the balance before it and what it lacks. */
	keep({ asset, position }: Transfer, before: bigint, lacked: bigint): void {
		noteBooks(this.block.get(asset), before, lacked);
		if (position.untold) noteBooks(this.events.get(asset), before, lacked);
	}

	add(t: Transfer): void {
		const { position } = t;
		if (position.height !== this.at.height || position.txIndex !== this.at.txIndex) this.close(position);
		this.guessed ||= isPlaceGuessed(position);
		this.sum(this.block, t);
		if (position.untold) this.sum(this.events, t);
	}

	finish(): Ahead["open"] {
		this.close({ height: -1, txIndex: -1, eventIndex: -1 });
		return this.found;
	}

	private sum(all: Map<AssetId, Sums>, { position, asset, amount, from }: Transfer): void {
		let sums = all.get(asset);
		if (sums === undefined) {
			sums = noSums(position.txIndex);
			all.set(asset, sums);
		}
		sums.several ||= position.txIndex !== sums.first;
		if (from !== this.account) {
			sums.comings++;
			sums.came += amount;
		} else {
			sums.payments++;
			sums.left += amount;
			if (comparePositions(position, this.from) < 0) sums.leftBefore += amount;
		}
	}

	private close(next: Position): void {
		if (this.events.size > 0) this.closeEvents();
		if (next.height !== this.at.height) this.closeBlock();
		this.at = next;
	}

	private closeEvents(): void {
		for (const [asset, sums] of this.events) {
			const { comings, payments, leftBefore, lacked, start } = sums;
			// With nothing there before, the one that brings came before the one that pays: money is missing between transactions, not inside one.
			const isDecided = comings === 1 && payments === 1 && leftBefore === 0n && lacked === 0n && !start;
			if (comings + payments > 1 && !isDecided) this.open(asset, keyOfEvents(this.at), sums);
		}
		this.events.clear();
	}

	private closeBlock(): void {
		if (this.guessed)
			for (const [asset, sums] of this.block) {
				const { several, left, leftBefore, start, lacked } = sums;
				if (!several) continue;
				const worst = left - leftBefore - (start ?? 0n) - lacked;
				if (left > 0n && start !== undefined && worst > 0n) this.lack(asset, worst);
				this.open(asset, keyOfBlock(this.at), sums);
			}
		this.guessed = false;
		this.block.clear();
	}

	private open(asset: AssetId, key: number, { came, left, leftBefore }: Sums): void {
		const of = this.found.get(asset) ?? new Map<number, OpenOrder>();
		this.found.set(asset, of.set(key, { came, left, leftBefore }));
	}
}

function noSums(first: number): Sums {
	return { first, several: false, comings: 0, payments: 0, came: 0n, left: 0n, leftBefore: 0n, start: undefined, lacked: 0n };
}

function noteBooks(sums: Sums | undefined, before: bigint, lacked: bigint): void {
	if (sums === undefined) return;
	sums.start ??= before;
	sums.lacked += lacked;
}
