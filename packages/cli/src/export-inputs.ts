import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileSource, readerOf, tellingWords } from "@clew/chains";
import { type ChainId, defang, type GraphStore, InputError, quote } from "@clew/core";
import { type BundleDraft, bundleName, type Redaction } from "@clew/evidence";
import type { Context } from "./context.js";
import { isOfLibrary } from "./label-library-file.js";
import { withUnzipped } from "./unzipped.js";

/**
 * Copies the imported files, equal ones under each name of theirs, which may tell whose they are; with a redaction not those that hold a
 * name (how many, is said), and under names that tell no more than an import needs. Lists of the label library may be absent, which is
 * said: their labels are facts of the bundle. Throws InputError where another imported file is.
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
	const files = told.filter(({ kind }) => kind === "file");
	const imported = new Set(files.map(({ sha256 }) => sha256));
	const given = new Set<string>();
	const copied = new Set<string>();
	const copy = async (path: string) => {
		const { sha256 } = await fileSource(path, "");
		const target = `inputs/${sha256.slice(0, 16)}/${inputName(path, chain, redaction)}`;
		given.add(sha256);
		if (!imported.has(sha256) || copied.has(target)) return;
		copied.add(target);
		if (redaction?.holds(readFileSync(path)) === true) {
			leftOut++;
			context.note(`left out: ${defang(basename(path))}, which holds the name of a victim or cannot be looked into`);
			return;
		}
		await draft.copy(target, path, sha256);
	};
	const note = (text: string) => context.note(defang(text));
	await withUnzipped(
		paths,
		note,
		async (files) => {
			for (const { path } of files) await copy(path);
		},
		{ every: true },
	);
	const absent = files.filter(({ sha256 }) => !given.has(sha256));
	const lists = absent.filter(isOfLibrary);
	if (lists.length > 0)
		context.note(
			`not in the bundle: the files of ${lists.length} lists of the label library (${lists.map(({ name }) => defang(name)).join(", ")}), which the library keeps by their hashes alone; what they say of the case's accounts stands in facts.json, and a replay takes it from there`,
		);
	const others = absent.filter((source) => !isOfLibrary(source));
	const [missing] = others;
	if (missing !== undefined)
		throw new InputError(
			`${others.length} imported files are not among --inputs, for example ${quote(missing.name)} (SHA-256 ${missing.sha256})`,
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
