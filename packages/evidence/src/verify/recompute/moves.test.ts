import { describe, expect, it } from "vitest";
import type { Edge } from "../bundle/formats.js";
import type { LedgerTransaction } from "./ledgers.js";
import { movesOf, wordsOf } from "./moves.js";
import { LotCount, TooMuch } from "./replayed.js";

const CHAIN = "bip122:000000000019d6689c085ae165831e93";
const COIN = `${CHAIN}/slip44:0`;
const txid = "ab".repeat(32);
const [payer, payee] = [`${CHAIN}:bc1qpayer`, `${CHAIN}:bc1qpayee`];
const tx = {
	...{ place: "10.1", txid, coinbase: false },
	inputs: [{ outpoint: `${"cd".repeat(32)}:0`, value: "100", account: payer }],
	outputs: [{ account: payee, value: "90" }],
} as unknown as LedgerTransaction;
const node = `${CHAIN}:tx-${txid}`;
const spend = { position: "10.1.0", txHash: txid, from: payer, to: node, asset: COIN, amount: "100", outpoint: `${"cd".repeat(32)}:0` };
const output = { position: "10.1.1", txHash: txid, from: node, to: payee, asset: COIN, amount: "90", outpoint: `${txid}:0` };
const fee = { position: "10.1.2", txHash: txid, from: node, to: `${CHAIN}:null`, asset: COIN, amount: "10" };

describe("rows of a transaction over outputs", () => {
	const moves = new Map(movesOf(CHAIN, COIN, tx, new Map(), "ef"));

	it("pay a fee that is followed into the coinbase of their block to that", () => {
		const collected = { ...fee, to: `${CHAIN}:tx-ef` };
		expect(moves.get(`collected-fee ${fee.position}`)).toBe(wordsOf(collected as unknown as Edge));
		expect(new Map(movesOf(CHAIN, COIN, tx, new Map())).has(`collected-fee ${fee.position}`)).toBe(false);
	});

	it("are its inputs, its outputs and its fee, in every field", () => {
		for (const [kind, edge] of Object.entries({ spend, output, fee })) {
			const said = moves.get(`${kind} ${edge.position}`);
			expect(said).toBe(wordsOf(edge as unknown as Edge));
			for (const field of ["from", "to", "asset", "amount", "txHash", "outpoint"])
				expect(wordsOf({ ...edge, [field]: "x" } as unknown as Edge), field).not.toBe(said);
		}
	});
});

describe("the work that ledgers make", () => {
	it("is bounded by the lots that their movements are made of", () => {
		const lots = new LotCount();
		const part = new Array(5_000_000).fill({ of: 0, n: 1n });
		expect(lots.of([part, part, part])).toHaveLength(3);
		expect(() => lots.of([[{ of: 0, n: 1n }]])).toThrow(TooMuch);
	});
});
