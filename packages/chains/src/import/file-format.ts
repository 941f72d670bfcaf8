import { basename, dirname } from "node:path";
import { type AccountId, addressOf, type ChainId, familyOf, InputError, quote, trustedAccountId } from "@clew/core";
import { DecimalMarks, type MarkWitness } from "./decimal-mark.js";
import { actionIn, detectFormat, type Format, formatOfAction } from "./format.js";
import type { ImportOptions } from "./import-report.js";
import { describeUnknown, type KnownExport } from "./known-exports.js";
import { UNREAD_EXPORTS } from "./other-exports.js";
import { type FileRecord, type RecordFile, withRecords } from "./records.js";
import { Row, type Spelling } from "./row.js";

/** What a file is, found out before its rows are read. */
export interface FileFormat {
	readonly format: Format;
	readonly spelling: Spelling;
	/** A cell that shows that the file writes decimal commas. */
	readonly comma: MarkWitness | undefined;
	readonly caveat: string | undefined;
	/** The account that the answer itself names as the one whose list it is. */
	readonly account: AccountId | undefined;
}

/** Columns whose numbers show how a file writes decimals, read by the format or not. */
const NUMERIC_COLUMN = /value|fee|price/i;

/** The account that a file's name tells; none where it names several, such as a token's contract and an account. */
export function namedAccount(path: string, chain: ChainId): AccountId | undefined {
	const [only, ...others] = new Set(familyOf(chain).addressesIn(basename(path)));
	return only === undefined || others.length > 0 ? undefined : trustedAccountId(chain, only);
}

/**
 * Finds a file's format by its columns, or by the action in its name when it is an answer that lists nothing. Undefined for a file that is
 * no known export when `ignoreUnknown`; else throws InputError, in words that know exports of other kinds (`elsewhere`), too, and
 * are told to `onUnknown` where the file is ignored.
 */
export async function formatOf(
	path: string,
	formats: readonly Format[],
	chain: ChainId,
	{ ignoreUnknown, onUnknown, elsewhere = [] }: Pick<ImportOptions, "ignoreUnknown" | "onUnknown" | "elsewhere">,
): Promise<FileFormat | undefined> {
	return withRecords(path, async (file) => {
		const { headers, delimiter, caveat, head } = file;
		checkCut(headers[0] ?? [], path);
		const empty = headers.length === 0 && delimiter === undefined;
		const format = empty ? emptyFormat(path, formats, chain) : formatOfHeaders(path, formats, headers);
		if (format === undefined) {
			const why = empty
				? unnamedNothing(path, formats)
				: unknownColumns(path, formats, [...new Set([...(headers[0] ?? []), ...(file.keys ?? [])])], elsewhere);
			if (!ignoreUnknown) throw why;
			onUnknown?.(why);
			return undefined;
		}
		const beside = head === undefined ? undefined : headOf(head, path, chain, format);
		const { mark, witness } = format.decimalAmounts ? await decimalMark(file, path) : { mark: "point" as const, witness: undefined };
		return { format, spelling: { mark, delimiter }, comma: mark === "comma" ? witness : undefined, caveat, account: beside };
	});
}

/** The end of a column's name that a price stands in (`CurrentValue @ $2,000.5/Eth`), cut off at its comma. */
const CUT_NAME = /^[0-9][0-9.,]*\/[A-Za-z]+$/;

/** Sites put a price into the name of a column: without quotes its comma moves every column behind it. Throws InputError. */
function checkCut(header: readonly string[], path: string): void {
	const cut = header.find((column) => CUT_NAME.test(column));
	if (cut === undefined) return;
	throw new InputError(`the column ${quote(cut)} is a piece of the name before it: the file was saved without quotes`, {
		where: `${path}:1`,
		hint: "Export the file again.",
	});
}

/**
 * The account that an answer names as its own, where its format knows where. An answer that names its chain belongs to that chain, whatever
 * its rows say, and the file's name may tell no other account. Throws InputError.
 */
function headOf(head: FileRecord, path: string, chain: ChainId, { account }: Format): AccountId | undefined {
	const named = namedAccount(path, chain);
	const told = besideRows(path, () => {
		const row = new Row(chain).read(head);
		return account === undefined ? undefined : row.account(account);
	});
	if (told === undefined || named === undefined || told === named) return told;
	throw new InputError(`the answer is of ${addressOf(told)}, and the file is named after ${addressOf(named)}`, {
		where: path,
		hint: "Name the file after the account that the answer is of.",
	});
}

function besideRows<T>(path: string, read: () => T): T {
	try {
		return read();
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		const hint = error.hint === undefined ? {} : { hint: error.hint };
		throw new InputError(`beside its rows: ${error.message}`, { where: path, cause: error, ...hint });
	}
}

/** A JSON file may list rows with different columns; together they must be of one format. */
function formatOfHeaders(path: string, formats: readonly Format[], headers: readonly (readonly string[])[]): Format | undefined {
	const found = new Set(headers.flatMap((header) => detectFormat(formats, header) ?? []));
	if (found.size > 1)
		throw new InputError(`its rows are of several exports: ${[...found].map(({ name }) => name).join(", ")}`, {
			where: path,
			hint: "Keep the rows of each in a file of their own.",
		});
	return [...found][0];
}

/** What a list of nothing is: its name, or its folder's, tells the action, and its name the account. */
function emptyFormat(path: string, formats: readonly Format[], chain: ChainId): Format | undefined {
	if (namedAccount(path, chain) === undefined) return undefined;
	return formatOfAction(formats, basename(path)) ?? formatOfAction(formats, basename(dirname(path)));
}

/** What a file's name, or its folder's, tells its import: an action and addresses. Under these it can be read again. */
export function tellingWords(path: string, formats: readonly Format[], chain: ChainId): readonly string[] {
	const [own, folder] = [basename(path), basename(dirname(path))];
	return [actionIn(formats, own) ?? actionIn(formats, folder) ?? [], familyOf(chain).addressesIn(own)].flat();
}

function unnamedNothing(path: string, formats: readonly Format[]): InputError {
	const actions = formats.flatMap(({ actions }) => actions ?? []).join(", ");
	return new InputError("the answer lists nothing, and its name does not tell of what, or of whom", {
		where: path,
		hint: actions ? `Name it ACTION-ACCOUNT.json, with one of the actions ${actions}.` : "Leave it out.",
	});
}

/** What a file of no format at hand is: of JSON all its keys tell, also those whose values are no cells. */
function unknownColumns(
	path: string,
	formats: readonly Format[],
	header: readonly string[],
	elsewhere: readonly KnownExport[],
): InputError {
	const others = elsewhere.filter(({ name }) => !formats.some((format) => format.name === name));
	const { message, hint } = describeUnknown(header, formats, [...UNREAD_EXPORTS, ...others]);
	return new InputError(message, { where: `${path}:1`, hint });
}

async function decimalMark({ blocks }: RecordFile, path: string) {
	const marks = new DecimalMarks();
	const numeric = new Map<readonly string[], readonly number[]>();
	for await (const block of blocks) {
		for (const { header, cells, line } of block) {
			let places = numeric.get(header);
			if (places === undefined) {
				places = header.flatMap((column, i) => (NUMERIC_COLUMN.test(column) ? [i] : []));
				numeric.set(header, places);
			}
			// A row of another length is refused when it is read; its cells stand in the wrong columns.
			if (cells.length !== header.length) continue;
			for (const i of places) marks.add({ where: `${path}:${line}`, column: header[i] ?? "", text: cells[i] ?? "" });
		}
	}
	return marks.decide();
}
