import { AskedBalances, capsOf, Untold } from "../backward/asked.js";
import type { MirroredLedgers } from "../backward/mirrored-ledgers.js";
import { Refusal } from "../failure.js";
import { transactionOf } from "../trace/positions.js";
import { isClaim } from "../trace/rules.js";
import { AccountBooks, type Move, moveOf } from "./account-books.js";
import { type Exchanged, exchangeOf } from "./exchanges.js";
import { CLEAN, exchanged, type Lot, markArriving, sumOf } from "./holding.js";
import type { Ledgers } from "./ledgers.js";
import { isTainted, type Marker, type Parts, type Replayed, type SeedSpec } from "./replayed.js";
import { SeededTransaction } from "./seeded.js";

interface Exchange extends Exchanged {
	done: boolean;
	/** Whose the proceeds are, with what seeds marked of them so far. */
	proceeds: Parts;
}

interface Mark {
	readonly origin: number;
	readonly amounts: readonly bigint[];
	/** Whether it counts against the seed's limit. */
	readonly limited: boolean;
}

/**
 * Plays the rules for accounts over the ledgers of a bundle, transaction by transaction, in the words of docs/tracing-rules.md. Given are
 * the ledgers, and where money was not followed on. Throws Error where taint reaches an account that has no ledger.
 */
export function replayAccounts(
	rules: readonly string[],
	seeds: readonly SeedSpec[],
	ledgers: Ledgers | MirroredLedgers,
	exchanges: boolean,
): Replayed {
	const books = new AccountBooks(rules, seeds, ledgers);
	const asked = new AskedBalances(books);
	let open: Move[] = [];
	for (const [i, transfer] of ledgers.transfers.entries()) {
		const move = moveOf(transfer);
		if (open.length === 0) asked.downTo(move.height);
		open.push(move);
		const next = ledgers.transfers[i + 1]?.position;
		if (next !== undefined && transactionOf(next) === transactionOf(transfer.position)) continue;
		new TransactionReplay(books, open, exchanges).play();
		open = [];
	}
	asked.downTo(0);
	return books.finish();
}

/** Movements by each account that they leave or reach, in their order. */
function ownMoves(moves: readonly Move[]): ReadonlyMap<string, readonly Move[]> {
	const own = new Map<string, Move[]>();
	for (const move of moves)
		for (const account of new Set([move.from, move.to])) {
			const list = own.get(account);
			if (list === undefined) own.set(account, [move]);
			else list.push(move);
		}
	return own;
}

/** One transaction. */
class TransactionReplay {
	private readonly exchanges = new Map<string, Exchange>();
	/** Whose each movement is that is tainted. */
	private readonly rows = new Map<Move, Parts>();
	private readonly seeded: SeededTransaction;
	private readonly books: AccountBooks;
	private readonly moves: readonly Move[];
	private readonly nets: boolean;
	/** Back in time: what is asked about of what a `tx:` seed names, and what came unread. */
	private readonly caps: ReturnType<typeof capsOf>;
	private readonly untold: Untold;

	constructor(books: AccountBooks, moves: readonly Move[], exchanges: boolean) {
		this.nets = exchanges;
		this.books = books;
		this.moves = moves.filter(({ amount }) => amount > 0n);
		const own = ownMoves(this.moves);
		for (const account of exchanges ? new Set(moves.flatMap(({ from, to }) => [from, to])) : []) {
			const [first] = moves;
			if (first === undefined || !books.keeps(account, first.position)) continue;
			const exchange = exchangeOf(account, own.get(account) ?? []);
			if (exchange !== undefined) this.exchanges.set(account, { ...exchange, done: false, proceeds: books.clean() });
		}
		this.seeded = new SeededTransaction(books, this.moves);
		this.caps = capsOf(books, this.moves);
		this.untold = new Untold(books, this.moves, (account) => this.exchanges.get(account));
	}

	play(): void {
		for (const move of this.moves) {
			this.move(move);
			this.untold.leaveLegs(move);
		}
		this.seeded.close(this.rows);
		for (const [{ position }, parts] of this.rows) if (isTainted(parts)) this.books.found.rows.set(position, parts);
	}

	private move(t: Move): void {
		const { books } = this;
		const pays = books.keeps(t.from, t.position);
		if (t.kind === "fee") {
			if (pays) this.rows.set(t, books.take(t, t.from, t.asset, t.amount));
			else if (books.lacks !== undefined && books.keeps(t.to, t.position)) this.comeTo(t, books.clean());
			return;
		}
		if (t.from === t.to) return;
		const leg = pays ? this.legOf(t.from, t) : undefined;
		if (leg !== undefined) this.carryOut(t.from, leg, t);
		const taken = pays && leg === undefined ? books.take(t, t.from, t.asset, t.amount) : books.clean();
		const given = isTainted(taken) && this.isGiven(t);
		if (given) books.end(t, t.from, t.asset, "swap", taken);
		this.arrive(t, given ? books.clean() : taken);
	}

