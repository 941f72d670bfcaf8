import { ClewError } from "@clew/core";

/** What kind of trouble an error is, and so what a queue does with the job. */
export type FailureClass = "service" | "data" | "defect";

/**
 * How often a job is tried, the first time included: a node or a database may be away for long, bad data stays bad, a defect may have been
 * a race.
 */
export const ATTEMPTS: Record<FailureClass, number> = { service: 40, data: 1, defect: 3 };

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** Retryable errors, and those of sockets and drivers, are a service's trouble; our other errors are about data; the rest is a defect. */
export function classifyFailure(error: unknown): FailureClass {
	if (error instanceof ClewError) {
		if (error.retryable || error.code === "INTERRUPTED" || error.code === "DISK_FULL") return "service";
		return error.code === "NODE_UNREACHABLE" || error.code === "NODE_TIMEOUT" ? "service" : "data";
	}
	const code = (error as { code?: unknown })?.code;
	return typeof code === "string" && /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|ServiceUnavailable|SessionExpired)/.test(code)
		? "service"
		: "defect";
}

/** Wait before attempt `attempt + 1`, in ms: doubling from half a second up to half a minute. */
export function waitAfter(attempt: number): number {
	return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt - 1, 10));
}
