import { type ErrorCode, NodeError, rememberEndpoint, safeCause, throwIfAborted } from "@clew/core";
import { boundedFetch, type Exchange, HttpFailure, mustBeHttp, pause } from "../bounded-http.js";

/** How a Bitcoin node is called. */
export interface HttpOptions {
	readonly timeoutMs?: number;
	/** Tries per call, the first included. */
	readonly attempts?: number;
	readonly signal?: AbortSignal;
	/** Waits; tests pass their own. */
	readonly sleep?: (ms: number) => Promise<void>;
	/** Told of every answer as it came. */
	readonly onExchange?: (exchange: Exchange) => void;
}

/** What came back. */
export interface HttpAnswer {
	readonly status: number;
	readonly body: Buffer;
}

/** One HTTP endpoint: bounds, retries with backoff, errors in our words. */
export interface HttpClient {
	/** Scheme, host and public words of the path. */
	readonly name: string;
	/** What of the URL is secret, to be taken out of what the server says. */
	readonly secrets: readonly string[];
	/** `path` is relative to the URL given. Throws NodeError for everything but statuses below 500 other than 401, 403 and 429. */
	get(path: string): Promise<HttpAnswer>;
	post(body: string): Promise<HttpAnswer>;
	/** Requests sent so far, repeated ones included. */
	requests(): number;
}

const DEFAULTS = { timeoutMs: 30_000, attempts: 5 };
const BACKOFF_FIRST_MS = 250;
const RETRYABLE_FROM = 500;

/** Makes a client; user and password of the URL become HTTP basic authentication. Throws InputError for a URL that is none. */
export function httpClient(url: string, options: HttpOptions = {}): HttpClient {
	const { timeoutMs, attempts } = { ...DEFAULTS, ...options };
	const { name, secrets } = rememberEndpoint(url);
	mustBeHttp(url, name);
	const base = new URL(url).href.replace(/\/$/, "");
	const sleep = options.sleep ?? ((ms: number) => pause(ms, options.signal));
	const fail = (code: ErrorCode & `NODE_${string}`, text: string, retryable: boolean, hint: string, cause?: unknown) =>
		new NodeError(code, name, text, { retryable, hint, ...(cause === undefined ? {} : { cause: safeCause(cause, secrets) }) });

	let sent = 0;

	async function once(target: string, init: RequestInit): Promise<HttpAnswer> {
		sent++;
		try {
			const { status, body } = await boundedFetch(target, init, { timeoutMs, signal: options.signal });
			const asked = typeof init.body === "string" ? init.body : `${init.method ?? "GET"} ${target.slice(base.length) || "/"}`;
			options.onExchange?.({ endpoint: name, request: asked, status, body, secrets });
			return { status, body: Buffer.from(body.buffer) };
		} catch (error) {
			if (!(error instanceof HttpFailure)) throw error;
			throw fail(error.code, error.message, error.retryable, error.hint, error.cause);
		}
	}

	async function withRetries(target: string, init: RequestInit, isAnswer: (answer: HttpAnswer) => boolean): Promise<HttpAnswer> {
		for (let attempt = 1; ; attempt++) {
			throwIfAborted(options.signal);
			try {
				const answer = await once(target, init);
				if (answer.status === 401 || answer.status === 403)
					throw fail(
						"NODE_UNREACHABLE",
						`HTTP ${answer.status}: it refuses whoever asks (user and password, or a key)`,
						false,
						"Write them into the URL as it asks for them: http://user:password@host:port, a path or a query.",
					);
				if (answer.status === 429) throw fail("NODE_RATE_LIMIT", "too many requests", true, "Wait, or lower --concurrency.");
				if (answer.status >= RETRYABLE_FROM && !isAnswer(answer))
					throw fail("NODE_UNREACHABLE", `HTTP ${answer.status}`, true, "The node is overloaded or starting.");
				return answer;
			} catch (error) {
				if (!(error instanceof NodeError) || !error.retryable || attempt >= attempts) throw error;
				await sleep(BACKOFF_FIRST_MS * 2 ** (attempt - 1));
			}
		}
	}

	return {
		name,
		secrets,
		requests: () => sent,
		get: (path) => withRetries(`${base}${path}`, { method: "GET" }, () => false),
		// Bitcoin Core sends its own errors with HTTP 500 and a JSON body: that is an answer.
		post: (body) =>
			withRetries(base, { method: "POST", body, headers: { "content-type": "application/json" } }, (answer) => answer.body[0] === 0x7b),
	};
}
