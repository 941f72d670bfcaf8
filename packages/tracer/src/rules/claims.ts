import { minAmount } from "@clew/core";
import type { Lot } from "../lots.js";
import { ALL_CLEAN, type Holding, type Parcel } from "./holding.js";

/**
 * `libr`, lowest intermediate balance: the wrongdoer spends his own money first, so a claimant's taint falls only when the
 * balance falls below it: after an outflow it is min(taint before, balance after). Each claimant is computed alone; claims may
 * overlap and are never summed. James Roscoe (Bolton) Ltd v Winder [1915] 1 Ch 62.
 */
export class LowestBalanceHolding implements Holding {
	private claims: Lot[] = [];

	put(parcel: Parcel): void {
		for (const lot of parcel) {
			const at = this.placeOf(lot.origin);
			if (at < 0) this.claims.push(lot);
			else this.claims[at] = { origin: lot.origin, amount: (this.claims[at] as Lot).amount + lot.amount };
		}
	}

	private placeOf(origin: number): number {
		for (let at = 0; at < this.claims.length; at++) if (this.claims[at]?.origin === origin) return at;
		return -1;
	}

	take(amount: bigint, balance: bigint): Parcel {
		const after = balance - amount;
		let taken: Lot[] | undefined;
		for (let i = 0; i < this.claims.length; i++) {
			const { origin, amount: claim } = this.claims[i] as Lot;
			if (claim <= after) continue;
			taken ??= [];
			taken.push({ origin, amount: claim - after });
			this.claims[i] = { origin, amount: after };
		}
		if (taken !== undefined && after === 0n) this.claims = [];
		return taken ?? ALL_CLEAN;
	}

	mark(amount: bigint, origin: number, balance: bigint): bigint {
		const own = this.claims.find((claim) => claim.origin === origin)?.amount ?? 0n;
		const marked = minAmount(amount, balance - own);
		if (marked > 0n) this.put([{ origin, amount: marked }]);
		return marked;
	}

	tainted(): readonly Lot[] {
		return this.claims;
	}
}

/**
 * `poison`: any taint makes the whole balance, and so every whole outflow, tainted, until the balance reaches 0. Screening
 * only: it does not conserve value (Möser, Böhme, Breuker: Towards Risk Scoring of Bitcoin Transactions, 2014).
 */
export class PoisonHolding implements Holding {
	private readonly origins = new Set<number>();

	put(parcel: Parcel): void {
		for (const lot of parcel) this.origins.add(lot.origin);
	}

	take(amount: bigint, balance: bigint): Parcel {
		if (this.origins.size === 0) return ALL_CLEAN;
		const taken = this.tainted(amount);
		if (amount === balance) this.origins.clear();
		return taken;
	}

	mark(amount: bigint, origin: number, balance: bigint): bigint {
		const marked = this.origins.has(origin) ? 0n : minAmount(amount, balance);
		if (marked > 0n) this.origins.add(origin);
		return marked;
	}

	tainted(balance: bigint): readonly Lot[] {
		return [...this.origins].map((origin) => ({ origin, amount: balance }));
	}
}
