import { COVERED_KINDS, type Coverage, nativeAsset } from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { buildResult, defaultRequest, parseSeed, runTrace } from "@clew/tracer";
import { describe, expect, it } from "vitest";
import { answerOf } from "./answer.js";

/** 0 was robbed of 5 by 1, got 3 back, and paid 4 to 2; 3, of whom all was read, got one of the two that 1 kept. */
const LOOP = [testTransfer([10], 0, 1, 5n), testTransfer([11], 1, 0, 3n), testTransfer([12], 0, 2, 4n), testTransfer([13], 1, 3, 1n)];

/** Where the money is by number of the account: what is agreed, and on whose balances it rests. */
async function found(readFrom: readonly number[], openings: readonly (readonly [number, bigint])[] = []) {
	const source = memoryLedger(LOOP, {
		coverage: (account): Coverage[] => [
			{
				chain: TEST_CHAIN,
				account,
				fromHeight: readFrom.find((_, n) => testAccount(n) === account) ?? 0,
				toHeight: 100,
				kinds: COVERED_KINDS,
				source: "s",
				note: "",
			},
		],
		openings: openings.map(([n, amount]) => ({ account: testAccount(n), asset: nativeAsset(TEST_CHAIN), height: 9, amount })),
	});
	const request = defaultRequest(TEST_CHAIN, [parseSeed(`transfer:10.0.0`, TEST_CHAIN)]);
	const result = buildResult(await runTrace(request, { source }), source, { id: "c".repeat(12), title: "t", cutoff: 100, sources: [] });
	const { groups } = answerOf(await result, { recipients: [], open: undefined, frozen: new Map() });
	const number = (account: string) => [0, 1, 2, 3].find((n) => testAccount(n) === account);
	return Object.values(groups)
		.flat()
		.map(({ accounts, agreed, restsOn = [] }) => ({ at: number(accounts[0] ?? ""), agreed, restsOn: restsOn.map(number) }))
		.sort((a, b) => Number(a.at) - Number(b.at));
}

describe("money that came back to an account whose balance nobody read, and was paid on", () => {
	it("rests on that balance, wherever it went from there, and nothing else does", async () => {
		const [first, ...others] = await found([10, 0, 0, 0]);
		expect(first).toMatchObject({ at: 1, restsOn: [] });
		expect(others.map(({ at, restsOn }) => [at, restsOn])).toEqual([
			[2, [0]],
			[3, []],
		]);
		// Had it held 100 before, nothing would be agreed on there: what the books say without it is no figure to show.
		const known = await found([10, 0, 0, 0], [[0, 100n]]);
		expect(others[0]?.agreed).toBe(3n);
		expect(known.find(({ at }) => at === 2)).toMatchObject({ agreed: 0n, restsOn: [] });
	});

	it("of a thief who paid on from a balance that nobody read, both what he kept and what he paid rests on it", async () => {
		expect((await found([0, 10, 0, 0])).map(({ at, restsOn }) => [at, restsOn])).toEqual([
			[1, [1]],
			[2, [1]],
			[3, [1]],
		]);
	});

	it("rests on nothing where the victim's balance alone was not read and nothing came back to be paid on", async () => {
		const places = await found([0, 0, 0, 10]);
		expect(places.every(({ restsOn }) => restsOn.length === 0)).toBe(true);
	});
});
