// biome-ignore lint/suspicious/noControlCharactersInRegex: naming the control characters is the point.
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;
/** Bidirectional controls, zero-width characters, line separators, tags and variation selectors: invisible or reordering. */
const INVISIBLE =
	/[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb]|[\ufe00-\ufe0f]|[\u{e0000}-\u{e0fff}]/gu;
/** A scheme has few letters, so that no text takes long. */
const LINK = /([a-z][a-z0-9+.-]{0,40}):\/\/|\bwww\./gi;
/** Starts of a cell that a spreadsheet runs as a formula (OWASP CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;
const MAX_LENGTH = 120;
/** Characters that are looked at: what is shown comes from the first of them. */
const LOOKED_AT = 4 * MAX_LENGTH;

/**
 * Makes text that an attacker may have written safe to show on a terminal or in a report: no control, bidirectional or
 * invisible characters, no live link, at most 120 characters. HTML escaping is the HTML writer's work.
 */
export function defang(text: string): string {
	const plain = defangLong(text.slice(0, LOOKED_AT));
	return plain.length > MAX_LENGTH ? `${plain.slice(0, MAX_LENGTH - 1)}…` : plain;
}

/** The same of text whose every word counts: harmless, and not shortened. */
export function defangLong(text: string): string {
	return text
		.replace(CONTROL, "\u00b7")
		.replace(INVISIBLE, "\u00b7")
		.replace(LINK, (m) => m.replace("://", "[:]//").replace(/^www\./i, "www[.]"));
}

/** Escapes text for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
	return text.replace(/[&<>"'`]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** One CSV cell (RFC 4180): a cell that a spreadsheet would run gets an apostrophe in front; quoted when it must be. */
export function csvCell(value: string): string {
	const inert = FORMULA.test(value) ? `'${value}` : value;
	return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** A CSV line, ended by CRLF as RFC 4180 has it. */
export function csvLine(cells: readonly string[]): string {
	return `${cells.map(csvCell).join(",")}\r\n`;
}

/** Quotes hostile text for an error message: printable ASCII only, at most 80 characters. */
export function quote(text: string): string {
	const cut = text.length > 80 ? `${text.slice(0, 77)}...` : text;
	return JSON.stringify(cut).replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
