import { readFileSync } from "node:fs";
import { outputJsonSchemas } from "@clew/core/output-schemas";
import { describe, expect, it } from "vitest";
import { FAILURE_CODES, Failures, failure, failureText } from "./failure.js";

describe("failures of a bundle", () => {
	it("say the file and the row that they are of, where they are of one", () => {
		const placed = (place: string) => {
			const { file, row } = failure("row", place, "is wrong");
			return [file, row];
		};
		expect(placed("trace.json leaf 3")).toEqual(["trace.json", 3]);
		expect(placed("inputs/ab/list.csv")).toEqual(["inputs/ab/list.csv", undefined]);
		expect(placed("kraken/transfers.csv row 12")).toEqual(["kraken/transfers.csv", 12]);
		expect(placed("row 7")).toEqual([undefined, 7]);
		expect(placed("the requests together")).toEqual([undefined, undefined]);
		expect(failureText(failure("row", "row 7", "is wrong"))).toBe("row 7: is wrong");
	});

	it("are kept with the code of the check that found them, a thousand of them at most", () => {
		const failures = new Failures();
		failures.of("proof")("proofs.jsonl line 1", "has no root");
		for (let i = 0; i < 2_000; i++) failures.of("arithmetic")("trace.json", "does not add up");
		expect(failures.found[0]).toEqual(failure("proof", "proofs.jsonl line 1", "has no root"));
		expect(failures.found).toHaveLength(1_000);
	});

	it("have codes that the page on evidence and the schema of the output list, each", () => {
		const page = readFileSync("docs/evidence.md", "utf8");
		for (const [code, what] of Object.entries(FAILURE_CODES)) expect(page).toContain(`| \`${code}\` | ${what} |`);
		const schema = outputJsonSchemas().find(({ file }) => file === "clew.verify-3.schema.json")?.schema;
		expect(schema).toHaveProperty("properties.failures.items.properties.code.enum", Object.keys(FAILURE_CODES));
	});
});
