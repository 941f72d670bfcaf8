import {
	type AccountId,
	type AssetId,
	comparePositions,
	isPlaceGuessed,
	type LedgerSource,
	type Position,
	startOf,
	type Transfer,
} from "@clew/core";
import { Cursor } from "../cursor.js";

/** A block in which an account paid in one of several transactions, of which no source tells the order of all. */
export interface OpenBlock {
	/** All that came in it. */
	readonly came: bigint;
	/** What left, by the placed order, before the account's ledger is kept. */
	readonly leftBefore: bigint;
}

/** What an account's books will lack, and the blocks whose order is open by height; by asset. */
export interface Ahead {
	readonly lacks: ReadonlyMap<AssetId, bigint>;
	readonly openBlocks: ReadonlyMap<AssetId, ReadonlyMap<number, OpenBlock>>;
}

/**
 * What an account's books lack from a position on, by asset: how far its known outflows run ahead of its balance and its known inflows,
 * at the worst moment; in a block whose order is open, at the worst order, which is all outflows first. `balances` are those right before
 * it. Reads the account's ledger once, from the start of that block up to height `until`.
 */
export async function lacksOf(
	source: LedgerSource,
	account: AccountId,
	from: Position,
	balances: Iterable<readonly [AssetId, bigint]>,
	until: number | undefined,
): Promise<Ahead> {
	const balance = new Map(balances);
	const lacks = new Map<AssetId, bigint>();
	const lack = (asset: AssetId, amount: bigint) => lacks.set(asset, (lacks.get(asset) ?? 0n) + amount);
	const open = new OpenBlocks(account, from, lack);
	const cursor = new Cursor((at, limit) => source.ledger(account, at, limit), startOf(from.height));
	for (;;) {
		await cursor.fill();
		const t = cursor.head;
		if (t === undefined || (until !== undefined && t.position.height > until)) return { lacks, openBlocks: open.finish() };
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

interface BlockSums {
	readonly transactions: Set<number>;
	came: bigint;
	left: bigint;
	leftBefore: bigint;
	/** Balance before the first row that is kept. */
	start: bigint | undefined;
	/** What its kept rows lack in the placed order. */
	lacked: bigint;
}

/** Collects blocks whose order is open from an account's rows in their order. */
class OpenBlocks {
	private readonly found = new Map<AssetId, Map<number, OpenBlock>>();
	private readonly account: AccountId;
	private readonly from: Position;
	private height = -1;
	private guessed = false;
	private block = new Map<AssetId, BlockSums>();
	/** Told what another order of a block would make the books lack besides. */
	private readonly lack: (asset: AssetId, amount: bigint) => void;

	constructor(account: AccountId, from: Position, lack: (asset: AssetId, amount: bigint) => void) {
		this.account = account;
		this.from = from;
		this.lack = lack;
	}

	/** Notes a row of the kept ledger, with the balance before it and what it lacks. */
	keep({ asset }: Transfer, before: bigint, lacked: bigint): void {
		const sums = this.block.get(asset);
		if (sums === undefined) return;
		sums.start ??= before;
		sums.lacked += lacked;
	}

	add({ position, asset, amount, from }: Transfer): void {
		if (position.height !== this.height) this.close(position.height);
		this.guessed ||= isPlaceGuessed(position);
		const sums = this.block.get(asset) ?? { transactions: new Set(), came: 0n, left: 0n, leftBefore: 0n, start: undefined, lacked: 0n };
		this.block.set(asset, sums);
		sums.transactions.add(position.txIndex);
		if (from !== this.account) sums.came += amount;
		else {
			sums.left += amount;
			if (comparePositions(position, this.from) < 0) sums.leftBefore += amount;
		}
	}

	finish(): Ahead["openBlocks"] {
		this.close(-1);
		return this.found;
	}

	private close(next: number): void {
		if (this.guessed)
			for (const [asset, { transactions, came, left, leftBefore, start, lacked }] of this.block) {
				if (transactions.size < 2 || left === 0n) continue;
				const worst = left - leftBefore - (start ?? 0n) - lacked;
				if (start !== undefined && worst > 0n) this.lack(asset, worst);
				const of = this.found.get(asset) ?? new Map<number, OpenBlock>();
				this.found.set(asset, of.set(this.height, { came, leftBefore }));
			}
		this.height = next;
		this.guessed = false;
		this.block = new Map();
	}
}
