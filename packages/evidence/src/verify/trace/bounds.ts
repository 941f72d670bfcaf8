import { isBackward } from "../backward/as-forward.js";
import type { Amounts, Trace } from "../bundle/formats.js";
import type { Fail } from "../failure.js";
import { POISON } from "./rules.js";

/** Gaps that leave the way of tainted money open: agreed and ranges reckon with every way. */
export const OPENING = new Set(["missing-inflow", "unread-outflow", "unread-inflow", "order-unknown", "open-passage"]);

export type Range = readonly [least: bigint, most: bigint];

/**
 * Agreed and range of every end point. Where no inflow is missing and no outflow unread they are the least and most of the conserving
 * rules, no more and no less. Where a gap says that one is, they may be wider, but no end point holds more than the rows bring it at
 * most.
 */
export function checkBounds(trace: Trace, fail: Fail): void {
	const open = trace.coverage.gaps.some(({ kind }) => OPENING.has(kind));
	const brought = new Map<string, bigint>();
	const bring = (account: string, asset: string, [, most]: Range) =>
		brought.set(`${account} ${asset}`, (brought.get(`${account} ${asset}`) ?? 0n) + most);
	for (const edge of trace.edges) {
		const where = `trace.json edge ${edge.row}`;
		for (const side of edge.into === undefined ? [edge] : [edge, edge.into]) {
			const range = rangeOf(side);
			// Bounds that say what the rules say are none of their own: nothing is open there.
			if (!open && range.join() !== rulesRange(side.tainted).join())
				fail(where, "has a range of its own, and no gap says that an inflow is missing, an outflow unread or an order unknown");
			if (!contains(range, rulesRange(side.tainted))) fail(where, "its range leaves out what a rule says");
			if (range[1] > BigInt(side.amount)) fail(where, `its range goes to ${range[1]} of ${side.amount}`);
		}
		if (edge.kind !== "fee") bring(edge.to, edge.into?.asset ?? edge.asset, rangeOf(edge.into ?? edge));
	}
	// What is asked about had come to where it lies.
	if (isBackward(trace))
		for (const { account, asset, seeded } of trace.seeds.flatMap(({ rows }) => rows))
			bring(account, asset, [0n, Object.values(seeded).reduce((most, n) => (BigInt(n) > most ? BigInt(n) : most), 0n)]);
	// What came over a passage may be open by the other side's gaps.
	const openRows = trace.seeds.some(({ rows }) =>
		rows.some(({ seeded, range, passage }) => passage !== undefined && range !== undefined && range.join() !== rulesRange(seeded).join()),
	);
	if (!openRows && trace.coverage.gaps.some(({ kind }) => kind === "open-passage"))
		fail("trace.json", "says that what came out of a passage is open, and marks nothing that is");
	for (const [i, { rows }] of trace.seeds.entries())
		for (const { seeded: tainted, amount, ...row } of rows) {
			const range = rangeOf({ tainted, ...row });
			const where = `trace.json seed ${i + 1}`;
			if (!contains(range, rulesRange(tainted))) fail(where, "its range leaves out what a rule marks");
			if (range[1] > BigInt(amount)) fail(where, `its range goes to ${range[1]} of ${amount}`);
		}
	for (const [i, leaf] of trace.leaves.entries()) {
		const where = `trace.json leaf ${i + 1}`;
		const [asset, ...more] = Object.entries(leaf.amounts);
		if (asset === undefined || more.length > 0) fail(where, "must name one asset");
		const [least, most] = rulesRange(asset?.[1] ?? {});
		const stated: Range = [BigInt(leaf.range[0]), BigInt(leaf.range[1])];
		if (leaf.agreed !== leaf.range[0]) fail(where, `agreed is ${leaf.range[0]}, not ${leaf.agreed}`);
		if (!open && (stated[0] !== least || stated[1] !== most)) fail(where, `agreed is ${least}, range is ${least} to ${most}`);
		if (!contains(stated, [least, most])) fail(where, `its range leaves out ${least} to ${most}, which the rules say`);
		const left = brought.get(`${leaf.account} ${asset?.[0]}`) ?? 0n;
		if (stated[1] > left) fail(where, `holds up to ${stated[1]}, and no more than ${left} came`);
	}
}

/** Least and most of a row: as its range states them, else by its rules. */
export function rangeOf({ tainted, range }: { readonly tainted: Amounts; readonly range?: readonly [string, string] }): Range {
	return range === undefined ? rulesRange(tainted) : [BigInt(range[0]), BigInt(range[1])];
}

/** Least and most of the conserving rules. */
export function rulesRange(amounts: Amounts): Range {
	const all = Object.entries(amounts)
		.filter(([rule]) => rule !== POISON)
		.map(([, x]) => BigInt(x));
	return [all.length === 0 ? 0n : all.reduce((a, b) => (a < b ? a : b)), all.reduce((a, b) => (a > b ? a : b), 0n)];
}

/** Least of what some end points hold together of one asset: rule by rule where they are exact, and what the ranges of others say. */
export function leastOf(
	points: readonly { readonly amounts: Amounts; readonly range: readonly [string, string]; readonly open?: true }[],
): bigint {
	const sums: Record<string, bigint> = {};
	let bounded = 0n;
	for (const { amounts, range, open } of points) {
		if (open || rulesRange(amounts).join() !== range.join()) bounded += BigInt(range[0]);
		else for (const [rule, amount] of Object.entries(amounts)) sums[rule] = (sums[rule] ?? 0n) + BigInt(amount);
	}
	const [least] = rulesRange(Object.fromEntries(Object.entries(sums).map(([rule, sum]) => [rule, sum.toString()])));
	return bounded + least;
}

function contains(outer: Range, inner: Range): boolean {
	return outer[0] <= inner[0] && inner[1] <= outer[1];
}
