import { type ReadLog, readLogs, refOf } from "@clew/agent";
import { defangLong, type GraphStore, InputError, traceOfParts } from "@clew/core";
import { Command } from "@commander-js/extra-typings";
import { CASE_OPTION, casePlace, withCase } from "../case-file.js";
import type { Context, Finding } from "../context.js";
import { json } from "../output.js";
import { printTable } from "../table.js";

/** `clew agent log`: what assistants asked, and whether the record holds. */
export function agentLogCommand(context: Context, finding: Finding) {
	return new Command("log")
		.description("what assistants asked of a case and what they were told, by hash; each log's chain is checked")
		.option(...CASE_OPTION)
		.option("--json", "as one JSON object (schema clew.agent-log/1)", false)
		.action((options) =>
			withCase(options, async (store) => {
				const logs = readLogs(casePlace(options));
				const anchors = await anchorsOf(store);
				const shown = logs.map((log) => ({ name: log.name, broken: faultOf(log, anchors.get(log.name)) ?? null, entries: log.entries }));
				const gone = [...anchors.keys()].filter((name) => !logs.some((log) => log.name === name));
				if (gone.length > 0 || shown.some(({ broken }) => broken !== null)) finding();
				if (options.json) return context.print(json({ schema: "clew.agent-log/1", logs: shown, gone }));
				for (const { name, broken, entries } of shown) {
					context.print(`${name}: ${broken === null ? `${entries.length} entries, the chain of hashes holds` : `BROKEN: ${broken}`}`);
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

const ANCHOR = /^log (\S+): (\d+) entries, the last ([0-9a-f]{64})$/;

/** What the case's own log says of logs beside it: how many entries there are, and the last one's hash. */
async function anchorsOf(store: GraphStore): Promise<ReadonlyMap<string, { readonly entries: number; readonly hash: string }>> {
	const anchors = new Map<string, { readonly entries: number; readonly hash: string }>();
	for (const { action, detail } of await store.custody()) {
		const [, name, entries, hash] = (action === "assistant served" && ANCHOR.exec(detail)) || [];
		if (name !== undefined && hash !== undefined) anchors.set(name, { entries: Number(entries), hash });
	}
	return anchors;
}

function faultOf(
	{ broken, entries }: ReadLog,
	anchor: { readonly entries: number; readonly hash: string } | undefined,
): string | undefined {
	if (broken !== undefined || anchor === undefined) return broken;
	if (entries[anchor.entries - 1]?.hash === anchor.hash) return undefined;
	return "the custody log names another last entry";
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
