import { formatsOf, importFile } from "@clew/chains";
import { startOf } from "@clew/core";
import { describe, expect, it } from "vitest";
import { atDesk, ETHEREUM } from "./reading.js";

/** Rows as `ethereumetl stream` writes them: facts of blocks 508110, 1755635 and 17173049, without inputs. */
const TRANSACTION = `{"type": "transaction", "hash": "0x9a5437ec71b74ecf5930b406908ac6999966d38a86d1534b7190ece7599095eb", "nonce": 3745, "transaction_index": 1, "from_address": "0x3763e6e1228bfeab94191c856412d1bb0a8e6996", "to_address": "0xec1ebac9da3430213281c80fa6d46378341a96ae", "value": 405738107000000000, "gas": 90000, "gas_price": 20000000000, "input": "0x", "block_timestamp": 1466669562, "block_number": 1755635, "block_hash": "0x1dec87ec1ba8e65b7773bb6f62249468948a28a427efd3d896a2ff7d7c591a67", "max_fee_per_gas": null, "max_priority_fee_per_gas": null, "transaction_type": 0, "receipt_cumulative_gas_used": 57418, "receipt_gas_used": 21000, "receipt_contract_address": null, "receipt_root": "0x379f143510d5703cf162e37e61d906341b4a6acf4f339d422c656000ccd5898f", "receipt_status": null, "receipt_effective_gas_price": 20000000000, "item_id": "transaction_0x9a5437ec71b74ecf5930b406908ac6999966d38a86d1534b7190ece7599095eb", "item_timestamp": "2016-06-23T08:12:42Z"}`;
const TOKEN = `{"type": "token_transfer", "token_address": "0xbb9bc244d798123fde783fcc1c72d3bb8c189413", "from_address": "0x6498077292a0921c8804924fdf47b5e91e2a215f", "to_address": "0x8b3b3b624c3c0397d3da8fd861512393d51dcbac", "value": 5000000000000000000, "transaction_hash": "0x2e3dcd051a91d3a694f6b8de2ac4b5fe7acdba55f58bcf8471ff00d4a430074d", "log_index": 0, "block_number": 1755635, "block_timestamp": 1466669562, "block_hash": "0x1dec87ec1ba8e65b7773bb6f62249468948a28a427efd3d896a2ff7d7c591a67", "item_id": "token_transfer_0x2e3dcd051a91d3a694f6b8de2ac4b5fe7acdba55f58bcf8471ff00d4a430074d_0"}`;
const TRACES = [
	`{"type": "trace", "transaction_index": 1, "from_address": "0xfecab546498f74591d4f6d448a4a63552850f122", "to_address": "0x32be343b94f860124dc4fee278fdcbd38c102d88", "value": 4949989500000000000, "input": "0x", "output": "0x", "trace_type": "call", "call_type": "call", "reward_type": null, "gas": 0, "gas_used": 0, "subtraces": 0, "trace_address": [], "error": null, "status": 1, "transaction_hash": "0x435f5f71090a14a7eca2d7c14103f9dbaa962777bc959794e5c6d17ed771406e", "block_number": 508110, "trace_id": "call_0x435f5f71090a14a7eca2d7c14103f9dbaa962777bc959794e5c6d17ed771406e_", "trace_index": 1, "block_timestamp": 1446973196, "block_hash": "0xc881ee96ddf8b5be74d7680ccda437466b14b9d942aa0161f139fe920690f665"}`,
	`{"type": "trace", "transaction_index": null, "from_address": null, "to_address": "0x2a65aca4d5fc5b5c859090a6c34d164135398226", "value": 5156250000000000000, "input": null, "output": null, "trace_type": "reward", "call_type": null, "reward_type": "block", "gas": null, "gas_used": null, "subtraces": 0, "trace_address": [], "error": null, "status": 1, "transaction_hash": null, "block_number": 508110, "trace_id": "reward_508110_0", "trace_index": 2, "block_timestamp": 1446973196, "block_hash": "0xc881ee96ddf8b5be74d7680ccda437466b14b9d942aa0161f139fe920690f665"}`,
];
/** The same row with an amount that no float is printed like. */
const exact = (row: string, value: string) =>
	row
		.replace(/"value": [0-9]+/, `"value": ${value}`)
		.replace(/("(?:transaction_)?hash": "0x[0-9a-f]{60})[0-9a-f]{4}"/, '$10000"')
		.replace(/"transaction_index": 1,/, '"transaction_index": 2,');

const read = (...rows: readonly string[]) =>
	atDesk(async ({ store, file }) => {
		const formats = formatsOf("ethereum-etl", () => undefined);
		const path = file("rows.json", `${rows.join("\n")}\n`);
		await store.atomically((tx) => importFile(tx, path, { chain: ETHEREUM, formats, skipBad: false, ignoreUnknown: false }));
		return (await store.scan(ETHEREUM, startOf(0), 100)).map(({ kind, amount }) => `${kind} ${amount}`);
	});

describe("ethereum-etl's JSON lines, whose amounts are bare numbers", () => {
	it("are read where one amount shows that no program rounded them", async () => {
		expect((await read(TRANSACTION, exact(TRANSACTION, "405738107000000001"))).sort()).toEqual([
			"fee 420000000000000",
			"fee 420000000000000",
			"native 405738107000000000",
			"native 405738107000000001",
		]);
		expect((await read(TOKEN, exact(TOKEN, "31337000000000000007").replace('"log_index": 0', '"log_index": 1'))).sort()).toEqual([
			"token 31337000000000000007",
			"token 5000000000000000000",
		]);
		const [call = "", reward = ""] = TRACES;
		expect((await read(call, reward, exact(call, "1152921504606846977"))).sort()).toEqual([
			"native 1152921504606846977",
			"native 4949989500000000000",
			"reward 5156250000000000000",
		]);
	});

	it.each([
		["round numbers alone", [TRANSACTION]],
		["the shortest digits of a float", [exact(TRANSACTION, "405738107123456770")]],
		["a float's exact value", [exact(TRANSACTION, (2n ** 70n + 2n ** 30n).toString())]],
		["seventeen digits of a float", [exact(TRANSACTION, "12345678901234567000")]],
	])("are refused where they may be rounded: %s", async (_, rows) => {
		await expect(read(...rows)).rejects.toMatchObject({
			message: expect.stringMatching(/rows\.json:1: value: numbers beyond 2\^53 .*must be strings/),
			hint: expect.stringMatching(/CSV/),
		});
	});

	/** With an amount that no float is printed like, after the receipts of Byzantium. */
	const SURE = exact(TRANSACTION, "405738107000000001").replace('"receipt_status": null', '"receipt_status": 1');
	it.each([
		[
			"a status beside",
			SURE.replace('"nonce"', '"success": false, "nonce"'),
			/column success tells a failure, "false", and column receipt_status a success, "1"/,
		],
		[
			"an error beside",
			SURE.replace('"nonce"', '"isError": 1, "nonce"'),
			/column isError tells a failure, "1", and column receipt_status a success/,
		],
		[
			"an error where the receipt has no status",
			exact(TRANSACTION, "405738107000000001").replace('"nonce"', '"isError": 1, "nonce"'),
			/column isError tells a failure, "1", and column receipt_status /,
		],
		[
			"a kind that its columns are not",
			SURE.replace('"type": "transaction"', '"type": "trace"'),
			/column type: expected transaction, .*"trace"/,
		],
		["a key told twice", SURE.replace('"gas": 90000', '"gas": 90000, "value": 7'), /two things under the key "value"/],
	])("%s is refused", async (_, row, message) => {
		await expect(read(row)).rejects.toThrow(message);
		expect(await read(SURE)).toHaveLength(2);
	});

	it("what another key shows says nothing of the amounts", async () => {
		await expect(read(TRANSACTION.replace('"gas": 90000', '"gas": 9007199254740993'))).rejects.toThrow(/value: numbers beyond/);
	});
});
