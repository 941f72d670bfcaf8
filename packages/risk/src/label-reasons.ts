import {
	CUSTODIAL_CATEGORIES,
	contradicting,
	DANGEROUS_CATEGORIES,
	datesInWords,
	defang,
	instantOf,
	type Label,
	type LabelStanding,
	SERVICE_CATEGORIES,
	standingAt,
} from "@clew/core";
import { isAccusing, scamCollectorOf } from "./accusing-names.js";
import { type Reason, reason } from "./reason.js";

/** A claim of a list or a case about the subject, and for sites the entry that it stands at: the site itself, one above it or a page. */
export type Claim = Pick<Label, "category" | "entity" | "source" | "confidence" | "retrievedAt" | "validFrom" | "validUntil"> & {
	readonly listed?: string;
	/** The chain that it is about, in words, where that is another one than the subject's. */
	readonly on?: string;
	/** Its list does not have it any more, since `validUntil`. */
	readonly dropped?: boolean;
	readonly name?: string;
	/** ISO date of the newest list that says so, where that is not `retrievedAt`; empty where nobody said of when the list is. */
	readonly asOf?: string;
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
		const by = `, says ${listOf(mixer, today)}${datesUnlessHeld(mixer, today)}`;
		found.push(reason(code, "attribution", { ...factsOf(mixer, today), by }, [mixer.source]));
	}
	const named = current.length > 0 ? undefined : accusing(claims, today);
	if (named !== undefined) {
		const facts = { ...factsOf(named, today), named: accusingNameOf(named) ?? "", confidence: String(named.confidence) };
		found.push(reason("named-dangerous", "attribution", facts, [named.source]));
	}
	const collected = current.length > 0 || named !== undefined ? undefined : ofScamList(claims, today);
	if (collected !== undefined) {
		const { claim, collector } = collected;
		const facts = { ...factsOf(claim, today), collector, confidence: String(claim.confidence) };
		found.push(reason("in-scam-list", "attribution", facts, [claim.source]));
	}
	const standing = claims.filter((claim) => holds(claim, today));
	const contrary = contradicting(standing, standing);
	// Those that all call it a danger agree, whoever it is said to be.
	const opposed = contrary.every(({ category }) => DANGEROUS_CATEGORIES.has(category)) ? [] : contrary;
	if (opposed.length > 0)
		found.push(
			reason("conflicting-labels", "attribution", { claims: eachOnce(opposed, (claim) => saysWhose(claim, today)) }, lists(opposed)),
		);
	const [service] = strongest(claims, (category) => SERVICE_CATEGORIES.has(category), today);
	if (service !== undefined) found.push(serviceReason(service, today));
	const told = new Set([strong ?? weak ?? rumour ?? former, mixer, named, collected?.claim, service, ...opposed]);
	const rest = claims.filter((claim) => !told.has(claim));
	if (rest.length > 0)
		found.push(reason("labelled", "attribution", { claims: eachOnce(rest, (claim) => saysAll(claim, today)) }, lists(rest)));
	return found;
}

/** Who a service is by a claim, and whether it surely is. */
function serviceReason(service: Claim, today: string): Reason {
	const now = holds(service, today);
	// A bridge or a pool keeps nobody's money: what it is called says which kind of service it is.
	const entity = defang(service.entity);
	const name = CUSTODIAL_CATEGORIES.has(service.category) ? entity : `${entity} (${service.category})`;
	const who = now
		? `${name}, says ${listOf(service, today)}`
		: isCurrent(service, today)
			? `${name}, says ${listOf(service, today)}, ${datesInWords(service, instantOf(today))}`
			: `${name}, said ${defang(service.source)}${onChain(service)} until ${defang(service.validUntil ?? "")}`;
	const known = now && service.confidence >= WEAK;
	return reason(known ? "service" : "maybe-service", "attribution", { ...factsOf(service, today), who }, [service.source]);
}

/** The name by which a claim of no dangerous category speaks against its subject; a victim's says what was done to it. */
function accusingNameOf({ category, entity, name = "" }: Claim): string | undefined {
	return DANGEROUS_CATEGORIES.has(category) || category === "victim" ? undefined : [entity, name].find(isAccusing);
}

/** The most certain current claim whose name accuses, one that holds on the day first. */
function accusing(claims: readonly Claim[], today: string): Claim | undefined {
	const named = claims.filter((claim) => isCurrent(claim, today) && accusingNameOf(claim) !== undefined);
	return strongest(named, () => true, today)[0];
}

/**
 * The most certain current claim that comes from a list of scams and is in no category that says what of: neither dangerous, nor a service,
 * nor what was robbed; and what the list is called.
 */
function ofScamList(claims: readonly Claim[], today: string): { readonly claim: Claim; readonly collector: string } | undefined {
	const open = claims.filter(
		({ category }) =>
			!DANGEROUS_CATEGORIES.has(category) && !SERVICE_CATEGORIES.has(category) && category !== "mixing_service" && category !== "victim",
	);
	for (const claim of strongest(open, () => true, today)) {
		const collector = isCurrent(claim, today) ? scamCollectorOf(claim) : undefined;
		if (collector !== undefined) return { claim, collector };
	}
	return undefined;
}

/** Claims that are told in words; what is beyond is counted. */
const TOLD_CLAIMS = 6;

/** What claims say, in words, each said once and safe to show. */
function eachOnce(claims: readonly Claim[], wordsOf: (claim: Claim) => string): string {
	const once = [...new Set(claims.map(wordsOf))];
	const rest = once.length - TOLD_CLAIMS;
	return [...once.slice(0, TOLD_CLAIMS), ...(rest > 0 ? [`and ${rest} more`] : [])].join("; ");
}

const saysWhose = (claim: Claim, today: string): string => `${claim.category} of ${defang(claim.entity)}, says ${listOf(claim, today)}`;

/** All that a claim says of its subject, with its list, confidence and dates. */
function saysAll(claim: Claim, today: string): string {
	const { category, entity, name = "", confidence, listed = "" } = claim;
	const names = [entity, ...(name === "" || name === entity ? [] : [name])].map(defang).join(", ");
	const at = listed === "" ? "" : ` (at ${defang(listed)})`;
	return `${names}${at}: ${category}, says ${listOf(claim, today)}, confidence ${confidence}${datesUnlessHeld(claim, today)}`;
}

/** Whose list a claim is of, of which date it is, and for which other chain; safe to show. */
function listOf(claim: Claim, today: string): string {
	return `${defang(claim.source)}${asOf(claim, today)}${onChain(claim)}`;
}

/**
 * Of which date a claim is, where it has one of its own and holds, and the list of it, as they follow the list: what was said long ago says
 * nothing of today, however new the copy is.
 */
function asOf(claim: Claim, today: string): string {
	const { asOf: date, retrievedAt, validFrom } = claim;
	const list = date ?? retrievedAt;
	const ofList = list === "" ? " of no known date" : ` of ${defang(list)}`;
	const own = validFrom !== undefined && validFrom !== list && holds(claim, today);
	return own ? ` (claim of ${defang(validFrom)}, list${ofList})` : ofList;
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
		asof: asOf(claim, today),
		chain: onChain(claim),
		category: claim.category,
		entity: claim.entity,
		source: claim.source,
		listed: claim.listed ?? "",
		since: claim.validFrom ?? claim.retrievedAt,
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
			{ category, entity, source, listed, asof: asOf(claim, today), dates: datesUnlessHeld(claim, today) },
			claims.map((one) => one.listed ?? one.source),
		),
	];
}
