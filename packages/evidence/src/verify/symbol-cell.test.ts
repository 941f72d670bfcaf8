import { csvCell, defang } from "@clew/core";
import { expect, it } from "vitest";
import { parseCsv } from "./csv.js";
import { showsSymbol } from "./symbol-cell.js";

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
