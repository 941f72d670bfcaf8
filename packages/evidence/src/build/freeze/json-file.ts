import { readFileSync } from "node:fs";
import { InputError, shapeProblem } from "@clew/core";
import type { z } from "zod";

/** Reads a JSON file of one shape; `what` names it in errors. Throws InputError with the place. */
export function readJsonFile<T extends z.ZodType>(path: string, schema: T, what: string): z.infer<T> {
	let value: unknown;
	try {
		value = JSON.parse(readFileSync(path, "utf8"));
	} catch (cause) {
		throw new InputError(`cannot be read as JSON: ${(cause as Error).message.slice(0, 120)}`, { where: path, cause });
	}
	const parsed = schema.safeParse(value);
	if (!parsed.success) throw new InputError(shapeProblem(parsed.error, what), { where: path });
	return parsed.data;
}
