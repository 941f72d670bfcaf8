import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TraceResult } from "@clew/core";
import { outputSchemas } from "@clew/core/output-schemas";
import { traceResultSchema } from "@clew/core/trace-schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failureText } from "../packages/evidence/src/verify/failure.js";
import { readBundle } from "../packages/evidence/src/verify/node.js";
import { verifyFiles } from "../packages/evidence/src/verify/verify-bundle.js";
import { clew, makePureBit, mustClew, scratch } from "./clew.js";
import { reseal, resealManifest } from "./reseal.js";

const ETHER = "eip155:1/slip44:60";
/** 500 ETH less a fee, from 0xfeaa... into Upbit. */
const DEPOSIT = "transfer:6671347.65.1";
const THIEF = "0x7df1bd58e8fd49803e43987787adfecb4a0a086c";

const folder = scratch();
const file = join(folder, "purebit.clew");
const back = (...args: string[]) => clew(["trace", "--backward", "--case", file, ...args]);
const told = (...args: string[]): TraceResult =>
	traceResultSchema.parse(JSON.parse(mustClew("trace", "--backward", "--case", file, ...args, "--json")));

/** The trace of the deposit, kept by the case. */
let deposit: TraceResult;

beforeAll(() => {
	makePureBit(file);
	deposit = told("--seed", DEPOSIT);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("where money came from, on Pure Bit", () => {
	it("the sources of a deposit into Upbit add up to the unit under every rule that conserves", () => {
		const result = deposit;
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

	it("is no trace of where money is: nothing is frozen or scored from it, and each refusal says what to do instead", () => {
		const { id } = deposit;
		for (const [said, ...args] of [
			[/asks for money where it is now[\s\S]*bundle: clew export/, "freeze", "--trace", id, "--out", join(folder, "y")],
			[/rates those whom money reached[\s\S]*clew score ADDRESS/, "score", id],
			[/after the seeds[\s\S]*clew timeline ADDRESS/, "timeline", id],
		] as const)
			expect(clew([...args, "--case", file]).err).toMatch(said);
	});
});

describe("a bundle of where money came from", () => {
	const bundle = join(folder, "sources");
	const complaints = async (files: ReadonlyMap<string, Uint8Array>) =>
		(await verifyFiles(files, { headers: [], keys: [], timeRoots: [] })).failures.map(failureText);

	it("is checked by a stranger like any other, replayed to the byte, and speaks of sources", () => {
		const { id } = told("--seed", DEPOSIT, "--seed", `account:${THIEF}@6670000`, "--since", "6640000");
		mustClew("export", "--case", file, "--trace", id, "--out", bundle, "--inputs", "fixtures/cases/purebit");
		const alone = spawnSync(process.execPath, [join(bundle, "verify.mjs"), bundle], { encoding: "utf8" });
		expect(alone.stdout).toMatch(/it goes backward: it says where money came from/);
		expect(alone.stdout).toContain("what-if, not the usual trace of all of it: --since: nothing before block 6640000");
		expect(alone.stdout).toMatch(/rules recomputed: equal, fifo, lifo, haircut, libr, difo, dilo over \d+ movements/);
		expect(alone.status).toBe(0);
		expect(JSON.parse(mustClew("verify", bundle, "--replay", "--json"))).toMatchObject({ direction: "backward", ok: true });
		const paper = readFileSync(join(bundle, "report.html"), "utf8").replace(/<[^>]*>/g, " ");
		expect(paper).toContain("Where it came from");
		expect(paper).toMatch(/Exhibit: sources under \w+, most agreed first/);
		expect(paper).not.toMatch(/where it went|freeze first|statement of the victim|nothing arrived|after the seeds/i);
		expect(readFileSync(join(bundle, "transfers.csv"), "utf8").split(/\r?\n/)[0]).toMatch(/,direction,what_if$/);
	});

	it("is refused once an amount, a source, a gap, a reason, a row or the direction is another, whatever is sealed anew", async () => {
		const files = await readBundle(bundle);
		expect(await complaints(files)).toEqual([]);
		const upbit = (result: TraceResult) =>
			result.leaves.find(({ labels }) => labels[0]?.entity === "Bithumb") as TraceResult["leaves"][number];
		const without = ({ coverage }: TraceResult, gone: string) => {
			coverage.gaps = coverage.gaps.filter(({ kind }) => kind !== gone);
		};
		const forgeries: Readonly<Record<string, readonly [said: RegExp, edit: (result: TraceResult) => void]>> = {
			amount: [
				/lifo/,
				({ leaves }) => {
					for (const { amounts } of leaves.slice(0, 1)) Object.assign(amounts[ETHER] ?? {}, { lifo: "9000000000000000001" });
				},
			],
			source: [/unaccounted for|end point/, (result) => Object.assign(upbit(result), { account: result.leaves[5]?.account })],
			"gap of what came unread": [/its books lack/, (result) => without(result, "missing-inflow")],
			"gap of a payer": [/no gap says/, (result) => without(result, "unread-inflow")],
			reason: [/ends as minted, and somebody paid it/, (result) => Object.assign(upbit(result).stop, { reason: "minted" })],
			words: [
				/only a trace forward says that/,
				(result) => Object.assign(upbit(result).stop, { reason: "unspent", detail: "still there at the end of the data" }),
			],
			row: [
				/unaccounted for/,
				({ edges }) => {
					edges.splice(17, 1);
					for (const [i, edge] of edges.entries()) edge.row = i + 1;
				},
			],
			direction: [
				/goes another way than its parameter direction says/,
				(result) => {
					delete result.direction;
				},
			],
			"direction, and all that names it": [
				/unaccounted for/,
				(result) => {
					delete result.direction;
					const { direction: _, readFrom: __, ...parameters } = result.parameters;
					result.parameters = { ...parameters, until: "end of data" };
				},
			],
		};
		for (const [name, [said, edit]] of Object.entries(forgeries))
			expect((await complaints(reseal(files, edit))).join("\n"), name).toMatch(said);
		const turned = Buffer.from(files.get("manifest.json") ?? []).toString("utf8");
		expect(turned).toContain('"direction":"backward"');
		expect((await complaints(resealManifest(files, { direction: undefined }))).join()).toMatch(/does not say which way the trace goes/);
	});
});
