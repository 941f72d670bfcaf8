import { InputError, RULES } from "@clew/core";
import { z } from "zod";

/** Boxes that a picture has at most, and unless more are asked for. */
export const MAX_NODES = 300;
export const DEFAULT_NODES = 60;
/** Accounts that are asked for one by one. */
const MAX_NAMED = 60;
const LONGEST = 200;

const word = z.string().min(1).max(LONGEST);
const height = z
	.string()
	.regex(/^\d{1,10}$/)
	.transform(Number);
const words = z
	.string()
	.max(MAX_NAMED * LONGEST)
	.transform((text) => text.split(" ").filter((one) => one !== ""))
	.refine((list) => list.length <= MAX_NAMED && list.every((one) => one.length <= LONGEST));

const picture = {
	trace: z
		.string()
		.regex(/^([0-9a-f]{16}|last)$/)
		.default("last"),
	figure: z.enum([...RULES, "agreed", "at-most"]).optional(),
	/** `counted`, `all`, or one by its id. */
	asset: word.default("counted"),
	since: height.optional(),
	until: height.optional(),
	nodes: z
		.string()
		.regex(/^\d{1,3}$/)
		.transform(Number)
		.pipe(z.number().min(2).max(MAX_NODES))
		.default(DEFAULT_NODES),
	shape: z.enum(["graph", "flow"]).default("graph"),
	/** Groups that are to be taken apart, and accounts that are to be drawn by themselves. */
	open: words.default([]),
	show: words.default([]),
};

const schemas = {
	view: z.strictObject(picture),
	rows: z.strictObject({
		...picture,
		from: word.optional(),
		to: word.optional(),
		of: word.optional(),
		into: word.optional(),
		node: word.optional(),
		cursor: word.optional(),
	}),
	node: z.strictObject({ ...picture, id: word, cursor: word.optional() }),
	find: z.strictObject({ ...picture, q: word }),
	state: z.strictObject({ trace: picture.trace }),
};

export type PictureQuery = z.infer<typeof schemas.view>;
/** What is asked of each path of the server. */
export type Query<K extends keyof typeof schemas> = z.infer<(typeof schemas)[K]>;

/** Reads what was asked. Throws InputError (BAD_INPUT) for a word that it does not know, one given twice, or a value out of its bounds. */
export function readQuery<K extends keyof typeof schemas>(kind: K, params: URLSearchParams): Query<K> {
	const given = Object.fromEntries(params);
	if (Object.keys(given).length !== [...params].length) throw new InputError("the view is asked for with a word given twice");
	const read = schemas[kind].safeParse(given);
	if (read.success) return read.data as Query<K>;
	const at = read.error.issues[0]?.path.join(".") ?? "";
	throw new InputError(`the view cannot be asked for like this${at === "" ? "" : `: ${at} is out of its bounds`}`);
}
