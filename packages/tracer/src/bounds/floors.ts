import { type AccountId, type AssetId, formatPosition, maxAmount, minAmount, type Rule, rangeOfRows } from "@clew/core";
import { type LeafTally, leafKey } from "../books.js";
import type { SweepOutcome } from "../sweep-options.js";
import { conservingRange, type StatedAmounts, type TracedEdge, type TracedSide, widened } from "../traced-edge.js";

/**
 * The least that is tainted where money goes on through accounts that nobody read, over whatever these paid.
 *
 * Such an account's payments have an amount that is known: only how much of it is tainted is not. Every conserving rule gives no movement
 * and no end point less when more of what comes is tainted, so a sweep in which that money ends with those accounts, and nothing that they
 * pay is tainted, gives the least of all others; bounds that are carried from ledger to ledger are wider, since they no longer know that
 * rules disagree in one place because they disagree in another.
 */
export interface Floors {
	/** At an end point; undefined where this tells nothing of it. */
	readonly ofLeaf: (leaf: Pick<LeafTally, "account" | "asset" | "stop">) => bigint | undefined;
	readonly ofSide: (edge: TracedEdge, side: "pays" | "gets") => bigint;
}

/** Floors of a sweep whose money went `through` unread accounts (see {@link throughKey}), from one in which it `ended` there. */
export function floorsOf(
	ended: Pick<SweepOutcome, "leaves" | "boundsOf">,
	edges: readonly TracedEdge[],
	through: ReadonlySet<string>,
	rules: readonly Rule[],
): Floors {
	const leaves = new Map<string, bigint>();
	for (const leaf of ended.leaves) {
		const { least } = widened(conservingRange(leaf.tally, rules), ended.boundsOf?.(leaf));
		leaves.set(leafKey(leaf), least);
	}
	const sides = new Map<string, bigint>();
	for (const edge of edges) {
		sides.set(sideKey(edge, "pays"), leastOf(edge.amounts));
		if (edge.conversion !== undefined) sides.set(sideKey(edge, "gets"), leastOf(edge.conversion.amounts));
	}
	return {
		// What came to the unread accounts themselves may have gone on.
		ofLeaf: (leaf) => (through.has(throughKey(leaf.account, leaf.asset)) ? undefined : leaves.get(leafKey(leaf))),
		ofSide: (edge, side) => sides.get(sideKey(edge, side)) ?? 0n,
	};
}

/** How a ledger is named through which money goes on unread. */
export function throughKey(account: AccountId, asset: AssetId): string {
	return `${account} ${asset}`;
}

/** A movement whose bounds are no lower than its floor; what the rules themselves say stays within them. */
export function raised(edge: TracedEdge, floors: Floors): TracedEdge {
	const side = raisedSide(edge, floors.ofSide(edge, "pays"));
	const { conversion } = edge;
	if (conversion === undefined) return side;
	return { ...side, conversion: raisedSide(conversion, floors.ofSide(edge, "gets")) };
}

function raisedSide<T extends TracedSide>(side: T, floor: bigint): T {
	const { range, tainted } = side.amounts;
	if (range === undefined) return side;
	const least = raisedLeast(BigInt(range[0]), floor, leastOf({ tainted }));
	return least.toString() === range[0] ? side : { ...side, amounts: { ...side.amounts, range: [least.toString(), range[1]] } };
}

/** The least that any conserving rule moves, or a side's own bound of it; 0 where none was run. */
function leastOf(amounts: Pick<StatedAmounts, "tainted" | "range">): bigint {
	return rangeOfRows([amounts])?.least ?? 0n;
}

/** The least of a bound and a floor, below which no rule's own amount is. */
export function raisedLeast(least: bigint, floor: bigint | undefined, placed: bigint): bigint {
	return maxAmount(least, minAmount(floor ?? 0n, placed));
}

function sideKey({ transfer: { position, kind }, conversion }: TracedEdge, side: "pays" | "gets"): string {
	return `${formatPosition(position)} ${kind} ${conversion === undefined ? "" : conversion.account} ${side}`;
}
