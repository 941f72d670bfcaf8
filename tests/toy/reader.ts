import type { FamilyReader, RowImport } from "@clew/chains";
import { InputError } from "@clew/core";
import type { Format } from "../../packages/chains/src/import/format.js";
import { importRowsAgain } from "../../packages/chains/src/import/import-again.js";
import { nativeTransfers } from "../../packages/chains/src/import/transfers.js";
import { TOY } from "./family.js";

/** What one pebble gave and took, in a file of its name: one payment a row, in thousandths of a coin. */
const PAYMENTS: Format = {
	name: "toy payments",
	kinds: ["native"],
	columns: ["stone", "ledge", "place", "giver", "taker", "grains", "toll", "when"],
	without: [],
	parse(row) {
		const [from, to] = [row.someAccount("giver"), row.someAccount("taker")];
		return {
			hash: row.hash("stone"),
			height: row.height("ledge"),
			txIndex: row.integer(1_000, "place"),
			time: row.time("when"),
			status: "succeeded",
			transfers: nativeTransfers(row, from, to, row.baseUnits("grains"), row.baseUnits("toll"), false),
			touches: [from, to],
		};
	},
};

const IMPORTS: readonly RowImport[] = [{ name: "toy", formats: () => [PAYMENTS] }];

const noNode = () => Promise.reject(new InputError("nobody runs a node of it"));

/** What reads the made-up chain: files alone. */
export const TOY_READER: FamilyReader = {
	family: TOY,
	nodeVariable: "CLEW_TOY_RPC",
	endpointKinds: [],
	open: noNode,
	tryNode: noNode,
	answersReader: () =>
		Promise.resolve(() => {
			throw new InputError("nobody runs a node of it");
		}),
	rowImports: IMPORTS,
	transactionImports: [],
	importAgain: (store, files, options) => importRowsAgain(store, files, IMPORTS, options),
};
