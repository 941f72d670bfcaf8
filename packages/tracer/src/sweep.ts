import {
	type AccountId,
	type AssetId,
	after,
	type Coverage,
	comparePositions,
	type LedgerSource,
	MAX_EVENT_INDEX,
	minAmount,
	type Position,
	type Rule,
	startOf,
	type Transfer,
	throwIfAborted,
} from "@clew/core";
import { Books } from "./books.js";
import {
	addSupply,
	type Envelope,
	envelopeOf,
	type Frame,
	limitWithin,
	newFrame,
	noteMark,
	totalsOf,
	withEnvelope,
} from "./bounds/envelope.js";
import { markEnvelope } from "./bounds/ledger-bounds.js";
import { convertParcels, isLeg } from "./conversion.js";
import {
	beginTransaction,
	canBegin,
	type FollowedAccount,
	FollowedAccounts,
	ledgerOf,
	SCAN_THOUGHT_OF_AFTER,
} from "./followed-accounts.js";
import { heldStop } from "./held.js";
import { cleanParcels, hasTaint, heldParcels, markIn, type Parcels, putInto, takeFrom } from "./ledger.js";
import { markParcel } from "./rules/index.js";
import { type SeedMark, type SeedPlan, seedsArrival } from "./seeds.js";
import { assetKind, OUTSIDE_BUDGET, type Stop, stopFor } from "./stops.js";
import type { SweepOptions, SweepOutcome } from "./sweep-options.js";
import { isDust } from "./tally.js";

/** Something that seeds make happen at a position, besides the ledgers' own transfers. */
type Task = { readonly at: Position } & ({ readonly handle: Transfer } | { readonly open: Transfer } | { readonly mark: SeedMark });

const CHECK_EVERY = 1024;
/** Above any amount. */
const NO_LIMIT = 1n << 260n;
const GIVEN_IN_EXCHANGE: Stop = { reason: "swap", detail: "given in an exchange; what came back is not traced" };

/**
 * One pass in time over the ledgers that taint reaches, all rules at once.
 *
 * `FollowedAccounts` gives the followed accounts' transfers in order; an account is activated when taint first reaches it, its
 * earlier balance becomes one clean lot, and its ledger is read from there on. Taint arrives at or after the current
 * position only, so one pass is exact. Cost: O(e log a) for e events of followed accounts after activation and a
 * followed accounts, plus the lots that move. Throws InterruptedError, ClewError (CONSERVATION), and what the source throws.
 */
export async function sweep(source: LedgerSource, plan: SeedPlan, options: SweepOptions): Promise<SweepOutcome> {
	return new Sweep(source, plan, options).run();
}

class Sweep {
	private readonly source: LedgerSource;
	private readonly plan: SeedPlan;
	private readonly options: SweepOptions;
	private readonly rules: readonly Rule[];
	private readonly accounts: FollowedAccounts;
	private readonly books: Books;
	private readonly decisions = new Map<string, Stop>();
	/** What each seed may still mark, by origin and rule. */
	private readonly limits: bigint[][];
	private nextSeeded = 0;
	private handled: Position | undefined;
	private count = 0;
	/** Present where bounds are kept. */
	private readonly frame: Frame | undefined;
	private missing = false;
	private reachedByBounds = 0;

	constructor(source: LedgerSource, plan: SeedPlan, options: SweepOptions) {
		this.source = source;
		this.plan = plan;
		this.options = options;
		this.rules = options.rules;
		const { bounds, until } = options;
		const limits = plan.seeds.map((seed) => seed.limit);
		this.frame = bounds && newFrame(options.rules, limits);
		const ahead = this.frame && { frame: this.frame, until };
		this.accounts = new FollowedAccounts(source, plan.chain, options.scanThoughtOfAfter ?? SCAN_THOUGHT_OF_AFTER, ahead);
		this.books = new Books(options.rules, plan.seeds.length, this.frame);
		this.limits = plan.seeds.map((seed) => options.rules.map(() => seed.limit ?? NO_LIMIT));
	}

	private get exceeded(): boolean {
		return this.accounts.size > this.options.maxAccounts;
	}

