import { type AccountId, type GraphStore, nativeAsset, nullAccount, type Transfer, transactionNode } from "@clew/core";
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
import type { Movement } from "./model.js";
import { movementsIn } from "./movements.js";

const WATCHED = testAccount(1);

async function found(
	source: object,
	chain: typeof TEST_CHAIN,
	from: number,
	to: number,
	accounts: readonly AccountId[],
): Promise<Movement[]> {
	const movements: Movement[] = [];
	for await (const movement of movementsIn(source as GraphStore, chain, from, to, new Set(accounts))) movements.push(movement);
	return movements;
}
const amounts = (movements: readonly Movement[]) => movements.map(({ amount }) => amount);

describe("movements of accounts", () => {
	const of = (transfers: readonly Transfer[], from: number, to: number) => found(memoryLedger(transfers), TEST_CHAIN, from, to, [WATCHED]);

	it("are those of the named blocks, both ends included, with either side watched", async () => {
		const transfers = [9, 10, 11, 12, 13].map((height) => testTransfer([height], height % 2 ? 1 : 2, height % 2 ? 2 : 1, BigInt(height)));
		expect(amounts(await of(transfers, 10, 12))).toEqual([10n, 11n, 12n]);
		expect(amounts(await of([testTransfer([10], 2, 3, 1n)], 10, 12))).toEqual([]);
	});

	it("are no fees and no payments to oneself", async () => {
		const beside = [
			testTransfer([10, 0, 0], 1, -1, 5n, { kind: "fee" }),
			testTransfer([10, 0, 1], 1, 1, 6n),
			testTransfer([10, 0, 2], 1, 2, 7n),
		];
		expect(await of(beside, 10, 10)).toMatchObject([{ amount: 7n, height: 10 }]);
	});

	it("are each told once when a block has as many transfers as one page, one less, one more, and two pages", async () => {
		for (const count of [4_999, 5_000, 5_001, 10_000]) {
			const transfers = Array.from({ length: count }, (_, i) => testTransfer([10, 0, i], 1, 2, BigInt(i + 1)));
			const told = amounts(await of([...transfers, testTransfer([11], 1, 2, 1n)], 10, 10));
			expect([told.length, new Set(told).size]).toEqual([count, count]);
		}
	});
});

describe("movements of outputs", () => {
	const [one, two, three, four] = [1, 2, 3, 4].map((n) => testAddress(n)) as [AccountId, AccountId, AccountId, AccountId];
	const coins = testUtxo(
		1,
		[1, 1],
		[],
		[
			[1, 60n],
			[2, 40n],
		],
	);
	const payment = testUtxo(
		2,
		[2, 1],
		[
			[1, 0],
			[1, 1],
		],
		[
			[3, 70n],
			[4, 0n],
			[2, 30n],
		],
	);
	const of = (accounts: readonly AccountId[], from = 0, to = 9) =>
		found(memoryOutputs([coins, payment]), TEST_UTXO_CHAIN, from, to, accounts);
	const ways = (movements: readonly Movement[]) => movements.map(({ from, to, amount }) => [from, to, amount]);

	it("go from each watched spender to each output of somebody else; change and empty outputs move nothing", async () => {
		expect(ways(await of([one], 2))).toEqual([[one, three, 60n]]);
		expect(ways(await of([one, two, three], 2))).toEqual([
			[one, three, 60n],
			[two, three, 40n],
		]);
		expect(ways(await of([four], 2))).toEqual([]);
	});

	it("are at most what the watched spender put in, and say what the output holds where others spent beside it", async () => {
		const paid = async (accounts: readonly AccountId[]) =>
			(await of(accounts, 2)).map(({ from, amount, output }) => [from, amount, output]);
		expect(await paid([one, two])).toEqual([
			[one, 60n, 70n],
			[two, 40n, 70n],
		]);
		const alone = testUtxo(3, [3, 1], [[2, 0]], [[4, 70n]]);
		expect(await found(memoryOutputs([coins, payment, alone]), TEST_UTXO_CHAIN, 3, 3, [three])).toEqual([
			{ from: three, to: four, asset: nativeAsset(TEST_UTXO_CHAIN), amount: 70n, kind: "output", txHash: testTxid(3), height: 3 },
		]);
		// Whose the input 9:0 was nobody told: it may be the watched one's.
		const mixed = testUtxo(
			4,
			[3, 1],
			[
				[1, 0],
				[9, 0],
			],
			[[4, 90n]],
		);
		expect(await found(memoryOutputs([coins, mixed]), TEST_UTXO_CHAIN, 3, 3, [one])).toMatchObject([{ amount: 90n, output: 90n }]);
	});

	it("tell of all that is spent, what is no movement, too", async () => {
		const spent: AccountId[] = [];
		const joint = testUtxo(
			2,
			[2, 1],
			[
				[1, 0],
				[1, 1],
			],
			[[2, 100n]],
		);
		const source = memoryOutputs([coins, joint]) as unknown as GraphStore;
		for await (const _ of movementsIn(source, TEST_UTXO_CHAIN, 2, 2, new Set([one]), (account) => spent.push(account))) throw new Error();
		expect(spent).toEqual([one]);
	});

	it("come to a watched output once, from all who spent", async () => {
		expect(await of([three], 2)).toMatchObject([{ from: one, spenders: [one, two], to: three, amount: 70n }]);
		expect(await of([three], 2)).toMatchObject([{ txHash: testTxid(2), height: 2, kind: "output" }]);
	});

	it("come from nobody for new coins, from the transaction itself where no source told who spent, and end with the last block", async () => {
		const source = coins.coinbase ? nullAccount(TEST_UTXO_CHAIN) : transactionNode(TEST_UTXO_CHAIN, testTxid(1));
		expect(ways(await of([one], 0, 1))).toEqual([[source, one, 60n]]);
		const mined = { ...coins, coinbase: true };
		expect(ways(await found(memoryOutputs([mined]), TEST_UTXO_CHAIN, 0, 1, [one]))).toEqual([[nullAccount(TEST_UTXO_CHAIN), one, 60n]]);
	});
});
