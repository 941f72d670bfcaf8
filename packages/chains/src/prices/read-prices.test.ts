import { type AssetId, nativeAsset, type PriceRow, parseChainId, parseCurrency } from "@clew/core";
import { describe, expect, it } from "vitest";
import { klineUrls } from "./kline-urls.js";
import type { KlineFacts } from "./klines.js";
import { type PriceFileFacts, readPrices } from "./read-prices.js";

const CHAIN = parseChainId("eip155:1");
const ETHER = nativeAsset(CHAIN);
const USDT = `${CHAIN}/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7` as AssetId;
const [USD, GBP] = ["USD", "GBP"].map(parseCurrency) as [ReturnType<typeof parseCurrency>, ReturnType<typeof parseCurrency>];
const NOW = Date.UTC(2026, 0, 1) / 1000;

const facts = (more: Partial<PriceFileFacts> = {}): PriceFileFacts => ({
	...{ chain: CHAIN, source: "list", currencies: new Set([USD]), now: NOW },
	...more,
});
const read = (text: string, more: Partial<PriceFileFacts> = {}) => readPrices(Buffer.from(text), "file", facts(more));
const shown = (rows: readonly PriceRow[]) => rows.map(({ time, price }) => [new Date(time * 1000).toISOString().slice(0, 19), price]);
const candles = (exchange: KlineFacts["exchange"], interval: number): Partial<PriceFileFacts> => ({
	klines: { exchange, pair: "ETHUSDT", interval, assets: [ETHER], unit: USDT },
});

describe("a list of prices", () => {
	const list = (...lines: readonly string[]) => `time,asset,unit,price,source\n${lines.join("\n")}\n`;

	it("is read with the place and the hash of its bytes", () => {
		const text = list("2018-11-09T05:20:00Z,native,USD,0210.50,", `1541740801,${USDT},USD,0.985,desk A`);
		const { rows, answers } = read(text);
		expect(rows.map(({ asset, price, time, origin, place }) => [asset, price, time, origin.id, origin.tier, place])).toEqual([
			[ETHER, "210.5", 1_541_740_800, "list", "quoted", "line 2"],
			[USDT, "0.985", 1_541_740_801, "desk A", "quoted", "line 3"],
		]);
		expect([...answers]).toEqual([[rows[0]?.answer, text]]);
	});

	it("is refused whole at its first bad line, which is named", () => {
		for (const [line, why] of [
			['2018-11-09T05:20:00Z,native,USD,"1,210"', "has 4 cells"],
			['2018-11-09T05:20:00Z,native,USD,"1,210",', "has a comma"],
			["2018-11-09T05:20:00Z,native,USD,1,210,", "has 6 cells"],
			["2018-11-09T05:20:00Z,native,USD,-3,", "is negative"],
			["2018-11-09T05:20:00Z,native,USD,0,", "is 0"],
			["2018-11-09T05:20:00Z,native,native,1,", "is a price of eip155:1/slip44:60 in itself"],
			["2018-11-09T05:20:00Z,USD,USD,1,", "is a price of USD in itself"],
			["2018-11-09T05:20:00Z,native,USD,210000000000000000000,", "more than anything is worth"],
			["2018-11-09T05:20:00Z,ETH,USD,210,", "is neither a currency nor an asset"],
			["2018-11-09T05:20:00Z,native,dollars,210,", "is neither a currency nor an asset"],
			["2030-01-01T00:00:00Z,native,USD,210,", "is in the future"],
			["1541740800000,native,USD,210,", "is no time"],
			["1980-01-01T00:00:00Z,native,USD,210,", "before the euro"],
			["2018-02-30T00:00:00Z,native,USD,210,", "is no time"],
		] as const)
			expect(() => read(list("2018-11-08T05:20:00Z,native,USD,209,", line)), line).toThrow(new RegExp(`line 3: .*${why}`));
	});

	it("tells one price of a moment; the same twice counts once, and two sources may differ", () => {
		const moment = "2018-11-09T05:20:00Z,native,USD";
		expect(read(list(`${moment},210,`, `${moment},210.0,`)).rows).toHaveLength(1);
		expect(() => read(list(`${moment},210,`, `${moment},211,`))).toThrow(
			"line 2 and line 3 tell two prices of 2018-11-09T05:20:00Z: 210 and 211",
		);
		expect(read(list(`${moment},210,a`, `${moment},211,b`)).rows).toHaveLength(2);
	});

	it("that is empty, of another layout or no text is refused", () => {
		expect(() => read(list("2018-11-09T05:20:00Z,native,USD,210,ecb"))).toThrow("is the name of a source that is no file of yours");
		for (const text of ["", "time,asset,unit,price\n", "a,b\n1,2\n", "time,asset,unit,price,note\n"])
			expect(() => read(text), text).toThrow("file: ");
		expect(() => readPrices(Buffer.from([0xff, 0xfe, 0x00]), "file", facts())).toThrow("is not UTF-8");
	});
});

