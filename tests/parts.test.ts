import { rmSync } from "node:fs";
import { join } from "node:path";
import {
	type AccountHistory,
	type AccountId,
	type ChainSource,
	type DecodedBlock,
	type GraphStore,
	type Hash,
	nativeAsset,
	type PartOfBlock,
	type Wanted,
} from "@clew/core";
import { TEST_CHAIN, testAccount } from "@clew/core/testing";
import { createCase } from "@clew/graph-store";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { expandAccount } from "../packages/workers/src/follow/expand.js";
import { scratch } from "./clew.js";

const HEIGHT = 100;
const [ANNA, BERT, CARL, DORA] = [1, 2, 3, 4].map(testAccount) as [AccountId, AccountId, AccountId, AccountId];
const hashOf = (n: number) => `0x${n.toString(16).padStart(64, "0")}` as Hash;
const asset = nativeAsset(TEST_CHAIN);
const pays = (txIndex: number, from: AccountId, to: AccountId, amount: bigint) => ({
	hash: hashOf(txIndex + 1),
	height: HEIGHT,
	txIndex,
	status: "succeeded" as const,
	transfers: [{ kind: "native" as const, from, to, asset, amount, eventIndex: 1 }],
});
const WHOLE: DecodedBlock = {
	header: { height: HEIGHT, hash: hashOf(900), parent: hashOf(899), time: 1_200 },
	transactions: [pays(0, ANNA, BERT, 5n), pays(1, BERT, CARL, 3n), pays(2, CARL, DORA, 2n)],
	kinds: ["native", "token"],
	contracts: [],
	gaps: ["a gap"],
	provenance: "node",
};

/** A node that tells of the block whole, or in part; counts both. */
function nodeOf() {
	const asked = { whole: 0, part: 0 };
	const node = {
		ledger: "accounts",
		chain: TEST_CHAIN,
		name: "node",
		capabilities: async () => ({ client: "test", blockReceipts: false, traces: "none" }),
		assets: async () => [],
		async block() {
			asked.whole++;
			return WHOLE;
		},
		async partOf(_: number, { hashes, account }: Wanted): Promise<PartOfBlock> {
			asked.part++;
			const { header, provenance: _tier, transactions, ...rest } = WHOLE;
			const isWanted = ({ hash, transfers }: (typeof transactions)[number]) =>
				hashes.includes(hash) || transfers.some(({ from, to }) => from === account || to === account);
			return { ...rest, of: header, transactions: transactions.filter(isWanted), events: [] };
		},
	} as unknown as ChainSource;
	return { node, asked };
}

/** An index that lists the block; it names transactions, or not. */
const history = (cited?: readonly Hash[]): AccountHistory => ({
	method: "index",
	activity: async (_, __, to) => ({
		heights: [HEIGHT],
		through: to,
		kinds: ["native", "token"],
		...(cited === undefined ? {} : { cited: new Map([[HEIGHT, cited]]) }),
	}),
});

describe("transactions that a node tells one by one", () => {
	const folder = scratch();
	let n = 0;
	let store: GraphStore;
	beforeEach(async () => {
		store = await createCase(join(folder, `${n++}.clew`), { chain: TEST_CHAIN, title: "t", at: "2026-01-01T00:00:00Z" });
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	const expand = ({ node }: ReturnType<typeof nodeOf>, account: AccountId, cited?: readonly Hash[]) =>
		expandAccount(store, node, history(cited), account, HEIGHT, HEIGHT + 10, { blocks: 5, signal: new AbortController().signal });
	const held = async () => {
		const [at] = await store.heights(TEST_CHAIN, HEIGHT, 1);
		return at?.transactions.map(({ hash, transfers: [move] }) => [Number(hash), move?.amount, move?.provenance]);
	};

	it("are joined account by account at their places, and the whole block replaces them", async () => {
		const of = nodeOf();
		await expand(of, CARL, []);
		await expand(of, ANNA, []);
		expect([await held(), of.asked]).toEqual([
			[
				[1, 5n, "node-unverified"],
				[2, 3n, "node-unverified"],
				[3, 2n, "node-unverified"],
			],
			{ whole: 0, part: 2 },
		]);
		expect(await store.header(TEST_CHAIN, HEIGHT)).toEqual({ height: HEIGHT, time: 1_200 });
		expect((await store.heights(TEST_CHAIN, HEIGHT, 1))[0]?.gaps).toEqual(["a gap"]);
		expect((await store.profile(ANNA, 1)).coverage).toMatchObject([{ fromHeight: HEIGHT, toHeight: HEIGHT + 10 }]);
		await store.putBlocks(TEST_CHAIN, [WHOLE], { id: "node:other", kind: "node", name: "other", sha256: "", detail: "" });
		expect((await held())?.map(([, , tier]) => tier)).toEqual(["node", "node", "node"]);
		await expand(of, BERT, []);
		expect(of.asked).toEqual({ whole: 0, part: 2 });
	});

	it("are fetched with their block where an index does not name them, or a file tells of one otherwise", async () => {
		const unnamed = nodeOf();
		await expand(unnamed, ANNA);
		expect(unnamed.asked).toEqual({ whole: 1, part: 0 });
		await store.close();
		store = await createCase(join(folder, "file.clew"), { chain: TEST_CHAIN, title: "t", at: "2026-01-01T00:00:00Z" });
		const file = { id: "file:1", kind: "file", name: "export.csv", sha256: "00".repeat(32), detail: "" } as const;
		await store.putTransactions(TEST_CHAIN, [pays(0, ANNA, BERT, 7n)], new Map([[HEIGHT, 1_200]]), file, "imported");
		const settled = nodeOf();
		await expand(settled, ANNA, []);
		expect([settled.asked, (await held())?.[0]]).toEqual([{ whole: 1, part: 1 }, [1, 5n, "node"]]);
	});

	it("of another block than the stored one are refused, and nothing of them is kept", async () => {
		const other = { ...WHOLE, header: { ...WHOLE.header, hash: hashOf(901) }, transactions: [] };
		const { node } = nodeOf();
		const asked = { hashes: [] as Hash[], account: ANNA };
		const [part] = [await node.partOf?.(HEIGHT, asked)];
		await store.putBlocks(TEST_CHAIN, [other], { id: "node:a", kind: "node", name: "a", sha256: "", detail: "" });
		const { storeParts } = await import("../packages/workers/src/follow/parts.js");
		const origin = { id: "node:b", kind: "node", name: "b", sha256: "", detail: "" } as const;
		await expect(storeParts(store, node, origin, [part as PartOfBlock])).rejects.toThrow(/is not the stored one/);
		expect((await store.sources()).map(({ id }) => id)).not.toContain("node:b");
		expect(await held()).toEqual([]);
	});
});
