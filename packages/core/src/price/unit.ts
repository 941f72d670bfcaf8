import { parseAsset } from "../chain-family/accounts.js";
import { InputError } from "../errors.js";
import { quote } from "../hostile-text.js";
import type { AssetId, ChainId } from "../ids.js";

declare const currency: unique symbol;
/** A currency by its code of ISO 4217, such as `EUR`. Made only by {@link parseCurrency}. */
export type Currency = string & { readonly [currency]: true };

/** What has a price, or what a price is in: an asset by its contract (never by a symbol), or a currency. */
export type Priced = AssetId | Currency;

export const EUR = "EUR" as Currency;

/** The euro, and every currency that the ECB has a reference rate of, or had one (columns of `eurofxref-hist.csv`). */
const CURRENCIES: ReadonlySet<string> = new Set(
	`EUR USD JPY BGN CYP CZK DKK EEK GBP HUF LTL LVL MTL PLN ROL RON SEK SIT SKK CHF ISK NOK HRK RUB TRL TRY AUD BRL CAD CNY HKD IDR ILS INR
	KRW MXN MYR NZD PHP SGD THB ZAR`.split(/\s+/),
);

export function isCurrency(text: string): text is Currency {
	return CURRENCIES.has(text);
}

/** A currency by its code, in capitals. Throws InputError (USAGE) for one that nobody knows here. */
export function parseCurrency(text: string): Currency {
	if (isCurrency(text)) return text;
	throw new InputError(`${quote(text)} is no currency that prices are known in`, {
		code: "USAGE",
		hint: `Give codes of ISO 4217 in capitals, such as USD or EUR; known are ${[...CURRENCIES].join(", ")}.`,
	});
}

/** A currency, or an asset as `parseAsset` reads it: a symbol names neither. Throws InputError. */
export function parsePriced(text: string, chain: ChainId): Priced {
	if (isCurrency(text)) return text;
	try {
		return parseAsset(text, chain);
	} catch (cause) {
		throw new InputError(`${quote(text)} is neither a currency nor an asset`, {
			cause,
			hint: "An asset is native, a contract address or a CAIP-19 id; a symbol is not enough, since anybody can use it.",
		});
	}
}
