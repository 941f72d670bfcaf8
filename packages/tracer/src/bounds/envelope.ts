import { type AssetId, maxAmount, minAmount, type Rule } from "@clew/core";
import type { Parcel } from "../rules/holding.js";
import { byOrigin, isClaimRule } from "../rules/index.js";

/**
 * Least and most of something tainted, whatever missing money came in and whenever, under any conserving rule. One number a slot: the seeds
 * in order and, where there are several, their sum last. Base units.
 */
export interface Envelope {
	readonly least: readonly bigint[];
	readonly most: readonly bigint[];
}

/** One parcel per rule, in the order of the run's rules. The envelope is there only where missing money makes a difference. */
export type Parcels = readonly Parcel[] & { readonly envelope?: Envelope };

/** How much a seed may still mark. `exact`: each rule's own count is right, since no missing money decided what it marked so far. */
export interface SeedLimit {
	readonly least: bigint;
	readonly most: bigint;
	readonly exact: boolean;
}

/** Above any amount. */
export const UNLIMITED = 1n << 260n;

/** What all envelopes of one sweep share. */
export interface Frame {
	readonly rules: readonly Rule[];
	readonly origins: number;
	readonly slots: number;
	/** Most that can be tainted of an asset at all, by slot: what seeds marked and exchanges brought, so far. */
	readonly supply: Map<AssetId, bigint[]>;
	readonly limits: SeedLimit[];
	/** Lots that cuts can have made so far: by so many units can a proportion, rounded lot by lot, be off. */
	pieces: bigint;
}

/** A frame in which nothing is tainted yet; `limits` are what the seeds may mark, in order. */
export function newFrame(rules: readonly Rule[], limits: readonly (bigint | undefined)[]): Frame {
	const origins = limits.length;
	return {
		rules,
		origins,
		slots: origins > 1 ? origins + 1 : 1,
		supply: new Map(),
		limits: limits.map((limit = UNLIMITED) => ({ least: limit, most: limit, exact: true })),
		pieces: 0n,
	};
}

/** Parcels with bounds of their own. */
export function withEnvelope(parcels: readonly Parcel[], envelope: Envelope): Parcels {
	return Object.assign([...parcels], { envelope });
}

/** What one seed marks, as bounds: of its own and of all together. */
export function envelopeOfMark({ slots }: Frame, origin: number, least: bigint, most: bigint): Envelope {
	const only = (amount: bigint) => Array.from({ length: slots }, (_, slot) => (slot === origin || slot === slots - 1 ? amount : 0n));
	return { least: only(least), most: only(most) };
}

/** The same of exact amounts, by rule. */
export function markedEnvelope(frame: Frame, amounts: readonly bigint[], origin: number): Envelope {
	return envelopeOf(
		frame,
		amounts.map((amount) => [{ origin, amount }]),
	);
}

/** The bounds of parcels that no missing money has touched: over the conserving rules that were run. */
export function envelopeOf(frame: Frame, parcels: Parcels): Envelope {
	if (parcels.envelope !== undefined) return parcels.envelope;
	const sums = parcels.map(byOrigin);
	return envelopeOver(frame, (rule, origin) => sums[rule]?.get(origin) ?? 0n);
}

/** The same over any table of amounts by rule and origin. */
export function envelopeOver({ rules, origins, slots }: Frame, read: (rule: number, origin: number) => bigint): Envelope {
	const least: bigint[] = [];
	const most: bigint[] = [];
	const conserving = rules.map((_, i) => i).filter((i) => rules[i] !== "poison");
	// Claims have no sum: where other rules were run, the sum is theirs.
	const adding = conserving.filter((i) => !isClaimRule(rules[i] as Rule));
	const all = Array.from({ length: origins }, (_, origin) => origin);
	for (let slot = 0; slot < slots; slot++) {
		const isSum = slot === origins;
		const amountOf = (rule: number) => {
			if (!isSum) return read(rule, slot);
			const parts = all.map((origin) => read(rule, origin));
			return isClaimRule(rules[rule] as Rule) ? parts.reduce(maxAmount, 0n) : parts.reduce((sum, x) => sum + x, 0n);
		};
		const amounts = (isSum && adding.length > 0 ? adding : conserving).map(amountOf);
		least.push(amounts.length === 0 ? 0n : amounts.reduce(minAmount));
		// Without a conserving rule there is poison alone.
		most.push(amounts.length === 0 ? amountOf(0) : amounts.reduce(maxAmount));
	}
	return { least, most };
}

