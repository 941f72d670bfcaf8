import {
	type AccountId,
	chainName,
	chainOf,
	defangLong,
	delegationsOf,
	FAMILIES,
	familyOf,
	firstBroken,
	type GraphStore,
	InputError,
	type LedgerReader,
	type RecordStore,
	startOf,
} from "@clew/core";
import {
	delegatesOf,
	detectionReasons,
	lookAlikeReasons,
	type Reason,
	receivesAsService,
	type TaintFacts,
	taintReasons,
	transfersReasons,
} from "@clew/risk";
import { detectionsAsOf } from "./as-of.js";
import { elsewhere } from "./key-elsewhere.js";
import type { Findings, RiskSources } from "./risk-facts.js";
import { type TaintAt, taintOf } from "./taint-facts.js";

/** Transfers of the payer that are read at most. */
const HISTORY = 20_000;
const PAGE = 2_000;

/** Whether an account is a service by what people say of it, and whether one who counts in full says so. */
export interface ServiceBy {
	readonly service: boolean;
	readonly trusted: boolean;
}

/** What a case knows of an account, and of its key on other chains of the case; a question that the case cannot answer stays open. */
export async function lookInCase(
	account: AccountId,
	store: GraphStore,
	sources: RiskSources,
	serviceBy: (account: AccountId) => Promise<ServiceBy>,
	{ reasons, open, missing }: Findings,
): Promise<void> {
	const { from, learned } = sources;
	const chain = chainOf(account);
	const { ledger, modelled } = familyOf(chain);
	const others = elsewhere(account, await store.chains());
	const behaviours = new Map<AccountId, Behaviour>();
	for (const one of [account, ...others]) behaviours.set(one, await behaviourOf(store, one));
	const behaviour = behaviours.get(account) as Behaviour;
	reasons.push(...behaviour.reasons);
	for (const other of others) reasons.push(...dangersThere(other, behaviours.get(other) as Behaviour, reasons));
	// Detection knows accounts; over outputs there is none to run.
	const asOf = await detectionsAsOf(store, chain);
	if (ledger === "accounts" && (!behaviour.known || asOf !== "now" || !(await detectionWasRun(store)))) open.push("behaviour");
	if (ledger === "accounts" && asOf === "written")
		missing.push(
			`clew detect was run before data of ${chain} was written: how this address behaves by now was not looked at. Run it again.`,
		);
	const { answered, faults, leads, before, taints } = await taintOf(store, [account, ...others]);
	if (!answered || faults.length > 0 || leads.length > 0) open.push("stolen-money");
	missing.push(...leads.map(defangLong), ...before);
	for (const { fault, hint } of faults) missing.push(`${fault}, and was not looked at. ${hint}`);
	const isService = (one: AccountId) => behaviours.get(one)?.reasons.some(({ code }) => code === "service") ?? false;
	reasons.push(...(await taintReasonsOf(taints, serviceBy, isService)));
	if (learned && !modelled) {
		const known = FAMILIES.filter((family) => family.modelled).map(({ name }) => name);
		throw new InputError(`--learned is for ${known.join(" and ")} accounts`, { code: "USAGE" });
	}
	if (learned) {
		const { FEATURE_TRANSFERS, learnedReasons, readModel } = await import("@clew/risk/learned");
		reasons.push(...learnedReasons(account, await store.ledger(account, startOf(0), FEATURE_TRANSFERS), readModel()));
	}
	if (from === undefined) missing.push("no --from: look-alikes of addresses you paid were not looked at");
	else {
		const paid = await paidBy(store, from);
		const paidElsewhere: AccountId[] = [];
		for (const payer of elsewhere(from, await store.chains())) paidElsewhere.push(...(await paidBy(store, payer)));
		if (paid.size + paidElsewhere.length === 0) open.push("look-alikes");
		const alike = lookAlikeReasons(account, paid);
		// Who was paid at the same address of another chain may be somebody else's contract: that speaks for nothing here.
		reasons.push(...(alike.length > 0 ? alike : lookAlikeReasons(account, paidElsewhere).filter(({ code }) => code === "look-alike")));
	}
}

interface Behaviour {
	/** Whether the case knows any of its transfers. */
	readonly known: boolean;
	readonly reasons: readonly Reason[];
}

/** How an account behaves by the case, as a trace has it that meets it. */
async function behaviourOf(store: LedgerReader, account: AccountId): Promise<Behaviour> {
	const { DEFAULT_STOP_PARAMETERS } = await import("@clew/tracer");
	const { serviceTransfers, minDetectionScore } = DEFAULT_STOP_PARAMETERS;
	const { detections = [], transfers } = await store.profile(account, serviceTransfers);
	const many = transfers < serviceTransfers ? [] : transfersReasons(serviceTransfers);
	const delegates = delegatesOf(await delegationsOf(store, account));
	return { known: transfers > 0, reasons: [...detectionReasons(detections, minDetectionScore, delegates), ...many] };
}

const DANGERS: ReadonlySet<Reason["code"]> = new Set(["detected-poisoning", "detected-drainer", "detected-swept", "maybe-swept"]);

/** What the same key was seen to do on another chain that is a danger on every one, unless it is said already. */
function dangersThere(account: AccountId, { reasons }: Behaviour, said: readonly Reason[]): readonly Reason[] {
	return reasons
		.filter(({ code }) => DANGERS.has(code) && !said.some((one) => one.code === code))
		.map((one) => ({ ...one, facts: { ...one.facts, chain: ` on ${chainName(chainOf(account))}` } }));
}

/** Reasons by stolen money of the account and of its key on other chains: what is said of several chains is one reason, not a sum. */
async function taintReasonsOf(
	taints: readonly TaintAt[],
	serviceBy: (account: AccountId) => Promise<ServiceBy>,
	behavesAsService: (account: AccountId) => boolean,
): Promise<readonly Reason[]> {
	const [services, others]: [TaintAt[], TaintAt[]] = [[], []];
	for (const one of taints) {
		const by = await serviceBy(one.account);
		const service = receivesAsService({ ...one, service: by.service || behavesAsService(one.account), trustedService: by.trusted });
		(service ? services : others).push(one);
	}
	return [...taintReasons(allOf(others, false)), ...taintReasons(allOf(services, true))];
}

function allOf(some: readonly TaintAt[], service: boolean): TaintFacts {
	return {
		facts: some.flatMap(({ facts }) => facts),
		seeds: some.flatMap(({ seeds }) => seeds),
		uncounted: some.reduce((sum, { uncounted }) => sum + uncounted, 0),
		isSeed: !service && some.some(({ isSeed }) => isSeed),
		service,
		trustedService: service,
	};
}

async function detectionWasRun(store: RecordStore): Promise<boolean> {
	const custody = await store.custody();
	return firstBroken(custody) === undefined && custody.some(({ action }) => action === "detection run");
}

/**
 * Accounts that somebody paid by an act of his own: the native coin, or tokens in a transaction that he paid for. Tricks that put others
 * into his history do not count.
 */
async function paidBy(store: LedgerReader, from: AccountId): Promise<Set<AccountId>> {
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
