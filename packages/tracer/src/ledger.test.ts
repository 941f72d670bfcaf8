import { ClewError, nativeAsset, type Rule } from "@clew/core";
import { TEST_CHAIN } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { newFrame } from "./bounds/envelope.js";
import { newLedgerBounds } from "./bounds/ledger-bounds.js";
import {
	type Arrivals,
	bothOf,
	hasTaint,
	heldParcels,
	markIn,
	oneMore,
	openLedger,
	type Parcels,
	passUnread,
	putInto,
	takeFrom,
} from "./ledger.js";

const ASSET = nativeAsset(TEST_CHAIN);
const RULES: readonly Rule[] = ["fifo", "lifo", "difo", "dilo", "poison"];
const at = (height: number, txIndex = 0, eventIndex = 0) => ({ height, txIndex, eventIndex });
const stolen = (amount: bigint): Parcels => RULES.map(() => [{ origin: 0, amount }]);
const amountsOf = (parcels: Parcels | undefined) =>
	parcels?.map((parcel) => parcel.filter(({ origin }) => origin === 0).reduce((sum, { amount }) => sum + amount, 0n));

describe("arrivals of tainted money", () => {
	const from = (...places: readonly ReturnType<typeof at>[]) =>
		places.reduce<Arrivals | undefined>((known, place) => oneMore(known, place), undefined);
	const told = (arrivals: Arrivals | undefined) => [arrivals?.first.height, arrivals?.last.height, arrivals?.count];

	it("are counted once each, the first and the last kept, in any order within a transaction", () => {
		expect(told(from(at(5)))).toEqual([5, 5, 1]);
		expect(told(from(at(5), at(7), at(9)))).toEqual([5, 9, 3]);
		const back = from(at(5, 1, 4), at(5, 1, 2), at(5, 1, 4), at(5, 1, 3));
		expect([back?.first.eventIndex, back?.last.eventIndex, back?.count]).toEqual([2, 4, 3]);
		expect(from(at(5, 1, 4), at(5, 2, 4))?.count).toBe(2);
		expect(from(at(5, 1, 4), at(6, 1, 4))?.count).toBe(2);
		expect(from(at(5), at(6), at(6))?.count).toBe(2);
		expect(from(at(6, 0, 1), at(5, 0, 1), at(6, 0, 1))).toMatchObject({ first: at(5, 0, 1), last: at(6, 0, 1), count: 2 });
	});

	it("at two places are all of both, with the events of the last transaction", () => {
		const [early, late] = [from(at(3), at(5, 1, 1)), from(at(4), at(5, 2, 7))] as [Arrivals, Arrivals];
		const whole = { first: at(3), last: at(5, 2, 7), count: 4, events: [7] };
		expect([bothOf(early, late), bothOf(late, early)]).toEqual([whole, whole]);
		const [x, y] = [from(at(5, 2, 1)), from(at(5, 2, 7))] as [Arrivals, Arrivals];
		const joined = { first: at(5, 2, 1), last: at(5, 2, 7), count: 2, events: [1, 7] };
		expect([bothOf(x, y), bothOf(y, x)]).toEqual([joined, joined]);
		expect(bothOf(from(at(5, 2, 1)) as Arrivals, from(at(6, 2, 7)) as Arrivals).events).toEqual([7]);
	});
});

