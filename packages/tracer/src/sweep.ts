import {
	type AccountId,
	type AccountProfile,
	type AssetId,
	after,
	chainOf,
	comparePositions,
	isPlaceGuessed,
	type LedgerSource,
	type Position,
	type Rule,
	startOf,
	type Transfer,
	tellsFeesInPart,
	throwIfAborted,
} from "@clew/core";
import { Books } from "./books.js";
import { addedTo, addSupply, type Envelope, envelopeOf, type Frame, newFrame, totalsOf, withEnvelope } from "./bounds/envelope.js";
import { ChainLedgers, SCAN_THOUGHT_OF_AFTER } from "./chain-ledgers.js";
import { type Conversion, convertParcels, isGiven, isLeg, lackIn, nettingOf } from "./conversion.js";
import { DatedLabels } from "./dated-labels.js";
import { begin, beginTransaction, canBegin, type FollowedAccount, FollowedAccounts, ledgerOf } from "./followed-accounts.js";
import { heldStop } from "./held.js";
import { hasTaint, heldParcels, type Ledger, markIn, oneMore, type Parcels, passUnread, putInto, putUnknown, takeFrom } from "./ledger.js";
import { type Marked, Marking, parcelsOfMarks } from "./marking.js";
import { outflowsReadTo } from "./read-runs.js";
import { SeedArrivals } from "./seed-arrivals.js";
import { earlier, seedTasks, type Task } from "./seed-tasks.js";
import { type ReceiptMarks, SeededTransaction } from "./seeded-transaction.js";
import type { NetReceipt, SeedMark, SeedPlan } from "./seeds.js";
import { type Arriving, coverageStop, OUTSIDE_BUDGET, type Stop, standingStop } from "./stops.js";
import type { StoppedAt, SweepEdge, SweepOptions, SweepOutcome, UnorderedBlock } from "./sweep-options.js";
import { isDust } from "./tally.js";

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
	private readonly marking: Marking;
	private readonly seedArrivals: SeedArrivals;
	private readonly profiles = new Map<AccountId, AccountProfile>();
	private readonly dated: DatedLabels;
	private readonly given: SweepEdge[] = [];
	/** The seeded transaction under way. */
	private seeded: SeededTransaction | undefined;
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
		const ledgers = new ChainLedgers(source, plan.chain, options.scanThoughtOfAfter ?? SCAN_THOUGHT_OF_AFTER, until);
		this.accounts = new FollowedAccounts(source, ledgers, until, this.frame);
		this.books = new Books(options.rules, plan.seeds.length, this.frame);
		this.marking = new Marking(plan, options.rules, this.frame);
		this.seedArrivals = new SeedArrivals(source);
		this.dated = new DatedLabels(source, plan.chain, options.stops);
		// What is open where it went into a passage is open where it comes out.
		this.missing = plan.transfers.some(({ arrival }) => arrival?.range !== undefined);
	}

	private get exceeded(): boolean {
		return this.accounts.size > this.options.maxAccounts;
	}

	/** True when another sweep is to tell what holds, whatever this one would find further on. */
	private get givesUp(): boolean {
		return this.exceeded || (this.options.giveUpWhenMissing === true && this.lacks);
	}

	private get lacks(): boolean {
		return this.missing || this.accounts.unordered;
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
		for (const state of this.accounts.all()) await this.collectHeld(state);
		const { books, frame } = this;
		const kept = [...this.accounts.all()];
		const since = (states: readonly FollowedAccount[]) => new Map(states.map((state) => [state.account, state.since]));
		return {
			leaves: books.leaves,
			seedings: books.seedings,
			sums: books.sums,
			unknownFunds: books.unknownFunds,
			unreadOutflows: books.unreadOutflows,
			passedLabels: this.dated.passed,
			unorderedBlocks: kept.flatMap(unorderedOf),
			followed: since(kept.filter((state) => state.followed)),
			kept: since(kept),
			openingShortfalls: this.accounts.shortfalls,
			given: this.given,
			transfers: this.count,
			exceeded: this.exceeded,
			missing: this.lacks,
			profiles: this.profiles,
			...(frame === undefined ? {} : { frame, boundsOf: (leaf) => boundsOf(frame, books.boundsOf(leaf)) }),
		};
	}

	private isOutside(position: Position): boolean {
		return this.options.until !== undefined && position.height > this.options.until;
	}

	private async perform(task: Task): Promise<void> {
		if ("handle" in task) await this.handle(task.handle);
		else if ("open" in task) await this.openReceipts(task.open, task.at);
		else this.closeReceipts(task.close);
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
		if (canBegin(sender, t) && canBegin(receiver, t) && !this.mustReadTime(t, sender)) return this.move(t, sender, receiver);
		return this.readThenMove(t, sender, receiver);
	}

	/** A transfer cuts one lot in two and is one lot more, or one more of every seed that marks it. */
	private countPieces(): void {
		if (this.frame !== undefined) this.frame.pieces += BigInt(2 + this.plan.seeds.length);
	}

	/** True where labels of an account at which money arrives now have dates: proceeds of an exchange arrive at the sender. */
	private mustReadTime({ to, position: { height } }: Transfer, sender: FollowedAccount | undefined): boolean {
		return this.dated.mustRead(sender?.profile, height) || this.dated.mustRead(this.profiles.get(to), height);
	}

	private async readThenMove(t: Transfer, sender: FollowedAccount | undefined, receiver: FollowedAccount | undefined): Promise<void> {
		await sender?.cursor.fillHeadTransaction();
		await receiver?.cursor.fillHeadTransaction();
		await this.dated.read(sender?.profile, t.position.height);
		await this.dated.read(this.profiles.get(t.to), t.position.height);
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
		if (paysLeg) this.convert(sender, t);
		const taken = sender !== undefined && !paysLeg ? this.take(sender, t.asset, t.amount, t.position) : undefined;
		const given = taken !== undefined && isGiven(sender?.conversion, t);
		if (given) this.give(t, taken);
		const carried = given ? undefined : taken;
		const seeds = this.marking.seedsOf(t);
		if (carried === undefined && seeds.length === 0) {
			if (receiver !== undefined) this.putClean(receiver, t);
			return undefined;
		}
		const profile = receiver?.profile ?? this.profiles.get(t.to);
		if (profile === undefined) return this.profileOf(t.to, t.position).then((known) => this.arrive(t, receiver, known, carried, seeds));
		return this.arrive(t, receiver, profile, carried, seeds);
	}

	/** The profile of an account, and the time of an arrival there if its labels need it. */
	private async profileOf(account: AccountId, { height }: Position): Promise<AccountProfile> {
		const known = this.profiles.get(account) ?? (await this.source.profile(account, this.options.stops.serviceTransfers));
		this.profiles.set(account, known);
		await this.dated.read(known, height);
		return known;
	}

	private take(state: FollowedAccount, asset: AssetId, amount: bigint, at: Position): Parcels | undefined {
		const ledger = ledgerOf(state, asset);
		if (ledger.readTo !== undefined && at.height > ledger.readTo) this.passUnread(state, ledger, at.height);
		const { parcels, unknown } = takeFrom(ledger, this.rules, amount, at);
		this.noteMove(ledger, at);
		if (unknown > 0n) this.lack(state, ledger, unknown, at);
		return parcels;
	}

	/**
	 * Movements of a block, or of one transaction, moved a ledger that holds taint now or held some, and no source tells the order of all of
	 * them: what the placed order has before the taint may have come after it.
	 */
	private noteMove(ledger: Ledger, at: Position): void {
		const { moved, touched } = ledger;
		ledger.moved = at;
		if (at.untold === true || isPlaceGuessed(at)) ledger.loose = at.height;
		this.missing ||= touched && moved?.height === at.height && ledger.loose === at.height;
	}

	/** The account pays at a height before which it may have paid unread. */
	private passUnread({ account }: FollowedAccount, ledger: Ledger, height: number): void {
		passUnread(ledger);
		this.books.paidUnread(account, ledger.asset, (ledger.paidUnread ?? height) + 1, height);
		this.missing = true;
	}

	/** Writes down what the books of an account lack. */
	private lack(state: FollowedAccount, ledger: Ledger, amount: bigint, at: Position): void {
		this.books.lack(state.account, ledger.asset, amount, at);
		this.missing ||= ledger.touched;
	}

	private payFee(sender: FollowedAccount, t: Transfer): void {
		const ledger = ledgerOf(sender, t.asset);
		if (ledger.holdings !== undefined && ledger.feesInPart === undefined && t.provenance === "imported")
			if (tellsFeesInPart(sender.feeClaims, t.position.height)) ledger.feesInPart = t.position.height;
		const parcels = this.take(sender, t.asset, t.amount, t.position);
		if (parcels === undefined) return;
		this.books.add(t.asset, "fees", parcels);
		this.options.onEdge?.({ transfer: t, parcels, goesOn: true });
	}

	/** Carries out an account's exchange, at its first leg: what it pays net leaves, and the taint arrives in what it gets. */
	private convert(state: FollowedAccount, t: Transfer): void {
		const sides = state.conversion;
		if (sides?.opens?.has(t.position.eventIndex)) this.payLegs(state, sides, t.asset, t.position);
		if (sides === undefined || state.converted || sides.opens !== undefined) return;
		state.converted = true;
		for (const asset of [sides.pays, sides.gets]) this.payLegs(state, sides, asset, t.position);
		const parcels = this.take(state, sides.pays, sides.paid, t.position);
		const into = parcels && convertParcels(this.rules, parcels, sides, this.frame?.pieces ?? 0n);
		if (into !== undefined && this.frame !== undefined) addSupply(this.frame, sides.gets, envelopeOf(this.frame, into).most);
		state.proceeds = into;
		if (parcels === undefined || into === undefined) {
			this.put(state, sides.gets, sides.got, undefined, t.position);
			return;
		}
		this.books.add(sides.pays, "convertedOut", parcels);
		this.books.add(sides.gets, "convertedIn", into);
		this.options.onEdge?.({ transfer: t, parcels, conversion: { account: state.account, sides, into } });
		const stop = hasTaint(into) ? this.stopAt(state.account, { asset: sides.gets, position: t.position }, state.profile, into) : undefined;
		this.put(state, sides.gets, sides.got, stop === undefined ? into : undefined, t.position);
		state.proceedsStop = stop;
		if (stop === undefined) return;
		this.stop("proceeds", state.account, sides.gets, stop, into, t.position);
		this.seeded?.stoppedProceeds(state.account, sides.gets, into);
	}

	/** What an account lacks of an asset to pay the legs of its exchange one by one was there all the same. */
	private payLegs(state: FollowedAccount, sides: Conversion, asset: AssetId, at: Position): void {
		const ledger = ledgerOf(state, asset);
		const lack = lackIn(sides, state.account, asset, ledger.balance);
		if (lack === 0n) return;
		putUnknown(ledger, this.rules, lack);
		this.lack(state, ledger, lack, at);
	}

	/** Money comes to stay in an account's ledger; undefined parcels are clean. */
	private put(state: FollowedAccount, asset: AssetId, amount: bigint, parcels: Parcels | undefined, at: Position): void {
		const ledger = ledgerOf(state, asset);
		putInto(ledger, this.rules, amount, parcels, at);
		this.noteMove(ledger, at);
		if (parcels !== undefined && hasTaint(parcels)) cameTo(state, ledger, at);
	}

	/** What arrives as clean, as a leg of the receiver's exchange if it is one. */
	private putClean(receiver: FollowedAccount, t: Transfer): void {
		if (isLeg(receiver.conversion, t)) this.convert(receiver, t);
		else this.put(receiver, t.asset, t.amount, undefined, t.position);
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
		const stop = paidFor ? undefined : this.stopAt(t.to, t, profile, parcels);
		if (stop !== undefined) {
			this.tell(t, marked, stop);
			this.stop("arrival", t.to, t.asset, stop, parcels, t.position);
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
		const waits = this.seeded?.arrived(t, parcels, stop) ?? false;
		if (waits || parcels === undefined) return;
		this.options.onEdge?.(stop === undefined ? { transfer: t, parcels, goesOn: true } : { transfer: t, parcels });
	}

	private deliver(t: Transfer, receiver: FollowedAccount, marked: Marked): void {
		this.tell(t, marked, undefined);
		this.put(receiver, t.asset, t.amount, marked.parcels, t.position);
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
			if (earlier.kind === "fee") this.take(state, earlier.asset, earlier.amount, earlier.position);
			else if (earlier.from === earlier.to) continue;
			else if (earlier.to === t.to) this.putClean(state, earlier);
			else if (isLeg(own.conversion, earlier)) this.convert(state, earlier);
			else this.take(state, earlier.asset, earlier.amount, earlier.position);
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
		const stop = paidFor ? this.stopAt(t.to, t, receiver.profile, own) : undefined;
		this.tell(t, { ...marked, parcels: own }, stop);
		if (stop !== undefined) {
			this.stop("arrival", t.to, t.asset, stop, this.besides(receiver, stop, before, marked.parcels, own), t.position);
			return;
		}
		const ledger = ledgerOf(receiver, sides.gets);
		for (const { origin, amounts, bounds } of marked.marks) markIn(ledger, this.rules, amounts, origin, t.position, bounds);
		cameTo(receiver, ledger, t.position);
	}

	/**
	 * What seeds mark of proceeds that stopped already, at the same end point: bounded together with these, since where the one is less the
	 * other is more.
	 */
	private besides(
		{ proceedsStop }: FollowedAccount,
		stop: Stop,
		before: Parcels | undefined,
		after: Parcels | undefined,
		marks: Parcels,
	): Parcels {
		const { frame } = this;
		if (frame === undefined || before === undefined || after?.envelope === undefined) return marks;
		if (proceedsStop?.reason !== stop.reason || proceedsStop.detail !== stop.detail) return marks;
		return withEnvelope(marks, addedTo(envelopeOf(frame, before), after.envelope));
	}

	/** Tainted money that somebody else's exchange takes in: it ends with who gave it. */
	private give(t: Transfer, parcels: Parcels): void {
		this.stop("given", t.from, t.asset, GIVEN_IN_EXCHANGE, parcels, t.position);
		this.given.push({ transfer: t, parcels });
	}

	/** Money stays where the trace ends. */
	private stop(
		what: StoppedAt["what"],
		account: AccountId,
		asset: AssetId,
		stop: Stop,
		parcels: Parcels,
		at: Position,
		origin?: number,
	): void {
		this.books.stop(account, asset, stop, parcels, at);
		this.options.onStop?.({ what, account, asset, reason: stop.reason, at, ...(origin === undefined ? {} : { origin }) });
	}

	/** Why money that arrives is not followed, asked at each arrival: whose the account is, how little it is (where that is known), what was fetched, the budget. */
	private stopAt(account: AccountId, t: Arriving, profile: AccountProfile, parcels: Parcels | undefined): Stop | undefined {
		const standing = standingStop(account, profile, this.options.stops, this.dated.timeAt(t.position.height));
		if (standing?.label === undefined && parcels !== undefined) this.dated.note(account, profile, t.position);
		return (
			standing ??
			(parcels && this.dustStop(t.asset, parcels)) ??
			coverageStop(profile, t) ??
			(this.hasRoom(account) ? undefined : OUTSIDE_BUDGET)
		);
	}

	private hasRoom(account: AccountId): boolean {
		const { inside, bounds } = this.options;
		if (inside !== undefined) return inside.has(account);
		if (bounds === undefined || bounds.known.has(account) || this.accounts.get(account) !== undefined) return true;
		return this.reachedByBounds < bounds.room;
	}

	private activate(profile: AccountProfile, account: AccountId, arrival: Position, from: Position): Promise<FollowedAccount> {
		if (!this.options.bounds?.known.has(account)) this.reachedByBounds++;
		return this.accounts.activate(profile, account, arrival, from);
	}

	private dustStop(asset: AssetId, parcels: Parcels): Stop | undefined {
		const threshold = this.options.dust.get(asset) ?? 0n;
		if (parcels.envelope?.most.some((amount) => amount >= threshold)) return undefined;
		if (!isDust(parcels, this.rules, this.plan.seeds.length, threshold)) return undefined;
		return { reason: "dust", detail: `arrivals below ${threshold} base units` };
	}

	/** Keeps the ledgers of a seeded transaction's receivers from its start, unless the trace stops there. */
	private async openReceipts(receipts: readonly NetReceipt[], at: Position): Promise<void> {
		const transaction = new SeededTransaction(receipts, this.rules, this.frame);
		this.seeded = transaction;
		for (const receipt of receipts) {
			const { account, asset, transfers } = receipt;
			const { position } = transfers[0];
			const profile = await this.profileOf(account, position);
			const stop = this.stopAt(account, { asset, position }, profile, undefined);
			const state = this.accounts.get(account) ?? (stop === undefined ? await this.activate(profile, account, at, at) : undefined);
			if (state !== undefined) transaction.open(receipt, ledgerOf(state, asset));
		}
	}

	/** Marks what accounts have more of now that a seeded transaction is over, and tells the rows that waited for it. */
	private closeReceipts(receipts: readonly NetReceipt[]): void {
		const transaction = this.seeded;
		this.seeded = undefined;
		if (transaction === undefined) return;
		const ledger = (account: AccountId, asset: AssetId) => {
			const state = this.accounts.get(account);
			return state && ledgerOf(state, asset);
		};
		for (const origin of new Set(receipts.map((receipt) => receipt.origin)))
			for (const marks of transaction.marksOf(origin, this.marking, ledger)) this.markReceipt(transaction, marks);
		for (const edge of transaction.waiting()) this.options.onEdge?.(edge);
	}

	private markReceipt(transaction: SeededTransaction, marks: ReceiptMarks): void {
		const { receipt, total, bounds, rows } = marks;
		if (rows.length === 0) return;
		const { account, asset, origin } = receipt;
		const lots = (amounts: readonly bigint[], within: Envelope | undefined): Parcels => {
			const parcels = amounts.map((amount) => (amount > 0n ? [{ origin, amount }] : []));
			return within === undefined ? parcels : withEnvelope(parcels, within);
		};
		const profile = this.profiles.get(account);
		const { position } = receipt.transfers[0];
		const stop = profile && this.stopAt(account, { asset, position }, profile, lots(total, bounds));
		const state = this.accounts.get(account);
		for (const { transfer, mark } of rows) this.marking.commit(this.books, transfer, [mark]);
		const ledger = state && ledgerOf(state, asset);
		for (const { transfer, mark } of rows) {
			if (stop !== undefined) {
				this.stop("marked", account, asset, stop, lots(mark.amounts, mark.bounds), transfer.position, origin);
				transaction.stopped(transfer, mark);
			} else if (state !== undefined && ledger !== undefined) cameTo(state, ledger, transfer.position);
		}
		if (stop !== undefined || state === undefined || ledger === undefined) return;
		markIn(ledger, this.rules, total, origin, position, bounds);
	}

	private async collectHeld(state: FollowedAccount): Promise<void> {
		const { chain } = this.plan;
		const { until } = this.options;
		const { account, profile, since } = state;
		let later: boolean | undefined;
		for (const ledger of state.ledgers.values()) {
			const { asset, bounds, arrivals } = ledger;
			if (bounds !== undefined) this.books.leaveOpen(account, asset, bounds.uncertain);
			const parcels = this.lessFees(account, ledger, heldParcels(ledger));
			if (!hasTaint(parcels)) continue;
			later ??= await this.hasLater(account);
			const came = arrivals ?? oneMore(undefined, since);
			const known = heldStop(chain, asset, profile.coverage, came, until, ledger);
			const stop: Stop =
				later && known.reason === "unspent" ? { reason: "time-window", detail: `held at height ${until}; it has later transfers` } : known;
			this.books.hold(account, asset, stop, parcels, came, stop.reason === "unfetched" ? "stopped" : "held");
		}
	}

	/** What an account holds by its books, of which fees that are told in part may have taken all. */
	private lessFees(account: AccountId, { asset, feesInPart, moved }: Ledger, held: Parcels): Parcels {
		if (feesInPart === undefined || !hasTaint(held)) return held;
		const { frame } = this;
		this.missing = true;
		this.books.paidInPart(account, asset, feesInPart, Math.max(feesInPart, moved?.height ?? 0));
		if (frame === undefined) return held;
		const { least, most } = envelopeOf(frame, held);
		this.books.leaveOpen(account, asset, most[frame.slots - 1] ?? 0n);
		return withEnvelope(held, { least: least.map(() => 0n), most });
	}

	/** True when the time window hides transfers of an account. */
	private async hasLater(account: AccountId): Promise<boolean> {
		const { until } = this.options;
		return until !== undefined && (await this.source.ledger(account, startOf(until + 1), 1)).length > 0;
	}
}

/** Blocks in which an account held taint and moved it in several transactions, whose order no source tells and decides what is tainted. */
function unorderedOf({ account, ledgers }: FollowedAccount): UnorderedBlock[] {
	return [...ledgers.values()].flatMap(({ asset, bounds }) =>
		[...(bounds?.unordered ?? [])].map(([height, payments]) => ({ account, asset, height, ...payments })),
	);
}

/** A movement brought tainted money into a ledger. */
function cameTo(state: FollowedAccount, ledger: Ledger, at: Position): void {
	ledger.arrivals = oneMore(ledger.arrivals, at);
	ledger.readTo ??= outflowsReadTo(state.profile, chainOf(state.account), ledger.asset, at.height);
	state.followed = true;
}

function boundsOf(frame: Frame, envelope: Envelope | undefined): { least: bigint; most: bigint } | undefined {
	return envelope && totalsOf(frame, envelope);
}
