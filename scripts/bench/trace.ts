// Tracing: transfers through every conserving rule, from a case file and from memory; growth from 10 k to 1 M.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addressOf, CONSERVING_RULES, type LedgerReader, rulesOf } from "@clew/core";
import { memoryLedger } from "@clew/core/testing";
import { createCase } from "@clew/graph-store";
import { defaultRequest, parseSeed, planSeeds, sweep } from "@clew/tracer";
import { fill, peakMegabytes, TEST_CHAIN, testAccount, timed, world } from "./world.js";

async function sweepAll(source: LedgerReader) {
	const seeds = [parseSeed(`account:${addressOf(testAccount(1))}`, TEST_CHAIN)];
	const { stops, conversions, fee, throughCoinJoins, coinJoin } = defaultRequest(TEST_CHAIN, seeds);
	let edges = 0;
	const outcome = await sweep(source, await planSeeds(source, TEST_CHAIN, seeds), {
		rules: rulesOf(TEST_CHAIN).filter((rule) => CONSERVING_RULES.includes(rule)),
		stops,
		conversions,
		fee,
		throughCoinJoins,
		coinJoin,
		dust: new Map(),
		maxAccounts: Number.POSITIVE_INFINITY,
		onEdge: () => void edges++,
	});
	return { transfers: outcome.transfers, accounts: outcome.followed.size, edges };
}

const folder = mkdtempSync(join(tmpdir(), "clew-bench-"));
const sizes = process.argv.includes("--quick") ? [10_000, 100_000] : [10_000, 100_000, 1_000_000];
let reference: number | undefined;
try {
	for (const count of sizes) {
		const store = await createCase(join(folder, `${count}.clew`), { title: "bench", chain: TEST_CHAIN, at: "2026-01-01T00:00:00Z" });
		await fill(store, world(count, Math.max(100, count / 10)));
		const file = await timed(() => sweepAll(store));
		await store.close();
		const perTransfer = (file.seconds / count) * 1e6;
		reference ??= perTransfer;
		console.log(
			`case file, ${count} transfers, ${file.result.accounts} accounts followed, ${file.result.edges} tainted: ${file.seconds.toFixed(2)} s, ${perTransfer.toFixed(1)} us a transfer (${(perTransfer / reference).toFixed(2)} x the smallest), peak ${peakMegabytes()} MB`,
		);
	}
	const count = sizes[sizes.length - 1] as number;
	const memory = memoryLedger([...world(count, Math.max(100, count / 10))]);
	const { seconds } = await timed(() => sweepAll(memory));
	console.log(`memory,    ${count} transfers: ${seconds.toFixed(2)} s (what the rules alone cost)`);
} finally {
	rmSync(folder, { recursive: true, force: true });
}
