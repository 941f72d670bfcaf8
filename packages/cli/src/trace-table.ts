import {
	agreeing,
	computed,
	countedOf,
	countOf,
	defang,
	defangLong,
	goesForward,
	NODE_GAPS,
	NOT_COMPUTED,
	NOT_COUNTED_WHY,
	openOf,
	type Rule,
	type TraceAmounts,
	type TraceGap,
	type TraceLeaf,
	type TraceResult,
	type Valuing,
	whatIfOf,
	wideningOf,
} from "@clew/core";
import { cutAmount, describeAmount, groupServices, leafNamings, type Redaction } from "@clew/evidence";
import { unspentAt } from "@clew/tracer";
import type { Context } from "./context.js";
import { showAccount, showNaming } from "./output.js";
import { endPointsRestingOn } from "./resting-on.js";
import { printTable } from "./table.js";
import { agreedOf } from "./trace-summary.js";
import { printTraceValues } from "./value-table.js";

/** Below this width the table of end points is stacked. */
const FULL_TABLE_COLUMNS = 130;

/**
 * Prints a trace for a person: seeds, services, the first `top` end points, gaps. Tokens that are not known to be money are counted in
 * one line. With `valuing` also what it was worth.
 */
export function printTrace(context: Context, whole: TraceResult, top: number, valuing?: Valuing): void {
	const { colours } = context;
	const { counted: result, others } = countedOf(whole);
	const words = wordsOf(whole);
	context.print(colours.bold(`trace ${result.id}${words.title(result.edges.length)}, data up to block ${result.coverage.cutoff}`));
	printWhatIf(context, whole);
	for (const line of seedLines(result, whole)) context.print(line);
	printServices(context, result);
	context.print(`\n${colours.bold(words.ends)} (${agreedMeans(whole)}; exact figures: --json)`);
	printEndPoints(context, result, top, others !== undefined);
	if (others !== undefined) context.print(`${others} (${NOT_COUNTED_WHY})`);
	const resting = goesForward(whole) ? endPointsRestingOn(result) : undefined;
	if (resting !== undefined) context.print(context.colours.yellow(resting));
	if (valuing !== undefined) printTraceValues(context, result, valuing, top);
	printOpen(context, result);
	printDifferences(context, result);
	printPassages(context, result);
	printGaps(context, result);
}

/** What is said otherwise of a trace forward and of one that goes back to where money came from. */
function wordsOf(result: TraceResult) {
	return goesForward(result)
		? {
				title: (n: number) => `: ${n} tainted transfers`,
				ends: "end points, freeze first",
				services: "services that received it",
				seed: "seed",
				arrival: "arrival",
				nothing: "nothing arrived",
			}
		: {
				title: (n: number) => ` backward: ${countOf(n, "transfer")} on the way to what is asked about`,
				ends: "sources, most agreed first",
				services: "services that it came from",
				seed: "asked",
				arrival: "payment or balance",
				nothing: "nothing was there",
			};
}

/** What each seed marked of what is counted; `whole` tells whether it marked anything else. */
function seedLines(result: TraceResult, whole: TraceResult): string[] {
	const words = wordsOf(result);
	const lines = result.seeds.map(({ origin, spec, seeded, rows }, i) => {
		const amounts = Object.entries(seeded).map(([asset, byRule]) =>
			describeAmount(result, asset, BigInt(byRule[result.rules[0] as Rule] ?? "0")),
		);
		const nothing = (whole.seeds[i]?.rows.length ?? 0) > rows.length ? "nothing that is counted arrived" : words.nothing;
		return `${words.seed} ${origin + 1}: ${defang(spec)}: ${amounts.join(", ") || nothing} in ${countOf(rows.length, words.arrival)}`;
	});
	const several = !goesForward(result) && lines.length > 1;
	return several ? [...lines, "what several of these ask about is asked once, and counted for one of them"] : lines;
}

function agreedMeans(result: TraceResult): string {
	const by = agreeing(result);
	return by === undefined
		? "agreed: not computed, since no conserving rule was run"
		: `agreed: what ${by} says, whenever what the books lack came`;
}

