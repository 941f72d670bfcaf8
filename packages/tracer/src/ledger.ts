import { type AssetId, ClewError, comparePositions, maxAmount, type Position, type Rule } from "@clew/core";
import { type Envelope, type Parcels, withEnvelope } from "./bounds/envelope.js";
import { boundArrival, boundMark, boundOutflow, boundUnread, type LedgerBounds, unseen } from "./bounds/ledger-bounds.js";
import { sumLots } from "./lots.js";
import { ALL_CLEAN, type Holding, type Parcel } from "./rules/holding.js";
import { isAgeOrdered, isClaimRule, newHolding } from "./rules/index.js";

export type { Parcels };

/** One (account, asset) under all rules. `holdings` is absent while nothing in it is tainted. */
export interface Ledger {
	readonly asset: AssetId;
	balance: bigint;
	holdings: readonly Holding[] | undefined;
	/** Movements that brought it tainted money. */
	arrivals: Arrivals | undefined;
	/** While something in it is tainted: up to which height its outflows were read without a break. */
	readTo: number | undefined;
	/** That height, once it paid after it. */
	paidUnread: number | undefined;
	/** The first block in which it paid a fee that is told in part alone, while something in it was tainted. */
	feesInPart: number | undefined;
	/** Where it last moved. */
	moved: Position | undefined;
	/** The last block in which the place of one of its movements is not told. */
	loose: number | undefined;
	/** Something in it was tainted once: from then on it matters what its books lack. */
	touched: boolean;
	/** Only in a sweep that keeps bounds. */
	readonly bounds: LedgerBounds | undefined;
}

/** When tainted money came, and by how many movements. */
export interface Arrivals {
	readonly first: Position;
	readonly last: Position;
	readonly count: number;
	/** Events of the last's transaction: money of one movement may come in several parts. */
	readonly events: readonly number[];
}

/** Counts a movement, once; within a transaction in any order. */
export function oneMore(before: Arrivals | undefined, at: Position): Arrivals {
	if (before === undefined) return { first: at, last: at, count: 1, events: [at.eventIndex] };
	const { last, count, events } = before;
	const same = last.height === at.height && last.txIndex === at.txIndex;
	if (same && events.includes(at.eventIndex)) return before;
	const later = comparePositions(at, last) > 0;
	return {
		first: comparePositions(at, before.first) < 0 ? at : before.first,
		last: later ? at : last,
		count: count + 1,
		events: same ? [...events, at.eventIndex] : later ? [at.eventIndex] : events,
	};
}

/** Arrivals at two places taken together; no movement is in both. */
export function bothOf(a: Arrivals, b: Arrivals): Arrivals {
	const [early, late] = comparePositions(a.last, b.last) <= 0 ? [a, b] : [b, a];
	const same = early.last.height === late.last.height && early.last.txIndex === late.last.txIndex;
	return {
		first: comparePositions(a.first, b.first) <= 0 ? a.first : b.first,
		last: late.last,
		count: a.count + b.count,
		events: same ? [...early.events, ...late.events] : late.events,
	};
}

/** A ledger with a clean balance. */
export function openLedger(asset: AssetId, balance: bigint, bounds?: LedgerBounds): Ledger {
	return {
		asset,
		balance,
		holdings: undefined,
		arrivals: undefined,
		readTo: undefined,
		paidUnread: undefined,
		feesInPart: undefined,
		moved: undefined,
		loose: undefined,
		touched: false,
		bounds,
	};
}

/** Parcels in which nothing is tainted. */
export function cleanParcels(rules: readonly Rule[]): Parcels {
	return rules.map(() => ALL_CLEAN);
}

/** True when some rule sees taint in the parcels. */
export function hasTaint(parcels: Parcels): boolean {
	for (const parcel of parcels) if (parcel.length > 0) return true;
	return parcels.envelope?.most.some((amount) => amount > 0n) ?? false;
}

/** Starts to keep whose the balance is: so far all of it is clean. */
function holdingsOf(ledger: Ledger, rules: readonly Rule[]): readonly Holding[] {
	if (ledger.holdings === undefined) {
		ledger.touched = true;
		ledger.holdings = rules.map(newHolding);
		if (ledger.balance > 0n) for (const holding of ledger.holdings) holding.put(ALL_CLEAN, ledger.balance);
	}
	return ledger.holdings;
}

/** What each rule holds as tainted. */
export function heldParcels({ holdings = [], balance, bounds }: Ledger): Parcels {
	const parcels = holdings.map((holding) => holding.tainted(balance));
	return bounds?.held === undefined ? parcels : withEnvelope(parcels, bounds.held);
}

