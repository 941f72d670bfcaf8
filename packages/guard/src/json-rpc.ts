import type { Desk, Refusal } from "./desk.js";
import type { Dialect } from "./dialect.js";

/** What becomes of a text of JSON-RPC. */
export type Sorted =
	/** It goes on so; `answers` are told beside what the node answers, in one list. */
	| { readonly forward: string; readonly answers: readonly object[] }
	/** Nothing of it goes on. */
	| { readonly answer: object | readonly object[] }
	| { readonly tooMany: string };

interface Call {
	readonly jsonrpc?: unknown;
	readonly id?: unknown;
	readonly method?: unknown;
	readonly params?: unknown;
}

/** Calls of one batch that are judged. */
const MAX_BATCH = 1_000;
/** JSON-RPC: held back by the guard (EIP-1474 leaves -32000 to -32099 to servers); no JSON. */
const CODE = { held: -32_090, parse: -32_700 } as const;

/** Judges what a text would send. What only reads goes on as it came, to the byte. */
export async function sortCalls(body: string, dialect: Dialect, desk: Desk): Promise<Sorted> {
	if (!dialect.mayBeJudged(body)) return { forward: body, answers: [] };
	let parsed: unknown;
	try {
		parsed = JSON.parse(body);
	} catch {
		return { answer: { jsonrpc: "2.0", id: null, error: { code: CODE.parse, message: "no JSON" } } };
	}
	const judged = (one: unknown) => judgeCall(one as Call, dialect, desk);
	if (!Array.isArray(parsed)) {
		const answer = await judged(parsed);
		// One key may stand twice, and be read one way here and another there: what was judged is what is sent.
		return answer === undefined ? { forward: saysMore(body, parsed) ? JSON.stringify(parsed) : body, answers: [] } : { answer };
	}
	if (parsed.length > MAX_BATCH) return { tooMany: `At most ${MAX_BATCH} calls in a batch that sends something.` };
	const answers = await Promise.all(parsed.map(judged));
	const heldBack = answers.filter((one) => one !== undefined);
	const passed = parsed.filter((_, i) => answers[i] === undefined);
	return passed.length === 0 && heldBack.length > 0 ? { answer: heldBack } : { forward: JSON.stringify(passed), answers: heldBack };
}

/** The node's answer to what went on of a batch, with the answers of what did not. */
export function together(told: unknown, answers: readonly object[]): readonly unknown[] {
	return [...(Array.isArray(told) ? told : [told]), ...answers];
}

/** The answer to a call that is held back; undefined: it goes on. */
async function judgeCall(call: Call, dialect: Dialect, desk: Desk): Promise<object | undefined> {
	if (typeof call !== "object" || call === null || typeof call.method !== "string") return undefined;
	const { method: name, params } = call;
	const refusal = await desk.judged({
		name,
		key: `${name} ${JSON.stringify(params)}`,
		read: () => dialect.sendingOf(name, params),
	});
	return refusal === undefined ? undefined : answerOf(call, refusal, dialect);
}

function answerOf({ jsonrpc, id = null }: Call, { message, held }: Refusal, { doubt }: Dialect): object {
	const asked = held === undefined ? doubt?.(message) : undefined;
	const error = asked ?? { code: CODE.held, message, ...(held === undefined ? {} : { data: held }) };
	// Before version 2 an answer has both.
	return jsonrpc === "2.0" ? { jsonrpc, id, error } : { result: null, error, id };
}

/** Whether a text says more than what was read from it: a key twice. White space aside, equal texts are as long. */
function saysMore(body: string, parsed: unknown): boolean {
	return JSON.stringify(parsed).length !== body.replace(/\s/g, "").length;
}
