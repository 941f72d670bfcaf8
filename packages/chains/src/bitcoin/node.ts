import {
	type BitcoinBlockProof,
	type BitcoinNetwork,
	type Hash,
	InputError,
	NodeError,
	type Outpoint,
	type OutputFacts,
	scrub,
} from "@clew/core";
import { z } from "zod";
import { parseExactJson } from "../exact-json.js";
import { type HttpClient, type HttpOptions, httpClient } from "../http/http-client.js";
import { electrumNode, isElectrum } from "./electrum/node.js";
import { blockFromJson, outputsOfRaw, type ToldTransaction, transactionFromEsplora, transactionOfRaw } from "./json.js";
import type { ScriptReader } from "./script.js";

/** What every kind of Bitcoin node is asked for. Throws NodeError and, for answers that do not hold together, InputError. */
export interface BitcoinNode {
	readonly name: string;
	/** What it calls itself. */
	client(): Promise<string>;
	tip(): Promise<number>;
	/** Throws NodeError (NODE_BAD_ANSWER) when the chain is shorter. */
	hashAt(height: number): Promise<Hash>;
	rawBlock(hash: Hash): Promise<Uint8Array>;
	/** Outputs that a block spends, as many as the node tells at once; by `txid:n`. */
	previousInBlock(hash: Hash): Promise<ReadonlyMap<string, OutputFacts>>;
	/** All outputs of one transaction; undefined when the node cannot find it. */
	outputsOf(txid: Hash): Promise<readonly OutputFacts[] | undefined>;
	/** A transaction in a block, with what it spends where the node tells it at once; undefined while it is in none. */
	transaction(txid: Hash): Promise<ToldTransaction | undefined>;
	/**
	 * Which transaction spends an output that pays an address; undefined when none does. Throws NodeError (NODE_UNSUPPORTED) where there is no
	 * index.
	 */
	spenderOf(outpoint: Outpoint, address: string): Promise<Hash | undefined>;
	/** Confirmed transactions of an address, by an index; absent where there is none that tells them so. */
	addressHistory?(address: string): Promise<AddressHistory>;
	/** A header of 80 bytes with its proof of work, where no whole blocks are told; absent where they are. */
	headerAt?(height: number): Promise<Uint8Array>;
	/** The proof of cited transactions, where no whole blocks are told; absent where they are. Throws NodeError. */
	proofOf?(height: number, cited: ReadonlySet<Hash>): Promise<BitcoinBlockProof>;
	requests(): number;
	close?(): void;
}

/** Confirmed transactions of an address in the order of the chain, up to the newest block that the index had read. */
export interface AddressHistory {
	readonly transactions: readonly { readonly txid: Hash; readonly height: number }[];
	readonly through: number;
}

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const hexText = z.string().regex(/^([0-9a-f]{2})*$/);
const heightText = z.string().regex(/^[0-9]{1,9}$/);
/** Seconds since 1970. */
const timeText = z.string().regex(/^[0-9]{1,11}$/);
const rpcAnswer = z.looseObject({ result: z.unknown(), error: z.looseObject({ code: z.string(), message: z.string() }).nullish() });
const METHOD_NOT_FOUND = "-32601";
/** Verbosity at which Bitcoin Core (25.0 and later) lists what a block spends. */
const WITH_PREVIOUS = "3";

/**
 * Chooses the dialect by the URL: `ssl://` and `tcp://` are Electrum servers, `…/rest` is Bitcoin Core's REST, `…/api` Esplora, anything
 * else JSON-RPC (Bitcoin Core, btcd).
 */
export function bitcoinNode(url: string, network: BitcoinNetwork, scripts: ScriptReader, options: HttpOptions): BitcoinNode {
	if (isElectrum(url)) return electrumNode(url, network, scripts, options);
	const path = URL.canParse(url) ? new URL(url).pathname.replace(/\/$/, "") : "";
	const http = httpClient(url, options);
	if (path.endsWith("/rest")) return restNode(http, network, scripts);
	return path.endsWith("/api") ? esploraNode(http, scripts) : rpcNode(http, network, scripts);
}

function badAnswer(name: string, what: string): NodeError {
	return new NodeError("NODE_BAD_ANSWER", name, what);
}

/**
 * Calls a method; `params` is JSON without the brackets around it. Throws NodeError, `NODE_UNSUPPORTED` where the node does not know it.
 */
export type RpcCall = <T>(schema: z.ZodType<T>, method: string, params: string) => Promise<T>;

