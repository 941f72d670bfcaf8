import { InputError, isLess, isoTime, type Priced, type PriceOrigin, parsePrice, quote } from "@clew/core";
import { parseExactJson } from "../exact-json.js";
import { at, type ToldPrice } from "./told-price.js";

/** Exchanges whose candles are read, in the layout of their public interfaces. */
export const KLINE_EXCHANGES = ["binance", "kraken", "coinbase"] as const;
export type KlineExchange = (typeof KLINE_EXCHANGES)[number];

/** What a file of candles does not say of itself. */
export interface KlineFacts {
	readonly exchange: KlineExchange;
	/** What the exchange calls the pair. */
	readonly pair: string;
	/** Seconds that one candle is long. */
	readonly interval: number;
	/** What the pair is a price of: by contract, since the exchange gives a symbol. Each gets the same prices. */
	readonly assets: readonly Priced[];
	readonly unit: Priced;
	/** True for the answer to a request for candles of this length: then a single one, which shows no length, is taken. */
	readonly asked?: boolean;
	/** Unix seconds: a candle that had not ended by then is no price. */
	readonly now: number;
}

interface Candle {
	/** Unix seconds. */
	readonly begin: number;
	readonly open: string;
	readonly high: string;
	readonly low: string;
	readonly close: string;
	readonly place: string;
	/** False where the exchange marks it as not ended. */
	readonly ended: boolean;
}

/** Closing prices of candles, each known from the end of its candle on, with what is missing between them. Throws InputError. */
export function readKlines(text: string, where: string, facts: KlineFacts): { told: ToldPrice[]; notes: string[] } {
	const { exchange, pair, interval, assets, unit, now } = facts;
	const origin: PriceOrigin = { id: `${exchange} ${pair} ${interval}s`, tier: "quoted" };
	const read = { binance: binanceCandles, kraken: krakenCandles, coinbase: coinbaseCandles }[exchange];
	const candles = read(text, where, facts);
	for (const candle of candles) at(where, candle.place, () => mustFit(candle, interval));
	if (!TELL_LENGTH.has(exchange)) mustBeApart(candles, where, facts);
	const ended = candles.filter(({ begin, ended }) => ended && begin + interval <= now);
	const told = ended.flatMap(({ begin, close, place }) =>
		assets.map((asset) => ({ asset, unit, time: begin + interval, price: close, origin, place })),
	);
	const open = candles.length - ended.length;
	return { told, notes: [...(open === 0 ? [] : [`${open} candles that had not ended are left out`]), ...gapsIn(ended, interval)] };
}

/** Throws InputError for a candle whose prices contradict one another, or that does not begin where one of its length does. */
function mustFit({ begin, open, high, low, close }: Candle, interval: number): void {
	if (begin % Math.min(interval, DAY) !== 0)
		throw new InputError(`begins at ${isoTime(begin)}, where no candle of ${interval} seconds begins`, { hint: "Is --interval right?" });
	const [top, bottom] = [parsePrice(high), parsePrice(low)];
	for (const text of [open, close]) {
		const price = parsePrice(text);
		if (isLess(top, price) || isLess(price, bottom))
			throw new InputError(`${text} is not between its low of ${low} and its high of ${high}`);
	}
}

const DAY = 86_400;

/** Exchanges whose candles tell when they end; of others only the steps between candles show how long they are. */
const TELL_LENGTH: ReadonlySet<KlineExchange> = new Set(["binance"]);

/** Throws InputError unless some candles follow one another by the interval, and all others by multiples of it. */
function mustBeApart(candles: readonly Candle[], where: string, { interval, asked = false }: KlineFacts): void {
	const sorted = [...candles].sort((a, b) => a.begin - b.begin);
	const steps = sorted.slice(1).flatMap(({ begin, place }, i) => {
		const step = begin - (sorted[i] as Candle).begin;
		return step === 0 ? [] : [{ step, place }];
	});
	const hint = "Is --interval right?";
	const wrong = steps.find(({ step }) => step % interval !== 0);
	if (wrong !== undefined)
		throw new InputError(`begins ${wrong.step} seconds from its neighbour, where candles are ${interval} seconds long`, {
			where: `${where}, ${wrong.place}`,
			hint,
		});
	if (steps.some(({ step }) => step === interval) || candles.length === 0) return;
	if (steps.length === 0) {
		if (asked) return;
		throw new InputError("holds one candle, and nothing shows how long it is", { where, hint: "Take a file with its neighbours." });
	}
	const least = steps.reduce((so, { step }) => Math.min(so, step), Number.POSITIVE_INFINITY);
	throw new InputError(
		`no two candles are ${interval} seconds apart, the nearest are ${least}: nothing shows that they are as long as that`,
		{
			where,
			hint: `${hint} If it is, take a file of longer candles, or of a time with more trades.`,
		},
	);
}

/** Moments at which candles are missing: no exchange writes one where nothing was traded. */
function gapsIn(candles: readonly Candle[], interval: number): string[] {
	const begins = [...new Set(candles.map(({ begin }) => begin))].sort((a, b) => a - b);
	const behind = begins.filter((begin, i) => i > 0 && begin - (begins[i - 1] as number) > interval);
	const [first] = behind;
	if (first === undefined) return [];
	return [`candles are missing in ${behind.length} ${behind.length === 1 ? "place" : "places"}, first before ${isoTime(first)}`];
}

