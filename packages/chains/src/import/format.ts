import type { CoveredKind } from "@clew/core";
import type { ParsedRow, Row } from "./row.js";

/** A file format, known by its column names. */
export interface Format {
	readonly name: string;
	/** Which kinds such a file is complete in, for the account it was made for. */
	readonly kinds: readonly CoveredKind[];
	/** Columns that must all be there… */
	readonly columns: readonly string[];
	/** …and columns that make it another format. */
	readonly without: readonly string[];
	/** Turns a row to facts. Throws InputError without a place; the caller adds file and line. */
	parse(row: Row): ParsedRow;
}

/** The format whose columns are all in the header, undefined when none is. */
export function detectFormat(formats: readonly Format[], header: readonly string[]): Format | undefined {
	const names = new Set(header);
	return formats.find((f) => f.columns.every((c) => names.has(c)) && !f.without.some((c) => names.has(c)));
}

/** For a header that no format fits: the closest format and what it lacks. */
export function closestFormat(
	formats: readonly Format[],
	header: readonly string[],
): { format: Format; missing: readonly string[] } | undefined {
	const names = new Set(header);
	const ranked = formats
		.map((format) => ({ format, missing: format.columns.filter((c) => !names.has(c)) }))
		.filter(({ format, missing }) => missing.length < format.columns.length / 2)
		.sort((a, b) => a.missing.length - b.missing.length);
	return ranked[0];
}
