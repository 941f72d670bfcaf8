import { accountId, parseChainId, segwitAddress, type UtxoTransaction } from "@clew/core";
import { memoryOutputs, TEST_UTXO_CHAIN, testUtxo } from "@clew/core/testing";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { analyse, boltzmann, certainLinks } from "./boltzmann.js";
import { findCoinJoins } from "./coinjoin.js";
import { findPeelChain, findShapes, PAYJOIN_SINCE, payJoin } from "./shapes.js";

const COINBASE_VALUE = 1n;

/** A transaction that spends coins of the given values, each of its own address unless told otherwise, and pays the given values. */
async function spending(
	inputs: readonly bigint[],
	outputs: readonly bigint[],
	{
		owners,
		pays,
		types,
		data,
	}: { owners?: readonly number[]; pays?: readonly number[]; types?: readonly ("op_return" | "p2wpkh")[]; data?: string } = {},
): Promise<UtxoTransaction> {
	const coins = inputs.map((value, i) => testUtxo(1 + i, [1, i], [], [[owners?.[i] ?? 100 + i, value]]));
	const tx = testUtxo(
		900,
		[2, 1],
		inputs.map((_, i) => [1 + i, 0]),
		outputs.map((value, i) => [pays?.[i] ?? 200 + i, value]),
		types ? { types } : {},
	);
	const outputsWithData = tx.outputs.map((output) =>
		data !== undefined && output.scriptType === "op_return" ? { ...output, data } : output,
	);
	const found = await memoryOutputs([...coins, { ...tx, outputs: outputsWithData }]).utxoTransaction(TEST_UTXO_CHAIN, tx.txid);
	return found as UtxoTransaction;
}

const mainnetAddress = (i: number) => segwitAddress(0, new Uint8Array(20).fill(i + 1), "bc");
const times = (n: number, value: bigint) => new Array<bigint>(n).fill(value);
const names = (tx: UtxoTransaction) => findCoinJoins(tx).map((finding) => finding.name);
/** Different values that repeat nowhere. */
const odd = (n: number, from: bigint) => Array.from({ length: n }, (_, i) => from + BigInt(i * 7 + 1));

