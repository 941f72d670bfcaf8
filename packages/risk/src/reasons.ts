import {
	type AccountId,
	addressOf,
	CUSTODIAL_CATEGORIES,
	DANGEROUS_CATEGORIES,
	type Detection,
	type Label,
	sharedEnds,
	sharesEnds,
} from "@clew/core";
import { type Reason, reason } from "./reason.js";

/** A claim of a list or a case about the subject. */
export type Claim = Pick<Label, "category" | "entity" | "source" | "confidence" | "retrievedAt" | "validUntil">;

/** Somebody's word counts in full from "trusted provider" on (GraphSense's scale). */
const TRUSTED = 50;
/** Below "web crawl" it is a guess. */
const WEAK = 20;

/** What lists say: dangerous, once dangerous, or a service. The same said by several lists counts once. */
export function labelReasons(claims: readonly Claim[], site: boolean): Reason[] {
	const bad = claims.filter((claim) => DANGEROUS_CATEGORIES.has(claim.category));
	const current = bad.filter((claim) => claim.validUntil === undefined);
	const facts = (claim: Claim) => ({
		category: claim.category,
		entity: claim.entity,
		source: claim.source,
		since: claim.retrievedAt,
		until: claim.validUntil ?? "",
	});
	const lists = (some: readonly Claim[]) => [...new Set(some.map((claim) => claim.source))];
	const found: Reason[] = [];
	const [strong] = current.filter((claim) => claim.confidence >= TRUSTED);
	const [weak] = current.filter((claim) => claim.confidence >= WEAK);
	const [former] = bad.filter((claim) => claim.validUntil !== undefined);
	if (strong !== undefined) found.push(reason(site ? "site-listed" : "listed", "attribution", facts(strong), lists(current)));
	else if (weak !== undefined) found.push(reason("listed-weakly", "attribution", facts(weak), lists(current)));
	else if (former !== undefined) found.push(reason("formerly-listed", "attribution", facts(former), lists(bad)));
	const [mixer] = claims.filter((claim) => claim.category === "mixing_service");
	if (mixer !== undefined) found.push(reason("mixer", "attribution", facts(mixer), [mixer.source]));
	const [custodian] = claims.filter((claim) => CUSTODIAL_CATEGORIES.has(claim.category));
	if (custodian !== undefined) {
		found.push(reason("service", "attribution", facts(custodian), [custodian.source]));
		if (strong !== undefined && strong.category !== "sanctioned")
			found.push(reason("conflicting-labels", "attribution", facts(custodian), lists(claims)));
	}
	return found;
}

/** What heuristics saw. */
export function detectionReasons(detections: readonly Detection[]): Reason[] {
	const found: Reason[] = [];
	const add = (kind: Detection["kind"], code: Reason["code"]) => {
		const [one] = detections.filter((detection) => detection.kind === kind);
		if (one === undefined) return;
		const facts = {
			why: one.reasons.join("; "),
			other: one.counterpart === undefined ? "" : addressOf(one.counterpart),
			score: String(one.score),
		};
		found.push(reason(code, one.tier, facts, one.evidence));
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

/** What a stored trace says arrived at the account, in words: least and most over the conserving rules. */
export interface TaintFact {
	readonly trace: string;
	readonly least: bigint;
	readonly most: bigint;
	readonly text: string;
}

/** Tainted under every rule weighs more than under some. */
export function taintReasons(facts: readonly TaintFact[]): Reason[] {
	const sure = facts.filter((fact) => fact.least > 0n);
	const some = sure.length > 0 ? sure : facts.filter((fact) => fact.most > 0n);
	const [first] = some;
	if (first === undefined) return [];
	return [
		reason(
			sure.length > 0 ? "tainted" : "maybe-tainted",
			"structural",
			{ amount: first.text },
			some.map((fact) => `trace ${fact.trace}`),
		),
	];
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
