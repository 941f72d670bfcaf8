import { comparePositions, type LedgerReader, type Rule, rulesOf, type TraceAmounts, type TraceEdge, type TraceResult } from "@clew/core";
import { TEST_CHAIN } from "@clew/core/testing";
import { buildResult } from "../result.js";
import { planSeeds } from "../seeds.js";
import { sweep } from "../sweep.js";
import { runTrace, type TraceRequest, type TraceRun } from "../trace.js";
import { type TracedEdge, tracedEdge } from "../traced-edge.js";
import type { Amounts, OracleAnswer } from "./account-oracle.test-util.js";
import { endOf } from "./labels.test-util.js";

export const ACCOUNT_RULES = rulesOf(TEST_CHAIN);

/** What the engine says of a question: of the rules alone, and with bounds where inflows are missing. */
export interface Traced {
	readonly placed: TraceResult;
	readonly bounded: TraceResult;
	readonly missing: boolean;
}

/** The engine's results. Throws InputError where a seed is refused. */
export async function traceAccounts(source: LedgerReader, request: TraceRequest): Promise<Traced> {
	const result = (run: TraceRun) => buildResult(run, source, { id: "c", title: "t", cutoff: 0, sources: [] });
	const { rules, seeds } = request;
	const edges: TracedEdge[] = [];
	const plan = await planSeeds(source, request.chain, request.seeds);
	const outcome = await sweep(source, plan, { ...request, onEdge: (edge) => void edges.push(tracedEdge(edge, rules, seeds.length)) });
	edges.sort((a, b) => comparePositions(a.transfer.position, b.transfer.position));
	return {
		placed: await result({ request, outcome, edges, stops: [], budgetBound: false }),
		bounded: await result(await runTrace(request, { source })),
		missing: outcome.missing,
	};
}

/** Amounts of one or several origins, as the oracle gives them. */
function read(seeds: number, tainted: TraceAmounts, byOrigin: readonly TraceAmounts[] | undefined): Amounts {
	return ACCOUNT_RULES.map((rule) => Array.from({ length: seeds }, (_, o) => Number((byOrigin?.[o] ?? tainted)[rule] ?? 0)));
}

/**
 * A result in the oracle's words. `counted`: without rows, end points and seeds that only bounds reach, and what poison says of the others.
 */
export function answerOf(full: TraceResult, counted = false): OracleAnswer {
	const result = counted ? withoutReach(full) : full;
	const n = result.seeds.length;
	const leaves = new Map<string, { amounts: Amounts; arrivals: string }>();
	for (const { account, stop, amounts, byOrigin, arrivals } of result.leaves)
		for (const [asset, tainted] of Object.entries(amounts))
			leaves.set(`${account} ${asset} ${endOf(stop)}`, {
				amounts: read(n, tainted, byOrigin?.[asset]),
				arrivals: `${arrivals.first} to ${arrivals.last}, ${arrivals.count}`,
			});
	const edges = new Map<string, Amounts>();
	for (const edge of result.edges) {
		const key = edge.into === undefined ? edge.position : `${edge.position} ${edge.from} pays`;
		if (edges.has(key)) throw new Error(`two rows on ${key}`);
		edges.set(key, read(n, edge.tainted, edge.byOrigin));
		if (edge.into) edges.set(`${edge.position} ${edge.from} gets`, read(n, edge.into.tainted, edge.into.byOrigin));
	}
	const marks = new Map<string, number[]>();
	for (const { origin, rows } of result.seeds)
		for (const { position, seeded } of rows) {
			if (marks.has(`${origin} ${position}`)) throw new Error(`two seed rows on ${position}`);
			marks.set(
				`${origin} ${position}`,
				ACCOUNT_RULES.map((rule) => Number(seeded[rule])),
			);
		}
	const sums = new Map<string, Amounts>();
	const audits = n > 1 ? (result.conservationByOrigin ?? []) : [result.conservation];
	for (const [o, audit] of audits.entries())
		for (const [rule, assets] of Object.entries(audit))
			for (const [asset, all] of Object.entries(assets ?? {}))
				for (const [what, amount] of Object.entries(all)) {
					const key = `${asset} ${what}`;
					const rows = sums.get(key) ?? ACCOUNT_RULES.map(() => new Array<number>(n).fill(0));
					((rows as number[][])[ACCOUNT_RULES.indexOf(rule as Rule)] as number[])[o] = Number(amount);
					sums.set(key, rows);
				}
	return { leaves, edges, marks, sums };
}

/**
 * What rules that conserve say: where inflows are missing poison goes wherever the upper bound goes, and arrivals of money that no rule
 * calls tainted count.
 */
function withoutReach(result: TraceResult): TraceResult {
	const zero = ({ poison: _, ...amounts }: TraceAmounts): TraceAmounts => ({ ...amounts, poison: "0" });
	const each = (byOrigin: readonly TraceAmounts[] | undefined) => (byOrigin === undefined ? {} : { byOrigin: byOrigin.map(zero) });
	const nothing = (amounts: TraceAmounts) => Object.values(zero(amounts)).every((amount) => amount === "0");
	const side = <T extends Pick<TraceEdge, "tainted" | "byOrigin">>(row: T): T => ({
		...row,
		tainted: zero(row.tainted),
		...each(row.byOrigin),
	});
	const edges = result.edges.map((edge) => ({ ...side(edge), ...(edge.into === undefined ? {} : { into: side(edge.into) }) }));
	const leaves = result.leaves.map((leaf) => ({
		...leaf,
		amounts: Object.fromEntries(Object.entries(leaf.amounts).map(([asset, tainted]) => [asset, zero(tainted)])),
		...(leaf.byOrigin === undefined
			? {}
			: { byOrigin: Object.fromEntries(Object.entries(leaf.byOrigin).map(([asset, list]) => [asset, list.map(zero)])) }),
		arrivals: { first: "", last: "", count: 0 },
	}));
	const seeds = result.seeds.map((seed) => ({
		...seed,
		rows: seed.rows.map((row) => ({ ...row, seeded: zero(row.seeded) })).filter((row) => !nothing(row.seeded)),
	}));
	return {
		...result,
		edges: edges.filter((edge) => !nothing(edge.tainted)),
		leaves: leaves.filter((leaf) => !Object.values(leaf.amounts).every(nothing)),
		seeds,
	};
}

/** In an order of its own, without what is nothing under every rule. */
function tidy(map: ReadonlyMap<string, unknown>): [string, unknown][] {
	return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function tidySums(sums: ReadonlyMap<string, Amounts>): [string, unknown][] {
	// Poison conserves nothing, so no table states its sums.
	const counted = [...sums].map(([key, rows]) => [key, rows.filter((_, r) => ACCOUNT_RULES[r] !== "poison")] as const);
	return tidy(new Map(counted.filter(([, rows]) => rows.flat().some((n) => n > 0))));
}

/** An answer with its parts in an order of their own. */
export function inOrder({ leaves, edges, marks, sums }: OracleAnswer) {
	return { leaves: tidy(leaves), edges: tidy(edges), marks: tidy(marks), sums: tidySums(sums) };
}
