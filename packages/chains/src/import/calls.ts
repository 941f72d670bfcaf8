import { otherCall } from "./call-facts.js";
import type { ParsedRow } from "./row.js";

const DOUBLED = "rows are equal to one that does not stand beside them: if pages overlap, they were counted twice";
const SHARED = "rows have the number of their call in common with others of their transaction: all were taken for calls of their own";

/** A row with its place: the line in its file, and its number among all rows. */
export interface PlacedRow extends ParsedRow {
	readonly line: number;
	readonly ordinal: number;
}

/** What a row means, apart from what differs between two answers to one question (confirmations). */
function meaning({ hash, height, status, transfers, touches, call }: ParsedRow): string {
	return JSON.stringify([hash, height, status, transfers, touches, call], (_, value) => (typeof value === "bigint" ? `${value}` : value));
}

/** Rows that name one call or log once: an equal row tells nothing new, another one is a conflict. Throws InputError (CONFLICT). */
export function onceEach(named: readonly PlacedRow[], path: string): readonly PlacedRow[] {
	const seen = new Map<string, PlacedRow>();
	const rows = withoutSharedNames(named);
	return rows.filter((row) => {
		const known = row.id === undefined ? undefined : seen.get(row.id);
		if (row.id !== undefined && known === undefined) seen.set(row.id, row);
		if (known === undefined) return true;
		if (meaning(known) === meaning(row)) return false;
		throw otherCall(row.id ?? "", `${path}:${row.line}`, `${path}:${known.line}`);
	});
}

/**
 * The rows; a loose name that different rows of the file share names nothing, and is taken off them. Where a transaction has calls under
 * other names as well, its calls are told apart, and the name stays.
 */
function withoutSharedNames(rows: readonly PlacedRow[]): readonly PlacedRow[] {
	const shared = sharedNames(rows);
	if (shared.size === 0) return rows;
	return rows.map((row) => {
		const { id, looseId, call: _, callPath: __, ...rest } = row;
		return id !== undefined && looseId !== undefined && shared.has(id) ? rest : row;
	});
}

function sharedNames(rows: readonly PlacedRow[]): ReadonlySet<string> {
	if (!rows.some((row) => row.looseId)) return new Set();
	const first = new Map<string, string>();
	const names = new Map<string, Set<string>>();
	const shared = new Map<string, string>();
	for (const row of rows) {
		if (row.id === undefined) continue;
		names.set(row.hash, (names.get(row.hash) ?? new Set()).add(row.id));
		if (row.looseId === undefined) continue;
		const told = first.get(row.id);
		if (told === undefined) first.set(row.id, meaning(row));
		else if (told !== meaning(row)) shared.set(row.id, row.hash);
	}
	return new Set([...shared].filter(([, hash]) => names.get(hash)?.size === 1).map(([id]) => id));
}

/** How many rows have a number of a call that others of their transaction have, too, and so names none. */
function sharing(rows: readonly PlacedRow[]): number {
	const shared = sharedNames(rows);
	return shared.size === 0 ? 0 : rows.filter(({ id, looseId }) => looseId && id !== undefined && shared.has(id)).length;
}

/** Calls inside a call that failed were reverted with it, whatever they say of themselves: they move nothing. */
export function withoutReverted(rows: readonly PlacedRow[]): readonly PlacedRow[] {
	const failed = new Map<string, Set<string>>();
	for (const { hash, call } of rows) if (call?.failed) failed.set(hash, (failed.get(hash) ?? new Set()).add(call.path));
	if (failed.size === 0) return rows;
	return rows.map((row) => {
		const { hash, call, transfers } = row;
		const paths = failed.get(hash);
		if (paths === undefined || call === undefined || transfers.length === 0) return row;
		return ancestors(call.path).some((path) => paths.has(path)) ? { ...row, transfers: [] } : row;
	});
}

/** The calls that a call stands in, by path; the outermost is empty. */
function ancestors(path: string): string[] {
	if (path === "") return [];
	const steps = path.split("_");
	return steps.map((_, i) => steps.slice(0, i).join("_"));
}

/**
 * How many rows without a place in their transaction are equal to an earlier one that does not stand beside them. Equal transfers of one
 * transaction are listed side by side; elsewhere they are a sign of pages that overlap.
 */
function apart(rows: readonly PlacedRow[]): number {
	const last = new Map<string, number>();
	let count = 0;
	for (const row of rows) {
		const placed =
			row.id !== undefined || row.transfers.every((t) => t.kind === "fee" || t.kind === "native" || t.eventIndex !== undefined);
		if (placed) continue;
		const key = meaning(row);
		const before = last.get(key);
		if (before !== undefined && Math.abs(row.ordinal - before) > 1) count++;
		last.set(key, row.ordinal);
	}
	return count;
}

/** What rows leave open of how many calls or transfers they tell, in words, and how many rows do. */
export function doubtfulCalls(rows: readonly PlacedRow[]): readonly (readonly [string, number])[] {
	return [
		[DOUBLED, apart(rows)],
		[SHARED, sharing(rows)],
	];
}
