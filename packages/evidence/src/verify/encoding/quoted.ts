const MAX_SHOWN = 100;

/** Text of a bundle as failures and verdicts give it back: its beginning, in quotation marks, with what would break a line escaped. */
export function quoted(text: string): string {
	return JSON.stringify(text.slice(0, MAX_SHOWN));
}
