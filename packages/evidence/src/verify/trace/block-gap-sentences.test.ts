import { describe, expect, it } from "vitest";
import { BLOCK_GAPS } from "./block-gap-sentences.js";

const HASH = `0x${"ab".repeat(32)}`;
const ID = "cd".repeat(32);

describe("what blocks leave untold", () => {
	it.each([
		"who receives fees and rewards on this chain is not followed",
		"this node's word, as it does not come out by any rule known here: the block hash, withdrawals and uncles",
		"transactions root not recomputed, and what such transactions move beyond value and logs not decoded: type 0x55, 0x7c is not known here",
		`the state-sync transaction ${HASH} was told without its place in the block: what it moved is not here`,
		`internal transfers not fetched: the node's traces contradict the block, first of transaction ${HASH}: its own call is missing`,
		"of its logs 12 stand behind the 49152 that a block has places for: what they tell is not here",
		"contract type 77 is not known: what it moved was not looked at",
		"ShieldedTransferContract: what it moved is not told",
		"TransferAssetContract: a TRC-10 token is named in place of its number, and was left out",
		"ExchangeTransactionContract: the other side of the exchange is not told",
		"ParticipateAssetIssueContract: the tokens that it brought are not told",
		`TransactionInfo of 3 transactions, first of ${ID}, is missing: fees, logs and calls inside transactions are not told`,
		"TransactionInfo is missing: fees, logs and calls inside transactions are not told",
		`the info of transaction ${ID} contradicts it and was not taken (its call moves 5): its fee, logs and calls inside are not told`,
		"transactions of type 0x69 move what is not decoded: its fees",
	])("%s", (text) => expect(BLOCK_GAPS.filter((pattern) => new RegExp(`^(?:${pattern})$`).test(text))).toHaveLength(1));

	it("are no other words", () => {
		const all = BLOCK_GAPS.map((pattern) => new RegExp(`^(?:${pattern})$`));
		for (const text of ["Kraken: what it holds is his", "contract type 77", "anything is not told about Kraken"])
			expect(all.some((one) => one.test(text))).toBe(false);
	});
});
