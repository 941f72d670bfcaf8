import { canonicalPieces, sha256HexOf } from "./canonical.js";
import type { TraceResult } from "./trace-schema.js";

export type {
	ConservationAudit,
	ConservationSums,
	TraceAmounts,
	TraceEdge,
	TraceGap,
	TraceLeaf,
	TracePassage,
	TraceResult,
} from "./trace-schema.js";

/** Gaps that only a node's answers show: the same trace over the same data does not find them again. */
export const NODE_GAPS: ReadonlySet<string> = new Set(["balance-differs", "code-differs", "later-spend", "not-compared"]);

/** Why a trace ends at a leaf. */
export const STOP_REASONS = [
	"service",
	"mixer",
	"bridge",
	"entry-point",
	"swap",
	"unspent",
	"dust",
	"budget",
	"time-window",
	"unfetched",
	"contract-unknown",
	"burned",
	"minted",
	"unknown-receiver",
] as const;
export type StopReason = (typeof STOP_REASONS)[number];

/** How a seed begins that stands on another chain: behind it is the seed as it was asked for there. */
export const SEEDED_ELSEWHERE = "passage:";

const TRACE_ID_DIGITS = 16;

/** The id of a result: content-addressed, so equal inputs give an equal id. */
export function traceId(result: Omit<TraceResult, "id">): string {
	return sha256HexOf(canonicalPieces(result)).slice(0, TRACE_ID_DIGITS);
}
