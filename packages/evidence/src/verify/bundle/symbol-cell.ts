import { publishedToken } from "../chain-family/tokens.js";
import { isWrappedCoin } from "../evm/wrapped-coins.js";
import type { Fail } from "../failure.js";

/** From here on a table cuts a symbol off. */
const MOST = 119;
const KEPT = /[\p{L}\p{N}]/gu;
/** Letters that nobody sees, which a table shows as a dot. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;
const PRINTABLE = /^[\x20-\x7e]*$/;
const LINK = /:\/\/|www\./i;

/** A name that is not what it says, as `"USDT" (not the known USDT: 0x9999…9999)`, or one that several have, as `X (0x9999…9999)`. */
const NOT_IT = /^"(.*)" \(not the (?:known|coin) [A-Za-z0-9.]{1,20}: (\S{1,12})\)$/su;
const ONE_OF = /^(.*) \((\S{1,12})\)$/su;
/** A marked name is cut off here. */
const MOST_MARKED = 40;

/**
 * True for a cell that shows the symbol of an asset as {@link showsSymbol} has it, alone or marked by the contract, shortened. No coin and
 * no token that this verifier knows is marked.
 */
export function showsSymbolOf(asset: string, cell: string, symbol: string): boolean {
	if (showsSymbol(cell, symbol)) return true;
	const [, name = "", contract] = NOT_IT.exec(cell) ?? ONE_OF.exec(cell) ?? [];
	if (contract === undefined || contract !== shortened(asset) || isKnown(asset)) return false;
	if (name.length === MOST_MARKED && name.endsWith("…")) return kept(symbol).startsWith(kept(name));
	return showsSymbol(name, symbol) || kept(name) === kept(symbol);
}

function isKnown(asset: string): boolean {
	return asset.includes("/slip44:") || publishedToken(asset) !== undefined || isWrappedCoin(asset);
}

function shortened(asset: string): string {
	const contract = asset.slice(asset.lastIndexOf(":") + 1);
	return contract.length > 12 ? `${contract.slice(0, 6)}…${contract.slice(-4)}` : contract;
}

/**
 * True for a cell that shows a symbol: as it is, or with an apostrophe in front of what a spreadsheet would run; of symbols that are made
 * harmless (links, characters that nobody sees) letters and digits are the same.
 */
function showsSymbol(cell: string, symbol: string): boolean {
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