describe("a ledger", () => {
	const holding = (clean: bigint, tainted: bigint) => {
		const ledger = openLedger(ASSET, clean);
		putInto(ledger, RULES, tainted, stolen(tainted), at(1));
		return ledger;
	};

	it("gives by each rule its own part, and what it lacks as unknown and clean", () => {
		const ledger = holding(6n, 4n);
		expect(amountsOf(takeFrom(ledger, RULES, 7n, at(2)).parcels)).toEqual([1n, 4n, 4n, 1n, 7n]);
		expect([ledger.balance, amountsOf(heldParcels(ledger))]).toEqual([3n, [3n, 0n, 0n, 3n, 3n]]);
		const { parcels, unknown } = takeFrom(ledger, RULES, 5n, at(3));
		expect([unknown, amountsOf(parcels)]).toEqual([2n, [3n, 0n, 0n, 3n, 5n]]);
		expect([ledger.balance, ledger.holdings]).toEqual([0n, undefined]);
	});

	it("that is emptied to the last unit forgets its taint, one that keeps a unit does not", () => {
		const [emptied, kept] = [holding(0n, 4n), holding(0n, 4n)];
		emptied.readTo = 9;
		expect([takeFrom(emptied, RULES, 4n, at(2)).unknown, takeFrom(kept, RULES, 3n, at(2)).unknown]).toEqual([0n, 0n]);
		expect([emptied.holdings, emptied.readTo, emptied.touched, kept.holdings?.length]).toEqual([undefined, undefined, true, 5]);
		putInto(emptied, RULES, 4n, undefined, at(3));
		expect(takeFrom(emptied, RULES, 4n, at(4)).parcels).toBeUndefined();
	});

	it("in which nothing tainted lies gives clean money, whatever it lacks", () => {
		const ledger = openLedger(ASSET, 3n);
		expect(takeFrom(ledger, RULES, 5n, at(1))).toEqual({ parcels: undefined, unknown: 2n });
		expect([ledger.balance, ledger.touched, heldParcels(ledger)]).toEqual([0n, false, []]);
	});

	it("of which a part is marked later holds that part of what was clean", () => {
		const ledger = openLedger(ASSET, 5n);
		markIn(ledger, RULES, [2n, 2n, 2n, 2n, 5n], 0, at(1));
		expect(amountsOf(heldParcels(ledger))).toEqual([2n, 2n, 2n, 2n, 5n]);
		expect(hasTaint(heldParcels(ledger))).toBe(true);
	});

	it("that paid after what was read of it knows since when, and that from then on nothing of its payments is", () => {
		const frame = newFrame(RULES, [undefined]);
		frame.supply.set(ASSET, [4n]);
		const ledger = openLedger(ASSET, 0n, newLedgerBounds(frame, ASSET, 0n));
		putInto(ledger, RULES, 4n, stolen(4n), at(1));
		expect(ledger.bounds?.held).toBeUndefined();
		ledger.readTo = 7;
		passUnread(ledger);
		expect([ledger.paidUnread, ledger.readTo]).toEqual([7, Number.POSITIVE_INFINITY]);
		expect(ledger.bounds?.held).toEqual({ least: [0n], most: [4n] });
		const { parcels } = takeFrom(ledger, RULES, 3n, at(9));
		expect([amountsOf(parcels), parcels?.envelope]).toEqual([[3n, 3n, 3n, 3n, 3n], { least: [0n], most: [3n] }]);
	});

	it("whose books will lack money bounds what leaves it, and is exact again once nothing is missing nor left", () => {
		const frame = newFrame(RULES, [undefined]);
		frame.supply.set(ASSET, [100n]);
		// docs/tracing-rules.md: 100 stolen arrive, 150 leave, then 70; 120 are missing.
		const ledger = openLedger(ASSET, 0n, newLedgerBounds(frame, ASSET, 120n));
		putInto(ledger, RULES, 100n, stolen(100n), at(1));
		const first = takeFrom(ledger, RULES, 150n, at(2));
		expect([first.unknown, first.parcels?.envelope]).toEqual([50n, { least: [30n], most: [100n] }]);
		expect([ledger.bounds?.missing, ledger.bounds?.held]).toEqual([70n, { least: [0n], most: [70n] }]);
		const second = takeFrom(ledger, RULES, 70n, at(3));
		expect([second.unknown, second.parcels?.envelope]).toEqual([70n, { least: [0n], most: [70n] }]);
		expect([ledger.bounds?.missing, ledger.bounds?.held, ledger.bounds?.uncertain.missing]).toEqual([0n, undefined, 100n]);
	});

	it("never accounts for other than what left it", () => {
		const ledger = holding(6n, 4n);
		const lying = (amount: bigint) => ({ ...(ledger.holdings?.[0] as object), take: () => [{ origin: 0, amount }] });
		const taking = (rule: Rule, amount: bigint) => () => takeFrom({ ...ledger, holdings: [lying(amount) as never] }, [rule], 5n, at(2));
		for (const rule of ["fifo", "lifo"] as const) {
			expect(taking(rule, 4n)).toThrow(ClewError);
			expect(taking(rule, 6n)).toThrow(ClewError);
			expect(taking(rule, 5n)).not.toThrow();
		}
		expect(taking("difo", 6n)).toThrow(ClewError);
		expect(taking("difo", 4n)).not.toThrow();
		expect(taking("libr", 6n)).not.toThrow();
	});
});
