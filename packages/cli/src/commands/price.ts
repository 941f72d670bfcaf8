import { readFileSync } from "node:fs";
import { basename } from "node:path";
import {
	ECB_URL,
	KLINE_EXCHANGES,
	KLINE_INTERVALS,
	type KlineFacts,
	klineUrls,
	type PriceFileFacts,
	type ReadPrices,
	readPrices,
} from "@clew/chains";
import { type GraphStore, InputError, parseCurrency, parsePriced } from "@clew/core";
import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { collect, isoDate } from "../arguments.js";
import { CASE_OPTION, CHAIN_OPTION, withChain } from "../case-file.js";
import type { Context, Finding } from "../context.js";
import { BY_OPTION, WHY_OPTION } from "../custody-statement.js";
import { download } from "../download.js";
import { keepPrices } from "../keep-prices.js";
import { currencies } from "../unit-option.js";
import { priceChainlinkCommand } from "./price-chainlink.js";
import { priceShowCommand } from "./price-show.js";

/** `clew price`: what assets were worth, kept in the case with its sources, so that values need no network. */
export function priceCommand(context: Context, finding: Finding) {
	const command = new Command("price").description("what assets were worth and when, by whom: taken into the case, for --unit");
	command.addCommand(importCommand(context) as unknown as Command);
	const sync = command.command("sync").description("fetch prices; nothing is downloaded unless --download says so");
	sync.addCommand(syncKlinesCommand(context) as unknown as Command);
	sync.addCommand(syncEcbCommand(context) as unknown as Command);
	command.addCommand(priceChainlinkCommand(context, finding) as unknown as Command);
	command.addCommand(priceShowCommand(context) as unknown as Command);
	return command;
}

const CURRENCY_OPTION = [
	"--currency <codes>",
	"of a file of the ECB: the currencies whose rates are taken, such as USD,GBP",
	currencies,
	[parseCurrency("USD")],
] as const;

/** What candles do not say of themselves; `required` where there is no file of another kind. */
const PAIR_OPTION = ["--pair <name>", "candles: what the exchange calls the pair, such as ETHUSDT, XETHZUSD or ETH-USD"] as const;
const ASSET_OPTION = [
	"--asset <asset>",
	"candles: what they are a price of: native, a token contract or a CAIP-19 id; may come several times",
	collect,
	[] as string[],
] as const;
const QUOTE_OPTION = [
	"--quote <unit>",
	"candles: what they are in: a currency, or the asset that the exchange's symbol stands for; USDT is not USD",
] as const;
const intervalOption = () => new Option("--interval <length>", "candles: how long one is").argParser(interval);

function interval(text: string): number {
	const seconds = KLINE_INTERVALS.get(text);
	if (seconds === undefined) throw new InvalidArgumentError(`one of ${[...KLINE_INTERVALS.keys()].join(", ")}`);
	return seconds;
}

interface KlineOptions {
	readonly exchange?: (typeof KLINE_EXCHANGES)[number] | undefined;
	readonly pair?: string | undefined;
	readonly interval?: number | undefined;
	readonly asset: readonly string[];
	readonly quote?: string | undefined;
}

/** What the user says of candles; undefined where no exchange is named. Throws InputError (USAGE) where something is missing. */
function klineFacts(store: GraphStore, { exchange, pair, interval, asset, quote }: KlineOptions): Omit<KlineFacts, "now"> | undefined {
	if (exchange === undefined) return undefined;
	if (pair === undefined || interval === undefined || quote === undefined || asset.length === 0)
		throw new InputError("candles need --pair, --interval, --asset and --quote", {
			code: "USAGE",
			hint: "They name a pair by symbols alone: of which contract it is a price, and in what, is for you to say.",
		});
	const { chain } = store.info;
	return { exchange, pair, interval, assets: asset.map((one) => parsePriced(one, chain)), unit: parsePriced(quote, chain) };
}

