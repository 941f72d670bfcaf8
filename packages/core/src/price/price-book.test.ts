import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { nativeAsset } from "../chain-family/accounts.js";
import { evmChainId } from "../chain-family/evm/chains.js";
import { erc20Asset } from "../ids.js";
import { type Price, REFERENCE_AGE } from "./price.js";
import { priceBook } from "./price-book.js";
import type { PriceRow, PriceTier } from "./price-row.js";
import { rationalText, rounded } from "./rational.js";
import { EUR, type Priced, parseCurrency } from "./unit.js";

const ETHEREUM = evmChainId(1);
const ETHER = nativeAsset(ETHEREUM);
const USDT = erc20Asset(ETHEREUM, "0xdac17f958d2ee523a2206206994597c13d831ec7");
const [USD, GBP] = ["USD", "GBP"].map(parseCurrency) as [ReturnType<typeof parseCurrency>, ReturnType<typeof parseCurrency>];
/** Friday 9 November 2018, 15:00 UTC. */
const FRIDAY = Date.UTC(2018, 10, 9, 15) / 1000;
const [HOUR, DAY] = [3_600, 86_400];

const row = (asset: Priced, unit: Priced, time: number, price: string, id = "a", tier: PriceTier = "quoted"): PriceRow => ({
	...{ asset, unit, time, price, origin: { id, tier } },
	...{ answer: "f".repeat(64), place: "line 2" },
});
const ecb = (unit: Priced, time: number, price: string) => row(EUR, unit, time, price, "ecb", "reference");
const shown = (price: Price) =>
	price.kind === "none"
		? price.why
		: price.kind === "range"
			? [rationalText(price.low), rationalText(price.high)]
			: rationalText(price.value);

describe("a price at a moment", () => {
	it("is the nearest at or before it, never one of later", () => {
		const book = priceBook([row(ETHER, USD, FRIDAY, "210"), row(ETHER, USD, FRIDAY + HOUR, "211.5")]);
		expect([0, 1, HOUR - 1, HOUR, DAY].map((after) => shown(book.price(ETHER, USD, FRIDAY + after)))).toEqual([
			...["210/1", "210/1", "210/1", "423/2", "423/2"],
		]);
		expect(book.price(ETHER, USD, FRIDAY - 1)).toEqual({
			kind: "none",
			why: "the first price of eip155:1/slip44:60 in USD is of later",
			rows: [],
		});
	});

	it("is none where the nearest is older than the limit, which is said with its age", () => {
		const rows = [row(ETHER, USD, FRIDAY, "210")];
		expect(shown(priceBook(rows).price(ETHER, USD, FRIDAY + DAY))).toBe("210/1");
		expect(shown(priceBook(rows).price(ETHER, USD, FRIDAY + DAY + 1))).toMatch(/is older than the limit of 24 hours$/);
		expect(priceBook(rows).price(ETHER, USD, FRIDAY + DAY + 1)).toMatchObject({ last: FRIDAY });
		expect(shown(priceBook(rows, 2 * HOUR).price(ETHER, USD, FRIDAY + 2 * HOUR + 1))).toMatch(/older than the limit of 2 hours$/);
	});

	it("of a token is by its contract, and a pegged coin is not 1", () => {
		const book = priceBook([row(ETHER, USD, FRIDAY, "210")]);
		expect(shown(book.price(USDT, USD, FRIDAY))).toBe(`no source of the case has a price of ${USDT} in USD`);
		expect(shown(priceBook([row(ETHER, USDT, FRIDAY, "210")]).price(ETHER, USD, FRIDAY))).toMatch(/^no source of the case/);
	});

	it("in a pegged coin counts by what that was worth", () => {
		const book = priceBook([row(ETHER, USDT, FRIDAY, "210"), row(USDT, USD, FRIDAY - HOUR, "0.98", "b")]);
		const price = book.price(ETHER, USD, FRIDAY);
		expect(shown(price)).toBe("1029/5");
		expect(price.kind === "price" && price.rows.map(({ unit }) => unit)).toEqual([USDT, USD]);
	});

	it("in euro comes through dollars by the ECB's rate, and carries both rows; the weaker tier is its own", () => {
		const price = priceBook([row(ETHER, USD, FRIDAY, "210"), ecb(USD, FRIDAY, "1.1346")]).price(ETHER, EUR, FRIDAY);
		expect(shown(price)).toBe("350000/1891");
		expect(price).toMatchObject({ kind: "price", tier: "reference", rows: [{ unit: USD }, { asset: EUR }] });
	});

	it("between two other currencies takes rates of one day", () => {
		const day = [ecb(USD, FRIDAY, "1.1346"), ecb(GBP, FRIDAY, "0.8713")];
		const price = priceBook([row(ETHER, USD, FRIDAY, "210"), ...day]).price(ETHER, GBP, FRIDAY);
		expect(price.kind === "price" && rounded(price.value, 4)).toBe("161.2665");
		const otherDay = priceBook([row(ETHER, USD, FRIDAY, "210"), ecb(USD, FRIDAY, "1.1346"), ecb(GBP, FRIDAY - DAY, "0.8713")]);
		expect(shown(otherDay.price(ETHER, GBP, FRIDAY))).toMatch(/^reference rates between .* are not of one day/);
	});

	it("a rate counts over weekend and Easter, until it is five days old", () => {
		const book = priceBook([ecb(USD, FRIDAY, "1.1346")]);
		expect(shown(book.price(EUR, USD, FRIDAY + 3 * DAY - 1))).toBe("5673/5000");
		expect(shown(book.price(EUR, USD, FRIDAY + REFERENCE_AGE))).toBe("5673/5000");
		expect(shown(book.price(EUR, USD, FRIDAY + REFERENCE_AGE + 1))).toMatch(/older than the limit of 120 hours$/);
	});
});

