import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BlockHeader, type ChainNode, type GraphStore, type Hash, NodeError, type ProvenanceTier, type UtxoRecord } from "@clew/core";
import { TEST_UTXO_CHAIN, testUtxo } from "@clew/core/testing";
import { createCase } from "@clew/graph-store";
import { findOrphans, takeBackOrphans } from "@clew/workers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const HEAD = 40;
const hashOf = (fork: number, height: number) => `${fork}${height.toString(16).padStart(63, "0")}` as Hash;
/** From `forkedAt` on the node's chain is fork 1. */
const headerOf = (height: number, forkedAt: number): BlockHeader => ({
	height,
	hash: hashOf(height >= forkedAt ? 1 : 0, height),
	parent: hashOf(height - 1 >= forkedAt ? 1 : 0, height - 1),
	time: height * 600,
});

/** A node whose blocks hold these transactions; without an index it finds none by its id. */
function nodeOf(records: readonly UtxoRecord[], { forkedAt = HEAD + 1, head = HEAD, indexed = true } = {}) {
	const none = () => new NodeError("NODE_BAD_ANSWER", "made-up", "no such block or transaction");
	const known = (height: number) => (height > head ? Promise.reject(none()) : Promise.resolve(headerOf(height, forkedAt)));
	return {
		chain: TEST_UTXO_CHAIN,
		ledger: "outputs",
		name: "made-up",
		head: () => known(head),
		rawHeader: (height: number) => known(height),
		block: async (height: number) => ({ header: await known(height), transactions: records.filter((tx) => tx.height === height) }),
		transaction: async (txid: Hash) => {
			if (!indexed) throw none();
			const record = records.find((tx) => tx.txid === txid);
			return record === undefined ? undefined : { record, time: 0 };
		},
	} as unknown as ChainNode;
}

describe("what a Bitcoin case holds and the node's chain does not", () => {
	let folder: string;
	let store: GraphStore;
	beforeEach(async () => {
		folder = mkdtempSync(join(tmpdir(), "clew-orphans-"));
		store = await createCase(join(folder, "a.clew"), { title: "t", chain: TEST_UTXO_CHAIN, at: "2026-01-01T00:00:00Z" });
	});
	afterEach(async () => {
		await store.close();
		rmSync(folder, { recursive: true, force: true });
	});
	const put = (records: readonly UtxoRecord[], provenance: ProvenanceTier) =>
		store.putUtxoTransactions(
			TEST_UTXO_CHAIN,
			records,
			new Map(records.map(({ height }) => [height, height * 600])),
			{ id: provenance, kind: provenance === "imported" ? "file" : "node", name: "s", sha256: "", detail: "" },
			provenance,
		);
	const [early, late] = [testUtxo(1, [10, 0], [], [[1, 60n]]), testUtxo(2, [30, 1], [[1, 0]], [[2, 60n]])];
	const held = async (one: UtxoRecord) => (await store.utxoTransaction(TEST_UTXO_CHAIN, one.txid)) !== undefined;

	it("is a transaction that is in no block of it, or in another; what nodes told is taken back from there on", async () => {
		await put([early, late], "node");
		expect(await findOrphans(store, nodeOf([early, late]))).toMatchObject({ told: [], from: undefined });
		expect(await findOrphans(store, nodeOf([early, { ...late, height: 31 }]))).toMatchObject({ told: [30] });
		expect(await takeBackOrphans(store, nodeOf([early]), "2026-01-02T00:00:00Z")).toMatchObject({ told: [30], takenWithThem: 0 });
		expect((await store.custody()).at(-1)).toMatchObject({ action: "chain reorganised", detail: expect.stringContaining("block 30") });
		expect(await held(late)).toBe(false);
	});

	it("is not what a node without an index cannot find by its id, nor what a node that lags has not seen", async () => {
		await put([early, late], "node");
		expect(await findOrphans(store, nodeOf([early, late], { indexed: false }))).toMatchObject({ told: [], from: undefined });
		expect(await findOrphans(store, nodeOf([early], { indexed: false }))).toMatchObject({ told: [30] });
		expect(await findOrphans(store, nodeOf([early], { head: 20 }))).toMatchObject({ told: [], from: undefined, behind: 20 });
	});

	it("is named and left where files told it", async () => {
		await put([early, late], "imported");
		const found = await takeBackOrphans(store, nodeOf([early]), "2026-01-02T00:00:00Z");
		expect(found).toMatchObject({ told: [], ofFiles: [30], from: undefined });
		expect([await held(early), await held(late)]).toEqual([true, true]);
	});

	it("is every whole block above the last common one", async () => {
		const blocks = Array.from({ length: HEAD }, (_, i) => ({
			header: headerOf(i + 1, HEAD + 1),
			transactions: [{ ...testUtxo(100 + i, [i + 1, 0], [], [[9, 50n]]), coinbase: true }],
		}));
		await store.putUtxoBlocks(TEST_UTXO_CHAIN, blocks, { id: "n", kind: "node", name: "n", sha256: "", detail: "" }, "node");
		expect(await findOrphans(store, nodeOf([]))).toMatchObject({ agreed: HEAD, from: undefined });
		expect(await findOrphans(store, nodeOf([], { forkedAt: 38 }))).toMatchObject({ agreed: 37, told: [38, 39, 40], from: 38 });
		expect(await findOrphans(store, nodeOf([], { head: 20 }))).toMatchObject({ agreed: 20, from: undefined, behind: 20 });
		await expect(findOrphans(store, nodeOf([], { forkedAt: 0 }))).resolves.toMatchObject({ from: 0 });
	});
});
