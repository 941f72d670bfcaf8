import type { AccountId, AccountProfile, AssetId, LedgerReader, Position, Transfer } from "@clew/core";
import { DatedLabels } from "./dated-labels.js";
import type { Parcels } from "./ledger.js";
import type { SeedPlan } from "./seeds.js";
import { type Arriving, coverageStop, OUTSIDE_BUDGET, type Stop, standingStop } from "./stops.js";
import type { SweepOptions } from "./sweep-options.js";
import { isDust } from "./tally.js";

/** Where money that arrives is followed, and what a sweep knows of the accounts at which it does. */
export class ArrivalStops {
	/** Profiles of accounts at which tainted money came. */
	readonly profiles = new Map<AccountId, AccountProfile>();
	private readonly source: LedgerReader;
	private readonly options: SweepOptions;
	private readonly origins: number;
	private readonly dated: DatedLabels;
	private readonly isKept: (account: AccountId) => boolean;
	private reachedByBounds = 0;

	/** `isKept` tells of accounts that are followed already. */
	constructor(source: LedgerReader, plan: SeedPlan, options: SweepOptions, isKept: (account: AccountId) => boolean) {
		this.source = source;
		this.options = options;
		this.origins = plan.seeds.length;
		this.dated = new DatedLabels(source, plan.chain, options.stops);
		this.isKept = isKept;
	}

	/** Labels that had ended when money came. */
	get passedLabels(): DatedLabels["passed"] {
		return this.dated.passed;
	}

	/** The profile of an account, and the time of an arrival there if its labels need it. */
	async profileOf(account: AccountId, { height }: Position): Promise<AccountProfile> {
		const known = this.profiles.get(account) ?? (await this.source.profile(account, this.options.stops.serviceTransfers));
		this.profiles.set(account, known);
		await this.dated.read(known, height);
		return known;
	}

	/** True where labels of an account at which money arrives now have dates: proceeds of an exchange arrive at the sender. */
	mustReadTime({ to, position: { height } }: Transfer, sender: AccountProfile | undefined): boolean {
		return this.dated.mustRead(sender, height) || this.dated.mustRead(this.profiles.get(to), height);
	}

	/** Reads what {@link ArrivalStops.mustReadTime} asks for. */
	async readTime({ to, position: { height } }: Transfer, sender: AccountProfile | undefined): Promise<void> {
		await this.dated.read(sender, height);
		await this.dated.read(this.profiles.get(to), height);
	}

	/**
	 * Why money that arrives is not followed, asked at each arrival: whose the account is, how little it is (where that is known), what was
	 * fetched, the budget.
	 */
	stopAt(account: AccountId, t: Arriving, profile: AccountProfile, parcels: Parcels | undefined): Stop | undefined {
		const standing = standingStop(account, profile, this.options.stops, this.dated.timeAt(t.position.height));
		if (standing?.label === undefined && parcels !== undefined) this.dated.note(account, profile, t.position);
		return (
			standing ??
			(parcels && this.dustStop(t.asset, parcels)) ??
			coverageStop(profile, t) ??
			(this.hasRoom(account) ? undefined : OUTSIDE_BUDGET)
		);
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
