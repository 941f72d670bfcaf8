import type { Rule } from "@clew/core";
import { CLEAN, type Lot } from "../lots.js";

/**
 * One ledger in the most literal way: an array with one entry, its origin, per base unit. The reference that tests compare the engine with.
 */
export interface NaiveLedger {
	put(units: readonly number[]): void;
	/** Removes units; beyond what is there, unknown clean units. Lots of tainted units. */
	take(count: number): Lot[];
	left(): Lot[];
}

/** Written apart from the engine's holdings, from the rules' definitions alone; for amounts of a few thousand units. */
export function naiveLedger(rule: Rule): NaiveLedger {
	let units: number[] = [];
	// Claims of libr and poison stand beside the units: they are no partition of them.
	const claims = new Map<number, number>();
	const lots = (list: readonly number[]): Lot[] => list.filter((o) => o !== CLEAN).map((o) => ({ origin: o, amount: 1n }));

	function choose(count: number): number[] {
		const indices = units.map((_, i) => i);
		if (rule === "fifo") return indices.slice(0, count);
		if (rule === "lifo") return indices.slice(indices.length - count);
		const dirty = indices.filter((i) => units[i] !== CLEAN);
		const clean = indices.filter((i) => units[i] === CLEAN);
		if (rule === "difo") return [...dirty, ...clean].slice(0, count);
		if (rule === "dilo") return [...clean, ...dirty].slice(0, count);
		return shares(count);
	}

	/**
	 * Pro rata: for each origin in order of first unit, a share of its units, by largest remainder; its first unit goes last, so that an
	 * origin keeps its age while any of it is left.
	 */
	function shares(count: number): number[] {
		const groups = new Map<number, number[]>();
		for (const [i, o] of units.entries()) groups.set(o, [...(groups.get(o) ?? []), i]);
		const exact = [...groups.values()].map((own) => ({
			own,
			floor: Math.floor((own.length * count) / units.length),
			rest: (own.length * count) % units.length,
		}));
		let left = count - exact.reduce((sum, g) => sum + g.floor, 0);
		for (const g of [...exact].sort((a, b) => b.rest - a.rest)) if (left-- > 0) g.floor++;
		return exact.flatMap((g) => g.own.slice(g.own.length - g.floor));
	}

	function takeClaims(count: number, before: number): Lot[] {
		const after = before - count;
		const taken: Lot[] = [];
		for (const [o, claim] of claims) {
			const gone = rule === "poison" ? count : Math.max(0, claim - after);
			if (gone > 0) taken.push({ origin: o, amount: BigInt(gone) });
			if (rule === "libr") claims.set(o, claim - gone);
		}
		if (after === 0) claims.clear();
		return taken;
	}

	return {
		put(arriving) {
			units = [...units, ...arriving];
			for (const o of arriving) if (o !== CLEAN) claims.set(o, (claims.get(o) ?? 0) + 1);
		},
		take(count) {
			while (units.length < count) units.push(CLEAN);
			if (rule === "libr" || rule === "poison") {
				const taken = takeClaims(count, units.length);
				units = units.slice(count);
				return taken;
			}
			const chosen = choose(count);
			const gone = new Set(chosen);
			const taken = chosen.map((i) => units[i] as number);
			units = units.filter((_, i) => !gone.has(i));
			return lots(taken);
		},
		left() {
			if (rule === "poison") return [...claims.keys()].map((o) => ({ origin: o, amount: BigInt(units.length) }));
			if (rule === "libr") return [...claims].filter(([, c]) => c > 0).map(([o, c]) => ({ origin: o, amount: BigInt(c) }));
			return lots(units);
		},
	};
}
