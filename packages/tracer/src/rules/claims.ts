import { minAmount } from "@clew/core";
import { CLEAN, type Lot } from "../lots.js";
import type { Holding } from "./holding.js";

/**
 * Lowest intermediate balance: the wrongdoer spends his own money first, so a claimant's taint falls only when the balance falls
 * below it: after an outflow it is min(taint before, balance after). Each claimant is computed alone; claims may overlap and are never summed.
 * Roscoe v Winder [1915] 1 Ch 62; James Roscoe (Bolton) Ltd.
 */
export function librHolding(): Holding {
	const claims = new Map<number, bigint>();
	return {
		put(parcel) {
			for (const lot of parcel) {
				if (lot.origin !== CLEAN) claims.set(lot.origin, (claims.get(lot.origin) ?? 0n) + lot.amount);
			}
		},
		take(amount, balance) {
			const after = balance - amount;
			const taken: Lot[] = [];
			for (const [origin, claim] of claims) {
				if (claim <= after) continue;
				taken.push({ origin, amount: claim - after });
				if (after === 0n) claims.delete(origin);
				else claims.set(origin, after);
			}
			return taken;
		},
		mark(amount, origin, balance) {
			const own = claims.get(origin) ?? 0n;
			const marked = minAmount(amount, balance - own);
			if (marked > 0n) claims.set(origin, own + marked);
			return marked;
		},
		tainted: () => [...claims].map(([origin, amount]) => ({ origin, amount })),
	};
}

/**
 * Any taint makes the whole balance, and so every whole outflow, tainted, until the balance reaches 0. Screening only: it
 * does not conserve value (Möser, Böhme, Breuker: Towards Risk Scoring of Bitcoin Transactions, 2014).
 */
export function poisonHolding(balanceOf: () => bigint): Holding {
	const origins = new Set<number>();
	return {
		put(parcel) {
			for (const lot of parcel) if (lot.origin !== CLEAN) origins.add(lot.origin);
		},
		take(amount, balance) {
			const taken = [...origins].map((origin) => ({ origin, amount }));
			if (amount === balance) origins.clear();
			return taken;
		},
		mark(amount, origin, balance) {
			if (origins.has(origin) || balance === 0n) return 0n;
			origins.add(origin);
			return minAmount(amount, balance);
		},
		tainted: () => [...origins].map((origin) => ({ origin, amount: balanceOf() })),
	};
}
