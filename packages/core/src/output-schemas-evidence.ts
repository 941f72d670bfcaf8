import { z } from "zod";
import { sha256, units, whole } from "./output-parts.js";
import { totals } from "./output-schemas-price.js";

const trace = z
	.strictObject({
		id: z.string(),
		chain: z.string(),
		cutoff: units.describe("highest block with data in the case"),
		whatIf: z.string().nullable().describe("what narrowed the trace; null: nothing"),
		seeds: z.array(z.strictObject({ spec: z.string(), arrivals: whole, seeded: z.record(z.string(), z.record(z.string(), units)) })),
		endPoints: whole,
		agreed: z.record(z.string(), units).describe("by asset: what every rule that was run agrees on, over all end points"),
		others: z.string().nullable().describe("tokens that are not counted here, in words; null: everything is counted"),
	})
	.describe("what a bundle or packet is made from");
const file = z.strictObject({ path: z.string(), bytes: units.describe("size, as a string"), sha256 });
const law = { id: z.string(), title: z.string(), citation: z.string().describe("rule and year") };

/** Outputs about what leaves Clew. */
export const evidenceSchemas = {
	"clew.verify/3": z.strictObject({
		schema: z.literal("clew.verify/3"),
		ok: z.boolean(),
		verdict: z
			.enum(["failed", "intact", "proven in part", "proven", "verified"])
			.describe("intact: hashes agree and nothing is proven; proven: to a block header; verified: to headers that the reader trusts"),
		failures: z.array(
			z.strictObject({
				code: z
					.enum([
						"unreadable",
						"files",
						"form",
						"statement",
						"signature",
						"time-stamp",
						"header",
						"coherence",
						"arithmetic",
						"proof",
						"row",
						"source",
						"text",
						"recomputed",
						"values",
						"papers",
						"replay",
						"packet",
						"disclosure",
					])
					.describe("the kind of check that found it; docs/evidence.md says what each shows"),
				place: z.string().describe("where: a file, and a row, line or item of it"),
				file: z.string().optional(),
				row: whole.optional().describe("number of the row, line or item, from 1"),
				message: z.string(),
			}),
		),
		kind: z.enum(["bundle", "disclosure", "balances", "packet", "none"]),
		trace: z.string().describe("empty where none is named"),
		direction: z.literal("backward").optional().describe("the trace says where money came from, and not where it went"),
		whatIf: z.string().optional().describe("what narrowed the trace, as the maker states it"),
		files: whole,
		rows: z.array(
			z.strictObject({
				of: z.literal("balance").optional().describe("what it is where it is no row: then `row` is its line in balances.jsonl"),
				row: whole,
				tier: z.string(),
				checked: z.string(),
				anchor: z.string(),
			}),
		),
		rowsOfTrace: z.string().optional().describe("of a disclosure: how many rows its manifest counts"),
		blocks: z.array(z.strictObject({ chain: z.string(), height: whole, hash: z.string() })).describe("whose proofs hold"),
		signedBy: z.array(z.string()).describe("ids of keys whose signatures hold"),
		time: z
			.strictObject({
				at: z.string(),
				authority: z.string(),
				root: z.string().optional().describe("absent: leads to no root that you trust"),
			})
			.optional(),
		recomputed: z
			.strictObject({
				rules: z.array(z.string()),
				movements: z.number().int(),
				not: z.array(z.string()).describe("what was not, since gaps leave the way of tainted money open"),
				proven: z.number().int().describe("movements of the ledgers that proofs in the bundle show; the others are taken as given"),
				otherwise: z
					.number()
					.int()
					.describe("movements and whole transactions that files left out or told otherwise than proofs in the bundle show them"),
				openings: z.number().int().describe("balances before the first movement of an account, which are taken as given"),
				unopened: z.number().int().describe("accounts of which no balance before is stated, which is taken as given, too"),
				blocks: z.number().int().describe("Bitcoin blocks whose coinbase got fees that are taken as given"),
			})
			.optional()
			.describe("of a bundle with ledgers: the rules that were played again from them and gave every amount of the trace"),
		stated: z
			.array(z.string())
			.optional()
			.describe("of a bundle or a packet: what nothing in it shows, in words: the word of who made it alone"),
		sumsStated: z
			.array(z.string())
			.optional()
			.describe("of a packet: requests of an earlier form, which state no exchanges: how their sums come from seeds is the maker's word"),
		compared: z.array(z.string()).optional().describe("of a bundle or a packet: files whose content was checked"),
		comparedInPart: z
			.array(z.strictObject({ path: z.string(), what: z.string() }))
			.optional()
			.describe("of a bundle: files of which some was checked, and what, in words"),
		hashedOnly: z
			.array(z.string())
			.optional()
			.describe("of a bundle or a packet: files of which the hash alone was checked; what they say may be anything"),
		notComparedWhy: z
			.string()
			.optional()
			.describe("why these were not compared: another version of Clew made them, or their wording is the maker's own"),
		replay: z
			.strictObject({
				blocks: whole,
				files: whole.describe("imported again; files of labels are not"),
				differs: z.string().optional().describe("absent: the same to the byte"),
				stated: z
					.array(z.string())
					.describe("what no block and no file that was replayed shows, and the replay takes as the bundle states it"),
				read: z.array(z.string()).describe("paths of what it read"),
			})
			.optional(),
	}),
	"clew.key/1": z.strictObject({
		schema: z.literal("clew.key/1"),
		file: z.string(),
		id: z.string(),
		publicKey: z.string().describe("Ed25519"),
	}),
	"clew.export/1": z.strictObject({
		schema: z.literal("clew.export/1"),
		out: z.string(),
		form: z.enum(["folder", "zip", "encrypted"]),
		trace,
		storedTrace: z.string().describe("id in the case; another than the bundle's where names were replaced"),
		rows: whole,
		proven: whole.nullable().describe("rows; null: no proofs were asked for"),
		signedBy: z.string().nullable(),
		redacted: z.string().nullable().describe("what was replaced or withheld, in words"),
		bag: z.boolean().describe("a BagIt bag: these files lie below data/ in it"),
		files: z.array(file).describe("as manifest.json lists them"),
		unlisted: z.array(file).describe("manifest.json, and what is about it"),
		archive: file.nullable().describe("the one file that was written; null for a folder"),
	}),
	"clew.disclose/1": z.strictObject({
		schema: z.literal("clew.disclose/1"),
		out: z.string(),
		trace: z.string(),
		rows: z.array(whole).describe("numbers of the rows that are shown"),
		files: z.array(file),
	}),
	"clew.certify/1": z.strictObject({
		schema: z.literal("clew.certify/1"),
		out: z.string(),
		law: z.strictObject(law),
		signed: z.literal(false).describe("a draft is never signed"),
		checkedByCounsel: z.literal(false),
		trace: z.string(),
		verdict: z.enum(["intact", "proven in part", "proven", "verified"]).describe("of the bundle: as of clew verify"),
		manifest: z.strictObject({ bytes: units, sha256, sha512: z.string().regex(/^[0-9a-f]{128}$/) }).describe("manifest.json, as computed"),
		blanks: z.array(z.string()).describe("what is left to a person: fields as fields.NAME, blanks of the wording as wording: WHAT"),
		bytes: units.describe("size of the draft, as a string"),
		sha256: sha256.describe("of the draft"),
	}),
	"clew.laws/1": z.strictObject({
		schema: z.literal("clew.laws/1"),
		laws: z.array(z.strictObject({ ...law, asks: z.array(z.string()).describe("what the law asks, in our words") })),
	}),
	"clew.frozen/1": z
		.strictObject({
			schema: z.literal("clew.frozen/1"),
			chain: z.string().optional(),
			node: z.string().optional().describe("who was asked; absent where nobody was"),
			height: whole.optional(),
			time: z.string().optional().describe("of that block, UTC"),
			facts: z.array(
				z.strictObject({
					account: z.string(),
					asset: z.string(),
					symbol: z.string(),
					decimals: whole,
					issuer: z.string(),
					freezes: z.string().describe("the function by which the issuer freezes an account"),
					wipes: z.string().optional().describe("the function that takes or destroys what a frozen account holds"),
					frozen: z.boolean().nullable().describe("null: not known"),
					holds: units.nullable().describe("null: not known"),
					since: z
						.strictObject({ height: whole, time: z.string(), txHash: z.string(), by: z.string().optional() })
						.optional()
						.describe(
							"an act that froze it, before which it was not frozen; of what was released and frozen again not always the last; absent where the node does not tell",
						),
				}),
			),
		})
		.describe("what is frozen at some accounts, by the word of one node"),
	"clew.desks/1": z
		.strictObject({
			schema: z.literal("clew.desks/1"),
			desks: z.array(
				z.strictObject({
					entity: z.string(),
					aliases: z.array(z.string()),
					kind: z.enum(["exchange", "issuer", "bridge", "other"]),
					channel: z.discriminatedUnion("by", [
						z.strictObject({ by: z.literal("portal"), name: z.string().describe("which the source leads to") }),
						z.strictObject({ by: z.literal("mail"), address: z.string() }),
						z
							.strictObject({ by: z.literal("mail on the page") })
							.describe("the source names the address, the copy that was read did not show it"),
					]),
					asks: z.array(z.string()).describe("what a request must hold; empty: not seen on the page"),
					languages: z.array(z.string()).describe("ISO 639-1; empty: not seen on the page"),
					others: z.string().optional().describe("what the page says to private persons; absent: not seen on the page"),
					source: z.string().describe("the entity's own page"),
					dated: z.string().optional().describe("the day that the page bears; absent: none was seen"),
					read: z.string().describe("the day on which a stored copy of the page was read; the copy may be older"),
					overridden: z.boolean().describe("your registry of recipients names this entity, and requests go by that"),
				}),
			),
		})
		.describe("channels for authorities that entities publish; who is not among them may have one all the same"),
	"clew.freeze/1": z.strictObject({
		schema: z.literal("clew.freeze/1"),
		out: z.string(),
		trace,
		storedTrace: z.string().describe("id in the case; another than the packets' where names were replaced"),
		packets: z.array(
			z.strictObject({
				folder: z.string(),
				kind: z.enum(["custodian", "issuer"]),
				entity: z.string(),
				recipient: z.string().nullable().describe("name in your registry of recipients; null: it is not there"),
				desk: z
					.strictObject({ entity: z.string(), source: z.string(), dated: z.string().optional(), read: z.string() })
					.nullable()
					.describe("the shipped desk (clew.desks/1) whose published channel the request states; null: none"),
				endPoints: whole,
				leads: whole,
				asked: z.record(z.string(), units).describe("by asset: what every conserving rule agrees on"),
				worth: totals.optional().describe("with --unit: what that was worth at block time, by currency"),
				disputed: z
					.array(
						z.strictObject({
							account: z.string(),
							by: z.array(z.strictObject({ entity: z.string(), category: z.string(), source: z.string() })),
						}),
					)
					.describe("end points of which labels contradict that they are the recipient's"),
				files: z.array(file),
			}),
		),
		leftOut: z.array(z.string()).describe("what no request is made of, and why, in words"),
	}),
} as const;
