import { type ChainId, comparePositions, formatPosition, isUtxoChain, type Rule } from "@clew/core";
import { byOrigin } from "../rules/index.js";
import type { Arrival } from "../seeds.js";
import { runTrace, type TraceContext, type TraceRequest, type TraceRun } from "../trace.js";
import { findPassages, type Passage } from "./find-passages.js";

/** Passages one after the other that are followed; what goes further is said, not followed. */
export const MAX_ROUNDS = 16;

/**
 * Runs a trace and follows its money over bridges into other chains of the case, and through pools to whom they pay. One run a chain, the request's first:
 * taint that comes out is marked there under the same origins, and chains are swept again until nothing new comes out. Money only moves forward in time, so
 * each round settles at least one more passage of every way. Throws what {@link runTrace} throws.
 */
export async function traceAcross(request: TraceRequest, context: TraceContext): Promise<readonly TraceRun[]> {
	if (isUtxoChain(request.chain)) return [await runTrace(request, context)];
	const runs = new Map<ChainId, TraceRun & { readonly passages: readonly Passage[] }>();
	const settled = new Map<ChainId, string>();
	let arrivals = new Map<ChainId, Arrival[]>([[request.chain, []]]);
	for (let round = 0; ; round++) {
		const changed = [...arrivals].filter(([chain, list]) => settled.get(chain) !== textOf(list));
		if (changed.length === 0 || round > MAX_ROUNDS) {
			const cut = changed.map(([chain]) => chain);
			return [...runs.values()].map((run) => (cut.includes(run.request.chain) ? { ...run, passagesCut: true } : run));
		}
		for (const [chain, list] of changed) {
			const run = await runTrace(requestOn(request, chain, list), context);
			runs.set(chain, { ...run, passages: await findPassages(run, context.source) });
			settled.set(chain, textOf(list));
		}
		arrivals = arrivalsOf(
			[...runs.values()].flatMap(({ passages }) => passages),
			request,
			[...runs.keys()],
		);
	}
}

/** On another chain than the seeds' nothing is marked but what comes out there; heights of one chain say nothing on another. */
function requestOn(request: TraceRequest, chain: ChainId, arrivals: readonly Arrival[]): TraceRequest {
	if (chain === request.chain) return { ...request, arrivals };
	const { until: _, ...rest } = request;
	return { ...rest, chain, seeds: request.seeds.map(({ spec }) => ({ kind: "passage", spec: `passage:${spec}` })), arrivals };
}

/** What comes out, by chain; every chain that was run has a list, so that one which gets nothing more is noticed. */
function arrivalsOf(passages: readonly Passage[], { rules, seeds }: TraceRequest, chains: readonly ChainId[]): Map<ChainId, Arrival[]> {
	const lists = new Map<ChainId, Arrival[]>(chains.map((chain) => [chain, []]));
	for (const passage of passages) {
		const { got, into, key } = passage;
		if (got === undefined) continue;
		const sums = into.map(byOrigin);
		for (const origin of seeds.keys()) {
			const marks = rules.map((rule, i): [Rule, bigint] => [rule, sums[i]?.get(origin) ?? 0n]);
			if (marks.every(([, amount]) => amount === 0n)) continue;
			lists.set(got.chain, [...(lists.get(got.chain) ?? []), { origin, at: got.position, key, marks: new Map(marks) }]);
		}
	}
	for (const list of lists.values()) list.sort((a, b) => comparePositions(a.at, b.at) || a.origin - b.origin);
	return lists;
}

function textOf(arrivals: readonly Arrival[]): string {
	return arrivals.map(({ origin, at, key, marks }) => `${origin} ${formatPosition(at)} ${key} ${[...marks].join(" ")}`).join("\n");
}
