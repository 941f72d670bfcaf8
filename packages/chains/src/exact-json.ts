import { InputError, quote } from "@clew/core";
import { parse } from "lossless-json";

/** The error for JSON of which one object tells two things under one key, by what the parser threw; undefined for other faults. */
export function keyTwice(cause: unknown): ((where: string) => InputError) | undefined {
	const key = cause instanceof Error ? /^Duplicate key '(.*)' encountered/s.exec(cause.message)?.[1] : undefined;
	if (key === undefined) return undefined;
	return (where) =>
		new InputError(`one object tells two things under the key ${quote(key)}`, {
			where,
			cause,
			hint: "No program writes that: the file was edited. Export it again.",
		});
}

/** Parses JSON with every number as the text it was written as, so that no amount passes through a float. Throws InputError. */
export function parseExactJson(text: string, where: string): unknown {
	try {
		return parse(text, null, (digits) => digits);
	} catch (cause) {
		const twice = keyTwice(cause);
		if (twice !== undefined) throw twice(where);
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
