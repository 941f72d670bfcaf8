import { InputError } from "@clew/core";
import type { Desk, Refusal } from "./desk.js";
import { type Dialect, UNKNOWN_READ } from "./dialect.js";
import type { Sending } from "./methods.js";
import { type PlainCall, plainCall } from "./strict-json.js";

/** What becomes of a text of JSON-RPC. */
export type Sorted =
	/** It goes on so; `answers` are told beside what the node answers, in one list. */
	| { readonly forward: string; readonly answers: readonly object[] }
	/** Nothing of it goes on. */
	| { readonly answer: object | readonly object[] }
	| { readonly tooMany: string };

/** Calls of one batch that are judged. */
const MAX_BATCH = 1_000;
/** JSON-RPC: held back by the guard (EIP-1474 leaves -32000 to -32099 to servers); no JSON; no call. */
const CODE = { held: -32_090, parse: -32_700, invalid: -32_600 } as const;
/** What is said of a call that not all would read alike. */
const INVALID =
	"Clew's guard: a call that may send something has the keys jsonrpc, id, method and params, each written so, and a batch is a plain list of such calls. Nothing was sent.";

/**
 * Judges what a text would send. What only reads, by anybody's reading, goes on as it came, to the byte; of all else only what was judged
 * is written anew, since one key may stand twice or in two letter cases, and be read one way here and another there.
 */
export async function sortCalls(body: string, dialect: Dialect, desk: Desk): Promise<Sorted> {
	if (!desk.isLimited && !dialect.mayBeJudged(body) && !carries(body, dialect)) return { forward: body, answers: [] };
	let parsed: unknown;
	try {
		parsed = JSON.parse(body);
	} catch {
		return { answer: { jsonrpc: "2.0", id: null, error: { code: CODE.parse, message: "no JSON" } } };
	}
	const invalid = { jsonrpc: "2.0", id: null, error: { code: CODE.invalid, message: INVALID } };
	const judged = (one: PlainCall) => judgeCall(one, dialect, desk);
	if (!Array.isArray(parsed)) {
		const call = plainCall(parsed);
		if (call === undefined) return { answer: invalid };
		const answer = await judged(call);
		return answer === undefined ? { forward: JSON.stringify(call), answers: [] } : { answer };
	}
	if (parsed.length > MAX_BATCH) return { tooMany: `At most ${MAX_BATCH} calls in a batch that sends something.` };
	const calls = parsed.map(plainCall).filter((call) => call !== undefined);
	if (calls.length !== parsed.length || calls.length === 0) return { answer: invalid };
	const answers = await Promise.all(calls.map(judged));
	const heldBack = answers.filter((one) => one !== undefined);
	const passed = calls.filter((_, i) => answers[i] === undefined);
	return passed.length === 0 ? { answer: heldBack } : { forward: JSON.stringify(passed), answers: heldBack };
}

/** The node's answer to what went on of a batch, with the answers of what did not. */
export function together(told: unknown, answers: readonly object[]): readonly unknown[] {
	return [...(Array.isArray(told) ? told : [told]), ...answers];
}

/** The answer to a call that is held back; undefined: it goes on. */
async function judgeCall(call: PlainCall, dialect: Dialect, desk: Desk): Promise<object | undefined> {
	const { method: name, params } = call;
	const refusal = await desk.judged({
		name,
		key: `${name} ${JSON.stringify(params)}`,
		read: () => sendingOf(call, dialect, desk.isLimited),
	});
	return refusal === undefined ? undefined : answerOf(call, refusal, dialect);
}

/** Whether a signed transaction stands anywhere in a text, or so much that nobody can say. */
function carries(body: string, dialect: Dialect): boolean {
	try {
		return dialect.carried(body).length > 0;
	} catch {
		return true;
	}
}

/** What a method sends by its name, or, whatever it is called, by what is in it. */
function sendingOf({ method, params }: PlainCall, dialect: Dialect, isLimited: boolean): Sending | undefined {
	const known = dialect.sendingOf(method, params);
	if (known !== undefined) return known;
	const intents = dialect.carried(JSON.stringify(params ?? null), method);
	if (intents.length > 0) return { leaves: true, intents };
	if (isLimited && !dialect.reads.test(method)) throw new InputError(UNKNOWN_READ);
	return undefined;
}

function answerOf({ jsonrpc, id = null }: PlainCall, { message, held }: Refusal, { doubt }: Dialect): object {
	const asked = held === undefined ? doubt?.(message) : undefined;
	const error = asked ?? { code: CODE.held, message, ...(held === undefined ? {} : { data: held }) };
	// Before version 2 an answer has both.
	return jsonrpc === "2.0" ? { jsonrpc, id, error } : { result: null, error, id };
}
