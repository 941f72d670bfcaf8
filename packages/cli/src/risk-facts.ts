import { existsSync } from "node:fs";
import {
	type AccountId,
	type AssetId,
	chainOf,
	type GraphStore,
	InputError,
	isUtxoChain,
	rangeOfRows,
	startOf,
	type TraceResult,
} from "@clew/core";
import {
	type Assessment,
	assess,
	type Claim,
	detectionReasons,
	labelReasons,
	lookAlikeReasons,
	onlineReasons,
	type Reason,
	type TaintFact,
	taintReasons,
} from "@clew/risk";
import type { Context } from "./context.js";
import { claimFrom, entriesOf, type LabelsOption, libraryPath, withLibrary } from "./label-library-file.js";
import { showAmount } from "./output.js";

/** Newest traces of a case that are asked about an account. */
const TRACES = 5;
/** Transfers of the payer that are read at most. */
const HISTORY = 20_000;
const PAGE = 2_000;

/** An assessment and what it could not look at. */
export interface Looked {
	readonly assessment: Assessment;
	/** What was not looked at, and why, in words: no reason found is no all-clear. */
	readonly notLookedAt: readonly string[];
}

/** Where facts come from. */
export interface RiskSources extends LabelsOption {
	readonly store: GraphStore | undefined;
	readonly rpc?: string | undefined;
	readonly from?: AccountId | undefined;
	/** Also what the trained model says. */
	readonly learned?: boolean | undefined;
}

/** Gathers everything that is known about an account and adds it up. Offline but for the node that is named. Throws NodeError and what the store throws. */
export async function lookAtAccount(account: AccountId, sources: RiskSources, context: Context): Promise<Looked> {
	const { store, from, rpc, learned } = sources;
	const reasons: Reason[] = [];
	const missing: string[] = [];
	const profile = await store?.profile(account, 1);
	reasons.push(...labelReasons([...libraryClaims(account, sources, missing), ...(profile?.labels ?? [])], false));
	if (store === undefined) missing.push("no case: look-alikes of addresses you paid, behaviour and stolen money were not looked at");
	else {
		reasons.push(...detectionReasons(profile?.detections ?? []), ...taintReasons(await taintOf(store, account)));
		if (learned && isUtxoChain(chainOf(account))) throw new InputError("--learned is for EVM accounts", { code: "USAGE" });
		if (learned) {
			const { FEATURE_TRANSFERS, learnedReasons, readModel } = await import("@clew/risk/learned");
			reasons.push(...learnedReasons(account, await store.ledger(account, startOf(0), FEATURE_TRANSFERS), readModel()));
		}
		if (from === undefined) missing.push("no --from: look-alikes of addresses you paid were not looked at");
		else reasons.push(...lookAlikeReasons(account, await paidBy(store, from)));
	}
	if (rpc === undefined) missing.push("no --rpc: whether it was ever used, and approvals you gave, were not looked at");
	else if (isUtxoChain(chainOf(account))) throw new InputError("--rpc is for EVM accounts here", { code: "USAGE" });
	else reasons.push(...onlineReasons(await (await import("@clew/chains")).accountFacts(rpc, account, from, { signal: context.signal })));
	return { assessment: assess(account, reasons), notLookedAt: missing };
}

/** What lists say of a site. */
export function lookAtSite(subject: string, sources: LabelsOption): Looked {
	const missing: string[] = [];
	const claims = withKnownLibrary(sources, missing, (library) => library.lookup(subject).entries.map(claimFrom)) ?? [];
	return { assessment: assess(subject, labelReasons(claims, true)), notLookedAt: missing };
}

function libraryClaims(account: AccountId, sources: LabelsOption, missing: string[]): Claim[] {
	return withKnownLibrary(sources, missing, (library) => entriesOf(library, account).map(claimFrom)) ?? [];
}

function withKnownLibrary<T>(sources: LabelsOption, missing: string[], work: Parameters<typeof withLibrary<T>>[2]): T | undefined {
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

/** What the newest traces of the case say arrived at an account. */
async function taintOf(store: GraphStore, account: AccountId): Promise<TaintFact[]> {
	const facts: TaintFact[] = [];
	for (const id of (await store.traceIds()).slice(-TRACES)) {
		const json = await store.trace(id);
		if (json === undefined || !json.includes(account)) continue;
		const result = JSON.parse(json) as TraceResult;
		for (const asset of Object.keys(result.assets)) {
			const edges = result.edges.filter((edge) => edge.to === account && edge.asset === asset && edge.into === undefined);
			const arrived = rangeOfRows(edges);
			if (arrived === undefined) continue;
			const { least, most } = arrived;
			const info = result.assets[asset];
			if (most > 0n) facts.push({ trace: id, least, most, text: showAmount(most, info, asset as AssetId) });
		}
	}
	return facts;
}
