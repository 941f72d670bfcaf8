// How long it takes to add up a recovery ledger: the rules alone, and a case's ledger read, checked against its custody log and added up.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalJson, parseChainId, sha256Hex } from "@clew/core";
import { createCase, openCase } from "@clew/graph-store";
import {
	deadlinesOf,
	entryId,
	foldLedger,
	RECOVERY_ENTRIES,
	RECOVERY_LOGGED,
	type RecoveryEntry,
	shippedDeadlines,
	totalsBy,
	victimTotals,
} from "@clew/recovery";
import { readEntries } from "../../packages/cli/src/recover/ledger.js";

const ENTRIES = process.argv.includes("--quick") ? 500 : 10_000;
const EACH = 5;
const KINDS = ["sent", "acknowledged", "frozen", "seized", "returned"] as const;
const ASSET = "eip155:1/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7";
const TRACE = "0123456789abcdef";
const requests = Math.floor(ENTRIES / EACH);
const limits = {
	traced: Array.from({ length: requests }, (_, i) => ({ trace: TRACE, account: `a${i}`, asset: ASSET, byRule: {}, most: 1_000n })),
	taken: [{ victim: "v", asset: ASSET, amount: 1_000n * BigInt(requests) }],
};
const entries = Array.from({ length: requests * EACH }, (_, at): RecoveryEntry => {
	const request = Math.floor(at / EACH);
	const kind = KINDS[at % EACH] ?? "sent";
	return {
		...{ schema: "clew.recovery-entry/1", sequence: at + 1, at: "2026-01-01T00:00:00Z", on: "2026-01-01", kind, request: `r${request}` },
		...{ party: `Desk ${request % 40}`, trace: TRACE, account: `a${request}`, asset: ASSET, tier: "attribution" },
		document: { sha256: sha256Hex(String(at)), bytes: 1, name: "letter.pdf" },
		...(kind === "acknowledged" ? {} : { amount: "1000" }),
		...(kind === "returned" ? { victim: "v" } : {}),
		...(kind === "sent" ? { deadlines: [{ id: "us-preservation", on: "2026-04-01", what: "w", source: "s" }] } : {}),
	};
});

function addUp(of: readonly RecoveryEntry[]): void {
	const state = foldLedger(of, limits);
	totalsBy(state.requests, "party");
	victimTotals(state, limits);
	deadlinesOf(state, shippedDeadlines(), "2026-03-01");
}

function measured(what: string, work: () => void): void {
	work();
	const begun = performance.now();
	work();
	console.log(`${what}: ${(performance.now() - begun).toFixed(0)} ms`);
}

measured(`${entries.length} entries added up, by request, desk and victim, with deadlines`, () => addUp(entries));

const folder = mkdtempSync(join(tmpdir(), "clew-bench-"));
const place = join(folder, "case.clew");
const store = await createCase(place, { title: "bench", chain: parseChainId("eip155:1"), at: "2026-01-01T00:00:00Z" });
await store.atomically(async (tx) => {
	for (const entry of entries) {
		const json = canonicalJson(entry);
		await tx.putRecord(RECOVERY_ENTRIES, entryId(entry.sequence), json);
		await tx.appendCustody(entry.at, RECOVERY_LOGGED, `entry ${entry.sequence}: ${entry.kind}; entry sha256 ${sha256Hex(json)}`);
	}
});
await store.close();
const kept = await openCase(place);
const begun = performance.now();
addUp(await readEntries(kept));
console.log(`the same read from a case, its custody log checked link by link: ${(performance.now() - begun).toFixed(0)} ms`);
await kept.close();
rmSync(folder, { recursive: true });
