import { expect, it } from "vitest";
import type { Trace } from "./verify/bundle/formats.js";
import { checkArithmetic } from "./verify/trace/arithmetic.js";

it("refuses two rows on one movement, and lets two accounts exchange by one transfer", () => {
	const row = { position: "2.0.1", from: "a", to: "b", asset: "x", amount: "20", kind: "native", tainted: { fifo: "0" } };
	const into = { asset: "y", amount: "5", tainted: { fifo: "0" } };
	const complaints = (...edges: object[]) => {
		const found: string[] = [];
		const empty = { leaves: [], seeds: [], rules: [], conservation: {}, coverage: { gaps: [] } };
		const trace = { edges: edges.map((edge, i) => ({ row: i + 1, ...edge })), ...empty };
		checkArithmetic(trace as unknown as Trace, (where, what) => found.push(`${where} ${what}`));
		return found;
	};
	const own = (account: string) => ({ ...row, kind: "conversion", from: account, to: account });
	expect(complaints(row, row)).toEqual(["trace.json edge 2 stands on the same movement as edge 1"]);
	expect(complaints({ ...own("a"), into }, { ...own("b"), into }, row)).toEqual([]);
	expect(complaints({ ...own("a"), into }, { ...own("a"), into })).toHaveLength(1);
});
