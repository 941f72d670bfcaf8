import {
	activityInWords,
	activityOf,
	goesForward,
	isoTime,
	namesInWords,
	type Rule,
	spanInWords,
	speedInWords,
	type TraceEdge,
	type TraceResult,
	timesOf,
} from "@clew/core";
import { leafNamings } from "../bundle/leaf-groups.js";
import { describeAmount } from "../bundle/picture.js";
import { amount, type Block, type Cell, cell, type Inline, type Section, strong } from "../document/model.js";
import { utcWords } from "./moment.js";
import { address, LISTED, plain, transaction } from "./shared.js";
import { wordsOf } from "./words.js";

/** When the money moved, in a picture and in words; nothing where no time is told. */
function pace(result: TraceResult): Block[] {
	const { events, untimed, speed } = timesOf(result);
	const activity = activityOf(events, untimed);
	if (activity.first === undefined || activity.last === undefined) return [];
	const caption = `${activity.out} ${wordsOf(result).moved} from ${isoTime(activity.first)} to ${isoTime(activity.last)}, counted by ${spanInWords(activity.width)}; the highest bar is ${Math.max(...activity.bins.map(({ out }) => out))}.`;
	// Speed and hours are read from what happened after the seeds.
	const said = !goesForward(result) ? [] : [...(speed === undefined ? [] : [speedInWords(speed)]), ...activityInWords(activity)];
	return [
		{ kind: "timeline", activity, text: caption },
		...(said.length === 0
			? []
			: [{ kind: "list" as const, items: said.map((sentence) => [`${sentence[0]?.toUpperCase()}${sentence.slice(1)}.`]) }]),
	];
}

/** Of the movements that are shown one in so many may be a seed's own. */
const SEEDS = 6;

/** The largest movements of the exhibit's rule, in time. Assets are ranked apart. */
export function timelineSection(result: TraceResult, rule: Rule): Section {
	const taintOf = (edge: TraceEdge) => BigInt(edge.tainted[rule] ?? "0");
	const assets = [...new Set(result.edges.map((edge) => edge.asset))];
	const share = Math.max(1, Math.floor(LISTED.events / Math.max(1, assets.length)));
	const hopOf = hopsOf(result);
	// What came to the seeds may be very many payments; what happened after is what a reader looks for.
	const largest = assets.flatMap((asset) => {
		const ranked = result.edges
			.filter((edge) => edge.asset === asset && edge.kind !== "fee" && taintOf(edge) > 0n)
			.sort((a, b) => (taintOf(a) === taintOf(b) ? a.row - b.row : taintOf(a) > taintOf(b) ? -1 : 1));
		const isSeed = (edge: TraceEdge) => hopOf.get(edge.position) === 0;
		const seeds = ranked.filter(isSeed).slice(0, Math.max(1, Math.ceil(share / SEEDS)));
		return [...seeds, ...ranked.filter((edge) => !isSeed(edge)).slice(0, Math.max(1, share - seeds.length))];
	});
	const nameOf = namesOf(result);
	const who = (account: string, before: string): Inline[] => {
		const name = nameOf(account);
		return [before, ...(name === "" ? [] : [strong(name), " "]), address(account)];
	};
	const rows = largest
		.slice(0, LISTED.events)
		.sort((a, b) => a.row - b.row)
		.map((edge): Cell[] => [
			cell(edge.row.toString()),
			cell(hopOf.get(edge.position)?.toString() ?? "-"),
			[[edge.time === "" ? "time not known" : utcWords(edge.time).replace(" UTC", "")], [`block ${edge.position.split(".")[0]}`]],
			[who(edge.from, ""), who(edge.to, "to "), [transaction(result.chain, edge.txHash)]],
			cell(amount(plain(describeAmount(result, edge.asset, taintOf(edge))))),
		]);
	return {
		heading: "Timeline",
		wide: true,
		blocks: [
			...pace(result),
			{
				kind: "table",
				caption: `The largest movements under ${rule}, in order of time; every row stands in transfers.csv. A hop is one movement ${goesForward(result) ? "on from" : "before"} what the seeds name, by the shortest way; names are labels.`,
				columns: [
					{ name: "row", width: 0.7, numeric: true },
					{ name: "hop", width: 0.6, numeric: true },
					{ name: "when (UTC)", width: 2 },
					{ name: "from, to, transaction", width: 7 },
					{ name: `${wordsOf(result).tainted} ${rule}`, width: 3, numeric: true },
				],
				rows,
			},
		],
	};
}

/** How many movements lie between the seeds and each movement, itself counted, by the shortest way; by position. A seed's own is 0. */
function hopsOf(result: TraceResult): ReadonlyMap<string, number> {
	const forward = goesForward(result);
	const seeded = new Set(result.seeds.flatMap(({ rows }) => rows.map(({ position }) => position)));
	const reached = new Map<string, number>();
	for (const { rows } of result.seeds) for (const { account } of rows) reached.set(account, 0);
	const hops = new Map<string, number>();
	const inTime = forward ? result.edges : [...result.edges].reverse();
	for (const { position, kind, from, to } of inTime) {
		if (kind === "fee") continue;
		const [near, far] = forward ? [from, to] : [to, from];
		if (seeded.has(position)) {
			hops.set(position, 0);
			continue;
		}
		const before = reached.get(near);
		if (before === undefined) continue;
		hops.set(position, before + 1);
		reached.set(far, Math.min(before + 1, reached.get(far) ?? Number.POSITIVE_INFINITY));
	}
	return hops;
}

/** What an account is called: a seed, or by the label of an end point there; empty where nobody named it. */
function namesOf(result: TraceResult): (account: string) => string {
	const namingOf = leafNamings(result);
	const names = new Map<string, string>();
	for (const { origin, rows } of result.seeds)
		for (const { account } of rows) names.set(account, `${wordsOf(result).seed.toLowerCase()} ${origin + 1}`);
	for (const leaf of result.leaves) {
		const naming = namingOf(leaf);
		if (naming !== undefined) names.set(leaf.account, plain(namesInWords(naming.label, naming.against)));
	}
	return (account) => names.get(account) ?? "";
}
