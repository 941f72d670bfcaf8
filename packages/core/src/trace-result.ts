import { isUtxoChain } from "./bitcoin-networks.js";
import { canonicalJson, sha256Hex } from "./canonical.js";
import type { ChainId } from "./ids.js";
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

/** Every rule, in the order of every table. */
export const RULES = ["fifo", "lifo", "haircut", "poison", "libr", "tiho", "difo", "dilo"] as const;
export type Rule = (typeof RULES)[number];

/** The rules of a chain: `libr` is about the balance of an account, `tiho` about the outputs of a transaction. */
export function rulesOf(chain: ChainId): readonly Rule[] {
	const other: Rule = isUtxoChain(chain) ? "libr" : "tiho";
	return RULES.filter((rule) => rule !== other);
}

/**
 * Whose money a Bitcoin fee is. `last`: what the outputs leave of the inputs. `proportional`: a share of every input. `coinbase`: as `last`,
 * and it is followed into the block's coinbase, which takes the subsidy first and then the fees in transaction order.
 */
export const FEE_CONVENTIONS = ["last", "proportional", "coinbase"] as const;
export type FeeConvention = (typeof FEE_CONVENTIONS)[number];
/** Every rule but poison conserves value to the last unit. */
export const CONSERVING_RULES: readonly Rule[] = RULES.filter((rule) => rule !== "poison");

/** Gaps that only a node's answers show: the same trace over the same data does not find them again. */
export const NODE_GAPS: ReadonlySet<string> = new Set(["balance-differs", "code-differs", "later-spend", "not-compared"]);

/** Why a trace ends at a leaf. */
export const STOP_REASONS = [
	"service",
	"mixer",
	"bridge",
	"swap",
	"unspent",
	"dust",
	"budget",
	"time-window",
	"unfetched",
	"contract-unknown",
	"burned",
	"unknown-receiver",
] as const;
export type StopReason = (typeof STOP_REASONS)[number];

const TRACE_ID_DIGITS = 16;

/** The id of a result: content-addressed, so equal inputs give an equal id. */
export function traceId(result: Omit<TraceResult, "id">): string {
	return sha256Hex(canonicalJson(result)).slice(0, TRACE_ID_DIGITS);
}
