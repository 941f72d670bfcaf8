import { erc20Asset, type Label, nativeAsset, type TraceResult } from "@clew/core";
import {
	memoryLedger,
	memoryOutputs,
	TEST_CHAIN,
	TEST_UTXO_CHAIN,
	testAccount,
	testAddress,
	testTransfer,
	testTxid,
	testUtxo,
} from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { buildResult, defaultRequest, parseSeed, requestOf, runTrace, type TraceRequest } from "./index.js";
import { traced } from "./traced.test-util.js";

const CASE = { id: "c", title: "t", cutoff: 7, sources: [] };
const ETHER = nativeAsset(TEST_CHAIN);
const [GOLD, IRON] = ["a", "b"].map((digit) => erc20Asset(TEST_CHAIN, `0x${digit.repeat(40)}`)) as [typeof ETHER, typeof ETHER];
const coins = [
	testUtxo(1, [1, 0], [], [[1, 60n]]),
	testUtxo(
		2,
		[2, 0],
		[[1, 0]],
		[
			[2, 40n],
			[3, 15n],
		],
	),
];
async function tracedCoins(seeds: readonly string[], more: Partial<TraceRequest> = {}): Promise<TraceResult> {
	const source = memoryOutputs(coins);
	const parsed = seeds.map((spec) => parseSeed(spec, TEST_UTXO_CHAIN));
	return buildResult(await runTrace({ ...defaultRequest(TEST_UTXO_CHAIN, parsed), ...more }, { source }), source, CASE);
}
const way = [testTransfer([10, 0, 1], 9, 1, 10n), testTransfer([20, 0, 1], 1, 2, 6n)];

describe("the parameters of a result", () => {
	it("of accounts state how exchanges count, of outputs whose a fee is and how mixes count", async () => {
		const { parameters } = await traced(way, ["transfer:10.0.1"]);
		expect(parameters).toEqual({
			seedAsset: "any",
			seedLimit: "none",
			seedSince: "0",
			rankBy: "haircut",
			maxAccounts: "20000",
			budgetBound: "no",
			until: "end of data",
			dust: "none",
			conversions: "net",
			passages: "not looked for",
			minLabelConfidence: "20",
			serviceTransfers: "10000",
			minDetectionScore: "60",
		});
		expect((await traced(way, ["transfer:10.0.1"], { conversions: false })).parameters["conversions"]).toBe("off");
		const ofOutputs = (await tracedCoins([`outpoint:${testTxid(1)}:0`], { throughCoinJoins: true, fee: "proportional" })).parameters;
		expect(ofOutputs).toMatchObject({ fee: "proportional", throughCoinJoins: "yes", wasabi2Inputs: "20" });
		expect(ofOutputs["conversions"]).toBeUndefined();
		expect((await tracedCoins([`outpoint:${testTxid(1)}:0`])).parameters["throughCoinJoins"]).toBe("no");
	});

	it("make the request again that it answers, whatever was asked", async () => {
		const dust = new Map([
			[ETHER, 3n],
			[GOLD, 10n ** 20n],
		]);
		const stops = { minLabelConfidence: 35, serviceTransfers: 77, minDetectionScore: 81 };
		const asked: Partial<TraceRequest> = {
			dust,
			stops,
			rankBy: "lifo",
			maxAccounts: 5,
			until: 25,
			conversions: false,
			rules: ["lifo", "libr"],
		};
		const again = requestOf(await traced(way, ["transfer:10.0.1"], asked));
		expect(again).toMatchObject({ ...asked, chain: TEST_CHAIN, arrivals: [], seeds: [parseSeed("transfer:10.0.1", TEST_CHAIN)] });
		const plain = requestOf(await traced(way, ["transfer:10.0.1"]));
		expect(plain).toEqual({ ...defaultRequest(TEST_CHAIN, [parseSeed("transfer:10.0.1", TEST_CHAIN)]), arrivals: [] });
		const account = testAccount(1).slice(TEST_CHAIN.length + 1);
		const narrowed = parseSeed(`account:${account}`, TEST_CHAIN, { since: 9, asset: ETHER, amount: 4n });
		expect(requestOf(await traced(way, [], { seeds: [narrowed] })).seeds).toEqual([narrowed]);
		const outputs = {
			fee: "coinbase" as const,
			throughCoinJoins: true,
			coinJoin: { ...defaultRequest(TEST_UTXO_CHAIN, []).coinJoin, wasabi2Inputs: 9 },
		};
		expect(requestOf(await tracedCoins([`outpoint:${testTxid(1)}:0`], outputs))).toMatchObject(outputs);
		expect(requestOf(await tracedCoins([`outpoint:${testTxid(1)}:0`])).coinJoin).toEqual(defaultRequest(TEST_UTXO_CHAIN, []).coinJoin);
	});

	it("that are not stated, or are no numbers, make no request; a rule that nobody knows ranks as usual", async () => {
		const result = await traced(way, ["transfer:10.0.1"]);
		const withParameter = (name: string, value?: string) => {
			const { [name]: _, ...rest } = result.parameters;
			return { ...result, parameters: value === undefined ? rest : { ...rest, [name]: value } } as TraceResult;
		};
		for (const name of ["seedAsset", "seedLimit", "seedSince", "rankBy", "maxAccounts", "until", "dust", "serviceTransfers"])
			expect(() => requestOf(withParameter(name)), name).toThrow(`does not state its parameter ${name}`);
		for (const odd of ["", "-1", "1.5", "ten", "1".repeat(16)])
			expect(() => requestOf(withParameter("maxAccounts", odd)), odd).toThrow("is not a whole number");
		expect(requestOf(withParameter("maxAccounts", "9".repeat(15))).maxAccounts).toBe(999_999_999_999_999);
		expect(requestOf(withParameter("rankBy", "whim")).rankBy).toBe("haircut");
	});

	it("and rows that came out of passages are read back with their amounts and ranges", async () => {
		const result = await traced(way, ["transfer:10.0.1"]);
		const row = { position: "3.2.1", txHash: "0x1", account: "a", asset: ETHER, amount: "9", seeded: { fifo: "4", libr: "5" } };
		const seed = {
			spec: "passage:k",
			origin: 0,
			seeded: {},
			rows: [{ ...row, passage: "k", range: ["2", "8"] as [string, string] }, { ...row, passage: "l" }, row],
		};
		const { seeds, arrivals = [] } = requestOf({ ...result, seeds: [seed] });
		expect(seeds).toEqual([{ kind: "passage", spec: "passage:k" }]);
		expect(arrivals.map(({ at, key, marks, range }) => [at.txIndex, key, [...marks], range])).toEqual([
			[
				2,
				"k",
				[
					["fifo", 4n],
					["libr", 5n],
				],
				[2n, 8n],
			],
			[
				2,
				"l",
				[
					["fifo", 4n],
					["libr", 5n],
				],
				undefined,
			],
		]);
	});
});

