import {
	type AccountId,
	type AssetId,
	addressOf,
	CONSERVING_RULES,
	chainOf,
	countedAssets,
	type GraphStore,
	hasKnownWorth,
	type TraceResult,
	whatIfOf,
} from "@clew/core";
import { arrivedAt, type TaintFact, type TaintFacts, type WhatIfFact } from "@clew/risk";
import { lookAtTrace, type TraceFault, traceLog } from "./kept-trace.js";
import { showAmount } from "./output.js";

/** What the traces of a case say of an account. */
export interface TaintLook {
	/** A full trace is about its chain. */
	readonly answered: boolean;
	/** Traces that were not looked at. */
	readonly faults: readonly TraceFault[];
	readonly taint: Omit<TaintFacts, "service" | "trustedService">;
}

/**
 * What the traces of the case say of an account; `answered` only where a full trace is about its chain: one that was narrowed, or a
 * screen alone, leaves the question open.
 */
export async function taintOf(store: GraphStore, account: AccountId): Promise<TaintLook> {
	const facts: (TaintFact | WhatIfFact)[] = [];
	const [seeds, uncounted] = [new Set<string>(), new Set<string>()];
	let [answered, isSeed] = [false, false];
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
		if (result.chain !== chainOf(account)) continue;
		answered ||= whatIfOf(result) === undefined;
		if (!parts?.some((part) => part.includes(account))) continue;
		const counted = countedAssets(result);
		for (const { spec, rows } of result.seeds) {
			const names = spec.startsWith("account:") && [spec, spec.toLowerCase()].some((text) => text.includes(addressOf(account)));
			isSeed ||= names;
			if (names || rows.some((row) => row.account === account)) seeds.add(spec);
		}
		for (const asset of Object.keys(result.assets)) {
			const fact = arrivalsOf(account, asset as AssetId, result);
			if (fact !== undefined && counted.has(asset)) facts.push(fact);
			else if (fact !== undefined) uncounted.add(asset);
		}
	}
	return { answered, faults, taint: { facts, seeds: [...seeds], isSeed, uncounted: uncounted.size } };
}

/**
 * Stolen money of one asset that arrived: of a full trace over the conserving rules and every placing of missing money, of any other what
 * it shows at most. Undefined when nothing did.
 */
function arrivalsOf(account: AccountId, asset: AssetId, result: TraceResult): TaintFact | WhatIfFact | undefined {
	const { id, assets, rules } = result;
	const { least, most, screened } = arrivedAt(result, account, asset);
	const common = { trace: id, asset, text: (amount: bigint) => showAmount(amount, assets[asset], asset), knownWorth: hasKnownWorth(asset) };
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
