import {
	type AccountId,
	type ChainEvent,
	type ChainId,
	comparePositions,
	formatPosition,
	groupBy,
	type LedgerReader,
	ledgerOf,
	type OutputReader,
	startOf,
	type Transfer,
} from "@clew/core";
import { convertParcels } from "../conversion.js";
import type { Parcels } from "../ledger.js";
import type { SweepEdge } from "../sweep-options.js";
import type { TraceRun } from "../trace.js";
import { destinationIn, distinct, type FarSide, farSideOf, type IsGenuine, UNTRUSTED } from "./far-side.js";
import { isGenuineBridge } from "./known-contracts.js";
import { type NearSide, nearSides } from "./near-side.js";
import { depositOn } from "./thorchain.js";

/**
 * Tainted money that goes into a bridge or an exchange's pool and comes out elsewhere. `structural` where events and transfers of both
 * sides leave one reading; else a `lead` with its alternatives, which is never followed.
 */
export interface Passage {
	readonly kind: "bridge" | "swap";
	readonly protocol: string;
	readonly key: string;
	readonly tier: "structural" | "lead";
	readonly paid: Transfer;
	/** The transfer that brings it out; absent where the case does not hold one. */
	readonly got: Transfer | undefined;
	/** What of the outgoing transfer is tainted, in proportion; empty unless structural. */
	readonly into: Parcels;
	/** Why it is one, or why not. */
	readonly detail: string;
	readonly alternatives: readonly Transfer[];
}

/** What passages are looked for in. */
export type PassageSource = LedgerReader | (LedgerReader & OutputReader);

/**
 * The passages that a run's tainted movements take, in position order. Reads the events and transfers of their transactions, on Bitcoin
 * their memos.
 */
export async function findPassages(run: TraceRun, source: PassageSource): Promise<Passage[]> {
	const { chain } = run.request;
	const found: Passage[] = [];
	const eventsFor = ledgerOf(chain) === "outputs" ? memoReader(source) : (await hasEvents(source, chain)) ? eventReader(source) : undefined;
	if (eventsFor === undefined) return found;
	// Where the trace goes on in the contract's own ledger, its money must not come out a second time; what an exchange took in does not go on there.
	const ended = run.edges.flatMap(({ transfer, parcels }): SweepEdge[] =>
		parcels === undefined || transfer.kind === "fee" || transfer.kind === "spend" || run.outcome.followed.has(transfer.to)
			? []
			: [{ transfer, parcels }],
	);
	const edges = [...ended, ...(run.outcome.given ?? [])].sort((a, b) => comparePositions(a.transfer.position, b.transfer.position));
	const isGenuine = believed(source, run.request.stops.minLabelConfidence);
	for (const own of groupBy(edges, ({ transfer }) => transfer.txHash).values()) {
		const paid = own.map(({ transfer }) => transfer);
		const byPlace = new Map(own.map((edge) => [edge.transfer, edge]));
		for (const side of await nearSidesOf(paid, await eventsFor(paid), await allOf(source, paid), isGenuine)) {
			const edge = byPlace.get(side.paid) as SweepEdge;
			const [event] = side.events;
			const passage =
				event.kind === "swap" ? await throughPool(run, source, edge, side) : await overBridge(run, source, edge, side, isGenuine);
			if (passage !== undefined) found.push(passage);
		}
	}
	return withoutShared(found);
}

/** Who is published as a bridge, or labelled as one; each is looked up once. */
function believed(source: LedgerReader, minLabelConfidence: number): IsGenuine {
	const known = new Map<AccountId, Promise<boolean>>();
	const ask = async (account: AccountId) => isGenuineBridge(account, (await source.profile(account, 1)).labels, minLabelConfidence);
	return (account) => {
		const answer = known.get(account) ?? ask(account);
		known.set(account, answer);
		return answer;
	};
}

/** On Bitcoin each tainted output has a deposit of its own; on accounts an event may be about what is not tainted. */
async function allOf(source: LedgerReader, tainted: readonly Transfer[]): Promise<readonly Transfer[]> {
	const [first] = tainted;
	return first === undefined || ledgerOf(first.chain) === "outputs" ? tainted : source.transaction(first.chain, first.txHash);
}

/** Events of contracts that are believed come first: a copy of an event beside a true one puts nothing in doubt. */
async function nearSidesOf(
	tainted: readonly Transfer[],
	events: readonly ChainEvent[],
	all: readonly Transfer[],
	isGenuine: IsGenuine,
): Promise<readonly NearSide[]> {
	const [believable, others]: [ChainEvent[], ChainEvent[]] = [[], []];
	for (const event of events)
		if (event.kind === "swap" || event.kind === "bridge-out")
			(event.kind === "swap" || (await isGenuine(event.contract)) ? believable : others).push(event);
	const sides = nearSides(tainted, believable, all);
	const known = new Set(sides.map(({ paid }) => paid));
	return [
		...sides,
		...nearSides(
			tainted.filter((t) => !known.has(t)),
			others,
			all,
		),
	].sort((a, b) => comparePositions(a.paid.position, b.paid.position));
}

