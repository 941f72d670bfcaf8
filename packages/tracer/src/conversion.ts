import { type AccountId, type AssetId, isWithEntryPoint, type LedgerReader, type Rule, type Transfer } from "@clew/core";
import { convertEnvelope, withEnvelope } from "./bounds/envelope.js";
import type { Parcels } from "./ledger.js";
import { apportion, CLEAN, type Lot, sumLots } from "./lots.js";
import { ALL_CLEAN } from "./rules/holding.js";
import { wrappingsIn } from "./wrapping.js";

/** An account that in one transaction pays one asset and receives one other, or wraps: amounts are net of change. */
export interface Conversion {
	readonly pays: AssetId;
	readonly paid: bigint;
	readonly gets: AssetId;
	readonly got: bigint;
	/** The account's transfers that are part of it, in order: all of the two assets, or the two sides of what it wrapped. */
	readonly legs: readonly Transfer[];
	/** Of what was wrapped: the places of the legs in the transaction. */
	readonly only?: ReadonlySet<number>;
	/** Where nothing comes and nothing goes: the place of the first leg of each asset. */
	readonly opens?: ReadonlySet<number>;
	/**
	 * True where it is paid what it wraps after it does, or pays on what it has not got yet: nothing is converted, and what it gave ends
	 * with it.
	 */
	readonly unordered?: true;
}

/**
 * Nets an account's transfers in one transaction, fees left out. Exactly one asset down and exactly one up is a
 * conversion (the netting of TRacer, Wu et al. 2023); else what it wrapped or unwrapped is one; anything else is not.
 */
export function conversionOf(account: AccountId, transfers: readonly Transfer[]): Conversion | undefined {
	if (transfers.length < 2) return undefined;
	const sides = sidesOf(account, transfers);
	if (sides === undefined) return wrappingOf(account, transfers);
	const legs = transfers.filter((t) => changesHands(t) && (t.asset === sides.pays || t.asset === sides.gets));
	return { ...sides, legs };
}

/** What an account wraps or unwraps in a transaction of which it keeps nothing, or in which it does more. */
function wrappingOf(account: AccountId, transfers: readonly Transfer[]): Conversion | undefined {
	const own = new Set(wrappingsIn(transfers).flatMap((one) => (one.account === account ? [one.native, one.token] : [])));
	if (own.size === 0) return undefined;
	const legs = transfers.filter((t) => own.has(t));
	const sides = sidesOf(account, legs);
	if (sides === undefined) return undone(legs, transfers);
	const others = transfers.slice(transfers.indexOf(legs[0] as Transfer)).filter((t) => changesHands(t) && t.amount > 0n && !own.has(t));
	const got = legs.findLast(({ asset }) => asset === sides.gets)?.position.eventIndex ?? 0;
	const unordered = others.some(
		(t) => (t.to === account && t.asset === sides.pays) || (t.from === account && t.asset === sides.gets && t.position.eventIndex < got),
	);
	return { ...sides, legs, only: placesOf(legs), ...(unordered ? { unordered } : {}) };
}

/**
 * Of what was wrapped and unwrapped again, or the other way round, nothing comes and nothing goes; where something else moves the same
 * asset between the legs of it, whose it was then is not told.
 */
function undone(legs: readonly Transfer[], transfers: readonly Transfer[]): Conversion | undefined {
	const [pays, gets, third] = new Set(legs.map(({ asset }) => asset));
	if (pays === undefined || gets === undefined || third !== undefined) return undefined;
	const only = placesOf(legs);
	const nothing = { pays, paid: 0n, gets, got: 0n, legs, only };
	const opens = new Set<number>();
	for (const asset of [pays, gets]) {
		const places = legs.filter((t) => t.asset === asset).map(({ position }) => position.eventIndex);
		const [first = 0, last = 0] = [places[0], places.at(-1)];
		opens.add(first);
		const isBetween = ({ eventIndex: at }: Transfer["position"]) => first < at && at < last && !only.has(at);
		if (transfers.some((t) => t.asset === asset && changesHands(t) && t.amount > 0n && isBetween(t.position)))
			return { ...nothing, unordered: true };
	}
	return { ...nothing, opens };
}

/** False for fees, gas that goes through an EntryPoint (ERC-4337) among them, and for what an account sends itself. */
function changesHands(t: Transfer): boolean {
	return t.kind !== "fee" && t.from !== t.to && !isWithEntryPoint(t);
}

