import { z } from "zod";
import { units, whole } from "./output-parts.js";
import { totals } from "./output-schemas-price.js";
import { STOP_REASONS } from "./trace-result.js";
import { COVERED_KINDS } from "./transfer.js";

const sum = z
	.strictObject({
		asset: z.string(),
		symbol: z.string(),
		decimals: whole,
		agreed: units.describe("what every conserving rule agrees on"),
		most: units.describe("the most that any of them says"),
	})
	.describe("one asset");

const unreadWhy = z.enum(["requests", "time", "blocks", "no answer", "no node", "stopped", "calls", "left", "receiver", "choice"]);

const unlooked = z.strictObject({
	account: z.string(),
	kinds: z.array(z.enum(COVERED_KINDS)).describe("movements that were not looked at"),
	from: whole.describe("block"),
	to: whole.describe("block"),
	unread: unreadWhy.describe("why"),
	holds: z
		.strictObject({ asset: z.string(), amount: units, height: whole })
		.nullable()
		.describe("its coins at the node's newest block; null: no node told"),
});

const worth = totals.optional().describe("with --unit: what is agreed of it was worth in its blocks, by currency");

const place = sum.extend({
	worth,
	accounts: z.array(z.string()).describe("one; of a service all of its accounts to which the money came"),
	whose: z.string().describe("the entity, by labels; empty where nobody named it"),
	reason: z.enum(STOP_REASONS).describe("why the trace ends there"),
	detail: z.string(),
	stop: z
		.strictObject({
			kind: z.enum(["custodian", "issuer"]),
			entity: z.string(),
			channel: z.string().describe("how it takes requests, by your registry; empty where that does not say"),
			by: z.string().optional().describe("of an issuer: the function of the token's contract that freezes"),
		})
		.nullable()
		.describe("who can stop it; null: nobody is known who can"),
	unread: unreadWhy
		.nullable()
		.describe("why its own history was not read to the end, so that the money may have moved on; null: it was read"),
	atHead: z.enum(["as traced", "differs", "not asked"]).describe("what the node says at its newest block of what is there"),
	restsOn: z
		.array(z.string())
		.describe(
			"accounts that were paid of it and paid on, whose balance before their history nobody read: agreed and most are so only if these held nothing then; empty: it rests on none",
		),
	given: z
		.strictObject({
			by: z.string(),
			transaction: z.string(),
			got: z
				.array(z.strictObject({ account: z.string(), asset: z.string(), amount: units }))
				.describe("what others got there net of other assets: part of it may be there"),
		})
		.nullable()
		.describe("who gave it in an exchange of somebody else, to whom it was paid (accounts); null: it came to its accounts themselves"),
	frozen: z.enum(["yes", "no", "not known"]).nullable().describe("null: not an asset that somebody is known to freeze"),
});

const groups = z
	.array(
		z.strictObject({
			group: z.enum(["freeze", "records", "held", "unread", "gone"]),
			sums: z.array(sum).describe("of all places together: where rules put money at one or the other, all agree on the whole"),
			places: z.array(place).describe("in the order in which to act"),
		}),
	)
	.describe(
		"freeze: who can stop it is known and every rule agrees; records: it went to or through who keeps records, or mixes; held: read to the end, and unspent; unread: where it is by now nobody looked; gone: burned",
	);

const elsewhere = z
	.strictObject({
		chain: z.string(),
		trace: z.string(),
		seeds: z.array(z.string()),
		asked: z.string().describe("what was asked of it now, or as of when it is, in words"),
		complete: z.boolean(),
		dataUpTo: z.string().describe("block"),
		taken: z.array(sum),
		fees: z.array(sum),
		groups,
		report: z.string().nullable(),
		packets: z.array(z.strictObject({ folder: z.string(), entity: z.string() })),
	})
	.describe(
		"another chain of the case, by the newest trace that was kept of it; sums are never over chains, since the same money may have come over",
	);

/** The output of `clew investigate`. */
export const investigateSchemas = {
	"clew.investigate/1": z.strictObject({
		schema: z.literal("clew.investigate/1"),
		case: z.string().describe("its file or place"),
		trace: z.string().describe("id of the trace that the case keeps, which holds every figure"),
		chain: z.string(),
		seeds: z.array(z.string()),
		chosen: z.string().nullable().describe("how the seed was chosen where nobody named one, in words"),
		node: z
			.strictObject({
				name: z.string(),
				height: whole.nullable().describe("its newest block when the follow began; null: the follow broke off"),
				requests: whole,
				newest: z
					.strictObject({
						time: z.string().describe("UTC"),
						age: whole.nullable().describe("seconds; null: its time is none"),
						late: z.boolean().describe("older than the chain's blocks let expect: the node is behind, and nothing is complete"),
					})
					.nullable()
					.describe("its newest block when it was asked first; null: it did not tell"),
			})
			.nullable()
			.describe("null: no node was asked"),
		complete: z
			.boolean()
			.describe(
				"true only where a node was asked, every account was read to its newest block, and nothing is open, on every chain of the case that was traced; exit code 0",
			),
		interrupted: z.boolean().describe("true: a person ended the search, and this is what was known by then; exit code 130"),
		stopped: z.string().nullable().describe("why the search broke off, in words"),
		dataUpTo: z.string().describe("block"),
		taken: z.array(sum.extend({ worth })).describe("what the seeds marked, of what is counted as money"),
		fees: z.array(sum).describe("what of it went into fees"),
		groups,
		elsewhere: z.array(elsewhere),
		unlooked: z
			.array(unlooked)
			.describe("what of seeded accounts was not looked at: of it nothing is known to have moved, and nothing that it did not"),
		others: z.string().nullable().describe("tokens that nobody named as money, in one line"),
		wallet: z.array(z.string()).describe("of a victim's own address: whether it was drained and by what, what not to do; in words"),
		toClose: z.array(z.string()).describe("the cheapest way to close what was not read, one for each reason"),
		open: z
			.array(z.strictObject({ kind: z.string(), gaps: whole, text: z.string() }))
			.describe("what leaves amounts or end points open, by kind"),
		remarks: z.array(z.string()).describe("what no history of accounts tells, in words; keeps no answer from being complete"),
		notLooked: z.array(z.string()).describe("what was not looked at, in words"),
		report: z.string().nullable().describe("the file to open"),
		picture: z.string().nullable(),
		packets: z.array(z.strictObject({ folder: z.string(), entity: z.string() })),
	}),
} as const;
