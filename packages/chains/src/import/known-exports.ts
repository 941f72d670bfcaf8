import { quote } from "@clew/core";
import { columnName } from "./columns.js";

/** An export, read or not, as its own columns tell it. */
export interface KnownExport {
	/** What it is, in words that follow "looks like". */
	readonly name: string;
	/** Columns that must all be there… */
	readonly columns: readonly string[];
	/** …and columns that make it something else. */
	readonly without: readonly string[];
	/** The kind of `clew import` that reads it; absent for an export of the kind at hand, and for one that is not read. */
	readonly kind?: string;
	/** What to get instead of it; only of exports that are not read. */
	readonly instead?: string;
}

/** How near a header comes to an export. */
export interface Likeness {
	readonly known: KnownExport;
	/** Columns of the export that the header lacks. */
	readonly missing: readonly string[];
	/** Columns of the header that the export does not have. */
	readonly foreign: readonly string[];
}

/** Columns that sources also call otherwise: Blockscout has `transactionHash` in lists of internal transfers. */
const OTHER_NAMES: Readonly<Record<string, string>> = { transactionHash: "hash" };
/** Names of columns in one message. */
const SHOWN = 12;
const SHOWN_LETTERS = 40;

/** The names of a header's columns as formats know them. */
export function namesOf(header: readonly string[]): ReadonlySet<string> {
	const names = header.map(columnName);
	return new Set([...names, ...names.flatMap((name) => OTHER_NAMES[name] ?? [])]);
}

/** True where all columns of an export are in the header, and none that makes it something else. */
export function isExport(names: ReadonlySet<string>, { columns, without }: Pick<KnownExport, "columns" | "without">): boolean {
	return columns.every((column) => names.has(column)) && !without.some((column) => names.has(column));
}

/**
 * The export that a header comes nearest to: the one of whose columns it has the largest part, more than half; of equals the one that lacks
 * fewer, then the first. Undefined where it is like none.
 */
export function nearestExport(header: readonly string[], exports: readonly KnownExport[]): Likeness | undefined {
	const names = namesOf(header);
	let nearest: { readonly likeness: Likeness; readonly share: number } | undefined;
	for (const known of exports) {
		const missing = known.columns.filter((column) => !names.has(column));
		const foreign = known.without.filter((column) => names.has(column));
		const share = 1 - missing.length / known.columns.length;
		if (share <= 0.5) continue;
		const better =
			nearest === undefined || share > nearest.share || (share === nearest.share && missing.length < nearest.likeness.missing.length);
		if (better) nearest = { likeness: { known, missing, foreign }, share };
	}
	return nearest?.likeness;
}

/** What a header that no export at hand fits looks like, what it lacks, and what to do with it. */
export function describeUnknown(
	header: readonly string[],
	own: readonly KnownExport[],
	others: readonly KnownExport[],
): { readonly message: string; readonly hint: string } {
	const names = namesOf(header);
	const known = `Known: ${own.map(({ name }) => name).join("; ")}.`;
	const exact = others.find((one) => isExport(names, one));
	if (exact !== undefined) return { message: `looks like ${exact.name}`, hint: insteadOf(exact) };
	const nearest = nearestExport(header, [...own, ...others]);
	if (nearest === undefined) return { message: `its columns are those of no known export: ${listed(header)}`, hint: known };
	const { missing, foreign } = nearest;
	const but = [
		...(missing.length > 0 ? [`lacks ${missing.join(", ")}`] : []),
		...(foreign.length > 0 ? [`has ${foreign.join(", ")}, which such a file does not have`] : []),
	];
	const more = own.includes(nearest.known) ? known : insteadOf(nearest.known);
	return { message: `looks like ${nearest.known.name}, but ${but.join(", and ")}; its columns are ${listed(header)}`, hint: more };
}

function insteadOf({ kind, instead }: KnownExport): string {
	return instead ?? `Such files are read by: clew import ${kind ?? ""}.`;
}

function listed(header: readonly string[]): string {
	if (header.length === 0) return "none";
	const names = header.slice(0, SHOWN).map((name) => quote(name.slice(0, SHOWN_LETTERS)));
	return [...names, ...(header.length > SHOWN ? [`${header.length - SHOWN} more`] : [])].join(", ");
}
