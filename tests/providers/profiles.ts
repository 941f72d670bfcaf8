import type { Call, CallError, Profile, Reply } from "./proxy.js";

const TRACES = /^(trace_|debug_|ots_)/;

/** Blocks that a question for logs asks about. */
function span({ params }: Call): number {
	const { fromBlock, toBlock } = (params[0] ?? {}) as { fromBlock?: string; toBlock?: string };
	return fromBlock === undefined || toBlock === undefined ? 1 : Number(toBlock) - Number(fromBlock) + 1;
}

/** Refuses ranges of more than so many blocks. */
const range =
	(most: number, code: number, message: string) =>
	(call: Call): CallError | undefined =>
		(call.method === "eth_getLogs" || call.method === "trace_filter") && span(call) > most ? { code, message } : undefined;
const missing = ({ method }: Call): CallError => ({ code: -32601, message: `the method ${method} does not exist/is not available` });
const error = (code: number, message: string) => ({ jsonrpc: "2.0", id: null, error: { code, message } });

const SECOND_MS = 1_000;

/** Refuses calls above so many a second. */
function atMost(perSecond: number, refusal: Reply): (calls: readonly Call[]) => Reply | undefined {
	let [second, calls] = [0, 0];
	return ({ length }) => {
		const now = Math.floor(performance.now() / SECOND_MS);
		if (now !== second) [second, calls] = [now, 0];
		if (calls + length > perSecond) return refusal;
		calls += length;
		return undefined;
	};
}

/** Null in each third request for what was not null before: whoever asks again is told. */
function lagging(): NonNullable<Profile["change"]> {
	const missed = new Set<string>();
	return ({ method, params }, result, request) => {
		const call = `${method} ${JSON.stringify(params)}`;
		if (!/^eth_getBlock|Receipt$/.test(method) || request % 3 !== 0 || missed.has(call)) return result;
		missed.add(call);
		return null;
	};
}

const NO_STATE: CallError = { code: -32000, message: "missing trie node 9b2d (path ) state 0x9b2d is not available" };
/** The theft's chain has 181 blocks, and its last payment lies before this one. */
const KEPT_FROM = 170;

const PER_CALL = atMost(50, { body: "" });

/**
 * Providers whose answers are complete in the end, however they are given: they trace, and tell an account's blocks. What is followed
 * through them is what the node itself tells.
 */
export const WHOLE: readonly Profile[] = [
	{ name: "a node of one's own" },
	{
		name: "an archive without ots_, with short ranges and small batches (Alchemy)",
		refuse: (call) =>
			call.method.startsWith("ots_")
				? missing(call)
				: range(10, -32600, "Under the Free tier plan, you can make eth_getLogs requests with up to a 10 block range.")(call),
		request: (calls) => (calls.length > 20 ? { status: 413, body: "" } : undefined),
	},
	{
		name: "a free plan (dRPC)",
		refuse: range(50, 35, "ranges over 50 blocks are not supported on freetier"),
		request: (calls) =>
			calls.length > 3
				? {
						status: 500,
						body: error(31, "Batch of more than 3 requests are not allowed on free tier, to use this feature register paid account"),
					}
				: undefined,
	},
	{
		name: "50 calls a second, with Retry-After (QuickNode)",
		request: atMost(50, {
			status: 429,
			headers: { "retry-after": "1" },
			body: error(-32007, "50/second request limit reached - reduce calls per second"),
		}),
	},
	{
		name: "50 calls a second, for each call of a batch (Alchemy)",
		refuse: (call) => PER_CALL([call]) && { code: 429, message: "Your app has exceeded its compute units per second capacity." },
	},
	{
		name: "no batches at all",
		request: (_calls, isBatch) => (isBatch ? { body: error(-32600, "batch requests are not supported") } : undefined),
	},
	{
		name: "web pages in place of answers now and then",
		request: (_calls, _, request) => (request % 4 === 0 ? { body: "<html><title>Just a moment...</title></html>" } : undefined),
	},
	{ name: "answers that are cut off", text: (text, request) => (request % 5 === 0 ? text.slice(0, Math.floor(text.length / 2)) : text) },
	{
		name: "servers that lag: blocks and receipts that are there are null at first",
		change: lagging(),
	},
	{ name: "receipts one by one", refuse: (call) => (call.method === "eth_getBlockReceipts" ? missing(call) : undefined) },
	{
		name: "failures behind a gateway",
		request: (_calls, _, request) => (request % 6 === 0 ? { status: 502, body: "bad gateway" } : undefined),
	},
];

/** Keeps old states, and offers neither traces nor an index. What accounts paid is found by their states. */
export const OLD_STATES: Profile = {
	name: "a public archive: no traces, no index",
	refuse: (call) => (TRACES.test(call.method) ? missing(call) : undefined),
};

/** The same, without the receipts of whole blocks. */
export const ONE_BY_ONE: Profile = {
	name: "a public archive with receipts one by one",
	refuse: (call) => (TRACES.test(call.method) || call.method === "eth_getBlockReceipts" ? missing(call) : undefined),
};

/** An ordinary public node: blocks, logs and what is now, without traces, an index or old states. */
export const PLAIN: Profile = {
	name: "a public node: no traces, no index, no old states",
	refuse: (call) => {
		if (TRACES.test(call.method)) return missing(call);
		const isOfStates = /^eth_get(Balance|Code|TransactionCount)$|^eth_call$/.test(call.method);
		return isOfStates && Number(call.params.at(-1)) < KEPT_FROM ? NO_STATE : undefined;
	},
};

/** Providers that do not tell all: what is followed through them is a part of what the node tells, and says that it is one. */
export const PARTIAL: readonly Profile[] = [
	PLAIN,
	{
		name: "no traces, short ranges, no old state, three calls in a request",
		refuse: (call) => {
			if (TRACES.test(call.method) || call.method === "eth_getBlockReceipts") return missing(call);
			if (/^eth_get(Balance|Code|TransactionCount)$|^eth_call$/.test(call.method) && call.params.at(-1) !== "latest") return NO_STATE;
			return range(40, -32062, "Block range limit exceeded.")(call);
		},
		request: (calls) => (calls.length > 3 ? { body: error(-32600, "batch too large") } : undefined),
	},
	{
		name: "an allowance that is used up in the middle",
		request: (_calls, _, request) =>
			request > 14 ? { status: 429, body: error(-32005, "daily request count exceeded, request rate limited") } : undefined,
	},
	{
		name: "a node that goes away in the middle",
		request: (_calls, _, request) => (request > 14 ? { status: 503, body: "" } : undefined),
	},
];
