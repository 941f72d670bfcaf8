import { erc20Asset } from "@clew/core";
import { TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { expect, it } from "vitest";
import { accountFeatures, FEATURES } from "./features.js";

const TOKEN = erc20Asset(TEST_CHAIN, `0x${"d".repeat(40)}`);
const DUST = 10n ** 15n;

/** The features of account 1, by name; `move` writes height, payer, payee and amount. */
function featuresOf(rows: readonly ReturnType<typeof testTransfer>[]): Record<string, number> {
	const vector = accountFeatures(testAccount(1), rows);
	return Object.fromEntries(FEATURES.map((name, i) => [name, vector[i] as number]));
}
const move = (height: number, from: number, to: number, amount: bigint, more: object = {}) =>
	testTransfer([height, 0, 1], from, to, amount, more);
const logs = (counts: Record<string, number>) =>
	Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, expect.closeTo(Math.log1p(count), 12)]));

it("features of a small ledger are those that a person counts", () => {
	const paid = move(4_000, 1, 2, 3n * DUST);
	const found = featuresOf([
		move(100, 2, 1, 4n * DUST),
		move(100, 2, 1, 0n),
		move(200, 3, 1, DUST),
		move(300, 3, 1, DUST - 1n),
		move(400, 1, 1, 9n * DUST),
		{ ...testTransfer([4_000, 0, 0], 1, -1, 5n, { kind: "fee" }), txHash: paid.txHash },
		paid,
		move(4_100, 1, 4, DUST, { asset: TOKEN }),
	]);
	expect(found).toMatchObject(
		logs({
			arrivals: 4,
			departures: 2,
			payers: 2,
			payees: 2,
			arrivalsPerPayer: 2,
			departuresPerPayee: 1,
			lifetimeBlocks: 4_000,
			medianBlocksHeld: 3_900,
		}),
	);
	// The largest arrival of 4 is 4 of 5.999...; the largest departure of its asset is all of it.
	expect(found["largestArrivalShare"]).toBeCloseTo(0.666, 3);
	expect(found).toMatchObject({
		passedOnSoon: 0,
		largestDepartureShare: 1,
		roundTripShare: 0.5,
		zeroArrivalShare: 0.25,
		dustArrivalShare: 0.25,
		tokenShare: 1 / 6,
		feesPaidShare: 0.5,
		strangersFeesShare: 0.5,
	});
});

it("what is passed on within 3,200 blocks counts as soon, of the same asset alone", () => {
	const passed = (gap: number, asset?: typeof TOKEN) =>
		featuresOf([move(100, 2, 1, 5n), move(100 + gap, 1, 3, 5n, asset === undefined ? {} : { asset })])["passedOnSoon"];
	expect([passed(0), passed(3_200), passed(3_201), passed(10, TOKEN)]).toEqual([1, 1, 0, 0]);
	expect(featuresOf([move(100, 2, 1, 5n), move(99, 1, 3, 5n)].reverse())["passedOnSoon"]).toBe(0);
});

it("the largest transfer's part is of all of its own asset, to a thousandth, however small the amounts", () => {
	const largest = (...amounts: readonly bigint[]) =>
		featuresOf(amounts.map((amount, i) => move(100 + i, 2, 1, amount)))["largestArrivalShare"];
	expect([largest(1n), largest(1n, 1n), largest(1n, 2n), largest(2n, 1n), largest(0n), largest(0n, 3n)]).toEqual([
		1, 0.5, 0.666, 0.666, 0, 1,
	]);
	const two = [move(100, 2, 1, 1n), move(101, 2, 1, 1n), move(102, 2, 1, 3n, { asset: TOKEN }), move(103, 2, 1, 1n, { asset: TOKEN })];
	expect(featuresOf(two)["largestArrivalShare"]).toBe(0.75);
});

it("an account that nobody paid, and one that nothing is known of, have numbers too", () => {
	expect(Object.values(featuresOf([])).every((value) => value === 0)).toBe(true);
	expect(featuresOf([move(5, 1, 2, 1n)])).toMatchObject({ arrivals: 0, arrivalsPerPayer: 0, zeroArrivalShare: 0, strangersFeesShare: 0 });
});
