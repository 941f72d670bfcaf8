import { existsSync } from "node:fs";
import {
	type AccountId,
	ALLOWED_BY_LIST,
	type AssetId,
	chainOf,
	type GraphStore,
	InputError,
	isUtxoChain,
	rangeOfRows,
	type Site,
	siteSubject,
	startOf,
	subjectsAbove,
	type TraceResult,
} from "@clew/core";
import type { LabelLibrary, LibraryEntry } from "@clew/graph-store/label-library";
import {
	type Assessment,
	assess,
	type Claim,
	detectionReasons,
	labelReasons,
	lookAlikeReasons,
	onlineReasons,
	pageReasons,
	type Question,
	type Reason,
	type TaintFact,
	type TaintFacts,
	taintReasons,
} from "@clew/risk";
import type { Context } from "./context.js";
import { claimFrom, entriesOf, type LabelsOption, libraryPath, withLibrary } from "./label-library-file.js";
import { showAmount } from "./output.js";
import { hasKnownWorth } from "./worth.js";

/** Transfers of the payer that are read at most. */
const HISTORY = 20_000;
const PAGE = 2_000;

/** An assessment and what it could not look at. */
export interface Looked {
	readonly assessment: Assessment;
	/** What was not looked at, and why, in words: no reason found is no all-clear. */
	readonly notLookedAt: readonly string[];
	/** The name that was asked about, and whose word it is that it stands for the subject. */
	readonly name?: { readonly name: string; readonly account: AccountId; readonly node: string };
}

/** Where facts come from. */
export interface RiskSources extends LabelsOption {
	readonly store: GraphStore | undefined;
	readonly rpc?: string | undefined;
	readonly from?: AccountId | undefined;
	/** Also what the trained model says. */
	readonly learned?: boolean | undefined;
}

/** What is found while looking: reasons, questions that stay open, and what was not looked at, in words. */
interface Findings {
	readonly reasons: Reason[];
	readonly open: Question[];
	readonly missing: string[];
}

/** Gathers everything that is known about an account and adds it up. Offline but for the node that is named. Throws NodeError and what the store throws. */
export async function lookAtAccount(account: AccountId, sources: RiskSources, context: Context): Promise<Looked> {
	const { store, from, rpc } = sources;
	const found: Findings = { reasons: [], open: [], missing: [] };
	const claims = [...libraryClaims(account, sources, found), ...((await store?.labelsOf(account)) ?? [])];
	found.reasons.push(...labelReasons(claims, false));
	if (store === undefined) {
		found.missing.push("no case: look-alikes of addresses you paid, behaviour and stolen money were not looked at");
		if (from !== undefined) found.open.push("look-alikes");
	} else await lookInCase(account, store, sources, found);
	if (rpc === undefined) found.missing.push("no --rpc: whether it was ever used, and approvals you gave, were not looked at");
	else if (isUtxoChain(chainOf(account))) throw new InputError("--rpc is for EVM accounts here", { code: "USAGE" });
	else
		found.reasons.push(...onlineReasons(await (await import("@clew/chains")).accountFacts(rpc, account, from, { signal: context.signal })));
	return { assessment: assess(account, found.reasons, found.open), notLookedAt: found.missing };
}

/** What a case knows of an account; a question that the case cannot answer stays open. */
async function lookInCase(
	account: AccountId,
	store: GraphStore,
	sources: RiskSources,
	{ reasons, open, missing }: Findings,
): Promise<void> {
	const { from, learned } = sources;
	const bitcoin = isUtxoChain(chainOf(account));
	const { detections = [], transfers } = await store.profile(account, 1);
	reasons.push(...detectionReasons(detections));
	// Detection knows accounts; on Bitcoin there is none to run.
	if (!bitcoin && (transfers === 0 || !(await detectionWasRun(store)))) open.push("behaviour");
	const stolen = await taintOf(store, account);
	if (stolen === undefined) open.push("stolen-money");
	else {
		const service = reasons.some(({ code }) => code === "service");
		reasons.push(...taintReasons({ ...stolen, service }));
	}
	if (learned && bitcoin) throw new InputError("--learned is for EVM accounts", { code: "USAGE" });
	if (learned) {
		const { FEATURE_TRANSFERS, learnedReasons, readModel } = await import("@clew/risk/learned");
		reasons.push(...learnedReasons(account, await store.ledger(account, startOf(0), FEATURE_TRANSFERS), readModel()));
	}
	if (from === undefined) missing.push("no --from: look-alikes of addresses you paid were not looked at");
	else {
		const paid = await paidBy(store, from);
		if (paid.size === 0) open.push("look-alikes");
		reasons.push(...lookAlikeReasons(account, paid));
	}
}

async function detectionWasRun(store: GraphStore): Promise<boolean> {
	return (await store.custody()).some(({ action }) => action === "detection run");
}