/** Gives `amounts` (by rule; `within` as bounds where these are not exact) of the clean balance to an origin. */
export function markIn(
	ledger: Ledger,
	rules: readonly Rule[],
	amounts: readonly bigint[],
	origin: number,
	at: Position,
	within?: Envelope,
): void {
	const holdings = holdingsOf(ledger, rules);
	const { balance, bounds } = ledger;
	if (bounds !== undefined) boundMark(bounds, within, amounts, origin, balance, () => heldParcels(ledger), at);
	for (const [i, holding] of holdings.entries()) holding.mark(amounts[i] ?? 0n, origin, balance);
}

/** Adds an arrival; undefined parcels mean that all of it is clean, an undefined place that it is nothing that a block tells. */
export function putInto(ledger: Ledger, rules: readonly Rule[], amount: bigint, parcels: Parcels | undefined, at?: Position): void {
	const holdings = parcels === undefined ? ledger.holdings : holdingsOf(ledger, rules);
	if (ledger.bounds !== undefined) boundArrival(ledger.bounds, amount, parcels, ledger.balance + amount, () => heldParcels(ledger), at);
	if (holdings !== undefined) {
		for (let i = 0; i < holdings.length; i++) (holdings[i] as Holding).put(parcels?.[i] ?? ALL_CLEAN, amount);
	}
	ledger.balance += amount;
}

/**
 * It pays, and what it paid before was not all read: from here on nothing of its taint is known to be left, and any of its payments may
 * have taken it.
 */
export function passUnread(ledger: Ledger): void {
	ledger.paidUnread = ledger.readTo;
	ledger.readTo = Number.POSITIVE_INFINITY;
	if (ledger.bounds !== undefined) boundUnread(ledger.bounds, ledger.balance, () => heldParcels(ledger));
}

/** Money that the books lack turns out to have been there: an unknown lot, clean and newest. */
export function putUnknown(ledger: Ledger, rules: readonly Rule[], amount: bigint): void {
	putInto(ledger, rules, amount, undefined);
	const { bounds } = ledger;
	if (bounds !== undefined) bounds.missing = maxAmount(0n, bounds.missing - amount);
}

/**
 * Removes an outflow. What the known balance cannot cover is an unknown lot: clean and newest; it is returned as
 * `unknown`. `parcels` is undefined when nothing tainted left. Throws ClewError (CONSERVATION) when a rule fails to account for every unit.
 */
export function takeFrom(
	ledger: Ledger,
	rules: readonly Rule[],
	amount: bigint,
	at: Position,
): { parcels: Parcels | undefined; unknown: bigint } {
	const unknown = amount > ledger.balance ? amount - ledger.balance : 0n;
	const { bounds } = ledger;
	if (unknown > 0n) putUnknown(ledger, rules, unknown);
	const before = ledger.balance;
	ledger.balance -= amount;
	const { holdings } = ledger;
	// Also where nothing is tainted yet: in an open order it may have left of what comes later.
	const envelope = bounds && boundOutflow(bounds, amount, ledger.balance, () => heldParcels({ ...ledger, balance: before }), at);
	if (holdings === undefined) return { parcels: undefined, unknown };
	const missing = bounds === undefined ? 0n : unseen(bounds);
	const parcels: Parcel[] = [];
	for (let i = 0; i < holdings.length; i++) {
		// Poison is about what can be: it lasts while missing money may lie here.
		const parcel = (holdings[i] as Holding).take(amount, missing > 0n && rules[i] === "poison" ? before + missing : before);
		if (parcel.length > 0) checkParcel(rules[i] as Rule, parcel, amount, ledger.asset);
		parcels.push(parcel);
	}
	if (ledger.balance + missing === 0n) {
		ledger.holdings = undefined;
		ledger.readTo = undefined;
		ledger.feesInPart = undefined;
	}
	// Bounds of nothing are exact: a ledger that they come to keeps its own.
	const taken = envelope === undefined || envelope.most.every((most) => most === 0n) ? parcels : withEnvelope(parcels, envelope);
	return { parcels: hasTaint(taken) ? taken : undefined, unknown };
}

/** The invariant of every step: lots in order of age sum to the amount; tainted lots alone do not exceed it. */
function checkParcel(rule: Rule, parcel: Parcel, amount: bigint, asset: AssetId): void {
	if (isClaimRule(rule)) return;
	const sum = sumLots(parcel);
	if (isAgeOrdered(rule) ? sum === amount : sum <= amount) return;
	throw new ClewError("CONSERVATION", `${rule} accounted for ${sum} of an outflow of ${amount} of ${asset}`, {
		hint: "This is a defect of Clew: please report it with the case.",
	});
}