	async run(): Promise<SweepOutcome> {
		for (const seed of this.plan.seeds) {
			if (seed.kind !== "account") continue;
			const state = this.accounts.get(seed.account) ?? (await this.accounts.activate(seed.account, seed.since, seed.since));
			Object.assign(state.follows, { native: true, token: true });
		}
		const tasks = seedTasks(this.plan);
		let done = 0;
		while (!this.exceeded) {
			const next = this.accounts.next();
			const task = tasks[done];
			if (task !== undefined && (next === undefined || comparePositions(task.at, next.position) <= 0)) {
				done++;
				await this.perform(task);
			} else if (next === undefined || this.isOutside(next.position)) break;
			else {
				// Awaiting only what must be read keeps most of the loop synchronous, which is what makes it fast.
				const moving = this.handle(next);
				if (moving !== undefined) await moving;
				const reading = this.accounts.advance();
				if (reading !== undefined) await reading;
				if (this.count % CHECK_EVERY === 0) await this.report(next.position.height);
			}
		}
		for (const state of this.accounts.all()) await this.collectHeld(state);
		const { books, frame } = this;
		return {
			leaves: books.leaves,
			seedings: books.seedings,
			sums: books.sums,
			unknownFunds: books.unknownFunds,
			followed: new Map([...this.accounts.all()].map(({ account, since }) => [account, since])),
			openingShortfalls: this.accounts.shortfalls,
			transfers: this.count,
			exceeded: this.exceeded,
			missing: this.missing,
			...(frame === undefined ? {} : { frame, boundsOf: (leaf) => boundsOf(frame, books.boundsOf(leaf)) }),
		};
	}

	private isOutside(position: Position): boolean {
		return this.options.until !== undefined && position.height > this.options.until;
	}

	private async perform(task: Task): Promise<void> {
		if (this.isOutside(task.at)) return;
		if ("handle" in task) await this.handle(task.handle);
		else if ("open" in task) await this.openReceiver(task.open, task.at);
		else this.markReceipt(task.mark);
	}

	/** Handles each transfer once, whichever of its two ledgers, or a seed, brings it first. */
	private handle(t: Transfer): Promise<void> | undefined {
		if (this.handled !== undefined && comparePositions(this.handled, t.position) >= 0) return undefined;
		this.handled = t.position;
		this.count++;
		// A transfer cuts one lot in two, and a seed one more.
		if (this.frame !== undefined) this.frame.pieces += 2n;
		if (t.amount === 0n) return undefined;
		const sender = this.accounts.get(t.from);
		const receiver = this.accounts.get(t.to);
		if (canBegin(sender, t) && canBegin(receiver, t)) return this.move(t, sender, receiver);
		return this.readThenMove(t, sender, receiver);
	}

	private async readThenMove(t: Transfer, sender: FollowedAccount | undefined, receiver: FollowedAccount | undefined): Promise<void> {
		await sender?.cursor.fillHeadTransaction();
		await receiver?.cursor.fillHeadTransaction();
		await this.move(t, sender, receiver);
	}

	private async report(height: number): Promise<void> {
		throwIfAborted(this.options.signal);
		this.options.onProgress?.({ transfers: this.count, accounts: this.accounts.size, height });
		// Let timers, signals and output have their turn.
		await new Promise((resolve) => setImmediate(resolve));
	}

	private move(t: Transfer, sender: FollowedAccount | undefined, receiver: FollowedAccount | undefined): Promise<void> | undefined {
		if (this.options.conversions) {
			if (sender !== undefined) beginTransaction(sender, t);
			if (receiver !== undefined) beginTransaction(receiver, t);
		}
		if (t.kind === "fee") {
			if (sender !== undefined) this.payFee(sender, t);
			return undefined;
		}
		if (t.from === t.to) return undefined;
		const paysLeg = sender !== undefined && isLeg(sender.conversion, t);
		const getsLeg = receiver !== undefined && isLeg(receiver.conversion, t);
		if (paysLeg) this.convert(sender, t);
		if (getsLeg) this.convert(receiver, t);
		const parcels = sender !== undefined && !paysLeg ? this.take(sender, t.asset, t.amount, t.position) : undefined;
		if (!getsLeg) return this.deliver(t, receiver, this.markArrival(t, parcels));
		if (parcels !== undefined) this.books.stop(t.from, t.asset, GIVEN_IN_EXCHANGE, parcels, t.position);
		return undefined;
	}

