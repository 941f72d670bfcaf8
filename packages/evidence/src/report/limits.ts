import { BALANCES_COMPARED, type CustodyEntry, countOf, defangLong } from "@clew/core";
import { type Section, strong } from "../document/model.js";
import type { ReportInput } from "./shared.js";

/** What the report does not say, and what a check of it does, counted. */
export function limitSection({ result: { passages = [] }, known, custody }: ReportInput): Section {
	const leads = passages.filter(({ tier }) => tier === "lead").length;
	const proven = known.filter(({ tier }) => tier === "proven").length;
	return {
		heading: "What this report is not",
		blocks: [
			{
				kind: "list",
				items: [
					["It is no legal process and replaces none. It is no finding of guilt: an account is not a person."],
					["It is no promise of recovery, and asks for no fee."],
					[
						"Three tiers of claim are kept apart: ",
						strong("structural"),
						" (what the chain itself would show: the transfers, and the amounts that follow from them), ",
						strong("attribution"),
						" (a label, with source and confidence), ",
						strong("lead"),
						` (a suggestion; ${leads === 0 ? "none" : `${countOf(leads, "passage")} of that kind`} in this report).`,
					],
					[reconciledInWords(custody)],
					[
						`Check it: open verify.html of a Clew release in a browser, or run node verify.mjs on this folder. It checks every hash and sum, each row against trace.json, and the proofs of those rows that are proven: ${proven} of ${known.length}. ${proven === known.length ? "" : "The others are as their sources say, which it cannot check. "}Take the verifier from a source that you trust, not only from this folder.`,
					],
				],
			},
		],
	};
}

/** What the log of custody says of balances that were compared with a node's, the last time for each chain. */
function reconciledInWords(custody: readonly CustodyEntry[]): string {
	const entries = custody.filter(({ action }) => action === BALANCES_COMPARED);
	const last = new Map(entries.map((entry) => [entry.detail.split(":")[0], entry]));
	if (last.size === 0)
		return "No balance that this case derives was compared with a node's for this report (clew status --audit does that): that nothing is missing rests on the sources alone.";
	const told = [...last.values()].map(({ sequence, at, detail }) => `${defangLong(detail)} (custody entry ${sequence}, ${at})`);
	return `Balances that this case derives, compared with a node's: ${told.join("; ")}.`;
}
