import { z } from "zod";
import { DETECTION_KINDS, LABEL_CATEGORIES } from "./claims.js";
import { COVERED_KINDS, PROVENANCE_TIERS } from "./transfer.js";

/** What several documented outputs share. Integers in base units are strings. */

export const whole = z.number().int();
export const units = z
	.string()
	.regex(/^-?[0-9]+$/)
	.describe("whole number in base units, as a string");
export const position = z
	.string()
	.regex(/^[0-9]+\.[0-9]+\.[0-9]+$/)
	.describe("height.transaction index.event index");
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export const date = z.string().describe("ISO date, or empty where it is not told");
export const category = z.enum(LABEL_CATEGORIES);
export const label = z.strictObject({
	account: z.string(),
	category,
	entity: z.string(),
	name: z.string(),
	source: z.string(),
	retrievedAt: date,
	confidence: whole,
	validFrom: z.string().optional(),
	validUntil: z.string().optional(),
});
export const detection = z.strictObject({
	account: z.string(),
	kind: z.enum(DETECTION_KINDS),
	tier: z.enum(["structural", "lead"]),
	heuristic: z.string(),
	version: whole,
	score: whole,
	reasons: z.array(z.string()),
	parameters: z.record(z.string(), z.string()),
	source: z.string(),
	counterpart: z.string().optional(),
	evidence: z.array(z.string()),
});
export const coverage = z.strictObject({
	chain: z.string(),
	account: z.string().optional().describe("absent: every account"),
	fromHeight: whole,
	toHeight: whole,
	kinds: z.array(z.enum(COVERED_KINDS)),
	source: z.string(),
	note: z.string(),
});
export const source = z.strictObject({
	id: z.string(),
	kind: z.enum(["file", "node"]),
	name: z.string(),
	sha256: z.string(),
	detail: z.string(),
});
export const transfer = z.strictObject({
	chain: z.string(),
	position,
	txHash: z.string(),
	from: z.string(),
	to: z.string(),
	asset: z.string(),
	amount: units,
	kind: z.string(),
	provenance: z.enum(PROVENANCE_TIERS),
	source: z.string(),
});
export const profile = {
	labels: z.array(label),
	detections: z.array(detection).optional(),
	isContract: z.boolean(),
	coverage: z.array(coverage),
	transfers: whole,
};
export const delegation = z.strictObject({
	account: z.string().describe("whose key signed it"),
	to: z.string().nullable().describe("the contract that acts for the account from then on; null: none any more"),
	signedFor: z.string().describe('a chain, or "every chain"'),
	nonce: units,
	effect: z.enum(["yes", "no", "unknown"]).describe("whether it took effect, as far as its block tells"),
	why: z.string(),
	txHash: z.string(),
	position,
});
const permission = z.strictObject({ threshold: units, keys: z.array(z.strictObject({ account: z.string(), weight: units })) });
export const permissionChange = z.strictObject({
	account: z.string().describe("whose permissions they are"),
	owner: permission.optional().describe("who may sign for everything; absent where it was not told"),
	active: z.array(permission).describe("who may sign for some kinds of transactions"),
	ownKeyRules: z.boolean().optional().describe("whether the account's own key alone may do everything"),
	txHash: z.string(),
	position,
});
export const userOperation = z.strictObject({
	sender: z.string().describe("who acted"),
	paymaster: z.string().optional().describe("who paid for the gas, where the sender did not: a clue, and no link"),
	succeeded: z.boolean(),
	gasCost: units,
	entryPoint: z.string(),
	version: z.string().optional().describe("absent: no published EntryPoint, whose word alone this is"),
});
export const next = z.string().nullable().describe("cursor of the next page; null at the end");

/** An entry of a custody log. */
export const custodyEntry = z.strictObject({
	sequence: whole,
	at: z.string(),
	action: z.string(),
	detail: z.string(),
	with: z.string().optional().describe("name and version of the program; this, by and why are part of the hash where they are there"),
	by: z.string().optional().describe("who, as a person said, or the key that signed; absent: not stated"),
	why: z.string().optional().describe("as a person said"),
	previous: z.string(),
	hash: sha256,
});
