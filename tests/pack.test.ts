import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { ROOT, scratch } from "./clew.js";
import { apiRow, csv, hash } from "./trials/reading.js";

const folder = scratch();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A guard against a hang. */
const GUARD_MS = 600_000;

/** Where the workspace has a package that is not ours. */
function inWorkspace(name: string): string {
	const places = readdirSync(join(ROOT, "packages")).map((own) => join(ROOT, "packages", own, "node_modules", name));
	const found = places.find((place) => existsSync(place));
	if (found === undefined) throw new Error(`${name} is in no package of the workspace`);
	return found;
}

it("one package holds the whole command line: with what its manifest names beside it, it traces, exports and verifies", {
	timeout: GUARD_MS,
}, () => {
	execFileSync(process.execPath, [join(ROOT, "scripts", "pack.mjs"), folder, "--built"], { stdio: "ignore" });
	const [archive] = readdirSync(folder);
	const own = join(folder, "node_modules", "@clew", "cli");
	mkdirSync(own, { recursive: true });
	execFileSync("tar", ["-xzf", join(folder, `${archive}`), "-C", own, "--strip-components=1"]);
	const { dependencies, bundleDependencies } = JSON.parse(readFileSync(join(own, "package.json"), "utf8"));
	expect(JSON.stringify(dependencies)).not.toMatch(/workspace:|catalog:/);
	for (const name of Object.keys(dependencies)) {
		if (bundleDependencies.includes(name)) continue;
		const place = join(folder, "node_modules", name);
		mkdirSync(dirname(place), { recursive: true });
		symlinkSync(inWorkspace(name), place);
	}
	const clew = (...args: string[]) => {
		const done = spawnSync(process.execPath, [join(own, "dist", "app", "clew.js"), ...args], { cwd: folder, encoding: "utf8" });
		expect([done.status, done.stderr], args.join(" ")).toEqual([0, expect.anything()]);
		return done.stdout;
	};
	const [payer, thief, shop] = ["a", "b", "d"].map((digit) => `0x${digit.repeat(40)}`) as [string, string, string];
	const row = (n: number, from: string, to: string) => apiRow(n, { from, to, value: "7", gasPrice: "0" });
	writeFileSync(join(folder, `${thief}.csv`), csv([row(10, payer, thief), row(12, thief, shop)]));
	expect(clew("--version").trim()).toMatch(/^\d+\.\d+\.\d+\+[0-9a-f]{12}$/);
	clew("case", "new", "a.clew", "--title", "A theft", "--chain", "eip155:1");
	clew("import", "etherscan", `${thief}.csv`, "--case", "a.clew");
	expect(clew("trace", "--seed", `tx:${hash(10)}`, "--case", "a.clew")).toMatch(/0xdddd/i);
	clew("export", "--case", "a.clew", "--trace", "last", "--out", "bundle");
	expect(clew("verify", "bundle")).toMatch(/^intact/);
	expect(execFileSync(process.execPath, [join("bundle", "verify.mjs")], { cwd: folder, encoding: "utf8" })).toMatch(/intact/);
});
