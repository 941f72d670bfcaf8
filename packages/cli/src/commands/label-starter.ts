import { existsSync } from "node:fs";
import { starterLists } from "@clew/labels";
import { Command } from "@commander-js/extra-typings";
import type { Context } from "../context.js";
import { LABELS_OPTION, type LabelsOption, libraryPath, withLibrary } from "../label-library-file.js";
import { json } from "../output.js";

/** Takes the lists that ship with Clew into the library, which is made where there is none. Throws ClewError when the build lacks them. */
export function takeStarter(context: Context, options: LabelsOption) {
	return withLibrary(options, true, (library) => starterLists().map((list) => ({ ...list, ...library.put(list, context.now()) })));
}

/** Takes them where there is no library yet, and says so: who asks is answered from the first minute. */
export function starterWhereNone(context: Context, options: LabelsOption): void {
	const path = libraryPath(options);
	if (existsSync(path)) return;
	const lists = takeStarter(context, options);
	context.note(`labels: took the ${lists.length} lists that ship with Clew into ${path} (clew label starter)`);
}

/** `clew label starter`: takes the lists that ship with Clew into the library. */
export function labelStarterCommand(context: Context) {
	return new Command("starter")
		.description(
			"take the lists that ship with this version of Clew into the library: custodians, reserve wallets, TagPacks, explorer tags, OFAC; nothing is downloaded",
		)
		.option(...LABELS_OPTION)
		.option("--json", "as one JSON object", false)
		.action((options) => {
			const taken = takeStarter(context, options);
			if (options.json) {
				const lists = taken.map(({ id, labels: _, answers: __, ...rest }) => ({ list: id, ...rest }));
				return context.print(json({ schema: "clew.label-starter/1", library: libraryPath(options), lists }));
			}
			for (const { id, publisher, retrievedAt, rows, added, gone, notFollowed, unusable } of taken) {
				context.print(`${id}: ${rows} labels (${added} new, ${gone} no longer listed) from ${publisher}, ${retrievedAt || "of no date"}`);
				if (notFollowed + unusable > 0)
					context.print(`  left out: ${notFollowed} rows about chains that Clew does not follow, ${unusable} that cannot be used`);
			}
			context.print("these are copies: clew label sync takes newer ones");
		});
}
