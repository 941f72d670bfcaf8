import { ANSWERS, type Files, mustBeFlat, parseCanonical, RECEIVED, readLines, sha256Hex } from "../bundle/files.js";
import { integer, line, sha256 } from "../bundle/formats.js";
import { bytesOf, fromBase64 } from "../encoding/bytes.js";
import { canonical } from "../encoding/canonical.js";
import { int, is, isRecord, object, text } from "../encoding/shape.js";
import { type Fail, Refusal } from "../failure.js";
import { isOfEvm } from "./answered.js";

const receivedShape = object({
	schema: is("clew.received/1"),
	endpoint: line,
	at: line,
	status: int(0, 999),
	bytes: integer,
	sha256,
	"request?": text(),
	"requestWithheld?": line,
	"text?": text(),
	"base64?": text(),
	"withheld?": line,
});

interface Received {
	readonly bytes: string;
	readonly sha256: string;
	readonly request?: string;
	readonly requestWithheld?: string;
	readonly text?: string;
	readonly base64?: string;
	readonly withheld?: string;
}

/**
 * Answers as they came have the size and the hash that are stated, and each block of an EVM chain in `answers/` is one of them, unless some
 * were withheld. That a node sent them at that time is their maker's word.
 */
export function checkReceived(files: Files, fail: Fail): void {
	const told = new Set<string>();
	let withheld = false;
	const parts = [...files.keys()].filter((path) => RECEIVED.test(path)).sort();
	if (parts.length === 0) return;
	for (const path of parts)
		for (const [i, text] of (readLines(files, path, fail) ?? []).entries()) {
			try {
				const answer = parseCanonical<Received>(text, receivedShape);
				withheld ||= answer.withheld !== undefined;
				for (const result of resultsOf(checked(answer))) told.add(sha256Hex(canonical(result)));
			} catch (error) {
				fail(`${path} line ${i + 1}`, (error as Error).message);
			}
		}
	if (withheld) return;
	for (const path of [...files.keys()].filter((one) => ANSWERS.test(one)).sort())
		for (const [i, text] of (readLines(files, path, fail) ?? []).entries()) {
			const where = `${path} line ${i + 1}`;
			try {
				const block = blockIn(text);
				if (block !== undefined && !told.has(sha256Hex(canonical(block)))) fail(where, "its block is none that was received");
			} catch (error) {
				fail(where, (error as Error).message);
			}
		}
}

/** The body of an answer; undefined where it was withheld. Throws Error where it is not what is stated of it. */
function checked(answer: Received): string | undefined {
	const { text, base64, withheld, request, requestWithheld } = answer;
	if ((request === undefined) === (requestWithheld === undefined)) throw new Refusal("states no request, or two");
	if ([text, base64, withheld].filter((one) => one !== undefined).length !== 1) throw new Refusal("states no body, or two");
	if (withheld !== undefined) return undefined;
	const data = text === undefined ? fromBase64(base64 ?? "") : bytesOf(text);
	if (data.length.toString() !== answer.bytes) throw new Refusal(`its body has ${data.length} bytes, not ${answer.bytes}`);
	if (sha256Hex(data) !== answer.sha256) throw new Refusal("its body does not hash to what is stated");
	return text;
}

/** The results of a JSON-RPC answer, or of a batch; none where it is no such thing. */
function resultsOf(text: string | undefined): unknown[] {
	try {
		mustBeFlat(text ?? "");
		const value: unknown = JSON.parse(text ?? "null");
		return (Array.isArray(value) ? value : [value]).flatMap((one) => (isRecord(one) && isRecord(one["result"]) ? [one["result"]] : []));
	} catch {
		return [];
	}
}

/** The block of a line of `answers/`, where it is an object as nodes of EVM chains tell it. */
function blockIn(text: string): unknown {
	mustBeFlat(text);
	try {
		const line: unknown = JSON.parse(text);
		const answers = isRecord(line) ? line["answers"] : undefined;
		return isRecord(answers) && isOfEvm(answers["schema"]) && isRecord(answers["block"]) ? answers["block"] : undefined;
	} catch {
		return undefined;
	}
}
