import { beforeAll, describe, expect, it } from "vitest";
import { reseal } from "../../../../../tests/reseal.js";
import type { Loose } from "../blocks.test-util.js";
import { NOBODY, smallBundle, smallTrace } from "../bundle.test-util.js";
import { failureText } from "../failure.js";
import { verifyFiles } from "../verify-bundle.js";
import { checkSentences } from "./sentences.js";

const label = { entity: "Bank; of (x)", category: "exchange", confidence: 90 } as const;
const HELD = "labelled Bank; of (x) (exchange, confidence 90)";

function saidOf(detail: string, gaps: readonly object[] = [], notes: readonly string[] = []) {
	const failures: string[] = [];
	const leaf = { account: "a", labels: [label], stop: { reason: "service", detail } };
	const trace = { leaves: [leaf], coverage: { sources: [], gaps } } as unknown as Parameters<typeof checkSentences>[0];
	const said = checkSentences(trace, new Set(notes), (where, what) => failures.push(`${where}: ${what}`));
	return { failures, said };
}

describe("the sentences of a trace", () => {
	it.each([
		HELD,
		`${HELD}; listed since 2020-01-01, until 2021-01-01: it did not hold any more when the money came`,
		"still there at block 12, where its data ends",
		"arrivals below 5 base units; held at height 3; spent later",
		"its native history at height 3 is not known to be whole in the case",
		"its books still hold it, but its native and token transfers from block 3 on are not all in the case: whether it was spent is not known",
		"behaviour alone: deposit-address of 0xab (heuristic version 2, score 90); nobody labelled it",
	])("may be %s", (detail) => {
		expect(saidOf(detail).failures).toEqual([]);
	});

	it.each([
		"",
		`${HELD}; confirmed by the bank`,
		`${HELD} `,
		"still there at block 12, where its data ends; holder is known",
		"behaviour alone: deposit address of a bank, sweeps into its hot wallet (score 99)",
		"published contract of a bank",
	])("are not %j", (detail) => {
		expect(saidOf(detail).failures).toEqual([`trace.json leaf 1: says why it ends in words that Clew has not: ${JSON.stringify(detail)}`]);
	});

	it("are those of gaps, of an end point's own, and of sources that say so", () => {
		const gaps = (gap: object, notes: string[] = []) => saidOf(HELD, [gap], notes);
		for (const gap of [
			{ kind: "unfetched-account", account: "a", text: HELD },
			{ kind: "opening-balance-unknown", account: "a", text: "nothing was fetched before height 3; its balance there counts as 0" },
			{ kind: "not-compared", text: "the node cannot tell what it holds at this height" },
		])
			expect(gaps(gap).failures).toEqual([]);
		expect(gaps({ kind: "behaviour-only", account: "a", text: "a court says so" }).failures).toEqual([
			'trace.json gap 1: is in words that Clew has not: "a court says so"',
		]);
		expect(gaps({ kind: "balance-differs", account: "a", text: "the node says nothing is there any more" }).failures).toHaveLength(1);
		const note = { kind: "source-note", account: "a", text: "a file's own note" };
		expect(gaps(note, ["a file's own note"]).said).not.toContainEqual(expect.stringContaining("words that Clew has not"));
		expect(gaps(note).said).toContain('what is missing by words that Clew has not (1), first "a file\'s own note"');
		expect(gaps(note).said).toContain("that there are no other gaps");
		expect(gaps(note).said).toContain("labels of end points (1)");
	});

	let files: Map<string, Uint8Array>;
	beforeAll(async () => {
		files = await smallBundle(await smallTrace());
	});

	it("of a forged bundle are refused or named", async () => {
		const forged = async (edit: (trace: Loose<never>) => unknown) =>
			verifyFiles(
				reseal(files, (trace) => edit(trace as never)),
				NOBODY,
			);
		const words = await forged((trace: Loose<{ leaves: { stop: { detail: string } }[] }>) => {
			for (const leaf of trace.leaves) leaf.stop.detail += "; holder is known";
		});
		expect(words.failures.map(failureText)).toContainEqual(expect.stringContaining("leaf 1: says why it ends in words that Clew has not"));
		const kind = await forged((trace: Loose<{ coverage: { gaps: object[] } }>) =>
			trace.coverage.gaps.push({ kind: "court-order", text: "x" }),
		);
		expect(kind.failures.map(failureText)).toContainEqual(expect.stringContaining("kind: must be"));
		const { stated } = await verifyFiles(files, NOBODY);
		// The log of a small bundle begins otherwise than that of a case.
		expect(stated).toContain('entries of custody.jsonl by actions that Clew has not (1), first line 1 "case opened"');
		expect(stated).toContain("title of the case and what its log says was done");
	});
});
