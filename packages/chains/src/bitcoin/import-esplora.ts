import { stat } from "node:fs/promises";
import { accountId, type GraphStore, type Hash, InputError, impossibleHeight, NodeError, type Source, throwIfAborted } from "@clew/core";
import { parseExactJson } from "../exact-json.js";
import { type HttpClient, type HttpOptions, httpClient } from "../http/http-client.js";
import { BlockFacts } from "../import/block-facts.js";
import { fileSource } from "../import/file-source.js";
import { wholeText } from "../import/text-file.js";
import type { UtxoImportReport } from "./import-blocks.js";
import { transactionFromEsplora } from "./json.js";
import { keepTransactions, type SavedTransaction } from "./saved-transactions.js";
import { scriptReader } from "./script.js";
import { networkOf } from "./source.js";

/** What a case calls such a file, in the detail of its source. */
export const ESPLORA_FILE = "Esplora answer";

/** How Esplora's answers are imported. */
export interface EsploraImportOptions extends HttpOptions {
	readonly onProgress?: (transactions: number) => void;
	/** What the other files of the same import told of blocks. */
	readonly blocks?: BlockFacts;
}

/** True for what is fetched instead of read. */
export function isUrl(text: string): boolean {
	return /^https?:\/\//.test(text);
}

/**
 * Imports transactions as Esplora (blockstream.info, mempool.space) gives them: a saved answer (one transaction or a list), or a URL
 * `…/api/tx/<txid>` or `…/api/address/<address>`, whose whole confirmed history is fetched page by page and then counts as fetched.
 * Unconfirmed transactions are left out. Throws InputError and NodeError.
 */
export async function importEsplora(store: GraphStore, target: string, options: EsploraImportOptions = {}): Promise<UtxoImportReport> {
	return isUrl(target) ? importUrl(store, target, options) : importSaved(store, target, options.blocks ?? new BlockFacts());
}

async function importSaved(store: GraphStore, path: string, blocks: BlockFacts): Promise<UtxoImportReport> {
	const { chain } = store.info;
	const scripts = scriptReader(networkOf(chain));
	const info = await stat(path).catch(() => undefined);
	if (info === undefined) throw new InputError(`${path} does not exist`, { code: "USAGE" });
	const source = await fileSource(path, ESPLORA_FILE);
	const parsed = parseExactJson(await wholeText(path), path);
	const list = Array.isArray(parsed) ? parsed : [parsed];
	const transactions = list.flatMap((item, i) => {
		const where = `${path}:${i + 1}`;
		const found = transactionFromEsplora(item, scripts, where);
		return found === undefined ? [] : [{ ...found, where }];
	});
	const report = await keepTransactions(store, { file: path, source }, transactions, "imported", blocks);
	const pending = list.length - transactions.length;
	return pending === 0 ? report : { ...report, notes: [`${pending} unconfirmed transactions were left out`] };
}

async function importUrl(store: GraphStore, url: string, options: EsploraImportOptions): Promise<UtxoImportReport> {
	const match = /^(.*\/api)\/(tx|address)\/([0-9a-zA-Z]+)\/?$/.exec(url);
	if (!match?.[1] || !match[3]) throw new InputError("the URL must end with /api/tx/<txid> or /api/address/<address>", { code: "USAGE" });
	const http = httpClient(match[1], options);
	const scripts = scriptReader(networkOf(store.info.chain));
	const { name } = http;
	const blocks = options.blocks ?? new BlockFacts();
	const source: Source = { id: `node:${name}`, kind: "node", name, sha256: "", detail: "Esplora" };
	const read = (item: unknown): SavedTransaction[] => {
		const found = transactionFromEsplora(item, scripts, name);
		return found === undefined ? [] : [{ ...found, where: name }];
	};
	if (match[2] === "tx")
		return keepTransactions(store, { file: name, source }, read(await getJson(http, `/tx/${match[3]}`)), "node", blocks);
	const account = accountId(store.info.chain, match[3]);
	const tip = Number(await getJson(http, "/blocks/tip/height"));
	if (!Number.isSafeInteger(tip) || tip < 0) throw new NodeError("NODE_BAD_ANSWER", name, "the height of the tip is no number");
	const beyond = impossibleHeight(store.info.chain, tip);
	if (beyond !== undefined) throw new NodeError("NODE_BAD_ANSWER", name, `its tip cannot be: ${beyond}`);
	const found: SavedTransaction[] = [];
	const seen = new Set<Hash>();
	for (let last: Hash | undefined; ; ) {
		throwIfAborted(options.signal);
		const page = await getJson(http, `/address/${match[3]}/txs/chain${last ? `/${last}` : ""}`);
		if (!Array.isArray(page)) throw new NodeError("NODE_BAD_ANSWER", name, "a page of an address is no list");
		// Servers differ in the length of a page: only an empty one is the end.
		if (page.length === 0) break;
		const transactions = page.flatMap(read);
		const newest = transactions[transactions.length - 1]?.record.txid;
		if (newest === undefined || transactions.length < page.length || seen.has(newest))
			throw new NodeError("NODE_BAD_ANSWER", name, "a page of confirmed transactions repeats itself or lists unconfirmed ones");
		for (const { record } of transactions) seen.add(record.txid);
		found.push(...transactions);
		options.onProgress?.(found.length);
		last = newest;
	}
	const report = await keepTransactions(store, { file: name, source }, found, "node", blocks);
	await store.putCoverage([
		{ chain: store.info.chain, account, fromHeight: 0, toHeight: tip, kinds: ["native"], source: source.id, note: "" },
	]);
	return report;
}

async function getJson(http: HttpClient, path: string): Promise<unknown> {
	const { status, body } = await http.get(path);
	if (status !== 200) throw new NodeError("NODE_BAD_ANSWER", http.name, `${path}: HTTP ${status}`);
	return parseExactJson(body.toString("utf8"), `${http.name}${path}`);
}
