import type { Trace } from "../bundle/formats.js";
import type { Fail } from "../failure.js";
import { rulesOf } from "./rules.js";

/** A parameter that narrows or bends a trace: what a plain trace states, how another value looks, and the words in which results say it. */
interface Bend {
	readonly parameter: string;
	readonly plain: string;
	readonly value: string;
	readonly words: (value: string) => string;
}

/** How parameters are written, so that no sentence passes for one. */
export const NUMBER = "(?:0|[1-9][0-9]{0,79})";
export const ASSET = "[-_.:/%a-zA-Z0-9]{1,300}";
export const DUST = `${NUMBER} of ${ASSET}`;
const threshold = (parameter: string, plain: string, option: string): Bend => ({
	...{ parameter, plain, value: NUMBER },
	words: (value) => `${option} ${value}, usually ${plain}`,
});

/** In the order in which results say them. */
const NARROWED: readonly Bend[] = [
	{ parameter: "seedLimit", plain: "none", value: NUMBER, words: (value) => `--amount: at most ${value} base units a seed` },
	{ parameter: "seedAsset", plain: "any", value: ASSET, words: (value) => `--asset: only ${value}` },
	{ parameter: "seedSince", plain: "0", value: NUMBER, words: (value) => `--since: only arrivals from block ${value} on` },
	{ parameter: "until", plain: "end of data", value: NUMBER, words: (value) => `--until: nothing after block ${value}` },
	{ parameter: "readFrom", plain: "start of data", value: NUMBER, words: (value) => `--since: nothing before block ${value}` },
	// No parameter, but what follows from the rules that were run.
	{ parameter: "rules", plain: "", value: "[a-z]+(?:, [a-z]+)*", words: (value) => `--rule: without ${value}` },
	{
		...{ parameter: "dust", plain: "none", value: `${DUST}(?:, ${DUST})*` },
		words: (value) => `--dust: arrivals below ${value} are not followed`,
	},
	{ parameter: "conversions", plain: "net", value: "off", words: () => "--no-conversions: exchanges are not followed" },
	{ parameter: "fee", plain: "last", value: "(?:proportional|coinbase)", words: (value) => `--fee ${value}` },
	{
		...{ parameter: "throughCoinJoins", plain: "no", value: "yes" },
		words: () => "--through-coinjoins: followed through mixes by the letter of each rule",
	},
	// Of a budget that bound alone.
	{ parameter: "maxAccounts", plain: "", value: NUMBER, words: (value) => `--max-accounts: only ${value} accounts are followed` },
	threshold("minLabelConfidence", "20", "--min-confidence"),
	threshold("serviceTransfers", "10000", "--service-transfers"),
	threshold("minDetectionScore", "60", "--min-detection"),
	threshold("wasabi2Inputs", "20", "--wasabi2-inputs"),
	{
		...{ parameter: "passages", plain: "", value: NUMBER },
		words: (value) => `passages: no more than ${value} in a row are followed`,
	},
];
/** Of what came over passages: what narrowed the trace on the chain of the seeds. */
const ELSEWHERE: Bend = {
	...{ parameter: "seedsWhatIf", plain: "none", value: eachOf(NARROWED.map(({ words, value }) => wordsPattern(words, value))) },
	words: (value) => `where the seeds stand: ${value}`,
};
const BENDS: readonly Bend[] = [...NARROWED, ELSEWHERE];
const USUAL_ACCOUNTS = 20_000;
const RULES = "rules";
const MAX_SHOWN = 100;

type Asked = Pick<Trace, "chain" | "rules" | "parameters">;

/** The values by which a trace is other than a plain one, by parameter. */
function bentValues({ chain, rules, parameters }: Asked): ReadonlyMap<string, string> {
	const missing = rulesOf(chain).filter((rule) => !rules.includes(rule));
	const values = new Map<string, string>();
	for (const { parameter, plain } of BENDS) {
		const value =
			parameter === RULES ? missing.join(", ") : parameter === "passages" ? cutAt(parameters[parameter]) : (parameters[parameter] ?? plain);
		const wide = parameter === "maxAccounts" && ((parameters["budgetBound"] ?? "no") === "no" || Number(value) >= USUAL_ACCOUNTS);
		if (value !== plain && !wide) values.set(parameter, value);
	}
	return values;
}

/** What makes a trace other than a plain one, as its result must say it; undefined for a plain one. */
export function whatIfOf(asked: Asked): string | undefined {
	const values = bentValues(asked);
	const words = BENDS.flatMap(({ parameter, words: say }) => {
		const value = values.get(parameter);
		return value === undefined ? [] : [say(value)];
	});
	return words.length === 0 ? undefined : words.join("; ");
}

