// Everything that must hold: format, lint, types, dead code, then every test. The last line counts the tests.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, setup, tool } from "./setup.mjs";

setup();

const step = (name, work) => {
	console.log(`\n== ${name}`);
	work();
};
step("format and lint", () => tool("biome", ["ci", "."]));
step("types", () => tool("tsc", ["-p", "tsconfig.check.json"]));
step("dead code", () => tool("knip", []));

console.log("\n== tests");
const folder = mkdtempSync(join(tmpdir(), "clew-test-"));
const report = join(folder, "report.json");
const vitest = spawnSync(
	join(root, "node_modules", ".bin", "vitest"),
	["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...process.argv.slice(2)],
	{
		cwd: root,
		stdio: "inherit",
	},
);
let counts;
try {
	const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
	const brokenFiles = testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length;
	counts = { passed: numPassedTests, failed: numFailedTests + brokenFiles, skipped: numPendingTests, suites: numFailedTestSuites };
} catch {
	counts = { passed: 0, failed: 1, skipped: 0, suites: 1 };
}
rmSync(folder, { recursive: true, force: true });
console.log(`${counts.passed} passed, ${counts.failed} failed${counts.skipped ? `, ${counts.skipped} skipped` : ""}`);
process.exitCode = vitest.status === 0 && counts.failed === 0 && counts.passed > 0 ? 0 : 1;
