import { CONSERVING_RULES, type Rule, rulesOf, startOf } from "@clew/core";
import { TEST_CHAIN } from "@clew/core/testing";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { openLedger, putInto, takeFrom } from "../ledger.js";
import { apportion, CLEAN, type Lot } from "../lots.js";
import { byOrigin, markParcel, taintedTotal } from "./index.js";
import { naiveLedger } from "./naive.test-util.js";

const RULES = rulesOf(TEST_CHAIN);
const ASSET = "eip155:1/slip44:60" as Parameters<typeof openLedger>[0];

/** A step on one ledger: an arrival of one origin, or an outflow. */
type Step = { readonly in: bigint; readonly origin: number } | { readonly out: bigint };

/** Runs steps through one rule; gives the parcel of every outflow and what is left. */
function replay(rule: Rule, steps: readonly Step[]): { outs: readonly (readonly Lot[])[]; left: readonly Lot[]; balance: bigint } {
	const ledger = openLedger(ASSET, 0n);
	const outs: (readonly Lot[])[] = [];
	for (const step of steps) {
		if ("out" in step) outs.push(takeFrom(ledger, [rule], step.out, startOf(0)).parcels?.[0] ?? []);
		else {
			const lots = [{ origin: step.origin, amount: step.in }];
			putInto(ledger, [rule], step.in, step.origin === CLEAN ? undefined : [lots]);
		}
	}
	return { outs, left: ledger.holdings?.[0]?.tainted(ledger.balance) ?? [], balance: ledger.balance };
}

const sums = (lots: readonly Lot[]) => Object.fromEntries([...byOrigin(lots)].sort(([a], [b]) => a - b));

describe("the golden vector: P +10, M +10, -10, K +10, -10 (units of a quarter)", () => {
	const [P, M, K] = [0, 1, 2];
	const steps: Step[] = [{ in: 40n, origin: P }, { in: 40n, origin: M }, { out: 40n }, { in: 40n, origin: K }, { out: 40n }];
	const expected: Partial<Record<Rule, Record<number, bigint>>> = {
		fifo: { [K]: 40n },
		lifo: { [P]: 40n },
		haircut: { [P]: 10n, [M]: 10n, [K]: 20n },
		libr: { [P]: 40n, [M]: 40n, [K]: 40n },
		poison: { [P]: 40n, [M]: 40n, [K]: 40n },
		difo: { [K]: 40n },
		dilo: { [K]: 40n },
	};
	it.each(RULES)("%s", (rule) => {
		expect(sums(replay(rule, steps).left)).toEqual(expected[rule]);
	});
});

describe("published examples", () => {
	it("fifo: Clayton's Case, the first payment in is the first paid out", () => {
		const { outs } = replay("fifo", [{ in: 100n, origin: 0 }, { in: 50n, origin: 1 }, { out: 120n }]);
		expect(outs[0]).toEqual([
			{ origin: 0, amount: 100n },
			{ origin: 1, amount: 20n },
		]);
	});
	it("libr: Roscoe v Winder, money paid in later does not restore a claim", () => {
		const { left } = replay("libr", [{ in: 455n, origin: 0 }, { out: 430n }, { in: 300n, origin: CLEAN }]);
		expect(sums(left)).toEqual({ 0: 25n });
	});
	it("haircut hands out the remainder by largest remainder, ties to the older", () => {
		expect(apportion(10n, [1n, 1n, 1n])).toEqual([4n, 3n, 3n]);
		expect(apportion(5n, [7n, 2n, 1n])).toEqual([4n, 1n, 0n]);
		expect(apportion(4n, [1n, 2n, 3n])).toEqual([1n, 1n, 2n]);
		expect(apportion(6n, [1n, 2n, 3n])).toEqual([1n, 2n, 3n]);
		const left = (...list: readonly Step[]) => sums(replay("haircut", list).left);
		const two = (a: bigint, b: bigint): Step[] => [
			{ in: a, origin: 0 },
			{ in: b, origin: 1 },
		];
		expect(left(...two(1n, 1n), { out: 1n })).toEqual({ 1: 1n });
		expect(left(...two(2n, 1n), { out: 1n })).toEqual({ 0: 1n, 1: 1n });
		expect(left(...two(1n, 2n), { out: 1n })).toEqual({ 0: 1n, 1: 1n });
		expect(left(...two(2n, 2n), { out: 2n })).toEqual({ 0: 1n, 1: 1n });
		expect(left(...two(2n, 2n), { out: 4n })).toEqual({});
	});
	it("poison taints the whole outflow, until the balance is 0", () => {
		const { outs } = replay("poison", [
			{ in: 1n, origin: 0 },
			{ in: 999n, origin: CLEAN },
			{ out: 500n },
			{ out: 500n },
			{ in: 5n, origin: CLEAN },
			{ out: 5n },
		]);
		expect(outs.map((lots) => taintedTotal("poison", lots))).toEqual([500n, 500n, 0n]);
	});
	it("an outflow beyond the balance takes everything; the rest is unknown, clean and newest", () => {
		for (const rule of CONSERVING_RULES) {
			const { outs, balance } = replay(rule, [{ in: 10n, origin: 0 }, { out: 25n }]);
			expect([rule, sums(outs[0] ?? []), balance]).toEqual([rule, { 0: 10n }, 0n]);
		}
	});
});

