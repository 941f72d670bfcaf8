import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { traceResultSchema } from "@clew/core/trace-schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clew, clewAsync, mustClew, scratch } from "./clew.js";
import { undocumented } from "./documented.js";
import { type RecordedNode, recordedChain } from "./recorded-node.js";

const THIEF = "0x7df1bd58e8fd49803e43987787adfecb4a0a086c";
const USDT = "0xdac17f958d2ee523a2206206994597c13d831ec7";
const folder = scratch();
const at = (name: string) => join(folder, name);
const inCase = ["--case", at("c.clew")];
const write = (name: string, text: string) => {
	writeFileSync(at(name), text);
	return at(name);
};
const DAY = 86_400;
const FIRST = Date.UTC(2018, 9, 31) / 1000;
/** Daily candles, in the layout of Binance's interface; the prices are made up. */
const candle = (i: number) => [
	(FIRST + i * DAY) * 1000,
	"210",
	"260",
	"190",
	String(200 + i),
	"1",
	(FIRST + (i + 1) * DAY) * 1000 - 1,
	"1",
	1,
	"1",
	"1",
	"0",
];
const RATES =
	"Date,USD,JPY,GBP,\n2018-11-12,1.1265,128.36,0.87413,\n2018-11-09,1.1346,129.13,0.8713,\n2018-11-08,1.1424,130.00,0.8730,\n2018-11-05,1.1370,128.81,0.87288,\n2018-11-02,1.1417,129.14,0.87778,\n";

