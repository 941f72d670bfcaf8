import { type ErrorCode, NodeError, safeCause, scrub } from "@clew/core";
import type { HttpAnswer } from "../http/http-client.js";
import { type RefusalKind, RefusedError, refusalOf } from "../http/refusals.js";

/** What is read of an answer: who gave it, and what of it is secret. */
interface Teller {
	readonly name: string;
	readonly secrets: readonly string[];
}

/** One question of a request. */
export interface RpcCall {
	readonly id: number;
	readonly method: string;
	/** True where a range of blocks is asked for. */
	readonly ranged: boolean;
}

/** What became of one call. */
export type Outcome = { readonly result: unknown } | { readonly failure: NodeError };

/** So much of what a node says is repeated. Cut after secrets were taken out: half a secret would not be found. */
const MAX_ECHO = 200;
/** Bytes of a refusal that are looked at. */
const QUOTED_BYTES = 64 << 10;
const BAD_REQUEST = 400;
const UNAUTHORISED = new Set([401, 403]);
const TOO_LARGE = new Set([BAD_REQUEST, 413]);

interface Part {
	readonly id?: unknown;
	readonly result?: unknown;
	readonly error?: unknown;
}

/**
 * Reads the answer to one call, or to several in one request; outcomes in the order of the calls. Throws NodeError where the answer as a
 * whole is none, and RefusedError of the kind `batch` where several calls in one request are refused as such, in whichever form.
 */
export function readAnswers(teller: Teller, calls: readonly RpcCall[], { status, body }: HttpAnswer): readonly Outcome[] {
	const about = calls.length === 1 ? (calls[0] as RpcCall).method : `${calls.length} calls`;
	const parts = partsOf(teller, about, calls.length, status, body);
	if (isList(parts)) return outcomes(teller, calls, parts, status);
	const said = errorOf(parts);
	if (said === undefined) {
		if (calls.length === 1 && status < BAD_REQUEST) return outcomes(teller, calls, [parts], status);
		throw byStatus(teller, about, calls.length, status) ?? bad(teller, about, "the answer is not JSON-RPC");
	}
	if (calls.length === 1) return [{ failure: failureOf(teller, calls[0] as RpcCall, said, status) }];
	throw asWhole(teller, about, said, status);
}

const isList = (parts: Part | readonly Part[]): parts is readonly Part[] => Array.isArray(parts);

/** The parts of a body: one object, or a list of them. Throws NodeError. */
function partsOf(teller: Teller, about: string, calls: number, status: number, body: Buffer): Part | readonly Part[] {
	if (status >= BAD_REQUEST && body.length > QUOTED_BYTES) throw byStatus(teller, about, calls, status);
	let parsed: unknown;
	try {
		parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
	} catch (error) {
		throw byStatus(teller, about, calls, status) ?? bad(teller, about, "the answer is not JSON-RPC (an HTML page, or cut off)", error);
	}
	const isPart = (one: unknown): one is Part => typeof one === "object" && one !== null && !Array.isArray(one);
	if (isPart(parsed)) return parsed;
	const parts = Array.isArray(parsed) ? parsed.filter(isPart) : [];
	if (parts.length === 0) throw byStatus(teller, about, calls, status) ?? bad(teller, about, "the answer is not JSON-RPC");
	return parts;
}

function outcomes(teller: Teller, calls: readonly RpcCall[], parts: readonly Part[], status: number): readonly Outcome[] {
	const byId = new Map(parts.map((part) => [String(part.id), part]));
	const [only] = parts;
	const said = only === undefined ? undefined : errorOf(only);
	// One error, without the id of a call, is about all of them.
	if (parts.length === 1 && said !== undefined && (calls.length === 1 || !calls.some(({ id }) => byId.has(String(id))))) {
		if (calls.length === 1) return [{ failure: failureOf(teller, calls[0] as RpcCall, said, status) }];
		throw asWhole(teller, `${calls.length} calls`, said, status);
	}
	// Some servers repeat one refusal of the batch for every call of it.
	const refused = calls.length > 1 && parts.every((part) => kindOf(errorOf(part), status) === "batch") ? said : undefined;
	if (refused !== undefined) throw asWhole(teller, `${calls.length} calls`, refused, status);
	return calls.map((call): Outcome => {
		const part = byId.get(String(call.id));
		if (part === undefined) return { failure: bad(teller, call.method, "the answer to a batch lacks a part", undefined, "Try --batch 1.") };
		const error = errorOf(part);
		if (error !== undefined) return { failure: failureOf(teller, call, error, status) };
		return "result" in part ? { result: part.result } : { failure: bad(teller, call.method, "the answer is not JSON-RPC") };
	});
}

