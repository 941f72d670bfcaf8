import {
	type AccountId,
	addressOf,
	CUSTODIAL_CATEGORIES,
	countOf,
	DANGEROUS_CATEGORIES,
	type Detection,
	datesInWords,
	disagree,
	instantOf,
	type Label,
	type LabelStanding,
	sharedEnds,
	sharesEnds,
	standingAt,
} from "@clew/core";
import { type Reason, reason } from "./reason.js";

/** A claim of a list or a case about the subject, and for sites the entry that it stands at: the site itself, one above it or a page. */
export type Claim = Pick<Label, "category" | "entity" | "source" | "confidence" | "retrievedAt" | "validFrom" | "validUntil"> & {
	readonly listed?: string;
	/** The chain that it is about, in words, where that is another one than the subject's. */
	readonly on?: string;
	/** Its list does not have it any more, since `validUntil`. */
	readonly dropped?: boolean;
};

/** Somebody's word counts in full from "trusted provider" on (GraphSense's scale). */
const TRUSTED = 50;
/** Below "web crawl" it is a guess. */
const WEAK = 20;

/** How a claim stands on a day (ISO date), at its first second: ended also once its list dropped it. */
function standingOn(claim: Claim, today: string): LabelStanding {
	return claim.dropped ? "ended" : standingAt(claim, instantOf(today));
}

/** Whether somebody still says so on a day, or will: not once the list dropped it or its validity ended. */
function isCurrent(claim: Claim, today: string): boolean {
	return standingOn(claim, today) !== "ended";
}

/** Whether somebody says so on that very day: what takes a warning away must hold, and not only from tomorrow on. */
function holds(claim: Claim, today: string): boolean {
	return standingOn(claim, today) === "held";
}

/** Whether a list that counts in full says that the account is a service's today. */
export function isTrustedService(claims: readonly Claim[], today: string): boolean {
	return claims.some((claim) => CUSTODIAL_CATEGORIES.has(claim.category) && claim.confidence >= TRUSTED && holds(claim, today));
}

/** What lists say on a day (ISO date): dangerous, once dangerous, or a service. The same said by several lists counts once. */
export function labelReasons(claims: readonly Claim[], site: boolean, today: string): Reason[] {
	const bad = claims.filter((claim) => DANGEROUS_CATEGORIES.has(claim.category));
	const current = bad.filter((claim) => isCurrent(claim, today));
	const lists = (some: readonly Claim[]) => [...new Set(some.map((claim) => claim.source))];
	const found: Reason[] = [];
	const strong = firstOf(current, today, TRUSTED);
	const weak = firstOf(current, today, WEAK);
	const rumour = firstOf(current, today, 0);
	const [former] = bad.filter((claim) => !isCurrent(claim, today));
	if (strong !== undefined) found.push(reason(site ? "site-listed" : "listed", "attribution", factsOf(strong, today), lists(current)));
	else if (weak !== undefined) found.push(reason("listed-weakly", "attribution", factsOf(weak, today), lists(current)));
	else if (rumour !== undefined) found.push(reason("rumoured", "attribution", factsOf(rumour, today), lists(current)));
	else if (former !== undefined) found.push(reason("formerly-listed", "attribution", factsOf(former, today), lists(bad)));
	const [mixer] = strongest(claims, (category) => category === "mixing_service", today);
	if (mixer !== undefined) {
		const code = !isCurrent(mixer, today) ? "formerly-listed" : mixer.confidence >= WEAK ? "mixer" : "rumoured";
		found.push(reason(code, "attribution", factsOf(mixer, today), [mixer.source]));
	}
	const standing = claims.filter((claim) => holds(claim, today));
	if (disagree(standing)) found.push(reason("conflicting-labels", "attribution", { claims: eachOnce(standing) }, lists(standing)));
	const [custodian] = strongest(claims, (category) => CUSTODIAL_CATEGORIES.has(category), today);
	if (custodian === undefined) return found;
	const now = holds(custodian, today);
	const who = now
		? `${custodian.entity}, says ${custodian.source}${onChain(custodian)}`
		: isCurrent(custodian, today)
			? `${custodian.entity}, says ${custodian.source}${onChain(custodian)}, ${datesInWords(custodian, instantOf(today))}`
			: `${custodian.entity}, said ${custodian.source}${onChain(custodian)} until ${custodian.validUntil}`;
	const known = now && custodian.confidence >= WEAK;
	found.push(reason(known ? "service" : "maybe-service", "attribution", { ...factsOf(custodian, today), who }, [custodian.source]));
	return found;
}

