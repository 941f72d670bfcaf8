import { InputError, TRON } from "@clew/core";
import type { FamilyReader, RowImport } from "../family.js";
import { importRowsAgain } from "../import/import-again.js";

const IMPORTS: readonly RowImport[] = [];

const noNode = () =>
	Promise.reject(
		new InputError("nodes of Tron are not read yet", { code: "USAGE", hint: "Import files of Tron into the case: clew import." }),
	);

/** What reads Tron: files alone. */
export const TRON_READER: FamilyReader = {
	family: TRON,
	nodeVariable: "CLEW_TRON_RPC",
	open: noNode,
	tryNode: noNode,
	answersReader: noNode,
	rowImports: IMPORTS,
	transactionImports: [],
	importAgain: (store, files, options) => importRowsAgain(store, files, IMPORTS, options),
};
