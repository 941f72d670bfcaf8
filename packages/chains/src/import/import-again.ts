import type { GraphStore, Source } from "@clew/core";
import type { FileAgain, ImportAgainOptions, RowImport } from "../family.js";
import { importFile } from "./import-file.js";

/** Imports files of rows again, of whichever of these kinds they are; a file of none is left alone. Throws InputError with file:line. */
export async function importRowsAgain(
	store: GraphStore,
	files: readonly FileAgain[],
	kinds: readonly RowImport[],
	{ decimalsOf, signal }: ImportAgainOptions,
): Promise<ReadonlyMap<string, Source>> {
	const formats = kinds.flatMap((kind) => kind.formats(decimalsOf));
	const imported = new Map<string, Source>();
	for (const { path } of files) {
		const report = await importFile(store, path, { chain: store.info.chain, formats, skipBad: true, ignoreUnknown: true, signal });
		if (report !== undefined) imported.set(path, report.source);
	}
	return imported;
}
