import { type Rule, rulesOf, type UtxoTransaction } from "@clew/core";
import { memoryOutputs, TEST_UTXO_CHAIN, testAddress, testTxid, testUtxo } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { buildResult } from "../result.js";
import { defaultRequest, runTrace } from "../trace.js";
import { DerivedTransfers } from "./derived-transfers.js";

describe("what came to outputs out of an open passage", () => {
	const RULES = rulesOf(TEST_UTXO_CHAIN);
	// A vault pays 100; a clean 50 is spent with it: 90 and 60 go on.
	const world = memoryOutputs([
		testUtxo(
			1,
			[10, 0],
			[],
			[
				[1, 100n],
				[2, 50n],
			],
		),
		testUtxo(
			2,
			[11, 0],
			[
				[1, 0],
				[1, 1],
			],
			[
				[3, 90n],
				[4, 60n],
			],
		),
	]);
	const vaultPaid = async () => {
		const tx = await world.utxoTransaction(TEST_UTXO_CHAIN, testTxid(1));
		return new DerivedTransfers(TEST_UTXO_CHAIN).output(tx as UtxoTransaction, 0);
	};
	const request = async (range?: readonly [bigint, bigint]) => ({
		...defaultRequest(TEST_UTXO_CHAIN, [{ kind: "passage" as const, spec: "passage:tx:0x1" }]),
		arrivals: [
			{
				origin: 0,
				at: (await vaultPaid()).position,
				key: "thorchain:1",
				marks: new Map(RULES.map((rule): [Rule, bigint] => [rule, rule === "poison" ? 100n : 40n])),
				...(range ? { range } : {}),
			},
		],
	});
	const traced = async (range?: readonly [bigint, bigint]) => {
		const run = await runTrace(await request(range), { source: world });
		return buildResult(run, world, { id: "c", title: "t", cutoff: 11, sources: [] });
	};

	it("is agreed of nobody, and may all be wherever it can have come", async () => {
		const { leaves, edges, coverage } = await traced([0n, 70n]);
		expect(new Map(leaves.map(({ account, agreed, range }) => [account, [agreed, ...range]]))).toEqual(
			new Map([
				[testAddress(3), ["0", "0", "70"]],
				[testAddress(4), ["0", "0", "60"]],
			]),
		);
		expect(edges.every(({ range }) => range !== undefined && range[0] === "0")).toBe(true);
		expect(coverage.gaps).toContainEqual(expect.objectContaining({ kind: "open-passage", uncertain: "70" }));
	});

	it("is exact where it was exact where it went in", async () => {
		const { leaves, edges, coverage } = await traced();
		expect(edges.every(({ range }) => range === undefined)).toBe(true);
		expect(leaves.reduce((sum, { amounts }) => sum + Number(Object.values(amounts)[0]?.haircut), 0)).toBe(40);
		expect(coverage.gaps.filter(({ kind }) => kind === "open-passage")).toEqual([]);
	});
});
