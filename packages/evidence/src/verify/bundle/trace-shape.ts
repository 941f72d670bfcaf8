import { int, is, list, object, record, text } from "../encoding/shape.js";
import { GAP_KINDS } from "../trace/sentences.js";
import { ASSET, DUST, NUMBER } from "../trace/what-if.js";
import { amounts, byOrigin, edgeShape, hash, height, integer, labelWords, line, outpoint, position } from "./formats.js";

const sums = object({ seeded: integer, convertedIn: integer, convertedOut: integer, held: integer, stopped: integer, fees: integer });
const audit = record(record(sums));

/** Every label as results state it; its dates are optional. */
const label = object({
	...labelWords,
	"validFrom?": line,
	"validUntil?": line,
	tier: is("attribution"),
});

const seed = object({
	spec: line,
	"origin?": int(),
	seeded: record(amounts),
	rows: list(
		object({
			position,
			asset: line,
			account: line,
			// Of a balance that is asked about: nothing moved.
			txHash: text(/^((0x)?[0-9a-f]{64})?$/),
			amount: integer,
			seeded: amounts,
			"range?": list(integer, 2, 2),
			"passage?": line,
		}),
	),
});

const leaf = object({
	account: line,
	labels: list(label),
	stop: object({ reason: text(/./), detail: text() }),
	amounts: record(amounts),
	"byOrigin?": record(byOrigin),
	"outpoints?": list(object({ outpoint, amount: integer, tainted: amounts, "byOrigin?": byOrigin })),
	agreed: integer,
	range: list(integer, 2, 2),
	"open?": is(true),
	"arrivals?": object({ first: position, last: position, count: int() }),
});

const gap = object({
	kind: is(...GAP_KINDS),
	"account?": line,
	"asset?": line,
	"amount?": integer,
	"uncertain?": integer,
	"balance?": integer,
	"fromHeight?": height,
	"toHeight?": height,
	text: text(),
});

const movement = object({ position, txHash: hash, from: line, to: line, asset: line, amount: integer });
const passage = object({
	kind: is("bridge", "swap"),
	protocol: line,
	key: line,
	tier: is("structural", "lead"),
	paid: movement,
	"got?": movement,
	"into?": amounts,
	"alternatives?": list(movement),
	detail: line,
});

const one = (pattern: string) => text(new RegExp(`^(?:${pattern})$`));
const number = one(NUMBER);

/** What a trace asks and how it went, as results state it; some only of one family of chains, or where it says something. */
const parameters = object({
	"direction?": is("backward"),
	"seedAsset?": one(ASSET),
	"seedLimit?": one(`none|${NUMBER}`),
	"seedSince?": number,
	"rankBy?": line,
	"maxAccounts?": number,
	"budgetBound?": is("yes", "no"),
	"until?": one(`end of data|${NUMBER}`),
	"readFrom?": one(`start of data|${NUMBER}`),
	"dust?": one(`none|${DUST}(?:, ${DUST})*`),
	"fee?": is("last", "proportional", "coinbase"),
	"throughCoinJoins?": is("yes", "no"),
	"wasabi2Inputs?": number,
	"conversions?": is("net", "off"),
	"passages?": one(`not looked for|more than ${NUMBER} in a row: the last are not followed`),
	"minLabelConfidence?": number,
	"serviceTransfers?": number,
	"minDetectionScore?": number,
	"seedsWhatIf?": line,
	"whatIf?": line,
});

/** Fields that earlier versions did not write may be missing; a field that no version writes is refused. */
export const traceShape = object({
	schema: is("clew.trace/1"),
	id: text(/^[0-9a-f]{16}$/),
	case: object({ id: text(), title: text() }),
	"direction?": is("backward"),
	chain: line,
	seeds: list(seed),
	rules: list(line),
	"conventions?": record(line),
	parameters,
	assets: record(object({ symbol: text(), decimals: int(0, 255) })),
	edges: list(edgeShape),
	leaves: list(leaf),
	"passages?": list(passage),
	coverage: object({
		cutoff: height,
		sources: list(object({ id: text(), kind: is("file", "node"), name: text(), sha256: text(), detail: text() })),
		gaps: list(gap),
	}),
	conservation: audit,
	"conservationByOrigin?": list(audit),
});