describe("sources that differ", () => {
	const of = (...prices: readonly string[]) =>
		priceBook(prices.map((price, i) => row(ETHER, USD, FRIDAY, price, `s${i}`))).price(ETHER, USD, FRIDAY);

	it("by less than 5 % of the lower give the best one's price with the least and most of all", () => {
		expect(of("100", "104.99")).toMatchObject({ kind: "price", value: { numerator: 100n }, high: { numerator: 10_499n } });
	});

	it("by 5 % or more give a range and no price", () => {
		expect(shown(of("100", "105"))).toEqual(["100/1", "105/1"]);
		expect(shown(of("105", "101", "100"))).toEqual(["100/1", "105/1"]);
	});

	it("give what is proven before what is quoted, and that before a reference, whichever is nearer", () => {
		const rows = [row(ETHER, USD, FRIDAY, "101", "a"), row(ETHER, USD, FRIDAY - HOUR, "100", "z", "proven")];
		expect(priceBook(rows).price(ETHER, USD, FRIDAY)).toMatchObject({
			tier: "proven",
			value: { numerator: 100n },
			low: { numerator: 100n },
		});
	});

	it("count by ways that lead there, and not where a step behind them is lacking", () => {
		const straight = row(ETHER, EUR, FRIDAY, "180");
		for (const more of [[], [ecb(USD, FRIDAY + DAY, "1.1")]])
			expect(priceBook([straight, row(ETHER, USD, FRIDAY, "210"), ...more]).price(ETHER, EUR, FRIDAY + 1).rows).toEqual([straight]);
	});

	it("on ways of different lengths differ as well", () => {
		const ways = [row(ETHER, USD, FRIDAY, "100"), row(ETHER, USDT, FRIDAY, "110", "b"), row(USDT, USD, FRIDAY, "1", "b")];
		expect(shown(priceBook(ways).price(ETHER, USD, FRIDAY))).toEqual(["100/1", "110/1"]);
	});
});

const times = fc.uniqueArray(fc.integer({ min: FRIDAY, max: FRIDAY + 10 * DAY }), { minLength: 1, maxLength: 30 });
test.prop([times, fc.integer({ min: FRIDAY - DAY, max: FRIDAY + 12 * DAY })])(
	"the row that counts is the one that a look at all of them finds",
	(all, time) => {
		const rows = all.map((one) => row(ETHER, USD, one, String(one)));
		const best = rows.filter((one) => one.time <= time && time - one.time <= DAY).sort((a, b) => b.time - a.time)[0];
		const price = priceBook(rows).price(ETHER, USD, time);
		expect(price.kind === "none" ? undefined : price.rows[0]?.time).toBe(best?.time);
	},
);
