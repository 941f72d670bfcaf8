import {
	type AccountId,
	InputError,
	type Label,
	nativeAsset,
	type Rule,
	rulesOf,
	startOf,
	type TraceResult,
	type UtxoRecord,
} from "@clew/core";
import { memoryOutputs, TEST_UTXO_CHAIN, testAddress, testUtxo } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { buildResult } from "../result.js";
import { parseSeed, type Seed } from "../seeds.js";
import { DEFAULT_STOP_PARAMETERS } from "../stops.js";
import { defaultRequest, runTrace } from "../trace.js";
import type { Amounts } from "./account-oracle.test-util.js";
import { type Dice, dice } from "./account-worlds.test-util.js";
import { endOf, labelsByDice } from "./labels.test-util.js";
import { askOutputs, type OutputOracleSeed, type OutputQuestion } from "./output-oracle.test-util.js";

const RULES = rulesOf(TEST_UTXO_CHAIN);
const COIN = nativeAsset(TEST_UTXO_CHAIN);
const WORLDS = 2_000;
const ADDRESSES = 8;
/** A transaction that no world holds. */
const UNKNOWN = 999;

interface World {
	readonly question: Omit<OutputQuestion, "rules">;
	readonly specs: readonly { readonly spec: string; readonly account?: AccountId; readonly limit?: bigint; readonly since?: number }[];
	readonly coverage: readonly (readonly [number, number])[];
	readonly labels: readonly Label[];
}

function worldOf(number: number): World {
	const d = dice(number * 104_729 + 7);
	const transactions = chainOf(d);
	const last = Math.max(...transactions.map((tx) => tx.height));
	const hole = d(4) === 0 ? 1 + d(last) : undefined;
	const coverage: [number, number][] =
		hole === undefined
			? [[0, last]]
			: [
					[0, hole - 1],
					[hole + 1, last],
				];
	const end = Math.max(...coverage.filter(([from, to]) => from <= to).map(([, to]) => to));
	const account = testAddress(d(ADDRESSES));
	const { labels, said } = d(3) === 0 ? labelsByDice(d, account, last) : { labels: [], said: [] };
	const timeless = new Set<number>(d(3) === 0 ? [1 + d(last)] : []);
	const seeds = Array.from({ length: 1 + d(3) }, () => seedOf(d, transactions, last));
	return {
		question: {
			transactions,
			seeds: seeds.map(({ oracle }) => oracle),
			fee: d(2) === 0 ? "last" : "proportional",
			until: d(4) === 0 ? 1 + d(last) : 1000,
			dust: d(4) === 0 ? 2 + d(6) : 0,
			serviceTransfers: d(4) === 0 ? 2 + d(6) : 1000,
			labels: new Map([[account, said]]),
			timeless,
			fetchedFrom: (height) => coverage.some(([from, to]) => from <= height && height <= to && to === end),
		},
		specs: seeds.map(({ spec }) => spec),
		coverage: coverage.filter(([from, to]) => from <= to),
		labels,
	};
}

function chainOf(d: Dice): UtxoRecord[] {
	const made: UtxoRecord[] = [];
	const unspent: [number, number, number][] = [];
	const blocks = 3 + d(6);
	let n = 0;
	for (let height = 1; height <= blocks; height++) {
		for (let txIndex = 0, count = 1 + d(3); txIndex < count; txIndex++) {
			const spends: [number, number, number][] = [];
			if (txIndex > 0 || height > 3)
				for (let k = d(4); k > 0 && unspent.length > 0; k--) spends.push(...unspent.splice(d(unspent.length), 1));
			const coinbase = spends.length === 0;
			const foreign = !coinbase && d(12) === 0;
			let left = coinbase ? 10 + d(30) : spends.reduce((sum, [, , value]) => sum + value, foreign ? 10 : 0) - d(4);
			const pays: [number, bigint][] = [];
			const types: ("p2wpkh" | "op_return")[] = [];
			for (let k = 1 + d(4); k > 0 && left > 0; k--) {
				const value = k === 1 && d(2) === 0 ? left : d(left + 1);
				pays.push([d(ADDRESSES), BigInt(value)]);
				types.push(d(12) === 0 ? "op_return" : "p2wpkh");
				left -= value;
			}
			if (pays.length === 0) {
				unspent.push(...spends);
				continue;
			}
			n++;
			const inputs = [...spends.map(([tx, vout]) => [tx, vout] as const), ...(foreign ? [[UNKNOWN, n] as const] : [])];
			made.push(testUtxo(n, [height, txIndex], inputs, pays, { coinbase, types }));
			for (const [vout, [, value]] of pays.entries()) if (types[vout] !== "op_return" && value > 0n) unspent.push([n, vout, Number(value)]);
		}
	}
	return made;
}

