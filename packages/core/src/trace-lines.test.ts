import { fc, test } from "@fast-check/vitest";
import { expect, it } from "vitest";
import { canonicalJson, canonicalPieces, sha256Hex, sha256HexOf } from "./canonical.js";
import { traceOfParts, traceParts } from "./trace-lines.js";
import type { TraceResult } from "./trace-result.js";

test.prop([fc.jsonValue(), fc.integer({ min: 0, max: 4 })])(
	"canonical JSON in pieces is canonical JSON, and hashes to the same",
	(value, depth) => {
		const whole = canonicalJson(value);
		expect([...canonicalPieces(value, depth)].join("")).toBe(whole);
		expect(sha256HexOf(canonicalPieces(value, depth))).toBe(sha256Hex(whole));
	},
);

const NESTED = { b: [{ d: 1, c: [undefined] }, undefined], a: { z: undefined, y: { x: [] } }, é: "€😀", "": {} };

it("leaves out what is undefined, as canonical JSON does", () => {
	expect([...canonicalPieces(NESTED)].join("")).toBe(canonicalJson(NESTED));
});

it("a result in parts is the result again, and so is one that an earlier version kept as one text", () => {
	const long = Array.from({ length: 3_000 }, (_, i) => ({ row: i, note: "x".repeat(500) }));
	const result = { id: "1", edges: long, leaves: [{ account: "a" }], coverage: { cutoff: "9", gaps: [{ kind: "k", text: "a\nb" }] } };
	const parts = [...traceParts(result as unknown as TraceResult)];
	expect(parts.length).toBe(2);
	expect(traceOfParts(parts)).toEqual(result);
	expect(traceOfParts([canonicalJson(result)])).toEqual(result);
	for (const edited of [[], [""], ["1", '{"edge":1}'], [...parts, "{}"], [...parts, '{"edge"']]) expect(read(edited)).not.toEqual(result);
	function read(edited: readonly string[]): unknown {
		try {
			return traceOfParts(edited);
		} catch (error) {
			return error;
		}
	}
});
