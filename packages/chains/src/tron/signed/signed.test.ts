import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TRON_MAINNET } from "@clew/core";
import { describe, expect, it } from "vitest";
import { parseTronBlock } from "../decode/block.js";
import { message } from "../decode/wire-writer.js";
import { addressBytes, transaction } from "../made-up.test-util.js";
import { readSignedTron, readSignedTronJson } from "./signed.js";

const FIXTURES = join(import.meta.dirname, "../../../../../fixtures/tron");
const SIGNATURE = "11".repeat(65);
/** A payment of TRX that java-tron's documents show, with addresses in base58; which permission signed it stands in its bytes alone there. */
const PAYMENT = {
	txID: "0ae84a8439f5aa8fd2c458879a4031a7452aebed8e6e99ffbccd26842d4323c4",
	raw_data: {
		contract: [
			{
				parameter: {
					value: {
						amount: 1_000_000,
						owner_address: "TRGhNNfnmgLegT4zHNjEqDSADjgmnHvubJ",
						to_address: "TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW",
					},
					type_url: "type.googleapis.com/protocol.TransferContract",
				},
				type: "TransferContract",
				Permission_id: 2,
			},
		],
		ref_block_bytes: "163d",
		ref_block_hash: "77ef4ace148b05ba",
		expiration: 1_555_664_823_000,
		timestamp: 1_555_664_763_418,
	},
	raw_data_hex:
		"0a02163d220877ef4ace148b05ba40d8c5e5a6a32d5a69080112630a2d747970652e676f6f676c65617069732e636f6d2f70726f746f636f6c2e5472616e73666572436f6e747261637412320a1541a7d8a35b260395c14aa456297662092ba3b76fc01215415a523b449890854c8fc460ab602df9f31fe4293f18c0843d2802709af4e1a6a32d",
	visible: true,
	signature: [SIGNATURE],
};
/** A payment of USDT on the Nile test network, whose wallet wrote the version byte before the receiver. */
const TOKEN_PAYMENT = {
	txID: "c70b20da8cb8d96a99c1aceb283412acb9dea313a9e467178431a3c6ae8b9f08",
	raw_data: {
		contract: [
			{
				parameter: {
					value: {
						data: "a9059cbb00000000000000000000004150125bea243a640bf85348873b6c4f3c517aee7a0000000000000000000000000000000000000000000000000000000000000001",
						owner_address: "41495511a493d8c362be4267224e6d81013a6862ee",
						contract_address: "41eca9bc828a3005b9a3b909f2cc5c2a54794de05f",
					},
					type_url: "type.googleapis.com/protocol.TriggerSmartContract",
				},
				type: "TriggerSmartContract",
			},
		],
		ref_block_bytes: "8ad9",
		ref_block_hash: "eaef69105495eb15",
		expiration: 1_773_182_914_544,
		fee_limit: 100_000_000,
		timestamp: 1_773_182_854_544,
	},
	raw_data_hex:
		"0a028ad92208eaef69105495eb1540f09fc0cfcd335aae01081f12a9010a31747970652e676f6f676c65617069732e636f6d2f70726f746f636f6c2e54726967676572536d617274436f6e747261637412740a1541495511a493d8c362be4267224e6d81013a6862ee121541eca9bc828a3005b9a3b909f2cc5c2a54794de05f2244a9059cbb00000000000000000000004150125bea243a640bf85348873b6c4f3c517aee7a00000000000000000000000000000000000000000000000000000000000000017090cbbccfcd33900180c2d72f",
	signature: [SIGNATURE],
};
/** A change of who may sign, of the Shasta test network. */
const PERMISSIONS =
	"0a02848a2208305274c7f1f088da40889accf0e5325aea01082e12e5010a3c747970652e676f6f676c65617069732e636f6d2f70726f746f636f6c2e4163636f756e745065726d697373696f6e557064617465436f6e747261637412a4010a1541fd49eda0f23ff7ec1d03b52c3a45991c24cd440e12241a056f776e657220013a190a1541fd49eda0f23ff7ec1d03b52c3a45991c24cd440e1001226508021a0761637469766530200232207fff1fc0037e00000000000000000000000000000000000000000000000000003a190a1541fd49eda0f23ff7ec1d03b52c3a45991c24cd440e10013a190a154198927ffb9f554dc4a453c64b2e553a02d6df514b100170c0cac8f0e532";
