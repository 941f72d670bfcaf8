import {
	type AccountId,
	type AccountProfile,
	type CoveredKind,
	chainOf,
	isNative,
	isOrderGuessed,
	type LedgerReader,
	nativeAsset,
	startOf,
	type Transfer,
	transferPages,
} from "@clew/core";
import { kindsThatTell, readOnFrom } from "./read-runs.js";
import { isNobody, MINTED, type Stop, type StopParameters, standingStop } from "./stops.js";

/** Transfers read at once. */
const PAGE = 1_000;

/** Who paid an account its first coins, as the case shows it. */
export interface Funding {
	readonly account: AccountId;
	/** The first payment of the chain's own coin to it by another account. */
	readonly payment: Transfer;
	/** Why an earlier one may not be in the case; empty where this is known to be the first. */
	readonly open: readonly string[];
}

/** Why the search ends behind the last funding. */
export interface FundersEnd {
	readonly reason: Stop["reason"] | "no-payment" | "loop" | "limit";
	readonly account: AccountId;
	readonly detail: string;
}

/** Who funded an account, and whom who funded it, from the account on. */
export interface Funders {
	readonly steps: readonly Funding[];
	readonly end: FundersEnd;
}

/**
 * Who paid an account its first coins, who paid theirs to that account, and so on, up to one whose payments say nothing of a person: a
 * service, a mixer, a bridge, an EntryPoint, newly made coins; at most `most` steps. It is a lead to who set an account up, and no proof.
 */
export async function fundersOf(source: LedgerReader, account: AccountId, stops: StopParameters, most: number): Promise<Funders> {
	const steps: Funding[] = [];
	const seen = new Set<AccountId>();
	for (let current = account; ; ) {
		seen.add(current);
		const profile = await source.profile(current, stops.serviceTransfers);
		const found = await firstPayment(source, current, profile);
		if (found === undefined) {
			const unread = unreadUpTo(current, profile, Number.POSITIVE_INFINITY);
			const detail = `the case holds no payment of the coin to it${unread.length === 0 ? "" : `, and ${unread.join("; ")}`}`;
			return { steps, end: { reason: "no-payment", account: current, detail } };
		}
		steps.push(found);
		const { from, position } = found.payment;
		const stop = await stopAt(source, from, position.height, stops);
		if (stop !== undefined) return { steps, end: { reason: stop.reason, account: from, detail: stop.detail } };
		if (seen.has(from)) return { steps, end: { reason: "loop", account: from, detail: "it stands among these accounts already" } };
		if (steps.length === most)
			return { steps, end: { reason: "limit", account: from, detail: `no more than ${most} steps were asked for` } };
		current = from;
	}
}

async function stopAt(source: LedgerReader, payer: AccountId, height: number, stops: StopParameters): Promise<Stop | undefined> {
	if (isNobody(payer)) return MINTED;
	const time = (await source.header(chainOf(payer), height))?.time;
	return standingStop(payer, await source.profile(payer, stops.serviceTransfers), stops, time);
}

async function firstPayment(source: LedgerReader, account: AccountId, profile: AccountProfile): Promise<Funding | undefined> {
	let paid: Transfer | undefined;
	for await (const page of transferPages((at, limit) => source.ledger(account, at, limit), startOf(0), PAGE))
		for (const t of page) {
			if (!isNative(t.asset) || t.amount === 0n) continue;
			if (t.from === account) paid ??= t.from === t.to && t.kind !== "fee" ? undefined : t;
			else if (t.kind !== "fee") return { account, payment: t, open: await openBefore(source, account, profile, t, paid) };
		}
	return undefined;
}

async function openBefore(
	source: LedgerReader,
	account: AccountId,
	profile: AccountProfile,
	payment: Transfer,
	paid: Transfer | undefined,
): Promise<string[]> {
	const open = unreadUpTo(account, profile, payment.position.height);
	if (paid !== undefined) open.push(`it paid in block ${paid.position.height}, before this`);
	if (isOrderGuessed(payment.position)) open.push(`no source tells its place in block ${payment.position.height}`);
	const before = await source.balancesBefore(account, payment.position);
	if (before.some(({ asset, amount }) => asset === payment.asset && amount > 0n))
		open.push("it held coins before this, by its opening balance");
	return open;
}

/** What of an account's movements of the coin, from the first block up to a height, is not in the case. */
function unreadUpTo(account: AccountId, { coverage }: AccountProfile, height: number): string[] {
	const chain = chainOf(account);
	const kinds = kindsThatTell(chain, nativeAsset(chain));
	const latest = Math.max(0, ...coverage.map(({ toHeight }) => toHeight));
	const through = Math.min(height, latest);
	const read = readOnFrom(coverage, kinds, { from: 0, through, latest: through });
	if (!("unread" in read)) return [];
	return [`its ${namesOf(read.unread)} transfers from the first block on are not all in the case`];
}

const namesOf = (kinds: readonly CoveredKind[]) => kinds.join(" and ");