function placesOf(legs: readonly Transfer[]): ReadonlySet<number> {
	return new Set(legs.map(({ position }) => position.eventIndex));
}

/** What an account has less, and what it has more of; undefined unless that is one asset each. */
function sidesOf(account: AccountId, transfers: readonly Transfer[]): Omit<Conversion, "legs"> | undefined {
	const net = new Map<AssetId, bigint>();
	for (const t of transfers) {
		if (!changesHands(t)) continue;
		const change = t.to === account ? t.amount : -t.amount;
		net.set(t.asset, (net.get(t.asset) ?? 0n) + change);
	}
	const changes = [...net].filter(([, change]) => change !== 0n);
	const down = changes.filter(([, change]) => change < 0n);
	const up = changes.filter(([, change]) => change > 0n);
	const [pays] = down;
	const [gets] = up;
	if (down.length !== 1 || up.length !== 1 || pays === undefined || gets === undefined) return undefined;
	return { pays: pays[0], paid: -pays[1], gets: gets[0], got: gets[1] };
}

/**
 * What an account lacks of an asset to pay the legs of its exchange one by one, from a balance: netting hides none of it, so that an
 * account which is followed has the balance that a replay of its transfers gives.
 */
export function lackIn({ legs }: Conversion, account: AccountId, asset: AssetId, balance: bigint): bigint {
	let left = balance;
	let lack = 0n;
	for (const t of legs) {
		if (t.asset !== asset) continue;
		if (t.to === account) left += t.amount;
		else if (t.amount <= left) left -= t.amount;
		else {
			lack += t.amount - left;
			left = 0n;
		}
	}
	return lack;
}

/**
 * The exchange that the receiver of a transfer makes in its transaction, with all that it pays and gets there; undefined when it makes
 * none.
 */
export async function nettingOf(
	source: LedgerReader,
	{ chain, txHash, to }: Transfer,
): Promise<{ readonly transfers: readonly Transfer[]; readonly conversion: Conversion } | undefined> {
	const transfers = (await source.transaction(chain, txHash)).filter((t) => t.from === to || t.to === to);
	const conversion = conversionOf(to, transfers);
	return conversion && { transfers, conversion };
}

/** True when the transfer is a side of the account's own exchange. */
export function isLeg(conversion: Conversion | undefined, t: Transfer): conversion is Conversion {
	return conversion !== undefined && conversion.unordered === undefined && hasLeg(conversion, t);
}

/** True when the account gives the transfer for something whose order in the transaction is not told. */
export function isGiven(conversion: Conversion | undefined, t: Transfer): boolean {
	return conversion?.unordered === true && (t.asset === conversion.pays || conversion.paid === 0n) && hasLeg(conversion, t);
}

function hasLeg({ pays, gets, only }: Conversion, t: Transfer): boolean {
	return changesHands(t) && (t.asset === pays || t.asset === gets) && (only === undefined || only.has(t.position.eventIndex));
}

/**
 * Turns what was paid into what was received, in proportion, lot by lot; every rule keeps its exact totals. `pieces` is how many lots there
 * can be at most.
 */
export function convertParcels(
	rules: readonly Rule[],
	parcels: Parcels,
	{ paid, got }: Pick<Conversion, "paid" | "got">,
	pieces: bigint,
): Parcels {
	const { envelope } = parcels;
	const converted = parcels.map((parcel, i) => {
		const rule = rules[i] as Rule;
		if (rule === "poison") return parcel.map((lot) => ({ origin: lot.origin, amount: got }));
		if (rule === "libr") return positive(parcel.map((lot) => ({ origin: lot.origin, amount: (lot.amount * got) / paid })));
		if (parcel.length === 0) return ALL_CLEAN;
		// The clean rest of a parcel that lists tainted lots alone takes part in the division.
		const rest = paid - sumLots(parcel);
		const shares = apportion(got, [...parcel.map((lot) => lot.amount), rest]);
		const into = positive(parcel.map((lot, at) => ({ origin: lot.origin, amount: shares[at] ?? 0n })));
		// Of a little taint nothing may be left: then all of it is clean.
		return into.every((lot) => lot.origin === CLEAN) ? ALL_CLEAN : into;
	});
	return envelope === undefined ? converted : withEnvelope(converted, convertEnvelope(envelope, paid, got, pieces));
}

function positive(lots: readonly Lot[]): Lot[] {
	return lots.filter((lot) => lot.amount > 0n);
}
