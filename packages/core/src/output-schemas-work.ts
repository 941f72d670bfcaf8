import { z } from "zod";
import { source, units, whole } from "./output-parts.js";
import { traceResultSchema } from "./trace-schema.js";
import { COVERED_KINDS } from "./transfer.js";
import { DENIED_WORDS } from "./whole-block.js";

const heights = z.tuple([whole, whole]).describe("inclusive");
const gap = z.strictObject({ fromHeight: whole, toHeight: whole, gap: z.string(), account: z.string().optional() });
const thousandths = whole.describe("thousandths");
const ratio = thousandths.optional().describe("thousandths; absent where there was nothing to count");

const deniedWords = z
	.strictObject({
		transactions: whole,
		first: z.strictObject({ height: whole, hash: z.string(), what: z.array(z.enum(DENIED_WORDS)) }).describe("the lowest"),
		files: z.array(z.string()).describe("names"),
	})
	.describe(
		"transactions that stand otherwise in the blocks than files said; what these said there was taken out; absent where there are none",
	);

const fileReport = z.strictObject({
	file: z.string(),
	format: z.string(),
	kinds: z.array(z.enum(COVERED_KINDS)),
	source,
	account: z.string().optional().describe("whose export it is; absent: not of one account"),
	rows: whole,
	added: whole,
	known: whole,
	bad: z.array(z.string()).describe("the first rows that were left out, as file:line: reason"),
	badCount: whole,
	nfts: z.record(z.string(), whole).describe("rows left out because their numbers are ids of NFTs, by asset"),
	untold: z.array(z.string()).describe("tokens of which nothing tells whether numbers are amounts or ids"),
	taken: whole.describe("transfers of earlier files that this one shows to be ids, taken out"),
	guess: z.string().optional().describe("the one account that every row touches, where the file's name tells none"),
	covers: z.array(heights).describe("what counts as fetched for the account, each inclusive; none: nothing does"),
	notes: z.array(z.string()),
});
const outputReport = z.strictObject({
	file: z.string(),
	source,
	blocks: whole,
	added: whole,
	known: whole,
	heights: heights.optional(),
	notes: z.array(z.string()).optional(),
});
const leftOut = z
	.strictObject({ file: z.string(), why: z.string().describe("what it looks like, in words") })
	.describe("a file of a folder or zip that is no known export");

const imported = { schema: z.literal("clew.import/1"), files: whole, added: whole, known: whole };

const alert = z.strictObject({
	schema: z.literal("clew.alert/1"),
	id: z.string(),
	watch: z.string(),
	case: z.string(),
	rules: z.array(z.string()),
	status: z
		.enum(["seen", "final", "retracted"])
		.describe("retracted: its block went away, and the transaction is in no other yet; final: it has the confirmations asked for"),
	revision: whole.describe("counts up each time the alert is told anew"),
	chain: z.string(),
	subject: z.string(),
	from: z.string(),
	spenders: z
		.array(z.string())
		.optional()
		.describe("Bitcoin: who paid it together, where there are several: all who spent, for taint all whose coins carried it"),
	to: z.string(),
	direction: z.enum(["in", "out"]),
	asset: z.string(),
	amount: units.describe("what was paid; with output the most that from (or spenders together) can have paid"),
	output: units
		.optional()
		.describe("Bitcoin: what the output holds, where others who spent in the transaction paid some of it, or may have"),
	tainted: z
		.union([z.record(z.string(), units), z.literal("unknown")])
		.optional()
		.describe("what of the amount is the watched money, by rule; unknown where gaps says what is not known"),
	range: z
		.tuple([units, units])
		.optional()
		.describe("the least (agreed) and most of the amount that can be the watched money, where that is wider than the rules' amounts"),
	gaps: z
		.array(z.strictObject({ account: z.string(), asset: z.string(), fromHeight: whole, toHeight: whole, text: z.string() }))
		.optional()
		.describe("accounts on the money's way whose balance the case does not tell, and why: nothing that they paid is agreed"),
	caveat: z
		.string()
		.optional()
		.describe("tokens whose contract is not known: that it alone says so, and whether another account paid for the transaction"),
	kind: z.string(),
	txHash: z.string(),
	height: whole,
	blockHash: z.string(),
	time: whole.describe("of the block, seconds since 1970"),
	confirmations: whole,
	counterparty: z.string().describe("entity and category of the other side's strongest label, or empty"),
	acknowledged: z.string().optional(),
});