/** What claims say, in words, each said once. */
function eachOnce(claims: readonly Claim[]): string {
	const words = claims.map((claim) => `${claim.category} of ${claim.entity}, says ${claim.source}${onChain(claim)}`);
	return [...new Set(words)].join("; ");
}

/** The other chain that a claim is about, as it follows its source; empty where it is the subject's. */
function onChain({ on }: Claim): string {
	return on === undefined ? "" : `, for ${on}`;
}

/** The first claim that is at least so certain, one that holds on the day before one that is listed for later. */
function firstOf(claims: readonly Claim[], today: string, least: number): Claim | undefined {
	const certain = claims.filter(({ confidence }) => confidence >= least);
	return certain.find((claim) => holds(claim, today)) ?? certain[0];
}

function factsOf(claim: Claim, today: string): Reason["facts"] {
	return {
		dates: datesUnlessHeld(claim, today),
		chain: onChain(claim),
		category: claim.category,
		entity: claim.entity,
		source: claim.source,
		listed: claim.listed ?? "",
		since: claim.retrievedAt,
		until: claim.validUntil ?? "",
	};
}

/** The dates of a claim that does not plainly hold on the day, as they follow its source; empty else. */
function datesUnlessHeld(claim: Claim, today: string): string {
	const words = holds(claim, today) ? "" : datesInWords(claim, instantOf(today));
	return words === "" ? "" : `, ${words}`;
}

/** Claims of some categories: those that are still made first, of those the most certain. */
function strongest(claims: readonly Claim[], wanted: (category: Claim["category"]) => boolean, today: string): Claim[] {
	const rank = (claim: Claim) => Number(holds(claim, today)) + Number(isCurrent(claim, today));
	return claims.filter(({ category }) => wanted(category)).sort((a, b) => rank(b) - rank(a) || b.confidence - a.confidence);
}

/** What lists say of pages of a site when the site itself was asked about. */
export function pageReasons(claims: readonly Claim[], today: string): Reason[] {
	const claim = firstOf(
		claims.filter((one) => isCurrent(one, today)),
		today,
		TRUSTED,
	);
	if (claim === undefined) return [];
	const { category, entity, source, listed = "" } = claim;
	return [
		reason(
			"pages-listed",
			"attribution",
			{ category, entity, source, listed, dates: datesUnlessHeld(claim, today) },
			claims.map((one) => one.listed ?? one.source),
		),
	];
}

/** What heuristics saw. */
export function detectionReasons(detections: readonly Detection[]): Reason[] {
	const found: Reason[] = [];
	const add = (kind: Detection["kind"], code: Reason["code"]) => {
		const [one] = detections.filter((detection) => detection.kind === kind);
		if (one === undefined) return;
		const facts = {
			who: one.counterpart === undefined ? "by how it behaves" : `by how it behaves, of ${addressOf(one.counterpart)}`,
			why: one.reasons.join("; "),
			other: one.counterpart === undefined ? "" : addressOf(one.counterpart),
			score: String(one.score),
		};
		found.push(reason(code === "service" && one.tier === "lead" ? "maybe-service" : code, one.tier, facts, one.evidence));
	};
	add("address-poisoning", "detected-poisoning");
	add("drainer", "detected-drainer");
	add("mixer-pool", "mixer");
	add("mixer-link", "mixer-link");
	add("deposit-address", "service");
	add("custodial-service", "service");
	add("hot-wallet", "service");
	add("cold-wallet", "service");
	return found;
}

/** Characters that a look-alike shares: as in address-poisoning, version 2, for transfers that are odd. */
const LOOK_ALIKE = { each: 2, together: 5, oneEnd: 7 };

