import { type ChainId, type GraphStore, InputError, isUnknownAccount } from "@clew/core";
import type { PlacedRow } from "./calls.js";
import { toldDocument } from "./told-document.js";

/** Kind of the case's documents that hold what the calls of some blocks moved, by the chain, the format that names them and the blocks. */
const CALLS = "told-calls";
/** Blocks of one document: few documents for an account's history, and small ones for whole blocks. */
const BLOCKS = 1_000;
/** Letters at the end of an account, and of a hash, that are kept. */
const LETTERS = 16;

/** What a call moved: sender, receiver (empty where unknown) and base units; nothing for one that moved nothing. */
type Moved = readonly string[];

/**
 * Compares the named calls of a file with those that files of this format told before, in any import, and keeps them: one name in one
 * format is one call. Throws InputError (CONFLICT) when a name moves something else here; a name that some sources give to several calls
 * only when sender and receiver are the same, since a file that lists one call between two accounts lists all.
 */
export async function tellCalls(
	store: GraphStore,
	chain: ChainId,
	rows: readonly PlacedRow[],
	{ path, format }: { readonly path: string; readonly format: string },
): Promise<void> {
	const documents = new Map<string, Map<string, Moved>>();
	for (const row of rows) {
		if (row.id === undefined) continue;
		const id = `${chain} ${format} ${Math.floor(row.height / BLOCKS)}`;
		const known = documents.get(id) ?? (await toldDocument(store, CALLS, id, isMoved, "a call that moves something else"));
		documents.set(id, known);
		const moved = movedBy(row);
		const name = nameOf(row, moved);
		const told = known.get(name);
		if (told !== undefined && differ(told, moved)) {
			throw otherCall(row.id, `${path}:${row.line}`, `another file of the case (${inWords(told)} there, ${inWords(moved)} here)`);
		}
		if (told === undefined || told[1] === "") known.set(name, moved);
	}
	for (const [id, known] of documents) await store.putRecord(CALLS, id, JSON.stringify(Object.fromEntries(known)));
}

function isMoved(value: unknown): value is Moved {
	return Array.isArray(value) && (value.length === 0 || value.length === 3) && value.every((part) => typeof part === "string");
}

/** The call's number or path, and the end of its transaction; where that may name several calls, with the two accounts. */
function nameOf({ id = "", hash, looseId }: PlacedRow, [from = "", to = ""]: Moved): string {
	const name = id.replace(hash, hash.slice(-LETTERS));
	return looseId ? `${name} ${from} ${to}` : name;
}

function movedBy({ transfers: [transfer] }: PlacedRow): Moved {
	if (transfer === undefined) return [];
	const { from, to, amount } = transfer;
	return [from.slice(-LETTERS), isUnknownAccount(to) ? "" : to.slice(-LETTERS), amount.toString()];
}

function differ(a: Moved, b: Moved): boolean {
	const sameReceiver = a[1] === b[1] || a[1] === "" || b[1] === "";
	return a.length !== b.length || a[0] !== b[0] || !sameReceiver || a[2] !== b[2];
}

function inWords([from = "", to = "", amount = ""]: Moved): string {
	return from === "" ? "it moves nothing" : `${amount} from ...${from} to ${to === "" ? "nobody named" : `...${to}`}`;
}

/** The error for a name that is told in two ways. */
export function otherCall(id: string, where: string, other: string): InputError {
	return new InputError(`${id} is told in another way at ${other}`, {
		where,
		code: "CONFLICT",
		hint: "One of the two was edited or is damaged; nothing was imported.",
	});
}
