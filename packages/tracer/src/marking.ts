import { comparePositions, minAmount, type Rule, type Transfer } from "@clew/core";
import type { Books } from "./books.js";
import {
	addEnvelopes,
	addedTo,
	type Envelope,
	envelopeOf,
	type Frame,
	limitWithin,
	markedEnvelope,
	noteMark,
	type SeedLimit,
	UNLIMITED,
	withEnvelope,
} from "./bounds/envelope.js";
import { type Interval, lesser, sumOf, without } from "./bounds/interval.js";
import { markEnvelope } from "./bounds/ledger-bounds.js";
import { cleanParcels, type Parcels } from "./ledger.js";
import { CLEAN, sumLots } from "./lots.js";
import { isAgeOrdered, isClaimRule, markParcel } from "./rules/index.js";
import { type Arrival, type SeedMark, type SeedPlan, seedsArrival } from "./seeds.js";
import type { Stop } from "./stops.js";

/** Units of one origin, by rule. */
export interface Mark {
	readonly origin: number;
	readonly amounts: readonly bigint[];
	/** Key of the passage that they came out of; then no seed's limit counts them. */
	readonly passage?: string;
	/** Least and most that came out of the passage, where money was missing on its way. */
	readonly range?: readonly [least: bigint, most: bigint];
	/** Bounds of the units, where the rules' own amounts are not exact. */
	readonly bounds?: Envelope;
}

/** Whose an arrival is once seeds have marked it, and what they marked. */
export interface Marked {
	readonly parcels: Parcels | undefined;
	readonly marks: readonly Mark[];
}

const NO_SEEDS: readonly SeedMark[] = [];
const NO_MARKS: readonly Mark[] = [];

/** What seeds mark of transfers as they arrive, and how much each may still mark under each rule. */
export class Marking {
	private readonly plan: SeedPlan;
	private readonly rules: readonly Rule[];
	private readonly limits: bigint[][];
	private readonly frame: Frame | undefined;
	private nextSeeded = 0;

	constructor(plan: SeedPlan, rules: readonly Rule[], frame?: Frame) {
		this.plan = plan;
		this.rules = rules;
		this.frame = frame;
		this.limits = plan.seeds.map((seed) => rules.map(() => seed.limit ?? UNLIMITED));
	}

	/**
	 * The seeds that mark a transfer, in the order in which they do: those that name it, passages, accounts. Positions asked for must only
	 * grow.
	 */
	seedsOf(t: Transfer): readonly SeedMark[] {
		const { transfers, seeds } = this.plan;
		const place = (at: number) => comparePositions((transfers[at] as SeedMark).transfer.position, t.position);
		while (this.nextSeeded < transfers.length && place(this.nextSeeded) < 0) this.nextSeeded++;
		let found = NO_SEEDS;
		// Next to no transfer is marked: most get the one list without any.
		const add = (mark: SeedMark) => {
			found = [...found, mark];
		};
		for (let at = this.nextSeeded; at < transfers.length && place(at) === 0; at++) add(transfers[at] as SeedMark);
		for (let origin = 0; origin < seeds.length; origin++) {
			const seed = seeds[origin];
			if (seed?.kind === "account" && seedsArrival(seed, t)) add({ origin, transfer: t, cap: t.amount });
		}
		return found;
	}

	/**
	 * Marks clean units of `amount` that arrive as `parcels`, one seed after the other, so that a unit is marked once: together at most
	 * `most`. Nothing is written down yet.
	 */
	apply(seeds: readonly SeedMark[], amount: bigint, parcels: Parcels | undefined, most = amount): Marked {
		if (seeds.length === 0) return { parcels, marks: NO_MARKS };
		let current = parcels;
		const marks: Mark[] = [];
		for (const seed of seeds) {
			const { origin, cap, arrival } = seed;
			// What comes out of a passage was bounded where it went in.
			const limits = this.rules.map((rule, i) => {
				const own = minAmount(cap, arrival === undefined ? this.left(origin, i) : (arrival.marks.get(rule) ?? 0n));
				return isClaimRule(rule)
					? own
					: minAmount(
							own,
							marks.reduce((rest, mark) => rest - (mark.amounts[i] ?? 0n), most),
						);
			});
			const before = current ?? cleanParcels(this.rules);
			const results = before.map((parcel, i) => markParcel(this.rules[i] as Rule, parcel, amount, origin, limits[i] as bigint));
			const amounts = results.map(({ marked }) => marked);
			const open = this.boundsOf(seed, amount, before, this.roomAfter(marks, most));
			if (amounts.every((marked) => marked === 0n) && (open?.marked.most[origin] ?? 0n) === 0n) continue;
			const after = results.map(({ parcel }) => parcel);
			current = open === undefined ? after : withEnvelope(after, open.after);
			const passage = arrival && { passage: arrival.key, ...(arrival.range === undefined ? {} : { range: arrival.range }) };
			marks.push({ origin, amounts, ...passage, ...(open === undefined ? {} : { bounds: open.marked }) });
		}
		return { parcels: current, marks };
	}

