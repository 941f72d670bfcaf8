import { type AssetId, ClewError, type Rule } from "@clew/core";
import { type Parcels, type SeedLimit, withEnvelope } from "./bounds/envelope.js";
import { boundArrival, boundMark, boundOutflow, type LedgerBounds } from "./bounds/ledger-bounds.js";
import { sumLots } from "./lots.js";
import { ALL_CLEAN, type Holding, type Parcel } from "./rules/holding.js";
import { isAgeOrdered, isClaimRule, newHolding } from "./rules/index.js";

export type { Parcels };

/** One (account, asset) under all rules. `holdings` is absent while nothing in it is tainted. */
export interface Ledger {
	readonly asset: AssetId;
	balance: bigint;
	holdings: readonly Holding[] | undefined;
	/** Something in it was tainted once: from then on it matters what its books lack. */
	touched: boolean;
	/** Only in a sweep that keeps bounds. */
	readonly bounds: LedgerBounds | undefined;
}

/** A ledger with a clean balance. */
export function openLedger(asset: AssetId, balance: bigint, bounds?: LedgerBounds): Ledger {
	return { asset, balance, holdings: undefined, touched: false, bounds };
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

/** Gives up to `limits` (by rule; `within` as bounds) of the clean balance to an origin. Returns one parcel a rule: what was marked. */
export function markIn(ledger: Ledger, rules: readonly Rule[], limits: readonly bigint[], origin: number, within?: SeedLimit): Parcels {
	const holdings = holdingsOf(ledger, rules);
	const { balance, bounds } = ledger;
	const envelope = bounds && within && boundMark(bounds, origin, within, balance, () => heldParcels(ledger));
	const parcels = holdings.map((holding, i) => {
		const amount = holding.mark(limits[i] ?? 0n, origin, balance);
		return amount > 0n ? [{ origin, amount }] : ALL_CLEAN;
	});
	return envelope === undefined ? parcels : withEnvelope(parcels, envelope);
}

/** Adds an arrival; undefined parcels mean that all of it is clean. */
export function putInto(ledger: Ledger, rules: readonly Rule[], amount: bigint, parcels: Parcels | undefined): void {
	const holdings = parcels === undefined ? ledger.holdings : holdingsOf(ledger, rules);
	if (ledger.bounds !== undefined) boundArrival(ledger.bounds, parcels, ledger.balance + amount, () => heldParcels(ledger));
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
	const { bounds } = ledger;
	if (unknown > 0n) putInto(ledger, rules, unknown, undefined);
	if (unknown > 0n && bounds !== undefined) bounds.missing = unknown > bounds.missing ? 0n : bounds.missing - unknown;
	const before = ledger.balance;
	ledger.balance -= amount;
	const { holdings } = ledger;
	if (holdings === undefined) return { parcels: undefined, unknown };
	const envelope = bounds && boundOutflow(bounds, amount, ledger.balance);
	const missing = bounds?.missing ?? 0n;
	const parcels: Parcel[] = [];
	for (let i = 0; i < holdings.length; i++) {
		// Poison is about what can be: it lasts while missing money may lie here.
		const parcel = (holdings[i] as Holding).take(amount, missing > 0n && rules[i] === "poison" ? before + missing : before);
		if (parcel.length > 0) checkParcel(rules[i] as Rule, parcel, amount, ledger.asset);
		parcels.push(parcel);
	}
	if (ledger.balance + missing === 0n) ledger.holdings = undefined;
	const taken = envelope === undefined ? parcels : withEnvelope(parcels, envelope);
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
