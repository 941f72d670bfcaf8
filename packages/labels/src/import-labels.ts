import { type ChainId, ClewError, InputError, instantOf, LABEL_CATEGORIES, type Label, parseAccount, quote, type Source } from "@clew/core";
import { z } from "zod";
import { type ChainOrNot, chainOfCell } from "./lists/chain-codes.js";
import {
	countUp,
	type ListBytes,
	mustBeUsable,
	parseCsv,
	type ReadOptions,
	readListBytes,
	tallyRows,
	type UnusableRow,
} from "./read-list.js";

/** What the user says about a label file as a whole; a row's own columns win. */
export interface LabelDefaults {
	readonly chain: ChainId;
	readonly source: string;
	readonly confidence: number;
	readonly category: Label["category"];
	/** ISO date, or empty. */
	readonly retrievedAt: string;
}

/** Labels of a CSV file, and its other rows counted or named. */
export interface CsvLabels {
	readonly labels: readonly Label[];
	/** Rows about chains that Clew does not follow, by chain. */
	readonly skipped: ReadonlyMap<string, number>;
	readonly unusable: readonly UnusableRow[];
}

/** Labels of a file and the file as a source. */
export interface LabelFile extends CsvLabels {
	readonly source: Source;
}

const MAX_TEXT = 200;
const SOURCE_ID_DIGITS = 16;

const isoDate = z.string().refine((text) => instantOf(text) !== undefined, "an ISO date (2024-05-31), with or without a time");
const rowSchema = z.object({
	address: z.string().min(1),
	chain: z.string().max(MAX_TEXT).optional(),
	entity: z.string().min(1).max(MAX_TEXT),
	name: z.string().max(MAX_TEXT).optional(),
	category: z.enum(LABEL_CATEGORIES).optional(),
	confidence: z
		.string()
		.regex(/^(100|[0-9]{1,2})$/, "a whole number from 0 to 100")
		.optional(),
	source: z.string().max(MAX_TEXT).optional(),
	retrieved_at: isoDate.optional(),
	valid_from: isoDate.optional(),
	valid_until: isoDate.optional(),
});

/**
 * Reads labels from CSV with columns `address, entity` and optionally `name, chain, category, confidence, source, retrieved_at, valid_from,
 * valid_until`; a file without a column `entity` has its names as entities. Rows that cannot be used are named, with `strict` refused;
 * rows of chains that are not followed are counted. Throws InputError with file:line.
 */
export function readLabels(path: string, defaults: LabelDefaults, options: ReadOptions = {}): LabelFile {
	const list = readListBytes(path);
	const { sha256, name } = list.file;
	return {
		...readLabelsFrom(list, defaults, options),
		source: { id: `file:${sha256.slice(0, SOURCE_ID_DIGITS)}`, kind: "file", name, sha256, detail: `labels: ${defaults.source}` },
	};
}

/** The same from bytes. Throws InputError with file:line, also when there is no label. */
export function readLabelsFrom(list: ListBytes, defaults: LabelDefaults, options: ReadOptions = {}): CsvLabels {
	const tally = tallyRows(options);
	const labels: Label[] = [];
	const { columns, rows } = parseCsv(list);
	const entityColumn = columns.includes("entity") ? "entity" : "name";
	for (const { where, cells } of rows)
		tally.row(where, () => {
			const record = cells();
			const label = labelOf({ ...record, entity: record[entityColumn] ?? "" }, where, defaults);
			if ("notFollowed" in label) countUp(tally.skipped, label.notFollowed);
			else labels.push(label);
		});
	return mustBeUsable({ labels, skipped: tally.skipped, unusable: tally.unusable }, list.path);
}

function labelOf(
	record: Record<string, string>,
	where: string,
	defaults: LabelDefaults,
): Label | Extract<ChainOrNot, { notFollowed: string }> {
	const filled = Object.fromEntries(
		Object.entries(record)
			.map(([column, value]) => [column, value.trim()])
			.filter(([, value]) => value !== ""),
	);
	const parsed = rowSchema.safeParse(filled);
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		const column = String(issue?.path[0] ?? "row");
		throw new InputError(`column ${column}: ${issue?.message ?? "invalid"}, found ${quote(record[column] ?? "")}`, { where });
	}
	const { address, chain, entity, name, category, confidence, source, retrieved_at, valid_from, valid_until } = parsed.data;
	const on = chain === undefined ? { chain: defaults.chain } : chainOfCell(chain);
	if ("notFollowed" in on) return on;
	try {
		return {
			account: parseAccount(address, on.chain),
			entity,
			name: name ?? entity,
			category: category ?? defaults.category,
			confidence: confidence === undefined ? defaults.confidence : Number(confidence),
			source: source ?? defaults.source,
			retrievedAt: retrieved_at ?? defaults.retrievedAt,
			...(valid_from === undefined ? {} : { validFrom: valid_from }),
			...(valid_until === undefined ? {} : { validUntil: valid_until }),
		};
	} catch (error) {
		if (!(error instanceof ClewError)) throw error;
		throw new InputError(error.message, { where, code: error.code, cause: error, ...(error.hint ? { hint: error.hint } : {}) });
	}
}
