import { type AccountId, addressOf, type ChainEvent, comparePositions, formatPosition, groupBy, type Transfer } from "@clew/core";
import { movesNamed } from "./named-asset.js";

/** What the events of a transaction say of one tainted transfer of it. */
export interface NearSide {
	readonly paid: Transfer;
	/** The event that says where it went; several where nothing tells which of them. */
	readonly events: readonly [ChainEvent, ...ChainEvent[]];
	/** Why it is not certain that the event is about this transfer; undefined where it is. */
	readonly doubt: string | undefined;
}

/** Transfers that can pay into a bridge or a pool. */
const PAYING_KINDS: ReadonlySet<Transfer["kind"]> = new Set(["native", "internal", "token", "burn", "output"]);

/** How well an event names who paid. */
const CONTRADICTED = 0;
const POSSIBLE = 1;
const NAMED = 2;

/** The payments that an event can be about, and how well it names who made them: the same for all of them. */
interface Meant {
	readonly event: ChainEvent;
	/** Their positions. */
	readonly payments: ReadonlySet<string>;
	readonly payer: typeof CONTRADICTED | typeof POSSIBLE | typeof NAMED;
}

/**
 * Which event of a transaction is about which of its tainted transfers. An event is about a transfer of the token and the amount that it
 * names, into its contract, and among those about the ones whose payer it names; it is certain where it can be about no other transfer, and
 * no other event about this one. `all` are the transfers of the transaction.
 */
export function nearSides(tainted: readonly Transfer[], events: readonly ChainEvent[], all: readonly Transfer[]): NearSide[] {
	const arrivals = groupBy(
		all.filter(({ kind }) => PAYING_KINDS.has(kind)),
		({ to }) => to,
	);
	const signers = all.filter(({ kind }) => kind === "fee").map(({ from }) => from);
	const meant = events.map((event) => meantBy(event, all, arrivals, signers));
	const sides: NearSide[] = [];
	for (const paid of tainted) {
		const heads = headsOf(paid, arrivals).map(placeOf);
		const own = meant.filter(({ payments }) => heads.some((head) => payments.has(head)));
		const best = own.reduce<Meant["payer"]>((most, { payer }) => (payer > most ? payer : most), CONTRADICTED);
		const surest = own.filter(({ payer }) => payer === best);
		const [first, ...others] = surest.map(({ event }) => event);
		if (first !== undefined) sides.push({ paid, events: [first, ...others], doubt: doubtOf(surest) });
	}
	return sides;
}

function doubtOf([first, ...others]: readonly Meant[]): string | undefined {
	if (first === undefined) return undefined;
	const { event, payments, payer } = first;
	if (others.length > 0)
		return `${others.length + 1} events of this transaction name such a payment: which of them names this one is not told`;
	if (payments.size > 1) return `the event fits ${payments.size} payments of this transaction: which of them it names is not told`;
	return payer === CONTRADICTED ? `the event names another payer, ${event.details["depositor"]}` : undefined;
}

type Arrivals = ReadonlyMap<AccountId, readonly Transfer[]>;

function meantBy(event: ChainEvent, all: readonly Transfer[], arrivals: Arrivals, signers: readonly AccountId[]): Meant {
	const heads = all.filter((t) => takes(event, t)).flatMap((t) => headsOf(t, arrivals));
	const payers = new Map(heads.map((head) => [placeOf(head), payerOf(event, head, arrivals, signers)]));
	const payer = [...payers.values()].reduce<Meant["payer"]>((most, one) => (one > most ? one : most), CONTRADICTED);
	return { event, payments: new Set([...payers].filter(([, one]) => one === payer).map(([place]) => place)), payer };
}

function placeOf({ position }: Transfer): string {
	return formatPosition(position);
}

/** True when the event can say that its contract took this transfer. */
function takes({ kind, details, contract }: ChainEvent, t: Transfer): boolean {
	if (!PAYING_KINDS.has(t.kind)) return false;
	if (kind === "swap") return t.to === contract && details["paid"] === t.amount.toString();
	if (kind !== "bridge-out" || details["amount"] !== t.amount.toString() || movesNamed(details["token"], t) === false) return false;
	const vault = details["vault"];
	return t.to === contract || t.kind === "burn" || (vault !== undefined && addressOf(t.to) === vault);
}

/** Where what is burned came from in its transaction: what a bridge is paid and burns is one payment, by whoever paid the bridge. */
function headsOf(t: Transfer, arrivals: Arrivals): readonly Transfer[] {
	const before =
		t.kind !== "burn"
			? []
			: (arrivals.get(t.from) ?? []).filter(
					({ asset, amount, position }) => asset === t.asset && amount === t.amount && comparePositions(position, t.position) < 0,
				);
	return before.length === 0 ? [t] : before;
}

/** A payer may pay for somebody: who sent the transaction, or whose money came to the payer in it. */
function payerOf(
	{ details: { depositor } }: ChainEvent,
	payment: Transfer,
	arrivals: Arrivals,
	signers: readonly AccountId[],
): Meant["payer"] {
	if (depositor === undefined) return POSSIBLE;
	if (addressOf(payment.from) === depositor) return NAMED;
	const through = new Set([payment.from]);
	for (const account of through) for (const { from } of arrivals.get(account) ?? []) through.add(from);
	return [...through, ...signers].some((account) => addressOf(account) === depositor) ? POSSIBLE : CONTRADICTED;
}
