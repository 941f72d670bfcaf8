import { InputError, quote } from "@clew/core";
import { ageOf, type Desk, deskBeside, deskOf, shippedDesks, wayTo } from "@clew/evidence";
import { Command } from "@commander-js/extra-typings";
import type { Context } from "../context.js";
import { json } from "../output.js";
import { ownRecipients, RECIPIENTS_OPTION } from "../own-recipients.js";
import { printTable } from "../table.js";

/** `clew desks`: how exchanges and issuers take requests of authorities, by their own pages. */
export function desksCommand(context: Context) {
	return new Command("desks")
		.description("how exchanges and issuers take requests of authorities, each with the page that says so and its date; nothing is fetched")
		.argument("[name]", "only this one, as labels call it: with what it asks for")
		.option(...RECIPIENTS_OPTION)
		.option("--json", "as one JSON object (schema clew.desks/1)", false)
		.action((name, options) => {
			const own = ownRecipients(options);
			const desks = (name === undefined ? shippedDesks() : [named(name)]).map((desk) => ({
				...desk,
				overridden: deskBeside(own, desk.entity) === undefined,
			}));
			if (options.json) return context.print(json({ schema: "clew.desks/1", desks }));
			if (name !== undefined) for (const desk of desks) context.print(inWords(desk).join("\n"));
			else printTable(context, COLUMNS, desks.map(inRow));
			context.note("these are copies of published pages: open the page, and verify the channel, before you use it; see docs/freeze.md");
		});
}

type Listed = Desk & { readonly overridden: boolean };

function named(name: string): Desk {
	const desk = deskOf(name);
	if (desk !== undefined) return desk;
	throw new InputError(`no desk of ${quote(name)} ships with Clew, which does not say that it has none`, {
		code: "USAGE",
		hint: "Take its channel from its own site into your registry of recipients (docs/freeze.md); clew desks lists those that ship.",
	});
}

const COLUMNS = [
	{ title: "entity" },
	{ title: "kind" },
	{ title: "how" },
	{ title: "of when" },
	{ title: "source", optional: "below" as const },
];

function inRow(desk: Listed): string[] {
	return [desk.entity, desk.kind, desk.overridden ? "as your registry says" : wayTo(desk), ageOf(desk), desk.source];
}

function inWords(desk: Listed): string[] {
	const { entity, aliases, kind, asks, languages, others, source, overridden } = desk;
	const seen = (items: readonly string[]) => (items.length === 0 ? "not seen on the page" : items.join("; "));
	return [
		`${[entity, ...aliases].join(", ")} (${kind})`,
		...(overridden ? ["  your registry of recipients names it: requests state what that says"] : []),
		`  how: ${wayTo(desk)}`,
		`  asks for: ${seen(asks)}`,
		`  languages: ${seen(languages)}`,
		`  private persons: ${others ?? "not seen on the page"}`,
		`  source: ${source}`,
		`  of when: ${ageOf(desk)}`,
	];
}
