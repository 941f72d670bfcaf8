import { type AssetId, COVERED_KINDS, erc20Asset, nativeAsset, type Rule, type Transfer, type UtxoRecord } from "@clew/core";
import {
	memoryOutputs,
	TEST_CHAIN,
	TEST_UTXO_CHAIN,
	testAccount,
	testAddressNumber,
	testTransfer,
	testTxid,
	testUtxo,
} from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { defaultRequest, parseSeed, runTrace } from "./index.js";
import { traced } from "./traced.test-util.js";

const ETHER = nativeAsset(TEST_CHAIN);
const TOKEN = erc20Asset(TEST_CHAIN, `0x${"ab".repeat(20)}`);

type Result = Awaited<ReturnType<typeof traced>>;

/** What a rule leaves at each end point: account, reason, amount. */
const ends = ({ leaves }: Result, rule: Rule, asset: AssetId = ETHER) =>
	leaves
		.filter(({ amounts }) => (amounts[asset]?.[rule] ?? "0") !== "0")
		.map(({ account, stop, amounts }) => `${Number.parseInt(account.slice(-4), 16) - 1} ${stop.reason} ${amounts[asset]?.[rule]}`);
const hashOf = (t: Transfer | undefined) => `tx:${t?.txHash}`;

describe("seeds that overlap", () => {
	const transfers = [testTransfer([10, 0, 1], 8, 1, 10n), testTransfer([10, 0, 2], 8, 2, 6n), testTransfer([11], 1, 3, 10n)];
	const byOrigin = (result: Result, account: number, rule: Rule) =>
		result.leaves.find((leaf) => leaf.account === testAccount(account))?.byOrigin?.[ETHER]?.map((amounts) => amounts[rule]);

	it("mark no unit twice by a conserving rule, and each all of it by libr", async () => {
		for (const seeds of [
			[hashOf(transfers[0]), "transfer:10.0.1"],
			["transfer:10.0.1", hashOf(transfers[0])],
		]) {
			const result = await traced(transfers, seeds);
			for (const rule of ["fifo", "lifo", "haircut", "difo", "dilo"] as const) {
				expect(result.conservation[rule]?.[ETHER]).toMatchObject({ seeded: "16", held: "16" });
				expect(
					byOrigin(result, 3, rule)?.reduce((sum, one) => sum + BigInt(one ?? "0"), 0n),
					rule,
				).toBe(10n);
			}
			expect([byOrigin(result, 3, "libr"), byOrigin(result, 3, "poison")]).toEqual([
				["10", "10"],
				["10", "10"],
			]);
		}
	});

	it("a limit is used up in the order of the transfers", async () => {
		const limited = async (amount: bigint) => {
			const seeds = [parseSeed(hashOf(transfers[0]), TEST_CHAIN, { amount })];
			const result = await traced(transfers, [], { seeds });
			return ends(result, "fifo");
		};
		expect(await limited(9n)).toEqual(["3 unspent 9"]);
		expect((await limited(11n)).sort()).toEqual(["2 unspent 1", "3 unspent 10"]);
		expect((await limited(99n)).sort()).toEqual(["2 unspent 6", "3 unspent 10"]);
	});
});

describe("an exchange of a seeded account where money stops", () => {
	const bought = testTransfer([11, 0, 2], 5, 1, 6n, { kind: "token", asset: TOKEN });
	const swap = [testTransfer([10], 9, 1, 9n), testTransfer([11, 0, 1], 1, 5, 6n), bought];

	it("marks what it got once, as what it got for what was marked", async () => {
		const result = await traced(swap, [`account:${testAccount(1).split(":")[2]}`], { dust: new Map([[TOKEN, 8n]]) });
		for (const rule of result.rules) expect(ends(result, rule, TOKEN)).toEqual(["1 dust 6"]);
		expect(result.seeds.flatMap(({ rows }) => rows.map(({ amount }) => amount))).toEqual(["9"]);
	});

	it("ends what the other side gave of somebody's with it, and not a second time with who got it", async () => {
		const stolen = testTransfer([10, 1], 9, 5, 6n, { kind: "token", asset: TOKEN });
		const seeds = ["transfer:10.0.0", "transfer:10.1.0"];
		const result = await traced([...swap, stolen], seeds, { dust: new Map([[TOKEN, 8n]]) });
		const got = result.leaves.filter(({ account, amounts }) => account === testAccount(1) && TOKEN in amounts);
		for (const { amounts } of got) expect(Object.values(amounts[TOKEN] ?? {}).every((amount) => amount === "6")).toBe(true);
		expect(ends(result, "fifo", TOKEN)).toContain("1 dust 6");
		expect(got).toHaveLength(1);
	});
});

