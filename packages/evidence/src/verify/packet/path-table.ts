import { checkInert, inert, showsSymbolOf } from "../bundle/symbol-cell.js";
import { decimal } from "../bundle/transfers-csv.js";
import { shownContract } from "../chain-family/tokens.js";
import { parseCsv } from "../encoding/csv.js";
import type { Fail } from "../failure.js";
import { rangeOf } from "../trace/bounds.js";
import type { Request, RequestExchange, RequestRow } from "./formats.js";
import { type Expected, shownAs } from "./table.js";

type Line = Pick<RequestRow, "row" | "position" | "time" | "txHash" | "from" | "to" | "asset" | "amount" | "provenance"> & {
	readonly step: string;
	readonly chain: string;
	/** What every rule agrees on, and what any says at most; undefined of an exchange. */
	readonly range?: readonly [bigint, bigint];
};

/** Compares the table of the way with the request, cell by cell. */
export function checkPathTable(csv: string, request: Request, where: string, fail: Fail): void {
	const [header = [], ...body] = parseCsv(csv);
	const lines = linesOf(request);
	const assets: Request["assets"] = Object.assign({}, ...(request.way?.before ?? []).map((part) => part.assets), request.assets);
	if (body.length !== lines.length) fail(where, `has ${body.length} rows, the way in request.json ${lines.length}`);
	checkInert(body, where, fail);
	for (const [i, line] of lines.entries()) {
		const expected = cellsOf(line, assets, request.whatIf);
		if (i === 0 && header.join() !== expected.map(([column]) => column).join()) fail(where, "has other columns than a path's table");
		const cells = body[i] ?? [];
		if (cells.length !== expected.length) fail(`${where} row ${i + 1}`, `has ${cells.length} cells, not ${expected.length}`);
		for (const [at, [column, value]] of expected.entries()) {
			const found = cells[at] ?? "";
			if (!(typeof value === "string" ? found === inert(value) : value(found)))
				fail(`${where} row ${i + 1}`, `column ${column} says ${JSON.stringify(found)}, which request.json does not`);
		}
	}
}

function linesOf({ chain, way, rows, points, exchanges = [] }: Request): Line[] {
	if (way === undefined) return [];
	const ends = new Set(points.flatMap((point) => point.rows));
	const one = (row: RequestRow, step: string, on: string): Line => ({ ...row, step, chain: on, range: rangeOf(row) });
	const sides = ({ paid, got, account, ...rest }: RequestExchange, on: string): Line[] =>
		(
			[
				["paid", paid],
				["got", got],
			] as const
		).map(([step, { asset, amount }]) => {
			return { ...rest, from: account, to: account, asset, amount, step, chain: on };
		});
	const ordered = (lines: Line[]) => lines.sort((a, b) => a.row - b.row);
	const passed = exchanges.filter(({ row }) => way.exchanges.includes(row) && !ends.has(row));
	return [
		...way.before.flatMap((part) =>
			ordered([...part.rows.map((row) => one(row, "before", part.chain)), ...part.exchanges.flatMap((each) => sides(each, part.chain))]),
		),
		...ordered([
			...way.rows.map((row) => one(row, "way", chain)),
			...passed.flatMap((each) => sides(each, chain)),
			...rows.filter(({ row }) => ends.has(row)).map((row) => one(row, "end", chain)),
		]),
	];
}

function cellsOf(line: Line, assets: Request["assets"], whatIf: string | undefined): [string, Expected][] {
	const { step, chain, row, txHash, position, time, from, to, asset, amount, provenance, range } = line;
	const { symbol = "", decimals = 0 } = assets[asset] ?? {};
	return [
		["step", step],
		["chain", chain],
		["row", String(row)],
		["transaction", txHash],
		["block", position.split(".")[0] ?? ""],
		["time_utc", time],
		["from", shownAs(from)],
		["to", shownAs(to)],
		["asset", asset],
		["contract", shownContract(asset) ?? ""],
		["symbol", (found) => showsSymbolOf(asset, found, symbol)],
		["decimals", String(decimals)],
		["amount_base_units", amount],
		["amount", decimal(amount, decimals)],
		["agreed_base_units", range?.[0].toString() ?? ""],
		["agreed", range === undefined ? "" : decimal(range[0].toString(), decimals)],
		["at_most_base_units", range?.[1].toString() ?? ""],
		["known", provenance],
		...(whatIf === undefined ? [] : [["what_if", `what-if: ${whatIf}`] as [string, Expected]]),
	];
}
