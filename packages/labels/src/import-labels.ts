import { type ChainId, ClewError, InputError, LABEL_CATEGORIES, type Label, parseAccount, quote, type Source } from "@clew/core";
import { z } from "zod";
import { type ListBytes, parseCsv, readListBytes } from "./read-list.js";

/** What the user says about a label file as a whole; a row's own columns win. */
export interface LabelDefaults {
	readonly chain: ChainId;
	readonly source: string;
	readonly confidence: number;
	readonly category: Label["category"];
	/** ISO date, or empty. */
	readonly retrievedAt: string;
}

/** Labels of a file and the file as a source. */
export interface LabelFile {
	readonly labels: readonly Label[];
	readonly source: Source;
}

const MAX_TEXT = 200;
const SOURCE_ID_DIGITS = 16;

const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}/, "an ISO date");
const rowSchema = z.object({
	address: z.string().min(1),
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
 * Reads labels from CSV with columns `address, entity` and optionally `name, category, confidence, source,
 * retrieved_at, valid_from, valid_until`. All rows parse, or none counts. Throws InputError with file:line.
 */
export function readLabels(path: string, defaults: LabelDefaults): LabelFile {
	const list = readListBytes(path);
	const { sha256, name } = list.file;
	return {
		labels: readLabelsFrom(list, defaults),
		source: { id: `file:${sha256.slice(0, SOURCE_ID_DIGITS)}`, kind: "file", name, sha256, detail: `labels: ${defaults.source}` },
	};
}

/** The same from bytes. Throws InputError with file:line, also when there is no label. */
export function readLabelsFrom(list: ListBytes, defaults: LabelDefaults): Label[] {
	const labels = parseCsv(list).map(({ record, line }) => labelOf(record, `${list.path}:${line}`, defaults));
	if (labels.length === 0) throw new InputError("holds no label", { where: list.path });
	return labels;
}

function labelOf(record: Record<string, string>, where: string, defaults: LabelDefaults): Label {
	const filled = Object.fromEntries(Object.entries(record).filter(([, value]) => value !== ""));
	const parsed = rowSchema.safeParse(filled);
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		const column = String(issue?.path[0] ?? "row");
		throw new InputError(`column ${column}: ${issue?.message ?? "invalid"}, found ${quote(record[column] ?? "")}`, { where });
	}
	const { address, entity, name, category, confidence, source, retrieved_at, valid_from, valid_until } = parsed.data;
	try {
		return {
			account: parseAccount(address, defaults.chain),
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
