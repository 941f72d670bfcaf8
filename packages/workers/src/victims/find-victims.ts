import {
	type AccountId,
	type AccountProfile,
	type AssetId,
	addressOf,
	after,
	chainOf,
	comparePositions,
	compareText,
	delegationsOf,
	formatPosition,
	groupBy,
	isNative,
	isNoPlace,
	type LedgerReader,
	type Position,
	sharesEnds,
	type Transfer,
	throwIfAborted,
} from "@clew/core";
import { DEFAULT_DETECTION_PARAMETERS, type StopParameters, standingStop } from "@clew/tracer";
import { readWallet, TAKING_WAYS, type Taking, type Wallet, type WalletFacts, walletFacts } from "../investigate/wallet.js";

/**
 * How somebody was brought to pay, as the chain shows it. `payment`: in a transaction of its own, and nothing shows why; `look-alike`: so,
 * and before it had paid an address that this one could be taken for; the others: somebody else's transaction took it
 * ({@link TAKING_WAYS}); `not known`: no source tells who sent the transaction, or its own history is not in the case and another's
 * transaction moved it.
 */
export const LURES = ["payment", "look-alike", ...TAKING_WAYS, "not known"] as const;
export type Lure = (typeof LURES)[number];

/** One payment into a collector, and how it came about. */
export interface VictimPayment {
	readonly transfer: Transfer;
	readonly lure: Lure;
	/** Who was let to take it; of a look-alike the address that it could be taken for. */
	readonly by?: AccountId;
}

/** What one account lost of one asset to the collectors, in base units. */
export interface Victim {
	readonly account: AccountId;
	readonly asset: AssetId;
	readonly paid: bigint;
	/** What collectors sent it of the same asset at any time. */
	readonly returned: bigint;
	/** Collector by collector, in order. */
	readonly payments: readonly VictimPayment[];
	/** Its own history is in the case, so that who it had paid before can be seen. */
	readonly isRead: boolean;
	/** It paid a collector before anybody else did: perhaps the collector's own money. A lead. */
	readonly isFirst: boolean;
	/** After its last payment its books lack some of what it paid. */
	readonly isUnbacked: boolean;
}

/** Why a payer is not called a victim. `service`: its customers may be. */
export type NoVictimWhy = "service" | "contract" | "got more back" | "dust" | "collector";

/** A payer that is not called a victim, of one asset. */
export interface NoVictim {
	readonly account: AccountId;
	readonly asset: AssetId;
	readonly why: NoVictimWhy;
	readonly detail: string;
	readonly paid: bigint;
	readonly returned: bigint;
	readonly payments: readonly Transfer[];
}

/** Who paid collectors. */
export interface Payers {
	/** Those that lost most of an asset first, asset by asset. */
	readonly victims: readonly Victim[];
	readonly others: readonly NoVictim[];
	/** Collectors whose payments were not all read: there are more than `most`. */
	readonly cut: readonly AccountId[];
}

/** Where to look: everything that collectors were paid, or the payments named. */
export interface VictimSearch {
	readonly collectors: readonly AccountId[];
	/** Positions, as `formatPosition` writes them; undefined: every payment. */
	readonly only?: ReadonlySet<string>;
	readonly stops: StopParameters;
	/** Payments that are read for each collector, at most. */
	readonly most: number;
	readonly signal: AbortSignal;
}

const PAGE = 2_000;

/** Who paid the collectors, asset by asset, and by which lure. Account chains. Reads the case alone. */
export async function findVictims(store: LedgerReader, search: VictimSearch): Promise<Payers> {
	const collectors = new Set(search.collectors);
	const [arrived, went, cut]: [Transfer[], Transfer[], AccountId[]] = [[], [], []];
	for (const collector of collectors) {
		const moved = await movementsOf(store, collector, search);
		if (moved.cut) cut.push(collector);
		for (const t of moved.transfers) {
			if (t.from === t.to || t.kind === "fee" || t.amount === 0n) continue;
			if (t.from === collector) went.push(t);
			else if (!isNoPlace(t.from)) arrived.push(t);
		}
	}
	const first = firstPayers(arrived, went);
	const came = arrived.filter(({ position }) => search.only?.has(formatPosition(position)) ?? true);
	const back = groupBy(went, ({ to, asset }) => `${to} ${asset}`);
	const facts = walletFacts(store);
	const wallets = new Map<AccountId, WalletPayments>();
	const [victims, others]: [Victim[], NoVictim[]] = [[], []];
	for (const [key, payments] of groupBy(came, ({ from, asset }) => `${from} ${asset}`)) {
		throwIfAborted(search.signal);
		const [one] = payments;
		if (one === undefined) continue;
		const { from: account, asset } = one;
		const paid = sum(payments);
		const returned = sum(back.get(key) ?? []);
		const profile = await store.profile(account, search.stops.serviceTransfers);
		const why = collectors.has(account)
			? { why: "collector" as const, detail: "it is one of the collectors itself" }
			: await noVictim(store, profile, payments, { paid, returned, stops: search.stops });
		if (why !== undefined) {
			others.push({ account, asset, ...why, paid, returned, payments });
			continue;
		}
		const wallet = wallets.get(account) ?? paymentsOf(await readWallet(store, account, facts));
		wallets.set(account, wallet);
		const isRead = profile.coverage.length > 0;
		const lured = await Promise.all(payments.map((transfer) => luredBy(store, wallet, transfer, facts)));
		victims.push({
			account,
			asset,
			paid,
			returned,
			payments: lured,
			isRead,
			// Who was robbed through a permission is nobody's owner.
			isFirst: first.has(account) && lured.every(({ lure }) => lure === "payment"),
			isUnbacked: isRead && (await lacks(store, account, asset, payments)),
		});
	}
	return { victims: byLoss(victims), others: byLoss(others), cut };
}

