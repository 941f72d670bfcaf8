import { minAmount } from "@clew/core";
import { appendLot, CLEAN, type Lot } from "../lots.js";
import type { Holding } from "./holding.js";

/** Below this many consumed slots the queue is not compacted: shifting would cost more than it frees. */
const COMPACT_AT = 64;

/** A queue of lots by age that can be cut at either end. */
class LotQueue {
	private lots: Lot[] = [];
	private head = 0;

	push(parcel: readonly Lot[]): void {
		for (const lot of parcel) {
			if (this.head === this.lots.length) this.reset();
			appendLot(this.lots, lot);
		}
	}

	/** Removes `amount` from the old end; oldest first. */
	takeOldest(amount: bigint): Lot[] {
		const taken: Lot[] = [];
		let left = amount;
		while (left > 0n && this.head < this.lots.length) {
			const lot = this.lots[this.head] as Lot;
			if (lot.amount <= left) {
				taken.push(lot);
				left -= lot.amount;
				this.head++;
			} else {
				taken.push({ origin: lot.origin, amount: left });
				this.lots[this.head] = { origin: lot.origin, amount: lot.amount - left };
				left = 0n;
			}
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
			if (lot.amount <= left) {
				taken.push(lot);
				left -= lot.amount;
			} else {
				taken.push({ origin: lot.origin, amount: left });
				this.lots.push({ origin: lot.origin, amount: lot.amount - left });
				left = 0n;
			}
		}
		return taken.reverse();
	}

	/** Turns clean units, newest first, into an origin's; returns how much. */
	mark(amount: bigint, origin: number): bigint {
		let left = amount;
		const marked: Lot[] = [];
		for (const lot of this.live().reverse()) {
			const own = lot.origin !== CLEAN ? 0n : minAmount(lot.amount, left);
			if (own > 0n) marked.push({ origin, amount: own });
			if (own < lot.amount) marked.push({ origin: lot.origin, amount: lot.amount - own });
			left -= own;
		}
		this.reset();
		this.push(marked.reverse());
		return amount - left;
	}

	live(): Lot[] {
		return this.lots.slice(this.head);
	}

	private compact(): void {
		if (this.head === this.lots.length) this.reset();
		else if (this.head > COMPACT_AT && this.head * 2 > this.lots.length) {
			this.lots = this.lots.slice(this.head);
			this.head = 0;
		}
	}

	private reset(): void {
		this.lots = [];
		this.head = 0;
	}
}

/** First in, first out: an outflow takes the oldest lots. Devaynes v Noble (Clayton's Case), 1816. */
export function fifoHolding(): Holding {
	return queueHolding((queue, amount) => queue.takeOldest(amount));
}

/** Last in, first out: an outflow takes the newest lots. */
export function lifoHolding(): Holding {
	return queueHolding((queue, amount) => queue.takeNewest(amount));
}

function queueHolding(take: (queue: LotQueue, amount: bigint) => Lot[]): Holding {
	const queue = new LotQueue();
	return {
		put: (parcel) => queue.push(parcel),
		take: (amount) => take(queue, amount),
		mark: (amount, origin) => queue.mark(amount, origin),
		tainted: () => queue.live().filter((lot) => lot.origin !== CLEAN),
	};
}

/**
 * Tainted money first or last, oldest tainted lot first among several: on one ledger the upper (`difo`) and lower
 * (`dilo`) bound of what any conserving rule can say has left.
 */
function separatedHolding(taintedFirst: boolean): Holding {
	const tainted = new LotQueue();
	let dirty = 0n;
	return {
		put(parcel) {
			const arriving = parcel.filter((lot) => lot.origin !== CLEAN);
			for (const lot of arriving) dirty += lot.amount;
			tainted.push(arriving);
		},
		take(amount, balance) {
			const fromDirty = taintedFirst ? minAmount(amount, dirty) : amount - minAmount(amount, balance - dirty);
			const fromClean = amount - fromDirty;
			const taken = fromDirty > 0n ? tainted.takeOldest(fromDirty) : [];
			dirty -= fromDirty;
			if (fromClean > 0n) taken.push({ origin: CLEAN, amount: fromClean });
			return taken;
		},
		mark(amount, origin, balance) {
			const marked = minAmount(amount, balance - dirty);
			if (marked > 0n) tainted.push([{ origin, amount: marked }]);
			dirty += marked;
			return marked;
		},
		tainted: () => tainted.live(),
	};
}

/** Dirty in, first out: the upper bound. */
export function difoHolding(): Holding {
	return separatedHolding(true);
}

/** Dirty in, last out: the lower bound. */
export function diloHolding(): Holding {
	return separatedHolding(false);
}
