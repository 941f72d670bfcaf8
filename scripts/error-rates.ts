// Measures every detector in made-up worlds and writes the figures that bundles and docs print. Run: npx tsx --conditions=source scripts/error-rates.ts

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Evaluation } from "@clew/tracer";

const SEEDS = [1, 2, 3];
const SIZE = 60_000;
const MAIN = fileURLToPath(new URL("../packages/cli/dist/main.js", import.meta.url));
const OUT = fileURLToPath(new URL("../packages/evidence/src/build/error-rates.ts", import.meta.url));

function clew(...args: readonly string[]): string {
	const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8", maxBuffer: 1 << 28 });
	if (status !== 0) throw new Error(`clew ${args.join(" ")} exited ${status}\n${stderr}`);
	return stdout;
}

function evaluation(seed: number): Evaluation {
	const folder = mkdtempSync(join(tmpdir(), "clew-error-rates-"));
	try {
		const world = join(folder, "world");
		clew("simulate", "--seed", String(seed), "--size", String(SIZE), "--out", world);
		return JSON.parse(clew("evaluate", world, "--json")) as Evaluation;
	} finally {
		rmSync(folder, { recursive: true });
	}
}

const rate = (right: number, all: number) => (all === 0 ? "none" : (right / all).toFixed(3));

const all = SEEDS.map(evaluation);
const names = all[0]?.heuristics.map((h) => h.heuristic) ?? [];
const rows = names.map((name) => {
	const own = all.flatMap((world) => world.heuristics.filter((h) => h.heuristic === name));
	const sum = (pick: (h: (typeof own)[number]) => number) => own.reduce((total, h) => total + pick(h), 0);
	const [found, right, there] = [sum((h) => h.found), sum((h) => h.right), sum((h) => h.there)];
	const calibration = [0, 20, 40, 60, 80].flatMap((from) => {
		const buckets = own.flatMap((h) => h.calibration.filter((c) => c.from === from));
		const claims = buckets.reduce((total, c) => total + c.claims, 0);
		return claims === 0 ? [] : [`${from}+: ${buckets.reduce((total, c) => total + c.right, 0)}/${claims}`];
	});
	return { name, found, right, there, precision: rate(right, found), recall: rate(right, there), calibration: calibration.join(", ") };
});
console.log("| heuristic | found | right | there | precision | recall | right of claims, by score |\n|---|---|---|---|---|---|---|");
for (const r of rows)
	console.log(`| \`${r.name}\` | ${r.found} | ${r.right} | ${r.there} | ${r.precision} | ${r.recall} | ${r.calibration} |`);
console.log("\n| playbook | services | fifo | lifo | haircut | right stop | strangers a theft |\n|---|---|---|---|---|---|---|");
for (const first of all[0]?.playbooks ?? []) {
	const own = all.flatMap((world) => world.playbooks.filter((p) => p.playbook === first.playbook && p.known === first.known));
	const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
	const of = (rule: string) =>
		`${(mean(own.map((p) => p.byRule[rule]?.precision ?? 0)) / 1_000).toFixed(3)} / ${(mean(own.map((p) => p.byRule[rule]?.recall ?? 0)) / 1_000).toFixed(3)}`;
	console.log(
		`| ${first.playbook} | ${first.known ? "known" : "unknown"} | ${of("fifo")} | ${of("lifo")} | ${of("haircut")} | ${(mean(own.map((p) => p.stops)) / 1_000).toFixed(3)} | ${Math.ceil(mean(own.map((p) => p.accused)))} |`,
	);
}
const entries = rows.map((r) => `\t"${r.name}": { precision: "${r.precision}", recall: "${r.recall}" },`).join("\n");
writeFileSync(
	OUT,
	`/** Measured by scripts/error-rates.ts: precision and recall in made-up worlds, whose truth is known. Written by that script; do not edit. */
export const ERROR_RATES: Readonly<Record<string, { readonly precision: string; readonly recall: string }>> = {
${entries}
};

/** Where the figures come from. */
export const MEASURED_IN = "simulated worlds ${SEEDS.join(", ")}, ${SIZE} transfers each (clew evaluate); the real chain is harder";
`,
);
