import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nativeAsset, nullAccount } from "../chain-family/accounts.js";
import type { Coverage, Source } from "../claims.js";
import { firstBroken } from "../custody.js";
import { forgetDenials, keepDenials } from "../denials.js";
import type { ChainEvent } from "../event.js";
import { erc20Asset, type Hash, unknownAccount, unnamedBlock } from "../ids.js";
import type { GraphStore } from "../ports/graph-store.js";
import { BLOCK_TX_INDEX, formatPosition, type Position, startOf } from "../position.js";
import { mulberry32 } from "../random.js";
import { asOfNow, noteAsOf, revisionsOf } from "../revision.js";
import type { DecodedBlock, TransactionRecord, Transfer, TransferRecord } from "../transfer.js";
import { TEST_CHAIN, testAccount } from "./memory-ledger.js";

/** How a backend is opened for the suite. `reopen` closes and opens the same data again. */
export interface StoreFixture {
	open(): Promise<GraphStore>;
	reopen(store: GraphStore): Promise<GraphStore>;
	destroy(): Promise<void>;
}

const ETHER = nativeAsset(TEST_CHAIN);
const TOKEN = erc20Asset(TEST_CHAIN, `0x${"ab".repeat(20)}`);
const FILE: Source = { id: "file:1", kind: "file", name: "a.csv", sha256: "11".repeat(32), detail: "test" };
const OTHER_FILE: Source = { id: "file:2", kind: "file", name: "b.csv", sha256: "22".repeat(32), detail: "test" };
const NODE: Source = { id: "node:x", kind: "node", name: "x", sha256: "", detail: "test" };

const OTHER_NODE: Source = { ...NODE, id: "node:y", name: "y" };

const hash = (n: number): Hash => `0x${n.toString(16).padStart(64, "0")}` as Hash;
const moves = (from: number, to: number, amount: bigint, rest: Partial<TransferRecord> = {}): TransferRecord => ({
	kind: "native",
	from: testAccount(from),
	to: testAccount(to),
	asset: ETHER,
	amount,
	...rest,
});
const tx = (n: number, height: number, txIndex: number | undefined, ...transfers: TransferRecord[]): TransactionRecord => ({
	hash: hash(n),
	height,
	...(txIndex === undefined ? {} : { txIndex }),
	transfers,
});
const block = (height: number, fork: number, ...transactions: TransactionRecord[]): DecodedBlock => ({
	header: {
		height,
		hash: hash(height * 1000 + fork),
		parent: hash((height - 1) * 1000 + (fork && height > 12 ? fork : 0)),
		time: height * 12,
	},
	transactions,
	kinds: ["internal", "native", "token"],
	contracts: [],
	gaps: [],
	provenance: "node",
});

const SPLIT: readonly Source[] = [1, 2, 3].map((n) => ({ ...FILE, id: `file:${n}` }));

/**
 * What three files tell of a random chain: each of some transactions, their places and ends, and some of their transfers, not always with
 * the receiver.
 */
function randomFiles(random: () => number): TransactionRecord[][] {
	const below = (n: number) => random() % n;
	const truth = [1, 2, 3, 4, 5, 6].map((n) => ({
		n,
		height: 10 + (n % 2),
		status: (["succeeded", "failed", undefined] as const)[n % 3],
		transfers: Array.from({ length: 1 + below(4) }, (_, i) => {
			const kind = below(2) ? ("token" as const) : ("internal" as const);
			return moves(below(3), below(3), BigInt(1 + below(12)), kind === "token" ? { kind, asset: TOKEN } : { kind, eventIndex: 2 + i });
		}),
	}));
	return SPLIT.map(() =>
		truth.flatMap(({ n, height, status, transfers }) => {
			if (below(4) === 0) return [];
			const told = transfers
				.filter(() => below(3) > 0)
				.map((t) => {
					const { eventIndex: _, ...loose } = t;
					if (t.kind === "internal" && below(4) === 0) return { ...loose, to: unknownAccount(TEST_CHAIN) };
					return below(2) ? t : loose;
				});
			const end = below(2) ? {} : status === undefined ? { statusMissing: true as const } : { status };
			return [{ ...tx(n, height, below(2) ? n : undefined, ...told), ...end }];
		}),
	);
}

