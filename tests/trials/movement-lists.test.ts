import { describe, expect, it } from "vitest";
import { A, atDesk, B, C, type Cells, csv, internalRow, tokenRow } from "./reading.js";

/** What lists of accounts' movements cover, each in an import of its own, and what is said of them. */
const read = (...files: readonly (readonly [account: string, rows: readonly Cells[]])[]) =>
	atDesk(async ({ load, file }) => {
		const reports = [];
		for (const [i, [account, rows]] of files.entries()) reports.push(...(await load(file(`${i}/list-${account}.csv`, csv(rows)))));
		return reports.map(({ covers, notes }) => ({ covers, lacks: notes.filter((note) => note.includes("does not list")) }));
	});
const conflict = { code: "CONFLICT", message: expect.stringMatching(/one source says .* base units from .* another .* both list all of/) };
const whole = { covers: [[0, 190]], lacks: [] };

describe.each([
	["a token", (n: number, over: Cells = {}) => tokenRow(n, over)],
	["calls", (n: number, over: Cells = {}) => internalRow(n, { from: A, to: B, ...over })],
] as const)("two accounts' lists of %s", (_, row) => {
	const [first, last] = [row(1, { to: C }), row(90, { to: C })];

	it("that agree cover all that they claim", async () => {
		const paid = row(50);
		const [, theirs] = [await read([A, [first, paid, last]]), await read([B, [paid]], [A, [first, paid, last]])];
		expect(theirs[1]).toEqual(whole);
	});

	it("of which one lacks what the other tells: it covers nothing around it, in any order of import", async () => {
		const lacking = { covers: [[0, 100]], lacks: [expect.stringContaining("does not list all of block 150")] };
		expect((await read([B, [row(50)]], [A, [first, last]]))[1]).toEqual(lacking);
		expect(await read([B, [row(50), row(60)]], [A, [first, row(50), last]])).toMatchObject([{}, { covers: [[0, 149]] }]);
	});

	it("that tell one movement with two amounts are refused, not added up", async () => {
		const [fifty, sixty] = [row(50, { value: "50" }), row(50, { value: "60" })];
		await expect(read([A, [first, fifty, last]], [B, [sixty]])).rejects.toMatchObject(conflict);
		await expect(read([B, [sixty]], [A, [first, fifty, last]])).rejects.toMatchObject(conflict);
		await expect(read([A, [first, fifty, last]], [A, [first, sixty, last]])).rejects.toMatchObject(conflict);
		await expect(read([A, [first, fifty, sixty, last]], [B, [fifty, sixty]])).resolves.toMatchObject([whole, {}]);
	});
});

it("movements of nothing, and of coins that wrap others, are in no list of need", async () => {
	const none = tokenRow(50, { value: "0" });
	expect((await read([B, [none]], [A, [tokenRow(1, { to: C }), tokenRow(90, { to: C })]]))[1]).toEqual(whole);
});
