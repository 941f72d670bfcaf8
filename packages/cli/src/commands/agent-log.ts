import { ENDED, refOf } from "@clew/agent";
import { defangLong, type GraphStore, InputError, traceOfParts } from "@clew/core";
import { Command } from "@commander-js/extra-typings";
import { heldLogs } from "../agent-anchors.js";
import { CASE_OPTION, casePlace, withCase } from "../case-file.js";
import type { Context, Finding } from "../context.js";
import { json } from "../output.js";
import { printTable } from "../table.js";

const OPEN = "; it has no end (it is written still, or its server was killed), so that its last entries may be missing";

/** `clew agent log`: what assistants asked, and whether the record holds. */
export function agentLogCommand(context: Context, finding: Finding) {
	return new Command("log")
		.description("what assistants asked of a case and what they were told, by hash; each log's chain is checked")
		.option(...CASE_OPTION)
		.option("--json", "as one JSON object (schema clew.agent-log/1)", false)
		.action((options) =>
			withCase(options, async (store) => {
				const { logs, gone } = await heldLogs(store, casePlace(options));
				const shown = logs.map(({ name, broken = null, entries }) => ({ name, broken, entries }));
				if (gone.length > 0 || shown.some(({ broken }) => broken !== null)) finding();
				if (options.json) return context.print(json({ schema: "clew.agent-log/1", logs: shown, gone }));
				for (const { name, broken, entries } of shown) {
					const open = entries.at(-1)?.action === ENDED ? "" : OPEN;
					context.print(
						`${name}: ${broken === null ? `${entries.length} entries, the chain of hashes holds${open}` : `BROKEN: ${broken}`}`,
					);
					printTable(
						context,
						[{ title: "#", right: true }, { title: "when (UTC)" }, { title: "what" }, { title: "by", optional: true }, { title: "detail" }],
						entries.map(({ sequence, at, action, by = "", detail }) => [String(sequence), at, ...[action, by, detail].map(defangLong)]),
					);
				}
				for (const name of gone) context.print(`${defangLong(name)}: GONE, and the custody log says that it was written`);
				if (shown.length + gone.length === 0) context.print("nothing was served of this case");
			}),
		);
}

/** `clew agent text`: the text behind a reference, for a person. */
export function agentTextCommand(context: Context) {
	return new Command("text")
		.description("the text behind a reference that an assistant was given in its place")
		.argument("<reference>", "such as s0123456789ab")
		.option(...CASE_OPTION)
		.action((reference, options) =>
			withCase(options, async (store) => {
				for await (const text of textsOf(store)) if (refOf(text) === reference) return context.print(defangLong(text));
				throw new InputError("no text of the case has that reference", {
					hint: "It may be of another case, or a victim's label, of which no text is served.",
				});
			}),
		);
}

/** What somebody outside wrote, wherever a case keeps it. */
async function* textsOf(store: GraphStore): AsyncGenerator<string> {
	yield store.info.title;
	for (const { entity, name, source } of (await store.contents()).labels) yield* [entity, name, source];
	for (const { symbol } of await store.assets()) yield symbol;
	for (const { name, detail } of await store.sources()) yield* [name, detail];
	for (const chain of await store.chains()) for (const { source, note } of await store.coverage(chain)) yield* [source, note];
	for (const id of await store.traceIds()) for (const { text } of traceOfParts((await store.trace(id)) ?? []).coverage.gaps) yield text;
}
