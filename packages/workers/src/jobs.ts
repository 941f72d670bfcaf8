import { type ChainId, InputError, parseAccount, parseChainId, shapeProblem } from "@clew/core";
import { z } from "zod";

const height = z
	.number()
	.int()
	.nonnegative()
	.max(2 ** 30);
const chain = z.string().transform((text, context): ChainId => {
	try {
		return parseChainId(text);
	} catch {
		context.addIssue({ code: "custom", message: "not a chain" });
		return z.NEVER;
	}
});
/** Id of the case that the job is about: a worker refuses jobs of another case. */
const caseId = z.string().regex(/^[0-9a-f]{12}$/);
const account = z.string().refine((text) => {
	try {
		return parseAccount(text, parseChainId(text.slice(0, text.lastIndexOf(":")))) === text;
	} catch {
		return false;
	}
}, "not an account");

/** What each kind of job carries. Everything in a queue is checked against this before it is worked on. */
export const JOB_SCHEMAS = {
	/** Fetch and store a range of blocks. `after`: only once that height is stored, as outputs must stand before what spends them. */
	blocks: z.strictObject({ case: caseId, chain, from: height, to: height, after: height.optional() }),
	/** Fetch the history of one account over a range of heights. */
	account: z.strictObject({ case: caseId, account, from: height, to: height }),
	/** Read a label file again. */
	labels: z.strictObject({
		case: caseId,
		path: z.string().min(1).max(4096),
		source: z.string().min(1).max(200),
		confidence: z.number().int().min(0).max(100),
	}),
	/** Ingest what is new up to the head and evaluate the watches. */
	watch: z.strictObject({ case: caseId }),
	/** Deliver one alert to one place. */
	notify: z.strictObject({ case: caseId, delivery: z.string().regex(/^[0-9a-f]{16,64}$/) }),
} as const;

export type JobKind = keyof typeof JOB_SCHEMAS;
export const JOB_KINDS = Object.keys(JOB_SCHEMAS) as JobKind[];
export type JobPayload<K extends JobKind> = z.infer<(typeof JOB_SCHEMAS)[K]>;

/** Checks a payload. Throws InputError. */
export function parseJob<K extends JobKind>(kind: K, payload: unknown): JobPayload<K> {
	const parsed = JOB_SCHEMAS[kind].safeParse(payload);
	if (parsed.success) return parsed.data as JobPayload<K>;
	throw new InputError(`job ${kind}: ${shapeProblem(parsed.error, "payload")}`);
}

/** The same work has the same id, so that a queue takes it once. */
export function jobId<K extends JobKind>(kind: K, payload: JobPayload<K>): string {
	const words: Record<string, unknown> = payload;
	const told = Object.keys(words)
		.filter((key) => key !== "case" && words[key] !== undefined)
		.sort()
		.map((key) => String(words[key]).replace(/[^A-Za-z0-9.-]/g, "_"));
	return [kind, ...told].join("-");
}
