import { type AccountId, defang, displayAddress, formatAmount, type Rule, type TraceResult, whatIfOf } from "@clew/core";
import writeSpreadsheet from "write-excel-file/node";
import type { FreezeRequest } from "./requests.js";

/** The rows with every identifier whole, one column a rule. */
export function rowTable(result: TraceResult, request: FreezeRequest, rules: readonly Rule[]): string[][] {
	const whatIf = whatIfOf(result);
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
		"value_if_known",
		"known",
		...(whatIf === undefined ? [] : ["what_if"]),
	];
	const rows = [...request.points, ...request.leads].flatMap(({ rows: edges }) =>
		edges.map((edge) => {
			const { asset, amount, tainted } = edge.into ?? edge;
			const info = result.assets[asset] ?? { symbol: "", decimals: 0 };
			return [
				edge.row.toString(),
				edge.txHash,
				edge.position.split(".")[0] ?? "",
				edge.time,
				displayAddress(edge.from as AccountId),
				displayAddress(edge.to as AccountId),
				asset,
				/\/erc20:(.+)$/.exec(asset)?.[1] ?? "",
				defang(info.symbol),
				info.decimals.toString(),
				amount,
				formatAmount(BigInt(amount), info.decimals),
				...rules.map((rule) => tainted[rule] ?? "0"),
				"",
				edge.provenance,
				...(whatIf === undefined ? [] : [`what-if: ${whatIf}`]),
			];
		}),
	);
	return [head, ...rows];
}

/** Every cell is text: a spreadsheet would round amounts, and run formulas. */
export async function spreadsheet(table: readonly (readonly string[])[]): Promise<Uint8Array> {
	const rows = table.map((row, i) => row.map((value) => ({ value, type: String, ...(i === 0 ? { fontWeight: "bold" as const } : {}) })));
	return writeSpreadsheet(rows, { sheet: "Transfers", stickyRowsCount: 1 }).toBuffer();
}
