import { z } from "zod";

/** The verifier's own reading of a bundle: it trusts no type of the builder. */
const integer = z.string().regex(/^(0|[1-9][0-9]{0,79})$/);
const amounts = z.record(z.string(), integer);
const positionText = z.string().regex(/^[0-9]{1,10}\.[0-9]{1,5}\.[0-9]{1,5}$/);
const outpoint = z.string().regex(/^[0-9a-f]{64}:[0-9]{1,5}$/);
const sums = z.strictObject({
	seeded: integer,
	convertedIn: integer,
	convertedOut: integer,
	held: integer,
	stopped: integer,
	fees: integer,
});
const audit = z.record(z.string(), z.record(z.string(), sums));

export const manifestSchema = z.strictObject({
	schema: z.literal("clew.bundle/1"),
	case: z.strictObject({ id: z.string(), title: z.string(), chain: z.string(), createdAt: z.string() }),
	trace: z.string(),
	tool: z.strictObject({ name: z.string(), version: z.string() }),
	files: z.array(
		z.strictObject({ path: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/), bytes: integer, sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
	),
	seal: z.string(),
});

export const traceSchema = z.looseObject({
	schema: z.literal("clew.trace/1"),
	id: z.string(),
	chain: z.string(),
	seeds: z.array(
		z.looseObject({ rows: z.array(z.looseObject({ position: positionText, asset: z.string(), account: z.string(), seeded: amounts })) }),
	),
	rules: z.array(z.string()),
	assets: z.record(z.string(), z.strictObject({ symbol: z.string(), decimals: z.number().int().min(0).max(255) })),
	edges: z.array(
		z.looseObject({
			row: z.number().int(),
			position: positionText,
			time: z.string(),
			txHash: z.string(),
			from: z.string(),
			to: z.string(),
			asset: z.string(),
			amount: integer,
			kind: z.string(),
			outpoint: outpoint.optional(),
			tainted: amounts,
			byOrigin: z.array(amounts).optional(),
			into: z.looseObject({ asset: z.string(), amount: integer, tainted: amounts, byOrigin: z.array(amounts).optional() }).optional(),
			provenance: z.string(),
			source: z.string(),
			tier: z.string(),
		}),
	),
	leaves: z.array(
		z.looseObject({
			account: z.string(),
			stop: z.looseObject({ reason: z.string() }),
			amounts: z.record(z.string(), amounts),
			byOrigin: z.record(z.string(), z.array(amounts)).optional(),
			outpoints: z.array(z.looseObject({ outpoint, amount: integer, tainted: amounts, byOrigin: z.array(amounts).optional() })).optional(),
			agreed: integer,
			range: z.tuple([integer, integer]),
		}),
	),
	conservation: audit,
	conservationByOrigin: z.array(audit).optional(),
});

export const custodySchema = z.strictObject({
	sequence: z.number().int(),
	at: z.string(),
	action: z.string(),
	detail: z.string(),
	previous: z.string(),
	hash: z.string(),
});

export type BundleTrace = z.infer<typeof traceSchema>;
export type BundleAmounts = Record<string, string>;