/** What lists say of a site: of itself, of the domains above it, and of the pages that were named or lie below. */
export function lookAtSite(site: Site, sources: LabelsOption): Looked {
	const found: Findings = { reasons: [], open: [], missing: [] };
	const said = withKnownLibrary(sources, found, (library) => {
		if (!library.covers(SITES).reports) found.open.push("sites");
		return { claims: siteClaims(library, site), pages: site.path.length > 0 ? [] : library.dangersUnder(`${siteSubject(site)}/`, PAGES) };
	});
	if (said === undefined) found.open.push("sites");
	const reasons = labelReasons(said?.claims ?? [], true);
	if (reasons.length === 0) reasons.push(...pageReasons((said?.pages ?? []).map(listedClaim)));
	return { assessment: assess(siteSubject(site), reasons, found.open), notLookedAt: found.missing };
}

const SITES = "domain:";
const PAGES = 20;

/** Claims about a site and all above it; what a list blocks and allows below is allowed, as the list's own matcher has it. */
function siteClaims(library: LabelLibrary, site: Site): Claim[] {
	const entries = subjectsAbove(site).flatMap((subject) => library.lookup(subject).entries);
	const allowing = new Set(entries.filter(({ name, goneSince }) => name === ALLOWED_BY_LIST && goneSince === "").map(({ list }) => list));
	return entries.filter(({ name, list }) => name !== ALLOWED_BY_LIST && !allowing.has(list)).map(listedClaim);
}

const listedClaim = (entry: LibraryEntry): Claim => ({ ...claimFrom(entry), listed: entry.subject.slice(SITES.length) });

function libraryClaims(account: AccountId, sources: LabelsOption, found: Findings): Claim[] {
	const claims = withKnownLibrary(sources, found, (library) => {
		const chain = chainOf(account);
		const { sanctions, reports } = library.covers(isUtxoChain(chain) ? `${chain}:` : "eip155:");
		if (!sanctions) found.open.push("sanctions");
		if (!reports) found.open.push("reports");
		return entriesOf(library, account).map(claimFrom);
	});
	if (claims === undefined) found.open.push("sanctions", "reports");
	return claims ?? [];
}

function withKnownLibrary<T>(sources: LabelsOption, { missing }: Findings, work: Parameters<typeof withLibrary<T>>[2]): T | undefined {
	if (existsSync(libraryPath(sources))) return withLibrary(sources, false, work);
	missing.push("no label library (clew label sync): sanctions and scam lists were not looked at");
	return undefined;
}

/** Accounts that somebody paid by an act of his own: the native coin, or tokens in a transaction that he paid for. Tricks that put others into his history do not count. */
async function paidBy(store: GraphStore, from: AccountId): Promise<Set<AccountId>> {
	const own = new Set<string>();
	const tokens: { readonly to: AccountId; readonly txHash: string }[] = [];
	const paid = new Set<AccountId>();
	let cursor: NonNullable<Parameters<GraphStore["transfersOf"]>[1]["cursor"]> | undefined;
	for (let read = 0; read < HISTORY; read += PAGE) {
		const page = await store.transfersOf(from, { direction: "out", limit: PAGE, ...(cursor ? { cursor } : {}) });
		for (const t of page.transfers) {
			if (t.kind === "fee") own.add(t.txHash);
			else if (t.amount > 0n && t.kind === "token") tokens.push(t);
			else if (t.amount > 0n) paid.add(t.to);
		}
		cursor = page.next;
		if (cursor === undefined) break;
	}
	for (const { to, txHash } of tokens) if (own.size === 0 || own.has(txHash)) paid.add(to);
	return paid;
}

/** What the traces of the case say of an account; undefined when no trace is about its chain. */
async function taintOf(store: GraphStore, account: AccountId): Promise<Omit<TaintFacts, "service"> | undefined> {
	const facts: TaintFact[] = [];
	const seeds = new Set<string>();
	let asked = false;
	for (const id of await store.traceIds()) {
		const json = await store.trace(id);
		// Canonical JSON: no white space. A trace of another chain says nothing about this account.
		if (!json?.includes(`"chain":"${chainOf(account)}"`)) continue;
		asked = true;
		if (!json.includes(account)) continue;
		const result = JSON.parse(json) as TraceResult;
		for (const { spec, rows } of result.seeds) if (rows.some((row) => row.account === account)) seeds.add(spec);
		for (const asset of Object.keys(result.assets)) facts.push(...arrivalsOf(account, asset as AssetId, result));
	}
	return asked ? { facts, seeds: [...seeds] } : undefined;
}

/** Stolen money of one asset that arrived, over the conserving rules and every placing of missing money; nothing when none did. */
function arrivalsOf(account: AccountId, asset: AssetId, { id, edges, assets }: TraceResult): TaintFact[] {
	const into = edges.filter((edge) => edge.to === account && edge.asset === asset && edge.into === undefined);
	const arrived = rangeOfRows(into);
	if (arrived === undefined || arrived.most === 0n) return [];
	const { least, most } = arrived;
	const text = (amount: bigint) => showAmount(amount, assets[asset], asset);
	return [{ trace: id, asset, least, most, leastText: text(least), mostText: text(most), knownWorth: hasKnownWorth(asset) }];
}
