import { maxAmount, minAmount, type Rule } from "@clew/core";
import { type Envelope, newFrame, totalsOf, UNLIMITED, withEnvelope } from "../bounds/envelope.js";
import type { Parcels } from "../ledger.js";
import { byOrigin } from "../rules/index.js";
import type { Arrival, Seed } from "../seeds.js";
import type { SweepOptions, SweepOutcome } from "../sweep-options.js";

/**
 * A sweep over outputs with bounds, where what came out of a passage was open where it went in. Here no ledger has a balance that could
 * bound it: nothing is agreed, and wherever any of it can have come (`poison`, where that was run) it may be all of it, up to the whole
 * movement.
 */
export async function withOpenArrivals(
	seeds: readonly Seed[],
	arrivals: readonly Arrival[],
	options: SweepOptions,
	sweep: (options: SweepOptions) => Promise<SweepOutcome>,
): Promise<SweepOutcome> {
	if (arrivals.every(({ range }) => range === undefined)) return sweep(options);
	const { rules, onEdge } = options;
	const frame = newFrame(
		rules,
		seeds.map(() => undefined),
	);
	const screen = rules.indexOf("poison");
	const marked = seeds.map(({ kind }, origin) => (kind === "passage" ? mostOf(arrivals, origin) : UNLIMITED));
	const least = new Array<bigint>(frame.slots).fill(0n);
	const within = (parcels: Parcels, amount: bigint): Envelope => {
		const sums = parcels.map(byOrigin);
		const reached = (origin: number) => screen < 0 || (sums[screen]?.get(origin) ?? 0n) > 0n;
		const most = marked.map((all, origin) => (reached(origin) ? minAmount(amount, all) : 0n));
		return { least, most: withSum(most, amount, frame.slots) };
	};
	const outcome = await sweep({
		...options,
		...(onEdge && {
			onEdge: (edge) => onEdge({ ...edge, parcels: withEnvelope(edge.parcels, within(edge.parcels, edge.transfer.amount)) }),
		}),
	});
	const { most } = totalsOf({ rules, origins: seeds.length }, { least, most: withSum(marked, UNLIMITED, frame.slots) });
	return { ...outcome, frame, boundsOf: () => ({ least: 0n, most }) };
}

/** The most that came out of passages for a seed, under any rule that conserves. */
function mostOf(arrivals: readonly Arrival[], of: number): bigint {
	return arrivals
		.filter(({ origin }) => origin === of)
		.map(({ marks, range }) =>
			[...marks].reduce((most, [rule, amount]) => (isScreen(rule) ? most : maxAmount(most, amount)), range?.[1] ?? 0n),
		)
		.reduce((sum, most) => sum + most, 0n);
}

function isScreen(rule: Rule): boolean {
	return rule === "poison";
}

/** By slot: each seed's, and where there are several their sum, no more than moved. */
function withSum(most: readonly bigint[], amount: bigint, slots: number): readonly bigint[] {
	const sum = most.reduce((all, one) => all + one, 0n);
	return slots > 1 ? [...most, minAmount(amount, sum)] : most;
}
