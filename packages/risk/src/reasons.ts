import {
	type AccountId,
	addressOf,
	CUSTODIAL_CATEGORIES,
	chainName,
	chainOf,
	contradicting,
	DANGEROUS_CATEGORIES,
	type Detection,
	datesInWords,
	defang,
	entryPointVersion,
	instantOf,
	KNOWN_BRIDGES,
	type Label,
	type LabelStanding,
	SERVICE_CATEGORIES,
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
	return claims.some((claim) => SERVICE_CATEGORIES.has(claim.category) && claim.confidence >= TRUSTED && holds(claim, today));
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
	const opposed = contradicting(standing, standing);
	if (opposed.length > 0) found.push(reason("conflicting-labels", "attribution", { claims: eachOnce(opposed) }, lists(opposed)));
	const [service] = strongest(claims, (category) => SERVICE_CATEGORIES.has(category), today);
	if (service === undefined) return found;
	const now = holds(service, today);
	// A bridge or a pool keeps nobody's money: what it is called says which kind of service it is.
	const name = CUSTODIAL_CATEGORIES.has(service.category) ? service.entity : `${service.entity} (${service.category})`;
	const who = now
		? `${name}, says ${service.source}${onChain(service)}`
		: isCurrent(service, today)
			? `${name}, says ${service.source}${onChain(service)}, ${datesInWords(service, instantOf(today))}`
			: `${name}, said ${service.source}${onChain(service)} until ${service.validUntil}`;
	const known = now && service.confidence >= WEAK;
	found.push(reason(known ? "service" : "maybe-service", "attribution", { ...factsOf(service, today), who }, [service.source]));
	return found;
}

/** Claims that are told in words; what is beyond is counted. */
const TOLD_CLAIMS = 6;

/** What claims say, in words, each said once and safe to show. */
function eachOnce(claims: readonly Claim[]): string {
	const words = claims.map((claim) => `${claim.category} of ${defang(claim.entity)}, says ${defang(claim.source)}${onChain(claim)}`);
	const once = [...new Set(words)];
	const rest = once.length - TOLD_CLAIMS;
	return [...once.slice(0, TOLD_CLAIMS), ...(rest > 0 ? [`and ${rest} more`] : [])].join("; ");
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

/** A published contract of a bridge or of account abstraction, which a trace knows without a label. */
export function publishedReasons(account: AccountId): Reason[] {
	const bridge = KNOWN_BRIDGES.get(account);
	const version = entryPointVersion(account);
	if (version !== undefined)
		return [reason("service", "attribution", { who: `published EntryPoint ${version} of account abstraction` }, ["ERC-4337"])];
	return bridge === undefined ? [] : [reason("service", "attribution", { who: `published contract of ${bridge}` }, [bridge])];
}

/** An account that is the contract of a token of this symbol; a contract that wraps a coin gives tokens for that. */
export function tokenReasons(symbol: string, wraps: boolean): Reason[] {
	return [reason("token-contract", "attribution", { token: symbol || "without a symbol", what: wraps ? "tokens" : "coins and tokens" })];
}

/** An account of so many transfers that a trace ends there. */
export function transfersReasons(least: number): Reason[] {
	return [reason("service", "structural", { who: `by how it behaves: at least ${least} transfers in the case` })];
}

/** What heuristics saw; a service with a structural claim of at least this score, at which a trace ends, and else perhaps. */
export function detectionReasons(detections: readonly Detection[], least: number): Reason[] {
	const found: Reason[] = [];
	const add = (kind: Detection["kind"], code: Reason["code"]) => {
		const [one] = detections.filter((detection) => detection.kind === kind);
		if (one === undefined) return;
		const facts = {
			who: `by how it behaves${one.counterpart === undefined ? "" : `, of ${addressOf(one.counterpart)}`} (${one.kind}, score ${one.score})`,
			why: one.reasons.join("; "),
			other: one.counterpart === undefined ? "" : addressOf(one.counterpart),
			score: String(one.score),
		};
		const weak = one.tier === "lead" || one.score < least;
		found.push(reason(code === "service" && weak ? "maybe-service" : code, one.tier, facts, one.evidence));
	};
	add("address-poisoning", "detected-poisoning");
	add("drainer", "detected-drainer");
	add("sweeper", "detected-sweeper");
	add("delegated-to-sweeper", "detected-swept");
	add("mixer-pool", "mixer");
	add("mixer-link", "mixer-link");
	add("deposit-address", "service");
	add("custodial-service", "service");
	add("hot-wallet", "service");
	add("cold-wallet", "service");
	add("bridge", "service");
	add("dex-pool", "service");
	return found;
}

/** Characters that a look-alike shares: as in address-poisoning, version 2, for transfers that are odd. */
const LOOK_ALIKE = { each: 2, together: 5, oneEnd: 7 };

/** Whether the address could be taken for one that `own` has dealt with; or is one of those. */
export function lookAlikeReasons(account: AccountId, dealtWith: Iterable<AccountId>): Reason[] {
	const address = addressOf(account);
	let best: { readonly one: AccountId; readonly other: string; readonly start: number; readonly end: number } | undefined;
	for (const one of dealtWith) {
		const other = addressOf(one);
		if (other === address) return [reason("paid-before", "structural", {}, [])];
		if (!sharesEnds(address, other, LOOK_ALIKE)) continue;
		const { start, end } = sharedEnds(address, other);
		if (best === undefined || start + end > best.start + best.end) best = { one, other, start, end };
	}
	if (best === undefined) return [];
	const { one, other, start, end } = best;
	const on = chainOf(one) === chainOf(account) ? "" : ` on ${chainName(chainOf(one))}`;
	return [reason("look-alike", "structural", { other: `${other}${on}`, start: String(start), end: String(end) }, [other])];
}

/** What a node says of an account right now. */
export interface OnlineFacts {
	/** Transactions sent. */
	readonly nonce: bigint;
	/** In wei. */
	readonly balance: bigint;
	readonly isContract: boolean;
	/** The contract that its key lets act for it (EIP-7702), and the hash of its code; without where there is none to act. */
	readonly delegate: { readonly address: string; readonly codeHash: string | undefined } | undefined;
	/** Blocks in which the payer approved the account as a spender. */
	readonly approvals: readonly string[];
	/** Name of the node, without secrets. */
	readonly node: string;
}

/** One for a contract that has created nothing yet (EIP-161). */
const FIRST_NONCE = 1n;

/** What a node's facts say: nobody used it yet, or you let it spend your tokens. */
export function onlineReasons({ nonce, balance, isContract, delegate, approvals, node }: OnlineFacts): Reason[] {
	const found: Reason[] = [];
	if (delegate !== undefined) {
		const code = delegate.codeHash === undefined ? "which has no code now" : `code hash ${delegate.codeHash}`;
		found.push(reason("delegated", "structural", { delegate: delegate.address, how: `says ${node}; ${code}` }, [node]));
	}
	if (!isContract && nonce === 0n && balance === 0n) found.push(reason("never-used", "structural", { node }, [node]));
	if (isContract && nonce <= FIRST_NONCE && balance === 0n) found.push(reason("new-contract", "structural", { node }, [node]));
	if (approvals.length > 0)
		found.push(
			reason(isContract ? "approved-by-you" : "approved-person", "structural", { node, count: String(approvals.length) }, approvals),
		);
	return found;
}
