import { expect, it } from "vitest";
import { rangeOfLeaves } from "./trace-range.js";
import type { TraceLeaf } from "./trace-schema.js";

it("end points are added up rule by rule where they are exact, and their bounds where they are open, though equal to what rules say", () => {
	const leaf = (fifo: string, lifo: string, open: boolean) =>
		({ amounts: { a: { fifo, lifo } }, range: ["0", "10"], ...(open ? { open: true } : {}) }) as unknown as TraceLeaf;
	expect(rangeOfLeaves([leaf("10", "0", false), leaf("0", "10", false)], "a")).toEqual({ least: 10n, most: 10n });
	expect(rangeOfLeaves([leaf("10", "0", true), leaf("0", "10", true)], "a")).toEqual({ least: 0n, most: 20n });
	expect(rangeOfLeaves([leaf("10", "0", true)], "b")).toBeUndefined();
});