const json = (value: unknown) => readSignedTronJson(JSON.stringify(value), TRON_MAINNET);
const hex = (bytes: Buffer) => readSignedTron(bytes.toString("hex"), TRON_MAINNET);
const signed = (raw: string) => message([1, Buffer.from(raw, "hex")], [2, Buffer.from(SIGNATURE, "hex")]);
const changed = (change: (tx: typeof PAYMENT) => void) => {
	const copy = structuredClone(PAYMENT);
	change(copy);
	return copy;
};

describe("a transaction of Tron before it leaves", () => {
	it("is read the same from real JSON, in either way of writing addresses, and from its bytes", () => {
		expect(json(PAYMENT)).toEqual({
			id: PAYMENT.txID,
			owner: "TRGhNNfnmgLegT4zHNjEqDSADjgmnHvubJ",
			type: "TransferContract",
			pays: [{ to: "TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW", amount: 1_000_000n }],
			visible: true,
		});
		expect(json(TOKEN_PAYMENT)).toMatchObject({
			id: TOKEN_PAYMENT.txID,
			pays: [],
			call: { contract: "TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf", data: expect.stringMatching(/^a9059cbb/) },
		});
		for (const one of [PAYMENT, TOKEN_PAYMENT]) expect(json(one)).toMatchObject(hex(signed(one.raw_data_hex)));
		expect(hex(signed(PERMISSIONS)).permissions).toMatch(/^all rights: 1 of T.*\*1; active rights: 2 of T.* T/);
	});

	it("reads every transaction of a real block, and finds its id", () => {
		const file = JSON.parse(readFileSync(join(FIXTURES, "block-79072107.json"), "utf8"));
		const { transactions } = parseTronBlock(Buffer.from(file.blockExtention.replace(/^0x/, ""), "hex"));
		expect(transactions.length).toBeGreaterThan(600);
		expect(transactions.map(({ bytes }) => hex(bytes).id)).toEqual(transactions.map(({ id }) => id));
	});

	it.each([
		[
			"raw_data that differs from what was signed",
			changed((tx) => Object.assign(tx.raw_data.contract[0]?.parameter.value ?? {}, { amount: 2 })),
			"raw_data_hex",
		],
		["another id", changed((tx) => Object.assign(tx, { txID: "00".repeat(32) })), "txID"],
		["a field that nobody knows", changed((tx) => Object.assign(tx.raw_data, { later: 1 })), "later"],
		["nobody's signature", changed((tx) => Object.assign(tx, { signature: [] })), "signature"],
		["a second contract", changed((tx) => tx.raw_data.contract.push(tx.raw_data.contract[0] as never)), "raw_data_hex"],
	])("refuses %s", (_, tx, why) => {
		expect(() => json(tx)).toThrow(why);
	});

	it("refuses one thing told twice, a type that its message is not of, and bytes that nobody signed", () => {
		const twice = JSON.stringify(PAYMENT).replace('"amount":1000000', '"amount":1,"amount":1000000');
		expect(() => readSignedTronJson(twice, TRON_MAINNET)).toThrow("two things");
		const raw = Buffer.from(PAYMENT.raw_data_hex.replace("5a690801", "5a69081f"), "hex");
		expect(() => hex(message([1, raw], [2, Buffer.alloc(65)]))).toThrow("TransferContract");
		expect(() => hex(message([1, Buffer.from(PAYMENT.raw_data_hex, "hex")]))).toThrow("nobody");
		expect(() => hex(Buffer.from("ffff", "hex"))).toThrow();
	});

	it("knows the owner of a name, which stands behind it", () => {
		const owner = "TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW";
		const inner = message([1, "a name"], [2, addressBytes(owner)]);
		const any = message([1, "type.googleapis.com/protocol.AccountUpdateContract"], [2, inner]);
		const tx = message([1, message([11, message([1, 10], [2, any])])], [2, Buffer.alloc(65)]);
		expect(hex(tx)).toMatchObject({ owner, type: "AccountUpdateContract", pays: [] });
		expect(() => hex(transaction(10, inner))).toThrow("holds a X");
	});
});
