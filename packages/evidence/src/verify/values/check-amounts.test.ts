import {
	type AssetId,
	nativeAsset,
	type Priced,
	type PriceRow,
	parseChainId,
	parseCurrency,
	priceBook,
	totalsByUnitJson,
	totalsOf,
	UsedPrices,
	valuesAt,
	valuesByUnitJson,
} from "@clew/core";
import { describe, expect, it } from "vitest";
import { AmountChecker } from "./check-amounts.js";
import { DISAGREEMENT, REFERENCE_AGE } from "./worth.js";

const CHAIN = parseChainId("eip155:1");
const ETHER = nativeAsset(CHAIN);
const USDT = `${CHAIN}/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7` as AssetId;
const [USD, EUR, GBP] = ["USD", "EUR", "GBP"].map(parseCurrency) as [Priced, Priced, Priced];
const UNITS = ["USD", "EUR", "GBP"].map(parseCurrency);
const DAY = 86_400;
const NOW = Date.UTC(2018, 10, 9, 12) / 1000;
const COIN = 10n ** 18n;

const row = (asset: Priced, unit: Priced, time: number, price: string): PriceRow => ({
	...{ asset, unit, time, price, origin: { id: "desk", tier: "quoted" }, answer: "0".repeat(64), place: "line 2" },
});

/** What the verifier has against the values that are stated of one ether, and of one dollar of Tether, by some rows. */
function faults(rows: readonly PriceRow[], change: (prices: number[]) => number[] = (prices) => prices): string[] {
	const used = new UsedPrices();
	const source = priceBook(rows, DAY);
	const of = (asset: AssetId) => ({ asset, amount: COIN, decimals: 18, time: NOW });
	const all = [ETHER, USDT].map((asset) => ({
		asset,
		stated: valuesByUnitJson(valuesAt(source, { units: UNITS }, of(asset)), used),
	}));
	const stated = {
		units: UNITS,
		rules: { marketAge: DAY, referenceAge: REFERENCE_AGE, disagreement: DISAGREEMENT },
		prices: used.list(),
	};
	const found: string[] = [];
	const assets = Object.fromEntries([ETHER, USDT].map((asset) => [asset, { symbol: "X", decimals: 18 }]));
	const check = new AmountChecker(stated, assets, "values.json", (where, why) => found.push(`${where}: ${why}`));
	for (const { asset, stated: values } of all) {
		const changed = Object.fromEntries(Object.entries(values).map(([unit, value]) => [unit, { ...value, prices: change(value.prices) }]));
		check.values(asset, { asset, amount: COIN.toString(), time: new Date(NOW * 1000).toISOString() }, changed);
	}
	check.end();
	return found;
}

describe("values that are worked out again", () => {
	it("are those that are stated where a currency is led to by no rate, or by one of a step that is lacking", () => {
		expect(faults([row(ETHER, USD, NOW - 60, "210")])).toEqual([]);
		expect(faults([row(ETHER, USD, NOW - 60, "210"), row(USDT, USD, NOW - 60, "1"), row(ETHER, USDT, NOW - 60, "211")])).toEqual([]);
		// The pound has a price in euro; that of ether in euro is of later, and no bundle carries it.
		expect(faults([row(ETHER, EUR, NOW + 60, "200"), row(GBP, EUR, NOW - 60, "1.14"), row(USDT, USD, NOW - 60, "1")])).toEqual([]);
		expect(faults([row(ETHER, EUR, NOW - 3 * DAY, "200"), row(GBP, EUR, NOW - 60, "1.14")])).toEqual([]);
	});

	it("add up to no price where none but amounts of 0 has one", () => {
		const used = new UsedPrices();
		const values = [COIN, 0n].map((amount) =>
			valuesAt(priceBook([], DAY), { units: UNITS }, { asset: ETHER, amount, decimals: 18, time: NOW }),
		);
		const totals = totalsByUnitJson(totalsOf(values, UNITS));
		expect(totals["USD"]).toEqual({ value: null, low: "0/1", high: "0/1", priced: 1, unpriced: 1 });
		const stated = { units: UNITS, rules: { marketAge: DAY, referenceAge: REFERENCE_AGE, disagreement: DISAGREEMENT }, prices: [] };
		const against = (changed: typeof totals) => {
			const found: string[] = [];
			const check = new AmountChecker(stated, {}, "values.json", (_, why) => found.push(why));
			check.totals(
				"seed 1",
				values.map((one) => valuesByUnitJson(one, used)),
				changed,
			);
			return found;
		};
		expect(against(totals)).toEqual([]);
		const [first] = Object.values(totals);
		expect(against({ ...totals, USD: { ...(first as NonNullable<typeof first>), value: "0/1" } })).toEqual([
			"seed 1: total in USD: value should be null",
		]);
	});

	it("are refused where they name other prices than the nearest", () => {
		const rows = [row(ETHER, USD, NOW - 60, "210")];
		expect(faults(rows, (prices) => (prices.length === 0 ? [7] : prices)).join()).toContain("has no price among those");
		expect(faults([...rows, row(USDT, USD, NOW - 60, "1")], () => [1]).join()).toContain("rests on other prices");
	});
});
