import { InputError } from "@clew/core";

/** Digits that every program keeps when it reads a fraction as a float (IEEE 754 double). */
const FLOAT_DIGITS = 15;
/** Digits with which programs print floats. */
const PRINTED_DIGITS = [15, 16, 17] as const;
const INTEGER = /^-?[0-9]+$/;

/**
 * Finds out whether a file's numbers beyond 2^53 went through floats, which round them. One that no float prints shows that its column, by
 * the key, did not: then the others of that column are as they were written. Where a column has none such, any of them may be rounded.
 */
export class ExactNumbers {
	private readonly shown = new Set<string>();
	private readonly doubtful = new Map<string, string>();

	/** Takes a number as it is written. Throws InputError for a fraction with more digits than a float keeps. */
	see(key: string, text: string, where: string): void {
		const value = Number(text);
		if (!Number.isInteger(value)) {
			if (text.replace(/e.*$/i, "").replace(/\D/g, "").length > FLOAT_DIGITS) throw rounded(key, where);
			return;
		}
		if (Number.isSafeInteger(value)) return;
		if (INTEGER.test(text) && !printed(value).has(text)) this.shown.add(key);
		else if (!this.doubtful.has(key)) this.doubtful.set(key, where);
	}

	/** Throws InputError at the first number that may be rounded. */
	check(): void {
		for (const [key, where] of this.doubtful) if (!this.shown.has(key)) throw rounded(key, where);
	}
}

/**
 * All ways in which programs print a float as a whole number: exactly, by the shortest digits that read as it, and by a number of digits.
 */
function printed(value: number): ReadonlySet<string> {
	const texts = [`${value}`, ...PRINTED_DIGITS.map((digits) => value.toPrecision(digits))];
	return new Set([BigInt(value).toString(), ...texts.map(withoutExponent)]);
}

function withoutExponent(text: string): string {
	const [, whole = "", fraction = "", power = ""] = /^(-?[0-9]+)(?:\.([0-9]+))?e\+([0-9]+)$/.exec(text) ?? [];
	return power === "" ? text : (whole + fraction).padEnd(whole.length + Number(power), "0");
}

function rounded(key: string, where: string): InputError {
	return new InputError(
		`${key}: numbers beyond 2^53 or with more digits than a float keeps must be strings, unless one of the same key shows that the file did not pass through floats`,
		{ where, hint: "Export it as CSV, or with such numbers as strings." },
	);
}
