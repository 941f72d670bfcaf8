import { Refusal } from "../failure.js";
import { isClaim, POISON } from "../trace/rules.js";
import { type AccountBooks, changesHands, type Move } from "./account-books.js";
import { wrappedAway } from "./exchanges.js";
import { inAll, markArriving, ofOrigin, type Part } from "./holding.js";
import type { Parts } from "./replayed.js";

/** What a `tx:` seed finds an account to have more of. */
export interface Surplus {
	readonly account: string;
	readonly asset: string;
	readonly net: bigint;
	readonly receipts: readonly Move[];
}

/**
 * `tx:` marks what accounts have more of because of a transaction, fees included, when it is over: the surplus, less the taint that the
 * account, or its end points, have more of than before.
 */
export class SeededTransaction {
	private readonly origins: readonly number[];
	private readonly surpluses: readonly Surplus[];
	/** What was tainted before, by origin and rule. */
	private readonly before: ReadonlyMap<Surplus, ReadonlyMap<number, readonly bigint[]>>;
	private readonly ended = new Map<string, Parts[]>();
	private readonly books: AccountBooks;

	constructor(books: AccountBooks, moves: readonly Move[]) {
		this.books = books;
		const hash = moves[0]?.txHash;
		// What it paid in a transaction an account had before it: no surplus has to be waited for.
		this.origins = (books.lacks === undefined ? books.seeds : []).flatMap((seed, origin) =>
			seed.kind === "tx" && seed.subject === hash ? [origin] : [],
		);
		this.surpluses = this.origins.length === 0 ? [] : surplusesOf(moves);
		const now = ({ account, asset }: Surplus) => new Map(this.origins.map((origin) => [origin, books.taintOf(account, asset, origin)]));
		this.before = new Map(this.surpluses.map((one) => [one, now(one)]));
	}

	/** Notes taint that an account got in it and that stopped there. */
	stopped(account: string, asset: string, parts: Parts): void {
		const key = `${account} ${asset}`;
		const known = this.ended.get(key);
		if (known === undefined) this.ended.set(key, [parts]);
		else known.push(parts);
	}

	/** Marks, once all else has happened; `rows` are whose the movements were when they arrived. */
	close(rows: Map<Move, Parts>): void {
		for (const origin of this.origins) {
			const seed = this.books.seeds[origin];
			const own = this.surpluses.filter(({ asset }) => seed?.asset === undefined || seed.asset === asset);
			const wanted = new Map<Move, bigint[]>();
			for (const one of own) this.want(one, origin, rows, wanted);
			this.withinLimits(origin, wanted);
			for (const one of own) this.mark(one, origin, rows, wanted);
		}
	}

	/** The last movement that paid the account is marked first, up to its clean units. */
	private want(one: Surplus, origin: number, rows: ReadonlyMap<Move, Parts>, wanted: Map<Move, bigint[]>): void {
		const { rules } = this.books;
		const left = this.gained(one, origin);
		for (const t of [...one.receipts].reverse()) {
			const amounts = (rows.get(t) ?? this.books.clean()).map(
				(part, r) => markArriving(rules[r] as string, part, t.amount, origin, left[r] as bigint).marked,
			);
			for (const [r, n] of amounts.entries()) left[r] = (left[r] as bigint) - n;
			wanted.set(t, amounts);
		}
	}

	private gained(one: Surplus, origin: number): bigint[] {
		const { books } = this;
		const { account, asset, net } = one;
		const [now, before] = [books.taintOf(account, asset, origin), this.before.get(one)?.get(origin)];
		return books.rules.map((rule, r) => {
			const taint = (parts: Parts) => {
				const part = parts[r] ?? [];
				return isClaim(rule) ? ofOrigin(part, origin) : inAll(rule, part);
			};
			const [has, had] = [now[r] ?? 0n, before?.[r] ?? 0n];
			const ended = (this.ended.get(`${account} ${asset}`) ?? []).reduce((sum, parts) => sum + taint(parts), 0n);
			if (rule === POISON) return has > 0n || ended > 0n ? 0n : net;
			const clean = net - (has - had) - ended;
			return clean < 0n ? 0n : clean > net ? net : clean;
		});
	}

	/** A seed's limit is used up in order of position, whoever is paid. */
	private withinLimits(origin: number, wanted: Map<Move, bigint[]>): void {
		const { limits } = this.books;
		for (const [t, amounts] of [...wanted].sort(([a], [b]) => a.event - b.event)) {
			for (const [r, n] of amounts.entries()) {
				const limit = limits.of(origin, r);
				amounts[r] = n < limit ? n : limit;
			}
			limits.use(origin, amounts);
			this.books.noteMark(t, origin, amounts);
		}
	}

	private mark({ account, asset, receipts }: Surplus, origin: number, rows: Map<Move, Parts>, wanted: ReadonlyMap<Move, bigint[]>): void {
		const { books } = this;
		const { rules } = books;
		const marked = receipts.filter((t) => wanted.get(t)?.some((n) => n > 0n));
		const total = rules.map((_, r) => marked.reduce((sum, t) => sum + ((wanted.get(t) as bigint[])[r] as bigint), 0n));
		let stays = marked.length > 0;
		for (const t of marked) {
			const amounts = wanted.get(t) as bigint[];
			const before = rows.get(t) ?? books.clean();
			rows.set(
				t,
				before.map((part, r) => markArriving(rules[r] as string, part, t.amount, origin, amounts[r] as bigint).part),
			);
			const stop = books.stopOf("marked", t, { account, asset }, origin);
			if (stop === undefined) continue;
			stays = false;
			const parts = amounts.map((n): Part => (n > 0n ? [{ of: origin, n }] : []));
			books.end(t, account, asset, stop.reason, parts);
			this.stopped(account, asset, parts);
		}
		if (!stays) return;
		if (!books.keeps(account, (marked[0] as Move).position)) throw new Refusal(`a seed marks money of ${account}, which has no ledger`);
		books.mark(marked, account, asset, total, origin);
	}
}

/** What accounts have more of after a transaction, and the movements that paid them. */
export function surplusesOf(moves: readonly Move[]): Surplus[] {
	const net = new Map<string, bigint>();
	const receipts = new Map<string, Move[]>();
	const add = (key: string, n: bigint) => net.set(key, (net.get(key) ?? 0n) + n);
	for (const t of moves) {
		if (t.kind !== "fee" && t.from === t.to) continue;
		add(`${t.from} ${t.asset}`, -t.amount);
		if (!changesHands(t)) continue;
		const key = `${t.to} ${t.asset}`;
		add(key, t.amount);
		const known = receipts.get(key);
		if (known === undefined) receipts.set(key, [t]);
		else known.push(t);
	}
	for (const { to, asset } of wrappedAway(moves)) receipts.delete(`${to} ${asset}`);
	return [...receipts].flatMap(([key, own]) => {
		const [{ to: account, asset }] = own as [Move];
		const surplus = net.get(key) ?? 0n;
		return surplus > 0n ? [{ account, asset, net: surplus, receipts: own }] : [];
	});
}
