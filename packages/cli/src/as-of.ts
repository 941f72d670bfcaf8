import { type AsOf, asOfNow, type ChainId, type GraphStore, type TraceResult } from "@clew/core";

/** What a run of detection on a chain is called where it is noted as of when it was made. */
export const detectionsMade = (chain: ChainId): string => `detection ${chain}`;

/** How the detections of a chain stand to its data now; `unknown` also where none were run on it. Labels do not matter to them. */
export function detectionsAsOf(store: GraphStore, chain: ChainId): Promise<AsOf> {
	return asOfNow(store, detectionsMade(chain), { chain, labels: false });
}

/** How a trace stands to the data and labels of its chain now, or of all where it looked for what goes on on others. */
export function traceAsOf(store: GraphStore, { id, chain, passages }: Pick<TraceResult, "id" | "chain" | "passages">): Promise<AsOf> {
	return asOfNow(store, id, { labels: true, ...(passages === undefined ? { chain: chain as ChainId } : {}) });
}
