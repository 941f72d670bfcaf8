import { minAmount } from "@clew/core";
import { appendLot, CLEAN, type Lot, markLots } from "../lots.js";
import { ALL_CLEAN, type Holding, type Parcel } from "./holding.js";

/** Below this many consumed slots the queue is not compacted: shifting would cost more than it frees. */
const COMPACT_AT = 64;

/** A queue of lots by age that can be cut at either end. */
class LotQueue {
	private lots: Lot[] = [];
	private head = 0;

	push(lot: Lot): void {
		if (this.head === this.lots.length) this.clear();
		appendLot(this.lots, lot);
	}

	/** Removes `amount` from the old end; oldest first. */
	takeOldest(amount: bigint): Lot[] {
		const taken: Lot[] = [];
		let left = amount;
		while (left > 0n && this.head < this.lots.length) {
			const lot = this.lots[this.head] as Lot;
			if (lot.amount > left) {
				taken.push({ origin: lot.origin, amount: left });
				this.lots[this.head] = { origin: lot.origin, amount: lot.amount - left };
				break;
			}
			taken.push(lot);
			left -= lot.amount;
			this.head++;
		}
		this.compact();
		return taken;
	}

	/** Removes `amount` from the new end; returned oldest first, so that age order survives the move. */
	takeNewest(amount: bigint): Lot[] {
		const taken: Lot[] = [];
		let left = amount;
		while (left > 0n && this.head < this.lots.length) {
			const lot = this.lots.pop() as Lot;
			if (lot.amount > left) {
				taken.push({ origin: lot.origin, amount: left });
				this.lots.push({ origin: lot.origin, amount: lot.amount - left });
				break;
			}
			taken.push(lot);
			left -= lot.amount;
		}
		return taken.length > 1 ? taken.reverse() : taken;
	}

	/** Turns clean units, newest first, into an origin's; returns how much. */
	mark(amount: bigint, origin: number): bigint {
		const { lots, marked } = markLots(this.live().reverse(), origin, amount);
		this.clear();
		for (const lot of lots.reverse()) this.push(lot);
		return marked;
	}

	live(): Lot[] {
		return this.lots.slice(this.head);
	}

	private compact(): void {
		if (this.head === this.lots.length) this.clear();
		else if (this.head > COMPACT_AT && this.head * 2 > this.lots.length) {
			this.lots = this.lots.slice(this.head);
			this.head = 0;
		}
	}

	private clear(): void {
		this.lots.length = 0;
		this.head = 0;
	}
}

/**
 * `fifo`: an outflow takes the oldest lots (Devaynes v Noble, Clayton's Case, 1816). `lifo`: the newest. A class, as are
 * the other holdings: there are millions of them, and methods are shared where closures are not.
 */
export class AgeOrderedHolding implements Holding {
	private readonly queue = new LotQueue();
	private readonly oldestFirst: boolean;

	constructor(oldestFirst: boolean) {
		this.oldestFirst = oldestFirst;
	}

	put(parcel: Parcel, amount: bigint): void {
		if (parcel.length === 0) this.queue.push({ origin: CLEAN, amount });
		else for (const lot of parcel) this.queue.push(lot);
	}

	take(amount: bigint): Parcel {
		const taken = this.oldestFirst ? this.queue.takeOldest(amount) : this.queue.takeNewest(amount);
		return taken.length === 1 && taken[0]?.origin === CLEAN ? ALL_CLEAN : taken;
	}

	mark(amount: bigint, origin: number): bigint {
		return this.queue.mark(amount, origin);
	}

	tainted(): readonly Lot[] {
		return this.queue.live().filter((lot) => lot.origin !== CLEAN);
	}
}

/**
 * `difo` (dirty in, first out) and `dilo` (dirty in, last out), oldest tainted lot first among several: on one ledger the
 * upper and lower bound of what any conserving rule can say has left.
 */
export class SeparatedHolding implements Holding {
	private readonly queue = new LotQueue();
	private dirty = 0n;
	private readonly taintedFirst: boolean;

	constructor(taintedFirst: boolean) {
		this.taintedFirst = taintedFirst;
	}

	put(parcel: Parcel): void {
		for (const lot of parcel) {
			this.dirty += lot.amount;
			this.queue.push(lot);
		}
	}

	take(amount: bigint, balance: bigint): Parcel {
		const gone = this.taintedFirst ? minAmount(amount, this.dirty) : amount - minAmount(amount, balance - this.dirty);
		if (gone === 0n) return ALL_CLEAN;
		this.dirty -= gone;
		return this.queue.takeOldest(gone);
	}

	mark(amount: bigint, origin: number, balance: bigint): bigint {
		const marked = minAmount(amount, balance - this.dirty);
		if (marked > 0n) this.put([{ origin, amount: marked }]);
		return marked;
	}

	tainted(): readonly Lot[] {
		return this.queue.live();
	}
}
