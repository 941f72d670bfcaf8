import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { inspect } from "node:util";
import { gunzipSync, gzipSync, inflateRawSync, inflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clew, clewAsync, mustClew, scratch } from "../clew.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const account = (digit: string) => `0x${digit.repeat(40)}`;
const [PAYER, THIEF, CLEAN, FIRST, SECOND, RETURNED, SPAMMER, SPAM, DEX] = ["a", "b", "c", "d", "e", "f", "1", "2", "3"].map(account) as [
	string,
	string,
	string,
	string,
	string,
	string,
	string,
	string,
	string,
];
const hash = (n: number) => `0x${n.toString(16).padStart(64, "0")}`;
const ETHER = "000000000000000000";

interface Sent {
	readonly block: number;
	readonly from: string;
	readonly to: string;
	readonly ether: string;
}

const HEAD =
	"blockNumber,timeStamp,hash,from,to,value,gas,gasPrice,gasUsed,isError,txreceipt_status,transactionIndex,contractAddress,confirmations";
const line = ({ block, from, to, ether }: Sent) =>
	`${block},${1_600_000_000 + block},${hash(block)},${from},${to},${ether}${ETHER},21000,0,21000,0,1,0,,1000`;

/** The thief gets 5 clean and 10 stolen, pays 4 to one exchange, 8 to another and 1 back to somebody who was robbed, too. */
const SENT: readonly Sent[] = [
	{ block: 9, from: CLEAN, to: THIEF, ether: "5" },
	{ block: 10, from: PAYER, to: THIEF, ether: "10" },
	{ block: 11, from: THIEF, to: FIRST, ether: "4" },
	{ block: 12, from: THIEF, to: SECOND, ether: "8" },
	{ block: 13, from: THIEF, to: RETURNED, ether: "1" },
];
const SEED = `tx:${hash(10)}`;

function importCase(name: string, title = "A theft"): string {
	const place = at(name);
	mustClew("case", "new", place, "--title", title);
	mkdirSync(at(`${name}.files`));
	writeFileSync(join(at(`${name}.files`), `${THIEF}.csv`), `${[HEAD, ...SENT.map(line)].join("\n")}\n`);
	const spam = "blockNumber,timeStamp,hash,from,contractAddress,to,value,tokenName,tokenSymbol,tokenDecimal,transactionIndex";
	writeFileSync(
		join(at(`${name}.files`), "tokens.csv"),
		`${spam}\n8,1600000008,${hash(8)},${SPAMMER},${SPAM},${THIEF},666,666 winethfree.com,666 winethfree.com,0,1\n`,
	);
	mustClew("import", "etherscan", at(`${name}.files`), "--case", place);
	writeFileSync(
		at(`${name}.labels.csv`),
		`address,entity,category\n${FIRST},First Exchange,exchange\n${SECOND},Second Exchange,exchange\n`,
	);
	mustClew("label", "import", at(`${name}.labels.csv`), "--source", "desk", "--confidence", "90", "--case", place);
	return place;
}

const traceId = (place: string, ...args: string[]) => JSON.parse(mustClew("trace", "--case", place, "--json", ...args)).id as string;

describe("the label library in a bundle", () => {
	it("is a source as its lists are called there, and the bundle verifies", () => {
		const place = importCase("library.clew");
		const labels = ["--labels", at("library.db")];
		mustClew("label", "starter", ...labels);
		writeFileSync(at("own.csv"), `address,entity,category\n${SECOND},Second Exchange,exchange\n`);
		mustClew("label", "sync", "csv", at("own.csv"), "--source", "desk: a list, of 2024", "--confidence", "90", ...labels);
		mustClew("label", "use", "--case", place, ...labels);
		// A list that ships with Clew and is about this account.
		writeFileSync(
			join(at("library.clew.files"), "more.csv"),
			`${HEAD}\n${line({ block: 14, from: THIEF, to: "0x28c6c06298d514db089934071355e5743bf21d60", ether: "1" })}\n`,
		);
		mustClew("import", "etherscan", join(at("library.clew.files"), "more.csv"), "--case", place);
		mustClew("label", "use", "--case", place, ...labels);
		const id = traceId(place, "--seed", SEED);
		mustClew("export", "--case", place, "--trace", id, "--out", at("library.bundle"));
		const { coverage } = JSON.parse(readFileSync(join(at("library.bundle"), "trace.json"), "utf8"));
		const lists = coverage.sources.filter(({ id: one }: { id: string }) => one.startsWith("labels:"));
		expect(lists.length).toBeGreaterThan(1);
		expect(clew(["verify", at("library.bundle")])).toMatchObject({ code: 0 });
		// The lists' own files are nowhere on this machine: the bundle goes without, says so, and is run again.
		const files = [at("library.clew.files"), at("library.clew.labels.csv")];
		const out = clew(["export", "--case", place, "--trace", id, "--inputs", ...files, "--out", at("library-inputs.bundle")]);
		expect(out).toMatchObject({ code: 0, err: expect.stringMatching(/not in the bundle: the files of \d lists of the label library/) });
		expect(clew(["verify", at("library-inputs.bundle"), "--replay"])).toMatchObject({ code: 0 });
		const short = clew(["export", "--case", place, "--trace", id, "--inputs", at("library.clew.files"), "--out", at("short.bundle")]);
		expect(short).toMatchObject({ code: 2, err: expect.stringContaining("1 imported files are not among --inputs") });
	});
});

