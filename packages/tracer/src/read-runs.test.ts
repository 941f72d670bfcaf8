import { type AccountId, type Coverage, nullAccount } from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { assetGaps } from "./asset-gaps.js";
import { chainCoverage } from "./outputs/output-coverage.js";
import { holesIn, outflowsReadTo, readRuns, runAt } from "./read-runs.js";
import { earlier, seedTasks } from "./seed-tasks.js";
import { parseSeed, planSeeds } from "./seeds.js";

const range = (fromHeight: number, toHeight: number, account?: AccountId): Coverage => ({
	chain: TEST_CHAIN,
	fromHeight,
	toHeight,
	kinds: ["native"],
	source: "s",
	note: "",
	...(account === undefined ? {} : { account }),
});
const ranges = fc.array(
	fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 6 })).map(([from, more]) => range(from, from + more)),
	{ maxLength: 6 },
);

describe("heights that were read", () => {
	test.prop([ranges, fc.integer({ min: 0, max: 25 })])(
		"are those of the claims, in unbroken runs, and holes lie between them",
		(claims, from) => {
			const runs = readRuns(claims, "native");
			const isRead = (height: number) => claims.some((c) => c.fromHeight <= height && height <= c.toHeight);
			const heights = Array.from({ length: 30 }, (_, height) => height);
			expect(heights.filter((height) => runAt(runs, height) !== undefined)).toEqual(heights.filter(isRead));
			for (const [i, run] of runs.slice(1).entries()) expect(run.from).toBeGreaterThan((runs[i]?.to ?? 0) + 1);
			const holes = holesIn(runs, from);
			const [first, last] = [Math.min(...claims.map((c) => c.fromHeight)), Math.max(...claims.map((c) => c.toHeight))];
			const missing = heights.filter((height) => height >= from && height > first && height < last && !isRead(height));
			expect(holes.flatMap((hole) => heights.filter((height) => hole.from <= height && height <= hole.to))).toEqual(missing);
			const outside = heights.filter((height) => height >= from && (height < first || height > last) && height >= 2 && height < 28);
			const all = claims.length === 0 ? [] : [...missing, ...outside].sort((a, b) => a - b);
			const within = holesIn(runs, from, { from: 2, to: 27 }).flatMap((hole) => heights.filter((h) => hole.from <= h && h <= hole.to));
			expect(within).toEqual(all);
			expect(readRuns(claims, "token")).toEqual([]);
		},
	);

	it("of an account with a key are those of its transactions, of a contract of calls too", () => {
		const coverage = [range(0, 50), { ...range(0, 20), kinds: ["internal"] as const }];
		const asset = testTransfer([1], 1, 2, 1n).asset;
		const upTo = (isContract: boolean) => outflowsReadTo({ coverage, isContract, labels: [], transfers: 0 }, TEST_CHAIN, asset, 10);
		expect([upTo(false), upTo(true)]).toEqual([50, 20]);
	});

	test.prop([ranges, fc.integer({ min: 0, max: 27 })])(
		"of all accounts tell to which block an output is unspent",
		async (claims, height) => {
			const covered = await chainCoverage(memoryLedger([], { coverage: () => claims }), TEST_CHAIN);
			const runs = readRuns(claims, "native");
			const run = runAt(runs, height);
			expect(covered.lastKnown(height)).toBe(run?.to ?? height);
			expect(covered.unspentUntil(height)).toBe(run !== undefined && run === runs.at(-1) ? run.to : undefined);
		},
	);

	it("of one account tell it of that account's outputs alone", async () => {
		const [mine, other] = [testAccount(1), testAccount(2)];
		const claims = [range(5, 9, mine), range(5, 7, mine), range(0, 99, other)];
		const covered = await chainCoverage(memoryLedger([], { coverage: () => claims }), TEST_CHAIN);
		const until = (height: number) => covered.unspentUntilFor(mine, height);
		expect([await until(4), await until(5), await until(8), await until(9), await until(10)]).toEqual([undefined, 9, 9, 9, undefined]);
		expect(covered.unspentUntil(5)).toBeUndefined();
		expect(await covered.unspentUntilFor(nullAccount(TEST_CHAIN), 5)).toBeUndefined();
	});
});

describe("what seeds make happen", () => {
	it("stands in position order: a seeded transaction opens before its first transfer and closes behind its last", async () => {
		const transfers = [testTransfer([10, 0, 0], 9, 1, 5n), testTransfer([10, 0, 1], 9, 2, 5n), testTransfer([9, 0, 0], 9, 3, 5n)];
		const ledger = memoryLedger(transfers);
		const [first, , before] = transfers;
		const seeds = [`tx:${first?.txHash}`, "transfer:10.0.0", "transfer:9.0.0"].map((spec) => parseSeed(spec, TEST_CHAIN));
		const tasks = seedTasks(await planSeeds(ledger, TEST_CHAIN, seeds));
		const words = tasks.map((task) => ("open" in task ? "open" : "handle" in task ? `mark ${task.handle.position.height}` : "close"));
		expect(words).toEqual([`mark ${before?.position.height}`, "open", "mark 10", "close"]);
		const [a, b] = [tasks[1], tasks[3]];
		expect([earlier(a, b), earlier(b, a), earlier(undefined, b), earlier(a, undefined), earlier(a, a)]).toEqual([a, a, b, a, a]);
		const beside = a && { ...a };
		expect(earlier(a, beside)).toBe(a);
		expect(earlier(beside, a)).toBe(beside);
	});
});

describe("tokens", () => {
	it("whose contract is not known are named once each, in order, and again where nobody described them; coins never", async () => {
		const [low, high] = ["a", "b"].map((c) => `${TEST_CHAIN}/erc20:0x${c.repeat(40)}`);
		const told = `${TEST_CHAIN}/erc20:0x${"c".repeat(40)}`;
		const [usdt, weth] = ["dac17f958d2ee523a2206206994597c13d831ec7", "c02aaa39b223fe8d0a0e5c4f27ead9083c756cc2"];
		const known = [usdt, weth].map((contract) => `${TEST_CHAIN}/erc20:0x${contract}`);
		const steth = `${TEST_CHAIN}/erc20:0xae7ab96520de3a18e5e111b5eaab095312d7fe84`;
		const edges = [high, told, low, high, steth, ...known, testTransfer([1], 1, 2, 1n).asset].map((asset) => ({ transfer: { asset } }));
		const source = { asset: async (asset: string) => ([told, steth].includes(asset) ? { asset, decimals: 6, symbol: "T" } : undefined) };
		expect((await assetGaps(edges as never, source as never)).map(({ asset, text }) => [asset, text.slice(0, 14)])).toEqual([
			[low, "its amounts ar"],
			[low, "no source desc"],
			[steth, "its amounts ar"],
			[high, "its amounts ar"],
			[high, "no source desc"],
			[told, "its amounts ar"],
		]);
	});
});
