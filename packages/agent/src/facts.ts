import { canonicalJson, DETECTION_KINDS, LABEL_CATEGORIES, RULES, STOP_REASONS } from "@clew/core";
import { ENTRY_KINDS } from "@clew/core/recovery-entry";
import { z } from "zod";
import { heldToForms } from "./field-forms.js";
import { FLAGS } from "./outside.js";
import { OWN_WORDS } from "./own-words.js";
import { sha256 } from "./sha256.js";

/** How a fact is known. `record`: the case's own books about itself; the others are Clew's three tiers of claim. */
export const TIERS = ["record", "structural", "attribution", "lead"] as const;
export type Tier = (typeof TIERS)[number];

const chain = z.string().regex(/^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/);
const outside = z.strictObject({ ref: z.string().regex(/^s[0-9a-f]{12}$/), preview: z.string().max(60), flags: z.array(z.enum(FLAGS)) });
const account = z
	.string()
	.regex(/^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}:[-.%a-zA-Z0-9]{1,128}$/)
	.or(outside);
const asset = z
	.string()
	.regex(/^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}\/[-a-z0-9]{3,8}:[-.%a-zA-Z0-9]{1,128}$/)
	.or(outside);
const hash = z.string().regex(/^(0x)?[0-9a-fA-F]{64}$/);
const hex16 = z.string().regex(/^[0-9a-f]{16}$/);
const integer = z.string().regex(/^(0|[1-9][0-9]*)$/);
const decimal = z.string().regex(/^(0|[1-9][0-9]*)(\.[0-9]+)?$/);
const position = z.string().regex(/^[0-9]+\.[0-9]+\.[0-9]+$/);
const outpoint = z.string().regex(/^[0-9a-f]{64}:[0-9]{1,5}$/);
const time = z.string().regex(/^\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
/** A word of a closed list of Clew's own: kinds of rows, provenance, parameters. */
const word = z.string().regex(/^[a-zA-Z][a-zA-Z0-9 _.:%/-]{0,60}$/);
/** A word of such a list that a case file holds, too: what is not in the list leaves as a text from outside. */
const heldWord = word.or(outside);
const ownWords = z.string().refine((text) => OWN_WORDS.has(text), "no words of Clew's own");
const count = z.number().int().nonnegative();
/** An ISO date of a list or a label, as its source wrote it, if it is one. */
const date = z.string().regex(/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?$/);
const amount = z.strictObject({
	units: integer.describe("base units"),
	amount: decimal.optional().describe("whole units; absent where decimals are not known"),
	symbol: z
		.string()
		.regex(/^[A-Z][A-Za-z0-9]{0,11}$/)
		.optional()
		.describe("of coins and published tokens alone; others: the asset's own fact"),
	asset,
});
const byRule = z.partialRecord(z.enum(RULES), integer);

const kind = <S extends z.ZodRawShape>(tier: Tier | "own", shape: S) => ({ tier, data: z.strictObject(shape) });

/** Every kind of fact that can leave: its tier (`own`: the fact says) and the only fields it can have. No field takes a text from outside. */
export const KINDS = {
	case: kind("record", {
		id: z
			.string()
			.regex(/^[0-9a-f]{8,64}$/)
			.optional(),
		title: outside,
		chains: z.array(chain),
		createdAt: time,
		servedAt: time.describe("when the copy that is served was made; what came to the case later is not seen"),
		blocks: count,
		transactions: count,
		transfers: count,
		outputs: count,
		accounts: count,
		labels: count,
		custodyEntries: count,
		custodyIntact: z.boolean(),
		custodyHead: hash,
	}),
	"kept-trace": kind("record", { trace: hex16, asOf: z.enum(["now", "written", "unknown"]), ranAt: time.optional(), last: z.boolean() }),
	"unusable-trace": kind("record", { trace: hex16, why: ownWords }),
	"not-kept": kind("record", { what: ownWords, meaning: ownWords }),
	budget: kind("record", { calls: count, rows: count, bytes: count, seconds: count }),
	source: kind("record", { name: outside, detail: outside, kind: z.enum(["file", "node"]), sha256: hash.optional() }),
	coverage: kind("record", {
		chain,
		account: account.optional().describe("absent: every account of the chain"),
		fromHeight: count,
		toHeight: count,
		kinds: z.array(heldWord),
		source: outside,
		note: outside.optional(),
	}),
	asset: kind("attribution", { asset, decimals: count, symbol: outside, published: z.boolean(), imitates: word.optional() }),
	account: kind("structural", {
		account,
		address: word.or(z.string().regex(/^[a-zA-Z0-9]{1,128}$/)),
		transfers: count,
		isContract: z.boolean(),
		historyFetched: z.boolean(),
	}),
	balance: kind("structural", { account, balance: amount, shortfall: integer.describe("what it paid beyond what the case shows it had") }),
	transfer: kind("structural", {
		chain,
		position,
		time: time.optional(),
		txHash: hash,
		from: account,
		to: account,
		amount,
		kind: heldWord,
		provenance: heldWord,
	}),
	transaction: kind("structural", { chain, txHash: hash, height: count, time: time.optional(), transfers: count, outputs: count }),
	output: kind("structural", {
		chain,
		outpoint,
		account,
		amount,
		type: heldWord,
		spent: z.boolean().describe("by a transaction of this case"),
	}),
	input: kind("structural", { chain, txHash: hash, index: count, account: account.optional(), amount: amount.optional() }),
	trace: kind("structural", {
		trace: hex16,
		chain,
		direction: z.enum(["forward", "backward"]),
		rules: z.array(z.enum(RULES)),
		parameters: z.record(word, z.string().regex(/^[-a-zA-Z0-9., ]{1,60}$/)),
		cutoff: integer.describe("highest block height with data"),
		rows: count,
		endPoints: count,
		gaps: count,
	}),
	seed: kind("structural", { trace: hex16, spec: z.string().regex(/^[a-z]+:[-:./a-zA-Z0-9@]{1,220}$/), asset, seeded: byRule, amount }),
	agreed: kind("structural", { trace: hex16, amount: amount.describe("what every conserving rule agrees on, over all end points") }),
	"end-point": kind("structural", {
		trace: hex16,
		account,
		stop: z.enum(STOP_REASONS),
		agreed: amount,
		least: amount,
		most: amount,
		byRule,
		lastArrival: position,
		arrivals: count,
	}),
	gap: kind("record", {
		trace: hex16.optional(),
		kind: heldWord,
		meaning: ownWords,
		account: account.optional(),
		asset: asset.optional(),
		amount: integer.optional(),
		uncertain: integer.optional(),
		fromHeight: integer.optional(),
		toHeight: integer.optional(),
		detail: outside,
	}),
	path: kind("structural", { from: account, to: account, value: amount, transfers: count, complete: z.boolean() }),
	label: kind("attribution", {
		account,
		category: z.enum(LABEL_CATEGORIES),
		entity: outside,
		name: outside,
		source: outside,
		confidence: count,
		retrievedAt: date.optional(),
		validFrom: date.optional(),
		validUntil: date.optional(),
	}),
	detection: kind("own", {
		account,
		kind: z.enum(DETECTION_KINDS),
		heuristic: heldWord,
		version: count,
		score: count,
		counterpart: account.optional(),
		evidence: z.array(position),
	}),
	price: kind("attribution", {
		asset: asset.or(word),
		unit: word,
		at: time,
		kind: z.enum(["price", "range", "none"]),
		value: decimal.optional(),
		low: decimal.optional(),
		high: decimal.optional(),
		tier: word.optional(),
		sources: z.array(outside),
	}),
	recovery: kind("record", {
		request: count.describe("its place in the ledger, from 1"),
		state: z.enum(ENTRY_KINDS),
		asked: amount,
		...{ frozen: amount, seized: amount, destroyed: amount, returned: amount },
	}),
	rule: kind("record", { rule: word, words: ownWords }),
	funding: kind("lead", { account, funder: account, position, txHash: hash, amount, knownFirst: z.boolean() }),
	"same-owner": kind("lead", { heuristic: heldWord, version: count, accounts: z.array(account), evidence: z.array(position) }),
	payer: kind("structural", {
		collector: z.array(account),
		account,
		paid: amount,
		returned: integer,
		payments: count,
		lures: z.array(word),
		historyRead: z.boolean(),
	}),
	proposal: kind("record", { proposal: z.string().regex(/^p[0-9a-f]{12}$/), kind: word, state: z.enum(["waiting"]) }),
} as const;
export type Kind = keyof typeof KINDS;

/** A fact before it has an id. `tier` only of kinds that say it themselves. */
export type Told = { [K in Kind]: { readonly kind: K; readonly data: z.input<(typeof KINDS)[K]["data"]>; readonly tier?: Tier } }[Kind];

/** A fact as it leaves. The id is by its content: the same fact has the same id in every session. */
export interface Fact {
	readonly id: string;
	readonly kind: Kind;
	readonly tier: Tier;
	readonly data: Readonly<Record<string, unknown>>;
}

const ID_DIGITS = 12;

/** Checks a fact against the fields of its kind, and names it. Throws ZodError for what may not leave. */
export function factOf({ kind: name, data, tier }: Told): Fact {
	const { data: schema, tier: own } = KINDS[name];
	const clean = schema.parse(heldToForms(name, data)) as Record<string, unknown>;
	const known: Tier = own === "own" ? (tier ?? "lead") : own;
	return {
		id: `f${sha256(canonicalJson({ kind: name, tier: known, data: clean })).slice(0, ID_DIGITS)}`,
		kind: name,
		tier: known,
		data: clean,
	};
}
