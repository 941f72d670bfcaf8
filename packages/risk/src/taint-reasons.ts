import { countOf } from "@clew/core";
import { type Reason, reason } from "./reason.js";

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
 * Whether stolen money was paid to a service: where a seed's money arrived is the thief's, unless a list that counts in full calls it one.
 */
export function receivesAsService({ seeds, isSeed, service, trustedService }: Omit<TaintFacts, "facts" | "uncounted">): boolean {
	return service && !isSeed && (seeds.length === 0 || trustedService);
}

/**
 * Tainted under every rule weighs more than under some, and a full trace more than a what-if; at a service ({@link receivesAsService})
 * neither.
 */
export function taintReasons(taint: TaintFacts): Reason[] {
	const { facts, seeds, uncounted } = taint;
	const service = receivesAsService(taint);
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
