import { scrub } from "@clew/core";
import { z } from "zod";
import type { Exchange, Unanswered } from "./bounded-http.js";

/** Secrets of so many characters stand in no hex by chance: they are taken out of data, too. */
const LONG = 16;
/** Hex in quotes: data, in which a short secret may stand by chance and must not be touched. */
const HEX = /("(?:0x)?[0-9a-fA-F]*")/;

const answered = z.strictObject({ endpoint: z.string(), request: z.string(), status: z.number().int(), text: z.string() });
const unanswered = z.strictObject({ endpoint: z.string(), request: z.string(), failed: z.string() });
const head = z.strictObject({ schema: z.literal("clew.session/1"), tool: z.string(), at: z.string() });

/** One request of a recorded session, and what came back, or the code of why nothing did. */
export type Recorded = z.infer<typeof answered> | z.infer<typeof unanswered>;

/** First line of a recorded session: which version of Clew recorded it, and when (ISO time). */
export function sessionHead(tool: string, at: string): string {
	return JSON.stringify({ schema: "clew.session/1", tool, at });
}

/** A request and its answer as a line of a recorded session, without headers, and without what is secret of the endpoint's URL. */
export function sessionLine(one: Exchange | Unanswered): string {
	const { endpoint, secrets } = one;
	const request = withoutSecrets(one.request, secrets);
	const told: Recorded =
		"failed" in one
			? { endpoint, request, failed: one.failed }
			: { endpoint, request, status: one.status, text: withoutSecrets(new TextDecoder().decode(one.body), secrets) };
	return JSON.stringify(told);
}

/** What a recorded session holds, in order. Throws ZodError or SyntaxError for a file that is none. */
export function readSession(text: string): readonly Recorded[] {
	const [first = "", ...lines] = text.split("\n").filter((line) => line !== "");
	head.parse(JSON.parse(first));
	return lines.map((line) => z.union([answered, unanswered]).parse(JSON.parse(line)));
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
	const short = secrets.filter((secret) => secret.length < LONG);
	const clean = text.split(HEX).map((part, i) => (i % 2 === 0 ? scrub(part, short) : part));
	return scrub(
		clean.join(""),
		secrets.filter((secret) => secret.length >= LONG),
	);
}
