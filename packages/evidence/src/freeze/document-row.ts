import type { Rule, TraceAmounts, TraceEdge } from "@clew/core";

/** A movement that brought money to an end point; of an exchange what was got. Amounts in base units. */
export interface RequestRow
	extends Pick<TraceEdge, "row" | "position" | "time" | "txHash" | "from" | "to" | "asset" | "amount" | "range" | "provenance"> {
	/** Under every conserving rule. */
	readonly tainted: TraceAmounts;
}

/** The amounts that these rules say. */
export function under(rules: readonly Rule[], amounts: TraceAmounts | undefined): TraceAmounts {
	return Object.fromEntries(rules.map((rule) => [rule, amounts?.[rule] ?? "0"]));
}

/** A row as a request states it: amounts under these rules. */
export function documentRow(edge: TraceEdge, rules: readonly Rule[]): RequestRow {
	const { row, position, time, txHash, from, to, provenance } = edge;
	const { asset, amount, tainted, range } = edge.into ?? edge;
	return {
		row,
		position,
		time,
		txHash,
		from,
		to,
		asset,
		amount,
		tainted: under(rules, tainted),
		...(range === undefined ? {} : { range }),
		provenance,
	};
}
