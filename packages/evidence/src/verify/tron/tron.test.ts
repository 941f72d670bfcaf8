import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Hash, TRON_MAINNET } from "@clew/core";
import { describe, expect, it } from "vitest";
import { MOVES_NOTHING } from "../../../../chains/src/tron/decode/contract-types.js";
import { addressBytes, idOf, madeUpBlock, message, transaction } from "../../../../chains/src/tron/made-up.test-util.js";
import { tronEvidence } from "../../../../chains/src/tron/proofs.js";
import { normalizeTronAddress } from "../../../../core/src/chain-family/tron/address.js";
import type { BundleRow, Edge, TronProof } from "../bundle/formats.js";
import { RowChecker } from "../proofs/proofs.js";
import { momentOf } from "../trace/times.js";
import { isAddress, storedAddress } from "./address.js";
import { tronBlock } from "./block.js";
import { headerOfBlock, tronHeader } from "./header.js";

const FIXTURE = join(import.meta.dirname, "../../../../../fixtures/tron/block-79072107.json");
const REAL = Buffer.from(JSON.parse(readFileSync(FIXTURE, "utf8")).blockExtention.slice(2), "hex");
const HEIGHT = 79_072_107;
const [ALICE, BOB, CAROL] = ["aa", "bb", "cc"].map((pair) => storedAddress(`41${pair.repeat(20)}`)) as [string, string, string];
const [A, B] = [ALICE, BOB].map(addressBytes) as [Buffer, Buffer];
const CHAIN = TRON_MAINNET;

/** The proof of these transactions of a made-up block, with whatever is changed in it. */
function proofOf(transactions: readonly Buffer[], change: Partial<TronProof> = {}): TronProof {
	const cited = new Set(transactions.map((tx) => idOf(tx) as Hash));
	return { ...(tronEvidence(CHAIN, 100, madeUpBlock(100, transactions), undefined, cited).proof as TronProof), ...change };
}

const pays = (amount: number, ret?: Buffer) => transaction(1, message([1, A], [2, B], [3, amount]), ret);
const row = (tx: Buffer, more: Partial<Edge> = {}): Edge =>
	({
		position: "100.0.1",
		txHash: idOf(tx),
		kind: "native",
		from: `${CHAIN}:${ALICE}`,
		to: `${CHAIN}:${BOB}`,
		asset: `${CHAIN}/slip44:195`,
		amount: "5",
		...more,
	}) as Edge;