describe("CoinJoin families", () => {
	it("Whirlpool mix: five in, five out, one pool, an entrant with a surplus", async () => {
		expect(names(await spending([5_000_300n, 5_000_200n, ...times(3, 5_000_000n)], times(5, 5_000_000n)))[0]).toBe("whirlpool-mix");
		expect(names(await spending([5_000_300n, ...times(8, 5_000_000n)], times(9, 5_000_000n)))).not.toContain("whirlpool-mix");
		expect(names(await spending([5_500_000n, ...times(4, 5_000_000n)], times(5, 5_000_000n)))).not.toContain("whirlpool-mix");
	});
	it("Whirlpool tx0: premixes, one fee, one OP_RETURN; it mixes nobody's money yet", async () => {
		const types = ["op_return", "p2wpkh", "p2wpkh", "p2wpkh", "p2wpkh", "p2wpkh"] as const;
		const data = "a5".repeat(64);
		const outputs = [0n, 175_000n, 5_000_300n, 5_000_300n, 5_000_300n, 4_800_000n];
		const tx = await spending([20_000_000n], outputs, { types, data });
		expect(findCoinJoins(tx).map((f) => [f.name, f.mixes])).toEqual([["whirlpool-tx0", false]]);
		expect(
			findCoinJoins(await spending([20_000_000n], [0n, 900_000n, 5_000_300n, 13_000_000n], { types: types.slice(0, 4), data })),
		).toEqual([]);
		// Payments with a shorter message (Omni, Blockstack) are none.
		expect(findCoinJoins(await spending([20_000_000n], outputs, { types, data: "6f6d6e69".repeat(5) }))).toEqual([]);
	});
	it("a tx0 wins over equal outputs and JoinMarket; equal change of two users does not", async () => {
		const types = ["op_return", ...times(8, 0n).map(() => "p2wpkh" as const)] as const;
		const data = "a5".repeat(64);
		const premixes = [0n, 175_000n, ...times(5, 5_000_300n)];
		const inputs = odd(6, 5_000_000n);
		expect(names(await spending(inputs, [...premixes, 4_000_000n], { types, data }))).toEqual(["whirlpool-tx0"]);
		expect(names(await spending(inputs, [...premixes, 2_000_000n, 2_000_000n], { types, data }))).toEqual([
			"whirlpool-tx0",
			"equal-output",
		]);
	});
	it("Wasabi 1.0: about 0.1 BTC again and again, many owners", async () => {
		const inputs = odd(12, 12_000_000n);
		expect(names(await spending(inputs, [...times(10, 9_990_000n), ...odd(9, 1_500_000n)]))).toContain("wasabi-1.0");
		expect(
			names(
				await spending(inputs, [...times(10, 9_990_000n), ...odd(9, 1_500_000n)], {
					owners: inputs.map((_, i) => (i < 3 ? 100 : 100 + i)),
				}),
			),
		).not.toContain("wasabi-1.0");
		expect(names(await spending(inputs, [...times(10, 8_000_000n), ...odd(9, 1_500_000n)]))).toContain("wasabi-1.0");
		expect(names(await spending(inputs, [...times(10, 7_999_999n), ...odd(9, 1_500_000n)]))).not.toContain("wasabi-1.0");
	});
	it("Wasabi 1.1: levels of 0.1 BTC x 2^i", async () => {
		const outputs = [...times(6, 10_000_000n), ...times(4, 20_000_000n), ...times(2, 40_000_000n), ...odd(10, 700_000n)];
		expect(names(await spending(odd(14, 30_000_000n), outputs))).toContain("wasabi-1.1");
		expect(names(await spending(odd(14, 30_000_000n), [...times(6, 10_000_000n), ...odd(6, 700_000n)]))).not.toContain("wasabi-1.1");
	});
	it("Wasabi 1.1: one owner takes several levels, and several levels may outnumber the owners", async () => {
		const outputs = [...times(11, 10_100_000n), ...times(8, 20_200_000n), ...times(3, 40_400_000n), ...odd(10, 700_000n)];
		expect(names(await spending(odd(14, 60_000_000n), outputs))).toContain("wasabi-1.1");
	});
	it("the widest rule is asked last: a Wasabi round is no JoinMarket round", async () => {
		const round = await spending(odd(12, 12_000_000n), [...times(10, 9_990_000n), ...odd(9, 1_500_000n)]);
		expect(names(round)).toEqual(["wasabi-1.0", "equal-output"]);
	});
	it("Wasabi 2 did not exist before June 2022: a height of mainnet says so, another network's does not", async () => {
		const outputs = [...times(6, 16_384n), ...times(5, 19_683n), ...times(4, 50_000n), ...odd(5, 7_000n)];
		const elsewhere = await spending(odd(22, 30_000n), outputs);
		const [found] = findCoinJoins(elsewhere);
		expect(found?.features.join()).toContain("cannot be excluded");
		const onMainnet = (height: number): UtxoTransaction => ({
			...elsewhere,
			height,
			outputs: elsewhere.outputs.map((output, i) => ({ ...output, account: accountId(parseChainId("bitcoin"), mainnetAddress(i)) })),
		});
		expect(names(onMainnet(739_999))).not.toContain("wasabi-2");
		expect(names(onMainnet(740_000))).toContain("wasabi-2");
	});
	it("Wasabi 2: several denominations, small rounds by parameter", async () => {
		const outputs = [...times(6, 16_384n), ...times(5, 19_683n), ...times(4, 50_000n), ...odd(5, 7_000n)];
		expect(names(await spending(odd(22, 30_000n), outputs))).toContain("wasabi-2");
		const small = await spending(odd(15, 40_000n), outputs);
		expect(names(small)).not.toContain("wasabi-2");
		expect(findCoinJoins(small, { wasabi2Inputs: 10, equalOutputs: 2 }).map((f) => f.name)).toContain("wasabi-2");
		expect(names(await spending(odd(22, 30_000n), [...outputs.slice(0, -1), 4_999n]))).not.toContain("wasabi-2");
	});
	it("JoinMarket: equal outputs, each maker's change, not a Stonewall", async () => {
		expect(names(await spending(odd(5, 9_000_000n), [...times(4, 5_000_000n), ...odd(4, 3_000_000n)]))).toContain("joinmarket");
		const stonewall = await spending([6_000_000n, 7_000_000n], [5_000_000n, 5_000_000n, 900_000n, 1_900_000n]);
		expect(names(stonewall)).toEqual(["equal-output"]);
	});
	it("equal outputs of no family: enough not to join inputs; one owner or dust is not", async () => {
		expect(names(await spending([8n * COINBASE_VALUE, 9n], [5n, 5n, 6n]))).toEqual(["equal-output"]);
		expect(names(await spending([8n, 9n], [5n, 5n, 6n], { owners: [1, 1] }))).toEqual([]);
		expect(names(await spending([8_000n, 9_000n], [546n, 546n, 15_000n]))).toEqual([]);
		expect(names(await spending([8n, 9n], [5n, 5n, 6n], { pays: [3, 3, 4] }))).toEqual([]);
	});
	it("an address that is paid twice takes no family's name away, and makes it less sure", async () => {
		/** The addresses that outputs pay, of which some pay one that another pays. */
		const paying = (n: number, again: Readonly<Record<number, number>>) => Array.from({ length: n }, (_, i) => 200 + (again[i] ?? i));
		const rounds: [string, bigint[], bigint[], Record<number, number>[]][] = [
			["whirlpool-mix", [5_000_400n, 5_000_400n, ...times(3, 5_000_000n)], times(5, 5_000_000n), [{ 1: 0 }]],
			["wasabi-1.0", odd(35, 12_000_000n), [...times(30, 9_983_126n), ...odd(27, 900_000n)], [{ 1: 0 }, { 40: 0 }, { 41: 40, 42: 40 }]],
			[
				"wasabi-1.1",
				odd(14, 30_000_000n),
				[...times(6, 10_000_000n), ...times(4, 20_000_000n), ...times(2, 40_000_000n), ...odd(10, 700_000n)],
				[{ 1: 0 }, { 15: 0 }],
			],
			[
				"wasabi-2",
				odd(22, 30_000n),
				[...times(6, 16_384n), ...times(5, 19_683n), ...times(4, 50_000n), ...odd(5, 7_000n)],
				[{ 1: 0 }, { 19: 0 }, { 8: 0 }],
			],
			["joinmarket", odd(6, 23_000_000n), [...times(5, 20_000_000n), ...odd(4, 3_000_000n)], [{ 1: 0 }, { 6: 1 }]],
		];
		for (const [name, inputs, outputs, repeats] of rounds) {
			const [plain] = findCoinJoins(await spending(inputs, outputs));
			expect(plain?.name).toBe(name);
			for (const again of repeats) {
				const found = findCoinJoins(await spending(inputs, outputs, { pays: paying(outputs.length, again) }));
				expect(
					found.map((finding) => finding.name),
					JSON.stringify(again),
				).toEqual([name, "equal-output"]);
				if (name !== "wasabi-2") expect(found[0]?.score).toBeLessThan(plain?.score ?? 0);
			}
		}
	});
	it("but what goes to one address alone is no round, whatever its values", async () => {
		const one = (n: number) => new Array<number>(n).fill(7);
		expect(names(await spending([5_000_400n, ...times(4, 5_000_000n)], times(5, 5_000_000n), { pays: one(5) }))).toEqual([]);
		expect(names(await spending(odd(6, 23_000_000n), [...times(5, 20_000_000n), 3_000_000n], { pays: [...one(5), 8] }))).toEqual([]);
	});
	it("Whirlpool's pools of before and after Samourai", async () => {
		for (const pool of [100_000n, 1_000_000n, 5_000_000n, 50_000_000n, 2_500_000n, 25_000_000n])
			expect(names(await spending([pool + 605n, pool + 605n, ...times(3, pool)], times(5, pool)))[0]).toBe("whirlpool-mix");
		const types = ["op_return", ...times(5, 0n).map(() => "p2wpkh" as const)] as const;
		const outputs = [0n, 125_000n, 2_500_605n, 2_500_605n, 2_500_605n, 4_800_000n];
		expect(names(await spending([20_000_000n], outputs, { types, data: "a5".repeat(64) }))).toEqual(["whirlpool-tx0"]);
	});
	it("says which features spoke, under which parameters, by which source", async () => {
		const [finding] = findCoinJoins(await spending([5_000_300n, ...times(4, 5_000_000n)], times(5, 5_000_000n)));
		expect(finding).toMatchObject({
			version: 3,
			score: 100,
			parameters: { pool: "5000000" },
			source: expect.stringContaining("Whirlpool"),
		});
		expect(finding?.features).toContain("every output is 5000000 satoshi");
	});
});

