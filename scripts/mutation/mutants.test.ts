import { describe, expect, it } from "vitest";
import { changed, mutantsOf, namesOf } from "./mutants.js";
import { noting } from "./reach.js";
import { sample } from "./sample.js";

const FILE = "packages/x/src/x.ts";
const texts = (source: string) => mutantsOf(FILE, source).map((mutant) => changed(source, mutant));

describe("mutants", () => {
	it("are one small change each: boundary, condition, amount, early end, smallest and largest, dropped calls", () => {
		expect(texts("f(a < b)")).toEqual(["f(a <= b)"]);
		expect(texts("if (a) f();")).toEqual(["if (!(a)) f();"]);
		expect(texts("x = [0n, 1n, 5n]")).toEqual(["x = []", "x = [1n, 1n, 5n]", "x = [0n, 0n, 5n]", "x = [0n, 1n, 6n]"]);
		expect(texts("function f() { if (a) return 1; return 2; }")).toEqual([
			"function f() { if (!(a)) return 1; return 2; }",
			"function f() { if (a) ; return 2; }",
		]);
		expect(texts("Math.min(a, b)")).toEqual(["Math.max(a, b)"]);
		expect(texts("a.filter(f).sort()")).toEqual(["a.filter(f)", "a.sort()"]);
		expect(texts("a -= b; c += 1n")).toEqual(["a += b; c += 1n", "a -= b; c -= 1n", "a -= b; c += 0n"]);
	});

	it("leave types, words and what a refusal says alone", () => {
		expect(texts('const x: A<"a" | "b"> = "a" + b; type C = A & B;')).toEqual([]);
		expect(texts("if (a) throw new E(b < c);")).toEqual(["if (!(a)) throw new E(b < c);", "if (a) ;"]);
		expect(texts("a.toString()")).toEqual([]);
	});

	it("have the line, the function around them, and names that stay while lines move", () => {
		const source = 'const é = "·";\nfunction f() {\n\treturn a < b && a < b;\n}';
		const mutants = mutantsOf(FILE, source);
		expect(mutants.map(({ line, within, before }) => [line, within, before])).toEqual([
			[3, source.indexOf("function"), "&&"],
			[3, source.indexOf("function"), "<"],
			[3, source.indexOf("function"), "<"],
		]);
		const names = namesOf(mutants, source);
		expect(new Set(names).size).toBe(3);
		expect(namesOf(mutantsOf(FILE, `\n\n${source}`), `\n\n${source}`)).toEqual(names);
	});
});

it("notes each function that runs, and changes nothing else", () => {
	const source = "const g = (x: number): number => x + 1;\nfunction h() { return [1].map((x) => ({ x })); }\nout.push(g(1), h()[0].x);";
	const text = noting(FILE, source).replaceAll(": number", "");
	const out: number[] = [];
	const world = globalThis as { clewReach?: Set<string> | undefined };
	world.clewReach = undefined;
	new Function("out", text)(out);
	expect(out).toEqual([2, 1]);
	const starts = [-1, source.indexOf("(x: "), source.indexOf("function"), source.indexOf("(x) =>")];
	expect([...(world.clewReach ?? new Set<string>())]).toEqual(starts.map((at) => `${FILE}:${at}`));
	world.clewReach = undefined;
});

it("a sample is the same for a seed, and begins with the smaller one", () => {
	const all = Array.from({ length: 100 }, (_, i) => i);
	expect(sample(all, 10, 1)).toEqual(sample(all, 20, 1).slice(0, 10));
	expect(new Set(sample(all, 200, 2)).size).toBe(100);
	expect(sample(all, 10, 1)).not.toEqual(sample(all, 10, 2));
});
