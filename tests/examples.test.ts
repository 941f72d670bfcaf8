import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { clew, mustClew, ROOT, scratch } from "./clew.js";
import { apiRow, csv, hash } from "./trials/reading.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs an example as somebody would who has Clew as a library. */
function example(name: string, ...args: string[]): { code: number | null; out: string } {
	const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, "examples", name), ...args], { encoding: "utf8" });
	return { code: status, out: stdout + stderr };
}

it("of the library give what the command line gives", { timeout: 600_000 }, () => {
	const [payer, thief, shop] = ["a", "b", "d"].map((digit) => `0x${digit.repeat(40)}`) as [string, string, string];
	const row = (n: number, from: string, to: string, ether: number) =>
		apiRow(n, { from, to, value: `${ether}${"0".repeat(18)}`, gasPrice: "0" });
	writeFileSync(at(`txlist-${thief}.csv`), csv([row(10, payer, thief, 10), row(12, thief, shop, 8)]));
	const place = at("theft.clew");
	mustClew("case", "new", place, "--title", "A theft", "--chain", "eip155:1");
	mustClew("import", "etherscan", at(`txlist-${thief}.csv`), "--case", place);
	const { id, leaves } = JSON.parse(mustClew("trace", "--case", place, "--seed", `tx:${hash(10)}`, "--json"));
	const traced = example("trace.mjs", place, `tx:${hash(10)}`);
	expect(traced.out.split("\n")[0]).toBe(`trace ${id} on eip155:1`);
	expect(traced.out).toContain(`eip155:1:${shop}  unfetched  agreed 8 ETH`);
	expect(traced.out.trim().split("\n")).toHaveLength(1 + leaves.length);
	mustClew("export", "--case", place, "--trace", "last", "--out", at("bundle"));
	expect(example("verify.mjs", at("bundle"))).toMatchObject({ code: 0, out: expect.stringContaining('"verdict": "intact"') });
	writeFileSync(at("bundle/trace.json"), "{}\n");
	expect(example("verify.mjs", at("bundle"))).toMatchObject({ code: 1, out: expect.stringContaining('"ok": false') });
	expect(clew(["verify", at("bundle")]).code).toBe(1);
	const detected = example("detector.mjs", place);
	expect(detected).toEqual({ code: 0, out: "" });
	const other = `0x${"e".repeat(40)}`;
	writeFileSync(at(`txlist-${other}.csv`), csv([row(9, other, thief, 1)]));
	mustClew("import", "etherscan", at(`txlist-${other}.csv`), "--case", place);
	expect(example("detector.mjs", place).out).toBe(`eip155:1:${thief} of eip155:1:${shop}: 2 accounts paid it, it paid one account alone\n`);
});
