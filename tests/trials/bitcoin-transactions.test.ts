import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { importBitcoinCore, importBitcoinEtl } from "@clew/chains";
import { accountId, parseChainId } from "@clew/core";
import { describe, expect, it } from "vitest";
import { mustClew, scratch } from "../clew.js";
import { atDesk } from "./reading.js";

const BITCOIN = parseChainId("bitcoin");

/** A payment of block 50001 as bitcoin-etl exports it, its inputs enriched with what they spend. */
const PAID = {
	hash: "7940cdde4d713e171849efc6bd89939185be270266c94e92369e3877ad89455a",
	size: 273,
	virtual_size: 273,
	version: 1,
	lock_time: 0,
	block_number: 50001,
	block_hash: "000000001c920d495e1eeef2452b6d1c6c229a919b28196c103ecffebabee141",
	block_timestamp: 1270917100 as number | string,
	is_coinbase: false,
	input_count: 2,
	output_count: 1,
	inputs: [
		{
			index: 0,
			spent_transaction_hash: "76a8d70a757be5055f60be076b683897cadaad6b7bdf78c43e39b9d59cb4a6ea",
			spent_output_index: 0,
			script_hex:
				"493046022100e0bc99e312e428ea1559b5bc2e3210f3a7202a7f8b2ee124c6ea9aeda497ecac022100ccda2dc6aac965b4ba3116bc529838538ac0c99fe1a295941d00b5e351f86f0f01",
			sequence: 4294967295,
			required_signatures: 1,
			type: "pubkey",
			addresses: ["1DoQeKfU3dYhN9bxMpFFcVUnufCPDqSPae"],
			value: 5000000000,
		},
		{
			index: 1,
			spent_transaction_hash: "0dd0394c6240355f4e4b3c88028f678ed746cebee3b3e8509620733f018914c9",
			spent_output_index: 0,
			script_hex:
				"4830450221008e991969e0ba7ddcb036c42286403ceb495f6654a13854b01f36fcedc373320d02206a7bb838a88350e492b5f4eecd6b060f5e50b0c76d2353857db97fb48e5d61bb01",
			sequence: 4294967295,
			required_signatures: 1,
			type: "pubkey",
			addresses: ["1PZMgkF2x161qvfP7dhoWSEEU3SjnQE1m9"],
			value: 5000000000,
		},
	],
	outputs: [
		{
			index: 0,
			script_asm: "OP_DUP OP_HASH160 b5cd7aaed869cd5ccb45868e8666e7e934a23736 OP_EQUALVERIFY OP_CHECKSIG",
			script_hex: "76a914b5cd7aaed869cd5ccb45868e8666e7e934a2373688ac",
			required_signatures: 1,
			type: "pubkeyhash",
			addresses: ["1HaHTfmvoUW6i6nhJf8jJs6tU4cHNmBQHQ"],
			value: 10000000000,
		},
	],
	fee: 0,
};
const COINBASE = {
	...PAID,
	hash: "e1882d41800d96d0fddc196cd8d3f0b45d65b030c652d97eaba79a1174e64d58",
	is_coinbase: true,
	input_count: 0,
	inputs: [],
	outputs: [
		{
			index: 0,
			script_hex:
				"4104c1b5671c8975087cc796d6ea73d2407591528b5c669106f9b6ab6ef6e373a57553e14866aaeffc44a9f58e5ee0c7faa7add7474f0a2c55a22cb40b949fdc933cac",
			type: "pubkey",
			addresses: ["1PkqKGbNLDdDJGveCcNUMV9CEFH77ADrPQ"],
			value: 5000000000,
		},
	],
};
const lines = (...values: readonly object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join("");
/** A copy in which one piece of text is another. */
const edited = (value: object, from: string, to: string) => {
	const text = JSON.stringify(value);
	expect(text).toContain(from);
	return JSON.parse(text.replace(from, to)) as object;
};

describe("bitcoin-etl's transactions", () => {
	const read = (text: string) =>
		atDesk(async ({ store, file }) => {
			const { added, heights } = await importBitcoinEtl(store, file("transactions.json", text));
			const spent = (await store.utxoTransactions(BITCOIN, { height: 50001, txIndex: 0 }, 100)).flatMap(({ inputs }) => inputs);
			return { added, heights, spent: spent.map(({ previous }) => `${previous?.account} ${previous?.scriptType} ${previous?.value}`) };
		}, BITCOIN);

	it("are read from lines, a list, and as BigQuery writes them", async () => {
		const spent = ["1DoQeKfU3dYhN9bxMpFFcVUnufCPDqSPae", "1PZMgkF2x161qvfP7dhoWSEEU3SjnQE1m9"];
		const whole = { added: 2, heights: [50001, 50001], spent: spent.map((owner) => `${accountId(BITCOIN, owner)} p2pk 5000000000`) };
		const first = await read(lines(COINBASE, PAID));
		expect(first).toMatchObject(whole);
		expect(await read(JSON.stringify([COINBASE, PAID]))).toEqual(first);
		const inBigQuery = (value: object) =>
			JSON.stringify({ ...value, block_timestamp: "2010-04-10 16:31:40 UTC" }).replace(/:(\d+)([,}])/g, ':"$1"$2');
		expect(await read(`${inBigQuery(COINBASE)}\n${inBigQuery(PAID)}\n`)).toEqual(first);
	});

	it.each([
		["an amount that was changed", edited(PAID, '"value":10000000000', '"value":9000000000'), /hashes to [0-9a-f]{64}/],
		[
			"an output that was paid to another",
			edited(PAID, "b5cd7aaed869cd5ccb45868e8666e7e934a2373688ac", `${"b5".repeat(20)}88ac`),
			/hashes to/,
		],
		[
			"an address that is not the script's",
			edited(PAID, "1HaHTfmvoUW6i6nhJf8jJs6tU4cHNmBQHQ", "1PZMgkF2x161qvfP7dhoWSEEU3SjnQE1m9"),
			/is not that of the script/,
		],
		["fewer inputs than it counts", { ...PAID, inputs: PAID.inputs.slice(0, 1) }, /has 2 inputs, and 1 are told/],
		["an input told twice", { ...PAID, inputs: [PAID.inputs[0], PAID.inputs[0]] }, /of its inputs number 1 is missing, or told twice/],
		["a fee that is not what is left over", { ...PAID, fee: 7 }, /fee of 7 satoshi/],
		["a coinbase that spends", { ...PAID, is_coinbase: true, input_count: 0 }, /is a coinbase and spends/],
		["another chain", { ...PAID, blockchain: "dogecoin" }, /transactions\.json:1: is of chain "dogecoin" by its blockchain/],
		["a sum of inputs that is not theirs", { ...PAID, input_value: 1 }, /tells 1 satoshi of all its inputs, and they tell 10000000000/],
		["a sum of outputs that is not theirs", { ...PAID, output_value: 1 }, /tells 1 satoshi of all its outputs/],
		["a lock time beyond 32 bits", { ...PAID, lock_time: 99999999999 }, /transactions\.json:1: is not a .*32 bits/],
		[
			"a sequence beyond 32 bits",
			edited(PAID, '"sequence":4294967295', '"sequence":4294967296'),
			/transactions\.json:1: is not a .*32 bits/,
		],
		["an output beyond 32 bits", edited(PAID, '"spent_output_index":0', '"spent_output_index":99999999999'), /is not a .*32 bits/],
		["a block that no chain has", { ...PAID, block_number: 9000000000 }, /transactions\.json:1: block 9000000000 is above/],
		["a day for a time", { ...PAID, block_timestamp: "2010-04-10" }, /block_timestamp/],
		["rounded satoshi", edited(PAID, '"value":10000000000', '"value":1.0e10'), /is not a transaction as bitcoin-etl gives it/],
	])("%s is refused", async (_, value, message) => {
		const text = message.source.startsWith("is not a transaction")
			? lines(PAID).replace('"value":10000000000', '"value":1.0e10')
			: lines(value);
		await expect(read(text)).rejects.toThrow(message);
	});

	it("told sums and a chain that agree are no difference", async () => {
		const told = { ...PAID, blockchain: "bitcoin", input_value: 10000000000, output_value: 10000000000 };
		expect(await read(lines(told))).toMatchObject({ added: 1 });
	});

	it("a file of another kind is named", async () => {
		await expect(read('{"hash":"a","inputs":[],"out":[],"tx_index":1}')).rejects.toThrow(/blockchain\.info/);
	});
});

