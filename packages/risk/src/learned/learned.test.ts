import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testAccount, testTransfer } from "@clew/core/testing";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { assess, DANGER_POINTS } from "../reason.js";
import { accountFeatures, FEATURES } from "./features.js";
import { learnedReasons } from "./reason.js";
import { readModel, scoreTrees } from "./trees.js";

const check = JSON.parse(readFileSync(new URL("check.json", import.meta.url), "utf8")) as { vector: number[]; probability: number }[];
const movesOf = (moves: readonly (readonly [number, number, number])[], shift: number) =>
	moves.map(([from, to, amount], i) => testTransfer([shift + 10 + i, 0, 1], from, to, BigInt(amount)));
const moves = fc.array(fc.tuple(fc.nat(4), fc.nat(4), fc.nat(9)), { minLength: 1, maxLength: 40 });

describe("the learned score", () => {
	it("is what scikit-learn says of the same vectors, and its contributions add up", () => {
		const model = readModel();
		expect(check.length).toBeGreaterThan(10);
		for (const { vector, probability } of check) {
			const score = scoreTrees(model, vector);
			expect(score.probability).toBeCloseTo(probability, 9);
			const base = model.base + model.trees.reduce((sum, tree) => sum + (tree.value[0] ?? 0), 0);
			const logOdds = score.contributions.reduce((sum, { logOdds: one }) => sum + one, base);
			expect(1 / (1 + Math.exp(-logOdds))).toBeCloseTo(score.probability, 9);
		}
	});

	it("is a lead that cannot make a danger, and says which features spoke", () => {
		const reasons = learnedReasons(
			testAccount(1),
			movesOf(
				[
					[0, 1, 5],
					[1, 2, 5],
				],
				0,
			),
			readModel(),
		);
		expect(reasons).toEqual([expect.objectContaining({ code: "learned", tier: "lead" })]);
		expect(assess("x", reasons, []).score).toBeLessThan(DANGER_POINTS);
		expect(learnedReasons(testAccount(1), [], readModel())).toEqual([]);
	});

	it.each([
		["a feature that is not there", { feature: [99], threshold: [0], left: [0], right: [0], value: [0] }],
		["a feature just behind the last", { feature: [FEATURES.length], threshold: [0], left: [0], right: [0], value: [0] }],
		["a feature below none", { feature: [-2], threshold: [0], left: [0], right: [0], value: [0] }],
		["a branch to nowhere", { feature: [0, -1], threshold: [0, 0], left: [1, 0], right: [2, 0], value: [0, 0] }],
		["no node", { feature: [], threshold: [], left: [], right: [], value: [] }],
		["a loop", { feature: [0, -1], threshold: [0, 0], left: [0, 0], right: [1, 0], value: [0, 0] }],
		["lists of different lengths", { feature: [-1, -1], threshold: [0], left: [0], right: [0], value: [0] }],
	])("refuses a model with %s", (_, tree) => {
		const path = join(tmpdir(), `clew-model-${process.pid}.json`);
		writeFileSync(path, JSON.stringify({ ...readModel(), trees: [tree] }));
		expect(() => readModel(path)).toThrow(/trees are not trees/);
	});
});

it("a tree asks its features on the way down, goes left at its threshold itself, and says how much each moved the score", () => {
	const tree = {
		feature: [0, -1, 1, -1, -1],
		threshold: [5, 0, 2, 0, 0],
		left: [1, 0, 3, 0, 0],
		right: [2, 0, 4, 0, 0],
		value: [1, 3, -1, 4, -2],
	};
	const model = { ...readModel(), base: 0.5, trees: [tree] };
	const score = (first: number, second: number) => {
		const { probability, contributions } = scoreTrees(model, [first, second]);
		return [Math.log(probability / (1 - probability)), ...contributions.slice(0, 3).map(({ logOdds }) => logOdds)].map(
			(x) => Math.round(x * 1e6) / 1e6,
		);
	};
	expect([score(5, 0), score(5.1, 2), score(5.1, 2.1)]).toEqual([
		[3.5, 2, 0, 0],
		[4.5, -2, 5, 0],
		[-1.5, -2, -1, 0],
	]);
});

it("names the three features that moved a score most, either way, with their signs", () => {
	/** A stump: its feature moves the score by so much, whatever its value. */
	const stump = (feature: number, moved: number) => ({
		feature: [feature, -1, -1],
		threshold: [0, 0, 0],
		left: [1, 0, 0],
		right: [2, 0, 0],
		value: [0, moved, moved],
	});
	const model = { ...readModel(), trees: [stump(0, 0.5), stump(1, -2), stump(2, 0.25), stump(3, 1)] };
	const [found] = learnedReasons(testAccount(1), movesOf([[0, 1, 5]], 0), model);
	expect(found?.facts["because"]).toBe(`${FEATURES[1]} -2.00, ${FEATURES[3]} +1.00, ${FEATURES[0]} +0.50`);
	const none = learnedReasons(testAccount(1), movesOf([[0, 1, 5]], 0), { ...model, base: 0, trees: [] });
	expect(none[0]?.facts).toMatchObject({ percent: "50.0", because: expect.stringMatching(/^\S+ \+0\.00, /) });
});

test.prop([moves, fc.nat(1_000_000)])("features are finite, and do not know when or under which address", (list, shift) => {
	const vector = accountFeatures(testAccount(1), movesOf(list, 0));
	expect(vector).toHaveLength(FEATURES.length);
	for (const value of vector) expect(Number.isFinite(value)).toBe(true);
	expect(accountFeatures(testAccount(1), movesOf(list, shift))).toEqual(vector);
	const renamed = list.map(([from, to, amount]) => [from + 7, to + 7, amount] as const);
	expect(accountFeatures(testAccount(8), movesOf(renamed, shift))).toEqual(vector);
});