/** `clew price import`. */
function importCommand(context: Context) {
	return new Command("import")
		.description(
			"take prices from a file: a CSV with the columns time, asset, unit, price (and source); the ECB's CSV or XML; candles of an exchange",
		)
		.argument("<file>", "the file")
		.option(...CASE_OPTION)
		.option(...CHAIN_OPTION)
		.option("--source <name>", "who says so, for rows that do not (default: the file's name)")
		.option(...CURRENCY_OPTION)
		.addOption(new Option("--exchange <name>", "the file holds candles of this exchange").choices(KLINE_EXCHANGES))
		.option(...PAIR_OPTION)
		.addOption(intervalOption())
		.option(...ASSET_OPTION)
		.option(...QUOTE_OPTION)
		.option(...BY_OPTION)
		.option(...WHY_OPTION)
		.action((file, options) =>
			withChain(options, async (store) => {
				const klines = klineFacts(store, options);
				const facts = {
					...factsOf(context, store, options.currency),
					source: options.source ?? basename(file),
					...(klines === undefined ? {} : { klines }),
				};
				await keepPrices(context, store, [readPrices(bytesOf(file), file, facts)]);
			}),
		);
}

function bytesOf(path: string): Buffer {
	try {
		return readFileSync(path);
	} catch (cause) {
		throw new InputError("cannot be read", { where: path, cause });
	}
}

/** `clew price sync klines`. */
function syncKlinesCommand(context: Context) {
	return new Command("klines")
		.description("fetch candles of an exchange; the closing price of each counts from its end on")
		.addOption(new Option("--exchange <name>", "which one is asked").choices(KLINE_EXCHANGES).makeOptionMandatory())
		.requiredOption(PAIR_OPTION[0], PAIR_OPTION[1])
		.addOption(intervalOption().makeOptionMandatory())
		.option(...ASSET_OPTION)
		.requiredOption(QUOTE_OPTION[0], QUOTE_OPTION[1])
		.requiredOption("--from <date>", "ISO date of the first day (UTC)", isoDate)
		.requiredOption("--to <date>", "ISO date of the last day (UTC)", isoDate)
		.option("--download [url]", "ask the exchange, or another place that answers as it does")
		.option(...CASE_OPTION)
		.option(...CHAIN_OPTION)
		.option(...BY_OPTION)
		.option(...WHY_OPTION)
		.action((options) =>
			withChain(options, async (store) => {
				const base = wantedUrl(options.download, undefined);
				const klines = { ...(klineFacts(store, options) as Omit<KlineFacts, "now">), asked: true };
				const [from, to] = [dayOf(options.from), dayOf(options.to) + DAY];
				const facts = { ...factsOf(context, store, []), source: options.exchange, klines };
				const read: ReadPrices[] = [];
				for (const url of klineUrls({ ...options, from, to, base })) read.push(await fetched(context, url, facts));
				const first = Math.min(...read.flatMap(({ rows }) => rows.map(({ time }) => time)));
				if (first - options.interval > from)
					context.note(`nothing before ${new Date((first - options.interval) * 1000).toISOString()} came: the exchange does not give it`);
				await keepPrices(context, store, read);
			}),
		);
}

/** `clew price sync ecb`. */
function syncEcbCommand(context: Context) {
	return new Command("ecb")
		.description("fetch the euro's reference rates of the European Central Bank, of all working days since 1999")
		.option("--download [url]", `fetch ${ECB_URL}, or another place of the same file`)
		.option(...CURRENCY_OPTION)
		.option(...CASE_OPTION)
		.option(...BY_OPTION)
		.option(...WHY_OPTION)
		.action((options) =>
			withChain(options, async (store) => {
				const url = wantedUrl(options.download, ECB_URL) as string;
				await keepPrices(context, store, [await fetched(context, url, { ...factsOf(context, store, options.currency), source: "ecb" })]);
			}),
		);
}

/** The place that is asked. Throws InputError (USAGE) where nobody said that a network may be. */
function wantedUrl(given: string | true | undefined, own: string | undefined): string | undefined {
	if (given === undefined)
		throw new InputError("nothing is downloaded unless --download says so", {
			code: "USAGE",
			hint: "Add --download, or download the file yourself and take it in with clew price import.",
		});
	return given === true ? own : given;
}

const DAY = 86_400;

function dayOf(date: string): number {
	const seconds = Date.parse(`${date}T00:00:00Z`) / 1000;
	if (Number.isNaN(seconds)) throw new InputError(`${date} is no day`, { code: "USAGE" });
	return seconds;
}

async function fetched(context: Context, url: string, facts: PriceFileFacts): Promise<ReadPrices> {
	const { bytes, name } = await download(url, context);
	return readPrices(bytes, name, facts);
}

function factsOf(
	context: Context,
	store: GraphStore,
	wanted: PriceFileFacts["currencies"] extends ReadonlySet<infer C> ? readonly C[] : never,
) {
	return { chain: store.info.chain, currencies: new Set(wanted), now: Date.parse(context.now()) / 1000 };
}
