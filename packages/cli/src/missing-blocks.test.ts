import { expect, it } from "vitest";
import { missingInWords } from "./missing-blocks.js";

const native = (fromHeight: number, toHeight: number) => ({ fromHeight, toHeight, kinds: ["native"] as const });
const token = (fromHeight: number, toHeight: number) => ({ fromHeight, toHeight, kinds: ["token"] as const });

it.each([
	["nothing fetched", [], undefined],
	["one range", [native(0, 200)], undefined],
	["ranges that touch or overlap", [native(100, 200), native(0, 99), native(50, 120)], undefined],
	["a hole", [native(0, 175), native(183, 200)], "7 blocks (176 to 182) are missing"],
	["one block", [native(0, 175), native(177, 200)], "block 176 is missing"],
	["two holes", [native(0, 9), native(12, 19), native(21, 30)], "3 blocks (between 10 and 20) are missing"],
	["a hole that another list fills", [native(0, 175), native(183, 200), native(0, 200)], undefined],
	["a hole of one kind, that another kind does not fill", [native(0, 9), native(12, 19), token(0, 19)], "2 blocks (10 to 11) are missing"],
	["one hole of two kinds", [native(0, 9), native(12, 19), token(0, 9), token(12, 19)], "2 blocks (10 to 11) are missing"],
] as const)("blocks that are missing inside what was fetched are said: %s", (_, coverage, said) => {
	if (said === undefined) expect(missingInWords(coverage)).toBe("");
	else expect(missingInWords(coverage)).toContain(said);
});
