import { ClewError, defangLong, InputError, quote } from "@clew/core";
import { LIST_URLS, type ListKind } from "@clew/labels";
import { Argument, Command } from "@commander-js/extra-typings";
import { collect } from "../arguments.js";
import type { Context, Finding } from "../context.js";
import { LABELS_OPTION, type LabelsOption, withLibrary } from "../label-library-file.js";
import { json } from "../output.js";
import { fromNetwork } from "./label-library.js";

const KINDS = Object.keys(LIST_URLS) as ListKind[];
const ISO_DATE = 10;

/** `clew label update`: the newest of the lists whose places are known. */
export function labelUpdateCommand(context: Context, finding: Finding) {
	return new Command("update")
		.description(
			"fetch the newest lists from their publishers into the library: OFAC, Scam Sniffer, MetaMask, explorer labels; only when asked",
		)
		.addArgument(new Argument("[kinds...]", "which lists (default: all whose place is known)").choices(KINDS))
		.requiredOption("--download", "say so: without it nothing leaves this machine")
		.option("--from <kind=url>", "another place of a list, such as a mirror; may be repeated", collect, [])
		.option(...LABELS_OPTION)
		.option("--json", "as one JSON object", false)
		.action(async (kinds, options) => {
			const places = new Map(options.from.map(placeOf));
			const lists: Updated[] = [];
			const failed: { readonly kind: ListKind; readonly why: string }[] = [];
			for (const kind of kinds.length === 0 ? KINDS : kinds) {
				try {
					const done = await update(context, kind, places.get(kind), options);
					lists.push(done);
					if (!options.json)
						context.print(`${done.list}: ${done.rows} labels (${done.added} new, ${done.gone} no longer listed), of ${done.retrievedAt}`);
				} catch (error) {
					// One that is away keeps no other from being newer.
					if (!(error instanceof ClewError) || error.code === "INTERRUPTED") throw error;
					failed.push({ kind, why: error.message });
					if (!options.json) context.note(`${kind}: not updated: ${defangLong(error.message)}`);
				}
			}
			if (options.json) context.print(json({ schema: "clew.label-update/1", lists, failed }));
			if (failed.length > 0) finding("not-checked");
		});
}

interface Updated {
	readonly kind: ListKind;
	readonly list: string;
	readonly retrievedAt: string;
	readonly sha256: string;
	readonly rows: number;
	readonly added: number;
	readonly gone: number;
}

async function update(context: Context, kind: ListKind, url: string | undefined, options: LabelsOption): Promise<Updated> {
	const read = await fromNetwork(context, kind, url ?? true, {});
	// A list that gives no date is as its publisher had it today.
	const retrievedAt = read.retrievedAt || context.now().slice(0, ISO_DATE);
	const { rows, added, gone } = withLibrary(options, true, (library) => library.put({ ...read, retrievedAt }, context.now()));
	return { kind, list: read.id, retrievedAt, sha256: read.file.sha256, rows, added, gone };
}

function placeOf(text: string): readonly [ListKind, string] {
	const [, name = "", url = ""] = /^([^=]+)=(.+)$/.exec(text) ?? [];
	const kind = KINDS.find((one) => one === name);
	if (kind === undefined || url === "")
		throw new InputError(`${quote(text)} is not KIND=URL`, { code: "USAGE", hint: `Kinds are ${KINDS.join(", ")}.` });
	return [kind, url];
}
