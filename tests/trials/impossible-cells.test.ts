import { importBitcoinCsv, importEsplora } from "@clew/chains";
import { type ChainId, parseChainId } from "@clew/core";
import { describe, expect, it } from "vitest";
import { A, apiRow, atDesk, type Cells, csv, ETHEREUM, etlRow, internalRow, tokenRow } from "./reading.js";

const NOW = Math.floor(Date.now() / 1000);
const DAY = 86_400;
const BITCOIN = parseChainId("bitcoin");
const OPTIMISM = parseChainId("eip155:10");
const name = `txlist-${A}.csv`;
const load = (rows: readonly Cells[], chain: ChainId = ETHEREUM, skipBad = false) =>
	atDesk(
		async ({ file, load: read, store }) => {
			const [report] = await read(file(name, csv(rows)));
			return { bad: report?.bad, ends: (await store.coverage(chain)).map(({ toHeight }) => toHeight) };
		},
		chain,
		skipBad,
	);
const refused = (words: RegExp) => ({ message: expect.stringMatching(words), where: expect.stringMatching(/:2$/) });

describe("the end of data that confirmations tell", () => {
	const at = (confirmations: number | string) => [{ ...apiRow(1), confirmations: `${confirmations}` }];

	it("is believed where the chain can have come so far", async () => {
		expect(await load(at(25_000_000 - 101))).toEqual({ bad: [], ends: [25_000_000] });
		expect(await load(at(1_000_000_000), OPTIMISM)).toEqual({ bad: [], ends: [1_000_000_101] });
	});

	it.each<[string, number, ChainId, RegExp]>([
		["above what Ethereum's slots allow", 900_000_000, ETHEREUM, /tells 900000101 as the chain's last block: Ethereum had no block/],
		["above any height", 99_999_999_999, OPTIMISM, /block 100000000100 is above 1073741823/],
	])("is refused %s, with its place; with --skip-bad the row is left out", async (_, confirmations, chain, words) => {
		await expect(load(at(confirmations), chain)).rejects.toMatchObject(refused(words));
		const { bad, ends } = await load([...at(confirmations), { ...apiRow(2), confirmations: "5" }], chain, true);
		expect([bad, ends]).toEqual([[expect.stringMatching(words)], [107]]);
	});
});

describe("a row that no chain has", () => {
	const [later, soon] = [NOW + 2 * DAY, NOW + DAY / 2];

	it("is one of a time to come by this machine's clock, a day to spare", async () => {
		await expect(load([apiRow(1, { timeStamp: `${later}` })])).rejects.toMatchObject(refused(/is yet to come: by this machine's clock/));
		expect((await load([apiRow(1, { timeStamp: `${soon}` })])).bad).toEqual([]);
		expect((await load([apiRow(1, { timeStamp: `${later}` })], parseChainId("eip155:31337"))).bad).toEqual([]);
	});

	it("is one of a block that there is not yet, without a time too", async () => {
		const row = { ...etlRow(1), block_number: "900000000", block_timestamp: "" };
		await expect(load([row])).rejects.toMatchObject(refused(/Ethereum had no block 900000000 by/));
	});

	it("is one that moves more of the coin than there ever was, or pays it as a fee; of tokens, and of other chains, nobody knows", async () => {
		const much = `1${"0".repeat(39)}`;
		const words = /1000000000000000000000 ETH is more than there ever was/;
		await expect(load([apiRow(1, { value: much })])).rejects.toMatchObject(refused(words));
		await expect(load([apiRow(1, { gasPrice: much, gasUsed: "1" })])).rejects.toMatchObject(refused(words));
		await expect(load([internalRow(1, { value: much })])).rejects.toMatchObject(refused(words));
		expect((await load([tokenRow(1, { value: much })])).bad).toEqual([]);
		expect((await load([apiRow(1, { value: much })], OPTIMISM)).bad).toEqual([]);
		expect((await load([apiRow(1, { value: `1${"0".repeat(27)}` })])).bad).toEqual([]);
	});

	it("is refused of Bitcoin, too: by Esplora's answers and Blockchair's dumps", async () => {
		const id = "1".repeat(64);
		const transaction = (time: number) => ({
			txid: id,
			version: 2,
			locktime: 0,
			vin: [{ txid: "0".repeat(64), vout: 4_294_967_295, prevout: null, is_coinbase: true, sequence: 0 }],
			vout: [{ scriptpubkey: `76a914${"11".repeat(20)}88ac`, value: 5_000_000_000 }],
			status: { confirmed: true, block_height: 100, block_hash: "2".repeat(64), block_time: time },
		});
		const esplora = (time: number, chain: ChainId) =>
			atDesk(async ({ store, file }) => (await importEsplora(store, file("a.json", JSON.stringify([transaction(time)])))).added, chain);
		await expect(esplora(later, BITCOIN)).rejects.toMatchObject({ message: expect.stringMatching(/yet to come/) });
		expect(await esplora(soon, BITCOIN)).toBe(1);
		expect(await esplora(later, parseChainId("bitcoin-regtest"))).toBe(1);
		const dump = (value: string, more = "") =>
			atDesk(async ({ store, file }) => {
				const row = `100,${id},0,2009-02-01 00:00:00,${value},76a914${"11".repeat(20)}88ac,1`;
				const header = "block_id,transaction_hash,index,time,value,script_hex,is_from_coinbase";
				return importBitcoinCsv(store, [file("o.csv", more ? `${header},Value\n${row},${more}\n` : `${header}\n${row}\n`)]);
			}, BITCOIN);
		await expect(dump("2100000000000001")).rejects.toMatchObject({ message: expect.stringMatching(/2100000000000001 satoshi/) });
		await expect(dump("5000000000", "7")).rejects.toMatchObject(refused(/column Value: expected what column value says/));
	});
});

describe("two columns for one thing", () => {
	it.each<[string, Cells, Cells, RegExp]>([
		["another case", apiRow(1), { Value: "999" }, /column Value: expected what column value says, "5", found "999"/],
		["a receiver", apiRow(1), { To: `0x${"c3".repeat(20)}` }, /column To: expected what column to says/],
		["an error", apiRow(1), { IsError: "1" }, /column IsError: expected what column isError says, "0", found "1"/],
		["another style", apiRow(1), { block_number: "100" }, /column block_number: expected what column blockNumber says, "101"/],
		["a hash by another name", apiRow(1), { transaction_hash: `0x${"7".repeat(64)}` }, /column transaction_hash: .*column hash/],
		["an amount by another name", apiRow(1), { value_wei: "999" }, /column value_wei: expected what column value says/],
		["an outcome", apiRow(1, { txreceipt_status: "1" }), { status: "0" }, /column status: expected what column txreceipt_status says/],
		["decimals", tokenRow(1), { tokenDecimals: "18" }, /column tokenDecimals: expected what column tokenDecimal says/],
		["a block's hash", apiRow(1, { blockHash: `0x${"a".repeat(64)}` }), { block_hash: `0x${"b".repeat(64)}` }, /column block_hash: /],
		["an id", tokenRow(1, { tokenID: "1" }), { tokenId: "2" }, /column (tokenId|tokenID): expected what column/],
	])("that differ by %s are refused with both names, in either order", async (_, row, more, words) => {
		await expect(load([{ ...row, ...more }])).rejects.toMatchObject(refused(words));
		const swapped = Object.keys(more).join();
		await expect(load([{ ...more, ...row }])).rejects.toMatchObject(refused(new RegExp(`column .*${swapped}|${swapped}.*column`)));
	});

	it("that agree in other spellings are read; an empty one says nothing, and one that the format does not read is passed over", async () => {
		const from = `0x${A.slice(2).toUpperCase()}`;
		for (const more of [
			{ Value: "5.0" },
			{ From: from },
			{ IsError: "false" },
			{ block_number: "0101" },
			{ Value: "" },
			{ Note: "x", note: "y" },
		])
			expect((await load([{ ...apiRow(1), ...more }])).bad).toEqual([]);
		await expect(load([{ ...apiRow(1, { value: "" }), Value: "x" }])).rejects.toMatchObject(refused(/column value: .*found "x"/));
	});
});
