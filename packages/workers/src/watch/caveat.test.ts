import { type AssetId, type Hash, nativeAsset } from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { expect, it } from "vitest";
import { caveatOf } from "./caveat.js";

it("an alert says where a token's contract alone tells of a payment, and who paid for the transaction", async () => {
	const unknown = `${TEST_CHAIN}/erc20:0x${"a".repeat(40)}` as AssetId;
	const usdt = `${TEST_CHAIN}/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7` as AssetId;
	const fee = testTransfer([7], 3, 4, 1n, { kind: "fee" });
	const tell = (asset: AssetId, from: number, txHash: Hash = fee.txHash) =>
		caveatOf(memoryLedger([fee]), TEST_CHAIN, {
			from: testAccount(from),
			to: testAccount(9),
			asset,
			amount: 5n,
			kind: "token",
			txHash,
			height: 7,
		});
	expect(await tell(nativeAsset(TEST_CHAIN), 1)).toBeUndefined();
	expect(await tell(usdt, 1)).toBeUndefined();
	expect(await tell(unknown, 3)).toBe("only the token's contract says so, and its code is not known");
	expect(await tell(unknown, 1)).toContain("; another account paid for the transaction");
	expect(await tell(unknown, 1, `0x${"b".repeat(64)}` as Hash)).toContain("; who paid for the transaction is not known");
});
