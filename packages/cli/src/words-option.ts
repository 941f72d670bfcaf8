import type { Language } from "@clew/lessons";
import { type Messages, messagesIn, readMessages } from "@clew/risk";
import type { Context } from "./context.js";
import { languageOption } from "./language-option.js";

export const MESSAGES_OPTION = ["--messages <file>", "words of another language, in the form of messages/en.json"] as const;

/** The language of words that ship with Clew; a file of one's own is another way to say it, so both at once are refused. */
export const wordsOption = () => languageOption().conflicts("messages");

/** The words that a user asked for, by language or from a file; that they are a draft is noted. Throws InputError for a file that is none. */
export async function wordsAsked(
	{ lang, messages: file }: { readonly lang: Language; readonly messages?: string | undefined },
	context: Context,
): Promise<Messages> {
	const messages = file === undefined ? messagesIn(lang) : await readMessages(file);
	if (messages.draft) context.note(messages.draft);
	return messages;
}
