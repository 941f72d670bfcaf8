import { InputError } from "@clew/core";
import { type Messages, messagesIn, readMessages, WORD_LANGUAGES } from "@clew/risk";
import type { Context } from "./context.js";

export const LANG_OPTION = ["--lang <language>", `language of the words, one of ${WORD_LANGUAGES.join(", ")} (default: en)`] as const;
export const MESSAGES_OPTION = ["--messages <file>", "words of another language, in the form of messages/en.json"] as const;

/** The words that a user asked for, by language or from a file; that they are a draft is noted. Throws InputError for both at once. */
export async function wordsAsked(
	{ lang, messages: file }: { readonly lang?: string | undefined; readonly messages?: string | undefined },
	context: Context,
): Promise<Messages> {
	if (lang !== undefined && file !== undefined)
		throw new InputError("--lang and --messages both say which words to use", { code: "USAGE", hint: "Give one of the two." });
	const messages = lang === undefined ? await readMessages(file) : messagesIn(lang);
	if (messages.draft) context.note(messages.draft);
	return messages;
}
