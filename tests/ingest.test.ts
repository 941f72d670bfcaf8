import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChainSource, type DecodedBlock, type GraphStore, type Hash, NodeError, nativeAsset, startOf } from "@clew/core";
import { TEST_CHAIN, testAccount } from "@clew/core/testing";
import { createCase } from "@clew/graph-store";
import { ingestRange } from "@clew/workers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const ETHER = nativeAsset(TEST_CHAIN);
const LAST = 20;

/** A chain whose blocks above a height belong to a fork, and a node that can be told to fail. */
class FlakySource implements ChainSource {
	readonly ledger = "accounts";
	readonly chain = TEST_CHAIN;
	readonly name = "flaky";
	forkAbove = Number.POSITIVE_INFINITY;
	fork = 0;
	/** Called before each block is given. */
	trouble: (height: number) => void = () => {};
	asked = 0;
	/** Unix seconds of the blocks; a test may set them ahead. */
	time = (height: number) => height;

	private hash(height: number): Hash {
		const fork = height > this.forkAbove ? this.fork : 0;
		return `0x${(height * 100 + fork).toString(16).padStart(64, "0")}` as Hash;
	}
	async capabilities() {
		return { client: "test", blockReceipts: true, traces: "none" as const };
	}
	async head() {
		return { height: LAST, hash: this.hash(LAST), time: LAST };
	}
	rawHeader(): never {
		throw new Error("this test asks for none");
	}
	evidence(): never {
		throw new Error("this test asks for none");
	}
	says(): never {
		throw new Error("this test asks for none");
	}
	codeOf(): never {
		throw new Error("this test asks for none");
	}
	balanceProof(): never {
		throw new Error("this test asks for none");
	}
	async block(height: number): Promise<DecodedBlock> {
		this.asked++;
		this.trouble(height);
		const fork = height > this.forkAbove ? this.fork : 0;
		const transfer = {
			kind: "native",
			from: testAccount(height),
			to: testAccount(height + 1 + fork),
			asset: ETHER,
			amount: BigInt(height + 1),
			eventIndex: 1,
		} as const;
		return {
			header: { height, hash: this.hash(height), parent: this.hash(height - 1), time: this.time(height) },
			transactions: [{ hash: this.hash(height), height, txIndex: 0, transfers: [transfer] }],
			kinds: ["native"],
			contracts: [],
			gaps: [],
			provenance: "node",
		};
	}
	async assets() {
		return [];
	}
	async balance() {
		return 0n;
	}
	requests() {
		return this.asked;
	}
	async heightOf(): Promise<number> {
		throw new NodeError("NODE_BAD_ANSWER", this.name, "knows no transaction");
	}
	async history(): Promise<never> {
		throw new NodeError("NODE_UNSUPPORTED", this.name, "has no histories");
	}
	close() {}
}

let folder: string;
let store: GraphStore;
const open = (name: string) => createCase(join(folder, name), { title: "t", chain: TEST_CHAIN, at: "2026-01-01T00:00:00Z" });
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "clew-ingest-"));
	store = await open("a.clew");
});
afterEach(async () => {
	await store.close();
	rmSync(folder, { recursive: true, force: true });
});

const request = { from: 0, to: LAST, concurrency: 4, batch: 3, sleep: async () => {} };
const everything = async (s: GraphStore) => [await s.scan(TEST_CHAIN, startOf(0), 1000), await s.coverage(TEST_CHAIN)];

/** What an undisturbed run over the same chain stores. */
async function undisturbed(source: FlakySource) {
	source.trouble = () => {};
	const other = await open("undisturbed.clew");
	await ingestRange(other, source, request);
	const result = await everything(other);
	await other.close();
	return result;
}