	private arrive(t: Move, carried: Parts): void {
		const { books } = this;
		const exchange = books.keeps(t.to, t.position) ? this.legOf(t.to, t) : undefined;
		if (exchange !== undefined) this.carryOut(t.to, exchange, t);
		// What an account got for tainted money is that money: nothing else is to be found in it, and nothing of it twice.
		const paidFor = exchange !== undefined && isTainted(exchange.proceeds);
		const { parts, marks } = this.mark(t, carried, t.amount, t.amount);
		const stop = isTainted(parts) && !paidFor ? books.stopOf("arrival", t, { account: t.to, asset: t.asset }) : undefined;
		if (!isTainted(parts)) this.stay(t, carried);
		else if (stop !== undefined) {
			this.tell(t, parts, marks);
			this.seeded.stopped(t.to, t.asset, parts);
			books.end(t, t.to, t.asset, stop.reason, parts);
			this.stay(t, books.clean());
		} else if (exchange !== undefined) this.arriveInExchange(t, exchange, carried);
		else if (books.keeps(t.to, t.position)) {
			this.tell(t, parts, marks);
			this.stay(t, parts);
		} else {
			const given = books.stopOf("given", t, { account: t.from, asset: t.asset });
			if (given === undefined) throw new Refusal(`${t.position}: tainted money reaches ${t.to}, which has no ledger`);
			if (!this.takesIn(t)) throw new Refusal(`${t.position}: is given in an exchange, and ${t.to} makes none with it`);
			books.end(t, t.from, t.asset, "swap", carried);
		}
	}

	/** Money comes to stay, as a leg of the receiver's exchange if it is one. */
	private stay(t: Move, parts: Parts): void {
		const { books } = this;
		if (!books.keeps(t.to, t.position)) return;
		const exchange = this.legOf(t.to, t);
		if (exchange === undefined) this.comeTo(t, parts);
		else this.carryOut(t.to, exchange, t);
	}

	private comeTo(t: Move, parts: Parts): void {
		this.books.put(t, t.to, t.asset, t.amount, parts);
		this.untold.leave(t);
	}

	/** What the other side gave ends there, and seeds mark what of the proceeds is clean. */
	private arriveInExchange(t: Move, exchange: Exchange, carried: Parts): void {
		const { books } = this;
		if (isTainted(carried)) books.end(t, t.from, t.asset, "swap", carried);
		if (t.asset !== exchange.gets) return;
		const { parts, marks } = this.mark(t, exchange.proceeds, exchange.got, t.amount);
		if (marks.length === 0) return;
		exchange.proceeds = parts;
		const own = this.onlyMarks(marks, t.amount);
		this.tell(t, own, marks);
		const stop = books.stopOf("arrival", t, { account: t.to, asset: t.asset });
		if (stop !== undefined) {
			this.seeded.stopped(t.to, t.asset, own);
			books.end(t, t.to, t.asset, stop.reason, own);
			return;
		}
		for (const { origin, amounts } of marks) books.mark([t], t.to, t.asset, amounts, origin);
	}

	/** Marks as parts of an amount that is clean otherwise. */
	private onlyMarks(marks: readonly Mark[], amount: bigint): Parts {
		return this.books.rules.map((rule, r) => {
			const lots = marks.map(({ origin, amounts }): Lot => ({ of: origin, n: amounts[r] as bigint })).filter(({ n }) => n > 0n);
			const clean = amount - sumOf(lots);
			return lots.length > 0 && clean > 0n && (rule === "fifo" || rule === "lifo") ? [...lots, { of: CLEAN, n: clean }] : lots;
		});
	}

	/** What seeds mark of clean units that arrive, so that a unit is marked once; together at most `most`. */
	private mark(t: Move, before: Parts, amount: bigint, most: bigint): { readonly parts: Parts; readonly marks: readonly Mark[] } {
		const { rules, limits, seeds } = this.books;
		let parts = before;
		const marks: Mark[] = [];
		for (const { origin, passage } of marking(seeds, t, this.caps)) {
			const stated = passage ? (seeds[origin] as SeedSpec).marks.get(t.position) : undefined;
			const results = parts.map((part, r) => {
				const rule = rules[r] as string;
				const others = isClaim(rule) ? 0n : marks.reduce((sum, { amounts }) => sum + (amounts[r] as bigint), 0n);
				const limit = smallest(
					stated === undefined ? limits.of(origin, r) : (stated[r] ?? 0n),
					isClaim(rule) ? t.amount : most - others,
					this.caps.get(t)?.get(origin) ?? t.amount,
				);
				return markArriving(rule, part, amount, origin, limit);
			});
			const amounts = results.map(({ marked }) => marked);
			if (amounts.every((n) => n === 0n)) continue;
			parts = results.map(({ part }) => part);
			marks.push({ origin, amounts, limited: stated === undefined });
		}
		return { parts, marks };
	}

