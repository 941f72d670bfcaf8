import {
	type AccountId,
	addressOf,
	comparePositions,
	type Detection,
	formatPosition,
	type LedgerReader,
	sharedEnds,
	sharesEnds,
	type Transfer,
} from "@clew/core";
import { must, surer } from "../patterns/finding.js";
import { boundedLedger, detectionOf, type MakeObserver } from "./observer.js";
import type { DetectionParameters } from "./parameters.js";

const SOURCE = "Tsuchiya et al. 2025: Blockchain Address Poisoning (USENIX Security)";
/** Hexadecimal digits of a bucket: of the start and the end together, and of one end alone. A bucket only says who is looked at. */
const BUCKET = 2;
const LONG_BUCKET = 6;
/** Buckets of one kind, and of all three kinds; with an account's number below 2^26 a key stays below 2^53. */
const BUCKETS = 16 ** LONG_BUCKET;
const KINDS = 4;
/** Accounts with more counterparties are services: chance look-alikes are among them, and nobody picks an address from their history. */
const MAX_COUNTERPARTIES = 5_000;

/** True when one could be taken for the other, by the run's parameters. */
function looksAlike(a: string, b: string, p: DetectionParameters, odd: boolean): boolean {
	const together = odd ? p.poisonTogether : p.poisonTogetherPlain;
	return sharesEnds(a, b, { each: p.poisonEnds, together, oneEnd: odd ? p.poisonOneEnd : Math.max(p.poisonOneEnd, p.poisonTogetherPlain) });
}

/**
 * Address poisoning: an account whose ends look like those of somebody whom the victim paid puts itself into the victim's history, by a
 * transfer of nothing, of next to nothing, or of a token that is not the one paid, so that the victim copies it for the next payment.
 */
export const observePoisoning: MakeObserver = (parameters) => {
	/** First counterparty of an account in a bucket; a second one makes the account a candidate. */
	const buckets = new Map<number, number>();
	const suspects = new Set<number>();
	const bucketsOf = new Map<number, readonly number[]>();
	const note = (owner: number, ownerAddress: string, other: number, otherAddress: string) => {
		if (ownerAddress === otherAddress) return;
		let own = bucketsOf.get(other);
		if (own === undefined) {
			const digits = otherAddress.slice(2);
			const ends = [digits.slice(0, BUCKET) + digits.slice(-BUCKET), digits.slice(0, LONG_BUCKET), digits.slice(-LONG_BUCKET)];
			own = ends.map((end, kind) => kind * BUCKETS + Number.parseInt(end, 16));
			bucketsOf.set(other, own);
		}
		for (const bucket of own) {
			const key = owner * BUCKETS * KINDS + bucket;
			const known = buckets.get(key);
			if (known === undefined) buckets.set(key, other);
			else if (known !== other) suspects.add(owner);
		}
	};
	return {
		transaction(movements) {
			for (const { t, from, to } of movements) {
				if (t.kind === "fee" || t.kind === "mint" || t.kind === "burn" || from === to) continue;
				note(from, addressOf(t.from), to, addressOf(t.to));
				note(to, addressOf(t.to), from, addressOf(t.from));
			}
		},
		async finish(accounts, source) {
			const found: Detection[] = [];
			for (const victim of suspects) {
				if (accounts.fanIn(victim) + accounts.fanOut(victim) > MAX_COUNTERPARTIES) continue;
				found.push(...(await poisoningOf(accounts.nameOf(victim), source, parameters)));
			}
			return found;
		},
	};
};

/** What one account dealt with another, as far as it tells a payment from a trick. */
interface Dealing {
	readonly account: AccountId;
	readonly first: Transfer;
	/** Payments that the account itself made: it paid the fee, or it sent the native coin. */
	readonly paid: Map<string, bigint>;
	readonly tricks: Transfer[];
	readonly received: Transfer[];
}

