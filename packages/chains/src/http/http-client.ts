import { type ErrorCode, NodeError, rememberEndpoint, safeCause, throwIfAborted } from "@clew/core";
import { type BoundedAnswer, boundedFetch, HttpFailure, mustBeHttp, pause, type Recorder } from "./bounded-http.js";
import { paceOf } from "./pace.js";
import { perSecond, RefusedError } from "./refusals.js";
import { backoff, LONGEST_ASKED_MS, retryAfter } from "./retry.js";

/** How a node, an explorer or any other source is called over HTTP. */
export interface HttpOptions extends Recorder {
	readonly timeoutMs?: number;
	/** Tries per call, the first included. */
	readonly attempts?: number;
	readonly signal?: AbortSignal;
	/** Waits; tests pass their own. */
	readonly sleep?: (ms: number) => Promise<void>;
	/** Milliseconds that are left: who asks for a longer wait is not asked again, and once none are nothing is sent any more. */
	readonly leftMs?: (() => number) | undefined;
	/** Of an answer, unpacked; absent: what the largest blocks take. */
	readonly maxBytes?: number | undefined;
	/** Sent with every request. What is secret of them is for the caller to remember. */
	readonly headers?: Readonly<Record<string, string>>;
	/** Nothing at all is sent for so long after 429 and 503, where the answer names no other wait: such endpoints shut out who goes on. */
	readonly restMs?: number;
	/** SHA-256 in hex of the one certificate that an Electrum server may show; absent: one that an authority vouches for. */
	readonly certificate?: string | undefined;
	/** Told of a certificate of an Electrum server that nobody vouches for, which is taken then. */
	readonly onCertificate?: ((sha256: string) => void) | undefined;
	/**
	 * For how many milliseconds an answer of 403, 429 or 503 says in its body that it shuts out who asks; undefined where it does not say so.
	 * A 403 that does is no refusal of who asks.
	 */
	readonly shutOutMs?: (body: string) => number | undefined;
}

/** What came back. */
export interface HttpAnswer {
	readonly status: number;
	readonly body: Buffer;
}

/**
 * Reads an answer. What it throws says what comes next: a retryable NodeError has the request sent again, {@link RefusedError} sets the
 * pace.
 */
export type Read<T> = (answer: HttpAnswer) => T;

/** One HTTP endpoint: bounds, the pace of its host, retries with backoff, errors in our words. */
export interface HttpClient {
	/** Scheme, host and public words of the path. */
	readonly name: string;
	/** What of the URL is secret, to be taken out of what the server says. */
	readonly secrets: readonly string[];
	/**
	 * `path` is relative to the URL given. Throws NodeError for everything but statuses below 500 other than 401, 403 and 429, and what `read`
	 * throws once the tries are used up.
	 */
	get(path: string): Promise<HttpAnswer>;
	get<T>(path: string, read: Read<T>): Promise<T>;
	/** `path` is relative to the URL given, which is asked itself without. */
	post(body: string, path?: string): Promise<HttpAnswer>;
	post<T>(body: string, path: string, read: Read<T>): Promise<T>;
	/** One request, once; every status whose body is JSON is for `read` to judge. For who makes one request of several questions. */
	postOnce<T>(body: string, read: Read<T>): Promise<T>;
	/** Does work that sends requests again while it fails in a way that may pass, so many times as this client tries, or `most` times. */
	again<T>(work: () => Promise<T>, most?: number): Promise<T>;
	/** Sets the pace by a part of an answer that was refused while others were given. */
	slower(refused: NodeError): void;
	/** Requests sent so far, repeated ones included. */
	requests(): number;
	/** Pause between requests to this host as learned so far, in ms. */
	gapMs(): number;
}

const DEFAULTS = { timeoutMs: 30_000, attempts: 5 };
const TOO_MANY = 429;
const SERVER_ERROR = 500;
const UNAVAILABLE = 503;
const UNAUTHORISED = 401;
const FORBIDDEN = 403;
const JSON_STARTS = new Set([0x7b, 0x5b]);

