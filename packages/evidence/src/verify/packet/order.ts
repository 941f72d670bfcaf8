import { ledgerOf } from "../chain-family/registry.js";
import type { Fail } from "../failure.js";
import { comparePosition } from "../trace/positions.js";
import { isMoment } from "../trace/times.js";
import type { Request, RequestExchange, RequestRow } from "./formats.js";

/** Rows and the exchanges that are no rows, by their numbers in the trace. */
export function movementsOf({ rows, exchanges = [] }: Pick<Request, "rows" | "exchanges">): (RequestRow | RequestExchange)[] {
	const numbers = new Set(rows.map(({ row }) => row));
	return [...rows, ...exchanges.filter(({ row }) => !numbers.has(row))].sort((a, b) => a.row - b.row);
}

/**
 * Rows and exchanges stand in order of time: by position, no block behind the data's last, one time a block, and on chains of
 * accounts (whose rules forbid it) no block earlier than one before it.
 */
export function checkOrder(request: Request, where: string, fail: Fail): void {
	const { chain, cutoff } = request;
	const times = new Map<string, string>();
	let last: RequestRow | RequestExchange | undefined;
	let dated: typeof last;
	for (const row of movementsOf(request)) {
		const at = `${where} row ${row.row}`;
		const [height = ""] = row.position.split(".");
		if (last !== undefined && comparePosition(last.position, row.position) > 0)
			fail(at, `position ${row.position} stands behind ${last.position}`);
		last = row;
		if (Number(height) > Number(cutoff)) fail(at, `is in block ${height}, and the data ends at block ${cutoff}`);
		if (!isMoment(row.time)) fail(at, `is of ${JSON.stringify(row.time.slice(0, 40))}, which is no time as requests state it`);
		if (row.time === "") continue;
		const told = times.get(height);
		if (told !== undefined && told !== row.time) fail(at, `block ${height} is of ${row.time}, and of ${told} before`);
		times.set(height, row.time);
		if (ledgerOf(chain) === "accounts" && dated !== undefined && !(Date.parse(row.time) >= Date.parse(dated.time)))
			fail(at, `is of ${row.time}, and row ${dated.row} before it of ${dated.time}`);
		dated = row;
	}
}
