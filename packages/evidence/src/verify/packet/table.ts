import { checkInert, inert, showsSymbolOf } from "../bundle/symbol-cell.js";
import { decimal } from "../bundle/transfers-csv.js";
import { parseCsv } from "../encoding/csv.js";
import type { Fail } from "../failure.js";
import type { RequestValues, StatedValue } from "../values/form.js";
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

export type Expected = string | ((found: string) => boolean);

function cellsOf(row: RequestRow, { rules, assets, contracts, whatIf, values }: Request): [string, Expected][] {
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
		...(values === undefined ? [["value_if_known", ""] as [string, Expected]] : valueCells(row.row, values)),
		["known", row.provenance],
		...(whatIf === undefined ? [] : [["what_if", `what-if: ${whatIf}`] as [string, Expected]]),
	];
}

/** What a row was worth in each unit, by whom and of when, as the table shows it. */
function valueCells(row: number, { units, rows, prices }: RequestValues): [string, Expected][] {
	const own = rows.find((one) => one.row === row);
	return units.flatMap((unit): [string, Expected][] => {
		const [amount, agreed] = [own?.amount[unit], own?.agreed[unit]];
		const told = amount === undefined || amount.kind === "none" ? [] : amount.prices.flatMap((number) => prices[number] ?? []);
		return [
			[`value_${unit}`, shownValue(amount, unit)],
			[`agreed_value_${unit}`, shownValue(agreed, unit)],
			[`price_source_${unit}`, told.map(({ origin }) => `${origin.id} (${origin.tier})`).join("; ")],
			[`price_time_${unit}`, told.map(({ time }) => new Date(time * 1000).toISOString().replace(".000", "")).join("; ")],
		];
	});
}

function shownValue(value: StatedValue | undefined, unit: string): string {
	if (value === undefined || value.kind === "none") return "no price";
	if (value.kind === "value") return `${hundredths(value.value)} ${unit}`;
	return `${hundredths(value.low)} to ${hundredths(value.high)} ${unit}, sources differ`;
}

/** A `numerator/denominator` to hundredths, half up. */
function hundredths(text = "0/1"): string {
	const [numerator = 0n, denominator = 1n] = text.split("/").map(BigInt);
	const cents = (200n * numerator + denominator) / (2n * denominator);
	if (cents === 0n && numerator > 0n) return "less than 0.01";
	return `${cents / 100n}.${(cents % 100n).toString().padStart(2, "0")}`;
}

/** An account as its address; on EVM chains letters may be large to make a checksum (EIP-55). */
export function shownAs(account: string): Expected {
	const address = account.slice(account.lastIndexOf(":") + 1);
	if (address === "unknown") return "unknown receiver";
	return /^0x[0-9a-f]{40}$/.test(address) ? (found) => found.startsWith("0x") && found.toLowerCase() === address : address;
}
