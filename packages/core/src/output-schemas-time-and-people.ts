import { z } from "zod";
import { label, transfer, units, whole } from "./output-parts.js";

const payer = {
	account: z.string(),
	asset: z.string(),
	paid: units.describe("base units, as all amounts"),
	returned: units.describe("what collectors sent it of the same asset at any time"),
};

const tier = z.literal("lead").describe("nothing else rests on it");
const unread = whole.describe(
	"accounts whose history is not known from its beginning: who funded them first is not known, and joins nobody",
);
const settings = z.strictObject({
	heuristics: z.array(z.strictObject({ name: z.string(), version: whole, source: z.string() })),
	parameters: z.record(z.string(), z.union([whole, units])),
	cuts: whole,
});
const reason = z.strictObject({
	heuristic: z.string(),
	version: whole,
	accounts: z.array(z.string()),
	detail: z.string(),
	evidence: z.array(z.string()).describe("positions of transfers"),
});

/** Outputs about when something moved, about who paid, and about who belongs together on account chains. */
export const timeAndPeopleSchemas = {
	"clew.payers/1": z.strictObject({
		schema: z.literal("clew.payers/1"),
		collectors: z.array(z.string()),
		cut: z.array(z.string()).describe("collectors with more movements than were read (--limit)"),
		victims: z.array(
			z.strictObject({
				...payer,
				payments: z.array(
					z.strictObject({
						transfer,
						lure: z.enum(["payment", "look-alike", "approval", "permit", "approval or permit", "delegation", "permission", "not known"]),
						by: z.string().optional().describe("who was let to take it; of a look-alike the address that it could be taken for"),
					}),
				),
				isRead: z.boolean().describe("its own history is in the case, so that who it had paid before can be seen"),
				isFirst: z.boolean().describe("it paid a collector before anybody else did: perhaps the collector's own money. A lead"),
				isUnbacked: z.boolean().describe("after its last payment its books lack some of what it paid"),
			}),
		),
		others: z
			.array(
				z.strictObject({
					...payer,
					why: z.enum(["service", "contract", "got more back", "dust", "collector"]),
					detail: z.string(),
					payments: z.array(transfer),
				}),
			)
			.describe("payers that are not called victims"),
		otherTokens: whole.describe("tokens that nobody knows as money, left out (--all-tokens)"),
	}),
	"clew.timeline/1": z.strictObject({
		schema: z.literal("clew.timeline/1"),
		of: z.string().describe("an account, or the id of a trace"),
		cut: z.boolean().describe("there are more movements than were read (--limit)"),
		readTo: whole.nullable().describe("last block to which the account was read; null where its history was not, and of a trace"),
		isContract: z.boolean().describe("it has code and no key that is known: others decide when it pays"),
		in: whole.describe("movements that came; 0 of a trace, whose movements are each one payment"),
		out: whole,
		paying: whole.describe("transactions that paid"),
		untimed: whole.describe("movements whose time no source tells, in none of the figures"),
		first: z.string().optional().describe("UTC, as all times"),
		last: z.string().optional(),
		width: whole.describe("seconds of one bin"),
		bins: z.array(z.strictObject({ from: z.string(), to: z.string(), in: whole, out: whole })).describe("those that hold movements"),
		bursts: z.array(
			z.strictObject({ from: z.string(), to: z.string(), transactions: whole, spacing: whole, isProgram: z.boolean().describe("a lead") }),
		),
		silences: z.array(z.strictObject({ from: z.string(), to: z.string() })).describe("the longest first"),
		hours: z
			.strictObject({
				byHour: z.array(whole).describe("paying transactions by hour of the day, UTC"),
				days: whole,
				quiet: z.strictObject({ fromHour: whole, hours: whole, transactions: whole }).optional().describe("a lead"),
			})
			.optional(),
		speed: z
			.strictObject({
				median: whole.describe("seconds"),
				hops: z.array(z.strictObject({ account: z.string(), arrived: z.string(), left: z.string(), delay: whole })),
			})
			.optional()
			.describe("of a trace: how long its money lay in each account that passed some on, the fastest first"),
		said: z.array(z.string()).describe("what stands out, in words"),
	}),
	"clew.account-cluster/1": z.strictObject({
		schema: z.literal("clew.account-cluster/1"),
		account: z.string(),
		tier,
		size: whole,
		unread,
		settings,
		accounts: z.array(z.strictObject({ account: z.string(), labels: z.array(label) })),
		reasons: z.array(reason),
		funding: z
			.strictObject({
				funder: z.string(),
				amount: units,
				position: z.string(),
				open: z.array(z.string()).describe("why an earlier payment may not be in the case; empty: it is known to be the first"),
				service: z.string().nullable().describe("why the funder links nobody; null where it may"),
			})
			.nullable()
			.describe("null: no coins came to it in the case"),
		funded: z.array(z.string()).describe("accounts whose first coins in the case came from it"),
		sameKey: z.array(z.string()).describe("the accounts of the same key, if it is a key's, on other chains of the case"),
	}),
	"clew.account-cluster-why/1": z.strictObject({
		schema: z.literal("clew.account-cluster-why/1"),
		from: z.string(),
		to: z.string(),
		tier,
		joined: z.boolean(),
		unread,
		settings,
		steps: z.array(z.strictObject({ reason, account: z.string() })),
	}),
	"clew.account-clusters/1": z.strictObject({
		schema: z.literal("clew.account-clusters/1"),
		tier,
		accounts: whole,
		clusters: whole.describe("of two accounts or more"),
		clustered: whole.describe("accounts in them"),
		unread,
		settings,
		largest: z.array(z.strictObject({ first: z.string(), size: whole })),
	}),
};
