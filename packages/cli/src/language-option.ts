import { LANGUAGES, type Language } from "@clew/lessons";
import { Option } from "@commander-js/extra-typings";

/** The option of everything that speaks to people in their language. */
export function languageOption() {
	return new Option("--lang <language>", "language; all but English are machine drafts, which they say")
		.choices(LANGUAGES)
		.default("en" as Language);
}
