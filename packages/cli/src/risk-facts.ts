import { existsSync } from "node:fs";
import type { AccountFacts } from "@clew/chains";
import {
	type AccountId,
	ALLOWED_BY_LIST,
	addressOf,
	chainOf,
	defang,
	delegationsElsewhere,
	delegationsOf,
	type GraphStore,
	InputError,
	isIpSite,
	keySpaceOf,
	knownFamily,
	NodeError,
	permissionChangesOf,
	type Site,
	siteSubject,
	tokenAsset,
	trustedAccountId,
	wrappedCoin,
} from "@clew/core";
import { type LabelLibrary, type LibraryEntry, type LibraryVersion, type ListQuestion, listDate } from "@clew/graph-store/label-library";
import {
	type Assessment,
	assess,
	type Claim,
	delegateReasons,
	delegatesOf,
	delegationReasons,
	delegationReasonsElsewhere,
	isTrustedService,
	labelReasons,
	onlineReasons,
	pageReasons,
	permissionReasons,
	publishedReasons,
	type Question,
	type Reason,
	sweptReasons,
	tokenReasons,
} from "@clew/risk";
import { lookInCase, type ServiceBy } from "./case-facts.js";
import type { Context } from "./context.js";
import { caseClaims } from "./key-elsewhere.js";
import { claimFrom, entriesOf, entriesOfSite, type LabelsOption, libraryPath, otherChainOf, withLibrary } from "./label-library-file.js";
import { isOld, LIST_DAYS } from "./list-age.js";
import { publishedInfo } from "./output.js";

/** An assessment and what it could not look at. */
export interface Looked {
	readonly assessment: Assessment;
	/** What was not looked at, and why, in words: no reason found is no all-clear. */
	readonly notLookedAt: readonly string[];
	/** The lists that were looked at. */
	readonly lists: readonly LookedList[];
	/** The name that was asked about, and whose word it is that it stands for the subject. */
	readonly name?: { readonly name: string; readonly account: AccountId; readonly node: string };
}

/** A list, in the version that was looked at. */
export interface LookedList {
	readonly list: string;
	/** When its publisher's copy was taken (ISO date), or, where nobody said, when it was loaded. */
	readonly asOf: string;
	/** False where nobody said. */
	readonly dated: boolean;
	readonly rows: number;
	/** The question that it claims to answer; without one it warns by what it holds, and what it lacks says nothing. */
	readonly answers?: ListQuestion;
}

/** Which lists are asked, and how old they may be. */
export interface RiskLists extends LabelsOption {
	/** The library, where it is kept open: it is asked again and again. */
	readonly library?: LabelLibrary | undefined;
	/** Days for which a list answers for today. */
	readonly maxAge?: number | undefined;
}

/** Where facts come from. */
export interface RiskSources extends RiskLists {
	readonly store: GraphStore | undefined;
	readonly rpc?: string | undefined;
	readonly from?: AccountId | undefined;
	/** Also what the trained model says. */
	readonly learned?: boolean | undefined;
}

/** What is found while looking: reasons, questions that stay open, and what was not looked at, in words. */
export interface Findings {
	reasons: Reason[];
	readonly open: Question[];
	readonly missing: string[];
	readonly lists: LookedList[];
}

const nothingYet = (): Findings => ({ reasons: [], open: [], missing: [], lists: [] });

/**
 * Gathers everything that is known about an account and adds it up. Offline but for the node that is named. Throws InputError and what the
 * store throws.
 */
