import { addressOf, erc20Asset, nativeAsset, type Transfer } from "@clew/core";
import { memoryLedger, TEST_CHAIN, TEST_UTXO_CHAIN, testAccount, testTransfer, testTxid } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { parseSeed, planSeeds, seedsArrival, transferOf } from "./seeds.js";
import { wrappingsIn } from "./wrapping.js";

const ETHER = nativeAsset(TEST_CHAIN);
const TOKEN = erc20Asset(TEST_CHAIN, `0x${"a".repeat(40)}`);
const HASH = `0x${"b".repeat(64)}`;
const ADDRESS = addressOf(testAccount(1));

describe("a seed as it is written", () => {
	it("names an account, a transaction, a transfer or an output, each on its kind of chain", () => {
		expect(parseSeed(`account:${ADDRESS}`, TEST_CHAIN)).toMatchObject({ kind: "account", since: { height: 0 } });
		expect(parseSeed(`tx:${HASH}`, TEST_CHAIN)).toEqual({ spec: `tx:${HASH}`, kind: "tx", txHash: HASH });
		expect(parseSeed("transfer:7.1.2", TEST_CHAIN)).toMatchObject({ kind: "transfer", at: { height: 7, txIndex: 1, eventIndex: 2 } });
		expect(parseSeed(`transfer:${HASH}:5`, TEST_CHAIN)).toMatchObject({ kind: "transfer", txHash: HASH, at: 5 });
		expect(parseSeed(`outpoint:${testTxid(1)}:0`, TEST_UTXO_CHAIN)).toMatchObject({ kind: "outpoint" });
		for (const [spec, chain] of [
			[`outpoint:${testTxid(1)}:0`, TEST_CHAIN],
			["transfer:7.1.2", TEST_UTXO_CHAIN],
			["passage:x", TEST_CHAIN],
			["", TEST_CHAIN],
		] as const)
			expect(() => parseSeed(spec, chain), spec).toThrow("is not a seed");
	});

	it("has a limit of the coin unless it names an asset, and a start height of an account alone", () => {
		expect(parseSeed(`tx:${HASH}`, TEST_CHAIN, { amount: 5n })).toMatchObject({ asset: ETHER, limit: 5n });
		expect(parseSeed(`tx:${HASH}`, TEST_CHAIN, { amount: 5n, asset: TOKEN })).toMatchObject({ asset: TOKEN, limit: 5n });
		expect(parseSeed(`tx:${HASH}`, TEST_CHAIN, { asset: TOKEN })).not.toHaveProperty("limit");
		expect(parseSeed(`account:${ADDRESS}`, TEST_CHAIN, { since: 9 })).toMatchObject({ since: { height: 9 } });
		expect(() => parseSeed(`tx:${HASH}`, TEST_CHAIN, { since: 9 })).toThrow("a start height goes with account seeds only");
	});
});

