import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { outputSchemas } from "@clew/core/output-schemas";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { ROOT } from "./clew.js";

export type SchemaName = keyof typeof outputSchemas | "clew.trace/1";

/** Where the documented schemas are kept. */
export const SCHEMAS = join(ROOT, "docs/schema");

const ajv = new Ajv2020({ strict: false });
const compiled = new Map<SchemaName, ValidateFunction>();

/** What an answer has that its documented schema does not allow, or lacks; nothing when it is as documented. */
export function undocumented(name: SchemaName, answer: unknown): readonly object[] {
	const valid = compiled.get(name) ?? ajv.compile(JSON.parse(readFileSync(join(SCHEMAS, `${name.replace("/", "-")}.schema.json`), "utf8")));
	compiled.set(name, valid);
	return valid(answer) ? [] : (valid.errors ?? []);
}
