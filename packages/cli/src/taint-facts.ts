import {
	type AccountId,
	type AsOf,
	type AssetId,
	addressOf,
	CONSERVING_RULES,
	chainName,
	chainOf,
	countedAssets,
	type GraphStore,
	goesForward,
	hasKnownWorth,
	type TraceResult,
	whatIfOf,
} from "@clew/core";
import { arrivedAt, type TaintFact, type TaintFacts, type WhatIfFact } from "@clew/risk";
import { askedFor, traceAsOf } from "./as-of.js";
import { lookAtTrace, RUN_AGAIN, type TraceFault, traceLog } from "./kept-trace.js";
import { openLeads } from "./open-leads.js";
import { showAmount } from "./output.js";

/** What the traces of a case say of an account. */
export interface TaintLook {
	/** A full trace of what the case holds now is about its chain, and no full trace is of before alone. */
	readonly answered: boolean;
	/** Traces that were not looked at. */
	readonly faults: readonly TraceFault[];
	/** Leads over bridges and through pools that name one of the accounts, of traces of any chain, in words: nobody followed them. */
	readonly leads: readonly string[];
	/** Full traces of the chain that may be of another state of the case, and that none of now stands for, in words. */
	readonly before: readonly string[];
	/** What traces say of each of the accounts of which they say anything. */
	readonly taints: readonly TaintAt[];
}

/** What traces say of an account; words about one on another chain than the account that was asked about name that chain. */
export interface TaintAt extends Omit<TaintFacts, "service" | "trustedService"> {
	readonly account: AccountId;
}

/** A trace of the case, on whatever chain. */
interface Run {
	readonly id: string;
	readonly full: boolean;
	readonly asOf: AsOf;
	/** When it was run (ISO). */
	readonly at: string;
	/** Its seeds, as the user wrote them. */
	readonly specs: readonly string[];
	/** What it leaves open behind bridges and pools of the accounts that were asked about, in words. */
	readonly leads: readonly string[];
}

/** What one trace says of the account that is on its chain. */
interface Told extends Run {
	readonly account: AccountId;
	readonly facts: readonly (TaintFact | WhatIfFact)[];
	/** Seeds that mark money which arrived exactly here. */
	readonly marked: readonly string[];
	readonly isSeed: boolean;
	readonly uncounted: readonly string[];
}

/**
 * What the traces of the case say of an account and of those that its key has on other chains; `answered` is about the account alone: only
 * where a full trace of the case as it stands is about its chain. One that was narrowed, a screen alone, or one of before leaves the
 * question open. A full trace of before gives way to one of now from its seeds.
 */
export async function taintOf(store: GraphStore, accounts: readonly [AccountId, ...AccountId[]]): Promise<TaintLook> {
	const [asked] = accounts;
	const told: Told[] = [];
	const runs: Run[] = [];
	const faults: TraceFault[] = [];
	const log = await traceLog(store);
	for (const id of await store.traceIds()) {
		// Every one, whatever it seems to be about: what was changed may be that it names this account, or its chain.
		const parts = await store.trace(id);
		const looked = lookAtTrace(id, parts, log);
		if (looked.fault !== undefined) {
			faults.push(looked);
			continue;
		}
		const { result } = looked;
		// Where money came from says nothing of where stolen money went.
		if (!goesForward(result)) continue;
		const [asOf, at] = [await traceAsOf(store, result), log.run.get(id) ?? ""];
		const leads = openLeads(result, accounts);
		const run = { id, asOf, at, full: whatIfOf(result) === undefined, specs: askedFor(result), leads };
		runs.push(run);
		const account = accounts.find((one) => chainOf(one) === result.chain);
		if (account === undefined) continue;
		told.push(toldBy(result, account, run, parts?.some((part) => part.includes(account)) ?? false));
	}
	// A trace from the same seeds that was run later stands for what went on to other chains, too.
	const fullNow = runs.filter(({ full, asOf }) => full && asOf === "now");
	const isReplaced = (one: Run) => !fullNow.includes(one) && fullNow.some((now) => one.specs.every((spec) => now.specs.includes(spec)));
	const isOld = (one: Run) => one.full && one.asOf !== "now" && !isReplaced(one);
	const kept = told.filter((one) => one.asOf === "now" || !one.full || isOld(one));
	const now = kept.filter(({ full, asOf }) => full && asOf === "now");
	// What was written since may be what brings money here over a passage.
	const before = runs.filter(isOld);
	return {
		answered: now.some(({ account }) => account === asked) && before.length === 0,
		faults,
		leads: [...new Set(runs.filter((one) => !isReplaced(one)).flatMap(({ leads }) => leads))],
		before: before.map(
			({ id, asOf, at }) => `trace ${id} was run at ${at}, ${BEFORE[asOf]}: what it says of now was not looked at. ${RUN_AGAIN}`,
		),
		taints: accounts.flatMap((account) => {
			const of = kept.filter((one) => one.account === account);
			return of.length === 0 ? [] : [taintAt(account, of, account === asked ? "" : ` on ${chainName(chainOf(account))}`)];
		}),
	};
}

