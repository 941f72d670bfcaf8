import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { type GraphStore, type Hash, mulberry32, type TransactionRecord, type Transfer } from "@clew/core";
import { TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";

/** Numbers from 0 to below 1, the same for the same seed. */
export function random(seed: number): () => number {
	const next = mulberry32(seed);
	return () => next() / 2 ** 32;
}

const WEI = 10n ** 12n;

/**
 * A made-up chain of `count` transfers among `accounts` accounts, two a block: account 1 pays out a stolen sum, everyone
 * passes on a random part of what they have. Account 0 is a hub that a tenth of all transfers touch when `hub` is set.
 */
export function* world(count: number, accounts: number, seed = 1, hub = false): Generator<Transfer> {
	const next = random(seed);
	const balances = new Map<number, bigint>();
	const balanceOf = (n: number) => balances.get(n) ?? 0n;
	const rich: number[] = [];
	for (let i = 0; i < count; i++) {
		const at = [100 + (i >> 1), i & 1, 1];
		const start = i === 0;
		const from = start
			? 2
			: next() < 0.7 && rich.length > 0
				? (rich[Math.floor(next() * rich.length)] as number)
				: 2 + Math.floor(next() * (accounts - 2));
		const to = start ? 1 : hub && i % 10 === 0 ? 0 : 1 + Math.floor(next() * (accounts - 1));
		if (balanceOf(from) === 0n) balances.set(from, BigInt(Math.floor(next() * 1e9)) * WEI);
		const amount = start ? 10n ** 24n : (balanceOf(from) * BigInt(1 + Math.floor(next() * 1000))) / 1000n || 1n;
		balances.set(from, balanceOf(from) > amount ? balanceOf(from) - amount : 0n);
		balances.set(to, balanceOf(to) + amount);
		if (rich.length < accounts / 2) rich.push(to);
		else rich[Math.floor(next() * rich.length)] = to;
		yield testTransfer(at, from, to, amount);
	}
}

/** A hash that is spread as real ones are: stores look them up by how they begin. */
export function madeUpHash(n: number): Hash {
	return `0x${createHash("sha256").update(`${n}`).digest("hex")}` as Hash;
}

/** The same as transactions for a store. */
function toTransaction(t: Transfer, i: number): TransactionRecord {
	return {
		hash: madeUpHash(i),
		height: t.position.height,
		txIndex: t.position.txIndex,
		transfers: [{ kind: t.kind, from: t.from, to: t.to, asset: t.asset, amount: t.amount }],
	};
}

export { TEST_CHAIN, testAccount };

const CHUNK = 50_000;
const SHA256 = "0".repeat(64);
const SOURCE = { id: `file:${SHA256.slice(0, 16)}`, kind: "file", name: "bench.csv", sha256: SHA256, detail: "" } as const;

/** Puts a made-up chain into a new case, a chunk at a time, as the history of every account. */
export async function fill(store: GraphStore, transfers: Iterable<Transfer>): Promise<void> {
	await store.atomically(async (tx) => {
		const chunk: TransactionRecord[] = [];
		let i = 0;
		for (const t of transfers) {
			chunk.push(toTransaction(t, i++));
			if (chunk.length === CHUNK) await tx.putTransactions(TEST_CHAIN, chunk.splice(0), new Map(), SOURCE, "imported");
		}
		await tx.putTransactions(TEST_CHAIN, chunk, new Map(), SOURCE, "imported");
		await tx.putCoverage([
			{ chain: TEST_CHAIN, fromHeight: 0, toHeight: 2 ** 29, kinds: ["internal", "native", "token"], source: SOURCE.id, note: "" },
		]);
	});
}

/** Seconds that a piece of work takes, and its result. */
export async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
	const start = performance.now();
	const result = await work();
	return { seconds: (performance.now() - start) / 1000, result };
}

/** Largest memory of this process so far, in MB. */
export function peakMegabytes(): number {
	return Math.round(process.resourceUsage().maxRSS / 1024);
}

/** The one block of a bzip2 fixture, without its frame. */
export function blockBytes(path: string): Buffer {
	const { stdout } = spawnSync("python3", ["-c", "import bz2,sys; sys.stdout.buffer.write(bz2.open(sys.argv[1]).read())", path], {
		maxBuffer: 1 << 26,
	});
	return stdout.subarray(8);
}
