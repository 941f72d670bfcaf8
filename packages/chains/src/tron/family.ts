import { type ChainId, type Source, TRON } from "@clew/core";
import type { AnswersReader, FamilyReader, TransactionImport } from "../family.js";
import { importRowsAgain } from "../import/import-again.js";
import { importTronBlocks, TRON_BLOCK_FILE } from "./import-blocks.js";
import { TRON_ROWS } from "./import-rows.js";

const BLOCKS: TransactionImport = {
	name: "blocks",
	async run(store, paths, { signal, onProgress }) {
		const reports = [];
		for (const [i, path] of paths.entries()) {
			onProgress(`importing ${i + 1}/${paths.length} ${path}`);
			reports.push(await importTronBlocks(store, path, signal));
		}
		return reports;
	},
};

async function answersReader(chain: ChainId): Promise<AnswersReader> {
	const { answersOfBundle, blockOfAnswers } = await import("./answers.js");
	return (answers) => blockOfAnswers(chain, answersOfBundle(answers), "node");
}

/** What reads Tron: files, in place of a node, too. */
export const TRON_READER: FamilyReader = {
	family: TRON,
	nodeVariable: "CLEW_TRON_RPC",
	async open(url, chain) {
		const { openTronFile } = await import("./block-files.js");
		return openTronFile(url, chain);
	},
	async tryNode(url, chain) {
		const { openTronFile } = await import("./block-files.js");
		const source = await openTronFile(url, chain);
		return source.name;
	},
	answersReader,
	rowImports: TRON_ROWS,
	transactionImports: [BLOCKS],
	async importAgain(store, files, options) {
		const imported = new Map<string, Source>();
		const isBlocks = ({ detail }: { readonly detail: string }) => detail === TRON_BLOCK_FILE;
		for (const { path } of files.filter(isBlocks)) imported.set(path, (await importTronBlocks(store, path, options.signal)).source);
		const rows = await importRowsAgain(
			store,
			files.filter((file) => !isBlocks(file)),
			TRON_ROWS,
			options,
		);
		return new Map([...imported, ...rows]);
	},
};
