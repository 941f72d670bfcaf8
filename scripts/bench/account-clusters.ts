// Leads among a million accounts by who funded them: one pass and a look at what stands out. Run: npx tsx --conditions=source scripts/bench/account-clusters.ts [--quick]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type DecodedBlock, nativeAsset, startOf } from "@clew/core";
import { createCase } from "@clew/graph-store";
import { clusterAccounts, DEFAULT_ACCOUNT_CLUSTER_PARAMETERS, DEFAULT_ACCOUNT_HEURISTICS } from "@clew/tracer";
import { madeUpHash, peakMegabytes, random, TEST_CHAIN, testAccount, timed } from "./world.js";

const ACCOUNTS = process.argv.includes("--quick") ? 50_000 : 1_000_000;
const FUNDERS = ACCOUNTS / 20;
const PER_BLOCK = 100;
const CHUNK = 100;
const SOURCE = { id: "bench", kind: "node", name: "bench", sha256: "", detail: "" } as const;
const PAGE = 10_000;
const next = random(1);

/** Each account gets its first coins from one of the funders, some of them busy enough to be services. */
function block(height: number, first: number): DecodedBlock {
	const transactions = Array.from({ length: PER_BLOCK }, (_, txIndex) => {
		const i = first + txIndex;
		const from = testAccount(Math.floor(next() ** 2 * FUNDERS));
		const amount = BigInt(1 + Math.floor(next() * 20));
		const record = { kind: "native", from, to: testAccount(FUNDERS + i), asset: nativeAsset(TEST_CHAIN), amount } as const;
		return { hash: madeUpHash(i), height, txIndex, transfers: [record] };
	});
	const header = { height, hash: madeUpHash(-height), time: height * 12 };
	return { header, transactions, events: [], kinds: ["internal", "native", "token"], contracts: [], gaps: [], provenance: "node" };
}

const folder = mkdtempSync(join(tmpdir(), "clew-bench-accounts-"));
const store = await createCase(join(folder, "w.clew"), { title: "bench", chain: TEST_CHAIN, at: "2026-01-01T00:00:00Z" });
await store.atomically(async (tx) => {
	for (let i = 0; i < ACCOUNTS; i += CHUNK * PER_BLOCK) {
		const blocks = Array.from({ length: CHUNK }, (_, k) => block(1 + i / PER_BLOCK + k, i + k * PER_BLOCK));
		await tx.putBlocks(TEST_CHAIN, blocks, SOURCE);
	}
	const kinds = ["internal", "native", "token"] as const;
	await tx.putCoverage([{ chain: TEST_CHAIN, fromHeight: 0, toHeight: 2 ** 29, kinds, source: SOURCE.id, note: "" }]);
});
const scan = await timed(async () => {
	for (let from = startOf(0), count = 0; ; ) {
		const page = await store.scan(TEST_CHAIN, from, PAGE);
		count += page.length;
		const last = page.at(-1);
		if (last === undefined || page.length < PAGE) return count;
		from = after(last.position);
	}
});
const { seconds, result } = await timed(async () => {
	// As the command does: nothing is looked up of accounts of which the case says nothing.
	const { labels, contracts } = await store.contents();
	return clusterAccounts(store, TEST_CHAIN, await store.coverage(TEST_CHAIN), {
		heuristics: DEFAULT_ACCOUNT_HEURISTICS,
		parameters: DEFAULT_ACCOUNT_CLUSTER_PARAMETERS,
		cuts: [],
		detections: [],
		noted: new Set([...labels.map(({ account }) => account), ...contracts]),
		signal: new AbortController().signal,
	});
});
console.log(
	`leads among ${result.accounts} accounts over ${scan.result} transfers: ${seconds.toFixed(1)} s (goal for 1 M: 5 s), ${(seconds / scan.seconds).toFixed(1)} x reading them (${scan.seconds.toFixed(1)} s), ${result.reasons.length} reasons, ${peakMegabytes()} MB`,
);
await store.close();
rmSync(folder, { recursive: true });
