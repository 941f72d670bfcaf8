import { expect, it } from "vitest";
import { highestBlock } from "./highest-block.js";
import { MAX_HEIGHT } from "./position.js";
import { TEST_CHAIN } from "./testing/memory-ledger.js";

/** A store of these heights, of which some have no time. */
const storeOf = (timed: number | undefined, all: readonly number[], fetched: readonly number[] = []) => {
	let asked = 0;
	const store = {
		headersBeside: async () => [timed === undefined ? [] : [{ height: timed }]],
		coverage: async () => fetched.map((toHeight) => ({ toHeight })),
		heights: async (_: unknown, from: number) => {
			asked++;
			return all
				.filter((height) => height >= from)
				.slice(0, 1)
				.map((height) => ({ height }));
		},
		utxoTransactions: async () => [],
	};
	return { asked: () => asked, of: () => highestBlock(store as never, TEST_CHAIN) };
};

it("the highest block with data is found where rows tell no times, in few questions", async () => {
	expect(await storeOf(undefined, []).of()).toBe(0);
	expect(await storeOf(7, [5, 7], [9]).of()).toBe(9);
	expect(await storeOf(undefined, [5, 7, 56_804_500]).of()).toBe(56_804_500);
	expect(await storeOf(7, [7, MAX_HEIGHT]).of()).toBe(MAX_HEIGHT);
	const many = storeOf(
		3,
		Array.from({ length: 100_000 }, (_, i) => 3 + i * 2),
	);
	expect(await many.of()).toBe(200_001);
	expect(many.asked()).toBeLessThan(200);
});
