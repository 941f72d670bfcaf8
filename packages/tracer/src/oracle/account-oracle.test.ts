import { InputError, type Rule, rulesOf, type TraceAmounts, type TraceResult } from "@clew/core";
import { memoryLedger, TEST_CHAIN } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { buildResult } from "../result.js";
import { parseSeed } from "../seeds.js";
import { DEFAULT_STOP_PARAMETERS } from "../stops.js";
import { defaultRequest, runTrace } from "../trace.js";
import { type Amounts, askAccounts, type OracleAnswer } from "./account-oracle.test-util.js";
import { type AccountWorld, accountWorld } from "./account-worlds.test-util.js";

const RULES = rulesOf(TEST_CHAIN);
const WORLDS = 3_000;

/** The engine's result of a world; undefined where a seed is refused. */
async function trace({ question, options, specs, dust }: AccountWorld): Promise<TraceResult | undefined> {
	const source = memoryLedger(question.transfers, options);
	const seeds = specs.map(({ spec, asset, limit, since }) =>
		parseSeed(spec, TEST_CHAIN, {
			...(asset ? { asset } : {}),
			...(limit === undefined ? {} : { amount: limit }),
			...(since === undefined ? {} : { since }),
		}),
	);
	const request = {
		...defaultRequest(TEST_CHAIN, seeds),
		dust,
		conversions: question.conversions,
		until: question.until,
		stops: { ...DEFAULT_STOP_PARAMETERS, serviceTransfers: question.serviceTransfers },
	};
	try {
		const run = await runTrace(request, { source });
		return await buildResult(run, source, { id: "c", title: "t", cutoff: 0, sources: [] });
	} catch (error) {
		if (error instanceof InputError) return undefined;
		throw error;
	}
}

/** Amounts of one or several origins, as the oracle gives them. */
function read(seeds: number, tainted: TraceAmounts, byOrigin: readonly TraceAmounts[] | undefined): Amounts {
	return RULES.map((rule) => Array.from({ length: seeds }, (_, o) => Number((byOrigin?.[o] ?? tainted)[rule] ?? 0)));
}

function answerOf(result: TraceResult): OracleAnswer {
	const n = result.seeds.length;
	const leaves = new Map<string, { amounts: Amounts; arrivals: string }>();
	for (const { account, stop, amounts, byOrigin, arrivals } of result.leaves)
		for (const [asset, tainted] of Object.entries(amounts))
			leaves.set(`${account} ${asset} ${stop.reason}`, {
				amounts: read(n, tainted, byOrigin?.[asset]),
				arrivals: `${arrivals.first} to ${arrivals.last}, ${arrivals.count}`,
			});
	const edges = new Map<string, Amounts>();
	for (const edge of result.edges) {
		const key = edge.into === undefined ? edge.position : `${edge.position} ${edge.from} pays`;
		expect(edges.has(key), `two rows on ${key}`).toBe(false);
		edges.set(key, read(n, edge.tainted, edge.byOrigin));
		if (edge.into) edges.set(`${edge.position} ${edge.from} gets`, read(n, edge.into.tainted, edge.into.byOrigin));
	}
	const marks = new Map<string, number[]>();
	for (const { origin, rows } of result.seeds)
		for (const { position, seeded } of rows) {
			expect(marks.has(`${origin} ${position}`), `two seed rows on ${position}`).toBe(false);
			marks.set(
				`${origin} ${position}`,
				RULES.map((rule) => Number(seeded[rule])),
			);
		}
	const sums = new Map<string, Amounts>();
	const audits = n > 1 ? (result.conservationByOrigin ?? []) : [result.conservation];
	for (const [o, audit] of audits.entries())
		for (const [rule, assets] of Object.entries(audit))
			for (const [asset, all] of Object.entries(assets ?? {}))
				for (const [what, amount] of Object.entries(all)) {
					const key = `${asset} ${what}`;
					const rows = sums.get(key) ?? RULES.map(() => new Array<number>(n).fill(0));
					((rows as number[][])[RULES.indexOf(rule as Rule)] as number[])[o] = Number(amount);
					sums.set(key, rows);
				}
	return { leaves, edges, marks, sums };
}

/** In an order of its own, without what is nothing under every rule. */
function tidy(map: ReadonlyMap<string, unknown>): [string, unknown][] {
	return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function tidySums(sums: ReadonlyMap<string, Amounts>): [string, unknown][] {
	// Poison conserves nothing, so no table states its sums.
	const counted = [...sums].map(([key, rows]) => [key, rows.filter((_, r) => RULES[r] !== "poison")] as const);
	return tidy(new Map(counted.filter(([, rows]) => rows.flat().some((n) => n > 0))));
}

describe("the engine against an oracle written from the docs alone: accounts", () => {
	it(`says the same of ${WORLDS} worlds: every end point, row, seed and sum, under every rule`, { timeout: 600_000 }, async () => {
		let answered = 0;
		for (let number = 1; number <= WORLDS; number++) {
			const world = accountWorld(number);
			const result = await trace(world);
			if (result === undefined) continue;
			answered++;
			const [found, wanted] = [answerOf(result), askAccounts({ ...world.question, rules: RULES })];
			const all = ({ leaves, edges, marks, sums }: OracleAnswer) => ({
				leaves: tidy(leaves),
				edges: tidy(edges),
				marks: tidy(marks),
				sums: tidySums(sums),
			});
			expect(all(found), `world ${number}: ${world.specs.map(({ spec }) => spec).join(" ")}`).toEqual(all(wanted));
		}
		// Few seeds are refused, and most worlds have taint in them.
		expect(answered).toBeGreaterThan(WORLDS / 2);
	});
});
