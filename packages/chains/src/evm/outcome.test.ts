import { parseChainId } from "@clew/core";
import { describe, expect, it } from "vitest";
import { realBlock } from "../testing/real-block.js";
import { readAnswers } from "./answers.js";
import { decodeBlock } from "./decode.js";
import { proveBlock } from "./proofs.js";
import type { RpcReceipt } from "./shapes.js";

const MAINNET = parseChainId("eip155:1");
const LAST_BEFORE_BYZANTIUM = 4369999;
const hash = (digit: string) => `0x${digit.repeat(64)}`;

function read(height: number, edit: (receipt: RpcReceipt, i: number) => RpcReceipt) {
	const { block, receipts } = realBlock(height);
	return readAnswers("node", MAINNET, {
		schema: "clew.answers/1",
		height: `${height}`,
		block,
		receipts: receipts.map(edit),
		tracer: "none",
		traces: null,
	});
}

describe("receipts that tell a state root and a status", () => {
	const told = read(LAST_BEFORE_BYZANTIUM, (receipt) => receipt);

	it.each([
		["success", () => "0x1"],
		["failure", () => "0x0"],
		["success of some", (i: number) => (i % 2 === 0 ? "0x1" : undefined)],
	])("before Byzantium are read by the root; a status of %s counts for nothing", (_, status) => {
		const both = read(LAST_BEFORE_BYZANTIUM, (receipt, i) => ({ ...receipt, status: status(i) }));
		expect(decodeBlock(MAINNET, both)).toEqual(decodeBlock(MAINNET, told));
		const proven = (of: typeof both) => {
			const decoded = decodeBlock(MAINNET, of);
			return proveBlock("node", MAINNET, of, decoded, new Set(decoded.transactions.map((tx) => tx.hash)));
		};
		expect(proven(both)).toEqual(proven(told));
		expect(proven(both).proof).toBeDefined();
	});

	it("since Byzantium are read by the status", () => {
		const both = read(18500000, (receipt) => ({ ...receipt, root: hash("1") }));
		expect(both.receipts.map(({ status }) => status)).toEqual(realBlock(18500000).receipts.map(({ status }) => status));
		expect(decodeBlock(MAINNET, both)).toEqual(
			decodeBlock(
				MAINNET,
				read(18500000, (receipt) => receipt),
			),
		);
	});

	it("neither of which gives the root of receipts are refused", () => {
		const lied = expect.objectContaining({ code: "NODE_LIED", message: expect.stringMatching(/the receipts root is/) });
		expect(() => read(LAST_BEFORE_BYZANTIUM, (receipt) => ({ ...receipt, root: hash("1"), status: "0x1" }))).toThrow(lied);
		expect(() => read(LAST_BEFORE_BYZANTIUM, (receipt) => ({ ...receipt, root: undefined, status: "0x1" }))).toThrow(lied);
		expect(() => read(18500000, (receipt) => ({ ...receipt, root: hash("1"), status: "0x1" }))).toThrow(lied);
	});
});
