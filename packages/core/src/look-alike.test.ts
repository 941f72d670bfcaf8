import { expect, it } from "vitest";
import { sharedEnds, sharesEnds } from "./look-alike.js";

const LIMITS = { each: 2, together: 5, oneEnd: 7 };
const address = (start: string, end: string, fill: string) => `0x${start}${fill.repeat(40 - start.length - end.length)}${end}`;

it("counts what two addresses share at either end behind what all of their kind begin with", () => {
	expect(sharedEnds("0xabcd11", "0xabce11")).toEqual({ start: 3, end: 2 });
	expect(sharedEnds("0xabcd", "0x1bc2")).toEqual({ start: 0, end: 0 });
	expect(sharedEnds("0xabcd", "0xabcd")).toEqual({ start: 4, end: 4 });
	expect(sharedEnds("0xabc", "0xababc")).toEqual({ start: 2, end: 3 });
	expect(sharedEnds("0xababc", "0xabc")).toEqual({ start: 2, end: 3 });
});

it("takes addresses for alike from so many shared characters on, at each end and together", () => {
	const alike = (start: string, end: string) => sharesEnds(address(start, end, "1"), address(start, end, "2"), LIMITS);
	expect([alike("abc", "de"), alike("ab", "cde")]).toEqual([true, true]);
	expect([alike("ab", "de"), alike("abcd", "e"), alike("a", "bcdef")]).toEqual([false, false, false]);
	const same = address("abc", "def", "1");
	expect(sharesEnds(same, same, LIMITS)).toBe(false);
});

it("takes one end alone from more characters on, of which a run at the very end counts once", () => {
	const alike = (start: string, end: string) => sharesEnds(address(start, end, "1"), address(start, end, "2"), LIMITS);
	expect([alike("abcdef0", ""), alike("abcdef", ""), alike("", "abcdef0"), alike("", "abcdef")]).toEqual([true, false, true, false]);
	expect([alike("000abcdef", ""), alike("000abcde", ""), alike("000abcdef", "")]).toEqual([true, false, true]);
	expect([alike("", "abcdef000"), alike("", "bcdef000")]).toEqual([true, false]);
	expect(alike("0000000000", "")).toBe(false);
});
