// Every benchmark, one after the other, each in a process of its own so that peak memory is its own. --quick for smaller sizes.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

for (const name of [
	"import",
	"expansion",
	"trace",
	"backward",
	"bitcoin",
	"clustering",
	"account-clusters",
	"evidence",
	"report",
	"team",
	"labels",
	"tron",
	"access",
	"prices",
	"guard",
	"explorer",
	"agent",
	"start",
]) {
	console.log(`\n== ${name}`);
	const script = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
	const { status } = spawnSync(process.execPath, ["--import", "tsx", script, ...process.argv.slice(2)], { stdio: "inherit" });
	if (status !== 0) process.exitCode = 1;
}