/** Block 170 of the chain, with the first payment ever made, from its bytes. */
const BLOCKS = readFileSync(new URL("../../fixtures/bitcoin/blocks-1-256.dat", import.meta.url));
const PAYMENT = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16";
const BLOCK = "00000000d1145790a8694403d4063f323d499e655c83426834d4ce2f8dd4a2ee";
const block170 = (() => {
	for (let at = 0, n = 1; ; n++) {
		const length = BLOCKS.readUInt32LE(at + 4);
		if (n === 170) return BLOCKS.subarray(at + 8, at + 8 + length);
		at += 8 + length;
	}
})();
const reversed = (bytes: Uint8Array) => Buffer.from(bytes).reverse().toString("hex");
const sha = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();
/** The payment's bytes stand behind the coinbase's, which has 134. */
const payment = block170.subarray(81 + 134).toString("hex");
const header = {
	hash: BLOCK,
	confirmations: 900000,
	height: 170,
	version: block170.readInt32LE(0),
	versionHex: "00000001",
	merkleroot: reversed(block170.subarray(36, 68)),
	time: block170.readUInt32LE(68),
	nonce: block170.readUInt32LE(76),
	bits: reversed(block170.subarray(72, 76)),
	previousblockhash: reversed(block170.subarray(4, 36)),
	nTx: 2,
};
const raw = {
	txid: PAYMENT,
	hash: PAYMENT,
	version: 1,
	size: 275,
	vin: [{ txid: "0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9", vout: 0, sequence: 4294967295 }] as object[],
	vout: [{ value: 10, n: 0 }],
	hex: payment,
	blockhash: BLOCK,
	confirmations: 900000,
	time: header.time,
	blocktime: header.time,
};
const ofWallet = {
	amount: -10,
	fee: -0.0,
	confirmations: 900000,
	blockhash: BLOCK,
	blockheight: 170,
	blockindex: 1,
	blocktime: header.time,
};
const wallet = { ...ofWallet, txid: PAYMENT, time: 1, details: [{ category: "send", vout: 0 }], hex: payment };

