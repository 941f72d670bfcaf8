import { maxAmount, minAmount, type Rule } from "@clew/core";
import { CLEAN, markLots, sumLots } from "../lots.js";
import { AgeOrderedHolding, SeparatedHolding } from "./age-ordered.js";
import { LowestBalanceHolding, PoisonHolding } from "./claims.js";
import { HaircutHolding } from "./haircut.js";
import type { Holding, Parcel } from "./holding.js";

/** A fresh, empty holding under a rule. */
export function newHolding(rule: Rule): Holding {
	switch (rule) {
		case "fifo":
			return new AgeOrderedHolding(true);
		case "lifo":
			return new AgeOrderedHolding(false);
		case "haircut":
			return new HaircutHolding();
		case "poison":
			return new PoisonHolding();
		case "libr":
			return new LowestBalanceHolding();
		// `tiho` takes tainted money first as well; what makes it is the order of outputs (see `spread`).
		case "tiho":
		case "difo":
			return new SeparatedHolding(true);
		case "dilo":
			return new SeparatedHolding(false);
	}
}

/** True for rules whose parcels are overlapping claims instead of parts of the amount. */
export function isClaimRule(rule: Rule): boolean {
	return rule === "libr" || rule === "poison";
}

/** True for rules that keep lots in order of age, whose parcels list clean lots too. */
export function isAgeOrdered(rule: Rule): boolean {
	return rule === "fifo" || rule === "lifo";
}

/**
 * One number for a parcel over all origins: the sum of tainted lots; for claims, which are never summed, the largest
 * single claim.
 */
export function taintedTotal(rule: Rule, parcel: Parcel): bigint {
	if (!isClaimRule(rule)) return sumLots(parcel.filter((lot) => lot.origin !== CLEAN));
	return [...byOrigin(parcel).values()].reduce(maxAmount, 0n);
}

/** Tainted amounts of a parcel by origin. */
export function byOrigin(parcel: Parcel): Map<number, bigint> {
	const sums = new Map<number, bigint>();
	for (const lot of parcel) {
		if (lot.origin !== CLEAN) sums.set(lot.origin, (sums.get(lot.origin) ?? 0n) + lot.amount);
	}
	return sums;
}

/**
 * What becomes of an arrival of `amount` when a seed marks up to `limit` of its clean units, the first ones. Returns the parcel and how
 * much was marked.
 */
export function markParcel(rule: Rule, parcel: Parcel, amount: bigint, origin: number, limit: bigint): { parcel: Parcel; marked: bigint } {
	if (isAgeOrdered(rule)) {
		const { lots, marked } = markLots(parcel.length === 0 ? [{ origin: CLEAN, amount }] : parcel, origin, limit);
		return { parcel: lots, marked };
	}
	const own = isClaimRule(rule) ? (byOrigin(parcel).get(origin) ?? 0n) : sumLots(parcel);
	const marked = minAmount(amount - own, limit);
	return { parcel: marked > 0n ? [...parcel, { origin, amount: marked }] : parcel, marked };
}
