import {
	type Currency,
	countOf,
	defang,
	isoTime,
	NO_PRICE,
	type PriceRow,
	shownSymbol,
	type TotalJson,
	totalFrom,
	totalInWords,
	type ValueJson,
	ValueSum,
	valueFrom,
	valueInWords,
} from "@clew/core";
import { type Block, type Cell, cell, code, type Inline, text } from "../document/model.js";
import type { RequestDocument } from "./request-document.js";
import type { ByUnit, RequestValues } from "./request-values.js";

type Lines = readonly (readonly Inline[])[];

/** What stands beside an amount in a paper: a line a unit, with the numbers of the prices; nothing where no values were asked for. */
export function valueLines(values: ByUnit | undefined, units: readonly Currency[] = []): Lines {
	if (values === undefined) return [];
	return units.map((unit) => {
		const value = values[unit] as ValueJson;
		return [value.kind === "none" ? `${NO_PRICE} in ${unit}` : `${valueInWords(valueFrom(value), unit)}${byPrices(value.prices)}`];
	});
}

/** What several amounts were worth together, a line a unit, with the part that has no price. */
export function sumLines(all: readonly (ByUnit | undefined)[], units: readonly Currency[] = []): Lines {
	return units.map((unit) => {
		const own = all.flatMap((values) => values?.[unit] ?? []);
		const sum = new ValueSum();
		for (const value of own) sum.add(valueFrom(value));
		return [`${totalInWords(sum.total(), unit)}${byPrices(priced(own))}`];
	});
}

/** What arrived at a seed was worth, behind its amounts, and who told the prices; which of them stands where says `request.json`. */
export function seedWords({ units, seeds, prices }: RequestValues, i: number): string {
	const { arrivals = [], totals = {} } = seeds[i] ?? {};
	if (arrivals.length === 0) return "";
	const worth = units.map((unit) => totalInWords(totalFrom(totals[unit] as TotalJson), unit)).join("; ");
	const numbers = new Set(priced(arrivals.flatMap(({ values }) => Object.values(values))));
	const told = prices.filter((_, number) => numbers.has(number));
	const times = told.map(({ time }) => time).sort((a, b) => a - b);
	const [first, last] = [times[0], times.at(-1)];
	const by = [...new Set(told.map(originInWords))].map(defang).join(", ");
	const span = first === undefined || last === undefined || first === last ? isoTime(first ?? 0) : `${isoTime(first)} to ${isoTime(last)}`;
	const whose = told.length === 0 ? "" : `, by ${countOf(told.length, "price")} of ${by}, from ${span}`;
	return `; at block time, each of ${countOf(arrivals.length, "arrival")} in its block, ${worth}${whose}`;
}

/** What all that is asked for was worth, in each unit, with the part that has no price. */
export function worthInWords({ units, totals }: Pick<RequestValues, "units" | "totals">): string {
	return units.map((unit) => totalInWords(totalFrom(totals[unit] as TotalJson), unit)).join("; ");
}

/** What all that is asked for was worth, every price that stands anywhere in the request, and why amounts have none. */
export function totalBlocks(request: RequestDocument): Block[] {
	const { values, points } = request;
	if (values === undefined) return [];
	const { prices, rules } = values;
	const [hours, days] = [rules.marketAge / 3_600, rules.referenceAge / 86_400];
	const proven = prices.some(({ origin }) => origin.tier === "proven")
		? " That a price is proven is shown by an evidence bundle with values, not here."
		: "";
	const how = `Values are for reading, rounded to hundredths; no value is asked for. A price is the nearest at or before the block, of a market at most ${hours} hours old, of a central bank at most ${days} days; where sources differ by ${rules.disagreement} % or more there is a range. What has ${NO_PRICE} is in no sum. Of balances and outputs, and in the annex, no value is told; prices of the seeds stand in request.json.${proven}`;
	const asked = "What is asked for was worth, each address in the block of the last row that leads there";
	const beside = besideAmounts(values);
	const named = (what: string) => (what.includes("/") ? code(what) : what);
	const reasons = reasonsIn(values);
	return [
		...(points.length === 0 ? [] : [text(`${asked}: ${worthInWords(values)}.`)]),
		text(how),
		...(beside.length === 0
			? [text("The case held no price that fits the amounts above.")]
			: [
					{
						kind: "table" as const,
						caption: "Prices by their numbers",
						columns: [
							{ name: "price", width: 0.7, numeric: true },
							{ name: "of one, in", width: 6 },
							{ name: "is", width: 2, numeric: true },
							{ name: "by", width: 3 },
							{ name: "from (UTC)", width: 2.2 },
						],
						rows: beside.map(([number, { asset, unit, price, origin, time }]): Cell[] => [
							cell(String(number + 1)),
							[
								[named(asset), ...symbolBehind(asset, request)],
								["in ", named(unit), ...symbolBehind(unit, request)],
							],
							cell(price),
							[[defang(origin.id)], [origin.tier]],
							cell(isoTime(time)),
						]),
					},
				]),
		...(reasons.length === 0
			? []
			: [text(`Why amounts have ${NO_PRICE}:`), { kind: "list" as const, items: reasons.map((why): Inline[] => [defang(why)]) }]),
	];
}

