import { rulesOf } from "./chain-family/registry.js";
import { InputError } from "./errors.js";
import type { ChainId } from "./ids.js";
import { CONSERVING_RULES } from "./rules.js";
import type { TraceResult } from "./trace-schema.js";

/** Thresholds at which a trace stops unless somebody chooses others; text, as results state them. */
const USUAL = { minLabelConfidence: "20", serviceTransfers: "10000", minDetectionScore: "60", wasabi2Inputs: "20" } as const;
const USUAL_ACCOUNTS = 20_000;
const STOPS = {
	minLabelConfidence: "--min-confidence",
	serviceTransfers: "--service-transfers",
	minDetectionScore: "--min-detection",
	wasabi2Inputs: "--wasabi2-inputs",
} as const;

type Asked = Pick<TraceResult, "chain" | "rules" | "parameters">;

/**
 * What was asked other than plainly "where is all of it, under every rule": the options that narrowed or bent a trace, in words.
 * Undefined for a plain trace. It follows from the parameters that every result states, so that nothing made from a result can leave it
 * out.
 */
export function whatIfOf({ chain, rules, parameters }: Asked): string | undefined {
	const is = (name: string, usual: string) => (parameters[name] ?? usual) === usual;
	const missing = rulesOf(chain as ChainId).filter((rule) => !rules.includes(rule));
	const cut = cutAt(parameters);
	const words = [
		is("seedLimit", "none") ? "" : `--amount: at most ${parameters["seedLimit"]} base units a seed`,
		is("seedAsset", "any") ? "" : `--asset: only ${parameters["seedAsset"]}`,
		is("seedSince", "0") ? "" : `--since: only arrivals from block ${parameters["seedSince"]} on`,
		is("until", "end of data") ? "" : `--until: nothing after block ${parameters["until"]}`,
		is("readFrom", "start of data") ? "" : `--since: nothing before block ${parameters["readFrom"]}`,
		missing.length === 0 ? "" : `--rule: without ${missing.join(", ")}`,
		is("dust", "none") ? "" : `--dust: arrivals below ${parameters["dust"]} are not followed`,
		is("conversions", "net") ? "" : "--no-conversions: exchanges are not followed",
		is("fee", "last") ? "" : `--fee ${parameters["fee"]}`,
		is("throughCoinJoins", "no") ? "" : "--through-coinjoins: followed through mixes by the letter of each rule",
		is("budgetBound", "no") || Number(parameters["maxAccounts"]) >= USUAL_ACCOUNTS
			? ""
			: `--max-accounts: only ${parameters["maxAccounts"]} accounts are followed`,
		...Object.entries(STOPS).map(([name, option]) =>
			is(name, USUAL[name as keyof typeof USUAL]) ? "" : `${option} ${parameters[name]}, usually ${USUAL[name as keyof typeof USUAL]}`,
		),
		cut === undefined ? "" : `passages: no more than ${cut} in a row are followed`,
		is("seedsWhatIf", "none") ? "" : `where the seeds stand: ${parameters["seedsWhatIf"]}`,
	].filter((word) => word !== "");
	return words.length === 0 ? undefined : words.join("; ");
}

/** True for a trace that says where money went, and not where it came from. */
export function goesForward({ direction }: Pick<TraceResult, "direction">): boolean {
	return direction === undefined;
}

/**
 * Gives a trace forward, and refuses one that says where money came from for what is made of where it went: `why` that is, in words that
 * follow "it says where money came from, and", and `instead` what to do. Throws InputError.
 */
export function mustGoForward(result: TraceResult, why: string, instead: string): TraceResult {
	if (goesForward(result)) return result;
	throw new InputError(`trace ${result.id} goes backward: it says where money came from, and ${why}`, { hint: instead });
}

/** After how many passages in a row a trace ended; undefined where it did not. Results that ended after 16 called themselves plain. */
function cutAt(parameters: Asked["parameters"]): string | undefined {
	const [, most] = /^more than ([0-9]+) in a row/.exec(parameters["passages"] ?? "") ?? [];
	return most === "16" ? undefined : most;
}

/** The conserving rules that a result lacks: what the others agree on is not agreed by all. */
export function rulesLacking({ chain, rules }: Pick<TraceResult, "chain" | "rules">): readonly string[] {
	return rulesOf(chain as ChainId).filter((rule) => CONSERVING_RULES.includes(rule) && !rules.includes(rule));
}

/**
 * Who agrees on what a result calls agreed, in words; undefined when no conserving rule was run: then nothing was computed, which is
 * other than an amount of 0.
 */
export function agreeing(result: Pick<TraceResult, "chain" | "rules">): string | undefined {
	const run = result.rules.filter((rule) => CONSERVING_RULES.includes(rule));
	if (run.length === 0) return undefined;
	return rulesLacking(result).length === 0 ? "every conserving rule" : `every rule that was run (${run.join(", ")})`;
}

/** What stands for agreed and at most where no conserving rule was run. */
export const NOT_COMPUTED = "not computed";

/** Shows what is agreed, or at most, unless it was not computed. */
export function computed(result: Pick<TraceResult, "chain" | "rules">): (shown: string) => string {
	const was = agreeing(result) !== undefined;
	return (shown) => (was ? shown : NOT_COMPUTED);
}
