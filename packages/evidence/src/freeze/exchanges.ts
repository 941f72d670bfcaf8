import { CONSERVING_RULES, type TraceEdge } from "@clew/core";

/** A row of an exchange. */
export type Exchange = TraceEdge & { readonly into: NonNullable<TraceEdge["into"]> };

/**
 * Every exchange that money passed through, or can have, on its way to these rows, in order: one whose proceeds lie where a later row, or
 * exchange, on the way to them took the asset from. All else that the trace found is left out, and so is what only poison taints. `edges`
 * are those of the trace, in their order; linear in them.
 */
export function exchangesBehind(edges: readonly TraceEdge[], rows: readonly TraceEdge[]): Exchange[] {
	const numbers = new Set(rows.map(({ row }) => row));
	const wanted = new Set<string>();
	const found: Exchange[] = [];
	for (const edge of [...edges].reverse()) {
		const { row, from, to, asset, into } = edge;
		if (!numbers.has(row) && !(wanted.has(`${to} ${into?.asset ?? asset}`) && carriesTaint(into ?? edge))) continue;
		wanted.add(`${from} ${asset}`);
		if (isExchange(edge)) found.push(edge);
	}
	return found.reverse();
}

function carriesTaint({ tainted }: Pick<TraceEdge, "tainted">): boolean {
	return CONSERVING_RULES.some((rule) => BigInt(tainted[rule] ?? "0") > 0n);
}

/** True for a row of an exchange. */
export function isExchange(edge: TraceEdge): edge is Exchange {
	return edge.into !== undefined;
}