/** Cells of a candle: all of them text, as they were written. Throws InputError. */
function cellsOf(item: unknown, least: number): readonly string[] {
	if (!Array.isArray(item) || item.length < least || item.some((cell) => typeof cell !== "string"))
		throw new InputError(`is no candle of at least ${least} cells`);
	return item as string[];
}

function wholeNumber(text: string | undefined, what: string): number {
	if (text === undefined || !/^[0-9]{1,16}$/.test(text)) throw new InputError(`${what} ${quote(text ?? "")} is no whole number`);
	return Number(text);
}

/** Digits of Unix milliseconds and microseconds: files of `data.binance.vision` have the latter since 2025. */
const MILLIS_DIGITS = 13;
const MICROS_DIGITS = 16;

/**
 * `GET /api/v3/klines`, or a CSV of `data.binance.vision`: open time, open, high, low, close, volume, close time (1 ms before the next
 * candle), quote volume, trades, and three more.
 */
function binanceCandles(text: string, where: string, { interval }: KlineFacts): Candle[] {
	return itemsOf(text, where).map(({ item, place }) =>
		at(where, place, () => {
			const cells = cellsOf(item, 7);
			const scale = (cell: string | undefined) => {
				const digits = cell?.length;
				if (digits !== MILLIS_DIGITS && digits !== MICROS_DIGITS)
					throw new InputError(`time ${quote(cell ?? "")} is in no unit that Binance writes`);
				return digits === MILLIS_DIGITS ? 1_000 : 1_000_000;
			};
			const begin = wholeNumber(cells[0], "open time") / scale(cells[0]);
			const end = (wholeNumber(cells[6], "close time") + 1) / scale(cells[6]);
			if (Math.abs(end - begin - interval) > TICK)
				throw new InputError(`is ${Number((end - begin).toFixed(3))} seconds long, not ${interval}`, { hint: "Is --interval right?" });
			return candle(begin, cells[1], cells[2], cells[3], cells[4], place, true);
		}),
	);
}

/** By how much a time that is not in seconds may miss one, in seconds. */
const TICK = 0.0011;

/**
 * `GET /0/public/OHLC`: time, open, high, low, close, vwap, volume, count, below the pair's name; the last is of the time that has not
 * ended. Or a CSV of Kraken's own archive: time, open, high, low, close, volume, trades.
 */
function krakenCandles(text: string, where: string): Candle[] {
	if (!isJson(text)) return itemsOf(text, where).map(({ item, place }) => at(where, place, () => krakenCandle(item, place, true)));
	const answer = parseExactJson(text, where) as { error?: unknown; result?: Record<string, unknown> } | null;
	const errors = answer?.error;
	if (Array.isArray(errors) && errors.length > 0)
		throw new InputError(`is an error of the exchange: ${quote(String(errors[0]))}`, { where });
	const lists = Object.entries(answer?.result ?? {}).filter(([name]) => name !== "last");
	const [list] = lists.map(([, items]) => items);
	if (lists.length !== 1 || !Array.isArray(list)) throw new InputError("is no answer of OHLC about one pair", { where });
	return list.map((item, i) => at(where, `item ${i + 1}`, () => krakenCandle(item, `item ${i + 1}`, i < list.length - 1)));
}

function krakenCandle(item: unknown, place: string, ended: boolean): Candle {
	const cells = cellsOf(item, 6);
	return candle(wholeNumber(cells[0], "time"), cells[1], cells[2], cells[3], cells[4], place, ended);
}

/** `GET /products/PAIR/candles`: time, low, high, open, close, volume, the latest first. */
function coinbaseCandles(text: string, where: string): Candle[] {
	return itemsOf(text, where).map(({ item, place }) =>
		at(where, place, () => {
			const [time, low, high, open, close] = cellsOf(item, 5).map(withoutExponent);
			return candle(wholeNumber(time, "time"), open, high, low, close, place, true);
		}),
	);
}

/** A small number as JSON writers shorten it, such as `1.07e-05`, with all of its digits. */
function withoutExponent(text: string): string {
	const [, whole = "", fraction = "", exponent = ""] = /^([0-9])(?:\.([0-9]{1,20}))?[eE]-([0-9]{1,2})$/.exec(text) ?? [];
	return whole === "" ? text : `0.${"0".repeat(Math.max(0, Number(exponent) - 1))}${whole}${fraction}`;
}

function candle(begin: number, open = "", high = "", low = "", close = "", place: string, ended: boolean): Candle {
	return { begin: Math.round(begin), open, high, low, close, place, ended };
}

const isJson = (text: string) => /^\s*[[{]/.test(text);

/** Items of a JSON list, or lines of a CSV with or without a header. */
function itemsOf(text: string, where: string): readonly { readonly item: unknown; readonly place: string }[] {
	if (isJson(text)) {
		const list = parseExactJson(text, where);
		if (!Array.isArray(list)) throw new InputError("is no list of candles", { where });
		return list.map((item, i) => ({ item, place: `item ${i + 1}` }));
	}
	return text.split("\n").flatMap((line, i) => {
		if (line.trim() === "" || (i === 0 && /^[a-z_ ]+,/i.test(line))) return [];
		return [{ item: line.split(",").map((cell) => cell.trim()), place: `line ${i + 1}` }];
	});
}
