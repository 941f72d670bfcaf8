import { z } from "zod";
import { RULES } from "./rules.js";

/** What can be said of a request, in the order in which it usually happens. `void` takes another entry back. */
export const ENTRY_KINDS = [
	"draft",
	"sent",
	"acknowledged",
	"refused",
	"frozen",
	"released",
	"seized",
	"destroyed",
	"returned",
	"void",
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** How an entry is known: a receipt's proof, one node's word, or a document. */
export const ENTRY_TIERS = ["proven", "node", "attribution"] as const;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const line = z.string().min(1).max(1_000);
const units = z.string().regex(/^(0|[1-9][0-9]{0,77})$/);

const deadlineSchema = z.strictObject({
	id: z.string().max(80).describe("of the table of deadlines; `own` for one that the document sets"),
	on: day,
	what: line,
	source: line,
});

/** One entry of the ledger as a case keeps it: never changed, never removed. */
export const entrySchema = z.strictObject({
	schema: z.literal("clew.recovery-entry/1"),
	sequence: z.number().int().positive(),
	at: z.string().describe("when it was logged, UTC"),
	on: day.describe("the day on which it happened"),
	kind: z.enum(ENTRY_KINDS),
	request: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
	party: line.optional().describe("who was asked, or who did it"),
	desk: z.string().optional().describe("the desk of the registry that the party is; absent where none ships"),
	trace: z
		.string()
		.regex(/^[0-9a-f]{16}$/)
		.optional(),
	rule: z.enum(RULES).optional().describe("the rule under which the amount is asked for"),
	account: z.string().optional().describe("where the money lies"),
	asset: z.string().optional(),
	amount: units.optional().describe("base units"),
	victim: z.string().optional().describe("to whom it came back"),
	tier: z.enum(ENTRY_TIERS),
	document: z
		.strictObject({ sha256, bytes: z.number().int().positive(), name: line, part: line.optional() })
		.optional()
		.describe("the paper that says so; `part` where several entries rest on one"),
	transaction: z
		.strictObject({ chain: z.string(), hash: z.string(), position: z.string() })
		.optional()
		.describe("the event or transfer that shows it"),
	proof: sha256.optional().describe("of the proof, a document of the case"),
	deadlines: z.array(deadlineSchema).max(16).optional(),
	corrects: z.number().int().positive().optional().describe("the entry whose place it takes"),
	note: line.optional(),
	by: z.string().optional().describe("who logged it, as stated"),
	key: z.strictObject({ id: sha256, publicKey: sha256, signature: z.string().max(200) }).optional(),
});
export type RecoveryEntry = z.infer<typeof entrySchema>;