beforeAll(() => {
	mustClew("case", "new", at("c.clew"), "--title", "t", "--chain", "eip155:1");
	mustClew("import", "etherscan", "fixtures/cases/purebit", ...inCase);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("without prices", () => {
	it("a value is said not to be known, and nothing becomes 0", () => {
		const { out, err } = clew(["show", THIEF, "--limit", "1", "--unit", "USD", ...inCase]);
		expect(err).toContain("the case holds no prices");
		expect(out).toMatch(/2\.06717986 ETH +no price/);
		expect(out).toContain("no price: no source of the case has a price of eip155:1/slip44:60 in USD");
	});

	it("nothing is asked for unless it is said", () => {
		for (const what of [
			["ecb"],
			[
				"klines",
				"--exchange",
				"binance",
				"--pair",
				"ETHUSDT",
				"--interval",
				"1d",
				"--quote",
				"USD",
				"--from",
				"2018-11-01",
				"--to",
				"2018-11-02",
			],
		]) {
			const { code, err } = clew(["price", "sync", ...what, ...inCase]);
			expect([code, err]).toEqual([2, expect.stringContaining("nothing is downloaded unless --download says so")]);
		}
	});

	it("a unit that nobody knows is refused before anything is read", () => {
		const { code, err } = clew(["trace", "--seed", `account:${THIEF}`, "--unit", "USD,MOON", ...inCase]);
		expect([code, err]).toEqual([2, expect.stringContaining('"MOON" is no currency that prices are known in')]);
	});

	it("a bad file leaves the case as it was", () => {
		const bad = write("bad.csv", "time,asset,unit,price\n2018-11-09T00:00:00Z,native,USD,200\n2018-11-09T00:00:00Z,native,USD,201\n");
		expect(clew(["price", "import", bad, ...inCase])).toMatchObject({ code: 3, err: expect.stringContaining("tell two prices") });
		expect(mustClew("price", "show", ...inCase)).toContain("holds no prices");
	});
});

describe("with prices from a place that answers as an exchange and the ECB do", () => {
	let server: Server;
	const asked: string[] = [];

	beforeAll(async () => {
		server = createServer((request, response) => {
			asked.push(request.url ?? "");
			const rows = Array.from({ length: 14 }, (_, i) => candle(i));
			if (request.url?.startsWith("/api/v3/klines?symbol=ETHUSDT")) response.end(JSON.stringify(rows));
			else if (request.url === "/rates.csv") response.end(RATES);
			else response.writeHead(500).end();
		}).listen(0, "127.0.0.1");
		await new Promise((resolve) => server.once("listening", resolve));
		const place = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		const pair = ["--exchange", "binance", "--pair", "ETHUSDT", "--interval", "1d", "--asset", "native", "--quote", USDT];
		const days = ["--from", "2018-10-31", "--to", "2018-11-13"];
		for (const words of [
			["klines", ...pair, ...days, "--download", place],
			["ecb", "--download", `${place}/rates.csv`],
		]) {
			const { code, err } = await clewAsync(["price", "sync", ...words, ...inCase]);
			expect(code, err).toBe(0);
		}
	});
	afterAll(() => server.close());

	it("each source stands with its pair, tier and time, and the log says what came in", () => {
		expect(asked).toEqual([
			"/api/v3/klines?symbol=ETHUSDT&interval=1d&startTime=1540944000000&endTime=1542153599999&limit=1000",
			"/rates.csv",
		]);
		const listed = JSON.parse(mustClew("price", "show", "--json", ...inCase));
		expect(undocumented("clew.prices/1", listed)).toEqual([]);
		expect(listed.series.map((one: Record<string, unknown>) => [one["source"], one["tier"], one["prices"], one["first"]])).toEqual([
			["ecb", "reference", 5, "2018-11-02T15:00:00Z"],
			["binance ETHUSDT 86400s", "quoted", 14, "2018-11-01T00:00:00Z"],
		]);
		expect(mustClew("custody", ...inCase)).toMatch(/prices imported +14 new prices of binance ETHUSDT 86400s, from sha256 [0-9a-f]{64}/);
	});

	it("a pegged coin is not a dollar until somebody says what it was worth", () => {
		const price = () =>
			JSON.parse(mustClew("price", "show", "native", "--at", "2018-11-09T12:00:00Z", "--unit", "USD,EUR", "--json", ...inCase));
		expect(price().values.USD).toMatchObject({ kind: "none" });
		const list = Array.from({ length: 14 }, (_, i) => `${FIRST + i * DAY + 3_600},${USDT},USD,0.98`);
		mustClew("price", "import", write("usdt.csv", `time,asset,unit,price\n${list.join("\n")}\n`), "--source", "desk", ...inCase);
		const known = price();
		expect(undocumented("clew.price/1", known)).toEqual([]);
		// 208 USDT at the end of 8 November, 0.98 USD each; the rate of 8 November, since that of the 9th comes later that day.
		expect(known.values).toMatchObject({ USD: { value: "5096/25", tier: "quoted" }, EUR: { value: "9100/51", tier: "reference" } });
		expect(known.values.EUR.prices.map((i: number) => known.prices[i].origin.id)).toEqual(["binance ETHUSDT 86400s", "desk", "ecb"]);
	});

	it("a trace says what it was worth in its blocks, exactly for programs and rounded for people, with what has no price", () => {
		const words = ["trace", "--seed", `account:${THIEF}`, "--unit", "USD,EUR", ...inCase];
		const { schema, trace, values } = JSON.parse(mustClew(...words, "--json"));
		expect([schema, undocumented("clew.values/1", values)]).toEqual(["clew.valued-trace/1", []]);
		expect(traceResultSchema.parse(trace).id).toBe(values.trace);
		const { USD } = values.seeds[0].totals;
		expect(USD.priced + USD.unpriced).toBe(trace.seeds[0].rows.length);
		const sum = values.seeds[0].rows.reduce((all: number, { values: { USD: one } }: { values: { USD: { value?: string } } }) => {
			const [numerator = 0, denominator = 1] = (one.value ?? "0/1").split("/").map(Number);
			return all + numerator / denominator;
		}, 0);
		const [numerator, denominator] = USD.value.split("/").map(Number) as [number, number];
		expect(sum).toBeCloseTo(numerator / denominator, 1);
		const printed = mustClew(...words);
		expect(printed).toMatch(/^seed 1: [0-9]+\.[0-9]{2} USD.*; [0-9]+\.[0-9]{2} EUR/m);
		expect(printed).toMatch(/^all end points, agreed: [0-9]+\.[0-9]{2} USD, without [0-9]+ of [0-9]+ amounts that have no price/m);
	});

	it("an account's movements and a transaction's are valued in their blocks, and a limit of age is kept", () => {
		const page = JSON.parse(mustClew("show", THIEF, "--limit", "2", "--unit", "USD", "--json", ...inCase));
		expect(undocumented("clew.account/1", page)).toEqual([]);
		expect(page.values).toHaveLength(2);
		expect(page.values[0].USD).toMatchObject({ kind: "value", tier: "quoted" });
		expect(page.balanceValues[0].USD.kind).toBe("none");
		const tx = JSON.parse(mustClew("show", page.ledger[0].txHash, "--unit", "USD", "--json", ...inCase));
		expect(undocumented("clew.transaction/1", tx)).toEqual([]);
		expect(mustClew("show", THIEF, "--limit", "1", "--unit", "USD", "--price-age", "1", ...inCase)).toContain(
			"older than the limit of 1 hour\n",
		);
	});

	it("a source that tells another price of the same moment later is refused, and says which", () => {
		const other = write("other.csv", `time,asset,unit,price\n${FIRST + 3_600},${USDT},USD,0.99\n`);
		expect(clew(["price", "import", other, "--source", "desk", ...inCase])).toMatchObject({ err: expect.stringContaining("desk tells") });
		mustClew("price", "import", other, "--source", "another desk", ...inCase);
	});

	it("a case that is copied keeps its prices", () => {
		mustClew("store", "copy", "--from", at("c.clew"), "--to", at("copy.clew"));
		expect(mustClew("price", "show", "--json", "--case", at("copy.clew"))).toBe(mustClew("price", "show", "--json", ...inCase));
	});
});

it("on Bitcoin outputs are valued in their blocks", () => {
	const bitcoin = at("b.clew");
	mustClew("case", "new", bitcoin, "--title", "t", "--chain", "bitcoin");
	mustClew("import", "blocks", "fixtures/bitcoin/blocks-1-256.dat", "--case", bitcoin);
	const list = write("btc.csv", "time,asset,unit,price\n2009-01-12T00:00:00Z,native,USD,0.001\n");
	mustClew("price", "import", list, "--case", bitcoin);
	const address = JSON.parse(mustClew("show", "12cbQLTFMXRnSzktFkuoG3eHoMeFtpTu3S", "--unit", "USD", "--json", "--case", bitcoin));
	expect(undocumented("clew.address/1", address)).toEqual([]);
	expect(address.values).toHaveLength(address.outputs.length);
	const payment = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16";
	const tx = JSON.parse(mustClew("show", payment, "--unit", "USD", "--json", "--case", bitcoin));
	expect(undocumented("clew.utxo-transaction/1", tx)).toEqual([]);
	expect(tx.outputValues[0].USD).toMatchObject({ kind: "value", value: "1/100" });
	expect(mustClew("show", payment, "--unit", "USD", "--case", bitcoin)).toMatch(/10 BTC +0\.01 USD/);
});

describe("answers of an oracle", () => {
	const HEIGHT = 50_000_000;
	const AFTER = { SOURCE_DATE_EPOCH: "1800000000" };
	const read = (name: string) => JSON.parse(readFileSync(`fixtures/evm-chains/polygon-50000000/${name}.json`, "utf8"));
	const polygon = ["--case", at("p.clew")];
	let node: RecordedNode;

	beforeAll(async () => {
		const [block, receipts] = [read("block"), read("receipts")];
		const logs = receipts.flatMap((receipt: { logs: { address: string }[] }) => receipt.logs);
		node = await recordedChain(137, new Map([[HEIGHT, { block, receipts }]]), (method, [filter]) => {
			if (method !== "eth_getLogs") return undefined;
			const { address, fromBlock, toBlock, topics } = filter as Record<"fromBlock" | "toBlock", string> &
				Record<"address" | "topics", string[]>;
			const inside = Number(fromBlock) <= HEIGHT && HEIGHT <= Number(toBlock);
			return logs.filter(
				(log: { address: string; topics: string[] }) => inside && address.includes(log.address) && log.topics[0] === topics[0],
			);
		});
		mustClew("case", "new", at("p.clew"), "--title", "t", "--chain", "eip155:137");
	});
	afterAll(() => node.close());

	it("come in with the proof of their event, and are the strongest that a case can hold", async () => {
		const ask = ["price", "chainlink", "--rpc", node.url, "--at", String(HEIGHT + 100), ...polygon];
		const { code, out, err } = await clewAsync(ask, AFTER);
		expect([code, out], err).toEqual([0, expect.stringContaining("1 price added, 0 known already, by feed eip155:137:0x310990e8")]);
		const list = write("euro.csv", "time,asset,unit,price\n1700108689,EUR,USD,1.09\n");
		expect(clew(["price", "import", list, "--source", "desk", ...polygon], AFTER).code).toBe(0);
		const shown = JSON.parse(mustClew("price", "show", "EUR", "--at", "2023-11-16T06:00:00Z", "--unit", "USD", "--json", ...polygon));
		expect(shown.values.USD).toMatchObject({ kind: "value", value: "5417/5000", tier: "proven" });
		expect((await clewAsync(ask, AFTER)).out).toContain("0 prices added, 1 known already");
	});

	it("that nobody gave in the blocks before are none, and a chain without feeds says so", async () => {
		const early = await clewAsync(["price", "chainlink", "--rpc", node.url, "--at", String(HEIGHT - 1), ...polygon], AFTER);
		expect([early.code, early.err]).toEqual([3, expect.stringContaining("no feed answered in the 10000 blocks before")]);
		const none = await clewAsync(["price", "chainlink", "--rpc", node.url, "--at", "1", "--feed", "0x12", ...polygon], AFTER);
		expect([none.code, none.err]).toEqual([2, expect.stringContaining("is no feed")]);
	});
});
