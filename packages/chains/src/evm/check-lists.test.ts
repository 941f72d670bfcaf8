import { type ChainId, parseChainId } from "@clew/core";
import { describe, expect, it } from "vitest";
import { realBlock } from "../testing/real-block.js";
import { checkBlock } from "./check-block.js";
import { decodeBlock } from "./decode.js";
import { encodedHeader } from "./forms/headers.js";
import type { RpcBlock } from "./shapes.js";

const MAINNET: ChainId = parseChainId("eip155:1");
const hash = (digit: string) => `0x${digit.repeat(64)}`;
const lied = (message: RegExp) => expect.objectContaining({ code: "NODE_LIED", message: expect.stringMatching(message) });

/** The block with other fields, and the hash that they give. */
function block(height: number, fields: Partial<RpcBlock>): RpcBlock {
	const changed = { ...realBlock(height).block, ...fields } as RpcBlock;
	return { ...changed, hash: encodedHeader(MAINNET, changed).hash };
}
const checked = (height: number, fields: Partial<RpcBlock>) =>
	checkBlock("node", MAINNET, block(height, fields), realBlock(height).receipts).gaps;

describe("lists that a header commits to", () => {
	it.each([
		["an empty list", { withdrawals: [] }, /withdrawals root is 0x.*gives/],
		["null", { withdrawals: null }, /withdrawals root is 0x.*left them out/],
		["no word", { withdrawals: undefined }, /withdrawals root is 0x.*left them out/],
		["withdrawals that no root holds", { withdrawalsRoot: null }, /lists 16 withdrawals.*no withdrawals root/],
	])("%s in place of the withdrawals is refused", (_, fields, message) => {
		expect(() => checked(18500000, fields)).toThrow(lied(message));
	});

	it("a list of withdrawals that is left out is an empty one where the root says so, or where there is no root", () => {
		const empty = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";
		expect(checked(18500000, { withdrawals: undefined, withdrawalsRoot: empty })).toEqual([]);
		expect(checked(4369999, { withdrawals: undefined })).toEqual([]);
	});

	it.each([
		["hidden uncles", { sha3Uncles: hash("a"), uncles: [] }, /lists none/],
		["uncles that are none", { uncles: [hash("a")] }, /says that there are none/],
		["one uncle twice", { sha3Uncles: hash("a"), uncles: [hash("b"), hash("b")] }, /2 uncles, 1 different ones/],
		["three uncles", { sha3Uncles: hash("a"), uncles: [hash("b"), hash("c"), hash("d")] }, /lists 3 uncles/],
	])("%s are refused", (_, fields, message) => {
		expect(() => checked(4369999, fields)).toThrow(lied(message));
	});

	it("uncles that are not told leave a gap; those that are told pay their part", () => {
		expect(checked(4369999, { sha3Uncles: hash("a"), uncles: undefined })).toEqual([expect.stringMatching(/has uncles.*does not list/)]);
		const told = block(4369999, { sha3Uncles: hash("a"), uncles: [hash("b"), hash("c")] });
		const { receipts } = realBlock(4369999);
		expect(checkBlock("node", MAINNET, told, receipts).gaps).toEqual([]);
		const reward = (of: RpcBlock) =>
			decodeBlock(MAINNET, { block: of, receipts, calls: undefined, gaps: [] })
				.transactions.flatMap((tx) => tx.transfers)
				.find(({ kind }) => kind === "reward")?.amount ?? 0n;
		expect(reward(told) - reward(realBlock(4369999).block)).toBe((5n * 10n ** 18n) / 16n);
	});
});