describe("the last trace", () => {
	let place: string;
	beforeAll(() => {
		place = importCase("last.clew");
	});

	it("is the one that was run last, whatever its id, and again when an old one is run again", () => {
		const seeds = [
			["--seed", SEED],
			["--seed", SEED, "--amount", "1ETH"],
			["--seed", `tx:${hash(9)}`],
		];
		const manifestOf = (name: string) => JSON.parse(readFileSync(join(at(name), "manifest.json"), "utf8")).trace;
		let n = 0;
		// Each once, then the first again.
		for (const i of [0, 1, 2, 0]) {
			const id = traceId(place, ...(seeds[i] as string[]));
			const { err } = clew(["export", "--case", place, "--trace", "last", "--out", at(`last${++n}`)]);
			expect(manifestOf(`last${n}`)).toBe(id);
			expect(err.split("\n")[0]).toContain(`trace ${id} of eip155:1`);
			expect(err).toMatch(/seed 1: tx:0x0+[9a][\s\S]* ETH[\s\S]*end points, agreed of each by every conserving rule: /);
		}
		const custody = JSON.parse(mustClew("custody", "--case", place, "--json")).entries as { action: string }[];
		expect(custody.filter(({ action }) => action === "trace run again")).toHaveLength(1);
	});

	it("is named by freeze before any request, on stderr and in the request", () => {
		const id = traceId(place, "--seed", SEED);
		const { code, err } = clew(["freeze", "--case", place, "--out", at("frozen-last")]);
		expect([code, err.split("\n")[0]]).toEqual([0, expect.stringContaining(`trace ${id}`)]);
		const request = JSON.parse(readFileSync(at("frozen-last/custodian-second-exchange/request.json"), "utf8"));
		expect(request).toMatchObject({ trace: id, seeds: [{ spec: SEED }] });
		expect(request.seeds[0].seeded["eip155:1/slip44:60"].fifo).toBe(`10${ETHER}`);
	});
});

