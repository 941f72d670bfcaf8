import { type AccountId, type Coverage, nativeAsset, nullAccount, type Rule, type Transfer } from "@clew/core";
import { TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { type Dice, dice } from "../oracle/account-worlds.test-util.js";

const PEOPLE = 4;

/** A small world of one coin in which accounts are minted to, pay, and pay fees; some pay more than they got. */
export function payments(seed: number, overdraws: boolean): { readonly transfers: readonly Transfer[]; readonly d: Dice } {
	const d = dice(seed * 104729 + 7);
	const transfers: Transfer[] = [];
	const held = new Array<number>(PEOPLE).fill(0);
	const blocks = 4 + d(10);
	for (let height = 1; height <= blocks; height++)
		for (let txIndex = 0, n = 1 + d(2); txIndex < n; txIndex++) {
			const who = d(PEOPLE);
			if (d(3) === 0) {
				transfers.push(minted([height, txIndex, 1], who, 1 + d(30)));
				held[who] = (held[who] ?? 0) + Number(transfers.at(-1)?.amount);
				continue;
			}
			const fee = d(2);
			if (fee > 0 && (held[who] ?? 0) >= fee) {
				transfers.push({ ...testTransfer([height, txIndex, 0], who, 0, BigInt(fee), { kind: "fee" }), to: nullAccount(TEST_CHAIN) });
				held[who] = (held[who] ?? 0) - fee;
			}
			for (let event = 1, m = 1 + d(3); event <= m; event++) {
				const room = overdraws && d(4) === 0 ? 20 : (held[who] ?? 0);
				const [to, amount] = [d(PEOPLE), d(room + 1)];
				if (amount === 0) continue;
				transfers.push(testTransfer([height, txIndex, event], who, to, BigInt(amount)));
				if (to === who) continue;
				held[who] = Math.max(0, (held[who] ?? 0) - amount);
				held[to] = (held[to] ?? 0) + amount;
			}
		}
	return { transfers, d };
}

function minted(at: readonly number[], to: number, amount: number): Transfer {
	return { ...testTransfer(at, 0, to, BigInt(amount), { kind: "mint" }), from: nullAccount(TEST_CHAIN) };
}

/** A unit of money: where it first was, by the number of the transfer that minted it, or who had it unread. */
export interface Unit {
	readonly born: number | { readonly unread: string };
}

/** Every unit of a world, one by one: which moved with which transfer, and who has which at the end. */
export function unitsOf(transfers: readonly Transfer[], rule: Extract<Rule, "fifo" | "lifo">) {
	const purses = new Map<string, Unit[]>();
	const moved: Unit[][] = [];
	for (const [n, { from, to, amount, kind }] of transfers.entries()) {
		const count = Number(amount);
		const nobody = nullAccount(TEST_CHAIN);
		let units: Unit[];
		if (from === nobody) units = Array.from({ length: count }, () => ({ born: n }));
		else {
			const purse = purses.get(from) ?? [];
			if (from === to) {
				moved.push([]);
				continue;
			}
			while (purse.length < count) purse.push({ born: { unread: from } });
			units = rule === "fifo" ? purse.splice(0, count) : purse.splice(purse.length - count, count);
			purses.set(from, purse);
		}
		moved.push(units);
		if (kind !== "fee") purses.set(to, [...(purses.get(to) ?? []), ...units]);
	}
	return { moved, purses };
}

/** Where the units of a payment come from in shares: of each mint, and of what accounts had unread, by the number of the payment. */
export function sharesOf(transfers: readonly Transfer[], asked: number): ReadonlyMap<string, number> {
	const purses = new Map<string, Map<string, number>>();
	const sum = (purse: ReadonlyMap<string, number>) => [...purse.values()].reduce((a, b) => a + b, 0);
	for (const [n, { from, to, amount, kind }] of transfers.entries()) {
		if (from === to) continue;
		const count = Number(amount);
		let part = new Map<string, number>([[`mint ${n}`, count]]);
		if (from !== nullAccount(TEST_CHAIN)) {
			const purse = purses.get(from) ?? new Map<string, number>();
			purses.set(from, purse);
			const lack = count - sum(purse);
			if (lack > 1e-9) purse.set(`unread ${from}`, (purse.get(`unread ${from}`) ?? 0) + lack);
			const whole = sum(purse);
			part = new Map([...purse].map(([born, units]) => [born, (units * count) / whole]));
			for (const [born, units] of part) purse.set(born, (purse.get(born) ?? 0) - units);
		}
		if (n === asked) return part;
		if (kind === "fee") continue;
		const into = purses.get(to) ?? new Map<string, number>();
		for (const [born, units] of part) into.set(born, (into.get(born) ?? 0) + units);
		purses.set(to, into);
	}
	return new Map();
}

/**
 * How much of what is asked about, in exact shares, went through some of the transfers; `asked` is a payment, or what one holds at last.
 */
export function shareThrough(transfers: readonly Transfer[], isMarked: (t: Transfer) => boolean, asked: Transfer | AccountId): number {
	const purses = new Map<string, { all: number; marked: number }>();
	const purseOf = (account: string) => {
		const purse = purses.get(account) ?? { all: 0, marked: 0 };
		purses.set(account, purse);
		return purse;
	};
	for (const t of transfers) {
		if (t.from === t.to) continue;
		const amount = Number(t.amount);
		let marked = 0;
		if (t.from !== nullAccount(TEST_CHAIN)) {
			const purse = purseOf(t.from);
			marked = purse.all === 0 ? 0 : (purse.marked * amount) / purse.all;
			purse.all -= amount;
			purse.marked -= marked;
		}
		if (isMarked(t)) marked = amount;
		if (t === asked) return marked;
		if (t.kind === "fee") continue;
		const into = purseOf(t.to);
		into.all += amount;
		into.marked += marked;
	}
	return typeof asked === "string" ? purseOf(asked).marked : 0;
}

/**
 * What a case holds of a world that nobody read from its beginning: each account from a height of its own on (calls, for some, from block 0
 * on), and what of some of them had been at the end of the block before.
 */
export function begunLate(whole: readonly Transfer[], d: Dice) {
	const blocks = whole.at(-1)?.position.height ?? 0;
	const firsts = Array.from({ length: PEOPLE }, () => (d(3) === 0 ? 0 : 1 + d(blocks)));
	const callsFrom = firsts.map((first) => (d(2) === 0 ? 0 : first));
	const firstOf = (account: AccountId) => firsts.find((_, who) => testAccount(who) === account) ?? Number.POSITIVE_INFINITY;
	const isKnown = ({ from, to, position: { height } }: Transfer) => firstOf(from) <= height || firstOf(to) <= height;
	const openings = firsts.flatMap((first, who) => {
		const account = testAccount(who);
		if (first === 0 || d(2) === 0) return [];
		const before = whole.filter(({ position, from, to }) => position.height < first && from !== to);
		const sum = (side: "from" | "to") => before.filter((t) => t[side] === account).reduce((all, { amount }) => all + amount, 0n);
		return [{ account, asset: nativeAsset(TEST_CHAIN), height: first - 1, amount: sum("to") - sum("from") }];
	});
	const coverage = (account: AccountId): Coverage[] => {
		const who = firsts.findIndex((_, n) => testAccount(n) === account);
		const claim = { chain: TEST_CHAIN, source: "s", note: "", toHeight: 1000 };
		return who < 0
			? []
			: [
					{ ...claim, kinds: ["native", "token"], fromHeight: firsts[who] as number },
					{ ...claim, kinds: ["internal"], fromHeight: callsFrom[who] as number },
				];
	};
	return { known: whole.filter(isKnown), options: { coverage, openings } };
}