function taintAt(account: AccountId, told: readonly Told[], on: string): TaintAt {
	return {
		account,
		facts: told.flatMap(({ facts }) => facts).map((fact) => ({ ...fact, text: (amount: bigint) => `${fact.text(amount)}${on}` })),
		seeds: [...new Set(told.flatMap(({ marked }) => marked))].map((seed) => `${seed}${on}`),
		isSeed: told.some(({ isSeed }) => isSeed),
		uncounted: new Set(told.flatMap(({ uncounted }) => uncounted)).size,
	};
}

const BEFORE: Readonly<Record<AsOf, string>> = {
	now: "",
	written: "and data or labels were written since",
	unknown: "and whether data or labels were written since is unknown",
};

function toldBy(result: TraceResult, account: AccountId, run: Run, isNamed: boolean): Told {
	const { seeds, assets } = result;
	const { asOf, at } = run;
	const common = { ...run, account };
	if (!isNamed) return { ...common, facts: [], marked: [], isSeed: false, uncounted: [] };
	const counted = countedAssets(result);
	const names = (spec: string) =>
		spec.startsWith("account:") && [spec, spec.toLowerCase()].some((text) => text.includes(addressOf(account)));
	const marked = seeds.filter(({ spec, rows }) => names(spec) || rows.some((row) => row.account === account));
	const facts = Object.keys(assets).flatMap((asset) => arrivalsOf(account, asset as AssetId, result) ?? []);
	const words = asOf === "now" ? {} : { before: `at ${at}, ${BEFORE[asOf]}` };
	return {
		...common,
		facts: facts.filter(({ asset }) => counted.has(asset)).map((fact) => ({ ...fact, ...words })),
		marked: marked.map(({ spec }) => spec),
		isSeed: seeds.some(({ spec }) => names(spec)),
		uncounted: facts.map(({ asset }) => asset).filter((asset) => !counted.has(asset)),
	};
}

/**
 * Stolen money of one asset that arrived: of a full trace over the conserving rules and every placing of missing money, of any other what
 * it shows at most. Undefined when nothing did.
 */
function arrivalsOf(account: AccountId, asset: AssetId, result: TraceResult): TaintFact | WhatIfFact | undefined {
	const { id, assets, rules } = result;
	const { least, most, screened } = arrivedAt(result, account, asset);
	const common = {
		trace: id,
		asset,
		text: (amount: bigint) => showAmount(amount, assets[asset], asset, assets),
		knownWorth: hasKnownWorth(asset),
	};
	const how = whatIfOf(result);
	if (how === undefined) return most === 0n ? undefined : { kind: "full", ...common, least, most };
	if (most > 0n) {
		const run = rules.filter((rule) => CONSERVING_RULES.includes(rule));
		return { kind: "what-if", ...common, most, rules: run.join(", "), how: `what-if: ${how}` };
	}
	return screened === 0n
		? undefined
		: { kind: "what-if", ...common, most: screened, rules: "poison, which screens and measures nothing", how: `what-if: ${how}` };
}
