/** A number of 0 or more: numerator and denominator, which is above 0. */
export type Fraction = readonly [bigint, bigint];

export const ZERO: Fraction = [0n, 1n];

export function times(a: Fraction, b: Fraction): Fraction {
	return [a[0] * b[0], a[1] * b[1]];
}

export function plus(a: Fraction, b: Fraction): Fraction {
	return lowest([a[0] * b[1] + b[0] * a[1], a[1] * b[1]]);
}

/** Below 0 where `a` is less, above where it is more. */
export function order(a: Fraction, b: Fraction): number {
	const [left, right] = [a[0] * b[1], b[0] * a[1]];
	return left < right ? -1 : left > right ? 1 : 0;
}

/** As it stands in a file: without a common divisor. */
export function written(of: Fraction): string {
	const [numerator, denominator] = lowest(of);
	return `${numerator}/${denominator}`;
}

/** A plain decimal number of a price. */
export function decimal(text: string): Fraction {
	const [whole = "", digits = ""] = text.split(".");
	return [BigInt(whole + digits), 10n ** BigInt(digits.length)];
}

function lowest([numerator, denominator]: Fraction): Fraction {
	const divisor = common(numerator, denominator);
	return [numerator / divisor, denominator / divisor];
}

function common(a: bigint, b: bigint): bigint {
	let [x, y] = [a, b];
	while (y > 0n) [x, y] = [y, x % y];
	return x;
}
