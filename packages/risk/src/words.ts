import { readFileSync } from "node:fs";
import { defang, defangLong, displayAddress, InputError } from "@clew/core";
import type { Messages } from "./messages.js";
import type { Assessment, Reason } from "./reason.js";

export type { Messages } from "./messages.js";

/** Languages whose words ship with Clew, ISO 639-1. All but English are drafts that say so. */
export const WORD_LANGUAGES = ["en", "es", "pt", "fr", "de", "zh"] as const;

/** What a person is told. */
export interface Advice {
	readonly sentence: string;
	readonly reasons: readonly string[];
	readonly whatToDo: readonly string[];
	/** What was not looked at, a sentence each. */
	readonly open: readonly string[];
	/** What stands before what to do. */
	readonly heading: string;
}

/** Reads a message file; without a path the English one, which is ours and is tested. Throws InputError when words are missing. */
export async function readMessages(path?: string): Promise<Messages> {
	if (path === undefined) return messagesIn("en");
	try {
		const { messagesSchema } = await import("./messages.js");
		return messagesSchema.parse(JSON.parse(readFileSync(path, "utf8")));
	} catch (cause) {
		throw new InputError("is no complete message file", {
			where: path,
			cause,
			hint: "Copy messages/en.json of @clew/risk and translate every value.",
		});
	}
}

/** The words of a language that ship with Clew; they are ours and tested. */
export function messagesIn(language: (typeof WORD_LANGUAGES)[number]): Messages {
	return JSON.parse(readFileSync(new URL(`../messages/${language}.json`, import.meta.url), "utf8")) as Messages;
}

/** Puts an assessment into words: one sentence, the reasons, what to do now. Facts are shown defanged. */
export function adviceOf(assessment: Assessment, messages: Messages): Advice {
	const reasons = assessment.reasons.map((one) => wordsOf(one, messages));
	return {
		sentence: filled(
			messages.verdict[assessment.verdict],
			{ sentence: reasons[0] ?? "", open: assessment.open.map((question) => messages.question[question]).join("; ") },
			(text) => text,
		),
		reasons,
		whatToDo: messages.do[assessment.verdict],
		open: assessment.open.map((question) => filled(messages.heading.open, { question: messages.question[question] }, (text) => text)),
		heading: messages.heading.do,
	};
}

/** What names lists with their dates must not be cut: it is bounded where it is put together. */
const LISTINGS: ReadonlySet<Reason["code"]> = new Set(["conflicting-labels", "labelled", "mixer", "service", "maybe-service"]);

/** Words of a reason; of one that stands in the subject's URL, behind its address. */
function wordsOf({ code, facts, about }: Reason, messages: Messages): string {
	const words = filled(messages.reason[code], facts, LISTINGS.has(code) ? defangLong : defang);
	return about === undefined ? words : `${displayAddress(about)}: ${words}`;
}

function filled(template: string, facts: Readonly<Record<string, string>>, safe: (text: string) => string): string {
	return template.replace(/\{([a-z]+)\}/g, (_, name: string) => safe(facts[name] ?? ""));
}
