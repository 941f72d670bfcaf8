import {
	type AccountId,
	type AssetId,
	after,
	comparePositions,
	isNative,
	type LedgerSource,
	type Position,
	type Rule,
	startOf,
	type Transfer,
	throwIfAborted,
} from "@clew/core";
import { type Conversion, conversionOf, convertParcels, isLeg } from "./conversion.js";
import { Cursor, sameTransaction } from "./cursor.js";
import { Heap } from "./heap.js";
import { cleanParcels, type Ledger, openLedger, type Parcels, putInto, takeFrom } from "./ledger.js";
import { markParcel } from "./rules/index.js";
import { type SeedPlan, seedsArrival } from "./seeds.js";
import { type Stop, type StopParameters, stopFor } from "./stops.js";
import { addParcels, newTally, type Tally, totalOf } from "./tally.js";

/** A tainted movement. For a conversion, `into` is the other side; the transfer is the first leg of the transaction. */
export interface SweepEdge {
	readonly transfer: Transfer;
	readonly parcels: Parcels;
	readonly conversion?: { readonly account: AccountId; readonly sides: Conversion; readonly into: Parcels };
}

/** Marked money: by rule, since a rule may find part of an arrival tainted already. */
export interface Seeding {
	readonly origin: number;
	readonly transfer: Transfer;
	readonly marked: readonly bigint[];
}

/** What stayed at a leaf. */
export interface LeafTally {
	readonly account: AccountId;
	readonly asset: AssetId;
	readonly stop: Stop;
	readonly tally: Tally;
	first: Position;
	last: Position;
	arrivals: number;
}

/** Sums per rule and origin for one asset; for every conserving rule and `libr`, seeded + convertedIn = held + stopped + fees + convertedOut. */
export interface AssetSums {
	readonly seeded: Tally;
	readonly convertedIn: Tally;
	readonly convertedOut: Tally;
	readonly held: Tally;
	readonly stopped: Tally;
	readonly fees: Tally;
}

/** Outflows that the known balance could not cover. */
export interface UnknownFunds {
	readonly account: AccountId;
	readonly asset: AssetId;
	amount: bigint;
	readonly first: Position;
	last: Position;
}

export interface SweepOptions {
	readonly rules: readonly Rule[];
	readonly stops: StopParameters;
	/** Arrivals whose taint is below this many base units under every rule are not followed, by asset. */
	readonly dust: ReadonlyMap<AssetId, bigint>;
	/** Last height that is read. */
	readonly until?: number;
	/** When set, only these accounts are followed; others are leaves with reason `budget`. */
	readonly inside?: ReadonlySet<AccountId>;
	/** Give up, with `exceeded`, when more accounts than this are followed. */
	readonly maxAccounts: number;
	/** Off: exchanges inside a transaction are not followed into the asset received. */
	readonly conversions: boolean;
	readonly signal?: AbortSignal;
	readonly onEdge?: (edge: SweepEdge) => void;
	readonly onProgress?: (progress: { transfers: number; accounts: number; height: number }) => void;
}

export interface SweepOutcome {
	readonly leaves: readonly LeafTally[];
	readonly seedings: readonly Seeding[];
	readonly sums: ReadonlyMap<AssetId, AssetSums>;
	readonly unknownFunds: readonly UnknownFunds[];
	/** Accounts that were followed, with the position of activation, in the order of activation. */
	readonly followed: ReadonlyMap<AccountId, Position>;
	/** Derived shortfalls before activation: the opening balance is a lower bound there. */
	readonly openingShortfalls: readonly { readonly account: AccountId; readonly asset: AssetId; readonly amount: bigint }[];
	readonly transfers: number;
	readonly exceeded: boolean;
}

interface AccountState {
	readonly account: AccountId;
	readonly cursor: Cursor;
	readonly ledgers: Map<AssetId, Ledger>;
	/** Kinds of asset whose arrivals are followed; decided at first arrival of each. */
	readonly follows: { native: boolean | undefined; token: boolean | undefined };
	transaction: Transfer | undefined;
	conversion: Conversion | undefined;
	converted: boolean;
	/** The time window ended before the ledger did. */
	cut: boolean;
}

const ABORT_CHECK_EVERY = 1024;
const NO_LIMIT = 1n << 260n;

