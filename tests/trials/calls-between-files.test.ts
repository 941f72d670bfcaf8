import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatsOf, importFile, settleCoverage } from "@clew/chains";
import { accountId } from "@clew/core";
import { afterAll, describe, expect, it } from "vitest";
import { clew, mustClew, scratch } from "../clew.js";
import { A, apiRow, atDesk, B, C, type Cells, csv, ETHEREUM, etlRow, internalRow, siteRow, traceRow } from "./reading.js";

const conflict = { code: "CONFLICT", message: expect.stringMatching(/call .* is told in another way at /) };

/** What A's and B's ledgers hold after files were imported together, and what was to be said. */
const together = (family: "etherscan" | "ethereum-etl", ...files: readonly (readonly Cells[])[]) =>
	atDesk(async ({ store, file, ledger }) => {
		const formats = formatsOf(family, () => undefined);
		const options = { chain: ETHEREUM, formats, skipBad: false, ignoreUnknown: false };
		const reports = [];
		for (const [i, rows] of files.entries()) {
			const report = await importFile(store, file(`${i}/x.csv`, csv(rows)), options);
			if (report !== undefined) reports.push(report);
		}
		const notes = (await settleCoverage(store, ETHEREUM, reports)).flatMap((report) => report.notes);
		return { moved: (await ledger(B)).filter((line) => line.includes("internal")).length, notes };
	});
const site = (amount: string, type: string): Cells => {
	const { To: _, Method: __, ...row } = siteRow(1, { From: B, "Value_IN(ETH)": "0", "Value_OUT(ETH)": amount, Status: "0" });
	return { ...row, ParentTxFrom: C, TxTo: A, Type: type };
};

describe("one call in two files of an import", () => {
	it.each([
		["traceId 0", "etherscan", internalRow(1, { traceId: "0", value: "7" }), internalRow(1, { traceId: "0", value: "8" })],
		["traceId 0_1", "etherscan", internalRow(1, { traceId: "0_1", value: "7" }), internalRow(1, { traceId: "0_1", to: C })],
		["Blockscout's index", "etherscan", internalRow(1, { index: "1", value: "7" }), internalRow(1, { index: "1", value: "8" })],
		["the site's path", "etherscan", site("7", "call_0"), site("8", "call_0")],
		["a path, moving nothing", "etherscan", internalRow(1, { traceId: "0_1" }), internalRow(1, { traceId: "0_1", isError: "1" })],
		["a trace address", "ethereum-etl", traceRow(1, { value: "7" }), traceRow(1, { value: "8" })],
	] as const)("by %s: told alike it is one, told with two amounts it is a conflict", async (_, family, row, other) => {
		expect((await together(family, [row], [row])).moved).toBe(1);
		await expect(together(family, [row], [other])).rejects.toMatchObject(conflict);
		await expect(together(family, [other], [row])).rejects.toMatchObject(conflict);
	});

	it("other ids, other transactions, and a bare number between other accounts are other calls", async () => {
		const row = internalRow(1, { traceId: "0", value: "7" });
		for (const other of [
			internalRow(1, { traceId: "1", value: "8" }),
			internalRow(2, { traceId: "0", value: "8" }),
			internalRow(1, { traceId: "0", value: "8", from: A, to: B }),
		])
			expect((await together("etherscan", [row], [other])).moved).toBe(2);
	});
});

describe("a bare number that comes twice in a transaction of one file", () => {
	const [seven, eight] = ["7", "8"].map((value) => internalRow(1, { traceId: "0", value })) as [Cells, Cells];

	it("is a conflict where other calls of the transaction have ids of their own", async () => {
		await expect(together("etherscan", [seven, eight, internalRow(1, { traceId: "1" })])).rejects.toMatchObject(conflict);
	});

	it("names nothing where all have it, which is said", async () => {
		expect(await together("etherscan", [seven, eight])).toEqual({
			moved: 2,
			notes: expect.arrayContaining([expect.stringMatching(/^2 rows have the number of their call in common/)]),
		});
	});
});

describe("clew import", () => {
	const folder = scratch();
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	it("takes nothing of two files that tell one call with two amounts", () => {
		const place = join(folder, "a.clew");
		mustClew("case", "new", place, "--title", "t");
		const transfers = () => JSON.parse(mustClew("status", "--case", place, "--json")).counts.transfers;
		const files = ["7", "8"].map((value) => {
			const path = join(folder, `${value}.csv`);
			writeFileSync(path, csv([internalRow(1, { index: "1", value })]));
			return path;
		});
		const { code, err } = clew(["import", "etherscan", ...files, "--case", place]);
		expect(code).not.toBe(0);
		expect(err).toContain("is told in another way at");
		expect(transfers()).toBe(0);
		mustClew("import", "etherscan", files[0] as string, "--case", place);
		expect(clew(["import", "etherscan", files[1] as string, "--case", place]).err).toMatch(/another file of the case \(7 from .* 8 from/);
		expect(transfers()).toBe(1);
	});
});

describe("the outermost call among ethereum-etl's traces", () => {
	const root = (over: Cells = {}) => traceRow(1, { trace_address: "", from_address: A, to_address: B, value: "5", ...over });
	const told = (...files: readonly (readonly Cells[])[]) =>
		atDesk(async ({ store, file, load, ledger }) => {
			for (const [i, rows] of files.entries()) await load(file(`${i}/${A}.csv`, csv(rows)));
			const { coverage } = await store.profile(accountId(ETHEREUM, A), 1);
			const natives = coverage.filter(({ kinds }) => kinds.includes("native"));
			return { ledger: await ledger(B), covered: natives.some((c) => c.fromHeight <= 5_000_001 && 5_000_001 <= c.toHeight) };
		});
	const value = expect.stringMatching(/^5000001\.0\.[0-9]+ native a1>b2 5$/);

	it("is the transaction's own value, alone and beside the transaction, in any order; nothing where it failed", async () => {
		expect((await told([root()])).ledger).toEqual([value]);
		expect((await told([etlRow(1)], [root()])).ledger).toEqual([value]);
		expect((await told([root()], [etlRow(1)])).ledger).toEqual([value]);
		expect((await told([root(), traceRow(1)])).ledger).toEqual([value, expect.stringContaining("internal b2>a1 4")]);
		expect((await told([root({ status: "0" }), traceRow(1)])).ledger).toEqual([]);
		await expect(told([etlRow(1)], [root({ value: "6" })])).rejects.toMatchObject({ code: "CONFLICT" });
	});

	it("names the contract that a creation made, and ends a list of transactions that leaves it out", async () => {
		const created = await told([etlRow(1, { to_address: "", receipt_contract_address: "" })], [root({ trace_type: "create" })]);
		expect(created.ledger).toEqual([value]);
		const rows = [apiRow(7, { blockNumber: "5000000", from: C, to: A }), apiRow(8, { blockNumber: "5000003" })];
		expect((await told(rows)).covered).toBe(true);
		for (const files of [
			[[root()], rows],
			[rows, [root()]],
		])
			expect((await told(...files)).covered).toBe(false);
	});
});