export async function lookAtAccount(account: AccountId, sources: RiskSources, context: Context): Promise<Looked> {
	const { store, from, rpc } = sources;
	const found = nothingYet();
	const today = context.now().slice(0, ISO_DATE);
	const claimsOf = async (one: AccountId, of: Findings): Promise<readonly Claim[]> => [
		...claimsInLibrary(one, sources, today, of),
		...(store === undefined ? [] : await caseClaims(store, one)),
	];
	const claims = await claimsOf(account, found);
	found.reasons.push(...labelReasons(claims, false, today), ...publishedReasons(account), ...(await tokenOf(account, store)));
	const delegations = store === undefined ? [] : await delegationsOf(store, account);
	const elsewhere = store === undefined ? [] : await delegationsElsewhere(store, account);
	found.reasons.push(...delegationReasons(delegations), ...delegationReasonsElsewhere(elsewhere));
	if (store !== undefined) found.reasons.push(...permissionReasons(await permissionChangesOf(store, account)));
	if (store === undefined) {
		found.missing.push("no case: look-alikes of addresses you paid, behaviour, delegations and stolen money were not looked at");
		if (from !== undefined) found.open.push("look-alikes");
	} else {
		const serviceBy = async (one: AccountId) => serviceByClaims(one, one === account ? claims : await claimsOf(one, nothingYet()), today);
		await lookInCase(account, store, sources, serviceBy, found);
	}
	if (rpc === undefined)
		found.missing.push("no --rpc: whether it was ever used, what acts for it now, and approvals you gave, were not looked at");
	const told = rpc === undefined ? undefined : await askNode(rpc, account, from, context, found);
	if (told !== undefined) found.reasons = found.reasons.filter((one) => !isOverruled(one, told.delegate));
	const acting = new Map(told === undefined ? delegatesOf(delegations) : []);
	for (const { code, facts } of found.reasons)
		if (code === "delegated" && facts["delegate"] !== undefined) acting.set(trustedAccountId(chainOf(account), facts["delegate"]), true);
	for (const [delegate, known] of acting) {
		found.reasons.push(...delegateReasons(delegate, known, await claimsOf(delegate, nothingYet()), today));
		const seen = store === undefined ? [] : ((await store.profile(delegate, 1)).detections ?? []);
		// What was seen of the account itself says the same with more.
		if (!found.reasons.some(({ code }) => code === "detected-swept" || code === "maybe-swept"))
			found.reasons.push(...sweptReasons(delegate, known, seen));
	}
	return { assessment: assess(account, found.reasons, found.open), notLookedAt: found.missing, lists: found.lists };
}

/** What a case says of contracts that act for an account, or may, where a node told which one does now: in hexadecimal, or none. */
function isOverruled({ code, facts }: Reason, delegate: string | undefined): boolean {
	if (code === "maybe-delegated" || code === "maybe-swept") return true;
	if (code === "delegated") return facts["delegate"] !== delegate;
	return code === "detected-swept" && facts["other"]?.toLowerCase() !== delegate;
}

/** That an account is a token's contract, by what its makers publish or the case holds. */
async function tokenOf(account: AccountId, store: GraphStore | undefined): Promise<readonly Reason[]> {
	const chain = chainOf(account);
	if (knownFamily(chain)?.tokens === undefined) return [];
	const asset = tokenAsset(chain, addressOf(account));
	const info = publishedInfo(asset) ?? (await store?.asset(asset));
	return info === undefined ? [] : tokenReasons(info.symbol, wrappedCoin(chain)?.asset === asset);
}

/** Whether an account is a service by what is published and what lists and the case say of it. */
function serviceByClaims(account: AccountId, claims: readonly Claim[], today: string): ServiceBy {
	const published = publishedReasons(account).length > 0;
	const service = published || labelReasons(claims, false, today).some(({ code }) => code === "service");
	return { service, trusted: published || isTrustedService(claims, today) };
}

/**
 * Asks a node, and gives what acts for the account now; its silence leaves the question open and hides nothing that lists and the case
 * say. Throws InputError as {@link toldByNode}.
 */
