import { readFileSync } from "node:fs";
import { InputError, quote, shapeProblem } from "@clew/core";
import type { z } from "zod";

/** Reads a JSON file of one shape, in which no object has a name twice; `what` names it in errors. Throws InputError with the place. */
export function readJsonFile<T extends z.ZodType>(path: string, schema: T, what: string): z.infer<T> {
	const text = readText(path, what);
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (cause) {
		throw new InputError(`cannot be read as JSON: ${(cause as Error).message.slice(0, 120)}`, { where: path, cause });
	}
	const twice = doubledName(text);
	if (twice !== undefined) throw new InputError(`${what}: ${quote(twice)} stands there twice`, { where: path });
	const parsed = schema.safeParse(value);
	if (!parsed.success) throw new InputError(shapeProblem(parsed.error, what), { where: path });
	return parsed.data;
}

function readText(path: string, what: string): string {
	try {
		return readFileSync(path, "utf8");
	} catch (cause) {
		const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
		throw new InputError(`${what} ${missing ? "is not there" : "cannot be read"}`, { where: path, cause, code: "USAGE" });
	}
}

/** The first name that an object of valid JSON has twice. JSON readers keep one of the values, and not the same one. */
function doubledName(json: string): string | undefined {
	const open: (Set<string> | undefined)[] = [];
	for (const [token, colon] of json.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g)) {
		if (token === "{") open.push(new Set());
		else if (token === "[") open.push(undefined);
		else if (token === "}" || token === "]") open.pop();
		if (colon === undefined) continue;
		const name = JSON.parse(token.slice(0, -colon.length)) as string;
		const names = open[open.length - 1];
		if (names?.has(name)) return name;
		names?.add(name);
	}
	return undefined;
}