describe("what seeds mark", () => {
	const plan = (transfers: readonly Transfer[], ...seeds: readonly ReturnType<typeof parseSeed>[]) =>
		planSeeds(memoryLedger(transfers), TEST_CHAIN, seeds);
	const whole = (t: Transfer, options = {}) => parseSeed(`tx:${t.txHash}`, TEST_CHAIN, options);

	it("of a transaction is what accounts have more of when it is over, fees that they paid for it included", async () => {
		const transfers = [
			testTransfer([10, 0, 0], 1, -1, 3n, { kind: "fee" }),
			testTransfer([10, 0, 1], 8, 1, 10n),
			testTransfer([10, 0, 2], 1, 2, 4n),
			testTransfer([10, 0, 3], 8, 2, 6n),
			testTransfer([10, 0, 4], 3, 3, 9n),
			testTransfer([10, 0, 5], 8, 4, 0n),
			testTransfer([10, 0, 6], 8, 5, 7n),
			testTransfer([10, 0, 7], 5, 6, 7n),
		];
		const { transactions } = await plan(transfers, whole(transfers[0] as Transfer));
		expect(transactions.map((receipts) => receipts.map(({ account, net, transfers: paid }) => [account, net, paid.length]))).toEqual([
			[
				[testAccount(1), 3n, 1],
				[testAccount(2), 10n, 2],
				[testAccount(6), 7n, 1],
			],
		]);
	});

	it("of a transaction that wraps coins is the tokens and not the contract's coins; of one that unwraps the coins and nobody's tokens", async () => {
		const wrapper = testAccount(7);
		const wrapped = erc20Asset(TEST_CHAIN, addressOf(wrapper));
		const wraps = [testTransfer([10, 0, 1], 1, 7, 6n), testTransfer([10, 0, 2], -1, 1, 6n, { kind: "mint", asset: wrapped })];
		const gained = async (transfers: readonly Transfer[]) =>
			(await plan(transfers, whole(transfers[0] as Transfer))).transactions.flat().map(({ account, asset, net }) => [account, asset, net]);
		expect(await gained(wraps)).toEqual([[testAccount(1), wrapped, 6n]]);
		const unwraps = [testTransfer([10, 0, 1], 1, -1, 6n, { kind: "burn", asset: wrapped }), testTransfer([10, 0, 2], 7, 1, 6n)];
		expect(await gained(unwraps)).toEqual([[testAccount(1), ETHER, 6n]]);
		expect(wrappingsIn([...wraps, testTransfer([10, 0, 3], 1, 7, 6n)]).map(({ native }) => native)).toEqual([wraps[0]]);
		expect(wrappingsIn([wraps[0] as Transfer, testTransfer([10, 0, 2], -1, 1, 0n, { kind: "mint", asset: wrapped })])).toEqual([]);
		expect(wrappingsIn([{ ...(wraps[0] as Transfer), kind: "fee" }, wraps[1] as Transfer])).toEqual([]);
	});

	it("is of the wanted asset, and a seed that moved none of it is refused", async () => {
		const transfers = [testTransfer([10, 0, 1], 8, 1, 10n), testTransfer([10, 0, 2], 8, 1, 5n, { kind: "token", asset: TOKEN })];
		const [first] = transfers as [Transfer];
		const other = erc20Asset(TEST_CHAIN, `0x${"c".repeat(40)}`);
		expect((await plan(transfers, whole(first, { asset: TOKEN }))).transactions.flat().map(({ net }) => net)).toEqual([5n]);
		await expect(plan(transfers, whole(first, { asset: other }))).rejects.toThrow(`moved nothing of ${other}`);
		await expect(plan(transfers, parseSeed("transfer:10.0.1", TEST_CHAIN, { asset: TOKEN }))).rejects.toThrow("moved nothing of");
		expect((await plan(transfers, parseSeed("transfer:10.0.2", TEST_CHAIN, { asset: TOKEN }))).transfers.map(({ cap }) => cap)).toEqual([
			5n,
		]);
		const back = [testTransfer([10, 0, 1], 8, 1, 10n), testTransfer([10, 0, 2], 1, 8, 10n)];
		await expect(plan(back, whole(first))).rejects.toThrow(/moved nothing$/);
	});

	it("stands in chain order whatever the order of the seeds, those of one transaction together", async () => {
		const transfers = [30, 10, 20].map((height) => testTransfer([height, 0, 1], 8, 1, BigInt(height)));
		const [late, early, middle] = transfers as [Transfer, Transfer, Transfer];
		const { transactions } = await plan(transfers, whole(late), whole(early), whole(late));
		expect(transactions.map((receipts) => receipts.map(({ net, origin }) => [net, origin]))).toEqual([
			[[10n, 1]],
			[
				[30n, 0],
				[30n, 2],
			],
		]);
		const named = await plan(
			transfers,
			...[late, middle, early].map(({ position: { height } }) => parseSeed(`transfer:${height}.0.1`, TEST_CHAIN)),
		);
		expect(named.transfers.map(({ cap, origin }) => [cap, origin])).toEqual([
			[10n, 2],
			[20n, 1],
			[30n, 0],
		]);
	});

	it("is refused where the case does not hold it, it is a fee, or nothing changed hands", async () => {
		const transfers = [
			testTransfer([10, 0, 0], 1, -1, 3n, { kind: "fee" }),
			testTransfer([10, 0, 1], 1, 1, 10n),
			testTransfer([10, 0, 2], 1, 2, 1n),
		];
		const named = (spec: string) => plan(transfers, parseSeed(spec, TEST_CHAIN));
		await expect(named("transfer:10.0.0")).rejects.toThrow("is a fee");
		await expect(named("transfer:10.0.1")).rejects.toThrow("is a transfer of an account to itself");
		await expect(named("transfer:10.0.5")).rejects.toThrow("there is no transfer at 10.0.5 in the case");
		await expect(named(`tx:${HASH}`)).rejects.toThrow("is not in the case");
		const { txHash } = transfers[0] as Transfer;
		await expect(named(`transfer:${txHash}:9`)).rejects.toThrow("the transaction has events 0, 1, 2");
		const seed = parseSeed(`transfer:${txHash}:2`, TEST_CHAIN);
		if (seed.kind !== "transfer") throw new Error("no seed of a transfer");
		expect((await transferOf(memoryLedger(transfers), TEST_CHAIN, seed)).amount).toBe(1n);
	});

	it("of an account is what others pay it from its height on, of its asset", () => {
		const seed = parseSeed(`account:${ADDRESS}`, TEST_CHAIN, { since: 10, asset: ETHER });
		const marks = (t: Transfer) => seedsArrival(seed, t);
		expect([marks(testTransfer([10], 2, 1, 1n)), marks(testTransfer([9, 9, 9], 2, 1, 1n)), marks(testTransfer([11], 1, 2, 1n))]).toEqual([
			true,
			false,
			false,
		]);
		expect([
			marks(testTransfer([11], 1, 1, 1n)),
			marks(testTransfer([11], 2, 1, 1n, { kind: "fee" })),
			marks(testTransfer([11], 2, 1, 1n, { kind: "token", asset: TOKEN })),
		]).toEqual([false, false, false]);
		expect(seedsArrival(parseSeed(`account:${ADDRESS}`, TEST_CHAIN), testTransfer([1], 2, 1, 1n, { asset: TOKEN }))).toBe(true);
		expect(seedsArrival(parseSeed(`tx:${HASH}`, TEST_CHAIN), testTransfer([11], 2, 1, 1n))).toBe(false);
	});
});
