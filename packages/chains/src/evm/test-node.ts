import { type ChainId, NodeError } from "@clew/core";
import { type EndpointReport, finding, freshness } from "../endpoint-report.js";
import { parseAnswer } from "./answers.js";
import { FIRST_SPAN, MAY_BE_TOO_MUCH, shorter } from "./history.js";
import { TRANSFER } from "./logs.js";
import { checkChain } from "./probe.js";
import { type RpcClient, type RpcOptions, rpcClient } from "./rpc-client.js";
import { headerShape } from "./shapes.js";

/** An account that nobody uses: what is asked about it costs a node little. */
const NOBODY = `0x${"0".repeat(36)}c1e7`;
/** Calls that are sent together to see whether they are answered together: as many as are ever sent. */
const TOGETHER = 32;
/** Blocks whose state every node keeps: older state shows an archive. */
const KEPT_BY_ALL = 128;
/** No chain that is alive has blocks so far apart, in seconds. */
const RECENT = 600;
const TRIES = 3;

/** Asks an EVM node what it can do. Throws NodeError where it does not answer, or serves another chain. */
export async function testEvmNode(url: string, chain: ChainId, now: number, options: RpcOptions = {}): Promise<EndpointReport> {
	const client = rpcClient(url, { attempts: TRIES, batch: TOGETHER, ...options });
	try {
		await checkChain(client, chain);
		const version = await client.call("web3_clientVersion", []).catch(() => undefined);
		const latest = await client.present("eth_getBlockByNumber", ["latest", false]);
		const block = parseAnswer(client.name, headerShape, latest, "eth_getBlockByNumber", "latest");
		const [height, time] = [Number(block.number), Number(block.timestamp)];
		await Promise.all(Array.from({ length: TOGETHER }, () => client.call("eth_chainId", [])));
		const findings = [
			freshness(time, now, RECENT),
			...(await whatIsTold(client, height)),
			await tokensFound(client, height),
			await oldBlocks(client),
			await oldState(client, height),
		];
		const { batch, blocks } = client.manners;
		return {
			client: String(version ?? "unknown").slice(0, 100),
			head: { height, time },
			findings,
			batch,
			blocks,
			requests: client.requests(),
		};
	} finally {
		client.close();
	}
}

const hex = (height: number) => `0x${height.toString(16)}`;

/** Receipts, calls and histories. */
async function whatIsTold(client: RpcClient, height: number) {
	const isList = async (method: string, params: readonly unknown[]) => Array.isArray(await client.present(method, params));
	const at = hex(height);
	const parity = await finding("calls inside transactions, by trace_block", () => isList("trace_block", [at]), {
		yes: "what contracts pay is known",
		no: "it is asked by debug_traceBlockByNumber",
	});
	const geth = await finding(
		"calls inside transactions, by debug_traceBlockByNumber",
		() => isList("debug_traceBlockByNumber", [at, { tracer: "callTracer" }]),
		{
			yes: "what contracts pay is known",
			no:
				parity.answer === "yes" ? "trace_block is asked" : "what contracts pay in coins is not known from it: every block says so as a gap",
		},
	);
	const range = { fromBlock: at, toBlock: at, fromAddress: [NOBODY] };
	const filter = await finding("an account's blocks, by trace_filter", () => isList("trace_filter", [range]), {
		yes: "an account's payments are found without an index",
		no: "it is asked by ots_searchTransactionsAfter",
	});
	const otterscan = await finding(
		"an account's blocks, by ots_searchTransactionsAfter",
		async () => (await client.call("ots_searchTransactionsAfter", [NOBODY, Math.max(0, height - 1), 1])) !== null,
		{
			yes: "an account's payments are found without an index",
			no:
				filter.answer === "yes"
					? "trace_filter is asked"
					: "where an account's coins moved is found by its old balances, if it keeps them, or by an index (etherscan, blockscout); else tokens alone",
		},
	);
	return [
		await finding("all receipts of a block at once", () => isList("eth_getBlockReceipts", [at]), {
			yes: "a block costs few requests",
			no: "receipts come one by one: a block costs a request for each of its transactions",
		}),
		parity,
		geth,
		filter,
		otterscan,
	];
}

/** Logs, by as long a range as it answers. */
async function tokensFound(client: RpcClient, height: number) {
	let span = Math.min(FIRST_SPAN, height + 1);
	const topics = [TRANSFER, `0x${NOBODY.slice(2).padStart(64, "0")}`];
	const about = "tokens of an account, by logs";
	const found = await finding(
		about,
		async () => {
			for (;;) {
				try {
					return Array.isArray(await client.call("eth_getLogs", [{ fromBlock: hex(height - span + 1), toBlock: hex(height), topics }]));
				} catch (error) {
					if (!(error instanceof NodeError) || !MAY_BE_TOO_MUCH.has(error.code) || span <= 1) throw error;
					span = shorter(client.manners, span, error);
				}
			}
		},
		{ yes: "", no: "payments of tokens are found only in blocks that are fetched" },
	);
	if (found.answer !== "yes") return found;
	return { ...found, means: `payments of tokens are found, ${span} blocks or more at a time` };
}

async function oldBlocks(client: RpcClient) {
	return finding("the first blocks", async () => (await client.present("eth_getBlockByNumber", ["0x1", false])) !== null, {
		yes: "what happened long ago can be fetched",
		no: "old blocks are not kept: what happened then is not known from it",
	});
}

async function oldState(client: RpcClient, height: number) {
	const about = "balances of long ago (archive)";
	if (height <= KEPT_BY_ALL)
		return { about, answer: "not known" as const, means: `the chain has ${height} blocks, whose state every node keeps` };
	return finding(about, async () => typeof (await client.present("eth_getBalance", [NOBODY, "0x1"])) === "string", {
		yes: "what an account held before a case begins is known, and where its coins moved is found without an index",
		no: "what an account held before a case begins is not known from it: opening balances are a gap, and where its coins moved takes an index",
	});
}
