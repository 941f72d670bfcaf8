import { describe, expect, it } from "vitest";
import { checkReceived } from "./received.js";

describe("answers beside what was received", () => {
	const found = (answers: string, received = "") => {
		const failures: string[] = [];
		const files = new Map([
			["answers/00001.jsonl", Buffer.from(`${answers}\n`)],
			["received/00001.jsonl", Buffer.from(received)],
		]);
		checkReceived(files, (where, what) => failures.push(`${where}: ${what}`));
		return failures;
	};
	const block = (text: string) => `{"answers":{"block":{"a":${text}},"schema":"clew.answers/1"}}`;

	it("hold a block that was received", () => {
		expect(found(block("1"))).toEqual(["answers/00001.jsonl line 1: its block is none that was received"]);
		expect(found("{}")).toEqual([]);
		expect(found("not JSON")).toEqual([]);
	});

	it("that no canonical form can be made of are a failure of the bundle", () => {
		expect(found(block("1.5"))).toEqual(["answers/00001.jsonl line 1: number 1.5 is not a whole number below 2^53"]);
		expect(found(block("[".repeat(200_000) + "]".repeat(200_000)))).toEqual([expect.stringMatching(/^answers\/00001.jsonl line 1: /)]);
	});
});
