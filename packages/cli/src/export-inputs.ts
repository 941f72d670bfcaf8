import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileSource } from "@clew/chains";
import { defang, type GraphStore, InputError, quote } from "@clew/core";
import { type BundleDraft, bundleName, type Redaction } from "@clew/evidence";
import type { Context } from "./context.js";
import { listFiles } from "./files.js";

/** Copies the imported files; with a redaction not those that hold a name (how many, is said), and under names that say nothing. */
export async function addInputs(
	context: Context,
	store: GraphStore,
	draft: BundleDraft,
	paths: readonly string[],
	redaction: Redaction | undefined,
): Promise<number> {
	if (paths.length === 0) return 0;
	let leftOut = 0;
	const sources = await store.sources();
	const told = redaction?.sources(sources) ?? sources;
	const wanted = new Map(told.filter(({ kind }) => kind === "file").map((source) => [source.sha256, source]));
	for (const path of paths.flatMap((one) => listFiles(one, true).map((file) => file.path))) {
		const { sha256 } = await fileSource(path, "");
		if (!wanted.delete(sha256)) continue;
		if (redaction?.holds(readFileSync(path)) === true) {
			leftOut++;
			context.note(`left out: ${defang(basename(path))}, which holds the name of a victim or cannot be looked into`);
			continue;
		}
		await draft.copy(`inputs/${sha256.slice(0, 16)}/${inputName(path, redaction)}`, path, sha256);
	}
	const [missing] = wanted.values();
	if (missing !== undefined)
		throw new InputError(
			`${wanted.size} imported files are not among --inputs, for example ${quote(missing.name)} (SHA-256 ${missing.sha256})`,
			{
				code: "USAGE",
				hint: "Name every file or folder that was imported, unchanged; or leave --inputs out, and nobody can run the trace again from the bundle alone.",
			},
		);
	return leftOut;
}

/** A file's name in the bundle. A redacted bundle keeps only its ending, by which it is read. */
function inputName(path: string, redaction: Redaction | undefined): string {
	const name = bundleName(basename(path));
	return redaction === undefined ? name : `input${/(\.[a-z]{2,5}){0,2}$/i.exec(redaction.note(name))?.[0] ?? ""}`;
}
