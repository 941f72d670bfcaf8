import {
	type AccountId,
	type ChainNode,
	COVERED_KINDS,
	type Coverage,
	erc20Asset,
	type GraphStore,
	nativeAsset,
	nullAccount,
	type Transfer,
	type UtxoRecord,
} from "@clew/core";
import {
	memoryLedger,
	memoryOutputs,
	TEST_CHAIN,
	TEST_UTXO_CHAIN,
	testAccount,
	testAddress,
	testTransfer,
	testUtxo,
} from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import type { Movement, Watch } from "./model.js";
import { followTaint } from "./taint.js";

const { signal } = new AbortController();
const watchOf = (subject: string): Watch => ({ id: "w", subject, on: ["taint"], notify: [], note: "", createdAt: "" });
const infoOf = (chain: string) => ({ id: "c", title: "t", chain, createdAt: "" });

describe("watched money on accounts", () => {
	/** A node that has kept no old state. */
	const node = { chain: TEST_CHAIN, ledger: "accounts", name: "n", capabilities: async () => ({ client: "" }) } as unknown as ChainNode;
	const read = (fromHeight: number, toHeight: number): Coverage => ({
		chain: TEST_CHAIN,
		fromHeight,
		toHeight,
		kinds: COVERED_KINDS,
		source: "test",
		note: "",
	});
	const ALL = [read(0, 1_000)];
	const follow = (
		transfers: readonly Transfer[],
		seed: string,
		above = 0,
		coverage: Readonly<Record<number, readonly Coverage[]>> = {},
	) => {
		const known = new Map(Object.entries(coverage).map(([n, spans]) => [testAccount(Number(n)), spans]));
		const ledger = memoryLedger(transfers, { coverage: (account) => known.get(account) ?? ALL });
		// What the node would tell of before the case is kept nowhere: it cannot tell.
		const store = { ...ledger, info: infoOf(TEST_CHAIN), putOpeningBalance: async () => {} } as unknown as GraphStore;
		const blind = { ...node, balance: async () => 0n } as unknown as ChainNode;
		return followTaint(store, blind, watchOf(seed), above, signal);
	};
	const told = ({ movements }: { movements: readonly Movement[] }) =>
		movements.map(({ height, from, to, amount, tainted }) => [
			height,
			from,
			to,
			amount,
			tainted === "unknown" ? tainted : tainted?.["fifo"],
		]);
	const gapsOf = ({ movements }: { movements: readonly Movement[] }) =>
		movements.map(({ height, gaps = [] }) => [height, gaps.map(({ account, fromHeight, toHeight }) => [account, fromHeight, toHeight])]);
	const [a, b, c, d] = [1, 2, 3, 4].map(testAccount) as [AccountId, AccountId, AccountId, AccountId];
	const token = erc20Asset(TEST_CHAIN, `0x${"d".repeat(40)}`);
	const way = [
		testTransfer([10, 0, 1], 9, 1, 10n),
		testTransfer([20, 0, 0], 1, -1, 1n, { kind: "fee" }),
		testTransfer([20, 0, 1], 1, 2, 6n),
		testTransfer([30, 0, 1], 2, 3, 6n),
		testTransfer([40, 0, 1], 3, 4, 2n),
	];

	it("is told of above a height, in chain order, with what of each movement it is, and fees are no movement", async () => {
		expect(told(await follow(way, "transfer:10.0.1"))).toEqual([
			[10, testAccount(9), a, 10n, "10"],
			[20, a, b, 6n, "6"],
			[30, b, c, 6n, "6"],
			[40, c, d, 2n, "2"],
		]);
		expect(told(await follow(way, "transfer:10.0.1", 20)).map(([height]) => height)).toEqual([30, 40]);
	});

	it("that others paid from a balance that is not told is unknown from there on, and says of whom; before, it is what it is", async () => {
		const found = await follow(way, "transfer:10.0.1", 0, { 2: [read(15, 1_000)] });
		expect(told(found).map(([, , , , share]) => share)).toEqual(["10", "6", "unknown", "unknown"]);
		expect(found.movements[2]).toMatchObject({ range: ["0", "6"] });
		expect(gapsOf(found)).toEqual([
			[10, []],
			[20, []],
			[30, [[b, 0, 14]]],
			[40, [[b, 0, 14]]],
		]);
		const both = await follow(way, "transfer:10.0.1", 0, { 2: [read(15, 1_000)], 3: [read(25, 1_000)] });
		expect(gapsOf(both)[3]).toEqual([
			40,
			[
				[b, 0, 14],
				[c, 0, 24],
			],
		]);
	});

	it("is told with the least and most that it can be where the payer's books lack money, and with neither where they do not", async () => {
		// docs/tracing-rules.md: 100 stolen arrive, 150 leave, then 70; 120 are missing.
		const lacking = [testTransfer([10, 0, 1], 9, 1, 100n), testTransfer([20, 0, 1], 1, 2, 150n), testTransfer([30, 0, 1], 1, 3, 70n)];
		const { movements } = await follow(lacking, "transfer:10.0.1");
		expect(movements.map((movement) => ["range" in movement, movement.range, movement.gaps])).toEqual([
			[false, undefined, undefined],
			[true, ["30", "100"], undefined],
			[true, ["0", "70"], undefined],
		]);
	});

	it("that is paid in or behind a hole is unknown, before it is not; whoever paid the seed's money had what he had", async () => {
		const hole = [read(0, 24), read(31, 1_000)];
		expect(gapsOf(await follow(way, "transfer:10.0.1", 0, { 2: hole, 9: [read(9, 1_000)] }))).toEqual([
			[10, []],
			[20, []],
			[30, [[b, 25, 30]]],
			[40, [[b, 25, 30]]],
		]);
		expect(gapsOf(await follow(way, "transfer:10.0.1", 0, { 2: [read(0, 29), read(31, 1_000)] }))[2]).toEqual([30, [[b, 30, 30]]]);
		expect(gapsOf(await follow(way, "transfer:10.0.1", 0, { 2: [read(0, 30), read(32, 1_000)] }))[2]).toEqual([30, []]);
	});

	it("that comes to one account on two ways carries what is unknown of both", async () => {
		const forked = [
			testTransfer([10, 0, 1], 9, 1, 10n),
			testTransfer([20, 0, 1], 1, 2, 5n),
			testTransfer([21, 0, 1], 1, 3, 5n),
			testTransfer([30, 0, 1], 2, 4, 5n),
			testTransfer([31, 0, 1], 3, 4, 5n),
			testTransfer([40, 0, 1], 4, 5, 10n),
		];
		const found = gapsOf(await follow(forked, "transfer:10.0.1", 0, { 2: [read(15, 1_000)], 3: [read(16, 1_000)] }));
		expect(found.slice(3)).toEqual([
			[30, [[b, 0, 14]]],
			[31, [[c, 0, 15]]],
			[
				40,
				[
					[b, 0, 14],
					[c, 0, 15],
				],
			],
		]);
	});

	it("may lie with each account that it reached, named once whatever it holds", async () => {
		const some = [...way, testTransfer([50, 0, 1], 4, 8, 1n), testTransfer([50, 0, 2], 8, 4, 7n, { kind: "token", asset: token })];
		expect([...(await follow(some, "transfer:10.0.1")).holders].sort()).toEqual([a, b, c, d].sort());
	});

	it("that is exchanged moves nowhere, and what came of it rests on the same balances", async () => {
		const swap = [
			testTransfer([10, 0, 1], 9, 1, 10n),
			testTransfer([15, 0, 1], 1, 2, 10n),
			testTransfer([20, 0, 1], 2, 8, 10n),
			testTransfer([20, 0, 2], 8, 2, 70n, { kind: "token", asset: token }),
			testTransfer([30, 0, 1], 2, 3, 70n, { kind: "token", asset: token }),
		];
		const found = await follow(swap, "transfer:10.0.1", 0, { 2: [read(12, 1_000)] });
		expect(found.movements.map(({ height, asset, amount, tainted }) => [height, asset, amount, tainted === "unknown"])).toEqual([
			[10, nativeAsset(TEST_CHAIN), 10n, false],
			[15, nativeAsset(TEST_CHAIN), 10n, false],
			[30, token, 70n, true],
		]);
		expect(found.movements[2]?.gaps?.map(({ asset }) => asset)).toEqual([nativeAsset(TEST_CHAIN), token]);
	});
});

