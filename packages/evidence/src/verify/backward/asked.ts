import type { AccountBooks, Move } from "../recompute/account-books.js";
import type { Exchanged } from "../recompute/exchanges.js";
import { ofOrigin, type Part, sumOf } from "../recompute/holding.js";
import { surplusesOf } from "../recompute/seeded.js";
import { isClaim } from "../trace/rules.js";
import { endOfBlock } from "./direction.js";

/** Balances that seeds ask about, the latest block first: each is marked before anything that moved up to the end of its block. */
export class AskedBalances {
	private readonly books: AccountBooks;
	private readonly open: number[];

	constructor(books: AccountBooks) {
		this.books = books;
		const { seeds } = books;
		const heightOf = (origin: number) => seeds[origin]?.since ?? 0;
		this.open = seeds.flatMap(({ kind }, origin) => (kind === "balance" ? [origin] : []));
		this.open.sort((a, b) => heightOf(b) - heightOf(a));
	}

	/** Marks what was there at the end of this block and of later ones. */
	downTo(height: number): void {
		for (let [origin] = this.open; origin !== undefined && (this.books.seeds[origin]?.since ?? 0) >= height; [origin] = this.open) {
			this.open.shift();
			this.ask(origin);
		}
	}

	/** Clean units of what the account has are asked about, up to the seed's limit, unless money ends there. */
	private ask(origin: number): void {
		const { books } = this;
		const { rules, limits, seeds } = books;
		const { subject: account = "", since = 0, asset: only } = seeds[origin] ?? {};
		const position = endOfBlock(String(since));
		if (since < books.first || !books.keeps(account, position)) return;
		for (const asset of books.assetsOf(account)) {
			const balance = books.balance(account, asset);
			if (balance === 0n || (only !== undefined && only !== asset)) continue;
			books.found.balances.set(`${origin} ${position} ${asset}`, balance);
			const amounts = rules.map((rule, r) => {
				const held = books.heldOf(account, asset)[r] as Part;
				const clean = balance - (isClaim(rule) ? ofOrigin(held, origin) : sumOf(held));
				const limit = limits.of(origin, r);
				return clean < limit ? clean : limit;
			});
			if (amounts.every((n) => n <= 0n)) continue;
			books.noteMark({ position, asset }, origin, amounts);
			limits.use(origin, amounts);
			const stop = books.stopOf("marked", { position }, { account, asset }, origin);
			if (stop === undefined) books.mark([{ position }], account, asset, amounts, origin);
			else
				books.end(
					{ position },
					account,
					asset,
					stop.reason,
					amounts.map((n): Part => (n > 0n ? [{ of: origin, n }] : [])),
				);
		}
	}
}

/** Of what `tx:` seeds ask about: by movement and origin, how much of it its payer has less of after the transaction. */
export function capsOf(books: AccountBooks, moves: readonly Move[]): ReadonlyMap<Move, ReadonlyMap<number, bigint>> {
	const caps = new Map<Move, Map<number, bigint>>();
	if (books.lacks === undefined) return caps;
	const hash = moves[0]?.txHash;
	for (const [origin, { kind, subject, asset: only }] of books.seeds.entries()) {
		if (kind !== "tx" || subject !== hash) continue;
		for (const { asset, net, receipts } of surplusesOf(moves)) {
			let left = net;
			for (const t of only === undefined || only === asset ? receipts : []) {
				const cap = left < t.amount ? left : t.amount;
				left -= cap;
				caps.set(t, (caps.get(t) ?? new Map<number, bigint>()).set(origin, cap));
			}
		}
	}
	return caps;
}

/** What came to accounts unread, within one transaction: it leaves at the payment that lacked it; of an exchange behind its last leg. */
export class Untold {
	private readonly books: AccountBooks;
	private readonly moves: readonly Move[];
	private readonly exchangeOf: (account: string) => Exchanged | undefined;
	private readonly waiting: Move[] = [];

	constructor(books: AccountBooks, moves: readonly Move[], exchangeOf: (account: string) => Exchanged | undefined) {
		this.books = books;
		this.moves = moves;
		this.exchangeOf = exchangeOf;
	}

	/** What its receiver lacks for a movement, unless an exchange of his is under way. */
	leave(t: Move): void {
		if (this.books.lacks === undefined) return;
		const last = this.lastLeg(t.to);
		if (last !== undefined && this.moves.indexOf(t) < this.moves.indexOf(last)) this.waiting.push(t);
		else this.books.leaveUntold(t, t.to, t.asset);
	}

	/** What was lacked for the legs of an exchange, and for what came between them. */
	leaveLegs(t: Move): void {
		if (this.books.lacks === undefined) return;
		for (const account of [t.from, t.to]) {
			if (this.lastLeg(account) !== t || !this.books.keeps(account, t.position)) continue;
			const between = this.waiting.filter(({ to }) => to === account);
			for (const leg of [...(this.exchangeOf(account)?.legs ?? []), ...between]) this.books.leaveUntold(leg, account, leg.asset);
			for (const one of between) this.waiting.splice(this.waiting.indexOf(one), 1);
		}
	}

	private lastLeg(account: string): Move | undefined {
		const exchange = this.exchangeOf(account);
		return exchange === undefined || exchange.unordered ? undefined : [...exchange.legs].at(-1);
	}
}
