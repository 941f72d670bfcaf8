import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "./clew.js";

/** A word of the last figure that each prints: it came to its end. What they measure is nobody's promise on a busy machine. */
const LAST = {
	import: "rows/s",
	expansion: "in the middle of the hub",
	trace: "memory",
	backward: "a transfer read",
	bitcoin: "fifo over 100000 outputs",
	clustering: "pairs of",
	"account-clusters": "leads among",
	evidence: "verified again",
	report: "of PDF",
	labels: "detection over",
	tron: "a second",
	guard: "judged sends among 10,000 labels",
	explorer: "views drawn",
	prices: "values",
} as const;

it.each(Object.entries(LAST))("the benchmark %s still runs", (name, last) => {
	const script = join(ROOT, "scripts/bench", `${name}.ts`);
	const { status, stdout, stderr } = spawnSync(process.execPath, ["--conditions=source", "--import", "tsx", script, "--quick"], {
		cwd: ROOT,
		encoding: "utf8",
		maxBuffer: 1 << 26,
	});
	expect([status, stderr]).toEqual([0, expect.any(String)]);
	expect(stdout).toContain(last);
});
