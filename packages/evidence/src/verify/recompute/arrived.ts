import type { Trace } from "../bundle/formats.js";
import { ledgerOf } from "../chain-family/registry.js";
import { groupBy } from "../encoding/group-by.js";
import { comparePlaces, HELD, placeOf } from "./ledgers.js";
import type { Replayed } from "./replayed.js";

/** Reason of what is there at the end of what was read, where it is not known whether it is still. */
export const NOT_READ = "unfetched";

type Leaf = Trace["leaves"][number];
type Arrivals = NonNullable<Leaf["arrivals"]>;

/** The end points by account, asset and reason: dated labels, and what their words are, may make several of one. */
export function endsOf({ leaves }: Trace): ReadonlyMap<string, readonly Leaf[]> {
	return groupBy(leaves, ({ account, amounts, stop }) => `${account} ${Object.keys(amounts)[0] ?? ""} ${stop.reason}`);
}

/**
 * Each end point says which movements brought it money: the first, the last, and how many there are. Of several end points of one address,
 * asset and reason the numbers are added up. Unless the `whole` of the rules was played, those that were may find fewer.
 */
export function checkArrived(trace: Trace, found: Replayed, whole: boolean, differ: (what: string) => void): void {
	const ends = endsOf(trace);
	const positionsOf = ledgerOf(trace.chain) === "outputs" ? outputsAt(found) : broughtTo(found, ends);
	for (const [key, leaves] of ends) {
		const stated = leaves.flatMap(({ arrivals }) => (arrivals === undefined ? [] : [arrivals]));
		const positions = positionsOf(key, leaves);
		if (stated.length < leaves.length || (!whole && positions.size === 0)) continue;
		const [said, is] = [together(stated), spanOf(positions)];
		if (whole ? inWords(said) !== inWords(is) : !isWithin(is, said))
			differ(`end point ${key}: the rules give ${inWords(is)}, the trace says ${inWords(said)}`);
	}
}

/** Of an account chain: what stopped there, and what came to an account that holds some of it. */
function broughtTo({ stoppedAt, held, came }: Replayed, ends: ReadonlyMap<string, unknown>): (key: string) => Set<string> {
	const inEnd = new Map<string, ReadonlySet<string>>();
	for (const key of held.keys())
		inEnd.set(`${key} ${HELD.find((reason) => ends.has(`${key} ${reason}`)) ?? NOT_READ}`, came.get(key) ?? new Set());
	return (key) => new Set([...(stoppedAt.get(key) ?? []).map(({ position }) => position), ...(inEnd.get(key) ?? [])]);
}

/** Of a chain of outputs: where those outputs were made that lie at an end point. */
function outputsAt({ made, stoppedAt }: Replayed): (key: string, leaves: readonly Leaf[]) => Set<string> {
	return (key, leaves) =>
		new Set([
			...leaves.flatMap(({ outpoints = [] }) => outpoints.map(({ outpoint }) => made.get(outpoint) ?? "")),
			// What a coinbase made is no output.
			...(stoppedAt.get(key) ?? []).map(({ position }) => position),
		]);
}

function together(stated: readonly Arrivals[]): Arrivals {
	const { first, last } = spanOf(new Set(stated.flatMap((one) => [one.first, one.last])));
	return { first, last, count: stated.reduce((sum, { count }) => sum + count, 0) };
}

function spanOf(positions: ReadonlySet<string>): Arrivals {
	const sorted = [...positions].sort(inOrder);
	return { first: sorted[0] ?? "nowhere", last: sorted.at(-1) ?? "nowhere", count: positions.size };
}

function isWithin(small: Arrivals, large: Arrivals): boolean {
	return small.count <= large.count && inOrder(large.first, small.first) <= 0 && inOrder(small.last, large.last) <= 0;
}

function inOrder(a: string, b: string): number {
	return comparePlaces(placeOf(a), placeOf(b));
}

function inWords({ first, last, count }: Arrivals): string {
	return `${count} arrivals from ${first} to ${last}`;
}