/**
 * One pass in time over the ledgers that taint reaches, all rules at once.
 *
 * A heap holds one cursor per followed account, by position; an account is activated when taint first reaches it, its
 * earlier balance becomes one clean lot, and its ledger is read from there on. Taint arrives at or after the current position only,
 * so one pass is exact. Cost: O(e log a) for e events of followed accounts after activation and a followed accounts,
 * plus the lots that move. Throws InterruptedError, ClewError (CONSERVATION), and what the source throws.
 */
export async function sweep(source: LedgerSource, plan: SeedPlan, options: SweepOptions): Promise<SweepOutcome> {
	const { rules } = options;
	const origins = plan.seeds.length;
	const states = new Map<AccountId, AccountState>();
	const followed = new Map<AccountId, Position>();
	const decisions = new Map<string, Stop>();
	const leaves = new Map<string, LeafTally>();
	const sums = new Map<AssetId, AssetSums>();
	const seedings: Seeding[] = [];
	const unknown = new Map<string, UnknownFunds>();
	const openingShortfalls: { account: AccountId; asset: AssetId; amount: bigint }[] = [];
	const limits = plan.seeds.map((seed) => rules.map(() => seed.limit ?? NO_LIMIT));
	const heap = new Heap<AccountState>((a, b) => comparePositions(headOf(a), headOf(b)) < 0);
	let processed = 0;
	let exceeded = false;

	const sumsOf = (asset: AssetId): AssetSums => {
		let found = sums.get(asset);
		if (found === undefined) {
			const zero = () => newTally(rules, origins);
			found = { seeded: zero(), convertedIn: zero(), convertedOut: zero(), held: zero(), stopped: zero(), fees: zero() };
			sums.set(asset, found);
		}
		return found;
	};

	const ledgerOf = (state: AccountState, asset: AssetId): Ledger => {
		let ledger = state.ledgers.get(asset);
		if (ledger === undefined) {
			ledger = openLedger(asset, 0n);
			state.ledgers.set(asset, ledger);
		}
		return ledger;
	};

	/** Follows an account from `from` on; its balance right before `arrival` is one clean lot per asset. */
	async function activate(account: AccountId, arrival: Position, from: Position): Promise<AccountState> {
		const state: AccountState = {
			account,
			cursor: new Cursor(source, account, from),
			ledgers: new Map(),
			follows: { native: undefined, token: undefined },
			transaction: undefined,
			conversion: undefined,
			converted: false,
			cut: false,
		};
		for (const opening of await source.balancesBefore(account, arrival)) {
			state.ledgers.set(opening.asset, openLedger(opening.asset, opening.amount));
			if (opening.shortfall > 0n) openingShortfalls.push({ account, asset: opening.asset, amount: opening.shortfall });
		}
		states.set(account, state);
		followed.set(account, arrival);
		if (states.size > options.maxAccounts) exceeded = true;
		await state.cursor.fill();
		if (state.cursor.head !== undefined) heap.push(state);
		return state;
	}

	function take(state: AccountState, asset: AssetId, amount: bigint, at: Position): Parcels | undefined {
		const { parcels, unknown: missing } = takeFrom(ledgerOf(state, asset), rules, amount);
		if (missing > 0n) {
			const key = `${state.account} ${asset}`;
			const known = unknown.get(key);
			if (known === undefined) unknown.set(key, { account: state.account, asset, amount: missing, first: at, last: at });
			else {
				known.amount += missing;
				known.last = at;
			}
		}
		return parcels;
	}

	function stopAt(account: AccountId, asset: AssetId, stop: Stop, parcels: Parcels, at: Position): void {
		const key = `${account} ${asset} ${stop.reason}`;
		let leaf = leaves.get(key);
		if (leaf === undefined) {
			leaf = { account, asset, stop, tally: newTally(rules, origins), first: at, last: at, arrivals: 0 };
			leaves.set(key, leaf);
		}
		addParcels(leaf.tally, parcels);
		addParcels(sumsOf(asset).stopped, parcels);
		leaf.last = at;
		leaf.arrivals++;
	}

	/** Finds out, once per account and transaction, whether the account exchanges one asset for another in it. */
	async function begin(state: AccountState, t: Transfer): Promise<void> {
		if (state.transaction !== undefined && sameTransaction(state.transaction, t)) return;
		state.transaction = t;
		state.converted = false;
		state.conversion = undefined;
		if (!options.conversions) return;
		const conversion = conversionOf(state.account, await state.cursor.headTransaction());
		if (conversion !== undefined && state.ledgers.get(conversion.pays)?.holdings !== undefined) state.conversion = conversion;
	}

	function convert(state: AccountState, t: Transfer): void {
		const sides = state.conversion;
		if (sides === undefined || state.converted) return;
		state.converted = true;
		const parcels = take(state, sides.pays, sides.paid, t.position);
		const into = parcels && convertParcels(rules, parcels, sides);
		putInto(ledgerOf(state, sides.gets), rules, sides.got, into);
		if (parcels === undefined || into === undefined) return;
		addParcels(sumsOf(sides.pays).convertedOut, parcels);
		addParcels(sumsOf(sides.gets).convertedIn, into);
		options.onEdge?.({ transfer: t, parcels, conversion: { account: state.account, sides, into } });
	}

	/** Marks what seeds claim of an arrival. */
	function markSeeds(t: Transfer, parcels: Parcels | undefined): Parcels | undefined {
		let marked = parcels;
		const apply = (origin: number, cap: bigint) => {
			const before = marked ?? cleanParcels(rules, t.amount);
			const amounts: bigint[] = [];
			const next = before.map((parcel, i) => {
				const left = limits[origin]?.[i] ?? 0n;
				const result = markParcel(rules[i] as Rule, parcel, t.amount, origin, left < cap ? left : cap);
				(limits[origin] as bigint[])[i] = left - result.marked;
				amounts.push(result.marked);
				const row = sumsOf(t.asset).seeded[i];
				if (row) row[origin] = (row[origin] ?? 0n) + result.marked;
				return result.parcel;
			});
			if (amounts.every((amount) => amount === 0n)) return;
			marked = next;
			seedings.push({ origin, transfer: t, marked: amounts });
		};
		for (const { origin, cap } of plan.starts.length > 0 ? (plan.marks.get(markKey(t)) ?? []) : []) apply(origin, cap);
		for (const [origin, seed] of plan.seeds.entries()) if (seedsArrival(seed, t)) apply(origin, t.amount);
		return marked;
	}

	async function deliver(t: Transfer, parcels: Parcels | undefined): Promise<void> {
		const state = states.get(t.to);
		const kind = isNative(t.asset) ? "native" : "token";
		if (parcels === undefined) {
			if (state !== undefined) putInto(ledgerOf(state, t.asset), rules, t.amount, undefined);
			return;
		}
		options.onEdge?.({ transfer: t, parcels });
		if (state?.follows[kind]) {
			putInto(ledgerOf(state, t.asset), rules, t.amount, parcels);
			return;
		}
		const stop = isDust(t, parcels) ?? (await decide(t, kind));
		if (stop !== undefined) {
			if (state !== undefined) putInto(ledgerOf(state, t.asset), rules, t.amount, undefined);
			stopAt(t.to, t.asset, stop, parcels, t.position);
			return;
		}
		const receiver = state ?? (await activate(t.to, t.position, after(t.position)));
		if (state === undefined) receiver.transaction = t;
		receiver.follows[kind] = true;
		putInto(ledgerOf(receiver, t.asset), rules, t.amount, parcels);
	}

	function isDust(t: Transfer, parcels: Parcels): Stop | undefined {
		const threshold = options.dust.get(t.asset) ?? 0n;
		if (threshold === 0n) return undefined;
		const tally = newTally(rules, origins);
		addParcels(tally, parcels);
		if (rules.some((_, i) => totalOf(tally, rules, i) >= threshold)) return undefined;
		return { reason: "dust", detail: `arrivals below ${threshold} base units` };
	}

	async function decide(t: Transfer, kind: "native" | "token"): Promise<Stop | undefined> {
		const key = `${t.to} ${kind}`;
		const known = decisions.get(key);
		if (known !== undefined) return known;
		const stop =
			stopFor(t.to, await source.profile(t.to, options.stops.serviceTransfers), t, options.stops) ??
			(options.inside === undefined || options.inside.has(t.to)
				? undefined
				: { reason: "budget" as const, detail: "outside the account budget" });
		if (stop !== undefined) decisions.set(key, stop);
		return stop;
	}

	async function process(t: Transfer): Promise<void> {
		if (t.amount === 0n) return;
		const sender = states.get(t.from);
		const receiver = states.get(t.to);
		if (sender !== undefined) await begin(sender, t);
		if (receiver !== undefined) await begin(receiver, t);
		if (t.kind === "fee") {
			const parcels = sender && take(sender, t.asset, t.amount, t.position);
			if (parcels === undefined) return;
			addParcels(sumsOf(t.asset).fees, parcels);
			options.onEdge?.({ transfer: t, parcels });
			return;
		}
		if (t.from === t.to) return;
		const paysLeg = sender !== undefined && isLeg(sender.conversion, t);
		const getsLeg = receiver !== undefined && isLeg(receiver.conversion, t);
		if (paysLeg) convert(sender, t);
		if (getsLeg) convert(receiver, t);
		const parcels = sender !== undefined && !paysLeg ? take(sender, t.asset, t.amount, t.position) : undefined;
		if (!getsLeg) await deliver(t, markSeeds(t, parcels));
		else if (parcels !== undefined) {
			stopAt(t.from, t.asset, { reason: "swap", detail: "given in an exchange; what came back is not traced" }, parcels, t.position);
		}
	}

	for (const seed of plan.seeds) {
		if (seed.kind !== "account") continue;
		const state = states.get(seed.account) ?? (await activate(seed.account, seed.since, seed.since));
		state.follows.native = true;
		state.follows.token = true;
	}
	let start = 0;
	let lastHandled: Position | undefined;
	for (;;) {
		const state = heap.peek();
		const pending = plan.starts[start];
		const head = state?.cursor.head;
		const fromStart = pending !== undefined && (head === undefined || comparePositions(pending.position, head.position) <= 0);
		const t = fromStart ? pending : head;
		if (t === undefined || exceeded) break;
		const outside = options.until !== undefined && t.position.height > options.until;
		if (!outside && (lastHandled === undefined || comparePositions(lastHandled, t.position) < 0)) {
			await process(t);
			lastHandled = t.position;
			processed++;
			if (processed % ABORT_CHECK_EVERY === 0) {
				throwIfAborted(options.signal);
				options.onProgress?.({ transfers: processed, accounts: states.size, height: t.position.height });
				// Let timers, signals and output have their turn.
				await new Promise((resolve) => setImmediate(resolve));
			}
		}
		if (fromStart) start++;
		else if (state !== undefined) {
			if (outside) {
				state.cut = true;
				heap.pop();
				continue;
			}
			if (state.cursor.advance()) await state.cursor.fill();
			if (state.cursor.head === undefined) heap.pop();
			else heap.sinkTop();
		}
	}
	for (const state of states.values()) collectHeld(state);

	function collectHeld(state: AccountState): void {
		for (const ledger of state.ledgers.values()) {
			if (ledger.holdings === undefined) continue;
			const parcels = ledger.holdings.map((holding) => holding.tainted());
			if (parcels.every((parcel) => parcel.length === 0)) continue;
			const stop: Stop = state.cut
				? { reason: "time-window", detail: `held at height ${options.until}; it has later transfers` }
				: { reason: "unspent", detail: "still there at the end of the data" };
			const tally = newTally(rules, origins);
			addParcels(tally, parcels);
			addParcels(sumsOf(ledger.asset).held, parcels);
			const at = followed.get(state.account) ?? startOf(0);
			leaves.set(`${state.account} ${ledger.asset} ${stop.reason}`, {
				account: state.account,
				asset: ledger.asset,
				stop,
				tally,
				first: at,
				last: at,
				arrivals: 0,
			});
		}
	}

	return {
		leaves: [...leaves.values()],
		seedings,
		sums,
		unknownFunds: [...unknown.values()],
		followed,
		openingShortfalls,
		transfers: processed,
		exceeded,
	};
}

function headOf(state: AccountState): Position {
	return (state.cursor.head as Transfer).position;
}

function markKey(t: Transfer): string {
	const p = t.position;
	return `${p.height}.${p.txIndex}.${p.eventIndex}`;
}
