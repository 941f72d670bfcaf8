import { z } from "zod";
import { SCRIPT_TYPES } from "./chain-family/bitcoin/address.js";
import { label, next, position, profile, units, whole } from "./output-parts.js";
import { inputValues, listedValues } from "./output-schemas-price.js";
import { PROVENANCE_TIERS } from "./transfer.js";
import { SIGNATURE_SCOPES } from "./utxo.js";

const txid = z.string().regex(/^[0-9a-f]{64}$/);
const outpoint = z.string().regex(/^[0-9a-f]{64}:[0-9]+$/);
const place = z
	.strictObject({ height: whole, txIndex: whole, index: whole })
	.describe("where an output or input stands: its transaction's block, the transaction's place there, its own in the transaction");
const facts = { value: units, account: z.string(), scriptType: z.enum(SCRIPT_TYPES) };
const parameters = z.record(z.string(), z.string());
const finding = z.strictObject({
	name: z.string(),
	version: whole,
	score: whole.describe("percent of the features that spoke"),
	features: z.array(z.string()),
	parameters,
	source: z.string(),
	mixes: z.boolean().describe("true: it mixes money of several people"),
});

const heuristic = z.strictObject({ name: z.string(), version: whole, parameters, source: z.string(), not: z.boolean() });
const settings = z
	.strictObject({
		coSpend: z.boolean(),
		change: z.array(z.strictObject({ name: z.string(), terms: z.array(heuristic) })),
		coinJoin: z.record(z.string(), whole),
		mergePayJoins: z.boolean(),
		cuts: whole.describe("how many cuts of the case were kept to"),
	})
	.describe("what decided, so that a stranger can repeat it");
const reason = z.strictObject({
	heuristic: z.string(),
	version: z.string(),
	txid,
	height: whole,
	txIndex: whole,
	accounts: z.array(z.string()),
	detail: z.string(),
});
const refusal = z
	.strictObject({ txid, height: whole, finding: finding.optional(), cut: z.literal(true).optional() })
	.describe("a transaction that joined nothing: what it looks like, or that a person cut it");
const complete = z.boolean().describe("false: there may be more, `open` says why");
const open = z
	.strictObject({
		bounded: z.boolean().describe("a bound ended the search"),
		unread: z.array(z.string()).describe("addresses that were reached, and whose histories the case does not hold from the first block on"),
		unknownInputs: z.array(z.strictObject({ txid, height: whole, inputs: whole.describe("inputs whose owner no source told") })),
	})
	.describe("what the search did not see");

const links = z.array(z.strictObject({ input: whole, output: whole }));
const boltzmann = z.strictObject({
	interpretations: units.describe("how many; a plain count"),
	entropy: z.number().describe("bits"),
	links: z.array(z.array(units)).describe("links[output][input]: in how many interpretations the input pays to the output"),
	certain: z
		.strictObject({ feesAtMost: units, links })
		.nullable()
		.describe("links that hold in every interpretation; null where none can be certain"),
});

/** Outputs about Bitcoin. */
export const bitcoinSchemas = {
	"clew.address/1": z.strictObject({
		schema: z.literal("clew.address/1"),
		account: z.string(),
		...profile,
		outputCount: whole.describe("all outputs that pay it in the case; `outputs` is a page of them"),
		received: units,
		spent: units,
		foreignSpends: whole.describe("outputs that it spent and that are not in the case"),
		foreignSpent: units.describe("what those outputs held, by the transactions that spend them"),
		outputs: z.array(z.strictObject({ ...facts, place: position, spender: position.nullable().describe("null: not spent in the data") })),
		next,
		...listedValues,
	}),
	"clew.utxo-transaction/1": z.strictObject({
		schema: z.literal("clew.utxo-transaction/1"),
		txid,
		height: whole,
		txIndex: whole,
		indexed: z.boolean().describe("false: no source told its place in the block"),
		version: whole.nullable().describe("null: no source told it"),
		locktime: whole.nullable().describe("null: no source told it"),
		coinbase: z.boolean(),
		inputs: z.array(
			z.strictObject({
				sequence: whole,
				place: place.optional(),
				outpoint,
				previous: z.strictObject(facts).optional().describe("what it spends; absent when nobody told"),
				signed: z.enum(SIGNATURE_SCOPES).optional(),
			}),
		),
		outputs: z.array(
			z.strictObject({ ...facts, data: z.string().optional().describe("what an OP_RETURN carries, hex"), spender: place.optional() }),
		),
		provenance: z.enum(PROVENANCE_TIERS),
		source: z.string(),
		fee: units.nullable().describe("null: not known"),
		time: whole.nullable().describe("of the block, seconds since 1970; null: not known"),
		patterns: z.array(finding),
		peelChain: z.strictObject({ cut: z.boolean(), transactions: z.array(txid) }).nullable(),
		change: z.array(z.strictObject({ name: z.string(), version: whole, output: whole })).describe("by each heuristic alone"),
		boltzmann: boltzmann.nullable().describe("null: it mixes nothing, or is too large"),
		...inputValues,
	}),
	"clew.cluster/1": z.strictObject({
		schema: z.literal("clew.cluster/1"),
		account: z.string(),
		size: whole,
		complete,
		open,
		alarms: z.array(z.string()),
		settings,
		accounts: z.array(z.strictObject({ account: z.string(), labels: z.array(label) })),
		reasons: z.array(reason),
		refusals: z.array(refusal),
	}),
	"clew.cluster-why/1": z.strictObject({
		schema: z.literal("clew.cluster-why/1"),
		from: z.string(),
		to: z.string(),
		joined: z.boolean(),
		complete,
		open,
		settings,
		steps: z.array(z.strictObject({ reason, account: z.string() })),
	}),
	"clew.clusters/1": z.strictObject({
		schema: z.literal("clew.clusters/1"),
		addresses: whole,
		clusters: whole.describe("of two addresses or more"),
		clustered: whole.describe("addresses in them"),
		complete: z.boolean().describe("false: the case does not hold every block from the first on; clusters may be larger, and more"),
		settings,
		largest: z.array(z.strictObject({ first: z.string(), size: whole, alarm: z.boolean() })),
	}),
	"clew.cluster-cuts/1": z.strictObject({
		schema: z.literal("clew.cluster-cuts/1"),
		cuts: z.array(
			z.strictObject({ subject: z.string(), heuristic: z.string().describe("empty: every heuristic"), note: z.string(), at: z.string() }),
		),
	}),
} as const;
