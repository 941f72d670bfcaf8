import { z } from "zod";
import { position, units, whole } from "./output-parts.js";
import { PRICE_TIERS } from "./price/price-row.js";
import { traceResultSchema } from "./trace-schema.js";

const tier = z.enum(PRICE_TIERS);
const exact = z
	.string()
	.regex(/^[0-9]+\/[1-9][0-9]*$/)
	.describe("exact, as numerator/denominator without a common divisor");
const prices = z
	.array(whole)
	.describe("numbers in `prices` of the rows of every way that leads there, those of the price that counts first; of none what was found");
const bounds = {
	low: exact.describe("least of all sources"),
	high: exact.describe("most of all sources"),
	tier: tier.describe("of the price that counts, the weakest of the rows that it is worked out from"),
	prices,
};

const value = z
	.discriminatedUnion("kind", [
		z.strictObject({ kind: z.literal("value"), value: exact, ...bounds }),
		z.strictObject({ kind: z.literal("range"), ...bounds }).describe("sources differ by 5 % or more: there is no one value"),
		z.strictObject({
			kind: z.literal("none"),
			why: z.string(),
			last: whole.optional().describe("Unix seconds of the nearest price before, which is too old"),
			prices,
		}),
	])
	.describe("in whole units of the currency");
const total = z.strictObject({
	value: exact.nullable().describe("null where sources disagree about a part, or nothing has a price"),
	low: exact,
	high: exact,
	priced: whole,
	unpriced: whole.describe("amounts that have no price, and are in no sum"),
});
/** Values by currency. */
const byUnit = z.record(z.string(), value);
export const totals = z.record(z.string(), total);

const row = z.strictObject({
	asset: z.string().describe("what the price is of: a CAIP-19 id, or a currency of ISO 4217"),
	unit: z.string().describe("what it is in: the same"),
	time: whole.describe("Unix seconds from which on it was known"),
	price: z.string().describe("of one whole asset, as a decimal number"),
	origin: z.strictObject({ id: z.string(), tier }),
	answer: z.string().describe("SHA-256 of the file, answer or proof that tells it"),
	place: z.string().describe("where it stands there"),
});
const rows = z.array(row);

/** What `clew show --unit` adds: values of the listed rows in their order. */
export const listedValues = {
	values: z.array(byUnit).optional().describe("with --unit: of the listed rows in their order, each in its block"),
	balanceValues: z.array(byUnit).optional().describe("with --unit: of balances, in the last block of the data"),
	prices: rows.optional().describe("with --unit: the prices that values rest on"),
};
export const inputValues = {
	inputValues: z.array(byUnit).optional().describe("with --unit: of the inputs in their order"),
	outputValues: z.array(byUnit).optional().describe("with --unit: of the outputs in their order"),
	prices: listedValues.prices,
};

const valued = { position, asset: z.string(), amount: units, values: byUnit };
const traceValues = z.strictObject({
	schema: z.literal("clew.values/1"),
	trace: z.string(),
	units: z.array(z.string()),
	rules: z.strictObject({
		seeds: z.string().describe("the rule by which an arrival counts as marked"),
		marketAge: whole.describe("seconds for which a price of a market counts"),
		referenceAge: whole.describe("seconds for which a reference rate counts"),
		disagreement: whole.describe("per cent of the lower by which sources differ that disagree"),
	}),
	seeds: z.array(z.strictObject({ origin: whole, rows: z.array(z.strictObject(valued)), totals })),
	endPoints: z
		.array(z.strictObject({ account: z.string(), ...valued }))
		.describe("in the order of the leaves; what is agreed, in the block in which money last came to it under a conserving rule"),
	endPointTotals: totals,
	prices: rows,
});

/** Outputs about prices. */
export const priceSchemas = {
	"clew.prices/1": z.strictObject({
		schema: z.literal("clew.prices/1"),
		series: z.array(
			z.strictObject({
				...{ asset: z.string(), unit: z.string(), source: z.string(), tier, prices: whole },
				...{ first: z.string(), last: z.string() },
			}),
		),
	}),
	"clew.price/1": z.strictObject({ schema: z.literal("clew.price/1"), asset: z.string(), at: z.string(), values: byUnit, prices: rows }),
	"clew.values/1": traceValues,
	"clew.valued-trace/1": z.strictObject({ schema: z.literal("clew.valued-trace/1"), trace: traceResultSchema, values: traceValues }),
};
