import { accountId } from "@clew/core";
import { describe, expect, it } from "vitest";
import { A, apiRow, atDesk, B, C, type Cells, csv, ETHEREUM, internalRow, siteRow, tokenRow } from "./reading.js";

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

	it("are compared by count: one that tells fewer equal movements covers nothing around them", async () => {
		const [one, twice] = [row(50), [row(50), row(50)]];
		const around = [
			[0, 149],
			[151, 190],
		];
		const lacking = { covers: around, lacks: [expect.stringContaining("does not list all of block 150")] };
		expect((await read([B, twice], [A, [first, one, last]]))[1]).toEqual(lacking);
		expect((await read([A, [first, ...twice, last]], [B, [one]]))[0]).toEqual(whole);
		expect((await read([B, twice], [A, [first, ...twice, last]]))[1]).toEqual(whole);
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

describe("lists of nothing", () => {
	/** What is covered of A's calls and tokens at the end, each file of an import of its own. */
	const covered = (...files: readonly (readonly [name: string, content: string])[]) =>
		atDesk(async ({ store, load, file }) => {
			for (const [name, content] of files) await load(file(name, content));
			const { coverage } = await store.profile(accountId(ETHEREUM, A), 1);
			const spans = (kind: string) => coverage.filter(({ kinds }) => kinds.join() === kind).map((c) => [c.fromHeight, c.toHeight]);
			return { internal: spans("internal"), token: spans("token"), notes: coverage.filter(({ note }) => note !== "").length };
		});
	const none = JSON.stringify({ status: "0", message: "No transactions found", result: [] });
	const calls = [`1/txlistinternal-${A}.json`, none] as const;
	const tokens = [`2/tokentx-${A}.json`, none] as const;
	const sent = (n: number) => [`3/txlist-${A}.csv`, csv([apiRow(n, { confirmations: "500" })])] as const;
	const range = [`4/export-${A}.csv`, csv([siteRow(3)])] as const;

	it("reach as far as the first of the account's other kinds, whatever was imported first", async () => {
		const others = [`5/tokentx-${A}.csv`, csv([tokenRow(3)])] as const;
		const expected = { internal: [[0, 103]], notes: 1 };
		for (const order of [
			[sent(3), calls, others],
			[calls, others, sent(3)],
			[others, sent(3), calls],
		])
			expect(await covered(...order)).toMatchObject(expected);
		for (const order of [
			[range, calls],
			[calls, range],
		])
			expect(await covered(...order)).toMatchObject({ internal: [[0, 103]] });
	});

	it("with the same bytes are two lists: what shows one to be incomplete says nothing of the other", async () => {
		const theirs = [`5/tokentx-${B}.csv`, csv([tokenRow(50)])] as const;
		const expected = { internal: [[0, 603]], token: [] };
		for (const order of [
			[sent(3), calls, tokens, theirs],
			[theirs, tokens, calls, sent(3)],
			[tokens, theirs, sent(3), calls],
		])
			expect(await covered(...order)).toMatchObject(expected);
	});
});

it("a file that tells other decimals of a known token than its makers publish is said to, and theirs are kept", async () => {
	const usdt = "0xdac17f958d2ee523a2206206994597c13d831ec7";
	const told = await atDesk(async ({ load, file, store }) => {
		const reports = await load(
			file(`tokentx-${A}.csv`, csv([tokenRow(1, { contractAddress: usdt, tokenSymbol: "USDC", tokenDecimal: "5" })])),
		);
		return {
			notes: reports.flatMap(({ notes }) => notes),
			asset: (await store.assets()).map(({ symbol, decimals }) => [symbol, decimals]),
		};
	});
	expect(told).toEqual({
		notes: expect.arrayContaining([expect.stringMatching(/its makers publish USDT with 6, which is kept/)]),
		asset: [["USDT", 6]],
	});
});
