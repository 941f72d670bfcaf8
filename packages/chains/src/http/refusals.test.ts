import { describe, expect, it } from "vitest";
import { isOfLength, mostBlocks, mostCalls, perSecond, type RefusalKind, refusalOf, type Said } from "./refusals.js";

type Row = readonly [by: string, said: Said | string, kind: RefusalKind | undefined, most?: number];

/** A refusal of a question for a range of blocks. */
const range = (message: string, code?: number, status?: number): Said => ({ message, code, status, ranged: true });

const ROWS: readonly Row[] = [
	[
		"Infura",
		range("query returned more than 10000 results. Try with this block range [0xBDE5F8, 0x102DBCC].", -32005),
		"too-much",
		0x102dbcc - 0xbde5f8 + 1,
	],
	["Infura", range("range 1000000 exceeds limit of 10000", -32602), "too-much", 10_000],
	["Infura", range("query timeout exceeded", -32005), "too-much"],
	["Infura", { message: "daily request count exceeded, request rate limited", code: -32005, status: 429 }, "spent"],
	["Infura", { message: "project ID request rate exceeded: too many requests", code: -32005, status: 429 }, "too-often"],
	["Infura", { message: "invalid project id", status: 401 }, "key"],
	[
		"Alchemy",
		range(
			"Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range and no limit on the response size. Based on your parameters, this block range should work: [0x0, 0xd043b8]",
			-32602,
		),
		"too-much",
		0xd043b8 + 1,
	],
	["Alchemy", range("You can make eth_getLogs requests with up to a 500 block range.", -32600, 400), "too-much", 500],
	[
		"Alchemy",
		range("Under the Free tier plan, you can make eth_getLogs requests with up to a 10 block range.", -32600, 400),
		"too-much",
		10,
	],
	["Alchemy", { message: "Your app has exceeded its compute units per second capacity.", code: 429, status: 429 }, "too-often"],
	["Alchemy", { message: "Must be authenticated!", code: -32600, status: 401 }, "key"],
	["Alchemy", { message: "Monthly capacity limit exceeded.", code: 429, status: 429 }, "spent"],
	["QuickNode", range("eth_getLogs is limited to a 10,000 range", -32614, 413), "too-much", 10_000],
	["QuickNode", range("eth_getLogs and eth_newFilter are limited to a 5 blocks range", -32615), "too-much", 5],
	["QuickNode", { message: "50/second request limit reached - reduce calls per second", code: -32007, status: 429 }, "too-often"],
	["QuickNode", { message: "credits limited to 6000/sec", code: -32012 }, "too-often"],
	["QuickNode", { message: "method is not available on your plan: debug_traceBlockByNumber, upgrade your plan", code: -32601 }, "plan"],
	["dRPC", range("ranges over 10000 blocks are not supported on freetier", 35, 400), "too-much", 10_000],
	["dRPC", range("query exceeds max block range 100000", -32602), "too-much", 100_000],
	[
		"dRPC",
		{
			message: "Batch of more than 3 requests are not allowed on free tier, to use this feature register paid account",
			code: 31,
			status: 500,
		},
		"batch",
	],
	["dRPC", { message: "Request timeout on the free tier, please upgrade your tier to the paid one", code: 30, status: 408 }, "again"],
	["dRPC", range("Request timeout on the free tier, please upgrade your tier to the paid one", 30, 408), "too-much"],
	["Ankr", range("block range is too wide", -32600), "too-much"],
	["Ankr", { message: "Unauthorized: You must authenticate your request with an API key.", code: -32000, status: 403 }, "key"],
	["Ankr", { message: "too many requests, rate limit exceeded", code: -32097, status: 429 }, "too-often"],
	["BNB's public nodes", range("limit exceeded", -32005), "too-much"],
	["BNB's public nodes", range("exceed maximum block range: 5000", -32000), "too-much", 5_000],
	["BNB's public nodes", { message: "limit exceeded", code: -32005 }, "too-often"],
	["Base's public nodes", range("Block range too large: maximum allowed is 1000 blocks", -32602), "too-much", 1_000],
	["Polygon's public nodes", range("Block range limit exceeded.", -32062), "too-much"],
	["Avalanche's public nodes", range("requested too many blocks from 1 to 5000, maximum is set to 2048", -32000), "too-much", 2_048],
	["Avalanche's public nodes", { message: "the batch is too large: batch size 60 exceeds limit of 40", code: -32600 }, "batch"],
	["Cloudflare", { message: "Internal error: cannot fulfill request", code: -32046 }, "again"],
	["Cloudflare", range("Max range: 800", -32047, 400), "too-much", 800],
	["a public node", range("too many results, narrow your filter"), "too-much"],
	["a public node", range("block range is too wide (maximum 1024)", -32603), "too-much", 1_024],
	["a public node", { message: "", status: 429 }, "too-often"],
	["a public node", { message: "", status: 413 }, "batch"],
	["geth", { message: "batch too large", code: -32600 }, "batch"],
	["geth", { message: "missing trie node 9b2d (path ) state 0x9b2d is not available", code: -32000 }, "no-state"],
	["geth", { message: "required historical state unavailable (reexec=128)", code: -32000 }, "no-state"],
	["geth", { message: "historical state 0x12 is not available", code: -32000 }, "no-state"],
	["geth", { message: "pruned history unavailable", code: 4444 }, "no-state"],
	["geth", { message: "header not found", code: -32000 }, "again"],
	["geth", { message: "the method trace_block does not exist/is not available", code: -32601 }, "absent"],
	["geth", range("query exceeds limit of 5000 blocks"), "too-much", 5_000],
	["geth", { message: "execution reverted: Max calls per sec rate limit reached", code: 3 }, undefined],
	["geth", { message: "execution reverted: upstream says limit exceeded", code: -32000 }, undefined],
	["geth", { message: "invalid argument 0: hex string has length 39, want 40", code: -32602 }, undefined],
	["ElectrumX", { message: "history too large", code: 1 }, "too-much"],
	["ElectrumX", { message: "response too large (at least 1020631 bytes)", code: -32600 }, "too-much"],
	["ElectrumX", { message: "excessive resource usage", code: -101 }, "too-often"],
	["ElectrumX", { message: "server busy - request timed out", code: -102 }, "again"],
	["electrs", { message: "Too many history entries", code: -32603 }, "too-much"],
	["electrs", { message: "10001 transactions found, query may take a long time", code: -32603 }, "too-much"],
	["electrs", { message: "verbose transactions are currently unsupported", code: -32603 }, "absent"],
	["erigon", { message: "old data not available due to pruning", code: -32000 }, "no-state"],
	[
		"erigon",
		{ message: "batch limit 100 exceeded (can increase by --rpc.batch.limit). Requested batch of size: 200", code: -32000 },
		"batch",
	],
	["erigon", range("query returned 20000 logs, exceeds max limit 10000"), "too-much"],
	["nethermind", { message: "Batch size limit exceeded", code: -32005 }, "batch"],
	["nethermind", { message: "No state available for block 0x10", code: -32002 }, "no-state"],
	[
		"nethermind",
		{
			message: "Internal error: Nethermind.Trie.MissingTrieNodeException: Node A: P:2 H:0x992e is missing from the DB",
			code: -32603,
		},
		"no-state",
	],
	["nethermind", { message: "Too many requests: concurrency limit exceeded", code: -32005 }, "too-often"],
	["nethermind", { message: "The method 'ots_getApiLevel' is not supported.", code: -32601 }, "absent"],
	["reth", range("query exceeds max block range 100000", -32602), "too-much", 100_000],
	["reth", range("query exceeds max results 20000, retry with the range 100-250", -32602), "too-much"],
	["reth", { message: "The batch request was too large", code: -32010 }, "batch"],
	["reth", { message: "state at block #1 is pruned", code: -32000 }, "no-state"],
	["reth", { message: "distance to target block exceeds maximum proof window", code: -32000 }, "no-state"],
	["besu", { message: "Number of requests in batch exceeds max batch size", code: -32005 }, "batch"],
	[
		"OpenEthereum",
		"This request is not supported because your node is running with state pruning. Run with --pruning=archive.",
		"no-state",
	],
	["geth", { message: "required historical state unavailable (reexec=128)", code: -32000 }, "no-state"],
	["besu", { message: "World state unavailable", code: -32000 }, "no-state"],
	["Bor", { message: "missing trie node 00 (path 01) <nil>", code: -32000 }, "no-state"],
	["Etherscan", "NOTOK Max calls per sec rate limit reached (3/sec)", "too-often"],
	["Etherscan", "NOTOK Max rate limit reached", "too-often"],
	["Etherscan", "NOTOK Max daily rate limit reached. 110000 (100%) of 100000 day/limit", "spent"],
	["Etherscan", "NOTOK Invalid API Key (#err2)|ABC-", "key"],
	["Etherscan", "NOTOK Missing/Invalid API Key", "key"],
	["Etherscan V2", "NOTOK Free API access is not supported for this chain. Please upgrade your api plan for full chain coverage.", "plan"],
	["Blockscout", { message: "Too Many Requests", status: 429 }, "too-often"],
	["Blockscout", "Something went wrong. Internal server error", "again"],
	["Routescan", { message: "Rate limit exceeded", status: 429 }, "too-often"],
	["TronGrid", "The key exceeds the frequency limit(15), and the query server is suspended for 30 s", "too-often"],
	["Esplora", { message: "Too Many Requests", status: 429 }, "too-often"],
	["any proxy", { message: "upstream request timeout", status: 504 }, "again"],
];

