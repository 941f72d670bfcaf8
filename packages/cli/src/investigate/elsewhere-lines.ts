import { chainName, countOf, defang } from "@clew/core";
import { PLACE_GROUPS, type Place, type PlaceGroup } from "@clew/workers";
import { showAccount } from "../output.js";
import type { Elsewhere } from "./elsewhere.js";
import { fitted } from "./fitted.js";
import { sumWords } from "./screen-amounts.js";

/** How other chains are shown: so many at most, each in a line a group or, where it is short, in one paragraph. */
export interface Beside {
	readonly most: number;
	readonly short: boolean;
}
/** Assets of which a line says the sum. */
const SUMS = 3;
const TITLES: Readonly<Record<PlaceGroup, string>> = {
	freeze: "FREEZE NOW",
	records: "ASK FOR RECORDS",
	held: "STILL THERE",
	unread: "NOT YET FETCHED",
	gone: "BURNED",
};

/**
 * What is known on other chains of the case, chain by chain: sums of each asset in each group, never over chains, since the same money may
 * have come over.
 */
export function elsewhereLines(others: readonly Elsewhere[], place: string, { most, short }: Beside): string[] {
	const shown = others.slice(0, most);
	const left = others.length - shown.length;
	return [
		...shown.flatMap((one) => chainLines(one, place, short)),
		...(left > 0 ? [`ALSO ON ${countOf(left, "other chain")} of the case, with --json`] : []),
	];
}

function chainLines(one: Elsewhere, place: string, short: boolean): string[] {
	const { chain, answer, asked, papers } = one;
	const title = `ALSO ON ${(chainName(chain) ?? chain).toUpperCase()}: ${asked}; data up to block ${one.result.coverage.cutoff}`;
	const groups = PLACE_GROUPS.filter((group) => answer.groups[group].length > 0).map((group) => groupWords(one, group, short));
	const taken = `TAKEN ${sums(one, answer.taken) || "nothing is known to have moved that is counted as money"}`;
	const open = answer.complete
		? []
		: [`not closed: clew investigate ${defang(answer.seeds[0] ?? "SEED")} --chain ${chain} --case ${place}`];
	if (short) return fitted(`${title}. ${[taken, ...groups, ...open].join("; ")}`);
	const report = papers.report === undefined ? [] : [`OPEN ${papers.report}`];
	return [...fitted(title), ...[taken, ...groups, ...open, ...report].flatMap((line) => fitted(line, "  ", "    "))];
}

/** The sums of a group, and of what can be frozen the first place and who can stop it. */
function groupWords(one: Elsewhere, group: PlaceGroup, short: boolean): string {
	const places = one.answer.groups[group];
	const [first] = places;
	const where =
		first === undefined || short
			? ""
			: `: ${first.whose === "" ? showAccount(first.accounts[0] as never) : defang(first.whose)}${places.length > 1 ? ` and ${places.length - 1} more` : ""}`;
	const stop = group === "freeze" && first?.stop !== undefined ? `, ${defang(first.stop.entity)} can stop it` : "";
	return `${TITLES[group]} ${sums(one, one.answer.sums[group], places)}${where}${stop}`;
}

function sums(one: Elsewhere, all: Elsewhere["answer"]["taken"], places: readonly Place[] = []): string {
	const words = all.slice(0, SUMS).map((sum) => sumWords(one, sum, places));
	return `${words.join(", ")}${all.length > SUMS ? ` and ${all.length - SUMS} other assets` : ""}`;
}
