import { join } from "node:path";
import { type GraphStore, InputError, quote, traceResultSchema } from "@clew/core";
import { buildBundle, writeBundle } from "@clew/evidence";
import { Command } from "@commander-js/extra-typings";
import { CASE_OPTION, withCase } from "../case-file.js";
import type { Context } from "../context.js";

/** `clew export`: a stored trace as an evidence bundle. */
export function exportCommand(context: Context) {
	return new Command("export")
		.description("write an evidence bundle: a folder that anyone can check with clew verify")
		.option(...CASE_OPTION)
		.requiredOption("--trace <id>", "id that clew trace printed, or 'last'")
		.requiredOption("--out <folder>", "folder to make")
		.action((options) =>
			withCase(options, async (store) => {
				const result = await storedTrace(store, options.trace);
				const files = await buildBundle({ info: store.info, result, custody: await store.custody(), toolVersion: context.version });
				writeBundle(options.out, files);
				context.print(`${options.out}: ${files.size} files, ${result.edges.length} rows; open ${join(options.out, "report.html")}`);
			}),
		);
}

async function storedTrace(store: GraphStore, wanted: string) {
	const ids = await store.traceIds();
	const id = wanted === "last" ? ids[ids.length - 1] : wanted;
	const stored = id === undefined ? undefined : await store.trace(id);
	if (stored === undefined) {
		throw new InputError(`the case holds no trace ${quote(wanted)}`, {
			code: "USAGE",
			hint: ids.length === 0 ? "Run clew trace first." : `It holds ${ids.join(", ")}.`,
		});
	}
	return traceResultSchema.parse(JSON.parse(stored));
}