/** Makes a client; user and password of the URL become HTTP basic authentication. Throws InputError for a URL that is none. */
export function httpClient(url: string, options: HttpOptions = {}): HttpClient {
	const { timeoutMs, attempts } = { ...DEFAULTS, ...options };
	const { name, secrets } = rememberEndpoint(url);
	mustBeHttp(url, name);
	const whole = new URL(url).href;
	const base = whole.replace(/\/$/, "");
	const pace = paceOf(url);
	const sleep = options.sleep ?? ((ms: number) => pause(ms, options.signal));
	const fail = (code: ErrorCode & `NODE_${string}`, text: string, retryable: boolean, hint: string, cause?: unknown) =>
		new NodeError(code, name, text, { retryable, hint, ...(cause === undefined ? {} : { cause: safeCause(cause, secrets) }) });
	let sent = 0;
	/** Waits that answers asked for, by the errors that were made of them. */
	const asked = new WeakMap<object, { ms: number | undefined; all: boolean }>();

	function shutOut({ status, body }: BoundedAnswer): number | undefined {
		if (![FORBIDDEN, TOO_MANY, UNAVAILABLE].includes(status)) return undefined;
		const told = options.shutOutMs?.(Buffer.from(body.buffer).toString("utf8"));
		return told === undefined ? undefined : Math.min(told, LONGEST_ASKED_MS);
	}

	const leftMs = () => options.leftMs?.() ?? Number.POSITIVE_INFINITY;

	/** Waits before the next try, with everybody else where too much was asked. Throws the failure where there is no time for it. */
	async function wait(attempt: number, failure: NodeError): Promise<void> {
		const { ms, all } = asked.get(failure) ?? { ms: undefined, all: false };
		const own = ms ?? backoff(attempt);
		if (own > leftMs()) throw failure;
		if (ms === undefined) return sleep(own);
		if (!all) return sleep(ms);
		const began = await pace.rest(ms, sleep);
		// Not all at once again.
		if (!began || options.restMs !== undefined) await sleep(backoff(attempt));
	}

	async function exchange(target: string, init: RequestInit): Promise<BoundedAnswer> {
		await pace.turn(sleep);
		throwIfAborted(options.signal);
		const left = leftMs();
		if (left <= 0) throw fail("NODE_TIMEOUT", "the time is over, and it is not asked any more", false, "Call it again, it goes on.");
		sent++;
		const request = typeof init.body === "string" ? init.body : `${init.method ?? "GET"} ${target.slice(base.length) || "/"}`;
		try {
			const answer = await boundedFetch(target, init, {
				timeoutMs: Math.min(timeoutMs, Math.ceil(left)),
				signal: options.signal,
				maxBytes: options.maxBytes,
			});
			const { status, body } = answer;
			options.onExchange?.({ endpoint: name, request, status, body, secrets });
			return answer;
		} catch (error) {
			if (!(error instanceof HttpFailure)) throw error;
			options.onUnanswered?.({ endpoint: name, request, failed: error.code, secrets });
			throw fail(error.code, error.message, error.retryable, error.hint, error.cause);
		}
	}

	/** One request. What fails carries the wait that was asked for. */
	async function once<T>(target: string, init: RequestInit, isAnswer: (answer: HttpAnswer) => boolean, read: Read<T>): Promise<T> {
		const told = await exchange(target, init);
		const suspended = shutOut(told);
		try {
			const answer = { status: told.status, body: Buffer.from(told.body.buffer, told.body.byteOffset, told.body.byteLength) };
			mustBeServed(answer, suspended !== undefined, isAnswer);
			const value = read(answer);
			pace.answered();
			return value;
		} catch (error) {
			if (error instanceof NodeError) noteRefusal(error, told, suspended);
			throw error;
		}
	}

	const slower = (error: NodeError) => pace.slower(perSecond(error instanceof RefusedError ? error.said : ""));

	/** Sets the pace by what was refused, and notes the wait that was asked for. */
	function noteRefusal(error: NodeError, told: BoundedAnswer, suspended: number | undefined): void {
		const refused = error instanceof RefusedError ? error : undefined;
		if (error.code === "NODE_RATE_LIMIT") slower(error);
		const isLimit = told.status === TOO_MANY || told.status === UNAVAILABLE || suspended !== undefined;
		const ms = retryAfter(told.headers) ?? refused?.waitMs ?? suspended ?? (isLimit ? options.restMs : undefined);
		asked.set(error, { ms, all: isLimit });
	}

	function mustBeServed(answer: HttpAnswer, isShutOut: boolean, isAnswer: (answer: HttpAnswer) => boolean): void {
		const { status } = answer;
		if (isAnswer(answer)) return;
		if (status === TOO_MANY || isShutOut) throw fail("NODE_RATE_LIMIT", "too many requests", true, "Wait, or lower --concurrency.");
		if (status === UNAUTHORISED || status === FORBIDDEN)
			throw fail(
				"NODE_UNREACHABLE",
				`HTTP ${status}: it refuses whoever asks (user and password, or a key)`,
				false,
				"Write them into the URL as it asks for them: http://user:password@host:port, a path or a query.",
			);
		if (status >= SERVER_ERROR) throw fail("NODE_UNREACHABLE", `HTTP ${status}`, true, "The node is overloaded or starting.");
	}

	async function again<T>(work: () => Promise<T>, most = attempts): Promise<T> {
		for (let attempt = 1; ; attempt++) {
			try {
				return await work();
			} catch (error) {
				if (!(error instanceof NodeError) || !error.retryable || attempt >= Math.min(most, attempts)) throw error;
				await wait(attempt, error);
			}
		}
	}

	const get = <T>(path: string, read: Read<T>) =>
		again(() => once(`${base}${path}`, { method: "GET", headers: { ...options.headers } }, never, read));
	const posted = (body: string): RequestInit => ({
		method: "POST",
		body,
		headers: { "content-type": "application/json", ...options.headers },
	});
	// Bitcoin Core sends its own errors with HTTP 500 and a JSON body: that is an answer.
	const post = <T>(body: string, path: string, read: Read<T>) => again(() => once(`${base}${path}`, posted(body), isCoreError, read));
	return {
		name,
		secrets,
		requests: () => sent,
		gapMs: () => pace.gap,
		again,
		slower,
		get: <T>(path: string, read: Read<T> = asItCame as Read<T>) => get(path, read),
		post: <T>(body: string, path = "", read: Read<T> = asItCame as Read<T>) => post(body, path, read),
		postOnce: (body, read) => once(whole, posted(body), isJson, read),
	};
}

const asItCame = (answer: HttpAnswer): HttpAnswer => answer;
const never = (): boolean => false;
const isCoreError = ({ status, body: [first] }: HttpAnswer): boolean => status === SERVER_ERROR && first === 0x7b;
const isJson = ({ body: [first] }: HttpAnswer): boolean => first !== undefined && JSON_STARTS.has(first);
