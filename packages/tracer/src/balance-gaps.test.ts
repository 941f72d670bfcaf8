import { COVERED_KINDS, type Coverage, type CoveredKind, erc20Asset, nativeAsset } from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { balanceGaps, unknownOpening } from "./balance-gaps.js";

const ME = testAccount(1);
const ETHER = nativeAsset(TEST_CHAIN);
const TOKEN = erc20Asset(TEST_CHAIN, `0x${"a".repeat(40)}`);
const read = (fromHeight: number, toHeight: number, more: Partial<Coverage> = {}): Coverage => ({
	chain: TEST_CHAIN,
	fromHeight,
	toHeight,
	kinds: COVERED_KINDS,
	source: "f",
	note: "",
	...more,
});
const sourceOf = (coverage: readonly Coverage[], known?: number) => ({
	...memoryLedger([], { coverage: () => coverage }),
	openingBalance: async (_: unknown, __: unknown, height: number) => (height === known ? 5n : undefined),
});

describe("what an account began with", () => {
	const opening = (coverage: readonly Coverage[], asset = ETHER, known?: number) =>
		unknownOpening(ME, asset, coverage, sourceOf(coverage, known));

	it("is not known at the end of the block before the first that was read, unless it was asked for there", async () => {
		expect(await opening([read(15, 20), read(9, 12)])).toBe(8);
		expect(await opening([read(9, 12)], ETHER, 8)).toBeUndefined();
		expect(await opening([read(9, 12)], ETHER, 9)).toBe(8);
		expect(await opening([])).toBeUndefined();
		expect(await opening([read(1, 12)])).toBe(0);
	});

	it("is that of the kind whose first is the last, of those that tell the asset and that somebody fetched", async () => {
		const list = [read(9, 12, { kinds: ["native"] }), read(0, 12, { kinds: ["internal"] }), read(5, 12, { kinds: ["token"] })];
		expect(await opening(list)).toBe(8);
		expect(await opening(list, TOKEN)).toBe(4);
		expect(await opening([read(9, 12, { kinds: ["native"] })])).toBe(8);
		expect(await opening([read(9, 12, { kinds: ["token"] })])).toBe(8);
		expect(await opening([read(1, 12)], TOKEN)).toBeUndefined();
	});

	it("is nothing where all was read from block 0 on; coins of the genesis block stand in none, where a node told the blocks", async () => {
		expect(await opening([read(0, 12)])).toBeUndefined();
		const node = read(0, 12, { source: "node:n" });
		expect(await opening([node])).toBe(0);
		expect(await opening([node], ETHER, 0)).toBeUndefined();
		expect(await opening([node], TOKEN)).toBeUndefined();
		expect(await opening([{ ...node, account: ME }])).toBeUndefined();
		expect(await opening([read(0, 12), read(1, 12, { source: "node:n" })])).toBeUndefined();
	});
});

describe("why a balance is not known", () => {
	const gaps = async (coverage: readonly Coverage[], asset = ETHER, known?: number) =>
		(await balanceGaps(ME, asset, sourceOf(coverage, known))).map(({ fromHeight, toHeight, text }) => [fromHeight, toHeight, text]);
	const only = (kind: CoveredKind) => ({ kinds: [kind] });

	it("is what it began with, and what it received in holes, each once and in order of heights", async () => {
		expect(await gaps([read(5, 9), read(13, 15), read(20, 30)])).toEqual([
			[0, 4, "what it had after block 4 is not known"],
			[10, 12, "what it received in blocks 10 to 12 is not in the case"],
			[16, 19, "what it received in blocks 16 to 19 is not in the case"],
		]);
		expect(await gaps([read(0, 9), read(10, 30)])).toEqual([]);
		expect(await gaps([read(5, 30)], ETHER, 4)).toEqual([]);
	});

	it("is by the kinds that move the asset: calls for coins, token transfers alone for tokens; the shorter of two holes first", async () => {
		const coverage = [
			read(0, 9, only("native")),
			read(15, 30, only("native")),
			read(0, 9, only("internal")),
			read(12, 30, only("internal")),
			read(0, 19, only("token")),
			read(21, 30, only("token")),
		];
		expect((await gaps(coverage)).map(([from, to]) => [from, to])).toEqual([
			[10, 11],
			[10, 14],
		]);
		expect((await gaps(coverage, TOKEN)).map(([from, to]) => [from, to])).toEqual([[20, 20]]);
	});
});
