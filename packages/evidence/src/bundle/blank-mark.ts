const BEGINNING = "[TO BE FILLED IN BY A PERSON";

/** What a paper says in a place that only a person may fill. */
export function blankMark(words: string): string {
	return `${BEGINNING}: ${words}]`;
}

/** True for a text that would look like such a place. */
export function looksBlank(text: string): boolean {
	return /\[\s*to be filled in/i.test(text);
}

/** What is wrong with a text of a person that {@link looksBlank}. */
export const LOOKS_BLANK = "looks like a place that is left to a person: leave it out, and it is one";
