import {
	type Currency,
	DEFAULT_PRICE_AGE,
	type GraphStore,
	parseCurrency,
	priceBook,
	pricesOf,
	type TraceResult,
	traceValuesJson,
	type Values,
	type Valuing,
	valueInWords,
	valueRequest,
	valuesOfTrace,
} from "@clew/core";
import { positive } from "./arguments.js";
import type { Context } from "./context.js";

const HOUR = 3_600;

/** Text of the option that asks for values in money. */
export const UNIT_OPTION = [
	"--unit <currencies>",
	"value in money at block time, such as USD,EUR, by the prices that the case holds (clew price)",
	currencies,
] as const;
/** Text of the option that says how old a price may be. */
export const PRICE_AGE_OPTION = [
	"--price-age <hours>",
	"with --unit: how old a price of a market may be; rates of the ECB count for five days, over weekends and holidays",
	positive,
	DEFAULT_PRICE_AGE / HOUR,
] as const;

/** The options as they were given. */
export interface UnitOptions {
	readonly unit?: readonly Currency[] | undefined;
	readonly priceAge: number;
}

/** Currencies separated by commas, each once. Throws InputError (USAGE). */
export function currencies(text: string): readonly Currency[] {
	return [...new Set(text.split(",").map((one) => parseCurrency(one.trim())))];
}

/** What the case's prices give where values are asked for; says where it holds none. */
export async function valuingOf(context: Context, store: Pick<GraphStore, "records">, options: UnitOptions): Promise<Valuing | undefined> {
	if (options.unit === undefined) return undefined;
	const marketAge = options.priceAge * HOUR;
	const rows = await pricesOf(store);
	if (rows.length === 0) context.note("the case holds no prices: take some in with clew price import, sync or chainlink");
	return { source: priceBook(rows, marketAge), request: valueRequest(options.unit, marketAge) };
}

/** Values as cells of a table, in the order of the units. */
export function valueCells(values: Values): string[] {
	return [...values].map(([unit, value]) => valueInWords(value, unit));
}

/** Columns for {@link valueCells}. */
export function valueColumns(units: readonly Currency[] = []) {
	return units.map((unit) => ({ title: unit, right: true }));
}

/** A trace and its values as one document (`clew.valued-trace/1`): the trace as it is, so that its id stays the hash of its content. */
export function valuedTrace(trace: TraceResult, { source, request }: Valuing) {
	return { schema: "clew.valued-trace/1", trace, values: traceValuesJson(trace, valuesOfTrace(trace, source, request), request) };
}
