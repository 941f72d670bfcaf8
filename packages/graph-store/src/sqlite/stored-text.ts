import { changedCase } from "../rules/stored-amount.js";

/**
 * A row, or a single value, in which Clew writes text and numbers alone. SQLite keeps bytes in any column, and a case may come from
 * somebody else. `what` names the table. Throws ClewError (CASE_CORRUPT) where it holds bytes.
 */
export function withoutBytes<T>(row: T, what: string): T {
	const values = typeof row === "object" && row !== null && !(row instanceof Uint8Array) ? Object.values(row) : [row];
	if (!values.some((value) => value instanceof Uint8Array)) return row;
	throw changedCase(`a row of ${what} holds bytes where text belongs`);
}
