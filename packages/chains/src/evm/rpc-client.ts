import { type ClewErrorOptions, InterruptedError, NodeError, throwIfAborted } from "@clew/core";
import { FetchRequest, isError, JsonRpcProvider, Network } from "ethers";
import pLimit from "p-limit";

/** How a node is called. */
export interface RpcOptions {
	/** Calls under way at once. */
	readonly concurrency?: number;
	/** Calls in one HTTP request. */
	readonly batch?: number;
	readonly timeoutMs?: number;
	/** Tries per call, the first included. */
	readonly attempts?: number;
	/** Waits; tests pass their own. */
	readonly sleep?: (ms: number) => Promise<void>;
	readonly signal?: AbortSignal;
}

/** A JSON-RPC client for one node: batches, bounds, retries with backoff, and tells errors apart. */
export interface RpcClient {
	/** Host and path without secrets, for messages and provenance. */
	readonly name: string;
	/** Throws NodeError; `NODE_UNSUPPORTED` when the node does not know the method. */
	call(method: string, params: readonly unknown[]): Promise<unknown>;
	close(): void;
}

const DEFAULTS = { concurrency: 8, batch: 32, timeoutMs: 30_000, attempts: 6 };
const BACKOFF_FIRST_MS = 250;
const BACKOFF_LONGEST_MS = 20_000;
const BATCH_STALL_MS = 2;
/** JSON-RPC error codes with which nodes say that they do not know a method (met in trials). */
const UNKNOWN_METHOD = new Set([-32601, -32004, -32700]);
const TOO_MANY = 429;
const SERVER_ERROR = 500;

/** Host, port and path of a URL without user, password, query, or path parts that look like a key. */
export function redactUrl(url: string): string {
	let parsed: URL;
	try {
		parsed = new URL(url);
	} catch {
		return "(not a URL)";
	}
	const path = parsed.pathname
		.split("/")
		.map((part) => (part.length >= 16 ? "***" : part))
		.join("/");
	return `${parsed.protocol}//${parsed.host}${path === "/" ? "" : path}`;
}