	private take(state: FollowedAccount, asset: AssetId, amount: bigint, at: Position): Parcels | undefined {
		const ledger = ledgerOf(state, asset);
		const { parcels, unknown } = takeFrom(ledger, this.rules, amount);
		if (unknown > 0n) {
			this.books.lack(state.account, asset, unknown, at);
			this.missing ||= ledger.touched;
		}
		return parcels;
	}

	private payFee(sender: FollowedAccount, t: Transfer): void {
		const parcels = this.take(sender, t.asset, t.amount, t.position);
		if (parcels === undefined) return;
		this.books.add(t.asset, "fees", parcels);
		this.options.onEdge?.({ transfer: t, parcels });
	}

	/** Carries out an account's exchange, at its first leg: what it pays net leaves, and the taint arrives in what it gets. */
	private convert(state: FollowedAccount, t: Transfer): void {
		const sides = state.conversion;
		if (sides === undefined || state.converted) return;
		state.converted = true;
		const parcels = this.take(state, sides.pays, sides.paid, t.position);
		const into = parcels && convertParcels(this.rules, parcels, sides, this.frame?.pieces ?? 0n);
		if (into !== undefined && this.frame !== undefined) addSupply(this.frame, sides.gets, envelopeOf(this.frame, into).most);
		putInto(ledgerOf(state, sides.gets), this.rules, sides.got, into);
		if (parcels === undefined || into === undefined) return;
		this.books.add(sides.pays, "convertedOut", parcels);
		this.books.add(sides.gets, "convertedIn", into);
		this.options.onEdge?.({ transfer: t, parcels, conversion: { account: state.account, sides, into } });
	}

	/** What seeds mark of an arrival; in seed order, so that a unit is marked once. */
	private markArrival(t: Transfer, parcels: Parcels | undefined): Parcels | undefined {
		let current = parcels;
		const mark = ({ origin, cap, arrival }: Omit<SeedMark, "transfer">) => {
			// What comes out of a passage was bounded where it went in.
			const limits = arrival === undefined ? this.limitsOf(origin, cap) : this.rules.map((rule) => arrival.marks.get(rule) ?? 0n);
			const before = current ?? cleanParcels(this.rules);
			const results = before.map((parcel, i) => markParcel(this.rules[i] as Rule, parcel, t.amount, origin, limits[i] ?? 0n));
			const marked = results.map((result) => result.marked);
			const envelope = this.markBounds(t, before, marked, { origin, cap, ...(arrival ? { arrival } : {}) });
			if (envelope === undefined && marked.every((amount) => amount === 0n)) return;
			const after = results.map((result) => result.parcel);
			current = envelope === undefined ? after : withEnvelope(after, envelope);
			if (arrival === undefined) this.noteMarked(origin, t, marked);
			else this.books.seed(origin, t, marked, arrival.key, arrival.range);
		};
		for (const seeded of this.seededAt(t.position)) mark(seeded);
		for (const [origin, seed] of this.plan.seeds.entries()) if (seedsArrival(seed, t)) mark({ origin, cap: t.amount });
		return current;
	}

	/** What an arrival holds after a mark, as bounds; undefined where the rules' own amounts are exact. */
	private markBounds(t: Transfer, before: Parcels, marked: readonly bigint[], { origin, cap, arrival }: Omit<SeedMark, "transfer">) {
		const { frame } = this;
		if (frame === undefined) return undefined;
		const exact = envelopeOf(
			frame,
			marked.map((amount) => [{ origin, amount }]),
		);
		const limit =
			arrival === undefined
				? limitWithin(frame, origin, cap)
				: { least: arrival.range?.[0] ?? 0n, most: arrival.range?.[1] ?? 0n, exact: arrival.range === undefined };
		const open = before.envelope !== undefined || !limit.exact;
		if (!open) {
			noteMark(frame, t.asset, origin, exact, false, arrival === undefined);
			return undefined;
		}
		const range = arrival !== undefined && limit.exact ? rangeOf(frame, arrival.marks, origin) : limit;
		const { after, marked: bounds } = markEnvelope(frame, envelopeOf(frame, before), origin, range, t.amount, t.amount);
		noteMark(frame, t.asset, origin, bounds, true, arrival === undefined);
		return after;
	}

