import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
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

describe("the 152 direct transfers of USDT of the real block", () => {
	const verifier = join(ROOT, "packages/evidence/dist/verifier/verify.mjs");
	const alone = (...args: readonly string[]) => spawnSync(process.execPath, [verifier, ...args], { encoding: "utf8" });
	const rowsOf = (name: string) =>
		readFileSync(join(at(name), "rows.jsonl"), "utf8")
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line) as { edge: TraceResult["edges"][number]; known: { tier: string; why: string } });

	beforeAll(() => {
		const { blockExtention } = JSON.parse(readFileSync(BLOCK, "utf8"));
		const seeds = directTransfers(Buffer.from(blockExtention.slice(2), "hex"));
		expect(seeds).toHaveLength(152);
		const result: TraceResult = JSON.parse(mustClew("trace", "--case", CASE, ...seeds.flatMap((id) => ["--seed", `tx:${id}`]), "--json"));
		expect(result.chain).toBe("tron:0x2b6653dc");
		mustClew("export", "--case", CASE, "--trace", "last", "--proofs", "--rpc", `file:${BLOCK}`, "--inputs", BLOCK, "--out", at("proven"));
	});

	it("are proven down to the block's id by the single-file verifier alone, and anchored in a header that its reader trusts", () => {
		const usdt = rowsOf("proven").filter(({ edge }) => edge.asset === USDT);
		expect(usdt.length).toBeGreaterThanOrEqual(152);
		for (const { known } of usdt) expect(known).toMatchObject({ tier: "proven", why: "its transaction and its result" });
		const hash = "0000000004b68b6be6d7223b1ecf2850f00f700292beeead2810c18e9e1548e2";
		const { status, stdout } = alone(at("proven"), "--trust-header", `tron:0x2b6653dc:79072107:${hash}`);
		expect(status).toBe(0);
		expect(stdout).toMatch(/^verified: .*152 of 152 rows proven to a block header that you trust/);
		expect(stdout).toMatch(/of its ledgers 152 of [0-9]+ movements are proven/);
		const other = alone(at("proven"), "--trust-header", `tron:0x2b6653dc:79072107:${hash.replace("e2", "e3")}`);
		expect(other.status).toBe(1);
	});

	it("are proven no more after any byte of the proof changed, however well the bundle is sealed again", async () => {
		const { readProofs } = await import("../packages/evidence/src/verify/proofs/proofs.js");
		const name = readdirSync(join(at("proven"), "proofs"))[0] as string;
		const text = readFileSync(join(at("proven"), "proofs", name), "utf8");
		const failures = (changed: string) => {
			const found: string[] = [];
			readProofs(
				new Map([[`proofs/${name}`, Buffer.from(changed)]]),
				"tron:0x2b6653dc",
				(where, what) => void found.push(`${where} ${what}`),
			);
			return found;
		};
		expect(failures(text)).toEqual([]);
		for (let at = 0; at < text.length - 1; at += 997) {
			const digit = text[at] === "0" ? "1" : "0";
			expect([at, failures(`${text.slice(0, at)}${digit}${text.slice(at + 1)}`).length > 0]).toEqual([at, true]);
		}
	});
});

/** Ids of the transactions of a block that call `transfer` of USDT, read by hand. */
function directTransfers(block: Buffer): string[] {
	const [ids, call] = [[] as string[], Buffer.from("1541a614f803b6fd780986a42c78ec9c7f77e6ded13c2244a9059cbb", "hex")];
	for (const transaction of partsOf(block, 1)) {
		const raw = partsOf(partsOf(transaction, 1)[0] as Buffer, 1)[0] as Buffer;
		if (raw.includes(call)) ids.push(createHash("sha256").update(raw).digest("hex"));
	}
	return ids;
}

