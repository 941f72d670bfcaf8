import { InputError } from "@clew/core";
import { LosslessNumber } from "lossless-json";

/** Columns that mark rows by the list of TronGrid that they are of, and those of a list of which a part was asked for. */
export const GRID_LIST = {
	transactions: "TronGrid transactions",
	trc20: "TronGrid TRC-20 transfers",
	internal: "TronGrid internal transactions",
	part: "asked for a part",
} as const;

/** Rows of one list, and what its pages say against its being complete. */
export interface GridList {
	readonly list: readonly object[];
	readonly caveat?: string;
}

/** Words of the question for the next page that leave rows out by what they are. */
const PARTS = ["only_to", "only_from", "only_unconfirmed", "contract_address"] as const;
/** What a transaction's JSON repeats in words; its raw data is read as bytes. */
const REPEATED: ReadonlySet<string> = new Set(["raw_data", "signature"]);

interface Page {
	readonly data: readonly object[];
	readonly meta: object;
	readonly success: unknown;
}

/**
 * The rows of TronGrid's answers about an account: one page, or several of one list in their order, each with `data`, `success` and `meta`.
 * Undefined for what is no such answer. Every row is marked by its list, and what stands in objects is told by names with points between.
 * Throws InputError for an answer that did not succeed, and for pages that are not of one list.
 */
export function gridPages(parsed: unknown, path: string): GridList | undefined {
	const pages = Array.isArray(parsed) ? parsed : [parsed];
	if (pages.length === 0 || !pages.every(isPage)) return undefined;
	const bad = (what: string) => new InputError(what, { where: path, hint: "Ask again, then import the answers." });
	for (const { success } of pages) if (String(success) !== "true") throw bad("the answer did not succeed");
	const caveats = new Set<string>();
	for (const [i, { data, meta }] of pages.entries()) {
		const last = i === pages.length - 1;
		if (!last && !moreThan(meta))
			throw bad(`page ${i + 1} says that nothing follows, and page ${i + 2} does: they are of several questions`);
		if (last && moreThan(meta)) caveats.add("the answer says that more pages follow (fingerprint)");
		if (data.length === 0 && moreThan(meta)) throw bad(`page ${i + 1} says that more follows, and tells nothing`);
	}
	const told = pages.map(({ data }) => new Set(data.map((row) => JSON.stringify(row))));
	for (const [i, rows] of told.entries())
		for (const row of rows)
			if (told[i - 1]?.has(row)) throw bad(`page ${i + 1} tells a row of page ${i} again: they are of several questions, or overlap`);
	const part = pages.some(({ meta }) => PARTS.some((word) => nextOf(meta).includes(`${word}=`)));
	const rows = pages.flatMap(({ data }) => data);
	const mark = markOf(rows);
	const list = rows.map((row) => ({ ...flat(row), [mark(row)]: "", ...(part ? { [GRID_LIST.part]: "" } : {}) }));
	const [caveat] = caveats;
	return { list, ...(caveat === undefined ? {} : { caveat }) };
}

function isPage(value: unknown): value is Page {
	if (!isObject(value)) return false;
	const { data, meta } = value as Partial<Page>;
	return "success" in value && Array.isArray(data) && data.every(isObject) && isObject(meta);
}

function isObject(value: unknown): value is object {
	return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof LosslessNumber);
}

function nextOf(meta: object): string {
	const { links } = meta as { links?: unknown };
	return isObject(links) && "next" in links ? String(links.next) : "";
}

function moreThan(meta: object): boolean {
	return ("fingerprint" in meta && String(meta.fingerprint) !== "") || nextOf(meta) !== "";
}

/** Calls inside transactions stand in a list of their own, and among transactions. */
function markOf(rows: readonly object[]): (row: object) => string {
	const others = rows.some((row) => "txID" in row) ? GRID_LIST.transactions : GRID_LIST.internal;
	return (row) => ("transaction_id" in row ? GRID_LIST.trc20 : others);
}

/** What stands in objects, and in a list of one object, by names with points between. */
function flat(row: object, before = ""): Record<string, unknown> {
	const found: Record<string, unknown> = {};
	for (const [key, value] of Object.entries(row)) {
		if (REPEATED.has(key)) continue;
		const only = Array.isArray(value) && value.length === 1 ? value[0] : value;
		if (isObject(only)) Object.assign(found, flat(only, `${before}${key}.`));
		else if (Array.isArray(value)) found[`${before}${key}.length`] = String(value.length);
		else found[`${before}${key}`] = value;
	}
	return found;
}
