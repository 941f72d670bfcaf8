import { fc } from "@fast-check/vitest";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nullAccount } from "../chain-family/accounts.js";
import type { Source } from "../claims.js";
import type { Hash } from "../ids.js";
import type { GraphStore } from "../ports/graph-store.js";
import type { OutputReader } from "../ports/output-reader.js";
import { revisionId, revisionsOf } from "../revision.js";
import { forgetUnspent } from "../unspent-outputs.js";
import { FIRST_OUTPUT, type Outpoint, type OutputFacts, type UtxoBlock, type UtxoRecord } from "../utxo.js";
import type { StoreFixture } from "./graph-store-contract.js";
import { memoryOutputs, TEST_UTXO_CHAIN, testAddress, testTxid, testUtxo } from "./memory-outputs.js";
import { randomUtxoWorld } from "./random-utxo-world.js";

const FILE: Source = { id: "test", kind: "file", name: "blk00000.dat", sha256: "11".repeat(32), detail: "test" };
const ALL = 1_000_000;
const COIN = 5_000_000_000n;
const ADDRESSES = 16;

const blockHash = (height: number, fork = 0): Hash => (height * 1_000 + fork).toString(16).padStart(64, "b") as Hash;

/** Whole blocks from the transactions of a world, every height from 1 on. */
export function testBlocks(records: readonly UtxoRecord[], fork = 0, from = 1): UtxoBlock[] {
	const byHeight = new Map<number, UtxoRecord[]>();
	for (const tx of records) byHeight.set(tx.height, byHeight.get(tx.height) ?? []);
	for (const tx of records) byHeight.get(tx.height)?.push(tx);
	const last = [...byHeight.keys()].reduce((a, b) => Math.max(a, b), 0);
	return Array.from({ length: Math.max(0, last - from + 1) }, (_, i) => {
		const height = from + i;
		return {
			header: { height, hash: blockHash(height, fork), parent: blockHash(height - 1, height === from ? 0 : fork), time: height * 600 },
			transactions: byHeight.get(height) ?? [],
		};
	});
}

/** All that a source says of a chain, in an order of its own. */
async function everything(source: OutputReader) {
	const outputs = [];
	const foreign = [];
	for (let n = 0; n < ADDRESSES; n++) {
		outputs.push(await source.outputsOf(testAddress(n), FIRST_OUTPUT, ALL));
		foreign.push(await source.foreignSpendsOf(testAddress(n), FIRST_OUTPUT, ALL));
	}
	const transactions = await source.utxoTransactions(TEST_UTXO_CHAIN, FIRST_OUTPUT, ALL);
	return {
		transactions,
		outputs: outputs.map((list) => list.map(({ value, place, spender, scriptType }) => ({ value, place, spender, scriptType }))),
		foreign,
	};
}