/** A trace says of itself that it is a what-if exactly where its parameters make it one, in the words that follow from them. */
export function checkWhatIf(trace: Asked, fail: Fail): void {
	const values = bentValues(trace);
	for (const { parameter, value } of BENDS) {
		const stated = values.get(parameter);
		if (stated !== undefined && !new RegExp(`^${value}$`).test(stated))
			fail("trace.json", `its parameter ${parameter} is ${JSON.stringify(stated.slice(0, MAX_SHOWN))}, which there is not`);
	}
	const stated = trace.parameters["whatIf"];
	const expected = whatIfOf(trace);
	if (stated === expected) return;
	if (stated === undefined) {
		const names = [...values.keys()].map((name) => (name === RULES ? "fewer rules" : name));
		fail("trace.json", `is a what-if (${names.join(", ")}), and does not say so`);
	} else if (expected === undefined) fail("trace.json", "calls itself a what-if, and nothing narrowed it");
	else fail("trace.json", `calls itself a what-if in other words than its parameters: ${expected.slice(0, MAX_SHOWN)}`);
}

/**
 * The rules that a trace of a chain ran by what is said to have narrowed it, where its parameters are not at hand. Undefined for words
 * that no result says.
 */
export function rulesBy(whatIf: string | undefined, chain: string): readonly string[] | undefined {
	const known = rulesOf(chain);
	if (whatIf === undefined) return known;
	let [next, missing] = [0, ""];
	for (const said of whatIf.split("; ")) {
		const at = BENDS.findIndex(({ words, value }, i) => i >= next && patternOf(words, value).test(said));
		if (at < 0) return undefined;
		if (BENDS[at]?.parameter === RULES) missing = patternOf(BENDS[at].words, BENDS[at].value).exec(said)?.[1] ?? "";
		next = at + 1;
	}
	const left = known.filter((rule) => !missing.split(", ").includes(rule));
	const same = known.filter((rule) => !left.includes(rule)).join(", ") === missing;
	return same && left.length > 0 ? left : undefined;
}

function patternOf(words: Bend["words"], value: string): RegExp {
	return new RegExp(`^${wordsPattern(words, `(${value})`)}$`);
}

/** The words with a pattern in the place of the value. */
function wordsPattern(words: Bend["words"], value: string): string {
	const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
	return words("\u0000").split("\u0000").map(literal).join(value);
}

/** One of the patterns, or several after each other, as what narrowed a trace is told on another chain. */
function eachOf(patterns: readonly string[]): string {
	const any = `(?:${patterns.join("|")})`;
	return `${any}(?: \\| ${any})*`;
}

/** After how many passages in a row a trace ended; empty where it did not. Results that ended after 16 called themselves plain. */
function cutAt(stated: string | undefined): string {
	const [, most = ""] = /^more than ([0-9]+) in a row/.exec(stated ?? "") ?? [];
	return most === "16" ? "" : most;
}

/** A request calls its trace a what-if in words that a result says, and its rules are those that these words leave. */
export function checkWhatIfSaid(
	{ whatIf, chain, rules }: { readonly whatIf?: string; readonly chain: string; readonly rules: readonly string[] },
	where: string,
	fail: Fail,
): void {
	const left = rulesBy(whatIf, chain);
	if (left === undefined) fail(where, "calls itself a what-if in words that no trace says");
	else if (rules.some((rule) => !left.includes(rule))) fail(where, "gives amounts by a rule that it says was not run");
}

/** What narrowed a trace, by parameter, as the words of a request say it; those that it does not name are as in a plain one. */
export function parametersBy(whatIf = ""): Readonly<Record<string, string>> {
	const said = whatIf.split("; ");
	return Object.fromEntries(
		BENDS.filter(({ plain }) => plain !== "").map(({ parameter, plain, words, value }) => {
			const pattern = patternOf(words, value);
			const [found] = said.flatMap((one) => {
				const parts = pattern.exec(one);
				// Words without a value stand for the one that there is.
				return parts === null ? [] : [parts[1] ?? value];
			});
			return [parameter, found ?? plain];
		}),
	);
}

/** By asset the amount, in base units, below which arrivals are not followed. */
export function dustOf(stated = "none"): ReadonlyMap<string, string> {
	return new Map(stated === "none" ? [] : stated.split(", ").map((one) => one.split(" of ").reverse() as [string, string]));
}
