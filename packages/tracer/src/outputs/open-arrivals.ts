import { maxAmount, minAmount } from "@clew/core";
import { type Envelope, newFrame, totalsOf, withEnvelope } from "../bounds/envelope.js";
import { byOrigin } from "../rules/index.js";
import type { SweepEdge } from "../sweep-options.js";
import type { TraceRun } from "../trace.js";

/**
 * A run over outputs with bounds, where what came out of a passage was open where it went in. Here no ledger has a balance that could bound
 * it: nothing is agreed, and wherever any of it can have come (`poison`, where that was run) it may be all of it, up to the whole movement.
 */
export function withOpenArrivals(run: TraceRun): TraceRun {
	const { request, outcome, edges } = run;
	const { rules, seeds } = request;
	if (outcome.seedings.every(({ range }) => range === undefined)) return run;
	const frame = newFrame(
		rules,
		seeds.map(() => undefined),
	);
	const screen = rules.indexOf("poison");
	const marked = seeds.map((_, origin) =>
		outcome.seedings
			.filter((one) => one.origin === origin)
			.map(({ marked, range }) => marked.filter((_, rule) => rule !== screen).reduce(maxAmount, range?.[1] ?? 0n))
			.reduce((sum, most) => sum + most, 0n),
	);
	const least = new Array<bigint>(frame.slots).fill(0n);
	const within = (parcels: SweepEdge["parcels"], amount: bigint): Envelope => {
		const sums = parcels.map(byOrigin);
		const reached = (origin: number) => screen < 0 || (sums[screen]?.get(origin) ?? 0n) > 0n;
		const most = marked.map((all, origin) => (reached(origin) ? minAmount(amount, all) : 0n));
		const together = most.reduce((all, one) => all + one, 0n);
		return { least, most: frame.slots > 1 ? [...most, minAmount(amount, together)] : most };
	};
	const sum = marked.reduce((all, one) => all + one, 0n);
	const { most } = totalsOf(frame, { least, most: frame.slots > 1 ? [...marked, sum] : marked });
	return {
		...run,
		outcome: { ...outcome, frame, boundsOf: () => ({ least: 0n, most }) },
		edges: edges.map((edge) => ({ ...edge, parcels: withEnvelope(edge.parcels, within(edge.parcels, edge.transfer.amount)) })),
	};
}