describe("a what-if", () => {
	const narrowings: [string, string[], RegExp][] = [
		["an amount", ["--amount", "1ETH"], /--amount: at most 10{18} base units/],
		["a last block", ["--until", "12"], /--until: nothing after block 12/],
		["an asset", ["--asset", "native"], /--asset: only/],
		["fewer rules", ["--rule", "fifo,lifo"], /--rule: without haircut/],
		["dust", ["--dust", "5ETH"], /--dust: arrivals below/],
		["no conversions", ["--no-conversions"], /--no-conversions/],
		["another threshold for services", ["--service-transfers", "3"], /--service-transfers 3/],
	];
	let place: string;
	beforeAll(() => {
		place = importCase("whatif.clew");
	});

	const plain = (text: string) => text.replace(/&#45;/g, "-");

	it.each(narrowings)("by %s is stated in the result", (_, options, words) => {
		expect(JSON.parse(mustClew("trace", "--case", place, "--seed", SEED, ...options, "--json")).parameters.whatIf).toMatch(words);
	});

	it("says so in everything that is made from it", () => {
		const words = /--amount: at most 10{18} base units/;
		const shown = mustClew("trace", "--case", place, "--seed", SEED, "--amount", "1ETH", "--svg", at("whatif.svg"));
		expect(shown).toMatch(/what-if, not the usual trace of all of it: --amount/);
		expect(plain(readFileSync(at("whatif.svg"), "utf8"))).toMatch(words);
		expect(clew(["export", "--case", place, "--trace", "last", "--out", at("whatif")]).err).toMatch(words);
		const read = (path: string) => plain(readFileSync(join(at("whatif"), path), "utf8"));
		const formats = readdirSync(at("whatif/interchange")).map((name) => `interchange/${name}`);
		for (const path of ["trace.json", "manifest.json", "flow.svg", "transfers.csv", "report.html", ...formats])
			expect([path, read(path)]).toEqual([path, expect.stringMatching(words)]);
		expect(mustClew("verify", at("whatif"))).toMatch(words);
		mustClew("freeze", "--case", place, "--include-leads", "--out", at("whatif-requests"));
		for (const packet of readdirSync(at("whatif-requests")))
			for (const path of ["request.txt", "request.json", "transfers.csv"])
				expect(readFileSync(join(at("whatif-requests"), packet, path), "utf8").replace(/\s+/g, " ")).toMatch(words);
	});

	it("without some of the rules supports no request", () => {
		mustClew("trace", "--case", place, "--seed", SEED, "--rule", "fifo,lifo");
		expect(clew(["freeze", "--case", place, "--out", at("few")])).toMatchObject({
			code: 2,
			err: expect.stringMatching(/without haircut[\s\S]*--rule all/),
		});
		mustClew("export", "--case", place, "--trace", "last", "--out", at("few-bundle"));
		const report = readFileSync(at("few-bundle/report.html"), "utf8");
		expect(report).toMatch(/The rules fifo, lifo were run over the same transfers.{1,80} haircut, .{1,60} were not run/);
		expect(report).not.toMatch(/every rule( was run over| side by side|<)|poison conserves/i);
	});

	it("is not what a plain trace is called", () => {
		// A case of its own: a custody log tells of what-ifs that were run before.
		const other = importCase("plain.clew");
		expect(mustClew("trace", "--case", other, "--seed", SEED)).not.toContain("what-if");
		mustClew("export", "--case", other, "--trace", "last", "--out", at("plain"));
		for (const path of ["trace.json", "manifest.json", "flow.svg", "transfers.csv", "report.html"])
			expect([path, readFileSync(join(at("plain"), path), "utf8")]).toEqual([path, expect.not.stringMatching(/what-if/i)]);
	});

	it("cannot be taken back in the manifest: a bundle that hides it does not verify", async () => {
		const { canonicalJson, sha256Hex } = await import("@clew/core");
		cpSync(at("whatif"), at("hidden"), { recursive: true });
		const { seal: _, whatIf: __, ...open } = JSON.parse(readFileSync(at("hidden/manifest.json"), "utf8"));
		writeFileSync(at("hidden/manifest.json"), `${canonicalJson({ ...open, seal: sha256Hex(canonicalJson(open)) })}\n`);
		expect(clew(["verify", at("hidden")])).toMatchObject({
			code: 1,
			out: expect.stringContaining("does not say that the trace is a what-if"),
		});
	});
});

describe("freeze requests", () => {
	let place: string;
	beforeAll(() => {
		place = importCase("freeze.clew");
		mustClew("trace", "--case", place, "--seed", SEED);
	});
	const machine = (path: string) => JSON.parse(readFileSync(join(at(path), "request.json"), "utf8"));

	it("ask for what every conserving rule agrees on, and for nothing of an entity on which they agree on nothing", () => {
		const { code, err } = clew(["freeze", "--case", place, "--out", at("asked")]);
		expect([code, readdirSync(at("asked"))]).toEqual([0, ["custodian-second-exchange"]]);
		expect(err).toMatch(/left out: First Exchange: .*agree on nothing there; --include-leads/);
		const request = machine("asked/custodian-second-exchange");
		const { fifo: __, ...amounts } = request.points[0].amounts;
		const least = Object.entries(amounts as Record<string, string>)
			.filter(([rule]) => rule !== "poison")
			.map(([, amount]) => BigInt(amount))
			.reduce((a, b) => (b < a ? b : a));
		expect(request.asked).toEqual({ "eip155:1/slip44:60": least.toString() });
		const text = readFileSync(at("asked/custodian-second-exchange/request.txt"), "utf8");
		const [letter = "", annex = ""] = text.split("Annex: what single rules say");
		expect(letter).toContain(`${least} base units`);
		expect(letter).not.toMatch(/at most|under haircut/);
		expect(annex).toContain("at most by any");
	});

	it("name leads only when they are asked for, in an annex and without an amount", () => {
		const { out } = clew(["freeze", "--case", place, "--include-leads", "--out", at("leads")]);
		expect(out).toContain("custodian-first-exchange");
		expect(machine("leads/custodian-first-exchange")).toMatchObject({ asked: {}, points: [], leads: [{ agreed: "0" }] });
		expect(readFileSync(at("leads/custodian-first-exchange/request.txt"), "utf8").replace(/\s+/g, " ")).toContain(
			"No amount: the rules agree on none",
		);
	});

	it("verify without a proof, in their own words, and not when a figure was changed", async () => {
		const verdict =
			/^intact: hashes agree\. 0 of \d+ rows and balances proven to a block header, \d+ taken from files\nfreeze request of trace/;
		expect(mustClew("verify", at("asked"))).toMatch(verdict);
		expect(mustClew("verify", at("asked/custodian-second-exchange"))).toMatch(verdict);
		const path = "forged/custodian-second-exchange";
		const { canonicalJson, sha256Hex } = await import("@clew/core");
		const forge = (change: (request: ReturnType<typeof machine>) => void, mend: boolean) => {
			rmSync(at("forged"), { recursive: true, force: true });
			cpSync(at("asked"), at("forged"), { recursive: true });
			const request = machine(path);
			change(request);
			const text = `${canonicalJson(request)}\n`;
			writeFileSync(join(at(path), "request.json"), text);
			if (mend) {
				const { seal: _, ...list } = JSON.parse(readFileSync(join(at(path), "packet.json"), "utf8"));
				for (const file of list.files)
					if (file.path === "request.json") Object.assign(file, { bytes: String(Buffer.byteLength(text)), sha256: sha256Hex(text) });
				writeFileSync(join(at(path), "packet.json"), `${canonicalJson({ ...list, seal: sha256Hex(canonicalJson(list)) })}\n`);
			}
			return clew(["verify", at("forged")]);
		};
		expect(forge((request) => Object.assign(request, { kind: "issuer" }), false)).toMatchObject({
			code: 1,
			out: expect.stringMatching(/request\.json: (has \d+ bytes|does not hash)/),
		});
		expect(forge((request) => Object.assign(request.asked, { "eip155:1/slip44:60": `10${ETHER}` }), true)).toMatchObject({
			code: 1,
			out: expect.stringMatching(/asks for 10+ of/),
		});
		expect(forge((request) => Object.assign(request.points[0], { agreed: `10${ETHER}` }), true)).toMatchObject({
			code: 1,
			out: expect.stringMatching(/are not what its rules say/),
		});
		expect(forge((request) => Object.assign(request, { points: [], asked: {} }), true)).toMatchObject({
			code: 1,
			out: expect.stringContaining("names no end point"),
		});
		writeFileSync(join(at("forged"), "custodian-second-exchange/extra.txt"), "x");
		expect(clew(["verify", at("forged")]).out).toContain("is not listed");
	});
});

describe("what is worth nothing", () => {
	it("stands nowhere beside money: one line in the table, one in the report, all of it in the data", () => {
		const place = importCase("spam.clew");
		const shown = mustClew("trace", "--case", place, "--seed", `account:${THIEF}`);
		expect(shown).not.toContain("winethfree");
		expect(shown).toMatch(/seed 1: account:0xb+: 15 ETH in 2 arrivals/);
		expect(shown.match(/^other tokens, not counted: 1 contract at 1 end point/gm)).toHaveLength(1);
		mustClew("export", "--case", place, "--trace", "last", "--out", at("spam"));
		const read = (path: string) => readFileSync(join(at("spam"), path), "utf8");
		for (const path of ["report.html", "flow.svg", ...readdirSync(at("spam/interchange")).map((name) => `interchange/${name}`)])
			expect([path, read(path)]).toEqual([path, expect.not.stringContaining("winethfree")]);
		expect(read("report.html")).toContain("other tokens, not counted: 1 contract at 1 end point");
		for (const path of ["trace.json", "rows.jsonl", "facts.json"])
			expect([path, read(path)]).toEqual([path, expect.stringContaining(SPAM)]);
		expect(mustClew("verify", at("spam"))).toMatch(/^intact/);
	});

	it("counts when somebody chose it: a seed of its very transaction, or --asset", () => {
		const place = at("spam.clew");
		for (const args of [
			["--seed", `tx:${hash(8)}`],
			["--seed", `account:${THIEF}`, "--asset", SPAM],
		])
			expect(mustClew("trace", "--case", place, ...args)).toMatch(/666 winethfree/);
	});

	it("counts when it was got for money, however often that was changed", async () => {
		const { countedAssets } = await import("@clew/core");
		const [eth, other, third, stray] = ["slip44:60", `erc20:${account("7")}`, `erc20:${account("8")}`, `erc20:${account("9")}`].map(
			(id) => `eip155:1/${id}`,
		);
		const edge = (asset: string, into: string) => ({ asset, into: { asset: into } });
		const result = {
			chain: "eip155:1",
			parameters: {},
			seeds: [{ spec: "account:x", seeded: { [eth as string]: {} }, rows: [] }],
			edges: [edge(other as string, third as string), edge(eth as string, other as string), { asset: stray }],
			leaves: [],
		};
		expect([...countedAssets(result as never)].sort()).toEqual(
			[eth, other, third, `eip155:1/erc20:0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2`].sort(),
		);
	});
});

describe("verdicts", () => {
	it("lead with what is proven, and nothing is verified by being empty", () => {
		const place = importCase("verdict.clew");
		mustClew("trace", "--case", place, "--seed", SEED);
		mustClew("export", "--case", place, "--trace", "last", "--out", at("verdict"));
		const rows = readFileSync(at("verdict/rows.jsonl"), "utf8").trimEnd().split("\n").length;
		const words = `intact: hashes agree. 0 of ${rows} rows proven to a block header, ${rows} taken from files`;
		expect(mustClew("verify", at("verdict")).split("\n")[0]).toBe(words);
		expect(JSON.parse(mustClew("verify", at("verdict"), "--json"))).toMatchObject({ ok: true, verdict: "intact" });
		// Nothing is traced or exported of what nobody fetched.
		expect(clew(["trace", "--case", place, "--seed", `account:${DEX}`])).toMatchObject({ code: 3, out: "" });
	});

	it("fail for a file of balances without a balance, and say what balances alone leave unchecked", () => {
		mkdirSync(at("empty"));
		writeFileSync(at("empty/balances.jsonl"), "");
		expect(clew(["verify", at("empty")])).toMatchObject({ code: 1, out: expect.stringContaining("holds no balance") });
	});

	it("keep green for what is proven to headers that the reader trusts", async () => {
		const { wording } = await import("@clew/evidence");
		const { verdictOf } = await import("../../packages/evidence/src/verify/report.js");
		const row = (tier: string, anchor: string) => ({ row: 1, tier, checked: "", anchor });
		const [trusted, open, file] = [row("proven", "you trust"), row("proven", "no header that you trust was given"), row("imported", "")];
		expect(verdictOf([])).toBe("intact");
		expect(verdictOf([file])).toBe("intact");
		expect(verdictOf([trusted, file])).toBe("proven in part");
		expect(verdictOf([trusted, open])).toBe("proven");
		expect(verdictOf([trusted, trusted])).toBe("verified");
		const report = {
			schema: "clew.verify/3",
			ok: true,
			failures: [],
			kind: "bundle",
			trace: "",
			files: 1,
			blocks: [],
			signedBy: [],
			time: undefined,
		} as const;
		expect(wording({ ...report, verdict: "verified", rows: [trusted] }, false)[0]).toBe(
			"verified: hashes agree. 1 of 1 rows proven to a block header that you trust",
		);
	});
});

/** Entries of a zip by name, from its central directory. */
function unzipped(zip: Buffer): [string, Buffer][] {
	const entries: [string, Buffer][] = [];
	const end = zip.lastIndexOf(Buffer.from("PK\u0005\u0006"));
	for (let at = zip.readUInt32LE(end + 16), n = zip.readUInt16LE(end + 10); n > 0; n--) {
		const [size, name, extra, comment, local] = [
			zip.readUInt32LE(at + 20),
			zip.readUInt16LE(at + 28),
			zip.readUInt16LE(at + 30),
			zip.readUInt16LE(at + 32),
			zip.readUInt32LE(at + 42),
		];
		const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
		const packed = zip.subarray(start, start + size);
		entries.push([zip.toString("utf8", at + 46, at + 46 + name), zip.readUInt16LE(at + 10) === 0 ? packed : inflateRawSync(packed)]);
		at += 46 + name + extra + comment;
	}
	return entries;
}

/** Everything that a reader could get out of a file: its bytes, its streams and entries, and each of these as other encodings. */
function everythingIn(bytes: Buffer, path: string): string[] {
	const texts = [path, bytes.toString("utf8"), bytes.toString("latin1"), bytes.toString("utf16le"), bytes.subarray(1).toString("utf16le")];
	if (bytes[0] === 0x1f && bytes[1] === 0x8b) texts.push(...everythingIn(gunzipSync(bytes), path));
	if (bytes.subarray(0, 2).toString() === "PK")
		for (const [name, data] of unzipped(bytes)) texts.push(...everythingIn(data, `${path}/${name}`));
	if (bytes.subarray(0, 4).toString() === "%PDF")
		for (const match of bytes.toString("latin1").matchAll(/stream\r?\n([\s\S]*?)endstream/g)) {
			try {
				const stream = inflateSync(Buffer.from(match[1] ?? "", "latin1")).toString("latin1");
				texts.push(
					stream,
					[...stream.matchAll(/<([0-9a-f]+)>/gi)].map(([, hex]) => Buffer.from(hex ?? "", "hex").toString("latin1")).join(""),
				);
			} catch {
				// Not deflated: its bytes were looked at above.
			}
		}
	return texts.flatMap((text) => [text, decodeAll(text)]);
}

function decodeAll(text: string): string {
	const parts = [...text.matchAll(/[A-Za-z0-9+/]{8,}={0,2}/g)].flatMap(([run]) =>
		[0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), "base64").toString("latin1")),
	);
	return [text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), ...parts].join("\n");
}