describe("a refusal", () => {
	const rows = ROWS.map(([by, said, kind, most]) => {
		const one: Said = typeof said === "string" ? { message: said, status: 200 } : said;
		return { by, one, kind, most };
	});

	it.each(rows)("of $by, $one.message, is $kind", ({ one, kind, most }) => {
		expect(refusalOf(one)).toBe(kind);
		if (kind === "too-much") expect(mostBlocks(one.message)).toBe(most);
	});

	it("holds for every range of its length, or for what lies in this one", () => {
		expect(["Block range limit exceeded.", "ranges over 10000 blocks are not supported on freetier"].map(isOfLength)).toEqual([true, true]);
		expect(["query returned more than 10000 results", "Log response size exceeded.", "query timeout exceeded"].map(isOfLength)).toEqual([
			false,
			false,
			false,
		]);
	});

	it("names the rate, and the size of a batch, that is borne", () => {
		expect(perSecond("Max calls per sec rate limit reached (3/sec)")).toBe(3);
		expect(perSecond("50/second request limit reached")).toBe(50);
		expect(perSecond("Max rate limit reached")).toBeUndefined();
		expect(mostCalls("Batch of more than 3 requests are not allowed on free tier")).toBe(3);
		expect(mostCalls("batch size 60 exceeds limit of 40")).toBe(40);
		expect(mostCalls("batch requests are not supported")).toBe(1);
		expect(mostCalls("batch too large")).toBeUndefined();
	});
});
