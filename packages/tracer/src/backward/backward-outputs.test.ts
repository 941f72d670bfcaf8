import { formatOutpoint, type UtxoRecord } from "@clew/core";
import { memoryOutputs, randomUtxoWorld, TEST_UTXO_CHAIN, testAddress, testUtxo } from "@clew/core/testing";
import { traceResultSchema } from "@clew/core/trace-schema";
import { describe, expect, it } from "vitest";
import { dice } from "../oracle/account-worlds.test-util.js";
import { literalTape } from "../outputs/tape.test-util.js";
import { buildResult } from "../result.js";
import { parseSeed } from "../seeds.js";
import { defaultRequest, runTrace, type TraceRequest } from "../trace.js";

const WORLDS = 60;
const AGED = ["fifo", "lifo"] as const;

async function back(records: readonly UtxoRecord[], specs: readonly string[], rest: Partial<TraceRequest> = {}) {
	const source = memoryOutputs(records);
	const seeds = specs.map((spec) => parseSeed(spec, TEST_UTXO_CHAIN, { direction: "backward" }));
	const run = await runTrace(
		{ ...defaultRequest(TEST_UTXO_CHAIN, seeds), throughCoinJoins: true, direction: "backward", ...rest },
		{ source },
	);
	return buildResult(run, source, { id: "c", title: "", cutoff: 99, sources: [] });
}

type Result = Awaited<ReturnType<typeof back>>;
const sumOf = ({ leaves }: Result, rule: string) =>
	leaves.reduce((sum, { amounts }) => sum + Number(Object.values(amounts)[0]?.[rule as "fifo"] ?? 0), 0);

const worldOf = (n: number) => {
	const d = dice(n * 31 + 5);
	return { d, ...randomUtxoWorld(Array.from({ length: 6 + d(18) }, () => d(1_000_000))) };
};

describe("where outputs came from, in random chains", () => {
	it("satoshi by satoshi, under fifo and lifo: from each coinbase what a literal tape says", async () => {
		for (let n = 0; n < WORLDS; n++) {
			const { transactions, d } = worldOf(n);
			const asked = transactions[d(transactions.length)] as UtxoRecord;
			const vout = d(asked.outputs.length);
			const value = Number(asked.outputs[vout]?.value ?? 0n);
			if (value === 0) continue;
			const spec = formatOutpoint({ txid: asked.txid, vout });
			const made = transactions.filter(({ coinbase }) => coinbase).flatMap(({ txid, outputs }) => outputs.map((_, i) => `${txid}:${i}`));
			const result = await back(transactions, [`outpoint:${spec}`]);
			traceResultSchema.parse(result);
			for (const rule of AGED) {
				const tape = literalTape(transactions, made, rule).get(spec) ?? [];
				for (const [origin, outpoint] of made.entries()) {
					const row = result.edges.find((edge) => edge.kind === "output" && edge.outpoint === outpoint);
					expect([n, rule, outpoint, Number(row?.tainted[rule] ?? 0)]).toEqual([
						n,
						rule,
						outpoint,
						tape.filter((o) => o === origin).length,
					]);
				}
			}
			for (const rule of result.rules.filter((one) => one !== "poison")) expect([n, rule, sumOf(result, rule)]).toEqual([n, rule, value]);
			expect(new Set(result.leaves.map(({ stop }) => stop.reason))).toEqual(new Set(["minted"]));
		}
	});

	it("forward from every coinbase comes back to it: the same satoshi under fifo and lifo", async () => {
		for (let n = 0; n < WORLDS / 3; n++) {
			const { transactions, d } = worldOf(n);
			const asked = transactions[d(transactions.length)] as UtxoRecord;
			const outpoint = formatOutpoint({ txid: asked.txid, vout: 0 });
			if ((asked.outputs[0]?.value ?? 0n) === 0n || asked.coinbase) continue;
			const result = await back(transactions, [`outpoint:${outpoint}`]);
			for (const { txid, coinbase } of transactions) {
				if (!coinbase) continue;
				const seed = parseSeed(`outpoint:${txid}:0`, TEST_UTXO_CHAIN);
				const { edges } = await runTrace(
					{ ...defaultRequest(TEST_UTXO_CHAIN, [seed]), throughCoinJoins: true },
					{ source: memoryOutputs(transactions) },
				);
				const arrived = edges.find(
					({ transfer: t }) => t.kind === "output" && t.outpoint !== undefined && formatOutpoint(t.outpoint) === outpoint,
				);
				const row = result.edges.find((edge) => edge.kind === "output" && edge.outpoint === `${txid}:0`);
				for (const rule of AGED) expect([n, rule, arrived?.amounts.tainted[rule] ?? "0"]).toEqual([n, rule, row?.tainted[rule] ?? "0"]);
			}
		}
	});

	it("two questions mark a satoshi once, and a balance is what was unspent at the block", async () => {
		const records = [
			testUtxo(1, [1, 0], [], [[1, 50n]]),
			testUtxo(
				2,
				[2, 0],
				[[1, 0]],
				[
					[2, 30n],
					[1, 18n],
				],
			),
			testUtxo(3, [3, 0], [[2, 0]], [[3, 30n]]),
		];
		const both = await back(records, [`outpoint:${records[2]?.txid}:0`, `outpoint:${records[1]?.txid}:0`]);
		expect(both.seeds.map(({ seeded }) => Object.values(seeded)[0]?.fifo ?? "0")).toEqual(["30", "0"]);
		const address = testAddress(1).split(":")[2];
		const held = await back(records, [`account:${address}@2`]);
		expect(held.seeds[0]?.rows.map(({ amount }) => amount)).toEqual(["18"]);
		expect((await back(records, [`account:${address}@1`])).seeds[0]?.rows.map(({ amount }) => amount)).toEqual(["50"]);
		await expect(back(records, [`account:${address}@99`])).rejects.toThrow(/is not known/);
		const cut = await back(records, [`outpoint:${records[2]?.txid}:0`], { until: 2 });
		expect(cut.leaves.map(({ stop }) => stop)).toEqual([{ reason: "time-window", detail: "made before block 2, the first that was read" }]);
	});

	it("ends where the transaction that made an output, or the value of an input, is not in the case", async () => {
		const spender = testUtxo(2, [2, 0], [[1, 0]], [[2, 30n]]);
		const unread = await back([spender], [`outpoint:${spender.txid}:0`]);
		expect(unread.leaves.map(({ stop }) => stop.detail)).toEqual([expect.stringContaining("whose value no source tells")]);
		const inputs = spender.inputs.map((input) => ({
			...input,
			previous: { value: 31n, account: testAddress(7), scriptType: "p2wpkh" as const },
		}));
		const told = await back([{ ...spender, inputs }], [`outpoint:${spender.txid}:0`]);
		expect(told.leaves.map(({ account, stop }) => [account, stop.detail])).toEqual([
			[testAddress(7), "the transaction that made it is not in the case"],
		]);
	});
});
