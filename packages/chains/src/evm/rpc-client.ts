import { InterruptedError, NodeError, throwIfAborted } from "@clew/core";
import { FetchRequest, JsonRpcProvider, Network } from "ethers";
import pLimit from "p-limit";
import { boundedFetch, pause } from "../bounded-http.js";
import { classify } from "./rpc-errors.js";

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
	/** Calls sent so far, repeated ones included. */
	requests(): number;
	close(): void;
}

const DEFAULTS = { concurrency: 8, batch: 32, timeoutMs: 30_000, attempts: 6 };
const BACKOFF_FIRST_MS = 250;
const BACKOFF_LONGEST_MS = 20_000;
const BATCH_STALL_MS = 2;

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
	const sleep = options.sleep ?? ((ms: number) => pause(ms, options.signal));
	const name = redactUrl(url);
	if (!/^https?:\/\//.test(url)) throw new NodeError("NODE_UNREACHABLE", name, "only http and https URLs are spoken to");
	const request = new FetchRequest(url);
	// Ethers sets a timeout on silence only, unpacks without a bound and follows redirects.
	request.getUrlFunc = async ({ url: target, method, headers, body }) => {
		const init = { method, headers, ...(body === null ? {} : { body: body as Uint8Array<ArrayBuffer> }) };
		const { status, headers: answered, body: content } = await boundedFetch(target, init, { timeoutMs, signal: options.signal });
		return { statusCode: status, statusMessage: "", headers: answered, body: content };
	};
	// Retries are ours: ethers would take Retry-After for milliseconds.
	request.setThrottleParams({ maxAttempts: 1 });
	const provider = new JsonRpcProvider(request, undefined, {
		staticNetwork: Network.from(chain),
		batchMaxCount: batch,
		batchStallTime: BATCH_STALL_MS,
		cacheTimeout: -1,
	});
	const limit = pLimit(concurrency * batch);
	let sent = 0;

	async function withRetries(method: string, params: readonly unknown[]): Promise<unknown> {
		for (let attempt = 1; ; attempt++) {
			throwIfAborted(options.signal);
			sent++;
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
		requests: () => sent,
		close: () => provider.destroy(),
	};
}

/** Exponential backoff with full jitter (AWS Architecture Blog, 2015): timing only, never part of a result. */
function backoff(attempt: number): number {
	return Math.random() * Math.min(BACKOFF_LONGEST_MS, BACKOFF_FIRST_MS * 2 ** attempt);
}
