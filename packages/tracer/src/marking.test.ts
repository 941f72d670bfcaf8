import { addressOf, nativeAsset, type Rule } from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { Books } from "./books.js";
import { newFrame } from "./bounds/envelope.js";
import { type Mark, Marking, parcelsOfMarks } from "./marking.js";
import { parseSeed, planSeeds } from "./seeds.js";

const ASSET = nativeAsset(TEST_CHAIN);
const RULES: readonly Rule[] = ["fifo", "libr", "difo"];
const lot = (origin: number, amount: bigint) => ({ origin, amount });

describe("what seeds marked of a transfer", () => {
	const mark = (origin: number, ...amounts: readonly bigint[]): Mark => ({ origin, amounts });

	it("is lots above nothing, with the clean rest where lots are kept by age", () => {
		expect(parcelsOfMarks([mark(0, 5n, 5n, 0n)], RULES, undefined, 5n)).toEqual([[lot(0, 5n)], [lot(0, 5n)], []]);
		expect(parcelsOfMarks([mark(0, 3n, 3n, 3n), mark(1, 1n, 0n, 1n)], RULES, undefined, 5n)).toEqual([
			[lot(0, 3n), lot(1, 1n), lot(-1, 1n)],
			[lot(0, 3n)],
			[lot(0, 3n), lot(1, 1n)],
		]);
		expect(parcelsOfMarks([mark(0, 0n, 3n, 3n)], RULES, undefined, 5n)[0]).toEqual([]);
	});

	it("is bounded by the bounds of its marks, together no more than the transfer, where one of them has some", () => {
		const frame = newFrame(["fifo"], [undefined, undefined]);
		const open: Mark = { ...mark(0, 3n), bounds: { least: [1n, 0n, 1n], most: [4n, 0n, 4n] } };
		expect(parcelsOfMarks([open, mark(1, 2n)], ["fifo"], frame, 5n).envelope).toEqual({ least: [1n, 2n, 3n], most: [4n, 2n, 5n] });
		expect(parcelsOfMarks([mark(0, 3n), mark(1, 2n)], ["fifo"], frame, 5n).envelope).toBeUndefined();
		expect(parcelsOfMarks([open], ["fifo"], undefined, 5n).envelope).toBeUndefined();
	});
});

describe("seeds that mark a transfer", () => {
	const account = `account:${addressOf(testAccount(1))}`;
	const transfers = [testTransfer([10], 9, 1, 10n), testTransfer([20], 9, 1, 10n), testTransfer([30], 9, 2, 10n)] as const;
	const marking = async (...seeds: readonly ReturnType<typeof parseSeed>[]) => {
		const plan = await planSeeds(memoryLedger(transfers), TEST_CHAIN, seeds);
		return new Marking(plan, RULES);
	};
	const named = (height: number, limit?: bigint) =>
		parseSeed(`transfer:${height}.0.0`, TEST_CHAIN, limit === undefined ? {} : { amount: limit });

	it("are those that name it, then accounts, each at its place and no other", async () => {
		const all = await marking(parseSeed(account, TEST_CHAIN), named(20), named(10), named(20));
		expect(transfers.map((t) => all.seedsOf(t).map(({ origin }) => origin))).toEqual([[2, 0], [1, 3, 0], []]);
	});

	it("mark what is clean, one after the other, each no more than its limit, and under claims each for itself", async () => {
		const both = await marking(named(10, 4n), named(10));
		const { parcels, marks } = both.apply(both.seedsOf(transfers[0]), 10n, undefined);
		expect(marks.map(({ origin, amounts }) => [origin, amounts])).toEqual([
			[0, [4n, 4n, 4n]],
			[1, [6n, 10n, 6n]],
		]);
		expect(parcels).toEqual([
			[lot(0, 4n), lot(1, 6n)],
			[lot(0, 4n), lot(1, 10n)],
			[lot(0, 4n), lot(1, 6n)],
		]);
		const within = both.apply(both.seedsOf(transfers[0]), 10n, undefined, 5n);
		expect(within.marks.map(({ amounts }) => amounts)).toEqual([
			[4n, 4n, 4n],
			[1n, 10n, 1n],
		]);
	});

	it("mark nothing of what is tainted already, and leave no mark where nothing is left", async () => {
		const one = await marking(named(10));
		const seeds = one.seedsOf(transfers[0]);
		const tainted = [[lot(5, 10n)], [lot(0, 10n)], [lot(5, 10n)]];
		expect(one.apply(seeds, 10n, tainted)).toEqual({ parcels: tainted, marks: [] });
		const partly = [[lot(5, 7n), lot(-1, 3n)], [lot(0, 7n)], [lot(5, 7n)]];
		expect(one.apply(seeds, 10n, partly).marks.map(({ amounts }) => amounts)).toEqual([[3n, 3n, 3n]]);
	});

	it("use up their limits by what is written down, rule by rule; what came out of a passage counts for none", async () => {
		const one = await marking(named(10, 10n));
		const books = new Books(RULES, 1);
		const left = () => RULES.map((_, rule) => one.left(0, rule));
		one.commit(books, transfers[0], [{ origin: 0, amounts: [4n, 0n, 1n] }]);
		expect(left()).toEqual([6n, 10n, 9n]);
		one.commit(books, transfers[0], [{ origin: 0, amounts: [4n, 4n, 4n], passage: "k" }]);
		expect([left(), one.left(7, 0)]).toEqual([[6n, 10n, 9n], 0n]);
		expect(books.sums.get(ASSET)?.seeded).toEqual([[8n], [4n], [5n]]);
		expect(books.seedings.map(({ passage }) => passage)).toEqual([undefined, "k"]);
		expect(one.limitOf(0)).toBeUndefined();
	});
});
