import { InputError } from "@clew/core";
import { LosslessNumber } from "lossless-json";

/** Rows of one list, and what its pages say against its being complete. */
interface PagedList {
	readonly list: readonly object[];
	readonly caveat?: string;
}

interface Page {
	readonly items: readonly object[];
	/** Where the next page begins; null behind the last one. */
	readonly next_page_params: object | null;
}

/** Names of keys in earlier versions of the API, by what they are called now. Source: Blockscout's changelog, 6.0 to 7.0. */
const RENAMED: Readonly<Record<string, string>> = {
	block: "block_number",
	tx_hash: "transaction_hash",
	"token.address": "token.address_hash",
};

/** Keys of objects in a row that are read, each as `KEY.INNER`. */
const INNER: readonly (readonly [string, readonly string[]])[] = [
	["from", ["hash"]],
	["to", ["hash"]],
	["created_contract", ["hash"]],
	["fee", ["type", "value"]],
	["total", ["value", "decimals", "token_id"]],
	["token", ["address", "address_hash", "symbol", "decimals", "type"]],
];

/**
 * The rows of answers of Blockscout's API of version 2: one page (`items`, `next_page_params`), several of one list in their order, or the
 * items alone as a list. What stands in objects is told by names with points between. Undefined for what is no such answer. Throws
 * InputError for pages that are not of one list.
 */
export function blockscoutPages(parsed: unknown, path: string): PagedList | undefined {
	const pages = Array.isArray(parsed) ? parsed : [parsed];
	if (pages.length > 0 && pages.every(isPage)) return listOf(pages, path);
	if (!Array.isArray(parsed) || !parsed.every(isItem) || parsed.length === 0) return undefined;
	return { list: parsed.map(flat), caveat: "it lists items without their pages, which alone tell whether more follow" };
}

function isPage(value: unknown): value is Page {
	if (!isObject(value) || !("items" in value) || !("next_page_params" in value)) return false;
	const { items, next_page_params: next } = value;
	return Array.isArray(items) && items.every(isObject) && (next === null || isObject(next));
}

/** An item of a list outside its page: its sender is an object with an address. */
function isItem(value: unknown): value is object {
	return isObject(value) && "from" in value && isObject(value.from) && "hash" in value.from;
}

function isObject(value: unknown): value is object {
	return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof LosslessNumber);
}

function listOf(pages: readonly Page[], path: string): PagedList {
	const bad = (what: string) => new InputError(what, { where: path, hint: "Ask again from the first page, then import the answers." });
	const caveats: string[] = [];
	let listed = 0;
	let before = new Set<string>();
	for (const [i, { items, next_page_params: next }] of pages.entries()) {
		const last = i === pages.length - 1;
		listed += items.length;
		if (!last && next === null) throw bad(`page ${i + 1} says that nothing follows, and page ${i + 2} does: they are of several questions`);
		if (last && next !== null) caveats.push("the answer says that more pages follow (next_page_params)");
		// Where Blockscout counts what its pages listed so far, a page that is missing shows.
		const counted = next === null || !("items_count" in next) ? undefined : String(next.items_count);
		if (counted !== undefined && Number(counted) > listed)
			caveats.push(`page ${i + 1} says that ${counted.slice(0, 20)} items were listed so far, and these are ${listed}`);
		const rows = new Set(items.map((item) => JSON.stringify(item)));
		for (const row of rows)
			if (before.has(row)) throw bad(`page ${i + 1} tells an item of page ${i} again: they are of several questions, or overlap`);
		before = rows;
	}
	const list = pages.flatMap(({ items }) => items.map(flat));
	return { list, ...(caveats.length === 0 ? {} : { caveat: caveats.join("; ") }) };
}

function flat(item: object): object {
	const found: Record<string, unknown> = {};
	for (const [key, value] of Object.entries(item)) if (!isObject(value) && !Array.isArray(value)) found[RENAMED[key] ?? key] = value;
	for (const [key, inner] of INNER) {
		const value = (item as Record<string, unknown>)[key];
		for (const name of isObject(value) ? inner : []) {
			const told = (value as Record<string, unknown>)[name];
			if (told !== undefined) found[RENAMED[`${key}.${name}`] ?? `${key}.${name}`] = told;
		}
	}
	return found;
}
