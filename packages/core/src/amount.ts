import { InputError } from "./errors.js";
import { quote } from "./hostile-text.js";

const INTEGER = /^(0|[1-9][0-9]*)$/;
const DECIMAL = /^([0-9]+)(?:\.([0-9]+))?$/;
/** The largest value an EVM word can hold; no amount on any supported chain exceeds it. */
export const MAX_AMOUNT = (1n << 256n) - 1n;
const MAX_DIGITS = 78;
/** More decimals than any real token has; a larger claim is hostile (the ABI type is uint8). */
export const MAX_DECIMALS = 255;

/** Parses a non-negative integer in base units, no sign, no fraction, no leading zero. Throws InputError (BAD_AMOUNT). */
export function parseBaseUnits(text: string): bigint {
	if (text.length > MAX_DIGITS || !INTEGER.test(text)) {
		throw new InputError(`${quote(text)} is not an amount in base units (a whole number, not negative)`, { code: "BAD_AMOUNT" });
	}
	const value = BigInt(text);
	if (value > MAX_AMOUNT) throw new InputError(`${quote(text)} is larger than 2^256 - 1`, { code: "BAD_AMOUNT" });
	return value;
}

/** Parses a decimal number such as `1.25` into base units, exactly; more decimals than the asset has is an error. */
export function parseDecimal(text: string, decimals: number): bigint {
	const match = DECIMAL.exec(text);
	const fraction = (match?.[2] ?? "").replace(/0+$/, "");
	if (!match?.[1] || text.length > MAX_DIGITS * 2 || fraction.length > decimals) {
		throw new InputError(`${quote(text)} is not an amount with at most ${decimals} decimals`, { code: "BAD_AMOUNT" });
	}
	const value = BigInt(match[1] + fraction.padEnd(decimals, "0"));
	if (value > MAX_AMOUNT) throw new InputError(`${quote(text)} is larger than 2^256 - 1`, { code: "BAD_AMOUNT" });
	return value;
}

/** Writes base units as a decimal number, exactly, without trailing zeros: (1500000000000000000n, 18) is `1.5`. */
export function formatAmount(amount: bigint, decimals: number): string {
	const negative = amount < 0n;
	const digits = (negative ? -amount : amount).toString().padStart(decimals + 1, "0");
	const whole = digits.slice(0, digits.length - decimals);
	const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
	return `${negative ? "-" : ""}${whole}${fraction ? `.${fraction}` : ""}`;
}

/** The smaller of two amounts. */
export function minAmount(a: bigint, b: bigint): bigint {
	return a < b ? a : b;
}

/** The larger of two amounts. */
export function maxAmount(a: bigint, b: bigint): bigint {
	return a > b ? a : b;
}
