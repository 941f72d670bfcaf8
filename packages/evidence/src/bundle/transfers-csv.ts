import {
	type AccountId,
	csvLine,
	displayAddress,
	formatAmount,
	goesForward,
	type Rule,
	shownSymbol,
	type TraceAmounts,
	type TraceEdge,
	type TraceResult,
	whatIfOf,
} from "@clew/core";
import type { RowKnowledge } from "./rows.js";

const FIXED = [
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
	"decimals",
	"amount_base_units",
	"amount",
	"kind",
	"claim",
	"provenance",
	"source",
	"known",
] as const;

/** Column names for the rules of a result. */
export function transferColumns(rules: readonly Rule[]): string[] {
	return [
		...FIXED,
		...rules.map((rule) => `tainted_${rule}`),
		"into_asset",
		"into_amount_base_units",
		...rules.map((rule) => `into_tainted_${rule}`),
	];
}

/** Column of a table in which a row names the hash of its block, and last column of a what-if's. */
const BLOCK_HASH = "block_hash";
const WHAT_IF = "what_if";
/** Of a trace that goes backward the column before it. */
const DIRECTION = "direction";
const BACKWARD = "backward: what of each movement came to what is asked about";

/**
 * The edges as CSV: full identifiers, amounts in base units and decimal, one column a rule. Cells that a spreadsheet would run are made
 * inert.
 */
export function transfersCsv(result: TraceResult, known: readonly RowKnowledge[]): string {
	const whatIf = whatIfOf(result);
	const [name, note] = whatIf === undefined ? [[], []] : [[WHAT_IF], [`what-if: ${whatIf}`]];
	const [way, wayNote] = goesForward(result) ? [[], []] : [[DIRECTION], [BACKWARD]];
	const hashes = known.some(({ block }) => block !== undefined);
	const lines = [csvLine([...transferColumns(result.rules), ...(hashes ? [BLOCK_HASH] : []), ...way, ...name])];
	for (const [i, edge] of result.edges.entries()) {
		const { tier = "", block = "" } = known[i] ?? {};
		lines.push(csvLine([...cellsOf(edge, result, tier), ...(hashes ? [block] : []), ...wayNote, ...note]));
	}
	return lines.join("");
}

function cellsOf(edge: TraceEdge, result: TraceResult, tier: string): string[] {
	const [height = "", txIndex = "", eventIndex = ""] = edge.position.split(".");
	const info = result.assets[edge.asset] ?? { symbol: "", decimals: 0 };
	return [
		edge.row.toString(),
		result.chain,
		height,
		txIndex,
		eventIndex,
		edge.time,
		edge.txHash,
		edge.outpoint ?? "",
		displayAddress(edge.from as AccountId),
		displayAddress(edge.to as AccountId),
		edge.asset,
		shownSymbol(edge.asset, info.symbol, result.assets),
		info.decimals.toString(),
		edge.amount,
		formatAmount(BigInt(edge.amount), info.decimals),
		edge.kind,
		edge.tier,
		edge.provenance,
		edge.source,
		tier,
		...perRule(edge.tainted, result.rules),
		edge.into?.asset ?? "",
		edge.into?.amount ?? "",
		...perRule(edge.into?.tainted, result.rules),
	];
}

function perRule(amounts: TraceAmounts | undefined, rules: readonly Rule[]): string[] {
	return rules.map((rule) => amounts?.[rule] ?? "");
}
