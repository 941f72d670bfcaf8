import { minAmount } from "@clew/core";
import { apportion, CLEAN, type Lot } from "../lots.js";
import { ALL_CLEAN, type Holding, type Parcel } from "./holding.js";

/**
 * Pro rata (rolling charge): an outflow takes from each origin in proportion to its share of the balance. All money of
 * one origin is one lot, as old as the origin's oldest money since the ledger last held none of it.
 * Integers: floor each share, hand out the remainder by largest remainder, ties to the older lot. The North American rolling charge, as
 * Barlow Clowes v Vaughan [1992] 4 All ER 22 describes it (and does not apply it); Möser, Böhme, Breuker 2014.
 */
export class HaircutHolding implements Holding {
	/** Parallel lists, oldest first, clean money among them; no amount is 0. */
	private origins: number[] = [];
	private amounts: bigint[] = [];

	put(parcel: Parcel, amount: bigint): void {
		let clean = amount;
		for (const lot of parcel) clean -= lot.amount;
		// What arrives at once is of one age; clean money counts as the older.
		if (clean > 0n) this.add(CLEAN, clean);
		for (const lot of parcel) this.add(lot.origin, lot.amount);
	}

	private add(origin: number, amount: bigint): void {
		const at = this.origins.indexOf(origin);
		if (at >= 0) this.amounts[at] = (this.amounts[at] as bigint) + amount;
		else {
			this.origins.push(origin);
			this.amounts.push(amount);
		}
	}

	take(amount: bigint, balance: bigint): Parcel {
		const shares = this.shares(amount, balance);
		const taken: Lot[] = [];
		let empty = false;
		for (let i = 0; i < shares.length; i++) {
			const share = shares[i] as bigint;
			const origin = this.origins[i] as number;
			const left = (this.amounts[i] as bigint) - share;
			this.amounts[i] = left;
			empty ||= left === 0n;
			if (origin !== CLEAN && share > 0n) taken.push({ origin, amount: share });
		}
		if (empty) this.dropEmpty();
		return taken.length === 0 ? ALL_CLEAN : taken;
	}

	/** What each lot gives; the case of two lots, by far the commonest, without lists of remainders. */
	private shares(amount: bigint, balance: bigint): readonly bigint[] {
		if (this.amounts.length === 1 || amount === balance) return amount === balance ? [...this.amounts] : [amount];
		if (this.amounts.length > 2) return apportion(amount, this.amounts);
		const product = (this.amounts[0] as bigint) * amount;
		let first = product / balance;
		const remainder = product - first * balance;
		if (remainder * 2n >= balance) first += 1n;
		return [first, amount - first];
	}

	private dropEmpty(): void {
		this.origins = this.origins.filter((_, i) => this.amounts[i] !== 0n);
		this.amounts = this.amounts.filter((left) => left !== 0n);
	}

	mark(amount: bigint, origin: number): bigint {
		const at = this.origins.indexOf(CLEAN);
		const marked = minAmount(amount, this.amounts[at] ?? 0n);
		if (marked === 0n) return 0n;
		this.amounts[at] = (this.amounts[at] as bigint) - marked;
		this.add(origin, marked);
		this.dropEmpty();
		return marked;
	}

	tainted(): readonly Lot[] {
		return this.origins.map((origin, i) => ({ origin, amount: this.amounts[i] as bigint })).filter((lot) => lot.origin !== CLEAN);
	}
}
