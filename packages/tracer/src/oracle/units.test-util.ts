import type { Rule } from "@clew/core";

/** Money that no seed marked. */
export const CLEAN = -1;

/**
 * Money on the move under one rule: one entry a unit, its origin, oldest first; under `libr` and `poison` the origins' claims beside the
 * units, which then are only counted.
 */
export interface Part {
	readonly units: readonly number[];
	readonly claims: ReadonlyMap<number, number>;
}

/** So many clean units. */
export const cleanPart = (count: number): Part => ({ units: new Array<number>(count).fill(CLEAN), claims: new Map() });

const isClaim = (rule: Rule) => rule === "libr" || rule === "poison";

/** What of a part is one origin's. */
export function ofOrigin(rule: Rule, part: Part, origin: number): number {
	return isClaim(rule) ? (part.claims.get(origin) ?? 0) : part.units.filter((unit) => unit === origin).length;
}

/** The origins in a part. */
export function originsIn(rule: Rule, part: Part): number[] {
	return isClaim(rule) ? [...part.claims.keys()] : [...new Set(part.units.filter((unit) => unit !== CLEAN))];
}

/** Over all origins: the sum, of claims the largest. */
export function inAll(rule: Rule, part: Part): number {
	const each = originsIn(rule, part).map((origin) => ofOrigin(rule, part, origin));
	return isClaim(rule) ? Math.max(0, ...each) : each.reduce((a, b) => a + b, 0);
}

/** A seed marks up to `limit` clean units of an arrival. */
export function markArriving(rule: Rule, part: Part, origin: number, limit: number): { part: Part; marked: number } {
	const free = isClaim(rule)
		? Math.max(0, part.units.length - (part.claims.get(origin) ?? 0))
		: part.units.filter((unit) => unit === CLEAN).length;
	const marked = Math.min(free, limit);
	if (marked === 0) return { part, marked };
	if (isClaim(rule))
		return { part: { units: part.units, claims: new Map([...part.claims, [origin, (part.claims.get(origin) ?? 0) + marked]]) }, marked };
	if (rule === "fifo" || rule === "lifo") {
		let left = marked;
		return { part: { units: part.units.map((unit) => (unit === CLEAN && left-- > 0 ? origin : unit)), claims: new Map() }, marked };
	}
	// The other rules have no places inside an arrival: the marked units stand behind what was tainted already.
	const clean = part.units.filter((unit) => unit === CLEAN).slice(marked);
	const tainted = part.units.filter((unit) => unit !== CLEAN);
	return { part: { units: [...clean, ...tainted, ...new Array<number>(marked).fill(origin)], claims: new Map() }, marked };
}

/** One account's holding of one asset under one rule. */
export interface Purse {
	count(): number;
	put(part: Part): void;
	/** Removes units; what is missing are unknown clean ones, the newest. */
	take(count: number): Part;
	/** Marks clean units of what is there, the newest first. */
	mark(limit: number, origin: number): number;
	/** What is tainted now. */
	held(): Part;
}

