import { type ChainId, comparePositions, formatPosition, type Rule, rulesOf, SEEDED_ELSEWHERE } from "@clew/core";
import { MOST_PASSAGES, whatIfWords } from "../parameters.js";
import { byOrigin } from "../rules/index.js";
import type { Arrival } from "../seeds.js";
import { runTrace, type TraceContext, type TraceRequest, type TraceRun } from "../trace.js";
import { findPassages, type Passage } from "./find-passages.js";

/**
 * Rules that one kind of chain does not have: what crosses it comes back under the figure of another, `libr` as what it equals for one
 * claimant.
 */
const STAND_INS: readonly (readonly [rule: Rule, other: Rule])[] = [
	["libr", "dilo"],
	["tiho", "haircut"],
];

/**
 * Runs a trace and follows its money over bridges into other chains of the case, and through pools to whom they pay. One run a chain, the
 * request's first: taint that comes out is marked there under the same origins, and chains are swept again until nothing new comes out.
 * Money only moves forward in time, so each round settles at least one more passage of every way. Between accounts and outputs only rules
 * that both have go on. Throws what {@link runTrace} throws.
 */
export async function traceAcross(request: TraceRequest, context: TraceContext): Promise<readonly TraceRun[]> {
	const runs = new Map<ChainId, Passing>();
	const settled = new Map<ChainId, readonly string[]>();
	let arrivals = new Map<ChainId, Arrival[]>([[request.chain, []]]);
	for (let round = 0; ; round++) {
		const changed = [...arrivals].filter(([chain, list]) => settled.get(chain)?.join() !== list.map(textOf).join());
		if (changed.length === 0 || round > MOST_PASSAGES) return ended([...runs.values()], new Map(changed), settled);
		for (const [chain, list] of changed) {
			const run = await runTrace(requestOn(request, chain, list), context);
			runs.set(chain, { ...run, passages: await findPassages(run, context.source) });
			settled.set(chain, list.map(textOf));
		}
		arrivals = arrivalsOf([...runs.values()], request.seeds.length);
	}
}

/** A run with the passages that its money takes. */
type Passing = TraceRun & { readonly passages: readonly Passage[] };

/** The runs as they are told: what was not followed any more, and on other chains than the seeds' what makes all of it a what-if. */
function ended(
	runs: readonly Passing[],
	open: ReadonlyMap<ChainId, readonly Arrival[]>,
	settled: ReadonlyMap<ChainId, readonly string[]>,
): readonly TraceRun[] {
	const isUnfollowed = ({ got }: Passage) =>
		got !== undefined &&
		(open.get(got.chain) ?? []).some(
			(arrival) => comparePositions(arrival.at, got.position) === 0 && !settled.get(got.chain)?.includes(textOf(arrival)),
		);
	const whole = open.size === 0;
	const told = runs.map((run) => (whole ? run : { ...run, passagesCut: true, unfollowed: run.passages.filter(isUnfollowed) }));
	const [first, ...others] = told;
	if (first === undefined) return [];
	const elsewhere = whatIfWords(first)?.replaceAll("; ", " | ");
	return elsewhere === undefined ? told : [first, ...others.map((run) => ({ ...run, request: { ...run.request, elsewhere } }))];
}

/** On another chain than the seeds' nothing is marked but what comes out there; heights of one chain say nothing on another. */
function requestOn(request: TraceRequest, chain: ChainId, arrivals: readonly Arrival[]): TraceRequest {
	if (chain === request.chain) return { ...request, arrivals };
	const { until: _, ...rest } = request;
	const rules = request.rules.filter((rule) => rulesOf(chain).includes(rule));
	const rankBy = rules.includes(request.rankBy) ? request.rankBy : (rules[0] ?? request.rankBy);
	const seeds = request.seeds.map(({ spec }) => ({ kind: "passage" as const, spec: `${SEEDED_ELSEWHERE}${spec}` }));
	return { ...rest, chain, rules, rankBy, seeds, arrivals };
}

/** What comes out, by chain; every chain that was run has a list, so that one which gets nothing more is noticed. */
function arrivalsOf(runs: readonly Passing[], origins: number): Map<ChainId, Arrival[]> {
	const lists = new Map<ChainId, Arrival[]>(runs.map(({ request }) => [request.chain, []]));
	for (const { request, passages } of runs) {
		for (const { got, into, key } of passages) {
			if (got === undefined) continue;
			const sums = into.map(byOrigin);
			for (let origin = 0; origin < origins; origin++) {
				const marks = new Map(request.rules.map((rule, i): [Rule, bigint] => [rule, sums[i]?.get(origin) ?? 0n]));
				const { least, most } = into.envelope ?? {};
				const range = least && most ? ([least[origin] ?? 0n, most[origin] ?? 0n] as const) : undefined;
				if ([...marks.values()].every((amount) => amount === 0n) && (range?.[1] ?? 0n) === 0n) continue;
				for (const [rule, other] of STAND_INS) if (!marks.has(rule)) marks.set(rule, marks.get(other) ?? 0n);
				lists.set(got.chain, [...(lists.get(got.chain) ?? []), { origin, at: got.position, key, marks, ...(range ? { range } : {}) }]);
			}
		}
	}
	for (const list of lists.values()) list.sort((a, b) => comparePositions(a.at, b.at) || a.origin - b.origin);
	return lists;
}

function textOf({ origin, at, key, marks, range }: Arrival): string {
	return `${origin} ${formatPosition(at)} ${key} ${[...marks].join(" ")} ${range ?? ""}`;
}
