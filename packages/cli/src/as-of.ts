import { type AsOf, asOfNow, type ChainId, type GraphStore, SEEDED_ELSEWHERE, type TraceResult } from "@clew/core";

/** What a run of detection on a chain is called where it is noted as of when it was made. */
export const detectionsMade = (chain: ChainId): string => `detection ${chain}`;

/** How the detections of a chain stand to its data now; `unknown` also where none were run on it. Labels do not matter to them. */
export function detectionsAsOf(store: GraphStore, chain: ChainId): Promise<AsOf> {
	return asOfNow(store, detectionsMade(chain), { chain, labels: false });
}

/**
 * How a trace stands to the data and labels of its chain now, or of all chains where its money goes on to others or came from one.
 */
export function traceAsOf(store: GraphStore, trace: Pick<TraceResult, "id" | "chain" | "passages" | "seeds">): Promise<AsOf> {
	const alone = trace.passages === undefined && !cameFromElsewhere(trace);
	return asOfNow(store, trace.id, { labels: true, ...(alone ? { chain: trace.chain as ChainId } : {}) });
}

/** True for a trace whose money came over passages from another chain: that of its seeds stands behind it. */
export function cameFromElsewhere({ seeds }: Pick<TraceResult, "seeds">): boolean {
	return seeds.some(({ spec }) => spec.startsWith(SEEDED_ELSEWHERE));
}

/** What was seeded, as it was asked for on the chain where it stands. */
export function askedFor({ seeds }: Pick<TraceResult, "seeds">): string[] {
	return seeds.map(({ spec }) => (spec.startsWith(SEEDED_ELSEWHERE) ? spec.slice(SEEDED_ELSEWHERE.length) : spec));
}
