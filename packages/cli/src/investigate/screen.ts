import { type AccountId, addressOf, type ChainId, chainName, countOf, defang, defangLong, familyOf, type TraceResult } from "@clew/core";
import { type Answer, type OpenKind, PLACE_GROUPS, type Place, type PlaceGroup } from "@clew/workers";
import { showAccount } from "../output.js";
import { closings, unreadPlaces } from "./closings.js";
import type { Elsewhere } from "./elsewhere.js";
import { type Beside, elsewhereLines } from "./elsewhere-lines.js";
import { fitted, WIDTH } from "./fitted.js";
import { openingWords, rangeWords, shortAmount, sumWords } from "./screen-amounts.js";
import { inBrackets, type Worth } from "./worth.js";

/** What was written beside the case. */
export interface Papers {
	/** The file to open first; undefined where none could be written, and `why` says why. */
	readonly report: string | undefined;
	readonly picture: string | undefined;
	readonly packets: readonly { readonly folder: string; readonly entity: string }[];
	readonly why: readonly string[];
}

/** What a screen says besides the answer. */
export interface ScreenFacts {
	readonly answer: Answer;
	readonly result: Pick<TraceResult, "assets" | "coverage">;
	/** The seeds as they were named. */
	readonly about: readonly string[];
	/** What was asked, in words. */
	readonly asked: string;
	/** How the seed was found, where nobody named it; in words. */
	readonly chosen: string | undefined;
	/** What of a victim's own wallet there is to say; in words. */
	readonly wallet: readonly string[];
	/** What was not looked at, in words. */
	readonly notLooked: readonly string[];
	readonly casePlace: string;
	readonly papers: Papers;
	/** What it was worth in its blocks; absent where no value was asked for. */
	readonly worth?: Worth | undefined;
	/** What is known on other chains of the case; absent where it holds none that was traced. */
	readonly others?: readonly Elsewhere[];
}

/** A line of a group, with the lines that belong below it. */
type Row = readonly string[];

const ADDRESS = 44;
const AMOUNT = 24;
/** Lines that a screen has. */
const LINES = 40;
/** Assets of which a title says the sum. */
const SUMS = 4;
/** How other chains are shown, from where there is room for all to where there is none. */
const BESIDE: readonly Beside[] = [
	{ most: 6, short: false },
	{ most: 6, short: true },
	{ most: 3, short: true },
	{ most: 1, short: true },
];
/** Rows of a group that are shown where there is room, and at least. */
const ROWS = { most: 8, least: 1 };

/**
 * One screen: what was taken, where it is by what can be done, what to do in the next hour, what is not known; at most {@link LINES} lines
 * of {@link WIDTH} columns where groups can be shortened to that, amounts cut to few decimals and marked so.
 */
export function screenLines(facts: ScreenFacts): string[] {
	let lines: string[] = [];
	for (const beside of BESIDE)
		for (let rows = ROWS.most; rows >= ROWS.least; rows--) {
			lines = screen(facts, rows, beside);
			if (lines.length <= LINES) return lines;
		}
	return lines;
}

function screen(facts: ScreenFacts, rows: number, beside: Beside): string[] {
	const { answer, asked, chosen, wallet, casePlace, papers } = facts;
	const chain = chainName(answer.chain as ChainId) ?? answer.chain;
	const [seed = "", ...others] = facts.about.map((spec) => spec.slice(spec.indexOf(":") + 1));
	const title = `${shownSeed(answer.chain as ChainId, seed)}${others.length > 0 ? ` and ${countOf(others.length, "other seed")}` : ""} on ${chain}`;
	return [
		...fitted(title),
		...fitted(`${asked}; data up to block ${facts.result.coverage.cutoff}`),
		...(chosen === undefined ? [] : fitted(chosen)),
		...wallet.flatMap((text) => fitted(text)),
		...takenLines(facts),
		...groupLines(facts, "freeze", "FREEZE NOW", rows, freezeRow),
		...groupLines(facts, "records", "ASK FOR RECORDS", rows, recordsRow),
		...groupLines(facts, "held", "STILL THERE", rows, heldRow),
		...unreadLines(facts, rows),
		...closings(answer, casePlace).flatMap((text) => fitted(text, "  to close: ", "    ")),
		...groupLines(facts, "gone", "BURNED", rows, heldRow),
		...elsewhereLines(facts.others ?? [], casePlace, beside),
		"NEXT HOUR",
		...hour(facts, beside).flatMap((step, i) => fitted(step, `  ${i + 1}. `, "     ")),
		...fitted(notKnown(facts).join("; ") || "nothing that was asked stayed open", "NOT KNOWN ", "  "),
		...fitted(papers.report === undefined ? "no report was written" : papers.report, "OPEN ", "  "),
	];
}

