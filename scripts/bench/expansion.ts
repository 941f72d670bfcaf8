// Expansion: first page of one account from a case of 1 M transfers, ordinary accounts and a hub of 100 k. The reference is a primary-key lookup in the same run.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startOf } from "@clew/core";
import { createCase } from "@clew/graph-store";
import { fill, random, TEST_CHAIN, testAccount, world } from "./world.js";

const COUNT = process.argv.includes("--quick") ? 100_000 : 1_000_000;
const ACCOUNTS = COUNT / 10;
const PAGE = 100;
const SAMPLES = 5_000;

/** p50 and p99 in microseconds. */
async function sample(work: (i: number) => Promise<unknown>): Promise<[number, number]> {
	const times: number[] = [];
	for (let i = 0; i < SAMPLES; i++) {
		const start = performance.now();
		await work(i);
		times.push((performance.now() - start) * 1000);
	}
	times.sort((a, b) => a - b);
	return [times[SAMPLES >> 1] as number, times[Math.floor(SAMPLES * 0.99)] as number];
}

const folder = mkdtempSync(join(tmpdir(), "clew-bench-"));
try {
	const store = await createCase(join(folder, "a.clew"), { title: "bench", chain: TEST_CHAIN, at: "2026-01-01T00:00:00Z" });
	await fill(store, world(COUNT, ACCOUNTS, 1, true));
	const next = random(2);
	const height = () => 100 + Math.floor((next() * COUNT) / 2);
	const [key50, key99] = await sample(() => store.transferAt(TEST_CHAIN, { height: height(), txIndex: 0, eventIndex: 1 }));
	const show = (name: string, [p50, p99]: [number, number]) =>
		console.log(
			`${name}: p50 ${p50.toFixed(0)} us, p99 ${p99.toFixed(0)} us (${(p50 / key50).toFixed(1)} x and ${(p99 / key99).toFixed(1)} x a key lookup)`,
		);
	console.log(`${COUNT} transfers; key lookup: p50 ${key50.toFixed(0)} us, p99 ${key99.toFixed(0)} us`);
	show(
		"first page of an account",
		await sample(() => store.transfersOf(testAccount(1 + Math.floor(next() * (ACCOUNTS - 1))), { limit: PAGE })),
	);
	show(`first page of a hub of ${COUNT / 10}`, await sample(() => store.transfersOf(testAccount(0), { limit: PAGE })));
	show("a page in the middle of the hub", await sample(() => store.ledger(testAccount(0), startOf(height()), PAGE)));
	await store.close();
} finally {
	rmSync(folder, { recursive: true, force: true });
}
