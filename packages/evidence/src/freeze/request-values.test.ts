import { type AssetId, type Currency, erc20Asset, nativeAsset, type PriceRow, priceBook, type TraceResult, valueRequest } from "@clew/core";
import { TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { resealPacket } from "../../../../tests/reseal.js";
import type { Loose } from "../verify/blocks.test-util.js";
import { AT, exchangeLabel, jsonLine, NOBODY, smallTrace, textIn } from "../verify/bundle.test-util.js";
import { parseCsv } from "../verify/encoding/csv.js";
import { failureText } from "../verify/failure.js";
import { verifyFiles } from "../verify/verify-bundle.js";
import { checkPacketPapers } from "./check-packet.js";
import { packetFiles } from "./packet.js";
import type { RequestDocument } from "./request-document.js";
import { planRequests } from "./requests.js";

const COIN = nativeAsset(TEST_CHAIN);
/** A token whose maker says that it is worth a dollar. */
const PEGGED = erc20Asset(TEST_CHAIN, `0x${"ab".repeat(20)}`);
const [THIEF, POOL] = [1, 9];
const USD = "USD" as Currency;
const EUR = "EUR" as Currency;
const COINS = 10n ** 18n;
const minute = (height: number) => Date.UTC(2019, 5, 1, 0, height) / 1000;

const paid = (height: number, event: number, from: number, to: number, amount: bigint, asset: AssetId = COIN) =>
	testTransfer([height, 0, event], from, to, amount, { asset, kind: asset === COIN ? "native" : "token" });
/** 10 coins are stolen and exchanged for 20 of a token, of which two exchanges get 15 and 5. */
const MOVED = [
	paid(1, 1, 0, THIEF, 10n * COINS),
	paid(2, 1, THIEF, POOL, 10n * COINS),
	paid(2, 2, POOL, THIEF, 20n * COINS, PEGGED),
	paid(3, 1, THIEF, 2, 15n * COINS, PEGGED),
	paid(4, 1, THIEF, 3, 5n * COINS, PEGGED),
];
const told = (asset: PriceRow["asset"], unit: PriceRow["unit"], height: number, price: string, id = "desk"): PriceRow => ({
	asset,
	unit,
	time: minute(height),
	price,
	origin: { id, tier: "quoted" },
	answer: "a".repeat(64),
	place: `line ${height}`,
});

let result: TraceResult;
beforeAll(async () => {
	const labels = [exchangeLabel(testAccount(2), "Exchange"), exchangeLabel(testAccount(3), "Other")];
	const traced = await smallTrace({ labels }, MOVED);
	const time = (position: string) => new Date(minute(Number(position.split(".")[0])) * 1000).toISOString().replace(".000", "");
	result = {
		...traced,
		assets: { ...traced.assets, [PEGGED]: { symbol: "PEG", decimals: 18 } },
		edges: traced.edges.map((edge) => ({ ...edge, time: time(edge.position) })),
	};
});

async function packetOf(prices: readonly PriceRow[], entity = "Exchange", units = [USD, EUR]) {
	const issued = [PEGGED];
	const registry = { entity: "Issuer", name: "", address: "", channel: "", issues: issued, issued };
	const [request] = planRequests(result, [registry], { only: entity }).requests;
	if (request === undefined) throw new Error("there is no request");
	const made = await packetFiles({
		info: { ...result.case, chain: TEST_CHAIN, createdAt: AT },
		details: { requester: "", legalBasis: "", jurisdiction: "", handling: "" },
		result,
		request,
		balances: [],
		toolVersion: "0",
		valuing: { source: priceBook(prices, 86_400), request: valueRequest(units) },
	});
	return new Map([...made].map(([path, data]) => [path, Buffer.from(data)]));
}
const requestIn = (files: ReadonlyMap<string, Uint8Array>) => JSON.parse(textIn(files, "request.json")) as Loose<RequestDocument>;
const valuesIn = (request: Loose<RequestDocument>) => {
	if (request.values === undefined) throw new Error("the request has no values");
	return request.values;
};
const letterIn = (files: ReadonlyMap<string, Uint8Array>) => textIn(files, "request.txt").replaceAll(/\s+/g, " ");

const PRICES = [told(COIN, USD, 0, "200"), told(COIN, USD, 2, "210"), told(PEGGED, USD, 2, "0.5"), told(PEGGED, USD, 4, "2")];

describe("a freeze request with values", () => {
	it("says beside each amount what it was worth in its block, by whose price of when, and in the table, too", async () => {
		const files = await packetOf(PRICES);
		const { seeds, exchanges, rows, points, totals } = valuesIn(requestIn(files));
		expect(seeds[0]?.totals[USD]).toMatchObject({ value: "2000/1", priced: 1, unpriced: 0 });
		expect([exchanges[0]?.paid[USD], exchanges[0]?.got[USD]]).toMatchObject([{ value: "2100/1" }, { value: "10/1" }]);
		// A token that calls itself a dollar is worth what somebody paid for it, and never of what is told later.
		expect([rows[0]?.amount[USD], points[0]?.values[USD], totals[USD]]).toMatchObject([
			{ value: "15/2" },
			{ value: "15/2" },
			{ value: "15/2" },
		]);
		const letter = letterIn(files);
		expect(letter).toContain("15 PEG 15000000000000000000 base units 7.50 USD (price 1)");
		expect(letter).toContain(
			"10 ETH; at block time, each of 1 arrival in its block, 2000.00 USD; no price in EUR, by 1 price of desk (quoted)",
		);
		expect(letter).toMatch(/price: 1 .* is: 0\.5 by: desk quoted from \(UTC\): 2019-06-01T00:02:00Z/);
		const [head = [], row = []] = parseCsv(textIn(files, "transfers.csv"));
		expect(head.slice(head.indexOf("amount_base_units")).filter((name) => /^amount|USD/.test(name))).toEqual([
			"amount_base_units",
			"amount",
			"value_USD",
			"agreed_value_USD",
			"price_source_USD",
			"price_time_USD",
		]);
		const of = (name: string) => row[head.indexOf(name)];
		expect(["value_USD", "price_source_USD", "price_time_USD"].map(of)).toEqual(["7.50 USD", "desk (quoted)", "2019-06-01T00:02:00Z"]);
		expect(["value_EUR", "price_source_EUR", "price_time_EUR"].map(of)).toEqual(["no price", "", ""]);
	});

	it("says no price where there is none, a pegged coin's too, and that the total leaves it out", async () => {
		const files = await packetOf([told(COIN, USD, 0, "200")], "Exchange", [USD]);
		const { points, totals } = valuesIn(requestIn(files));
		expect(points[0]?.values[USD]).toMatchObject({ kind: "none" });
		expect(totals[USD]).toEqual({ value: null, low: "0/1", high: "0/1", priced: 0, unpriced: 1 });
		const letter = letterIn(files);
		expect(letter).toContain("15 PEG 15000000000000000000 base units no price in USD");
		expect(letter).toContain("in the block of the last row that leads there: no price in USD.");
		expect(letter).toContain(`no source of the case has a price of ${PEGGED} in USD`);
		expect((await verifyFiles(files, NOBODY)).failures.map(failureText)).toEqual([]);
	});

	it("gives ranges where sources differ, with both sources", async () => {
		const files = await packetOf([...PRICES, told(PEGGED, USD, 2, "0.6", "bourse")], "Exchange", [USD]);
		expect(letterIn(files)).toMatch(/7\.50 to 9\.00 USD, sources differ \(prices 1-2\)/);
		const [, row = []] = parseCsv(textIn(files, "transfers.csv"));
		expect(row).toContain("7.50 to 9.00 USD, sources differ");
		expect((await verifyFiles(files, NOBODY)).failures.map(failureText)).toEqual([]);
	});

	it("is verified, its papers are made of it again, and what rests on sources is its maker's word", async () => {
		const files = await packetOf(PRICES);
		const report = await verifyFiles(files, NOBODY);
		expect(report.failures.map(failureText)).toEqual([]);
		expect(report.stated).toEqual(
			expect.arrayContaining(["what sources told of prices: desk", "why amounts have no price", "when money arrived at the seeds"]),
		);
		const made = await checkPacketPapers(files, report, "0");
		expect([made.failures, made.hashedOnly]).toEqual([[], []]);
	});

	it("is verified where another way to a unit lacks a rate, or has one of later alone", async () => {
		const rate: PriceRow = { ...told(EUR, USD, 500, "1.1", "ecb"), origin: { id: "ecb", tier: "reference" } };
		for (const more of [[], [rate]]) {
			const files = await packetOf([...PRICES, told(PEGGED, EUR, 2, "0.4"), ...more]);
			const { points, seeds, prices } = valuesIn(requestIn(files));
			const { prices: numbers = [], ...value } = points[0]?.values[EUR] ?? {};
			expect([value, numbers.map((number) => prices[number]?.unit)]).toMatchObject([{ value: "6/1" }, [EUR]]);
			expect(seeds[0]?.arrivals[0]?.values[EUR]).toMatchObject({ kind: "none" });
			expect((await verifyFiles(files, NOBODY)).failures.map(failureText)).toEqual([]);
		}
	});

	type Change = (values: NonNullable<Loose<RequestDocument>["values"]>, request: Loose<RequestDocument>) => unknown;
	it.each<[string, Change]>([
		["a price", ({ prices }) => Object.assign(prices[0] ?? {}, { price: "1" })],
		["a price's time", ({ prices }) => Object.assign(prices[0] ?? {}, { time: minute(3) })],
		["the value of a row", ({ rows }) => Object.assign(rows[0]?.amount[USD] ?? {}, { value: "15/1" })],
		["the value of what is agreed of a row", ({ rows }) => Object.assign(rows[0]?.agreed[USD] ?? {}, { value: "15/1" })],
		["the value of an end point", ({ points }) => Object.assign(points[0]?.values[USD] ?? {}, { high: "15/1" })],
		["the value of an exchange", ({ exchanges }) => Object.assign(exchanges[0]?.got[USD] ?? {}, { value: "20/1" })],
		["the total", ({ totals }) => Object.assign(totals[USD] ?? {}, { value: "15/1" })],
		["how much has no price", ({ totals }) => Object.assign(totals[EUR] ?? {}, { unpriced: 0 })],
		["why there is none", ({ points }) => Object.assign(points[0]?.values[EUR] ?? {}, { why: "it is worth nothing" })],
		["a seed's total", ({ seeds }) => Object.assign(seeds[0]?.totals[USD] ?? {}, { low: "1/1" })],
		["what arrived at a seed", ({ seeds }) => Object.assign(seeds[0]?.arrivals[0] ?? {}, { amount: "1" })],
		["an arrival of no day", ({ seeds }) => Object.assign(seeds[0]?.arrivals[0] ?? {}, { time: "2019-02-30T00:00:00Z" })],
		["values of a row that are left out", ({ rows }) => rows.pop()],
		["values of an end point that are left out", ({ points }) => points.pop()],
		["a row's number", ({ rows }) => Object.assign(rows[0] ?? {}, { row: 1 })],
		["a unit that is left out", ({ points }) => delete points[0]?.values[EUR]],
		["a price that nothing rests on", ({ prices }) => prices.push(told(COIN, EUR, 9, "7") as never)],
		[
			"something that is asked for together",
			({ together, points }) => together.push({ asset: PEGGED, amount: "1", values: points[0]?.values ?? {} }),
		],
		["other rules", ({ rules }) => Object.assign(rules, { disagreement: 50 })],
	])("is refused where %s is another, though its hashes are mended", async (_, change) => {
		const files = await packetOf(PRICES);
		const request = requestIn(files);
		change(valuesIn(request), request);
		const forged = resealPacket(new Map([...files, ["request.json", Buffer.from(jsonLine(request))]]));
		expect((await verifyFiles(forged, NOBODY)).failures.map(({ code }) => code)).toContain("values");
	});

	it("is refused where its table says another value than its request", async () => {
		const files = await packetOf(PRICES);
		const csv = textIn(files, "transfers.csv").replace("7.50 USD", "15.00 USD");
		const forged = resealPacket(new Map([...files, ["transfers.csv", Buffer.from(csv)]]));
		expect((await verifyFiles(forged, NOBODY)).failures.map(failureText).join()).toContain("column value_USD says");
	});
});