	/** Writes down a tainted movement, and what seeds marked of it. */
	private tell(t: Move, parts: Parts, marks: readonly Mark[]): void {
		for (const { origin, amounts, limited } of marks) {
			this.books.noteMark(t, origin, amounts);
			if (limited) this.books.limits.use(origin, amounts);
		}
		this.rows.set(t, parts);
	}

	private legOf(account: string, t: Move): Exchange | undefined {
		const exchange = this.exchanges.get(account);
		return exchange?.unordered === false && exchange.legs.has(t) ? exchange : undefined;
	}

	/** True where what somebody gets whose ledger is not kept is a leg of an exchange of his. */
	private takesIn(t: Move): boolean {
		const exchange = this.nets ? exchangeOf(t.to, this.moves) : undefined;
		return exchange?.unordered === false && exchange.legs.has(t);
	}

	/** True where the sender wraps something, and when it had it is not told. */
	private isGiven(t: Move): boolean {
		const exchange = this.exchanges.get(t.from);
		return exchange?.unordered === true && (t.asset === exchange.pays || exchange.paid === 0n) && exchange.legs.has(t);
	}

	/** At the first leg: the net amount is paid as one outflow, and then the net proceeds arrive. */
	private carryOut(account: string, exchange: Exchange, t: Move): void {
		if (exchange.opens?.has(t)) this.payLegs(t, account, t.asset, exchange);
		if (exchange.done || exchange.opens !== undefined) return;
		exchange.done = true;
		const { books } = this;
		const { pays, paid, gets, got } = exchange;
		for (const asset of [pays, gets]) this.payLegs(t, account, asset, exchange);
		books.found.exchanges.set(`${t.position} ${account}`, { pays, paid, gets, got, txHash: t.txHash });
		const out = books.take(t, account, pays, paid);
		const into = out.map((part, r) => exchanged(books.rules[r] as string, part, paid, got));
		exchange.proceeds = into;
		if (isTainted(out)) {
			books.found.rows.set(`${t.position} ${account} pays`, out);
			books.found.rows.set(`${t.position} ${account} gets`, into);
		}
		const stop = isTainted(into) ? books.stopOf("proceeds", t, { account, asset: gets }) : undefined;
		books.put(t, account, gets, got, stop === undefined ? into : books.clean());
		if (stop === undefined) return;
		books.end(t, account, gets, stop.reason, into);
		this.seeded.stopped(account, gets, into);
	}

	private payLegs(t: Move, account: string, asset: string, exchange: Exchange): void {
		const lack = this.lackOf(account, asset, exchange);
		this.books.lack(account, asset, lack);
		this.books.put(t, account, asset, lack, this.books.clean());
	}

	/** What an account lacks to pay the legs of its exchange one by one: it was there all the same. */
	private lackOf(account: string, asset: string, { legs }: Exchange): bigint {
		let [left, lack] = [this.books.balance(account, asset), 0n];
		for (const t of legs) {
			if (t.asset !== asset) continue;
			if (t.to === account) left += t.amount;
			if (t.from !== account) continue;
			if (t.amount > left) lack += t.amount - left;
			left = t.amount > left ? 0n : left - t.amount;
		}
		return lack;
	}
}

/** The seeds that mark a movement as it arrives: those that name it, passages, accounts; of one kind in their order. */
function marking(seeds: readonly SeedSpec[], t: Move, caps: ReturnType<typeof capsOf>): readonly Marker[] {
	const of = (marks: (seed: SeedSpec, origin: number) => boolean, passage = false) =>
		seeds.flatMap((seed, origin) => (marks(seed, origin) ? [{ origin, passage }] : []));
	const isWanted = ({ asset }: SeedSpec) => asset === undefined || asset === t.asset;
	return [
		...of((seed, origin) => (seed.kind === "transfer" && isWanted(seed) && names(seed, t)) || caps.get(t)?.has(origin) === true),
		...of(({ marks }) => marks.has(t.position), true),
		...of((seed) => seed.kind === "account" && isWanted(seed) && seed.subject === t.to && t.height >= seed.since),
	];
}

function names({ subject, event }: SeedSpec, { position, txHash, event: own }: Move): boolean {
	return event === undefined ? subject === position : subject === txHash && event === own;
}

function smallest(...amounts: readonly bigint[]): bigint {
	return amounts.reduce((a, b) => (a < b ? a : b));
}