function seedOf(d: Dice, transactions: readonly UtxoRecord[], last: number): { spec: World["specs"][number]; oracle: OutputOracleSeed } {
	const limit = d(3) === 0 ? 1 + d(20) : undefined;
	const spec = limit === undefined ? {} : { limit: BigInt(limit) };
	const oracle = limit === undefined ? {} : { limit };
	const tx = transactions[d(transactions.length)] as UtxoRecord;
	const kind = d(3);
	if (kind === 0) {
		const [account, since] = [testAddress(d(ADDRESSES)), d(last)];
		return { spec: { ...spec, spec: `account:${account}`, account, since }, oracle: { ...oracle, kind: "account", account, since } };
	}
	if (kind === 1) return { spec: { ...spec, spec: `tx:${tx.txid}` }, oracle: { ...oracle, kind: "tx", txid: tx.txid } };
	const outpoint = `${tx.txid}:${d(tx.outputs.length)}`;
	return { spec: { ...spec, spec: `outpoint:${outpoint}` }, oracle: { ...oracle, kind: "outpoint", outpoint } };
}

async function trace({ question, specs, coverage, labels }: World): Promise<TraceResult | undefined> {
	const common = { chain: TEST_UTXO_CHAIN, source: "s", note: "", kinds: ["native"] as const };
	const source = memoryOutputs(question.transactions, {
		coverage: coverage.map(([fromHeight, toHeight]) => ({ ...common, fromHeight, toHeight })),
		labels,
		timeless: question.timeless,
	});
	try {
		// Addresses of the test network have no checksum, so that an account is no text to parse.
		const seeds = specs.map(({ spec, account, limit, since = 0 }): Seed => {
			const limited = limit === undefined ? {} : { asset: COIN, limit };
			if (account !== undefined) return { spec, ...limited, kind: "account", account, since: startOf(since) };
			return parseSeed(spec, TEST_UTXO_CHAIN, limit === undefined ? {} : { amount: limit });
		});
		const request = {
			...defaultRequest(TEST_UTXO_CHAIN, seeds),
			throughCoinJoins: true,
			fee: question.fee,
			until: question.until,
			dust: new Map(question.dust === 0 ? [] : [[COIN, BigInt(question.dust)]]),
			stops: { ...DEFAULT_STOP_PARAMETERS, serviceTransfers: question.serviceTransfers },
		};
		return await buildResult(await runTrace(request, { source }), source, { id: "c", title: "t", cutoff: 0, sources: [] });
	} catch (error) {
		if (error instanceof InputError) return undefined;
		throw error;
	}
}

const sorted = (rows: Iterable<readonly [string, unknown]>) => [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
const withoutPoison = (amounts: Amounts) => amounts.filter((_, r) => RULES[r] !== "poison");

function told(result: TraceResult): unknown {
	const n = result.seeds.length;
	const read = (tainted: Partial<Record<Rule, string>>, byOrigin: readonly Partial<Record<Rule, string>>[] | undefined): Amounts =>
		RULES.map((rule) => Array.from({ length: n }, (_, o) => Number((byOrigin?.[o] ?? tainted)[rule] ?? 0)));
	const sums = new Map<string, number[][]>();
	for (const [o, audit] of (n > 1 ? (result.conservationByOrigin ?? []) : [result.conservation]).entries())
		for (const [rule, assets] of Object.entries(audit))
			for (const [what, amount] of Object.entries(assets?.[COIN] ?? {})) {
				const rows = sums.get(what) ?? RULES.map(() => new Array<number>(n).fill(0));
				(rows[RULES.indexOf(rule as Rule)] as number[])[o] = Number(amount);
				sums.set(what, rows);
			}
	return {
		leaves: sorted(
			result.leaves.map((l) => [
				`${l.account} ${endOf(l.stop)}`,
				[read(l.amounts[COIN] ?? {}, l.byOrigin?.[COIN]), `${l.arrivals.first} to ${l.arrivals.last}, ${l.arrivals.count}`],
			]),
		),
		edges: sorted(result.edges.map((e) => [e.position, read(e.tainted, e.byOrigin)])),
		marks: sorted(
			result.seeds.flatMap((s) => s.rows.map((r) => [`${s.origin} ${r.position}`, RULES.map((rule) => Number(r.seeded[rule]))] as const)),
		),
		sums: sorted(
			[...sums].map(([what, rows]) => [what, withoutPoison(rows)] as const).filter(([, rows]) => rows.flat().some((x) => x > 0)),
		),
	};
}

describe("the engine against an oracle written from the docs alone: outputs", () => {
	it(`says the same of ${WORLDS} chains: every end point, row, seed and sum, under every rule and two fee conventions`, {
		timeout: 600_000,
	}, async () => {
		let answered = 0;
		for (let number = 1; number <= WORLDS; number++) {
			const world = worldOf(number);
			const result = await trace(world);
			if (result === undefined) continue;
			answered++;
			const { leaves, edges, marks, sums } = askOutputs({ ...world.question, rules: RULES });
			expect(told(result), `chain ${number}: ${world.specs.map(({ spec }) => spec).join(" ")}`).toEqual({
				leaves: sorted([...leaves].map(([key, { amounts, arrivals }]) => [key, [amounts, arrivals]])),
				edges: sorted(edges),
				marks: sorted(marks),
				sums: sorted(
					[...sums].map(([what, rows]) => [what, withoutPoison(rows)] as const).filter(([, rows]) => rows.flat().some((x) => x > 0)),
				),
			});
		}
		expect(answered).toBeGreaterThan(WORLDS / 2);
	});
});
