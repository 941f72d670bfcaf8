import { NodeError, scrub } from "@clew/core";
import { z } from "zod";
import type { HttpAnswer, HttpClient } from "../http/http-client.js";
import { RefusedError, refusalOf } from "../http/refusals.js";

const answerShape = z.looseObject({ status: z.string(), message: z.string().nullish(), result: z.unknown() });
const MAX_ECHO = 120;

/**
 * Reads an answer of an Etherscan-compatible API (Etherscan, Blockscout, Routescan), which says with HTTP 200 that it was asked too often.
 * Throws NodeError, retryable where asking again may help.
 */
export function readExplorer<T>(
	{ name, secrets }: Pick<HttpClient, "name" | "secrets">,
	action: string,
	shape: z.ZodType<T>,
	{ status, body }: HttpAnswer,
): T {
	const bad = (what: string, retryable = false) => new NodeError("NODE_BAD_ANSWER", name, `${action}: ${what}`, { retryable });
	let parsed: unknown;
	try {
		parsed = JSON.parse(body.toString("utf8"));
	} catch {
		throw bad(`the answer (HTTP ${status}) is not JSON: an HTML page, or cut off`, true);
	}
	const answer = answerShape.safeParse(parsed);
	if (!answer.success) throw bad("the answer has not the expected form");
	const { message, result } = answer.data;
	const rows = shape.safeParse(result);
	if (rows.success) return rows.data;
	const said = scrub([message, result].filter((word) => typeof word === "string").join(" "), secrets);
	const kind = refusalOf({ message: said, status });
	const text = `${action}: ${said.slice(0, MAX_ECHO)}`;
	// What an account's list says of a range is no word on the range: it has pages.
	throw kind === undefined ? bad(said.slice(0, MAX_ECHO)) : new RefusedError(name, text, { kind, said });
}