describe("an exchange of several legs", () => {
	const legs = [
		testTransfer([9], 8, 1, 60n),
		testTransfer([10], 9, 1, 40n),
		testTransfer([11, 0, 1], 1, 5, 70n),
		testTransfer([11, 0, 2], 1, 6, 30n),
		testTransfer([11, 0, 3], 5, 1, 20n),
		testTransfer([11, 0, 4], 5, 1, 300n, { kind: "token", asset: TOKEN }),
		testTransfer([11, 0, 5], 6, 1, 100n, { kind: "token", asset: TOKEN }),
		testTransfer([12], 1, 2, 400n, { kind: "token", asset: TOKEN }),
	];

	it("carries the claim of libr and the share of haircut into what was got, net of what came back", async () => {
		const result = await traced(legs, ["transfer:10.0.0"]);
		expect(result.edges.find(({ kind }) => kind === "conversion")).toMatchObject({ amount: "80", into: { asset: TOKEN, amount: "400" } });
		const claimed = Object.fromEntries(
			(["libr", "haircut", "fifo", "lifo", "difo", "dilo"] as const).map((rule) => [rule, ends(result, rule, TOKEN)]),
		);
		expect(claimed).toEqual({
			// The owner's 60 go first: of the claim of 40 only what the payment of 80 cannot do without goes with it.
			libr: ["2 unspent 100"],
			haircut: ["2 unspent 160"],
			fifo: ["2 unspent 100"],
			lifo: ["2 unspent 200"],
			difo: ["2 unspent 200"],
			dilo: ["2 unspent 100"],
		});
		expect([ends(result, "haircut"), ends(result, "libr")]).toEqual([["1 unspent 8"], ["1 unspent 20"]]);
	});
});

describe("dust", () => {
	const transfers = [
		testTransfer([9], 8, 1, 10n),
		testTransfer([10], 9, 1, 10n),
		testTransfer([11], 1, 2, 8n),
		testTransfer([12], 2, 3, 8n),
	];

	it("is what every rule finds less than the threshold of, and what is exactly the threshold is none", async () => {
		const endsAt = async (dust: bigint) => {
			const result = await traced(transfers, ["transfer:10.0.0"], { dust: new Map([[ETHER, dust]]) });
			return (["lifo", "haircut"] as const).map((rule) => ends(result, rule).find((end) => !end.startsWith("1 ")));
		};
		expect(await endsAt(8n)).toEqual(["3 unspent 8", "3 unspent 4"]);
		expect(await endsAt(9n)).toEqual(["2 dust 8", "2 dust 4"]);
	});
});

it("one account is an end point for each reason that stopped something there", async () => {
	const transfers = [testTransfer([10], 9, 1, 10n), testTransfer([11], 1, 2, 6n), testTransfer([12], 1, 2, 4n)];
	const known = { chain: TEST_CHAIN, toHeight: 99, kinds: COVERED_KINDS, source: "s", note: "" };
	const coverage = (account: string) => [{ ...known, fromHeight: account === testAccount(2) ? 12 : 0 }];
	const result = await traced(transfers, [`account:${testAccount(1).split(":")[2]}`], {}, { coverage });
	for (const rule of ["fifo", "haircut", "libr"] as const)
		expect(ends(result, rule).sort(), rule).toEqual(["2 unfetched 6", "2 unspent 4"]);
});

describe("limits of seeds on Bitcoin", () => {
	const spent = testUtxo(1, [1, 0], [], [[1, 100n]]);
	const theft = testUtxo(
		2,
		[2, 1],
		[[1, 0]],
		[
			[2, 70n],
			[1, 10n],
			[3, 20n],
		],
	);
	const marked = async (
		records: readonly UtxoRecord[],
		specs: readonly (readonly [string, bigint?])[],
		rules: readonly Rule[] = ["fifo"],
	) => {
		const seeds = specs.map(([spec, amount]) => parseSeed(spec, TEST_UTXO_CHAIN, amount === undefined ? {} : { amount }));
		const { outcome } = await runTrace({ ...defaultRequest(TEST_UTXO_CHAIN, seeds), rules }, { source: memoryOutputs(records) });
		return outcome.seedings.map(({ transfer, marked }) => `${testAddressNumber(transfer.to)} ${marked.join(" ")}`);
	};
	const all = `tx:${testTxid(2)}`;

	it("are used up output by output, in their order, change left out", async () => {
		expect(await marked([spent, theft], [[all]])).toEqual(["2 70", "3 20"]);
		expect(await marked([spent, theft], [[all, 70n]])).toEqual(["2 70"]);
		expect(await marked([spent, theft], [[all, 71n]])).toEqual(["2 70", "3 1"]);
		expect(await marked([spent, theft], [[all, 500n]])).toEqual(["2 70", "3 20"]);
	});

	it("of a second seed begin where the first one's marks end, by conserving rules; libr claims again", async () => {
		const outpoint = `outpoint:${testTxid(2)}:0`;
		expect(
			await marked(
				[spent, theft],
				[
					[outpoint, 30n],
					[all, 50n],
				],
				["fifo", "libr"],
			),
		).toEqual(["2 30 30", "2 40 50", "3 10 0"]);
	});
});
