import { z } from "zod";
import { LOOKS_BLANK, looksBlank } from "../blank-mark.js";

const MAX_FIELD = 500;

const field = z
	.string()
	.max(MAX_FIELD)
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
	.regex(/^[^\u0000-\u001f]*$/, "must be one line of text")
	.refine((text) => !looksBlank(text), LOOKS_BLANK)
	.transform((text) => text.trim())
	.default("");
type Field = typeof field;
const date: Field = field.refine((text) => text === "" || z.iso.date().safeParse(text).success, "is no date of the form YYYY-MM-DD");

/** Fields that only a person can fill, each one line of text, and those of `dates` an ISO date; "" where nobody said anything. */
export function lineFields<N extends string>(names: readonly N[], dates: readonly N[]): Record<N, Field> {
	return Object.fromEntries(names.map((name) => [name, dates.includes(name) ? date : field])) as Record<N, Field>;
}