const shownSeed = (chain: ChainId, seed: string) => {
	try {
		return showAccount(`${chain}:${familyOf(chain).normalizeAddress(seed, chain)}`);
	} catch {
		return seed;
	}
};

/** An address, an amount and an amount, in columns; the second amount only where it differs. What has no room stands below, never cut. */
function columns(facts: ScreenFacts, left: string, sum: Place): Row {
	const opening = openingWords([sum]);
	if (opening !== "") {
		const line = `  ${left.padEnd(ADDRESS)}${"not known".padStart(AMOUNT)}`;
		return [line, ...fitted(`${rangeWords(facts, sum)} ${opening}`, "    ", "    ")];
	}
	const { asset, agreed, most } = sum;
	const show = (units: bigint) => shortAmount(facts, asset, units);
	const line = `  ${left.padEnd(ADDRESS)}${show(agreed).padStart(AMOUNT)}${agreed === most ? "" : `  ${show(most)}`.padStart(AMOUNT + 2)}`;
	const isRoom = line.length <= WIDTH && left.length < ADDRESS;
	return isRoom ? [line] : [...fitted(left, "  ", "    "), ...fitted(rangeWords(facts, sum), "    ", "    ")];
}

const VALUED = "in brackets: worth in its blocks, of an end point in that in which money last came to it, by prices that the case holds";

function takenLines(facts: ScreenFacts): string[] {
	const { taken, others, complete } = facts.answer;
	const more = others === undefined ? [] : fitted(others, "  ", "    ");
	const nothing = complete
		? "nothing moved that is counted as money"
		: facts.answer.unlooked.length > 0
			? "not known: what came to the seed was not all looked at (NOT YET FETCHED)"
			: "nothing is known to have moved that is counted as money";
	if (taken.length === 0) return [`TAKEN ${nothing}`, ...more];
	const sums = taken.map((sum) => [rangeWords(facts, sum), inBrackets(facts.worth?.taken.get(sum), sum)].join(" ").trim()).join(", ");
	const how = facts.worth === undefined ? [] : fitted(VALUED, "  ", "    ");
	const placed = PLACE_GROUPS.some((group) => facts.answer.groups[group].length > 0);
	const head = `${" ".repeat(ADDRESS + 2)}${"agreed".padStart(AMOUNT)}${"at most, if more".padStart(AMOUNT + 2)}`;
	return [...fitted(sums, "TAKEN ", "  "), ...how, ...more, ...severalLines(facts.answer), ...(placed ? [head] : [])];
}

/** Why several seeds may be agreed on less than one of them alone, where the rules differ at all. */
function severalLines({ seeds, taken, sums, chain }: Answer): string[] {
	const differ = [...taken, ...PLACE_GROUPS.flatMap((group) => sums[group])].some(({ agreed, most }) => agreed < most);
	if (seeds.length < 2 || !differ || !familyOf(chain as ChainId).rules.includes("libr")) return [];
	const why =
		"over several seeds: libr reckons each claimant alone and its claims are never summed, so that agreed may be less than of one seed by itself (docs/tracing-rules.md)";
	return fitted(why, "  ", "    ");
}

function groupLines(
	facts: ScreenFacts,
	group: PlaceGroup,
	title: string,
	most: number,
	row: (facts: ScreenFacts, place: Place) => Row,
): string[] {
	const places = facts.answer.groups[group];
	if (places.length === 0)
		return group === "freeze" ? [`${title}: nothing that every rule agrees on is known to lie where somebody can stop it`] : [];
	const shown = places.length === most + 1 ? places : places.slice(0, most);
	const left = places.length - shown.length;
	const all = facts.answer.sums[group].map((sum) => sumWords(facts, sum, places));
	const sums = `${all.slice(0, SUMS).join(", ")}${all.length > SUMS ? ` and ${all.length - SUMS} other assets` : ""}`;
	return [
		...fitted(`${sums}${places.length > 1 ? ", all together" : ""}`, `${title} `, "  "),
		...shown.flatMap((place) => [...row(facts, place), ...worthLines(facts, place)]),
		...(left > 0 ? [`  ... and ${left} more, in the report and with --json`] : []),
	];
}

