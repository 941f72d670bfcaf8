// The guard beside the bare node behind it: calls that only read, sends that are judged among the labels that ship and among a million,
// and its memory. Run after a build: npx tsx --conditions=source scripts/bench/guard.ts [--quick]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseChainId } from "@clew/core";
import { openLabelLibrary } from "@clew/graph-store/label-library";
import { readList } from "@clew/labels";
import { keccak256, toBeHex, Wallet } from "ethers";
import { MAIN } from "../../tests/clew.js";
import { startGuard } from "../../tests/guard-process.js";

const CALLS = process.argv.includes("--quick") ? 300 : 5_000;
const SENDS = process.argv.includes("--quick") ? 20 : 300;
const LABELS = process.argv.includes("--quick") ? 10_000 : 1_000_000;
const folder = mkdtempSync(join(tmpdir(), "clew-bench-guard-"));
process.env["XDG_DATA_HOME"] = folder;
const ANSWERS: Readonly<Record<string, unknown>> = {
	eth_chainId: "0x1",
	eth_getCode: "0x",
	eth_getBalance: "0x1",
	eth_getTransactionCount: "0x1",
};

const node = createServer((request, response) => {
	let body = "";
	request.on("data", (chunk) => {
		body += chunk;
	});
	request.on("end", () => {
		const asked = JSON.parse(body);
		const one = ({ id, method }: { id: unknown; method: string }) => ({
			jsonrpc: "2.0",
			id,
			result: ANSWERS[method] ?? `0x${"ab".repeat(32)}`,
		});
		response.setHeader("content-type", "application/json");
		response.end(JSON.stringify(Array.isArray(asked) ? asked.map(one) : one(asked)));
	});
});
await new Promise<void>((resolve) => node.listen(0, "127.0.0.1", resolve));
const bare = `http://127.0.0.1:${(node.address() as { port: number }).port}`;

const guarded = (...options: string[]) => startGuard(bare, join(folder, "guard.jsonl"), ...options);

/** Resident memory of a process, in MB; undefined where this machine does not tell. */
function memoryOf(pid: number): number | undefined {
	const { stdout } = spawnSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
	return Number(stdout) > 0 ? Number(stdout) / 1_024 : undefined;
}

/** A library of so many labels, of addresses that nobody here pays. */
function libraryOf(labels: number): string {
	const path = join(folder, "many.db");
	const csv = join(folder, "many.csv");
	const rows = Array.from({ length: labels }, (_, i) => `0x${keccak256(toBeHex(i + 1)).slice(26)},Entity ${i % 5_000},exchange\n`);
	writeFileSync(csv, `address,entity,category\n${rows.join("")}`);
	const library = openLabelLibrary(path, { create: true });
	const defaults = { chain: parseChainId("eip155:1"), source: "made up", confidence: 50, category: "exchange", retrievedAt: "" } as const;
	library.put(readList("csv", csv, defaults), "2026-01-01T00:00:00Z");
	library.close();
	return path;
}

async function times(url: string, bodies: readonly string[]): Promise<{ median: number; p99: number }> {
	const taken: number[] = [];
	for (const body of bodies) {
		const start = performance.now();
		await (await fetch(url, { method: "POST", body, headers: { "content-type": "application/json" } })).text();
		taken.push(performance.now() - start);
	}
	taken.sort((a, b) => a - b);
	return { median: taken[taken.length >> 1] as number, p99: taken[Math.floor(taken.length * 0.99)] as number };
}

const call = '{"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":["latest",false]}';
const reads = Array<string>(CALLS).fill(call);
// Taken in before, so that its work is not in what is measured.
spawnSync(process.execPath, [MAIN, "label", "starter", "--labels", join(folder, "shipped.db")]);
const shipped = await guarded("--labels", join(folder, "shipped.db"));
await times(bare, reads.slice(0, 100));
await times(shipped.url, reads.slice(0, 100));
const [plain, passed] = [await times(bare, reads), await times(shipped.url, reads)];
console.log(
	`passing calls: ${passed.median.toFixed(2)} ms median, ${passed.p99.toFixed(2)} ms p99; the bare node ${plain.median.toFixed(2)} and ${plain.p99.toFixed(2)}: ${(passed.median - plain.median).toFixed(2)} ms and ${(passed.p99 - plain.p99).toFixed(2)} ms over it (goal 1 and 5), ${(passed.median / plain.median).toFixed(1)} x`,
);
const wallet = new Wallet(`0x${"7".repeat(64)}`);
const sends: string[] = [];
for (let nonce = 0; nonce < SENDS; nonce++) {
	const to = `0x${(nonce + 1_000_000).toString(16).padStart(40, "0")}`;
	const raw = await wallet.signTransaction({ to, value: 1n, nonce, chainId: 1n, gasLimit: 21_000n, gasPrice: 1n, type: 0 });
	sends.push(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_sendRawTransaction", params: [raw] }));
}
const bareSends = await times(bare, sends);
const among = (what: string, judged: { median: number; p99: number }, memory: number | undefined) =>
	console.log(
		`judged sends among ${what}: ${judged.median.toFixed(1)} ms median, ${judged.p99.toFixed(1)} ms p99 (goal 50), ${(judged.median / bareSends.median).toFixed(0)} x the bare node (${bareSends.median.toFixed(2)} ms); memory ${memory?.toFixed(0) ?? "not told"} MB (goal 150)`,
	);
among("the labels that ship", await times(shipped.url, sends), memoryOf(shipped.pid));
shipped.stop();
const many = await guarded("--labels", libraryOf(LABELS));
among(`${LABELS.toLocaleString("en")} labels`, await times(many.url, sends), memoryOf(many.pid));
many.stop();
node.close();
node.closeAllConnections();
rmSync(folder, { recursive: true });