describe("the rates of the ECB", () => {
	/** The first columns of `eurofxref-hist.csv`, with its comma at the end of every line. */
	const CSV =
		"Date,USD,JPY,BGN,CYP,CZK,DKK,EEK,GBP,\n2019-04-10,1.1279,125.38,1.9558,N/A,25.608,7.4652,N/A,0.86083,\n2019-04-09,1.1277,125.52,1.9558,N/A,25.618,7.4650,N/A,0.86275,\n";

	it("count from 15:00 UTC of their day, when they are published for sure, and only the wanted currencies are taken", () => {
		const { rows, notes } = read(CSV, { currencies: new Set([USD, GBP]) });
		expect(notes).toEqual(["the rates of USD, GBP were taken, those of 6 others were not (--currency)"]);
		expect(rows.map(({ asset, unit, origin }) => [asset, unit, origin.id, origin.tier])[0]).toEqual(["EUR", "USD", "ecb", "reference"]);
		expect(shown(rows)).toEqual([
			["2019-04-10T15:00:00", "1.1279"],
			["2019-04-10T15:00:00", "0.86083"],
			["2019-04-09T15:00:00", "1.1277"],
			["2019-04-09T15:00:00", "0.86275"],
		]);
	});

	it("stand in XML as well, in either kind of quotes", () => {
		const xml = (end = "</gesmes:Envelope>") => `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
	<gesmes:subject>Reference rates</gesmes:subject>
	<Cube>
		<Cube time='2019-04-10'>
			<Cube currency='USD' rate='1.1279'/>
		</Cube><Cube time="2019-04-09"><Cube currency="USD" rate="1.1277"/><Cube currency="JPY" rate="125.52"/></Cube>
	</Cube>
${end}
`;
		const { rows } = read(xml());
		expect(shown(rows)).toEqual([
			["2019-04-10T15:00:00", "1.1279"],
			["2019-04-09T15:00:00", "1.1277"],
		]);
		expect(rows.map(({ place }) => place)).toEqual(["line 6", "line 7"]);
		expect(() => read(xml(""))).toThrow(/line 9: is no whole XML|is no whole XML/);
		expect(() => read(xml().replace("<Cube time='2019-04-10'>", "<Cube time='2019-04-10'"))).toThrow("is no whole XML");
		expect(() => read(xml().replace("?>", '?><!DOCTYPE x [<!ENTITY usd "1.1">]>').replace("1.1279", "&usd;"))).toThrow("is no whole XML");
		const other = xml().replace("<Cube time='2019-04-10'>", "<!-- <Cube currency='USD' rate='9'/> --><Cube time='2019-04-10'>");
		expect(shown(read(other).rows)).toEqual(shown(rows));
		expect(() => read(xml().replace("1.1279", "1,1279"))).toThrow('line 6: price "1,1279" has a comma');
	});

	it("of one day alone write it out, with blanks between the cells", () => {
		const day = (date: string) => read(`Date, USD, JPY, BGN, \n${date}, 1.1336, 129.03, 1.9558, \n`);
		expect(shown(day("09 November 2018").rows)).toEqual([["2018-11-09T15:00:00", "1.1336"]]);
		expect(shown(day("3 June 2021").rows)).toEqual([["2021-06-03T15:00:00", "1.1336"]]);
		for (const none of ["31 June 2021", "9 Brumaire 2018", "November 2018"]) expect(() => day(none)).toThrow(`line 2: "${none}" is no day`);
	});

	it("that lack a wanted currency, a day or a cell are refused", () => {
		expect(() => read(CSV.replace(",GBP", ""), { currencies: new Set([GBP]) })).toThrow("has no rate of GBP");
		expect(() => read(CSV.replace("2019-04-09", "09.04.2019"))).toThrow('line 3: "09.04.2019" is no day');
		expect(() => read(CSV.replace("1.1277", "1,1277"))).toThrow("line 3: has 10 cells");
		expect(() => read(CSV.replace("USD", "dollar"))).toThrow("layout");
		expect(read(CSV.replace("JPY", "XYZ")).rows).toHaveLength(2);
	});
});

