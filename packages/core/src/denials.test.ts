import { beforeEach, describe, expect, it } from "vitest";
import { allDenials, denialNote, denialsFrom, deniedWords, forgetDenials, keepDenials, transactionsStand } from "./denials.js";
import { ClewError } from "./errors.js";
import type { Hash } from "./ids.js";
import type { GraphStore } from "./ports/graph-store.js";
import { TEST_CHAIN } from "./testing/memory-ledger.js";
import { memoryRecords } from "./testing/memory-records.js";
import type { Denial, DeniedWord } from "./whole-block.js";

const hash = (n: number) => `0x${n.toString(16).padStart(64, "0")}` as Hash;
const denial = (height: number, n: number, what: DeniedWord, source?: string): Denial => ({
	height,
	hash: hash(n),
	what,
	...(source === undefined ? {} : { source }),
});
let store: GraphStore;
beforeEach(() => {
	store = memoryRecords() as GraphStore;
});
const keep = (...denials: readonly Denial[]) => keepDenials(store, TEST_CHAIN, denials);

describe("what blocks of a node deny of files", () => {
	it("is kept by file, in chain order, a transaction once with all that is denied of it; what nobody's file told is kept of none", async () => {
		await keep(denial(9, 2, "value", "a"), denial(9, 1, "status", "a"), denial(3, 5, "fee", "b"), denial(1, 7, "fee"));
		const kept = await keep(denial(4, 3, "index", "a"), denial(9, 2, "fee", "a"), denial(9, 2, "value", "a"));
		expect([...kept.keys()]).toEqual(["a"]);
		expect(kept.get("a")).toEqual({
			chain: TEST_CHAIN,
			denied: [
				{ height: 4, hash: hash(3), what: ["index"] },
				{ height: 9, hash: hash(1), what: ["status"] },
				{ height: 9, hash: hash(2), what: ["fee", "value"] },
			],
			more: false,
		});
		const all = await allDenials(store);
		expect([...all.keys()]).toEqual(["a", "b"]);
		expect(all.get("a")).toEqual(kept.get("a"));
		expect(all.get("b")?.denied).toEqual([{ height: 3, hash: hash(5), what: ["fee"] }]);
	});

	it("is the lowest thousand in any order, and says that there are more from one beyond them on, for ever", async () => {
		const many = (from: number, count: number) => Array.from({ length: count }, (_, i) => denial(from + i, from + i, "value", "a"));
		const heights = async () => (await allDenials(store)).get("a")?.denied.map(({ height }) => height) ?? [];
		expect((await keep(...many(100, 1_000))).get("a")?.more).toBe(false);
		expect((await keep(...many(50, 1))).get("a")?.more).toBe(true);
		expect([(await heights()).length, (await heights())[0], (await heights()).at(-1)]).toEqual([1_000, 50, 1_098]);
		expect((await keep(...many(50, 1))).get("a")?.more).toBe(true);
	});

	it("is forgotten from a height on, that height too, of this chain alone; a file of which nothing is left is gone", async () => {
		await keep(denial(4, 1, "value", "a"), denial(5, 2, "value", "a"), denial(6, 3, "value", "a"), denial(5, 4, "value", "b"));
		await keepDenials(store, "eip155:10" as typeof TEST_CHAIN, [denial(9, 9, "value", "c")]);
		await forgetDenials(store, TEST_CHAIN, 5);
		const left = await allDenials(store);
		expect([...left].map(([source, { denied }]) => [source, denied.map(({ height }) => height)])).toEqual([
			["a", [4]],
			["c", [9]],
		]);
		await forgetDenials(store, TEST_CHAIN, 5);
		expect((await allDenials(store)).get("a")?.denied.length).toBe(1);
	});

	it("once more than are kept, and forgotten from a height on, is known whole again; what was not touched is not", async () => {
		await keep(...Array.from({ length: 1_001 }, (_, i) => denial(i, i, "value", "a")));
		await forgetDenials(store, TEST_CHAIN, 5_000);
		expect((await allDenials(store)).get("a")?.more).toBe(true);
		await forgetDenials(store, TEST_CHAIN, 10);
		expect((await allDenials(store)).get("a")).toMatchObject({ more: false });
	});

	it("is said in words: how many, the first, and what of it", () => {
		const two = { height: 7, hash: hash(1), what: ["status", "fee"] as const };
		expect(denialNote({ chain: TEST_CHAIN, denied: [two], more: false })).toBe(
			`1 transaction stands otherwise in blocks that a node told whole, and what it says there was left out, first ${hash(1)} of block 7 (its status, its fee)`,
		);
		expect(denialNote({ chain: TEST_CHAIN, denied: [two, two], more: true })).toMatch(/^more than 2 transactions stand otherwise/);
		expect(denialNote({ chain: TEST_CHAIN, denied: [], more: false })).toMatch(/was left out$/);
		expect([transactionsStand(1), transactionsStand(0)]).toEqual(["1 transaction stands", "0 transactions stand"]);
		expect(deniedWords(["transaction", "movement", "time"])).toBe("which does not hold it, what it moves, the time of the block");
	});

	it("is refused where a document is not what Clew writes", () => {
		const one = { height: 7, hash: hash(1), what: ["status"] };
		const good = { chain: TEST_CHAIN, denied: [one], more: false };
		expect(denialsFrom("a", JSON.stringify(good))).toEqual(good);
		const bad = [
			{ ...good, chain: 1 },
			{ ...good, more: "no" },
			{ ...good, denied: {} },
			{ ...good, denied: [] },
			...[{ height: 1.5 }, { height: "7" }, { hash: 1 }, { what: "status" }, { what: [] }].map((odd) => ({
				...good,
				denied: [one, { ...one, ...odd }],
			})),
		];
		for (const value of bad) expect(() => denialsFrom("a", JSON.stringify(value)), JSON.stringify(value)).toThrow(ClewError);
	});
});
