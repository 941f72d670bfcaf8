import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tronAddress } from "@clew/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { clew, mustClew, scratch } from "../clew.js";
import { apiRow, csv, A as PAYER, B as SHOP, C as THIEF } from "./reading.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
const place = at("two.clew");
const labels = at("labels.db");
const PAID_ON_OP = `0xabcdef${"5".repeat(30)}f00d`;
const ALIKE = `0xabcdef${"6".repeat(30)}f00d`;

/** Stolen on Ethereum; on OP Mainnet of the same case the payer paid somebody else, and labels are about accounts there. */
beforeAll(() => {
	mustClew("case", "new", place, "--title", "Two chains");
	mkdirSync(at("one"));
	writeFileSync(at(`one/export-${THIEF}.csv`), csv([apiRow(1, { from: PAYER, to: THIEF })]));
	mustClew("import", "etherscan", at("one"), "--case", place);
	mkdirSync(at("ten"));
	writeFileSync(at(`ten/export-${PAYER}.csv`), csv([apiRow(7, { from: PAYER, to: PAID_ON_OP })]));
	mustClew("import", "etherscan", at("ten"), "--case", place, "--chain", "eip155:10");
	writeFileSync(at("l.csv"), `address,entity,category\n${SHOP},Drainer,scam\n${PAID_ON_OP},Shop of OP,exchange\n`);
	const said = ["--source", "police", "--confidence", "90", "--case", place];
	mustClew("label", "import", at("l.csv"), ...said, "--chain", "eip155:10");
	mustClew("trace", "--case", place, "--seed", `tx:0x${"1".padStart(64, "0")}`);
	writeFileSync(at("ofac-ETH.txt"), `0x${"9".repeat(40)}\n`);
	mustClew("label", "sync", "ofac", at("ofac-ETH.txt"), "--labels", labels);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const check = (...args: readonly string[]) => clew(["check", ...args, "--case", place, "--labels", labels]);

it("who took stolen money on one chain of the case is dangerous on every other, and the chain is named", () => {
	expect(check(THIEF)).toMatchObject({ code: 1, out: expect.not.stringContaining("on Ethereum") });
	for (const chain of ["eip155:10", "eip155:8453"]) {
		const { code, out } = check(`${chain}:${THIEF}`);
		expect([chain, code]).toEqual([chain, 1]);
		expect(out).toMatch(/^Do not pay\. Your case marks money as stolen that arrived exactly here \(tx:0x0+1 on Ethereum\)/);
		expect(out).toMatch(/Stolen money arrived here under every way of counting: at least [\d.]+ ETH on Ethereum/);
	}
});

it("whom the case calls a danger on another chain is one, and a service there is none here", () => {
	expect(check(SHOP)).toMatchObject({ code: 1, out: expect.stringContaining("scam addresses: Drainer (police, for OP Mainnet)") });
	expect(check(PAID_ON_OP).out).not.toContain("Shop of OP");
	expect(check(`eip155:10:${PAID_ON_OP}`).out).toContain("It belongs to a service: Shop of OP");
});

it("an address that looks like one paid on another chain is told, and who was paid there is nobody known here", () => {
	expect(check(ALIKE, "--from", PAYER)).toMatchObject({ code: 1, out: expect.stringContaining(`${PAID_ON_OP} on OP Mainnet`) });
	expect(check(PAID_ON_OP, "--from", PAYER).out).not.toContain("exactly this address before");
	expect(check(`eip155:10:${PAID_ON_OP}`, "--from", PAYER).out).toContain("exactly this address before");
});

it("label show says on which other chain an address is named", () => {
	const shown = mustClew("label", "show", PAID_ON_OP, "--case", place, "--labels", labels);
	expect(shown).toContain("nobody on these lists says anything about it on Ethereum");
	expect(shown).toMatch(/named on other chains.*Shop of OP.*OP Mainnet/s);
	const { case: own, elsewhere } = JSON.parse(mustClew("label", "show", SHOP, "--case", place, "--labels", labels, "--json"));
	expect([own.length, elsewhere]).toEqual([1, []]);
});

it("an EVM address and its Tron form are one key: dangers are told with their chain, services are not, and both stay accounts of their own", () => {
	const [thief, shop] = [THIEF, SHOP].map((address) => tronAddress(address.slice(2)));
	expect(check(thief as string)).toMatchObject({
		code: 1,
		out: expect.stringMatching(/^Do not pay\. Your case marks money as stolen that arrived exactly here \(tx:0x0+1 on Ethereum\)/),
	});
	expect(check(shop as string)).toMatchObject({
		code: 1,
		out: expect.stringContaining("scam addresses: Drainer (police, for OP Mainnet)"),
	});
	const service = tronAddress(PAID_ON_OP.slice(2));
	expect(check(service).out).not.toContain("Shop of OP");
	expect(mustClew("label", "show", service, "--case", place, "--labels", labels)).toMatch(/named on other chains.*Shop of OP.*OP Mainnet/s);
	expect(mustClew("show", THIEF, "--case", place)).not.toContain(thief);
});

it("score takes the last trace, and says what it takes where it is given nothing of that", () => {
	expect(mustClew("score", "last", "--case", place, "--labels", labels)).toMatch(/of 100, /);
	expect(clew(["score", "last", "--labels", labels])).toMatchObject({
		code: 2,
		err: expect.stringMatching(/no case is named.*or last\./s),
	});
	expect(clew(["score", "0123", "--labels", labels])).toMatchObject({ code: 3, err: expect.stringContaining("a trace of the case") });
});

it("a URL that holds no case is named without its secrets", () => {
	const url = "http://user:hunter2pass@db.example/x";
	for (const args of [["check", THIEF, "--labels", labels], ["status"], ["case", "inspect", url], ["case", "new", url, "--title", "t"]]) {
		const { code, out, err } = clew(args, { CLEW_CASE: url });
		expect([code, `${out}${err}`.includes("hunter2pass")]).toEqual([2, false]);
		expect(err).toContain("is no place of a case");
	}
});