/** JSON-RPC as Bitcoin Core and btcd speak it; `"jsonrpc":"2.0"` suits both. Numbers come as they are written, as text. */
export function bitcoinRpc(http: HttpClient): RpcCall {
	const { name } = http;
	return async (schema, method, params) => {
		const asked = `{"jsonrpc":"2.0","id":1,"method":"${method}","params":[${params}]}`;
		const { result, error } = await http.post(asked, "", ({ body, status }) => {
			const answer = rpcAnswer.safeParse(body[0] === 0x7b ? jsonOrNone(body, `${name}: ${method}`) : undefined);
			if (answer.success) return answer.data;
			const isPage = status < 400;
			throw new NodeError("NODE_BAD_ANSWER", name, `${method}: HTTP ${status}, and the answer is not JSON-RPC`, {
				hint: "Check the URL.",
				retryable: isPage,
			});
		});
		if (error) {
			const code = error.code === METHOD_NOT_FOUND ? "NODE_UNSUPPORTED" : "NODE_BAD_ANSWER";
			throw new NodeError(
				code,
				name,
				`${method}: ${scrub(error.message, http.secrets).slice(0, 200)} (${scrub(error.code, http.secrets).slice(0, 40)})`,
			);
		}
		const shaped = schema.safeParse(result);
		if (!shaped.success) throw badAnswer(name, `${method}: the answer has not the expected form`);
		return shaped.data;
	};
}

/** Numbers as they are written; undefined for what was cut off. */
function jsonOrNone(body: Buffer, where: string): unknown {
	try {
		return parseExactJson(body.toString("utf8"), where);
	} catch (error) {
		if (error instanceof InputError) return undefined;
		throw error;
	}
}

function rpcNode(http: HttpClient, network: BitcoinNetwork, scripts: ScriptReader): BitcoinNode {
	const { name } = http;
	const call = bitcoinRpc(http);
	let previousTold: boolean | undefined;
	return {
		name,
		async client() {
			const info = await call(z.looseObject({ subversion: z.string() }), "getnetworkinfo", "").catch(() => undefined);
			if (info !== undefined) return scrub(info.subversion, http.secrets).slice(0, 100);
			const btcd = await call(z.looseObject({ version: heightText }), "getinfo", "").catch(() => undefined);
			return btcd === undefined ? "unknown" : `btcd ${versionText(Number(btcd.version))}`;
		},
		tip: async () => Number(await call(heightText, "getblockcount", "")),
		hashAt: async (height) => (await call(hash, "getblockhash", String(height))) as Hash,
		rawBlock: async (id) => Buffer.from(await call(hexText, "getblock", `"${id}",0`), "hex"),
		async previousInBlock(id) {
			if (previousTold === false) return new Map();
			const answer = await call(z.unknown(), "getblock", `"${id}",${WITH_PREVIOUS}`).catch(unlessRefused);
			const { previous } = answer === undefined ? { previous: new Map() } : blockFromJson(answer, network, scripts, `${name}: block ${id}`);
			// btcd takes verbosity 3 and leaves them out: asking once is enough.
			previousTold = previous.size > 0;
			return previous;
		},
		async outputsOf(txid) {
			const raw = await call(hexText, "getrawtransaction", `"${txid}",0`).catch(unlessRefused);
			return raw === undefined ? undefined : outputsOfRaw(Buffer.from(raw, "hex"), txid, scripts, name);
		},
		requests: http.requests,
		async transaction(txid) {
			const found = await call(locatedTransaction, "getrawtransaction", `"${txid}",1`);
			if (found.blockhash === undefined || found.blocktime === undefined) return undefined;
			const { height } = await call(z.looseObject({ height: heightText }), "getblockheader", `"${found.blockhash}",true`);
			const record = transactionOfRaw(Buffer.from(found.hex, "hex"), txid, Number(height), scripts, name);
			return { record, time: Number(found.blocktime) };
		},
		async spenderOf({ txid, vout }, address) {
			for (let skip = 0; ; skip += SEARCH_PAGE) {
				const page = await call(spendingTransactions, "searchrawtransactions", `"${address}",1,${skip},${SEARCH_PAGE}`).catch(
					unlessRefusedSearch,
				);
				const spender = page.find((tx) => tx.vin.some((input) => input.txid === txid && Number(input.vout) === vout));
				if (spender !== undefined) return spender.txid as Hash;
				if (page.length < SEARCH_PAGE) return undefined;
			}
		},
	};
}

/** Transactions of an address in one page of searchrawtransactions (btcd's --addrindex). */
const SEARCH_PAGE = 100;
const locatedTransaction = z.looseObject({ hex: hexText, blockhash: hash.optional(), blocktime: timeText.optional() });

const spendingTransactions = z.array(
	z.looseObject({ txid: hash, vin: z.array(z.looseObject({ txid: hash.optional(), vout: heightText.optional() })) }),
);

/** btcd has an error for an address without transactions; a node without the index does not know the method. */
function unlessRefusedSearch(error: unknown): z.infer<typeof spendingTransactions> {
	if (error instanceof NodeError && error.code === "NODE_BAD_ANSWER" && /no information available/i.test(error.message)) return [];
	throw error;
}

