// Evidence: proofs of a block of 314 receipts, rows verified with proofs, a bundle of 100,000 rows. --quick: 10,000 rows.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { addressOf, type ChainId, canonicalJson, type Hash } from "@clew/core";
import { memoryLedger } from "@clew/core/testing";
import { createCase } from "@clew/graph-store";
import { buildResult, defaultRequest, ledgerLines, parseSeed, runTrace } from "@clew/tracer";
import { createMerkleProof, createMPT } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { readAnswers } from "../../packages/chains/src/evm/answers.js";
import { decodeBlock } from "../../packages/chains/src/evm/decode.js";
import { encodeReceipt } from "../../packages/chains/src/evm/encoding.js";
import { proveBlock } from "../../packages/chains/src/evm/proofs.js";
import { orderedTrie } from "../../packages/chains/src/evm/trie.js";
import { evmBlock } from "../../packages/evidence/src/verify/evm/block.js";
import { checkRules } from "../../packages/evidence/src/verify/recompute/check-rules.js";
import { fill, TEST_CHAIN, testAccount, timed, world } from "./world.js";

const CHAIN = "eip155:1" as ChainId;
const HEIGHT = 18_500_000;
const fixture = (name: string) => {
	const value = JSON.parse(readFileSync(new URL(`../../fixtures/ethereum/${HEIGHT}/${name}.json`, import.meta.url), "utf8"));
	return value.result ?? value;
};

const answers = {
	schema: "clew.answers/1",
	height: String(HEIGHT),
	block: fixture("block"),
	receipts: fixture("receipts"),
	tracer: "none",
	traces: null,
} as const;
const read = readAnswers("bench", CHAIN, answers);

// Twice the 157 receipts of a real block, since the goal is about 300.
const receipts = [...read.receipts, ...read.receipts];
const ours = async () => {
	const encoded = receipts.map((receipt) => encodeReceipt(receipt) as Uint8Array);
	const trie = orderedTrie(encoded);
	return encoded.map((_, i) => trie.prove(i));
};
const theirs = async () => {
	const trie = await createMPT();
	for (const [i, receipt] of receipts.entries()) await trie.put(RLP.encode(i), encodeReceipt(receipt) as Uint8Array);
	return Promise.all(receipts.map((_, i) => createMerkleProof(trie, RLP.encode(i))));
};
await ours();
const [own, other] = [await timed(ours), await timed(theirs)];
console.log(
	`proofs of all ${receipts.length} receipts: ${(own.seconds * 1000).toFixed(0)} ms (${(own.seconds / other.seconds).toFixed(2)} x @ethereumjs/mpt in this run: ${(other.seconds * 1000).toFixed(0)} ms)`,
);

const cited = new Set(read.block.transactions.map((tx) => tx.hash as Hash));
const { proof, provable } = proveBlock("bench", CHAIN, read, decodeBlock(CHAIN, read), cited);
if (proof?.schema !== "clew.proof.evm/1") throw new Error("no proof");
const rows = [...provable].flatMap(([txHash, list]) =>
	list.map(({ log, amount, ...row }) => ({ edge: { ...row, txHash, amount: amount.toString() } as never, log })),
);
for (const [what, some] of [
	["of every kind", rows],
	["that are token logs", rows.filter(({ log }) => log !== undefined)],
] as const) {
	const verified = await timed(async () => {
		const block = evmBlock(proof);
		for (const { edge, log } of some) block.place(edge, log);
	});
	console.log(`rows ${what} verified with proofs: ${some.length}, ${(some.length / verified.seconds).toFixed(0)} a second`);
}

// All rules over a trace of about 10,000 rows, by the engine and, from its ledgers alone, by the verifier.
const small = memoryLedger([...world(14_000, 1_000)]);
const request = defaultRequest(TEST_CHAIN, [parseSeed(`account:${addressOf(testAccount(1))}`, TEST_CHAIN)]);
const traced = await timed(() => runTrace(request, { source: small }));
const stated = JSON.parse(canonicalJson(await buildResult(traced.result, small, { id: "bench", title: "bench", cutoff: 0, sources: [] })));
const lines = ((await ledgerLines(traced.result, small)) ?? []).map(canonicalJson);
const again = await timed(async () => checkRules(lines, stated, (where, what) => console.log(where, what)));
if (again.result === undefined) throw new Error("the rules give something else");
const beside = `${(again.seconds / traced.seconds).toFixed(2)} x the engine in this run: ${traced.seconds.toFixed(1)} s`;
const played = `${again.result.movements} movements, ${again.seconds.toFixed(1)} s (${beside})`;
console.log(`rules played again from the ledgers of ${stated.edges.length} rows: ${played}`);

// A whole bundle from a case file, by the commands that a user runs.
const count = process.argv.includes("--quick") ? 10_000 : 100_000;
const folder = mkdtempSync(join(tmpdir(), "clew-bench-"));
try {
	const path = join(folder, "world.clew");
	const store = await createCase(path, { title: "bench", chain: TEST_CHAIN, at: "2026-01-01T00:00:00Z" });
	await fill(store, world(count * 1.4, count / 10));
	await store.close();
	const [bundle, seed] = [join(folder, "bundle"), `account:${addressOf(testAccount(1))}`];
	await clew("trace", "--case", path, "--seed", seed, "--rule", "fifo", "--rule", "haircut", "--top", "1");
	const built = await clew("export", "--case", path, "--trace", "last", "--out", bundle);
	const rows = readFileSync(join(bundle, "rows.jsonl"), "utf8").split("\n").length - 1;
	const size = statSync(join(bundle, "trace.json")).size;
	console.log(
		`bundle of ${rows} rows: ${built.seconds.toFixed(1)} s, trace.json ${(size / 1e6).toFixed(0)} MB, peak ${built.megabytes} MB`,
	);
	const checked = await clew("verify", bundle);
	console.log(
		`verified again: ${checked.seconds.toFixed(1)} s, ${(rows / checked.seconds).toFixed(0)} rows a second without proofs, peak ${checked.megabytes} MB`,
	);
} finally {
	rmSync(folder, { recursive: true, force: true });
}

/** Runs a command of the build; seconds with its start, and its largest memory. Throws what it says when it fails. */
async function clew(...args: string[]): Promise<{ seconds: number; megabytes: number }> {
	const tell = `data:text/javascript,process.on("exit",()=>process.stderr.write("\\npeak "+process.resourceUsage().maxRSS))`;
	const program = fileURLToPath(new URL("../../packages/cli/dist/main.js", import.meta.url));
	const { seconds, result } = await timed(async () =>
		spawnSync(process.execPath, ["--import", tell, program, ...args], { encoding: "utf8", maxBuffer: 1 << 28 }),
	);
	if (result.status !== 0) throw new Error(`clew ${args[0]}: ${result.stdout}${result.stderr}`);
	const [, peak = "0"] = /peak (\d+)$/.exec(result.stderr) ?? [];
	return { seconds, megabytes: Math.round(Number(peak) / 1024) };
}