describe("shapes", () => {
	const shapes = async (...args: Parameters<typeof spending>) => findShapes(await spending(...args)).map((f) => f.name);
	it("consolidation, batching, sweep, address reuse", async () => {
		expect(await shapes(times(6, 10n), [59n])).toEqual(["consolidation", "sweep"]);
		expect(
			await shapes(
				[100n],
				odd(12, 1n).map((v) => v / 10n + 1n),
			),
		).toEqual(["batching"]);
		expect(await shapes([100n], [60n, 39n], { owners: [7], pays: [8, 7] })).toEqual(["address-reuse"]);
		expect(await shapes([100n], [60n, 39n])).toEqual([]);
	});
	it("PayJoin is possible only when an input was not needed, and only since it exists", async () => {
		const unneeded = await spending([100n, 30n], [80n, 45n]);
		expect(payJoin(unneeded)?.name).toBe("payjoin-possible");
		expect(payJoin(unneeded, PAYJOIN_SINCE - 1)).toBeUndefined();
		expect(payJoin(await spending([100n, 30n], [120n, 5n]))).toBeUndefined();
	});
	it("a peel chain is followed both ways, along the larger output that goes on", async () => {
		const chain = [
			testUtxo(1, [1, 0], [], [[1, 100n]]),
			testUtxo(
				2,
				[2, 1],
				[[1, 0]],
				[
					[2, 10n],
					[3, 89n],
				],
			),
			testUtxo(
				3,
				[3, 1],
				[[2, 1]],
				[
					[4, 79n],
					[5, 9n],
				],
			),
			testUtxo(
				4,
				[4, 1],
				[[3, 0]],
				[
					[6, 8n],
					[7, 70n],
				],
			),
			testUtxo(5, [5, 1], [[4, 1]], [[8, 70n]]),
		];
		const source = memoryOutputs(chain);
		const middle = (await source.utxoTransaction(TEST_UTXO_CHAIN, (chain[2] as (typeof chain)[0]).txid)) as UtxoTransaction;
		const found = await findPeelChain(source, TEST_UTXO_CHAIN, middle);
		expect(found?.transactions.map((tx) => tx.height)).toEqual([2, 3, 4]);
		expect(found?.cut).toBe(false);
		expect((await findPeelChain(source, TEST_UTXO_CHAIN, middle, 1))?.cut).toBe(true);
	});
});