/** Whether the address could be taken for one that `own` has dealt with; or is one of those. */
export function lookAlikeReasons(account: AccountId, dealtWith: Iterable<AccountId>): Reason[] {
	const address = addressOf(account);
	let best: { readonly other: string; readonly start: number; readonly end: number } | undefined;
	for (const one of dealtWith) {
		const other = addressOf(one);
		if (other === address) return [reason("paid-before", "structural", {}, [])];
		if (!sharesEnds(address, other, LOOK_ALIKE)) continue;
		const { start, end } = sharedEnds(address, other);
		if (best === undefined || start + end > best.start + best.end) best = { other, start, end };
	}
	return best === undefined
		? []
		: [reason("look-alike", "structural", { other: best.other, start: String(best.start), end: String(best.end) }, [best.other])];
}

/** What a stored trace says arrived at the account in one asset, in base units and in words. */
interface TaintOfTrace {
	readonly trace: string;
	readonly asset: string;
	readonly text: (amount: bigint) => string;
	/** False for a token that anybody may have made. */
	readonly knownWorth: boolean;
	/** Of a trace that may be of another state of the case: when it was run and what is known to have come since, in words. */
	readonly before?: string;
}

/** Of a full trace: least and most over every conserving rule of the chain. */
export interface TaintFact extends TaintOfTrace {
	readonly kind: "full";
	readonly least: bigint;
	readonly most: bigint;
}

/** Of a trace that was narrowed, or that lacks rules: what it shows at most, which answers no question about all of it. */
export interface WhatIfFact extends TaintOfTrace {
	readonly kind: "what-if";
	readonly most: bigint;
	/** The rules that the amount is of. */
	readonly rules: string;
	/** What narrowed the trace, in words. */
	readonly how: string;
}

/** What the traces of a case say of an account. */
export interface TaintFacts {
	readonly facts: readonly (TaintFact | WhatIfFact)[];
	/** Seeds that mark money which arrived exactly here, as the user wrote them. */
	readonly seeds: readonly string[];
	/** The account itself is a seed: somebody named it as the one to follow. */
	readonly isSeed: boolean;
	/** Tokens of traces that arrived here and do not count as money. */
	readonly uncounted: number;
	/** True where the account is known to belong to a service, which receives from everybody; a guess or a lead is no such knowledge. */
	readonly service: boolean;
	/** True where a list that counts in full says so: only that takes the warning away from a place where a seed's money arrived. */
	readonly trustedService: boolean;
}

/** Assets that are named; what is beyond is counted. */
const NAMED_ASSETS = 3;

/**
 * Tainted under every rule weighs more than under some, and a full trace more than a what-if; where a seed's money arrived is the
 * thief's, unless a list that counts in full calls it a service.
 */
export function taintReasons({ facts, seeds, isSeed, uncounted, service: labelled, trustedService }: TaintFacts): Reason[] {
	const service = labelled && !isSeed && (seeds.length === 0 || trustedService);
	const full = facts.filter((fact) => fact.kind === "full").filter(({ most }) => most > 0n);
	const whatIfs = facts.filter((fact) => fact.kind === "what-if").filter(({ most }) => most > 0n);
	const found: Reason[] = [];
	if (seeds.length > 0 && !service) found.push(reason("marked-stolen", "attribution", { seed: seeds.join(", ") }, seeds));
	const sure = full.filter(({ least }) => least > 0n);
	if (full.length > 0) found.push(fullReason(sure.length > 0 ? sure : full, sure.length > 0, service));
	else if (whatIfs.length > 0) found.push(whatIfReason(whatIfs, service));
	if (uncounted > 0) found.push(reason("uncounted-tokens", "structural", { count: String(uncounted) }));
	return found;
}