/** One payment brings out what one payment brought in: where several have the same far side, none of them is certain. */
function withoutShared(passages: readonly Passage[]): Passage[] {
	const placed = groupBy(passages, ({ got }) => (got === undefined ? "" : `${got.chain} ${formatPosition(got.position)}`));
	return passages.map((passage) => {
		const { got } = passage;
		const shared = got === undefined ? [] : (placed.get(`${got.chain} ${formatPosition(got.position)}`) ?? []);
		if (got === undefined || shared.length < 2) return passage;
		const detail = `${shared.length} payments have this one far side: ambiguous`;
		return { ...passage, tier: "lead", got: undefined, into: [], alternatives: [got], detail };
	});
}

/** What is known of the transaction of some transfers besides them. */
type EventsFor = (transfers: readonly Transfer[]) => Promise<readonly ChainEvent[]>;

function eventReader(source: LedgerReader): EventsFor {
	return async ([first]) => (first === undefined ? [] : source.eventsOfTransaction(first.chain, first.position));
}

/** On Bitcoin nobody logs events: the memo of a transaction says as much. */
function memoReader(source: PassageSource): EventsFor | undefined {
	if (!("utxoTransaction" in source)) return undefined;
	return async (transfers) => {
		const [first] = transfers;
		const tx = first === undefined ? undefined : await source.utxoTransaction(first.chain, first.txHash);
		return tx === undefined ? [] : transfers.map((t) => depositOn(tx, t)).filter((event) => event !== undefined);
	};
}

/** Histories from files hold no events: then no transaction needs to be asked. */
async function hasEvents(source: LedgerReader, chain: ChainId): Promise<boolean> {
	for (const kind of ["swap", "bridge-out"] as const) if ((await source.events(chain, kind, startOf(0), 1)).length > 0) return true;
	return false;
}

/** A pool that pays somebody else than who paid it: the transfers themselves show both sides. */
async function throughPool(run: TraceRun, source: LedgerReader, edge: SweepEdge, side: NearSide): Promise<Passage | undefined> {
	const { transfer: paid } = edge;
	const receivers = side.events.filter(({ account }) => account !== undefined && account !== paid.from);
	// Who pays and receives by himself converts; the sweep sees that without an event.
	if (receivers.length === 0) return undefined;
	const all = await source.transaction(paid.chain, paid.txHash);
	const out = receivers.flatMap(({ contract, account, details }) =>
		all.filter((t) => t.from === contract && t.to === account && t.asset !== paid.asset && t.amount.toString() === details["got"]),
	);
	const missing = out.length === 0 ? "no transfer from the pool is what its event says that it paid" : undefined;
	const proof = "the pool paid this in the same transaction, as its event says";
	return passageOf(run, edge, side, distinct(out), side.doubt ?? missing, proof);
}

async function overBridge(run: TraceRun, source: PassageSource, edge: SweepEdge, side: NearSide, isGenuine: IsGenuine): Promise<Passage> {
	const [event] = side.events;
	const found: FarSide[] = [];
	for (const one of side.events) found.push(await farSideOf(source, one, isGenuine));
	const candidates = found.flatMap((far) => far.candidates);
	const certain = candidates.filter(({ doubt }) => doubt === undefined);
	const out = certain.length > 0 ? certain : candidates;
	const [first] = out;
	const where = side.events.map(destinationIn).join(" or ");
	if (first === undefined) {
		const silent = found.some(({ isLogged }) => isLogged) ? ": its event is, and no transfer that it names" : "";
		const words = [side.doubt, `the other side is not in the case${silent}; the event names ${where}`];
		return passageOf(run, edge, side, [], words.filter((word) => word !== undefined).join("; "), "");
	}
	const untrusted = (await isGenuine(event.contract)) ? undefined : UNTRUSTED;
	const detail = `both sides carry ${event.key}, and what their events name was moved${first.word}`;
	const moved = distinct(out.map(({ transfer }) => transfer));
	return passageOf(run, edge, side, moved, side.doubt ?? untrusted ?? first.doubt, detail);
}

/** `doubt` makes a lead of it; so do several transfers that fit, and none. */
function passageOf(
	{ request: { rules }, outcome }: TraceRun,
	{ transfer: paid, parcels }: SweepEdge,
	{ events: [{ kind, protocol, key, position }] }: NearSide,
	out: readonly Transfer[],
	doubt: string | undefined,
	proof: string,
): Passage {
	const [got, ...others] = out;
	const certain = doubt === undefined && got !== undefined && others.length === 0;
	return {
		kind: kind === "swap" ? "swap" : "bridge",
		protocol,
		key: key ?? `${protocol}:${paid.chain}:${formatPosition(position)}`,
		tier: certain ? "structural" : "lead",
		paid,
		got: certain ? got : undefined,
		into: certain ? convertParcels(rules, parcels, { paid: paid.amount, got: got.amount }, outcome.frame?.pieces ?? 0n) : [],
		detail: doubt ?? (others.length > 0 ? `${out.length} transfers fit: ambiguous` : proof),
		alternatives: certain ? [] : out,
	};
}
