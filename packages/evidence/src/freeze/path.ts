import { rangeOfRows } from "@clew/core";
import type { RequestDocument, RequestExchange } from "./request-document.js";
import type { WayRow } from "./way.js";

/** One step of the whole way, as papers tell it. An exchange has two, which carry no figure that is agreed. */
export interface PathStep extends Omit<WayRow, "tainted"> {
	readonly step: "before" | "way" | "paid" | "got" | "end";
	readonly chain: string;
	/** What every conserving rule agrees on, and what any says at most, in base units; undefined of exchanges. */
	readonly agreed: bigint | undefined;
	readonly most: bigint | undefined;
}

const OF_NONE = { agreed: undefined, most: undefined };

/** Every step of the way to what is asked for, in order: of chains before, then of this one. Empty for requests of earlier forms. */
export function pathOf({ chain, way, rows, points, exchanges = [] }: RequestDocument): PathStep[] {
	if (way === undefined) return [];
	const ends = new Set(points.flatMap((point) => point.rows));
	const onWay = new Set(way.exchanges);
	const own = [
		...way.rows.map((row) => stepOf(row, "way", chain)),
		...exchanges.filter(({ row }) => onWay.has(row) && !ends.has(row)).flatMap((one) => sidesOf(one, chain)),
		...rows.filter(({ row }) => ends.has(row)).map((row) => stepOf(row, "end", chain)),
	];
	return [
		...way.before.flatMap((part) => part.rows.map((row) => stepOf(row, "before", part.chain))),
		// Both sides of an exchange keep their order.
		...own.sort((a, b) => a.row - b.row),
	];
}

function stepOf({ tainted, ...row }: WayRow, step: PathStep["step"], chain: string): PathStep {
	const { least, most } = rangeOfRows([{ tainted, ...row }]) ?? { least: 0n, most: 0n };
	return { ...row, step, chain, agreed: least, most };
}

function sidesOf({ paid, got, account, ...rest }: RequestExchange, chain: string): PathStep[] {
	const side = (step: "paid" | "got", { asset, amount }: RequestExchange["paid"]): PathStep => {
		return { ...rest, from: account, to: account, asset, amount, step, chain, ...OF_NONE };
	};
	return [side("paid", paid), side("got", got)];
}

/** Steps that carry something on which every rule agrees, exchanges among them; where there are none, all. */
export function agreedSteps(path: readonly PathStep[]): readonly PathStep[] {
	const some = path.filter(({ agreed }) => agreed === undefined || agreed > 0n);
	return some.some(({ agreed }) => agreed !== undefined) ? some : path;
}

/** At most `most` of the steps, those that move most of each asset, in their order. */
export function largest(steps: readonly PathStep[], most: number): readonly PathStep[] {
	if (steps.length <= most) return steps;
	const size = ({ agreed, amount }: PathStep) => agreed ?? BigInt(amount);
	const ranks = new Map<PathStep, number>();
	const seen = new Map<string, number>();
	for (const step of [...steps].sort((a, b) => (size(a) === size(b) ? 0 : size(a) > size(b) ? -1 : 1))) {
		const rank = seen.get(step.asset) ?? 0;
		seen.set(step.asset, rank + 1);
		ranks.set(step, rank);
	}
	const chosen = new Set([...steps].sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0)).slice(0, most));
	return steps.filter((step) => chosen.has(step));
}
