import {
	type AssetId,
	type ChainSource,
	type Coverage,
	type CoveredKind,
	erc20Asset,
	type GraphStore,
	nativeAsset,
	startOf,
} from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { expect, it } from "vitest";
import { withOpeningBalances } from "./opening-balances.js";

it("asks for what an account began with of each asset right before what moves it begins to be covered", async () => {
	const token = erc20Asset(TEST_CHAIN, `0x${"ab".repeat(20)}`);
	const claim = (fromHeight: number, kind: CoveredKind): Coverage => ({
		chain: TEST_CHAIN,
		source: "f",
		note: "",
		kinds: [kind],
		fromHeight,
		toHeight: 99,
	});
	const coverage = [claim(10, "native"), claim(0, "internal"), claim(20, "token")];
	const transfers = [testTransfer([30, 0, 1], 1, 2, 5n, { asset: token, kind: "token" })];
	const asked: [AssetId, number][] = [];
	const stored: [AssetId, number, bigint][] = [];
	const store = {
		...memoryLedger(transfers, { coverage: () => coverage }),
		putOpeningBalance: async (_: unknown, asset: AssetId, height: number, amount: bigint) => void stored.push([asset, height, amount]),
	} as unknown as GraphStore;
	const node = {
		chain: TEST_CHAIN,
		name: "n",
		capabilities: async () => ({ client: "c" }),
		balance: async (_: unknown, asset: AssetId, height: number) => {
			asked.push([asset, height]);
			return 7n;
		},
	} as unknown as ChainSource;
	await withOpeningBalances(store, node).balancesBefore(testAccount(1), startOf(40));
	expect(asked).toEqual([
		[nativeAsset(TEST_CHAIN), 9],
		[token, 19],
	]);
	expect(stored.map(([, height, amount]) => [height, amount])).toEqual([
		[9, 7n],
		[19, 7n],
	]);
});
