import type { Row } from "./row.js";

/** Kinds of calls and of other rows in lists of internal transfers, by any source's word. */
const KINDS: ReadonlySet<string> = new Set([
	"call",
	"create",
	"create2",
	"suicide",
	"selfdestruct",
	"delegatecall",
	"staticcall",
	"callcode",
	"reward",
	"genesis",
	"daofork",
]);

/**
 * The kind of call that a row is about, in lower case: for a call, which call it is, where the file has a column for that. The site adds a
 * trace address (`call_0_1`). Empty when the file has no such column. Throws InputError for a kind that nobody knows: it may move money or
 * none.
 */
export function callKind(row: Row, kinds: readonly string[], calls: readonly string[]): string {
	const kind = read(row, kinds);
	return kind === "call" && calls.some((column) => row.has(column)) ? read(row, calls) : kind;
}

function read(row: Row, columns: readonly string[]): string {
	if (!columns.some((column) => row.has(column))) return "";
	const text = row.text(...columns);
	const kind = text.toLowerCase().replace(/(_[0-9]+)+$/, "");
	return KINDS.has(kind) ? kind : row.expected(columns[0], text, "a kind of call");
}
