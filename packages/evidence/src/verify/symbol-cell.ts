import type { Fail } from "./bounds.js";

/** From here on a table cuts a symbol off. */
const MOST = 119;
const KEPT = /[\p{L}\p{N}]/gu;
/** Letters that nobody sees, which a table shows as a dot. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;
const PRINTABLE = /^[\x20-\x7e]*$/;
const LINK = /:\/\/|www\./i;

/**
 * True for a cell that shows a symbol: as it is, or with an apostrophe in front of what a spreadsheet would run; of symbols that are made
 * harmless (links, characters that nobody sees) letters and digits are the same.
 */
export function showsSymbol(cell: string, symbol: string): boolean {
	if (PRINTABLE.test(symbol) && symbol.length <= MOST && !LINK.test(symbol)) return cell === symbol || cell === `'${symbol}`;
	const [shown, all] = [kept(cell), kept(symbol)];
	return symbol.length <= MOST ? shown === all : shown !== "" && all.startsWith(shown);
}

function kept(text: string): string {
	return (text.replace(UNSEEN, "").match(KEPT) ?? []).join("");
}

/** Starts of a cell that a spreadsheet runs. */
const RUN = /^[=+\-@\t\r]/;

/** A cell as a table shows it: with an apostrophe in front of what a spreadsheet would run. */
export function inert(value: string): string {
	return RUN.test(value) ? `'${value}` : value;
}

/** No cell of a table is one that a spreadsheet would run. `rows` without the header, whose cells are compared. */
export function checkInert(rows: readonly (readonly string[])[], where: string, fail: Fail): void {
	for (const [i, cells] of rows.entries())
		for (const cell of cells)
			if (RUN.test(cell)) fail(`${where} row ${i + 1}`, `a spreadsheet would run the cell ${JSON.stringify(cell.slice(0, MAX_SHOWN))}`);
}

const MAX_SHOWN = 100;
