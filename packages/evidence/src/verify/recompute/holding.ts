import { isClaim, POISON } from "../trace/rules.js";

/** Origin of money that no seed marked. */
export const CLEAN = -1;

/** So many units of one origin: a seed's place among the seeds, or {@link CLEAN}. */
export interface Lot {
	readonly of: number;
	readonly n: bigint;
}

/**
 * Whose an amount is under one rule. `fifo`, `lifo`: its lots, oldest first, clean ones among them. `libr`, `poison`: each origin's
 * claim to it. Other rules: its tainted lots, oldest first. No lot is empty; without any, all of it is clean.
 */
export type Part = readonly Lot[];

export const ALL_CLEAN: Part = [];

const hasPlaces = (rule: string) => rule === "fifo" || rule === "lifo";
const least = (a: bigint, b: bigint) => (a < b ? a : b);

export function sumOf(lots: Part): bigint {
	let sum = 0n;
	for (const { n } of lots) sum += n;
	return sum;
}

/** What of a part is one origin's. */
export function ofOrigin(part: Part, origin: number): bigint {
	let sum = 0n;
	for (const { of, n } of part) if (of === origin) sum += n;
	return sum;
}

/** Over all origins: the sum, of claims the largest. */
export function inAll(rule: string, part: Part): bigint {
	if (!isClaim(rule)) return sumOf(part.filter(({ of }) => of !== CLEAN));
	return part.reduce((most, { n }) => (n > most ? n : most), 0n);
}

/** Splits `total` by weights: shares rounded down, the rest one by one to the largest remainders, of equal ones to the first. */
export function shared(total: bigint, weights: readonly bigint[]): bigint[] {
	const sum = weights.reduce((a, b) => a + b, 0n);
	const shares = weights.map((weight) => (weight * total) / sum);
	let rest = total - shares.reduce((a, b) => a + b, 0n);
	const order = weights.map((weight, i) => ({ i, remainder: (weight * total) % sum }));
	order.sort((a, b) => (a.remainder === b.remainder ? a.i - b.i : a.remainder > b.remainder ? -1 : 1));
	for (const { i } of order) {
		if (rest === 0n) break;
		shares[i] = (shares[i] as bigint) + 1n;
		rest -= 1n;
	}
	return shares;
}

/** What a seed marks of `amount` that arrives as `part`: clean units, the oldest first, up to `limit`. */
export function markArriving(rule: string, part: Part, amount: bigint, origin: number, limit: bigint): { part: Part; marked: bigint } {
	if (hasPlaces(rule)) {
		let left = limit;
		const lots: Lot[] = [];
		for (const lot of part.length === 0 ? [{ of: CLEAN, n: amount }] : part) {
			const marked = lot.of === CLEAN ? least(lot.n, left) : 0n;
			append(lots, { of: origin, n: marked });
			append(lots, { of: lot.of, n: lot.n - marked });
			left -= marked;
		}
		return { part: lots, marked: limit - left };
	}
	const own = isClaim(rule) ? ofOrigin(part, origin) : sumOf(part);
	const marked = least(amount - own, limit);
	if (marked <= 0n) return { part, marked: 0n };
	return { part: isClaim(rule) ? claimed([...part], origin, marked) : [...part, { of: origin, n: marked }], marked };
}

/** What becomes of a part of `paid` units that are exchanged for `got` others. */
export function exchanged(rule: string, part: Part, paid: bigint, got: bigint): Part {
	if (part.length === 0) return part;
	if (rule === POISON) return part.map(({ of }) => ({ of, n: got }));
	if (rule === "libr") return part.map(({ of, n }) => ({ of, n: (n * got) / paid })).filter(({ n }) => n > 0n);
	const all = hasPlaces(rule) ? part : [...part, { of: CLEAN, n: paid - sumOf(part) }];
	const shares = shared(
		got,
		all.map(({ n }) => n),
	);
	const into = all.map(({ of }, i) => ({ of, n: shares[i] as bigint })).filter(({ n }) => n > 0n);
	const kept = hasPlaces(rule) ? into : into.filter(({ of }) => of !== CLEAN);
	return kept.every(({ of }) => of === CLEAN) ? ALL_CLEAN : kept;
}

/** Adds to the end; equal neighbours are one lot. */
function append(lots: Lot[], lot: Lot): void {
	if (lot.n === 0n) return;
	const last = lots.at(-1);
	if (last?.of === lot.of) lots[lots.length - 1] = { of: lot.of, n: last.n + lot.n };
	else lots.push(lot);
}

/** Adds to the one lot of an origin, or as the newest. */
export function claimed(lots: Lot[], of: number, n: bigint): Lot[] {
	const at = lots.findIndex((lot) => lot.of === of);
	if (at < 0) lots.push({ of, n });
	else lots[at] = { of, n: (lots[at] as Lot).n + n };
	return lots;
}

/**
 * What one account has of one asset under one rule, or what passes through a transaction: written from docs/tracing-rules.md, apart from
 * the engine, as plainly as the text.
 */
export class Holding {
	private readonly rule: string;
	private balance = 0n;
	/** Oldest first. All units under `fifo`, `lifo` and `haircut`, claims under `libr` and `poison`, else the tainted ones. */
	private lots: Lot[] = [];
	/** What lots of each origin, clean ones too, add up to: kept, so that no movement adds up all that came before it. */
	private sums = new Map<number, bigint>();

	constructor(rule: string) {
		this.rule = rule;
	}

