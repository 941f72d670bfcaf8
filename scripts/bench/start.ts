// How long commands take to start: the command line as it is put together, beside the same modules one by one, in pairs in one run.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median } from "@clew/core";

const dist = fileURLToPath(new URL("../../packages/cli/dist/", import.meta.url));
const ROUNDS = 9;

function milliseconds(main: string, args: readonly string[]): number {
	const begun = performance.now();
	const { status } = spawnSync(process.execPath, [`${dist}${main}`, ...args]);
	if (status !== 0) throw new Error(`${main} ${args.join(" ")} exited ${status}`);
	return performance.now() - begun;
}

for (const command of ["check", "show", "trace", "export", "verify", "investigate"]) {
	const [together, apart]: [number[], number[]] = [[], []];
	for (let round = 0; round < ROUNDS; round++) {
		together.push(milliseconds("app/clew.js", [command, "--help"]));
		apart.push(milliseconds("main.js", [command, "--help"]));
	}
	const [a = 0, b = 0] = [median(together), median(apart)];
	console.log(`clew ${command} --help: ${a.toFixed(0)} ms, module by module ${b.toFixed(0)} ms; ${(a / b).toFixed(2)} x`);
}
