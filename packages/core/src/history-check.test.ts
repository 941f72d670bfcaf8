import { fc } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { parseAccount } from "./chain-family/accounts.js";
import { parseChainId } from "./chain-family/registry.js";
import type { Coverage } from "./claims.js";
import { borneOut, type HistoryCheck, joinChecks, missingNonces } from "./history-check.js";

const chain = parseChainId("eip155:1");
const account = parseAccount(`0x${"a1".repeat(20)}`, chain);
/** An account that sends its nonce n in block 10 n. */
const told = (nonces: readonly number[]): HistoryCheck =>
	nonces.map((n): HistoryCheck => ({ account, runs: [{ first: n, last: n, from: 10 * n, to: 10 * n }] })).reduce(joinChecks);
const claim = (fromHeight: number, toHeight: number): Coverage => ({
	chain,
	account,
	fromHeight,
	toHeight,
	kinds: ["native"],
	source: "f",
	note: "",
});

describe("nonces that rows tell", () => {
	const numbers = fc.uniqueArray(fc.nat(12), { minLength: 1, maxLength: 10 });
	it("are joined alike in any order and grouping", () => {
		fc.assert(
			fc.property(numbers, numbers, numbers, (a, b, c) => {
				const [x, y, z] = [told(a), told(b), told(c)];
				expect(joinChecks(joinChecks(x, y), z)).toEqual(joinChecks(x, joinChecks(z, y)));
				expect(joinChecks(x, x)).toEqual(x);
			}),
		);
	});
	it("miss exactly those that nobody told below the last", () => {
		fc.assert(
			fc.property(numbers, (own) => {
				const missing = missingNonces(told(own)).flatMap(({ first, last = first }) =>
					Array.from({ length: last - first + 1 }, (_, i) => first + i),
				);
				const last = Math.max(...own);
				expect(missing).toEqual(Array.from({ length: last }, (_, n) => n).filter((n) => !own.includes(n)));
			}),
		);
	});
	it("take from claims of all heights those at which a missing one stands, and never one of a claim that leaves room", () => {
		fc.assert(
			fc.property(numbers, fc.nat(130), fc.nat(130), (own, a, b) => {
				const sent = told(own);
				const whole = borneOut([claim(0, 200)], sent);
				for (let n = 0; n <= Math.max(...own); n++)
					if (!own.includes(n)) expect(whole.some(({ fromHeight, toHeight }) => fromHeight <= 10 * n && 10 * n <= toHeight)).toBe(false);
				const [from, to] = [Math.min(a, b), Math.max(a, b)];
				const held = own.filter((n) => from <= 10 * n && 10 * n <= to).sort((x, y) => x - y);
				const honest = held.every((n, i) => i === 0 || held[i - 1] === n - 1);
				const partial = borneOut([claim(from, to)], sent);
				if (!honest) expect(partial).not.toEqual([claim(from, to)]);
				expect(borneOut(partial, sent)).toEqual(partial);
			}),
		);
	});
	it("of its beginning take all before the first row of a file, which is of a range that it does not tell", () => {
		const started = joinChecks(told([5, 6]), { account, runs: [], starts: [{ source: "f", at: 44 }] });
		expect(borneOut([claim(0, 99)], started)).toMatchObject([
			{ fromHeight: 44, toHeight: 99, note: expect.stringContaining("its nonces 0 to 4 are missing before block 44: not fetched there") },
		]);
		expect(borneOut([{ ...claim(0, 99), source: "other" }], started)).toMatchObject([{ fromHeight: 51 }]);
		// Another file that tells them closes the beginning.
		expect(borneOut([claim(0, 99)], joinChecks(started, told([0, 1, 2, 3, 4])))).toEqual([claim(0, 99)]);
	});
	it("leave whole blocks, other kinds and other accounts alone", () => {
		const { account: _, ...blocks } = claim(0, 99);
		const others = [blocks, { ...claim(0, 99), kinds: ["token" as const] }];
		expect(borneOut(others, told([1, 5]))).toEqual(others);
		expect(borneOut([claim(0, 99)], undefined)).toEqual([claim(0, 99)]);
	});
});

describe("nonces that contradict each other", () => {
	const run = (first: number, last: number, from: number, to: number): HistoryCheck => ({ account, runs: [{ first, last, from, to }] });
	const found = (a: HistoryCheck, b: HistoryCheck) => [joinChecks(a, b), joinChecks(b, a)].map(({ contradicted }) => contradicted?.nonce);

	it.each([
		["one nonce in two blocks", run(3, 3, 30, 30), run(3, 3, 31, 31), 3],
		["runs that begin in two blocks", run(3, 5, 30, 50), run(3, 4, 31, 40), 3],
		["runs that end in two blocks", run(3, 5, 30, 50), run(4, 5, 40, 51), 5],
		["a later nonce in an earlier block", run(3, 3, 30, 30), run(4, 4, 29, 29), 4],
		["a run inside that begins before the other", run(3, 6, 30, 60), run(4, 5, 29, 50), 4],
		["a run inside that begins behind the other", run(3, 6, 30, 60), run(4, 5, 61, 62), 4],
		["a run inside that ends behind the other", run(3, 6, 30, 60), run(4, 5, 40, 61), 5],
	])("tell nothing: %s", (_, a, b, nonce) => {
		expect(found(a, b)).toEqual([nonce, nonce]);
		expect(missingNonces(joinChecks(a, b))).toEqual([]);
	});

	it.each([
		["equal", run(3, 5, 30, 50), run(3, 5, 30, 50)],
		["in one block", run(3, 3, 30, 30), run(4, 4, 30, 30)],
		["one inside the other", run(3, 6, 30, 60), run(4, 5, 30, 60)],
		["overlapping", run(3, 5, 30, 50), run(4, 7, 40, 70)],
		["apart", run(3, 5, 30, 50), run(9, 9, 50, 50)],
	])("are none where they are %s", (_, a, b) => {
		expect(found(a, b)).toEqual([undefined, undefined]);
	});

	it("are said in words on the account's own claims, which stay", () => {
		const check = joinChecks(run(3, 3, 30, 30), run(3, 3, 31, 31));
		const [said, ...more] = borneOut([claim(0, 99)], check);
		expect(more).toEqual([]);
		expect(said).toMatchObject({ fromHeight: 0, toHeight: 99, note: expect.stringContaining("its nonce 3 (blocks 30 and 31)") });
	});
});

