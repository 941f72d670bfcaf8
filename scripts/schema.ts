// Writes the JSON Schemas of documented outputs from their definitions; a test compares them with what is committed.
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { outputJsonSchemas } from "@clew/core/output-schemas";
import { traceResultJsonSchema } from "@clew/core/trace-schema";

const folder = fileURLToPath(new URL("../docs/schema/", import.meta.url));
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}clew.trace-1.schema.json`, `${JSON.stringify(traceResultJsonSchema(), null, 2)}\n`);
for (const { file, schema } of outputJsonSchemas()) writeFileSync(`${folder}${file}`, `${JSON.stringify(schema, null, 2)}\n`);
