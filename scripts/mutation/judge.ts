import { readFileSync } from "node:fs";
import type { Measures } from "./measure.js";
import { changed, type Mutant } from "./mutants.js";
import { spot } from "./reach.js";
import type { Patience, Runner } from "./runner.js";

/** What became of a mutant: `by` is the test file that noticed it or hung. */
export interface Verdict {
	readonly name: string;
	readonly verdict: "killed" | "timeout" | "survived" | "unreached";
	readonly by?: string;
	/** Slower test files that reach it and were not run. */
	readonly left: number;
}

/** A hang is told from a busy machine: this long, and this many times what the test file took unchanged. */
const LEAST_MILLISECONDS = 30_000;
const TIMES_SLOWER = 5;

const patience =
	(measures: Measures): Patience =>
	(test) =>
		LEAST_MILLISECONDS + TIMES_SLOWER * (measures[test]?.milliseconds ?? 0);

/** The passing test files that run the changed function, the quickest first. */
export function testsReaching(measures: Measures, { file, within }: Mutant): string[] {
	const wanted = spot(file, within);
	return Object.entries(measures)
		.filter(([, { passed, spots }]) => passed && spots.includes(wanted))
		.sort(([, a], [, b]) => a.milliseconds - b.milliseconds)
		.map(([test]) => test);
}

/** Runs the tests that reach a mutant until one notices it, as many as the seconds allow going by what they took unchanged. */
export async function judge(runner: Runner, measures: Measures, mutant: Mutant, name: string, seconds: number): Promise<Verdict> {
	const reaching = testsReaching(measures, mutant);
	if (reaching.length === 0) return { name, verdict: "unreached", left: 0 };
	const taken = (test: string) => measures[test]?.milliseconds ?? 0;
	let allowed = seconds * 1000;
	const tests = reaching.filter((test, index) => {
		allowed -= taken(test);
		return index === 0 || allowed >= 0;
	});
	const overlay = [[mutant.file, changed(readFileSync(mutant.file, "utf8"), mutant)]] as const;
	const { ran, hung } = await runner.run({ overlay, tests, all: false }, patience(measures));
	if (hung !== undefined) return { name, verdict: "timeout", by: hung, left: 0 };
	const noticed = ran.find(({ passed }) => !passed);
	if (noticed) return { name, verdict: "killed", by: noticed.test, left: 0 };
	return { name, verdict: "survived", left: reaching.length - tests.length };
}

/** Runs a test that noticed a mutant against the unchanged sources. Throws when it fails there too: then its verdicts are worth nothing. */
export async function control(runner: Runner, measures: Measures, test: string): Promise<void> {
	const { ran } = await runner.run({ overlay: [], tests: [test], all: false }, patience(measures));
	if (ran[0]?.passed !== true) throw new Error(`${test} fails without any mutant: verdicts since the last control are not to be trusted`);
}
