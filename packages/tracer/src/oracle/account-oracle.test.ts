import { InputError } from "@clew/core";
import { describe, expect, it } from "vitest";
import { ACCOUNT_RULES, answerOf, inOrder, traceAccounts } from "./account-answers.test-util.js";
import { askAccounts } from "./account-oracle.test-util.js";
import { type AccountWorld, accountWorld, askedOfWorld } from "./account-worlds.test-util.js";

const WORLDS = 3_000;

/** The engine's results of a world; undefined where a seed is refused. */
async function trace(world: AccountWorld) {
	try {
		const { source, request } = askedOfWorld(world);
		return await traceAccounts(source, request);
	} catch (error) {
		if (error instanceof InputError) return undefined;
		throw error;
	}
}

describe("the engine against an oracle written from the docs alone: accounts", () => {
	it(`says the same of ${WORLDS} worlds: every end point, row, seed and sum, under every rule`, { timeout: 600_000 }, async () => {
		let answered = 0;
		let open = 0;
		for (let number = 1; number <= WORLDS; number++) {
			const world = accountWorld(number);
			const found = await trace(world);
			if (found === undefined) continue;
			answered++;
			const name = `world ${number}: ${world.specs.map(({ spec }) => spec).join(" ")}`;
			const { placed, bounded, missing } = found;
			expect(inOrder(answerOf(placed)), name).toEqual(inOrder(askAccounts({ ...world.question, rules: ACCOUNT_RULES })));
			if (!missing) expect(bounded.id, name).toBe(placed.id);
			// What is followed since it may be more than dust lies elsewhere than what is dust.
			else if (world.dust.size === 0) {
				open++;
				expect(inOrder(answerOf(bounded, true)), `${name}, with bounds`).toEqual(inOrder(answerOf(placed, true)));
			}
		}
		expect(open).toBeGreaterThan(WORLDS / 20);
		// Few seeds are refused, and most worlds have taint in them.
		expect(answered).toBeGreaterThan(WORLDS / 2);
	});
});
