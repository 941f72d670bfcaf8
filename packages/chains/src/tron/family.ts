import { type ChainId, type ChainSource, type Source, TRON } from "@clew/core";
import type { EndpointKind } from "../endpoint-report.js";
import type { AnswersReader, FamilyReader, TransactionImport } from "../family.js";
import type { HttpOptions } from "../http/http-client.js";
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

const isFile = (url: string) => url.startsWith("file:");

/** A node of java-tron's HTTP API, or a file of blocks in place of one. */
async function openTron(url: string, chain: ChainId, options: HttpOptions): Promise<ChainSource> {
	if (isFile(url)) {
		const { openTronFile } = await import("./block-files.js");
		return openTronFile(url, chain);
	}
	const { connectTronSource } = await import("./node/source.js");
	return connectTronSource(url, chain, options);
}

const test: EndpointKind["test"] = async (url, chain, now, options) =>
	(await import("./node/test-node.js")).testTronNode(url, chain, now, options);

const ENDPOINT_KINDS: readonly EndpointKind[] = [
	{ name: "node", serves: ["blocks"], test },
	{
		name: "trongrid",
		serves: ["blocks", "histories"],
		hosts: /trongrid\.io$/,
		// The key is sent in a header, and stands in the URL as its user.
		template: (url, _, keyed) => (keyed && !url.includes("{key}") ? url.replace("://", "://{key}@") : url),
		test,
	},
];

/** What reads Tron: nodes, and files in place of one. */
export const TRON_READER: FamilyReader = {
	family: TRON,
	nodeVariable: "CLEW_TRON_RPC",
	endpointKinds: ENDPOINT_KINDS,
	open: openTron,
	async history(url, chain, options) {
		const { connectTronSource } = await import("./node/source.js");
		const source = await connectTronSource(url, chain, options);
		return { ...(await source.history()), requests: () => source.requests() };
	},
	async tryNode(url, chain, options) {
		const source = await openTron(url, chain, options);
		if (isFile(url)) return source.name;
		const [{ client }, head] = [await source.capabilities(), await source.head()];
		return `${source.name}: ${client}, last solid block ${head.height}`;
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
