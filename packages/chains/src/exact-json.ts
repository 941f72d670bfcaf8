import { InputError } from "@clew/core";
import { parse } from "lossless-json";

/** Parses JSON with every number as the text it was written as, so that no amount passes through a float. Throws InputError. */
export function parseExactJson(text: string, where: string): unknown {
	try {
		return parse(text, null, (digits) => digits);
	} catch (cause) {
		throw new InputError("is not JSON; the answer may be cut off", { where, cause, hint: "Fetch it again." });
	}
}

/**
 * The values of a text: of a JSON list its items, of one value that value, else one value a line; each with its number or line, from 1 on.
 * Throws InputError with the place.
 */
export function exactValues(text: string, where: string): readonly { readonly value: unknown; readonly line: number }[] {
	const lines = text.split("\n").flatMap((line, i) => (line.trim() === "" ? [] : [{ text: line, line: i + 1 }]));
	const [first] = lines;
	if (lines.length > 1 && first !== undefined && isValue(first.text))
		return lines.map(({ text: one, line }) => ({ value: parseExactJson(one, `${where}:${line}`), line }));
	const parsed = parseExactJson(text, where);
	return (Array.isArray(parsed) ? parsed : [parsed]).map((value, i) => ({ value, line: i + 1 }));
}

/** True for a line that is one value by itself. */
function isValue(text: string): boolean {
	try {
		parse(text);
		return true;
	} catch {
		return false;
	}
}
