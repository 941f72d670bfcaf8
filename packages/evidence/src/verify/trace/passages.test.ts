import { TEST_CHAIN, testAccount } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import type { Passage, Trace } from "../bundle/formats.js";
import { checkPassages } from "./passages.js";

const asset = `${TEST_CHAIN}/slip44:60`;
const side = (position: string, from: number, to: number, amount = "5"): Passage["paid"] => ({
	...{ position, txHash: `0x${position[0]?.repeat(64)}`, from: testAccount(from), to: testAccount(to), asset, amount },
});
const away = { ...side("7.0.1", 8, 9), asset: "eip155:56/slip44:60" };
const line = (transfer: Passage["paid"]) => JSON.stringify({ transfer: { ...transfer, kind: "native" } });
const sorted = (text: string) => JSON.stringify({ transfer: Object.fromEntries(Object.entries(JSON.parse(text).transfer).sort()) });

function found(
	stated: readonly (Omit<Passage, "key" | "tier"> & Partial<Pick<Passage, "tier">>)[],
	more: { rows?: Passage["paid"][]; ledgers?: Passage["paid"][]; marked?: Passage["paid"][]; parameters?: object } = {},
) {
	const { rows = [], ledgers, marked = [], parameters = {} } = more;
	const seeds = [{ spec: "account:x", rows: marked.map(({ to, ...rest }) => ({ ...rest, account: to })) }];
	const failures: string[] = [];
	const passages = stated.map((one) => ({ key: "k", tier: one.got === undefined ? "lead" : "structural", ...one }));
	const trace = { chain: TEST_CHAIN, passages, edges: rows, seeds, parameters } as unknown as Trace;
	const said = checkPassages(trace, ledgers?.map(line).map(sorted), (where, what) => failures.push(`${where}: ${what}`));
	// Named of all passages alike.
	const of = `which protocol passages are of, their other sides, and how much of what came out is of what went in (${passages.length})`;
	expect(said.at(-1)).toBe(of);
	return { failures, stated: said.slice(0, -1) };
}

describe("a passage", () => {
	const [paid, got] = [side("2.0.1", 1, 2), side("2.0.2", 2, 3)];
	const into = { fifo: "5" };

	it("goes in by a row or a movement of the ledgers; what comes out on another chain is named", () => {
		expect(found([{ paid, got: away, into }], { rows: [paid] })).toEqual({ failures: [], stated: ["what comes out of passage 1"] });
		expect(found([{ paid }, { paid }], { ledgers: [paid] })).toEqual({ failures: [], stated: [] });
	});

	it("that nothing tells is refused, and named where there are no ledgers", () => {
		const wrong = "trace.json passage 1: goes in by a movement at 2.0.1 that is no row, and none of the ledgers";
		expect(found([{ paid, got: away }], { ledgers: [] }).failures).toEqual([wrong]);
		expect(found([{ paid: { ...paid, amount: "6" } }], { rows: [paid], ledgers: [paid] }).failures).toEqual([wrong]);
		expect(found([{ paid }, { paid }])).toEqual({ failures: [], stated: ["what goes into passages 1, 2"] });
		expect(found([{ paid: away }], { ledgers: [] }).failures).toEqual([
			"trace.json passage 1: goes in with eip155:56/slip44:60, which is not of eip155:1",
		]);
	});

	it("has one far side of its own where it is structural, and none where it is a lead", () => {
		const failures = (...stated: Parameters<typeof found>[0]) => found(stated, { rows: [paid, got] }).failures;
		expect(failures({ paid, got, tier: "lead" })).toEqual(["trace.json passage 1: is a lead, and says where its money came out"]);
		const several = "trace.json passage 1: is structural, and has not one far side";
		expect(failures({ paid, tier: "structural" })).toEqual([several]);
		expect(failures({ paid, got, alternatives: [away] })).toEqual([several]);
		expect(failures({ paid, alternatives: [away, got] })).toEqual([]);
		expect(failures({ paid, got }, { paid, got })).toEqual(
			[1, 2].map((n) => `trace.json passage ${n}: has the far side of another passage`),
		);
	});

	it("comes out on the same chain by a movement of which a row or a seed tells, unless the trace went no further", () => {
		const wrong = "trace.json passage 1: comes out by a movement at 2.0.2, and no row is about it";
		expect(found([{ paid, got, into }], { rows: [paid] }).failures).toEqual([wrong]);
		expect(found([{ paid, got, into }], { rows: [paid], marked: [got] })).toEqual({ failures: [], stated: [] });
		expect(found([{ paid, got, into }], { rows: [paid, got] })).toEqual({ failures: [], stated: [] });
		for (const parameters of [{ until: "2" }, { passages: "more than 16" }])
			expect(found([{ paid, got, into }], { rows: [paid], parameters })).toEqual({ failures: [], stated: ["what comes out of passage 1"] });
	});
});
