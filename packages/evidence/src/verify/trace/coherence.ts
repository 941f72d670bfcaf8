import { asForward } from "../backward/as-forward.js";
import type { Trace } from "../bundle/formats.js";
import type { Fail } from "../failure.js";
import { checkArrivals } from "./arrivals.js";
import { LabelEnds } from "./label-ends.js";
import { heightOf } from "./positions.js";
import { checkStops } from "./stops.js";
import { checkTracedMovements } from "./traced-movements.js";

type Leaf = Trace["leaves"][number];

/** Why money was not followed on, where that is a gap: without it, a report would call the data complete. */
const GAP_OF: Readonly<Record<string, string>> = {
	unfetched: "unfetched-account",
	"contract-unknown": "unfetched-account",
	budget: "block-data",
};
/** Label files say so in the detail of their source. */
const LABEL_FILE = /^labels: /;
const NATIVE = /\/slip44:/;

/**
 * What the parts of a trace must say of each other: rows name its sources, none lies behind the end of its data, open ends have their gaps,
 * end points stand in their order.
 */
export function checkCoherence(trace: Trace, fail: Fail): void {
	const { sources, gaps } = trace.coverage;
	checkStops(trace, fail);
	checkArrivals(trace, fail);
	new LabelEnds(trace).check(asForward(trace), fail);
	checkEnd(trace, fail);
	checkTracedMovements(trace, fail);
	const known = new Map(sources.map((source) => [source.id, source]));
	for (const [i, { source, provenance }] of trace.edges.entries()) {
		const where = `trace.json edge ${i + 1}`;
		const told = known.get(source);
		if (told === undefined) fail(where, `is by ${JSON.stringify(source)}, which is no source of the trace`);
		else if (LABEL_FILE.test(told.detail)) fail(where, `is by ${JSON.stringify(source)}, a list of labels, which tells of no movement`);
		else if (told.kind !== (provenance === "imported" ? "file" : "node"))
			fail(where, `is known by ${provenance}, and its source ${JSON.stringify(source)} is a ${told.kind}`);
	}
	const open = new Set(gaps.map(({ kind, account }) => (kind === "unfetched-account" ? `${kind} ${account}` : kind)));
	for (const [i, { account, stop }] of trace.leaves.entries()) {
		const kind = Object.hasOwn(GAP_OF, stop.reason) ? GAP_OF[stop.reason] : undefined;
		if (kind !== undefined && !open.has(kind === "unfetched-account" ? `${kind} ${account}` : kind))
			fail(`trace.json leaf ${i + 1}`, `ends as ${stop.reason}, and no gap says what is missing there`);
	}
	for (const [i, leaf] of trace.leaves.entries()) {
		const before = trace.leaves[i - 1];
		if (before !== undefined && order(before, leaf) > 0)
			fail(`trace.json leaf ${i + 1}`, "stands behind an end point that it comes before: the order is freeze first");
	}
}

/** No row and no marked arrival lies behind the last block of the data. */
function checkEnd({ edges, seeds, coverage: { cutoff } }: Trace, fail: Fail): void {
	if (cutoff === undefined) return;
	const behind = (position: string) => heightOf(position) > Number(cutoff);
	const say = (where: string, position: string) =>
		fail(where, `is in block ${position.split(".")[0]}, and the data ends at block ${cutoff}`);
	for (const [i, { position }] of edges.entries()) if (behind(position)) say(`trace.json edge ${i + 1}`, position);
	for (const [i, { rows }] of seeds.entries())
		for (const { position } of rows) if (behind(position)) say(`trace.json seed ${i + 1}`, position);
}

/** Per asset, the chain's own first: what all conserving rules agree on, the most, account and reason; details may be redacted. */
function order(a: Leaf, b: Leaf): number {
	const [x, y] = [assetOf(a), assetOf(b)];
	if (x !== y) return Number(NATIVE.test(y)) - Number(NATIVE.test(x)) || compare(x, y);
	return (
		compare(BigInt(b.range[0]), BigInt(a.range[0])) ||
		compare(BigInt(b.range[1]), BigInt(a.range[1])) ||
		compare(a.account, b.account) ||
		compare(a.stop.reason, b.stop.reason)
	);
}

function assetOf({ amounts }: Leaf): string {
	return Object.keys(amounts)[0] ?? "";
}

function compare<T extends string | bigint>(a: T, b: T): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
