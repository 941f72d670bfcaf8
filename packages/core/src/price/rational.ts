import { InputError } from "../errors.js";
import { quote } from "../hostile-text.js";

/** A number of 0 or more without rounding. The denominator is above 0; the two may have a common divisor. */
export interface Rational {
	readonly numerator: bigint;
	readonly denominator: bigint;
}

export const ZERO: Rational = { numerator: 0n, denominator: 1n };

const TEN = 10n;
const DECIMAL = /^([0-9]{1,40})(?:\.([0-9]{1,40}))?$/;

/** A plain decimal number, such as `1234.50`, exactly. Throws InputError (BAD_AMOUNT): no sign, no exponent, no comma. */
export function rationalOf(text: string): Rational {
	const [, whole, fraction = ""] = DECIMAL.exec(text) ?? [];
	if (whole === undefined) throw new InputError(`${quote(text)} is no plain decimal number`, { code: "BAD_AMOUNT" });
	return { numerator: BigInt(whole + fraction), denominator: TEN ** BigInt(fraction.length) };
}

export function product(a: Rational, b: Rational): Rational {
	return { numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator };
}

/** One divided by it. It must be above 0. */
export function inverse({ numerator, denominator }: Rational): Rational {
	return { numerator: denominator, denominator: numerator };
}

export function isLess(a: Rational, b: Rational): boolean {
	return a.numerator * b.denominator < b.numerator * a.denominator;
}

/** Without a common divisor, as `numerator/denominator`: equal numbers give equal texts. */
export function rationalText(given: Rational): string {
	const { numerator, denominator } = reduced(given);
	return `${numerator}/${denominator}`;
}

/** The number of a {@link rationalText}. Throws SyntaxError for another text. */
export function rationalFrom(text: string): Rational {
	const [numerator = "", denominator = ""] = text.split("/");
	return { numerator: BigInt(numerator), denominator: BigInt(denominator) };
}

function reduced({ numerator, denominator }: Rational): Rational {
	let [a, b] = [numerator, denominator];
	while (b !== 0n) [a, b] = [b, a % b];
	return { numerator: numerator / a, denominator: denominator / a };
}

/** Rounded half up to so many digits behind the point: for showing alone, nothing is computed from it. */
export function rounded({ numerator, denominator }: Rational, digits: number): string {
	const scale = TEN ** BigInt(digits);
	const units = (2n * numerator * scale + denominator) / (2n * denominator);
	const text = units.toString().padStart(digits + 1, "0");
	return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Adds up numbers exactly. Those of one denominator are added as whole numbers, so that a million of them are a second's work. */
export class RationalSum {
	private readonly byDenominator = new Map<bigint, bigint>();

	add({ numerator, denominator }: Rational): void {
		this.byDenominator.set(denominator, (this.byDenominator.get(denominator) ?? 0n) + numerator);
	}

	total(): Rational {
		let sum = ZERO;
		for (const [denominator, numerator] of this.byDenominator)
			sum = reduced({
				numerator: sum.numerator * denominator + numerator * sum.denominator,
				denominator: sum.denominator * denominator,
			});
		return sum;
	}
}