	put(part: Part, amount: bigint): void {
		const { rule, lots } = this;
		if (hasPlaces(rule)) for (const lot of part.length === 0 ? [{ of: CLEAN, n: amount }] : part) append(lots, lot);
		else if (rule === "haircut") {
			// What arrives at once is of one age; its clean part counts as the older.
			const clean = amount - sumOf(part);
			if (clean > 0n) claimed(lots, CLEAN, clean);
			for (const { of, n } of part) claimed(lots, of, n);
		} else if (isClaim(rule)) for (const { of, n } of part) claimed(lots, of, n);
		else for (const lot of part) append(lots, lot);
		for (const { of, n } of part) this.count(of, n);
		this.balance += amount;
	}

	private count(of: number, n: bigint): void {
		this.sums.set(of, (this.sums.get(of) ?? 0n) + n);
	}

	/** What is tainted of it, without clean lots. */
	private dirty(): bigint {
		let sum = 0n;
		for (const [of, n] of this.sums) if (of !== CLEAN) sum += n;
		return sum;
	}

	/** What is one origin's of a claim, else what is tainted. */
	tainted(origin: number): bigint {
		if (this.rule === POISON) return this.lots.some(({ of }) => of === origin) ? this.balance : 0n;
		return isClaim(this.rule) ? (this.sums.get(origin) ?? 0n) : this.dirty();
	}

	/** Removes an outflow; what the balance does not cover was there all the same: unknown money, clean and newest. */
	take(amount: bigint): Part {
		if (amount > this.balance) this.put(ALL_CLEAN, amount - this.balance);
		const before = this.balance;
		this.balance -= amount;
		const part = this.taken(amount, before);
		if (this.rule !== POISON) for (const { of, n } of part) this.count(of, -n);
		if (this.balance === 0n) {
			this.lots = [];
			this.sums.clear();
		}
		return part.every(({ of }) => of === CLEAN) ? ALL_CLEAN : part;
	}

	private taken(amount: bigint, before: bigint): Part {
		switch (this.rule) {
			case "fifo":
				return this.oldest(amount);
			case "lifo":
				return this.newest(amount);
			case "haircut":
				return this.byShares(amount);
			case "libr":
				return this.above(before - amount);
			case POISON:
				return this.lots.map(({ of }) => ({ of, n: amount }));
			case "dilo": {
				const clean = before - this.dirty();
				return this.oldest(amount > clean ? amount - clean : 0n);
			}
			default:
				return this.oldest(least(amount, this.dirty()));
		}
	}

	private oldest(amount: bigint): Part {
		const gone: Lot[] = [];
		let [left, at] = [amount, 0];
		for (; left > 0n; at++) {
			const { of, n } = this.lots[at] as Lot;
			append(gone, { of, n: least(n, left) });
			if (n > left) {
				this.lots[at] = { of, n: n - left };
				break;
			}
			left -= n;
		}
		this.lots.splice(0, at);
		return gone;
	}

	private newest(amount: bigint): Part {
		const gone: Lot[] = [];
		for (let left = amount; left > 0n; ) {
			const { of, n } = this.lots.pop() as Lot;
			gone.push({ of, n: least(n, left) });
			if (n > left) this.lots.push({ of, n: n - left });
			left -= least(n, left);
		}
		return gone.reverse();
	}

	private byShares(amount: bigint): Part {
		const shares = shared(
			amount,
			this.lots.map(({ n }) => n),
		);
		const gone = this.lots.map(({ of }, i) => ({ of, n: shares[i] as bigint }));
		this.lots = this.lots.map(({ of, n }, i) => ({ of, n: n - (shares[i] as bigint) })).filter(({ n }) => n > 0n);
		return gone.filter(({ of, n }) => of !== CLEAN && n > 0n);
	}

	/** What claims exceed what is left. */
	private above(left: bigint): Part {
		const gone = this.lots.filter(({ n }) => n > left).map(({ of, n }) => ({ of, n: n - left }));
		this.lots = this.lots.map(({ of, n }) => ({ of, n: least(n, left) }));
		return gone;
	}

	/** Gives up to `limit` clean units of what is there to an origin, the newest first. */
	mark(limit: bigint, origin: number): void {
		const { rule, lots, balance } = this;
		if (hasPlaces(rule)) {
			this.count(origin, this.markNewest(limit, origin));
			return;
		}
		if (rule === "haircut") {
			const n = least(limit, ofOrigin(lots, CLEAN));
			if (n === 0n) return;
			this.lots = claimed(claimed(lots, CLEAN, -n), origin, n).filter((lot) => lot.n > 0n);
			this.count(origin, n);
			return;
		}
		const own = isClaim(rule) ? this.tainted(origin) : this.dirty();
		const marked = rule === POISON && own > 0n ? 0n : least(balance - own, limit);
		if (marked <= 0n) return;
		if (isClaim(rule)) claimed(lots, origin, marked);
		else append(lots, { of: origin, n: marked });
		this.count(origin, marked);
	}

	/** Walks back from the newest lot until the limit is used up. */
	private markNewest(limit: bigint, origin: number): bigint {
		const walked: Lot[] = [];
		let left = limit;
		while (left > 0n && this.lots.length > 0) {
			const lot = this.lots.pop() as Lot;
			const marked = lot.of === CLEAN ? least(lot.n, left) : 0n;
			append(walked, { of: origin, n: marked });
			append(walked, { of: lot.of, n: lot.n - marked });
			left -= marked;
		}
		for (const lot of walked.reverse()) append(this.lots, lot);
		return limit - left;
	}

	/** What is tainted now. */
	held(): Part {
		if (this.rule === POISON) return this.lots.map(({ of }) => ({ of, n: this.balance }));
		return this.lots.filter(({ of, n }) => of !== CLEAN && n > 0n);
	}

	get left(): bigint {
		return this.balance;
	}
}
