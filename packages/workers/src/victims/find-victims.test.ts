import { type AccountId, type AssetId, addressOf, type ChainEvent } from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { DEFAULT_STOP_PARAMETERS } from "@clew/tracer";
import { describe, expect, it } from "vitest";
import { findVictims } from "./find-victims.js";

const USDT = `${TEST_CHAIN}/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7` as AssetId;
const [COLLECTOR, ONE, TWO, DRAINER, FEES] = [1, 2, 3, 4, 99];
const fee = (at: number[], who: number, amount = 1n) => testTransfer(at, who, FEES, amount, { kind: "fee" });
const pay = (at: number[], who: number, amount: bigint, to = COLLECTOR) => [
	fee([at[0] as number, 0, 0], who),
	testTransfer(at, who, to, amount),
];
type Extra = NonNullable<Parameters<typeof memoryLedger>[1]>;

const search = (transfers: Parameters<typeof memoryLedger>[0], extra: Extra = {}, only?: ReadonlySet<string>) =>
	findVictims(memoryLedger(transfers, extra), {
		collectors: [testAccount(COLLECTOR)],
		stops: DEFAULT_STOP_PARAMETERS,
		most: 1_000,
		signal: new AbortController().signal,
		...(only === undefined ? {} : { only }),
	});

describe("who paid a collector", () => {
	it("adds up what each account paid of each asset, less what came back, the greatest loss first", async () => {
		const { victims, others } = await search([
			...pay([1, 0, 1], ONE, 10n),
			...pay([2, 0, 1], TWO, 30n),
			...pay([3, 0, 1], ONE, 5n),
			...pay([4, 0, 1], COLLECTOR, 4n, ONE),
			fee([5, 0, 0], TWO),
			testTransfer([5, 0, 9], TWO, COLLECTOR, 7n, { kind: "token", asset: USDT }),
		]);
		const rows = (isToken: boolean) =>
			victims
				.filter(({ asset }) => (asset === USDT) === isToken)
				.map(({ account, paid, returned, payments }) => [account, paid, returned, payments.length]);
		expect(rows(true)).toEqual([[testAccount(TWO), 7n, 0n, 1]]);
		expect(rows(false)).toEqual([
			[testAccount(TWO), 30n, 0n, 1],
			[testAccount(ONE), 15n, 4n, 2],
		]);
		expect(others).toEqual([]);
	});

	it("says who paid first, where the collector had paid nobody before", async () => {
		const first = async (...transfers: Parameters<typeof memoryLedger>[0]) =>
			(await search(transfers)).victims.filter(({ isFirst }) => isFirst).map(({ account }) => account);
		expect(await first(...pay([1, 0, 1], ONE, 10n), ...pay([2, 0, 1], TWO, 10n))).toEqual([testAccount(ONE)]);
		expect(await first(...pay([0, 0, 1], COLLECTOR, 1n, 7), ...pay([1, 0, 1], ONE, 10n))).toEqual([]);
	});

	it("tells a look-alike of an address that it had paid before, and never one that it paid after", async () => {
		const alike = testAccount(COLLECTOR);
		const real = `${TEST_CHAIN}:${addressOf(alike).slice(0, 6)}${"77".repeat(16)}${addressOf(alike).slice(-6)}` as AccountId;
		const to = (at: number[], amount: bigint) => [fee([at[0] as number, 0, 0], ONE), { ...testTransfer(at, ONE, 8, amount), to: real }];
		const lures = async (...transfers: Parameters<typeof memoryLedger>[0]) =>
			(await search(transfers)).victims.flatMap(({ payments }) => payments.map(({ lure, by }) => [lure, by]));
		expect(await lures(...to([1, 0, 1], 5n), ...pay([2, 0, 1], ONE, 10n))).toEqual([["look-alike", real]]);
		expect(await lures(...pay([2, 0, 1], ONE, 10n), ...to([3, 0, 1], 5n))).toEqual([["payment", undefined]]);
	});

	it("tells what another's transaction took by an approval, and does not know where no source tells the sender", async () => {
		const approved: ChainEvent = {
			chain: TEST_CHAIN,
			position: { height: 5, txIndex: 0, eventIndex: 50 },
			txHash: testTransfer([5], 0, 0, 0n).txHash,
			kind: "approval",
			protocol: "erc-20",
			contract: `${TEST_CHAIN}:0xdac17f958d2ee523a2206206994597c13d831ec7` as AccountId,
			account: testAccount(ONE),
			key: "1",
			details: { spender: addressOf(testAccount(DRAINER)), amount: "1000" },
		};
		const taken = testTransfer([6, 0, 9], ONE, COLLECTOR, 9n, { kind: "token", asset: USDT });
		const lures = async (...transfers: Parameters<typeof memoryLedger>[0]) =>
			(await search(transfers, { events: [approved] })).victims.flatMap(({ payments }) => payments.map(({ lure, by }) => [lure, by]));
		expect(await lures(fee([5, 0, 0], ONE), fee([6, 0, 0], DRAINER), taken)).toEqual([["approval", testAccount(DRAINER)]]);
		expect(await lures(taken)).toEqual([["not known", undefined]]);
	});

	it("calls nobody a victim who is a service or a contract, got more back, or paid less than the fee; all are listed", async () => {
		const [SERVICE, CONTRACT, WINNER, NOTICE] = [11, 12, 13, 14];
		const label = { category: "exchange", entity: "E", name: "E", source: "s", retrievedAt: "", confidence: 50 } as const;
		const { victims, others } = await search(
			[
				...pay([1, 0, 1], SERVICE, 100n),
				...pay([2, 0, 1], CONTRACT, 100n),
				...pay([3, 0, 1], WINNER, 100n),
				...pay([4, 0, 1], COLLECTOR, 150n, WINNER),
				fee([5, 0, 0], NOTICE, 20n),
				testTransfer([5, 0, 1], NOTICE, COLLECTOR, 20n),
			],
			{ labels: [{ ...label, account: testAccount(SERVICE) }], contracts: new Set([testAccount(CONTRACT)]) },
		);
		expect(victims).toEqual([]);
		expect(others.map(({ account, why }) => [account, why]).sort()).toEqual(
			[
				[testAccount(SERVICE), "service"],
				[testAccount(CONTRACT), "contract"],
				[testAccount(WINNER), "got more back"],
				[testAccount(NOTICE), "dust"],
			].sort(),
		);
	});

	it("keeps to the payments that are named", async () => {
		const { victims } = await search([...pay([1, 0, 1], ONE, 10n), ...pay([2, 0, 1], TWO, 30n)], {}, new Set(["2.0.1"]));
		expect(victims.map(({ account }) => account)).toEqual([testAccount(TWO)]);
	});
});
