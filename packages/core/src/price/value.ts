import type { Price, Told } from "./price.js";
import { product, type Rational, RationalSum, rounded, ZERO } from "./rational.js";
import type { Currency } from "./unit.js";

/** What an amount was worth at a moment, as its {@link Price} is. */
export type Value = Told<"value">;

const POWERS = Array.from({ length: 256 }, (_, i) => 10n ** BigInt(i));

/** Nothing is worth nothing, whatever the price. */
export const WORTHLESS: Value = { kind: "value", value: ZERO, low: ZERO, high: ZERO, tier: "proven", rows: [] };

/** The value of base units of an asset with so many decimals, exactly. */
export function worthOf(amount: bigint, decimals: number, price: Price): Value {
	if (amount === 0n) return WORTHLESS;
	if (price.kind === "none") return price;
	const coins: Rational = { numerator: amount, denominator: POWERS[decimals] as bigint };
	const { tier, rows } = price;
	if (price.kind === "price" && price.low === price.value && price.high === price.value) {
		const value = product(coins, price.value);
		return { kind: "value", value, low: value, high: value, tier, rows };
	}
	const [low, high] = [product(coins, price.low), product(coins, price.high)];
	return price.kind === "range"
		? { kind: "range", low, high, tier, rows }
		: { kind: "value", value: product(coins, price.value), low, high, tier, rows };
}

/** What several amounts were worth together, each at its own moment, and how many of them have no price. */
export interface Total {
	/** Undefined where sources disagree about a part, or no part but amounts of 0 has a price: then `low` and `high` are what is known. */
	readonly value: Rational | undefined;
	readonly low: Rational;
	readonly high: Rational;
	/** Amounts that have a price or a range, or are 0, and those that have none. */
	readonly priced: number;
	readonly unpriced: number;
}

/** Adds up values of one unit. */
export class ValueSum {
	private readonly sums = { value: new RationalSum(), low: new RationalSum(), high: new RationalSum() };
	private readonly counts = { value: 0, range: 0, none: 0 };

	add(value: Value): void {
		this.counts[value.kind]++;
		if (value.kind === "none") return;
		this.sums.low.add(value.low);
		this.sums.high.add(value.high);
		if (value.kind === "value") this.sums.value.add(value.value);
	}

	total(): Total {
		const { value, range, none } = this.counts;
		const high = this.sums.high.total();
		const isKnown = range === 0 && value > 0 && !isUnpriced({ high, unpriced: none });
		return {
			value: isKnown ? this.sums.value.total() : undefined,
			low: this.sums.low.total(),
			high,
			priced: value + range,
			unpriced: none,
		};
	}
}

/** What stands where nobody tells a price. */
export const NO_PRICE = "no price";
/** Digits behind the point of what is shown. */
const CENTS = 2;

/** A value as people read it, rounded to hundredths; ranges say that sources differ. */
export function valueInWords(value: Value, unit: Currency): string {
	if (value.kind === "none") return NO_PRICE;
	return value.kind === "range" ? rangeInWords(value, unit) : `${shownNumber(value.value)} ${unit}`;
}

/** True where no amount has a price, and not all are 0: what they were worth is not known, and is not 0. */
export function isUnpriced({ high, unpriced }: Pick<Total, "high" | "unpriced">): boolean {
	return unpriced > 0 && high.numerator === 0n;
}

/** A total as people read it, with the part that has no price. */
export function totalInWords({ value, low, high, priced, unpriced }: Total, unit: Currency): string {
	if (isUnpriced({ high, unpriced })) return `${NO_PRICE} in ${unit}`;
	if (priced === 0) return `0.00 ${unit}`;
	const sum = value === undefined ? rangeInWords({ low, high }, unit) : `${shownNumber(value)} ${unit}`;
	return unpriced === 0 ? sum : `${sum}, without ${unpriced} of ${priced + unpriced} amounts that have ${NO_PRICE}`;
}

function rangeInWords({ low, high }: Pick<Total, "low" | "high">, unit: Currency): string {
	return `${shownNumber(low)} to ${shownNumber(high)} ${unit}, sources differ`;
}

function shownNumber(value: Rational): string {
	const text = rounded(value, CENTS);
	return text === "0.00" && value.numerator > 0n ? "less than 0.01" : text;
}
