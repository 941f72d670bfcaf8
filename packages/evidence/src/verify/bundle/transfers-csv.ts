import { isBackward } from "../backward/as-forward.js";
import { parseCsv } from "../encoding/csv.js";
import type { Fail } from "../failure.js";
import type { Edge, Trace } from "./formats.js";
import { checkInert, inert, showsSymbolOf } from "./symbol-cell.js";

/** What a row says of itself besides its edge: how it is known, and the hash of its block. */
export interface RowKnown {
	readonly tier: string;
	readonly block?: string | undefined;
}

/** Compares every row of transfers.csv with its edge in trace.json, cell by cell, and with how it is known; names the rows that differ. */
export function checkCsv(csv: string, trace: Trace, known: readonly RowKnown[], fail: Fail): void {
	let rows: string[][];
	try {
		rows = parseCsv(csv);
	} catch (error) {
		fail("transfers.csv", (error as Error).message);
		return;
	}
	const [header = [], ...body] = rows;
	const hashes = known.some(({ block }) => block !== undefined);
	const columns = columnsOf(trace, hashes);
	if (header.join() !== columns.join()) fail("transfers.csv", `its columns are not ${columns.join(", ")}`);
	if (body.length !== trace.edges.length) fail("transfers.csv", `has ${body.length} rows, trace.json has ${trace.edges.length} edges`);
	checkInert(body, "transfers.csv", fail);
	for (const [i, cells] of body.entries()) {
		const edge = trace.edges[i];
		if (edge === undefined) continue;
		const expected = expectedCells(edge, trace, known[i] ?? { tier: "" }, hashes);
		if (cells.length !== header.length) fail(`transfers.csv row ${i + 1}`, `has ${cells.length} cells, not ${header.length}`);
		for (const column of ["from", "to"] as const)
			if (!sameAddress(cells[header.indexOf(column)] ?? "", edge[column]))
				fail(`transfers.csv row ${i + 1}`, `column ${column} is not ${JSON.stringify(edge[column])}, which trace.json says`);
		const symbol = trace.assets[edge.asset]?.symbol ?? "";
		if (!showsSymbolOf(edge.asset, cells[header.indexOf("symbol")] ?? "", symbol))
			fail(`transfers.csv row ${i + 1}`, "column symbol is not that of trace.json");
		for (const [column, value] of expected) {
			const found = cells[header.indexOf(column)];
			if (found !== inert(value))
				fail(`transfers.csv row ${i + 1}`, `column ${column} says ${JSON.stringify(found ?? "")}, trace.json ${JSON.stringify(value)}`);
		}
	}
}

/** The columns of a table, in order. */
/** What the amounts of a trace back in time are, in its own column. */
const BACKWARD = "backward: what of each movement came to what is asked about";

function columnsOf(trace: Trace, hashes: boolean): string[] {
	const { rules, parameters } = trace;
	return [
		...[
			"row",
			"chain",
			"block",
			"transaction_index",
			"event_index",
			"time_utc",
			"transaction",
			"outpoint",
			"from",
			"to",
			"asset",
			"symbol",
		],
		...["decimals", "amount_base_units", "amount", "kind", "claim", "provenance", "source", "known"],
		...rules.map((rule) => `tainted_${rule}`),
		...["into_asset", "into_amount_base_units"],
		...rules.map((rule) => `into_tainted_${rule}`),
		...(hashes ? ["block_hash"] : []),
		...(isBackward(trace) ? ["direction"] : []),
		...(parameters["whatIf"] === undefined ? [] : ["what_if"]),
	];
}

/** An address as a table shows it, letters' case aside: mixed case is a checksum of the same address. */
function sameAddress(cell: string, account: string): boolean {
	const address = account.slice(account.lastIndexOf(":") + 1);
	return (
		cell === address || (/^0x/.test(address) && cell.toLowerCase() === address) || (address === "unknown" && cell === "unknown receiver")
	);
}

function expectedCells(edge: Edge, trace: Trace, { tier, block = "" }: RowKnown, hashes: boolean): [string, string][] {
	const [height = "", txIndex = "", eventIndex = ""] = edge.position.split(".");
	const decimals = trace.assets[edge.asset]?.decimals ?? 0;
	const { whatIf } = trace.parameters;
	return [
		["row", String(edge.row)],
		["chain", trace.chain],
		["block", height],
		["transaction_index", txIndex],
		["event_index", eventIndex],
		["time_utc", edge.time],
		["transaction", edge.txHash],
		["outpoint", edge.outpoint ?? ""],
		["asset", edge.asset],
		["decimals", String(decimals)],
		["amount_base_units", edge.amount],
		["amount", decimal(edge.amount, decimals)],
		["kind", edge.kind],
		["claim", edge.tier],
		["provenance", edge.provenance],
		["source", edge.source],
		["known", tier],
		...trace.rules.map((rule): [string, string] => [`tainted_${rule}`, edge.tainted[rule] ?? ""]),
		["into_asset", edge.into?.asset ?? ""],
		["into_amount_base_units", edge.into?.amount ?? ""],
		...trace.rules.map((rule): [string, string] => [`into_tainted_${rule}`, edge.into?.tainted[rule] ?? ""]),
		...(hashes ? [["block_hash", block] as [string, string]] : []),
		...(isBackward(trace) ? [["direction", BACKWARD] as [string, string]] : []),
		...(whatIf === undefined ? [] : [["what_if", `what-if: ${whatIf}`] as [string, string]]),
	];
}

export function decimal(units: string, decimals: number): string {
	const padded = units.padStart(decimals + 1, "0");
	const fraction = padded.slice(padded.length - decimals).replace(/0+$/, "");
	const whole = padded.slice(0, padded.length - decimals);
	return decimals === 0 || fraction === "" ? whole : `${whole}.${fraction}`;
}
