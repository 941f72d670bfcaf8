import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { json, jsonPieces } from "./output.js";

const values = fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.array(fc.jsonValue())));

test.prop([values])("JSON in pieces is the JSON that is printed whole", (value) => {
	expect([...jsonPieces(value)].join("")).toBe(`${json(value)}\n`);
});
