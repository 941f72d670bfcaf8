import {
	type AccountId,
	type AssetId,
	comparePositions,
	maxAmount,
	type Outpoint,
	type Position,
	type Rule,
	type Transfer,
} from "@clew/core";
import { addEnvelopes, capEnvelope, type Envelope, envelopeOf, envelopeOver, type Frame, withEnvelope } from "./bounds/envelope.js";
import { type Arrivals, bothOf, oneMore, type Parcels } from "./ledger.js";
import type { Stop } from "./stops.js";
import { addParcels, newTally, type Tally } from "./tally.js";

/** Marked money: by rule, since a rule may find part of an arrival tainted already. */
export interface Seeding {
	readonly origin: number;
	readonly transfer: Transfer;
	readonly marked: readonly bigint[];
	/** Key of the passage that it came out of. */
	readonly passage?: string;
	/** Least and most of it, where money was missing on its way through the passage. */
	readonly range?: readonly [least: bigint, most: bigint];
}

/** What stayed at a leaf. */
export interface LeafTally {
	readonly account: AccountId;
	readonly asset: AssetId;
	stop: Stop;
	readonly tally: Tally;
	/** The movements that brought it. */
	came: Arrivals;
	/** Bitcoin: the outputs that hold it. */
	readonly outpoints: LeafOutpoint[];
	/** Where missing money makes a difference: bounds of that part, and the rules' amounts of the rest. */
	open?: { envelope: Envelope; readonly exact: Tally };
}

/** A Bitcoin output at a leaf; `value` is all that it holds, in satoshi. */
export interface LeafOutpoint {
	readonly outpoint: Outpoint;
	readonly value: bigint;
	readonly parcels: Parcels;
}

/** Sums per rule and origin for one asset; for every rule but poison, seeded + convertedIn = held + stopped + fees + convertedOut. */
export type AssetSums = Readonly<Record<"seeded" | "convertedIn" | "convertedOut" | "held" | "stopped" | "fees", Tally>>;

/** Outflows that the known balance could not cover. */
export interface UnknownFunds {
	readonly account: AccountId;
	readonly asset: AssetId;
	amount: bigint;
	readonly first: Position;
	last: Position;
	/** The most of the account's taint whose way it left open; 0 where it came before any taint, or without any. */
	uncertain: bigint;
}

/** An account paid tainted money, or could have, after heights at which its own history was not read. */
export interface UnreadOutflows {
	readonly account: AccountId;
	readonly asset: AssetId;
	/** The first height that was not read. */
	readonly from: number;
	/** The first payment behind it. */
	readonly to: number;
	/** The most of its taint whose way that leaves open; 0 where bounds are not kept. */
	uncertain: bigint;
	/** Set where it is a part of fees that nobody told. */
	readonly fees?: true;
	/** Set where money ended at a contract: its payments are not followed. */
	readonly contract?: true;
}

/** What a sweep writes down: where tainted money was seeded, spent on fees, exchanged, stopped and held. */
export class Books {
	readonly sums = new Map<AssetId, AssetSums>();
	readonly seedings: Seeding[] = [];
	private readonly leafTallies = new Map<string, LeafTally>();
	private readonly unknown = new Map<string, UnknownFunds>();
	private readonly unread = new Map<string, UnreadOutflows>();
	private readonly rules: readonly Rule[];
	private readonly origins: number;
	private readonly frame: Frame | undefined;

	constructor(rules: readonly Rule[], origins: number, frame?: Frame) {
		this.rules = rules;
		this.origins = origins;
		this.frame = frame;
	}

	get leaves(): readonly LeafTally[] {
		return [...this.leafTallies.values()];
	}

	get unknownFunds(): readonly UnknownFunds[] {
		return [...this.unknown.values()].sort((a, b) => comparePositions(a.first, b.first));
	}

	get unreadOutflows(): readonly UnreadOutflows[] {
		return [...this.unread.values()].sort((a, b) => a.to - b.to);
	}

	add(asset: AssetId, what: keyof AssetSums, parcels: Parcels): void {
		addParcels(this.sumsOf(asset)[what], parcels);
	}

	seed(origin: number, transfer: Transfer, marked: readonly bigint[], passage?: string, range?: Seeding["range"]): void {
		if (range === undefined && marked.every((amount) => amount === 0n)) return;
		this.seedings.push({ origin, transfer, marked, ...(passage === undefined ? {} : { passage }), ...(range ? { range } : {}) });
		this.add(
			transfer.asset,
			"seeded",
			marked.map((amount) => [{ origin, amount }]),
		);
	}

	/** Money that stays where the trace ends. */
	stop(account: AccountId, asset: AssetId, stop: Stop, parcels: Parcels, at: Position): void {
		const leaf = this.leafOf(account, asset, stop, oneMore(undefined, at));
		leaf.came = oneMore(leaf.came, at);
		this.addTo(leaf, parcels);
		this.add(asset, "stopped", parcels);
	}