/** The contract that every GraphStore fulfils, as a suite of tests. Call it once per backend. */
export function graphStoreContract(name: string, fixture: () => StoreFixture): void {
	describe(`graph store: ${name}`, () => {
		let backend: StoreFixture;
		let store: GraphStore;
		const put = (transactions: TransactionRecord[], source = FILE, into = store) =>
			into.putTransactions(TEST_CHAIN, transactions, new Map(transactions.map((t) => [t.height, t.height * 12])), source, "imported");
		const everything = async (n: number) =>
			(await store.ledger(testAccount(n), startOf(0), 1000)).map((t) => `${formatPosition(t.position)} ${t.kind} ${t.amount} ${t.source}`);

		beforeEach(async () => {
			backend = fixture();
			store = await backend.open();
		});
		afterEach(async () => {
			await store.close();
			await backend.destroy();
		});

		it("gives back what was put, after closing and opening again", async () => {
			await put([tx(1, 10, 3, moves(0, 9, 21n, { kind: "fee", to: nullAccount(TEST_CHAIN) }), moves(0, 1, 2n ** 255n))]);
			store = await backend.reopen(store);
			expect(await everything(0)).toEqual(["10.3.0 fee 21 file:1", `10.3.1 native ${2n ** 255n} file:1`]);
			const [found] = await store.transaction(TEST_CHAIN, hash(1));
			expect(found).toMatchObject({ txHash: hash(1), from: testAccount(0), provenance: "imported" });
			expect(await store.transferAt(TEST_CHAIN, { height: 10, txIndex: 3, eventIndex: 1 })).toMatchObject({ amount: 2n ** 255n });
			expect(await store.header(TEST_CHAIN, 10)).toEqual({ height: 10, time: 120 });
		});

		it("is idempotent: the same rows again add nothing", async () => {
			const rows = [tx(1, 10, 0, moves(0, 1, 5n), moves(0, 1, 7n, { kind: "token", asset: TOKEN }))];
			expect(await put(rows)).toEqual({ added: 2, known: 0 });
			expect(await put(rows)).toEqual({ added: 0, known: 2 });
			expect((await store.counts()).transfers).toBe(2);
		});

		it("keeps two equal transfers of one transaction apart, and one transfer of two files one", async () => {
			const twice = moves(0, 1, 7n, { kind: "token", asset: TOKEN });
			await put([tx(1, 10, 0, twice, twice)]);
			await put([tx(1, 10, 0, twice)], OTHER_FILE);
			expect(await everything(0)).toEqual(["10.0.16384 token 7 file:1", "10.0.16385 token 7 file:1"]);
		});

		it("does not depend on the order of imports", async () => {
			const both = tx(4, 11, undefined, moves(0, 2, 7n));
			const a = [tx(1, 10, undefined, moves(0, 1, 5n)), tx(2, 10, 4, moves(1, 2, 3n, { kind: "token", asset: TOKEN })), both];
			const b = [tx(2, 10, undefined, moves(2, 3, 3n, { kind: "token", asset: TOKEN })), tx(3, 10, undefined, moves(3, 4, 1n)), both];
			await put(a);
			await put(b, OTHER_FILE);
			const forward = await Promise.all([0, 1, 2, 3].map(everything));
			await store.rollback(TEST_CHAIN, 0);
			await put(b, OTHER_FILE);
			await put(a);
			expect(await Promise.all([0, 1, 2, 3].map(everything))).toEqual(forward);
			expect(forward[2]).toEqual(["10.4.16384 token 3 file:1", "10.4.16385 token 3 file:2", "11.8192.1 native 7 file:1"]);
		});

		it("what one source says failed moves nothing but its fee, whoever tells of more and when; succeeded against failed is a conflict", async () => {
			const told = tx(1, 10, 3, moves(0, 9, 21n, { kind: "fee", to: nullAccount(TEST_CHAIN) }), moves(0, 1, 5n));
			const calls = tx(1, 10, undefined, moves(1, 2, 3n, { kind: "internal" }), moves(1, 2, 3n, { kind: "token", asset: TOKEN }));
			const failed = { ...told, status: "failed" as const };
			for (const order of [
				[told, calls, failed],
				[failed, calls, told],
				[calls, failed],
			]) {
				for (const [i, one] of order.entries()) await put([one], i % 2 ? FILE : OTHER_FILE);
				store = await backend.reopen(store);
				expect((await everything(0)).map((line) => line.slice(0, 13))).toEqual(["10.3.0 fee 21"]);
				expect(await everything(1)).toEqual([]);
				expect((await store.heights(TEST_CHAIN, 10, 1))[0]?.transactions[0]?.status).toBe("failed");
				await expect(put([{ ...told, status: "succeeded" }])).rejects.toMatchObject({ code: "CONFLICT" });
				await store.rollback(TEST_CHAIN, 0);
			}
		});

		it("one transaction has one place: two heights of a hash, or two hashes at a place, are a conflict of files, and of a file with a node before it", async () => {
			const paid = moves(0, 1, 5n, { kind: "internal" });
			const first = tx(1, 10, 3, paid);
			const cases = [
				["two heights", tx(1, 11, 3, paid)],
				["two heights, without an index", tx(1, 11, undefined, paid)],
				["two indices", tx(1, 10, 4, paid)],
				["two hashes at one place", tx(2, 10, 3, paid)],
			] as const;
			const file = (told: TransactionRecord) => put([told], OTHER_FILE);
			const node = (told: TransactionRecord) => store.putBlocks(TEST_CHAIN, [{ ...block(told.height, 0, told), kinds: ["native"] }], NODE);
			for (const [what, other] of cases)
				for (const [tellFirst, tellNext] of [
					[file, file],
					[node, file],
				] as const)
					for (const [a, b] of [
						[first, other],
						[other, first],
					] as const) {
						await tellFirst(a);
						const before = await everything(1);
						await expect(tellNext(b), what).rejects.toMatchObject({ code: "CONFLICT" });
						expect(await everything(1), what).toEqual(before);
						await store.rollback(TEST_CHAIN, 0);
					}
		});

		it("who pays inside of a call is a contract, but not by a call that another source shows to be the transaction itself, in either order", async () => {
			const call = tx(1, 10, undefined, moves(1, 2, 5n, { kind: "internal" }));
			const list = tx(1, 10, 3, moves(1, 9, 21n, { kind: "fee", to: nullAccount(TEST_CHAIN) }), moves(1, 2, 5n));
			const inner = tx(2, 11, undefined, moves(3, 2, 5n, { kind: "internal" }));
			const isContract = async (n: number) => (await store.profile(testAccount(n), 1)).isContract;
			await put([call]);
			expect(await isContract(1)).toBe(true);
			await store.rollback(TEST_CHAIN, 0);
			for (const order of [
				[call, list],
				[list, call],
			]) {
				for (const one of order) await put([one]);
				await put([inner]);
				expect([await isContract(1), await isContract(2), await isContract(3)]).toEqual([false, false, true]);
				await store.rollback(TEST_CHAIN, 0);
			}
		});

		it("a node's block wins over what files told before of its transactions, and says so; of other blocks' transactions, too", async () => {
			const fee = moves(0, 9, 21n, { kind: "fee", to: nullAccount(TEST_CHAIN) });
			const value = moves(0, 1, 5n, { eventIndex: 1 });
			const calls = moves(1, 2, 3n, { kind: "internal" });
			const own = { ...tx(1, 10, 3, { ...fee, eventIndex: 0 }, value), status: "succeeded" as const };
			const whole: DecodedBlock = { ...block(10, 0, own), kinds: ["native", "token"] };
			const loose = { kind: "native", from: testAccount(0), to: testAccount(1), asset: ETHER, amount: 5n } as const;
			const token = moves(0, 2, 7n, { kind: "token", asset: TOKEN });
			const said = (what: string, height = 10, n = 1) => ({ height, hash: hash(n), what, source: FILE.id });
			const cases: [TransactionRecord, Record<string, unknown>[]][] = [
				[{ ...tx(1, 10, 3, fee, loose), status: "succeeded" }, []],
				[{ ...tx(1, 10, 3, fee), status: "failed" }, [said("status")]],
				[tx(1, 10, 7, fee, loose, calls), [said("index")]],
				[tx(1, 10, undefined, { ...fee, amount: 22n }, loose), [said("fee")]],
				[tx(1, 10, undefined, fee, { ...loose, amount: 6n }), [said("value")]],
				[tx(1, 10, undefined, fee, { ...loose, to: testAccount(4) }), [said("value")]],
				[tx(1, 10, undefined, token, token), [said("movement"), said("movement")]],
				[tx(2, 10, 3, loose, calls), [said("transaction", 10, 2)]],
				[tx(2, 10, undefined, { ...fee, from: testAccount(5) }), [{ ...said("transaction", 10, 2), payer: testAccount(5) }]],
				[tx(1, 11, 3, fee, loose), [said("transaction", 11)]],
				[tx(1, 9, 3, fee, calls), [said("transaction", 9)]],
			];
			const other = tx(8, 9, 4, moves(6, 7, 1n));
			for (const [told, denied] of cases) {
				await put([other]);
				await put([told]);
				const result = await store.putBlocks(TEST_CHAIN, [whole], NODE);
				store = await backend.reopen(store);
				expect(result.denied ?? []).toEqual(denied);
				expect(await everything(0)).toEqual(["10.3.0 fee 21 node:x", "10.3.1 native 5 node:x"]);
				const held = await store.heights(TEST_CHAIN, 10, 9);
				expect(held.flatMap(({ transactions }) => transactions)).toMatchObject([{ hash: hash(1), txIndex: 3, status: "succeeded" }]);
				expect(await everything(6)).toEqual(["9.4.1 native 1 file:1"]);
				// Kinds in which the block is not complete stay, of transactions that it holds.
				const isKept = told.hash === hash(1) && told.height === 10 && told.transfers.includes(calls);
				expect(await everything(2)).toEqual(isKept ? ["10.3.2 internal 3 file:1"] : []);
				expect((await store.putBlocks(TEST_CHAIN, [whole], NODE)).denied).toBeUndefined();
				await store.rollback(TEST_CHAIN, 0);
			}
		});

		it("names a time of a block that files told otherwise before a node did", async () => {
			await store.putTransactions(TEST_CHAIN, [tx(1, 10, 0, moves(0, 1, 5n))], new Map([[10, 121]]), FILE, "imported");
			const whole = block(10, 0, tx(1, 10, 0, moves(0, 1, 5n, { eventIndex: 1 })));
			const { denied } = await store.putBlocks(TEST_CHAIN, [whole], NODE);
			expect(denied).toEqual([{ height: 10, hash: hash(1), what: "time", source: FILE.id }]);
			expect((await store.header(TEST_CHAIN, 10))?.time).toBe(120);
			await store.putTransactions(TEST_CHAIN, [tx(2, 11, 0, moves(0, 1, 5n))], new Map(), FILE, "imported");
			expect((await store.putBlocks(TEST_CHAIN, [block(11, 0, tx(2, 11, 0, moves(0, 1, 5n)))], NODE)).denied).toBeUndefined();
		});

		it("two nodes that put one transaction into two blocks are on two forks; two that differ on its status are a conflict", async () => {
			const paid = moves(0, 1, 5n, { eventIndex: 1 });
			await store.putBlocks(TEST_CHAIN, [block(10, 0, { ...tx(1, 10, 3, paid), status: "succeeded" })], NODE);
			const before = await everything(0);
			const refused = async (other: DecodedBlock, name: string) =>
				expect(store.putBlocks(TEST_CHAIN, [other], { ...NODE, id: "node:y" })).rejects.toMatchObject({ code: "CONFLICT", name });
			await refused(block(12, 0, tx(1, 12, 3, paid)), "ForkError");
			await refused({ ...block(10, 7), header: { ...block(10, 0).header, hash: hash(77) } }, "ForkError");
			await refused(block(10, 0, { ...tx(1, 10, 3, paid), status: "failed" }), "InputError");
			expect(await everything(0)).toEqual(before);
		});

		it("keeps a transaction that moves nothing: its place holds for what another source tells of it, in either order", async () => {
			const place = tx(1, 10, 3);
			const calls = tx(1, 10, undefined, moves(1, 2, 3n, { kind: "internal" }));
			for (const order of [
				[place, calls],
				[calls, place],
			]) {
				for (const one of order) await put([one]);
				expect(await everything(1)).toEqual(["10.3.2 internal 3 file:1"]);
				await store.rollback(TEST_CHAIN, 0);
			}
			await put([place]);
			store = await backend.reopen(store);
			const [held] = await store.heights(TEST_CHAIN, 0, 9);
			expect(held?.transactions).toEqual([place]);
			await store.putHeights(TEST_CHAIN, held ? [held] : []);
			expect((await store.heights(TEST_CHAIN, 0, 9))[0]?.transactions).toEqual([place]);
			await put([calls]);
			expect(await everything(1)).toEqual(["10.3.2 internal 3 file:1"]);
		});

		it("a named receiver replaces the unknown one, and the gap goes with it; gaps of transactions name their account and are rolled back", async () => {
			const nameless = moves(0, 0, 5n, { to: unknownAccount(TEST_CHAIN) });
			await put([tx(1, 10, 0, nameless), { ...tx(2, 11, 0, moves(3, 4, 1n)), statusMissing: true }]);
			store = await backend.reopen(store);
			expect(await everything(0)).toEqual(["10.0.1 native 5 file:1"]);
			const gap = (height: number, n: number, text: RegExp) => ({
				fromHeight: height,
				toHeight: height,
				account: testAccount(n),
				gap: expect.stringMatching(text),
			});
			const missing = [3, 4].map((n) => gap(11, n, /succeeded/));
			expect(await store.blockGaps(TEST_CHAIN)).toEqual([gap(10, 0, /receiver/), ...missing].sort((a) => (a.fromHeight === 11 ? 1 : -1)));
			await put([tx(1, 10, 0, moves(0, 7, 5n))], OTHER_FILE);
			await put([tx(1, 10, 0, nameless)]);
			expect(await everything(0)).toEqual(["10.0.1 native 5 file:2"]);
			expect(await store.blockGaps(TEST_CHAIN)).toEqual(missing);
			await put([{ ...tx(2, 11, 0), status: "succeeded" }], OTHER_FILE);
			expect(await store.blockGaps(TEST_CHAIN)).toEqual([]);
			await put([tx(3, 12, 0, nameless)]);
			await store.rollback(TEST_CHAIN, 12);
			expect(await store.blockGaps(TEST_CHAIN)).toEqual([]);
		});

		it("knows where a transaction stands, also one that moved nothing, and no other", async () => {
			await store.putBlocks(TEST_CHAIN, [block(10, 0, tx(1, 10, 0, moves(0, 1, 5n)), { ...tx(2, 10, 1), status: "succeeded" })], NODE);
			store = await backend.reopen(store);
			expect(await store.placeOf(TEST_CHAIN, hash(1))).toEqual({ height: 10, txIndex: 0 });
			expect(await store.placeOf(TEST_CHAIN, hash(2))).toEqual({ height: 10, txIndex: 1 });
			expect(await store.transaction(TEST_CHAIN, hash(2))).toEqual([]);
			expect(await store.placeOf(TEST_CHAIN, hash(3))).toBeUndefined();
			expect(await store.placeOf(`${TEST_CHAIN}7` as typeof TEST_CHAIN, hash(1))).toBeUndefined();
		});

		it("a status that a node could not tell is a file's to tell, whichever came first, until a node tells it", async () => {
			const paid = tx(1, 10, 0, moves(0, 9, 2n, { kind: "fee", to: nullAccount(TEST_CHAIN) }), moves(0, 1, 5n));
			const untold = { ...block(10, 0, { ...paid, statusMissing: true }), kinds: ["native", "token"] as const };
			const fee = "10.0.0 fee 2 node:x";
			const value = "10.0.1 native 5 node:x";
			for (const [status, other] of [
				["succeeded", "failed"],
				["failed", "succeeded"],
			] as const)
				for (const fileFirst of [true, false]) {
					const file = { ...paid, status };
					if (fileFirst) await put([file]);
					expect((await store.putBlocks(TEST_CHAIN, [untold], NODE)).denied).toBeUndefined();
					if (!fileFirst) {
						expect(await everything(0)).toEqual([fee, value]);
						expect(await store.blockGaps(TEST_CHAIN)).toHaveLength(2);
						await put([file]);
					}
					await store.putBlocks(TEST_CHAIN, [untold], NODE);
					store = await backend.reopen(store);
					expect(await everything(0)).toEqual(status === "failed" ? [fee] : [fee, value]);
					expect(await store.blockGaps(TEST_CHAIN)).toEqual([]);
					await expect(put([{ ...paid, status: other }], OTHER_FILE)).rejects.toMatchObject({ code: "CONFLICT" });
					// A node with traces knows better, and one without does not take it back.
					const { denied } = await store.putBlocks(TEST_CHAIN, [block(10, 0, { ...paid, status: other })], OTHER_NODE);
					expect(denied).toMatchObject([{ height: 10, hash: hash(1), what: "status" }]);
					await store.putBlocks(TEST_CHAIN, [untold], NODE);
					expect((await everything(0)).length).toBe(other === "failed" ? 1 : 2);
					expect((await store.heights(TEST_CHAIN, 10, 1))[0]?.transactions).toMatchObject([{ status: other }]);
					await store.rollback(TEST_CHAIN, 0);
				}
		});

		it("what a block itself pays is one group a block: a node names it and knows its amounts better, a file knows of more", async () => {
			const reward = (n: number, amount: bigint) => moves(0, n, amount, { kind: "reward", from: nullAccount(TEST_CHAIN) });
			const fromFile = { ...tx(0, 10, BLOCK_TX_INDEX, reward(1, 5n), reward(2, 4n)), hash: unnamedBlock(10) };
			const fromNode = block(10, 0, { ...tx(0, 10, BLOCK_TX_INDEX, { ...reward(1, 6n), eventIndex: 2 }), hash: hash(10_000) });
			for (const fileFirst of [true, false]) {
				if (fileFirst) await put([fromFile]);
				await store.putBlocks(TEST_CHAIN, [fromNode], NODE);
				if (!fileFirst) await put([fromFile]);
				expect(await everything(1)).toEqual(["10.16383.2 reward 6 node:x"]);
				expect(await everything(2)).toEqual(["10.16383.3 reward 4 file:1"]);
				expect(await store.transaction(TEST_CHAIN, hash(10_000))).toHaveLength(2);
				await store.rollback(TEST_CHAIN, 0);
			}
		});

		it("says which places of a transaction's transfers no source told", async () => {
			const [told, loose] = [{ ...moves(1, 2, 5n, { kind: "internal" }), eventIndex: 9 }, moves(1, 3, 6n, { kind: "internal" })];
			await put([tx(1, 10, 0, told, loose)]);
			const events = (await store.transaction(TEST_CHAIN, hash(1))).map(({ position, amount }) => `${position.eventIndex} ${amount}`);
			expect(events).toEqual(["9 5", "10 6"]);
			expect(await store.derivedEvents(TEST_CHAIN, hash(1))).toEqual([10]);
			expect(await store.derivedEvents(TEST_CHAIN, hash(2))).toEqual([]);
		});

		it("keeps where sources say that calls stand, and which order none tells", async () => {
			const call = (from: number, to: number, callPath?: string) => ({
				...moves(from, to, 5n, { kind: "internal" }),
				...(callPath === undefined ? {} : { callPath }),
			});
			const events = async () =>
				(await store.transaction(TEST_CHAIN, hash(1))).map(({ from, to, position }) =>
					[position.eventIndex, ...[from, to].map((account) => Number(account.slice(-1)) - 1), position.untold ?? "told"].join(" "),
				);
			await put([tx(1, 10, 0, call(2, 3), call(1, 2), call(2, 1), call(4, 5))]);
			expect(await events()).toEqual(["2 4 5 told", "3 1 2 true", "4 2 1 true", "5 2 3 true"]);
			await put([tx(1, 10, 0, call(2, 3, "explorer:3"), call(1, 2, "explorer:10"), call(2, 1, "explorer:9"))], OTHER_FILE);
			expect(await events()).toEqual(["2 4 5 told", "3 2 3 told", "4 2 1 told", "5 1 2 told"]);
			const paths = (await store.heights(TEST_CHAIN, 10, 1))[0]?.transactions[0]?.transfers.map((t) => t.callPath);
			expect(paths).toEqual([undefined, "explorer:3", "explorer:9", "explorer:10"]);
			expect(await store.derivedEvents(TEST_CHAIN, hash(1))).toEqual([2, 3, 4, 5]);
			await put([tx(1, 10, 0, call(2, 3, "trace:1"), call(1, 2, "trace:0"), call(2, 1, "trace:0_0"))]);
			expect(await events()).toEqual(["2 4 5 told", "3 1 2 told", "4 2 1 told", "5 2 3 told"]);
		});

		it("random facts split over files give the same case in any order of import", async () => {
			for (let seed = 1; seed <= 6; seed++) {
				const random = mulberry32(seed);
				const files = randomFiles(random);
				let expected: unknown;
				for (let round = 0; round < 3; round++) {
					const order = files.map((rows, i) => ({ rows, i, at: random() })).sort((a, b) => a.at - b.at);
					for (const { rows, i } of [...order, ...order.slice(0, 1)]) await put(rows, SPLIT[i]);
					const held = [await store.heights(TEST_CHAIN, 0, 99), await store.blockGaps(TEST_CHAIN)];
					if (round === 0) expected = held;
					else expect(held).toEqual(expected);
					await store.rollback(TEST_CHAIN, 0);
				}
			}
		});

		it("refuses one transaction in two blocks, from files", async () => {
			await put([tx(1, 10, 0, moves(0, 1, 5n))]);
			await expect(put([tx(1, 11, 0, moves(0, 1, 5n))], OTHER_FILE)).rejects.toMatchObject({ code: "CONFLICT" });
			expect((await store.counts()).transactions).toBe(1);
		});

		it("refuses sources that contradict each other, and stays as it was", async () => {
			await put([tx(1, 10, 0, moves(0, 1, 5n))]);
			const before = await everything(0);
			await expect(put([tx(1, 10, 0, moves(0, 1, 6n))], OTHER_FILE)).rejects.toMatchObject({ code: "CONFLICT" });
			await expect(put([tx(1, 11, 0, moves(0, 1, 5n)), tx(2, 10, 0, moves(0, 1, 5n))], OTHER_FILE)).rejects.toMatchObject({
				code: "CONFLICT",
			});
			await expect(
				store.putTransactions(TEST_CHAIN, [tx(3, 10, 1, moves(0, 1, 5n))], new Map([[10, 121]]), OTHER_FILE, "imported"),
			).rejects.toMatchObject({ code: "CONFLICT" });
			expect(await everything(0)).toEqual(before);
		});

		it("finds the nearest blocks whose time it knows on either side of a height", async () => {
			await put([tx(1, 10, 0, moves(0, 1, 5n)), tx(2, 20, 0, moves(0, 1, 6n)), tx(3, 30, 0, moves(0, 1, 7n))]);
			const heights = (await store.headersBeside(TEST_CHAIN, [20, 5, 25, 99])).map((list) => list.map((h) => [h.height, h.time]));
			expect(heights).toEqual([
				[
					[10, 120],
					[30, 360],
				],
				[[10, 120]],
				[
					[20, 240],
					[30, 360],
				],
				[[30, 360]],
			]);
		});

		it("pages in position order, in both directions and by asset and height", async () => {
			const rows = Array.from({ length: 25 }, (_, i) =>
				tx(i + 1, 10 + i, 0, i % 2 ? moves(0, 1, 1n + BigInt(i)) : moves(2, 0, 1n + BigInt(i), { kind: "token", asset: TOKEN })),
			);
			await put([...rows].reverse());
			const heights: number[] = [];
			let cursor: Parameters<GraphStore["transfersOf"]>[1]["cursor"];
			do {
				const page = await store.transfersOf(testAccount(0), { limit: 7, ...(cursor ? { cursor } : {}) });
				heights.push(...page.transfers.map((t) => t.position.height));
				cursor = page.next;
			} while (cursor !== undefined);
			expect(heights).toEqual(rows.map((r) => r.height));
			const out = await store.transfersOf(testAccount(0), { direction: "out", fromHeight: 13, toHeight: 17 });
			expect(out.transfers.map((t) => t.position.height)).toEqual([13, 15, 17]);
			const tokens = await store.transfersOf(testAccount(0), { asset: TOKEN, limit: 3 });
			expect(tokens.transfers.map((t) => t.position.height)).toEqual([10, 12, 14]);
			expect((await store.transfersOf(testAccount(77), {})).transfers).toEqual([]);
		});

		it("lists a transfer from an account to itself once", async () => {
			await put([tx(1, 10, 0, moves(0, 0, 5n))]);
			expect(await everything(0)).toHaveLength(1);
		});

		it("reads backward what it reads forward, a page at a time, newest first", async () => {
			await put([
				tx(1, 10, 0, moves(0, 1, 1n)),
				tx(2, 11, 3, moves(1, 0, 2n), moves(0, 0, 3n, { kind: "token", asset: TOKEN })),
				tx(3, 11, 4, moves(1, 2, 4n)),
			]);
			const pages = async (read: (before: Position) => Promise<readonly Transfer[]>) => {
				const found: string[] = [];
				for (let before = startOf(12); ; ) {
					const page = await read(before);
					found.push(...page.map((t) => formatPosition(t.position)));
					const last = page.at(-1);
					if (last === undefined) return found;
					before = last.position;
				}
			};
			const forward = (await store.scan(TEST_CHAIN, startOf(0), 9)).map((t) => formatPosition(t.position));
			expect(await pages((before) => store.scanBefore(TEST_CHAIN, before, 2))).toEqual(forward.reverse());
			const own = (await store.ledger(testAccount(0), startOf(0), 9)).map((t) => formatPosition(t.position));
			expect(own).toHaveLength(3);
			expect(await pages((before) => store.ledgerBefore(testAccount(0), before, 1))).toEqual(own.reverse());
		});

		it("derives balances, and says how much the data lacks", async () => {
			await put([
				tx(1, 10, 0, moves(1, 0, 10n)),
				tx(2, 11, 0, moves(0, 1, 4n)),
				tx(3, 12, 0, moves(0, 1, 9n)),
				tx(4, 13, 0, moves(1, 0, 2n)),
			]);
			expect(await store.balancesBefore(testAccount(0), startOf(12))).toEqual([
				{ asset: ETHER, amount: 6n, shortfall: 0n, shortfalls: [] },
			]);
			expect(await store.balancesBefore(testAccount(0), startOf(14))).toEqual([
				{ asset: ETHER, amount: 2n, shortfall: 3n, shortfalls: [{ at: { height: 12, txIndex: 0, eventIndex: 1 }, amount: 3n }] },
			]);
			await store.putOpeningBalance(testAccount(0), ETHER, 9, 100n, NODE);
			expect(await store.openingBalance(testAccount(0), ETHER, 9)).toBe(100n);
			expect(await store.balancesBefore(testAccount(0), startOf(14))).toEqual([
				{ asset: ETHER, amount: 99n, shortfall: 0n, shortfalls: [] },
			]);
		});

		it("is atomic: a failed piece of work leaves nothing", async () => {
			const work = store.atomically(async (inside) => {
				await put([tx(1, 10, 0, moves(0, 1, 5n))], FILE, inside);
				await inside.putLabels([
					{ account: testAccount(5), category: "exchange", entity: "E", name: "E", source: "s", retrievedAt: "", confidence: 50 },
				]);
				throw new Error("stop");
			});
			await expect(work).rejects.toThrow("stop");
			expect(await store.counts()).toMatchObject({ transfers: 0, labels: 0, accounts: 0 });
			await put([tx(1, 10, 0, moves(0, 1, 5n))]);
			expect(await everything(0)).toEqual(["10.0.1 native 5 file:1"]);
		});

		it("keeps what is not of a transaction out of it, and shows the transaction what it wrote", async () => {
			await store.atomically(async (inside) => {
				await put([tx(1, 10, 0, moves(0, 1, 5n))], FILE, inside);
				expect(await inside.counts()).toMatchObject({ transfers: 1 });
				for (const outside of [() => store.counts(), () => store.putRecord("x", "y", "{}"), () => store.atomically(async () => 1)])
					await expect(outside()).rejects.toMatchObject({ code: "USAGE" });
				await expect(inside.atomically(async () => 1)).rejects.toMatchObject({ code: "USAGE" });
				await expect(inside.close()).rejects.toMatchObject({ code: "USAGE" });
			});
			expect(await store.counts()).toMatchObject({ transfers: 1 });
		});

		it("finds a reorganisation by its parent, and rolls back whole", async () => {
			await store.putBlocks(
				TEST_CHAIN,
				[
					block(10, 0, tx(1, 10, 0, moves(0, 1, 5n, { eventIndex: 1 }))),
					block(11, 0),
					block(12, 0, tx(2, 12, 0, moves(0, 1, 6n, { eventIndex: 1 }))),
				],
				NODE,
			);
			await store.putCoverage([{ chain: TEST_CHAIN, fromHeight: 10, toHeight: 12, kinds: ["native"], source: NODE.id, note: "" }]);
			expect((await store.head(TEST_CHAIN))?.height).toBe(12);
			await expect(store.putBlocks(TEST_CHAIN, [block(13, 7)], NODE)).rejects.toMatchObject({ code: "CONFLICT" });
			await store.rollback(TEST_CHAIN, 12);
			expect(await everything(0)).toEqual(["10.0.1 native 5 node:x"]);
			expect(await store.coverage(TEST_CHAIN)).toEqual([expect.objectContaining({ fromHeight: 10, toHeight: 11 })]);
			expect((await store.head(TEST_CHAIN))?.height).toBe(11);
		});

		it("keeps decoded events with their block: by kind, by transaction, by key; replaced, copied and rolled back with it", async () => {
			const event = (height: number, txIndex: number, rest: Partial<ChainEvent>): ChainEvent => ({
				chain: TEST_CHAIN,
				position: { height, txIndex, eventIndex: 16384 },
				txHash: hash(height * 10 + txIndex),
				kind: "swap",
				protocol: "test",
				contract: testAccount(9),
				details: { amount: "5" },
				...rest,
			});
			const out = event(10, 1, { kind: "bridge-out", key: "test:1", account: testAccount(3) });
			const blocks = [
				{ ...block(10, 0, tx(1, 10, 1, moves(0, 1, 5n, { eventIndex: 1 }))), events: [event(10, 0, {}), out] },
				{ ...block(11, 0), events: [event(11, 0, {}), event(11, 2, { kind: "bridge-in", key: "test:1" })] },
			];
			await store.putBlocks(TEST_CHAIN, blocks, NODE);
			await store.putBlocks(TEST_CHAIN, blocks, NODE);
			store = await backend.reopen(store);
			const swaps = await store.events(TEST_CHAIN, "swap", startOf(0), 10);
			expect(swaps).toEqual([event(10, 0, {}), event(11, 0, {})]);
			expect(await store.events(TEST_CHAIN, "swap", startOf(11), 10)).toHaveLength(1);
			expect(await store.events(TEST_CHAIN, "swap", startOf(0), 1)).toHaveLength(1);
			expect(await store.eventsOfTransaction(TEST_CHAIN, { height: 10, txIndex: 1, eventIndex: 7 })).toEqual([out]);
			expect((await store.eventsByKey("test:1")).map(({ kind }) => kind)).toEqual(["bridge-out", "bridge-in"]);
			expect((await store.heights(TEST_CHAIN, 10, 5)).map(({ events }) => events.length)).toEqual([2, 2]);
			await put([tx(3, 10, 3, moves(1, 2, 1n))]);
			expect(await store.eventsByKey("test:1")).toHaveLength(2);
			await store.rollback(TEST_CHAIN, 11);
			expect(await store.eventsByKey("test:1")).toEqual([out]);
			expect(await store.events(TEST_CHAIN, "swap", startOf(0), 10)).toHaveLength(1);
		});

		it("lets a node's block replace what a file said of the same kinds, and keeps the other kinds", async () => {
			await put([tx(1, 10, 0, moves(0, 1, 5n), moves(0, 3, 2n, { kind: "internal" }))]);
			const nodeBlock = { ...block(10, 0, tx(1, 10, 0, moves(0, 1, 5n, { eventIndex: 1 }))), kinds: ["native", "token"] as const };
			await store.putBlocks(TEST_CHAIN, [nodeBlock], NODE);
			expect(await everything(0)).toEqual(["10.0.1 native 5 node:x", "10.0.2 internal 2 file:1"]);
			await store.putBlocks(TEST_CHAIN, [nodeBlock], NODE);
			expect(await everything(0)).toHaveLength(2);
		});

		it("joins coverage, and gives an account its own and everybody's", async () => {
			const range = (from: number, to: number, account?: number): Coverage => ({
				chain: TEST_CHAIN,
				...(account === undefined ? {} : { account: testAccount(account) }),
				fromHeight: from,
				toHeight: to,
				kinds: ["native"],
				source: "s",
				note: "",
			});
			await store.putCoverage([range(0, 9), range(10, 19), range(30, 39), range(0, 5, 1)]);
			expect(await store.coverage(TEST_CHAIN)).toEqual([range(0, 19), range(30, 39), range(0, 5, 1)]);
			expect((await store.profile(testAccount(1), 10)).coverage).toHaveLength(3);
			expect((await store.profile(testAccount(2), 10)).coverage).toHaveLength(2);
		});

		it("keeps labels by strength and the first description of a token", async () => {
			const label = {
				account: testAccount(1),
				category: "exchange",
				entity: "Weak",
				name: "w",
				source: "s",
				retrievedAt: "",
				confidence: 20,
			} as const;
			await store.putLabels([
				label,
				{ ...label, entity: "Strong", confidence: 90, validFrom: "2020-01-02", validUntil: "2025-03-21" },
				{ ...label, confidence: 30 },
			]);
			expect((await store.labelsOf(testAccount(1))).map((l) => `${l.entity} ${l.confidence}`)).toEqual(["Strong 90", "Weak 30"]);
			expect((await store.labelsOf(testAccount(1)))[0]).toMatchObject({ validFrom: "2020-01-02", validUntil: "2025-03-21" });
			expect((await store.labelsOf(testAccount(1)))[1]).not.toHaveProperty("validFrom");
			await store.putAssets([{ asset: TOKEN, decimals: 6, symbol: "USD" }]);
			await store.putAssets([{ asset: TOKEN, decimals: 0, symbol: "FAKE" }]);
			expect(await store.asset(TOKEN)).toEqual({ asset: TOKEN, decimals: 6, symbol: "USD" });
			expect(await store.assets()).toHaveLength(1);
		});

		it("keeps every time of a claim that one import tells, and what a later one tells otherwise in its place", async () => {
			const claim = { account: testAccount(1), category: "exchange", entity: "E", name: "E", source: "s", retrievedAt: "" } as const;
			const label = (validFrom?: string, validUntil?: string, confidence = 60) => ({
				...claim,
				confidence,
				...(validFrom === undefined ? {} : { validFrom }),
				...(validUntil === undefined ? {} : { validUntil }),
			});
			const held = async () =>
				(await store.labelsOf(testAccount(1))).map((l) => `${l.source} ${l.validFrom ?? ""}..${l.validUntil ?? ""} ${l.confidence}`);
			const [first, second] = [label("2014-01-01", "2014-06-01"), label("2015-09-01", "2015-10-01")];
			expect(await store.putLabels([second, first, { ...first, confidence: 20 }])).toEqual({ held: 2, replaced: 0 });
			expect(await held()).toEqual(["s 2014-01-01..2014-06-01 60", "s 2015-09-01..2015-10-01 60"]);
			// Another time, by another import: nothing of the source speaks of it yet.
			expect(await store.putLabels([label("2020-01-01")])).toEqual({ held: 1, replaced: 0 });
			expect(await held()).toHaveLength(3);
			// The list again, in which the open label ended; other sources and other claims are left alone.
			await store.putLabels([{ ...label(), source: "t" }]);
			expect(await store.putLabels([label("2020-01-01", "2023-01-01"), { ...label(), category: "other" }])).toEqual({
				held: 2,
				replaced: 1,
			});
			expect(await held()).toEqual([
				"s 2014-01-01..2014-06-01 60",
				"s 2015-09-01..2015-10-01 60",
				"s 2020-01-01..2023-01-01 60",
				"s .. 60",
				"t .. 60",
			]);
			expect(await store.putLabels([label("2014-01-01", "2014-06-01", 30), label("2015-09-15", "2015-11-01")])).toEqual({
				held: 2,
				replaced: 1,
			});
			expect((await held()).filter((line) => /^s 201/.test(line))).toEqual(["s 2015-09-15..2015-11-01 60", "s 2014-01-01..2014-06-01 30"]);
			store = await backend.reopen(store);
			expect(await held()).toHaveLength(5);
		});

		it("counts the writes to each chain's data and labels, and nothing else", async () => {
			const before = await revisionsOf(store);
			const counted = async () =>
				Object.entries(await revisionsOf(store)).flatMap(([id, n]) =>
					n === before[id] ? [] : [`${id} ${BigInt(n) - BigInt(before[id] ?? 0)}`],
				);
			const [chain, account] = [store.info.chain, testAccount(1)];
			const made = { chain, labels: true };
			expect(await asOfNow(store, "m", made)).toBe("unknown");
			await noteAsOf(store, "m", before);
			await store.putTrace("t1", ["{}"]);
			await store.appendCustody("2026-01-01T00:00:00Z", "a", "b");
			await store.putRecord("x", "y", "{}");
			expect([await counted(), await asOfNow(store, "m", made)]).toEqual([[], "now"]);
			await store.putLabels([
				{ account, source: "s", entity: "e", name: "n", category: "exchange", confidence: 60, retrievedAt: "2026-01-01" },
			]);
			expect(await counted()).toEqual([`${chain} labels 1`]);
			expect([await asOfNow(store, "m", made), await asOfNow(store, "m", { chain, labels: false })]).toEqual(["written", "now"]);
			await store.atomically(async (tx) => {
				await tx.putCoverage([{ chain, fromHeight: 1, toHeight: 2, kinds: ["native"], source: "f", note: "" }]);
				await tx.rollback(chain, 2);
			});
			const undone = store.atomically(async (tx) => {
				await tx.rollback(chain, 1);
				throw new Error("undone");
			});
			await expect(undone).rejects.toThrow("undone");
			store = await backend.reopen(store);
			expect([await counted(), await asOfNow(store, "m", { chain, labels: false })]).toEqual([
				[`${chain} data 2`, `${chain} labels 1`],
				"written",
			]);
		});

		it("chains the custody log, and keeps traces and gaps", async () => {
			const first = await store.appendCustody("2026-01-01T00:00:00Z", "a", "b");
			const second = await store.appendCustody("2026-01-01T00:00:01Z", "c", "d");
			expect(second.previous).toBe(first.hash);
			expect((await store.custody()).slice(-2)).toEqual([first, second]);
			expect(first).not.toHaveProperty("by");
			const stated = { with: "clew 1.0.0", by: "A. Person", why: "asked by the court" };
			const third = await store.appendCustody("2026-01-01T00:00:02Z", "e", "f", stated);
			const fourth = await store.appendCustody("2026-01-01T00:00:03Z", "g", "h", { why: "again" });
			expect(third).toMatchObject(stated);
			expect((await store.custody()).slice(-4)).toEqual([first, second, third, fourth]);
			expect(firstBroken(await store.custody())).toBeUndefined();
			await store.putTrace("t1", ["{}"]);
			await store.putTrace("t1", ["{}"]);
			expect([await store.trace("t1"), await store.traceIds()]).toEqual([["{}"], ["t1"]]);
			// Ids are hashes: their order says nothing of which came last.
			for (const id of ["a0", "t9", "m5"]) await store.putTrace(id, ["{}", "two", "three"]);
			expect(await store.traceIds()).toEqual(["t1", "a0", "t9", "m5"]);
			await store.putTrace("a0", ["{}"]);
			await store.putTrace("a0", ["mended", "2"]);
			expect(await store.traceIds()).toEqual(["t1", "t9", "m5", "a0"]);
			// A trace is run again where what the case held under its id was changed.
			expect([await store.trace("a0"), await store.trace("t9"), await store.trace("none")]).toEqual([
				["mended", "2"],
				["{}", "two", "three"],
				undefined,
			]);
			await store.putBlocks(
				TEST_CHAIN,
				[10, 11, 13].map((h) => ({
					...block(h, 0),
					gaps: ["no traces"],
					...(h === 11 ? { unread: [{ account: testAccount(3), what: "type 77" }] } : {}),
				})),
				NODE,
			);
			expect(await store.blockGaps(TEST_CHAIN)).toEqual([
				{ fromHeight: 10, toHeight: 11, gap: "no traces" },
				{ fromHeight: 13, toHeight: 13, gap: "no traces" },
				{ fromHeight: 11, toHeight: 11, gap: "type 77", account: testAccount(3), unread: true },
			]);
		});

		it("tells in the note of a file's coverage what nodes denied of it, each transaction once, until it is forgotten", async () => {
			const claim = {
				chain: TEST_CHAIN,
				account: testAccount(1),
				fromHeight: 0,
				toHeight: 99,
				kinds: ["native" as const],
				source: "f",
				note: "n",
			};
			await store.putCoverage([
				claim,
				{ ...claim, source: "g" },
				{ chain: TEST_CHAIN, fromHeight: 0, toHeight: 5, kinds: ["native"], source: "f", note: "" },
			]);
			const denial = (height: number, what: "fee" | "status") => ({ height, hash: hash(height), what, source: "f" });
			const all = [denial(20, "status"), denial(10, "status"), denial(10, "fee")];
			for (const one of [...all, ...all]) await keepDenials(store, TEST_CHAIN, [one]);
			store = await backend.reopen(store);
			const words = `stand otherwise in blocks that a node told whole, and what it says there was left out, first ${hash(10)} of block 10 (its fee, its status)`;
			const notes = async () => (await store.coverage(TEST_CHAIN)).map(({ source, note }) => `${source} ${note}`);
			expect(await notes()).toEqual(["f ", `f n; 2 transactions ${words}`, "g n"]);
			expect((await store.profile(testAccount(1), 1)).coverage.map(({ note }) => note)).toContain(`n; 2 transactions ${words}`);
			await forgetDenials(store, TEST_CHAIN, 20);
			expect((await notes())[1]).toBe(`f n; 1 transaction ${words.replace("stand", "stands")}`);
			await forgetDenials(store, TEST_CHAIN, 0);
			expect(await notes()).toEqual(["f ", "f n", "g n"]);
		});

		it("joins what rows tell of nonces, and covers nothing where they show transactions to be missing", async () => {
			const [account, other] = [testAccount(1), testAccount(2)];
			const claim = { chain: TEST_CHAIN, account, fromHeight: 0, toHeight: 99, kinds: ["native" as const], source: "f", note: "" };
			await store.putCoverage([claim, { ...claim, kinds: ["token"], source: "h" }, { ...claim, account: other }]);
			const run = (first: number, last: number, from: number, to: number) => ({ first, last, from, to });
			await store.putHistoryChecks([{ account, runs: [run(0, 3, 10, 20)] }]);
			expect(await store.coverage(TEST_CHAIN)).toHaveLength(3);
			await store.putHistoryChecks([{ account, runs: [run(6, 7, 40, 50)] }]);
			const note = "its nonces 4 to 5 are missing between block 20 and block 40: not fetched there";
			const cut = [
				{ ...claim, toHeight: 19, note },
				{ ...claim, kinds: ["token"], source: "h" },
				{ ...claim, fromHeight: 41, note },
			];
			expect((await store.profile(account, 1)).coverage).toEqual(cut);
			expect(await store.coverage(TEST_CHAIN)).toEqual([...cut, { ...claim, account: other }]);
			await store.putHistoryChecks([
				{ account, runs: [run(4, 5, 25, 30)] },
				{ account: other, runs: [run(0, 0, 1, 1)] },
			]);
			expect(await store.historyCheck(account)).toEqual({ account, runs: [run(0, 7, 10, 50)] });
			expect(await store.coverage(TEST_CHAIN)).toHaveLength(3);
			const lacks = [
				{ source: "f", from: 60, to: 70, at: 65 },
				{ source: "g", from: 0, at: 1 },
			];
			await store.putHistoryChecks([{ account, runs: [], lacks }]);
			const lacking = "it does not list all of block 65 that another source tells: not complete from block 60 to block 70";
			expect((await store.profile(account, 1)).coverage).toEqual([
				{ ...claim, toHeight: 59, note: lacking },
				{ ...claim, kinds: ["token"], source: "h" },
				{ ...claim, fromHeight: 71, note: lacking },
			]);
			await store.putHistoryChecks([{ account: other, runs: [run(5, 5, 9, 9)], withdrawn: [] }]);
			expect((await store.profile(other, 1)).coverage[0]?.note).toMatch(/nonces 1 to 4 are missing/);
			await store.putHistoryChecks([{ account: other, runs: [], withdrawn: [9] }]);
			expect((await store.profile(other, 1)).coverage).toEqual([{ ...claim, account: other }]);
			await store.putHistoryChecks([{ account, runs: [run(7, 7, 49, 49)], lacks: [] }]);
			expect(await store.historyCheck(account)).toMatchObject({ contradicted: { nonce: 7, heights: [50, 49] }, lacks: [] });
			expect((await store.profile(account, 1)).coverage[0]?.note).toMatch(/contradict each other at its nonce 7/);
		});

		it("keeps documents by kind and id, lists them in pages, replaces and removes them", async () => {
			for (const id of ["b", "a", "c"]) await store.putRecord("watch", id, `{"id":"${id}"}`);
			await store.putRecord("alert", "a", "{}");
			await store.putRecord("watch", "b", "{}");
			expect(await store.records("watch", "", 2)).toEqual([
				{ id: "a", json: `{"id":"a"}` },
				{ id: "b", json: "{}" },
			]);
			expect(await store.records("watch", "b", 2)).toEqual([{ id: "c", json: `{"id":"c"}` }]);
			expect([await store.removeRecord("watch", "c"), await store.removeRecord("watch", "c")]).toEqual([true, false]);
			expect([await store.record("watch", "c"), await store.record("alert", "a")]).toEqual([undefined, "{}"]);
		});

		it("refuses a block that does not fit below a stored one", async () => {
			await store.putBlocks(TEST_CHAIN, [block(14, 0)], NODE);
			const other = { ...block(13, 0), header: { ...block(13, 0).header, hash: hash(99) } };
			await expect(store.putBlocks(TEST_CHAIN, [other], NODE)).rejects.toMatchObject({ code: "CONFLICT" });
			await store.putBlocks(TEST_CHAIN, [block(13, 0)], NODE);
			expect((await store.head(TEST_CHAIN))?.height).toBe(14);
		});

		it("counts an account's transfers up to a cap", async () => {
			await put(Array.from({ length: 9 }, (_, i) => tx(i + 1, 10 + i, 0, i % 2 ? moves(0, 1, 1n) : moves(1, 0, 1n))));
			expect((await store.profile(testAccount(0), 100)).transfers).toBe(9);
			expect((await store.profile(testAccount(0), 5)).transfers).toBe(5);
		});

		it("counts a transfer of an account to itself once", async () => {
			const own = [1, 2, 3].map((n) => tx(n, n, 0, moves(0, 9, 1n, { kind: "fee", to: nullAccount(TEST_CHAIN) }), moves(0, 0, 5n)));
			await put([...own, tx(4, 4, 0, moves(1, 0, 5n)), tx(5, 5, 0, moves(0, 1, 5n))]);
			for (const [cap, counted] of [
				[100, 8],
				[8, 8],
				[7, 7],
				[1, 1],
			] as const)
				expect((await store.profile(testAccount(0), cap)).transfers).toBe(counted);
			expect((await store.transfersOf(testAccount(0), {})).transfers).toHaveLength(8);
			expect((await store.profile(testAccount(1), 100)).transfers).toBe(2);
		});
	});
}
