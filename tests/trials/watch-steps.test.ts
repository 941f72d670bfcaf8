import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChainSource, type DecodedBlock, type GraphStore, type Hash, nativeAsset } from "@clew/core";
import { TEST_CHAIN, testAccount } from "@clew/core/testing";
import { createCase } from "@clew/graph-store";
import { addWatch, evaluateWatches, listAlerts, listDeliveries, RECORDS } from "@clew/workers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

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

const watch = (on: string, subject = testAccount(1) as string, after = 0, notify: string[] = []) =>
	addWatch(store, { subject, on: [on], notify, note: "", createdAt: "2026-01-01T00:00:00Z", after });
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
	expect((await evaluate(nodeOf(453, paid))).alerts.map(({ height }) => height)).toEqual([453]);
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
	expect(await statusAt(6)).toEqual([["final", 3]]);
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

it("tells of both sides of a movement, each as its own watch sees it, and follows no money for a watch that did not ask", async () => {
	await watch("any-outflow");
	await watch("any-inflow", testAccount(2));
	const { alerts, warnings } = await evaluate(nodeOf(4, (height) => (height === 3 ? [[1, 2, 7n]] : height === 4 ? [[2, 1, 8n]] : [])));
	expect(alerts.map(({ subject, direction, amount, rules }) => [subject, direction, amount, rules])).toEqual([
		[testAccount(1), "out", "7", ["any-outflow"]],
		[testAccount(2), "in", "7", ["any-inflow"]],
	]);
	expect(warnings).toEqual([]);
});

it("names whose label the other side carries, and how it stood when the money moved, never the watched one's", async () => {
	const label = (n: number, entity: string, more: object = {}) => ({
		account: testAccount(n),
		category: "exchange" as const,
		entity,
		name: "",
		source: "s",
		retrievedAt: "2026-01-01",
		confidence: 90,
		...more,
	});
	await store.putLabels([label(1, "Mine"), label(2, "Theirs"), label(3, "Later", { validFrom: "2026-01-01" })]);
	await watch("any-outflow");
	await watch("any-inflow");
	const paid = (height: number): Payment[] =>
		height === 3
			? [
					[1, 2, 7n],
					[2, 1, 8n],
					[1, 3, 9n],
					[4, 1, 10n],
				]
			: [];
	const { alerts } = await evaluate(nodeOf(4, paid));
	expect(alerts.map(({ amount, counterparty }) => [amount, counterparty])).toEqual([
		["7", "Theirs (exchange)"],
		["8", "Theirs (exchange)"],
		["9", "Later (exchange; listed since 2026-01-01, after the money came)"],
		["10", ""],
	]);
});

