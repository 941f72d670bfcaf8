import { InputError, type Rule, rulesOf, type TraceResult } from "@clew/core";
import { TEST_UTXO_CHAIN } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { buildResult } from "../result.js";
import { runTrace } from "../trace.js";
import type { Amounts } from "./account-oracle.test-util.js";
import { endOf } from "./labels.test-util.js";
import { askOutputs } from "./output-oracle.test-util.js";
import { askedOf, COIN, type OutputWorld, outputWorld } from "./output-worlds.test-util.js";

const RULES = rulesOf(TEST_UTXO_CHAIN);
const WORLDS = 2_000;

async function trace(world: OutputWorld): Promise<TraceResult | undefined> {
	try {
		const { source, request } = askedOf(world);
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
			const world = outputWorld(number);
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
