import { type AssetId, displayAddress, quote, tokenContract } from "@clew/core";
import type { ParsedRow, Row } from "./row.js";

/**
 * What is taken of a row whose amount is a decimal number of a token of which nobody tells the decimals: nothing but that there is one. The
 * file's coverage says how many rows of which token that is; of other tokens it lists everything all the same, and where another source
 * tells of such a row, the file is seen to lack it.
 */
export function withoutDecimals(row: Row, asset: AssetId): Pick<ParsedRow, "transfers" | "open"> {
	const contract = tokenContract(asset);
	const called = row.optional("TokenSymbol", "symbol");
	const token = `${called === "" ? "" : `${quote(called)}, `}${contract === undefined ? asset : displayAddress(contract)}`;
	return {
		transfers: [],
		open: [
			`rows of a token whose decimals nobody tells (${token}) were left out: ingest a block with it from a node, or import an export that tells its decimals (such as tokentx of an explorer's API), then import this file again`,
		],
	};
}