function worthLines({ worth }: ScreenFacts, place: Place): string[] {
	const words = inBrackets(worth?.places.get(place), place);
	return words === "" ? [] : fitted(words, "    ", "    ");
}

/** What was not looked at of seeds, then where nobody looked what became of the money. */
function unreadLines(facts: ScreenFacts, rows: number): string[] {
	const { unlooked } = facts.answer;
	const shown = unlooked.slice(0, rows).flatMap(({ account, kinds, from, to, holds }) => {
		const held = holds === undefined ? "" : `; it holds ${shortAmount(facts, holds.asset, holds.amount)} at block ${holds.height}`;
		const what = kinds.map((kind) => KIND_WORDS[kind]).join(" and ");
		return fitted(`${showAccount(account)}: ${what} at blocks ${from} to ${to} were not looked at${held}`, "  ", "    ");
	});
	const left = unlooked.length > rows ? [`  ... and ${unlooked.length - rows} more, with --json`] : [];
	const places = groupLines(facts, "unread", "NOT YET FETCHED", rows, unreadRow);
	return unlooked.length === 0 ? places : [places[0] ?? "NOT YET FETCHED", ...shown, ...left, ...places.slice(1)];
}

const KIND_WORDS = { native: "payments of its coins", internal: "its internal calls", token: "its token transfers" } as const;

function freezeRow(facts: ScreenFacts, place: Place): Row {
	const { stop, frozen, unread, atHead } = place;
	const by = stop?.by === undefined ? "" : ` by ${stop.by}`;
	const who = stop?.kind === "issuer" ? `its issuer ${defang(stop.entity)} can freeze it${by}` : `held by ${defang(stop?.entity ?? "")}`;
	const channel =
		stop === undefined || stop.channel === ""
			? "how to reach it: not in your registry, nor among clew desks (docs/freeze.md)"
			: `by ${defang(stop.channel)}`;
	const now =
		frozen === undefined ? "" : frozen === "yes" ? "; FROZEN already" : frozen === "no" ? "; not frozen yet" : "; frozen or not: not known";
	const left =
		unread === undefined
			? ""
			: `; ${atHead === "differs" ? "at most so much is there by the node, and " : ""}what it paid since was not read`;
	const unasked = stop?.kind === "issuer" && atHead === "not asked" ? "; no node was asked whether it is still there" : "";
	return [
		...columns(facts, `${nameOf(place)}${stop?.kind === "issuer" ? starOf(place) : ""}`, place),
		...fitted(`${who}; ${channel}${now}${left}${unasked}`, "    ", "    "),
	];
}

function recordsRow(facts: ScreenFacts, place: Place): Row {
	const { whose, reason, given } = place;
	if (given !== undefined) {
		const got = given.got.map(({ account, asset, amount }) => `${showAccount(account)} got ${shortAmount(facts, asset, amount)} there`);
		const others = got.length === 0 ? "nobody else is known to have got anything there" : `${got.join(", ")}: part of it may be there`;
		const how = `${reason}: ${showAccount(given.by)} paid it there in ${given.txHash}; ${others}`;
		return [...columns(facts, nameOf(place), place), ...fitted(how, "    ", "    ")];
	}
	if (whose !== "") return columns(facts, `${reason} ${defang(whose)}`, place);
	return [...columns(facts, nameOf(place), place), `    ${reason}: by behaviour, or what is published of it; no label names it`];
}

/** Marks an end point of which the node says other than the trace. */
const starOf = ({ atHead }: Place) => (atHead === "differs" ? " *" : "");

function heldRow(facts: ScreenFacts, place: Place): Row {
	return columns(facts, `${nameOf(place)}${starOf(place)}`, place);
}

function unreadRow(facts: ScreenFacts, place: Place): Row {
	const { stop, atHead } = place;
	const issuer =
		stop?.kind === "issuer" && atHead !== "differs" ? `if it is still there, its issuer ${defang(stop.entity)} can freeze it` : "";
	return [...heldRow(facts, place), ...(issuer === "" ? [] : fitted(issuer, "    ", "    "))];
}

/** The address in full, of several the first and how many. */
function nameOf({ accounts }: Place): string {
	const [first, ...others] = accounts.map((account: AccountId) => showAccount(account));
	return others.length === 0 ? (first ?? "") : `${first} +${others.length}`;
}

/** True where nothing is open on any chain of the case that was traced. */
export function isComplete({ answer, others = [] }: Pick<ScreenFacts, "answer" | "others">): boolean {
	return answer.complete && others.every((one) => one.answer.complete);
}

