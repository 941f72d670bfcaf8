import { nullAccount, type Rule, type Transfer } from "@clew/core";
import { TEST_CHAIN, testTransfer } from "@clew/core/testing";
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
