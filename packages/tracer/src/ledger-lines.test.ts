import { erc20Asset, nativeAsset, type Transfer, type UtxoRecord } from "@clew/core";
import {
	memoryLedger,
	memoryOutputs,
	TEST_CHAIN,
	TEST_UTXO_CHAIN,
	testAccount,
	testTransfer,
	testTxid,
	testUtxo,
} from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { defaultRequest, ledgerLines, parseSeed, runTrace, type TraceRequest } from "./index.js";

type Line = {
	readonly account?: { readonly account: string; readonly since: string; readonly opening: Record<string, string> };
	readonly transfer?: { readonly position: string; readonly kind: string };
	readonly stop?: { readonly position: string; readonly reason: string };
	readonly transaction?: {
		readonly txid: string;
		readonly coinbase: boolean;
		readonly inputs: readonly { readonly outpoint: string; readonly value?: string }[];
	};
	readonly block?: {
		readonly height: string;
		readonly subsidy: string;
		readonly fees: readonly { readonly txIndex: number; readonly fee: string }[];
	};
};
const ETHER = nativeAsset(TEST_CHAIN);

describe("ledgers of accounts", () => {
	const linesOf = async (transfers: readonly Transfer[], more: Partial<TraceRequest> = {}, seed = "transfer:10.0.1") => {
		const source = memoryLedger(transfers);
		const run = await runTrace({ ...defaultRequest(TEST_CHAIN, [parseSeed(seed, TEST_CHAIN)]), ...more }, { source });
		return (await ledgerLines(run, source)) as readonly Line[] | undefined;
	};
	const positions = (lines: readonly Line[] | undefined) => lines?.flatMap(({ transfer }) => transfer?.position ?? []);
	const way = [
		testTransfer([5, 0, 1], 8, 1, 7n),
		testTransfer([9, 0, 1], 3, 8, 7n),
		testTransfer([10, 0, 0], 9, -1, 1n, { kind: "fee" }),
		testTransfer([10, 0, 1], 9, 1, 10n),
		testTransfer([20, 0, 1], 1, 2, 12n),
		testTransfer([30, 0, 1], 2, 3, 12n),
		testTransfer([40, 0, 1], 8, 3, 1n),
		testTransfer([50, 0, 1], 8, 9, 1n),
	];

	it("are those that the money reached, in order of ids, with what each had before: nothing is no balance", async () => {
		const accounts = (await linesOf(way))?.flatMap(({ account }) => account ?? []);
		expect(accounts?.map(({ account, since, opening }) => [account, since, opening])).toEqual([
			[testAccount(1), "10.0", { [ETHER]: "7" }],
			[testAccount(2), "20.0", {}],
			[testAccount(3), "30.0", {}],
		]);
	});

	it("hold what somebody moved whose exchange took something in, and of that transaction no more", async () => {
		const gold = erc20Asset(TEST_CHAIN, `0x${"77".repeat(20)}`);
		const token = { asset: gold, kind: "token" } as const;
		const swap = [
			testTransfer([10, 0, 1], 9, 1, 10n),
			testTransfer([20, 0, 1], 1, 2, 10n),
			testTransfer([20, 0, 2], 2, 3, 5n, token),
			testTransfer([20, 0, 3], 8, 9, 5n, token),
			testTransfer([30, 0, 1], 2, 9, 10n),
		];
		expect(positions(await linesOf(swap))).toEqual(["10.0.1", "20.0.1", "20.0.2"]);
	});

	it("hold every movement from the transaction on that first counted, once and in chain order, and no stranger's", async () => {
		expect(positions(await linesOf(way))).toEqual(["10.0.1", "20.0.1", "30.0.1", "40.0.1"]);
	});

	it("end with the time window, that height too", async () => {
		expect(positions(await linesOf(way, { until: 30 }))).toEqual(["10.0.1", "20.0.1", "30.0.1"]);
		expect(positions(await linesOf(way, { until: 29 }))).toEqual(["10.0.1", "20.0.1"]);
	});

	it("hold all of a seeded transaction, and where money was not followed on", async () => {
		const lines = await linesOf(way, { maxAccounts: 1 }, `tx:${way[3]?.txHash}`);
		expect(positions(lines)?.slice(0, 2)).toEqual(["10.0.0", "10.0.1"]);
		expect(lines?.flatMap(({ stop }) => (stop ? [[stop.position, stop.reason]] : []))).toEqual([["20.0.1", "budget"]]);
	});

	it("are read page by page, each movement once", async () => {
		const busy = (count: number) => [
			way[3] as Transfer,
			...Array.from({ length: count }, (_, i) => testTransfer([100 + i, 0, 1], 8, 1, 1n)),
		];
		const stops = { minLabelConfidence: 20, serviceTransfers: Number.POSITIVE_INFINITY, minDetectionScore: 60 };
		for (const count of [4_999, 5_000, 9_999]) expect(positions(await linesOf(busy(count), { stops }))?.length).toBe(count + 1);
	});
});

