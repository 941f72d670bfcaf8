import { expect, it } from "vitest";
import { after, BLOCK_TX_INDEX, checkPosition, isPlaceGuessed, startOf, UNINDEXED_TX_BASE } from "./position.js";

const at = (height: number, txIndex: number, eventIndex: number) => ({ height, txIndex, eventIndex });

it("a position has whole numbers in their ranges, and no others", () => {
	for (const fits of [at(0, 0, 0), at(2 ** 30 - 1, 2 ** 14 - 1, 2 ** 16 - 1)]) expect(() => checkPosition(fits)).not.toThrow();
	for (const [bad, most] of [
		[-1, 2 ** 30],
		[0.5, 2 ** 30 + 0.5],
		[Number.NaN, Number.POSITIVE_INFINITY],
	] as const)
		for (const value of [bad, most])
			for (const odd of [at(value, 0, 0), at(0, value, 0), at(0, 0, value)])
				expect(() => checkPosition(odd), String(value)).toThrow("is out of range");
	expect(() => checkPosition(at(0, 2 ** 14, 0))).toThrow("is out of range");
	expect(() => checkPosition(at(0, 0, 2 ** 16))).toThrow("is out of range");
});

it("a place is a guess from the first index without a source on, up to the block's own movements", () => {
	const guessed = (txIndex: number) => isPlaceGuessed(at(1, txIndex, 0));
	expect([UNINDEXED_TX_BASE - 1, UNINDEXED_TX_BASE, BLOCK_TX_INDEX - 1, BLOCK_TX_INDEX].map(guessed)).toEqual([false, true, true, false]);
	expect([startOf(7), after(at(7, 1, 2))]).toEqual([at(7, 0, 0), at(7, 1, 3)]);
});
