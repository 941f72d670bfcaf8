import { type AssetId, compareText, isNative, type LedgerReader, type TraceGap } from "@clew/core";
import type { TracedEdge } from "./traced-edge.js";

/** Traced tokens that nobody described: where even the decimals are not told, the numbers may be ids of NFTs. */
export async function assetGaps(edges: readonly Pick<TracedEdge, "transfer">[], source: Pick<LedgerReader, "asset">): Promise<TraceGap[]> {
	const assets = new Set<AssetId>(edges.map(({ transfer }) => transfer.asset));
	const gaps: TraceGap[] = [];
	for (const asset of [...assets].sort(compareText)) {
		if (isNative(asset) || (await source.asset(asset)) !== undefined) continue;
		gaps.push({ kind: "source-note", asset, text: "no source describes this token: its numbers may be ids of NFTs, not amounts" });
	}
	return gaps;
}