async function askNode(
	url: string,
	account: AccountId,
	owner: AccountId | undefined,
	context: Context,
	{ reasons, open, missing }: Findings,
): Promise<{ readonly delegate: string | undefined } | undefined> {
	try {
		const facts = await toldByNode(url, account, owner, context);
		reasons.push(...onlineReasons(facts));
		return { delegate: facts.delegate?.address.toLowerCase() };
	} catch (error) {
		if (!(error instanceof NodeError)) throw error;
		open.push("use");
		missing.push(
			`the node did not answer (${error.message}): whether it was ever used, what acts for it now, and approvals you gave, were not looked at`,
		);
		return undefined;
	}
}

/** What a node says right now. Throws InputError for accounts of which nodes are not asked, and NodeError. */
async function toldByNode(url: string, account: AccountId, owner: AccountId | undefined, { signal }: Context): Promise<AccountFacts> {
	const [{ FAMILY_READERS, readerOf }, { placeOf }] = await Promise.all([import("@clew/chains"), import("./endpoint-book.js")]);
	const { accountFacts } = readerOf(chainOf(account));
	if (accountFacts !== undefined) return accountFacts(placeOf(url, chainOf(account), "blocks").url, account, owner, { signal });
	const asked = FAMILY_READERS.filter((reader) => reader.accountFacts !== undefined).map(({ family }) => family.name);
	throw new InputError(`--rpc is for ${asked.join(" and ")} accounts here`, { code: "USAGE" });
}

/**
 * What lists say of a site: of itself, of the domains above it, and of pages of the same host, which make the whole host a place for
 * care.
 */
export function lookAtSite(site: Site, sources: RiskLists, context: Context): Looked {
	const today = context.now().slice(0, ISO_DATE);
	const found = nothingYet();
	const said = withKnownLibrary(sources, found, (library) => {
		askOpen("sites", library.answering("scams", SITES, today), today, sources, found);
		return {
			claims: claimsAbout(library, site),
			pages: twins(site.host)
				.flatMap((host) => library.dangersUnder(`${SITES}${host}/`, PAGES))
				.map(siteClaims(library)),
		};
	});
	if (said === undefined) found.open.push("sites");
	const reasons = labelReasons(said?.claims ?? [], true, today);
	if (reasons.every(({ code }) => code === "labelled")) reasons.push(...pageReasons(said?.pages ?? [], today));
	if (reasons.length === 0 && isIpSite(site) && !found.open.includes("sites")) {
		found.open.push("sites");
		found.missing.push("this is an IP address, and lists of sites name hosts: that none of them holds it says nothing");
	}
	return { assessment: assess(siteSubject(site), reasons, found.open), notLookedAt: found.missing, lists: found.lists };
}

/** A host with and without `www.`, which lists write as they please. */
function twins(host: string): readonly string[] {
	return [host, host.startsWith("www.") ? host.slice(4) : `www.${host}`];
}

const ISO_DATE = 10;
const SITES = "domain:";
const PAGES = 20;

/** Claims about a site and all above it; what a list blocks and allows below is allowed, as the list's own matcher has it. */
function claimsAbout(library: LabelLibrary, site: Site): Claim[] {
	const entries = entriesOfSite(library, site);
	const allowing = new Set(entries.filter(({ name, goneSince }) => name === ALLOWED_BY_LIST && goneSince === "").map(({ list }) => list));
	return entries.filter(({ name, list }) => name !== ALLOWED_BY_LIST && !allowing.has(list)).map(siteClaims(library));
}

/**
 * An entry of a library as a claim, as of the newest copy of its list that has it; what its list dropped is no longer made, whatever the
 * clock says.
 */
function libraryClaims(library: LabelLibrary): (entry: LibraryEntry) => Claim {
	const dates = new Map(library.lists().map(({ list, retrievedAt }) => [list, retrievedAt.slice(0, ISO_DATE)]));
	return (entry) => {
		const dropped = entry.goneSince !== "";
		return { ...claimFrom(entry), dropped, asOf: dropped ? (entry.dated ? entry.firstSeen : "") : (dates.get(entry.list) ?? "") };
	};
}

