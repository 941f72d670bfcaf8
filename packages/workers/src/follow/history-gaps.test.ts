import type { Coverage, CoveredKind } from "@clew/core";
import { TEST_CHAIN, testAccount } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { AskedAlready, firstGap, untoldKinds } from "./history-gaps.js";

const ALL: readonly CoveredKind[] = ["native", "internal", "token"];
const read = (fromHeight: number, toHeight: number, kinds: readonly CoveredKind[] = ALL): Coverage => ({
	chain: TEST_CHAIN,
	account: testAccount(1),
	fromHeight,
	toHeight,
	kinds,
	source: "s",
	note: "",
});

describe("which heights of a history are not read", () => {
	it("those that nobody read, up to where somebody did", () => {
		expect(firstGap([], 3, 9)).toEqual({ from: 3, to: 9 });
		expect(firstGap([read(5, 6)], 3, 9)).toEqual({ from: 3, to: 4 });
		expect(firstGap([read(0, 6)], 3, 9)).toEqual({ from: 7, to: 9 });
		expect(firstGap([read(0, 9)], 3, 9)).toBeUndefined();
	});

	it.each([
		["tokens alone", ["token"]],
		["coins without calls", ["native", "token"]],
	] as const)("and those read for %s, until the node of this call was asked", (_, kinds) => {
		const coverage = [read(0, 9, kinds)];
		expect(firstGap(coverage, 3, 9)).toEqual({ from: 3, to: 9 });
		const asked = new AskedAlready();
		asked.note(testAccount(1), 3, 5);
		expect(firstGap(coverage, 3, 9, asked.of(testAccount(1)))).toEqual({ from: 6, to: 9 });
		asked.note(testAccount(1), 6, 9);
		expect(firstGap(coverage, 3, 9, asked.of(testAccount(1)))).toBeUndefined();
		expect(firstGap(coverage, 3, 9, asked.of(testAccount(2)))).toEqual({ from: 3, to: 9 });
	});

	it("says which kinds are missing where, those of the same heights together", () => {
		expect(untoldKinds([read(0, 9, ["token"])], 2, 9)).toEqual([{ kinds: ["native", "internal"], from: 2, to: 9 }]);
		expect(untoldKinds([read(0, 9, ["token"]), read(2, 6, ["native"])], 2, 9)).toEqual([
			{ kinds: ["native"], from: 7, to: 9 },
			{ kinds: ["internal"], from: 2, to: 9 },
		]);
		expect(untoldKinds([read(0, 9)], 2, 9)).toEqual([]);
	});
});