/** What every GraphStore fulfils for Bitcoin, as a suite of tests. Call it once per backend; `numRuns` random worlds a property. */
export function utxoStoreContract(name: string, fixture: () => StoreFixture, numRuns = 30): void {
	describe(`graph store, outputs: ${name}`, () => {
		let backend: StoreFixture;
		let store: GraphStore;
		beforeEach(async () => {
			backend = fixture();
			store = await backend.open();
		});
		afterEach(async () => {
			await store.close();
			await backend.destroy();
		});
		const putBlocks = (blocks: readonly UtxoBlock[]) => store.putUtxoBlocks(TEST_UTXO_CHAIN, blocks, FILE, "imported");
		const put = (records: readonly UtxoRecord[]) =>
			store.putUtxoTransactions(TEST_UTXO_CHAIN, records, new Map(records.map((tx) => [tx.height, tx.height * 600])), FILE, "imported");
		const unplaced = (records: readonly UtxoRecord[]): UtxoRecord[] => records.map(({ txIndex: _, ...tx }) => tx);
		const worlds = fc
			.array(fc.nat({ max: 1_000_000 }), { minLength: 1, maxLength: 20 })
			.map((steps) => randomUtxoWorld(steps).transactions);
		const fresh = () => store.rollback(TEST_UTXO_CHAIN, 0);

		it("keeps up to which height an output is said to be unspent, the highest, and counts it as data", async () => {
			const [output, other] = [0, 1].map((vout) => ({ txid: testTxid(1), vout })) as [Outpoint, Outpoint];
			expect(await store.unspentAt?.(TEST_UTXO_CHAIN, output)).toBeUndefined();
			for (const height of [7, 9, 8]) await store.putUnspent(TEST_UTXO_CHAIN, output, height);
			expect(await store.unspentAt?.(TEST_UTXO_CHAIN, output)).toBe(9);
			expect(await store.unspentAt?.(TEST_UTXO_CHAIN, other)).toBeUndefined();
			expect((await revisionsOf(store))[revisionId(TEST_UTXO_CHAIN, "data")]).toBeDefined();
			await forgetUnspent(store, TEST_UTXO_CHAIN, 10);
			expect(await store.unspentAt?.(TEST_UTXO_CHAIN, output)).toBe(9);
			await forgetUnspent(store, TEST_UTXO_CHAIN, 9);
			expect(await store.unspentAt?.(TEST_UTXO_CHAIN, output)).toBeUndefined();
		});

		it("answers as the simplest source over the same transactions does", async () => {
			await fc.assert(
				fc.asyncProperty(worlds, async (records) => {
					await fresh();
					await putBlocks(testBlocks(records));
					const memory = memoryOutputs(records);
					expect(await everything(store)).toEqual(await everything(memory));
					const places = records.map((tx) => ({ height: tx.height, txIndex: tx.txIndex ?? 0 }));
					expect(await store.txids(TEST_UTXO_CHAIN, places)).toEqual(records.map((tx) => tx.txid));
					expect(await store.busyAccounts(TEST_UTXO_CHAIN, 3)).toEqual(await memory.busyAccounts(TEST_UTXO_CHAIN, 3));
					expect(await store.utxoTransaction(TEST_UTXO_CHAIN, testTxid(1))).toEqual(
						await memory.utxoTransaction(TEST_UTXO_CHAIN, testTxid(1)),
					);
				}),
				{ numRuns, endOnFailure: true },
			);
		});

		it("a rolled-back chain is as if it had never been longer, and a stored block is left alone", async () => {
			await fc.assert(
				fc.asyncProperty(worlds, fc.nat({ max: 8 }), async (records, cutAt) => {
					await fresh();
					const blocks = testBlocks(records);
					await putBlocks(blocks);
					const counted = async () => Number((await revisionsOf(store))[revisionId(TEST_UTXO_CHAIN, "data")] ?? 0);
					const put = await counted();
					await store.rollback(TEST_UTXO_CHAIN, cutAt + 1);
					expect([put > 0, await counted()]).toEqual([blocks.length > 0, put + 1]);
					const kept = records.filter((tx) => tx.height <= cutAt);
					expect(await everything(store)).toEqual(await everything(memoryOutputs(kept)));
					await putBlocks(blocks.slice(cutAt));
					expect(await putBlocks(blocks)).toEqual({ added: 0, known: records.length });
					expect(await everything(store)).toEqual(await everything(memoryOutputs(records)));
				}),
				{ numRuns, endOnFailure: true },
			);
		});

		it("transactions without blocks: the order of imports does not matter, and whole blocks set them right", async () => {
			await fc.assert(
				fc.asyncProperty(worlds, fc.array(fc.nat(), { minLength: 70, maxLength: 70 }), async (records, keys) => {
					await fresh();
					await put(unplaced(records));
					const once = await everything(store);
					await fresh();
					const shuffled = records.map((tx, i) => ({ tx, key: keys[i] ?? 0 })).sort((a, b) => a.key - b.key);
					for (const { tx } of shuffled) await put(unplaced([tx]));
					expect(await everything(store)).toEqual(once);
					expect(await put(unplaced(records))).toEqual({ added: 0, known: records.length });
					await putBlocks(testBlocks(records));
					expect(await everything(store)).toEqual(await everything(memoryOutputs(records)));
				}),
				{ numRuns, endOnFailure: true },
			);
		});

		const theft = [
			testUtxo(1, [1, 0], [], [[1, COIN]]),
			testUtxo(2, [2, 0], [], [[2, COIN]]),
			testUtxo(
				3,
				[2, 1],
				[[1, 0]],
				[
					[3, 30n],
					[4, COIN - 40n],
				],
			),
		];

		it("keeps its state over closing and opening, and counts", async () => {
			await putBlocks(testBlocks(theft));
			const before = await everything(store);
			store = await backend.reopen(store);
			expect(await everything(store)).toEqual(before);
			expect(await store.counts()).toMatchObject({ transactions: 3, outputs: 4, blocks: 2 });
			expect((await store.profile(testAddress(3), 10)).transfers).toBe(1);
			expect(await store.headerOf(TEST_UTXO_CHAIN, blockHash(1))).toMatchObject({ height: 1, time: 600 });
		});

		it("an input whose output is not in the case keeps what was told, and is connected when the output comes", async () => {
			const spending = testUtxo(3, [9, 1], [[1, 0]], [[3, 30n]]);
			const told = {
				...spending,
				inputs: spending.inputs.map((input) => ({
					...input,
					previous: { value: COIN, account: testAddress(1), scriptType: "p2pkh" as const },
				})),
			};
			await put(unplaced([told]));
			const [stored] = await store.utxoTransactions(TEST_UTXO_CHAIN, FIRST_OUTPUT, 1);
			expect(stored?.inputs[0]).toMatchObject({ outpoint: { txid: testTxid(1), vout: 0 }, previous: { value: COIN, scriptType: "p2pkh" } });
			expect(await store.foreignSpendsOf(testAddress(1), FIRST_OUTPUT, 9)).toHaveLength(1);
			expect(await store.unknownOutpoints(TEST_UTXO_CHAIN, [{ txid: testTxid(1), vout: 0 }])).toHaveLength(1);
			await putBlocks(testBlocks(theft.slice(0, 1)));
			expect(await store.foreignSpendsOf(testAddress(1), FIRST_OUTPUT, 9)).toEqual([]);
			expect((await store.outputsOf(testAddress(1), FIRST_OUTPUT, 9))[0]?.spender).toMatchObject({ height: 9, index: 0 });
			expect(
				await store.unknownOutpoints(TEST_UTXO_CHAIN, [
					{ txid: testTxid(1), vout: 0 },
					{ txid: testTxid(1), vout: 5 },
				]),
			).toEqual([{ txid: testTxid(1), vout: 5 }]);
		});

		it("what an input's signatures agreed to is kept, told later it is added, and it survives the coming and going of what is spent", async () => {
			const spending = testUtxo(3, [9, 1], [[1, 0]], [[3, 30n]]);
			const told = (signed: "own-input" | "nothing") => ({ ...spending, inputs: spending.inputs.map((input) => ({ ...input, signed })) });
			const signed = async () => (await store.utxoTransaction(TEST_UTXO_CHAIN, testTxid(3)))?.inputs[0]?.signed;
			await put(unplaced([spending]));
			expect(await signed()).toBeUndefined();
			await put(unplaced([told("own-input")]));
			expect(await signed()).toBe("own-input");
			await put(unplaced([told("nothing")]));
			await putBlocks(testBlocks(theft.slice(0, 1)));
			expect(await signed()).toBe("own-input");
			await put(unplaced([testUtxo(4, [9, 2], [[3, 0]], [[4, 20n]])]));
			store = await backend.reopen(store);
			expect(await signed()).toBe("own-input");
		});

		it("version and locktime are those that some source tells, whichever came first", async () => {
			const untold = { ...testUtxo(3, [9, 1], [[1, 0]], [[3, 30n]]), version: 0, locktime: 0 };
			const told = { ...untold, version: 2, locktime: 7 };
			for (const order of [
				[untold, told],
				[told, untold],
				[untold, told, untold],
			]) {
				for (const one of order) {
					await put(unplaced([one]));
					store = await backend.reopen(store);
				}
				expect(await store.utxoTransaction(TEST_UTXO_CHAIN, testTxid(3))).toMatchObject({ version: 2, locktime: 7 });
				await store.rollback(TEST_UTXO_CHAIN, 0);
			}
		});

		it("a block that spends what nobody knows is stored with a gap", async () => {
			await putBlocks(testBlocks([testUtxo(2, [1, 0], [], [[2, COIN]]), testUtxo(3, [1, 1], [[77, 0]], [[3, 30n]])]));
			expect(await store.blockGaps(TEST_UTXO_CHAIN)).toMatchObject([{ fromHeight: 1, toHeight: 1 }]);
		});

		it("two coinbases of one id, as in blocks 91,722 and 91,880: the later one is meant", async () => {
			const twice = [
				testUtxo(1, [1, 0], [], [[1, COIN]]),
				{ ...testUtxo(1, [2, 0], [], [[1, COIN]]) },
				testUtxo(3, [3, 0], [], [[3, COIN]]),
				testUtxo(4, [3, 1], [[1, 0]], [[4, COIN]]),
			];
			await putBlocks(testBlocks(twice));
			const outputs = await store.outputsOf(testAddress(1), FIRST_OUTPUT, 9);
			expect(outputs.map((o) => [o.place.height, o.spender?.height])).toEqual([
				[1, undefined],
				[2, 3],
			]);
		});

		const refusals: [string, readonly UtxoRecord[], RegExp][] = [
			["an output spent twice", [...theft, testUtxo(9, [3, 1], [[1, 0]], [[5, 1n]])], /spends already/],
			[
				"an output spent twice in one transaction",
				[
					...theft,
					testUtxo(
						9,
						[3, 1],
						[
							[2, 0],
							[2, 0],
						],
						[[5, 1n]],
					),
				],
				/spends an output twice/,
			],
			["an output that does not exist", [...theft, testUtxo(9, [3, 1], [[1, 7]], [[5, 1n]])], /does not exist/],
			["more out than in", [...theft, testUtxo(9, [3, 1], [[2, 0]], [[5, COIN + 1n]])], /more than it spends/],
			["a coinbase that creates too much", [...theft, testUtxo(9, [3, 0], [], [[5, COIN + 1n]])], /too many/],
			["a negative or impossible value", [...theft, testUtxo(9, [3, 0], [], [[5, -1n]])], /-1 satoshi/],
			[
				"an output spent before it is made",
				[...theft, testUtxo(8, [3, 1], [[9, 0]], [[5, 1n]]), testUtxo(9, [3, 2], [[2, 0]], [[5, 1n]])],
				/before it is made/,
			],
		];
		it.each(refusals)("refuses %s, and stays as it was", async (_, records, message) => {
			await putBlocks(testBlocks(theft));
			const before = await everything(store);
			const bad = testBlocks(records).slice(2);
			await expect(putBlocks(bad)).rejects.toThrow(message);
			expect(await everything(store)).toEqual(before);
		});

		it("a transaction told twice in one import is one, or a conflict", async () => {
			const tx = testUtxo(3, [9, 1], [[1, 0]], [[3, 30n]]);
			expect(await put(unplaced([tx, tx]))).toEqual({ added: 1, known: 1 });
			expect((await store.counts()).outputs).toBe(1);
			const others = [
				testUtxo(3, [9, 1], [[1, 0]], [[3, 29n]]),
				testUtxo(3, [9, 1], [[1, 1]], [[3, 30n]]),
				testUtxo(3, [8, 1], [[1, 0]], [[3, 30n]]),
			];
			for (const other of others) {
				await expect(put(unplaced([other]))).rejects.toMatchObject({ code: "CONFLICT" });
				await expect(putBlocks(testBlocks([other]).slice(-1))).rejects.toMatchObject({ code: "CONFLICT" });
				await fresh();
				await expect(put(unplaced([tx, other]))).rejects.toMatchObject({ code: "CONFLICT" });
				await put(unplaced([tx]));
			}
		});

		it("two transactions that spend one output are a conflict, whether the case holds the output or not, in any order", async () => {
			const maker = testUtxo(1, [1, 0], [], [[1, COIN]]);
			for (const height of [9, 10]) {
				const pair = unplaced([testUtxo(3, [9, 1], [[1, 0]], [[3, 30n]]), testUtxo(4, [height, 2], [[1, 0]], [[4, 20n]])]);
				for (const order of [pair, [...pair].reverse()]) {
					for (const first of [[], [maker]]) {
						await fresh();
						await put(unplaced(first));
						const before = await everything(store);
						await expect(put(order)).rejects.toMatchObject({ code: "CONFLICT" });
						expect(await everything(store)).toEqual(before);
						await put(order.slice(0, 1));
						await expect(put(order.slice(1))).rejects.toMatchObject({ code: "CONFLICT" });
					}
				}
			}
		});

		/** A transaction of no known place that spends a coin of transaction 1, and what its source tells of that coin. */
		const spending = (previous?: OutputFacts, height = 9) =>
			unplaced([
				{
					...testUtxo(3, [height, 1], [[1, 0]], [[3, 30n]]),
					inputs: [{ outpoint: { txid: testTxid(1), vout: 0 }, sequence: 0xffffffff, ...(previous ? { previous } : {}) }],
				},
			]);
		const coin: OutputFacts = { value: COIN, account: testAddress(1), scriptType: "p2wpkh" };

		it.each([
			["value", { ...coin, value: COIN - 1n }],
			["owner", { ...coin, account: testAddress(2) }],
			["owner, nobody,", { ...coin, account: nullAccount(TEST_UTXO_CHAIN) }],
		])("an input that names another %s than the output it spends is a conflict, whichever comes first", async (_, told) => {
			const maker = testUtxo(1, [1, 0], [], [[1, COIN]]);
			const makers = [() => put(unplaced([maker])), () => putBlocks(testBlocks([maker]))];
			for (const height of [9, 2]) {
				const spender = spending(told, height);
				for (const make of makers) {
					for (const steps of [
						[make, () => put(spender)],
						[() => put(spender), make],
					]) {
						await fresh();
						await steps[0]?.();
						const before = await everything(store);
						await expect(steps[1]?.()).rejects.toMatchObject({
							code: "CONFLICT",
							message: expect.stringMatching(/different (values|owners)/),
						});
						expect(await everything(store)).toEqual(before);
					}
				}
				await fresh();
				await expect(put([...spender, maker])).rejects.toMatchObject({ code: "CONFLICT" });
			}
		});

		it("an input whose source does not name the owner takes what another source tells, in any order", async () => {
			const input = async () => (await store.utxoTransaction(TEST_UTXO_CHAIN, testTxid(3)))?.inputs[0];
			const orders = [
				[spending(), spending(coin)],
				[spending(coin), spending()],
			];
			for (const order of orders) {
				await fresh();
				for (const telling of order) await put(telling);
				expect((await input())?.previous).toEqual(coin);
				await expect(put(spending({ ...coin, account: testAddress(2) }))).rejects.toMatchObject({ code: "CONFLICT" });
				await put(unplaced([testUtxo(1, [1, 0], [], [[1, COIN]])]));
				expect((await input())?.previous).toEqual(coin);
			}
		});

		it("the whole block of a transaction that a file told keeps what only the file told of its inputs", async () => {
			const block = testBlocks([testUtxo(2, [9, 0], [], [[2, COIN]]), testUtxo(3, [9, 1], [[1, 0]], [[3, 30n]])]).slice(-1);
			const told = spending(coin).map((tx) => ({ ...tx, inputs: tx.inputs.map((input) => ({ ...input, signed: "own-input" as const })) }));
			const orders = [
				[() => put(told), () => putBlocks(block)],
				[() => putBlocks(block), () => put(told)],
			];
			for (const steps of orders) {
				await fresh();
				for (const step of steps) await step();
				const stored = await store.utxoTransaction(TEST_UTXO_CHAIN, testTxid(3));
				expect(stored).toMatchObject({ indexed: true, inputs: [{ previous: coin, signed: "own-input" }] });
				expect(await store.foreignSpendsOf(testAddress(1), FIRST_OUTPUT, 9)).toHaveLength(1);
			}
		});

		it("refuses a block that does not continue the chain, and sources that contradict each other", async () => {
			await putBlocks(testBlocks(theft));
			const before = await everything(store);
			await expect(
				putBlocks(
					testBlocks([testUtxo(9, [3, 0], [], [[5, 1n]])], 7, 3).map((b) => ({ ...b, header: { ...b.header, parent: blockHash(2, 7) } })),
				),
			).rejects.toMatchObject({ code: "CONFLICT" });
			await expect(put(unplaced([testUtxo(3, [5, 1], [[1, 0]], [[3, 30n]])]))).rejects.toMatchObject({ code: "CONFLICT" });
			await expect(
				put(
					unplaced([
						testUtxo(
							3,
							[2, 1],
							[[1, 0]],
							[
								[3, 31n],
								[4, COIN - 41n],
							],
						),
					]),
				),
			).rejects.toMatchObject({ code: "CONFLICT" });
			await expect(put(unplaced([testUtxo(9, [2, 1], [[2, 0]], [[3, 31n]])]))).rejects.toMatchObject({ code: "CONFLICT" });
			expect(await everything(store)).toEqual(before);
		});

		it("finds the transactions whose OP_RETURN carries exactly these bytes, in order, and none after a rollback", async () => {
			const note = (data: string) => ({ account: nullAccount(TEST_UTXO_CHAIN), value: 0n, scriptType: "op_return" as const, data });
			const notes = [[note("c0ffee00")], [note("c0ffee")], [note("c0ffee"), note("00"), note("c0ffee")]];
			const marked = theft.map((tx, i) => ({ ...tx, outputs: [...tx.outputs, ...(notes[i] ?? [])] }));
			await putBlocks(testBlocks(marked));
			const named = [2, 3].map((n) => ({ chain: TEST_UTXO_CHAIN, txid: testTxid(n) }));
			expect(await store.transactionsCarrying("c0ffee", 10)).toEqual(named);
			expect(await store.transactionsCarrying("c0ffee", 1)).toEqual(named.slice(0, 1));
			expect(await store.transactionsCarrying("c0", 10)).toEqual([]);
			expect(await memoryOutputs(marked).transactionsCarrying("c0ffee", 10)).toEqual(named);
			await store.rollback(TEST_UTXO_CHAIN, 2);
			expect(await store.transactionsCarrying("c0ffee", 10)).toEqual([]);
		});

		it("cluster cuts are kept, replaced, taken back, and survive a rollback", async () => {
			await putBlocks(testBlocks(theft));
			const cut = { subject: testTxid(3), heuristic: "", note: "first", at: "2026-01-01T00:00:00Z" };
			await store.putClusterCut(cut);
			await store.putClusterCut({ ...cut, note: "second" });
			await store.putClusterCut({ ...cut, heuristic: "co-spend" });
			await store.rollback(TEST_UTXO_CHAIN, 0);
			expect(await store.clusterCuts()).toEqual([
				{ ...cut, note: "second" },
				{ ...cut, heuristic: "co-spend" },
			]);
			expect([await store.removeClusterCut(cut.subject, ""), await store.removeClusterCut(cut.subject, "")]).toEqual([true, false]);
		});
	});
}
