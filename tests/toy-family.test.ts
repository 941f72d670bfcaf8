import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TraceResult } from "@clew/core";
import { failureText } from "@clew/evidence";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { run } from "../packages/cli/src/run.js";
import { scratch } from "./clew.js";
import { registerToy } from "./toy/register.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
const hash = (n: number) => n.toString(16).padStart(64, "0");

/** Runs clew in this process, where the made-up family is known; gives what it printed. Throws Error unless it exits 0. */
async function clew(...args: readonly string[]): Promise<string> {
	let [out, err] = ["", ""];
	const taking = (take: (text: string) => void) => (chunk: unknown, done?: unknown) => {
		take(String(chunk));
		if (typeof done === "function") done();
		return true;
	};
	const spies = [
		vi.spyOn(process.stdout, "write").mockImplementation(
			taking((text) => {
				out += text;
			}),
		),
		vi.spyOn(process.stderr, "write").mockImplementation(
			taking((text) => {
				err += text;
			}),
		),
	];
	try {
		const code = await run(["node", "clew", ...args]);
		if (code !== 0) throw new Error(`clew ${args.join(" ")} exited ${code}: ${out}${err}`);
		return out;
	} finally {
		for (const spy of spies) spy.mockRestore();
	}
}

/** Whoever pays whom how many thousandths of a pebble, by block. */
const PAYMENTS = [
	[10, "pebble-victim", "pebble-thief", 9_000, 5],
	[11, "pebble-honest", "pebble-thief", 1_000, 5],
	[12, "pebble-thief", "pebble-second", 9_500, 5],
	[13, "pebble-second", "pebble-market", 9_000, 5],
	[14, "pebble-second", "pebble-gone", 400, 5],
] as const;

beforeAll(async () => {
	process.env["SOURCE_DATE_EPOCH"] = "1700000000";
	registerToy();
	mkdirSync(at("files"));
	for (const whose of ["pebble-thief", "pebble-second"]) {
		const rows = PAYMENTS.filter(([, from, to]) => from === whose || to === whose).map(
			([block, from, to, grains, toll]) => `${hash(block)},${block},0,${from},${to},${grains},${toll},${1_600_000_000 + block}`,
		);
		writeFileSync(at(`files/${whose}.csv`), `${["stone,ledge,place,giver,taker,grains,toll,when", ...rows].join("\n")}\n`);
	}
	writeFileSync(at("labels.csv"), "address,entity,category\npebble-market,Pebble Market,exchange\n");
	await clew("case", "new", at("toy.clew"), "--title", "Stolen pebbles", "--chain", "toy");
	await clew("import", "toy", at("files"), "--case", at("toy.clew"));
	await clew("label", "import", at("labels.csv"), "--source", "desk", "--confidence", "90", "--case", at("toy.clew"));
});

describe("a family of chains in one folder and one registration", () => {
	it("is traced under the rules of its ledger, by its own hashes, addresses and coin", async () => {
		const out = await clew("trace", "--case", at("toy.clew"), "--seed", `tx:${hash(10)}`, "--json");
		const result: TraceResult = JSON.parse(out);
		const coin = "toynet:alpha/slip44:7654321";
		expect([result.chain, result.rules, result.assets[coin]]).toEqual([
			"toynet:alpha",
			["fifo", "lifo", "haircut", "poison", "libr", "difo", "dilo"],
			expect.objectContaining({ symbol: "PBL", decimals: 3 }),
		]);
		const ends = Object.fromEntries(result.leaves.map((leaf) => [leaf.account, [leaf.stop.reason, leaf.amounts[coin]?.fifo]]));
		expect(ends).toMatchObject({
			"toynet:alpha:pebble-market": ["service", "8990"],
			"toynet:alpha:pebble-gone": ["burned", "0"],
		});
	});

	it("is shown as its people write it", async () => {
		const out = await clew("show", "PEBBLE-thief", "--case", at("toy.clew"));
		expect(out).toContain("pebble-thief");
		expect(out).toContain("PBL");
		expect(await clew("show", hash(12), "--case", at("toy.clew"))).toContain("pebble-second");
	});

	it("is exported, verified and replayed to the byte", async () => {
		await clew("export", "--case", at("toy.clew"), "--trace", "last", "--inputs", at("files"), at("labels.csv"), "--out", at("bundle"));
		expect(await clew("verify", at("bundle"), "--replay")).toMatch(/^intact/);
	});

	it("a coin of other decimals in its bundle is refused", async () => {
		const { verifyFiles, readBundle } = await import("@clew/evidence");
		const files = new Map(await readBundle(at("bundle")));
		const trace = Buffer.from(files.get("trace.json") ?? new Uint8Array()).toString("utf8");
		files.set("trace.json", Buffer.from(trace.replace('"decimals":3', '"decimals":2')));
		const { failures } = await verifyFiles(files, { headers: [], keys: [], timeRoots: [] });
		expect(failures.map(failureText).join()).toContain("has 3 decimals, not 2");
	});

	it("is asked to be frozen, and the packet holds", async () => {
		await clew("freeze", "--case", at("toy.clew"), "--out", at("requests"));
		const [packet] = readdirSync(at("requests")).filter((name) => name.startsWith("custodian"));
		expect(readFileSync(join(at("requests"), packet ?? "", "request.json"), "utf8")).toContain("toynet:alpha:pebble-market");
		expect(await clew("verify", join(at("requests"), packet ?? ""))).toMatch(/^intact/);
	});

	it("exports of another family are refused", async () => {
		await expect(clew("import", "etherscan", at("files"), "--case", at("toy.clew"))).rejects.toThrow("and this is EVM data");
	});

	it("an address of another family is refused by name", async () => {
		await expect(clew("show", `0x${"1".repeat(40)}`, "--case", at("toy.clew"))).rejects.toThrow("is no pebble");
	});
});