describe("Boltzmann: what is certain", () => {
	it("numbers are the transaction's own: data and coins worth nothing keep their places", async () => {
		const types = ["op_return", "p2wpkh", "p2wpkh", "p2wpkh", "p2wpkh"] as const;
		const tx = await spending([150_000n, 400_000n], [0n, 49_000n, 100_000n, 100_000n, 299_000n], { types });
		expect(boltzmann(tx)?.links.map((row) => row.map(Number))).toEqual([
			[0, 0],
			[3, 1],
			[2, 2],
			[2, 2],
			[1, 3],
		]);
		expect(certainLinks(tx)).toEqual({
			feesAtMost: 500n,
			links: [
				{ input: 0, output: 1 },
				{ input: 1, output: 4 },
			],
		});
	});
	it("a maker's fee: the one interpretation of a JoinMarket round makes nothing certain that fees do not allow", async () => {
		// Values of mainnet transaction 4f112abd...: the second input's owner received 107 satoshi for taking part.
		const tx = await spending([148_798n, 1_448_113n], [46_981n, 100_420n, 1_347_800n, 100_420n]);
		expect(boltzmann(tx)?.interpretations).toBe(1n);
		const certain = certainLinks(tx);
		expect(certain?.feesAtMost).toBe(502n);
		expect(certain?.links).toEqual([
			{ input: 0, output: 0 },
			{ input: 1, output: 2 },
		]);
	});
	it("where nothing can be told apart, nothing is certain", async () => {
		expect(certainLinks(await spending([10n, 20n], [15n, 15n]))?.links).toEqual([]);
		expect(certainLinks(await spending([10n, 20n], [14n, 16n]))).toBeUndefined();
	});
});

