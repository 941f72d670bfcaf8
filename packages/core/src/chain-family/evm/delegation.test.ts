import { expect, it } from "vitest";
import { type AccountId, type ChainId, trustedAccountId } from "../../ids.js";
import { memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "../../testing/memory-ledger.js";
import { evmChainId } from "./chains.js";
import { type Delegation, delegationEvent, delegationOf, delegationsElsewhere, delegationsOf, standingDelegation } from "./delegation.js";

const OTHER = evmChainId(8453);
const ME = testAccount(1);
const on = (chain: ChainId, account: AccountId) => trustedAccountId(chain, account.slice(-42));
const signed = (height: number, more: Partial<Delegation> = {}): Delegation => {
	const chain = more.chain ?? TEST_CHAIN;
	return {
		account: on(chain, ME),
		to: on(chain, testAccount(9)),
		signedFor: "every chain",
		nonce: 4n,
		effect: "unknown",
		why: "because",
		chain,
		txHash: testTransfer([height, 0, 0], 0, 0, 0n).txHash,
		position: { height, txIndex: 0, eventIndex: 2 },
		...more,
	};
};
const source = (...all: readonly Delegation[]) => memoryLedger([], { events: all.map(delegationEvent) });

it("keeps an authorisation whole, and one that takes back as what it is", () => {
	for (const one of [signed(1), signed(2, { to: undefined, effect: "yes", signedFor: TEST_CHAIN })])
		expect(delegationOf(delegationEvent(one))).toEqual(one);
	expect(delegationOf({ ...delegationEvent(signed(1)), kind: "approval" })).toBeUndefined();
});

it("tells an account's own chain from others to which what was signed for every chain may be brought", async () => {
	const [here, there] = [signed(5), signed(3, { chain: OTHER })];
	const bound = signed(4, { chain: OTHER, signedFor: OTHER, nonce: 5n });
	expect(await delegationsOf(source(there, here), ME)).toEqual([here]);
	expect(await delegationsElsewhere(source(there, bound), ME)).toEqual([there]);
	// Brought to both: no news.
	expect(await delegationsElsewhere(source(there, here), ME)).toEqual([]);
	expect(await delegationsElsewhere(source(there, signed(6, { nonce: 5n })), ME)).toEqual([there]);
	expect(await delegationsOf(source(here), testAccount(2))).toEqual([]);
});

it("stands as the last that surely took effect says, with what may have come after it", () => {
	const [first, taken, open, none] = [signed(1), signed(2, { effect: "yes" }), signed(3), signed(4, { effect: "no" })];
	expect(standingDelegation([first, taken, open, none])).toEqual({ settled: taken, open: [open] });
	expect(standingDelegation([first, none])).toEqual({ settled: undefined, open: [first] });
	expect(standingDelegation([])).toEqual({ settled: undefined, open: [] });
});