/** What to do in the next hour, most urgent first. */
function hour({ answer, papers, casePlace, others = [] }: ScreenFacts, { most }: Beside): string[] {
	const { groups } = answer;
	const complete = isComplete({ answer, others });
	const elsewhere = others.slice(0, most).flatMap((one) => {
		const stops = one.answer.groups.freeze.filter(({ frozen }) => frozen !== "yes").map(({ stop }) => defang(stop?.entity ?? ""));
		const [packet] = one.papers.packets;
		const on = chainName(one.chain) ?? one.chain;
		return stops.length === 0
			? []
			: [`on ${on} ask ${[...new Set(stops)].join(", ")} to freeze${packet === undefined ? "" : `, with ${packet.folder}`}`];
	});
	const frozen = groups.freeze.filter(({ frozen }) => frozen !== "yes");
	const folders = papers.packets.map(({ folder }) => folder);
	const packets =
		folders.length === 0 ? "" : `, with ${folders[0]}${folders.length > 1 ? ` and ${folders.length - 1} more beside it` : ""}`;
	const [moving] = [...groups.held, ...groups.unread].flatMap(({ accounts }) => accounts);
	return [
		...(frozen.length === 0
			? []
			: [`ask ${[...new Set(frozen.map(({ stop }) => defang(stop?.entity ?? "")))].join(", ")} to freeze${packets}`]),
		...elsewhere,
		"report it to the police, and give them the report",
		...(moving === undefined ? [] : [`watch what may move: clew watch add ${addressOf(moving)} --on any-outflow --case ${casePlace}`]),
		...(complete ? [] : ["close what is open, and call this again: it goes on"]),
		"pay nobody who promises to get it back",
	];
}

const GAP_WORDS: Readonly<Record<OpenKind["kind"], string>> = {
	"unfetched-account": "history of an account not fetched",
	"missing-kind": "kind of movement not fetched, such as internal transfers",
	"unknown-funds": "money of unknown origin",
	"missing-inflow": "account paid more than it is known to have got",
	"unread-outflow": "account paid while its history was not read",
	"unread-inflow": "payer whose history was not read whole",
	"order-unknown": "order within a block unknown",
	"open-passage": "passage from another chain open",
	"unfollowed-passage": "bridge or pool not followed",
	"label-validity": "label of another time",
	"opening-balance-unknown": "opening balance unknown",
	"block-data": "data of a block missing",
	"behaviour-only": "service by behaviour alone",
	"source-note": "remark on a source",
	"balance-differs": "balance at the node other than here",
	"code-differs": "code at an account taken for a plain one",
	"later-spend": "output spent later",
	"not-compared": "end point not compared with the node",
};

const accountsOf = (places: readonly Place[]): number => new Set(places.flatMap(({ accounts }) => accounts)).size;

function notKnown({ answer, notLooked, worth }: ScreenFacts): string[] {
	const { freeze, held, unread: open } = answer.groups;
	const issued = freeze.filter(({ stop }) => stop?.kind === "issuer");
	const differs = accountsOf([...issued, ...held, ...open].filter(({ atHead }) => atHead === "differs"));
	const unread = accountsOf(unreadPlaces(answer));
	const openings = new Set(PLACE_GROUPS.flatMap((group) => answer.groups[group].flatMap(({ restsOn = [] }) => restsOn))).size;
	const unasked = [...issued, ...held].filter(({ atHead }) => atHead === "not asked").length;
	return [
		...(answer.unlooked.length === 0 ? [] : ["what came to the seed by what was not looked at"]),
		...(unread === 0 ? [] : [`what ${countOf(unread, "account")} above did with it`]),
		...(openings === 0 ? [] : [`what ${countOf(openings, "account")} held before, and so what they kept and paid of the money`]),
		...(unasked === 0 ? [] : [`whether ${countOf(unasked, "end point")} still ${unasked === 1 ? "holds" : "hold"} it now`]),
		...notLooked.map((text) => defangLong(text)),
		...(differs === 0 ? [] : [`at ${countOf(differs, "end point")} the node says other than the trace (*)`]),
		...(answer.remarks.length === 0 ? [] : ["what blocks pay (rewards, withdrawals of stakes)"]),
		...(worth?.unpriced ?? []),
		...answer.open.map(({ kind, gaps }) => `${gaps} x ${GAP_WORDS[kind]}`),
	];
}
