import type { AssetId } from "../ids.js";
import type { Rule } from "../rules.js";
import type { TraceResult } from "../trace-schema.js";
import { agreeing } from "../what-if.js";
import { lastBrought } from "./last-brought.js";
import { DEFAULT_PRICE_AGE, DISAGREEMENT, type PriceSource, REFERENCE_AGE } from "./price.js";
import type { Currency } from "./unit.js";
import { type Total, type Value, ValueSum, WORTHLESS, worthOf } from "./value.js";
import { type TotalJson, totalJson, UsedPrices, type ValueJson, valueJson } from "./values-json.js";

/** Values of one amount, by unit. */
export type Values = ReadonlyMap<Currency, Value>;
/** Totals by unit. */
export type Totals = ReadonlyMap<Currency, Total>;

/** How values are asked for. */
export interface ValueRequest {
	/** At least one, each once. */
	readonly units: readonly Currency[];
	/** Seconds for which a price of a market counts. */
	readonly marketAge: number;
}

/** What values are asked from, and how. */
export interface Valuing {
	readonly source: PriceSource;
	readonly request: ValueRequest;
}

/** An amount of a trace with what it was worth in the block in which it last moved. */
export interface Valued {
	readonly asset: string;
	/** Base units. */
	readonly amount: bigint;
	readonly position: string;
	/** Unix seconds of that block; undefined where nobody told it. */
	readonly time: number | undefined;
	readonly values: Values;
}

/** What a trace's money was worth: each arrival of a seed in its block, each end point in that of `lastBrought`. */
export interface TraceValues {
	/** In seed order. */
	readonly seeds: readonly { readonly rows: readonly Valued[]; readonly totals: Totals }[];
	/** In the order of the leaves: what every rule agrees on. */
	readonly endPoints: readonly (Valued & { readonly account: string })[];
	readonly endPointTotals: Totals;
}

/**
 * The value of an amount at a moment, in each unit; without the moment, or the asset's decimals, there is none, which is said. `unknown`
 * says why the amount itself is not known.
 */
export function valuesAt(
	source: PriceSource,
	{ units }: Pick<ValueRequest, "units">,
	{
		asset,
		amount,
		decimals,
		time,
	}: { readonly asset: AssetId; readonly amount: bigint; readonly decimals: number | undefined; readonly time: number | undefined },
	unknown?: string,
): Values {
	const all = (value: (unit: Currency) => Value): Values => new Map(units.map((unit) => [unit, value(unit)]));
	const none = (why: string) => all(() => ({ kind: "none", why, rows: [] }));
	if (unknown !== undefined) return none(unknown);
	if (amount === 0n) return all(() => WORTHLESS);
	if (decimals === undefined) return none(`nobody told the decimals of ${asset}`);
	if (time === undefined) return none("the time of its block is not known");
	return all((unit) => worthOf(amount, decimals, source.price(asset, unit, time)));
}

/** Adds up values, unit by unit. */
export function totalsOf(values: Iterable<Values>, units: readonly Currency[]): Totals {
	const sums = new Map(units.map((unit) => [unit, new ValueSum()]));
	for (const one of values) for (const [unit, value] of one) sums.get(unit)?.add(value);
	return new Map([...sums].map(([unit, sum]) => [unit, sum.total()]));
}

/** Decimals of an asset of a result; undefined where the case had no description of it. */
export function decimalsTold({ assets }: Pick<TraceResult, "assets">, asset: string): number | undefined {
	const info = assets[asset];
	return info === undefined || (info.symbol === "" && info.decimals === 0) ? undefined : info.decimals;
}

/** Values of a trace. Of a seed counts what the first rule that was run marked. */
export function valuesOfTrace(result: TraceResult, source: PriceSource, request: ValueRequest): TraceValues {
	const { units } = request;
	const times = new Map(result.edges.map(({ position, time }) => [position, time]));
	const [rule] = result.rules as [Rule];
	const valued = (asset: string, amount: bigint, position: string, unknown?: string): Valued => {
		const told = times.get(position) ?? "";
		const time = told === "" ? undefined : Date.parse(told) / 1000;
		const of = { asset: asset as AssetId, amount, decimals: decimalsTold(result, asset), time };
		return { asset, amount, position, time, values: valuesAt(source, request, of, unknown) };
	};
	const seeds = result.seeds.map(({ rows }) => {
		const own = rows.map(({ asset, seeded, position }) => valued(asset, BigInt(seeded[rule] ?? "0"), position));
		return {
			rows: own,
			totals: totalsOf(
				own.map(({ values }) => values),
				units,
			),
		};
	});
	const unknown = agreeing(result) === undefined ? "what every rule agrees on was not computed: no conserving rule was run" : undefined;
	const lastOf = lastBrought(result);
	const endPoints = result.leaves.map((leaf) => ({
		account: leaf.account,
		...valued(Object.keys(leaf.amounts)[0] ?? "", BigInt(leaf.agreed), lastOf(leaf), unknown),
	}));
	return {
		seeds,
		endPoints,
		endPointTotals: totalsOf(
			endPoints.map(({ values }) => values),
			units,
		),
	};
}

/** Values by unit for programs; the prices that they rest on are numbered by `used`. */
export function valuesByUnitJson(values: Values, used: UsedPrices): Record<string, ValueJson> {
	return byUnit(values, (value) => valueJson(value, used));
}

/** Totals by unit for programs. */
export function totalsByUnitJson(totals: Totals): Record<string, TotalJson> {
	return byUnit(totals, totalJson);
}

const byUnit = <T, U>(map: ReadonlyMap<Currency, T>, write: (one: T) => U): Record<string, U> =>
	Object.fromEntries([...map].map(([unit, one]) => [unit, write(one)]));

/** Values of a trace as a document (`clew.values/1`), with every price that they rest on. */
export function traceValuesJson(
	{ id, rules }: TraceResult,
	{ seeds, endPoints, endPointTotals }: TraceValues,
	{ units, marketAge }: ValueRequest,
) {
	const used = new UsedPrices();
	const valued = ({ asset, amount, position, values }: Valued) => ({
		position,
		asset,
		amount: amount.toString(),
		values: valuesByUnitJson(values, used),
	});
	const written = {
		seeds: seeds.map(({ rows, totals }, origin) => ({ origin, rows: rows.map(valued), totals: totalsByUnitJson(totals) })),
		endPoints: endPoints.map(({ account, ...one }) => ({ account, ...valued(one) })),
		endPointTotals: totalsByUnitJson(endPointTotals),
	};
	return {
		schema: "clew.values/1" as const,
		trace: id,
		units: [...units],
		rules: {
			seeds: rules[0] ?? "",
			marketAge,
			referenceAge: REFERENCE_AGE,
			disagreement: Number(DISAGREEMENT),
		},
		...written,
		prices: used.list(),
	};
}
export type TraceValuesJson = ReturnType<typeof traceValuesJson>;

/** Values in these units, by prices of markets of at most a day. */
export function valueRequest(units: readonly Currency[], marketAge = DEFAULT_PRICE_AGE): ValueRequest {
	return { units, marketAge };
}
