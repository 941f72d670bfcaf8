import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The built command line. */
export const MAIN = fileURLToPath(new URL("../packages/cli/dist/app/clew.js", import.meta.url));
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** A folder of this test's own. */
export const scratch = () => mkdtempSync(join(tmpdir(), "clew-e2e-"));

// What is kept for each machine, the library of labels and the places that a case may tell: here for each test file.
process.env["XDG_DATA_HOME"] = scratch();
process.env["CLEW_PLACES"] = join(scratch(), "places.json");

const ENVIRONMENT = { ...process.env, SOURCE_DATE_EPOCH: "1700000000", NO_COLOR: "1" };

/** Like {@link clew}, while this process goes on: for a server of the test's own. */
export function clewAsync(
	args: readonly string[],
	env: Record<string, string> = {},
): Promise<{ code: number | null; out: string; err: string }> {
	const child = spawn(process.execPath, [MAIN, ...args], { cwd: ROOT, env: { ...ENVIRONMENT, ...env } });
	let [out, err] = ["", ""];
	child.stdout.on("data", (chunk) => {
		out += chunk;
	});
	child.stderr.on("data", (chunk) => {
		err += chunk;
	});
	return new Promise((resolve) => child.once("close", (code) => resolve({ code, out, err })));
}

/** Runs clew as a user would, with a fixed clock; gives exit code and both streams. */
export function clew(args: readonly string[], env: Record<string, string> = {}) {
	const result = spawnSync(process.execPath, [MAIN, ...args], {
		cwd: ROOT,
		encoding: "utf8",
		maxBuffer: 1 << 28,
		env: { ...ENVIRONMENT, ...env },
	});
	return { code: result.status, out: result.stdout, err: result.stderr };
}

/** Makes the case of Pure Bit from its exports and the labels of exchanges, as the demo does. */
export function makePureBit(path: string, title = "Pure Bit exit scam"): void {
	mustClew("case", "new", path, "--title", title, "--chain", "eip155:1");
	mustClew("import", "etherscan", "fixtures/cases/purebit", "--case", path);
	const [file, source] = ["fixtures/cases/purebit/exchanges.csv", "explorer name tags"];
	mustClew("label", "import", file, "--source", source, "--confidence", "50", "--case", path);
}

/** Runs clew and fails loudly unless it exits 0. */
export function mustClew(...args: readonly string[]): string {
	const { code, out, err } = clew(args);
	if (code !== 0) throw new Error(`clew ${args.join(" ")} exited ${code}\n${err}`);
	return out;
}