/** Outputs of commands that fetch, follow and watch. */
export const workSchemas = {
	"clew.import/1": z.union([
		z
			.strictObject({ ...imported, rows: whole, bad: whole, reports: z.array(fileReport), leftOut: z.array(leftOut) })
			.describe("exports of transactions; added and known count transfers"),
		z
			.strictObject({ ...imported, reports: z.array(outputReport), gaps: z.array(gap).describe("of the whole case") })
			.describe("blocks, esplora and csv of Bitcoin; added and known count transactions"),
	]),
	"clew.ingest/1": z.strictObject({
		schema: z.literal("clew.ingest/1"),
		node: z.string(),
		from: whole,
		to: whole,
		blocks: whole.describe("fetched"),
		added: whole.describe("transfers; of Bitcoin transactions, with --queue outputs"),
		capabilities: z
			.strictObject({ client: z.string(), blockReceipts: z.boolean().optional(), traces: z.string().optional() })
			.optional()
			.describe("this and the following are absent with --queue, where clew status tells gaps"),
		reorganisedAt: z.array(whole).optional(),
		takenWithThem: whole
			.optional()
			.describe("transfers (Bitcoin: transactions) that files had told of and that reorganisations took away: import the files again"),
		denied: deniedWords.optional(),
		gaps: z.array(z.string()).optional(),
		refused: z.array(whole).optional().describe("heights whose answers were refused: not in the case, and not covered"),
	}),
	"clew.follow/1": z.strictObject({
		schema: z.literal("clew.follow/1"),
		requests: whole,
		requestsPerEdge: z.number(),
		head: whole,
		open: z
			.array(z.strictObject({ account: z.string(), why: z.enum(["requests", "blocks", "no answer", "not told"]) }))
			.describe("end points with money that could not be followed on"),
		stopped: z
			.string()
			.optional()
			.describe(
				"what the node failed with when it went silent in the middle: what is open was not looked at, and the end points not compared",
			),
		reorganisedAt: whole
			.optional()
			.describe("the first block from which on what the case held was taken back: it was not on the node's chain any more"),
		denied: deniedWords.optional(),
		result: traceResultSchema,
	}),
	"clew.endpoints/1": z.strictObject({
		schema: z.literal("clew.endpoints/1"),
		file: z.string().describe("where they are kept"),
		endpoints: z.array(
			z.strictObject({
				name: z.string(),
				chain: z.string(),
				kind: z.string(),
				serves: z.array(z.enum(["blocks", "histories"])),
				url: z.string().describe("{key} stands where the key is put"),
				keyEnv: z.string().optional().describe("the environment variable that holds the key"),
				keySet: z.boolean().optional().describe("whether it holds one now"),
				certificate: z.string().optional().describe("SHA-256 of the one certificate that it may show, where no authority vouches for it"),
				tested: z
					.strictObject({
						at: z.string(),
						failed: z.string().optional().describe("why it does not work; absent where it does"),
						client: z.string().optional(),
						head: z.strictObject({ height: whole, time: whole.optional() }).optional(),
						findings: z.array(z.strictObject({ about: z.string(), answer: z.enum(["yes", "no", "not known"]), means: z.string() })),
						batch: whole.optional().describe("calls in one request"),
						blocks: whole.optional().describe("blocks in one question at most, where longer ranges were refused"),
						requests: whole,
					})
					.optional()
					.describe("absent where it was never tested"),
			}),
		),
	}),
	"clew.queue/1": z.strictObject({
		schema: z.literal("clew.queue/1"),
		queues: z.array(z.strictObject({ kind: z.string(), waiting: whole, active: whole, delayed: whole, completed: whole, dead: whole })),
	}),
	"clew.dead-letters/1": z.strictObject({
		schema: z.literal("clew.dead-letters/1"),
		letters: z.array(
			z.strictObject({
				kind: z.string(),
				id: z.string(),
				reason: z.string(),
				attempts: whole,
				failedAt: z.string(),
				payload: z.unknown().describe("whatever stood in the queue: not to be trusted"),
			}),
		),
	}),
	"clew.alert/1": alert.describe("one alert, as webhooks and programs get it"),
	"clew.alerts/1": z.strictObject({ schema: z.literal("clew.alerts/1"), alerts: z.array(alert).describe("in chain order") }),
	"clew.evaluation/1": z.strictObject({
		schema: z.literal("clew.evaluation/1"),
		world: z.strictObject({ chain: z.string(), seed: whole, size: whole, thefts: whole }),
		heuristics: z.array(
			z.strictObject({
				heuristic: z.string(),
				found: whole,
				right: whole,
				there: whole,
				precision: ratio,
				recall: ratio,
				calibration: z
					.array(z.strictObject({ from: whole, claims: whole, right: whole }))
					.describe("claims with a score from `from` on, by twenties; empty for heuristics without a score"),
			}),
		),
		playbooks: z.array(
			z.strictObject({
				playbook: z.string(),
				thefts: whole,
				known: z.boolean().describe("true: services were known and stopped the traces"),
				byRule: z.record(z.string(), z.strictObject({ precision: thousandths, recall: thousandths })),
				stops: thousandths.describe("of the money at the true ends that were found, thousandths that had the right reason"),
				accused: whole.describe("accounts outside the theft that some conserving rule calls tainted, a theft, rounded up"),
			}),
		),
	}),
} as const;
