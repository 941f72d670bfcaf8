import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clew, mustClew, scratch } from "../clew.js";
import { apiRow, csv, hash } from "./reading.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
const place = at("a.clew");
const OTHER = "eip155:10";
const [PAYER, THIEF, SHOP] = ["a", "b", "d"].map((digit) => `0x${digit.repeat(40)}`) as [string, string, string];

beforeAll(() => {
	const file = (name: string, from: string, to: string, n: number) =>
		writeFileSync(at(name), csv([apiRow(n, { from, to, value: "7", gasPrice: "0" })]));
	file(`${PAYER}.csv`, PAYER, THIEF, 10);
	file(`${THIEF}.csv`, THIEF, SHOP, 12);
	mustClew("case", "new", place, "--title", "Two chains", "--chain", "eip155:1");
	mustClew("import", "etherscan", at(`${PAYER}.csv`), "--case", place);
	mustClew("import", "etherscan", at(`${THIEF}.csv`), "--case", place, "--chain", OTHER);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a case with several chains", () => {
	it("is traced on the chain that is meant, and on no other in its name", () => {
		for (const [chain, seed] of [
			["eip155:1", `account:${OTHER}:${THIEF}`],
			[OTHER, `account:eip155:1:${THIEF}`],
		] as const) {
			const { code, err } = clew(["trace", "--case", place, "--chain", chain, "--seed", seed]);
			expect([code, err]).toEqual([3, expect.stringContaining(`is on another chain than ${chain}`)]);
		}
		for (const words of [
			["trace", "--seed", `account:${THIEF}`, "--asset", `${OTHER}/slip44:60`],
			["path", "--from", `${OTHER}:${THIEF}`, "--to", SHOP],
		])
			expect(clew([...words, "--case", place]).err).toContain("is on another chain than eip155:1");
		expect(mustClew("trace", "--case", place, "--chain", OTHER, "--seed", `account:${OTHER}:${SHOP}`)).toContain("data up to block");
	});

	it("says on which chain it holds a transaction that was asked for on another", () => {
		for (const words of [
			["show", hash(12)],
			["trace", "--seed", `tx:${hash(12)}`],
		]) {
			const { code, err } = clew([...words, "--case", place]);
			expect([code, err]).toEqual([3, expect.stringMatching(/is in the case on eip155:10, not on eip155:1\n.*--chain eip155:10/)]);
		}
		expect(clew(["show", hash(99), "--case", place]).err).toContain("is not in the case");
	});

	it("has a status of all of them", () => {
		const status = JSON.parse(mustClew("status", "--case", place, "--json"));
		expect(new Set(status.coverage.map(({ chain }: { chain: string }) => chain))).toEqual(new Set(["eip155:1", OTHER]));
		const text = mustClew("status", "--case", place);
		expect(text).toContain("on eip155:1, eip155:10");
		for (const chain of ["eip155:1", OTHER]) expect(text).toContain(`${chain}: 1 accounts fetched one by one`);
	});
});
