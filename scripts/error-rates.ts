// Measures every heuristic in made-up worlds of both kinds, and writes the figures that bundles and docs print. Takes about 15 minutes. Run after a build: npx tsx --conditions=source scripts/error-rates.ts

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Evaluation } from "@clew/tracer";

const SEEDS = [1, 2, 3];
const BUCKETS = [0, 20, 40, 60, 80];
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const MAIN = here("../packages/cli/dist/app/clew.js");
const OUT = here("../packages/core/src/error-rates.ts");

/** The kinds of worlds: what they are made with, and the page that shows their figures. */
const WORLDS = {
	accounts: { size: 60_000, unit: "transfers", options: [], page: here("../docs/heuristics.md") },
	bitcoin: { size: 20_000, unit: "transactions", options: ["--bitcoin"], page: here("../docs/clustering.md") },
} as const;
type World = (typeof WORLDS)[keyof typeof WORLDS];

function clew(...args: readonly string[]): string {
	const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8", maxBuffer: 1 << 28 });
	if (status !== 0) throw new Error(`clew ${args.join(" ")} exited ${status}\n${stderr}`);
	return stdout;
}

function evaluation({ size, options }: World, seed: number): Evaluation {
	const folder = mkdtempSync(join(tmpdir(), "clew-error-rates-"));
	try {
		const world = join(folder, "world");
		clew("simulate", ...options, "--seed", String(seed), "--size", String(size), "--out", world);
		return JSON.parse(clew("evaluate", world, "--json")) as Evaluation;
	} finally {
		rmSync(folder, { recursive: true });
	}
}

const rate = (right: number, all: number) => (all === 0 ? "none" : (right / all).toFixed(3));
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
	[head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

/** Claims, and what was there, of all worlds together. */
function heuristicRows(all: readonly Evaluation[]) {
	const names = [...new Set(all.flatMap((world) => world.heuristics.map((h) => h.heuristic)))];
	return names.map((name) => {
		const own = all.flatMap((world) => world.heuristics.filter((h) => h.heuristic === name));
		const [found, right] = [sum(own.map((h) => h.found)), sum(own.map((h) => h.right))];
		// A world in which leads of a kind are not claimed has them to find all the same.
		const kind = name.replace(" (leads)", "");
		const there = sum(all.map((world) => world.heuristics.find((h) => h.heuristic === kind || h.heuristic === name)?.there ?? 0));
		const calibration = BUCKETS.flatMap((from) => {
			const buckets = own.flatMap((h) => h.calibration.filter((c) => c.from === from));
			const claims = sum(buckets.map((c) => c.claims));
			return claims === 0 ? [] : [`${from}+: ${sum(buckets.map((c) => c.right))}/${claims}`];
		});
		return { name, found, right, there, precision: rate(right, found), recall: rate(right, there), calibration: calibration.join(", ") };
	});
}

function playbookRows(all: readonly Evaluation[]) {
	return (all[0]?.playbooks ?? []).map(({ playbook, known }) => {
		const own = all.flatMap((world) => world.playbooks.filter((p) => p.playbook === playbook && p.known === known));
		const of = (rule: string) =>
			(["precision", "recall"] as const).map((what) => (mean(own.map((p) => p.byRule[rule]?.[what] ?? 0)) / 1_000).toFixed(3)).join(" / ");
		const stops = (mean(own.map((p) => p.stops)) / 1_000).toFixed(3);
		return [
			playbook,
			known ? "known" : "unknown",
			of("fifo"),
			of("lifo"),
			of("haircut"),
			stops,
			Math.ceil(mean(own.map((p) => p.accused))),
		];
	});
}

/** Puts the figures between the page's two marks. */
function writePage(page: string, figures: string): void {
	const [begin, end] = ["<!-- figures of scripts/error-rates.ts -->", "<!-- end of figures -->"];
	const text = readFileSync(page, "utf8");
	const [from, to] = [text.indexOf(begin), text.indexOf(end)];
	if (from < 0 || to < from) throw new Error(`${page} has no place for figures`);
	writeFileSync(page, `${text.slice(0, from + begin.length)}\n\n${figures}\n\n${text.slice(to)}`);
}

const entries: string[] = [];
for (const [kind, world] of Object.entries(WORLDS)) {
	const all = SEEDS.map((seed) => evaluation(world, seed));
	const rows = heuristicRows(all);
	const heuristics = table(
		["heuristic", "found", "right", "there", "precision", "recall", "right of claims, by score"],
		rows.map((r) => [`\`${r.name}\``, r.found, r.right, r.there, r.precision, r.recall, r.calibration]),
	);
	const playbooks = table(["playbook", "services", "fifo", "lifo", "haircut", "right stop", "strangers a theft"], playbookRows(all));
	writePage(world.page, `${heuristics}\n\n${playbooks}`);
	console.log(`${kind}\n${heuristics}\n\n${playbooks}\n`);
	entries.push(...rows.map((r) => `\t"${r.name}": { precision: "${r.precision}", recall: "${r.recall}", worlds: "${kind}" },`));
}
const places = Object.entries(WORLDS).map(
	([kind, { size, unit }]) =>
		`\t${kind}: "simulated worlds ${SEEDS.join(", ")}, ${size} ${unit} each (clew evaluate); the real chain is harder",`,
);
writeFileSync(
	OUT,
	`/** Measured by scripts/error-rates.ts: precision and recall in made-up worlds, whose truth is known. Written by that script; do not edit. */
export const ERROR_RATES: Readonly<
	Record<string, { readonly precision: string; readonly recall: string; readonly worlds: keyof typeof MEASURED_IN }>
> = {
${entries.join("\n")}
};

/** Where the figures come from, by kind of world. */
export const MEASURED_IN = {
${places.join("\n")}
};
`,
);
spawnSync("npx", ["biome", "check", "--write", OUT], { stdio: "inherit" });