/** Makes a client over ethers. `chain` is the eip155 number that the node must serve; nothing is called yet. Throws NodeError for a URL that is none. */
export function rpcClient(url: string, chain: bigint, options: RpcOptions = {}): RpcClient {
	const { concurrency, batch, timeoutMs, attempts } = { ...DEFAULTS, ...options };
	const sleep = options.sleep ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
	const name = redactUrl(url);
	if (!/^https?:\/\//.test(url)) throw new NodeError("NODE_UNREACHABLE", name, "only http and https URLs are spoken to");
	const request = new FetchRequest(url);
	request.timeout = timeoutMs;
	// Retries are ours: ethers would take Retry-After for milliseconds.
	request.setThrottleParams({ maxAttempts: 1 });
	const provider = new JsonRpcProvider(request, undefined, {
		staticNetwork: Network.from(chain),
		batchMaxCount: batch,
		batchStallTime: BATCH_STALL_MS,
		cacheTimeout: -1,
	});
	const limit = pLimit(concurrency * batch);

	async function withRetries(method: string, params: readonly unknown[]): Promise<unknown> {
		for (let attempt = 1; ; attempt++) {
			throwIfAborted(options.signal);
			try {
				return await provider.send(method, [...params]);
			} catch (error) {
				if (options.signal?.aborted) throw new InterruptedError();
				const { failure, waitMs } = classify(name, method, error);
				if (!failure.retryable || attempt >= attempts) throw failure;
				await sleep(waitMs ?? backoff(attempt));
			}
		}
	}

	return {
		name,
		call: (method, params) => limit(() => withRetries(method, params)),
		close: () => provider.destroy(),
	};
}

/** Exponential backoff with full jitter (AWS Architecture Blog, 2015): timing only, never part of a result. */
function backoff(attempt: number): number {
	return Math.random() * Math.min(BACKOFF_LONGEST_MS, BACKOFF_FIRST_MS * 2 ** attempt);
}

interface Classified {
	readonly failure: NodeError;
	/** The wait that the node asked for. */
	readonly waitMs?: number;
}

/** Turns what ethers throws into a NodeError with the right code. */
export function classify(name: string, method: string, error: unknown): Classified {
	const make = (code: NodeError["code"] & `NODE_${string}`, text: string, options: ClewErrorOptions = {}): NodeError =>
		new NodeError(code, name, `${method}: ${text}`, { cause: error, ...options });
	const rpc = rpcErrorOf(error);
	if (rpc !== undefined) {
		if (
			UNKNOWN_METHOD.has(rpc.code) ||
			(/not (found|supported|available)|does not exist|unknown method|unsupported/i.test(rpc.message) && rpc.code !== -32000)
		) {
			return { failure: make("NODE_UNSUPPORTED", `the node does not offer it (${rpc.code})`) };
		}
		if (rpc.code === -32005 || /rate|too many|limit exceeded|capacity/i.test(rpc.message))
			return { failure: make("NODE_RATE_LIMIT", rpc.message.slice(0, 200), { retryable: true }) };
		return { failure: make("NODE_BAD_ANSWER", `${rpc.message.slice(0, 200)} (${rpc.code})`) };
	}
	const status = statusOf(error);
	if (status === TOO_MANY)
		return {
			failure: make("NODE_RATE_LIMIT", "too many requests", { retryable: true, hint: "Wait, or lower --concurrency." }),
			...retryAfter(error),
		};
	if (status !== undefined && status >= SERVER_ERROR)
		return { failure: make("NODE_UNREACHABLE", `HTTP ${status}`, { retryable: true }), ...retryAfter(error) };
	if (status === 401 || status === 403)
		return { failure: make("NODE_UNREACHABLE", `HTTP ${status}: the node refuses this key`, { hint: "Check the URL." }) };
	if (status === 404) return { failure: make("NODE_UNREACHABLE", "HTTP 404", { hint: "Check the path of the URL." }) };
	if (isError(error, "TIMEOUT"))
		return {
			failure: make("NODE_TIMEOUT", "no answer in time", { retryable: true, hint: "The node is slow or overloaded; try a smaller range." }),
		};
	const text = error instanceof Error ? error.message : String(error);
	if (/missing response for request/i.test(text))
		return { failure: make("NODE_BAD_ANSWER", "the answer to a batch lacks a part", { retryable: true, hint: "Try --batch 1." }) };
	if (/JSON|Unexpected token|invalid (response|result)/i.test(text)) {
		return {
			failure: make("NODE_BAD_ANSWER", "the answer is not JSON-RPC (an HTML page, or cut off)", {
				retryable: true,
				hint: "Check that the URL is that of an RPC endpoint.",
			}),
		};
	}
	return {
		failure: make("NODE_UNREACHABLE", text.split(" (")[0]?.slice(0, 120) ?? "", {
			retryable: true,
			hint: "Check the URL and that the node runs.",
		}),
	};
}

function rpcErrorOf(error: unknown): { code: number; message: string } | undefined {
	const candidates = [(error as { error?: unknown })?.error, (error as { info?: { error?: unknown } })?.info?.error];
	for (const c of candidates) {
		const { code, message } = (c ?? {}) as { code?: unknown; message?: unknown };
		if (typeof code === "number") return { code, message: typeof message === "string" ? message : "" };
	}
	return undefined;
}

function responseOf(error: unknown): { statusCode?: number; headers?: Record<string, string> } | undefined {
	const e = error as {
		response?: { statusCode?: number; headers?: Record<string, string> };
		info?: { response?: { statusCode?: number } };
	};
	return e?.response ?? e?.info?.response;
}

function statusOf(error: unknown): number | undefined {
	const direct = responseOf(error)?.statusCode;
	if (typeof direct === "number") return direct;
	const match = /server response (\d{3})/.exec(error instanceof Error ? error.message : "");
	return match ? Number(match[1]) : undefined;
}

/** Retry-After in seconds or as a date (RFC 9110), bounded. */
function retryAfter(error: unknown): { waitMs?: number } {
	const header = responseOf(error)?.headers?.["retry-after"];
	if (!header) return {};
	const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
	return Number.isFinite(seconds) ? { waitMs: Math.min(Math.max(0, seconds * 1000), 60_000) } : {};
}