async function movementsOf(store: LedgerReader, account: AccountId, { most, signal }: VictimSearch) {
	const transfers: Transfer[] = [];
	let cursor: Position | undefined;
	do {
		throwIfAborted(signal);
		const page = await store.transfersOf(account, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
		transfers.push(...page.transfers);
		cursor = page.next;
	} while (cursor !== undefined && transfers.length < most);
	return { transfers, cut: cursor !== undefined };
}

/** Of each collector that paid nothing before it: who paid it first. */
function firstPayers(came: readonly Transfer[], went: readonly Transfer[]): ReadonlySet<AccountId> {
	const first = new Map<AccountId, Transfer>();
	for (const t of came) {
		const known = first.get(t.to);
		if (known === undefined || comparePositions(t.position, known.position) < 0) first.set(t.to, t);
	}
	for (const t of went) {
		const known = first.get(t.from);
		if (known !== undefined && comparePositions(t.position, known.position) < 0) first.delete(t.from);
	}
	return new Set([...first.values()].map(({ from }) => from));
}

async function noVictim(
	store: LedgerReader,
	profile: AccountProfile,
	payments: readonly Transfer[],
	{ paid, returned, stops }: { readonly paid: bigint; readonly returned: bigint; readonly stops: StopParameters },
): Promise<Pick<NoVictim, "why" | "detail"> | undefined> {
	const [{ from: account, chain, position }] = payments as [Transfer];
	const stop = standingStop(account, profile, stops, (await store.header(chain, position.height))?.time);
	if (stop !== undefined) return { why: "service", detail: stop.detail };
	if (profile.isContract && (await delegationsOf(store, account)).length === 0)
		return { why: "contract", detail: "a contract: whose money it passed on is in the transactions that called it" };
	if (returned > paid) return { why: "got more back", detail: "the collectors sent it more than it had paid them" };
	return (await isAllDust(store, payments)) ? { why: "dust", detail: "no payment is above the fee of its own transaction" } : undefined;
}

/** Coins worth less than it cost to send them: a notice, a test, or gas. Tokens have no price here, and none is dust. */
async function isAllDust(store: LedgerReader, payments: readonly Transfer[]): Promise<boolean> {
	for (const { chain, txHash, asset, amount } of payments) {
		if (!isNative(asset)) return false;
		const fee = sum((await store.transaction(chain, txHash)).filter(({ kind }) => kind === "fee"));
		if (fee < amount) return false;
	}
	return true;
}

/** Whether an account's books lack what it paid, after the last of its payments. */
async function lacks(store: LedgerReader, account: AccountId, asset: AssetId, payments: readonly Transfer[]): Promise<boolean> {
	const last = payments.reduce((most, one) => (comparePositions(one.position, most.position) > 0 ? one : most));
	const held = (await store.balancesBefore(account, after(last.position))).find((one) => one.asset === asset);
	return (held?.shortfall ?? 0n) > 0n;
}

/** What left a wallet, by place: by whose hand. */
interface WalletPayments {
	readonly takings: ReadonlyMap<string, Taking>;
	readonly own: readonly Transfer[];
	readonly ownPlaces: ReadonlySet<string>;
}

function paymentsOf({ takings, own }: Wallet): WalletPayments {
	return {
		takings: new Map(takings.map((taking) => [formatPosition(taking.transfer.position), taking])),
		own,
		ownPlaces: new Set(own.map(({ position }) => formatPosition(position))),
	};
}

async function luredBy(store: LedgerReader, wallet: WalletPayments, transfer: Transfer, facts: WalletFacts): Promise<VictimPayment> {
	const at = formatPosition(transfer.position);
	const taking = wallet.takings.get(at);
	if (taking !== undefined) return { transfer, lure: taking.way, ...(taking.by === undefined ? {} : { by: taking.by }) };
	if (!wallet.ownPlaces.has(at)) return { transfer, lure: await lureOfUntold(store, transfer, facts) };
	const imitated = wallet.own.find(
		({ to, position }) => comparePositions(position, transfer.position) < 0 && couldBeTakenFor(transfer.to, to),
	)?.to;
	return imitated === undefined ? { transfer, lure: "payment" } : { transfer, lure: "look-alike", by: imitated };
}

/** Of a payment beyond those of the wallet that were read: by its own transaction or operation alone. */
async function lureOfUntold(store: LedgerReader, { chain, txHash, from }: Transfer, facts: WalletFacts): Promise<Lure> {
	if ((await facts.operations(from)).has(txHash)) return "payment";
	const fee = (await store.transaction(chain, txHash)).find(({ kind }) => kind === "fee");
	return fee?.from === from ? "payment" : "not known";
}

const { poisonEnds, poisonTogetherPlain, poisonOneEnd } = DEFAULT_DETECTION_PARAMETERS;
/** As address-poisoning takes it where nothing else is odd. */
const ALIKE = { each: poisonEnds, together: poisonTogetherPlain, oneEnd: Math.max(poisonOneEnd, poisonTogetherPlain) };

function couldBeTakenFor(account: AccountId, other: AccountId): boolean {
	return chainOf(account) === chainOf(other) && sharesEnds(addressOf(account), addressOf(other), ALIKE);
}

const sum = (transfers: readonly Transfer[]): bigint => transfers.reduce((total, { amount }) => total + amount, 0n);

/** By asset, the greatest loss of each first. */
function byLoss<T extends Pick<Victim, "account" | "asset" | "paid" | "returned">>(rows: T[]): T[] {
	const less = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0);
	return rows.sort(
		(a, b) => compareText(a.asset, b.asset) || less(b.paid - b.returned, a.paid - a.returned) || compareText(a.account, b.account),
	);
}
