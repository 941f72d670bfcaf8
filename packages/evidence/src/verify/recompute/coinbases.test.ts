import { BITCOIN_NETWORKS, blockSubsidy } from "@clew/core";
import { expect, it } from "vitest";
import { subsidyOf } from "../bitcoin/subsidy.js";
import { checkCoinbases } from "./coinbases.js";
import type { LedgerBlock, Ledgers } from "./ledgers.js";

const MAIN = "bip122:000000000019d6689c085ae165831e93";
const paid = {
	place: "840000.1",
	txid: "t",
	coinbase: false,
	inputs: [{ outpoint: "o", value: "10" }],
	outputs: [{ account: "a", value: "8" }],
};

it("what a coinbase may claim is the subsidy of its height and the fees of transactions that are there", () => {
	const found = (change: Partial<LedgerBlock> = {}, more: readonly LedgerBlock[] = []) => {
		const failures: string[] = [];
		const block = { height: "840000", subsidy: "312500000", fees: [{ txIndex: 1, fee: "2" }], ...change };
		const ledgers: Ledgers = { accounts: [], transfers: [], stops: [], transactions: [paid], blocks: [block, ...more] };
		checkCoinbases(MAIN, ledgers, (what) => failures.push(what));
		return failures;
	};
	expect(found()).toEqual([]);
	expect(found({ subsidy: "10000000000" })).toEqual(["block 840000: its subsidy is 312500000, and the ledgers say 10000000000"]);
	expect(found({ fees: [{ txIndex: 1, fee: "3" }] })).toEqual(["block 840000: the fee of its transaction 1 is 2, and the ledgers say 3"]);
	expect(found({ fees: [] })).toEqual(["block 840000: the fee of its transaction 1 is 2, and the ledgers say undefined"]);
	const twice = [...Array(2)].map(() => ({ txIndex: 1, fee: "2" }));
	expect(found({ fees: twice })).toEqual(["block 840000: tells the fee of a transaction twice"]);
	expect(found({}, [{ height: "840000", subsidy: "312500000", fees: [{ txIndex: 1, fee: "2" }] }])).toEqual(["block 840000 is told twice"]);
});

it("subsidies are those that the engine knows, of every network", () => {
	for (const network of BITCOIN_NETWORKS)
		for (const height of [0, 149, 150, 209_999, 210_000, 840_000, 13_440_000, 20_000_000])
			expect(subsidyOf(network.chain, height)).toBe(blockSubsidy(height, network));
	expect(subsidyOf("bip122:else", 1)).toBeUndefined();
});