describe("a proof of a block of Tron", () => {
	it("of the real block shows every transaction at its place, and its id with the height", () => {
		const { proof, provable, block } = tronEvidence(CHAIN, HEIGHT, REAL, undefined, new Set(idsOfReal()));
		const shown = tronBlock(proof as TronProof);
		expect([shown.height, shown.hash, shown.transactions.length]).toEqual([HEIGHT, block.header.hash, 619]);
		for (const [hash, moves] of provable)
			for (const { kind, from, to, asset, amount, event } of moves) {
				const edge: Partial<Edge> = { position: `${HEIGHT}.0.${event}`, txHash: hash, kind, from, to, asset, amount: amount.toString() };
				expect(shown.place(edge as Edge, undefined).event).toBe(event);
			}
		expect([...provable.values()].flat()).toHaveLength(422);
		expect(headerOfBlock(REAL.toString("hex")).hash).toBe(shown.hash);
	});

	it("is refused with another height, count, place, branch, transaction or header", () => {
		const transactions = [1, 2, 3, 4, 5].map((n) => pays(n));
		const proof = proofOf(transactions);
		expect(tronBlock(proof).transactions).toHaveLength(5);
		const [first, second] = proof.transactions as [TronProof["transactions"][number], TronProof["transactions"][number]];
		const wrong: readonly (readonly [Partial<TronProof>, string])[] = [
			[{ height: "101" }, "is that of block 100"],
			[{ hash: "0".repeat(64) }, "block id"],
			[{ count: 4 }, "branch is too"],
			[{ transactions: [{ ...first, index: 1 }] }, "root of transactions"],
			[{ transactions: [{ ...first, index: 9 }] }, "is behind the last of 5"],
			[{ transactions: [{ ...first, branch: first.branch.slice(1) }] }, "too short"],
			[{ transactions: [{ ...first, branch: [...first.branch, first.hash] }] }, "too long"],
			[{ transactions: [{ ...first, raw: second.raw }] }, "root of transactions"],
			[{ transactions: [{ ...first, hash: second.hash }] }, "transaction id"],
			[{ transactions: [first, first] }, "names a transaction twice"],
			[{ transactions: [{ ...first, raw: "00".repeat(64) }] }, "could be an inner node"],
		];
		for (const [change, why] of wrong) expect(() => tronBlock({ ...proof, ...change }), why).toThrow(why);
	});

	it("may have a header without a root, of a block without transactions, and shows none then", () => {
		const parent = Buffer.alloc(32);
		parent.writeBigUInt64BE(99n);
		const raw = message([1, 1_700_000_001_000n], [3, parent], [7, 100]);
		const header = tronHeader(raw.toString("hex"));
		expect([header.height, header.root]).toEqual([100, "0".repeat(64)]);
		const { hash } = header;
		const change = { header: raw.toString("hex"), hash } as Partial<TronProof>;
		expect(tronBlock(proofOf([], { ...change, transactions: [] })).transactions).toEqual([]);
		expect(() => tronBlock(proofOf([pays(5)], change))).toThrow("root of transactions");
		expect(() => tronHeader(message([2, Buffer.alloc(31)], [3, parent], [7, 100]).toString("hex"))).toThrow("lacks its root");
	});

	it("shows what succeeded as it is: another party, amount or kind, what failed and what says nothing is refused", () => {
		const [tx, failed, untold] = [pays(5), pays(6, message([3, 2])), pays(7, message([1, 1]))];
		const block = tronBlock(proofOf([tx, failed, untold]));
		expect(block.place(row(tx), undefined)).toEqual({ transaction: 0, event: 1, index: 1, isLog: false });
		const wrong: readonly (readonly [Edge, string])[] = [
			[row(tx, { amount: "6" }), "amount"],
			[row(tx, { to: `${CHAIN}:${CAROL}` }), "receiver"],
			[row(tx, { from: `${CHAIN}:${CAROL}` }), "sender"],
			[row(tx, { kind: "fee" }), "cannot be proven by its transaction"],
			[row(failed, { amount: "6" }), "its transaction failed"],
			[row(untold, { amount: "7" }), "does not say whether it succeeded"],
		];
		for (const [edge, why] of wrong) expect(() => block.place(edge, undefined), why).toThrow(why);
		// What failed moved nothing of any kind but its fee.
		const all = ["native", "token", "mint", "burn", "internal", "reward"];
		expect(block.moves?.(idOf(failed))).toMatchObject({ moves: [], kinds: new Set(all) });
		expect(block.moves?.(idOf(untold))).toMatchObject({ moves: [], kinds: new Set() });
	});

	it("shows of every type of contract what the engine reads of it, and claims no more than is known", () => {
		const market = message([1, A], [2, "_"], [3, 700], [4, "1000123"], [5, 1]);
		const asked: readonly (readonly [type: number, parameter: Buffer, kinds: number])[] = [
			[1, message([1, A], [2, B], [3, 5]), 6],
			[2, message([1, "1000123"], [2, A], [3, B], [4, 5]), 6],
			[2, message([1, "by its name"], [2, A], [3, B], [4, 5]), 5],
			[9, message([1, A], [2, B], [3, "1000123"], [4, 700]), 3],
			[6, message([1, A], [4, 1_000]), 3],
			[13, message([1, A]), 5],
			[30, message([1, A], [2, message([5, 700])], [3, 8], [4, 1_000_123]), 1],
			[31, message([1, A], [2, B], [3, 700], [5, 8], [6, 1_000_123]), 1],
			[41, message([1, A], [2, "1000123"], [3, 8], [4, "_"], [5, 700]), 0],
			[42, message([1, A], [2, 1], [3, "_"], [4, 700]), 0],
			[44, message([1, A], [2, 1], [3, "1000123"], [4, 700], [5, 1]), 0],
			[52, market, 0],
			...[14, 43, 51, 53, 60, 99].map((type) => [type, message([1, A]), 0] as const),
			// What changes an account's name or id has that first, and its owner behind.
			...[...MOVES_NOTHING, 46].map((type) => [type, message([type === 10 || type === 19 ? 2 : 1, A]), 6] as const),
		];
		const transactions = asked.map(([type, parameter], i) => transaction(type, parameter, undefined, i + 1));
		const cited = new Set(transactions.map((tx) => idOf(tx) as Hash));
		const { proof, provable } = tronEvidence(CHAIN, 100, madeUpBlock(100, transactions), undefined, cited);
		const block = tronBlock(proof as TronProof);
		let moved = 0;
		for (const [i, tx] of transactions.entries()) {
			const [type = 0, , kinds] = asked[i] ?? [];
			const { moves = [], some = [], ...shown } = block.moves?.(idOf(tx)) ?? { kinds: new Set() };
			expect([type, shown.kinds.size]).toEqual([type, kinds]);
			const read = (provable.get(idOf(tx) as Hash) ?? []).map(({ amount, ...rest }) => ({ ...rest, amount: amount.toString() }));
			moved += read.length;
			expect([type, [...moves, ...some]].flat()).toEqual([type, ...read.map((move) => expect.objectContaining(move))]);
			for (const move of read) {
				const at = { transaction: i, event: move.event };
				expect(block.place(row(tx, { ...move, position: `100.${i}.${move.event}` } as Partial<Edge>), undefined)).toMatchObject(at);
			}
		}
		expect(moved).toBe(12);
	});

	it("shows a direct call of a token whose contract is published, and of no other", () => {
		const word = (bytes: Buffer) => `${"0".repeat(24)}${bytes.subarray(1).toString("hex")}`;
		const data = Buffer.from(`a9059cbb${word(B)}${(9).toString(16).padStart(64, "0")}`, "hex");
		const USDT = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t";
		const calls = [USDT, CAROL].map((contract) => transaction(31, message([1, A], [2, addressBytes(contract)], [4, data])));
		const block = tronBlock(proofOf(calls));
		const of = (i: number, contract: string) =>
			row(calls[i] as Buffer, { kind: "token", asset: `${CHAIN}/trc20:${contract}`, amount: "9", position: `100.${i}.16384` });
		// No byte shows where its log stands among those of the transaction: an Approval may come first.
		expect(block.place(of(0, USDT), undefined)).toEqual({ transaction: 0, event: 16_384, index: undefined, isLog: false });
		const known = { tier: "proven", why: "its transaction and its result" } as const;
		const checked = (event: number) => {
			const edge = { ...of(0, USDT), position: `100.0.${event}`, provenance: "node", time: momentOf(block.time) } as Edge;
			return () => new RowChecker(new Map([[100, block]])).check({ edge, known } as BundleRow);
		};
		for (const event of [16_384, 16_385]) expect(checked(event)()).toContain("recomputed down to the header");
		expect(checked(1)).toThrow("stands at event 1 of its transaction, and its log is among those");
		expect(() => block.place(of(1, CAROL), undefined)).toThrow("cannot be proven by its transaction");
	});

	it("knows an address by its checksum and its version", () => {
		expect([ALICE, BOB, CAROL].map(isAddress)).toEqual([true, true, true]);
		for (const wrong of [
			`${ALICE.slice(0, -1)}${ALICE.endsWith("x") ? "y" : "x"}`,
			ALICE.toLowerCase(),
			`1${ALICE}`,
			"",
			"T",
			"1".repeat(34),
		])
			expect([wrong, isAddress(wrong)]).toEqual([wrong, false]);
		expect(isAddress("1BoatSLRHtKNngkdXEeobR76b53LETtpyT")).toBe(false);
	});

	it("reads addresses as the engine does, by code of its own", () => {
		for (const text of [`41${"ab".repeat(20)}`, `0x41${"ab".repeat(20)}`, `0x${"ab".repeat(20)}`, `0x41${"ab".repeat(19)}`, ALICE])
			expect([text, storedAddress(text)]).toEqual([text, normalizeTronAddress(text)]);
	});
});

function idsOfReal(): Hash[] {
	return tronEvidence(CHAIN, HEIGHT, REAL, undefined, new Set()).block.transactions.map(({ hash }) => hash);
}
