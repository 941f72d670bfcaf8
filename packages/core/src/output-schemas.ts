import { z } from "zod";
import {
	category,
	coverage,
	custodyEntry,
	date,
	delegation,
	detection,
	label,
	next,
	permissionChange,
	profile,
	sha256,
	source,
	transfer,
	units,
	userOperation,
	whole,
} from "./output-parts.js";
import { agentSchemas } from "./output-schemas-agent.js";
import { bitcoinSchemas } from "./output-schemas-bitcoin.js";
import { evidenceSchemas } from "./output-schemas-evidence.js";
import { investigateSchemas } from "./output-schemas-investigate.js";
import { lessonSchemas } from "./output-schemas-lessons.js";
import { listedValues, priceSchemas } from "./output-schemas-price.js";
import { recoverySchemas } from "./output-schemas-recovery.js";
import { timeAndPeopleSchemas } from "./output-schemas-time-and-people.js";
import { workSchemas } from "./output-schemas-work.js";
import { STOP_REASONS } from "./trace-result.js";

/** Documented outputs of commands with `--json`, by the name of their schema. Integers in base units are strings. */

const verdict = z
	.enum(["danger", "caution", "clear", "not-checked"])
	.describe(
		"clear: everything that applies was looked at, and nothing warns; not-checked: something was not looked at, and nothing else warns",
	);

const entry = z.strictObject({
	subject: z.string().describe("a CAIP-10 account, or domain: and a host name with the path of a page"),
	category,
	entity: z.string(),
	name: z.string(),
	confidence: whole,
	validFrom: date,
	validUntil: date,
	list: z.string(),
	publisher: z.string(),
	firstSeen: date,
	dated: z.boolean().describe("false: the list gives no date, and firstSeen is when it was loaded"),
	goneSince: date.describe("date of the list that no longer had it; empty while it is listed"),
});
const version = z.strictObject({
	id: whole,
	list: z.string(),
	publisher: z.string(),
	licence: z.string(),
	retrievedAt: date,
	syncedAt: z.string(),
	answers: z.enum(["sanctions", "scams", ""]).describe("the question that it claims to be its publisher's list of; empty for none"),
	part: z.string().describe("which part of that list it is, such as an asset; empty for the whole"),
	sha256,
	file: z.string(),
	bytes: whole,
	rows: whole,
});
const reason = z.strictObject({
	code: z.string(),
	tier: z.enum(["structural", "attribution", "lead"]),
	points: whole,
	facts: z.record(z.string(), z.string()),
	evidence: z.array(z.string()),
	about: z.string().optional().describe("the account that it is about, where that stands in the URL that was asked about"),
});
const assessment = {
	subject: z.string(),
	score: whole,
	verdict,
	reasons: z.array(reason).describe("heaviest first"),
	open: z.array(z.string()).describe("questions that apply and were not looked at"),
	notLookedAt: z.array(z.string()).describe("what else was not looked at, in words"),
};
const counts = z.strictObject({
	blocks: whole,
	transactions: whole,
	transfers: whole,
	outputs: whole,
	accounts: whole,
	labels: whole,
	traces: whole,
});
const info = { id: z.string(), title: z.string(), chain: z.string(), createdAt: z.string() };
const brokenLink = z
	.strictObject({ sequence: whole, faults: z.array(z.string()) })
	.nullable()
	.describe("the first entry of the custody log that does not hold, and what of it, in words; null: the chain holds");