describe("candles", () => {
	it("of Binance give their closing price from their end on, in the layout of its interface and of its archive", () => {
		/** The example of Binance's documentation: a week. */
		const week =
			'[[1499040000000,"0.01634790","0.80000000","0.01575800","0.01577100","148976.11427815",1499644799999,"2434.19055334",308,"1756.87402397","28.46694368","0"]]';
		expect(shown(read(week, candles("binance", 604_800)).rows)).toEqual([["2017-07-10T00:00:00", "0.015771"]]);
		/** The example of `binance-public-data`: microseconds, since 2025. */
		const hour =
			"1735689600000000,4.15070000,4.15870000,4.15060000,4.15540000,539.23000000,1735693199999999,2240.39860900,13,401.82000000,1669.98121300,0\n";
		const { rows } = read(hour, candles("binance", 3_600));
		expect([shown(rows), rows[0]?.origin.id, rows[0]?.unit]).toEqual([[["2025-01-01T01:00:00", "4.1554"]], "binance ETHUSDT 3600s", USDT]);
	});

	it("of Kraken leave out the last, which has not ended", () => {
		/** The example of Kraken's documentation, as far as it goes. */
		const answer =
			'{"error":[],"result":{"XXBTZUSD":[[1688671200,"30306.1","30306.2","30305.7","30305.7","30306.1","3.39243896",23],[1688671260,"30304.5","30304.5","30300.0","30300.0","30300.0","4.42996871",18]],"last":1688672160}}';
		const { rows, notes } = read(answer, candles("kraken", 60));
		expect([shown(rows), notes]).toEqual([[["2023-07-06T19:21:00", "30305.7"]], ["1 candles that had not ended are left out"]]);
		expect(() => read('{"error":["EQuery:Unknown asset pair"]}', candles("kraken", 60))).toThrow("Unknown asset pair");
	});

	it("of Coinbase have low and high before open and close, and numbers of any form", () => {
		const answer = "[[1541808000,1.05e-05,212.5,0.00002,1.07e-05,10.5],[1541804400,209,212.5,210.25,211.75,3]]";
		expect(shown(read(answer, candles("coinbase", 3_600)).rows)).toEqual([
			["2018-11-10T01:00:00", "0.0000107"],
			["2018-11-10T00:00:00", "211.75"],
		]);
	});

	it("that are missing are said; that contradict themselves, or are of another length, are refused", () => {
		const line = (begin: number, close = "211") => `${begin}000,210,212,209,${close},1,${begin + 3_599}999,1,1,1,1,0`;
		const begin = 1_541_808_000;
		const { rows, notes } = read([line(begin), line(begin + 7_200), line(NOW)].join("\n"), candles("binance", 3_600));
		expect([rows.length, notes]).toEqual([
			2,
			["1 candles that had not ended are left out", "candles are missing in 1 place, first before 2018-11-10T02:00:00Z"],
		]);
		expect(() => read(line(begin, "213"), candles("binance", 3_600))).toThrow(
			"line 1: 213 is not between its low of 209 and its high of 212",
		);
		expect(() => read(line(begin), candles("binance", 60))).toThrow("is 3600 seconds long, not 60");
		expect(() => read(line(begin + 60), candles("coinbase", 3_600))).toThrow("line 1: ");
		const { klines } = candles("binance", 3_600);
		const assets = [ETHER, USDT];
		expect(() => read(line(begin), { klines: { ...(klines as KlineFacts), assets } })).toThrow(`line 1: is a price of ${USDT} in itself`);
		expect(() => read('[["a"]]', candles("binance", 3_600))).toThrow("item 1: is no candle");
		expect(() => read("[]", candles("binance", 3_600))).toThrow("tells no price");
	});
});

