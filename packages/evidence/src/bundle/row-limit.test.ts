import type { TraceEdge, TraceLeaf } from "@clew/core";
import { expect, it } from "vitest";
import { requireBundleSize } from "./row-limit.js";

const of = (edges: number, leaves: number) => ({
	edges: new Array<TraceEdge>(edges),
	leaves: new Array<TraceLeaf>(leaves),
});

it("refuses a trace that no text of a bundle can hold, with its size and what to do", () => {
	expect(() => requireBundleSize(of(400_000, 100_000))).not.toThrow();
	expect(() => requireBundleSize(of(400_000, 100_001))).toThrow(/a trace of 500001 rows and end points is more than the 500000/);
});
