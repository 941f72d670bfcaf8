import { type CoveredKind, InputError } from "@clew/core";
import { isExport, namesOf } from "./known-exports.js";
import type { ParsedRow, Row } from "./row.js";

/** A file format, known by its column names. */
export interface Format {
	readonly name: string;
	/** Names of the API's actions that give it, for answers that list nothing; absent for formats with a header. */
	readonly actions?: readonly string[];
	/** Most rows that the source gives in one file; absent where there is no limit. */
	readonly rowLimit?: number;
	/** True where the source exports a range of dates or blocks that the file does not tell. */
	readonly ranged?: true;
	/** True where a file is of a range of blocks, unless its name tells an account whose history it is. */
	readonly ofBlocks?: true;
	/** True where its rows are what somebody's query chose: no account counts as fetched because of it. */
	readonly chosen?: true;
	/** True where amounts are decimal numbers, whose way of writing the file's own cells decide. */
	readonly decimalAmounts?: true;
	/** Columns by which it reads whether what a row tells succeeded: all others that tell it must agree. */
	readonly outcome?: readonly string[];
	/** What names, beside the rows, the account whose list it is. */
	readonly account?: string;
	/** Which kinds such a file is complete in, for the account it was made for. */
	readonly kinds: readonly CoveredKind[];
	/** Columns that must all be there… */
	readonly columns: readonly string[];
	/** …and columns that make it another format. */
	readonly without: readonly string[];
	/** Turns a row to facts. Throws InputError without a place; the caller adds file and line. */
	parse(row: Row): ParsedRow;
}

/** What a row shows of its whole file: no row of it can be relied on, and leaving this one out mends nothing. */
export class UnreliableFile extends InputError {}

/** The format whose columns are all in the header, undefined when none is. */
export function detectFormat(formats: readonly Format[], header: readonly string[]): Format | undefined {
	const names = namesOf(header);
	return formats.find((format) => isExport(names, format));
}

/** The format whose action a name tells, as in `txlistinternal-0x….json` or `tokentx/0x….json`. */
export function formatOfAction(formats: readonly Format[], name: string): Format | undefined {
	const action = actionIn(formats, name);
	return action === undefined ? undefined : formats.find(({ actions = [] }) => actions.includes(action));
}

/** The action that a name tells, of those that formats have. */
export function actionIn(formats: readonly Format[], name: string): string | undefined {
	const words = new Set(name.toLowerCase().split(/[^a-z0-9]+/));
	return formats.flatMap(({ actions = [] }) => actions).find((action) => words.has(action));
}
