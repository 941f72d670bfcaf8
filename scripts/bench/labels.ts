// Labels and detection: loading 500,000 labels, looking one up among a million, detecting over a million transfers. Run: npx tsx --conditions=source scripts/bench/labels.ts [--quick]
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, median, parseChainId, startOf } from "@clew/core";
import { createCase } from "@clew/graph-store";
import { openLabelLibrary } from "@clew/graph-store/label-library";
import { readList } from "@clew/labels";
import { detect, PLAYBOOKS, SIMULATED_CHAIN, simulate } from "@clew/tracer";
import { random, timed } from "./world.js";

const quick = process.argv.includes("--quick");
const LABELS = quick ? 50_000 : 500_000;
const TRANSFERS = quick ? 50_000 : 1_000_000;
const LOOKUPS = 100_000;
const CHAIN = parseChainId("eip155:1");
const folder = mkdtempSync(join(tmpdir(), "clew-bench-labels-"));

const next = random(1);
const address = () =>
	`0x${Array.from({ length: 5 }, () =>
		Math.floor(next() * 2 ** 32)
			.toString(16)
			.padStart(8, "0"),
	).join("")}`;
const addresses = Array.from({ length: 2 * LABELS }, address);
const library = openLabelLibrary(join(folder, "labels.db"), { create: true });
const defaults = { chain: CHAIN, confidence: 50, category: "other", retrievedAt: "" } as const;
for (const [half, name] of ["first", "second"].entries()) {
	const path = join(folder, `${name}.csv`);
	const rows = addresses.slice(half * LABELS, (half + 1) * LABELS).map((one, i) => `${one},Entity ${i % 5000},exchange`);
	writeFileSync(path, `address,entity,category\n${rows.join("\n")}\n`);
	const { seconds } = await timed(async () => library.put(readList("csv", path, { ...defaults, source: name }), "2026-01-01T00:00:00Z"));
	console.log(`${LABELS} labels read, checked and stored: ${seconds.toFixed(1)} s (goal for 500,000: 10 s)`);
}

const subjects = Array.from({ length: LOOKUPS }, () => `${CHAIN}:${addresses[Math.floor(next() * addresses.length)]}`);
const map = new Map(addresses.map((one) => [`${CHAIN}:${one}`, one]));
const reference = await timed(async () => subjects.filter((subject) => map.has(subject)).length);
const looked = await timed(async () => subjects.filter((subject) => library.lookup(subject).total > 0).length);
if (looked.result !== LOOKUPS) throw new Error("a label was not found");
const micros = (seconds: number) => (seconds / LOOKUPS) * 1e6;
console.log(
	`lookup among ${2 * LABELS} labels: ${micros(looked.seconds).toFixed(1)} us (goal 10 us), ${(looked.seconds / reference.seconds).toFixed(0)} x a JavaScript Map of the same keys`,
);
library.close();

const MAIN = fileURLToPath(new URL("../../packages/cli/dist/main.js", import.meta.url));
const RUNS = 20;
/** The median of several starts, in milliseconds. */
const started = (...args: readonly string[]) => {
	const times = Array.from({ length: RUNS }, () => {
		const start = performance.now();
		spawnSync(process.execPath, args);
		return performance.now() - start;
	});
	return median(times) ?? 0;
};
const node = started("-e", "0");
const check = started(MAIN, "check", addresses[0] as string, "--labels", join(folder, "labels.db"));
console.log(
	`clew check among ${2 * LABELS} labels: ${check.toFixed(0)} ms (goal 200 ms), ${(check / node).toFixed(1)} x starting Node alone (${node.toFixed(0)} ms)`,
);

const store = await createCase(join(folder, "w.clew"), { title: "bench", chain: SIMULATED_CHAIN, at: "2026-01-01T00:00:00Z" });
const world = simulate({ seed: 1, size: TRANSFERS, playbooks: PLAYBOOKS });
const source = { id: "bench", kind: "file", name: "bench", sha256: "", detail: "" } as const;
await store.atomically(async (tx) => {
	let chunk: Parameters<typeof tx.putTransactions>[1][number][] = [];
	for (const { chain, transactions } of world.blocks) {
		if (chain === SIMULATED_CHAIN) chunk.push(...transactions);
		if (chunk.length > 20_000) await tx.putTransactions(SIMULATED_CHAIN, chunk.splice(0), new Map(), source, "node");
	}
	await tx.putTransactions(SIMULATED_CHAIN, chunk, new Map(), source, "node");
	await tx.putContracts(world.contracts());
	chunk = [];
});
const scan = await timed(async () => {
	let [from, count] = [startOf(0), 0];
	for (;;) {
		const page = await store.scan(SIMULATED_CHAIN, from, 10_000);
		count += page.length;
		const last = page[page.length - 1];
		if (last === undefined || page.length < 10_000) return count;
		from = after(last.position);
	}
});
const detected = await timed(() => detect(store, SIMULATED_CHAIN));
console.log(
	`detection over ${scan.result} transfers: ${detected.seconds.toFixed(1)} s (goal for 1 M: 20 s), ${(detected.seconds / scan.seconds).toFixed(1)} x reading them (${scan.seconds.toFixed(1)} s); ${detected.result.length} detections, ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB`,
);
await store.close();