function fullReason(facts: readonly TaintFact[], sure: boolean, service: boolean): Reason {
	// The strongest statement of any trace: the largest least, and the largest most.
	const assets = byAsset(facts).map((some) => {
		const [first] = some;
		return { text: first.text, least: largest(some.map((fact) => fact.least)), most: largest(some.map((fact) => fact.most)) };
	});
	const [least, most] = [inWords(assets.map((one) => one.text(one.least))), inWords(assets.map((one) => one.text(one.most)))];
	const code = service ? (sure ? "service-received" : "service-maybe-received") : sure ? "tainted" : "maybe-tainted";
	return reason(code, "structural", { least, most, more: least === most ? "" : `, at most ${most}`, ...asOfWords(facts) }, tracesOf(facts));
}

function whatIfReason(facts: readonly WhatIfFact[], service: boolean): Reason {
	// Of each asset the trace that shows most: an amount stands beside the words of its own trace alone.
	const shown = byAsset(facts).map((some) => some.reduce((a, b) => (b.most > a.most ? b : a)));
	const most = inWords(shown.map((fact) => fact.text(fact.most)));
	const said = (words: (fact: WhatIfFact) => string) => {
		const each = new Set(shown.map(words));
		return each.size === 1 ? [...each].join() : inWords(shown.map((fact) => `${fact.text(fact.most)}: ${words(fact)}`));
	};
	const words = { most, least: "", more: "", rules: said((fact) => fact.rules), how: said((fact) => fact.how), ...asOfWords(shown) };
	return reason(service ? "service-maybe-received" : "what-if-tainted", "structural", words, tracesOf(facts));
}

/** When traces were run that may be of another state of the case, as it follows what they say; nothing where all are of now. */
function asOfWords(facts: readonly TaintOfTrace[]): { readonly asof?: string } {
	const before = facts.filter((fact) => fact.before !== undefined);
	if (before.length === 0) return {};
	const times = [...new Set(before.map((fact) => `the trace run ${fact.before}`))].join("; ");
	return { asof: ` This is ${before.length === facts.length ? "" : "in part "}as of ${times}.` };
}

const largest = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => (b > a ? b : a), 0n);

function tracesOf(facts: readonly TaintOfTrace[]): string[] {
	return [...new Set(facts.map(({ trace }) => `trace ${trace}`))];
}

function inWords(texts: readonly string[]): string {
	const rest = texts.length - NAMED_ASSETS;
	return [...texts.slice(0, NAMED_ASSETS), ...(rest > 0 ? [countOf(rest, "more asset")] : [])].join(" and ");
}

/** Facts of one asset together: coins and well-known tokens first, since a token of a thief's own making may have any amount. */
function byAsset<T extends TaintOfTrace>(facts: readonly T[]): readonly (readonly [T, ...T[]])[] {
	const found = new Map<string, [T, ...T[]]>();
	for (const fact of facts) {
		const some = found.get(fact.asset);
		if (some === undefined) found.set(fact.asset, [fact]);
		else some.push(fact);
	}
	return [...found.values()].sort(([a], [b]) => Number(b.knownWorth) - Number(a.knownWorth) || (a.asset < b.asset ? -1 : 1));
}

/** What a node says of an account right now. */
export interface OnlineFacts {
	/** Transactions sent. */
	readonly nonce: bigint;
	/** In wei. */
	readonly balance: bigint;
	readonly isContract: boolean;
	/** Blocks in which the payer approved the account as a spender. */
	readonly approvals: readonly string[];
	/** Name of the node, without secrets. */
	readonly node: string;
}

/** One for a contract that has created nothing yet (EIP-161). */
const FIRST_NONCE = 1n;

/** What a node's facts say: nobody used it yet, or you let it spend your tokens. */
export function onlineReasons({ nonce, balance, isContract, approvals, node }: OnlineFacts): Reason[] {
	const found: Reason[] = [];
	if (!isContract && nonce === 0n && balance === 0n) found.push(reason("never-used", "structural", { node }, [node]));
	if (isContract && nonce <= FIRST_NONCE && balance === 0n) found.push(reason("new-contract", "structural", { node }, [node]));
	if (approvals.length > 0)
		found.push(
			reason(isContract ? "approved-by-you" : "approved-person", "structural", { node, count: String(approvals.length) }, approvals),
		);
	return found;
}
