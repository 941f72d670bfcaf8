import { NodeError } from "@clew/core";

/** A node that is away, or tells nobody anything for now: whatever else is asked of it is not answered either. */
const AWAY: ReadonlySet<string> = new Set(["NODE_UNREACHABLE", "NODE_TIMEOUT", "NODE_RATE_LIMIT"]);
/** Answers that were not given to this question. Another may be answered. */
const UNANSWERED: ReadonlySet<string> = new Set(["NODE_TOO_MUCH", "NODE_BAD_ANSWER"]);

/** True where a node went silent in the middle: what it told until then stands, and the rest was not looked at. */
export function isAway(error: unknown): error is NodeError {
	return error instanceof NodeError && AWAY.has(error.code);
}

/** True where one question was not answered, by an answer that is none. What contradicts itself or is of another chain is no silence. */
export function isUnanswered(error: unknown): error is NodeError {
	return error instanceof NodeError && UNANSWERED.has(error.code) && (error.retryable || error.code === "NODE_TOO_MUCH");
}