	/** Whose the arrival is after a mark, and what was marked, as bounds; undefined where the rules' own amounts are exact. */
	private boundsOf(
		{ origin, cap, arrival }: SeedMark,
		amount: bigint,
		before: Parcels,
		room: Interval,
	): ReturnType<typeof markEnvelope> | undefined {
		const { frame } = this;
		if (frame === undefined) return undefined;
		const within = arrival === undefined ? limitWithin(frame, origin, cap) : outOf(frame, arrival, cap);
		if (before.envelope === undefined && within.exact) return undefined;
		return markEnvelope(frame, envelopeOf(frame, before), origin, lesser(within, room), amount, amount);
	}

	/** What is left of `most` once seeds have marked a part of it, under whichever rule. */
	private roomAfter(marks: readonly Mark[], most: bigint): Interval {
		const { frame } = this;
		const whole = { least: most, most };
		if (frame === undefined) return whole;
		const taken = sumOf(
			marks.map(({ origin, amounts, bounds = markedEnvelope(frame, amounts, origin) }) => ({
				least: bounds.least[origin] ?? 0n,
				most: bounds.most[origin] ?? 0n,
			})),
		);
		const left = without(whole, taken);
		// Under claims each seed is alone.
		return this.rules.some(isClaimRule) ? { least: left.least, most } : left;
	}

	/** What a seed may still mark under a rule. */
	left(origin: number, rule: number): bigint {
		return this.limits[origin]?.[rule] ?? 0n;
	}

	/** The same as bounds, where they are kept. */
	limitOf(origin: number): SeedLimit | undefined {
		return this.frame?.limits[origin];
	}

	/** Writes marks of a transfer down, and takes them from their seeds' limits. */
	commit(books: Books, t: Transfer, marks: readonly Mark[]): void {
		const { frame } = this;
		for (const { origin, amounts, passage, range, bounds } of marks) {
			books.seed(origin, t, amounts, passage, range);
			if (frame !== undefined)
				noteMark(frame, t.asset, origin, bounds ?? markedEnvelope(frame, amounts, origin), bounds !== undefined, passage === undefined);
			if (passage !== undefined) continue;
			const limits = this.limits[origin] as bigint[];
			for (const [i, amount] of amounts.entries()) limits[i] = (limits[i] ?? 0n) - amount;
		}
	}
}

/** What seeds marked of a transfer, without what it was before. */
export function parcelsOfMarks(marks: readonly Mark[], rules: readonly Rule[], frame: Frame | undefined, most: bigint): Parcels {
	const parcels = rules.map((rule, i) => {
		const lots = marks.map(({ origin, amounts }) => ({ origin, amount: amounts[i] ?? 0n })).filter((lot) => lot.amount > 0n);
		const clean = most - sumLots(lots);
		return lots.length > 0 && clean > 0n && isAgeOrdered(rule) ? [...lots, { origin: CLEAN, amount: clean }] : lots;
	});
	if (frame === undefined || marks.every(({ bounds }) => bounds === undefined)) return parcels;
	const all = marks.map(({ origin, amounts, bounds }) => bounds ?? markedEnvelope(frame, amounts, origin));
	const sum = all.reduce(addEnvelopes);
	const capped = (side: readonly bigint[]) => side.map((amount) => minAmount(amount, most));
	return withEnvelope(parcels, { least: capped(sum.least), most: capped(sum.most) });
}

/**
 * What seeds mark of proceeds that stopped already, at the same end point: bounded together with these, since where the one is less the
 * other is more. `stopped` is where the proceeds did; `before` and `after` are whose they are without the marks and with them.
 */
export function besidesProceeds(
	frame: Frame | undefined,
	stopped: Stop | undefined,
	stop: Stop,
	{ before, after, marks }: { readonly before: Parcels | undefined; readonly after: Parcels | undefined; readonly marks: Parcels },
): Parcels {
	if (frame === undefined || before === undefined || after?.envelope === undefined) return marks;
	if (stopped?.reason !== stop.reason || stopped.detail !== stop.detail) return marks;
	return withEnvelope(marks, addedTo(envelopeOf(frame, before), after.envelope));
}

/** What of a passage's far end is marked, as bounds. */
function outOf(frame: Frame, { origin, marks, range }: Arrival, cap: bigint): SeedLimit {
	if (range !== undefined) return { least: minAmount(cap, range[0]), most: minAmount(cap, range[1]), exact: false };
	const { least, most } = markedEnvelope(
		frame,
		frame.rules.map((rule) => marks.get(rule) ?? 0n),
		origin,
	);
	return { least: minAmount(cap, least[origin] ?? 0n), most: minAmount(cap, most[origin] ?? 0n), exact: true };
}
