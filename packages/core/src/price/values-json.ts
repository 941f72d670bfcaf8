import type { PriceRow } from "./price-row.js";
import { type Rational, rationalFrom, rationalText } from "./rational.js";
import type { Total, Value } from "./value.js";

/** Numbers the prices that values rest on, each once, from 0, in the order in which they are met. */
export class UsedPrices {
	private readonly numbers = new Map<PriceRow, number>();

	/** The numbers of some prices. */
	of(rows: readonly PriceRow[]): number[] {
		return rows.map((row) => {
			const number = this.numbers.get(row) ?? this.numbers.size;
			this.numbers.set(row, number);
			return number;
		});
	}

	/** All that were met, in the order of their numbers. */
	list(): readonly PriceRow[] {
		return [...this.numbers.keys()];
	}
}

/** A value for programs: exact numbers as `numerator/denominator`, and the numbers of the prices that it rests on. */
export function valueJson(value: Value, used: UsedPrices) {
	const prices = used.of(value.rows);
	if (value.kind === "none") {
		const { kind, why, last } = value;
		return { kind, why, ...(last === undefined ? {} : { last }), prices };
	}
	const { tier } = value;
	const bounds = { low: rationalText(value.low), high: rationalText(value.high) };
	if (value.kind === "range") return { kind: "range" as const, ...bounds, tier, prices };
	return { kind: "value" as const, value: rationalText(value.value), ...bounds, tier, prices };
}
export type ValueJson = ReturnType<typeof valueJson>;

/** A total for programs; `value` is null where sources disagree about a part, or nothing has a price. */
export function totalJson({ value, low, high, priced, unpriced }: Total) {
	const exact = (number: Rational) => rationalText(number);
	return { value: value === undefined ? null : exact(value), low: exact(low), high: exact(high), priced, unpriced };
}
export type TotalJson = ReturnType<typeof totalJson>;

/** The value of a {@link valueJson}, without its prices. */
export function valueFrom(json: ValueJson): Value {
	if (json.kind === "none") return { kind: "none", why: json.why, rows: [] };
	const bounds = { low: rationalFrom(json.low), high: rationalFrom(json.high), tier: json.tier, rows: [] };
	return json.kind === "range" ? { kind: "range", ...bounds } : { kind: "value", value: rationalFrom(json.value), ...bounds };
}

/** The total of a {@link totalJson}. */
export function totalFrom({ value, low, high, priced, unpriced }: TotalJson): Total {
	return { value: value === null ? undefined : rationalFrom(value), low: rationalFrom(low), high: rationalFrom(high), priced, unpriced };
}
