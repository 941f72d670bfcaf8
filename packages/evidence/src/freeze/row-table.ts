import { type AccountId, displayAddress, formatAmount, shownSymbol } from "@clew/core";
import { unzipSync, zipSync } from "fflate";
import writeSpreadsheet from "write-excel-file/node";
import { EPOCH } from "../bundle/archive.js";
import type { RequestDocument } from "./request-document.js";
import { valueCellsOf, valueColumnsOf } from "./value-words.js";

/** The rows in their order, which is that of time, with every identifier whole, one column a rule. */
export function rowTable(request: RequestDocument): string[][] {
	const { rules, assets, contracts, whatIf, values } = request;
	const head = [
		"row",
		"transaction",
		"block",
		"time_utc",
		"from",
		"to",
		"asset",
		"contract",
		"symbol",
		"decimals",
		"amount_base_units",
		"amount",
		...rules.map((rule) => `tainted_${rule}`),
		...(values === undefined ? ["value_if_known"] : valueColumnsOf(values)),
		"known",
		...(whatIf === undefined ? [] : ["what_if"]),
	];
	const rows = request.rows.map(({ row, txHash, position, time, from, to, asset, amount, tainted, provenance }, i) => {
		const { symbol, decimals } = assets[asset] ?? { symbol: "", decimals: 0 };
		return [
			row.toString(),
			txHash,
			position.split(".")[0] ?? "",
			time,
			displayAddress(from as AccountId),
			displayAddress(to as AccountId),
			asset,
			contracts[asset] ?? "",
			shownSymbol(asset, symbol, assets),
			decimals.toString(),
			amount,
			formatAmount(BigInt(amount), decimals),
			...rules.map((rule) => tainted[rule] ?? "0"),
			...(values === undefined ? [""] : valueCellsOf(values, i)),
			provenance,
			...(whatIf === undefined ? [] : [`what-if: ${whatIf}`]),
		];
	});
	return [head, ...rows];
}

/**
 * Every cell is text: a spreadsheet would round amounts, and run formulas. The same tables give the same bytes; the path has a sheet of
 * its own where there is one.
 */
export async function spreadsheet(table: readonly (readonly string[])[], path?: readonly (readonly string[])[]): Promise<Uint8Array> {
	const sheets = [
		{ data: asText(table), sheet: "Transfers", stickyRowsCount: 1 },
		...(path === undefined ? [] : [{ data: asText(path), sheet: "Path", stickyRowsCount: 1 }]),
	];
	const written = await writeSpreadsheet(sheets).toBuffer();
	// A spreadsheet is a zip, which the library dates with the time of writing.
	return zipSync(unzipSync(written), { mtime: EPOCH });
}

function asText(table: readonly (readonly string[])[]) {
	return table.map((row, i) => row.map((value) => ({ value, type: String, ...(i === 0 ? { fontWeight: "bold" as const } : {}) })));
}
