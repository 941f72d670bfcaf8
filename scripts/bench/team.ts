// Ingest from anvil with 1, 2 and 4 workers, writes into both stores alone, and the time from a block to its alert: npx tsx scripts/bench/team.ts [--quick]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEvmSource } from "@clew/chains";
import { type AccountId, type DecodedBlock, type GraphStore, nativeAsset, parseChainId, type Source, trustedAccountId } from "@clew/core";
import { createCase, createNeo4jCase, removeNeo4jCase } from "@clew/graph-store";
import {
	addWatch,
	evaluateWatches,
	exclusiveStore,
	ingestChain,
	ingestQueued,
	openQueue,
	startWorker,
	type WorkContext,
	workMetrics,
} from "@clew/workers";
import { pino } from "pino";
import { mineTransfers } from "../../tests/team.js";
import { startAnvilNode } from "../services/anvil.js";
import { obtainNeo4j, startNeo4j } from "../services/neo4j.js";
import { obtainRedis, startRedis } from "../services/redis.js";
import { madeUpHash } from "./world.js";

const quick = process.argv.includes("--quick");
const BLOCKS = quick ? 100 : 600;
const PER_BLOCK = 40;
const STORED_BLOCKS = quick ? 100 : 1_000;
const STORED_PER_BLOCK = 100;
const ALERTS = quick ? 5 : 30;
const CHAIN = parseChainId("eip155:31337");
const NODE: Source = { id: "node:bench", kind: "node", name: "bench", sha256: "", detail: "" };

const libraries = obtainNeo4j();
const binary = obtainRedis();
if (libraries === undefined || binary === undefined) throw new Error("Neo4j and Redis are needed");
const folder = mkdtempSync(join(tmpdir(), "clew-bench-"));
const [anvil, redis, neo4j] = await Promise.all([startAnvilNode(), startRedis(binary), startNeo4j(libraries)]);
let cases = 0;
const named = () => ({ title: `bench ${cases++}`, chain: CHAIN, at: "2026-01-01T00:00:00Z" });
const file = () => createCase(join(folder, `${cases}.clew`), named());
const graph = () => createNeo4jCase(neo4j.url, named());
const timed = async (work: () => Promise<unknown>) => {
	const start = performance.now();
	await work();
	return (performance.now() - start) / 1000;
};

try {
	await writes("SQLite", file);
	await writes("Neo4j", graph);
	await mineTransfers(anvil.url, BLOCKS, PER_BLOCK);
	await ingests("SQLite", file);
	await ingests("Neo4j", graph);
	await latency();
} finally {
	await Promise.all([anvil.stop(), redis.stop(), neo4j.stop()]);
	rmSync(folder, { recursive: true, force: true });
}

/** Stores blocks made in memory: what a store takes by itself. */
async function writes(name: string, make: () => Promise<GraphStore>): Promise<void> {
	const store = await make();
	const account = (n: number): AccountId => trustedAccountId(CHAIN, `0x${n.toString(16).padStart(40, "0")}`);
	const seconds = await timed(async () => {
		for (let first = 0; first < STORED_BLOCKS; first += 50) {
			const batch = Array.from({ length: 50 }, (_, b): DecodedBlock => {
				const height = first + b;
				return {
					header: { height, hash: madeUpHash(height + 1), parent: madeUpHash(height), time: height },
					transactions: Array.from({ length: STORED_PER_BLOCK }, (_unused, i) => ({
						hash: madeUpHash(1_000_000 + height * STORED_PER_BLOCK + i),
						height,
						txIndex: i,
						transfers: [
							{
								kind: "native",
								from: account((height * 7 + i) % 5_000),
								to: account((height + i * 13) % 5_000),
								asset: nativeAsset(CHAIN),
								amount: BigInt(i + 1),
								eventIndex: 1,
							},
						],
					})),
					kinds: ["native"],
					contracts: [],
					gaps: [],
					provenance: "node",
				};
			});
			await store.putBlocks(CHAIN, batch, NODE);
		}
	});
	const rate = (STORED_BLOCKS * STORED_PER_BLOCK) / seconds;
	console.log(
		`store alone, ${name}: ${STORED_BLOCKS * STORED_PER_BLOCK} transfers in ${seconds.toFixed(1)} s, ${rate.toFixed(0)} transfers/s`,
	);
	await remove(store);
}

