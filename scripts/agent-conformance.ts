// Scenarios of the Model Context Protocol's own conformance suite against clew agent serve, over HTTP. After a build:
// npx tsx scripts/agent-conformance.ts. The suite is fetched from the package registry.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SUITE = "@modelcontextprotocol/conformance@0.1.13";
/** Those that a server of tools alone can be asked; the others want tools, prompts and resources that the suite itself describes. */
const SCENARIOS = ["server-initialize", "ping", "tools-list", "server-sse-multiple-streams", "dns-rebinding-protection"];
const MAIN = fileURLToPath(new URL("../packages/cli/dist/app/clew.js", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "clew-conformance-"));
const file = join(folder, "empty.clew");
spawnSync(process.execPath, [MAIN, "case", "new", file, "--title", "Conformance", "--chain", "ethereum"], { stdio: "inherit" });
const server = spawn(process.execPath, [MAIN, "agent", "serve", "--case", file, "--http", "127.0.0.1:0"], {
	stdio: ["ignore", "pipe", "inherit"],
});
const url = await new Promise<string>((resolve) => server.stdout.on("data", (chunk) => resolve(/http:\S+/.exec(`${chunk}`)?.[0] ?? "")));
for (const scenario of SCENARIOS) {
	const { status, stdout } = spawnSync("npx", ["-y", SUITE, "server", "--url", url, "--scenario", scenario], {
		cwd: folder,
		encoding: "utf8",
	});
	console.log(`${scenario}: ${/Passed: .*/.exec(stdout)?.[0] ?? "did not run"}`);
	if (status !== 0) process.exitCode = 1;
}
server.kill("SIGINT");
server.once("exit", () => rmSync(folder, { recursive: true, force: true }));
