import { firstBroken } from "@clew/core";
import { Command } from "@commander-js/extra-typings";
import { CASE_OPTION, withCase } from "../case-file.js";
import type { Context } from "../context.js";
import { defangLong, json } from "../output.js";
import { printTable } from "../table.js";

/** `clew custody`: who did what to the case when, and whether the chain of hashes holds. */
export function custodyCommand(context: Context, finding: () => void) {
	return new Command("custody")
		.description("the custody log of a case, with its hash chain checked")
		.option(...CASE_OPTION)
		.option("--json", "as one JSON object", false)
		.action((options) =>
			withCase(options, async (store) => {
				const entries = await store.custody();
				const broken = firstBroken(entries);
				if (broken !== undefined) finding();
				if (options.json) return context.print(json({ schema: "clew.custody/1", intact: broken === undefined, entries }));
				printTable(
					context,
					[{ title: "#", right: true }, { title: "when (UTC)" }, { title: "what" }, { title: "detail" }, { title: "hash", optional: true }],
					entries.map((e) => [e.sequence.toString(), e.at, defangLong(e.action), defangLong(e.detail), e.hash]),
				);
				context.print(
					broken === undefined
						? `${entries.length} entries, the chain of hashes holds`
						: `entry ${broken.sequence} does not hash to what it says`,
				);
			}),
		);
}
