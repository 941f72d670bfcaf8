import {
	type AccountId,
	type AssetId,
	addressOf,
	chainOf,
	isNative,
	isUnknownAccount,
	type ProvableTransfer,
	type TraceEdge,
	type TraceResult,
	type TransactionRecord,
	type TransferRecord,
	wrappedCoin,
} from "@clew/core";
import type { RowKnowledge } from "@clew/evidence";

/** How the reason begins of each row that the block on the chain does not bear out. */
const CONTRADICTED = "the node's block contradicts it: ";
/** What a block pays by itself stands in no transaction. */
const OF_BLOCK = new Set<TraceEdge["kind"]>(["reward", "withdrawal", "genesis", "fork"]);

/** Rows that are named one by one. */
const NAMED = 20;

/**
 * What there is to say of rows that their blocks contradict, in lines, for whoever exports them; none where there are none. `known` in
 * the order of the rows.
 */
export function contradictionLines({ edges }: TraceResult, known: readonly RowKnowledge[]): readonly string[] {
	const rows = edges.flatMap(({ row }, i) => (isContradicted(known[i]?.why ?? "") ? [`row ${row}: ${known[i]?.why}`] : []));
	if (rows.length === 0) return [];
	const more = rows.length > NAMED ? [`and ${rows.length - NAMED} more, each with its reason in rows.jsonl`] : [];
	return [
		`${rows.length === 1 ? "1 row is" : `${rows.length} rows are`} contradicted by the node's blocks:`,
		...rows.slice(0, NAMED),
		...more,
	];
}

/** True for the words of a bundle's maker on a row whose block contradicts it. */
export function isContradicted(words: string): boolean {
	return words.includes(CONTRADICTED);
}

/**
 * In what a row of an account chain differs from its transaction as the checked block has it, with both figures; undefined where the
 * block says nothing against it. `told` is the transaction, absent where the block does not hold it; `provable` what its receipt shows,
 * with what rows before took.
 */
export function contradictionOf(
	edge: TraceEdge,
	told: TransactionRecord | undefined,
	provable: readonly ProvableTransfer[],
): string | undefined {
	if (OF_BLOCK.has(edge.kind)) return undefined;
	const against = told === undefined ? "its transaction is not in the block of that height" : inTransaction(edge, told, provable);
	return against === undefined ? undefined : CONTRADICTED + against;
}

function inTransaction(edge: TraceEdge, told: TransactionRecord, provable: readonly ProvableTransfer[]): string | undefined {
	if (edge.kind === "fee") return otherFee(edge, provable);
	if (edge.kind === "conversion") return undefined;
	if (told.status === "failed" && !(edge.kind === "mint" && isNative(edge.asset as AssetId)))
		return `its transaction failed and moved nothing but its fee, the row says ${figure(edge)}`;
	if (edge.kind === "native") return otherValue(edge, told);
	return edge.kind === "token" || edge.kind === "mint" || edge.kind === "burn" ? noSuchLog(edge, told, provable) : undefined;
}

function otherFee(edge: TraceEdge, provable: readonly ProvableTransfer[]): string | undefined {
	const fee = provable.find(({ kind }) => kind === "fee");
	return fee === undefined || fee.amount.toString() === edge.amount ? undefined : `its fee is ${fee.amount}, the row says ${edge.amount}`;
}

function otherValue(edge: TraceEdge, told: TransactionRecord): string | undefined {
	const value = told.transfers.find(({ kind }) => kind === "native");
	if (value === undefined) return `its transaction pays no value, the row says ${figure(edge)}`;
	const isAlike =
		value.amount.toString() === edge.amount && value.from === edge.from && (value.to === edge.to || isUnknownAccount(edge.to as AccountId));
	if (isAlike) return undefined;
	// Who pays is told where it is that in which they differ.
	const payer = (from: string) => (value.from === edge.from ? "" : ` from ${addressOf(from as AccountId)}`);
	return `its transaction pays ${figure(value)}${payer(value.from)}, the row says ${figure(edge)}${payer(edge.from)}`;
}

function noSuchLog(edge: TraceEdge, told: TransactionRecord, provable: readonly ProvableTransfer[]): string | undefined {
	const { asset, from, to } = edge;
	// Of the wrapped coin its contract's rules tell mints and burns, too.
	if (isNative(asset as AssetId) || (edge.kind !== "token" && asset === wrappedCoin(chainOf(from as AccountId))?.asset)) return undefined;
	const alike = told.transfers.filter((t) => t.kind === edge.kind && t.asset === asset && t.from === from && t.to === to);
	const same = alike.filter(({ amount }) => amount.toString() === edge.amount).length;
	if (same > 0) {
		const shown = provable.filter((t) => t.kind === edge.kind && t.asset === asset && t.from === from && t.to === to);
		return shown.some(({ amount }) => amount.toString() === edge.amount)
			? `its receipt has ${same} such logs, and there are more such rows`
			: undefined;
	}
	const others = alike.map(({ amount }) => amount).join(", ");
	return `its receipt has no such log${others === "" ? "" : `, between the two ${others}`}, the row says ${figure(edge)}`;
}

function figure({ amount, to }: Pick<TransferRecord, "amount" | "to"> | Pick<TraceEdge, "amount" | "to">): string {
	return `${amount} to ${addressOf(to as AccountId)}`;
}
