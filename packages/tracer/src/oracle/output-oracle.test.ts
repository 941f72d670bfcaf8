import { InputError, type TraceResult } from "@clew/core";
import { describe, expect, it } from "vitest";
import { buildResult } from "../result.js";
import { runTrace } from "../trace.js";
import { OUTPUT_RULES, oracleTold, outputsTold } from "./output-answers.test-util.js";
import { askOutputs } from "./output-oracle.test-util.js";
import { askedOf, COIN, type OutputWorld, outputWorld } from "./output-worlds.test-util.js";

const WORLDS = 2_000;

async function trace(world: OutputWorld): Promise<TraceResult | undefined> {
	try {
		const { source, request } = askedOf(world);
		return await buildResult(await runTrace(request, { source }), source, { id: "c", title: "t", cutoff: 0, sources: [] });
	} catch (error) {
		if (error instanceof InputError) return undefined;
		throw error;
	}
}

describe("the engine against an oracle written from the docs alone: outputs", () => {
	it(`says the same of ${WORLDS} chains: every end point, row, seed and sum, under every rule and two fee conventions`, {
		timeout: 600_000,
	}, async () => {
		let answered = 0;
		for (let number = 1; number <= WORLDS; number++) {
			const world = outputWorld(number);
			const result = await trace(world);
			if (result === undefined) continue;
			answered++;
			expect(outputsTold(result, COIN), `chain ${number}: ${world.specs.map(({ spec }) => spec).join(" ")}`).toEqual(
				oracleTold(askOutputs({ ...world.question, rules: OUTPUT_RULES })),
			);
		}
		expect(answered).toBeGreaterThan(WORLDS / 2);
	});
});
