import {
	type AccountId,
	type AccountProfile,
	type ClusterCut,
	chainOf,
	type Detection,
	formatPosition,
	groupBy,
	type LedgerReader,
	type Position,
} from "@clew/core";
import { DEFAULT_STOP_PARAMETERS, standingStop } from "../../stops.js";
import { Cuts } from "../reasons.js";
import type { AccountPass, FirstFunding, PassOptions } from "./account-pass.js";
import { ACCOUNT_HEURISTIC_VERSION, type AccountClusterParameters, type AccountHeuristic } from "./parameters.js";

/** Why accounts may have one owner: a lead. */
export interface AccountReason {
	readonly heuristic: AccountHeuristic;
	readonly version: number;
	/** The account in the middle first (funder, tank, collector), where its owner is joined, then the others in order of appearance. */
	readonly accounts: readonly AccountId[];
	readonly detail: string;
	/** Positions of the payments that say so, a few. */
	readonly evidence: readonly string[];
}

/** What decides: which heuristics, with which parameters, and what a person took apart. */
export interface AccountClusterOptions extends PassOptions {
	readonly heuristics: ReadonlySet<AccountHeuristic>;
	readonly parameters: AccountClusterParameters;
	readonly cuts: readonly ClusterCut[];
	/** Deposit addresses that detection saw, and whatever else it saw. */
	readonly detections: readonly Detection[];
	/** Accounts that carry a label or have code; of the others nothing is looked up. Where it is left out each account is. */
	readonly noted?: ReadonlySet<AccountId>;
}

const MAX_EVIDENCE = 10;
const NOTHING_NOTED: AccountProfile = { labels: [], isContract: false, coverage: [], transfers: 0 };

/** What each heuristic joins in one pass over a chain. */
export class AccountJoins {
	private readonly source: LedgerReader;
	private readonly pass: AccountPass;
	private readonly options: AccountClusterOptions;
	private readonly isRead: (account: AccountId) => boolean;
	private readonly cuts: Cuts;
	private readonly detections: ReadonlyMap<AccountId, readonly Detection[]>;
	private readonly services = new Map<number, Promise<string | undefined>>();
	private readonly times = new Map<number, number | undefined>();
	private children: ReadonlyMap<number, readonly number[]> | undefined;

	constructor(source: LedgerReader, pass: AccountPass, options: AccountClusterOptions, isRead: (account: AccountId) => boolean) {
		this.source = source;
		this.pass = pass;
		this.options = options;
		this.isRead = isRead;
		this.cuts = new Cuts(options.cuts);
		this.detections = groupBy(options.detections, ({ account }) => account);
	}

	nameOf = (account: number): AccountId => this.pass.table.nameOf(account);
	isKnownFromStart = (account: number): boolean => this.isRead(this.nameOf(account));

	/** Accounts by who funded them first in the case, in order of appearance. */
	byFunder(): ReadonlyMap<number, readonly number[]> {
		if (this.children === undefined) {
			const children = new Map<number, number[]>();
			for (const [account, { funder }] of this.pass.funding) {
				if (funder === undefined) continue;
				const known = children.get(funder);
				if (known === undefined) children.set(funder, [account]);
				else known.push(account);
			}
			this.children = children;
		}
		return this.children;
	}

	/** Why an account links nobody; undefined where it may. */
	serviceOf(account: number): Promise<string | undefined> {
		let known = this.services.get(account);
		if (known === undefined) {
			known = this.lookAt(account);
			this.services.set(account, known);
		}
		return known;
	}

	private async lookAt(account: number): Promise<string | undefined> {
		const { table } = this.pass;
		const { serviceFan } = this.options.parameters;
		const fan = Math.max(table.fanIn(account), table.fanOut(account));
		if (fan >= serviceFan) return `dealt with ${fan} accounts on one side: a service by its size`;
		const name = this.nameOf(account);
		// Its size was looked at above; counting its transfers would cost more than all else.
		const { noted } = this.options;
		const profile = noted === undefined || noted.has(name) ? await this.source.profile(name, 1) : NOTHING_NOTED;
		const seen = this.detections.get(name) ?? [];
		const stop = standingStop(
			name,
			{ ...profile, detections: [...(profile.detections ?? []), ...seen] },
			DEFAULT_STOP_PARAMETERS,
			undefined,
		);
		if (stop !== undefined) return stop.detail;
		return profile.isContract ? "a contract" : undefined;
	}

	private fundingOf = (account: number): FirstFunding => this.pass.funding.get(account) as FirstFunding;

	async "funding-siblings"(): Promise<AccountReason[]> {
		const { siblingSeconds, siblingPercent } = this.options.parameters;
		const reasons: AccountReason[] = [];
		for (const [funder, children] of this.byFunder()) {
			const own = children.filter((child) => this.isKnownFromStart(child) && !this.isCut(child, "funding-siblings"));
			if (own.length < 2 || children.length >= this.options.parameters.serviceFan || this.isCut(funder, "funding-siblings")) continue;
			for (const siblings of await this.siblings(own, siblingSeconds, siblingPercent)) {
				if ((await this.serviceOf(funder)) !== undefined) break;
				const people = await this.withoutServices(siblings);
				if (people.length < 2) continue;
				const detail = `first coins of ${people.length} accounts came from one account within a day, in similar sums`;
				reasons.push(this.reason("funding-siblings", [funder, ...people], detail, people.map(this.fundingOf)));
			}
		}
		return reasons;
	}