/** Two envelopes of different money added up. */
export function addEnvelopes(a: Envelope, b: Envelope): Envelope {
	return { least: a.least.map((x, slot) => x + (b.least[slot] ?? 0n)), most: a.most.map((x, slot) => x + (b.most[slot] ?? 0n)) };
}

/** What is added to `before` to give `after`: not bounds by itself, since the least may have grown by more than the most. */
export function addedTo(before: Envelope, after: Envelope): Envelope {
	const less = (a: readonly bigint[], b: readonly bigint[]) => a.map((x, slot) => x - (b[slot] ?? 0n));
	return { least: less(after.least, before.least), most: less(after.most, before.most) };
}

/** An envelope whose upper side is at most `cap` and what can be tainted of the asset at all. */
export function capEnvelope(frame: Frame, asset: AssetId, { least, most }: Envelope, cap?: bigint): Envelope {
	const supply = frame.supply.get(asset);
	const capped = most.map((x, slot) => {
		const bound = cap === undefined ? x : minAmount(x, cap);
		return supply === undefined ? bound : minAmount(bound, supply[slot] ?? 0n);
	});
	return { least: least.map((x, slot) => minAmount(x, capped[slot] ?? 0n)), most: capped };
}

/** Notes that so much more of an asset can be tainted. */
export function addSupply(frame: Frame, asset: AssetId, most: readonly bigint[]): void {
	const known = frame.supply.get(asset) ?? new Array<bigint>(frame.slots).fill(0n);
	frame.supply.set(
		asset,
		known.map((x, slot) => x + (most[slot] ?? 0n)),
	);
}

/** A seed's limit where one transfer bounds it as well. */
export function limitWithin({ limits }: Frame, origin: number, cap: bigint): SeedLimit {
	const { least, most, exact } = limits[origin] ?? { least: 0n, most: 0n, exact: true };
	return { least: minAmount(least, cap), most: minAmount(most, cap), exact };
}

/** Takes what a seed marked from its limit, and adds it to what can be tainted. `open`: missing money may have decided how much. */
export function noteMark(frame: Frame, asset: AssetId, origin: number, marked: Envelope, open: boolean, counts: boolean): void {
	addSupply(frame, asset, marked.most);
	const limit = frame.limits[origin];
	if (!counts || limit === undefined || limit.most === UNLIMITED) return;
	frame.limits[origin] = {
		least: maxAmount(0n, limit.least - (marked.most[origin] ?? 0n)),
		most: maxAmount(0n, limit.most - (marked.least[origin] ?? 0n)),
		exact: limit.exact && !open,
	};
}

/** Least and most over all seeds together, as a result states them: for claims, which are never summed, the largest single one. */
export function totalsOf({ rules, origins }: Pick<Frame, "rules" | "origins">, { least, most }: Envelope): { least: bigint; most: bigint } {
	const sum = { least: least[least.length - 1] ?? 0n, most: most[most.length - 1] ?? 0n };
	if (origins < 2 || !rules.includes("libr")) return sum;
	return {
		least: minAmount(sum.least, least.slice(0, origins).reduce(maxAmount, 0n)),
		most: maxAmount(sum.most, most.slice(0, origins).reduce(maxAmount, 0n)),
	};
}

/**
 * The other side of an exchange. Each lot is rounded by itself, so a sum can be off by one unit a lot: both sides are widened by as many
 * units as there can be lots.
 */
export function convertEnvelope(envelope: Envelope, paid: bigint, got: bigint, pieces: bigint): Envelope {
	if (paid === got) return envelope;
	return {
		least: envelope.least.map((x) => maxAmount(0n, (x * got) / paid - pieces)),
		most: envelope.most.map((x) => (x === 0n ? 0n : minAmount(got, (x * got + paid - 1n) / paid + minAmount(pieces, x)))),
	};
}