describe("what files lack", () => {
	const lacking = (...lacks: NonNullable<HistoryCheck["lacks"]>): HistoryCheck => ({ account, runs: [], lacks });
	const spans = (all: readonly Coverage[]) => all.map(({ fromHeight, toHeight }) => [fromHeight, toHeight]);

	it("is cut out of their claims, both ends of it, and said there; of other files, kinds and heights nothing is", () => {
		const lack = { source: "f", from: 10, at: 12, to: 20 };
		const left = borneOut([claim(0, 99)], lacking(lack));
		expect(spans(left)).toEqual([
			[0, 9],
			[21, 99],
		]);
		expect(
			left.every(
				({ note }) => note === "it does not list all of block 12 that another source tells: not complete from block 10 to block 20",
			),
		).toBe(true);
		expect(spans(borneOut([claim(0, 99)], lacking({ source: "f", from: 10, at: 12 })))).toEqual([[0, 9]]);
		for (const other of [
			{ ...lack, source: "g" },
			{ ...lack, kind: "token" as const },
			{ ...lack, from: 100, to: 200 },
		])
			expect(borneOut([claim(0, 99)], lacking(other))).toEqual([claim(0, 99)]);
		expect(spans(borneOut([claim(0, 99)], lacking({ ...lack, kind: "native" })))).toHaveLength(2);
		expect(spans(borneOut([claim(20, 30)], lacking(lack)))).toEqual([[21, 30]]);
		expect(spans(borneOut([claim(5, 10)], lacking(lack)))).toEqual([[5, 9]]);
		expect(spans(borneOut([claim(12, 18)], lacking(lack)))).toEqual([]);
	});

	it("is said of five places, and of more how many", () => {
		const many = (count: number) =>
			lacking(...Array.from({ length: count }, (_, i) => ({ source: "f", from: 10 * i, at: 10 * i + 1, to: 10 * i + 2 })));
		const notes = (count: number) => borneOut([claim(0, 99)], many(count))[0]?.note.split("; ") ?? [];
		expect([notes(5).length, notes(6).length, notes(7).at(-1)]).toEqual([5, 6, "it lacks what others tell in 2 more places"]);
	});

	it("and what the second source says of it stands for the first; blocks that were withdrawn are kept of both", () => {
		const [a, b] = [lacking({ source: "f", from: 1, at: 1 }), lacking({ source: "f", from: 2, at: 2 })];
		expect(joinChecks(a, b).lacks).toEqual(b.lacks);
		expect(joinChecks(a, { account, runs: [] }).lacks).toEqual(a.lacks);
		expect(joinChecks({ account, runs: [], withdrawn: [7, 3] }, { account, runs: [], withdrawn: [3, 5] }).withdrawn).toEqual([3, 5, 7]);
		expect(joinChecks({ account, runs: [] }, { account, runs: [] })).toEqual({ account, runs: [] });
	});

	it("a nonce in a block whose transaction was withdrawn is missing, one told over several blocks is not", () => {
		const runs = [
			{ first: 0, last: 0, from: 5, to: 5 },
			{ first: 2, last: 3, from: 7, to: 9 },
		];
		expect(missingNonces({ account, runs, withdrawn: [5] })).toEqual([{ first: 0, last: 1, after: undefined, before: 7 }]);
		expect(missingNonces({ account, runs, withdrawn: [7] })).toEqual([{ first: 1, last: 1, after: 5, before: 7 }]);
	});
});

describe("a file that lists nothing", () => {
	const nothing = (fromHeight: number, toHeight: number): Coverage => ({ ...claim(fromHeight, toHeight), source: "n", note: "none found" });
	const reach = (...others: readonly Coverage[]) =>
		borneOut([nothing(0, 1_000), ...others], undefined)
			.filter(({ source }) => source === "n")
			.map(({ fromHeight, toHeight }) => [fromHeight, toHeight]);

	it("reaches to where the first kind of the account's other files ends, and to block 0 without any", () => {
		expect(reach()).toEqual([[0, 0]]);
		expect(reach(claim(0, 50))).toEqual([[0, 50]]);
		expect(reach(claim(0, 50), claim(60, 70))).toEqual([[0, 70]]);
		expect(reach(claim(0, 50), { ...claim(0, 30), kinds: ["token"] })).toEqual([[0, 30]]);
		const { account: _, ...blocks } = claim(0, 90);
		expect(reach(blocks)).toEqual([[0, 0]]);
		expect(borneOut([nothing(40, 1_000), claim(0, 30)], undefined).map(({ source }) => source)).toEqual(["f"]);
		expect(borneOut([nothing(30, 1_000), claim(0, 30)], undefined).map(({ toHeight }) => toHeight)).toEqual([30, 30]);
	});
});
