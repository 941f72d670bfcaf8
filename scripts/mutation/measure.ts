import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AREAS, type Area, sourcesOf, testFiles } from "./areas.js";
import { noting } from "./reach.js";
import { Runner } from "./runner.js";

/** What a test file does when nothing is changed: how long it takes, and the functions that it runs. */
export interface Measured {
	readonly digest: string;
	readonly passed: boolean;
	readonly milliseconds: number;
	readonly spots: readonly string[];
}
export type Measures = Readonly<Record<string, Measured>>;

const digest = (text: string) => createHash("sha256").update(text).digest("hex");
const read = (file: string) => readFileSync(file, "utf8");
const HANG_MILLISECONDS = 600_000;

/** The test files whose path fits: those that are new or changed are measured, the others are as kept in `folder`. */
export async function measure(folder: string, wanted: RegExp, report: (line: string) => void): Promise<Measures> {
	const sources = (Object.keys(AREAS) as Area[]).flatMap(sourcesOf);
	const path = join(folder, `reach-${digest(sources.map((file) => file + read(file)).join("\n")).slice(0, 16)}.json`);
	const kept: Record<string, Measured> = existsSync(path) ? JSON.parse(read(path)) : {};
	const tests = testFiles().filter((test) => wanted.test(test));
	const stale = tests.filter((test) => kept[test]?.digest !== digest(read(test)));
	const asked = () => Object.fromEntries(tests.map((test) => [test, kept[test] as Measured]));
	if (stale.length === 0) return asked();
	mkdirSync(folder, { recursive: true });
	const notes = mkdtempSync(join(tmpdir(), "clew-reach-"));
	const runner = new Runner(notes);
	try {
		const overlay = sources.map((file) => [file, noting(file, read(file))] as const);
		await runner.run({ overlay, tests: [], all: true }, () => HANG_MILLISECONDS);
		for (const test of stale) {
			const { ran } = await runner.run({ tests: [test], all: true }, () => HANG_MILLISECONDS);
			const noted = join(notes, encodeURIComponent(test));
			const spots = existsSync(noted) ? [...new Set(read(noted).split("\n"))].filter(Boolean).sort() : [];
			const [only] = ran;
			kept[test] = {
				digest: digest(read(test)),
				passed: only?.passed ?? false,
				milliseconds: only?.milliseconds ?? HANG_MILLISECONDS,
				spots,
			};
			report(`${only?.passed ? "passed" : "FAILED"} ${((only?.milliseconds ?? 0) / 1000).toFixed(1)} s ${test}: ${spots.length} functions`);
			writeFileSync(path, JSON.stringify(kept));
		}
	} finally {
		runner.close();
		rmSync(notes, { recursive: true, force: true });
	}
	return asked();
}