	/** Adds an output to a leaf: `held` when it is still there at the end, else stopped. */
	leave(account: AccountId, asset: AssetId, stop: Stop, output: LeafOutpoint, at: Position, held: boolean): void {
		const leaf = this.leafOf(account, asset, stop, oneMore(undefined, at));
		leaf.came = oneMore(leaf.came, at);
		leaf.outpoints.push(output);
		addParcels(leaf.tally, output.parcels);
		this.add(asset, held ? "held" : "stopped", output.parcels);
	}

	/** Money that is still there at the end. It is `held` only where that is known. */
	hold(account: AccountId, asset: AssetId, stop: Stop, parcels: Parcels, came: Arrivals, as: "held" | "stopped" = "held"): void {
		const known = this.leafTallies.get(leafKey({ account, asset, stop }));
		if (known !== undefined) {
			known.came = bothOf(known.came, came);
			known.stop = { ...stop, detail: `${known.stop.detail}; ${stop.detail}` };
		}
		this.addTo(known ?? this.leafOf(account, asset, stop, came), parcels);
		this.add(asset, as, parcels);
	}

	lack(account: AccountId, asset: AssetId, amount: bigint, at: Position): void {
		const key = `${account} ${asset}`;
		const known = this.unknown.get(key);
		if (known === undefined) {
			this.unknown.set(key, { account, asset, amount, first: at, last: at, uncertain: 0n });
			return;
		}
		known.amount += amount;
		known.last = at;
	}

	/** Notes the first payment behind heights that were not read. */
	paidUnread(account: AccountId, asset: AssetId, from: number, to: number): void {
		const key = `${account} ${asset}`;
		if (!this.unread.has(key)) this.unread.set(key, { account, asset, from, to, uncertain: 0n });
	}

	/** Notes a contract that paid after money ended there, nobody knows of whose: of that money none is known to be left. */
	stopUnread(account: AccountId, asset: AssetId, { from, to }: { from: number; to: number }, parcels: Parcels): Parcels {
		const key = `${account} ${asset}`;
		const known = this.unread.get(key) ?? { account, asset, from, to, uncertain: 0n, contract: true as const };
		this.unread.set(key, known);
		if (this.frame === undefined) return parcels;
		const { least, most } = envelopeOf(this.frame, parcels);
		known.uncertain += most[this.frame.slots - 1] ?? 0n;
		return withEnvelope([...parcels], { least: least.map(() => 0n), most });
	}

	/** Notes fees that are told in part alone: what of the rest of them left is as unread as a payment. */
	paidInPart(account: AccountId, asset: AssetId, from: number, to: number): void {
		const key = `${account} ${asset}`;
		if (!this.unread.has(key)) this.unread.set(key, { account, asset, from, to, uncertain: 0n, fees: true });
	}

	/** Notes how much of an account's taint what its books lack, and what nobody read, left open. */
	leaveOpen(account: AccountId, asset: AssetId, { missing = 0n, unread = 0n }: { missing?: bigint; unread?: bigint }): void {
		const key = `${account} ${asset}`;
		const [lacks, paid] = [this.unknown.get(key), this.unread.get(key)];
		if (lacks !== undefined) lacks.uncertain = maxAmount(lacks.uncertain, missing);
		if (paid !== undefined) paid.uncertain = maxAmount(paid.uncertain, unread);
	}

	/** Bounds of a leaf, by slot; undefined where the rules' own amounts are exact. */
	boundsOf({ asset, open }: LeafTally): Envelope | undefined {
		if (this.frame === undefined || open === undefined) return undefined;
		const exact = envelopeOver(this.frame, (rule, origin) => open.exact[rule]?.[origin] ?? 0n);
		return capEnvelope(this.frame, asset, addEnvelopes(open.envelope, exact));
	}

	private addTo(leaf: LeafTally, parcels: Parcels): void {
		const { envelope } = parcels;
		if (envelope !== undefined) {
			// What came before was exact.
			leaf.open ??= { envelope: { least: [], most: [] }, exact: leaf.tally.map((row) => [...row]) };
			leaf.open.envelope = addEnvelopes(envelope, leaf.open.envelope);
		} else if (leaf.open !== undefined) addParcels(leaf.open.exact, parcels);
		addParcels(leaf.tally, parcels);
	}

	private leafOf(account: AccountId, asset: AssetId, stop: Stop, came: Arrivals): LeafTally {
		const key = leafKey({ account, asset, stop });
		let leaf = this.leafTallies.get(key);
		if (leaf === undefined) {
			leaf = { account, asset, stop, tally: newTally(this.rules, this.origins), came, outpoints: [] };
			this.leafTallies.set(key, leaf);
		}
		return leaf;
	}

	private sumsOf(asset: AssetId): AssetSums {
		let found = this.sums.get(asset);
		if (found === undefined) {
			const zero = () => newTally(this.rules, this.origins);
			found = { seeded: zero(), convertedIn: zero(), convertedOut: zero(), held: zero(), stopped: zero(), fees: zero() };
			this.sums.set(asset, found);
		}
		return found;
	}
}

/** What makes an end point one: account, asset, reason, and the words of a label, which may have dates. */
export function leafKey({ account, asset, stop: { reason, detail, label } }: Pick<LeafTally, "account" | "asset" | "stop">): string {
	return `${account} ${asset} ${reason} ${label === undefined ? "" : detail}`;
}
