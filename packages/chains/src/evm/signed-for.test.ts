import { parseChainId } from "@clew/core";
import { describe, expect, it } from "vitest";
import { realBlock } from "../testing/real-block.js";
import { checkBlock } from "./check-block.js";
import { encodeTransaction, signedFor } from "./encoding.js";
import { type RpcTransaction, transactionShape } from "./shapes.js";

const MAINNET = parseChainId("eip155:1");
const legacy = (v: string): RpcTransaction =>
	transactionShape.parse({ ...realBlock(4369999).block.transactions[0], type: undefined, chainId: "0x5", v });

describe("the chain that a transaction is signed for", () => {
	it("is in the type's own field, or in v since EIP-155; older signatures and deposits name none", () => {
		expect(["0x1b", "0x1c", "0x25", "0x26", "0x135", "0x136"].map((v) => signedFor(MAINNET, legacy(v)))).toEqual([
			undefined,
			undefined,
			1n,
			1n,
			137n,
			137n,
		]);
		expect(signedFor(MAINNET, { ...legacy("0x0"), type: "0x2", chainId: "0x89" })).toBe(137n);
		expect(signedFor(MAINNET, { ...legacy("0x25"), type: "0x7e" })).toBeUndefined();
	});

	it.each([
		["typed", 18500000],
		["legacy", 4369999],
	])("a block whose %s transactions are of another chain is refused; on its own, old signatures pass", (_, height) => {
		const { block, receipts } = realBlock(height);
		expect(() => checkBlock("node", parseChainId("eip155:137"), block, receipts)).toThrow(
			expect.objectContaining({ code: "NODE_LIED", message: expect.stringMatching(/signed for eip155:1: this is no block of eip155:137/) }),
		);
		expect(checkBlock("node", parseChainId("eip155:1"), block, receipts).gaps).toEqual([]);
	});

	it("fields that a type cannot have are refused in words", () => {
		const { block, receipts } = realBlock(18500000);
		for (const part of [
			{ accessList: [{}] },
			{ value: "0x1", input: "0xzz" },
			{ type: "0x3" },
			{ type: "0x4", authorizationList: [null] },
		]) {
			const transactions = block.transactions.map((tx, i) => (i === 0 ? { ...tx, type: "0x2", accessList: [], ...part } : tx));
			expect(() => checkBlock("node", parseChainId("eip155:1"), { ...block, transactions } as typeof block, receipts)).toThrow(
				expect.objectContaining({ code: "NODE_LIED", message: expect.stringMatching(/transaction 0 has fields that no transaction/) }),
			);
		}
		expect(encodeTransaction(MAINNET, { ...legacy("0x1b"), type: "0x78" })).toBeUndefined();
	});
});