/** Says that a trace answers a narrower question than "where is all of it". */
function printWhatIf(context: Context, result: TraceResult): void {
	const whatIf = whatIfOf(result);
	if (whatIf !== undefined) context.print(context.colours.yellow(`what-if, not the usual trace of all of it: ${defangLong(whatIf)}`));
}

/** What a trace is, in few lines, before something is made from it: id, seeds, totals. */
export function noteTrace(context: Context, whole: TraceResult): void {
	const { counted: result, others } = countedOf(whole);
	const agreed = [...agreedOf(result)].map(([asset, sum]) => describeAmount(result, asset, sum));
	context.note(`trace ${result.id} of ${result.chain}, data up to block ${result.coverage.cutoff}`);
	const whatIf = whatIfOf(whole);
	if (whatIf !== undefined) context.note(`  what-if, not the usual trace of all of it: ${defangLong(whatIf)}`);
	for (const line of seedLines(result, whole)) context.note(`  ${line}`);
	const by = agreeing(whole);
	context.note(
		`  ${result.leaves.length} end points, ${by === undefined ? `agreed: ${NOT_COMPUTED}` : `agreed of each by ${by}: ${agreed.join(", ") || "nothing"}`}`,
	);
	if (others !== undefined) context.note(`  ${others}`);
}

/** Names labels of others that share a word with a victim's name: they leave as they are, unless somebody takes them out first. */
export function noteShared(context: Context, redaction: Redaction | undefined): void {
	for (const { account, label, word } of redaction?.shared ?? [])
		context.note(
			`warning: ${showAccount(account)} is labelled ${defang(label)}, which shares "${word}" with a victim's name and is kept: is it one of the family?`,
		);
}

/** Without names of victims a trace has another id, in a bundle and in requests the same. */
export function noteWithheld(context: Context, stored: TraceResult, written: TraceResult): void {
	if (written.id !== stored.id) context.note(`names of victims withheld: what is written calls trace ${stored.id} trace ${written.id}`);
}

/** Accounts named whose missing or unread movements widen the bounds; all stand in the result. */
const LISTED_MISSING = 5;
/** Differences from a node that are named. */
const LISTED_DIFFERENCES = 10;

/** By how much movements that are missing or unread widened the bounds, and which accounts to fetch to narrow them. */
function printOpen(context: Context, result: TraceResult): void {
	const kindOf = (wanted: TraceGap["kind"]) => result.coverage.gaps.filter(({ kind }) => kind === wanted);
	const [missing, unread, unordered] = [kindOf("missing-inflow"), kindOf("unread-outflow"), kindOf("order-unknown")];
	const inflows = kindOf("unread-inflow");
	const open = openOf(result.coverage);
	if (open === undefined) return;
	context.print(`\n${context.colours.bold(open.what.join(", "))}: ${open.holds}; each rule's own column is one placing`);
	for (const { asset, agreed, most } of wideningOf(result.leaves))
		context.print(`  agreed is ${describeAmount(result, asset, agreed)} less, at most ${describeAmount(result, asset, most)} more`);
	const show = ({ asset = "" }: Pick<TraceGap, "asset">, units = "0") => describeAmount(result, asset, BigInt(units));
	for (const { account = "", asset = "", uncertain = "0" } of kindOf("open-passage"))
		context.print(
			`  what came to ${showAccount(account)} over a passage: ${show({ asset }, uncertain)} open, see the trace of the other chain`,
		);
	const lines = [
		...missing.map((gap) => `${show(gap, gap.amount)} missing, which leaves ${show(gap, gap.uncertain)} open`),
		...unread.map(
			(gap) => `not read from block ${gap.fromHeight}, and it paid in block ${gap.toHeight}, which leaves ${show(gap, gap.uncertain)} open`,
		),
		...inflows.map(
			(gap) => `not read whole from block ${gap.fromHeight ?? 0} to ${gap.toHeight}, which leaves ${show(gap, gap.uncertain)} open`,
		),
		...unordered.map((gap) => `block ${gap.fromHeight} from a node: it moved there several times, in an order that no source tells`),
	];
	const accounts = [...missing, ...unread, ...inflows, ...unordered].map(({ account = "" }) => showAccount(account));
	for (const [i, line] of lines.slice(0, LISTED_MISSING).entries()) context.print(`  fetch ${accounts[i]}: ${line}`);
	if (lines.length > LISTED_MISSING) context.print(`  ... and ${lines.length - LISTED_MISSING} more (--json)`);
}

