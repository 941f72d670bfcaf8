import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BlockHeader, ChainId, ChainNode, GraphStore, Hash, UtxoRecord } from "@clew/core";
import { nativeAsset } from "@clew/core";
import { TEST_CHAIN, TEST_UTXO_CHAIN, testAccount, testTxid, testUtxo } from "@clew/core/testing";
import { createCase } from "@clew/graph-store";
import { addWatch, evaluateWatches, listAlerts } from "@clew/workers";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";

/** A chain as a node serves it: the payments of its blocks, from block 1 on, and from which block on it is a fork of its own. */
interface Served<P> {
	readonly blocks: readonly (readonly P[])[];
	readonly fork: number;
	readonly forkedAt: number;
}
/** Accounts: who pays whom how much. Outputs: which output is spent, and who gets what of it. */
type Payment = readonly [from: number, to: number, amount: bigint];
type Spend = readonly [tx: number, vout: number, pays: readonly (readonly [address: number, satoshi: bigint])[], as: number];

const hashOf = (chain: ChainId, { fork, forkedAt }: Served<unknown>, height: number): Hash => {
	const digits = `${height >= forkedAt ? fork : 0}${height.toString(16).padStart(63, "0")}`;
	return (chain === TEST_CHAIN ? `0x${digits}` : digits) as Hash;
};
const headerOf = (chain: ChainId, served: Served<unknown>, height: number): BlockHeader => ({
	height,
	hash: hashOf(chain, served, height),
	parent: hashOf(chain, served, height - 1),
	time: height * 600,
});
const nodeOf = <P>(chain: ChainId, ledger: ChainNode["ledger"], served: Served<P>, block: (height: number, paid: readonly P[]) => object) =>
	({
		chain,
		ledger,
		name: "made-up",
		capabilities: async () => ({ client: "test", blockReceipts: true, traces: "none" }),
		head: async () => headerOf(chain, served, served.blocks.length),
		block: async (height: number) => ({
			header: headerOf(chain, served, height),
			...block(height, served.blocks[height - 1] ?? []),
		}),
		assets: async () => [],
		balance: async () => 0n,
		previousOutputs: async () => new Map(),
		requests: () => 0,
		close() {},
	}) as unknown as ChainNode;

/** A transaction has one id whatever block it is in: it says who pays, whom and how much. */
const accountsNode = (served: Served<Payment>) =>
	nodeOf(TEST_CHAIN, "accounts", served, (height, paid) => ({
		transactions: paid.map(([from, to, amount], txIndex) => ({
			hash: `0x${[from, to, amount]
				.map((n) => n.toString(16).padStart(4, "0"))
				.join("")
				.padStart(64, "f")}` as Hash,
			height,
			txIndex,
			transfers: [{ kind: "native", from: testAccount(from), to: testAccount(to), asset: nativeAsset(TEST_CHAIN), amount, eventIndex: 1 }],
		})),
		kinds: ["native", "token", "internal"],
		contracts: [],
		gaps: [],
		provenance: "node",
	}));
const outputsNode = (served: Served<Spend>) =>
	nodeOf(TEST_UTXO_CHAIN, "outputs", served, (height, paid) => ({
		transactions: [
			{ ...testUtxo(FIRST_COIN - 1 + height, [height, 0], [], [[height === 1 ? STOLEN_FROM : 99, 1_000n]]), coinbase: true },
			...paid.map(([tx, vout, pays, as], i): UtxoRecord => ({ ...testUtxo(as, [height, i + 1], [[tx, vout]], pays), coinbase: false })),
		],
	}));

/** What a watch of a seed has told that stands, after the node served these chains one after the other. */
async function told(chain: ChainId, seed: string, nodes: readonly ChainNode[]): Promise<unknown[]> {
	const folder = mkdtempSync(join(tmpdir(), "clew-forks-"));
	const store: GraphStore = await createCase(join(folder, "a.clew"), { title: "t", chain, at: "2026-01-01T00:00:00Z" });
	try {
		await addWatch(store, { subject: seed, on: ["taint"], notify: [], note: "", createdAt: "2026-01-01T00:00:00Z", after: 0 });
		for (const node of nodes)
			await evaluateWatches(store, node, {
				signal: new AbortController().signal,
				confirmations: 3,
				concurrency: 2,
				batch: 50,
				amount: (text) => [nativeAsset(chain), BigInt(text)],
			});
		const standing = (await listAlerts(store)).filter(({ status }) => status !== "retracted");
		return standing.map(({ revision: _, confirmations: __, ...alert }) => alert).sort((a, b) => (a.id < b.id ? -1 : 1));
	} finally {
		await store.close();
		rmSync(folder, { recursive: true, force: true });
	}
}
const ofWorld = (alerts: readonly unknown[]) => (alerts as Record<string, unknown>[]).map(({ case: _, ...alert }) => alert);

/** The same watch with and without the forks that its node served between what all have in common and the true chain. */
async function alike<P>(chain: ChainId, seed: string, node: (served: Served<P>) => ChainNode, served: readonly Served<P>[]) {
	const all = served.map(node);
	const forked = ofWorld(await told(chain, seed, all));
	expect(forked).toEqual(ofWorld(await told(chain, seed, [...all.slice(0, 1), ...all.slice(-1)])));
	return forked;
}

const GUARD_MS = 600_000;
/** The coinbase of block 1, whose output is the watched money, and whose it is at first. */
const [FIRST_COIN, STOLEN_FROM] = [1_001, 0];

