import { z } from "zod";
import { units, whole } from "./output-parts.js";
import { ENTRY_KINDS, entrySchema } from "./recovery-entry.js";
import { RULES } from "./rules.js";

const pools = {
	open: units.describe("asked for, and nothing came of it yet"),
	frozen: units,
	seized: units,
	destroyed: units.describe("destroyed by the issuer, and not issued again to a victim"),
	returned: units,
};
const total = z
	.strictObject({ of: z.string(), asset: z.string(), asked: units, ...pools })
	.describe("the five pools add up to what is asked for");
const deadline = z.strictObject({
	request: z.string(),
	party: z.string(),
	entry: whole,
	id: z.string(),
	on: z.string().describe("ISO day"),
	inDays: whole.describe("negative: it is over"),
	what: z.string(),
	source: z.string(),
});
const share = z.strictObject({
	origin: whole.describe("number of the seed, from 0"),
	victim: z.string(),
	claim: units,
	share: units,
	oddUnit: z.boolean().describe("it got a unit more than its exact share rounded down"),
});
const method = z.enum(["pari-passu", "rolling-charge", "fifo", "lowest-balance"]);

/** Outputs about what was asked back and what came back. Amounts are in base units. */
export const recoverySchemas = {
	"clew.recovery-entry/1": entrySchema.describe("one entry of a recovery ledger"),
	"clew.recovery/1": z.strictObject({
		schema: z.literal("clew.recovery/1"),
		requests: z.array(
			z.strictObject({
				id: z.string(),
				state: z.enum(ENTRY_KINDS),
				party: z.string(),
				desk: z.string().optional(),
				trace: z.string().optional(),
				rule: z.enum(RULES).optional(),
				account: z.string().optional(),
				asset: z.string(),
				asked: units,
				unasked: z.boolean().describe("nobody asked: it is known from what happened"),
				pools: z.strictObject(pools),
				entries: z.array(whole).describe("numbers of the entries that count"),
			}),
		),
		byDesk: z.array(total),
		byRule: z.array(total),
		victims: z.array(z.strictObject({ victim: z.string(), asset: z.string(), taken: units, returned: units, missing: units })),
		traced: z
			.array(
				z.strictObject({
					trace: z.string(),
					account: z.string(),
					asset: z.string(),
					byRule: z.partialRecord(z.enum(RULES), units),
					most: units.describe("the most that any conserving rule finds there"),
				}),
			)
			.describe("what no sum exceeds"),
		deadlines: z.array(deadline),
		entries: z.array(entrySchema),
		corrected: z.array(whole).describe("numbers of entries that count no more"),
	}),
	"clew.due/1": z.strictObject({ schema: z.literal("clew.due/1"), today: z.string(), within: whole, deadlines: z.array(deadline) }),
	"clew.recovery-scan/1": z.strictObject({
		schema: z.literal("clew.recovery-scan/1"),
		node: z.string(),
		from: whole,
		to: whole,
		acts: z
			.array(
				z.strictObject({
					kind: z.enum(ENTRY_KINDS),
					account: z.string().describe("where the money lay; of what was given back who paid it"),
					asset: z.string(),
					amount: units.nullable().describe("of a freeze all that the account held; null of a release, which frees all"),
					transaction: z.string(),
					height: whole,
					tier: z.enum(["proven", "node"]),
					victim: z.string().optional(),
				}),
			)
			.describe("what the chain shows of money of the case"),
		logged: z.boolean(),
		entries: z
			.array(entrySchema.partial({ schema: true, sequence: true, at: true }))
			.describe("what the ledger had not: without a number where nothing was logged"),
		notes: z.array(z.string()).describe("what was cut or left out, and why"),
	}),
	"clew.shares/1": z.strictObject({
		schema: z.literal("clew.shares/1"),
		trace: z.string(),
		asset: z.string(),
		account: z.string().nullable(),
		fund: units,
		rounding: z.string(),
		methods: z.array(
			z.union([
				z.strictObject({ method, law: z.string(), shares: z.array(share), shared: units, left: units.describe("what no claim reaches") }),
				z.strictObject({ method, law: z.string(), why: z.string().describe("why the trace cannot tell") }),
			]),
		),
	}),
} as const;
