import { beforeAll, expect, it } from "vitest";
import type { Loose } from "../blocks.test-util.js";
import { complaintsOf, smallTrace } from "../bundle.test-util.js";
import { canonical } from "../encoding/canonical.js";
import { list, text } from "../encoding/shape.js";
import type { Trace } from "./formats.js";
import { traceShape } from "./trace-shape.js";

let trace: Trace;
beforeAll(async () => {
	trace = JSON.parse(canonical(await smallTrace())) as Trace;
});
const [edge, leaf] = [(t: Loose<Trace>) => t.edges[0], (t: Loose<Trace>) => t.leaves[0]];

it.each<[string, string, (trace: Loose<Trace>) => unknown]>([
	[
		"a range of three figures in a row",
		"$.edges[0].range: not a list of at most 2",
		(t) => Object.assign(edge(t) ?? {}, { range: ["1", "2", "3"] }),
	],
	[
		"one of three at an end point",
		"$.leaves[0].range: not a list of at most 2",
		(t) => Object.assign(leaf(t) ?? {}, { range: ["1", "2", "3"] }),
	],
	[
		"a row that is known by a court",
		"$.edges[0].provenance: must be",
		(t) => Object.assign(edge(t) ?? {}, { provenance: "certified by 5 nodes" }),
	],
	[
		"a height that is no number",
		"$.coverage.gaps[0].fromHeight: not",
		(t) => t.coverage.gaps.push({ kind: "block-data", fromHeight: "soon", text: "" }),
	],
	["a direction that there is not", "$.direction: must be", (t) => Object.assign(t, { direction: "sideways" })],
])("a trace with %s is none", (_, message, edit) => {
	const changed = structuredClone(trace) as Loose<Trace>;
	expect(traceShape(changed, "$")).toBeUndefined();
	changed.coverage.gaps = [];
	edit(changed);
	expect(traceShape(changed, "$")).toContain(message);
});

it("a list has as many items as it may", () => {
	const two = list(text(), 2, 2);
	expect([["a"], ["a", "b"], ["a", "b", "c"]].map((value) => two(value, "$"))).toEqual([
		"$: not a list of at least 2",
		undefined,
		"$: not a list of at most 2",
	]);
});

it("an exchange is called one, and is an account's own; no other row is called so", () => {
	const kinds = (change: object) =>
		complaintsOf(trace, (t) => Object.assign(edge(t) ?? {}, change)).filter((one) => one.includes("is called"));
	expect(kinds({})).toEqual([]);
	expect(kinds({ kind: "conversion" })).toEqual(["trace.json edge 1: is called conversion, which no movement is"]);
	const { from = "", asset = "", amount = "", tainted = {} } = trace.edges[0] ?? {};
	const into = { asset, amount, tainted };
	expect(kinds({ kind: "genesis", to: from, into })).toEqual(["trace.json edge 1: is called genesis, which no exchange is"]);
	expect(kinds({ kind: "conversion", into })).toEqual(["trace.json edge 1: is called conversion, which no exchange is"]);
	expect(kinds({ kind: "conversion", to: from, into })).toEqual([]);
});