describe("the rows and seeds of a result", () => {
	it("are in chain order with the time of their block, which is empty where nobody knows it", async () => {
		const { edges } = await traced(way, ["transfer:10.0.1"], {}, { timeless: new Set([20]) });
		expect(edges.map(({ row, position, time }) => [row, position, time])).toEqual([
			[1, "10.0.1", "1970-01-01T00:02:00Z"],
			[2, "20.0.1", ""],
		]);
	});

	it("state each seed alone and all together where there are several, and one seed once", async () => {
		const two = [...way, testTransfer([15, 0, 1], 8, 1, 4n)];
		const one = await traced(two, ["transfer:10.0.1"]);
		expect([one.edges.some(({ byOrigin }) => byOrigin !== undefined), one.conservationByOrigin]).toEqual([false, undefined]);
		const both = await traced(two, ["transfer:10.0.1", "transfer:15.0.1"], { rules: ["fifo", "haircut"] });
		const paid = both.edges.find(({ position }) => position === "20.0.1");
		expect([paid?.tainted, paid?.byOrigin]).toEqual([
			{ fifo: "6", haircut: "6" },
			[
				{ fifo: "6", haircut: "4" },
				{ fifo: "0", haircut: "2" },
			],
		]);
		expect(both.conservationByOrigin?.map((audit) => audit.fifo?.[ETHER]?.seeded)).toEqual(["10", "4"]);
		expect(both.seeds.map(({ seeded, rows }) => [seeded[ETHER]?.fifo, rows.map(({ amount }) => amount)])).toEqual([
			["10", ["10"]],
			["4", ["4"]],
		]);
		const twice = await traced([...way, testTransfer([30, 0, 1], 9, 1, 5n)], [`account:${testAccount(1).slice(TEST_CHAIN.length + 1)}`]);
		expect(twice.seeds[0]).toMatchObject({ seeded: { [ETHER]: { fifo: "15" } }, rows: [{ amount: "10" }, { amount: "5" }] });
	});

	it("of outputs name them, and end points list theirs", async () => {
		const { edges, leaves } = await tracedCoins([`outpoint:${testTxid(1)}:0`]);
		expect(edges.map(({ kind, outpoint }) => [kind, outpoint])).toEqual([
			["output", `${testTxid(1)}:0`],
			["spend", `${testTxid(1)}:0`],
			["output", `${testTxid(2)}:0`],
			["output", `${testTxid(2)}:1`],
			["fee", undefined],
		]);
		expect(leaves.map(({ account, outpoints }) => [account, outpoints?.map(({ outpoint, amount }) => [outpoint, amount])])).toEqual([
			[testAddress(2), [[`${testTxid(2)}:0`, "40"]]],
			[testAddress(3), [[`${testTxid(2)}:1`, "15"]]],
		]);
		expect((await traced(way, ["transfer:10.0.1"])).leaves.every(({ outpoints }) => outpoints === undefined)).toBe(true);
	});

	it("list the assets of rows, of exchanges and of end points, once each in order; one that nobody describes has no symbol", async () => {
		const swap = [
			testTransfer([10, 0, 1], 9, 1, 10n, { asset: IRON, kind: "token" }),
			testTransfer([20, 0, 1], 1, 8, 10n, { asset: IRON, kind: "token" }),
			testTransfer([20, 0, 2], 8, 1, 5n, { asset: GOLD, kind: "token" }),
		];
		const source = memoryLedger(swap);
		const undescribed = {
			...source,
			asset: async (asset: typeof GOLD) => (asset === GOLD ? undefined : { asset, decimals: 6, symbol: "IRN" }),
		};
		const request = defaultRequest(TEST_CHAIN, [parseSeed("transfer:10.0.1", TEST_CHAIN)]);
		const result = await buildResult(await runTrace(request, { source: undescribed }), undescribed, CASE);
		expect(Object.entries(result.assets)).toEqual([
			[GOLD, { symbol: "", decimals: 0 }],
			[IRON, { symbol: "IRN", decimals: 6 }],
		]);
		expect(result.edges.map(({ kind, asset, into }) => [kind, asset, into?.asset])).toEqual([
			["token", IRON, undefined],
			["conversion", IRON, GOLD],
		]);
	});

	it("have an id of all that is in them, and what a node's answers showed besides stands behind their gaps", async () => {
		const source = memoryLedger(way);
		const request = defaultRequest(TEST_CHAIN, [parseSeed("transfer:10.0.1", TEST_CHAIN)]);
		const built = async (reference: object) => buildResult(await runTrace(request, { source }), source, { ...CASE, ...reference });
		const [plain, again, noted] = [await built({}), await built({}), await built({ nodeGaps: [{ kind: "not-compared", text: "x" }] })];
		expect([plain.id === again.id, plain.id === noted.id, plain.coverage.cutoff]).toEqual([true, false, "7"]);
		expect(noted.coverage.gaps).toEqual([...plain.coverage.gaps, { kind: "not-compared", text: "x" }]);
	});
});

