import { rmSync } from "node:fs";
import { join } from "node:path";
import type { TraceResult } from "@clew/core";
import { outputSchemas } from "@clew/core/output-schemas";
import { traceResultSchema } from "@clew/core/trace-schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clew, mustClew, scratch } from "./clew.js";

const ETHER = "eip155:1/slip44:60";
/** 500 ETH less a fee, from 0xfeaa... into Upbit. */
const DEPOSIT = "transfer:6671347.65.1";
const THIEF = "0x7df1bd58e8fd49803e43987787adfecb4a0a086c";

const folder = scratch();
const file = join(folder, "purebit.clew");
const back = (...args: string[]) => clew(["trace", "--backward", "--case", file, ...args]);
const told = (...args: string[]): TraceResult =>
	traceResultSchema.parse(JSON.parse(mustClew("trace", "--backward", "--case", file, ...args, "--json")));

beforeAll(() => {
	mustClew("case", "new", file, "--title", "Pure Bit exit scam", "--chain", "eip155:1");
	mustClew("import", "etherscan", "fixtures/cases/purebit", "--case", file);
	mustClew("label", "import", "fixtures/cases/purebit/exchanges.csv", "--source", "name tags", "--confidence", "50", "--case", file);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("where money came from, on Pure Bit", () => {
	it("the sources of a deposit into Upbit add up to the unit under every rule that conserves", () => {
		const result = told("--seed", DEPOSIT);
		expect(result.direction).toBe("backward");
		const asked = result.seeds[0]?.rows[0]?.amount;
		expect(asked).toBe("499998740000000000000");
		for (const rule of result.rules.filter((one) => one !== "poison")) {
			const sum = result.leaves.reduce((total, { amounts }) => total + BigInt(amounts[ETHER]?.[rule] ?? "0"), 0n);
			expect([rule, sum.toString()]).toEqual([rule, asked]);
		}
		// The depositors' exchanges stand among the sources.
		const services = new Set(result.leaves.filter(({ stop }) => stop.reason === "service").map(({ labels }) => labels[0]?.entity));
		for (const name of ["Upbit", "Bithumb", "Coinone"]) expect(services).toContain(name);
	});

	it("forward from the payment that fed it gives back what came of it, under fifo and lifo", () => {
		const result = told("--seed", DEPOSIT, "--rule", "fifo,lifo");
		const [first] = result.edges.filter(({ to, tainted }) => to.endsWith(THIEF) && tainted.fifo !== "0");
		const forward: TraceResult = JSON.parse(
			mustClew("trace", "--case", file, "--seed", `transfer:${first?.position}`, "--rule", "fifo,lifo", "--json"),
		);
		const arrived = forward.edges.find(({ position }) => DEPOSIT.endsWith(position));
		for (const rule of ["fifo", "lifo"] as const) expect(arrived?.tainted[rule] ?? "0").toBe(first?.tainted[rule]);
	});

	it("a balance at a block, in words that speak of sources", () => {
		const { out, code } = back("--seed", `account:${THIEF}@6670000`);
		expect(code).toBe(0);
		expect(out).toContain("asked 1: ");
		expect(out).toContain("sources, most agreed first");
		expect(back("--seed", DEPOSIT, "--dot").out).toContain("from sources to what is asked about");
	});

	it("refuses a block behind the case, an account that nobody read, one without a block, and --until", () => {
		expect(back("--seed", `account:${THIEF}@99999999`).err).toMatch(/block 99999999 is after the last block that the case holds/);
		expect(back("--seed", "account:0x5e032243d507c743b061ef021e2ec7fcc6d3ab89@6671368").err).toMatch(/is not known: its native and token/);
		expect(back("--seed", `account:${THIEF}@6000000`).err).toMatch(/is not known|no movement|held nothing/);
		expect(back("--seed", `account:${THIEF}`).err).toMatch(/Write account:ADDRESS@HEIGHT/);
		expect(back("--seed", DEPOSIT, "--until", "5").err).toMatch(/--until goes with a trace forward/);
	});

	it("who paid the first gas, and that calls were not read, so that it may not have been the first", () => {
		const told = JSON.parse(mustClew("funder", THIEF, "--case", file, "--json"));
		expect(outputSchemas["clew.funder/1"].parse(told)).toEqual(told);
		expect(told.steps).toMatchObject([{ position: "6642167.92.1", open: [expect.stringContaining("internal")] }]);
		expect(told.end).toMatchObject({ reason: "service", detail: expect.stringContaining("BlockTrades") });
		expect(mustClew("funder", THIEF, "--case", file)).toContain("ends at 0x");
		expect(clew(["funder", "0x0000000000000000000000000000000000000123", "--case", file]).err).toMatch(/case/);
	});

	it("is no trace of stolen money: nothing is exported, frozen or scored from it", () => {
		const { id } = told("--seed", DEPOSIT);
		expect(clew(["export", "--case", file, "--trace", id, "--out", join(folder, "x")]).err).toMatch(/goes backward/);
		expect(clew(["freeze", "--case", file, "--trace", "last", "--out", join(folder, "y")]).err).toMatch(/goes backward/);
		expect(clew(["score", id, "--case", file]).err).toMatch(/goes backward/);
	});
});
