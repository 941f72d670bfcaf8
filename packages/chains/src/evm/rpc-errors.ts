import { type ClewErrorOptions, NodeError, safeCause, scrub } from "@clew/core";
import { isError } from "ethers";
import { HttpFailure } from "../bounded-http.js";
import { retryAfter } from "../retry.js";

/** JSON-RPC error codes with which nodes say that they do not know a method (met in trials). */
const UNKNOWN_METHOD = new Set([-32601, -32004, -32700]);
/** EIP-1474. */
const LIMIT_EXCEEDED = -32005;
const UNAUTHORISED = new Set([401, 403]);
const NOT_FOUND = 404;
const TOO_MANY = 429;
const SERVER_ERROR = 500;
/** So much of what a node says is repeated. Cut after secrets were taken out: half a secret would not be found. */
const MAX_ECHO = 200;

interface Classified {
	readonly failure: NodeError;
	/** The wait that the node asked for. */
	readonly waitMs?: number;
}

/**
 * Turns what ethers throws into a NodeError with the right code, and the wait that the node asked for. What the node echoes is scrubbed
 * of what was sent in secret.
 */
export function classify({ name, secrets }: { name: string; secrets: readonly string[] }, method: string, error: unknown): Classified {
	const make: Make = (code, text, options = {}) =>
		new NodeError(code, name, `${method}: ${scrub(text, secrets).slice(0, MAX_ECHO)}`, { cause: safeCause(error, secrets), ...options });
	if (error instanceof HttpFailure) {
		const { code, message, retryable, hint } = error;
		return { failure: make(code, message, { retryable, hint }) };
	}
	const rpc = rpcErrorOf(error);
	if (rpc !== undefined) return { failure: fromRpc(rpc, make) };
	const status = statusOf(error);
	const byStatus = status === undefined ? undefined : fromStatus(status, make);
	if (byStatus === undefined) return { failure: fromText(error, make) };
	const waitMs = retryAfter(responseOf(error)?.headers);
	return { failure: byStatus, ...(waitMs === undefined ? {} : { waitMs }) };
}

type Make = (code: NodeError["code"] & `NODE_${string}`, text: string, options?: ClewErrorOptions) => NodeError;

/** The node answered with an error of its own. */
function fromRpc({ code, message }: RpcError, make: Make): NodeError {
	if (UNKNOWN_METHOD.has(code) || /method (is )?not|unknown method|not supported|unsupported/i.test(message)) {
		return make("NODE_UNSUPPORTED", `the node does not offer it (${code})`);
	}
	const text = message;
	if (code === LIMIT_EXCEEDED || /rate.?limit|too many|limit exceeded|capacity exceeded/i.test(message))
		return make("NODE_RATE_LIMIT", text, { retryable: true });
	return make("NODE_BAD_ANSWER", `${text} (${code})`);
}

/** Whatever stands before the node answered: a proxy, a gateway, a login. */
function fromStatus(status: number, make: Make): NodeError | undefined {
	if (status === TOO_MANY) return make("NODE_RATE_LIMIT", "too many requests", { retryable: true, hint: "Wait, or lower --concurrency." });
	if (status >= SERVER_ERROR) return make("NODE_UNREACHABLE", `HTTP ${status}`, { retryable: true });
	if (UNAUTHORISED.has(status)) return make("NODE_UNREACHABLE", `HTTP ${status}: the node refuses this key`, { hint: "Check the URL." });
	return status === NOT_FOUND ? make("NODE_UNREACHABLE", "HTTP 404", { hint: "Check the path of the URL." }) : undefined;
}

/** No answer, or none that can be read; ethers tells which only in words. */
function fromText(error: unknown, make: Make): NodeError {
	const text = error instanceof Error ? error.message : String(error);
	const retryable = true;
	if (isError(error, "TIMEOUT"))
		return make("NODE_TIMEOUT", "no answer in time", { retryable, hint: "The node is slow or overloaded; try a smaller range." });
	if (/missing response for request/i.test(text))
		return make("NODE_BAD_ANSWER", "the answer to a batch lacks a part", { retryable, hint: "Try --batch 1." });
	if (/JSON|Unexpected token|not valid for encoding|invalid (response|result)/i.test(text)) {
		return make("NODE_BAD_ANSWER", "the answer is not JSON-RPC (an HTML page, or cut off)", {
			retryable,
			hint: "Check that the URL is that of an RPC endpoint.",
		});
	}
	return make("NODE_UNREACHABLE", text.split(" (")[0] ?? "", { retryable, hint: "Check the URL and that the node runs." });
}

interface RpcError {
	readonly code: number;
	readonly message: string;
}

function rpcErrorOf(error: unknown): RpcError | undefined {
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
