import { type ErrorCode, InputError, NodeError, rememberEndpoint, rememberSecret, scrub } from "@clew/core";
import { parseExactJson } from "../../exact-json.js";
import { type HttpAnswer, type HttpOptions, httpClient } from "../../http/http-client.js";

/** A node of Tron over java-tron's HTTP API. */
export interface TronClient {
	readonly name: string;
	readonly secrets: readonly string[];
	/** The answer to one request, every number as its digits. Throws NodeError: `NODE_UNSUPPORTED` where it does not offer the method. */
	call(method: string, body: object): Promise<unknown>;
	/** The same of a path with its query, which is read. */
	get(path: string): Promise<unknown>;
	requests(): number;
}

const KEY_HEADER = "TRON-PRO-API-KEY";
/** TronGrid shuts out for five seconds who asks too often without a key. With one it says for how long, and longer who goes on. */
const REST_MS = 5_500;
const SHUT_OUT = /suspended for ([0-9]{1,3}) ?s/;
const SECOND_MS = 1_000;
const ATTEMPTS = 8;
const MAX_ECHO = 160;
const ABSENT = new Set([404, 405, 501]);

/**
 * Makes a client; nothing is called yet. A URL with a user and no password, `https://KEY@HOST`, sends this as the key of TronGrid. Throws
 * InputError for a URL that is none.
 */
export function tronClient(url: string, options: HttpOptions = {}): TronClient {
	const { secrets, name } = rememberEndpoint(url);
	const { target, key } = keyOf(url);
	const headers = key === undefined ? {} : { [KEY_HEADER]: key };
	// The key is not in the URL any more, and may stand in an answer as before.
	const onExchange: HttpOptions["onExchange"] = (exchange) => options.onExchange?.({ ...exchange, secrets });
	const onUnanswered: HttpOptions["onUnanswered"] = (request) => options.onUnanswered?.({ ...request, secrets });
	const http = httpClient(target, { attempts: ATTEMPTS, restMs: REST_MS, shutOutMs, ...options, headers, onExchange, onUnanswered });
	const fail = (code: ErrorCode & `NODE_${string}`, method: string, text: string, retryable = false) =>
		new NodeError(code, name, `${method}: ${scrub(text, secrets).slice(0, MAX_ECHO)}`, { retryable });

	/** What an answer says; `method` names it in errors. */
	function answered({ status, body: bytes }: HttpAnswer, method: string): unknown {
		if (ABSENT.has(status)) throw fail("NODE_UNSUPPORTED", method, `the node does not offer it (HTTP ${status})`);
		let answer: unknown;
		try {
			answer = parseExactJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes), method);
		} catch (error) {
			if (!(error instanceof InputError || error instanceof TypeError)) throw error;
			throw fail("NODE_BAD_ANSWER", method, `the answer (HTTP ${status}) is not JSON: an HTML page, or cut off`, true);
		}
		const said = errorIn(answer);
		if (said !== undefined) throw fail("NODE_BAD_ANSWER", method, `the node says: ${said}`, true);
		if (status >= 400) throw fail("NODE_BAD_ANSWER", method, `HTTP ${status}`);
		return answer;
	}

	return {
		name,
		secrets,
		requests: () => http.requests(),
		call: async (method, body) => http.post(JSON.stringify(body), `/${method}`, (answer) => answered(answer, method)),
		get: async (path) => http.get(`/${path}`, (answer) => answered(answer, path.split("?")[0] as string)),
	};
}

/** How long the server says that it is suspended, and half a second; it sends no Retry-After, and 403 in place of 429, too. */
function shutOutMs(body: string): number | undefined {
	const seconds = SHUT_OUT.exec(body)?.[1];
	return seconds === undefined ? undefined : (Number(seconds) + 0.5) * SECOND_MS;
}

/** java-tron says what went wrong with status 200, too; TronGrid's lists say whether they succeeded. */
function errorIn(answer: unknown): string | undefined {
	if (typeof answer !== "object" || answer === null) return undefined;
	const { Error: said, success, error } = answer as { Error?: unknown; success?: unknown; error?: unknown };
	if (said !== undefined) return String(said);
	return success === false ? `it did not succeed${error === undefined ? "" : `: ${String(error)}`}` : undefined;
}

function keyOf(url: string): { target: string; key: string | undefined } {
	if (!URL.canParse(url)) return { target: url, key: undefined };
	const parsed = new URL(url);
	if (parsed.username === "" || parsed.password !== "") return { target: url, key: undefined };
	const key = decodeURIComponent(parsed.username);
	rememberSecret(key);
	parsed.username = "";
	return { target: parsed.href, key };
}
