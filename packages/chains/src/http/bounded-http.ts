import { setTimeout as wait } from "node:timers/promises";
import { deadline, InputError, InterruptedError, readBounded } from "@clew/core";

/** What came back from a node, its body whole and unpacked. */
export interface BoundedAnswer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Uint8Array;
}

/** One request to a node and what came back, byte for byte, unpacked. */
export interface Exchange {
	/** The node's name, without secrets. */
	readonly endpoint: string;
	/** Body of the request, or its method and path. */
	readonly request: string;
	readonly status: number;
	readonly body: Uint8Array;
	/** What of the endpoint's URL is secret, and may stand in the answer. */
	readonly secrets: readonly string[];
}

/** One request to a node to which no answer came, with the code of why. */
export interface Unanswered extends Pick<Exchange, "endpoint" | "request" | "secrets"> {
	readonly failed: HttpFailure["code"];
}

/** Who is told of every request: of its answer, or that none came. */
export interface Recorder {
	readonly onExchange?: ((exchange: Exchange) => void) | undefined;
	readonly onUnanswered?: ((request: Unanswered) => void) | undefined;
}

/** Throws InputError (USAGE) for what is no URL of a node; `name` is the URL without secrets. */
export function mustBeHttp(url: string, name: string): void {
	if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
		throw new InputError(`${name}: is no URL of a node: only http and https are spoken`, {
			code: "USAGE",
			hint: "Give a URL: http://HOST:PORT, with what the node asks for in front of HOST or behind PORT.",
		});
}

/** Bounds of one request. */
export interface HttpBounds {
	/** From the request until the last byte of the answer: a byte now and then does not extend it. */
	readonly timeoutMs: number;
	readonly signal?: AbortSignal | undefined;
	/** Of the answer, unpacked; absent: what the largest blocks take. */
	readonly maxBytes?: number | undefined;
}

/** A block in JSON with receipts, or with previous outputs, is some 20 MB; a batch of them is more. */
const MAX_BODY_BYTES = 256 << 20;

/** Why there is no answer; the clients turn it into errors that name the node. */
export class HttpFailure extends Error {
	readonly code: "NODE_TIMEOUT" | "NODE_BAD_ANSWER" | "NODE_UNREACHABLE";
	readonly retryable: boolean;
	readonly hint: string;

	constructor(code: HttpFailure["code"], message: string, retryable: boolean, hint: string, cause?: unknown) {
		super(message, { cause });
		this.name = "HttpFailure";
		this.code = code;
		this.retryable = retryable;
		this.hint = hint;
	}
}

/**
 * One request to a node, whatever the node does: a deadline for the whole answer, a bound on its size after unpacking, no redirects (the
 * request and its key would go to somebody who was not named), and an end at the first signal. Throws HttpFailure and InterruptedError.
 */
export async function boundedFetch(
	url: string,
	init: RequestInit,
	{ timeoutMs, signal, maxBytes = MAX_BODY_BYTES }: HttpBounds,
): Promise<BoundedAnswer> {
	const limit = deadline(timeoutMs, signal);
	const { target, authorization } = withoutCredentials(url);
	try {
		const response = await fetch(target, {
			...init,
			headers: { ...(init.headers as Record<string, string> | undefined), ...authorization },
			redirect: "manual",
			signal: limit.signal,
		});
		if (response.status >= 300 && response.status < 400 && response.headers.has("location")) {
			await response.body?.cancel();
			throw new HttpFailure("NODE_UNREACHABLE", redirection(response, url), false, "Give the URL that it points to, if you trust it.");
		}
		const body = await readBounded(response.body, maxBytes);
		if (body === undefined)
			throw new HttpFailure("NODE_BAD_ANSWER", `an answer of more than ${maxBytes >> 20} MiB`, false, "Check the URL.");
		return { status: response.status, headers: Object.fromEntries(response.headers), body };
	} catch (cause) {
		if (cause instanceof HttpFailure) throw cause;
		if (signal?.aborted) throw new InterruptedError();
		if (limit.timedOut())
			throw new HttpFailure(
				"NODE_TIMEOUT",
				"no answer in time",
				true,
				"The node is slow or overloaded; raise --timeout, or try a smaller range.",
				cause,
			);
		const { cause: inner } = cause as { cause?: { code?: string } };
		throw new HttpFailure("NODE_UNREACHABLE", inner?.code ?? "no connection", true, "Check the URL and that the node runs.", cause);
	} finally {
		limit.done();
	}
}

/** User and password of a URL are sent as HTTP basic authentication: `fetch` refuses them in the URL. */
function withoutCredentials(url: string): { target: string; authorization: Record<string, string> } {
	const parsed = new URL(url);
	if (parsed.username === "" && parsed.password === "") return { target: url, authorization: {} };
	const credentials = `${decodeURIComponent(parsed.username)}:${decodeURIComponent(parsed.password)}`;
	parsed.username = "";
	parsed.password = "";
	return { target: parsed.href, authorization: { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` } };
}

/** Only the host of the place it points to is told: the rest may hold a key. */
function redirection(response: Response, url: string): string {
	const target = response.headers.get("location") ?? "";
	const { host = "", protocol = "" } = URL.canParse(target, url) ? new URL(target, url) : {};
	const place = host || protocol || "somewhere";
	return `HTTP ${response.status}: it points to another place (${place})`;
}

/** Waits before the next try; a signal ends the wait, and whoever waits looks at the signal next. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
	await wait(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {});
}