describe("candles that do not tell their length", () => {
	const begin = 1_541_808_000;
	const text = (...begins: readonly number[]) => begins.map((at) => `${at},210,212,209,211,1,1`).join("\n");
	const coinbase = (...begins: readonly number[]) => JSON.stringify(begins.map((at) => [at, 209, 212, 210, 211, 1]).reverse());
	const hours = (count: number, step = 1) => Array.from({ length: count }, (_, i) => begin + i * step * 3_600);

	it("are taken where some follow one another by it, and gaps are said", () => {
		const apart = [begin, begin + 3_600, begin + 18_000];
		for (const { rows, notes } of [read(text(...apart), candles("kraken", 3_600)), read(coinbase(...apart), candles("coinbase", 3_600))])
			expect([rows.length, notes]).toEqual([3, ["candles are missing in 1 place, first before 2018-11-10T05:00:00Z"]]);
	});

	it("are refused where they are longer or shorter", () => {
		for (const [exchange, write] of [
			["kraken", text],
			["coinbase", coinbase],
		] as const) {
			expect(() => read(write(...hours(4, 24)), candles(exchange, 3_600))).toThrow("no two candles are 3600 seconds apart");
			expect(() => read(write(...hours(4, 4)), candles(exchange, 3_600))).toThrow("the nearest are 14400");
			const days = Array.from({ length: 8 }, (_, i) => begin + i * 86_400);
			expect(() => read(write(...days), candles(exchange, 604_800))).toThrow("begins 86400 seconds from its neighbour");
			expect(() => read(write(...hours(24)), candles(exchange, 86_400))).toThrow("no candle of 86400 seconds begins");
		}
	});

	it("are refused where there is one, unless that length was asked for", () => {
		expect(() => read(text(begin), candles("kraken", 3_600))).toThrow("nothing shows how long it is");
		const { klines } = candles("coinbase", 3_600);
		expect(read(coinbase(begin), { klines: { ...(klines as KlineFacts), asked: true } }).rows).toHaveLength(1);
	});
});

describe("requests for candles", () => {
	const of = (exchange: KlineFacts["exchange"], interval: number, days: number) =>
		klineUrls({ exchange, pair: "ETH-USD", interval, from: 1_541_808_000, to: 1_541_808_000 + days * 86_400, base: "http://127.0.0.1:1/" });

	it("cover the time asked for, as much at once as an exchange gives", () => {
		expect(of("binance", 3_600, 50)).toEqual([
			"http://127.0.0.1:1/api/v3/klines?symbol=ETH-USD&interval=1h&startTime=1541808000000&endTime=1545407999999&limit=1000",
			"http://127.0.0.1:1/api/v3/klines?symbol=ETH-USD&interval=1h&startTime=1545408000000&endTime=1546127999999&limit=1000",
		]);
		expect(of("coinbase", 86_400, 1)).toEqual([
			"http://127.0.0.1:1/products/ETH-USD/candles?granularity=86400&start=1541808000&end=1541808000",
		]);
		expect(of("kraken", 86_400, 1)).toEqual(["http://127.0.0.1:1/0/public/OHLC?pair=ETH-USD&interval=1440&since=1541721600"]);
	});

	it("are refused for lengths that an exchange does not have, and where they are too many", () => {
		expect(() => of("coinbase", 14_400, 1)).toThrow("coinbase has no candles of 14400 seconds");
		expect(() => of("binance", 60, 4_000)).toThrow("more than 500");
		expect(() => of("binance", 60, 0)).toThrow("is not before");
	});
});
