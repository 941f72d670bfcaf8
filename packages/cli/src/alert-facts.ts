import { type AssetId, DEFAULT_PRICE_AGE, type GraphStore, parseCurrency, priceBook, pricesOf, valueInWords, valuesAt } from "@clew/core";
import type { Alert, AlertFacts } from "@clew/workers";
import { assetsNamed, showAmount } from "./output.js";

/** The amount of an alert in its asset's own unit, and its value in US dollars at block time by the prices that the case holds. */
export async function alertFacts(store: GraphStore, alert: Alert): Promise<AlertFacts> {
	const asset = alert.asset as AssetId;
	const assets = await assetsNamed(store, [asset]);
	const amount = BigInt(alert.amount);
	const unit = parseCurrency("USD");
	const rows = await pricesOf(store);
	const moved = { asset, amount, decimals: assets[asset]?.decimals, time: alert.time === 0 ? undefined : alert.time };
	const [value] = valuesAt(priceBook(rows, DEFAULT_PRICE_AGE), { units: [unit] }, moved).values();
	return {
		amount: showAmount(amount, assets[asset], asset, assets),
		value: value === undefined ? "no price" : valueInWords(value, unit),
	};
}
