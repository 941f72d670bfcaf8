import type { AccountId, ClaimTier } from "@clew/core";

/** Everything that can speak against, or for, paying an account. */
export const REASON_CODES = [
	"listed",
	"listed-weakly",
	"rumoured",
	"formerly-listed",
	"named-dangerous",
	"in-scam-list",
	"labelled",
	"site-listed",
	"pages-listed",
	"marked-stolen",
	"look-alike",
	"detected-poisoning",
	"detected-drainer",
	"detected-sweeper",
	"detected-swept",
	"maybe-swept",
	"delegated-to-listed",
	"mixer",
	"mixer-link",
	"tainted",
	"maybe-tainted",
	"what-if-tainted",
	"uncounted-tokens",
	"service-received",
	"service-maybe-received",
	"never-used",
	"new-contract",
	"approved-by-you",
	"approved-person",
	"delegated",
	"maybe-delegated",
	"delegation-revoked",
	"permissions-changed",
	"conflicting-labels",
	"token-contract",
	"service",
	"maybe-service",
	"learned",
	"paid-before",
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** One reason: what, how it is known, and how much it weighs. `facts` fill the words of the message file; they may be hostile text. */
export interface Reason {
	readonly code: ReasonCode;
	readonly tier: ClaimTier;
	/** Points of 100; negative ones speak for it. */
	readonly points: number;
	readonly facts: Readonly<Record<string, string>>;
	/** Positions, transactions, list names: where a reader finds it. */
	readonly evidence: readonly string[];
	/** The account that it is about, where that is not the subject itself but one that stands in its URL. */
	readonly about?: AccountId;
}

/** Points by reason (docs/heuristics.md says why). A leads-only reason never reaches the danger line, whatever their number. */
export const POINTS: Readonly<Record<ReasonCode, number>> = {
	listed: 100,
	"listed-weakly": 40,
	// A guess closes no question, and is no all-clear.
	rumoured: 30,
	"formerly-listed": 25,
	// What a list calls an address, without putting it among dangerous ones: a reason for care.
	"named-dangerous": 30,
	// A list of scams has it, and does not say for what.
	"in-scam-list": 30,
	labelled: 0,
	"site-listed": 100,
	"pages-listed": 30,
	"marked-stolen": 100,
	"look-alike": 95,
	"detected-poisoning": 90,
	"detected-drainer": 90,
	"detected-sweeper": 90,
	"detected-swept": 90,
	// A lead: below the danger line with all other leads.
	"maybe-swept": 90,
	"delegated-to-listed": 90,
	mixer: 40,
	"mixer-link": 10,
	tainted: 60,
	"maybe-tainted": 30,
	// A narrowed trace, or a screen alone, answers another question: never more than care.
	"what-if-tainted": 30,
	// Anybody can send worthless tokens to anybody.
	"uncounted-tokens": 0,
	// Thieves pay into exchanges: that says nothing against an exchange.
	"service-received": 10,
	"service-maybe-received": 10,
	"never-used": 10,
	"new-contract": 15,
	"approved-by-you": 20,
	"approved-person": 70,
	// Most wallets let a contract act for them: a fact, whose weight is what the contract does.
	delegated: 0,
	"maybe-delegated": 0,
	"delegation-revoked": 0,
	// Thieves take accounts so, and firms share theirs: a fact, which weighs nothing by itself.
	"permissions-changed": 0,
	"conflicting-labels": 10,
	// Whoever pays a token's contract loses the money: nobody takes it out again.
	"token-contract": 30,
	service: 0,
	// A lead, or a guess: it takes no warning away.
	"maybe-service": 0,
	// Its model finds none of the real thieves that we have (docs/model-card.md): shown when asked for, and worth nothing.
	learned: 0,
	"paid-before": -10,
};

/** Every kind of question about a subject. Those of lists always apply; the others when a case, a payer or a node is named. */
export const QUESTIONS = [
	"sanctions",
	"old-sanctions",
	"undated-sanctions",
	"reports",
	"old-reports",
	"undated-reports",
	"sites",
	"old-sites",
	"undated-sites",
	"look-alikes",
	"behaviour",
	"stolen-money",
	"pointed-at",
	"use",
] as const;
export type Question = (typeof QUESTIONS)[number];

/**
 * What a score amounts to for somebody who is about to pay. `clear` only where every question that applies was looked at; `not-checked`
 * where one was not and nothing warns.
 */
export type Verdict = "danger" | "caution" | "clear" | "not-checked";

export const DANGER_POINTS = 70;
export const CAUTION_POINTS = 30;
const MOST = 100;

/** Reasons, heaviest first, their sum between 0 and 100, and the verdict. */
export interface Assessment {
	readonly subject: string;
	readonly score: number;
	readonly verdict: Verdict;
	readonly reasons: readonly Reason[];
	/** Questions that apply and were not looked at. */
	readonly open: readonly Question[];
}

/**
 * Adds up reasons. What leads alone say stays below the danger line: a suggestion is no warning. `open` are the questions that apply and
 * were not looked at.
 */
export function assess(subject: string, reasons: readonly Reason[], open: readonly Question[]): Assessment {
	const sum = (some: readonly Reason[]) => some.reduce((total, reason) => total + reason.points, 0);
	const leads = Math.min(DANGER_POINTS - 1, sum(reasons.filter((reason) => reason.tier === "lead")));
	const score = Math.max(0, Math.min(MOST, sum(reasons.filter((reason) => reason.tier !== "lead")) + leads));
	return assessed(subject, score, reasons, open);
}

/**
 * What several assessments come to where any of their subjects is enough to warn of: the highest score, with all reasons and all questions
 * that are open. Points of different subjects are not added up.
 */
export function worstOf(subject: string, parts: readonly Assessment[]): Assessment {
	const score = parts.reduce((most, part) => Math.max(most, part.score), 0);
	return assessed(
		subject,
		score,
		parts.flatMap(({ reasons }) => reasons),
		[...new Set(parts.flatMap(({ open }) => open))],
	);
}

function assessed(subject: string, score: number, reasons: readonly Reason[], open: readonly Question[]): Assessment {
	return {
		subject,
		score,
		verdict: score >= DANGER_POINTS ? "danger" : score >= CAUTION_POINTS ? "caution" : open.length > 0 ? "not-checked" : "clear",
		reasons: [...reasons].sort((a, b) => b.points - a.points || (a.code < b.code ? -1 : 1)),
		open,
	};
}

/** A reason with the points of its code. */
export function reason(code: ReasonCode, tier: ClaimTier, facts: Reason["facts"], evidence: readonly string[] = []): Reason {
	return { code, tier, points: POINTS[code], facts, evidence };
}
