import type { GraphStore, Source } from "@clew/core";
import type { DecimalsOf, FileAgain, ImportAgainOptions, RowImport } from "../family.js";
import type { Format } from "./format.js";
import { importFile } from "./import-file.js";

/** Imports files of rows again, of whichever of these kinds they are; a file of none is left alone. Throws InputError with file:line. */
export async function importRowsAgain(
	store: GraphStore,
	files: readonly FileAgain[],
	kinds: readonly RowImport[],
	{ decimalsOf, signal }: ImportAgainOptions,
): Promise<ReadonlyMap<string, Source>> {
	const imported = new Map<string, Source>();
	const paths = files.map(({ path }) => path);
	for (const path of paths) {
		// What the case holds by now tells more than what it held before the first file.
		const formats = (await Promise.all(kinds.map((kind) => formatsFor(kind, store, paths, decimalsOf)))).flat();
		const report = await importFile(store, path, { chain: store.info.chain, formats, skipBad: true, ignoreUnknown: true, signal });
		if (report !== undefined) imported.set(path, report.source);
	}
	return imported;
}

/** The formats of a kind of export for the import of these files. Throws InputError. */
export async function formatsFor(
	kind: RowImport,
	store: GraphStore,
	paths: readonly string[],
	decimalsOf: DecimalsOf,
): Promise<readonly Format[]> {
	return kind.formats(decimalsOf, (await kind.blocksOf?.(store, paths)) ?? (() => undefined));
}
