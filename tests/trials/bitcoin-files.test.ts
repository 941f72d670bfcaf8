import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { importBitcoinCsv, importEsplora } from "@clew/chains";
import { parseChainId } from "@clew/core";
import { afterAll, describe, expect, it } from "vitest";
import { mustClew, scratch } from "../clew.js";
import { atDesk } from "./reading.js";

const BITCOIN = parseChainId("bitcoin");
const id = (n: number) => n.toString(16).padStart(64, "0");
const script = (n: number) => `76a914${n.toString(16).padStart(40, "0")}88ac`;
const refused = (words: RegExp) => ({ code: "CONFLICT", message: expect.stringMatching(words) });

const OUTPUTS = ["block_id", "transaction_hash", "index", "time", "value", "script_hex", "is_from_coinbase"];
const INPUTS = [...OUTPUTS, "spending_block_id", "spending_transaction_hash", "spending_index", "spending_time", "spending_sequence"];
const time = (height: number) => new Date((1_231_006_505 + height * 600) * 1000).toISOString().slice(0, 19).replace("T", " ");
const made = (block: number, tx: number, value: number, coinbase: 0 | 1 = 0) =>
	[block, id(tx), 0, time(block), value, script(tx), coinbase].join(",");
const spent = (row: string, block: number, tx: number) => [row, block, id(tx), 0, time(block), 4_294_967_293].join(",");

describe("Blockchair's dumps", () => {
	const coinbase = made(100, 1, 5_000_000_000, 1);
	const paid = made(300, 2, 4_999_990_000);
	const read = (outputs: readonly string[], inputs: readonly string[], swapped = false) =>
		atDesk(async ({ store, file }) => {
			const files = [
				file("outputs.csv", `${[OUTPUTS.join(","), ...outputs].join("\n")}\n`),
				file("inputs.csv", `${[INPUTS.join(","), ...inputs].join("\n")}\n`),
			];
			const [report] = await importBitcoinCsv(store, swapped ? files.reverse() : files);
			return report?.added;
		}, BITCOIN);

	it("are read where they agree, in either order", async () => {
		for (const swapped of [false, true]) expect(await read([coinbase, paid], [spent(coinbase, 300, 2)], swapped)).toBe(2);
	});

	it.each([
		[
			"a coinbase that spends an output",
			[coinbase, made(300, 2, 4_999_990_000, 1)],
			[spent(coinbase, 300, 2)],
			/is a coinbase .*which spends none/,
		],
		[
			"an output of a later block than it is spent in",
			[paid],
			[spent(made(301, 9, 5_000_000_000), 300, 2)],
			/made in block 301 .*after block 300/,
		],
		["two blocks of one origin", [coinbase, paid], [spent(made(99, 1, 5_000_000_000, 1), 300, 2)], /is in block (100|99) by/],
		[
			"one that is and is no coinbase",
			[coinbase, paid],
			[spent(made(100, 1, 5_000_000_000, 0), 300, 2)],
			/is_from_coinbase: .*says otherwise/,
		],
		["two owners of one output", [coinbase, paid], [spent(coinbase.replace(script(1), script(7)), 300, 2)], /different owners/],
		[
			"time that runs backwards",
			[coinbase, paid.replace(time(300), "2009-01-01 00:00:00")],
			[spent(coinbase, 300, 2).replace(time(300), "2009-01-01 00:00:00")],
			/time runs backwards/,
		],
	])("that tell of %s are refused, in either order", async (_, outputs, inputs, words) => {
		for (const swapped of [false, true]) await expect(read(outputs, inputs, swapped)).rejects.toMatchObject(refused(words));
	});
});

/** A coinbase as Esplora tells it. */
const block = (n: number, height: number, over: { readonly hash?: number; readonly time?: number } = {}) => ({
	txid: id(n),
	version: 2,
	locktime: 0,
	vin: [{ txid: id(0), vout: 4_294_967_295, prevout: null, is_coinbase: true, sequence: 0 }],
	vout: [{ scriptpubkey: script(n), value: 5_000_000_000 }],
	status: {
		confirmed: true,
		block_height: height,
		block_hash: id(over.hash ?? 1_000 + height),
		block_time: over.time ?? 1_231_006_505 + height * 600,
	},
});
const DAY = 86_400;