/** The same of entries about sites, with the site or page that is listed. */
function siteClaims(library: LabelLibrary): (entry: LibraryEntry) => Claim {
	const claimOf = libraryClaims(library);
	return (entry) => ({ ...claimOf(entry), listed: entry.subject.slice(SITES.length) });
}

function claimsInLibrary(account: AccountId, sources: RiskLists, today: string, found: Findings): Claim[] {
	const claims = withKnownLibrary(sources, found, (library) => {
		const space = keySpaceOf(chainOf(account));
		askOpen("sanctions", library.answering("sanctions", space, today), today, sources, found);
		askOpen("reports", library.answering("scams", space, today), today, sources, found);
		const claimOf = libraryClaims(library);
		return entriesOf(library, account).map((entry) => {
			const on = otherChainOf(entry, account);
			return { ...claimOf(entry), ...(on === undefined ? {} : { on }) };
		});
	});
	if (claims === undefined) found.open.push("sanctions", "reports");
	return claims ?? [];
}

/** What answers a question of lists. */
const ANSWERED_BY = {
	sanctions: "clew label sync ofac, or another list with --answers sanctions",
	reports: "clew label sync scamsniffer, or another list with --answers scams",
	sites: "clew label sync metamask or scamsniffer, or another list with --answers scams",
} as const;

/**
 * The question of a kind of list: open where no list that claims to answer it is loaded, and where one that the answer rests on is too old
 * to answer for today, or nobody said of when it is.
 */
function askOpen(
	question: "sanctions" | "reports" | "sites",
	rests: readonly LibraryVersion[],
	today: string,
	{ maxAge = LIST_DAYS }: RiskLists,
	{ open, missing, lists }: Findings,
): void {
	if (rests.length === 0) {
		open.push(question);
		missing.push(`${question}: ${loadedInWords(lists)} claims to answer this (${ANSWERED_BY[question]})`);
	}
	const undated = rests.filter(({ retrievedAt }) => retrievedAt === "");
	const old = rests.filter(({ retrievedAt }) => retrievedAt !== "" && isOld(retrievedAt, today, maxAge));
	for (const { list, retrievedAt } of old)
		missing.push(`${question}: not checked since ${retrievedAt}, the day of ${defang(list)}, more than ${maxAge} days ago (--max-age)`);
	for (const { list } of undated)
		missing.push(`${question}: ${defang(list)} is of no known date, so that it may be old (clew label sync --retrieved-at)`);
	if (old.length > 0) open.push(`old-${question}`);
	else if (undated.length > 0) open.push(`undated-${question}`);
}

/** Lists that are named; what is beyond is counted. */
const NAMED_LISTS = 12;

/** That none of the lists that are loaded does something, as it begins; each warns by what it holds all the same. */
function loadedInWords(lists: readonly LookedList[]): string {
	const names = lists.slice(0, NAMED_LISTS).map(({ list }) => defang(list));
	const rest = lists.length - names.length;
	if (names.length === 0) return "no list is loaded that";
	return `none of the lists that are loaded, ${[...names, ...(rest > 0 ? [`${rest} more`] : [])].join(", ")},`;
}

function withKnownLibrary<T>(sources: RiskLists, { missing, lists }: Findings, work: Parameters<typeof withLibrary<T>>[2]): T | undefined {
	const asked = (library: LabelLibrary) => {
		for (const version of library.lists())
			lists.push({
				...{ list: version.list, asOf: listDate(version), dated: version.retrievedAt !== "", rows: version.rows },
				...(version.answers === "" ? {} : { answers: version.answers }),
			});
		return work(library);
	};
	if (sources.library !== undefined) return asked(sources.library);
	// A library that was named has to be there.
	if (sources.labels !== undefined || existsSync(libraryPath(sources))) return withLibrary(sources, false, asked);
	missing.push("no label library (clew label sync): sanctions and scam lists were not looked at");
	return undefined;
}
