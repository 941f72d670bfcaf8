import { maxAmount, minAmount, type Rule } from "@clew/core";
import { isClaimRule } from "../rules/index.js";
import { envelopeOf, type Frame, type Parcels } from "./envelope.js";

/** Least and most of one amount. */
export interface Interval {
	readonly least: bigint;
	readonly most: bigint;
}

export const NOTHING: Interval = { least: 0n, most: 0n };

export function plus(a: Interval, b: Interval): Interval {
	return { least: a.least + b.least, most: a.most + b.most };
}

/** What may be left of a where b is taken from it; never below 0. */
export function without(a: Interval, b: Interval): Interval {
	return { least: maxAmount(0n, a.least - b.most), most: maxAmount(0n, a.most - b.least) };
}

/** The lesser of the two. */
export function lesser(a: Interval, b: Interval): Interval {
	return { least: minAmount(a.least, b.least), most: minAmount(a.most, b.most) };
}

export function sumOf(all: readonly Interval[]): Interval {
	return all.reduce(plus, NOTHING);
}

/** What of parcels a seed finds tainted: by all seeds, and where claims are counted, by itself. */
export function taintRange(frame: Frame, parcels: Parcels, origin: number): Interval {
	const { least, most } = envelopeOf(frame, parcels);
	const isAdding = (rule: Rule) => !isClaimRule(rule);
	const slots = [...(frame.rules.some(isAdding) ? [frame.slots - 1] : []), ...(frame.rules.every(isAdding) ? [] : [origin])];
	const read = (side: readonly bigint[]) => slots.map((slot) => side[slot] ?? 0n);
	return { least: read(least).reduce(minAmount), most: read(most).reduce(maxAmount) };
}