/** btcd packs 0.26.2 as 260200. */
function versionText(packed: number): string {
	return [Math.floor(packed / 1_000_000), Math.floor(packed / 10_000) % 100, Math.floor(packed / 100) % 100].join(".");
}

/** A node that answers that it does not know is no failure here. */
function unlessRefused(error: unknown): undefined {
	if (error instanceof NodeError && !error.retryable && error.code !== "NODE_UNREACHABLE") return undefined;
	throw error;
}

function noIndex(name: string): NodeError {
	return new NodeError("NODE_UNSUPPORTED", name, "cannot tell who spends an output", {
		hint: "Use Esplora (…/api), an Electrum server (ssl://…), or a node with an address index such as btcd --txindex --addrindex.",
	});
}

async function bytesAt(http: HttpClient, path: string): Promise<Buffer> {
	const { status, body } = await http.get(path);
	if (status !== 200) throw badAnswer(http.name, `${path}: HTTP ${status}`);
	return body;
}

/** What begins as JSON ends as JSON. */
function isWhole(text: string): boolean {
	return text.startsWith("{") ? text.endsWith("}") : !text.startsWith("[") || text.endsWith("]");
}

async function textOf(http: HttpClient, path: string): Promise<string | undefined> {
	return http.get(path, ({ status, body }) => {
		if (status === 404 || status === 400) return undefined;
		if (status !== 200) throw badAnswer(http.name, `${path}: HTTP ${status}`);
		const text = body.toString("utf8").trim();
		if (!text.startsWith("<") && isWhole(text)) return text;
		throw new NodeError("NODE_BAD_ANSWER", http.name, `${path}: a web page in place of an answer, or one that is cut off`, {
			retryable: true,
		});
	});
}

async function wanted<T>(http: HttpClient, path: string, schema: z.ZodType<T>, read: (text: string) => unknown): Promise<T> {
	const text = await textOf(http, path);
	const parsed = schema.safeParse(text === undefined ? undefined : read(text));
	if (!parsed.success) throw badAnswer(http.name, `${path}: ${text === undefined ? "not found" : "the answer has not the expected form"}`);
	return parsed.data;
}

/** Bitcoin Core's REST interface (`-rest`), whose URL ends with /rest. */
function restNode(http: HttpClient, network: BitcoinNetwork, scripts: ScriptReader): BitcoinNode {
	const json = (path: string) => (text: string) => parseExactJson(text, `${http.name}${path}`);
	return {
		name: http.name,
		client: async () => "Bitcoin Core REST",
		tip: async () => Number((await wanted(http, "/chaininfo.json", z.looseObject({ blocks: heightText }), json("/chaininfo.json"))).blocks),
		hashAt: async (height) => (await wanted(http, `/blockhashbyheight/${height}.hex`, hash, (text) => text)) as Hash,
		rawBlock: (id) => bytesAt(http, `/block/${id}.bin`),
		async previousInBlock(id) {
			const text = await textOf(http, `/block/${id}.json`);
			return text === undefined
				? new Map()
				: blockFromJson(parseExactJson(text, http.name), network, scripts, `${http.name}: block ${id}`).previous;
		},
		async outputsOf(txid) {
			const text = await textOf(http, `/tx/${txid}.hex`);
			return text === undefined ? undefined : outputsOfRaw(Buffer.from(text, "hex"), txid, scripts, http.name);
		},
		requests: http.requests,
		transaction: () => Promise.reject(noIndex(http.name)),
		spenderOf: () => Promise.reject(noIndex(http.name)),
	};
}

/** Esplora's HTTP API (Blockstream, mempool.space), whose URL ends with /api. */
function esploraNode(http: HttpClient, scripts: ScriptReader): BitcoinNode {
	const transaction = async (txid: Hash) => {
		const text = await textOf(http, `/tx/${txid}`);
		return text === undefined ? undefined : transactionFromEsplora(parseExactJson(text, http.name), scripts, http.name);
	};
	const outspend = z.looseObject({ spent: z.boolean(), txid: hash.optional() });
	return {
		name: http.name,
		requests: http.requests,
		transaction,
		async spenderOf({ txid, vout }) {
			const path = `/tx/${txid}/outspend/${vout}`;
			const { spent, txid: spender } = await wanted(http, path, outspend, (text) => parseExactJson(text, http.name));
			return spent ? (spender as Hash | undefined) : undefined;
		},
		client: async () => "Esplora",
		tip: async () => Number(await wanted(http, "/blocks/tip/height", heightText, (text) => text)),
		hashAt: async (height) => (await wanted(http, `/block-height/${height}`, hash, (text) => text)) as Hash,
		rawBlock: (id) => bytesAt(http, `/block/${id}/raw`),
		previousInBlock: async () => new Map(),
		outputsOf: async (txid) => (await transaction(txid))?.record.outputs,
	};
}
