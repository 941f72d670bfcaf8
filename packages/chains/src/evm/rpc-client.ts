import { InterruptedError, rememberEndpoint, scrub, throwIfAborted } from "@clew/core";
import { FetchRequest, type JsonRpcPayload, JsonRpcProvider, type JsonRpcResult, Network } from "ethers";
import pLimit from "p-limit";
import { boundedFetch, type Exchange, mustBeHttp, pause } from "../bounded-http.js";
import { backoff } from "../retry.js";
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
	/** Take a node's word for blocks whose hashes do not come out, as `node-unverified`, on every chain. */
	readonly trust?: boolean;
	/** Told of every answer as it came. */
	readonly onExchange?: (exchange: Exchange) => void;
}

/** A JSON-RPC client for one node: batches, bounds, retries with backoff, and tells errors apart. */
export interface RpcClient {
	/** Host and public words of the path, for messages and provenance. */
	readonly name: string;
	/** What of the URL is secret, to be taken out of what the node says. */
	readonly secrets: readonly string[];
	/** Throws NodeError; `NODE_UNSUPPORTED` when the node does not know the method. */
	call(method: string, params: readonly unknown[]): Promise<unknown>;
	/** Calls sent so far, repeated ones included. */
	requests(): number;
	close(): void;
}

const DEFAULTS = { concurrency: 8, batch: 32, timeoutMs: 30_000, attempts: 6 };
const BATCH_STALL_MS = 2;

/** Bytes of a refusal that are looked at for what the node says. */
const QUOTED_BYTES = 64 << 10;

/**
 * Reads answers as one text. Ethers reads them into a list of characters, which ends the process, not the call, from some hundred MB on
 * (a list of V8 has at most 2^27 entries or so), and takes many times as long.
 */
class BoundedProvider extends JsonRpcProvider {
	override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
		const request = this._getConnection();
		request.body = JSON.stringify(payload);
		request.setHeader("content-type", "application/json");
		const response = await request.send();
		response.assertOk();
		const answer: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(response.body ?? new Uint8Array()));
		return (Array.isArray(answer) ? answer : [answer]).filter((one) => typeof one === "object" && one !== null) as JsonRpcResult[];
	}
}

/**
 * Makes a client over ethers. `chain` is the eip155 number that the node must serve; nothing is called yet. Throws InputError for a URL
 * that is none.
 */
export function rpcClient(url: string, chain: bigint, options: RpcOptions = {}): RpcClient {
	const { concurrency, batch, timeoutMs, attempts } = { ...DEFAULTS, ...options };
	const sleep = options.sleep ?? ((ms: number) => pause(ms, options.signal));
	const { name, secrets } = rememberEndpoint(url);
	mustBeHttp(url, name);
	const request = new FetchRequest(url);
	// Ethers sets a timeout on silence only, unpacks without a bound and follows redirects.
	request.getUrlFunc = async ({ url: target, method, headers, body }) => {
		const init = { method, headers, ...(body === null ? {} : { body: body as Uint8Array<ArrayBuffer> }) };
		const { status, headers: answered, body: content } = await boundedFetch(target, init, { timeoutMs, signal: options.signal });
		const asked = body === null ? `${method} /` : Buffer.from(body).toString("utf8");
		options.onExchange?.({ endpoint: name, request: asked, status, body: content, secrets });
		// What ethers quotes of a refusal it decodes a character at a time.
		const quoted = status < 300 ? content : content.subarray(0, QUOTED_BYTES);
		return { statusCode: status, statusMessage: "", headers: answered, body: quoted };
	};
	// Retries are ours: ethers would take Retry-After for milliseconds.
	request.setThrottleParams({ maxAttempts: 1 });
	// Else it makes an "HTTP 599" of its own from the answer of a node that asks to wait.
	request.retryFunc = async () => false;
	const provider = new BoundedProvider(request, undefined, {
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
				const answer: unknown = await provider.send(method, [...params]);
				return secrets.length === 0 ? answer : scrubAnswer(answer, secrets);
			} catch (error) {
				if (options.signal?.aborted) throw new InterruptedError();
				const { failure, waitMs } = classify({ name, secrets }, method, error);
				if (!failure.retryable || attempt >= attempts) throw failure;
				await sleep(waitMs ?? backoff(attempt));
			}
		}
	}

	return {
		name,
		secrets,
		call: (method, params) => limit(() => withRetries(method, params)),
		requests: () => sent,
		close: () => provider.destroy(),
	};
}

/** Takes secrets out of the words of an answer. Hex is left alone: it is data that hashes, and a short key may stand in it by chance. */
function scrubAnswer(value: unknown, secrets: readonly string[]): unknown {
	if (typeof value === "string") return /^0x[0-9a-f]*$/i.test(value) ? value : scrub(value, secrets);
	if (typeof value !== "object" || value === null) return value;
	for (const [key, one] of Object.entries(value)) (value as Record<string, unknown>)[key] = scrubAnswer(one, secrets);
	return value;
}
