import { csvCell, defang } from "@clew/core";
import { expect, it } from "vitest";
import { parseCsv } from "./csv.js";
import { checkInert, inert, showsSymbol } from "./symbol-cell.js";

const LONG = "x1".repeat(100);

it.each([
	"",
	"USDT",
	"USD-T",
	"USD₮0",
	"=SUM(1)",
	"-a",
	"www.get-rich.example",
	"https://x.y",
	"a\u200bb",
	"\u3164x",
	"ＵＳＤ",
	LONG,
	`"q",`,
])("the symbol %j is shown as tables write it, and no other", (symbol) => {
	const [[cell = ""] = []] = parseCsv(`${csvCell(defang(symbol))}\r\n`);
	expect(showsSymbol(cell, symbol)).toBe(true);
	expect(showsSymbol("BTC million", symbol)).toBe(false);
});

it("finds every cell that a spreadsheet would run", () => {
	const found: string[] = [];
	checkInert(
		[
			["a", "'=1"],
			["b", "=1"],
			["-1", "\t"],
		],
		"t.csv",
		(where, what) => found.push(`${where}: ${what}`),
	);
	expect(found).toEqual([
		't.csv row 2: a spreadsheet would run the cell "=1"',
		't.csv row 3: a spreadsheet would run the cell "-1"',
		't.csv row 3: a spreadsheet would run the cell "\\t"',
	]);
	expect(["=1", "+1", "-1", "@a", "a"].map(inert)).toEqual(["'=1", "'+1", "'-1", "'@a", "a"]);
});
