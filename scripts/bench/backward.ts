// Backward beside forward: all conserving rules over the same case file, from the first payment on and from the last balance back.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addressOf, CONSERVING_RULES, type LedgerReader, rulesOf } from "@clew/core";
import { createCase } from "@clew/graph-store";
import { defaultRequest, mirroredLedger, parseSeed, planSeeds, sweep, type TraceDirection } from "@clew/tracer";
import { fill, peakMegabytes, TEST_CHAIN, testAccount, timed, world } from "./world.js";

async function sweepAll(source: LedgerReader, direction: TraceDirection, spec: string) {
	const seeds = [parseSeed(spec, TEST_CHAIN, { direction })];
	const { stops, conversions, fee, throughCoinJoins, coinJoin } = defaultRequest(TEST_CHAIN, seeds);
	const mirrored = direction === "backward" ? mirroredLedger(source) : undefined;
	let edges = 0;
	const { transfers, followed } = await sweep(mirrored ?? source, await planSeeds(mirrored ?? source, TEST_CHAIN, seeds, [], direction), {
		rules: rulesOf(TEST_CHAIN).filter((rule) => CONSERVING_RULES.includes(rule)),
		stops,
		conversions,
		fee,
		throughCoinJoins,
		coinJoin,
		dust: new Map(),
		maxAccounts: Number.POSITIVE_INFINITY,
		...(mirrored === undefined ? {} : { backward: mirrored }),
		onEdge: () => void edges++,
	});
	return { transfers, accounts: followed.size, edges };
}

/** The account that holds most at the end. */
function richest(count: number, accounts: number): number {
	const balances = new Map<string, bigint>();
	for (const { from, to, amount } of world(count, accounts)) {
		const left = (balances.get(from) ?? 0n) - amount;
		balances.set(from, left < 0n ? 0n : left);
		balances.set(to, (balances.get(to) ?? 0n) + amount);
	}
	const [most] = [...balances].sort(([, a], [, b]) => (a > b ? -1 : 1));
	return [...Array(accounts + 1).keys()].find((n) => testAccount(n) === most?.[0]) ?? 1;
}

const folder = mkdtempSync(join(tmpdir(), "clew-bench-"));
const count = process.argv.includes("--quick") ? 100_000 : 1_000_000;
const accounts = count / 10;
try {
	const store = await createCase(join(folder, "world.clew"), { title: "bench", chain: TEST_CHAIN, at: "2026-01-01T00:00:00Z" });
	await fill(store, world(count, accounts));
	const told: number[] = [];
	for (const [direction, spec] of [
		["forward", `account:${addressOf(testAccount(1))}`],
		["backward", `account:${addressOf(testAccount(richest(count, accounts)))}@${100 + count / 2}`],
	] as const) {
		const { seconds, result } = await timed(() => sweepAll(store, direction, spec));
		const each = (seconds / result.transfers) * 1e6;
		told.push(each);
		console.log(
			`${direction}: ${result.transfers} transfers read, ${result.accounts} accounts, ${result.edges} on the way: ${seconds.toFixed(2)} s, ${each.toFixed(1)} us a transfer, peak ${peakMegabytes()} MB`,
		);
	}
	await store.close();
	console.log(`backward / forward: ${((told[1] ?? 0) / (told[0] ?? 1)).toFixed(2)} a transfer read`);
} finally {
	rmSync(folder, { recursive: true, force: true });
}