async function remove(store: GraphStore): Promise<void> {
	await store.close();
	if (await removeNeo4jCase(`${neo4j.url}?case=${store.info.id}`).catch(() => undefined)) return;
}

async function ingests(name: string, make: () => Promise<GraphStore>): Promise<void> {
	const direct = await make();
	const node = await openEvmSource(anvil.url, CHAIN, { concurrency: 8 });
	const reference = await timed(() => ingestChain(direct, node, { from: 0, to: BLOCKS, concurrency: 8, batch: 50 }));
	const transfers = (await direct.counts()).transfers;
	const tell = (how: string, seconds: number) =>
		console.log(
			`ingest, ${name}, ${how}: ${(BLOCKS / seconds).toFixed(0)} blocks/s, ${(transfers / seconds).toFixed(0)} transfers/s, ${(reference / seconds).toFixed(2)} x one process without a queue`,
		);
	tell("no queue", reference);
	await remove(direct);
	for (const workers of [1, 2, 4]) {
		const store = exclusiveStore(await make());
		const queue = await openQueue(redis.url, store);
		const context: WorkContext = {
			store,
			node: async () => node,
			now: () => "2026-01-01T00:00:00Z",
			signal: new AbortController().signal,
			concurrency: 8,
			batch: 50,
			watching: { confirmations: 12, amount: () => [nativeAsset(CHAIN), 0n] },
			deliver: async () => {},
			enqueue: queue.add,
		};
		const worker = await startWorker(redis.url, context, {
			concurrency: workers,
			lockMs: 30_000,
			kinds: ["blocks"],
			log: pino({ level: "silent" }),
			metrics: await workMetrics(),
		});
		const seconds = await timed(() => ingestQueued(store, queue, { from: 0, to: BLOCKS, blocksPerJob: 50 }));
		tell(`${workers} workers`, seconds);
		await worker.stop(1_000);
		await queue.close();
		await remove(store);
	}
	node.close();
}

/** From the moment a block is mined to the recorded alert, as `clew watch run` with new heads does it: it is woken by the block itself. */
async function latency(): Promise<void> {
	const store = await file();
	const node = await openEvmSource(anvil.url, CHAIN);
	const [account] = (await (
		await fetch(anvil.url, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: '{"jsonrpc":"2.0","id":1,"method":"eth_accounts","params":[]}',
		})
	)
		.json()
		.then((answer) => (answer as { result: string[] }).result)) as [string];
	await addWatch(store, { subject: `${CHAIN}:${account}`, on: ["any-outflow"], notify: [], note: "", createdAt: "2026-01-01T00:00:00Z" });
	const options = {
		signal: new AbortController().signal,
		confirmations: 12,
		concurrency: 8,
		batch: 20,
		amount: () => [nativeAsset(CHAIN), 0n] as const,
	};
	await evaluateWatches(store, node, options);
	const times: number[] = [];
	for (let i = 0; i < ALERTS; i++) {
		await mineTransfers(anvil.url, 1, PER_BLOCK);
		times.push(
			await timed(async () => {
				const { alerts } = await evaluateWatches(store, node, options);
				if (alerts.length === 0) throw new Error("no alert");
			}),
		);
	}
	times.sort((a, b) => a - b);
	const at = (part: number) => ((times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0) * 1000).toFixed(0);
	console.log(
		`alert: ${ALERTS} blocks of ${PER_BLOCK} transactions, from the block to the recorded match: median ${at(0.5)} ms, p95 ${at(0.95)} ms (goal 1000 ms)`,
	);
	node.close();
	await store.close();
}
