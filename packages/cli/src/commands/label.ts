import { defang, LABEL_CATEGORIES } from "@clew/core";
import { readCaseLabels } from "@clew/labels";
import { Command, Option } from "@commander-js/extra-typings";
import { confidence, isoDate } from "../arguments.js";
import { CASE_OPTION, CHAIN_OPTION, withChain } from "../case-file.js";
import type { Context, Finding } from "../context.js";
import { BY_OPTION, WHY_OPTION } from "../custody-statement.js";
import { noteRows, STRICT_OPTION } from "../list-rows.js";
import { labelConflictsCommand, labelDiffCommand, labelListsCommand, labelSyncCommand, labelUseCommand } from "./label-library.js";
import { labelShowCommand } from "./label-show.js";
import { labelStarterCommand } from "./label-starter.js";
import { labelUpdateCommand } from "./label-update.js";

/** `clew label`: what people say about accounts, in a case (import) or in the library of lists (the rest). */
export function labelCommand(context: Context, finding: Finding) {
	const command = new Command("label").description("say who accounts belong to, with source and confidence");
	command
		.command("import")
		.description(
			"import labels from CSV: columns address, entity and optionally name, category, confidence, source, retrieved_at, valid_from, valid_until",
		)
		.argument("<file>", "CSV file")
		.requiredOption("--source <text>", "who says so")
		.requiredOption(
			"--confidence <n>",
			"0 to 100 on GraphSense's scale, for rows that do not say: 100 ownership, 90 manual transaction, 70 service API, 60 authority, 50 forensic, 20 web crawl, 5 unknown",
			confidence,
		)
		.addOption(new Option("--category <name>", "category of rows that do not say").choices(LABEL_CATEGORIES).default("exchange" as const))
		.option("--retrieved-at <date>", "ISO date on which the source was read", isoDate, "")
		.option(...CASE_OPTION)
		.option(...CHAIN_OPTION)
		.option(...BY_OPTION)
		.option(...WHY_OPTION)
		.option(...STRICT_OPTION, false)
		.action((file, options) =>
			withChain(options, async (store) => {
				const { labels, source, ...others } = await readCaseLabels(store, file, options, options);
				const { held, replaced } = await store.atomically(async (tx) => {
					await tx.putSource(source);
					const put = await tx.putLabels(labels);
					await tx.appendCustody(
						context.now(),
						"labels imported",
						`${labels.length} labels, ${options.source}, sha256 ${source.sha256}${others.unusable.length > 0 ? `, ${others.unusable.length} rows not usable` : ""}`,
					);
					return put;
				});
				const categories = [...new Set(labels.map((label) => label.category))].sort();
				context.print(`${labels.length} labels (${categories.join(", ")}) from ${defang(options.source)}`);
				const earlier = replaced > 0 ? `, in the place of ${replaced} that said it otherwise before` : "";
				context.print(`the case holds ${held} of them${held < labels.length ? " (equal ones are one)" : ""}${earlier}`);
				noteRows(context, others);
			}),
		);
	for (const make of [
		labelStarterCommand,
		labelSyncCommand,
		labelUseCommand,
		labelShowCommand,
		labelConflictsCommand,
		labelDiffCommand,
		labelListsCommand,
	])
		command.addCommand(make(context) as unknown as Command);
	command.addCommand(labelUpdateCommand(context, finding) as unknown as Command);
	return command;
}
