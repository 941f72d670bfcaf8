import { minAmount } from "@clew/core";
import { apportion, CLEAN, type Lot } from "../lots.js";
import type { Holding } from "./holding.js";

/**
 * Pro rata (rolling charge): an outflow takes from each origin in proportion to its share of the balance. All money of
 * one origin is one lot, as old as the origin's oldest money since the ledger last held none of it.
 * Integers: floor each share, hand out the remainder by largest remainder, ties to the older lot. Barlow Clowes v Vaughan,
 * [1992] 4 All ER 22 (the North American rolling charge).
 */
export function haircutHolding(): Holding {
	let lots: Lot[] = [];
	const put = (parcel: readonly Lot[]) => {
		for (const lot of parcel) {
			const at = lots.findIndex((held) => held.origin === lot.origin);
			if (at < 0) lots.push(lot);
			else lots[at] = { origin: lot.origin, amount: (lots[at] as Lot).amount + lot.amount };
		}
	};
	return {
		put,
		mark(amount, origin) {
			const clean = lots.find((lot) => lot.origin === CLEAN)?.amount ?? 0n;
			const marked = minAmount(amount, clean);
			if (marked === 0n) return 0n;
			lots = lots.map((lot) => (lot.origin === CLEAN ? { origin: CLEAN, amount: clean - marked } : lot)).filter((lot) => lot.amount > 0n);
			put([{ origin, amount: marked }]);
			return marked;
		},
		take(amount) {
			const [only] = lots;
			if (only !== undefined && lots.length === 1) {
				lots = only.amount === amount ? [] : [{ origin: only.origin, amount: only.amount - amount }];
				return [{ origin: only.origin, amount }];
			}
			const shares = apportion(
				amount,
				lots.map((lot) => lot.amount),
			);
			const taken: Lot[] = [];
			const kept: Lot[] = [];
			for (const [i, lot] of lots.entries()) {
				const share = shares[i] ?? 0n;
				if (share > 0n) taken.push({ origin: lot.origin, amount: share });
				if (share < lot.amount) kept.push({ origin: lot.origin, amount: lot.amount - share });
			}
			lots = kept;
			return taken;
		},
		tainted: () => lots.filter((lot) => lot.origin !== CLEAN),
	};
}
