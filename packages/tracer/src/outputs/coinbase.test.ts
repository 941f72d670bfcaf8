import type { ChainId, Rule, UtxoTransaction } from "@clew/core";
import { memoryOutputs, TEST_UTXO_CHAIN, testTxid, testUtxo } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import type { Lot } from "../lots.js";
import { readBlock, shareCoinbase } from "./coinbase.js";
import { ReadAhead } from "./read-ahead.js";
import { spread } from "./spread.js";

const SUBSIDY = 50n * 10n ** 8n;
const lots = (...amounts: readonly bigint[]): Lot[] => amounts.flatMap((amount, origin) => (amount > 0n ? [{ origin, amount }] : []));
const ofSeed = (parcel: readonly Lot[] | undefined) =>
	(parcel ?? []).filter(({ origin }) => origin === 0).reduce((sum, { amount }) => sum + amount, 0n);
/** Coins of 60 and 40; a block whose coinbase claims all of it, of 10 and 3 in fees. */
const records = [
	testUtxo(1, [1, 0], [], [[1, 60n]]),
	testUtxo(2, [1, 1], [], [[2, 40n]]),
	testUtxo(
		3,
		[2, 0],
		[],
		[
			[9, SUBSIDY + 4n],
			[8, 9n],
		],
	),
	testUtxo(4, [2, 1], [[1, 0]], [[3, 50n]]),
	testUtxo(5, [2, 2], [[2, 0]], [[4, 37n]]),
	testUtxo(6, [3, 0], [], [[5, 1n]]),
];
const block = (height = 2) => readBlock(memoryOutputs(records), TEST_UTXO_CHAIN, height);
const txids = (all: readonly UtxoTransaction[]) => all.map(({ txid }) => txid);

describe("a block's coinbase", () => {
	it("collects the fees of its block alone", async () => {
		expect(txids(await block())).toEqual([3, 4, 5].map(testTxid));
		expect([txids(await block(3)), txids(await block(4))]).toEqual([[testTxid(6)], []]);
	});

	it("is paid the subsidy first, then every fee in transaction order, and leaves the rest unclaimed", async () => {
		const tainted = new Map([
			[1, [lots(10n)]],
			[2, [lots(0n, 3n)]],
		]);
		const shares = shareCoinbase(TEST_UTXO_CHAIN, ["difo"], await block(), tainted);
		expect([shares?.unclaimed, shares?.coinbase.txid]).toEqual([0n, testTxid(3)]);
		const fifo = shareCoinbase(TEST_UTXO_CHAIN, ["fifo"], await block(), tainted)?.byRule[0];
		expect(fifo?.outputs.map(ofSeed)).toEqual([4n, 6n]);
		expect(fifo?.fee).toEqual([]);
		const less = (await block()).map((tx) => (tx.coinbase ? { ...tx, outputs: tx.outputs.slice(0, 1) } : tx));
		const left = shareCoinbase(TEST_UTXO_CHAIN, ["fifo"], less, tainted);
		expect([left?.unclaimed, left?.byRule[0]?.outputs.map(ofSeed), ofSeed(left?.byRule[0]?.fee)]).toEqual([9n, [4n], 6n]);
	});

	it("is not shared where it, a fee, a place or the network is not known", async () => {
		const whole = await block();
		const shared = (some: readonly UtxoTransaction[], chain = TEST_UTXO_CHAIN) =>
			shareCoinbase(chain, ["fifo"], some, new Map()) !== undefined;
		expect(shared(whole)).toBe(true);
		expect(shared(whole.filter(({ coinbase }) => !coinbase))).toBe(false);
		expect(shared(whole.map((tx, i) => (i === 2 ? { ...tx, indexed: false } : tx)))).toBe(false);
		expect(shared(whole.map((tx, i) => (i === 2 ? { ...tx, inputs: tx.inputs.map(({ previous: _, ...input }) => input) } : tx)))).toBe(
			false,
		);
		expect(shared(whole, "bip122:0" as ChainId)).toBe(false);
	});
});

describe("whose money goes through a transaction", () => {
	const through = (rule: Rule, values: readonly bigint[], fee: bigint, convention: "last" | "proportional") => {
		const aged = rule === "fifo" || rule === "lifo";
		const inputs = [
			{ value: 6n, parcel: lots(6n) },
			{ value: 4n, parcel: aged ? [{ origin: -1, amount: 4n }] : [] },
		];
		const found = spread(rule, inputs, values, fee, convention);
		return [...found.outputs.map(ofSeed), ofSeed(found.fee)];
	};

	it("highest first serves the outputs of highest value with tainted money, of equal ones the earlier", () => {
		expect(through("tiho", [3n, 5n], 2n, "last")).toEqual([1n, 5n, 0n]);
		expect(through("tiho", [4n, 4n], 2n, "last")).toEqual([4n, 2n, 0n]);
		expect(through("difo", [3n, 5n], 2n, "last")).toEqual([3n, 3n, 0n]);
		expect(through("tiho", [3n, 0n, 5n], 2n, "last")).toEqual([1n, 0n, 5n, 0n]);
	});

	it("a proportional fee takes of each input its share, which leaves the input last; a fee of nothing takes none", () => {
		expect(through("fifo", [8n], 2n, "proportional")).toEqual([5n, 1n]);
		expect(through("fifo", [8n], 2n, "last")).toEqual([6n, 0n]);
		expect(through("lifo", [3n, 5n], 2n, "proportional")).toEqual([0n, 5n, 1n]);
		for (const convention of ["last", "proportional"] as const) expect(through("haircut", [5n, 5n], 0n, convention)).toEqual([3n, 3n, 0n]);
		expect(through("fifo", [], 10n, "proportional")).toEqual([6n]);
	});

	it("does not balance where outputs and fee are not what went in", () => {
		expect(() => through("fifo", [5n], 4n, "last")).toThrow("a transaction leaves 5 satoshi, and its fee is 4");
		expect(() => through("fifo", [5n], 6n, "last")).toThrow("leaves 5 satoshi");
		expect(() => through("fifo", [7n], 2n, "proportional")).toThrow("leaves 1 satoshi");
	});
});

describe("transactions read ahead", () => {
	it("are those at the places asked for, none twice read where they lie side by side, few where they lie far apart", async () => {
		const many = Array.from({ length: 300 }, (_, i) => testUtxo(i + 1, [i + 1, 0], [], [[1, 1n]]));
		const reading = async (heights: readonly number[]) => {
			const source = memoryOutputs(many);
			const asked: number[] = [];
			const counted = {
				...source,
				utxoTransactions: (...args: Parameters<typeof source.utxoTransactions>) => {
					asked.push(args[2]);
					return source.utxoTransactions(...args);
				},
			};
			const reader = new ReadAhead(counted, TEST_UTXO_CHAIN);
			const key = (height: number) => height * 2 ** 14;
			const found: (string | undefined)[] = [];
			for (const height of heights) found.push((reader.peek(key(height)) ?? (await reader.read(key(height))))?.txid);
			return { found, asked };
		};
		const all = Array.from({ length: 300 }, (_, i) => i + 1);
		const dense = await reading(all);
		expect(dense.found).toEqual(all.map(testTxid));
		expect(dense.asked).toEqual([2, 4, 8, 16, 32, 64, 128, 256]);
		const sparse = await reading(all.filter((height) => height % 50 === 0));
		expect(sparse.found).toEqual([50, 100, 150, 200, 250, 300].map(testTxid));
		expect(Math.max(...sparse.asked)).toBeLessThanOrEqual(8);
		expect((await reading([5, 400])).found).toEqual([testTxid(5), undefined]);
	});
});
