/** What not every reader of a text reads alike: letters that fold to others, NULs of wider encodings, escapes that could hide a letter. */
const HIDING = /[^\t\n\r\x20-\x7e]|\\[^"\\/bfnrt]/;

/** A name as the most lenient reader folds it: width and ligatures (NFKC), then letter case; `ſ` and the Kelvin sign are letters, too. */
export function folded(name: string): string {
	return name.normalize("NFKC").toLowerCase().normalize("NFKC");
}

/**
 * Whether a text may, read by anybody, hold a call that is judged: it has one of the names in any letter case, or is written with escapes
 * or letters that could hide one. Quick: most texts do not.
 */
export function suspects(names: readonly string[], sends: RegExp): (body: string) => boolean {
	const any = new RegExp(`${names.filter((name) => !sends.test(name)).join("|") || "(?!)"}|${sends.source}`, "i");
	return (body) => any.test(body) || HIDING.test(body);
}

/** Throws TypeError for a method that is none of these names as it is written, and is one folded, or sends something by its own. */
export function mustSendNothing(method: string, names: ReadonlySet<string>, sends: RegExp): void {
	const name = folded(method);
	if (sends.test(name) || names.has(name)) throw new TypeError("a method that sends, and is not known");
}

/** A call of JSON-RPC with its own keys alone, as it goes on. */
export interface PlainCall {
	readonly jsonrpc?: unknown;
	readonly id?: string | number | null;
	readonly method: string;
	readonly params?: unknown;
}

const KEYS = new Set(["jsonrpc", "id", "method", "params"]);

/** A call that all read alike; undefined: it has another key (nodes fold letter case, and take the last), no method, or an odd id. */
export function plainCall(value: unknown): PlainCall | undefined {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
	if (Object.keys(value).some((key) => !KEYS.has(key))) return undefined;
	const { jsonrpc, id, method, params } = value as Readonly<Record<string, unknown>>;
	if (typeof method !== "string") return undefined;
	if (jsonrpc !== undefined && typeof jsonrpc !== "string") return undefined;
	// What a number loses here, its answer would lose.
	const isId = id === undefined || id === null || typeof id === "string" || (typeof id === "number" && Number.isSafeInteger(id));
	if (!isId || (params !== undefined && params !== null && typeof params !== "object")) return undefined;
	return {
		...(jsonrpc === undefined ? {} : { jsonrpc }),
		...(id === undefined ? {} : { id: id as string | number | null }),
		method,
		...(params === undefined ? {} : { params }),
	};
}

const MAX_DEPTH = 32;
/** Names that are data: accounts, slots and hashes. */
const HEX = /^0x[0-9a-f]+$/;

/** Throws TypeError for an object, however deep, with a key that is not among these, written just so: a node may read it otherwise. */
export function knownKeysOnly(value: unknown, keys: ReadonlySet<string>, depth = 0): void {
	if (typeof value !== "object" || value === null) return;
	if (depth > MAX_DEPTH) throw new TypeError("too deep to be read");
	if (Array.isArray(value)) {
		for (const one of value) knownKeysOnly(one, keys, depth + 1);
		return;
	}
	for (const [key, one] of Object.entries(value)) {
		if (!keys.has(key) && !HEX.test(key)) throw new TypeError("a key that is not known");
		knownKeysOnly(one, keys, depth + 1);
	}
}

/** Throws TypeError for a key that only folded is one of these. */
export function noVariants(value: object, keys: readonly string[]): void {
	for (const key of Object.keys(value))
		if (!keys.includes(key) && keys.includes(folded(key))) throw new TypeError("a key in another letter case");
}
