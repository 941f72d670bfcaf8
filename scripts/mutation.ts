// Changes the sources one small fault at a time, and tells which faults no test notices. The files themselves are never written.
// Run after a build: npx tsx --conditions=source scripts/mutation.ts [--area money] [--sample 60] [--seed 1] [--seconds 60] [--tests ^packages/] [--again] [--list]

import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { AREAS, type Area, sourcesOf } from "./mutation/areas.js";
import { control, judge, type Verdict } from "./mutation/judge.js";
import { type Measures, measure } from "./mutation/measure.js";
import { type Mutant, mutantsOf, namesOf } from "./mutation/mutants.js";
import { Runner } from "./mutation/runner.js";
import { sample } from "./mutation/sample.js";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
const CACHE = join(root, "node_modules", ".cache", "clew-mutation");
const VERDICTS = join(CACHE, "verdicts.jsonl");
const EQUIVALENT = join(root, "scripts", "mutation", "equivalent.json");

const { values: options } = parseArgs({
	options: {
		area: { type: "string", multiple: true },
		sample: { type: "string", default: "60" },
		seed: { type: "string", default: "1" },
		seconds: { type: "string", default: "60" },
		tests: { type: "string", default: "" },
		again: { type: "boolean", default: false },
		list: { type: "boolean", default: false },
	},
});

/** After so many verdicts one of the tests that noticed is run on the unchanged sources. */
const CONTROL_EVERY = 10;

type Named = readonly [name: string, mutant: Mutant];

/** The mutants of an area that the seed picks, in the order in which they were picked. */
function picked(area: Area): Named[] {
	const all = sourcesOf(area).flatMap((file) => {
		const source = readFileSync(file, "utf8");
		const mutants = mutantsOf(file, source);
		return namesOf(mutants, source).map((name, index) => [name, mutants[index]] as Named);
	});
	console.log(`${area}: ${all.length} mutants in ${sourcesOf(area).length} files`);
	return sample(all, Number(options.sample), Number(options.seed));
}

/** The last verdict on each mutant that was kept. */
function keptVerdicts(): Map<string, Verdict> {
	const lines = existsSync(VERDICTS) ? readFileSync(VERDICTS, "utf8").split("\n").filter(Boolean) : [];
	return new Map(lines.map((line) => JSON.parse(line) as Verdict).map((verdict) => [verdict.name, verdict]));
}

const isCaught = ({ verdict }: Verdict) => verdict === "killed" || verdict === "timeout";

const inWords = ({ file, line, kind, before, after }: Mutant) => {
	const short = (text: string) => text.replace(/\s+/g, " ").slice(0, 60);
	return `${file}:${line} ${kind}: ${short(before)} -> ${short(after)}`;
};

/** Judges what is not judged yet (with `--again` also what was missed), and keeps every verdict at once. */
async function judged(runner: Runner, measures: Measures, mutants: readonly Named[]): Promise<Verdict[]> {
	const kept = keptVerdicts();
	const verdicts: Verdict[] = [];
	let uncontrolled = 0;
	for (const [name, mutant] of mutants) {
		const known = kept.get(name);
		if (known && (isCaught(known) || !options.again)) {
			verdicts.push(known);
			continue;
		}
		const verdict = await judge(runner, measures, mutant, name, Number(options.seconds));
		if (verdict.verdict === "killed" && verdict.by && uncontrolled++ % CONTROL_EVERY === 0) await control(runner, measures, verdict.by);
		appendFileSync(VERDICTS, `${JSON.stringify(verdict)}\n`);
		verdicts.push(verdict);
		console.log(`${verdicts.length}/${mutants.length} ${verdict.verdict} ${inWords(mutant)}${verdict.by ? ` by ${verdict.by}` : ""}`);
	}
	return verdicts;
}

function summary(area: Area, mutants: readonly Named[], verdicts: readonly Verdict[]): string {
	const equivalent: Record<string, string> = JSON.parse(readFileSync(EQUIVALENT, "utf8"));
	const count = (wanted: Verdict["verdict"]) => verdicts.filter(({ verdict }) => verdict === wanted).length;
	const missed = verdicts.flatMap((verdict, index) => (isCaught(verdict) ? [] : [{ verdict, mutant: mutants[index]?.[1] as Mutant }]));
	const same = missed.filter(({ verdict }) => equivalent[verdict.name] !== undefined).length;
	const share = ((100 * (verdicts.length - missed.length)) / Math.max(1, verdicts.length - same)).toFixed(1);
	const lines = missed.map(({ verdict, mutant }) => {
		const why = equivalent[verdict.name] === undefined ? verdict.verdict : "equivalent";
		return `  ${why} ${inWords(mutant)}${verdict.left > 0 ? ` (${verdict.left} slower test files not run)` : ""}\n    ${verdict.name}`;
	});
	const counts = `${count("killed")} killed, ${count("timeout")} hung, ${count("survived")} survived, ${count("unreached")} unreached`;
	return [...lines, `${area}: ${share} % of ${verdicts.length - same} noticed (${counts}; ${same} of the missed equivalent)`].join("\n");
}

const areas = (options.area ?? Object.keys(AREAS)) as Area[];
const chosen = areas.map((area) => [area, picked(area)] as const);
if (options.list) {
	for (const [, mutants] of chosen) for (const [, mutant] of mutants) console.log(inWords(mutant));
} else {
	mkdirSync(CACHE, { recursive: true });
	const measures = await measure(CACHE, new RegExp(options.tests ?? ""), (line) => console.log(line));
	const runner = new Runner();
	for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
	const summaries: string[] = [];
	for (const [area, mutants] of chosen) summaries.push(summary(area, mutants, await judged(runner, measures, mutants)));
	runner.close();
	console.log(`\n${summaries.join("\n\n")}`);
}