describe("transactions as Bitcoin Core gives them", () => {
	it("the fixture is what it says", () => {
		expect(reversed(sha(sha(block170.subarray(0, 80))))).toBe(BLOCK);
		expect(reversed(sha(sha(Buffer.from(payment, "hex"))))).toBe(PAYMENT);
	});

	const read = (...files: readonly (object | string)[]) =>
		atDesk(async ({ store, file }) => {
			const paths = files.map((value, i) => file(`${i}.json`, typeof value === "string" ? value : JSON.stringify(value)));
			const reports = await importBitcoinCore(store, paths);
			const found = (await store.utxoTransactions(BITCOIN, { height: 0, txIndex: 0 }, 100)).map(({ source: _, ...tx }) => tx);
			return { added: reports.reduce((sum, { added }) => sum + added, 0), notes: reports.flatMap(({ notes = [] }) => notes), found };
		}, BITCOIN);

	it("a wallet's tells its block, a node's takes it from the header beside it", async () => {
		const first = await read(wallet);
		expect(first).toMatchObject({ added: 1, notes: [] });
		for (const files of [
			[raw, header],
			[
				{ result: header, error: null, id: 1 },
				{ result: raw, error: null, id: 2 },
			],
			[[header, raw]],
			[lines(header, raw)],
		])
			expect(await read(...files)).toEqual(first);
	});

	it("what a node tells of spent outputs is kept", async () => {
		const prevout = {
			generated: true,
			height: 9,
			value: 50,
			scriptPubKey: {
				hex: "410411db93e1dcdb8a016b49840f8c53bc1eb68a382e97b1482ecad7b148a6909a5cb2e0eaddfb84ccf9744464f82e160bfa9b8b64f9d4c03f999b8643f656b412a3ac",
				type: "pubkey",
			},
		};
		const told = { ...raw, vin: [{ ...raw.vin[0], prevout }], fee: 0 };
		expect(await read(told, header)).toMatchObject({ added: 1 });
		await expect(read({ ...told, fee: 0.5 }, header)).rejects.toThrow(/fee of 50000000 satoshi/);
	});

	it.each([
		["a node's transaction whose block nobody tells", [raw], /nobody tells the height and time/],
		["bytes of another transaction", [{ ...wallet, hex: payment.replace("00ca9a3b", "00ca9a3c") }], /was asked for transaction f4184fc5/],
		["bytes that are cut off", [{ ...wallet, hex: payment.slice(0, 40) }], /are no transaction/],
		["a transaction without bytes", [{ ...raw, hex: undefined }], /is not a transaction as Bitcoin Core gives it, with its bytes/],
		["a header that was changed", [raw, { ...header, time: header.time + 1 }], /hashes to/],
		["a header that is stale", [raw, { ...header, confirmations: -1 }], /not on the node's best chain/],
		["an answer that is an error", [{ result: wallet, error: { code: -5, message: "no such" } }], /the answer is an error: "no such"/],
		["a block that no chain has", [{ ...wallet, blockheight: 9000000000 }], /0\.json:1: block 9000000000 is above/],
		["two heights of one block", [{ ...wallet, blockheight: 171 }, header], /is block 170/],
		["a wallet's list", [[{ category: "send", confirmations: 1, txid: PAYMENT, blockhash: BLOCK }]], /listtransactions/],
	])("%s is refused", async (_, files, message) => {
		await expect(read(...files)).rejects.toThrow(message);
	});

	it("are read from a folder, too, by the command line", () => {
		const folder = scratch();
		const files = { "raw.json": JSON.stringify(raw), "header.json": JSON.stringify(header), "notes.txt": "" };
		for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
		const place = join(scratch(), "a.clew");
		mustClew("case", "new", place, "--title", "t", "--chain", "bitcoin");
		expect(mustClew("import", "core", folder, "--case", place)).toContain("raw.json: 1 transactions added");
	});

	it("one that is in no block is left out and counted", async () => {
		const { blockhash: _, ...pending } = wallet;
		const stale = [
			{ ...wallet, confirmations: -3 },
			{ ...wallet, confirmations: 0 },
			{ ...wallet, in_active_chain: false },
		];
		const { added, notes } = await read([pending, ...stale, wallet]);
		expect({ added, notes }).toEqual({ added: 1, notes: ["4 transactions that are in no block of the best chain were left out"] });
	});
});
