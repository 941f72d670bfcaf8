import { isBackward } from "../backward/as-forward.js";
import type { Edge, Trace } from "../bundle/formats.js";
import type { Request } from "../packet/formats.js";
import type { Asked, End } from "./end-sentences.js";
import { heightOf } from "./positions.js";
import { parametersBy } from "./what-if.js";

type Leaf = Trace["leaves"][number];
type Brought = Pick<Edge, "position"> & { readonly account: string };

/** What a trace states of how it was run. */
export function askedOf(trace: Pick<Trace, "chain" | "parameters" | "coverage" | "direction">): Asked {
	const { chain, parameters, coverage } = trace;
	const cutoff = Number(coverage.cutoff ?? Number.POSITIVE_INFINITY);
	return { chain, parameters, cutoff, ...(isBackward(trace) ? { backward: true } : {}) };
}

/** What a request states of it: by the words of what narrowed it. */
export function askedBy({ chain, whatIf, cutoff }: Pick<Request, "chain" | "whatIf" | "cutoff">): Asked {
	return { chain, parameters: parametersBy(whatIf), cutoff: Number(cutoff) };
}

/** The end points of a trace with the heights at which rows, or what seeds marked, brought their money. O(edges + leaves). */
export function endsOf(trace: Pick<Trace, "edges" | "seeds" | "leaves" | "direction">): End[] {
	const { edges, seeds, leaves } = trace;
	const backward = isBackward(trace);
	const heights = heightsBy([
		...edges.flatMap(({ from, to, position }): Brought[] => [to, from].map((account) => ({ account, position }))),
		...seeds.flatMap(({ rows }) => rows),
	]);
	return leaves.map((leaf): End => {
		const all = heights.get(leaf.account) ?? [];
		const [first, last] = leaf.arrivals ? [heightOf(leaf.arrivals.first), heightOf(leaf.arrivals.last)] : [Math.min(...all), 0];
		return { ...pick(leaf), first, last: Math.max(first, last), came: cameOf(leaf, all, backward ? last : first) };
	});
}

/** The end points of a request: of these it names all rows, and not when the money of each came. */
export function endsIn({ points, leads, rows }: Pick<Request, "points" | "leads" | "rows">): End[] {
	const heights = new Map(rows.map(({ row, position }) => [row, heightOf(position)]));
	return [...points, ...leads].map(({ account, asset, labels, stop, rows: own }): End => {
		const first = own.reduce((least, row) => Math.min(least, heights.get(row) ?? least), Number.POSITIVE_INFINITY);
		return { account, asset, labels, stop, first, last: first };
	});
}

function pick({ account, labels, stop, amounts }: Leaf): Pick<End, "account" | "labels" | "stop" | "asset"> {
	return { account, labels, stop, asset: Object.keys(amounts)[0] ?? "" };
}

/** Sentences that were joined tell of several arrivals; one tells of the first. */
function cameOf({ arrivals, stop }: Leaf, all: readonly number[], first: number): ReadonlySet<number> {
	if (arrivals === undefined || /; (?:its|it was) /.test(stop.detail)) return new Set(all);
	return new Set([first]);
}

function heightsBy(brought: readonly Brought[]): ReadonlyMap<string, readonly number[]> {
	const heights = new Map<string, number[]>();
	for (const { account, position } of brought) {
		const own = heights.get(account) ?? [];
		own.push(heightOf(position));
		heights.set(account, own);
	}
	return heights;
}
