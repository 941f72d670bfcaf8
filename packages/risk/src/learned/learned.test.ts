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
		["a loop", { feature: [0, -1], threshold: [0, 0], left: [0, 0], right: [1, 0], value: [0, 0] }],
		["lists of different lengths", { feature: [-1, -1], threshold: [0], left: [0], right: [0], value: [0] }],
	])("refuses a model with %s", (_, tree) => {
		const path = join(tmpdir(), `clew-model-${process.pid}.json`);
		writeFileSync(path, JSON.stringify({ ...readModel(), trees: [tree] }));
		expect(() => readModel(path)).toThrow(/trees are not trees/);
	});
});

test.prop([moves, fc.nat(1_000_000)])("features are finite, and do not know when or under which address", (list, shift) => {
	const vector = accountFeatures(testAccount(1), movesOf(list, 0));
	expect(vector).toHaveLength(FEATURES.length);
	for (const value of vector) expect(Number.isFinite(value)).toBe(true);
	expect(accountFeatures(testAccount(1), movesOf(list, shift))).toEqual(vector);
	const renamed = list.map(([from, to, amount]) => [from + 7, to + 7, amount] as const);
	expect(accountFeatures(testAccount(8), movesOf(renamed, shift))).toEqual(vector);
});