it("lists alerts in chain order, and of each it made a delivery for each place", async () => {
	await watch("any-outflow", testAccount(1), 0, ["stdout", "exec:/bin/x"]);
	const { alerts } = await evaluate(nodeOf(60, (height) => [[1, 2, BigInt(height)]]));
	expect((await listAlerts(store)).map(({ height }) => height)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
	const deliveries = await listDeliveries(store);
	expect([deliveries.length, new Set(deliveries.map(({ id }) => id)).size]).toEqual([120, 120]);
	const of = (channel: string) => deliveries.filter((one) => one.channel === channel).map(({ alert }) => alert.id);
	for (const channel of ["stdout", "exec:/bin/x"]) expect(of(channel).sort()).toEqual(alerts.map(({ id }) => id).sort());
});

it("a seed that the case does not hold is a warning of its watch, and the others are told of", async () => {
	const lost = await watch("taint", "transfer:2.0.1");
	await watch("any-outflow");
	const { alerts, warnings } = await evaluate(nodeOf(4, (height) => (height === 3 ? [[1, 2, 7n]] : [])));
	expect(alerts.map(({ rules }) => rules)).toEqual([["any-outflow"]]);
	expect(warnings).toEqual([`watch ${lost.id}: there is no transfer at 2.0.1 in the case`]);
});

it("names a watch of another chain, which its blocks cannot tell of, and evaluates the others", async () => {
	const lost = await watch("any-outflow", testAccount(1).replace("eip155:1:", "eip155:10:"));
	await watch("any-outflow");
	const { alerts, warnings } = await evaluate(nodeOf(4, (height) => (height === 3 ? [[1, 2, 7n]] : [])));
	expect(alerts).toHaveLength(1);
	expect(warnings).toEqual([expect.stringContaining(`watch ${lost.id} is not evaluated: eip155:10:`)]);
});

it("tells nothing of before a watch was added, whatever the others are told, and begins where the chain was when nothing came since", async () => {
	const paid = (height: number): Payment[] => [[1, 2, BigInt(height)]];
	await watch("any-outflow", testAccount(1), 5);
	expect(await evaluate(nodeOf(5, paid))).toMatchObject({ from: 6, to: 5, alerts: [] });
	expect(JSON.parse((await store.record(RECORDS.state, "height")) ?? "{}")).toMatchObject({ height: 5 });
	expect((await evaluate(nodeOf(7, paid))).alerts.map(({ height }) => height)).toEqual([6, 7]);
	await watch("any-inflow", testAccount(2), 3);
	const { from, alerts } = await evaluate(nodeOf(8, paid));
	expect([from, alerts.map(({ height, direction }) => [direction, height])]).toEqual([
		4,
		[
			["in", 4],
			["in", 5],
			["in", 6],
			["in", 7],
			["out", 8],
			["in", 8],
		],
	]);
});

describe("a block that went away", () => {
	const told = async () =>
		(await listAlerts(store)).map(({ height, status, revision, confirmations }) => [height, status, revision, confirmations]);
	const forked = (from: number) => (height: number) => (height >= from ? 1 : 0);

	it("takes its alerts back, final ones too, and those of blocks that stayed are as they were", async () => {
		await watch("any-outflow", testAccount(1), 0, ["stdout"]);
		const paid = (height: number): Payment[] => ([3, 8, 11].includes(height) ? [[1, 2, BigInt(height)]] : []);
		await evaluate(nodeOf(12, paid), 5);
		expect(await told()).toEqual([
			[3, "final", 1, 10],
			[8, "final", 1, 5],
			[11, "seen", 1, 2],
		]);
		const { from, alerts } = await evaluate(
			nodeOf(12, (height) => (height < 8 ? paid(height) : []), false, forked(8)),
			5,
		);
		expect(from).toBe(0);
		expect(alerts.map(({ height, status }) => [height, status])).toEqual([
			[8, "retracted"],
			[11, "retracted"],
		]);
		expect(await told()).toEqual([
			[3, "final", 1, 10],
			[8, "retracted", 2, 0],
			[11, "retracted", 2, 0],
		]);
		expect((await listDeliveries(store)).map(({ alert }) => [alert.height, alert.revision]).sort()).toEqual([
			[11, 1],
			[11, 2],
			[3, 1],
			[8, 1],
			[8, 2],
		]);
		const elsewhere = nodeOf(
			12,
			() => [],
			false,
			(height) => (height >= 2 ? 3 : 0),
		);
		expect((await evaluate(elsewhere, 5)).alerts.map(({ height }) => height)).toEqual([3]);
		const back = await evaluate(
			nodeOf(13, paid, false, (height) => (height >= 8 ? 2 : 0)),
			5,
		);
		expect(back.alerts.map(({ height, status, revision }) => [height, status, revision])).toEqual([
			[3, "seen", 3],
			[8, "seen", 3],
			[11, "seen", 3],
		]);
	});

	it("and whose movement is in another one by then moves the alert there, and tells nobody anew", async () => {
		await watch("any-outflow");
		const paid = (height: number): Payment[] => (height === 11 ? [[1, 2, 7n]] : []);
		const [first] = (await evaluate(nodeOf(12, paid))).alerts;
		const { alerts } = await evaluate(nodeOf(13, paid, false, forked(10)));
		expect(alerts).toEqual([]);
		const [moved] = await listAlerts(store);
		expect([moved?.id, moved?.status, moved?.revision, moved?.confirmations]).toEqual([first?.id, "seen", 2, 3]);
		expect(moved?.blockHash).not.toBe(first?.blockHash);
	});

	it("has all that the other fork moved told, below a head of the same height, too", async () => {
		await watch("any-outflow");
		await evaluate(nodeOf(12, () => []));
		const paid = (height: number): Payment[] => ([9, 12].includes(height) ? [[1, 2, BigInt(height)]] : []);
		expect((await evaluate(nodeOf(12, paid, false, forked(8)))).alerts.map(({ height }) => height)).toEqual([9, 12]);
	});

	it("has the thousand blocks before it looked at again, and none before a watch", async () => {
		await watch("any-outflow", testAccount(1), 1_180);
		const none = (): Payment[] => [];
		await evaluate(nodeOf(1_200, none));
		expect(await evaluate(nodeOf(1_201, none, false, forked(1_199)))).toMatchObject({ from: 200, to: 1_201 });
		expect(await evaluate(nodeOf(1_202, none, false, forked(1_199)))).toMatchObject({ from: 1_202, to: 1_202 });
	});
});
