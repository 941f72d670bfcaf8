import { describe, expect, it } from "vitest";
import { bytesOf } from "../encoding/bytes.js";
import { mustBeFlat, readLines } from "./files.js";

/** What a file's lines are, or why it is refused. */
function linesOf(text: string): string[] | string {
	const said: string[] = [];
	const lines = readLines(new Map([["a", bytesOf(text)]]), "a", (_, what) => void said.push(what));
	return lines === undefined || said.length > 0 ? said.join() : lines;
}

describe("lines of a file", () => {
	it("are read where each ends", () => {
		expect(linesOf('{"a":1}\n{"b":2}\n')).toEqual(['{"a":1}', '{"b":2}']);
		expect(linesOf("")).toEqual([]);
		expect(linesOf("a\nb")).toMatch(/does not end/);
	});

	it("that are too many for its bytes are not made into texts", () => {
		for (const line of ["\n", "{}\n", "0123456789abcd\n"]) expect(linesOf(line.repeat(20_000))).toMatch(/more lines than its bytes/);
		expect(linesOf(`${"x".repeat(40)}\n`.repeat(20_000))).toHaveLength(20_000);
		expect(linesOf("{}\n".repeat(60))).toHaveLength(60);
	});
});

describe("brackets", () => {
	it("may not go deeper than any file of ours, in whatever mixture", () => {
		for (const open of ["[", '{"a":', '[{"a":']) expect(() => mustBeFlat(open.repeat(70))).toThrow(/nested more than 64 deep/);
		expect(() => mustBeFlat(`${"[".repeat(64)}${"]".repeat(64)}`)).not.toThrow();
		expect(() => mustBeFlat("[]".repeat(1_000))).not.toThrow();
	});

	it("within texts do not count, however these are escaped", () => {
		const deep = "[".repeat(100);
		for (const text of [`"${deep}"`, `"\\"${deep}"`, `"\\\\\\"${deep}"`, `{"${deep}":"${deep}"}`, `"${deep}`])
			expect(() => mustBeFlat(text)).not.toThrow();
		expect(() => mustBeFlat(`"\\\\"${deep}`)).toThrow(/nested/);
	});
});
