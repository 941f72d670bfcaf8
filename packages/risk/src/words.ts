import { readFileSync } from "node:fs";
import { defang, InputError } from "@clew/core";
import { z } from "zod";
import { type Assessment, REASON_CODES, type Reason, type Verdict } from "./reason.js";

const VERDICTS = ["danger", "caution", "no-warning"] as const satisfies readonly Verdict[];

/** A message file: all words of one language. `{name}` stands for a fact. */
const messagesSchema = z.strictObject({
	language: z.string(),
	verdict: z.record(z.enum(VERDICTS), z.string()),
	reason: z.record(z.enum(REASON_CODES), z.string()),
	do: z.record(z.enum(VERDICTS), z.array(z.string())),
});
export type Messages = z.infer<typeof messagesSchema>;

/** What a person is told. */
export interface Advice {
	readonly sentence: string;
	readonly reasons: readonly string[];
	readonly whatToDo: readonly string[];
}

/** Reads a message file; without a path the English one. Throws InputError when words are missing. */
export function readMessages(path?: string): Messages {
	const place = path ?? new URL("../messages/en.json", import.meta.url);
	try {
		return messagesSchema.parse(JSON.parse(readFileSync(place, "utf8")));
	} catch (cause) {
		throw new InputError("is no complete message file", {
			where: String(path ?? "en.json"),
			cause,
			hint: "Copy messages/en.json of @clew/risk and translate every value.",
		});
	}
}

/** Puts an assessment into words: one sentence, the reasons, what to do now. Facts are shown defanged. */
export function adviceOf(assessment: Assessment, messages: Messages): Advice {
	const reasons = assessment.reasons.map((one) => wordsOf(one, messages));
	return {
		sentence: filled(messages.verdict[assessment.verdict], { sentence: reasons[0] ?? "" }, (text) => text),
		reasons,
		whatToDo: messages.do[assessment.verdict],
	};
}

function wordsOf({ code, facts }: Reason, messages: Messages): string {
	return filled(messages.reason[code], facts, defang);
}

function filled(template: string, facts: Readonly<Record<string, string>>, safe: (text: string) => string): string {
	return template.replace(/\{([a-z]+)\}/g, (_, name: string) => safe(facts[name] ?? ""));
}
