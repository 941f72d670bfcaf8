import { InputError } from "../errors.js";
import { quote } from "../hostile-text.js";
import { isLess, type Rational, rationalOf } from "./rational.js";
import type { Priced } from "./unit.js";

/**
 * How a price is known, the strongest first. `proven`: an oracle's event in a receipt that recomputes down to a block's hash. `quoted`:
 * what an exchange or a file says. `reference`: a rate that a central bank publishes once a working day.
 */
export const PRICE_TIERS = ["proven", "quoted", "reference"] as const;
export type PriceTier = (typeof PRICE_TIERS)[number];

/** Who says a price. Prices of one origin never contradict one another; those of two may. */
export interface PriceOrigin {
	/** Printable ASCII without spaces at its ends, such as `binance ETHUSDT 1h`. */
	readonly id: string;
	readonly tier: PriceTier;
}

/** One price as its source told it. */
export interface PriceRow {
	readonly asset: Priced;
	readonly unit: Priced;
	/** Unix seconds from which on it was known: the end of a candle, the publication of a rate, the block of an event. */
	readonly time: number;
	/** How much of `unit` one whole `asset` is worth, as a plain decimal number. */
	readonly price: string;
	readonly origin: PriceOrigin;
	/** SHA-256 of the answer, file or proof that tells it, which the case keeps. */
	readonly answer: string;
	/** Where it stands there: a line, an item, or a transaction's hash and a log's place in its receipt. */
	readonly place: string;
}

/** No coin of any chain was ever worth more of any currency, nor so little that it is told at all. */
const [MOST, LEAST] = [rationalOf("1000000000000000"), rationalOf("0.000000000000000000001")];

/** The number of a price. Throws InputError (BAD_AMOUNT) that says what is wrong: a comma, a sign, 0, or a value that is no price. */
export function parsePrice(text: string): Rational {
	const refuse = (why: string): never => {
		throw new InputError(`price ${quote(text)} ${why}`, { code: "BAD_AMOUNT" });
	};
	if (text.includes(",")) refuse("has a comma: decimals are written with a point, thousands with nothing between");
	if (text.startsWith("-")) refuse("is negative");
	let value: Rational;
	try {
		value = rationalOf(text);
	} catch {
		return refuse("is no plain decimal number");
	}
	if (value.numerator === 0n) refuse("is 0: that is the absence of a price");
	if (isLess(MOST, value)) refuse("is more than anything is worth: is it in base units?");
	if (isLess(value, LEAST)) refuse("is less than any price: is it in base units?");
	return value;
}

/** Seconds that a source's clock may be ahead. */
const AHEAD = 3_600;
/** The first block of Bitcoin (3 January 2009) for coins; rates of the euro begin on 4 January 1999. */
const FIRST_RATE = 915_408_000;

/** Throws InputError for a time at which nobody can have known a price. `now` in Unix seconds. */
export function mustBePriceTime(time: number, now: number): void {
	const shown = Math.abs(time) < 8.64e12 ? new Date(time * 1000).toISOString() : String(time);
	if (time > now + AHEAD) throw new InputError(`time ${shown} is in the future`, { hint: "Is it in milliseconds? Times are in seconds." });
	if (time < FIRST_RATE) throw new InputError(`time ${shown} is before the euro and before any coin`);
}