describe("Esplora's answers", () => {
	const read = (...files: readonly (readonly object[])[]) =>
		atDesk(async ({ store, file }) => {
			let added = 0;
			for (const [i, rows] of files.entries()) added += (await importEsplora(store, file(`${i}.json`, JSON.stringify(rows)))).added;
			return added;
		}, BITCOIN);

	it.each([
		["two hashes of one height", [block(1, 100), block(2, 100, { hash: 7 })], /block 100 is .*and /],
		[
			"one hash at two heights",
			[block(1, 100, { hash: 7 }), block(2, 101, { hash: 7 })],
			/has height 101 here, and height 100 at .*0\.json:1/,
		],
		["two times of one block", [block(1, 100), block(2, 100, { time: 5 })], /rows give block 100 the times/],
	])("with %s are refused", async (_, rows, words) => {
		await expect(read(rows)).rejects.toMatchObject(refused(words));
	});

	it("that name another owner of a spent output than its own transaction does are refused, in one file or two, in either order", async () => {
		const maker = block(1, 100);
		const spending = (scriptpubkey: string) => ({
			...block(2, 300),
			vin: [{ txid: id(1), vout: 0, prevout: { scriptpubkey, value: 5_000_000_000 }, is_coinbase: false, sequence: 0 }],
			vout: [{ scriptpubkey: script(2), value: 4_999_990_000 }],
		});
		const [right, wrong] = [spending(script(1)), spending(script(7))];
		for (const files of [[[maker, wrong]], [[wrong, maker]], [[maker], [wrong]], [[wrong], [maker]]])
			await expect(read(...files)).rejects.toMatchObject(refused(/different owners/));
		expect(await read([maker], [right])).toBe(2);
		expect(await read([right], [maker])).toBe(2);
	});

	it("of a key's own output and an address of that key agree: both are one owner", async () => {
		const key = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
		const output = { scriptpubkey: `21${key}ac`, value: 5_000_000_000 };
		const maker = { ...block(1, 100), vout: [output] };
		const spending = {
			...block(2, 300),
			vin: [
				{
					txid: id(1),
					vout: 0,
					prevout: { ...output, scriptpubkey_address: "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH" },
					is_coinbase: false,
					sequence: 0,
				},
			],
			vout: [{ scriptpubkey: script(2), value: 4_999_990_000 }],
		};
		expect(await read([maker], [spending])).toBe(2);
		expect(await read([spending], [maker])).toBe(2);
	});

	it("whose time runs backwards by more than a day are refused, wherever the blocks stand; by less, as the rules allow, they are read", async () => {
		const [low, far] = [block(1, 100, { time: 1_700_000_000 }), block(3, 300, { time: 1_700_500_000 })];
		const at = (behind: number) => block(2, 200, { time: 1_700_000_000 - behind });
		expect(await read([low, far, at(DAY)])).toBe(3);
		for (const rows of [
			[low, far, at(DAY + 1)],
			[at(DAY + 1), far, low],
			[far, at(DAY + 1), low],
		])
			await expect(read(rows)).rejects.toMatchObject(refused(/time runs backwards/));
		await expect(read([low], [at(DAY + 1)])).rejects.toMatchObject(refused(/time runs backwards/));
		await expect(read([at(DAY + 1)], [low])).rejects.toMatchObject(refused(/time runs backwards/));
	});
});

describe("a trace of them", () => {
	const folder = scratch();
	const place = join(folder, "a.clew");
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	it("says the highest block with data, and that fees of a block that is not whole were not followed", () => {
		const source = block(1, 699_000);
		const pays = {
			...block(2, 700_000),
			vin: [{ txid: source.txid, vout: 0, prevout: source.vout[0], is_coinbase: false, sequence: 4_294_967_293 }],
			vout: [{ scriptpubkey: script(9), value: 4_999_990_000 }],
		};
		writeFileSync(join(folder, "txs.json"), JSON.stringify([{ ...source, vout: [{ ...source.vout[0], value: 5_000_000_000 }] }, pays]));
		mustClew("case", "new", place, "--title", "t", "--chain", "bitcoin");
		mustClew("import", "esplora", join(folder, "txs.json"), "--case", place);
		const trace = (...more: string[]) => mustClew("trace", "--case", place, "--seed", `outpoint:${source.txid}:0`, ...more);
		expect(trace()).toContain("data up to block 700000");
		const gapsOf = (fee: string) =>
			JSON.parse(trace("--fee", fee, "--json")).coverage.gaps.filter((gap: { text: string }) =>
				gap.text.includes("fees were not followed"),
			);
		expect(gapsOf("coinbase")).toEqual([expect.objectContaining({ kind: "block-data", fromHeight: "700000", toHeight: "700000" })]);
		expect(gapsOf("last")).toEqual([]);
	});
});