/** Names of the columns of a packet's table that say what its rows were worth. */
export function valueColumnsOf({ units }: RequestValues): string[] {
	return units.flatMap((unit) => [`value_${unit}`, `agreed_value_${unit}`, `price_source_${unit}`, `price_time_${unit}`]);
}

/** Their cells: what moved, what of it is agreed, who told the prices and from when on each was known. */
export function valueCellsOf({ units, rows, prices }: RequestValues, i: number): string[] {
	const { amount = {}, agreed = {} } = rows[i] ?? {};
	return units.flatMap((unit) => {
		const [moved, tainted] = [amount[unit] as ValueJson, agreed[unit] as ValueJson];
		const told = moved.kind === "none" ? [] : moved.prices.flatMap((number) => prices[number] ?? []);
		return [
			valueInWords(valueFrom(moved), unit),
			valueInWords(valueFrom(tainted), unit),
			told.map(originInWords).join("; "),
			told.map(({ time }) => isoTime(time)).join("; "),
		];
	});
}

function originInWords({ origin }: PriceRow): string {
	return `${origin.id} (${origin.tier})`;
}

function symbolBehind(asset: string, { assets }: RequestDocument): string[] {
	const symbol = shownSymbol(asset, assets[asset]?.symbol ?? "", assets);
	return symbol === "" ? [] : [` (${symbol})`];
}

/** Prices that stand beside an amount by their numbers: those of all but the seeds. */
function besideAmounts({ rows, exchanges, points, prices }: RequestValues): [number, PriceRow][] {
	const all = [...rows.flatMap(({ amount, agreed }) => [amount, agreed]), ...exchanges.flatMap(({ paid, got }) => [paid, got])];
	const numbers = new Set(priced([...all, ...points.map(({ values }) => values)].flatMap((values) => Object.values(values))));
	return [...prices.entries()].filter(([number]) => numbers.has(number));
}

/** Reasons for which amounts have no price, each once. */
function reasonsIn({ seeds, rows, exchanges, points, together }: RequestValues): string[] {
	const all = [
		...seeds.flatMap(({ arrivals }) => arrivals.map(({ values }) => values)),
		...rows.flatMap(({ amount, agreed }) => [amount, agreed]),
		...exchanges.flatMap(({ paid, got }) => [paid, got]),
		...[...points, ...together].map(({ values }) => values),
	];
	return [...new Set(all.flatMap((values) => Object.values(values).flatMap((value) => (value.kind === "none" ? [value.why] : []))))];
}

/** Numbers of the prices of values that have one, each once, in order. */
function priced(values: readonly ValueJson[]): number[] {
	return [...new Set(values.flatMap(({ kind, prices }) => (kind === "none" ? [] : prices)))].sort((a, b) => a - b);
}

/** Numbers of prices from 1, as runs: ` (prices 1, 3-5)`. */
function byPrices(numbers: readonly number[]): string {
	const runs: [number, number][] = [];
	for (const number of [...numbers].sort((a, b) => a - b)) {
		const last = runs.at(-1);
		if (last !== undefined && number === last[1] + 1) last[1] = number;
		else runs.push([number, number]);
	}
	if (runs.length === 0) return "";
	const shown = runs.map(([from, to]) => (from === to ? `${from + 1}` : `${from + 1}-${to + 1}`)).join(", ");
	return ` (${numbers.length === 1 ? "price" : "prices"} ${shown})`;
}