describe("a taint watch whose node served another fork before", { timeout: GUARD_MS }, () => {
	const step = fc.array(fc.tuple(fc.nat(4), fc.nat(4), fc.nat(5)), { maxLength: 2 });
	const blocks = (minLength: number) => fc.array(step, { minLength, maxLength: 4 });

	it("is told of the holder's payment on the true chain, after all that it held had left on the fork, in both families", async () => {
		const base: Payment[][] = [[[9, 1, 10n]], []];
		const accounts = await alike<Payment>(TEST_CHAIN, "transfer:1.0.1", accountsNode, [
			{ blocks: base, fork: 0, forkedAt: 9 },
			{ blocks: [...base, [[1, 2, 10n]]], fork: 1, forkedAt: 3 },
			{ blocks: [...base, [], [[1, 3, 9n]]], fork: 2, forkedAt: 3 },
		]);
		expect(accounts.map(({ height, to, amount }) => [height, to, amount])).toContainEqual([4, testAccount(3), "9"]);
		const coins: Spend[][] = [[], []];
		const outputs = await alike<Spend>(TEST_UTXO_CHAIN, `outpoint:${testTxid(FIRST_COIN)}:0`, outputsNode, [
			{ blocks: coins, fork: 0, forkedAt: 9 },
			{ blocks: [...coins, [[FIRST_COIN, 0, [[2, 1_000n]], 2]]], fork: 1, forkedAt: 3 },
			{ blocks: [...coins, [], [[FIRST_COIN, 0, [[3, 900n]], 3]]], fork: 2, forkedAt: 3 },
		]);
		expect(outputs.map(({ height, amount }) => [height, amount])).toContainEqual([4, "900"]);
	});

	it("is told of what somebody paid who holds nothing by the conserving rules, and some by poison, round by round", async () => {
		const base: Payment[][] = [[[9, 0, 1_000n]], [[0, 3, 1n]], [[3, 0, 2n]]];
		const found = await alike<Payment>(TEST_CHAIN, "transfer:1.0.1", accountsNode, [
			{ blocks: base, fork: 0, forkedAt: 9 },
			{ blocks: [...base, []], fork: 1, forkedAt: 4 },
			{ blocks: [...base, [[3, 0, 3n]], []], fork: 9, forkedAt: 4 },
		]);
		expect(found.map(({ height, amount }) => [height, amount])).toContainEqual([4, "3"]);
	});

	test.prop([blocks(0), fc.array(blocks(1), { minLength: 1, maxLength: 2 }), blocks(1)], { numRuns: 60 })(
		"tells of accounts what one does that never saw it",
		async (common, forks, last) => {
			let n = 0;
			const paid = (steps: typeof last) =>
				steps.map((one) => one.map(([from, to, amount]): Payment => [from, to, BigInt(amount * 200 + ++n)]));
			const base: Payment[][] = [[[9, 0, 1_000n]], ...paid(common)];
			const depth = Math.max(...forks.map(({ length }) => length), last.length);
			const chainOf = (own: typeof last, fork: number, length: number): Served<Payment> => ({
				blocks: [...base, ...paid(own), ...Array.from({ length: length - own.length }, () => [])],
				fork,
				forkedAt: base.length + 1,
			});
			await alike(TEST_CHAIN, "transfer:1.0.1", accountsNode, [
				{ blocks: base, fork: 0, forkedAt: base.length + 1 },
				...forks.map((own, i) => chainOf(own, i + 1, own.length)),
				chainOf(last, 9, depth + 1),
			]);
		},
	);

	test.prop([blocks(0), fc.array(blocks(1), { minLength: 1, maxLength: 2 }), blocks(1)], { numRuns: 60 })(
		"tells of outputs what one does that never saw it",
		async (common, forks, last) => {
			let n = 1;
			type Coin = readonly [tx: number, vout: number, value: bigint];
			/** Spends one of the coins at hand a step, in two parts. */
			const spent = (steps: typeof last, before: readonly Coin[]) => {
				let coins = [...before];
				const made = steps.map((one) =>
					one.flatMap(([which, to, part]): Spend[] => {
						const coin = coins[which % Math.max(1, coins.length)];
						if (coin === undefined || coin[2] < 2n) return [];
						const [tx, vout, value] = coin;
						const first = 1n + ((value - 2n) * BigInt(part)) / 5n;
						n++;
						coins = [...coins.filter((other) => other !== coin), [n, 0, first], [n, 1, value - first]];
						return [
							[
								tx,
								vout,
								[
									[to, first],
									[(to + part) % 5, value - first],
								],
								n,
							],
						];
					}),
				);
				return { made, coins };
			};
			const shared = spent(common, [[FIRST_COIN, 0, 1_000n]]);
			const base: Spend[][] = [[], ...shared.made];
			const depth = Math.max(...forks.map(({ length }) => length), last.length);
			const chainOf = (own: typeof last, fork: number, length: number): Served<Spend> => ({
				blocks: [...base, ...spent(own, shared.coins).made, ...Array.from({ length: length - own.length }, () => [])],
				fork,
				forkedAt: base.length + 1,
			});
			await alike(TEST_UTXO_CHAIN, `outpoint:${testTxid(FIRST_COIN)}:0`, outputsNode, [
				{ blocks: base, fork: 0, forkedAt: base.length + 1 },
				...forks.map((own, i) => chainOf(own, i + 1, own.length)),
				chainOf(last, 9, depth + 1),
			]);
		},
	);
});