describe("the order of end points", () => {
	const label = (n: number, entity: string): Label => ({
		account: testAccount(n),
		category: "exchange",
		entity,
		name: "",
		source: "s",
		retrievedAt: "",
		confidence: 90,
	});

	it("is the coin first, then tokens by their ids; of an asset what is agreed, then the most, then the account", async () => {
		const paid = [
			testTransfer([10, 0, 1], 9, 1, 30n),
			testTransfer([10, 0, 2], 9, 1, 5n, { asset: IRON, kind: "token" }),
			testTransfer([10, 0, 3], 9, 1, 900n, { asset: GOLD, kind: "token" }),
			testTransfer([20, 0, 1], 1, 3, 8n),
			testTransfer([21, 0, 1], 1, 2, 8n),
			testTransfer([22, 0, 1], 1, 4, 14n),
			testTransfer([23, 0, 1], 1, 5, 5n, { asset: IRON, kind: "token" }),
			testTransfer([24, 0, 1], 1, 6, 900n, { asset: GOLD, kind: "token" }),
		];
		const { leaves } = await traced(paid, [`tx:${paid[0]?.txHash}`]);
		expect(leaves.map(({ account, range }) => [account, range[1]])).toEqual([
			[testAccount(4), "14"],
			[testAccount(2), "8"],
			[testAccount(3), "8"],
			[testAccount(6), "900"],
			[testAccount(5), "5"],
		]);
	});

	it("is by what rules say at most where they agree on as much, and one account's by reason and detail", async () => {
		// 10 stolen and 10 clean: the first 6 are stolen by difo and fifo, the next 9 by no rule but some.
		const mixed = [
			testTransfer([5, 0, 1], 8, 1, 10n),
			testTransfer([10, 0, 1], 9, 1, 10n),
			testTransfer([20, 0, 1], 1, 2, 3n),
			testTransfer([21, 0, 1], 1, 3, 6n),
		];
		const { leaves } = await traced(mixed, ["transfer:10.0.1"]);
		const few = leaves.filter(({ account }) => account !== testAccount(1));
		expect(few.map(({ account, agreed, range }) => [account, agreed, range[1]])).toEqual([
			[testAccount(3), "0", "6"],
			[testAccount(2), "0", "3"],
		]);
		const twice = [testTransfer([10, 0, 1], 9, 1, 10n), testTransfer([20, 0, 1], 1, 2, 5n), testTransfer([30, 0, 1], 1, 2, 5n)];
		const dated = [
			{ ...label(2, "Old"), validUntil: "1970-01-01T00:05:00Z" },
			{ ...label(2, "New"), validFrom: "1970-01-01T00:05:00Z" },
		];
		const stopped = await traced(twice, ["transfer:10.0.1"], {}, { labels: dated });
		expect(stopped.leaves.map(({ stop }) => stop.detail.split(" ")[1])).toEqual(["New", "Old"]);
		expect(stopped.leaves[0]?.labels.map(({ entity, tier }) => [entity, tier])).toEqual([
			["Old", "attribution"],
			["New", "attribution"],
		]);
	});
});