describe("Boltzmann: published counts of interpretations", () => {
	const five = (n: number) => times(n, 5n);
	it.each([
		[3n, [10n, 10n], [8n, 2n, 3n, 7n]],
		[5n, [10n, 10n], [8n, 2n, 2n, 8n]],
		[7n, [10n, 10n], [5n, 5n, 5n, 5n]],
		[28n, [10n, 10n, 2n], [8n, 2n, 2n, 8n, 2n]],
		[28n, five(3), [5n, 3n, 2n]],
		[3n, five(2), five(2)],
		[16n, five(3), five(3)],
		[131n, five(4), five(4)],
		[1_496n, five(5), five(5)],
		[22_482n, five(6), five(6)],
	])("%d: %s to %s", (count, inputs, outputs) => {
		const result = analyse(inputs, outputs);
		expect(result?.interpretations).toBe(count);
		expect(result?.entropy).toBeCloseTo(Math.log2(Number(count)), 10);
	});

	it("links: in a perfect mix of two every pair is two thirds likely; what must be linked is certain", () => {
		const mix = analyse(five(2), five(2));
		expect(mix?.links).toEqual([
			[2n, 2n],
			[2n, 2n],
		]);
		const certain = analyse([10n], [6n, 4n]);
		expect([certain?.interpretations, certain?.links]).toEqual([1n, [[1n], [1n]]]);
	});

	it("gives up at its bounds instead of hanging", () => {
		expect(analyse(five(9), five(9), 1_000)).toBeUndefined();
		expect(analyse(five(21), five(2))).toBeUndefined();
	});

	test.prop([
		fc.array(fc.bigInt({ min: 1n, max: 9n }), { minLength: 1, maxLength: 4 }),
		fc.array(fc.bigInt({ min: 1n, max: 9n }), { minLength: 1, maxLength: 4 }),
	])("equals counting every pairing one by one", (inputs, outputs) => {
		const fee = inputs.reduce((a, b) => a + b, 0n) - outputs.reduce((a, b) => a + b, 0n);
		fc.pre(fee >= 0n);
		expect(analyse(inputs, outputs)?.interpretations).toBe(BigInt(literalCount(inputs, outputs)));
	});
});

/** Every partition of the inputs, and every way to give each output to one group. */
function literalCount(inputs: readonly bigint[], outputs: readonly bigint[]): number {
	let count = 0;
	const groups: bigint[] = [];
	const place = (i: number): void => {
		if (i === inputs.length) {
			count += assign([...groups], 0);
			return;
		}
		const value = inputs[i] as bigint;
		for (let g = 0; g < groups.length; g++) {
			groups[g] = (groups[g] as bigint) + value;
			place(i + 1);
			groups[g] = (groups[g] as bigint) - value;
		}
		groups.push(value);
		place(i + 1);
		groups.pop();
	};
	const assign = (left: bigint[], o: number): number => {
		if (o === outputs.length) return 1;
		let ways = 0;
		for (let g = 0; g < left.length; g++) {
			const value = outputs[o] as bigint;
			if ((left[g] as bigint) < value) continue;
			left[g] = (left[g] as bigint) - value;
			ways += assign(left, o + 1);
			left[g] = (left[g] as bigint) + value;
		}
		return ways;
	};
	place(0);
	return count;
}
