// The main job on real data: the Pure Bit exit scam (2018), from exports to a bundle that verifies.
// With --built, nothing is installed or built first.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { must, root, setup } from "./setup.mjs";

if (!process.argv.includes("--built")) setup();

const folder = join(root, "demo");
const caseFile = join(folder, "purebit.clew");
rmSync(folder, { recursive: true, force: true });
const clew = (...args) => {
	console.log(`\n$ clew ${args.map((arg) => (/[\s]/.test(arg) ? `"${arg}"` : arg)).join(" ")}`);
	must(process.execPath, ["packages/cli/dist/app/clew.js", ...args]);
};

mkdirSync(folder, { recursive: true });
clew("case", "new", "demo/purebit.clew", "--title", "Pure Bit exit scam", "--chain", "eip155:1");
clew("import", "etherscan", "fixtures/cases/purebit", "--case", "demo/purebit.clew");
clew(
	"label",
	"import",
	"fixtures/cases/purebit/exchanges.csv",
	"--source",
	"explorer name tags",
	"--confidence",
	"50",
	"--case",
	"demo/purebit.clew",
);
const started = performance.now();
clew(
	"trace",
	"--case",
	"demo/purebit.clew",
	"--seed",
	"account:0x7df1bd58e8fd49803e43987787adfecb4a0a086c",
	"--rule",
	"all",
	"--svg",
	"demo/flow.svg",
	"--top",
	"12",
);
const seconds = (performance.now() - started) / 1000;
clew("export", "--case", "demo/purebit.clew", "--trace", "last", "--inputs", "fixtures/cases/purebit", "--out", "demo/bundle");
clew("verify", "demo/bundle", "--replay");
console.error(
	`\nTraced in ${seconds.toFixed(2)} s. Open ${join(folder, "bundle", "report.html")}\nThe case is ${caseFile}: try clew show, clew path and clew trace --help on it.`,
);
