import {
	type Currency,
	defang,
	defangLong,
	groupBy,
	InputError,
	instantOf,
	isoTime,
	type Price,
	type Priced,
	type PriceRow,
	parsePriced,
	priceBook,
	pricesOf,
	type Rational,
	rounded,
	UsedPrices,
	valueJson,
	worthOf,
} from "@clew/core";
import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { CASE_OPTION, CHAIN_OPTION, withChain } from "../case-file.js";
import type { Context } from "../context.js";
import { json } from "../output.js";
import { printTable } from "../table.js";
import { PRICE_AGE_OPTION, UNIT_OPTION } from "../unit-option.js";

/** `clew price show`: what prices a case holds, or what an asset was worth at a moment and by which of them. */
export function priceShowCommand(context: Context) {
	return new Command("show")
		.description("the prices that a case holds, by source; with an asset, --at and --unit what it was worth then, and by which of them")
		.argument("[asset]", "native, a token contract, a CAIP-19 id, or a currency")
		.option("--at <time>", "the moment: an ISO date or time, UTC", moment)
		.option(...UNIT_OPTION)
		.option(...PRICE_AGE_OPTION)
		.option(...CASE_OPTION)
		.option(...CHAIN_OPTION)
		.option("--json", "as one JSON object (schema clew.prices/1, or clew.price/1 with an asset)", false)
		.action((asset, options) =>
			withChain(options, async (store) => {
				const rows = await pricesOf(store);
				if (asset === undefined) {
					showSeries(context, rows, options.json);
					return;
				}
				const { at, unit } = options;
				if (at === undefined || unit === undefined) throw new InputError("an asset needs --at and --unit", { code: "USAGE" });
				const priced = parsePriced(asset, store.info.chain);
				const book = priceBook(rows, options.priceAge * HOUR);
				showPrices(context, { asset: priced, at, prices: new Map(unit.map((one) => [one, book.price(priced, one, at)])) }, options.json);
			}),
		);
}

const HOUR = 3_600;

function moment(text: string): number {
	const seconds = instantOf(text);
	if (seconds === undefined) throw new InvalidArgumentError("a date or time such as 2018-11-09 or 2018-11-09T05:20:00Z");
	return seconds;
}

function showSeries(context: Context, rows: readonly PriceRow[], asJson: boolean): void {
	const series = [...groupBy(rows, ({ asset, unit, origin }) => `${asset} ${unit} ${origin.id}`).values()].map((own) => {
		const { asset, unit, origin } = own[0] as PriceRow;
		const times = own.map(({ time }) => time);
		const bound = (pick: (a: number, b: number) => number) => isoTime(times.reduce((a, b) => pick(a, b)));
		return { asset, unit, source: origin.id, tier: origin.tier, prices: own.length, first: bound(Math.min), last: bound(Math.max) };
	});
	if (asJson) context.print(json({ schema: "clew.prices/1", series }));
	else if (series.length === 0) context.print("the case holds no prices");
	else
		printTable(
			context,
			[
				...[{ title: "asset" }, { title: "in" }, { title: "source" }, { title: "tier" }],
				...[{ title: "prices", right: true }, { title: "first (UTC)" }, { title: "last (UTC)" }],
			],
			series.map((one) => [defang(one.asset), defang(one.unit), defang(one.source), one.tier, String(one.prices), one.first, one.last]),
		);
}

interface Asked {
	readonly asset: Priced;
	readonly at: number;
	readonly prices: ReadonlyMap<Currency, Price>;
}

function showPrices(context: Context, { asset, at, prices }: Asked, asJson: boolean): void {
	const used = new UsedPrices();
	if (asJson) {
		const written = Object.fromEntries([...prices].map(([unit, price]) => [unit, valueJson(worthOf(1n, 0, price), used)]));
		context.print(json({ schema: "clew.price/1", asset, at: isoTime(at), values: written, prices: used.list() }));
		return;
	}
	for (const [unit, price] of prices) {
		context.print(`${defang(asset)} at ${isoTime(at)}: ${priceInWords(price, unit)}`);
		if (price.kind === "none") continue;
		for (const row of price.rows)
			context.print(
				`  ${defang(row.origin.id)} (${row.origin.tier}): 1 ${defang(row.asset)} = ${row.price} ${defang(row.unit)} at ${isoTime(row.time)}; ${row.place} of ${row.answer}`,
			);
	}
}

/** Digits of a price that is above 1, and of a smaller one. */
const [DIGITS, SMALL_DIGITS] = [4, 12];

function priceInWords(price: Price, unit: Currency): string {
	const shown = (number: Rational) => rounded(number, number.numerator < number.denominator ? SMALL_DIGITS : DIGITS);
	if (price.kind === "none")
		return `no price: ${defangLong(price.why)}${price.last === undefined ? "" : `; it is of ${isoTime(price.last)}`}`;
	const between = `${shown(price.low)} to ${shown(price.high)} ${unit}`;
	if (price.kind === "range") return `${between}: its sources differ by 5 % or more, so that there is no one price`;
	return `${shown(price.value)} ${unit} (${price.tier}${price.rows.length > 1 ? `; all sources: ${between}` : ""})`;
}
