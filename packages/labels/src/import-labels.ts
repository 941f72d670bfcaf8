import {
	type ChainId,
	ClewError,
	everyChain,
	familyOf,
	type GraphStore,
	InputError,
	instantOf,
	issueInWords,
	LABEL_CATEGORIES,
	type Label,
	parseAccount,
	quote,
	type Source,
} from "@clew/core";
import { z } from "zod";
import { type LabelColumn, type LabelHeader, labelHeader } from "./label-columns.js";
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
	/**
	 * The chains of a case, each once, which looks a label up by its chain alone: a row of every EVM chain is about each of them that is
	 * one, else about the family's main chain. Absent for the library, which keeps such a row as it is.
	 */
	readonly chains?: readonly ChainId[];
	readonly source: string;
	/** Undefined where each row must say its own. */
	readonly confidence?: number | undefined;
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
	/** Columns that are not read, in words. */
	readonly notRead: readonly string[];
}

/** Labels of a file and the file as a source. */
export interface LabelFile extends CsvLabels {
	readonly source: Source;
}

const MAX_TEXT = 200;
const SOURCE_ID_DIGITS = 16;

const isoDate = z.string().refine((text) => instantOf(text) !== undefined, "an ISO date (2024-05-31), with or without a time");
const rowSchema = z.object({
	address: z.string(),
	entity: z.string().max(MAX_TEXT),
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
 * valid_until`, in any spelling of {@link labelHeader}; a file without a column `entity` has its names as entities. Rows that cannot be
 * used are named, with `strict` refused; rows of chains that are not followed are counted. Throws InputError with file:line.
 */
export function readLabels(path: string, defaults: LabelDefaults, options: ReadOptions = {}): LabelFile {
	const list = readListBytes(path);
	const { sha256, name } = list.file;
	return {
		...readLabelsFrom(list, defaults, options),
		source: { id: `file:${sha256.slice(0, SOURCE_ID_DIGITS)}`, kind: "file", name, sha256, detail: `labels: ${defaults.source}` },
	};
}

/** The same for a case: bare addresses are on its chain, and a row of every EVM chain is about all that the case holds. */
export async function readCaseLabels(
	store: Pick<GraphStore, "info" | "chains">,
	path: string,
	defaults: Omit<LabelDefaults, "chain" | "chains">,
	options: ReadOptions = {},
): Promise<LabelFile> {
	const { chain } = store.info;
	return readLabels(path, { ...defaults, chain, chains: [...new Set([chain, ...(await store.chains())])] }, options);
}

/** The same as {@link readLabels} from bytes. Throws InputError with file:line, also when there is no label. */
export function readLabelsFrom(list: ListBytes, defaults: LabelDefaults, options: ReadOptions = {}): CsvLabels {
	const tally = tallyRows(options);
	const usable: (readonly Label[])[] = [];
	const { columns, where: first, rows } = parseCsv(list);
	const header = labelHeader(columns, first);
	for (const { where, cells } of rows)
		tally.row(where, () => {
			const labels = labelsOf(cells(), header, where, defaults);
			if ("notFollowed" in labels) countUp(tally.skipped, labels.notFollowed);
			else usable.push(labels);
		});
	// Measured by rows: one of every EVM chain may be several labels.
	const { labels, ...rest } = mustBeUsable(
		{ labels: usable, skipped: tally.skipped, unusable: tally.unusable, notRead: header.notRead },
		list.path,
	);
	return { ...rest, labels: labels.flat() };
}

type LabelCells = { readonly [column in LabelColumn]?: string };

/** The filled cells of a row by what they hold; a file without a column `entity` has its names as entities. */
function filledCells(record: Record<string, string>, { columns }: LabelHeader): LabelCells {
	const filled: { [column in LabelColumn]?: string } = {};
	for (const [column, name] of columns) {
		const cell = (record[name] ?? "").trim();
		if (cell !== "") filled[column] = cell;
	}
	return columns.has("entity") || filled.name === undefined ? filled : { ...filled, entity: filled.name };
}

/** The chain that a row names. Throws InputError where its columns name several, or one that nobody knows. */
function chainOfRow(record: Record<string, string>, { chains }: LabelHeader, where: string): ChainOrNot | undefined {
	const cells = chains.map((column) => (record[column] ?? "").trim()).filter((cell) => cell !== "");
	const told = cells.map(chainOfCell);
	// One chain of a family says more than all of it.
	const most = told.find((one) => "chain" in one) ?? told[0];
	if (most !== undefined && told.some((one) => !agree(most, one)))
		throw new InputError(`columns ${chains.map(quote).join(" and ")} name several chains: ${cells.map(quote).join(" and ")}`, { where });
	return most;
}

/** Whether two cells of a row can be about one chain. Names of chains that are not followed are not told apart: one may be an id. */
function agree(a: ChainOrNot, b: ChainOrNot): boolean {
	if ("notFollowed" in a || "notFollowed" in b) return "notFollowed" in a && "notFollowed" in b;
	if ("chain" in a && "chain" in b) return a.chain === b.chain;
	const family = (one: typeof a | typeof b) => ("chain" in one ? familyOf(one.chain) : one.every);
	return family(a) === family(b);
}

/** The chains that labels of a row stand on. */
function chainsMeant(on: Exclude<ChainOrNot, { notFollowed: string }>, { chains }: LabelDefaults): readonly ChainId[] {
	if ("chain" in on) return [on.chain];
	if (chains === undefined) return [everyChain(on.every)];
	const own = chains.filter((chain) => familyOf(chain) === on.every);
	return own.length === 0 ? [on.every.main] : own;
}

function rowOf(cells: LabelCells, { columns }: LabelHeader, where: string): z.infer<typeof rowSchema> {
	const parsed = rowSchema.safeParse(cells);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	const told = (issue?.path[0] ?? "address") as LabelColumn;
	const column = columns.get(told) ?? columns.get("name") ?? told;
	const found = cells[told];
	if (issue === undefined || found === undefined) throw new InputError(`column ${column} is empty`, { where });
	throw new InputError(`column ${column}: ${issueInWords(issue)}, found ${quote(found)}`, { where });
}

function labelsOf(
	record: Record<string, string>,
	header: LabelHeader,
	where: string,
	defaults: LabelDefaults,
): readonly Label[] | Extract<ChainOrNot, { notFollowed: string }> {
	const cells = filledCells(record, header);
	const { address, entity, name, category, confidence, source, retrieved_at, valid_from, valid_until } = rowOf(cells, header, where);
	const on = chainOfRow(record, header, where) ?? { chain: defaults.chain };
	if ("notFollowed" in on) return on;
	const trust = confidence === undefined ? defaults.confidence : Number(confidence);
	if (trust === undefined)
		throw new InputError("the row has no confidence", { where, hint: "Say one for all such rows: --confidence, 0 to 100." });
	try {
		// An address that names its own chain is one account, whatever chains its row means.
		return [...new Set(chainsMeant(on, defaults).map((chain) => parseAccount(address, chain)))].map((account) => ({
			account,
			entity,
			name: name ?? entity,
			category: category ?? defaults.category,
			confidence: trust,
			source: source ?? defaults.source,
			retrievedAt: retrieved_at ?? defaults.retrievedAt,
			...(valid_from === undefined ? {} : { validFrom: valid_from }),
			...(valid_until === undefined ? {} : { validUntil: valid_until }),
		}));
	} catch (error) {
		if (!(error instanceof ClewError)) throw error;
		throw new InputError(error.message, { where, code: error.code, cause: error, ...(error.hint ? { hint: error.hint } : {}) });
	}
}