/** Where a node says other than the case or the trace, with both figures, and what was not compared with it. */
function printDifferences(context: Context, result: TraceResult): void {
	const told = result.coverage.gaps.filter(({ kind }) => NODE_GAPS.has(kind));
	const [open, differing] = [told.filter(({ kind }) => kind === NOT_COMPARED), told.filter(({ kind }) => kind !== NOT_COMPARED)];
	printNodeGaps(context, result, "what the node says otherwise", differing);
	printNodeGaps(context, result, "not compared with the node", open);
}

const NOT_COMPARED = "not-compared";

function printNodeGaps(context: Context, result: TraceResult, title: string, differences: readonly TraceGap[]): void {
	if (differences.length === 0) return;
	context.print(`\n${context.colours.bold(title)} (nothing of the trace was adjusted)`);
	for (const { account, asset = "", amount, balance, text } of differences.slice(0, LISTED_DIFFERENCES)) {
		const show = (units: string) => describeAmount(result, asset, BigInt(units));
		const figures = amount === undefined || balance === undefined ? "" : `: ${show(amount)} here, ${show(balance)} at the node`;
		context.print(`  ${account === undefined ? "" : `${showAccount(account)}: `}${defang(text)}${figures}`);
	}
	if (differences.length > LISTED_DIFFERENCES) context.print(`  ... and ${differences.length - LISTED_DIFFERENCES} more (--json)`);
}

/** Where tainted money crossed to another chain or receiver, and what could not be followed. */
function printPassages(context: Context, { passages = [] }: TraceResult): void {
	if (passages.length === 0) return;
	context.print(`\n${context.colours.bold("bridges and pools that the money went through")}`);
	const rows = passages.map(({ kind, protocol, tier, paid, got, alternatives = [], detail }) => [
		`${kind} ${protocol}`,
		tier,
		paid.position,
		got === undefined ? `${alternatives.length} candidates` : `${got.to} at ${got.position}`,
		defang(detail),
	]);
	printTable(
		context,
		[{ title: "through" }, { title: "tier" }, { title: "at" }, { title: "goes on as" }, { title: "why", optional: true }],
		rows,
	);
}

function printEndPoints(context: Context, result: TraceResult, top: number, others: boolean): void {
	if (result.leaves.length === 0) {
		context.print(
			!goesForward(result)
				? `none: nothing${others ? " that is counted" : ""} was there that is asked about`
				: wentIntoFees(result)
					? "none: the seeded money went into fees, all of it"
					: `none: no seeded money${others ? " that is counted" : ""} moved or stayed anywhere in the data`,
		);
		return;
	}
	const shown = result.leaves.slice(0, top);
	if (context.columns === undefined || context.columns >= FULL_TABLE_COLUMNS) printLeaves(context, result, shown);
	else printLeavesNarrow(context, result, shown);
	if (result.leaves.length > top) context.print(`... and ${result.leaves.length - top} more (--top, --json, or the report)`);
}

/** True where no seeded money is left anywhere, and fees took some. */
function wentIntoFees({ conservation }: TraceResult): boolean {
	return Object.values(conservation).some((byAsset) => Object.values(byAsset).some(({ fees }) => BigInt(fees) > 0n));
}

/** Why the trace ends there; of money at an account whose data ends before the case's, up to which block that is known. */
function endOf({ stop }: TraceLeaf, { coverage }: TraceResult): string {
	const at = unspentAt(stop);
	return at === undefined || at >= Number(coverage.cutoff) ? stop.reason : `${stop.reason} at ${at}`;
}