/** Parts of a protobuf message of bytes alone, under one number. */
function partsOf(message: Buffer, wanted: number): Buffer[] {
	const parts: Buffer[] = [];
	let at = 0;
	const varint = () => {
		for (let [value, factor] = [0, 1]; ; factor *= 128) {
			const byte = message[at++] as number;
			value += (byte & 127) * factor;
			if (byte < 128) return value;
		}
	};
	while (at < message.length) {
		const tag = varint();
		if (tag % 8 === 0) varint();
		else {
			const length = varint();
			if (Math.floor(tag / 8) === wanted) parts.push(message.subarray(at, at + length));
			at += length;
		}
	}
	return parts;
}

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

describe("Tronscan's export of transactions", () => {
	it("tells TRX of transfers that succeeded, leaves other contracts open, and refuses what it cannot read", () => {
		const head = "Tx Hash,blockHeight,blockTime(UTC+8),blockTime(UTC),from,to,value,symbol,contractType,status";
		const line = (n: number, value: string, type: string, status: string) =>
			`${n.toString(16).padStart(64, "0")},${79_072_200 + n},2026/01/08 21:41:${n},2026/01/08 13:41:${n},${VICTIM},${THIEF},${value},TRX,${type},${status}`;
		const rows = [
			line(10, "1.5", "TransferContract", "SUCCESS"),
			line(11, "2", "TransferContract", "FAIL"),
			line(12, "3", "TriggerSmartContract", "SUCCESS"),
			line(13, "4", "FreezeBalanceV2Contract", "SUCCESS"),
			line(14, "5", "TriggerSmartContract", "FAIL"),
			line(15, "0", "TriggerSmartContract", "SUCCESS"),
		];
		const place = at("sent.clew");
		writeFileSync(at(`TRON-transaction-${VICTIM}--1.csv`), `${[head, ...rows].join("\n")}\n`);
		mustClew("case", "new", place, "--title", "Sent", "--chain", "tron");
		expect(mustClew("import", "tronscan", at(`TRON-transaction-${VICTIM}--1.csv`), "--case", place)).toContain("6 rows: 1 transfers added");
		// What the call with a value moved is not told: its block does not count as fetched.
		const shown = mustClew("show", VICTIM, "--case", place);
		expect(shown.match(/coverage: native, blocks \d+ to \d+/g)).toEqual([
			"coverage: native, blocks 79072210 to 79072211",
			"coverage: native, blocks 79072213 to 79072215",
		]);
		expect(mustClew("show", VICTIM, "--case", place)).toMatch(/1\.5 TRX/);
		const told = JSON.stringify(mustClew("status", "--case", place, "--json"));
		expect(told).toContain("fees, which such a file does not tell");
		expect(told).toContain("whose value was not taken for a movement");
		for (const [value, status, why] of [
			["1.23456789", "SUCCESS", "at most 6 decimals"],
			["1", "MAYBE", "SUCCESS, CONFIRMED, FAIL or nothing"],
			["1", "UNCONFIRMED", "SUCCESS, CONFIRMED, FAIL or nothing"],
			["1", "", "SUCCESS or FAIL for a transaction that carries value"],
		] as const) {
			writeFileSync(at("wrong.csv"), `${head}\n${line(20, value, "TransferContract", status)}\n`);
			expect(clew(["import", "tronscan", at("wrong.csv"), "--case", place])).toMatchObject({ code: 3, err: expect.stringContaining(why) });
		}
		for (const [column, word] of [
			["contractRet", "OUT_OF_ENERGY"],
			["result", "FAILED"],
			["revert", "true"],
		]) {
			writeFileSync(at("failed.csv"), `${head},${column}\n${line(30, "7", "TransferContract", "CONFIRMED")},${word}\n`);
			expect(mustClew("import", "tronscan", at("failed.csv"), "--case", place)).toContain("1 rows: 0 transfers added");
		}
		writeFileSync(at("usdt.csv"), `${head}\n${line(31, "7", "TransferContract", "SUCCESS").replace(",TRX,", ",USDT,")}\n`);
		expect(clew(["import", "tronscan", at("usdt.csv"), "--case", place])).toMatchObject({
			code: 3,
			err: expect.stringContaining("TRX, or nothing"),
		});
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
