import { z } from "zod";
import { RULES } from "./rules.js";
import { STOP_REASONS } from "./trace-result.js";

const integer = z
	.string()
	.regex(/^(0|[1-9][0-9]*)$/)
	.describe("whole number in base units, as a string");
const position = z
	.string()
	.regex(/^[0-9]+\.[0-9]+\.[0-9]+$/)
	.describe("height.transaction index.event index");
const amounts = z.partialRecord(z.enum(RULES), integer).describe("amount under each rule that was run");
const byOrigin = z.array(amounts).describe("the same for each seed alone, in seed order; present when there are several seeds");

const range = z
	.tuple([integer, integer])
	.optional()
	.describe("least and most over every placing of missing money; present where such money makes a difference");

const outpoint = z.string().regex(/^[0-9a-f]{64}:[0-9]{1,5}$/);

const label = z.strictObject({
	entity: z.string(),
	name: z.string(),
	category: z.string(),
	source: z.string(),
	retrievedAt: z.string(),
	confidence: z.number().int(),
	validFrom: z.string().optional().describe("ISO date from which the source says so"),
	validUntil: z.string().optional().describe("ISO date from which it no longer says so"),
	tier: z.literal("attribution"),
});

const edge = z.strictObject({
	row: z.number().int().positive().describe("row number in transfers.csv, from 1"),
	position,
	time: z.string().describe("UTC of the block, or empty when unknown"),
	txHash: z.string(),
	from: z.string(),
	to: z.string(),
	asset: z.string(),
	amount: integer.describe("what moved in all, tainted or not"),
	kind: z.string(),
	outpoint: outpoint.optional().describe("Bitcoin: the output that this row makes (kind output) or spends (kind spend)"),
	tainted: amounts,
	byOrigin: byOrigin.optional(),
	range,
	into: z
		.strictObject({ asset: z.string(), amount: integer, tainted: amounts, byOrigin: byOrigin.optional(), range })
		.optional()
		.describe("only for kind conversion: what the account received in the same transaction in exchange"),
	provenance: z.string(),
	source: z.string(),
	tier: z.literal("structural"),
});

const leaf = z.strictObject({
	account: z.string(),
	labels: z.array(label),
	stop: z.strictObject({ reason: z.enum(STOP_REASONS), detail: z.string() }),
	amounts: z.record(z.string(), amounts).describe("one asset; a leaf that holds two assets is two leaves"),
	byOrigin: z.record(z.string(), byOrigin).optional(),
	agreed: integer.describe("what every conserving rule agrees on, whenever the money came in that the books lack"),
	range: z
		.tuple([integer, integer])
		.describe(
			"least and most over the conserving rules; wider than their amounts where a gap of kind missing-inflow, unread-outflow, order-unknown or open-passage says so",
		),
	open: z
		.literal(true)
		.optional()
		.describe(
			"its range are bounds over what those gaps leave open, also where they are its rules' amounts: of several end points they are added up, not rule by rule",
		),
	outpoints: z
		.array(
			z.strictObject({ outpoint, amount: integer.describe("all that the output holds"), tainted: amounts, byOrigin: byOrigin.optional() }),
		)
		.optional()
		.describe("Bitcoin: the outputs that make up this leaf"),
	arrivals: z.strictObject({ first: position, last: position, count: z.number().int() }),
});

const gap = z.strictObject({
	kind: z.enum([
		"unfetched-account",
		"missing-kind",
		"unknown-funds",
		"missing-inflow",
		"unread-outflow",
		"unread-inflow",
		"order-unknown",
		"open-passage",
		"unfollowed-passage",
		"label-validity",
		"opening-balance-unknown",
		"block-data",
		"behaviour-only",
		"source-note",
		"balance-differs",
		"code-differs",
		"later-spend",
		"not-compared",
	]),
	account: z.string().optional(),
	asset: z.string().optional(),
	amount: integer.optional(),
	uncertain: integer
		.optional()
		.describe(
			"of a missing inflow or an unread outflow: the most of the account's tainted money whose way it leaves open; the largest is the one to fetch first; of an open passage: by how much its least and most differ",
		),
	balance: integer.optional().describe("of a balance that differs: what a node says is there; `amount` is what the case or the trace says"),
	fromHeight: z.string().optional(),
	toHeight: z.string().optional(),
	text: z.string(),
});

