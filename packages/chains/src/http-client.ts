import { type ErrorCode, NodeError, rememberEndpoint, safeCause, throwIfAborted } from "@clew/core";
import { type BoundedAnswer, boundedFetch, type Exchange, HttpFailure, mustBeHttp, pause } from "./bounded-http.js";
import { backoff, LONGEST_ASKED_MS, retryAfter } from "./retry.js";

/** How a node is called over plain HTTP. */
export interface HttpOptions {
	readonly timeoutMs?: number;
	/** Tries per call, the first included. */
	readonly attempts?: number;
	readonly signal?: AbortSignal;
	/** Waits; tests pass their own. */
	readonly sleep?: (ms: number) => Promise<void>;
	/** Sent with every request. What is secret of them is for the caller to remember. */
	readonly headers?: Readonly<Record<string, string>>;
	/** Nothing at all is sent for so long after 429 and 503, where the answer names no other wait: such endpoints shut out who goes on. */
	readonly restMs?: number;
	/**
	 * For how many milliseconds an answer of 403, 429 or 503 says in its body that it shuts out who asks; undefined where it does not say so.
	 * A 403 that does is no refusal of who asks.
	 */
	readonly shutOutMs?: (body: string) => number | undefined;
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
	/** `path` is relative to the URL given, which is asked itself without. */
	post(body: string, path?: string): Promise<HttpAnswer>;
	/** Requests sent so far, repeated ones included. */
	requests(): number;
}

const DEFAULTS = { timeoutMs: 30_000, attempts: 5 };
const TOO_MANY = 429;
const SERVER_ERROR = 500;
const UNAVAILABLE = 503;
const FORBIDDEN = 403;

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
	/** While this is set nothing is sent. */
	let rest: Promise<void> | undefined;

	function shutOut(answer: BoundedAnswer | undefined): number | undefined {
		if (answer === undefined || ![FORBIDDEN, TOO_MANY, UNAVAILABLE].includes(answer.status)) return undefined;
		const told = options.shutOutMs?.(Buffer.from(answer.body.buffer).toString("utf8"));
		return told === undefined ? undefined : Math.min(told, LONGEST_ASKED_MS);
	}

	/** Waits before the next try, with everybody else where too much was asked. */
	async function wait(attempt: number, answer: BoundedAnswer | undefined): Promise<void> {
		const asked = retryAfter(answer?.headers);
		const told = shutOut(answer);
		const least = told !== undefined || answer?.status === TOO_MANY || answer?.status === UNAVAILABLE ? options.restMs : undefined;
		if (least === undefined) return sleep(asked ?? backoff(attempt));
		rest ??= sleep(asked ?? told ?? least).finally(() => {
			rest = undefined;
		});
		await rest;
		// Not all at once again.
		await sleep(backoff(attempt));
	}

	async function once(target: string, init: RequestInit): Promise<BoundedAnswer> {
		await rest;
		throwIfAborted(options.signal);
		sent++;
		try {
			const answer = await boundedFetch(target, init, { timeoutMs, signal: options.signal });
			const { status, body } = answer;
			const asked = typeof init.body === "string" ? init.body : `${init.method ?? "GET"} ${target.slice(base.length) || "/"}`;
			options.onExchange?.({ endpoint: name, request: asked, status, body, secrets });
			return answer;
		} catch (error) {
			if (!(error instanceof HttpFailure)) throw error;
			throw fail(error.code, error.message, error.retryable, error.hint, error.cause);
		}
	}

	async function withRetries(target: string, init: RequestInit, isAnswer: (answer: HttpAnswer) => boolean): Promise<HttpAnswer> {
		for (let attempt = 1; ; attempt++) {
			let told: BoundedAnswer | undefined;
			try {
				told = await once(target, init);
				const answer = { status: told.status, body: Buffer.from(told.body.buffer) };
				const isShutOut = shutOut(told) !== undefined;
				if (answer.status === 401 || (answer.status === FORBIDDEN && !isShutOut))
					throw fail(
						"NODE_UNREACHABLE",
						`HTTP ${answer.status}: it refuses whoever asks (user and password, or a key)`,
						false,
						"Write them into the URL as it asks for them: http://user:password@host:port, a path or a query.",
					);
				if (answer.status === TOO_MANY || isShutOut)
					throw fail("NODE_RATE_LIMIT", "too many requests", true, "Wait, or lower --concurrency.");
				if (answer.status >= SERVER_ERROR && !isAnswer(answer))
					throw fail("NODE_UNREACHABLE", `HTTP ${answer.status}`, true, "The node is overloaded or starting.");
				return answer;
			} catch (error) {
				if (!(error instanceof NodeError) || !error.retryable || attempt >= attempts) throw error;
				await wait(attempt, told);
			}
		}
	}

	return {
		name,
		secrets,
		requests: () => sent,
		get: (path) => withRetries(`${base}${path}`, { method: "GET", headers: { ...options.headers } }, () => false),
		// Bitcoin Core sends its own errors with HTTP 500 and a JSON body: that is an answer.
		post: (body, path = "") =>
			withRetries(
				`${base}${path}`,
				{ method: "POST", body, headers: { "content-type": "application/json", ...options.headers } },
				({ status, body: [first] }) => status === SERVER_ERROR && first === 0x7b,
			),
	};
}
