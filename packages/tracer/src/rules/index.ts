import { maxAmount, minAmount, type Rule } from "@clew/core";
import { CLEAN, type Lot, sumLots } from "../lots.js";
import { difoHolding, diloHolding, fifoHolding, lifoHolding } from "./age-ordered.js";
import { librHolding, poisonHolding } from "./claims.js";
import { haircutHolding } from "./haircut.js";
import type { Holding } from "./holding.js";

/** A fresh holding under a rule; `balanceOf` reads the ledger's balance, which poison needs. */
export function newHolding(rule: Rule, balanceOf: () => bigint): Holding {
	switch (rule) {
		case "fifo":
			return fifoHolding();
		case "lifo":
			return lifoHolding();
		case "haircut":
			return haircutHolding();
		case "poison":
			return poisonHolding(balanceOf);
		case "libr":
			return librHolding();
		case "difo":
			return difoHolding();
		case "dilo":
			return diloHolding();
	}
}

/** True for rules whose parcels are overlapping claims instead of lots that sum to the amount. */
export function isClaimRule(rule: Rule): boolean {
	return rule === "libr" || rule === "poison";
}

/**
 * One number for a parcel over all origins: the sum of tainted lots; for claims, which are never summed, the largest
 * single claim.
 */
export function taintedTotal(rule: Rule, parcel: readonly Lot[]): bigint {
	if (!isClaimRule(rule)) return sumLots(parcel.filter((lot) => lot.origin !== CLEAN));
	let largest = 0n;
	for (const [, claim] of byOrigin(parcel)) largest = maxAmount(largest, claim);
	return largest;
}

/** Tainted amounts of a parcel by origin. */
export function byOrigin(parcel: readonly Lot[]): Map<number, bigint> {
	const sums = new Map<number, bigint>();
	for (const lot of parcel) {
		if (lot.origin !== CLEAN) sums.set(lot.origin, (sums.get(lot.origin) ?? 0n) + lot.amount);
	}
	return sums;
}

/** What becomes of a clean arrival of `amount` when a seed marks up to `limit` of its clean units, the first ones. Returns the parcel and how much was marked. */
export function markParcel(
	rule: Rule,
	parcel: readonly Lot[],
	amount: bigint,
	origin: number,
	limit: bigint,
): { parcel: Lot[]; marked: bigint } {
	if (isClaimRule(rule)) {
		const own = byOrigin(parcel).get(origin) ?? 0n;
		const free = rule === "poison" && own > 0n ? 0n : amount - own;
		const marked = minAmount(free, limit);
		return { parcel: marked > 0n ? [...parcel, { origin, amount: marked }] : [...parcel], marked };
	}
	const out: Lot[] = [];
	let left = limit;
	for (const lot of parcel) {
		const marked = lot.origin !== CLEAN ? 0n : minAmount(lot.amount, left);
		if (marked > 0n) out.push({ origin, amount: marked });
		if (marked < lot.amount) out.push({ origin: lot.origin, amount: lot.amount - marked });
		left -= marked;
	}
	return { parcel: out, marked: limit - left };
}
