import { InputError, type Rule } from "@clew/core";
import type { EntryKind, RecoveryEntry } from "./entry.js";

/** What a trace found of one asset at one account, in base units. */
export interface TracedSum {
	readonly trace: string;
	readonly account: string;
	readonly asset: string;
	readonly byRule: Readonly<Partial<Record<Rule, bigint>>>;
	/** The most that any conserving rule finds there, whenever missing money came in. */
	readonly most: bigint;
}

/** What was taken from one victim, in base units. */
export interface TakenSum {
	readonly victim: string;
	readonly asset: string;
	readonly amount: bigint;
}

/** What no sum of a ledger may exceed. */
export interface Limits {
	readonly traced: readonly TracedSum[];
	readonly taken: readonly TakenSum[];
}

/** Where every unit that a request asks for is: the five add up to what it asks for. */
export interface Pools {
	readonly open: bigint;
	readonly frozen: bigint;
	readonly seized: bigint;
	readonly destroyed: bigint;
	readonly returned: bigint;
}

/** One request as its entries leave it. */
export interface RequestState {
	readonly id: string;
	readonly state: EntryKind;
	readonly party: string;
	readonly desk: string | undefined;
	readonly trace: string | undefined;
	readonly rule: Rule | undefined;
	readonly account: string | undefined;
	readonly asset: string;
	readonly asked: bigint;
	/** Nobody asked: it is known from what happened, and asks for what did. */
	readonly unasked: boolean;
	readonly pools: Pools;
	/** Entries that count, in their order. */
	readonly entries: readonly RecoveryEntry[];
}

/** The whole ledger. */
export interface LedgerState {
	readonly requests: readonly RequestState[];
	/** What came back to each victim, by asset. */
	readonly returned: readonly { readonly victim: string; readonly asset: string; readonly amount: bigint }[];
	/** Numbers of entries that others took the place of, or took back. */
	readonly corrected: ReadonlySet<number>;
}

/** From which pools each act takes, the first first; it adds to the pool of its own name, `released` to what is open. */
const DRAWS = {
	frozen: ["open"],
	released: ["frozen", "seized"],
	seized: ["frozen", "open"],
	destroyed: ["frozen", "seized", "open"],
	returned: ["destroyed", "seized", "frozen", "open"],
} as const satisfies Partial<Record<EntryKind, readonly (keyof Pools)[]>>;
type Act = keyof typeof DRAWS;

/** What may follow what. Whoever was asked may answer at any time; an answer changes no state but that of a request that was sent. */
const AFTER: Readonly<Record<EntryKind, ReadonlySet<EntryKind | "nothing">>> = {
	draft: new Set(["nothing"]),
	sent: new Set(["nothing", "draft", "sent", "acknowledged", "refused", "released", "frozen"]),
	acknowledged: new Set(["sent", "acknowledged", "refused", "frozen", "released", "seized", "destroyed", "returned"]),
	refused: new Set(["sent", "acknowledged", "released"]),
	frozen: new Set(["nothing", "sent", "acknowledged", "refused", "frozen", "released", "seized", "destroyed", "returned"]),
	released: new Set(["frozen", "seized", "destroyed", "returned", "released"]),
	seized: new Set(["nothing", "sent", "acknowledged", "refused", "frozen", "released", "seized", "destroyed", "returned"]),
	destroyed: new Set(["nothing", "sent", "acknowledged", "refused", "frozen", "released", "seized", "destroyed", "returned"]),
	returned: new Set(["nothing", "sent", "acknowledged", "refused", "frozen", "released", "seized", "destroyed", "returned"]),
	void: new Set(),
};

/**
 * Numbers of the entries that do not count, since a later one that counts took their place or took them back. Whoever corrects a
 * correction brings back what that had corrected.
 */
export function correctedOf(entries: readonly RecoveryEntry[]): ReadonlySet<number> {
	const gone = new Set<number>();
	for (const { sequence, corrects } of [...entries].reverse()) if (corrects !== undefined && !gone.has(sequence)) gone.add(corrects);
	return gone;
}

/** Entries that count, each where the first that it corrects stands. */
export function standing(entries: readonly RecoveryEntry[]): readonly RecoveryEntry[] {
	if (!entries.some(({ corrects }) => corrects !== undefined)) return entries;
	const gone = correctedOf(entries);
	const corrects = new Map(entries.map(({ sequence, corrects: of }) => [sequence, of]));
	const place = (sequence: number): number => {
		let at = sequence;
		for (let of = corrects.get(at); of !== undefined; of = corrects.get(at)) at = of;
		return at;
	};
	return entries
		.filter(({ sequence, kind }) => kind !== "void" && !gone.has(sequence))
		.map((entry) => ({ entry, at: place(entry.sequence) }))
		.sort((a, b) => a.at - b.at || a.entry.sequence - b.entry.sequence)
		.map(({ entry }) => entry);
}

