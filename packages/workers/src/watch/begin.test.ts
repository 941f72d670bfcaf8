import type { ChainNode, GraphStore } from "@clew/core";
import { TEST_CHAIN, TEST_UTXO_CHAIN } from "@clew/core/testing";
import { fc, test } from "@fast-check/vitest";
import { expect, it } from "vitest";
import { beginOf, firstNotBefore, maybeBefore } from "./begin.js";
import type { Watch } from "./model.js";

const watch = (more: Partial<Watch>): Watch => ({
	id: "w",
	subject: "s",
	on: [],
	notify: [],
	note: "",
	createdAt: "1970-01-01T00:02:00Z",
	...more,
});
const HEAD = { height: 20, time: 240 };

test.prop([fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 60 }), fc.nat({ max: 200 })])(
	"a watch begins at the first block that is not older than it, and behind the head when there is none",
	async (steps, time) => {
		let now = 0;
		const times = steps.map((step) => (now += step));
		const first = times.findIndex((one) => one >= time);
		const found = await firstNotBefore(time, times.length - 1, async (height) => times[height] ?? Number.NaN, 0);
		expect(found).toBe(first < 0 ? times.length : first);
	},
);

it("where times run back, begins at the earliest block of the last eleven that is late enough", async () => {
	const times = [10, 20, 31, 25, 26, 40, 50];
	expect(await firstNotBefore(30, 6, async (height) => times[height] ?? 0, 11)).toBe(2);
	expect(await firstNotBefore(30, 6, async (height) => times[height] ?? 0, 0)).toBe(5);
	expect(await firstNotBefore(30, 6, async (height) => times[height] ?? 0, 2)).toBe(5);
	expect(await firstNotBefore(30, 6, async (height) => times[height] ?? 0, 3)).toBe(2);
});

it("reads few blocks for a recent time", async () => {
	let asked = 0;
	const timeAt = async (height: number) => {
		asked++;
		return height;
	};
	expect(await firstNotBefore(999_990, 1_000_000, timeAt, 0)).toBe(999_990);
	expect(asked).toBeLessThan(12);
});

it("goes by the newest block of then where it is known, else by times of the case, then of the node", async () => {
	const askedNode: number[] = [];
	const node = (chain: string) =>
		({
			chain,
			block: async (height: number) => {
				askedNode.push(height);
				return { header: { time: height * 12 } };
			},
		}) as unknown as ChainNode;
	const store = { header: async (_: string, height: number) => (height > 12 ? { time: height * 12 } : undefined) } as unknown as GraphStore;
	expect(await beginOf(store, node(TEST_CHAIN), watch({ after: 17 }), HEAD)).toBe(18);
	expect(askedNode).toEqual([]);
	// A block may bear a time a little before that at which it came; on Bitcoin up to two hours.
	expect(await beginOf(store, node(TEST_CHAIN), watch({}), HEAD)).toBe(5);
	expect(await beginOf(store, node(TEST_UTXO_CHAIN), watch({}), HEAD)).toBe(0);
	expect(askedNode.every((height) => height <= 12)).toBe(true);
	expect(await beginOf(store, node(TEST_CHAIN), watch({ createdAt: "1970-01-01T00:05:01Z" }), HEAD)).toBe(21);
});

it("says of what it tells that it may be of before, where times alone tell", () => {
	expect(maybeBefore(watch({}), 119)).toMatch(/shortly before the watch was added/);
	expect([maybeBefore(watch({}), 120), maybeBefore(watch({ after: 17 }), 119)]).toEqual([undefined, undefined]);
});