	/** The transfer seeds at a position; positions only grow, so one pass over the sorted list serves them all. */
	private seededAt(position: Position): readonly SeedMark[] {
		const { transfers } = this.plan;
		const place = (at: number) => comparePositions((transfers[at] as SeedMark).transfer.position, position);
		while (this.nextSeeded < transfers.length && place(this.nextSeeded) < 0) this.nextSeeded++;
		let end = this.nextSeeded;
		while (end < transfers.length && place(end) === 0) end++;
		return transfers.slice(this.nextSeeded, end);
	}

	private limitsOf(origin: number, cap: bigint): bigint[] {
		return (this.limits[origin] ?? []).map((left) => minAmount(left, cap));
	}

	private noteMarked(origin: number, t: Transfer, marked: readonly bigint[]): void {
		for (const [i, amount] of marked.entries()) (this.limits[origin] as bigint[])[i] = (this.limits[origin]?.[i] ?? 0n) - amount;
		this.books.seed(origin, t, marked);
	}

	private deliver(t: Transfer, receiver: FollowedAccount | undefined, parcels: Parcels | undefined): Promise<void> | undefined {
		if (parcels !== undefined) this.options.onEdge?.({ transfer: t, parcels });
		if (receiver !== undefined && (parcels === undefined || receiver.follows[assetKind(t.asset)])) {
			putInto(ledgerOf(receiver, t.asset), this.rules, t.amount, parcels);
			return undefined;
		}
		return parcels === undefined ? undefined : this.deliverFirst(t, receiver, parcels);
	}

	/** Taint reaches an account, or a kind of its assets, that is not followed yet: decide whether it is from here on. */
	private async deliverFirst(t: Transfer, receiver: FollowedAccount | undefined, parcels: Parcels): Promise<void> {
		const stop = this.dustStop(t, parcels) ?? (await this.decide(t));
		if (stop !== undefined) {
			if (receiver !== undefined) putInto(ledgerOf(receiver, t.asset), this.rules, t.amount, undefined);
			this.books.stop(t.to, t.asset, stop, parcels, t.position);
			return;
		}
		const followed = receiver ?? (await this.accounts.activate(t.to, t.position, after(t.position)));
		followed.transaction ??= t;
		followed.follows[assetKind(t.asset)] = true;
		putInto(ledgerOf(followed, t.asset), this.rules, t.amount, parcels);
	}

	private dustStop(t: Transfer, parcels: Parcels): Stop | undefined {
		const threshold = this.options.dust.get(t.asset) ?? 0n;
		if (parcels.envelope?.most.some((amount) => amount >= threshold)) return undefined;
		if (!isDust(parcels, this.rules, this.plan.seeds.length, threshold)) return undefined;
		return { reason: "dust", detail: `arrivals below ${threshold} base units` };
	}

	/** Whether the receiver is followed, decided once per account and kind of asset. */
	private async decide(t: Transfer): Promise<Stop | undefined> {
		const key = decisionKey(t);
		const known = this.decisions.get(key);
		// Where only bounds see the first arrival, what it met does not bind a later one.
		if (known !== undefined && this.frame === undefined) return known;
		const { stops, inside } = this.options;
		const profile = await this.source.profile(t.to, stops.serviceTransfers);
		const stop = stopFor(t.to, profile, t, stops) ?? (this.hasRoom(t.to, inside) ? undefined : OUTSIDE_BUDGET);
		if (stop !== undefined) this.decisions.set(key, stop);
		return stop;
	}

	private hasRoom(account: AccountId, inside: ReadonlySet<AccountId> | undefined): boolean {
		if (inside !== undefined) return inside.has(account);
		const { bounds } = this.options;
		if (bounds === undefined || bounds.known.has(account) || this.accounts.get(account) !== undefined) return true;
		if (this.reachedByBounds >= bounds.room) return false;
		this.reachedByBounds++;
		return true;
	}

	/** Follows a net receiver of a seeded transaction from the transaction's start, unless the trace stops there. */
	private async openReceiver(receipt: Transfer, at: Position): Promise<void> {
		if ((await this.decide(receipt)) !== undefined) return;
		const state = this.accounts.get(receipt.to) ?? (await this.accounts.activate(receipt.to, at, at));
		state.follows[assetKind(receipt.asset)] = true;
	}

