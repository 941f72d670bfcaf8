import { rangeOfRows } from "@clew/core";
import type { RequestExchange } from "./document-row.js";
import type { RequestDocument } from "./request-document.js";
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
	const passageOf = (row: number) => {
		const found = way.arrived.find((one) => one.row === row);
		return found === undefined ? {} : { passage: found.passage };
	};
	const onWay = new Set(way.exchanges);
	const own = [
		...way.rows.map((row) => stepOf(row, "way", chain)),
		...exchanges.filter(({ row }) => onWay.has(row) && !ends.has(row)).flatMap((one) => sidesOf(one, chain)),
		...rows.filter(({ row }) => ends.has(row)).map((row) => ({ ...stepOf(row, "end", chain), ...passageOf(row.row) })),
	];
	return [
		...way.before.flatMap((part) =>
			[...part.rows.map((row) => stepOf(row, "before", part.chain)), ...part.exchanges.flatMap((one) => sidesOf(one, part.chain))].sort(
				(a, b) => a.row - b.row,
			),
		),
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

/**
 * Steps of the way that lead from a beginning, or from another of them, to what every rule agrees came, and carry something on which every
 * rule agrees; exchanges among them. Where there are none, all steps.
 */
export function agreedSteps({ way }: RequestDocument, path: readonly PathStep[]): readonly PathStep[] {
	const paidBy = new Map(way?.passages.map(({ key, paid }) => [key, `${paid.position} ${paid.from}`]));
	const wanted = new Set<string>();
	const kept = new Set<PathStep>();
	// Of movements of one transaction the order may not be known: one that stands behind may have brought it.
	for (let before = -1; before < kept.size; ) {
		before = kept.size;
		for (const step of [...path].reverse()) {
			if (kept.has(step) || step.agreed === 0n) continue;
			const leads = step.step === "end" || wanted.has(broughtTo(step)) || wanted.has(`${step.position} ${step.from}`);
			const exchanged = step.step === "paid" && wanted.has(`exchange ${step.row}`);
			if (!leads && !exchanged) continue;
			kept.add(step);
			wanted.add(step.step === "got" ? `exchange ${step.row}` : takenFrom(step));
			const paid = step.passage === undefined ? undefined : paidBy.get(step.passage);
			if (paid !== undefined) wanted.add(paid);
		}
	}
	return kept.size === 0 ? path : path.filter((step) => kept.has(step));
}

function broughtTo({ step, to, asset, outpoint, txHash }: PathStep): string {
	if (step === "paid") return "";
	return outpoint?.startsWith(txHash) ? `output ${outpoint}` : `${to} ${asset}`;
}

function takenFrom({ from, asset, outpoint, txHash }: PathStep): string {
	return outpoint === undefined || outpoint.startsWith(txHash) ? `${from} ${asset}` : `output ${outpoint}`;
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

/** When the first of it came to the recipient: to an end point, or before that to an address that passed it on there. */
export function firstTime({ way }: RequestDocument, times: readonly string[]): string | undefined {
	const came = new Set(way?.deposits.flatMap((deposit) => deposit.came));
	const passed = (way?.rows ?? []).flatMap(({ row, time }) => (came.has(row) && time !== "" ? [time] : []));
	return [...times, ...passed].sort()[0];
}
