import { type AssetId, ClewError, comparePositions, type Position, type Rule } from "@clew/core";
import { sumLots } from "./lots.js";
import { ALL_CLEAN, type Holding, type Parcel } from "./rules/holding.js";
import { isAgeOrdered, isClaimRule, newHolding } from "./rules/index.js";

/** One parcel per rule, in the order of the run's rules. */
export type Parcels = readonly Parcel[];

/** One (account, asset) under all rules. `holdings` is absent while nothing in it is tainted. */
export interface Ledger {
	readonly asset: AssetId;
	balance: bigint;
	holdings: readonly Holding[] | undefined;
	/** Movements that brought it tainted money. */
	arrivals: Arrivals | undefined;
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

/** A ledger with a clean balance. */
export function openLedger(asset: AssetId, balance: bigint): Ledger {
	return { asset, balance, holdings: undefined, arrivals: undefined };
}

/** Parcels in which nothing is tainted. */
export function cleanParcels(rules: readonly Rule[]): Parcels {
	return rules.map(() => ALL_CLEAN);
}

/** True when some rule sees taint in the parcels. */
export function hasTaint(parcels: Parcels): boolean {
	for (const parcel of parcels) if (parcel.length > 0) return true;
	return false;
}

/** Starts to keep whose the balance is: so far all of it is clean. */
function holdingsOf(ledger: Ledger, rules: readonly Rule[]): readonly Holding[] {
	if (ledger.holdings === undefined) {
		ledger.holdings = rules.map(newHolding);
		if (ledger.balance > 0n) for (const holding of ledger.holdings) holding.put(ALL_CLEAN, ledger.balance);
	}
	return ledger.holdings;
}

/** Gives up to `limits` (by rule) of the clean balance to an origin. Returns one parcel a rule: what was marked. */
export function markIn(ledger: Ledger, rules: readonly Rule[], limits: readonly bigint[], origin: number): Parcels {
	return holdingsOf(ledger, rules).map((holding, i) => {
		const amount = holding.mark(limits[i] ?? 0n, origin, ledger.balance);
		return amount > 0n ? [{ origin, amount }] : ALL_CLEAN;
	});
}

/** Adds an arrival; undefined parcels mean that all of it is clean. */
export function putInto(ledger: Ledger, rules: readonly Rule[], amount: bigint, parcels: Parcels | undefined): void {
	const holdings = parcels === undefined ? ledger.holdings : holdingsOf(ledger, rules);
	if (holdings !== undefined) {
		for (let i = 0; i < holdings.length; i++) (holdings[i] as Holding).put(parcels?.[i] ?? ALL_CLEAN, amount);
	}
	ledger.balance += amount;
}

/**
 * Removes an outflow. What the known balance cannot cover is an unknown lot: clean and newest; it is returned as
 * `unknown`. `parcels` is undefined when nothing tainted left. Throws ClewError (CONSERVATION) when a rule fails to account for every unit.
 */
export function takeFrom(ledger: Ledger, rules: readonly Rule[], amount: bigint): { parcels: Parcels | undefined; unknown: bigint } {
	const unknown = amount > ledger.balance ? amount - ledger.balance : 0n;
	if (unknown > 0n) putInto(ledger, rules, unknown, undefined);
	const before = ledger.balance;
	ledger.balance -= amount;
	const { holdings } = ledger;
	if (holdings === undefined) return { parcels: undefined, unknown };
	const parcels: Parcel[] = [];
	for (let i = 0; i < holdings.length; i++) {
		const parcel = (holdings[i] as Holding).take(amount, before);
		if (parcel.length > 0) checkParcel(rules[i] as Rule, parcel, amount, ledger.asset);
		parcels.push(parcel);
	}
	if (ledger.balance === 0n) ledger.holdings = undefined;
	return { parcels: hasTaint(parcels) ? parcels : undefined, unknown };
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