function filesOf(path: string): [string, Buffer][] {
	return (readdirSync(path, { recursive: true, withFileTypes: true }) as { name: string; parentPath: string; isFile(): boolean }[])
		.filter((entry) => entry.isFile())
		.map((entry) => [join(entry.parentPath, entry.name).slice(path.length + 1), readFileSync(join(entry.parentPath, entry.name))]);
}

describe("with --redact victims", () => {
	const SECRETS = /waldemar|w.{0,2}a.{0,2}l.{0,2}d.{0,2}emar|quitzow|bj[oö]rn|sundqvist/i;
	let place: string;
	const inputs = () => at("victims.clew.files");
	beforeAll(async () => {
		place = importCase("victims.clew", "The theft from Waldemar Quitzow");
		// One who only pays, one who is an end point, too; the file is named after one of them.
		writeFileSync(
			at("quitzow-and-others.csv"),
			`address,entity,name,category\n${PAYER},Waldemar Quitzow,"Quitzow, Waldemar (mail 3 May)",victim\n${RETURNED},Björn Sundqvist,Björn Sundqvist of Uppsala,victim\n`,
		);
		mustClew("label", "import", at("quitzow-and-others.csv"), "--source", "complaint of Quitzow", "--confidence", "90", "--case", place);
		// Somebody else's label that names a victim.
		writeFileSync(at("others.csv"), `address,entity,name,category\n${DEX},Some Club,club of W. Quitzow and Waldemar Quitzow,other\n`);
		mustClew("label", "import", at("others.csv"), "--source", "letter by Björn Sundqvist", "--confidence", "50", "--case", place);
		const { openCase } = await import("@clew/graph-store");
		const store = await openCase(place);
		await store.appendCustody("2026-01-01T00:00:00Z", "alert acknowledged", "called waldemar, QUITZOW says that this is his own");
		await store.close();
		mustClew("case", "set", "--case", place, "--requester", "Quitzow & Partners", "--legal-basis", "mandate of Björn Sundqvist");
		const noted = (name: string, text: string | Buffer) => writeFileSync(join(inputs(), name), text);
		const own = (n: number, note: string) => `${HEAD},note\n${line({ block: n, from: CLEAN, to: DEX, ether: "1" })},${note}\n`;
		noted("waldemar_quitzow.csv", own(100, "nothing"));
		noted("notes.csv", own(101, "paid by Waldemar Quitzow"));
		noted("coded.csv", own(102, Buffer.from("by Waldemar Quitzow").toString("base64")));
		noted("percent.csv", own(103, encodeURIComponent("Björn Sundqvist")));
		noted("hex.csv", own(105, Buffer.from("Waldemar Quitzow").toString("hex")));
		noted("entity.csv", own(106, "Bj&#246;rn Sundqvist"));
		mustClew("import", "etherscan", inputs(), "--case", place);
		mustClew("trace", "--case", place, "--seed", SEED);
	});

	it("no victim's name, note or file leaves in any form", () => {
		const { code, err } = clew([
			"export",
			"--case",
			place,
			"--trace",
			"last",
			"--redact",
			"victims",
			"--inputs",
			inputs(),
			"--out",
			at("redacted"),
		]);
		expect([code, err]).toEqual([0, expect.stringMatching(/left out: notes\.csv, which holds the name of a victim/)]);
		for (const [path, bytes] of filesOf(at("redacted"))) {
			if (path.startsWith("verify.")) continue;
			for (const text of everythingIn(bytes, path)) expect([path, SECRETS.exec(text)?.[0]]).toEqual([path, undefined]);
		}
		const names = readdirSync(at("redacted/inputs"), { recursive: true }).map(String);
		expect(names.filter((name) => name.endsWith(".csv"))).toHaveLength(3);
		expect(readFileSync(at("redacted/report.html"), "utf8")).toMatch(
			/2 names of victims are replaced[\s\S]*5 imported files that held one are left out/,
		);
		expect(readFileSync(at("redacted/facts.json"), "utf8")).toContain("victim 2");
		expect(mustClew("verify", at("redacted"))).toMatch(/^intact/);
	});

	it("nor in a zip, nor in a freeze request, whose own words are looked at too", async () => {
		mustClew("export", "--case", place, "--trace", "last", "--redact", "victims", "--zip", "--out", at("redacted.zip"));
		for (const [path, bytes] of unzipped(readFileSync(at("redacted.zip")))) {
			if (path.startsWith("verify.")) continue;
			for (const text of everythingIn(bytes, path)) expect([path, SECRETS.exec(text)?.[0]]).toEqual([path, undefined]);
		}
		const written = clew(["freeze", "--case", place, "--redact", "victims", "--out", at("redacted-requests")]);
		// One id for one trace, in the bundle and in the letters, and its log says of which stored trace it is.
		const [, manifest = Buffer.of()] = [...unzipped(readFileSync(at("redacted.zip")))].find(([path]) => path === "manifest.json") ?? [];
		const { trace } = JSON.parse(Buffer.from(manifest).toString());
		expect([written.code, written.err]).toEqual([0, expect.stringContaining(`what is written calls trace`)]);
		const letters = filesOf(at("redacted-requests")).filter(([path]) => path.endsWith("request.json"));
		expect(letters.map(([, bytes]) => JSON.parse(bytes.toString()).trace)).toEqual(letters.map(() => trace));
		expect(mustClew("custody", "--case", place)).toMatch(new RegExp(`requests written.*names of victims withheld, the trace as ${trace}`));
		for (const [path, bytes] of filesOf(at("redacted-requests")))
			for (const text of everythingIn(bytes, path)) expect([path, SECRETS.exec(text)?.[0]]).toEqual([path, undefined]);
		writeFileSync(at("named.txt"), "For Waldemar Quitzow\n# One\n{{asked}}\n");
		const refused = clew(["freeze", "--case", place, "--redact", "victims", "--template", at("named.txt"), "--out", at("refused")]);
		expect(refused).toMatchObject({ code: 3, err: expect.stringContaining("would hold the name of a victim") });
		expect(readdirSync(folder).filter((name) => name.startsWith("refused") || name.startsWith("."))).toEqual([]);
	});

	it("would be seen if it did: without it the same files hold the names, and the scan finds each form", async () => {
		mustClew("export", "--case", place, "--trace", "last", "--out", at("named"));
		const found = filesOf(at("named")).filter(([path, bytes]) => everythingIn(bytes, path).some((text) => SECRETS.test(text)));
		expect(found.map(([path]) => path)).toEqual(
			expect.arrayContaining(["report.html", "report.pdf", "facts.json", "custody.jsonl", "manifest.json", "trace.json"]),
		);
		const { mayHoldName } = await import("../../packages/evidence/src/bundle/leak-scan.js");
		const { hiddenName } = await import("../../packages/evidence/src/bundle/names.js");
		const names = [hiddenName("Waldemar Quitzow", "victim 1")].flatMap((name) => name ?? []);
		const text = Buffer.from("said waldemar  quitzow");
		const big = Buffer.from(text.toString(), "utf16le").swap16();
		const { writeZip } = await import("@clew/evidence");
		const zipOf = (name: string, content: Buffer) => {
			mkdirSync(at(`zip-${name}`));
			writeFileSync(join(at(`zip-${name}`), name), content);
			writeZip(at(`zip-${name}`), [name], at(`zip-${name}.zip`));
			return readFileSync(at(`zip-${name}.zip`));
		};
		const forms = [
			text,
			Buffer.from(text.toString(), "utf16le"),
			big,
			gzipSync(text),
			zipOf("waldemar-quitzow", Buffer.from("nothing")),
			zipOf("x", gzipSync(text)),
			Buffer.from("QUITZOW, Waldemar"),
			Buffer.from("waldemarquitzow.eth"),
			Buffer.from(`x${text.toString("base64")}`),
			Buffer.from("BZh9 anything"),
			gzipSync(text).subarray(0, 20),
		];
		for (const [i, form] of forms.entries()) expect([i, mayHoldName(form, names)]).toEqual([i, true]);
		expect(mayHoldName(Buffer.from("Waldemar alone, and Quitzow far away from the first name"), names)).toBe(false);
	});
});

