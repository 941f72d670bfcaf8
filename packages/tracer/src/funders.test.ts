import { type AccountId, type Label, nullAccount } from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { fundersOf } from "./funders.js";
import { DEFAULT_STOP_PARAMETERS } from "./stops.js";

const exchange = (account: AccountId): Label => ({
	account,
	entity: "Kraken",
	name: "Kraken 1",
	category: "exchange",
	source: "s",
	retrievedAt: "2020-01-01",
	confidence: 50,
});
const kinds = ["native", "internal", "token"] as const;
const read =
	(from: number, of: readonly (typeof kinds)[number][] = kinds) =>
	() => [{ chain: TEST_CHAIN, source: "s", note: "", fromHeight: from, toHeight: 99, kinds: of }];
const funders = (source: Parameters<typeof fundersOf>[0], n: number, most = 20) =>
	fundersOf(source, testAccount(n), DEFAULT_STOP_PARAMETERS, most);

describe("who funded an account", () => {
	it("goes from account to account up to a service, by the first coins of each", async () => {
		const transfers = [
			testTransfer([1, 0, 1], 9, 3, 100n),
			testTransfer([2, 0, 1], 3, 2, 50n),
			testTransfer([3, 0, 1], 2, 1, 20n),
			testTransfer([4, 0, 1], 8, 1, 20n),
		];
		const { steps, end } = await funders(memoryLedger(transfers, { labels: [exchange(testAccount(9))] }), 1);
		expect(steps.map(({ payment, open }) => [payment.from, payment.position.height, open])).toEqual([
			[testAccount(2), 3, []],
			[testAccount(3), 2, []],
			[testAccount(9), 1, []],
		]);
		expect(end).toMatchObject({ reason: "service", account: testAccount(9) });
	});

	it("says what is not known: a beginning that was not read, calls, a payment before, an end without any", async () => {
		const transfers = [testTransfer([5, 0, 1], 1, 7, 3n), testTransfer([6, 0, 1], 2, 1, 20n)];
		const late = await funders(memoryLedger(transfers, { coverage: read(4) }), 1);
		expect(late.steps[0]?.open).toEqual([
			"its native and internal transfers from the first block on are not all in the case",
			"it paid in block 5, before this",
		]);
		expect(late.end).toMatchObject({ reason: "no-payment", account: testAccount(2) });
		expect(late.end.detail).toContain("not all in the case");
		const calls = await funders(memoryLedger(transfers.slice(1), { coverage: read(0, ["native", "token"]) }), 1);
		expect(calls.steps[0]?.open).toEqual(["its internal transfers from the first block on are not all in the case"]);
	});

	it("ends at newly made coins, in a loop, and after so many steps", async () => {
		const minted = { ...testTransfer([1, 0, 1], 0, 1, 9n, { kind: "reward" }), from: nullAccount(TEST_CHAIN) };
		expect((await funders(memoryLedger([minted]), 1)).end.reason).toBe("minted");
		const loop = [testTransfer([1, 0, 1], 2, 1, 9n), testTransfer([2, 0, 1], 1, 2, 9n)];
		expect((await funders(memoryLedger(loop), 1)).end).toMatchObject({ reason: "loop", account: testAccount(1) });
		expect((await funders(memoryLedger(loop), 1, 1)).end.reason).toBe("limit");
	});
});
