import { csvCell, shownSymbol } from "@clew/core";
import { expect, it } from "vitest";
import { parseCsv } from "../encoding/csv.js";
import { checkInert, inert, showsSymbolOf } from "./symbol-cell.js";

const OTHER = `eip155:1/erc20:0x${"9".repeat(40)}`;
const USDT = "eip155:1/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7";
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
	"Tether",
	"\u{1d414}SDT",
	`U${".".repeat(60)}SDT`,
	`${"\u200b".repeat(119)}USDT`,
])("the symbol %j is shown as tables write it, and no other", (symbol) => {
	const [[cell = ""] = []] = parseCsv(`${csvCell(shownSymbol(OTHER, symbol))}\r\n`);
	expect(showsSymbolOf(OTHER, cell, symbol)).toBe(true);
	expect(showsSymbolOf(OTHER, "BTC million", symbol)).toBe(false);
});

it("a symbol is shown with the contract, and a token that is known never as one that it is not", () => {
	expect(shownSymbol(OTHER, "USDT")).toBe('"USDT" (not the known USDT: 0x9999…9999)');
	expect(showsSymbolOf(OTHER, '"USDT" (not the known USDT: 0x9999…9999)', "USDT")).toBe(true);
	expect(showsSymbolOf(OTHER, "USDT", "USDT")).toBe(true);
	expect(showsSymbolOf(OTHER, "X (0x9999…9999)", "X")).toBe(true);
	expect(showsSymbolOf(OTHER, '"USDT" (not the known USDT: 0x9999…9998)', "USDT")).toBe(false);
	expect(showsSymbolOf(OTHER, '"USDC" (not the known USDC: 0x9999…9999)', "USDT")).toBe(false);
	expect(showsSymbolOf(USDT, '"USDT" (not the known USDT: 0xdac1…1ec7)', "USDT")).toBe(false);
	expect(showsSymbolOf("eip155:1/slip44:60", '"ETH" (not the coin ETH: 60)', "ETH")).toBe(false);
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