function printLeaves(context: Context, result: TraceResult, leaves: readonly TraceLeaf[]): void {
	const agreed = computed(result);
	const amounts = ["agreed", "at most"].map((title) => ({ title, right: true }));
	const rules = result.rules.map((rule) => ({ title: rule, right: true, optional: true }));
	const columns = [{ title: "#", right: true }, { title: "account" }, { title: "end" }, { title: "entity" }, ...amounts, ...rules];
	const namingOf = leafNamings(result);
	const rows = eachAsset(leaves, (leaf, asset, byRule, rank) => {
		const show = (units: string | undefined) => describeAmount(result, asset, BigInt(units ?? "0"));
		const shares = result.rules.map((rule) => show(byRule[rule]));
		return [
			rank,
			showAccount(leaf.account),
			endOf(leaf, result),
			showNaming(namingOf(leaf), leaf.labels),
			agreed(show(leaf.agreed)),
			agreed(show(leaf.range[1])),
			...shares,
		];
	});
	printTable(context, columns, rows);
}

/** For 80 columns: why an account is an end stands below it, and amounts are cut to a few decimals. */
function printLeavesNarrow(context: Context, result: TraceResult, leaves: readonly TraceLeaf[]): void {
	const agreed = computed(result);
	const columns = [
		{ title: "#", right: true },
		{ title: "account, end" },
		{ title: "agreed", right: true },
		{ title: "at most", right: true },
	];
	const namingOf = leafNamings(result);
	const rows = eachAsset(leaves, (leaf, asset, _, rank) => {
		const entity = showNaming(namingOf(leaf), leaf.labels);
		const end = [endOf(leaf, result), entity].filter((text) => text !== "").join(": ");
		return [
			rank,
			`${showAccount(leaf.account)}\n${end}`,
			agreed(cutAmount(result, asset, BigInt(leaf.agreed))),
			agreed(cutAmount(result, asset, BigInt(leaf.range[1]))),
		];
	});
	printTable(context, columns, rows);
}

function eachAsset(
	leaves: readonly TraceLeaf[],
	row: (leaf: TraceLeaf, asset: string, byRule: TraceAmounts, rank: string) => string[],
): string[][] {
	return leaves.flatMap((leaf, i) => Object.entries(leaf.amounts).map(([asset, byRule]) => row(leaf, asset, byRule, String(i + 1))));
}

/** What reached labelled services, by name: whom to write to. */
function printServices(context: Context, result: TraceResult): void {
	const services = groupServices(result);
	const agreed = computed(result);
	if (services.length === 0) return;
	context.print(`\n${context.colours.bold(wordsOf(result).services)} (names are labels, not facts of the chain)`);
	printTable(
		context,
		[{ title: "service" }, { title: "accounts", right: true }, { title: "agreed", right: true }, { title: "at most", right: true }],
		services.map((s) => [
			defang(s.key),
			String(s.leaves),
			agreed(describeAmount(result, s.asset, s.agreed)),
			agreed(describeAmount(result, s.asset, s.most)),
		]),
	);
}

function printGaps(context: Context, result: TraceResult): void {
	const counts = new Map<string, number>();
	for (const gap of result.coverage.gaps) counts.set(`${gap.kind}: ${gap.text}`, (counts.get(`${gap.kind}: ${gap.text}`) ?? 0) + 1);
	if (counts.size === 0) return;
	context.print(
		context.colours.bold(`\nwhat the data cannot show (${result.coverage.gaps.length} gaps; each one in --json and in the report)`),
	);
	const grouped = new Map<string, number>();
	for (const [text, n] of counts) {
		const general = text.replace(/ at height \d+/, "").replace(/before height \d+/, "before its first block");
		grouped.set(general, (grouped.get(general) ?? 0) + n);
	}
	for (const [text, n] of grouped) context.print(`  ${n} x ${defang(text)}`);
}
