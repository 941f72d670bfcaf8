import type { Lot } from "../lots.js";

/**
 * What one ledger (account, asset) holds under one rule. The engine keeps the balance; a holding keeps whose it is.
 *
 * A parcel is a list of lots, oldest first. Under every conserving rule its lots sum to the amount moved. Under `libr`
 * and `poison` it lists claims alone: each claimant's amount, which may overlap.
 */
export interface Holding {
	/** Adds what arrives, as the newest part of the balance. */
	put(parcel: readonly Lot[]): void;
	/** Removes an outflow of `amount`, at most `balance`, which is the balance before it. Returns what left, oldest first. */
	take(amount: bigint, balance: bigint): Lot[];
	/** Gives up to `amount` of the clean units, newest first, to an origin; `balance` is the ledger's. Returns how much. */
	mark(amount: bigint, origin: number, balance: bigint): bigint;
	/** What each origin holds, clean left out, oldest first; an origin may come several times. */
	tainted(): Lot[];
}