async function poisoningOf(victim: AccountId, source: LedgerReader, p: DetectionParameters): Promise<Detection[]> {
	const ledger = await boundedLedger(source, victim);
	const own = new Set(ledger.filter((t) => t.kind === "fee" && t.from === victim).map((t) => t.txHash));
	const dealings = new Map<AccountId, Dealing>();
	for (const t of ledger) {
		if (t.kind === "fee" || t.from === t.to) continue;
		const other = t.from === victim ? t.to : t.from;
		const dealing: Dealing = dealings.get(other) ?? { account: other, first: t, paid: new Map(), tricks: [], received: [] };
		dealings.set(other, dealing);
		if (t.from !== victim) dealing.received.push(t);
		else if (t.amount > 0n && (t.kind === "native" || own.has(t.txHash) || own.size === 0))
			dealing.paid.set(t.asset, (dealing.paid.get(t.asset) ?? 0n) + t.amount);
		else dealing.tricks.push(t);
	}
	// Whoever looks alike shares both ends, or much of one: only those are compared, since an account may deal with thousands.
	const paid = new Map<string, Dealing[]>();
	for (const dealing of dealings.values())
		for (const ends of dealing.paid.size > 0 ? endsOf(dealing.account, p) : []) paid.set(ends, [...(paid.get(ends) ?? []), dealing]);
	const found: Detection[] = [];
	for (const imitator of dealings.values()) {
		const alike = new Set(endsOf(imitator.account, p).flatMap((ends) => paid.get(ends) ?? []));
		const [origin] = [...alike]
			.filter((d) => d !== imitator && comparePositions(d.first.position, imitator.first.position) < 0)
			.filter((d) => looksAlike(addressOf(d.account), addressOf(imitator.account), p, true))
			.sort((a, b) => togetherOf(b, imitator) - togetherOf(a, imitator));
		const detection = origin && claimOf(victim, imitator, origin, p);
		if (detection !== undefined) found.push(detection);
	}
	return found;
}

/** The characters of which a look-alike shares some: at both ends, at the start alone, at the end alone. */
function endsOf(account: AccountId, { poisonEnds, poisonOneEnd }: DetectionParameters): string[] {
	const digits = addressOf(account).slice(2);
	const both = `${digits.slice(0, poisonEnds)}..${digits.slice(-poisonEnds)}`;
	return [both, `${digits.slice(0, poisonOneEnd)}..`, `..${digits.slice(-poisonOneEnd)}`];
}

const togetherOf = (a: Dealing, b: Dealing) => {
	const { start, end } = sharedEnds(addressOf(a.account), addressOf(b.account));
	return start + end;
};

function claimOf(victim: AccountId, imitator: Dealing, origin: Dealing, p: DetectionParameters): Detection | undefined {
	const { start, end } = sharedEnds(addressOf(imitator.account), addressOf(origin.account));
	const nothing = [...imitator.tricks, ...imitator.received].filter((t) => t.amount === 0n);
	const tiny = imitator.received.filter((t) => {
		const paid = origin.paid.get(t.asset);
		return t.amount > 0n && paid !== undefined && t.amount * p.poisonDust < paid;
	});
	const counterfeit = [...imitator.tricks, ...imitator.received].filter(
		(t) => t.amount > 0n && t.kind === "token" && !origin.paid.has(t.asset),
	);
	const odd = [...nothing, ...tiny, ...counterfeit].sort((a, b) => comparePositions(a.position, b.position));
	const far = looksAlike(addressOf(imitator.account), addressOf(origin.account), p, false);
	return detectionOf(
		{
			account: imitator.account,
			kind: "address-poisoning",
			tier: "structural",
			heuristic: "address-poisoning",
			version: 2,
			parameters: {
				ends: `${p.poisonEnds} + ${p.poisonEnds}`,
				together: String(p.poisonTogether),
				oneEnd: String(p.poisonOneEnd),
				togetherWithoutOddTransfer: String(p.poisonTogetherPlain),
				dust: `1/${p.poisonDust} of what was paid`,
				victim,
			},
			source: SOURCE,
			counterpart: origin.account,
			evidence: [origin.first, ...(odd.length > 0 ? odd : [imitator.first])].map((t) => formatPosition(t.position)),
		},
		[
			must(`its first ${start} and last ${end} characters are those of an account that ${addressOf(victim)} had paid`, true),
			must("it put itself into the history after that payment", far || odd.length > 0),
			surer(`${nothing.length} transfers of nothing`, nothing.length > 0),
			surer(`${tiny.length} tiny transfers`, tiny.length > 0),
			surer(`${counterfeit.length} transfers of another token`, counterfeit.length > 0),
			surer("more of it is the same than chance explains", far),
		],
	);
}
