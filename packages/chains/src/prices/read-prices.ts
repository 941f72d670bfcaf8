import { type ChainId, type Currency, InputError } from "@clew/core";
import { isEcbCsv, isEcbXml, readEcbCsv, readEcbXml } from "./ecb.js";
import { type KlineFacts, readKlines } from "./klines.js";
import { isPriceList, originName, readPriceList } from "./price-list.js";
import { answerOf, checkedPrices, type ReadPrices, type ToldPrice } from "./told-price.js";

/** What a file of prices does not say of itself. */
export interface PriceFileFacts {
	/** Chain of assets that are written without one. */
	readonly chain: ChainId;
	/** Who says so, for rows that do not tell. */
	readonly source: string;
	/** Currencies whose rates are taken from a file of the ECB. */
	readonly currencies: ReadonlySet<Currency>;
	/** Set for candles of an exchange. */
	readonly klines?: Omit<KlineFacts, "now">;
	/** Unix seconds: no price is of later. */
	readonly now: number;
}

/**
 * The prices of a file or an answer: a list with the columns time, asset, unit, price; the ECB's CSV or XML; or candles of an exchange
 * where `klines` says so. All of them, or an InputError with the place of what is wrong.
 */
export function readPrices(bytes: Uint8Array, where: string, facts: PriceFileFacts): ReadPrices {
	const { now, currencies } = facts;
	const answer = answerOf(bytes, where);
	const text = answer.text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
	const checked = (told: readonly ToldPrice[], notes: readonly string[] = []) => checkedPrices(answer, where, told, now, notes);
	if (facts.klines !== undefined) {
		const { told, notes } = readKlines(text, where, { ...facts.klines, pair: originName(facts.klines.pair), now });
		return checked(told, notes);
	}
	const readEcb = isEcbXml(text) ? readEcbXml : isEcbCsv(text) ? readEcbCsv : undefined;
	if (readEcb !== undefined) {
		const { told, notes } = readEcb(text, where, currencies);
		return checked(told, notes);
	}
	if (isPriceList(text)) return checked(readPriceList(text, where, facts));
	throw new InputError("is in no layout of prices that is known", {
		where,
		hint: "Known are a CSV with the columns time, asset, unit, price; the ECB's CSV and XML; and candles, with --exchange.",
	});
}