export const outputSchemas = {
	"clew.error/1": z
		.strictObject({
			schema: z.literal("clew.error/1"),
			code: z
				.string()
				.regex(/^[A-Z_]+$/)
				.describe("closed set, such as USAGE, BAD_INPUT, NODE_TIMEOUT; UNEXPECTED is a defect of Clew"),
			message: z.string(),
			place: z.string().nullable().describe("file:line, an argument or a node's name; null where there is none"),
			hint: z.string().nullable().describe("what to do next"),
		})
		.describe("what any command with --json prints when it fails"),
	"clew.check/1": z.strictObject({
		schema: z.literal("clew.check/1"),
		amount: units.optional(),
		name: z
			.strictObject({ name: z.string(), account: z.string(), node: z.string() })
			.optional()
			.describe("an ENS name and whose word it is"),
		...assessment,
		lists: z
			.array(
				z.strictObject({
					list: z.string(),
					asOf: z.string(),
					dated: z.boolean(),
					rows: whole,
					answers: z.enum(["sanctions", "scams"]).optional(),
				}),
			)
			.describe(
				"the lists that were looked at; asOf: when their publisher's copy was taken, or, where nobody said (dated: false), loaded; answers: the question that it claims to answer",
			),
		sentence: z.string(),
		whatToDo: z.array(z.string()),
		words: z.array(z.string()).describe("the reasons in words, in their order"),
	}),
	"clew.score/1": z.strictObject({ schema: z.literal("clew.score/1"), subjects: z.array(z.strictObject(assessment)) }),
	"clew.status/1": z.strictObject({
		schema: z.literal("clew.status/1"),
		...info,
		counts,
		head: z.record(z.string(), z.unknown()).nullable(),
		otherHeads: z
			.array(z.strictObject({ chain: z.string(), head: z.record(z.string(), z.unknown()).nullable() }))
			.describe("highest blocks that nodes told of the other chains of the case"),
		coverage: z.array(coverage).describe("of all chains of the case"),
		gaps: z
			.array(z.strictObject({ chain: z.string(), fromHeight: whole, toHeight: whole, gap: z.string(), account: z.string().optional() }))
			.describe("of all chains of the case"),
		sources: z.array(source),
		traces: z.array(z.string()),
		node: z
			.strictObject({
				name: z.string(),
				height: whole,
				lag: whole.describe("blocks by which the case is behind"),
				ahead: whole.describe("blocks by which the node is behind the case"),
			})
			.optional(),
		queue: z.array(z.record(z.string(), z.unknown())).optional(),
		audit: z
			.array(
				z.strictObject({
					chain: z.string(),
					node: z.string().optional().describe("absent where no node was asked"),
					accountsLeft: whole.describe("accounts of the case beyond --limit, of which nothing was asked"),
					rows: z.array(
						z.discriminatedUnion("verdict", [
							z.strictObject({
								account: z.string(),
								asset: z.string(),
								verdict: z.enum(["equal", "short", "over"]).describe("short: the case derives less than the node tells"),
								height: whole.describe("at whose end both are compared: the last to which the account was read"),
								derived: z.string().describe("base units, from what the case holds; may be below zero"),
								told: z.string().describe("base units, one node's word"),
								missing: z.array(z.string()).describe("what of its movements is not in the case; empty where equal"),
							}),
							z.strictObject({ account: z.string(), asset: z.string(), verdict: z.literal("not-asked"), why: z.string() }),
						]),
					),
				}),
			)
			.optional()
			.describe("with --audit: what the case derives beside what a node tells, by chain"),
	}),
	"clew.case/1": z.strictObject({ schema: z.literal("clew.case/1"), ...info, counts, custody: z.array(custodyEntry) }),
	"clew.inspect/1": z.strictObject({
		schema: z.literal("clew.inspect/1"),
		...info,
		counts,
		sources: z.array(source),
		labels: z.array(z.strictObject({ source: z.string(), count: whole })),
		traces: z.array(
			z.strictObject({
				id: z.string(),
				fault: z.string().nullable().describe("why nothing is made from it: it was changed, or no intact custody log says that it was run"),
			}),
		),
		custody: z.strictObject({
			entries: whole,
			intact: z.boolean(),
			firstBroken: brokenLink,
			lastHash: z.string().nullable().describe("of the last entry, as the case has it"),
		}),
		watches: z.array(
			z.strictObject({
				id: z.string(),
				subject: z.string(),
				on: z.array(z.string()),
				note: z.string(),
				notify: z
					.array(z.strictObject({ place: z.string(), allowed: z.boolean() }))
					.describe("places whole, as the case has them, and whether this machine may tell them"),
			}),
		),
	}),
	"clew.custody/1": z.strictObject({
		schema: z.literal("clew.custody/1"),
		intact: z.boolean(),
		firstBroken: brokenLink,
		entries: z.array(custodyEntry),
		links: z
			.array(z.strictObject({ sequence: whole, holds: z.boolean(), faults: z.array(z.string()), warnings: z.array(z.string()) }))
			.describe("one an entry, in the same order: what of it does not hold, and what is odd and breaks nothing"),
	}),
	"clew.doctor/1": z.strictObject({
		schema: z.literal("clew.doctor/1"),
		checks: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), detail: z.string() })),
	}),
	"clew.account/1": z.strictObject({
		schema: z.literal("clew.account/1"),
		account: z.string(),
		...profile,
		delegations: z.array(delegation).optional().describe("what its key let act for it (EIP-7702), in order"),
		permissions: z
			.array(permissionChange)
			.optional()
			.describe("changes of who may sign for it (Tron), in order, as blocks of the case tell"),
		balances: z.array(z.strictObject({ asset: z.string(), amount: units, shortfall: units })),
		ledger: z.array(transfer),
		next,
		...listedValues,
	}),
	"clew.transaction/1": z.strictObject({
		schema: z.literal("clew.transaction/1"),
		hash: z.string(),
		height: whole.describe("block"),
		transfers: z.array(transfer),
		nfts: z
			.array(z.strictObject({ contract: z.string(), count: whole, by: z.literal("files").optional().describe("files alone tell it") }))
			.optional()
			.describe("ids of NFTs that it moved, by contract: they are no amounts"),
		userOperations: z.array(userOperation).optional().describe("who acted in it by account abstraction (ERC-4337)"),
		delegations: z.array(delegation).optional().describe("what keys let act for their accounts in it (EIP-7702)"),
		permissions: z.array(permissionChange).optional().describe("who may sign for an account from then on (Tron)"),
		values: listedValues.values,
		prices: listedValues.prices,
	}),
	"clew.detections/1": z.strictObject({
		schema: z.literal("clew.detections/1"),
		chain: z.string(),
		parameters: z.record(z.string(), z.unknown()),
		detections: z.array(detection),
	}),
	"clew.path/1": z.strictObject({
		schema: z.literal("clew.path/1"),
		paths: z.array(z.strictObject({ asset: z.string(), value: units, transfers: z.array(transfer) })),
		complete: z
			.boolean()
			.describe(
				"false: there may be paths to other last transfers, or better ones; true of what happened up to the block of readTo. Other ways to the same last transfer are never listed",
			),
		more: z.boolean().describe("true: paths with other last transfers were found and are not listed (--max-paths)"),
		readTo: z
			.strictObject({ account: z.string(), height: whole })
			.nullable()
			.describe(
				"the account on the way whose history in the case ends first, and its last block there; null: all were read to --until, or none was read",
			),
		cut: z.boolean().describe("true: accounts at the end of the longest path (--max-hops) may have paid on"),
		unfetched: z.array(z.string()).describe("accounts that the search came to and whose own history is not in the case, or not whole"),
		otherAssets: z
			.array(z.string())
			.describe(
				"accounts on the way that paid in another asset afterwards, which may have been exchanged there: such paths are not searched",
			),
		transfersRead: whole,
	}),
	"clew.funder/1": z.strictObject({
		schema: z.literal("clew.funder/1"),
		account: z.string(),
		steps: z.array(
			z.strictObject({
				account: z.string(),
				funder: z.string().describe("who paid it the first coins that the case shows"),
				position: z.string(),
				txHash: z.string(),
				amount: units,
				provenance: z.string(),
				open: z.array(z.string()).describe("why an earlier payment may not be in the case; empty: this is known to be the first"),
			}),
		),
		end: z
			.strictObject({ reason: z.enum([...STOP_REASONS, "no-payment", "loop", "limit"]), account: z.string(), detail: z.string() })
			.describe(
				"why the search ends there: the reason of a stop, or that the case holds no payment, that it went in a circle, or --max-steps",
			),
	}),
	"clew.watches/1": z.strictObject({
		schema: z.literal("clew.watches/1"),
		watches: z.array(
			z.looseObject({
				id: z.string(),
				subject: z.string(),
				on: z.array(z.string()),
				notify: z.array(z.string()).describe("places without what may be secret in them"),
				off: z.array(z.string()).describe("those of them that are told nothing from this machine until clew watch allow"),
				note: z.string(),
			}),
		),
		pending: whole,
		undelivered: whole,
	}),
	"clew.labels/1": z.strictObject({
		schema: z.literal("clew.labels/1"),
		subject: z.string(),
		tier: z.literal("attribution"),
		library: z.array(entry),
		case: z.array(label),
		elsewhere: z.array(entry).describe("what is said of the same address on other chains, where it may be another one's contract"),
	}),
	"clew.label-lists/1": z.strictObject({ schema: z.literal("clew.label-lists/1"), library: z.string(), lists: z.array(version) }),
	"clew.label-conflicts/1": z.strictObject({
		schema: z.literal("clew.label-conflicts/1"),
		conflicts: z.array(z.strictObject({ subject: z.string(), entries: z.array(entry) })),
	}),
	"clew.label-diff/1": z.strictObject({
		schema: z.literal("clew.label-diff/1"),
		from: version,
		to: version,
		added: z.array(entry),
		gone: z.array(entry),
	}),
	"clew.label-sync/1": z.strictObject({
		schema: z.literal("clew.label-sync/1"),
		list: z.string(),
		publisher: z.string(),
		retrievedAt: date,
		name: z.string(),
		sha256,
		bytes: whole,
		rows: whole,
		added: whole,
		gone: whole,
		skipped: z.record(z.string(), whole).describe("rows about chains that are not followed, by code"),
		unusable: z
			.array(z.strictObject({ where: z.string(), why: z.string() }))
			.describe("rows that should have been usable, by file and row"),
		notRead: z.array(z.string()).describe("parts of the list that are not read, in words"),
	}),
	"clew.label-update/1": z.strictObject({
		schema: z.literal("clew.label-update/1"),
		lists: z.array(
			z.strictObject({ kind: z.string(), list: z.string(), retrievedAt: date, sha256, rows: whole, added: whole, gone: whole }),
		),
		failed: z.array(z.strictObject({ kind: z.string(), why: z.string() })).describe("lists that stayed as they were, and why"),
	}),
	"clew.label-starter/1": z.strictObject({
		schema: z.literal("clew.label-starter/1"),
		library: z.string().describe("its file"),
		lists: z.array(
			z.strictObject({
				list: z.string(),
				publisher: z.string(),
				licence: z.string(),
				retrievedAt: date.describe("empty where the list gives no date"),
				file: z.strictObject({ name: z.string(), sha256, bytes: whole }),
				rows: whole,
				added: whole,
				gone: whole,
				notFollowed: whole.describe("rows of the source about chains that are not followed"),
				unusable: whole.describe("rows of the source that could not be used"),
			}),
		),
	}),
	...timeAndPeopleSchemas,
	...agentSchemas,
	...lessonSchemas,
	...workSchemas,
	...priceSchemas,
	...investigateSchemas,
	...bitcoinSchemas,
	...evidenceSchemas,
	...recoverySchemas,
} as const;

/** File name and JSON Schema 2020-12 of every documented output here; `docs/schema/` keeps a copy. */
export function outputJsonSchemas(): readonly { readonly file: string; readonly schema: object }[] {
	return Object.entries(outputSchemas).map(([name, schema]) => ({
		file: `${name.replace("/", "-")}.schema.json`,
		schema: z.toJSONSchema(schema),
	}));
}