interface RpcError {
	readonly code: number | undefined;
	readonly message: string;
}

function errorOf({ error }: Part): RpcError | undefined {
	if (error === undefined || error === null) return undefined;
	if (typeof error === "string") return { code: undefined, message: error };
	const { code, message, data } = error as { code?: unknown; message?: unknown; data?: unknown };
	// Parity and its heirs say in the data what failed.
	const more = typeof data === "string" && !/^0x/.test(data) ? `: ${data}` : "";
	return { code: typeof code === "number" ? code : undefined, message: `${typeof message === "string" ? message : ""}${more}` };
}

function kindOf(error: RpcError | undefined, status: number): RefusalKind | undefined {
	return error === undefined ? undefined : refusalOf({ ...error, status });
}

/** The error of one call. */
function failureOf(teller: Teller, { method, ranged }: RpcCall, { code, message }: RpcError, status: number): NodeError {
	const kind = refusalOf({ message, code, status, ranged });
	const coded = code === undefined ? "" : ` (${code})`;
	if (kind === undefined) {
		const refused = UNAUTHORISED.has(status) ? keyRefused(teller, method, status) : undefined;
		return refused ?? make("NODE_BAD_ANSWER", teller, method, `${message}${coded}`);
	}
	const text = kind === "absent" ? `the node does not offer it${coded}` : `${message}${coded}`;
	return new RefusedError(teller.name, shown(teller, method, text), { kind, said: scrub(message, teller.secrets) });
}

/** An error that stands for all calls of a request: as long as it names nothing else, they were too many at once. */
function asWhole(teller: Teller, about: string, { code, message }: RpcError, status: number): NodeError {
	const kind = refusalOf({ message, code, status });
	const passes = kind === "too-often" || kind === "spent" || kind === "key" || kind === "again";
	const text = shown(teller, about, `${message}${code === undefined ? "" : ` (${code})`}`);
	return new RefusedError(teller.name, text, { kind: passes ? kind : "batch", said: scrub(message, teller.secrets) });
}

/** What a status says where the body says nothing. */
function byStatus(teller: Teller, about: string, calls: number, status: number): NodeError | undefined {
	if (status < BAD_REQUEST) return undefined;
	if (UNAUTHORISED.has(status)) return keyRefused(teller, about, status);
	if (calls > 1 && TOO_LARGE.has(status))
		return new RefusedError(teller.name, shown(teller, about, `HTTP ${status}`), { kind: "batch", said: "" });
	const kind = refusalOf({ message: "", status });
	if (kind === "too-often") return new RefusedError(teller.name, shown(teller, about, "too many requests"), { kind, said: "" });
	const isDown = status >= 500;
	const hint = status === 404 ? "Check the path of the URL." : "The node is overloaded or starting.";
	return make("NODE_UNREACHABLE", teller, about, `HTTP ${status}`, { retryable: isDown, ...(isDown || status === 404 ? { hint } : {}) });
}

function keyRefused(teller: Teller, about: string, status: number): NodeError {
	return make("NODE_UNREACHABLE", teller, about, `HTTP ${status}: the node refuses this key`, { hint: "Check the URL." });
}

function bad(
	teller: Teller,
	about: string,
	text: string,
	cause?: unknown,
	hint = "Check that the URL is that of an RPC endpoint.",
): NodeError {
	return make("NODE_BAD_ANSWER", teller, about, text, {
		retryable: true,
		hint,
		...(cause === undefined ? {} : { cause: safeCause(cause, teller.secrets) }),
	});
}

function make(
	code: ErrorCode & `NODE_${string}`,
	teller: Teller,
	about: string,
	text: string,
	options: { retryable?: boolean; hint?: string; cause?: Error } = {},
): NodeError {
	return new NodeError(code, teller.name, shown(teller, about, text), options);
}

function shown({ secrets }: Teller, about: string, text: string): string {
	return `${about}: ${scrub(text, secrets).slice(0, MAX_ECHO)}`;
}
