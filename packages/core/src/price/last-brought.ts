import { groupBy } from "../group-by.js";
import { comparePositions, parsePosition } from "../position.js";
import { rangeOfRows } from "../trace-range.js";
import type { TraceEdge, TraceLeaf, TraceResult } from "../trace-schema.js";

/**
 * The position at which money last came to an end point under a conserving rule, or may have: what poison alone calls tainted does not
 * count, since nothing of what is agreed came with it. Where no row says so it is the last arrival. O(rows of the end point).
 */
export function lastBrought({ edges }: Pick<TraceResult, "edges">): (leaf: Pick<TraceLeaf, "account" | "amounts" | "arrivals">) => string {
	const rows = groupBy(edges, ({ to, asset, into }) => `${to} ${into?.asset ?? asset}`);
	return ({ account, amounts, arrivals }) => {
		const own = rows.get(`${account} ${Object.keys(amounts)[0]}`) ?? [];
		return own.findLast((edge) => brings(edge, arrivals))?.position ?? arrivals.last;
	};
}

/** An account may be several end points, one for each owner in its time. */
function brings(edge: TraceEdge, { first, last, count }: TraceLeaf["arrivals"]): boolean {
	const { position, kind, into } = edge;
	if (count === 0 || kind === "fee" || (rangeOfRows([into ?? edge])?.most ?? 0n) === 0n) return false;
	const at = parsePosition(position);
	return comparePositions(parsePosition(first), at) <= 0 && comparePositions(at, parsePosition(last)) <= 0;
}