describe("an arrival that a seed marks", () => {
	const lots = (...amounts: readonly (readonly [origin: number, amount: bigint])[]): Lot[] =>
		amounts.map(([of, amount]) => ({ origin: of, amount }));
	const marked = (rule: Rule, parcel: readonly Lot[], limit: bigint, of = 0) => {
		const found = markParcel(rule, parcel, 10n, of, limit);
		return [found.parcel, found.marked];
	};

	it("by age gives its first clean units, and keeps the others where they are", () => {
		for (const rule of ["fifo", "lifo"] as const) {
			expect(marked(rule, [], 4n)).toEqual([lots([0, 4n], [CLEAN, 6n]), 4n]);
			expect(marked(rule, [], 40n)).toEqual([lots([0, 10n]), 10n]);
			expect(marked(rule, lots([1, 3n], [CLEAN, 7n]), 4n)).toEqual([lots([1, 3n], [0, 4n], [CLEAN, 3n]), 4n]);
			expect(marked(rule, lots([1, 10n]), 4n)).toEqual([lots([1, 10n]), 0n]);
		}
	});

	it("by share, and tainted first or last, gives what no seed has; a claim, and poison, what its own seed has not", () => {
		for (const rule of ["haircut", "difo", "dilo", "tiho"] as const) {
			expect(marked(rule, lots([1, 3n]), 40n)).toEqual([lots([1, 3n], [0, 7n]), 7n]);
			expect(marked(rule, lots([1, 10n]), 40n)).toEqual([lots([1, 10n]), 0n]);
		}
		expect(marked("libr", lots([1, 10n]), 40n)).toEqual([lots([1, 10n], [0, 10n]), 10n]);
		expect(marked("libr", lots([0, 3n]), 40n)).toEqual([lots([0, 3n], [0, 7n]), 7n]);
		expect(marked("poison", lots([1, 10n]), 4n)).toEqual([lots([1, 10n], [0, 4n]), 4n]);
		expect(marked("poison", lots([0, 3n]), 40n)).toEqual([lots([0, 3n], [0, 7n]), 7n]);
		expect(marked("poison", lots([0, 10n]), 4n)).toEqual([lots([0, 10n]), 0n]);
	});

	it("is in one number the sum of tainted lots, of claims the largest; the clean rest is none", () => {
		const parcel = lots([0, 3n], [CLEAN, 9n], [1, 4n], [0, 2n]);
		expect(["fifo", "haircut", "libr", "poison"].map((rule) => taintedTotal(rule as Rule, parcel))).toEqual([9n, 9n, 5n, 5n]);
		expect([...byOrigin(parcel)]).toEqual([
			[0, 5n],
			[1, 4n],
		]);
		expect([taintedTotal("libr", []), taintedTotal("fifo", lots([CLEAN, 9n]))]).toEqual([0n, 0n]);
	});
});

const origin = fc.integer({ min: CLEAN, max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
	fc.record({ in: fc.bigInt({ min: 1n, max: 30n }), origin }),
	fc.record({ out: fc.bigInt({ min: 1n, max: 40n }) }),
);
const steps = fc.array(step, { maxLength: 25 });

describe("on any single ledger", () => {
	test.prop([steps])("every conserving rule accounts for each origin to the last unit", (list) => {
		const put = sums(list.filter((s) => "in" in s).map((s) => ({ origin: s.origin, amount: s.in })));
		for (const rule of CONSERVING_RULES) {
			const { outs, left } = replay(rule, list);
			expect([rule, sums([...outs.flat(), ...left])]).toEqual([rule, put]);
		}
	});

	test.prop([steps])("tainted outflow so far: dilo <= every conserving rule <= difo, at every step, for one claimant", (list) => {
		const one = list.map((s) => ("in" in s && s.origin > 0 ? { ...s, origin: 0 } : s));
		const running = (rule: Rule) => {
			let sum = 0n;
			return replay(rule, one).outs.map((lots) => {
				sum += taintedTotal(rule, lots);
				return sum;
			});
		};
		const [low, high] = [running("dilo"), running("difo")];
		for (const rule of CONSERVING_RULES) {
			for (const [i, sum] of running(rule).entries()) {
				expect((low[i] ?? 0n) <= sum && sum <= (high[i] ?? 0n), `${rule} at outflow ${i}: ${low[i]} <= ${sum} <= ${high[i]}`).toBe(true);
			}
		}
	});

	test.prop([steps])("libr equals dilo for one claimant", (list) => {
		const one = list.map((s) => ("in" in s && s.origin > 0 ? { ...s, origin: 0 } : s));
		expect(replay("libr", one).outs.map((lots) => taintedTotal("libr", lots))).toEqual(
			replay("dilo", one).outs.map((lots) => taintedTotal("dilo", lots)),
		);
	});

	test.prop([steps])("equals a literal replay, unit by unit", (list) => {
		for (const rule of RULES) {
			const naive = naiveLedger(rule);
			const outs: Record<number, bigint>[] = [];
			for (const s of list) {
				if ("out" in s) outs.push(sums(naive.take(Number(s.out))));
				else naive.put(Array.from({ length: Number(s.in) }, () => s.origin));
			}
			const engine = replay(rule, list);
			expect([rule, engine.outs.map(sums), sums(engine.left)]).toEqual([rule, outs, sums(naive.left())]);
		}
	});

	test.prop([fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.array(fc.bigInt({ min: 0n, max: 10n ** 24n }), { minLength: 1, maxLength: 8 })])(
		"apportion gives out exactly the total, each share within one unit",
		(total, weights) => {
			const sum = weights.reduce((a, b) => a + b, 0n);
			fc.pre(sum > 0n);
			const shares = apportion(total, weights);
			expect(shares.reduce((a, b) => a + b, 0n)).toBe(total);
			for (const [i, share] of shares.entries()) {
				const floor = ((weights[i] ?? 0n) * total) / sum;
				expect(share === floor || share === floor + 1n).toBe(true);
			}
		},
	);
});
