import { type AccountId, type AssetId, COVERED_KINDS, type Coverage, nativeAsset, unknownAccount } from "@clew/core";
import { type MemoryLedgerOptions, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import type { TraceRequest } from "./index.js";
import { traced } from "./traced.test-util.js";

const ETHER = nativeAsset(TEST_CHAIN);
const way = [testTransfer([10, 0, 1], 9, 1, 10n), testTransfer([20, 0, 1], 1, 2, 6n)];

it("money is unspent at the end of a time window, and held there where its account moves again behind it", async () => {
	const stopped = async (until: number) => (await traced(way, ["transfer:10.0.1"], { until })).leaves.map(({ stop }) => stop.reason);
	expect([await stopped(20), await stopped(19)]).toEqual([["unspent", "unspent"], ["time-window"]]);
});

it("money that moves again behind a time window was still there where its data ends, not where the window does", async () => {
	const moved = [...way, testTransfer([40, 0, 1], 1, 3, 1n)];
	const read = (kinds: Coverage["kinds"], toHeight: number): Coverage => ({
		...{ chain: TEST_CHAIN, fromHeight: 0, toHeight, kinds, source: "s", note: "" },
	});
	const coverage = () => [read(["native", "token"], 50), read(["internal"], 25)];
	const detail = async (until: number) => {
		const { leaves } = await traced(moved, ["transfer:10.0.1"], { until }, { coverage });
		return leaves.find(({ account }) => account === testAccount(1))?.stop.detail;
	};
	expect([await detail(25), await detail(30)]).toEqual([
		"held at height 25; it has later transfers",
		"still there at block 25, where its data ends",
	]);
});

it("a token whose movements began to be read later than coins has a balance there that nobody read, and a gap says so", async () => {
	const asset = `${TEST_CHAIN}/erc20:0x00000000000000000000000000000000000000aa` as AssetId;
	const paid = [[10, 9, 1] as const, [20, 1, 2] as const].map(([height, from, to]) => {
		return testTransfer([height, 0, 1], from, to, 5n, { kind: "token", asset });
	});
	const covered = (account: AccountId, fromHeight: number, kinds: Coverage["kinds"]): Coverage => ({
		...{ chain: TEST_CHAIN, account, fromHeight, toHeight: 50, kinds, source: "s", note: "" },
	});
	const openings = async (tokensFrom: number, read: MemoryLedgerOptions["openings"] = []) => {
		const coverage = (account: AccountId) => [covered(account, 0, ["native", "internal"]), covered(account, tokensFrom, ["token"])];
		const { gaps } = (await traced(paid, ["transfer:10.0.1"], {}, { coverage, openings: read })).coverage;
		return gaps.filter(({ kind }) => kind === "opening-balance-unknown");
	};
	const [one, two] = [1, 2].map(testAccount) as [AccountId, AccountId];
	const gap = {
		asset,
		toHeight: "7",
		text: "not all that moves this token there was fetched before height 8; its balance there counts as 0",
	};
	expect(await openings(8)).toEqual([one, two].map((account) => expect.objectContaining({ account, ...gap })));
	expect(await openings(0)).toEqual([]);
	expect(await openings(8, [{ account: one, asset, height: 7, amount: 0n }])).toEqual([expect.objectContaining({ account: two, ...gap })]);
});

describe("what missing money leaves open", () => {
	// docs/tracing-rules.md: 100 stolen arrive, 150 leave to B, then 70 to C; 120 are missing.
	const example = [testTransfer([10], 9, 1, 100n), testTransfer([20], 1, 2, 150n), testTransfer([30], 1, 3, 70n)];

	it("is said of rows and end points by ranges, which contain the rules' amounts; rows that are exact have none", async () => {
		const { edges, leaves } = await traced(example, ["transfer:10.0.0"]);
		expect(edges.map(({ position, range }) => [position, range])).toEqual([
			["10.0.0", undefined],
			["20.0.0", ["30", "100"]],
			["30.0.0", ["0", "70"]],
		]);
		expect(leaves.map(({ agreed, range }) => [agreed, range])).toEqual([
			["30", ["30", "100"]],
			["0", ["0", "70"]],
		]);
	});

	it("is said of end points no wider than their rows bring, and one placing lies inside the bounds of all", async () => {
		for (const rules of [["fifo"], ["dilo"], ["libr"], ["poison"]] as const) {
			const { leaves, edges } = await traced(example, ["transfer:10.0.0"], { rules: [...rules] });
			for (const { account, range, amounts } of leaves) {
				const brought = edges
					.filter(({ to }) => to === account)
					.map(({ range: own, tainted }) => BigInt(own?.[1] ?? tainted[rules[0]] ?? "0"));
				expect(BigInt(range[1]) <= brought.reduce((a, b) => a + b, 0n), `${rules}`).toBe(true);
				if (rules[0] !== "poison") expect(BigInt(range[0]) <= BigInt(amounts[ETHER]?.[rules[0]] ?? "0"), `${rules}`).toBe(true);
			}
		}
	});

	it("is nothing that anybody agrees on, nor at most, where only poison was run: then nothing was computed", async () => {
		const { leaves } = await traced(example, ["transfer:10.0.0"], { rules: ["poison"] });
		expect(leaves.map(({ agreed, range, amounts }) => [agreed, range, amounts[ETHER]])).toEqual([
			["0", ["0", "0"], { poison: "150" }],
			["0", ["0", "0"], { poison: "70" }],
		]);
	});

	it("is followed by bounds alone as far as the budget of accounts has room, and no further", async () => {
		// By no rule does C hold any of it; whatever was missing, it may.
		const hidden = [...example.slice(0, 2), testTransfer([30], 1, 3, 1n), testTransfer([40], 3, 4, 1n)];
		const reached = async (maxAccounts: number) => {
			const { leaves } = await traced(hidden, ["transfer:10.0.0"], { maxAccounts, rules: ["fifo"] });
			return leaves.map(({ account, stop, range }) => [account, stop.reason, range[1]]);
		};
		expect(await reached(20)).toEqual([
			[testAccount(2), "unspent", "100"],
			[testAccount(4), "unspent", "1"],
		]);
		expect(await reached(2)).toEqual([
			[testAccount(2), "unspent", "100"],
			[testAccount(3), "budget", "1"],
		]);
		expect((await reached(3)).map(([account]) => account)).toEqual([testAccount(2), testAccount(4)]);
	});

	it("is uncertain by the largest seed where poison alone is run, whichever seed is the last", async () => {
		const more = [...example, testTransfer([40], 9, 5, 3n)];
		const { coverage } = await traced(more, ["transfer:10.0.0", "transfer:40.0.0"], { rules: ["poison"] });
		expect(coverage.gaps.filter(({ account }) => account === testAccount(1)).map(({ kind, uncertain }) => [kind, uncertain])).toEqual([
			["missing-inflow", "100"],
		]);
	});
});

describe("gaps", () => {
	const gapsOf = async (world: MemoryLedgerOptions, more: Partial<TraceRequest> = {}, transfers = way) =>
		(await traced(transfers, ["transfer:10.0.1"], more, world)).coverage.gaps;
	const read = (fromHeight: number, toHeight: number, kinds: Coverage["kinds"] = COVERED_KINDS, note = ""): Coverage => ({
		chain: TEST_CHAIN,
		fromHeight,
		toHeight,
		kinds,
		source: "test",
		note,
	});

	it("of blocks are told where rows that nodes told stand in them, once for each text", async () => {
		const gap = (fromHeight: number, toHeight: number, text: string) => ({ fromHeight, toHeight, gap: text });
		const gaps = [
			gap(0, 10, "a"),
			gap(11, 19, "b"),
			gap(20, 99, "a"),
			gap(20, 20, "internal transfers not fetched: the node offers no traces"),
		];
		const ofNode = way.map((transfer) => ({ ...transfer, provenance: "node" as const }));
		const told = (list: Awaited<ReturnType<typeof gapsOf>>) =>
			list.flatMap(({ kind, account, text, fromHeight, toHeight }) =>
				kind === "block-data" && account === undefined ? [[text, fromHeight, toHeight]] : [],
			);
		const last = String(Math.max(...way.map(({ position }) => position.height)));
		expect(told(await gapsOf({ gaps }, {}, ofNode))).toEqual([["a", "10", last]]);
		expect(
			told(
				await gapsOf(
					{ gaps },
					{},
					way.map((transfer) => ({ ...transfer, provenance: "imported" as const })),
				),
			),
		).toEqual([]);
	});

	it("of what an account may have paid unread end what is said of its money there", async () => {
		const unread = { account: testAccount(2), fromHeight: 30, toHeight: 30, gap: "type 77", unread: true } as const;
		const end = async (gaps: (typeof unread)[]) => {
			const { leaves, coverage } = await traced(way, ["transfer:10.0.1"], {}, { gaps, coverage: () => [read(0, 99)] });
			return [
				leaves.find(({ account }) => account === testAccount(2))?.stop,
				coverage.gaps.filter(({ text }) => text === "type 77").length,
			];
		};
		expect(await end([])).toEqual([expect.objectContaining({ reason: "unspent" }), 0]);
		expect(await end([unread])).not.toEqual([expect.objectContaining({ detail: expect.stringContaining("block 99") }), 1]);
	});

	it("of transactions are told of the trace's accounts, from when its money came on and no further than it looks", async () => {
		const gap = (n: number, fromHeight: number, toHeight: number) => ({
			account: testAccount(n),
			fromHeight,
			toHeight,
			gap: `${fromHeight}`,
		});
		const told = async (until?: number) =>
			(
				await gapsOf(
					{
						gaps: [
							gap(1, 0, 9),
							gap(1, 0, 10),
							gap(1, 25, 40),
							gap(1, 26, 26),
							gap(2, 0, 19),
							gap(2, 20, 20),
							gap(5, 0, 99),
							{ fromHeight: 0, toHeight: 99, gap: "of blocks" } as never,
						],
					},
					until === undefined ? {} : { until },
				)
			)
				.filter(({ kind }) => kind === "block-data")
				.map(({ account, fromHeight, toHeight }) => [account, fromHeight, toHeight]);
		expect(await told()).toEqual([
			[testAccount(1), "10", "10"],
			[testAccount(1), "25", "40"],
			[testAccount(1), "26", "26"],
			[testAccount(2), "20", "20"],
		]);
		expect(await told(25)).toEqual([
			[testAccount(1), "10", "10"],
			[testAccount(1), "25", "25"],
			[testAccount(2), "20", "20"],
		]);
	});

	it("of coverage say what was not fetched of whom, what it began with, and what its sources say, each once", async () => {
		const gaps = await gapsOf({
			coverage: (account) =>
				account === testAccount(1)
					? [read(5, 100, ["native"], "a note"), read(5, 100, ["internal"], "a note"), read(5, 100, ["native"], "")]
					: account === testAccount(2)
						? [read(0, 30), read(41, 60)]
						: [],
		});
		const of = (n: number) =>
			gaps
				.filter(({ account }) => account === testAccount(n))
				.map(({ kind, fromHeight, toHeight, text }) => [kind, fromHeight, toHeight, text]);
		expect(of(1)).toEqual([
			["missing-kind", "10", undefined, "its token transfers were not fetched: agreed does not reckon with what came by them and stayed"],
			["opening-balance-unknown", undefined, "4", "nothing was fetched before height 5; its balance there counts as 0"],
			["source-note", undefined, undefined, "a note"],
		]);
		const hole =
			"its native and internal and token transfers at these heights were not fetched, others were: agreed does not reckon with what came by them and stayed";
		expect(of(2).filter(([kind]) => kind === "missing-kind")).toEqual([["missing-kind", "31", "40", hole]]);
	});

	it("of coverage reach from where anything was read of an account to where anything was, for each kind", async () => {
		const gaps = await gapsOf({
			coverage: (account) => (account === testAccount(2) ? [read(0, 60, ["native", "internal"]), read(25, 40, ["token"])] : [read(0, 99)]),
		});
		expect(
			gaps
				.filter(({ account }) => account === testAccount(2))
				.map(({ fromHeight, toHeight, text }) => [fromHeight, toHeight, text.split(" ")[1]]),
		).toEqual([
			["20", "24", "token"],
			["41", "60", "token"],
		]);
	});

	it("of what blocks pay are told once for all accounts of which lists alone were read, whole blocks of tokens or not", async () => {
		const told = async (...more: readonly Coverage[]) =>
			(await gapsOf({ coverage: (account) => [{ ...read(0, 99, ["native", "internal"]), account }, ...more] }))
				.filter(({ text }) => text.startsWith("what blocks pay"))
				.map(({ text }) => /of (\d+ \w+)/.exec(text)?.[1]);
		expect([await told(), await told(read(0, 99, ["token"])), await told(read(0, 99, ["native"]))]).toEqual([
			["2 accounts"],
			["2 accounts"],
			[],
		]);
	});

	it("of what nobody fetched name the account, once where it was seeded and once where money ended there", async () => {
		const account = testAccount(1).slice(TEST_CHAIN.length + 1);
		const { coverage } = await traced(way, ["transfer:10.0.1"], {}, { coverage: (one) => (one === testAccount(2) ? [] : [read(0, 99)]) });
		expect(coverage.gaps.filter(({ kind }) => kind === "unfetched-account")).toEqual([
			expect.objectContaining({ account: testAccount(2), asset: ETHER, fromHeight: "20" }),
		]);
		const nothing = await traced(
			[testTransfer([10, 0, 1], 9, 3, 10n)],
			[`account:${account}`, "transfer:10.0.1"],
			{},
			{
				coverage: (one) => (one === testAccount(1) ? [] : [read(0, 99)]),
			},
		);
		expect(nothing.coverage.gaps.filter((gap) => gap.account === testAccount(1)).map(({ kind }) => kind)).toEqual(["unfetched-account"]);
	});

	it("of an end point that behaviour alone makes, or a receiver that nobody names, say so", async () => {
		const busy = await gapsOf({}, { stops: { minLabelConfidence: 20, serviceTransfers: 1, minDetectionScore: 60 } });
		expect(busy.filter(({ kind }) => kind === "behaviour-only").map(({ account }) => account)).toEqual([testAccount(1)]);
		const lost = [way[0], { ...testTransfer([20, 0, 1], 1, 2, 6n), to: unknownAccount(TEST_CHAIN) }].filter((t) => t !== undefined);
		const { leaves } = await traced(lost, ["transfer:10.0.1"]);
		expect(leaves.map(({ stop }) => stop.reason).sort()).toEqual(["unknown-receiver", "unspent"]);
	});
});
