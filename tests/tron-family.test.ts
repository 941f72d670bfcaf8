import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type TraceResult, tronAddress } from "@clew/core";
import { beforeAll, describe, expect, it } from "vitest";
import { clew, mustClew, ROOT, scratch } from "./clew.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
const CASE = at("tron.clew");
const BLOCK = join(ROOT, "fixtures/tron/block-79072107.json");
const USDT = "tron:0x2b6653dc/trc20:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t";
/** The first transaction of the block, a direct transfer of USDT. */
const SEED = "bc8c405617750cf327cc301619e91c61523aeb16436041a311430e9106859aaa";

/** Exports of made-up accounts as the site writes them. */
const [VICTIM, THIEF, MARKET] = ["11", "22", "33"].map((pair) => tronAddress(pair.repeat(20))) as [string, string, string];
const HEAD = "Tx Hash,blockHeight,blockTime(UTC+8),blockTime(UTC),from,to,value,symbol,tokenAddress,isConfirm";
const row = (n: number, from: string, to: string, value: string) =>
	`${n.toString(16).padStart(64, "0")},${79_072_200 + n},2026/01/08 21:41:${n},2026/01/08 13:41:${n},${from},${to},${value},USDT,TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t,true`;

beforeAll(() => {
	mustClew("case", "new", CASE, "--title", "Stolen USDT", "--chain", "tron");
	const shown = mustClew("import", "blocks", BLOCK, "--case", CASE);
	expect(shown).toContain("1 blocks, 422 transfers added, 0 known already, heights 79072107 to 79072107");
});

describe("a case of Tron", () => {
	it("shows the transactions of a block that was imported as bytes", () => {
		const out = mustClew("show", SEED, "--case", CASE);
		expect(out).toMatch(/T[1-9A-HJ-NP-Za-km-z]{33}/);
		expect(mustClew("status", "--case", CASE)).toContain("79072107");
	});

	it("is imported again without adding anything, and a changed byte is refused by what does not fit", () => {
		expect(mustClew("import", "blocks", BLOCK, "--case", CASE)).toContain("0 transfers added, 422 known already");
		const changed = JSON.parse(readFileSync(BLOCK, "utf8"));
		changed.blockExtention = `${changed.blockExtention.slice(0, 2000)}${changed.blockExtention[2000] === "0" ? "1" : "0"}${changed.blockExtention.slice(2001)}`;
		writeFileSync(at("changed.json"), JSON.stringify(changed));
		expect(clew(["import", "blocks", at("changed.json"), "--case", CASE])).toMatchObject({ code: 3 });
		writeFileSync(at("node.json"), JSON.stringify({ blockID: "00", transactions: [] }));
		expect(clew(["import", "blocks", at("node.json"), "--case", CASE])).toMatchObject({
			code: 3,
			err: expect.stringContaining("is no block of Tron as bytes"),
		});
	});

	it("is traced, exported, verified and replayed to the byte", () => {
		const out = mustClew("trace", "--case", CASE, "--seed", `tx:${SEED}`, "--json");
		const result: TraceResult = JSON.parse(out);
		expect(result.chain).toBe("tron:0x2b6653dc");
		expect(result.assets[USDT]).toMatchObject({ symbol: "USDT", decimals: 6 });
		expect(result.leaves.length).toBeGreaterThan(0);
		mustClew("export", "--case", CASE, "--trace", "last", "--inputs", BLOCK, "--out", at("bundle"));
		expect(mustClew("verify", at("bundle"), "--replay")).toMatch(/^intact/);
	});
});

describe("exports of Tronscan", () => {
	const place = at("scan.clew");
	beforeAll(() => {
		mkdirSync(at("scan"));
		writeFileSync(
			at(`scan/TRON-tokenTransfer-${THIEF}--1767879999.csv`),
			`${[HEAD, row(10, VICTIM, THIEF, "1500.25"), row(20, THIEF, MARKET, "1000")].join("\n")}\n`,
		);
		writeFileSync(at("labels.csv"), `address,entity,category\n${MARKET},Some Market,exchange\n`);
		mustClew("case", "new", place, "--title", "Stolen", "--chain", "tron");
		mustClew("import", "tronscan", at("scan"), "--case", place);
		mustClew("label", "import", at("labels.csv"), "--source", "desk", "--confidence", "90", "--case", place);
	});

	it("are followed to a custodian, who is asked to freeze; the issuer is asked, too", () => {
		const out = mustClew("trace", "--case", place, "--seed", `tx:${(10).toString(16).padStart(64, "0")}`, "--json");
		const result: TraceResult = JSON.parse(out);
		const ends = result.leaves.map(({ stop, amounts }) => [stop.reason, amounts[USDT]?.fifo]);
		expect(ends).toContainEqual(["service", "1000000000"]);
		mustClew("export", "--case", place, "--trace", "last", "--inputs", at("scan"), at("labels.csv"), "--out", at("scan-bundle"));
		expect(mustClew("verify", at("scan-bundle"), "--replay")).toMatch(/^intact/);
		const tether = { entity: "Tether", name: "Tether", issues: [USDT] };
		writeFileSync(at("recipients.json"), JSON.stringify({ schema: "clew.recipients/1", recipients: [tether] }));
		mustClew("freeze", "--case", place, "--recipients", at("recipients.json"), "--out", at("requests"));
		const packets = readdirSync(at("requests")).filter((name) => /^(custodian|issuer)/.test(name));
		expect(packets).toEqual(["custodian-some-market", "issuer-tether"]);
		for (const packet of packets) expect(mustClew("verify", join(at("requests"), packet))).toMatch(/^intact/);
		expect(readFileSync(join(at("requests"), "issuer-tether", "request.json"), "utf8")).toContain(THIEF);
	});
});

describe("rows of internal transactions as GraphSense exports them", () => {
	const place = at("internal.clew");
	const LINES = gunzipSync(readFileSync(join(ROOT, "fixtures/tron/internal-56804500-56805500.json.gz")))
		.toString("utf8")
		.trim()
		.split("\n");

	it("are taken as movements of blocks, and what was rejected moved nothing", () => {
		writeFileSync(at("internal.json"), `${LINES.slice(0, 51).join("\n")}\n`);
		mustClew("case", "new", place, "--title", "Calls", "--chain", "tron");
		const moving = LINES.slice(0, 51)
			.map((line) => JSON.parse(line))
			.filter(({ callValue, rejected }) => callValue > 0 && !rejected);
		expect(mustClew("import", "graphsense", at("internal.json"), "--case", place)).toContain(
			`1 files, 51 rows: ${moving.length} transfers added, 0 known already`,
		);
		const id = Buffer.from(moving[0].txHash, "base64").toString("hex");
		expect(mustClew("show", id, "--case", place)).toMatch(/internal.*TRX/);
	});

	it("a row of another form is refused, and a file that keeps 32 bits of its values as a whole", () => {
		writeFileSync(at("bad.json"), `${LINES[0]?.replace(/"txHash":"[^"]*"/, '"txHash":"AAAA"')}\n`);
		writeFileSync(at("cut.json"), LINES.join("\n"));
		for (const [file, why] of [
			["bad.json", "a hash of 32 bytes in base64"],
			["cut.json", '"-41386460" is negative: the file keeps 32 bits of its values'],
		] as const)
			expect(clew(["import", "graphsense", at(file), "--case", place])).toMatchObject({ code: 3, err: expect.stringContaining(why) });
	});
});