describe("ledgers of outputs", () => {
	const linesOf = async (records: readonly UtxoRecord[], more: Partial<TraceRequest> = {}, seed = `outpoint:${testTxid(1)}:0`) => {
		const source = memoryOutputs(records);
		const run = await runTrace({ ...defaultRequest(TEST_UTXO_CHAIN, [parseSeed(seed, TEST_UTXO_CHAIN)]), ...more }, { source });
		return (await ledgerLines(run, source)) as readonly Line[];
	};
	const mined = (n: number, at: readonly [number, number], value: bigint) => testUtxo(n, at, [], [[9, value]]);
	const chain = [
		testUtxo(1, [1, 0], [], [[1, 60n]]),
		testUtxo(2, [1, 1], [], [[2, 40n]]),
		mined(7, [2, 0], 50n * 10n ** 8n + 17n),
		testUtxo(
			3,
			[2, 2],
			[
				[1, 0],
				[2, 0],
			],
			[
				[3, 70n],
				[4, 20n],
			],
		),
		testUtxo(4, [2, 1], [[8, 5]], [[5, 3n]]),
		testUtxo(6, [3, 0], [], [[6, 9n]]),
	];

	it("are the transactions that the money went through, in chain order, with each input by its transaction and its value", async () => {
		const transactions = (await linesOf(chain)).flatMap(({ transaction }) => transaction ?? []);
		expect(
			transactions.map(({ txid, coinbase, inputs }) => [txid, coinbase, inputs.map(({ outpoint, value }) => [outpoint, value])]),
		).toEqual([
			[testTxid(1), true, []],
			[
				testTxid(3),
				false,
				[
					[`${testTxid(1)}:0`, "60"],
					[`${testTxid(2)}:0`, "40"],
				],
			],
		]);
	});

	it("with fees that are followed hold the whole block's fees, its subsidy and its coinbase, and no other block's", async () => {
		const [coins, others] = [chain.slice(0, 4), [testUtxo(5, [2, 1], [[2, 0]], [[5, 33n]])]];
		const followed = [...coins.slice(0, 3), testUtxo(3, [2, 2], [[1, 0]], [[3, 50n]]), ...others];
		const lines = await linesOf(followed, { fee: "coinbase" });
		expect(lines.flatMap(({ block }) => block ?? [])).toEqual([
			{
				height: "2",
				subsidy: String(50n * 10n ** 8n),
				fees: [
					{ txIndex: 1, fee: "7" },
					{ txIndex: 2, fee: "10" },
				],
			},
		]);
		expect(lines.flatMap(({ transaction }) => transaction?.txid ?? [])).toEqual([testTxid(1), testTxid(7), testTxid(3)]);
		expect((await linesOf(followed)).some(({ block }) => block !== undefined)).toBe(false);
	});

	it("are none of a source that holds no outputs", async () => {
		const source = memoryOutputs(chain);
		const run = await runTrace(defaultRequest(TEST_UTXO_CHAIN, [parseSeed(`outpoint:${testTxid(1)}:0`, TEST_UTXO_CHAIN)]), { source });
		await expect(ledgerLines(run, memoryLedger([]))).rejects.toThrow("this source has none");
	});
});