interface Draft {
	state: EntryKind | "nothing";
	first: RecoveryEntry;
	asked: bigint;
	unasked: boolean;
	pools: Record<keyof Pools, bigint>;
	entries: RecoveryEntry[];
}

/**
 * Every total of a ledger, from its entries in their order. Throws InputError (CONFLICT), naming the entry and the arithmetic, for what
 * cannot be: an act that its request does not allow, more than was asked for, traced or taken, a document, transfer or event that counts
 * twice. O(n log n). Entries of different requests may come in any order: the totals are the same.
 */
export function foldLedger(entries: readonly RecoveryEntry[], limits: Limits): LedgerState {
	const requests = new Map<string, Draft>();
	const returned = new Map<string, { victim: string; asset: string; amount: bigint }>();
	const secured = new Map<string, bigint>();
	const seen = new Map<string, number>();
	const bounds = boundsOf(limits);
	mustCorrect(entries);
	for (const entry of standing(entries)) {
		mustBeNew(entry, seen);
		const before = requests.get(entry.request);
		mustFollow(entry, before?.state ?? "nothing");
		const request = before ?? begun(entry);
		if (before === undefined) requests.set(entry.request, request);
		mustAgree(entry, request.first);
		const held = request.asked - request.pools.open;
		act(entry, request);
		mustBeTraced(entry, request, request.asked - request.pools.open - held, secured, bounds);
		if (entry.kind === "returned") giveBack(entry, returned, bounds);
		if (entry.kind !== "acknowledged" || request.state === "sent") request.state = entry.kind;
		request.entries.push(entry);
	}
	return {
		requests: [...requests].map(([id, { first, state, pools, ...rest }]) => ({
			...rest,
			...{ id, pools, state: state as EntryKind, party: first.party ?? "", desk: first.desk, trace: first.trace },
			...{ rule: first.rule, account: first.account, asset: first.asset ?? "" },
		})),
		returned: [...returned.values()],
		corrected: correctedOf(entries),
	};
}

function begun(entry: RecoveryEntry): Draft {
	if (entry.party === undefined || entry.asset === undefined)
		throw refused(entry, "the first entry of a request names its party and asset");
	const pools = { open: 0n, frozen: 0n, seized: 0n, destroyed: 0n, returned: 0n };
	return { state: "nothing", first: entry, asked: 0n, unasked: true, pools, entries: [] };
}

/** Moves what an entry says between the pools of its request. */
function act(entry: RecoveryEntry, request: Draft): void {
	const { kind } = entry;
	const amount = entry.amount === undefined ? undefined : BigInt(entry.amount);
	if (kind === "draft" || kind === "sent") {
		ask(entry, request, amount);
		return;
	}
	if (!(kind in DRAWS)) {
		if (amount !== undefined) throw refused(entry, `${kind} moves nothing, and so states no amount`);
		return;
	}
	if (amount === undefined || amount === 0n) throw refused(entry, `${kind} states how much, and more than 0`);
	const from: readonly (keyof Pools)[] = DRAWS[kind as Act];
	const { pools } = request;
	const there = from.reduce((sum, name) => sum + pools[name], 0n);
	const grown = request.unasked && kind !== "released" && amount > there ? amount - there : 0n;
	if (amount > there + grown)
		throw refused(
			entry,
			`${kind} ${amount} is ${amount - there} more than the ${there} that it can come from (${from.map((name) => `${name} ${pools[name]}`).join(" + ")}); asked for: ${request.asked}`,
		);
	pools.open += grown;
	request.asked += grown;
	let left = amount;
	for (const name of from) {
		const taken = left < pools[name] ? left : pools[name];
		pools[name] -= taken;
		left -= taken;
	}
	pools[kind === "released" ? "open" : (kind as Exclude<Act, "released">)] += amount;
}

function ask(entry: RecoveryEntry, request: Draft, amount: bigint | undefined): void {
	if (request.state === "nothing") {
		if (amount === undefined || amount === 0n) throw refused(entry, "a request says how much it asks for, and more than 0");
		request.unasked = false;
		request.asked = amount;
		request.pools.open = amount;
		return;
	}
	if (amount !== undefined && amount !== request.asked)
		throw refused(entry, `it asks for ${amount}, and request ${entry.request} for ${request.asked}: correct the first entry instead`);
	request.unasked = false;
}

