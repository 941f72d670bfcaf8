import { type AccountId, COVERED_KINDS, erc20Asset, formatPosition, type Transfer } from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { findPaths } from "./paths.js";

const [FROM, TO] = [testAccount(1), testAccount(4)];
const request = { from: FROM, to: TO, maxPaths: 100, maxHops: 4, maxTransfers: 10_000 };

interface Route {
	readonly value: bigint;
	readonly steps: readonly Transfer[];
}

const widest = (a: Route, b: Route) =>
	a.value !== b.value ? (a.value > b.value ? -1 : 1) : a.steps.length - b.steps.length || placeOf(a) - placeOf(b);
const placeOf = ({ steps }: Route) => {
	const { height, txIndex, eventIndex } = (steps.at(-1) as Transfer).position;
	return height * 1_000 + txIndex * 10 + eventIndex;
};

/** Every way from one account to the other, by trying all. */
function allRoutes(transfers: readonly Transfer[], maxHops: number): Route[] {
	const found: Route[] = [];
	const go = (account: AccountId, steps: readonly Transfer[]): void => {
		if (account === TO && steps.length > 0) {
			found.push({ steps, value: steps.map(({ amount }) => amount).reduce((a, b) => (a < b ? a : b)) });
			return;
		}
		if (steps.length === maxHops) return;
		for (const t of transfers) {
			const last = steps.at(-1);
			if (t.from !== account || t.to === account || t.kind === "fee" || t.amount === 0n) continue;
			if (last !== undefined && (t.asset !== last.asset || placeOf({ value: 0n, steps: [t] }) <= placeOf({ value: 0n, steps: [last] })))
				continue;
			go(t.to, [...steps, t]);
		}
	};
	go(FROM, []);
	return found;
}

/** The best route for each last transfer, best first. */
function bestRoutes(transfers: readonly Transfer[], maxHops: number): Route[] {
	const ends = new Map<string, Route>();
	for (const route of allRoutes(transfers, maxHops).sort(widest)) {
		const end = formatPosition((route.steps.at(-1) as Transfer).position);
		if (!ends.has(end)) ends.set(end, route);
	}
	return [...ends.values()];
}

const ledgers = fc
	.array(
		fc.record({
			from: fc.integer({ min: 1, max: 5 }),
			to: fc.integer({ min: 1, max: 5 }),
			amount: fc.bigInt({ min: 0n, max: 6n }),
			kind: fc.constantFrom("native", "native", "native", "fee"),
		}),
		{ minLength: 1, maxLength: 12 },
	)
	.map((list) =>
		list.map((t, i) => testTransfer([10 + Math.floor(i / 3), i % 3, 1], t.from, t.to, t.amount, { kind: t.kind as "native" })),
	);

describe("paths", () => {
	test.prop([ledgers, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })], { numRuns: 400 })(
		"are, for each last transfer, the best of all ways: widest, then fewest hops, then earliest",
		async (transfers, maxHops, maxPaths) => {
			const { paths, complete, cut, more, transfersRead } = await findPaths(memoryLedger(transfers), { ...request, maxHops, maxPaths });
			const shown = ({ value, steps }: Route) => `${value} in ${steps.length} at ${placeOf({ value, steps })}`;
			const best = bestRoutes(transfers, maxHops).map(shown);
			expect(paths.map(({ value, transfers: steps }) => shown({ value, steps }))).toEqual(best.slice(0, maxPaths));
			expect(more).toBe(best.length > maxPaths);
			for (const { value, asset, transfers: steps } of paths) {
				expect(steps.every((step) => step.asset === asset && step.amount >= value)).toBe(true);
				expect(steps.map((step) => step.from)).toEqual([FROM, ...steps.slice(0, -1).map((step) => step.to)]);
			}
			expect([complete, transfersRead <= transfers.length * 20]).toEqual([!cut && !more, true]);
		},
	);

	it("name accounts that could not be read, and are not complete then", async () => {
		const transfers = [testTransfer([10], 1, 2, 5n), testTransfer([11], 2, 3, 5n), testTransfer([12], 1, 4, 1n)];
		const fetched = new Set([testAccount(1), testAccount(3)]);
		const coverage = (account: AccountId) =>
			fetched.has(account)
				? [
						{
							chain: TEST_CHAIN,
							fromHeight: 0,
							toHeight: 99,
							kinds: COVERED_KINDS,
							source: "s",
							note: "",
						},
					]
				: [];
		const { paths, complete, unfetched } = await findPaths(memoryLedger(transfers, { coverage }), request);
		expect([paths.length, complete, unfetched]).toEqual([1, false, [testAccount(2)]]);
		const nobody = await findPaths(memoryLedger(transfers, { coverage: () => [] }), request);
		expect([nobody.complete, nobody.unfetched]).toEqual([false, [1, 2, 3].map(testAccount)]);
	});

	it("is not complete where what somebody paid was not read whole, or the longest path ended the search", async () => {
		const transfers = [testTransfer([1, 0, 0], 1, 2, 5n), testTransfer([2, 0, 0], 2, 4, 5n)];
		const whole = { chain: TEST_CHAIN, fromHeight: 0, toHeight: 99, source: "s", note: "" };
		const half = await findPaths(
			memoryLedger(transfers, { coverage: (n) => [{ ...whole, kinds: n === testAccount(2) ? ["native"] : COVERED_KINDS }] }),
			request,
		);
		expect(half).toMatchObject({ complete: false, unfetched: [testAccount(2)] });
		expect(await findPaths(memoryLedger(transfers), { ...request, maxHops: 1 })).toMatchObject({ paths: [], complete: false, cut: true });
		expect(await findPaths(memoryLedger(transfers), { ...request, maxHops: 2 })).toMatchObject({ complete: true, cut: false });
	});

	it("says whose history ends first, and is not complete where that is before the block that was asked for", async () => {
		const transfers = [testTransfer([10, 0, 0], 1, 2, 5n), testTransfer([20, 0, 0], 2, 3, 5n)];
		const ends = new Map([2, 3].map((n) => [testAccount(n), n * 20]));
		const coverage = (account: AccountId) => [
			{ chain: TEST_CHAIN, fromHeight: 0, toHeight: ends.get(account) ?? 99, kinds: COVERED_KINDS, source: "s", note: "" },
		];
		const found = async (until?: number) =>
			findPaths(memoryLedger(transfers, { coverage }), { ...request, ...(until === undefined ? {} : { until }) });
		const readTo = { account: testAccount(2), height: 40 };
		expect(await found()).toMatchObject({ complete: true, readTo });
		expect(await found(50)).toMatchObject({ complete: false, readTo });
		expect(await found(40)).toMatchObject({ complete: true, readTo: undefined });
	});

	it("says of whom it came to whether they paid in another asset, which a path does not follow", async () => {
		const token = erc20Asset(TEST_CHAIN, `0x${"ab".repeat(20)}`);
		const swap = [testTransfer([1, 0, 0], 1, 2, 5n), testTransfer([1, 0, 1], 2, 4, 7n, { asset: token })];
		const found = await findPaths(memoryLedger(swap), request);
		expect(found).toMatchObject({ paths: [], complete: false, otherAssets: [testAccount(2)] });
		const asked = await findPaths(memoryLedger(swap), { ...request, asset: token });
		expect(asked).toMatchObject({ paths: [], complete: true, otherAssets: [] });
		const earlier = [testTransfer([0, 0, 0], 2, 4, 7n, { asset: token }), testTransfer([1, 0, 0], 1, 2, 5n)];
		expect(await findPaths(memoryLedger(earlier), request)).toMatchObject({ complete: true, otherAssets: [] });
	});
});