const movement = z.strictObject({ position, txHash: z.string(), from: z.string(), to: z.string(), asset: z.string(), amount: integer });

const passage = z.strictObject({
	kind: z.enum(["bridge", "swap"]),
	protocol: z.string(),
	key: z.string().describe("the same in the result where the money comes out"),
	tier: z.enum(["structural", "lead"]).describe("only structural ones are followed"),
	paid: movement.describe("what went in, on this chain"),
	got: movement.optional().describe("what came out; its accounts name the chain"),
	into: amounts.optional().describe("how much of `got` is tainted, in proportion to what went in; over several seeds their sum"),
	alternatives: z.array(movement).optional().describe("of a lead: transfers that could be the other side"),
	detail: z.string(),
});

const sums = z.strictObject({
	seeded: integer,
	convertedIn: integer,
	convertedOut: integer,
	held: integer,
	stopped: integer,
	fees: integer,
});
const audit = z.partialRecord(z.enum(RULES), z.record(z.string(), sums));

/** The documented result of `clew trace --json`. All integers in base units are strings. */
export const traceResultSchema = z.strictObject({
	schema: z.literal("clew.trace/1"),
	direction: z
		.literal("backward")
		.optional()
		.describe(
			"present where it says where money came from: end points are sources, seeds what is asked about, rows go from payers to whom they paid; absent where it says where money went",
		),
	id: z.string().describe("first 16 hex digits of the SHA-256 over the canonical JSON of everything else"),
	chain: z.string(),
	case: z.strictObject({ id: z.string(), title: z.string() }),
	seeds: z.array(
		z.strictObject({
			spec: z.string(),
			origin: z.number().int(),
			seeded: z.record(z.string(), amounts).describe("by asset; rules can differ when money comes back to a seeded account"),
			rows: z.array(
				z.strictObject({
					position,
					txHash: z.string(),
					account: z.string(),
					asset: z.string(),
					amount: integer,
					seeded: amounts,
					range,
					passage: z.string().optional().describe("key of the passage that this came out of: taint of this seed that went in elsewhere"),
				}),
			),
		}),
	),
	rules: z.array(z.enum(RULES)),
	conventions: z.record(z.string(), z.string()),
	parameters: z.record(z.string(), z.string()),
	assets: z.record(z.string(), z.strictObject({ symbol: z.string(), decimals: z.number().int() })),
	edges: z.array(edge),
	leaves: z.array(leaf),
	passages: z
		.array(passage)
		.optional()
		.describe("bridges and pools that tainted money went through to another chain or receiver; absent when there are none"),
	coverage: z.strictObject({
		cutoff: z.string().describe("highest block height with data in the case"),
		sources: z.array(z.strictObject({ id: z.string(), kind: z.string(), name: z.string(), sha256: z.string(), detail: z.string() })),
		gaps: z.array(gap),
	}),
	conservation: audit.describe(
		"seeded + convertedIn = held + stopped + fees + convertedOut; libr only for a single seed, since claims are never summed",
	),
	conservationByOrigin: z.array(audit).optional(),
});

export type TraceResult = z.infer<typeof traceResultSchema>;
export type TraceEdge = z.infer<typeof edge>;
export type TraceLeaf = z.infer<typeof leaf>;
export type TracePassage = z.infer<typeof passage>;
export type TraceGap = z.infer<typeof gap>;
export type TraceAmounts = z.infer<typeof amounts>;
export type ConservationSums = z.infer<typeof sums>;
export type ConservationAudit = z.infer<typeof audit>;

/** The result as JSON Schema 2020-12; `docs/schema/` keeps a copy. */
export function traceResultJsonSchema(): object {
	return z.toJSONSchema(traceResultSchema);
}
