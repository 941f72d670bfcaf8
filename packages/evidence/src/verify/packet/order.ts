import { ledgerOf } from "../chain-family/registry.js";
import type { Fail } from "../failure.js";
import { comparePosition } from "../trace/arithmetic.js";
import { isMoment } from "../trace/times.js";
import type { Request, RequestExchange, RequestRow } from "./formats.js";

/** Rows and the exchanges that are no rows, by their numbers in the trace. */
export function movementsOf({ rows, exchanges = [] }: Pick<Request, "rows" | "exchanges">): (RequestRow | RequestExchange)[] {
	const numbers = new Set(rows.map(({ row }) => row));
	return [...rows, ...exchanges.filter(({ row }) => !numbers.has(row))].sort((a, b) => a.row - b.row);
}

/**
 * Rows and exchanges stand in order of time: by position, no block behind the data's last, one time a block, and on chains of
 * accounts (whose rules forbid it) no block earlier than one before it. A transaction is in one place.
 */
export function checkOrder(request: Request, where: string, fail: Fail): void {
	const { chain, cutoff } = request;
	const places = new Map<string, string>();
	const times = new Map<string, string>();
	let last: RequestRow | RequestExchange | undefined;
	let dated: typeof last;
	for (const row of movementsOf(request)) {
		const at = `${where} row ${row.row}`;
		const [height = "", index = ""] = row.position.split(".");
		if (last !== undefined && comparePosition(last.position, row.position) > 0)
			fail(at, `position ${row.position} stands behind ${last.position}`);
		last = row;
		if (Number(height) > Number(cutoff)) fail(at, `is in block ${height}, and the data ends at block ${cutoff}`);
		const place = `${height}.${index}`;
		const other = places.get(row.txHash);
		if (other !== undefined && other !== place) fail(at, `transaction ${row.txHash} stands at ${place}, and at ${other} before`);
		places.set(row.txHash, place);
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
