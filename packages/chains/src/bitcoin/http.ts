import { deadline, type ErrorCode, InterruptedError, NodeError, rememberEndpoint, safeCause, throwIfAborted } from "@clew/core";

/** How a Bitcoin node is called. */
export interface HttpOptions {
	readonly timeoutMs?: number;
	/** Tries per call, the first included. */
	readonly attempts?: number;
	readonly signal?: AbortSignal;
	/** Waits; tests pass their own. */
	readonly sleep?: (ms: number) => Promise<void>;
}

/** What came back. A body above {@link MAX_BODY_BYTES} is refused while it is read. */
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
/** A block in JSON with previous outputs is some 20 MB. */
const MAX_BODY_BYTES = 128 << 20;
const BACKOFF_FIRST_MS = 250;
const RETRYABLE_FROM = 500;

/** Makes a client; user and password of the URL become HTTP basic authentication. Throws NodeError for a URL that is none. */
export function httpClient(url: string, options: HttpOptions = {}): HttpClient {
	const { timeoutMs, attempts } = { ...DEFAULTS, ...options };
	const { name, secrets } = rememberEndpoint(url);
	if (!/^https?:\/\//.test(url) || !URL.canParse(url))
		throw new NodeError("NODE_UNREACHABLE", name, "only http and https URLs are spoken to");
	const parsed = new URL(url);
	const credentials = `${decodeURIComponent(parsed.username)}:${decodeURIComponent(parsed.password)}`;
	const headers: Record<string, string> =
		credentials === ":" ? {} : { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` };
	parsed.username = "";
	parsed.password = "";
	const base = parsed.href.replace(/\/$/, "");
	const sleep = options.sleep ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
	const fail = (code: ErrorCode & `NODE_${string}`, text: string, retryable: boolean, hint: string, cause?: unknown) =>
		new NodeError(code, name, text, { retryable, hint, ...(cause === undefined ? {} : { cause: safeCause(cause, secrets) }) });

	let sent = 0;

	async function once(target: string, init: RequestInit): Promise<HttpAnswer> {
		sent++;
		const limit = deadline(timeoutMs, options.signal);
		try {
			const response = await fetch(target, { ...init, headers: { ...headers, ...init.headers }, signal: limit.signal });
			return { status: response.status, body: await boundedBody(response) };
		} catch (cause) {
			if (cause instanceof NodeError) throw cause;
			if (options.signal?.aborted) throw new InterruptedError();
			if (limit.timedOut())
				throw fail("NODE_TIMEOUT", "no answer in time", true, "The node is slow or overloaded; raise --timeout.", cause);
			const { cause: inner } = cause as { cause?: { code?: string } };
			throw fail("NODE_UNREACHABLE", inner?.code ?? "no connection", true, "Check the URL and that the node runs.", cause);
		} finally {
			limit.done();
		}
	}

	async function boundedBody(response: Response): Promise<Buffer> {
		const parts: Uint8Array[] = [];
		let size = 0;
		for await (const part of response.body ?? []) {
			size += part.length;
			if (size > MAX_BODY_BYTES)
				throw fail("NODE_BAD_ANSWER", `an answer of more than ${MAX_BODY_BYTES >> 20} MiB`, false, "Check the URL.");
			parts.push(part);
		}
		return Buffer.concat(parts);
	}

	async function withRetries(target: string, init: RequestInit, isAnswer: (answer: HttpAnswer) => boolean): Promise<HttpAnswer> {
		for (let attempt = 1; ; attempt++) {
			throwIfAborted(options.signal);
			try {
				const answer = await once(target, init);
				if (answer.status === 401 || answer.status === 403)
					throw fail(
						"NODE_UNREACHABLE",
						`HTTP ${answer.status}: the node refuses user or password`,
						false,
						"Write them into the URL: http://user:password@host:port.",
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
