/**
 * Every error that Clew raises on purpose. `code` is a closed set, so that a caller can decide without
 * reading text; `retryable` says whether the same call may succeed later without a change by a person.
 */
export type ErrorCode =
	| "USAGE"
	| "BAD_INPUT"
	| "BAD_ADDRESS"
	| "BAD_AMOUNT"
	| "CONFLICT"
	| "CASE_BUSY"
	| "CASE_CORRUPT"
	| "CASE_VERSION"
	| "DISK_FULL"
	| "STORE_UNREACHABLE"
	| "STORE_REFUSED"
	| "QUEUE_UNREACHABLE"
	| "QUEUE_REFUSED"
	| "QUEUE_FULL"
	| "NOTIFY_FAILED"
	| "NODE_UNREACHABLE"
	| "NODE_TIMEOUT"
	| "NODE_TOO_MUCH"
	| "NODE_RATE_LIMIT"
	| "NODE_BAD_ANSWER"
	| "NODE_LIED"
	| "NODE_UNVERIFIED"
	| "NODE_WRONG_CHAIN"
	| "NODE_UNSUPPORTED"
	| "NODE_DISAGREE"
	| "CONSERVATION"
	| "INTERRUPTED";

/** Options of every {@link ClewError}. */
export interface ClewErrorOptions {
	/** What the reader should do next, one sentence. */
	hint?: string;
	cause?: unknown;
	retryable?: boolean;
}

/** The one error type of the project: a short message, what to do next, a closed code. */
export class ClewError extends Error {
	readonly code: ErrorCode;
	readonly hint: string | undefined;
	readonly retryable: boolean;

	constructor(code: ErrorCode, message: string, options: ClewErrorOptions = {}) {
		super(message, options.cause === undefined ? undefined : { cause: options.cause });
		this.name = "ClewError";
		this.code = code;
		this.hint = options.hint;
		this.retryable = options.retryable ?? false;
	}
}

/** A file, an argument or a stored value that does not parse. `where` is `file:line`, a method or a height. */
export class InputError extends ClewError {
	readonly where: string | undefined;

	constructor(message: string, options: ClewErrorOptions & { where?: string; code?: ErrorCode } = {}) {
		super(options.code ?? "BAD_INPUT", options.where ? `${options.where}: ${message}` : message, options);
		this.name = "InputError";
		this.where = options.where;
	}
}

/** A node failed, lied or cannot do what was asked. The node's name carries no secret. */
export class NodeError extends ClewError {
	readonly node: string;

	constructor(code: Extract<ErrorCode, `NODE_${string}`>, node: string, message: string, options: ClewErrorOptions = {}) {
		super(code, `${node}: ${message}`, options);
		this.name = "NodeError";
		this.node = node;
	}
}

/** A block of a node stands on another fork than the blocks of nodes that the case holds. */
export class ForkError extends ClewError {
	constructor(message: string) {
		super("CONFLICT", message, { hint: "The chain reorganised: roll the case back and ingest again." });
		this.name = "ForkError";
	}
}

/** The user interrupted; nothing half-written was kept. */
export class InterruptedError extends ClewError {
	constructor() {
		super("INTERRUPTED", "interrupted; the case is as it was before this step");
		this.name = "InterruptedError";
	}
}

/** Throws {@link InterruptedError} when the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
	if (signal?.aborted) throw new InterruptedError();
}

/** A failed call of the operating system, as Node.js throws it. */
export type SystemError = Error & { readonly code: string; readonly path?: string; readonly syscall: string };

export function isSystemError(error: unknown): error is SystemError {
	return error instanceof Error && "syscall" in error && "code" in error && typeof error.code === "string";
}