describe("secrets of endpoints", () => {
	const KEYS = ["k3yP4t", "k3yQu3", "k3yUs3", "k3yPw0", "k3yFr4"] as const;
	const [PATH, QUERY, USER, PASSWORD, FRAGMENT] = KEYS;
	const SECRET = new RegExp([...KEYS, Buffer.from(`${USER}:${PASSWORD}`).toString("base64")].join("|"));
	let server: Server;
	let base: string;
	const urlOf = (path: string) => `http://${USER}:${PASSWORD}@${base}/${path}/${PATH}?apikey=${QUERY}#${FRAGMENT}`;
	const answers = (body: string, status = 200) => {
		server.removeAllListeners("request");
		server.on("request", (request, response) => {
			let sent = "";
			request.on("data", (part) => {
				sent += part;
			});
			request.on("end", () => {
				const echo = `${request.url} ${request.headers.authorization} ${KEYS.join(" ")}`;
				const calls: unknown = sent.startsWith("[") || sent.startsWith("{") ? JSON.parse(sent) : {};
				const one = ({ id }: { id?: unknown }) =>
					JSON.parse(body.replaceAll("ECHO", JSON.stringify(echo).slice(1, -1)).replaceAll('"ID"', JSON.stringify(id ?? 1)));
				response.writeHead(status, { "content-type": "application/json" });
				response.end(JSON.stringify(Array.isArray(calls) ? calls.map(one) : one(calls as { id?: unknown })));
			});
		});
	};
	beforeAll(async () => {
		server = createServer();
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		base = `127.0.0.1:${(server.address() as AddressInfo).port}`;
		mustClew("case", "new", at("keys.clew"), "--title", "Keys");
		mustClew("case", "new", at("keys-btc.clew"), "--title", "Keys", "--chain", "bitcoin");
	});
	afterAll(() => server.close());

	const rpcError = '{"jsonrpc":"2.0","id":"ID","result":null,"error":{"code":-32000,"message":"bad key ECHO"}}';
	const commands: [string, () => string[]][] = [
		["ingest of accounts", () => ["ingest", "--case", at("keys.clew"), "--rpc", urlOf("v3"), "--from", "1", "--to", "2"]],
		["ingest of Bitcoin", () => ["ingest", "--case", at("keys-btc.clew"), "--rpc", urlOf("btc"), "--from", "1", "--to", "2"]],
		["follow", () => ["follow", hash(1), "--rpc", urlOf("v3")]],
		["check", () => ["check", THIEF, "--rpc", urlOf("v3")]],
		["doctor", () => ["doctor", "--rpc", urlOf("v3")]],
		["a label list", () => ["label", "sync", "scam-sniffer", "--download", urlOf("lists"), "--labels", at("keys-labels.db")]],
		[
			"a time stamp",
			() => ["export", "--case", at("last.clew"), "--trace", "last", "--timestamp", urlOf("tsa"), "--out", at("keys-stamped")],
		],
		["a queue", () => ["queue", "show", "--case", at("keys.clew"), "--queue", `redis://${USER}:${PASSWORD}@127.0.0.1:1/0`]],
		["Neo4j", () => ["status", "--case", `neo4j://${USER}:${PASSWORD}@127.0.0.1:1/neo4j?case=x`]],
	];
	it.each(commands)(
		"do not come back from %s, on either stream, with --debug or without, and stay out of the case",
		async (what, command) => {
			const bodies: [string, number][] = [
				[rpcError, 200],
				['{"jsonrpc":"2.0","id":"ID","result":"ECHO"}', 200],
				['{"error":"ECHO"}', 404],
			];
			for (const [body, status] of what.startsWith("ingest") ? bodies : bodies.slice(0, 1)) {
				answers(body, status);
				const { out, err } = await clewAsync([...command(), "--debug"]);
				expect(SECRET.exec(out + err)?.[0]).toBe(undefined);
				expect(out + err).toMatch(/./);
			}
			for (const name of readdirSync(folder).filter((file) => file.startsWith("keys")))
				if (/\.(clew|db)/.test(name)) expect([name, SECRET.test(readFileSync(at(name)).toString("latin1"))]).toEqual([name, false]);
		},
		600_000,
	);

	it("are in no error, nor in what caused it", async () => {
		answers(rpcError);
		const { etherscanHistory, openEvmSource, openBitcoinSource } = await import("@clew/chains");
		const { parseChainId, trustedAccountId } = await import("@clew/core");
		const chain = parseChainId("eip155:1");
		const attempts: [string, () => Promise<unknown>][] = [
			[rpcError, () => openEvmSource(urlOf("v3"), chain, { attempts: 1 })],
			[rpcError, () => openBitcoinSource(urlOf("btc"), parseChainId("bitcoin"), { attempts: 1 })],
			[
				'{"status":"0","message":"NOTOK","result":"bad key ECHO"}',
				() =>
					etherscanHistory(`http://${base}/api?chainid=1&apikey=${QUERY}`, chain, { attempts: 1 }).activity(
						trustedAccountId(chain, THIEF),
						1,
						2,
					),
			],
			[rpcError, () => openEvmSource(urlOf("v3").replace(base, "127.0.0.1:2"), chain, { attempts: 1 })],
		];
		for (const [body, attempt] of attempts) {
			answers(body);
			const error: unknown = await attempt().catch((reason: unknown) => reason);
			expect(error).toBeInstanceOf(Error);
			// What the API was never sent in secret, it may say.
			const sent = body.includes("NOTOK") ? new RegExp(QUERY) : SECRET;
			expect(sent.exec(inspect(error, { depth: 12, showHidden: true }))?.[0]).toBe(undefined);
			if (!inspect(error).includes("ECONNREFUSED")) expect((error as Error).message).toContain("bad key");
		}
	}, 600_000);

	it("of places to notify are shown to nobody, and a variable keeps them out of the case", async () => {
		mustClew("case", "new", at("notify.clew"), "--title", "Notify");
		const hook = `http://${base}/services/T00/B00/${PATH}`;
		const variable = clew(["watch", "add", THIEF, "--case", at("notify.clew"), "--notify", "webhook:$CLEW_TEST_HOOK"]);
		expect([variable.code, variable.err]).toEqual([0, expect.not.stringContaining("the case keeps this place")]);
		expect(SECRET.test(readFileSync(at("notify.clew")).toString("latin1"))).toBe(false);
		const literal = clew([
			"watch",
			"add",
			CLEAN,
			"--case",
			at("notify.clew"),
			"--notify",
			`webhook:${hook}`,
			"--notify",
			`exec:/bin/false --token ${QUERY}`,
		]);
		expect([literal.code, literal.err]).toEqual([0, expect.stringContaining("the case keeps this place")]);
		for (const args of [
			["watch", "list"],
			["watch", "list", "--json"],
			["custody", "--json"],
			["case", "show"],
		]) {
			const { out, err } = clew([...args, ...(args[1] === "show" ? [at("notify.clew")] : ["--case", at("notify.clew")])]);
			expect(SECRET.exec(out + err)?.[0]).toBe(undefined);
		}
		expect(mustClew("watch", "list", "--case", at("notify.clew"))).toMatch(/webhook:http\[:\]\/\/[\d.:]+\/…/);
		const { deliverer } = await import("@clew/workers");
		const deliver = deliverer({
			allowed: () => true,
			secret: undefined,
			facts: async () => ({ amount: "1", value: "no price" }),
			print: () => {},
			timeoutMs: 5_000,
			seconds: () => 0,
			signal: new AbortController().signal,
		});
		answers("{}", 500);
		const places = [
			`webhook:${hook}`,
			`webhook:http://127.0.0.1:2/services/${PATH}`,
			`exec:/bin/false --token ${QUERY}`,
			`exec:/no/such/program ${QUERY}`,
		];
		for (const channel of places) {
			const error: unknown = await deliver({ id: "1", channel, alert: {}, attempts: 0, nextAt: 0, lastError: "" } as never).catch(
				(reason: unknown) => reason,
			);
			expect([channel, (error as { code: string }).code]).toEqual([channel, "NOTIFY_FAILED"]);
			expect(SECRET.exec(inspect(error, { depth: 12 }))?.[0]).toBe(undefined);
		}
	});

	it("leave a public name: host, port and public words", async () => {
		const { endpointName, endpointSecrets, scrub, scrubShown, rememberEndpoint } = await import("@clew/core");
		expect(endpointName("https://u:p@eth.example:8443/v3/abc123/rpc?key=xyz789#frag")).toBe("https://eth.example:8443/v3/***/rpc");
		expect(endpointName("https://eth.example/abc123")).toBe("https://eth.example/***");
		expect(endpointName("https://eth.example/api?chainid=1")).toBe("https://eth.example/api");
		expect(endpointName("redis://:pw@host:6380/2")).toBe("redis://host:6380");
		expect(endpointName("neo4j+s://me:pa%2Fss@db/name?case=theft")).toBe("neo4j+s://db");
		expect(endpointSecrets("neo4j://neo4j:pa%2Fss@db/name?case=theft")).toEqual(expect.arrayContaining(["pa%2Fss", "pa/ss"]));
		expect(endpointSecrets("neo4j://neo4j:pa%2Fss@db/name?case=theft").join()).not.toMatch(/theft|name/);
		expect(endpointSecrets("https://host/v3/api?chainid=1")).toEqual([]);
		expect(scrub("no key a/b%20c here", endpointSecrets("https://host/?k=a%2Fb%20c"))).toBe("no key a/b%20c here");
		expect(scrub("no key a/b c here, a%2Fb%20c", endpointSecrets("https://host/?k=a%2Fb%20c"))).toBe("no key *** here, ***");
		rememberEndpoint("https://host/abc123");
		expect(scrubShown(`key abc123 in 0x00abc12399, "abc123"`)).toBe(`key *** in 0x00abc12399, "***"`);
	});
});
