import { NodeError, scrub, throwIfAborted } from "@clew/core";
import pLimit from "p-limit";
import { type HttpClient, type HttpOptions, httpClient } from "../http/http-client.js";
import { mostCalls, RefusedError } from "../http/refusals.js";
import { type Outcome, type RpcCall, readAnswers } from "./rpc-answers.js";

/** How a node is called. */
export interface RpcOptions extends HttpOptions {
	/** Requests under way at once. */
	readonly concurrency?: number;
	/** Calls in one HTTP request at most. */
	readonly batch?: number;
	/** Blocks in one question at most, as was learned before; see {@link Manners}. */
	readonly blocks?: number | undefined;
	/** Take a node's word for blocks whose hashes do not come out, as `node-unverified`, on every chain. */
	readonly trust?: boolean;
}

/** What was learned of how an endpoint wants to be asked. */
export interface Manners {
	/** Calls in one request. */
	batch: number;
	/** Blocks in one question at most; undefined while none was refused for its length. */
	blocks: number | undefined;
}

/** A JSON-RPC client for one node: batches, bounds, retries with backoff, and tells errors apart. */
export interface RpcClient {
	/** Host and public words of the path, for messages and provenance. */
	readonly name: string;
	/** What of the URL is secret, to be taken out of what the node says. */
	readonly secrets: readonly string[];
	readonly manners: Manners;
	/** Throws NodeError; `NODE_UNSUPPORTED` when the node does not know the method, `NODE_TOO_MUCH` when a shorter range may be answered. */
	call(method: string, params: readonly unknown[]): Promise<unknown>;
	/** The same of what must be there: null is asked for again, since another server of the same name may have it. Null after all is given. */
	present(method: string, params: readonly unknown[]): Promise<unknown>;
	/** Calls sent so far, repeated ones included, each of a batch by itself. */
	requests(): number;
	/** Pause between requests as learned so far, in ms. */
	gapMs(): number;
	close(): void;
}

const DEFAULTS = { concurrency: 8, batch: 32, attempts: 6 };
const BATCH_STALL_MS = 2;
/** Tries for what should be there. */
const TRIES_IF_NULL = 3;
/** Methods that ask for a range of blocks. */
const RANGED = new Set(["eth_getLogs", "trace_filter"]);
const HALF = 2;

interface Waiting extends RpcCall {
	readonly params: readonly unknown[];
	readonly resolve: (value: unknown) => void;
	readonly reject: (reason: unknown) => void;
}

/** Makes a client; nothing is called yet. Throws InputError for a URL that is none. */
export function rpcClient(url: string, options: RpcOptions = {}): RpcClient {
	const { concurrency, batch, attempts } = { ...DEFAULTS, ...options };
	const http = httpClient(url, { ...options, attempts });
	const manners: Manners = { batch, blocks: options.blocks };
	const ask = batching(http, manners, concurrency, options.signal);

	return {
		name: http.name,
		secrets: http.secrets,
		manners,
		call: (method, params) => http.again(() => ask.send(method, params)),
		async present(method, params) {
			const missing = new NodeError("NODE_BAD_ANSWER", http.name, `${method}: null`, { retryable: true });
			let nulls = 0;
			const asked = http.again(async () => {
				const answer = await ask.send(method, params);
				if (answer === null && ++nulls < TRIES_IF_NULL) throw missing;
				return answer;
			});
			return asked.catch((error: unknown) => {
				if (error === missing) return null;
				throw error;
			});
		},
		requests: () => ask.sent(),
		gapMs: () => http.gapMs(),
		close: () => undefined,
	};
}

/**
 * Sends calls that come together as one request, in as many as the endpoint bears at once; a refused batch is sent again in smaller ones.
 */
function batching(http: HttpClient, manners: Manners, concurrency: number, signal: AbortSignal | undefined) {
	const queue: Waiting[] = [];
	const limit = pLimit(concurrency);
	let [sent, next] = [0, 1];
	let stalled = false;

	/** As many requests as the queue fills are under way or wait for their turn; each takes what it bears when its turn comes. */
	function pump(): void {
		while (limit.pendingCount < Math.ceil(queue.length / manners.batch)) void limit(exchange);
	}

	async function exchange(): Promise<void> {
		const calls = queue.splice(0, manners.batch);
		if (calls.length === 0) return;
		const bodies = calls.map(({ id, method, params }) => ({ jsonrpc: "2.0", id, method, params }));
		sent += calls.length;
		try {
			throwIfAborted(signal);
			const answered = await http.postOnce(JSON.stringify(bodies.length === 1 ? bodies[0] : bodies), (answer) => read(calls, answer));
			calls.forEach((one, i) => {
				const outcome = answered[i] as Outcome;
				if ("failure" in outcome) one.reject(outcome.failure);
				else one.resolve(http.secrets.length === 0 ? outcome.result : scrubAnswer(outcome.result, http.secrets));
			});
		} catch (error) {
			if (calls.length > 1 && shrinks(error, calls.length)) queue.unshift(...calls);
			else for (const one of calls) one.reject(error);
		}
		pump();
	}

	/** What came back. Throws the first failure where every call of several came too often, so that the pace is set by it. */
	function read(calls: readonly Waiting[], answer: Parameters<typeof readAnswers>[2]): readonly Outcome[] {
		const answered = readAnswers(http, calls, answer);
		const limited = answered.find((one) => "failure" in one && one.failure.code === "NODE_RATE_LIMIT");
		if (limited !== undefined && "failure" in limited) {
			if (!answered.some((one) => "result" in one)) throw limited.failure;
			http.slower(limited.failure);
		}
		return answered;
	}

	/** Takes note of a request that was too large; true where smaller ones are to be sent at once. */
	function shrinks(error: unknown, size: number): boolean {
		if (!(error instanceof NodeError)) return false;
		const smaller = Math.max(1, Math.floor(size / HALF));
		if (error instanceof RefusedError && error.kind === "batch") {
			manners.batch = Math.min(manners.batch, mostCalls(error.said) ?? smaller, size - 1);
			return true;
		}
		// An answer that does not come, or not whole, may be too large; and a limit of calls a second may be below the size of a batch.
		if (error.code === "NODE_TIMEOUT" || error.code === "NODE_BAD_ANSWER" || error.code === "NODE_RATE_LIMIT")
			manners.batch = Math.min(manners.batch, smaller);
		return false;
	}

	return {
		sent: () => sent,
		send: (method: string, params: readonly unknown[]) =>
			new Promise<unknown>((resolve, reject) => {
				queue.push({ id: next++, method, params, ranged: RANGED.has(method), resolve, reject });
				if (stalled) return;
				stalled = true;
				setTimeout(() => {
					stalled = false;
					pump();
				}, BATCH_STALL_MS);
			}),
	};
}

/** Takes secrets out of the words of an answer. Hex is left alone: it is data that hashes, and a short key may stand in it by chance. */
function scrubAnswer(value: unknown, secrets: readonly string[]): unknown {
	if (typeof value === "string") return /^0x[0-9a-f]*$/i.test(value) ? value : scrub(value, secrets);
	if (typeof value !== "object" || value === null) return value;
	for (const [key, one] of Object.entries(value)) (value as Record<string, unknown>)[key] = scrubAnswer(one, secrets);
	return value;
}
