import { type AccountId, type Label, nativeAsset, type TraceResult } from "@clew/core";
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
import { findPaths } from "./paths.js";
import { buildResult } from "./result.js";
import { parseSeed } from "./seeds.js";
import { defaultRequest, runTrace } from "./trace.js";

const CASE = { id: "c", title: "t", cutoff: 0, sources: [] };
/** Made-up blocks are 12 seconds apart: block 10 is of 120 s. */
const timeOf = (height: number) => new Date(height * 12_000).toISOString().replace(".000Z", "Z");
const label = (account: AccountId, entity: string, rest: Partial<Label> = {}): Label => ({
	account,
	category: "exchange",
	entity,
	name: "hot",
	source: "s",
	retrievedAt: "",
	confidence: 50,
	...rest,
});
const until = (height: number) => ({ validUntil: timeOf(height) });
const since = (height: number) => ({ validFrom: timeOf(height) });

interface World {
	readonly labels: (service: AccountId) => readonly Label[];
	/** Heights at which 10 units come to the address that the labels are about; it pays all on at 90. */
	readonly arrivals: readonly number[];
	readonly timeless?: readonly number[];
}

async function onAccounts({ labels, arrivals, timeless = [] }: World): Promise<TraceResult> {
	const transfers = [
		testTransfer([1], 0, 1, BigInt(10 * arrivals.length)),
		...arrivals.map((height) => testTransfer([height], 1, 2, 10n)),
		testTransfer([90], 2, 3, BigInt(10 * arrivals.length)),
	];
	const source = memoryLedger(transfers, { labels: labels(testAccount(2)), timeless: new Set(timeless) });
	const seeds = [parseSeed(`account:${testAccount(1).split(":")[2]}`, TEST_CHAIN)];
	return buildResult(await runTrace(defaultRequest(TEST_CHAIN, seeds), { source }), source, CASE);
}

async function onOutputs({ labels, arrivals, timeless = [] }: World): Promise<TraceResult> {
	const transactions = arrivals.flatMap((height, i) => [
		testUtxo(10 * i + 1, [1, i], [], [[1, 10n]], { coinbase: true }),
		testUtxo(10 * i + 2, [height, 0], [[10 * i + 1, 0]], [[2, 10n]]),
		testUtxo(10 * i + 3, [90, i], [[10 * i + 2, 0]], [[3, 10n]]),
	]);
	const source = memoryOutputs(transactions, { labels: labels(testAddress(2)), timeless: new Set(timeless) });
	const seeds = arrivals.map((_, i) => parseSeed(`outpoint:${testTxid(10 * i + 1)}:0`, TEST_UTXO_CHAIN));
	return buildResult(await runTrace(defaultRequest(TEST_UTXO_CHAIN, seeds), { source }), source, CASE);
}

describe.each([
	["accounts", onAccounts, nativeAsset(TEST_CHAIN)],
	["Bitcoin", onOutputs, nativeAsset(TEST_UTXO_CHAIN)],
] as const)("a label with dates, on %s", (_, trace, asset) => {
	const ends = (result: TraceResult) =>
		result.leaves.map((leaf) => `${leaf.amounts[asset]?.fifo} ${leaf.stop.reason}: ${leaf.stop.detail}`).sort();
	const said = (result: TraceResult) => result.coverage.gaps.filter(({ kind }) => kind === "label-validity");

	it("stops money that comes while it holds, as one without dates", async () => {
		const dated = await trace({ labels: (a) => [label(a, "E", { ...since(10), ...until(30) })], arrivals: [20] });
		expect(ends(dated)).toEqual(["10 service: labelled E (exchange, confidence 50)"]);
		expect(said(dated)).toEqual([]);
	});

	it("does not stop money that comes when it has ended, and says that it stood there", async () => {
		const result = await trace({ labels: (a) => [label(a, "E", { ...since(10), ...until(20) })], arrivals: [20] });
		expect(result.leaves.map(({ stop }) => stop.reason)).toEqual(["unspent"]);
		expect(said(result)).toEqual([
			{
				kind: "label-validity",
				account: expect.stringMatching(/./),
				fromHeight: "20",
				toHeight: "20",
				text: `a label of E (exchange, confidence 50; listed since ${timeOf(10)}, until ${timeOf(20)}) stood here, and did not hold any more when money came at these heights: that label did not stop it`,
			},
		]);
	});

	it("stops money that came before its source said so, and says that too", async () => {
		const result = await trace({ labels: (a) => [label(a, "E", since(21))], arrivals: [20] });
		expect(ends(result)).toEqual([`10 service: labelled E (exchange, confidence 50); listed since ${timeOf(21)}, after the money came`]);
	});

	it("keeps apart what came before, during and after", async () => {
		const result = await trace({ labels: (a) => [label(a, "E", { ...since(20), ...until(40) })], arrivals: [10, 30, 50] });
		expect(result.leaves.map(({ stop, amounts, arrivals }) => [stop.reason, amounts[asset]?.fifo, arrivals.count]).sort()).toEqual([
			["service", "10", 1],
			["service", "10", 1],
			["unspent", "10", 1],
		]);
		expect(said(result).map(({ fromHeight, toHeight }) => [fromHeight, toHeight])).toEqual([["50", "50"]]);
	});

	it("gives money to whom the address belonged when it came", async () => {
		const result = await trace({ labels: (a) => [label(a, "Old", until(20)), label(a, "New", since(20))], arrivals: [10, 30] });
		expect(ends(result)).toEqual([
			"10 service: labelled New (exchange, confidence 50)",
			"10 service: labelled Old (exchange, confidence 50)",
		]);
	});

	it("stops money of which nobody knows when it came, and says that nobody can tell", async () => {
		const result = await trace({ labels: (a) => [label(a, "E", until(20))], arrivals: [20], timeless: [20] });
		const detail = `labelled E (exchange, confidence 50); until ${timeOf(20)}: whether it held when the money came is unknown`;
		expect(ends(result)).toEqual([`10 service: ${detail}`]);
		expect(said(result)).toMatchObject([{ text: detail }]);
	});

	it("asks for no time where a label without dates stops the money", async () => {
		const result = await trace({ labels: (a) => [label(a, "E")], arrivals: [20], timeless: [20] });
		expect(ends(result)).toEqual(["10 service: labelled E (exchange, confidence 50)"]);
	});
});

it("paths go on past an address whose label had ended", async () => {
	const transfers = [testTransfer([20], 1, 2, 10n), testTransfer([30], 2, 3, 10n)];
	const pathsWith = (rest: Partial<Label>) =>
		findPaths(memoryLedger(transfers, { labels: [label(testAccount(2), "E", rest)] }), {
			from: testAccount(1),
			to: testAccount(3),
			maxPaths: 5,
			maxHops: 5,
			maxTransfers: 100,
		});
	expect((await pathsWith(until(20))).paths).toHaveLength(1);
	expect((await pathsWith(until(21))).paths).toEqual([]);
});
