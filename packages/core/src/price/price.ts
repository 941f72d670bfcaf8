import type { PriceRow, PriceTier } from "./price-row.js";
import type { Rational } from "./rational.js";
import type { Currency, Priced } from "./unit.js";

const HOUR = 3_600;
/** A price of a market counts for this long, in seconds, unless the user says otherwise. */
export const DEFAULT_PRICE_AGE = 24 * HOUR;
/**
 * A reference rate counts until the next one: over a weekend, and over the longest holidays, from Maundy Thursday to the Tuesday after
 * Easter. In seconds.
 */
export const REFERENCE_AGE = 5 * 24 * HOUR;
/** Sources that differ by this much, in per cent of the lower, disagree: there is a range then, and no price. */
export const DISAGREEMENT = 5n;

/** Why there is no price, in words that hold of any moment; `last` is the time of the nearest one before that was too old. */
export interface NoPrice {
	readonly kind: "none";
	readonly why: string;
	/** Unix seconds. */
	readonly last?: number;
	/** Rows that were found, and were not enough: one of two that a way needs. */
	readonly rows: readonly PriceRow[];
}

/**
 * What an asset was worth at a moment: one price with the least and most of all sources, a range where they disagree, or none. `rows` are
 * those of every way that leads there: first of the one that was chosen, then others'.
 */
export type Price = Told<"price">;

/** One figure with its bounds, a range where sources differ too much for one, or none. */
export type Told<K extends string> =
	| {
			readonly kind: K;
			readonly value: Rational;
			readonly low: Rational;
			readonly high: Rational;
			readonly tier: PriceTier;
			readonly rows: readonly PriceRow[];
	  }
	| {
			readonly kind: "range";
			readonly low: Rational;
			readonly high: Rational;
			readonly tier: PriceTier;
			readonly rows: readonly PriceRow[];
	  }
	| NoPrice;

export type SinglePrice = Extract<Price, { readonly kind: "price" }>;

/** Whatever tells prices: how much of `unit` one whole `asset` was worth at `time`, in Unix seconds. Asks no network. */
export interface PriceSource {
	price(asset: Priced, unit: Currency, time: number): Price;
}