describe("watched money on outputs", () => {
	const node = { chain: TEST_UTXO_CHAIN, ledger: "outputs" } as unknown as ChainNode;
	const follow = (records: readonly UtxoRecord[], seed: string, above = 0) =>
		followTaint({ ...memoryOutputs(records), info: infoOf(TEST_UTXO_CHAIN) } as unknown as GraphStore, node, watchOf(seed), above, signal);
	const [one, two, three, four] = [1, 2, 3, 4].map(testAddress) as [AccountId, AccountId, AccountId, AccountId];
	const txid = (n: number) => testUtxo(n, [0, 0], [], []).txid;
	const chain = [
		testUtxo(1, [1, 0], [], [[1, 60n]]),
		testUtxo(2, [1, 1], [], [[2, 40n]]),
		testUtxo(
			3,
			[2, 0],
			[
				[1, 0],
				[2, 0],
			],
			[
				[3, 70n],
				[2, 30n],
			],
		),
		testUtxo(
			4,
			[3, 0],
			[
				[3, 0],
				[3, 1],
			],
			[
				[4, 90n],
				[3, 10n],
			],
		),
	];
	const ways = ({ movements }: { movements: readonly Movement[] }) =>
		movements.map(({ from, spenders, to, amount, height }) => [height, from, spenders, to, amount]);

	it("comes with its seed from all who spent there, and from nobody where it is new", async () => {
		expect(ways(await follow(chain, `outpoint:${txid(3)}:0`)).slice(0, 1)).toEqual([[2, one, [one, two], three, 70n]]);
		expect(ways(await follow(chain, `outpoint:${txid(1)}:0`))[0]).toEqual([1, nullAccount(TEST_UTXO_CHAIN), undefined, one, 60n]);
	});

	it("moves from whose coins carried it to who was paid, once; change moves nothing, and height by height it is told once", async () => {
		const found = await follow(chain, `tx:${txid(1)}`, 1);
		expect(ways(found)).toEqual([
			[2, one, undefined, three, 60n],
			[2, one, undefined, two, 30n],
			[3, three, [three, two], four, 90n],
		]);
		expect(ways(await follow(chain, `tx:${txid(1)}`, 2)).map(([height]) => height)).toEqual([3]);
		expect(new Set(found.holders)).toEqual(new Set([four, three]));
		expect(found.movements.every(({ gaps }) => gaps === undefined)).toBe(true);
	});
});
