// Union-find over co-spend pairs against the Python package graphsense-clustering (Rust inside) on the same pairs, in the same run.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { UnionFind } from "@clew/tracer";
import { peakMegabytes, random, timed } from "./world.js";

const count = process.argv.includes("--quick") ? 500_000 : 5_000_000;
const folder = mkdtempSync(join(tmpdir(), "clew-bench-"));
const reference = fileURLToPath(new URL("clustering-reference.py", import.meta.url));
const library = fileURLToPath(new URL("../../node_modules/.cache/clew/graphsense-clustering", import.meta.url));

try {
	for (const addresses of [count / 2, count]) {
		const pairs = makePairs(count, addresses);
		const ours = await timed(async () => {
			const sets = new UnionFind();
			sets.grow(addresses);
			for (let i = 0; i < pairs.length; i += 2) sets.union(pairs[i] as number, pairs[i + 1] as number);
			return new Set(sets.labels()).size;
		});
		console.log(
			`${count} pairs of ${addresses} addresses: ${ours.seconds.toFixed(2)} s, ${ours.result} clusters, peak ${peakMegabytes()} MB`,
		);
		writeFileSync(join(folder, "pairs.bin"), Buffer.from(pairs.buffer));
		const theirs = runReference(addresses);
		if (theirs === undefined) {
			console.log("  reference skipped: graphsense-clustering cannot be installed (python3 -m pip)");
			continue;
		}
		const same = theirs.clusters === ours.result ? "the same clusters" : `DIFFERENT: ${theirs.clusters} clusters`;
		console.log(
			`  graphsense-clustering: ${theirs.seconds.toFixed(2)} s with handing over its lists, ${theirs.own.toFixed(2)} s without; ${same}; ours is ${(ours.seconds / theirs.seconds).toFixed(2)} x its time`,
		);
	}
} finally {
	rmSync(folder, { recursive: true, force: true });
}

/** Pairs as co-spending makes them: mostly new addresses with a neighbour, some hubs. */
function makePairs(n: number, addresses: number): Int32Array {
	const next = random(7);
	const pairs = new Int32Array(2 * n);
	for (let i = 0; i < n; i++) {
		const a = Math.floor(next() * addresses);
		const near = next() < 0.9;
		pairs[2 * i] = a;
		pairs[2 * i + 1] = near ? Math.min(addresses - 1, a + 1 + Math.floor(next() * 20)) : Math.floor(next() * next() * addresses);
	}
	return pairs;
}

function runReference(addresses: number): { seconds: number; own: number; clusters: number } | undefined {
	if (!existsSync(library))
		spawnSync("python3", ["-m", "pip", "install", "--quiet", "--target", library, "graphsense-clustering==0.2.0"], { stdio: "ignore" });
	const env = { ...process.env, PYTHONPATH: library };
	const { status, stdout } = spawnSync("python3", [reference, join(folder, "pairs.bin"), String(addresses)], {
		env,
		encoding: "utf8",
		maxBuffer: 1 << 26,
	});
	return status === 0 ? JSON.parse(stdout) : undefined;
}
