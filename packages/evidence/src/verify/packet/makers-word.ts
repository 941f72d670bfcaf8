import { detailsInWords } from "../bundle/details.js";
import { tokensInWords, unknownChain } from "../trace/makers-word.js";
import { FIELDS, type Request } from "./formats.js";

/** What of requests nothing in them shows, in words. */
export function statedBy(all: readonly Request[]): string[] {
	const filled = FIELDS.filter((name) => all.some(({ fields }) => (fields[name] ?? "") !== ""));
	const reached = (["address", "channel"] as const).filter((name) => all.some(({ to }) => (to[name] ?? "") !== ""));
	const told = all.reduce((sum, { differences }) => sum + differences.length, 0);
	const resting = new Set(all.flatMap(({ restsOn = [] }) => restsOn)).size;
	return [
		...new Set(all.flatMap(({ details }) => detailsInWords(details))),
		...(filled.length > 0 ? [`what a person filled in (${filled.join(", ")})`] : []),
		...(reached.length > 0 ? [`where who is asked can be reached (${reached.join(", ")})`] : []),
		"the wording of its letter",
		"why money was not followed on from its end points",
		...(all.some(({ points, leads }) => [...points, ...leads].some(({ labels }) => labels.length > 0)) ? ["labels of end points"] : []),
		...(all.some(({ balances }) => balances.some(({ known }) => known === "node")) ? ["balances that a node told"] : []),
		...(resting > 0 ? [`on balances of how many accounts that nobody read its amounts rest (${resting})`] : []),
		...(told > 0 ? [`what a node told other than the trace (${told})`] : []),
		...(all.some(({ points, leads }) => [...points, ...leads].some(({ disputed }) => disputed === undefined))
			? ["that no label contradicts the names of who is asked, which earlier forms do not say"]
			: []),
		...[...new Set(all.map(({ chain }) => chain))].flatMap(unknownChain),
		...tokensInWords(Object.assign({}, ...all.map(({ assets }) => assets))),
	];
}
