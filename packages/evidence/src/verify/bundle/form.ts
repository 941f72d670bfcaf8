import { checkDirection } from "../backward/direction.js";
import { isAccount, isChain, ledgerOf } from "../chain-family/registry.js";
import type { Fail } from "../failure.js";
import { checkCoins } from "../trace/chains.js";
import { rulesOf, statesEach } from "../trace/rules.js";
import { checkWhatIf } from "../trace/what-if.js";
import type { Amounts, Trace } from "./formats.js";
import { isSeed } from "./seed-form.js";

/** More seeds than a person names. */
const MAX_SEEDS = 1_000;

/**
 * What a trace must state so that its figures mean what they seem to: its rules, amounts under each of them, end points apart, what
 * narrowed it. False where nothing more can be checked.
 */
export function checkForm(trace: Trace, fail: Fail): boolean {
	if (!isChain(trace.chain))
		fail("trace.json", `is of ${JSON.stringify(trace.chain.slice(0, 100))}, which is no id of a chain as it is written`);
	const known = rulesOf(trace.chain);
	const { rules, seeds } = trace;
	for (const rule of rules)
		if (!known.includes(rule)) fail("trace.json", `runs a rule that there is not: ${JSON.stringify(rule.slice(0, 40))}`);
	if (rules.length === 0 || new Set(rules).size < rules.length) fail("trace.json", "must name its rules, each once");
	const { rankBy } = trace.parameters;
	if (rankBy !== undefined && !known.includes(rankBy))
		fail("trace.json", `ranks by ${JSON.stringify(rankBy.slice(0, 40))}, a rule that there is not`);
	for (const [i, { origin = i }] of seeds.entries())
		if (origin !== i) fail(`trace.json seed ${i + 1}`, `calls itself origin ${origin}, not ${i}`);
	if (seeds.length === 0 || seeds.length > MAX_SEEDS) fail("trace.json", `has ${seeds.length} seeds`);
	if (seeds.length > MAX_SEEDS || rules.length > known.length) return false;
	for (const [where, amounts] of allAmounts(trace))
		if (!statesEach(amounts, rules)) fail(where, "does not state an amount under each rule of the trace, and under no other");
	for (const [i, { tainted, range, into }] of trace.edges.entries())
		if (![tainted, into?.tainted ?? {}, range ?? [], into?.range ?? []].some((amounts) => Object.values(amounts).some(isSome)))
			fail(`trace.json edge ${i + 1}`, "moves nothing that is tainted under any rule, or within its range");
	const origins = seeds.length > 1 ? seeds.length : 0;
	let fewest = origins;
	for (const [where, { byOrigin }] of allSides(trace)) {
		const stated = byOrigin?.length ?? 0;
		if (stated !== origins) fail(where, "does not state an amount for each seed");
		fewest = Math.min(fewest, stated);
	}
	// What is added for each seed must stand there for each: else little text makes much work.
	if (fewest < origins) return false;
	for (const [i, { spec }] of seeds.entries())
		if (!isSeed(spec, trace.chain)) fail(`trace.json seed ${i + 1}`, `begins at ${JSON.stringify(spec.slice(0, 100))}, which is no seed`);
	const ends = new Set<string>();
	// An address that changed hands, or whose label has dates, is an end point for each of its owners and times.
	for (const [i, { account, amounts, stop, labels }] of trace.leaves.entries()) {
		const end = `${account} ${Object.keys(amounts)[0]} ${stop.reason} ${labels.length > 1 || labels.some(isDated) ? stop.detail : ""}`;
		if (ends.has(end)) fail(`trace.json leaf ${i + 1}`, "is an end point that stands there already");
		ends.add(end);
	}
	// Of rows, seeds and passages these are looked at with what they move.
	const named = trace.edges.flatMap(({ asset, into }) => (into === undefined ? [asset] : [asset, into.asset]));
	const held = [
		...trace.leaves.flatMap(({ amounts }) => Object.keys(amounts)),
		...seeds.flatMap(({ rows }) => rows.map(({ asset }) => asset)),
	];
	checkCoins(trace.assets, [...named, ...held], "trace.json", fail);
	for (const asset of new Set([...named, ...held]))
		if (!asset.startsWith(`${trace.chain}/`))
			fail("trace.json", `moves ${JSON.stringify(asset.slice(0, 100))}, which is not of ${trace.chain}`);
	const accounts = [
		...trace.edges.flatMap(({ from, to }) => [from, to]),
		...trace.leaves.map(({ account }) => account),
		...seeds.flatMap(({ rows }) => rows.map(({ account }) => account)),
	];
	for (const account of new Set(accounts))
		if (!isAccount(account, trace.chain))
			fail("trace.json", `names ${JSON.stringify(account.slice(0, 100))}, which is no account of ${trace.chain}`);
	const elsewhere = ledgerOf(trace.chain) === "outputs" ? ["conversions"] : ["fee", "throughCoinJoins", "wasabi2Inputs"];
	for (const name of elsewhere)
		if (trace.parameters[name] !== undefined) fail("trace.json", `states ${name}, which no trace of ${trace.chain} has`);
	checkDirection(trace, fail);
	checkWhatIf(trace, fail);
	return true;
}

function isSome(amount: string): boolean {
	return amount !== "0";
}

function isDated(label: object): boolean {
	return Object.hasOwn(label, "validFrom") || Object.hasOwn(label, "validUntil");
}

interface Side {
	readonly tainted: Amounts;
	readonly byOrigin?: readonly Amounts[] | undefined;
}

function* allSides(trace: Trace): Iterable<readonly [string, Side]> {
	for (const [i, edge] of trace.edges.entries()) {
		yield [`trace.json edge ${i + 1}`, edge];
		if (edge.into !== undefined) yield [`trace.json edge ${i + 1}`, edge.into];
	}
	for (const [i, leaf] of trace.leaves.entries()) {
		for (const [asset, tainted] of Object.entries(leaf.amounts))
			yield [`trace.json leaf ${i + 1}`, { tainted, byOrigin: leaf.byOrigin?.[asset] }];
		for (const output of leaf.outpoints ?? []) yield [`trace.json leaf ${i + 1}`, output];
	}
}

function* allAmounts(trace: Trace): Iterable<readonly [string, Amounts]> {
	for (const [where, { tainted, byOrigin = [] }] of allSides(trace)) for (const amounts of [tainted, ...byOrigin]) yield [where, amounts];
	for (const [i, { rows }] of trace.seeds.entries()) for (const { seeded } of rows) yield [`trace.json seed ${i + 1}`, seeded];
}