describe("ingestion", () => {
	it("goes on behind its last checkpoint after a node died, and the case is as if nothing had happened", async () => {
		const source = new FlakySource();
		source.trouble = (height) => {
			if (height === 11) throw new NodeError("NODE_UNREACHABLE", "flaky", "gone", { retryable: true });
		};
		await expect(ingestRange(store, source, request)).rejects.toMatchObject({ code: "NODE_UNREACHABLE" });
		expect((await store.head(TEST_CHAIN))?.height).toBe(8);
		source.trouble = () => {};
		source.asked = 0;
		expect(await ingestRange(store, source, request)).toMatchObject({ from: 9, blocks: 12 });
		// One block more than the range: it made sure that what it holds is still on the node's chain.
		expect(source.asked).toBe(13);
		expect(await everything(store)).toEqual(await undisturbed(source));
	});

	it("asks again when a node stumbles", async () => {
		const source = new FlakySource();
		const failures = new Map<number, number>();
		source.trouble = (height) => {
			const before = failures.get(height) ?? 0;
			failures.set(height, before + 1);
			if (before < height % 3) throw new NodeError("NODE_TIMEOUT", "flaky", "slow", { retryable: true });
		};
		expect(await ingestRange(store, source, request)).toMatchObject({ blocks: LAST + 1 });
		expect(await everything(store)).toEqual(await undisturbed(source));
	});

	it("stops for a node that lies about a block, keeps the others of its batch, and takes it up there again", async () => {
		const source = new FlakySource();
		source.trouble = (height) => {
			if (height === 7) throw new NodeError("NODE_LIED", "flaky", "block 7 does not hash");
		};
		await expect(ingestRange(store, source, request)).rejects.toMatchObject({ code: "NODE_LIED", message: "flaky: block 7 does not hash" });
		expect((await store.coverage(TEST_CHAIN)).map(({ fromHeight, toHeight }) => [fromHeight, toHeight])).toEqual([
			[0, 6],
			[8, 8],
		]);
		source.trouble = () => {};
		expect(await ingestRange(store, source, request)).toMatchObject({ from: 7, refused: [] });
		expect(await everything(store)).toEqual(await undisturbed(source));
	});

	it("stops for a block of a time to come by this machine's clock", async () => {
		const source = new FlakySource();
		source.time = (height) => (height === LAST ? 32_503_680_000 : height);
		await expect(ingestRange(store, source, request)).rejects.toMatchObject({ message: expect.stringMatching(/is yet to come/) });
	});

	it("with skipBad goes on without refused blocks, names them, and claims no coverage there", async () => {
		const source = new FlakySource();
		source.trouble = (height) => {
			if (height === 0 || height === 7 || height === 8) throw new NodeError("NODE_BAD_ANSWER", "flaky", `block ${height} is half`);
		};
		const report = await ingestRange(store, source, { ...request, skipBad: true });
		expect(report).toMatchObject({ refused: [0, 7, 8], blocks: LAST - 2 });
		expect(report.gaps).toContain("block 7 is not in the case, its answer was refused: flaky: block 7 is half");
		expect((await store.coverage(TEST_CHAIN)).map(({ fromHeight, toHeight }) => [fromHeight, toHeight])).toEqual([
			[1, 6],
			[9, LAST],
		]);
		source.trouble = () => {};
		await ingestRange(store, source, request);
		expect(await everything(store)).toEqual(await undisturbed(source));
	});

	it("a node that cannot be reached is no refusal: skipBad does not step over it", async () => {
		const source = new FlakySource();
		source.trouble = (height) => {
			if (height === 7) throw new NodeError("NODE_UNREACHABLE", "flaky", "gone", { retryable: true });
		};
		await expect(ingestRange(store, source, { ...request, skipBad: true })).rejects.toMatchObject({ code: "NODE_UNREACHABLE" });
	});

	it("is interrupted between batches, and goes on later", async () => {
		const source = new FlakySource();
		const abort = new AbortController();
		const interrupted = ingestRange(store, source, {
			...request,
			signal: abort.signal,
			onProgress: ({ height }) => height >= 8 && abort.abort(),
		});
		await expect(interrupted).rejects.toMatchObject({ code: "INTERRUPTED" });
		expect((await store.head(TEST_CHAIN))?.height).toBe(8);
		await ingestRange(store, source, request);
		expect(await everything(store)).toEqual(await undisturbed(source));
	});

	it.each([0, 3, 4, 10, 19])("rolls a reorganisation above block %i back, between runs", async (forkAbove) => {
		const source = new FlakySource();
		await ingestRange(store, source, request);
		Object.assign(source, { forkAbove, fork: 7 });
		await ingestRange(store, source, request);
		expect(await everything(store)).toEqual(await undisturbed(source));
	});

	it("fetches again what a reorganisation takes back below the heights that were asked for", async () => {
		const source = new FlakySource();
		await ingestRange(store, source, request);
		Object.assign(source, { forkAbove: 5, fork: 7 });
		expect(await ingestRange(store, source, { ...request, from: 15 })).toMatchObject({ from: 6, reorganisedAt: [6] });
		expect(await everything(store)).toEqual(await undisturbed(source));
	});

	it("rolls a reorganisation back that happens in the middle of a run", async () => {
		const source = new FlakySource();
		source.trouble = (height) => {
			if (height === 14) Object.assign(source, { forkAbove: 6, fork: 5 });
		};
		const report = await ingestRange(store, source, { ...request, concurrency: 1 });
		expect(report.reorganisedAt).toEqual([7]);
		expect(await everything(store)).toEqual(await undisturbed(source));
	});

	it("says that a node whose newest block lies below the case's confirms nothing behind it, and takes nothing back", async () => {
		const source = new FlakySource();
		await ingestRange(store, source, request);
		const held = await everything(store);
		Object.assign(source, { head: async () => (await source.block(12)).header });
		const { blocks, gaps } = await ingestRange(store, source, { ...request, to: 12 });
		expect([blocks, gaps]).toEqual([0, [expect.stringContaining("newest block of flaky is 12, and the case holds blocks up to 20")]]);
		expect(await everything(store)).toEqual(held);
	});

	it("refuses a node on another fork altogether", async () => {
		const source = new FlakySource();
		await ingestRange(store, source, request);
		Object.assign(source, { forkAbove: -1, fork: 9 });
		await expect(ingestRange(store, source, request)).rejects.toMatchObject({ code: "NODE_BAD_ANSWER" });
		expect((await store.head(TEST_CHAIN))?.height).toBe(LAST);
	});
});