	/** Marks a net receipt of a seeded transaction when the transaction is over. */
	private markReceipt({ origin, transfer: t, cap }: SeedMark): void {
		const limits = this.limitsOf(origin, cap);
		const state = this.accounts.get(t.to);
		const followed = state?.follows[assetKind(t.asset)] ? state : undefined;
		const within = this.frame && limitWithin(this.frame, origin, cap);
		const parcels = followed
			? markIn(ledgerOf(followed, t.asset), this.rules, limits, origin, within)
			: this.markStopped(t, limits, origin, cap);
		if (!hasTaint(parcels)) return;
		if (followed !== undefined && parcels.envelope === undefined && this.frame !== undefined)
			noteMark(this.frame, t.asset, origin, envelopeOf(this.frame, parcels), false, true);
		const marked = parcels.map((parcel) => parcel[0]?.amount ?? 0n);
		this.noteMarked(origin, t, marked);
		this.options.onEdge?.({ transfer: t, parcels });
		const stop = this.decisions.get(decisionKey(t));
		if (followed === undefined && stop !== undefined) this.books.stop(t.to, t.asset, stop, parcels, t.position);
	}

	/** What a seed marks at an account that is not followed. */
	private markStopped(t: Transfer, limits: readonly bigint[], origin: number, cap: bigint): Parcels {
		const parcels = limits.map((amount) => [{ origin, amount }]);
		const envelope = this.markBounds(t, cleanParcels(this.rules), limits, { origin, cap });
		return envelope === undefined ? parcels : withEnvelope(parcels, envelope);
	}

	private async collectHeld(state: FollowedAccount): Promise<void> {
		let later: boolean | undefined;
		for (const ledger of state.ledgers.values()) {
			const { asset, bounds } = ledger;
			if (bounds !== undefined) this.books.leaveOpen(state.account, asset, bounds.uncertain);
			const parcels = heldParcels(ledger);
			if (!hasTaint(parcels)) continue;
			later ??= await this.hasLater(state.account);
			const stop: Stop = later
				? { reason: "time-window", detail: `held at height ${this.options.until}; it has later transfers` }
				: heldStop(this.plan.chain, asset, await this.coverageOf(state.account), state.since.height, this.options.until);
			this.books.hold(state.account, asset, stop, parcels, state.since, stop.reason === "unfetched" ? "stopped" : "held");
		}
	}

	private async coverageOf(account: AccountId): Promise<readonly Coverage[]> {
		return (await this.source.profile(account, 1)).coverage;
	}

	/** True when the time window hides transfers of an account. */
	private async hasLater(account: AccountId): Promise<boolean> {
		const { until } = this.options;
		return until !== undefined && (await this.source.ledger(account, startOf(until + 1), 1)).length > 0;
	}
}

function boundsOf(frame: Frame, envelope: Envelope | undefined): { least: bigint; most: bigint } | undefined {
	return envelope && totalsOf(frame, envelope);
}

/** What the rules mark of a passage's far end, as bounds. */
function rangeOf(frame: Frame, marks: ReadonlyMap<Rule, bigint>, origin: number): { least: bigint; most: bigint } {
	const { least, most } = envelopeOf(
		frame,
		frame.rules.map((rule) => [{ origin, amount: marks.get(rule) ?? 0n }]),
	);
	return { least: least[origin] ?? 0n, most: most[origin] ?? 0n };
}

function decisionKey(t: Transfer): string {
	return `${t.to} ${assetKind(t.asset)}`;
}

/** Seeded transfers at their place; for seeded transactions, receivers opened before it and marks after it. */
function seedTasks({ transfers, receipts }: SeedPlan): Task[] {
	const tasks: Task[] = transfers.map(({ transfer }) => ({ at: transfer.position, handle: transfer }));
	for (const receipt of receipts) {
		const { height, txIndex } = receipt.transfer.position;
		tasks.push({ at: { height, txIndex, eventIndex: 0 }, open: receipt.transfer });
		tasks.push({ at: { height, txIndex, eventIndex: MAX_EVENT_INDEX }, mark: receipt });
	}
	return tasks.sort((a, b) => comparePositions(a.at, b.at));
}
