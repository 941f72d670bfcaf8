import {
	type AccountId,
	type AccountProfile,
	after,
	comparePositions,
	type LedgerReader,
	type Position,
	type Rule,
	type Transfer,
	throwIfAborted,
} from "@clew/core";
import { ArrivalStops } from "./arrival-stops.js";
import { askAbout } from "./backward/asked-balance.js";
import { Books } from "./books.js";
import { addSupply, type Envelope, envelopeOf, type Frame, newFrame, totalsOf } from "./bounds/envelope.js";
import { ChainLedgers, SCAN_THOUGHT_OF_AFTER } from "./chain-ledgers.js";
import { convertParcels, isGiven, isLeg, nettingOf } from "./conversion.js";
import { begin, beginTransaction, canBegin, type FollowedAccount, FollowedAccounts, ledgerOf } from "./followed-accounts.js";
import { HeldAtEnd, unorderedOf } from "./held-at-end.js";
import { hasTaint, markIn, type Parcels } from "./ledger.js";
import { cameTo, LedgerMoves } from "./ledger-moves.js";
import { besidesProceeds, type Marked, Marking, parcelsOfMarks } from "./marking.js";
import { SeedArrivals } from "./seed-arrivals.js";
import { earlier, seedTasks, type Task } from "./seed-tasks.js";
import { type ReceiptsSweep, SeededReceipts } from "./seeded-receipts.js";
import type { SeedMark, SeedPlan } from "./seeds.js";
import type { Stop } from "./stops.js";
import type { StoppedAt, SweepEdge, SweepOptions, SweepOutcome } from "./sweep-options.js";

const CHECK_EVERY = 1024;
const GIVEN_IN_EXCHANGE: Stop = { reason: "swap", detail: "given in an exchange; what came back is not traced" };

/**
 * One pass in time over the ledgers that taint reaches, all rules at once.
 *
 * `FollowedAccounts` gives the followed accounts' transfers in order; an account is activated when taint first reaches it, its
 * earlier balance becomes one clean lot, and its ledger is read from there on. Taint arrives at or after the current
 * position only, so one pass is exact. Cost: O(e log a) for e events of followed accounts after activation and a
 * followed accounts, plus the lots that move. Throws InterruptedError, ClewError (CONSERVATION), and what the source throws.
 */
export async function sweep(source: LedgerReader, plan: SeedPlan, options: SweepOptions): Promise<SweepOutcome> {
	return new Sweep(source, plan, options).run();
}

class Sweep {
	private readonly source: LedgerReader;
	private readonly plan: SeedPlan;
	private readonly options: SweepOptions;
	private readonly rules: readonly Rule[];
	private readonly accounts: FollowedAccounts;
	private readonly books: Books;
	private readonly marking: Marking;
	/** What is open where it went into a passage is open where it comes out. */
	private readonly openArrivals: boolean;
	private readonly seedArrivals: SeedArrivals;
	private readonly stops: ArrivalStops;
	private readonly moves: LedgerMoves;
	private readonly given: SweepEdge[] = [];
	private readonly receiving: ReceiptsSweep;
	private readonly receipts: SeededReceipts;
	private handled: Position | undefined;
	private count = 0;
	/** Present where bounds are kept. */
	private readonly frame: Frame | undefined;

	constructor(source: LedgerReader, plan: SeedPlan, options: SweepOptions) {
		this.source = source;
		this.plan = plan;
		this.options = options;
		this.rules = options.rules;
		const { bounds, until } = options;
		const limits = plan.seeds.map((seed) => seed.limit);
		this.frame = bounds && newFrame(options.rules, limits);
		const ledgers = new ChainLedgers(source, plan.chain, options.scanThoughtOfAfter ?? SCAN_THOUGHT_OF_AFTER, until, bounds !== undefined);
		this.accounts = new FollowedAccounts(source, ledgers, until, this.frame, options.backward);
		this.books = new Books(options.rules, plan.seeds.length, this.frame);
		this.marking = new Marking(plan, options.rules, this.frame);
		this.seedArrivals = new SeedArrivals(source);
		this.openArrivals = plan.transfers.some(({ arrival }) => arrival?.range !== undefined);
		this.stops = new ArrivalStops(source, plan, options, (account) => this.accounts.get(account) !== undefined);
		this.moves = new LedgerMoves(options.rules, this.books);
		const { rules, frame, accounts, stops, marking, books } = this;
		this.receiving = {
			rules,
			frame,
			accounts,
			stops,
			marking,
			books,
			activate: (profile, account, at) => this.activate(profile, account, at, at),
			stop: (...stopped) => this.stop(...stopped),
			tell: (edge) => options.onEdge?.(edge),
		};
		this.receipts = new SeededReceipts(this.receiving);
	}

