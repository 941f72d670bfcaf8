import { fc, test } from "@fast-check/vitest";
import canonicalize from "canonicalize";
import { describe, expect } from "vitest";
import { canonicalJson } from "./canonical.js";

describe("canonical JSON is that of RFC 8785, however the data lies", () => {
	test.prop([fc.jsonValue({ maxDepth: 4 })])("for anything that JSON holds", (value) => {
		expect(canonicalJson(value)).toBe(canonicalize(value));
	});

	test.prop([fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("10", "9", "__proto__", "é", "\u{1f600}", "\ufb33")), fc.jsonValue())])(
		"for entries in any order under any names",
		(value) => {
			expect(canonicalJson(value)).toBe(canonicalize(value));
		},
	);

	const row = (n: number) => ({ row: n, from: `a${n}`, amounts: { lifo: "1", fifo: "2" }, absent: undefined, notes: [undefined, "\\ud"] });
	test.each([row(1), [row(1), row(2)], { b: row(1), a: { b: 1, a: [{ z: 1, y: 2 }] } }, -0, 1e21, "\u2028"])("for %j", (value) => {
		expect(canonicalJson(value)).toBe(canonicalize(value));
		expect(canonicalJson(value)).toBe(canonicalJson(structuredClone(value)));
	});

	test("and leaves what it is given as it is", () => {
		const value = { b: { d: 1, c: 2 }, a: [{ f: 1, e: 2 }] };
		canonicalJson(value);
		expect(JSON.stringify(value)).toBe('{"b":{"d":1,"c":2},"a":[{"f":1,"e":2}]}');
	});

	const circle: { own?: unknown } = {};
	circle.own = circle;
	test.each([[Number.NaN], [{ a: Number.POSITIVE_INFINITY }], ["\ud800"], [{ a: ["\udc00x"] }], [undefined], [{ a: 1n }], [circle]])(
		"and refuses %o, as JSON of no meaning",
		(value) => {
			expect(() => canonicalJson(value)).toThrow();
		},
	);
});
