import { type AssetId, addressOf, type ChainEvent, delegationEvent } from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { likelySeeds } from "./choose-seed.js";
import { readWallet } from "./wallet.js";

const USDT = `${TEST_CHAIN}/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7` as AssetId;
const [VICTIM, THIEF, PAYER] = [1, 2, 3];
const token = (at: number[], amount: bigint) => testTransfer(at, VICTIM, THIEF, amount, { kind: "token", asset: USDT });
const fee = (at: number[], who: number) => testTransfer(at, who, 99, 1n, { kind: "fee" });
const approval = (height: number, brought: number): ChainEvent => ({
	chain: TEST_CHAIN,
	position: { height, txIndex: 0, eventIndex: 50 },
	txHash: testTransfer([height], 0, 0, 0n).txHash,
	kind: "approval",
	protocol: "erc20",
	contract: `${TEST_CHAIN}:0xdac17f958d2ee523a2206206994597c13d831ec7` as ChainEvent["contract"],
	account: testAccount(VICTIM),
	key: `${brought}`,
	details: { spender: addressOf(testAccount(PAYER)), amount: "1000" },
});
const wallet = (transfers: Parameters<typeof memoryLedger>[0], events: readonly ChainEvent[] = []) =>
	readWallet(memoryLedger(transfers, { events }), testAccount(VICTIM));

describe("who moved a wallet's money", () => {
	it("what its own key paid is its own; what another's transaction took needed an approval or a permit", async () => {
		const own = [token([1, 0, 10], 5n), fee([1, 0, 0], VICTIM)];
		const taken = [token([2, 0, 10], 7n), fee([2, 0, 0], PAYER)];
		const read = await wallet([...own, ...taken]);
		expect(read.own.map(({ amount }) => amount)).toEqual([5n]);
		expect(read.takings).toMatchObject([{ way: "approval or permit", by: undefined, transfer: { amount: 7n } }]);
	});

	it("an approval in a transaction of its own is one, in another's a permit, with whom it let", async () => {
		const taken = [token([9, 0, 10], 7n), fee([9, 0, 0], PAYER)];
		const byItself = await wallet([...taken, fee([5, 0, 0], VICTIM)], [approval(5, VICTIM)]);
		expect(byItself.takings).toMatchObject([{ way: "approval", by: testAccount(PAYER) }]);
		const brought = await wallet([...taken, fee([5, 0, 0], PAYER)], [approval(5, PAYER)]);
		expect(brought.takings).toMatchObject([{ way: "permit", by: testAccount(PAYER) }]);
	});

	it("once its key let a contract act for it, what others send takes by that, coins too, and it still stands", async () => {
		const delegation = delegationEvent({
			account: testAccount(VICTIM),
			to: testAccount(7),
			signedFor: TEST_CHAIN,
			nonce: 0n,
			effect: "yes",
			why: "",
			chain: TEST_CHAIN,
			txHash: testTransfer([4], 0, 0, 0n).txHash,
			position: { height: 4, txIndex: 0, eventIndex: 0 },
		});
		const swept = [testTransfer([6, 0, 10], VICTIM, THIEF, 9n, { kind: "internal" }), fee([6, 0, 0], PAYER)];
		const read = await wallet(swept, [delegation]);
		expect(read.takings).toMatchObject([{ way: "delegation", by: testAccount(7) }]);
		expect(read.standing).toEqual([{ way: "delegation", by: testAccount(7) }]);
	});

	it("where no source tells who sent a transaction, nobody is said to have", async () => {
		expect(await wallet([token([2, 0, 10], 7n)])).toMatchObject({ takings: [], own: [], unknown: 1 });
	});
});

describe("where a folder of exports most likely begins", () => {
	it("at the account from which payments lead to the most of the others, several where they tie", async () => {
		const ledger = memoryLedger([testTransfer([1], 1, 2, 1n), testTransfer([2], 2, 3, 1n), testTransfer([3], 4, 3, 1n)]);
		expect(await likelySeeds(ledger, [4, 3, 2, 1].map(testAccount))).toEqual([testAccount(1)]);
		expect(await likelySeeds(ledger, [3, 2, 4].map(testAccount))).toEqual([2, 4].map(testAccount));
		expect(await likelySeeds(ledger, [])).toEqual([]);
	});
});