	/** Runs of accounts funded within the time and in similar sums; in order of time, each account in one run. */
	private async siblings(accounts: readonly number[], seconds: number, percent: number): Promise<number[][]> {
		const timed: { account: number; time: number; amount: bigint }[] = [];
		for (const account of accounts) {
			const { position, amount } = this.fundingOf(account);
			const time = await this.timeAt(account, position.height);
			// Without times nobody can say that it was the same day.
			if (time !== undefined) timed.push({ account, time, amount });
		}
		timed.sort((a, b) => a.time - b.time);
		const left = new Set(timed);
		const runs: number[][] = [];
		for (const first of timed) {
			if (!left.has(first)) continue;
			const run = [...left].filter(
				({ time, amount }) => time >= first.time && time - first.time <= seconds && isSimilar(amount, first.amount, percent),
			);
			for (const one of run) left.delete(one);
			if (run.length >= 2) runs.push(run.map(({ account }) => account));
		}
		return runs;
	}

	/** When a block of the account's chain was made; each is read once. */
	private async timeAt(account: number, height: number): Promise<number | undefined> {
		if (!this.times.has(height)) this.times.set(height, (await this.source.header(chainOf(this.nameOf(account)), height))?.time);
		return this.times.get(height);
	}

	async "gas-tank"(): Promise<AccountReason[]> {
		const { tankLeast, gasMost } = this.options.parameters;
		const reasons: AccountReason[] = [];
		for (const [tank, children] of this.byFunder()) {
			const given = children.filter(
				(child) =>
					this.pass.movedTokensFirst.has(child) &&
					this.fundingOf(child).amount <= gasMost &&
					this.isKnownFromStart(child) &&
					!this.isCut(child, "gas-tank"),
			);
			if (given.length < tankLeast || this.isCut(tank, "gas-tank") || (await this.serviceOf(tank)) !== undefined) continue;
			const people = await this.withoutServices(given);
			if (people.length < tankLeast) continue;
			const detail = `gave ${people.length} accounts that held tokens and no coins the gas with which they moved them`;
			reasons.push(this.reason("gas-tank", [tank, ...people], detail, people.map(this.fundingOf)));
		}
		return reasons;
	}

	async consolidation(): Promise<AccountReason[]> {
		const { consolidationLeast, consolidationPercent } = this.options.parameters;
		const sources = [...this.pass.paid].filter(
			([account, { toTarget, total }]) => toTarget * 100n >= total * BigInt(consolidationPercent) && !this.isCut(account, "consolidation"),
		);
		const reasons: AccountReason[] = [];
		for (const [target, group] of groupBy(sources, ([, { target }]) => target)) {
			if (group.length < consolidationLeast || this.isCut(target, "consolidation") || (await this.serviceOf(target)) !== undefined)
				continue;
			const people = await this.withoutServices(group.map(([account]) => account));
			const own = this.fundedTogether(people);
			if (own.length < consolidationLeast) continue;
			const detail = `${own.length} accounts that one account had funded paid all they paid into this one`;
			const paid = own.map((account) => this.pass.paid.get(account)).filter((one) => one !== undefined);
			reasons.push(this.reason("consolidation", [target, ...own], detail, paid));
		}
		return reasons;
	}

	/** The largest part of some accounts whose first coins came from one account: strangers who pay one receiver have none in common. */
	private fundedTogether(accounts: readonly number[]): readonly number[] {
		const known = accounts.filter((account) => this.isKnownFromStart(account) && this.pass.funding.get(account)?.funder !== undefined);
		const groups = groupBy(known, (account) => this.fundingOf(account).funder as number);
		return [...groups.entries()]
			.filter(([funder]) => this.pass.table.fanOut(funder) < this.options.parameters.serviceFan)
			.map(([, group]) => group)
			.reduce((most, group) => (group.length > most.length ? group : most), [] as number[]);
	}

	async "deposit-reuse"(): Promise<AccountReason[]> {
		const { depositPayers } = this.options.parameters;
		const reasons: AccountReason[] = [];
		for (const [deposit, payers] of this.pass.payers) {
			const own = [...payers].filter(([payer]) => !this.isCut(payer, "deposit-reuse"));
			if (own.length < 2 || own.length > depositPayers || this.isCut(deposit, "deposit-reuse")) continue;
			const people = new Set(await this.withoutServices(own.map(([payer]) => payer)));
			if (people.size < 2) continue;
			const detail = `${people.size} accounts paid into the deposit address ${this.nameOf(deposit)}, which a service gives one customer`;
			const paid = own.filter(([payer]) => people.has(payer)).map(([, position]) => ({ position }));
			reasons.push(this.reason("deposit-reuse", [...people], detail, paid));
		}
		return reasons;
	}

	private async withoutServices(accounts: readonly number[]): Promise<number[]> {
		const people: number[] = [];
		for (const account of accounts) if ((await this.serviceOf(account)) === undefined) people.push(account);
		return people;
	}

	private isCut(account: number, heuristic: AccountHeuristic): boolean {
		return this.options.cuts.length > 0 && this.cuts.has(this.nameOf(account), heuristic);
	}

	private reason(
		heuristic: AccountHeuristic,
		accounts: readonly number[],
		detail: string,
		evidence: readonly { readonly position: Position }[],
	): AccountReason {
		return {
			heuristic,
			version: ACCOUNT_HEURISTIC_VERSION,
			accounts: accounts.map(this.nameOf),
			detail,
			evidence: evidence.slice(0, MAX_EVIDENCE).map(({ position }) => formatPosition(position)),
		};
	}
}

/** Neither is more than that much above the other. */
function isSimilar(a: bigint, b: bigint, percent: number): boolean {
	const [less, more] = a < b ? [a, b] : [b, a];
	return more * 100n <= less * BigInt(100 + percent);
}
