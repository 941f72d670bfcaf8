import type { GraphStore, Source } from "@clew/core";
import type { ImportAgainOptions, RowImport } from "../family.js";
import { importFile } from "./import-file.js";

/** Imports a file of rows again, of whichever of these kinds it is; a file of none is left alone. Throws InputError with file:line. */
export async function importRowsAgain(
	store: GraphStore,
	path: string,
	kinds: readonly RowImport[],
	{ decimalsOf, signal }: ImportAgainOptions,
): Promise<Source | undefined> {
	const formats = kinds.flatMap((kind) => kind.formats(decimalsOf));
	return (await importFile(store, path, { chain: store.info.chain, formats, skipBad: true, ignoreUnknown: true, signal }))?.source;
}
