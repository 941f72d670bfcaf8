import type { Lot } from "../lots.js";

/**
 * What left an account with one outflow, under one rule: a list of lots, oldest first. Empty when all of it is clean.
 * Otherwise, under `fifo` and `lifo`, its lots, clean ones among them, sum to the amount; under the other rules it lists
 * the tainted lots alone; under `libr` and `poison` these are claims, which may overlap.
 */
export type Parcel = readonly Lot[];

/** The parcel in which nothing is tainted. */
export const ALL_CLEAN: Parcel = Object.freeze([]);

/** What one ledger (account, asset) holds under one rule. The engine keeps the balance; a holding keeps whose it is. */
export interface Holding {
	/** Adds `amount` that arrives, as the newest part of the balance. */
	put(parcel: Parcel, amount: bigint): void;
	/** Removes an outflow of `amount`, at most `balance`, which is the balance before it. */
	take(amount: bigint, balance: bigint): Parcel;
	/** Gives up to `amount` of the clean units, newest first, to an origin; `balance` is the ledger's. Returns how much. */
	mark(amount: bigint, origin: number, balance: bigint): bigint;
	/** What each origin holds, oldest first; an origin may come several times. `balance` is the ledger's. */
	tainted(balance: bigint): readonly Lot[];
}
