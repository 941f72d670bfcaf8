import {
	type AccountId,
	type AccountProfile,
	type AssetId,
	after,
	type LedgerReader,
	type Position,
	startOf,
	type Transfer,
} from "@clew/core";
import { throughKey } from "./bounds/floors.js";
import { DatedLabels } from "./dated-labels.js";
import type { Parcels } from "./ledger.js";
import type { SeedPlan, TraceDirection } from "./seeds.js";
import { type Arriving, coverageStop, isNobody, isWholeAt, MINTED, OUTSIDE_BUDGET, type Stop, standingStop } from "./stops.js";
import type { SweepOptions } from "./sweep-options.js";
import { isDust } from "./tally.js";

/** Transfers of an account that are read at once to find what it paid. */
const PAGE = 1024;

/** No result tells of it. */
const ENDS_UNREAD: Stop = { reason: "unfetched", detail: "it came after money of which nobody knows what became" };

/** Where money that arrives is followed, and what a sweep knows of the accounts at which it does. */
export class ArrivalStops {
	/** Profiles of accounts at which tainted money came. */
	readonly profiles = new Map<AccountId, AccountProfile>();
	private readonly source: LedgerReader;
	private readonly options: SweepOptions;
	private readonly origins: number;
	private readonly dated: DatedLabels;
	private readonly isKept: (account: AccountId) => boolean;
	/** Of accounts at which money came that were not read there: the last heights at which they paid, by asset. */
	private readonly lastPaid = new Map<AccountId, ReadonlyMap<AssetId, number>>();
	/** Ledgers through which money goes on that nobody read where it came. */
	readonly throughUnread = new Set<string>();
	private reachedByBounds = 0;
	private readonly direction: TraceDirection;

	/** `isKept` tells of accounts that are followed already. */
	constructor(source: LedgerReader, plan: SeedPlan, options: SweepOptions, isKept: (account: AccountId) => boolean) {
		this.source = source;
		this.options = options;
		this.origins = plan.seeds.length;
		this.dated = new DatedLabels(source, plan.chain, options.stops);
		this.isKept = isKept;
		this.direction = options.backward === undefined ? "forward" : "backward";
	}

	/** Labels that had ended when money came. */
	get passedLabels(): DatedLabels["passed"] {
		return this.dated.passed;
	}

	/** The profile of an account, with what its labels and what was fetched of it ask for at an arrival there. */
	async profileOf(account: AccountId, { height }: Position): Promise<AccountProfile> {
		const known = this.profiles.get(account) ?? (await this.source.profile(account, this.options.stops.serviceTransfers));
		this.profiles.set(account, known);
		await this.readFor(account, known, height);
		return known;
	}

	/**
	 * True where {@link ArrivalStops.readFirst} must come before it is asked whether money is followed: labels of an account at which it
	 * arrives have dates, or what the account paid later decides; proceeds of an exchange arrive at the sender.
	 */
	mustRead({ from, to, position: { height } }: Transfer, sender: AccountProfile | undefined): boolean {
		return this.lacks(from, sender, height) || this.lacks(to, this.profiles.get(to), height);
	}

	/** Reads what {@link ArrivalStops.mustRead} asks for. */
	async readFirst({ from, to, position: { height } }: Transfer, sender: AccountProfile | undefined): Promise<void> {
		await this.readFor(from, sender, height);
		await this.readFor(to, this.profiles.get(to), height);
	}

	private lacks(account: AccountId, profile: AccountProfile | undefined, height: number): boolean {
		return profile !== undefined && (this.dated.mustRead(profile, height) || this.lacksPayments(account, profile, height));
	}

	private lacksPayments(account: AccountId, profile: AccountProfile, height: number): boolean {
		return !isWholeAt(profile, height) && !this.lastPaid.has(account);
	}

	private async readFor(account: AccountId, profile: AccountProfile | undefined, height: number): Promise<void> {
		if (profile === undefined) return;
		await this.dated.read(profile, height);
		if (this.lacksPayments(account, profile, height)) this.lastPaid.set(account, await this.paymentsFrom(account, height));
	}

	/** The last heights from one on, up to the end of the window, at which an account paid, by asset. Reads its ledger once. */
	private async paymentsFrom(account: AccountId, height: number): Promise<ReadonlyMap<AssetId, number>> {
		const { until = Number.POSITIVE_INFINITY } = this.options;
		const last = new Map<AssetId, number>();
		for (let at = startOf(height); ; ) {
			const page = await this.source.ledger(account, at, PAGE);
			for (const t of page) if (isPayment(t, account) && t.position.height <= until) last.set(t.asset, t.position.height);
			const end = page.at(-1)?.position;
			if (end === undefined || page.length < PAGE || end.height > until) return last;
			at = after(end);
		}
	}

	/**
	 * Why money that arrives is not followed, asked at each arrival: whose the account is, how little it is (where that is known), what was
	 * fetched, the budget.
	 */
	stopAt(account: AccountId, t: Arriving, profile: AccountProfile, parcels: Parcels | undefined): Stop | undefined {
		if (this.direction === "backward" && isNobody(account)) return MINTED;
		const standing = standingStop(account, profile, this.options.stops, this.dated.timeAt(t.position.height));
		if (standing?.label === undefined && parcels !== undefined) this.dated.note(account, profile, t.position);
		return (
			standing ??
			(parcels && this.dustStop(t.asset, parcels)) ??
			this.unreadStop(account, t, profile) ??
			(this.hasRoom(account) ? undefined : OUTSIDE_BUDGET)
		);
	}

	/**
	 * An account that nobody read where money comes ends it there, unless the case holds what it paid of the asset from that height on: then
	 * the money may have gone on in it. Of a contract nobody knows whose the money is that it pays: it ends there, and may be gone.
	 */
	private unreadStop(account: AccountId, t: Arriving, profile: AccountProfile): Stop | undefined {
		const stop = coverageStop(profile, t, this.direction);
		const { unreadEnds = false } = this.options;
		const key = throughKey(account, t.asset);
		const paidTo = stop && this.lastPaid.get(account)?.get(t.asset);
		if (stop !== undefined && paidTo !== undefined && paidTo >= t.position.height) {
			if (profile.isContract) return { ...stop, paidTo };
			this.throughUnread.add(key);
			return unreadEnds ? stop : undefined;
		}
		return stop ?? (unreadEnds && this.throughUnread.has(key) ? ENDS_UNREAD : undefined);
	}

	/** Counts an account that is followed from now on. */
	countFollowed(account: AccountId): void {
		if (!this.options.bounds?.known.has(account)) this.reachedByBounds++;
	}

	private hasRoom(account: AccountId): boolean {
		const { inside, bounds } = this.options;
		if (inside !== undefined) return inside.has(account);
		if (bounds === undefined || bounds.known.has(account) || this.isKept(account)) return true;
		return this.reachedByBounds < bounds.room;
	}

	private dustStop(asset: AssetId, parcels: Parcels): Stop | undefined {
		const threshold = this.options.dust.get(asset) ?? 0n;
		if (parcels.envelope?.most.some((amount) => amount >= threshold)) return undefined;
		if (!isDust(parcels, this.options.rules, this.origins, threshold)) return undefined;
		return { reason: "dust", detail: `arrivals below ${threshold} base units` };
	}
}

function isPayment({ from, to, kind, amount }: Transfer, account: AccountId): boolean {
	return from === account && amount > 0n && (to !== account || kind === "fee");
}
