import { checkInert, inert, showsSymbolOf } from "../bundle/symbol-cell.js";
import { decimal } from "../bundle/transfers-csv.js";
import { parseCsv } from "../encoding/csv.js";
import type { Fail } from "../failure.js";
import type { Request, RequestRow } from "./formats.js";

/** Compares the table of a packet with the rows of its request, cell by cell, in their order or that of {@link rowsByPoint}. */
export function checkTable(csv: string, request: Request, where: string, fail: Fail): void {
	const [header = [], ...body] = parseCsv(csv);
	const byNumber = new Map(request.rows.map((row) => [row.row, row]));
	const named = [request.rows.map(({ row }) => row), rowsByPoint(request)];
	const order = named.find((rows) => rows.join() === body.map(([row]) => row).join()) ?? (named[0] as number[]);
	if (body.length !== order.length) fail(where, `has ${body.length} rows, request.json names ${order.length}`);
	checkInert(body, where, fail);
	for (const [i, cells] of body.entries()) {
		const row = byNumber.get(order[i] ?? 0);
		if (row === undefined) continue;
		const expected = cellsOf(row, request);
		if (i === 0 && header.join() !== expected.map(([column]) => column).join()) fail(where, "has other columns than a packet's table");
		if (cells.length !== expected.length) fail(`${where} row ${i + 1}`, `has ${cells.length} cells, not ${expected.length}`);
		for (const [at, [column, value]] of expected.entries()) {
			const found = cells[at] ?? "";
			const same = typeof value === "string" ? found === inert(value) : value(found);
			if (!same) fail(`${where} row ${i + 1}`, `column ${column} says ${JSON.stringify(found)}, which request.json does not`);
		}
	}
}

/** Numbers of rows end point by end point, leads behind: the order of tables by earlier versions. */
export function rowsByPoint({ points, leads }: Request): number[] {
	return [...points, ...leads].flatMap(({ rows }) => rows);
}

type Expected = string | ((found: string) => boolean);

function cellsOf(row: RequestRow, { rules, assets, contracts, whatIf }: Request): [string, Expected][] {
	const { symbol = "", decimals = 0 } = assets[row.asset] ?? {};
	return [
		["row", String(row.row)],
		["transaction", row.txHash],
		["block", row.position.split(".")[0] ?? ""],
		["time_utc", row.time],
		["from", shownAs(row.from)],
		["to", shownAs(row.to)],
		["asset", row.asset],
		["contract", contracts[row.asset] ?? ""],
		["symbol", (found) => showsSymbolOf(row.asset, found, symbol)],
		["decimals", String(decimals)],
		["amount_base_units", row.amount],
		["amount", decimal(row.amount, decimals)],
		...rules.map((rule): [string, Expected] => [`tainted_${rule}`, row.tainted[rule] ?? ""]),
		["value_if_known", ""],
		["known", row.provenance],
		...(whatIf === undefined ? [] : [["what_if", `what-if: ${whatIf}`] as [string, Expected]]),
	];
}

/** An account as its address; on EVM chains letters may be large to make a checksum (EIP-55). */
function shownAs(account: string): Expected {
	const address = account.slice(account.lastIndexOf(":") + 1);
	if (address === "unknown") return "unknown receiver";
	return /^0x[0-9a-f]{40}$/.test(address) ? (found) => found.startsWith("0x") && found.toLowerCase() === address : address;
}