function mustFollow(entry: RecoveryEntry, state: EntryKind | "nothing"): void {
	if (!AFTER[entry.kind].has(state))
		throw refused(entry, state === "nothing" ? `nothing was sent that could be ${entry.kind}` : `${entry.kind} cannot follow ${state}`);
}

function mustAgree(entry: RecoveryEntry, first: RecoveryEntry): void {
	for (const name of ["party", "asset", "account", "trace", "rule"] as const)
		if (entry[name] !== undefined && first[name] !== undefined && entry[name] !== first[name])
			throw refused(entry, `its ${name} is ${entry[name]}, and that of request ${entry.request} is ${first[name]}`);
}

/** A document says one thing of one kind, or names its part; a movement on a chain counts once. */
function mustBeNew(entry: RecoveryEntry, seen: Map<string, number>): void {
	const { kind, document, transaction, sequence } = entry;
	const keys = [
		...(document === undefined ? [] : [[`${kind} ${document.sha256} ${document.part ?? ""}`, "document"] as const]),
		...(transaction === undefined ? [] : [[`${transaction.chain} ${transaction.position}`, "movement on the chain"] as const]),
	];
	for (const [key, what] of keys) {
		const before = seen.get(key);
		if (before !== undefined)
			throw refused(
				entry,
				`the same ${what} stands in entry ${before} already, and counts once${what === "document" ? " (--part names which part of it is meant)" : ""}`,
			);
		seen.set(key, sequence);
	}
}

interface Bounds {
	readonly traced: ReadonlyMap<string, TracedSum>;
	readonly taken: ReadonlyMap<string, bigint>;
}

function boundsOf({ traced, taken }: Limits): Bounds {
	return {
		traced: new Map(traced.map((sum) => [`${sum.trace} ${sum.account} ${sum.asset}`, sum])),
		taken: new Map(taken.map(({ victim, asset, amount }) => [`${victim} ${asset}`, amount])),
	};
}

/** One request asks for no more than was found; what all requests secured there together is no more either. */
function mustBeTraced(entry: RecoveryEntry, request: Draft, change: bigint, secured: Map<string, bigint>, bounds: Bounds): void {
	const { trace, account, asset, rule } = request.first;
	const place = `${trace} ${account} ${asset}`;
	const sum = bounds.traced.get(place);
	if (sum === undefined)
		throw refused(
			entry,
			`trace ${trace ?? "(none)"} found no ${asset} at ${account ?? "an account that is named"}: nothing can be asked for there`,
		);
	for (const one of rule === undefined ? [undefined] : [undefined, rule]) {
		const key = one === undefined ? place : `${one} ${place}`;
		const limit = one === undefined ? sum.most : (sum.byRule[one] ?? 0n);
		const words = one === undefined ? "the most that any rule finds there" : `what ${one} finds there`;
		if (request.asked > limit) throw refused(entry, `it asks for ${request.asked}, ${request.asked - limit} more than ${words}, ${limit}`);
		const before = secured.get(key) ?? 0n;
		if (change > 0n && before + change > limit)
			throw refused(
				entry,
				`with the ${before} that is frozen, seized, destroyed or returned of it already, ${before} + ${change} = ${before + change} is ${before + change - limit} more than ${words}, ${limit}`,
			);
		secured.set(key, before + change);
	}
}

function giveBack(entry: RecoveryEntry, returned: Map<string, { victim: string; asset: string; amount: bigint }>, bounds: Bounds): void {
	const { victim, asset = "", amount = "0" } = entry;
	if (victim === undefined) throw refused(entry, "what came back names the victim to whom it came");
	const key = `${victim} ${asset}`;
	const taken = bounds.taken.get(key);
	if (taken === undefined)
		throw refused(
			entry,
			`no trace says that ${asset} was taken from ${victim}: of a seed that several paid none is told apart (clew victims --out FILE, then clew trace --seed @FILE)`,
		);
	const before = returned.get(key)?.amount ?? 0n;
	const sum = before + BigInt(amount);
	if (sum > taken) throw refused(entry, `${before} + ${amount} = ${sum} is ${sum - taken} more than was taken from ${victim}, ${taken}`);
	returned.set(key, { victim, asset, amount: sum });
}

function mustCorrect(entries: readonly RecoveryEntry[]): void {
	for (const entry of entries) {
		const { kind, corrects, sequence } = entry;
		if (kind === "void" && corrects === undefined) throw refused(entry, "it takes back no entry");
		if (corrects !== undefined && corrects >= sequence) throw refused(entry, `there is no entry ${corrects} before it`);
	}
}

function refused({ sequence, kind }: RecoveryEntry, why: string): InputError {
	return new InputError(`entry ${sequence} (${kind}): ${why}`, { code: "CONFLICT", hint: "Nothing was logged." });
}
