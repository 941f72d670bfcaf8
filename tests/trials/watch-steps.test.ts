import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChainSource, type DecodedBlock, type GraphStore, type Hash, nativeAsset } from "@clew/core";
import { TEST_CHAIN, testAccount } from "@clew/core/testing";
import { createCase } from "@clew/graph-store";
import { addWatch, evaluateWatches, listAlerts } from "@clew/workers";
import { afterEach, beforeEach, expect, it } from "vitest";

const ETHER = nativeAsset(TEST_CHAIN);
type Payment = readonly [from: number, to: number, amount: bigint];

/** A node whose blocks hold these payments, each in a transaction of its own unless a block's are joined in one. */
function nodeOf(head: number, paid: (height: number) => readonly Payment[], joined = false, fork: (height: number) => number = () => 0) {
	const hash = (height: number, index = 0): Hash =>
		`0x${fork(height)}${height.toString(16).padStart(31, "0")}${String(index).padStart(32, "0")}` as Hash;
	const header = (height: number) => ({ height, hash: hash(height), parent: hash(height - 1), time: height * 12 });
	const transfer = ([from, to, amount]: Payment, eventIndex: number) => ({
		kind: "native" as const,
		from: testAccount(from),
		to: testAccount(to),
		asset: ETHER,
		amount,
		eventIndex,
	});
	const block = (height: number): DecodedBlock => ({
		header: header(height),
		transactions: joined
			? [{ hash: `0x${height.toString().padStart(64, "e")}` as Hash, height, txIndex: 0, transfers: paid(height).map(transfer) }]
			: paid(height).map((one, i) => ({
					hash: `0x${(height * 10 + i).toString().padStart(64, "f")}` as Hash,
					height,
					txIndex: i,
					transfers: [transfer(one, 1)],
				})),
		kinds: ["native", "token", "internal"],
		contracts: [],
		gaps: [],
		provenance: "node",
	});
	return {
		chain: TEST_CHAIN,
		name: "made-up",
		capabilities: async () => ({ client: "test", blockReceipts: true, traces: "none" }),
		head: async () => header(head),
		block: async (height: number) => block(height),
		assets: async () => [],
		balance: async () => 0n,
		requests: () => 0,
		close() {},
	} as unknown as ChainSource;
}

let folder: string;
let store: GraphStore;
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "clew-watch-"));
	store = await createCase(join(folder, "a.clew"), { title: "t", chain: TEST_CHAIN, at: "2026-01-01T00:00:00Z" });
});
afterEach(async () => {
	await store.close();
	rmSync(folder, { recursive: true, force: true });
});

const watch = (on: string, subject = testAccount(1) as string, after = 0) =>
	addWatch(store, { subject, on: [on], notify: [], note: "", createdAt: "2026-01-01T00:00:00Z", after });
const evaluate = (node: ChainSource, confirmations = 6) =>
	evaluateWatches(store, node, {
		signal: new AbortController().signal,
		confirmations,
		concurrency: 2,
		batch: 50,
		amount: (text) => [ETHER, BigInt(text)],
	});

it("tells every movement once over several steps of blocks, the last of a step and the first of the next among them", async () => {
	await watch("any-outflow");
	const paid = (height: number): Payment[] => [[1, 2, BigInt(height)]];
	const { from, to, alerts } = await evaluate(nodeOf(450, paid));
	expect([from, to]).toEqual([1, 450]);
	expect(alerts.map(({ height, amount }) => [height, amount])).toEqual(Array.from({ length: 450 }, (_, i) => [i + 1, String(i + 1)]));
	expect((await evaluate(nodeOf(450, paid))).alerts).toEqual([]);
	const later = await evaluate(nodeOf(452, paid));
	expect([later.from, later.alerts.map(({ height }) => height)]).toEqual([451, [451, 452]]);
});

it("tells a second payment that equals the first, in one transaction and in two, and tells neither again", async () => {
	await watch("any-outflow");
	const twice = (height: number): Payment[] =>
		height === 5
			? [
					[1, 2, 7n],
					[1, 2, 7n],
				]
			: [];
	const { alerts } = await evaluate(nodeOf(9, twice, true));
	expect([alerts.length, new Set(alerts.map(({ id }) => id)).size, new Set(alerts.map(({ txHash }) => txHash)).size]).toEqual([2, 2, 1]);
	expect((await evaluate(nodeOf(10, twice, true))).alerts).toEqual([]);
	const apart = await evaluate(
		nodeOf(12, (height) =>
			height === 11
				? [
						[1, 2, 7n],
						[1, 2, 7n],
					]
				: twice(height),
		),
	);
	expect([apart.alerts.length, new Set(apart.alerts.map(({ txHash }) => txHash)).size]).toEqual([2, 2]);
	expect((await listAlerts(store)).length).toBe(4);
});

it("above means more than the amount, and only what goes out", async () => {
	await watch(">100");
	const { alerts } = await evaluate(nodeOf(4, (height) => (height === 4 ? [[2, 1, 500n]] : [[1, 2, 98n + BigInt(height)]])));
	expect(alerts.map(({ amount }) => amount)).toEqual(["101"]);
});

it("calls an alert final from exactly so many blocks on top of it, its own included", async () => {
	await watch("any-outflow");
	const once = (height: number): Payment[] => (height === 3 ? [[1, 2, 7n]] : []);
	const statusAt = async (head: number) => {
		await evaluate(nodeOf(head, once), 3);
		return (await listAlerts(store)).map(({ status, confirmations }) => [status, confirmations]);
	};
	expect(await statusAt(3)).toEqual([["seen", 1]]);
	expect(await statusAt(4)).toEqual([["seen", 2]]);
	expect(await statusAt(5)).toEqual([["final", 3]]);
});

it("follows watched money through steps: what moved long before the head is told once, with what of it is the money", async () => {
	await watch("taint", "transfer:1.0.1");
	const paid = (height: number): Payment[] =>
		height === 1 ? [[9, 1, 10n]] : height === 199 ? [[1, 2, 6n]] : height === 201 ? [[2, 3, 6n]] : height === 420 ? [[1, 4, 4n]] : [];
	const { alerts } = await evaluate(nodeOf(430, paid));
	const told = alerts.map(({ height, to, tainted }) => [height, to, tainted === "unknown" ? tainted : tainted?.["fifo"]]);
	expect(told).toEqual([
		[1, testAccount(1), "10"],
		[199, testAccount(2), "6"],
		[201, testAccount(3), "6"],
		[420, testAccount(4), "4"],
	]);
	expect((await evaluate(nodeOf(431, paid))).alerts).toEqual([]);
	const on = await evaluate(nodeOf(433, (height) => (height === 432 ? [[3, 5, 6n]] : paid(height))));
	expect(on.alerts.map(({ height, from, to }) => [height, from, to])).toEqual([[432, testAccount(3), testAccount(5)]]);
});
