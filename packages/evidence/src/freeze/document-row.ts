import type { Rule, TraceAmounts, TraceEdge } from "@clew/core";
import type { Exchange } from "./exchanges.js";

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

/**
 * An exchange that the money passed through on its way to the end points: what an account paid and got net in one transaction. Amounts in
 * base units, `tainted` under every conserving rule. It names nobody.
 */
export interface RequestExchange extends Pick<TraceEdge, "row" | "position" | "time" | "txHash" | "provenance"> {
	readonly account: string;
	readonly paid: ExchangeSide;
	readonly got: ExchangeSide;
}
type ExchangeSide = Pick<TraceEdge, "asset" | "amount"> & { readonly tainted: TraceAmounts };

/** An exchange as a request states it. */
export function documentExchange({ into, ...edge }: Exchange, rules: readonly Rule[]): RequestExchange {
	const { row, position, time, txHash, from, provenance } = edge;
	const side = ({ asset, amount, tainted }: ExchangeSide) => ({ asset, amount, tainted: under(rules, tainted) });
	return { row, position, time, txHash, account: from, paid: side(edge), got: side(into), provenance };
}
