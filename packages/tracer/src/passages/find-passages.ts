import {
	addressOf,
	type ChainEvent,
	type ChainId,
	comparePositions,
	defang,
	formatPosition,
	groupBy,
	type LedgerSource,
	ledgerOf,
	startOf,
	type Transfer,
	type UtxoSource,
} from "@clew/core";
import { convertParcels } from "../conversion.js";
import type { Parcels } from "../ledger.js";
import type { SweepEdge } from "../sweep-options.js";
import type { TraceRun } from "../trace.js";
import { isGenuineBridge } from "./known-contracts.js";
import { depositOn, destinationOf, payoutsOf, THORCHAIN } from "./thorchain.js";

/**
 * Tainted money that goes into a bridge or an exchange's pool and comes out elsewhere. `structural` where events and transfers of both sides leave one
 * reading; else a `lead` with its alternatives, which is never followed.
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

/** Transfers that can bring money out of a bridge. */
const CANDIDATE_KINDS = new Set<Transfer["kind"]>(["native", "internal", "token", "mint"]);

/** What passages are looked for in. */
export type PassageSource = LedgerSource | (LedgerSource & UtxoSource);

/** The passages that a run's tainted movements take, in position order. Reads the events and transfers of their transactions, on Bitcoin their memos. */
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
	for (const own of groupBy(edges, ({ transfer }) => transfer.txHash).values()) {
		const events = [...(await eventsFor(own.map(({ transfer }) => transfer)))];
		for (const edge of own) {
			// Several that took as much are paired in their order, as a contract logs what it took after it took it.
			const at = events.findIndex((event) => takes(event, edge.transfer));
			const [event] = at < 0 ? [] : events.splice(at, 1);
			if (event === undefined) continue;
			const passage = event.kind === "swap" ? await throughPool(run, source, edge, event) : await overBridge(run, source, edge, event);
			if (passage !== undefined) found.push(passage);
		}
	}
	return found;
}

/** What is known of the transaction of some transfers besides them. */
type EventsFor = (transfers: readonly Transfer[]) => Promise<readonly ChainEvent[]>;

function eventReader(source: LedgerSource): EventsFor {
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
async function hasEvents(source: LedgerSource, chain: ChainId): Promise<boolean> {
	for (const kind of ["swap", "bridge-out"] as const) if ((await source.events(chain, kind, startOf(0), 1)).length > 0) return true;
	return false;
}

/** True when the event says that its contract took exactly this transfer. */
function takes(event: ChainEvent, t: Transfer): boolean {
	const { details, contract } = event;
	if (event.kind === "swap") return t.to === contract && details["paid"] === t.amount.toString();
	if (event.kind !== "bridge-out" || details["amount"] !== t.amount.toString()) return false;
	const vault = details["vault"];
	return t.to === contract || t.kind === "burn" || (vault !== undefined && addressOf(t.to) === vault);
}

/** A pool that pays somebody else than who paid it: the transfers themselves show both sides. */
async function throughPool(run: TraceRun, source: LedgerSource, edge: SweepEdge, event: ChainEvent): Promise<Passage | undefined> {
	const { transfer: paid } = edge;
	const receiver = event.account;
	// Who pays and receives by himself converts; the sweep sees that without an event.
	if (receiver === undefined || receiver === paid.from) return undefined;
	const out = (await source.transaction(paid.chain, paid.txHash)).filter(
		(t) => t.from === event.contract && t.to === receiver && t.asset !== paid.asset && t.amount.toString() === event.details["got"],
	);
	return passageOf(run, edge, event, out, true, "the pool paid this in the same transaction, as its event says");
}

async function overBridge(run: TraceRun, source: PassageSource, edge: SweepEdge, event: ChainEvent): Promise<Passage> {
	const { minLabelConfidence } = run.request.stops;
	const genuine = async ({ contract }: ChainEvent) => {
		const { labels } = await source.profile(contract, 1);
		return isGenuineBridge(contract, labels, minLabelConfidence);
	};
	const arrivals = (await source.eventsByKey(event.key ?? "")).filter(
		(other) => other.kind === "bridge-in" && other.protocol === event.protocol && fits(event, other),
	);
	// Vaults on Bitcoin change and are on no list: who is paid is what the depositor's own memo says.
	const out = event.protocol === THORCHAIN && "utxoTransaction" in source ? await payoutsOf(source, event) : [];
	let trusted = await genuine(event);
	for (const arrival of arrivals) {
		trusted = trusted && (await genuine(arrival));
		const { token, amount } = arrival.details;
		const transfers = (await source.transaction(arrival.chain, arrival.txHash)).filter(
			(t) => CANDIDATE_KINDS.has(t.kind) && t.to === arrival.account && t.amount.toString() === amount,
		);
		const named = transfers.filter((t) => token !== undefined && t.asset.endsWith(`erc20:${token}`));
		out.push(...(named.length > 0 ? named : transfers));
	}
	const where = event.details["memo"] ?? `${event.details["toChain"]} ${event.details["receiver"]}`;
	if (out.length === 0)
		return passageOf(run, edge, event, out, false, `the other side is not in the case; the event names ${defang(where)}`);
	if (!trusted)
		return passageOf(run, edge, event, out, false, "both sides match, but a contract is neither published nor labelled as a bridge");
	return passageOf(run, edge, event, out, true, `both sides carry ${event.key} and the amounts were moved`);
}

/** What one side says of the other must be so; a side that does not tell excludes nothing. */
function fits(out: ChainEvent, into: ChainEvent): boolean {
	const { toChain, memo } = out.details;
	const receiver = out.details["receiver"] ?? (memo === undefined ? undefined : destinationOf(memo));
	const { fromChain } = into.details;
	return (
		(toChain === undefined || toChain === into.chain) &&
		(fromChain === undefined || fromChain === out.chain) &&
		(receiver === undefined || into.account === undefined || addressOf(into.account) === receiver)
	);
}

function passageOf(
	{ request: { rules }, outcome }: TraceRun,
	{ transfer: paid, parcels }: SweepEdge,
	{ kind, protocol, key, position }: ChainEvent,
	out: readonly Transfer[],
	proved: boolean,
	detail: string,
): Passage {
	const [got] = out;
	const certain = proved && got !== undefined && out.length === 1;
	return {
		kind: kind === "swap" ? "swap" : "bridge",
		protocol,
		key: key ?? `${protocol}:${paid.chain}:${formatPosition(position)}`,
		tier: certain ? "structural" : "lead",
		paid,
		got: certain ? got : undefined,
		into: certain ? convertParcels(rules, parcels, { paid: paid.amount, got: got.amount }, outcome.frame?.pieces ?? 0n) : [],
		detail: proved && out.length > 1 ? `${out.length} transfers fit: ambiguous` : detail,
		alternatives: certain ? [] : out,
	};
}
