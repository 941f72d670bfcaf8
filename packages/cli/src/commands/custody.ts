import { custodyLinks, defangLong, statementInWords } from "@clew/core";
import { Command } from "@commander-js/extra-typings";
import { CASE_OPTION, withCase } from "../case-file.js";
import type { Context } from "../context.js";
import { json } from "../output.js";
import { printTable } from "../table.js";

/** `clew custody`: who did what to the case when, and of each entry whether it holds. */
export function custodyCommand(context: Context, finding: () => void) {
	return new Command("custody")
		.description("the custody log of a case, with its hash chain checked link by link")
		.option(...CASE_OPTION)
		.option("--json", "as one JSON object", false)
		.action((options) =>
			withCase(options, async (store) => {
				const entries = await store.custody();
				const links = custodyLinks(entries);
				const broken = links.find(({ holds }) => !holds);
				if (broken !== undefined) finding();
				if (options.json) {
					const first = broken === undefined ? null : { sequence: broken.sequence, faults: broken.faults };
					return context.print(json({ schema: "clew.custody/1", intact: broken === undefined, firstBroken: first, entries, links }));
				}
				printTable(
					context,
					[
						{ title: "#", right: true },
						{ title: "when (UTC)" },
						{ title: "link" },
						{ title: "what" },
						{ title: "detail" },
						{ title: "stated", optional: "below" },
						{ title: "hash", optional: true },
					],
					entries.map((e, i) => [
						e.sequence.toString(),
						e.at,
						links[i]?.holds ? "holds" : context.colours.red("BROKEN"),
						...[e.action, e.detail, statementInWords(e) || "nothing"].map(defangLong),
						e.hash,
					]),
				);
				for (const { sequence, faults, warnings } of links) {
					for (const fault of faults) context.print(context.colours.red(`entry ${sequence}: ${fault}`));
					for (const warning of warnings) context.print(`entry ${sequence}: warning: ${warning}`);
				}
				context.print(
					broken === undefined
						? `${entries.length} entries, the chain of hashes holds`
						: `the first broken link is entry ${broken.sequence}: ${broken.faults.join("; ")}`,
				);
			}),
		);
}
