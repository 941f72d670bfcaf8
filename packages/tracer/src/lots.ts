import { minAmount } from "@clew/core";

/** Origin of money that no seed marked. */
export const CLEAN = -1;

/** Part of a balance with one origin: a seed's index, or {@link CLEAN}. `amount` is in base units and above 0. */
export interface Lot {
	readonly origin: number;
	readonly amount: bigint;
}

/** Appends a lot, joining it with the last one when the origin is the same. */
export function appendLot(lots: Lot[], lot: Lot): void {
	const last = lots.length > 0 ? lots[lots.length - 1] : undefined;
	if (last !== undefined && last.origin === lot.origin) lots[lots.length - 1] = { origin: lot.origin, amount: last.amount + lot.amount };
	else lots.push(lot);
}

/** Gives up to `limit` clean units, in the order of the list, to an origin. Returns the lots and how much was marked. */
export function markLots(lots: readonly Lot[], origin: number, limit: bigint): { lots: Lot[]; marked: bigint } {
	const out: Lot[] = [];
	let left = limit;
	for (const lot of lots) {
		const marked = lot.origin !== CLEAN ? 0n : minAmount(lot.amount, left);
		if (marked > 0n) out.push({ origin, amount: marked });
		if (marked < lot.amount) out.push({ origin: lot.origin, amount: lot.amount - marked });
		left -= marked;
	}
	return { lots: out, marked: limit - left };
}

/** Sum of all lots. */
export function sumLots(lots: readonly Lot[]): bigint {
	let sum = 0n;
	for (const lot of lots) sum += lot.amount;
	return sum;
}

/**
 * Splits `total` over weights in exact integers: floor each share, then hand out the remainder one unit at a time by
 * largest remainder, ties to the earlier weight (Hamilton's method). The result sums to `total`. Weights must not all be 0.
 */
export function apportion(total: bigint, weights: readonly bigint[]): bigint[] {
	let sum = 0n;
	for (const weight of weights) sum += weight;
	if (total === sum) return [...weights];
	const shares: bigint[] = [];
	const remainders: { index: number; remainder: bigint }[] = [];
	let given = 0n;
	for (let index = 0; index < weights.length; index++) {
		const product = (weights[index] ?? 0n) * total;
		const share = product / sum;
		shares.push(share);
		given += share;
		remainders.push({ index, remainder: product - share * sum });
	}
	let left = Number(total - given);
	if (left > 0) {
		remainders.sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
		for (const { index } of remainders) {
			if (left-- === 0) break;
			shares[index] = (shares[index] ?? 0n) + 1n;
		}
	}
	return shares;
}
