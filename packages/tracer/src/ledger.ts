import { type AssetId, ClewError, type Rule } from "@clew/core";
import { CLEAN, type Lot, sumLots } from "./lots.js";
import type { Holding } from "./rules/holding.js";
import { isClaimRule, newHolding } from "./rules/index.js";

/** One parcel per rule, in the order of the run's rules. */
export type Parcels = readonly (readonly Lot[])[];

/** One (account, asset) under all rules. `holdings` is absent while nothing in it is tainted. */
export interface Ledger {
	readonly asset: AssetId;
	balance: bigint;
	holdings: Holding[] | undefined;
}

/** A ledger with a clean balance. */
export function openLedger(asset: AssetId, balance: bigint): Ledger {
	return { asset, balance, holdings: undefined };
}

/** Parcels for an amount in which nothing is tainted. */
export function cleanParcels(rules: readonly Rule[], amount: bigint): Parcels {
	const lots = [{ origin: CLEAN, amount }];
	return rules.map((rule) => (isClaimRule(rule) ? [] : lots));
}

/** True when some rule sees taint in the parcels. */
export function hasTaint(parcels: Parcels): boolean {
	return parcels.some((parcel) => parcel.some((lot) => lot.origin !== CLEAN));
}

/** Starts to keep whose the balance is: so far all of it is clean. */
function holdingsOf(ledger: Ledger, rules: readonly Rule[]): Holding[] {
	if (ledger.holdings === undefined) {
		const opening = ledger.balance > 0n ? cleanParcels(rules, ledger.balance) : undefined;
		ledger.holdings = rules.map((rule, i) => {
			const holding = newHolding(rule, () => ledger.balance);
			holding.put(opening?.[i] ?? []);
			return holding;
		});
	}
	return ledger.holdings;
}

/** Gives up to `limits` (by rule) of the clean balance to an origin. Returns one parcel a rule: what was marked. */
export function markIn(ledger: Ledger, rules: readonly Rule[], limits: readonly bigint[], origin: number): Parcels {
	return holdingsOf(ledger, rules).map((holding, i) => {
		const amount = holding.mark(limits[i] ?? 0n, origin, ledger.balance);
		return amount > 0n ? [{ origin, amount }] : [];
	});
}

/** Adds an arrival; undefined parcels mean that all of it is clean. */
export function putInto(ledger: Ledger, rules: readonly Rule[], amount: bigint, parcels: Parcels | undefined): void {
	if (parcels !== undefined) holdingsOf(ledger, rules);
	if (ledger.holdings !== undefined) {
		const arriving = parcels ?? cleanParcels(rules, amount);
		for (const [i, holding] of ledger.holdings.entries()) holding.put(arriving[i] ?? []);
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
	if (ledger.holdings === undefined) return { parcels: undefined, unknown };
	const parcels: Lot[][] = [];
	for (const [i, holding] of ledger.holdings.entries()) {
		const parcel = holding.take(amount, before);
		const rule = rules[i] as Rule;
		if (!isClaimRule(rule) && sumLots(parcel) !== amount) {
			throw new ClewError("CONSERVATION", `${rule} accounted for ${sumLots(parcel)} of an outflow of ${amount} of ${ledger.asset}`, {
				hint: "This is a defect of Clew: please report it with the case.",
			});
		}
		parcels.push(parcel);
	}
	if (ledger.balance === 0n) ledger.holdings = undefined;
	return { parcels: hasTaint(parcels) ? parcels : undefined, unknown };
}
