import type { BlockGap } from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount } from "@clew/core/testing";
import { expect, it } from "vitest";
import { recordReads } from "./read-set.js";

it("needs the blocks whose gaps the trace tells: of every account that it asked about, followed or not, and the first without a root", async () => {
	const gaps: BlockGap[] = [
		{ fromHeight: 20, toHeight: 21, gap: "type 77", account: testAccount(1), unread: true },
		{ fromHeight: 30, toHeight: 30, gap: "type 77", account: testAccount(2), unread: true },
		{ fromHeight: 40, toHeight: 44, gap: "transactions root not recomputed, type 0x55" },
		{ fromHeight: 50, toHeight: 50, gap: "type 77", account: testAccount(1) },
	];
	const read = recordReads(memoryLedger([], { gaps }));
	await read.source.profile(testAccount(1), 1);
	await read.source.blockGaps(TEST_CHAIN);
	expect(await read.heights()).toEqual([20, 21, 40]);
	await read.source.profile(testAccount(2), 1);
	expect(await read.heights()).toEqual([20, 21, 30, 40]);
});
