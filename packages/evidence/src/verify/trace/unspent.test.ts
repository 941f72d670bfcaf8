import { expect, it } from "vitest";
import type { Trace } from "../bundle/formats.js";
import type { ProvenBlock } from "../proofs/proven-block.js";
import { checkUnspent } from "./unspent.js";

it("an output is not called unspent where a proven transaction spends it before the data ends", () => {
	const [outpoint, spender] = [`${"a".repeat(64)}:0`, "b".repeat(64)];
	const block = { height: 7, transactions: [spender], transaction: () => ({ index: 1, inputs: [{ outpoint }], outputs: [] }) };
	const found = (reason: string, cutoff?: string) => {
		const failures: string[] = [];
		const leaves = [{ stop: { reason, detail: "" }, outpoints: [{ outpoint }] }];
		const trace = { leaves, coverage: cutoff === undefined ? {} : { cutoff } } as unknown as Trace;
		checkUnspent(trace, new Map([[7, block as unknown as ProvenBlock]]), (where, what) => failures.push(`${where}: ${what}`));
		return failures;
	};
	const wrong = `trace.json leaf 1: calls output ${outpoint} unspent, and transaction ${spender}, which is proven here, spends it in block 7`;
	expect(found("unspent")).toEqual([wrong]);
	expect(found("unspent", "7")).toEqual([wrong]);
	expect(found("unspent", "6")).toEqual([]);
	expect(found("service")).toEqual([]);
});
