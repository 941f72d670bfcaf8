import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileSource, readerOf, tellingWords } from "@clew/chains";
import { type ChainId, defang, type GraphStore, InputError, quote } from "@clew/core";
import { type BundleDraft, bundleName, type Redaction } from "@clew/evidence";
import type { Context } from "./context.js";
import { listFiles } from "./files.js";

/**
 * Copies the imported files, equal ones under each name of theirs, which may tell whose they are; with a redaction not those that hold a
 * name (how many, is said), and under names that tell no more than an import needs.
 */
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
	const chain = store.info.chain;
	const wanted = new Map(told.filter(({ kind }) => kind === "file").map((source) => [source.sha256, source]));
	const imported = new Set(wanted.keys());
	const copied = new Set<string>();
	for (const path of paths.flatMap((one) => listFiles(one, true).map((file) => file.path))) {
		const { sha256 } = await fileSource(path, "");
		const target = `inputs/${sha256.slice(0, 16)}/${inputName(path, chain, redaction)}`;
		wanted.delete(sha256);
		if (!imported.has(sha256) || copied.has(target)) continue;
		copied.add(target);
		if (redaction?.holds(readFileSync(path)) === true) {
			leftOut++;
			context.note(`left out: ${defang(basename(path))}, which holds the name of a victim or cannot be looked into`);
			continue;
		}
		await draft.copy(target, path, sha256);
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

/**
 * A file's name in the bundle, with what its folder's tells. A redacted bundle keeps its ending and what tells an import how to read
 * it.
 */
function inputName(path: string, chain: ChainId, redaction: Redaction | undefined): string {
	const name = bundleName(basename(path));
	const formats = readerOf(chain).rowImports.flatMap((kind) =>
		kind.formats(
			() => undefined,
			() => undefined,
		),
	);
	const words = tellingWords(path, formats, chain);
	if (redaction === undefined) return [...words.filter((word) => !name.toLowerCase().includes(word)), name].join("-");
	const ending = /(\.[a-z]{2,5}){0,2}$/i.exec(redaction.note(name))?.[0] ?? "";
	return `${words.filter((word) => redaction.note(word) === word).join("-") || "input"}${ending}`;
}