	private get exceeded(): boolean {
		return this.accounts.size > this.options.maxAccounts;
	}

	/** True when another sweep is to tell what holds, whatever this one would find further on. */
	private get givesUp(): boolean {
		return this.exceeded || (this.options.giveUpWhenMissing === true && this.lacks);
	}

	private get lacks(): boolean {
		return this.openArrivals || this.moves.missing || this.accounts.unordered;
	}

	async run(): Promise<SweepOutcome> {
		await this.seedArrivals.open(this.plan.seeds);
		const tasks = seedTasks(this.plan);
		let done = 0;
		while (!this.givesUp) {
			const next = this.accounts.next();
			const arrival = this.seedArrivals.next();
			const task = earlier(tasks[done], arrival === undefined ? undefined : { at: arrival.position, handle: arrival });
			if (task !== undefined && (next === undefined || comparePositions(task.at, next.position) <= 0)) {
				if (this.isOutside(task.at)) break;
				if (task === tasks[done]) done++;
				else if (arrival !== undefined) await this.seedArrivals.pass(arrival);
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
		const { books, frame } = this;
		const held = new HeldAtEnd(this.source, this.plan.chain, books, frame, this.options.until);
		for (const state of this.accounts.all()) await held.collect(state);
		const kept = [...this.accounts.all()];
		const since = (states: readonly FollowedAccount[]) => new Map(states.map((state) => [state.account, state.since]));
		return {
			leaves: books.leaves,
			seedings: books.seedings,
			sums: books.sums,
			unknownFunds: books.unknownFunds,
			unreadOutflows: books.unreadOutflows,
			passedLabels: this.stops.passedLabels,
			unorderedBlocks: kept.flatMap(unorderedOf),
			followed: since(kept.filter((state) => state.followed)),
			kept: since(kept),
			openingShortfalls: this.accounts.shortfalls,
			given: this.given,
			transfers: this.count,
			exceeded: this.exceeded,
			missing: this.lacks || held.missing,
			profiles: this.stops.profiles,
			throughUnread: this.stops.throughUnread,
			...(frame === undefined ? {} : { frame, boundsOf: (leaf) => boundsOf(frame, books.boundsOf(leaf)) }),
		};
	}

	private isOutside(position: Position): boolean {
		return this.options.until !== undefined && position.height > this.options.until;
	}

	private async perform(task: Task): Promise<void> {
		if ("handle" in task) await this.handle(task.handle);
		else if ("holds" in task) await askAbout(task.holds, this.receiving);
		else if ("open" in task) await this.receipts.open(task.open, task.at);
		else this.receipts.close(task.close);
	}

	/** Handles each transfer once, whichever of its two ledgers, or a seed, brings it first. */
	private handle(t: Transfer): Promise<void> | undefined {
		if (this.handled !== undefined && comparePositions(this.handled, t.position) >= 0) return undefined;
		this.handled = t.position;
		this.count++;
		this.countPieces();
		if (t.amount === 0n) return undefined;
		const sender = this.accounts.get(t.from);
		const receiver = this.accounts.get(t.to);
		const moving =
			canBegin(sender, t) && canBegin(receiver, t) && !this.stops.mustRead(t, sender?.profile)
				? this.move(t, sender, receiver)
				: this.readThenMove(t, sender, receiver);
		if (this.options.backward === undefined) return moving;
		if (moving !== undefined) return moving.then(() => this.leaveLegs(t));
		this.leaveLegs(t);
		return undefined;
	}

	/** Backward: behind the last leg of an exchange, what came unread for its legs leaves. */
	private leaveLegs(t: Transfer): void {
		for (const account of [t.from, t.to]) {
			const state = this.accounts.get(account);
			if (state !== undefined) this.moves.leaveLegs(state, t);
		}
	}

	/** A transfer cuts one lot in two and is one lot more, or one more of every seed that marks it. */
	private countPieces(): void {
		if (this.frame !== undefined) this.frame.pieces += BigInt(2 + this.plan.seeds.length);
	}

	private async readThenMove(t: Transfer, sender: FollowedAccount | undefined, receiver: FollowedAccount | undefined): Promise<void> {
		await sender?.cursor.fillHeadTransaction();
		await receiver?.cursor.fillHeadTransaction();
		await this.stops.readFirst(t, sender?.profile);
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
			// Backward a fee comes back, of nobody's money.
			else if (receiver !== undefined) this.moves.put(receiver, t.asset, t.amount, undefined, t.position);
			return undefined;
		}
		if (t.from === t.to) return undefined;
		const paysLeg = sender !== undefined && isLeg(sender.conversion, t);
		if (paysLeg) this.convert(sender, t);
		const taken = sender !== undefined && !paysLeg ? this.moves.take(sender, t.asset, t.amount, t.position) : undefined;
		const given = taken !== undefined && isGiven(sender?.conversion, t);
		if (given) this.give(t, taken);
		const carried = given ? undefined : taken;
		const seeds = this.marking.seedsOf(t);
		if (carried === undefined && seeds.length === 0) {
			if (receiver !== undefined) this.putClean(receiver, t);
			return undefined;
		}
		const profile = receiver?.profile ?? this.stops.profiles.get(t.to);
		if (profile === undefined)
			return this.stops.profileOf(t.to, t.position).then((known) => this.arrive(t, receiver, known, carried, seeds));
		return this.arrive(t, receiver, profile, carried, seeds);
	}

	private payFee(sender: FollowedAccount, t: Transfer): void {
		const parcels = this.moves.takeFee(sender, t);
		if (parcels === undefined) return;
		this.books.add(t.asset, "fees", parcels);
		this.options.onEdge?.({ transfer: t, parcels, goesOn: true });
	}

	/** Carries out an account's exchange, at its first leg: what it pays net leaves, and the taint arrives in what it gets. */
	private convert(state: FollowedAccount, t: Transfer): void {
		const sides = state.conversion;
		if (sides?.opens?.has(t.position.eventIndex)) this.moves.payLegs(state, sides, t.asset, t.position);
		if (sides === undefined || state.converted || sides.opens !== undefined) return;
		state.converted = true;
		for (const asset of [sides.pays, sides.gets]) this.moves.payLegs(state, sides, asset, t.position);
		const parcels = this.moves.take(state, sides.pays, sides.paid, t.position);
		const into = parcels && convertParcels(this.rules, parcels, sides, this.frame?.pieces ?? 0n);
		if (into !== undefined && this.frame !== undefined) addSupply(this.frame, sides.gets, envelopeOf(this.frame, into).most);
		state.proceeds = into;
		if (parcels === undefined || into === undefined) {
			this.moves.putProceeds(state, sides.gets, sides.got, undefined, t.position);
			return;
		}
		this.books.add(sides.pays, "convertedOut", parcels);
		this.books.add(sides.gets, "convertedIn", into);
		this.options.onEdge?.({ transfer: t, parcels, conversion: { account: state.account, sides, into } });
		const stop = hasTaint(into)
			? this.stops.stopAt(state.account, { asset: sides.gets, position: t.position }, state.profile, into)
			: undefined;
		this.moves.putProceeds(state, sides.gets, sides.got, stop === undefined ? into : undefined, t.position);
		state.proceedsStop = stop;
		if (stop === undefined) return;
		this.stop({ what: "proceeds", account: state.account, asset: sides.gets, at: t.position }, stop, into);
		this.receipts.under?.stoppedProceeds(state.account, sides.gets, into);
	}

	/** What arrives as clean, as a leg of the receiver's exchange if it is one. */
	private putClean(receiver: FollowedAccount, t: Transfer): void {
		if (isLeg(receiver.conversion, t)) this.convert(receiver, t);
		else this.moves.put(receiver, t.asset, t.amount, undefined, t.position);
	}

	/** Money arrives that is tainted already, or that seeds mark. */
	private arrive(
		t: Transfer,
		receiver: FollowedAccount | undefined,
		profile: AccountProfile,
		carried: Parcels | undefined,
		seeds: readonly SeedMark[],
	): Promise<void> | undefined {
		const leg = receiver !== undefined && isLeg(receiver.conversion, t);
		if (leg) this.convert(receiver, t);
		// What an account got for tainted money is that money: nothing else is to be found in it, and nothing of it twice.
		const paidFor = leg && receiver.proceeds !== undefined && hasTaint(receiver.proceeds);
		const marked = this.marking.apply(seeds, t.amount, carried);
		const { parcels } = marked;
		if (parcels === undefined) {
			if (receiver !== undefined) this.putClean(receiver, t);
			return undefined;
		}
		const stop = paidFor ? undefined : this.stops.stopAt(t.to, t, profile, parcels);
		if (stop !== undefined) {
			this.tell(t, marked, stop);
			this.stop({ what: "arrival", account: t.to, asset: t.asset, at: t.position }, stop, parcels);
			if (receiver !== undefined) this.putClean(receiver, t);
			return undefined;
		}
		if (receiver !== undefined) {
			if (leg) this.arriveInExchange(t, receiver, carried, seeds, paidFor);
			else this.deliver(t, receiver, marked);
			return undefined;
		}
		return this.arriveFirst(t, profile, carried, seeds, marked);
	}

	/** Tells a tainted movement, and writes down what seeds marked of it. */
	private tell(t: Transfer, { parcels, marks }: Marked, stop: Stop | undefined): void {
		this.marking.commit(this.books, t, marks);
		const waits = this.receipts.under?.arrived(t, parcels, stop) ?? false;
		if (waits || parcels === undefined) return;
		this.options.onEdge?.(stop === undefined ? { transfer: t, parcels, goesOn: true } : { transfer: t, parcels });
	}

	private deliver(t: Transfer, receiver: FollowedAccount, marked: Marked): void {
		this.tell(t, marked, undefined);
		this.moves.put(receiver, t.asset, t.amount, marked.parcels, t.position);
	}

	/** Taint reaches an account whose ledger is not kept yet. */
	private async arriveFirst(
		t: Transfer,
		profile: AccountProfile,
		carried: Parcels | undefined,
		seeds: readonly SeedMark[],
		marked: Marked,
	): Promise<void> {
		const own = this.options.conversions ? await nettingOf(this.source, t) : undefined;
		if (own === undefined) {
			const state = await this.activate(profile, t.to, t.position, after(t.position));
			begin(state, t, undefined);
			return this.deliver(t, state, marked);
		}
		const leg = isLeg(own.conversion, t);
		if (leg && seeds.length === 0) {
			if (carried !== undefined) this.give(t, carried);
			return;
		}
		const start = { ...t.position, eventIndex: 0 };
		const state = await this.activate(profile, t.to, start, after(t.position));
		begin(state, t, own.conversion);
		for (const earlier of own.transfers) {
			if (earlier.amount === 0n || comparePositions(earlier.position, t.position) >= 0) continue;
			this.countPieces();
			if (earlier.kind === "fee") this.moves.take(state, earlier.asset, earlier.amount, earlier.position);
			else if (earlier.from === earlier.to) continue;
			else if (earlier.to === t.to) this.putClean(state, earlier);
			else if (isLeg(own.conversion, earlier)) this.convert(state, earlier);
			else this.moves.take(state, earlier.asset, earlier.amount, earlier.position);
			if (state.untold !== undefined) this.leaveLegs(earlier);
		}
		if (leg) this.arriveInExchange(t, state, carried, seeds);
		else this.deliver(t, state, marked);
	}

	/**
	 * A leg of the receiver's exchange: what the counterparty gave ends with the counterparty, and seeds mark what is clean of the proceeds;
	 * whether that stops there is asked where the proceeds are tainted, and known for all else.
	 */
	private arriveInExchange(
		t: Transfer,
		receiver: FollowedAccount,
		carried: Parcels | undefined,
		seeds: readonly SeedMark[],
		paidFor = false,
	): void {
		const sides = receiver.conversion;
		this.convert(receiver, t);
		if (carried !== undefined) this.give(t, carried);
		if (sides === undefined || t.asset !== sides.gets) return;
		const marked = this.marking.apply(seeds, sides.got, receiver.proceeds, t.amount);
		if (marked.marks.length === 0) return;
		const before = receiver.proceeds;
		receiver.proceeds = marked.parcels;
		const own = parcelsOfMarks(marked.marks, this.rules, this.frame, t.amount);
		const stop = paidFor ? this.stops.stopAt(t.to, t, receiver.profile, own) : undefined;
		this.tell(t, { ...marked, parcels: own }, stop);
		if (stop !== undefined) {
			const parcels = besidesProceeds(this.frame, receiver.proceedsStop, stop, { before, after: marked.parcels, marks: own });
			this.stop({ what: "arrival", account: t.to, asset: t.asset, at: t.position }, stop, parcels);
			return;
		}
		const ledger = ledgerOf(receiver, sides.gets);
		for (const { origin, amounts, bounds } of marked.marks) markIn(ledger, this.rules, amounts, origin, t.position, bounds);
		cameTo(receiver, ledger, t.position);
	}

	/** Tainted money that somebody else's exchange takes in: it ends with who gave it. */
	private give(t: Transfer, parcels: Parcels): void {
		this.stop({ what: "given", account: t.from, asset: t.asset, at: t.position }, GIVEN_IN_EXCHANGE, parcels);
		this.given.push({ transfer: t, parcels });
	}

	/** Money stays where the trace ends. */
	private stop(stopped: Omit<StoppedAt, "reason">, stop: Stop, parcels: Parcels): void {
		const { account, asset, at } = stopped;
		this.books.stop(account, asset, stop, stop.paidTo === undefined ? parcels : this.moves.mayBeGone(stopped, stop.paidTo, parcels), at);
		this.options.onStop?.({ ...stopped, reason: stop.reason });
	}

	private activate(profile: AccountProfile, account: AccountId, arrival: Position, from: Position): Promise<FollowedAccount> {
		this.stops.countFollowed(account);
		return this.accounts.activate(profile, account, arrival, from);
	}
}

function boundsOf(frame: Frame, envelope: Envelope | undefined): { least: bigint; most: bigint } | undefined {
	return envelope && totalsOf(frame, envelope);
}
