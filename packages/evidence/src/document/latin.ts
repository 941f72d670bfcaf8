/** True where the standard fonts know every letter. */
export function isLatin(text: string): boolean {
	return /^[\x20-\x7e\u00a0-\u00ff…]*$/u.test(text);
}

/** The standard fonts know Latin letters only; anything else is shown by its code, never left out and never an empty box. */
export function latin(text: string): string {
	return text.replace(/[^\n\x20-\x7e\u00a0-\u00ff…]/gu, (c) => `U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase()}`);
}
