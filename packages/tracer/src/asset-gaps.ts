import { type AssetId, compareText, type LedgerReader, logsWhatItMoves, type TraceGap } from "@clew/core";
import type { TracedEdge } from "./traced-edge.js";

const LOGGED =
	"its amounts are what its contract logs: a token that takes a fee, or changes balances without a log, holds others, which trace --rpc compares";

const UNVERIFIED =
	"rows known by node-unverified are one node's word: a hash or a root of their blocks comes out by no rule known here from what it sent, or it sent their own receipts without the others of their blocks";

/** That rows are a node's word alone, where any are. */
export function unverifiedRows(edges: readonly Pick<TracedEdge, "transfer">[]): TraceGap[] {
	return edges.some(({ transfer }) => transfer.provenance === "node-unverified") ? [{ kind: "source-note", text: UNVERIFIED }] : [];
}

/**
 * Traced tokens whose contracts are not known: what they log may be another amount than accounts hold, and where nobody tells even the
 * decimals, the numbers may be ids of NFTs.
 */
export async function assetGaps(edges: readonly Pick<TracedEdge, "transfer">[], source: Pick<LedgerReader, "asset">): Promise<TraceGap[]> {
	const assets = new Set<AssetId>(edges.map(({ transfer }) => transfer.asset));
	const gaps: TraceGap[] = [];
	for (const asset of [...assets].sort(compareText)) {
		if (logsWhatItMoves(asset)) continue;
		gaps.push({ kind: "source-note", asset, text: LOGGED });
		if ((await source.asset(asset)) === undefined)
			gaps.push({ kind: "source-note", asset, text: "no source describes this token: its numbers may be ids of NFTs, not amounts" });
	}
	return gaps;
}