/** An empty purse. */
export function purse(rule: Rule): Purse {
	let units: number[] = [];
	const claims = new Map<number, number>();

	function chosen(count: number): number[] {
		const all = units.map((_, i) => i);
		const dirty = all.filter((i) => units[i] !== CLEAN);
		const clean = all.filter((i) => units[i] === CLEAN);
		if (rule === "fifo") return all.slice(0, count);
		if (rule === "lifo") return all.slice(all.length - count);
		if (rule === "difo" || rule === "tiho") return [...dirty, ...clean].slice(0, count);
		if (rule === "dilo") return [...clean, ...dirty].slice(0, count);
		return byShares(count);
	}

	/** Of every origin its share, from its newest units, so that it keeps its age while any of it is left. */
	function byShares(count: number): number[] {
		const groups = [...new Set(units)].map((origin) => {
			const own = units.map((_, i) => i).filter((i) => units[i] === origin);
			return { own, share: Math.floor((own.length * count) / units.length), rest: (own.length * count) % units.length };
		});
		let left = count - groups.reduce((sum, { share }) => sum + share, 0);
		for (const group of [...groups].sort((a, b) => b.rest - a.rest)) if (left-- > 0) group.share++;
		return groups.flatMap(({ own, share }) => own.slice(own.length - share));
	}

	function takeClaims(count: number): Map<number, number> {
		const after = units.length - count;
		const gone = new Map<number, number>();
		for (const [origin, claim] of claims) {
			const part = rule === "poison" ? count : Math.max(0, claim - after);
			if (part > 0) gone.set(origin, part);
			if (rule === "libr") claims.set(origin, claim - part);
		}
		for (const [origin, claim] of [...claims]) if (after === 0 || (rule === "libr" && claim === 0)) claims.delete(origin);
		return gone;
	}

	return {
		count: () => units.length,
		put(part) {
			if (rule === "haircut") {
				// What arrives at once is of one age; the clean part counts as the older.
				const clean = part.units.filter((unit) => unit === CLEAN);
				units = [...units, ...clean, ...part.units.filter((unit) => unit !== CLEAN)];
			} else units = [...units, ...part.units];
			for (const [origin, claim] of part.claims) claims.set(origin, (claims.get(origin) ?? 0) + claim);
		},
		take(count) {
			while (units.length < count) units.push(CLEAN);
			if (count === 0) return cleanPart(0);
			if (isClaim(rule)) {
				const gone = takeClaims(count);
				const taken = units.slice(0, count);
				units = units.slice(count);
				return { units: taken, claims: gone };
			}
			const order = chosen(count);
			const gone = new Set(order);
			// Where tainted units alone have an order, their own; else the order of age.
			const taken = (rule === "haircut" ? order : [...order].sort((a, b) => a - b)).map((i) => units[i] as number);
			units = units.filter((_, i) => !gone.has(i));
			return { units: taken, claims: new Map() };
		},
		mark(limit, origin) {
			if (isClaim(rule)) {
				const own = claims.get(origin) ?? 0;
				const marked = rule === "poison" && claims.has(origin) ? 0 : Math.min(limit, units.length - own);
				if (marked > 0) claims.set(origin, own + marked);
				return marked;
			}
			const clean = units.map((_, i) => i).filter((i) => units[i] === CLEAN);
			const newest = new Set(clean.slice(clean.length - Math.min(limit, clean.length)));
			if (rule === "fifo" || rule === "lifo") units = units.map((unit, i) => (newest.has(i) ? origin : unit));
			else units = [...units.filter((_, i) => !newest.has(i)), ...[...newest].map(() => origin)];
			return newest.size;
		},
		held() {
			if (rule === "poison") return { units, claims: new Map([...claims.keys()].map((origin) => [origin, units.length])) };
			return { units, claims: new Map(claims) };
		},
	};
}

/**
 * What comes out of an exchange of `paid` units for `got`: a share for every run of units of one origin, rounded down, the rest to the
 * largest remainders.
 */
export function exchanged(rule: Rule, part: Part, paid: number, got: number): Part {
	if (rule === "poison") return { units: cleanPart(got).units, claims: new Map([...part.claims.keys()].map((origin) => [origin, got])) };
	if (rule === "libr") {
		const claims = [...part.claims].map(([origin, claim]) => [origin, Math.floor((claim * got) / paid)] as const);
		return { units: cleanPart(got).units, claims: new Map(claims.filter(([, claim]) => claim > 0)) };
	}
	const runs: { origin: number; length: number; share: number; rest: number }[] = [];
	const inOrder =
		rule === "fifo" || rule === "lifo"
			? part.units
			: [...part.units.filter((unit) => unit !== CLEAN), ...part.units.filter((unit) => unit === CLEAN)];
	for (const unit of inOrder) {
		const last = runs[runs.length - 1];
		if (last?.origin === unit) last.length++;
		else runs.push({ origin: unit, length: 1, share: 0, rest: 0 });
	}
	let left = got;
	for (const run of runs) {
		run.share = Math.floor((run.length * got) / paid);
		run.rest = (run.length * got) % paid;
		left -= run.share;
	}
	for (const run of [...runs].sort((a, b) => b.rest - a.rest)) if (left-- > 0) run.share++;
	return { units: runs.flatMap(({ origin, share }) => new Array<number>(share).fill(origin)), claims: new Map() };
}
