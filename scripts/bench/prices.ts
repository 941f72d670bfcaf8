// Prices: a million values, each at a moment of its own, straight and through another coin and the euro, and their sum; seconds of the processor as well, since others may use the machine. Run: npx tsx --conditions=source scripts/bench/prices.ts [--quick]
import { EUR, nativeAsset, type PriceRow, type PriceTier, parseChainId, parseCurrency, priceBook, ValueSum, worthOf } from "@clew/core";
import { random, timed } from "./world.js";

const VALUES = process.argv.includes("--quick") ? 100_000 : 1_000_000;
const [HOUR, DAY] = [3_600, 86_400];
const FROM = Date.UTC(2024, 0, 1) / 1000;
const YEAR = 365 * DAY;
const ETHER = nativeAsset(parseChainId("eip155:1"));
const USDT = "eip155:1/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7" as typeof ETHER;
const USD = parseCurrency("USD");
const next = random(1);

const row = (asset: PriceRow["asset"], unit: PriceRow["unit"], time: number, price: number, id: string, tier: PriceTier): PriceRow => ({
	...{ asset, unit, time, price: price.toFixed(8), origin: { id, tier } },
	...{ answer: "0".repeat(64), place: "line 2" },
});
const series = (step: number, make: (time: number) => PriceRow) =>
	Array.from({ length: Math.floor(YEAR / step) }, (_, i) => make(FROM + i * step));
const minutes = series(60, (time) => row(ETHER, USD, time, 2000 + next() * 10, "exchange", "quoted"));
const hours = series(HOUR, (time) => row(ETHER, USDT, time, 2000 + next() * 10, "another", "quoted"));
const pegged = series(HOUR, (time) => row(USDT, USD, time, 0.999 + next() / 1000, "another", "quoted"));
const rates = series(DAY, (time) => row(EUR, USD, time, 1.1 + next() / 100, "ecb", "reference"));
const moments = Float64Array.from({ length: VALUES }, () => FROM + DAY + Math.floor(next() * (YEAR - 2 * DAY)));

for (const [name, rows, unit, goal] of [
	[
		"one source of hours, in dollars",
		series(HOUR, (time) => row(ETHER, USD, time, 2000 + next() * 10, "exchange", "quoted")),
		USD,
		" (goal for 1,000,000: 1 s)",
	],
	["one source of minutes, in dollars", minutes, USD, ""],
	["two sources, one through a pegged coin, in euro by the ECB's rate", [...minutes, ...hours, ...pegged, ...rates], EUR, ""],
] as const) {
	const read = await timed(async () => priceBook(rows));
	const before = process.cpuUsage();
	const { seconds, result } = await timed(async () => {
		const sum = new ValueSum();
		for (let i = 0; i < VALUES; i++)
			sum.add(worthOf(1_000_000_000_000_000n + BigInt(i), 18, read.result.price(ETHER, unit, moments[i] as number)));
		return sum.total();
	});
	const processor = process.cpuUsage(before).user / 1e6;
	if (result.priced !== VALUES) throw new Error(`${result.unpriced} values have no price`);
	console.log(
		`${name}: ${rows.length} prices put in order in ${read.seconds.toFixed(2)} s; ${VALUES} values and their sum in ${seconds.toFixed(2)} s (${processor.toFixed(2)} s of the processor)${goal}`,
	);
}
