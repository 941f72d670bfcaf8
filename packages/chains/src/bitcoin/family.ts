import { BITCOIN, type ChainId, type GraphStore, type Source } from "@clew/core";
import { notAsExpected } from "../answers-in-bundle.js";
import type { EndpointKind } from "../endpoint-report.js";
import type { AnswersReader, FamilyReader, FileAgain, ImportAgainOptions, TransactionImport } from "../family.js";
import { BlockFacts } from "../import/block-facts.js";
import { BLOCK_FILE, importBlockFile, type UtxoImportReport } from "./import-blocks.js";
import { CORE_EXPORTS, CORE_FILE, importBitcoinCore } from "./import-core.js";
import { BLOCKCHAIR_DUMPS, DUMP_FILE, importBitcoinCsv } from "./import-csv.js";
import { ESPLORA_FILE, importEsplora } from "./import-esplora.js";
import { ETL_EXPORTS, ETL_FILE, importBitcoinEtl } from "./import-etl.js";
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
	known: [{ name: "transactions of Bitcoin as Esplora gives them", columns: ["txid", "vin", "vout", "status"], without: [] }],
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

const CSV: TransactionImport = {
	name: "csv",
	known: BLOCKCHAIR_DUMPS,
	run: (store, paths, { signal }) => importBitcoinCsv(store, paths, signal),
};

const CORE: TransactionImport = {
	name: "core",
	known: CORE_EXPORTS,
	run: (store, paths, { signal }) => importBitcoinCore(store, paths, signal),
};

const ETL: TransactionImport = {
	name: "bitcoin-etl",
	known: ETL_EXPORTS,
	async run(store, paths, { signal, onProgress }) {
		const reports = [];
		const blocks = new BlockFacts();
		for (const [i, path] of paths.entries()) {
			onProgress(`importing ${i + 1}/${paths.length} ${path}`);
			reports.push(await importBitcoinEtl(store, path, { signal, blocks }));
		}
		return reports;
	},
};

const test: EndpointKind["test"] = async (url, chain, now, options) =>
	(await import("./test-node.js")).testBitcoinNode(url, chain, now, options);

const ENDPOINT_KINDS: readonly EndpointKind[] = [
	{ name: "node", serves: ["blocks"], test },
	{ name: "electrum", serves: ["blocks"], schemes: ["ssl", "tcp"], test },
	{ name: "esplora", serves: ["blocks"], hosts: /(^|\.)(blockstream\.info|mempool\.space)$/, test },
];

/** What reads Bitcoin and its test networks. */
export const BITCOIN_READER: FamilyReader = {
	family: BITCOIN,
	nodeVariable: "CLEW_BTC_RPC",
	endpointKinds: ENDPOINT_KINDS,
	open: openBitcoinSource,
	async tryNode(url, chain, options) {
		const source = await openBitcoinSource(url, chain, options);
		const [{ client }, head] = [await source.capabilities(), await source.head()];
		return `${source.name}: ${client}, block ${head.height}`;
	},
	answersReader,
	rowImports: [],
	transactionImports: [BLOCKS, ESPLORA, CSV, CORE, ETL],
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

/**
 * Blocks and answers one by one, as far as they reach in the case, dumps together, which tell one another's values, and so a node's
 * answers, which tell one another's blocks.
 */
async function importAgain(
	store: GraphStore,
	files: readonly FileAgain[],
	{ coverage, signal }: ImportAgainOptions,
): Promise<ReadonlyMap<string, Source>> {
	const imported = new Map<string, Source>();
	const keep = ({ file, source }: UtxoImportReport) => imported.set(file, source);
	const dumps = files.filter(({ detail }) => detail === DUMP_FILE).map(({ path }) => path);
	const answers = files.filter(({ detail }) => detail === CORE_FILE).map(({ path }) => path);
	const blocks = new BlockFacts();
	for (const { path, source, detail } of files) {
		if (detail === ETL_FILE) keep(await importBitcoinEtl(store, path, { signal, blocks }));
		if (path === answers[0]) for (const report of await importBitcoinCore(store, answers, signal)) keep(report);
		if (detail === ESPLORA_FILE) keep(await importEsplora(store, path, { signal, blocks }));
		if (path === dumps[0]) for (const report of await importBitcoinCsv(store, dumps, signal)) keep(report);
		if (detail !== BLOCK_FILE) continue;
		const assumedHeight = Math.min(...coverage.filter((one) => one.source === source).map(({ fromHeight }) => fromHeight));
		keep(await importBlockFile(store, path, { signal, ...(Number.isFinite(assumedHeight) ? { assumedHeight } : {}) }));
	}
	return imported;
}
