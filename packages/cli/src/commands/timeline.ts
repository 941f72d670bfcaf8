import { writeFileSync } from "node:fs";
import {
	type AccountId,
	type Activity,
	activityInWords,
	activityOf,
	chainOf,
	delegationsOf,
	type GraphStore,
	type HopSpeed,
	isoTime,
	parseAccount,
	spanInWords,
	speedInWords,
	timesOf,
} from "@clew/core";
import { timelineSvg } from "@clew/evidence";
import { timesOfAccount } from "@clew/tracer";
import { Command } from "@commander-js/extra-typings";
import { positive } from "../arguments.js";
import { CASE_OPTION, CHAIN_OPTION, withChain } from "../case-file.js";
import type { Context } from "../context.js";
import { mustKnow } from "../empty.js";
import { json, NOT_FETCHED, showAccount } from "../output.js";
import { forwardTrace } from "../stored-trace.js";
import { printTable } from "../table.js";

/** What a timeline is of, and what it says. */
interface Timeline {
	readonly of: string;
	readonly activity: Activity;
	readonly cut: boolean;
	/** Undefined where the account's own history was not fetched, and of a trace. */
	readonly readTo: number | undefined;
	/** It has code and no key that is known: others decide when it pays. */
	readonly isContract: boolean;
	readonly speed?: HopSpeed;
}

const TRACE_ID = /^[0-9a-f]{16}$/;
/** Bars of a table are as wide, at most. */
const BAR = 30;
/** Hops printed from either end; --json has all. */
const SHOWN_HOPS = 5;

/** `clew timeline`: when an account, or the money of a trace, moved. */
export function timelineCommand(context: Context) {
	return new Command("timeline")
		.description("when an account or the money of a trace moved: bursts, silences, hours, how fast it was passed on")
		.argument("<account|trace>", "address, CAIP-10 account, or a trace: its id, or 'last'")
		.option(...CASE_OPTION)
		.option(...CHAIN_OPTION)
		.option("--limit <n>", "movements of an account to read", positive, 200_000)
		.option("--svg <file>", "write the picture to a file")
		.option("--json", "as one JSON object", false)
		.action((what, options) =>
			withChain(options, async (store) => {
				const isTrace = what === "last" || TRACE_ID.test(what);
				const found = isTrace
					? await ofTrace(store, what)
					: await ofAccount(context, store, parseAccount(what, store.info.chain), options.limit);
				const said = [...(found.speed === undefined ? [] : [speedInWords(found.speed)]), ...activityInWords(found.activity)];
				if (options.svg !== undefined) {
					const picture = timelineSvg(found.activity);
					if (picture === "") context.note("no picture: nothing that moved has a time");
					else {
						writeFileSync(options.svg, `${picture}\n`);
						context.note(`picture: ${options.svg}`);
					}
				}
				if (options.json) return context.print(json({ schema: "clew.timeline/1", ...inJson(found), said }));
				print(context, found, said);
			}),
		);
}

async function ofTrace(store: GraphStore, wanted: string): Promise<Timeline> {
	const result = await forwardTrace(store, wanted, "timeline");
	const { events, untimed, speed } = timesOf(result);
	return {
		of: result.id,
		activity: activityOf(events, untimed),
		cut: false,
		readTo: undefined,
		isContract: false,
		...(speed === undefined ? {} : { speed }),
	};
}

async function ofAccount(context: Context, store: GraphStore, account: AccountId, most: number): Promise<Timeline> {
	await mustKnow(store, account);
	const { events, untimed, cut } = await timesOfAccount(store, account, most, context.signal);
	const { coverage, isContract } = await store.profile(account, 1);
	const hasKey = isContract && (await delegationsOf(store, account)).length > 0;
	const readTo = coverage.length === 0 ? undefined : Math.max(...coverage.map(({ toHeight }) => toHeight));
	return { of: account, activity: activityOf(events, untimed), cut, readTo, isContract: isContract && !hasKey };
}

function inJson({ of, activity, cut, readTo, isContract, speed }: Timeline) {
	const span = <T extends { readonly from: number; readonly to: number }>(one: T) => ({
		...one,
		from: isoTime(one.from),
		to: isoTime(one.to),
	});
	const { first, last, bins, bursts, silences } = activity;
	return {
		of,
		cut,
		readTo: readTo ?? null,
		isContract,
		...activity,
		...(first === undefined || last === undefined ? {} : { first: isoTime(first), last: isoTime(last) }),
		bins: bins.map(span),
		bursts: bursts.map(span),
		silences: silences.map(span),
		...(speed === undefined
			? {}
			: { speed: { ...speed, hops: speed.hops.map((hop) => ({ ...hop, arrived: isoTime(hop.arrived), left: isoTime(hop.left) })) } }),
	};
}

function print(context: Context, timeline: Timeline, said: readonly string[]): void {
	const { of, activity, cut, readTo, isContract, speed } = timeline;
	const isTrace = TRACE_ID.test(of);
	const what = isTrace ? `trace ${of}` : showAccount(of as AccountId);
	if (!isTrace) context.print(readTo === undefined ? NOT_FETCHED : `read to block ${readTo} of ${chainOf(of as AccountId)}`);
	if (isContract) context.print("it has code, and pays when others call it: bursts and hours are theirs");
	if (cut) context.note("there are more movements than were read (--limit): the figures are of the first");
	const { first, last, untimed } = activity;
	if (first === undefined || last === undefined) {
		const none = isTrace ? "no movement of traced money after the seeds" : "no movement in the case";
		context.print(`${what}: ${untimed === 0 ? none : `${untimed} movements, none with a time`}`);
		return;
	}
	const moved = isTrace
		? `${activity.out} movements of traced money after the seeds`
		: `${activity.in} movements came, ${activity.out} were paid`;
	context.print(context.colours.bold(`${what}: ${moved}, ${isoTime(first)} to ${isoTime(last)}`));
	printBins(context, activity, isTrace);
	for (const sentence of said) context.print(`- ${sentence}`);
	if (speed !== undefined && speed.hops.length > 1) printHops(context, speed);
}

function printBins(context: Context, { bins, width }: Activity, isTrace: boolean): void {
	const most = Math.max(...bins.map((bin) => Math.max(bin.in, bin.out)));
	const bar = (count: number) => (count === 0 ? "" : `${"█".repeat(Math.max(1, Math.round((count / most) * BAR)))} ${count}`);
	const rows = bins.map((bin, i) => {
		const idle = bin.from - (bins[i - 1]?.to ?? bin.from);
		const when = `${isoTime(bin.from)}${idle > 0 ? ` (after ${spanInWords(idle)} of nothing)` : ""}`;
		return [when, bar(bin.out), ...(isTrace ? [] : [bar(bin.in)])];
	});
	const paid = { title: isTrace ? "moved" : "paid" };
	printTable(context, [{ title: `UTC, by ${spanInWords(width)}` }, paid, ...(isTrace ? [] : [{ title: "came" }])], rows);
}

function printHops(context: Context, { hops }: HopSpeed): void {
	const shown = hops.length <= 2 * SHOWN_HOPS ? hops : [...hops.slice(0, SHOWN_HOPS), ...hops.slice(-SHOWN_HOPS)];
	printTable(
		context,
		[{ title: "account" }, { title: "arrived" }, { title: "left" }, { title: "after", right: true }],
		shown.map(({ account, arrived, left, delay }) => [showAccount(account), isoTime(arrived), isoTime(left), spanInWords(delay)]),
	);
	if (shown.length < hops.length) context.note(`${hops.length - shown.length} accounts between them are left out; --json has all`);
}
