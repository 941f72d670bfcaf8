import { BITCOIN, type ChainId, type GraphStore, InputError, type Source } from "@clew/core";
import { notAsExpected } from "../answers-in-bundle.js";
import type { AnswersReader, FamilyReader, ImportAgainOptions, TransactionImport } from "../family.js";
import { BlockFacts } from "../import/block-facts.js";
import { importBlockFile } from "./import-blocks.js";
import { importBitcoinCsv } from "./import-csv.js";
import { importEsplora } from "./import-esplora.js";
import { openBitcoinSource } from "./open.js";

const BLOCKS: TransactionImport = {
	name: "blocks",
	async run(store, paths, { firstHeight, signal, onProgress }) {
		const reports = [];
		for (const [i, path] of paths.entries()) {
			const begin = i === 0 && firstHeight !== undefined ? { firstHeight } : {};
			const told = (blocks: number, height: number) =>
				onProgress(`importing ${i + 1}/${paths.length} ${path}: ${blocks} blocks, height ${height}`);
			reports.push(await importBlockFile(store, path, { signal, onProgress: told, ...begin }));
		}
		return reports;
	},
};

const ESPLORA: TransactionImport = {
	name: "esplora",
	async run(store, paths, { signal, onProgress }) {
		const reports = [];
		const blocks = new BlockFacts();
		for (const path of paths) {
			const told = (n: number) => onProgress(`fetching ${path}: ${n} transactions`);
			reports.push(await importEsplora(store, path, { signal, onProgress: told, blocks }));
		}
		return reports;
	},
};

const CSV: TransactionImport = { name: "csv", run: (store, paths, { signal }) => importBitcoinCsv(store, paths, signal) };

/** What reads Bitcoin and its test networks. */
export const BITCOIN_READER: FamilyReader = {
	family: BITCOIN,
	nodeVariable: "CLEW_BTC_RPC",
	open: openBitcoinSource,
	async tryNode(url, chain, options) {
		const source = await openBitcoinSource(url, chain, options);
		const [{ client }, head] = [await source.capabilities(), await source.head()];
		return `${source.name}: ${client}, block ${head.height}`;
	},
	answersReader,
	rowImports: [],
	transactionImports: [BLOCKS, ESPLORA, CSV],
	importAgain,
};

/** Loads the Bitcoin library only when called. */
async function answersReader(chain: ChainId): Promise<AnswersReader> {
	const [{ bitcoinAnswersShape }, { decodeBlock, parseBlock }, { networkOf }, { scriptReader }] = await Promise.all([
		import("./proofs.js"),
		import("./block.js"),
		import("./source.js"),
		import("./script.js"),
	]);
	const network = networkOf(chain);
	const scripts = scriptReader(network);
	return (answers) => {
		const parsed = bitcoinAnswersShape.safeParse(answers);
		if (!parsed.success) throw notAsExpected(parsed.error);
		const { height, raw } = parsed.data;
		return decodeBlock(parseBlock(Buffer.from(raw, "hex"), network, `block ${height}`), Number(height), scripts);
	};
}

async function importAgain(store: GraphStore, path: string, { coverage, signal }: ImportAgainOptions): Promise<Source | undefined> {
	if (/\.json$/i.test(path)) return (await importEsplora(store, path, { signal })).source;
	if (/\.[ct]sv$/i.test(path)) throw new InputError("a replay of Bitcoin dumps in CSV is not possible yet", { where: path });
	const assumedHeight = Math.min(...coverage.map(({ fromHeight }) => fromHeight));
	return (await importBlockFile(store, path, { signal, ...(Number.isFinite(assumedHeight) ? { assumedHeight } : {}) })).source;
}
