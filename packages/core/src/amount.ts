import { coinOf } from "./chain-family/registry.js";
import { InputError } from "./errors.js";
import { quote } from "./hostile-text.js";
import { type AssetId, assetChain, isNative } from "./ids.js";

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

/** A number and a word behind it: a coin's symbol, or `native`. */
const COINS = /^([0-9][0-9.]*)\s*([A-Za-z][A-Za-z0-9]*)$/;

/**
 * Parses an amount of one asset as a person types it: base units as a whole number, or for a chain's own coin also `1.5ETH`, with that
 * chain's symbol in any case, and `1.5native`. Throws InputError (USAGE) for what is none, also for the symbol of another coin or any
 * symbol on a token.
 */
export function parseAmount(text: string, asset: AssetId): bigint {
	const [, number, unit] = COINS.exec(text.trim()) ?? [];
	if (number === undefined || unit === undefined) return typed(() => parseBaseUnits(text));
	const { symbol, decimals, known } = coinOf(assetChain(asset));
	if (!isNative(asset))
		throw new InputError(`${quote(text)} is an amount with a unit, but amounts of ${asset} are in base units`, {
			code: "USAGE",
			hint: "Give a whole number: the amount times 10 to the power of the token's decimals.",
		});
	if (unit.toLowerCase() !== "native" && !(known && unit.toLowerCase() === symbol.toLowerCase()))
		throw new InputError(`${quote(text)} is not an amount of this chain's coin, ${known ? symbol : `the ${symbol}`}`, {
			code: "USAGE",
			hint: `Write 1.5${known ? symbol : "native"}, or base units as a whole number (1.5 is ${formatBaseUnits(decimals)}).`,
		});
	return typed(() => parseDecimal(number, decimals));
}

/** An amount that was typed wrong is misuse, where one in a file is a bad file. */
function typed(parse: () => bigint): bigint {
	try {
		return parse();
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		const hint = error.hint ?? "Write base units as a whole number, or for a chain's own coin such as 1.5ETH, with a point.";
		throw new InputError(error.message, { code: "USAGE", cause: error, hint });
	}
}

function formatBaseUnits(decimals: number): string {
	return parseDecimal("1.5", decimals).toString();
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
