import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { canonicalJson, type TraceResult } from "@clew/core";
import { readBundle } from "@clew/evidence";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clew, mustClew, scratch } from "../clew.js";
import { reseal, withPapers } from "../reseal.js";
import { apiRow, csv, hash } from "./reading.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [PAYER, THIEF, SHOP] = ["a", "b", "d"].map((digit) => `0x${digit.repeat(40)}`) as [string, string, string];

let bundle: ReadonlyMap<string, Uint8Array>;
beforeAll(async () => {
	const place = at("theft.clew");
	mustClew("case", "new", place, "--title", "A theft");
	mkdirSync(at("files"));
	const row = (block: number, from: string, to: string, ether: number) =>
		apiRow(block, { blockNumber: `${block}`, from, to, value: `${ether}${"0".repeat(18)}`, gasPrice: "0", confirmations: "1000" });
	writeFileSync(join(at("files"), `${THIEF}.csv`), csv([row(10, PAYER, THIEF, 10), row(12, THIEF, SHOP, 8)]));
	mustClew("import", "etherscan", at("files"), "--case", place);
	writeFileSync(join(at("files"), "labels.csv"), `address,entity,category\n${SHOP},Example Exchange,exchange\n`);
	mustClew("label", "import", join(at("files"), "labels.csv"), "--source", "desk", "--confidence", "90", "--case", place);
	mustClew("trace", "--case", place, "--seed", `tx:${hash(10)}`);
	mustClew("export", "--case", place, "--trace", "last", "--inputs", at("files"), "--out", at("honest"));
	bundle = await readBundle(at("honest"));
});

type Coverage = { cutoff: string; sources: { id: string; detail: string; name: string }[] };

/** A bundle whose coverage a forger changed, in trace and facts alike, with every hash and paper in step, on disk. */
async function forged(name: string, edit: (coverage: Coverage) => void, more: Readonly<Record<string, string>> = {}): Promise<string> {
	const files = new Map([...bundle, ...Object.entries(more).map(([path, text]) => [path, Buffer.from(text)] as const)]);
	const facts = JSON.parse(Buffer.from(bundle.get("facts.json") as Uint8Array).toString("utf8"));
	edit({ cutoff: "0", sources: facts.sources });
	files.set("facts.json", Buffer.from(`${canonicalJson(facts)}\n`));
	const made = await withPapers(reseal(files, ({ coverage }: TraceResult) => edit(coverage as unknown as Coverage)));
	for (const [path, data] of made) {
		mkdirSync(dirname(join(at(name), path)), { recursive: true });
		writeFileSync(join(at(name), path), data);
	}
	return at(name);
}

describe("a replay", () => {
	it("says what it read, and what it takes as the bundle states it", async () => {
		const out = mustClew("verify", await forged("untouched", () => {}), "--replay");
		expect(out).toContain("replayed: 0 blocks and 1 files give the same trace, to the byte, with what it takes as stated:");
		for (const words of [
			"id and title of the case",
			"name of 1 file",
			"1 source of labels, or of data that no row needs",
			"of facts.json 1 label",
		])
			expect(out).toContain(`as stated, not replayed: ${words}`);
		expect(out).not.toMatch(/that the data|software of/);
		// A list of labels is not read again, and of the facts some was compared, not all.
		const { replay, compared, hashedOnly } = JSON.parse(mustClew("verify", at("untouched"), "--replay", "--json"));
		expect(replay.read).toEqual([expect.stringMatching(/^inputs\/[0-9a-f]{16}\/0xb+\.csv$/)]);
		expect(compared).toContain(replay.read[0]);
		expect(compared).not.toContain("facts.json");
		expect(hashedOnly).toEqual([expect.stringMatching(/labels\.csv$/)]);
	});

	it("computes where the data ends: an end that it does not reach is a difference", async () => {
		const path = await forged("far", (coverage) => Object.assign(coverage, { cutoff: "25000000" }));
		expect(mustClew("verify", path)).toMatch(/^intact/);
		const { code, out } = clew(["verify", path, "--replay"]);
		expect([code, out]).toEqual([
			1,
			expect.stringMatching(/FAILED replay: another result: .*coverage; the data ends at block \d+, and the trace says 25000000/),
		]);
	});

	it("need not be run where the data ends before the bundle's own rows", async () => {
		const path = await forged("near", (coverage) => Object.assign(coverage, { cutoff: "11" }));
		const { code, out } = clew(["verify", path]);
		expect([code, out]).toEqual([1, expect.stringContaining("trace.json edge 2: is in block 12, and the data ends at block 11")]);
	});

	it("says that the data goes on where it ends before what was replayed", async () => {
		const path = await forged("short", (coverage) => Object.assign(coverage, { cutoff: "12" }));
		expect(mustClew("verify", path, "--replay")).toMatch(/that the data ended at block 12 \(what is replayed goes on to block \d+\)/);
	});

	it("computes what a file is: other words about it are a difference, and its name is said to be as stated", async () => {
		const about = (word: "detail" | "name") => (coverage: Coverage) => {
			for (const source of coverage.sources) if (source.name.startsWith("0x")) source[word] = "confirmed by the High Court";
		};
		const other = clew(["verify", await forged("detail", about("detail")), "--replay"]);
		expect([other.code, other.out]).toEqual([1, expect.stringContaining("FAILED replay: another result: id, coverage")]);
		// A file is imported again by its path in the bundle, and what it was called there is nobody's finding.
		expect(mustClew("verify", await forged("name", about("name")), "--replay")).toContain("as stated, not replayed: name of 1 file");
	});

	it("fails on answers that no honest node gives: what cannot be read again is a finding, and names no folder of this machine", async () => {
		for (const answers of [{}, "0x", { schema: "clew.answers/1", chain: "eip155:1", block: { number: "0x1" }, receipts: [] }]) {
			const line = canonicalJson({ source: "node:x", provenance: "node", previous: {}, answers });
			const path = await forged("hostile", () => {}, { "answers/00001.jsonl": `${line}\n` });
			const { code, out } = clew(["verify", path, "--replay"]);
			expect([code, out]).toEqual([
				1,
				expect.stringMatching(/FAILED (replay: another result: none: what the bundle holds cannot|answers)/),
			]);
			expect(out).not.toContain("clew-replay-");
		}
	});
});
