import { z } from "zod";
import { LOOKS_BLANK, looksBlank } from "./blank-mark.js";
import { readJsonFile } from "./json-file.js";

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

/** A file of fields that only a person can fill. */
export interface FieldFile<N extends string> {
	readonly names: readonly N[];
	/** Fields of which nobody said anything. */
	readonly none: Readonly<Record<N, string>>;
	/** Reads such a file; "" where it says nothing. Throws InputError with the place. */
	read(path: string): Readonly<Record<N, string>>;
}

/** A file with these fields, each one line of text, and those of `dates` an ISO date. */
export function fieldFile<N extends string>(schema: string, fields: Readonly<Record<N, string>>, dates: readonly N[]): FieldFile<N> {
	const names = Object.keys(fields) as N[];
	const shapes = Object.fromEntries(names.map((name) => [name, dates.includes(name) ? date : field])) as Record<N, Field>;
	const shape = z.strictObject({ schema: z.literal(schema), ...shapes });
	return {
		names,
		none: Object.fromEntries(names.map((name) => [name, ""])) as Record<N, string>,
		read(path) {
			const said = readJsonFile(path, shape, "the file of fields") as Record<N, string>;
			return Object.fromEntries(names.map((name) => [name, said[name]])) as Record<N, string>;
		},
	};
}
