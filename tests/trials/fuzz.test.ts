import { describe, expect, it } from "vitest";
import { ACCOUNTS, OUTPUTS } from "../fuzz/families.js";
import { fuzzAll } from "../fuzz/run.js";
import { FAILED_ONCE } from "./fuzz-seeds.js";

/** More of them with WORLDS=N, from another number with FROM=N. */
const WORLDS = Number(process.env["WORLDS"] ?? 30);
const FROM = Number(process.env["FROM"] ?? 1);

function* numbers(failedOnce: readonly number[]): Generator<number> {
	yield* failedOnce;
	for (let number = FROM; number < FROM + WORLDS; number++) yield number;
}

describe("random worlds as files, through the importers and the engine, against the documented conventions", () => {
	it(`accounts: ${WORLDS} worlds, each with a variant that changes nothing`, { timeout: 3_600_000 }, async () => {
		const seen = await fuzzAll(ACCOUNTS, numbers(FAILED_ONCE.accounts));
		expect(seen.questions).toBeGreaterThan(WORLDS * 2);
		expect(Math.min(seen.rows, seen.unspent * 4, seen.unfetched * 6)).toBeGreaterThan(WORLDS);
	});

	it(`outputs: ${WORLDS} chains, each with a variant that changes nothing`, { timeout: 3_600_000 }, async () => {
		const seen = await fuzzAll(OUTPUTS, numbers(FAILED_ONCE.outputs));
		expect(seen.questions).toBeGreaterThan(WORLDS * 2);
		expect(Math.min(seen.rows, seen.unspent * 4, seen.unfetched * 4)).toBeGreaterThan(WORLDS);
	});
});
