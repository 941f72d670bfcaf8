import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, sha256Hex } from "@clew/core";
import { checkPapers, readBundle, verifyFiles, wording } from "@clew/evidence";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spreadsheet } from "../../packages/evidence/src/build/freeze/row-table.js";
import { parseCsv } from "../../packages/evidence/src/verify/csv.js";
import { clew, mustClew, ROOT, scratch } from "../clew.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NO_TRUST = { headers: [], keys: [], timeRoots: [] };
const [PAYER, THIEF, CLEAN, SHOP, OTHER] = ["a", "b", "c", "d", "e"].map((digit) => `0x${digit.repeat(40)}`) as [
	string,
	string,
	string,
	string,
	string,
];
const ETH = "eip155:1/slip44:60";
const hash = (n: number) => `0x${n.toString(16).padStart(64, "0")}`;
const HEAD =
	"blockNumber,timeStamp,hash,from,to,value,gas,gasPrice,gasUsed,isError,txreceipt_status,transactionIndex,contractAddress,confirmations";
const SENT = [
	[9, CLEAN, THIEF, 5],
	[10, PAYER, THIEF, 10],
	[12, THIEF, SHOP, 8],
	[13, THIEF, SHOP, 6],
	[14, THIEF, OTHER, 1],
] as const;

/* biome-ignore lint/suspicious/noExplicitAny: what a forger changes has no type. */
type Loose = any;
type Files = Map<string, Uint8Array>;

let packet: Files;
let place: string;
let version: string;
beforeAll(async () => {
	version = mustClew("--version").trim();
	place = at("packet.clew");
	mustClew("case", "new", place, "--title", "A theft");
	mkdirSync(at("files"));
	const line = ([block, from, to, ether]: (typeof SENT)[number]) =>
		`${block},${1_600_000_000 + block},${hash(block)},${from},${to},${ether}${"0".repeat(18)},21000,0,21000,0,1,0,,1000`;
	writeFileSync(join(at("files"), `${THIEF}.csv`), `${[HEAD, ...SENT.map(line)].join("\n")}\n`);
	mustClew("import", "etherscan", at("files"), "--case", place);
	writeFileSync(at("labels.csv"), `address,entity,category\n${SHOP},Example Exchange,exchange\n${OTHER},Small Exchange,exchange\n`);
	mustClew("label", "import", at("labels.csv"), "--source", "desk", "--confidence", "90", "--case", place);
	mustClew("trace", "--case", place, "--seed", `tx:${hash(10)}`);
	mustClew("freeze", "--case", place, "--include-leads", "--out", at("requests"));
	packet = await readBundle(at("requests/custodian-example-exchange"));
});

const textOf = (files: Files, name: string) => Buffer.from(files.get(name) as Uint8Array).toString("utf8");

/** The packet after a forger changed it and mended every hash and the seal. */
function resealed(forge: (files: Files) => void, made = packet): Files {
	const files = new Map(made);
	forge(files);
	const { seal: _, ...list } = JSON.parse(textOf(files, "packet.json"));
	const listed = [...files].filter(([path]) => path !== "packet.json").sort(([a], [b]) => (a < b ? -1 : 1));
	const open = { ...list, files: listed.map(([path, data]) => ({ path, bytes: String(data.length), sha256: sha256Hex(data as Loose) })) };
	files.set("packet.json", Buffer.from(`${canonicalJson({ ...open, seal: sha256Hex(canonicalJson(open)) })}\n`));
	return files;
}

const edited = (change: (request: Loose) => void) =>
	resealed((files) => {
		const request = JSON.parse(textOf(files, "request.json"));
		change(request);
		files.set("request.json", Buffer.from(`${canonicalJson(request)}\n`));
	});
const replaced = (name: string, from: string | RegExp, to: string) =>
	resealed((files) => files.set(name, Buffer.from(textOf(files, name).replaceAll(from, to))));

async function judged(files: Files) {
	const alone = await verifyFiles(files, NO_TRUST);
	return { alone, whole: await checkPapers(files, alone, version, ({ conventions }) => conventions) };
}

const MORE = `9999${"0".repeat(18)}`;

describe("a freeze request", () => {
	it("holds together as it was made, and says of the single file what that did not check", async () => {
		const { alone, whole } = await judged(resealed(() => {}));
		expect([whole.failures, whole.verdict, whole.hashedOnly]).toEqual([[], "intact", []]);
		expect(wording(alone, false).join("\n")).toContain(
			"papers not checked: of request.pdf, request.txt, transfers.xlsx the hash alone was checked",
		);
		expect(wording(whole, false).join("\n")).not.toContain("not checked");
	});

	it.each<[string, (request: Loose) => void, string]>([
		["a row that calls itself proven", (r) => Object.assign(r.rows[0], { provenance: "proven" }), "provenance"],
		[
			"asks for more than its rows bring",
			(r) => {
				const [point] = r.points;
				Object.assign(point, {
					agreed: MORE,
					range: [MORE, MORE],
					amounts: Object.fromEntries(Object.keys(point.amounts).map((rule) => [rule, MORE])),
				});
				r.asked[ETH] = MORE;
			},
			"and its rows bring",
		],
		[
			"asks for more than one rule's rows bring",
			(r) => {
				r.rows[0].tainted.lifo = "1";
			},
			"under lifo, and its rows bring",
		],
		["asks for more than its end points agree on", (r) => Object.assign(r.asked, { [ETH]: MORE }), "its end points add up to"],
		[
			"asks for an asset of which nothing is there",
			(r) => Object.assign(r.asked, { "eip155:1/erc20:0x1": "1" }),
			"its end points add up to 0",
		],
		["names an end point that no row pays", (r) => Object.assign(r.points[0], { account: `eip155:1:${CLEAN}` }), "brings it no"],
		["names rows that are not there", (r) => r.points[0].rows.push(999), "row 999 is not there"],
		["names no row", (r) => Object.assign(r.points[0], { rows: [] }), "not a list of at least 1"],
		["holds rows of nothing", (r) => r.rows.push({ ...r.rows[0], row: 900 }), "row 900 leads to no end point"],
		["says what poison says of an end point", (r) => Object.assign(r.points[0].amounts, { poison: MORE }), "and no other"],
		["says what poison says of a row", (r) => Object.assign(r.rows[0].tainted, { poison: "0" }), "and no other"],
		["says what poison says of a seed", (r) => Object.assign(r.seeds[0].seeded[ETH], { poison: MORE }), "seed tx:"],
		[
			"names outputs on a chain of accounts",
			(r) => r.points[0].outpoints.push({ outpoint: `${"a".repeat(64)}:0`, amount: "1", tainted: r.points[0].amounts }),
			"names outputs, which eip155:1 has none of",
		],
		["leaves out a rule", (r) => delete r.points[0].amounts.fifo, "does not say what each rule says"],
		[
			"leaves out a rule everywhere",
			(r) => {
				r.rules = r.rules.filter((rule: string) => rule !== "fifo");
				for (const one of [...r.points, ...r.rows]) delete (one.amounts ?? one.tainted).fifo;
			},
			"was made with the rules",
		],
		["agrees on more than its least rule", (r) => Object.assign(r.points[0].amounts, { fifo: "1" }), "are not what its rules say"],
		["is an order of a court", (r) => Object.assign(r, { kind: "court order" }), "kind: must be"],
		["asks to pay", (r) => Object.assign(r, { asks: ["pay", "seize"] }), "asks[0]: must be"],
		[
			"asks for leads to be frozen",
			(r) => Object.assign(r, { leads: r.points, points: [], asked: {} }),
			"asks to preserve, freeze, produce, where 0",
		],
		[
			"is to somebody whom no label names",
			(r) => Object.assign(r.to, { entity: "Binance" }),
			"no label calls it a custodian's of the name Binance",
		],
		["is to an issuer of ether", (r) => Object.assign(r, { kind: "issuer" }), "nobody issued"],
		[
			"calls a balance proven that nothing proves",
			(r) => r.balances.push({ account: r.points[0].account, asset: ETH, amount: "7", height: "9", blockHash: hash(1), known: "proven" }),
			"does not prove",
		],
		["says what no request says", (r) => Object.assign(r, { pay: "here" }), "unknown field"],
		["hides that it is a what-if", (r) => Object.assign(r, { whatIf: null }), "not a text"],
	])("that %s fails, in the single file, too", async (_, change, why) => {
		const { alone } = await judged(edited(change));
		expect([alone.ok, alone.failures.join("\n")]).toEqual([false, expect.stringContaining(why)]);
	});

	it("tells amounts under rules that conserve value alone, everywhere", () => {
		expect(textOf(packet, "request.json")).not.toContain('"poison":');
	});

	it("fails when its table says other than it, cell by cell", async () => {
		for (const [from, to] of [
			["8000000000000000000", "80000000000000000000"],
			[hash(12), hash(77)],
			["imported", "proven"],
			[/0xd{40}/gi, `0x${"9".repeat(40)}`],
			["amount_base_units", "amount"],
		] as const) {
			const { alone } = await judged(replaced("transfers.csv", from, to));
			expect(alone.failures.join("\n")).toMatch(/transfers\.csv.*(column|columns)/);
		}
	});

	it("fails when what a person reads says other than it: text, PDF and spreadsheet are made again", async () => {
		const text = await judged(replaced("request.txt", /(?<![\d.])\d+ ETH/g, "4999 ETH"));
		expect([text.alone.ok, text.whole.failures]).toEqual([true, ["request.txt: is not what request.json gives"]]);
		const pdf = await judged(resealed((files) => files.set("request.pdf", Buffer.from("%PDF-1.4 pay"))));
		expect(pdf.whole.failures).toEqual(["request.pdf: is not what request.json gives"]);
		const table = parseCsv(textOf(packet, "transfers.csv").replaceAll("8000000000000000000", "9000000000000000000"));
		const forged = await spreadsheet(table);
		const sheet = await judged(resealed((files) => files.set("transfers.xlsx", forged)));
		expect(sheet.whole.failures).toEqual(["transfers.xlsx: is not what request.json gives"]);
		const extra = await judged(resealed((files) => files.set("order.pdf", Buffer.from("x"))));
		expect(extra.alone.failures.join()).toContain("order.pdf: no packet has such a file");
	});

	it("of the maker's own wording is made again, and its words are not called checked", () => {
		writeFileSync(at("own.txt"), "Pay 99999 ETH to {{recipient}}\n\n# Facts\n{{transfers}}\n");
		mustClew("freeze", "--case", place, "--for", "Example Exchange", "--template", at("own.txt"), "--out", at("own"));
		const out = mustClew("verify", at("own"));
		expect(out).toMatch(
			/papers not checked: of custodian-example-exchange\/ \(2\) the hash alone was checked; the wording is the maker's own/,
		);
	});

	it("is the same to the byte when it is made again", async () => {
		mustClew("freeze", "--case", place, "--include-leads", "--out", at("again"));
		expect(await readBundle(at("again/custodian-example-exchange"))).toEqual(packet);
		expect(clew(["verify", at("requests")]).code).toBe(0);
	});
});

describe("a freeze request on Bitcoin", () => {
	const COINBASE_9 = "0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9";
	let onBitcoin: Files;
	beforeAll(async () => {
		const file = at("btc.clew");
		mustClew("case", "new", file, "--title", "Bitcoin's first blocks", "--chain", "bitcoin");
		mustClew("import", "blocks", join(ROOT, "fixtures", "bitcoin", "blocks-1-256.dat"), "--case", file);
		writeFileSync(at("btc.csv"), "address,entity,category\n1Q2TWHE3GMdB6BZKafqwxXtWAWgFt5Jvm3,Example Exchange,exchange\n");
		mustClew("label", "import", at("btc.csv"), "--source", "desk", "--confidence", "90", "--case", file);
		mustClew("trace", "--case", file, "--seed", `outpoint:${COINBASE_9}:0`);
		mustClew("freeze", "--case", file, "--out", at("btc-requests"));
		onBitcoin = await readBundle(at("btc-requests/custodian-example-exchange"));
	});

	it.each<[string, (point: Loose) => void, string]>([
		["as it was made", () => {}, ""],
		["whose output is tainted with less", ({ outpoints }) => Object.assign(outpoints[0].tainted, { fifo: "1" }), "its outputs add up to"],
		["whose output holds less than is tainted", ({ outpoints }) => Object.assign(outpoints[0], { amount: "1" }), "more than it holds"],
		["that names an output twice", ({ outpoints }) => outpoints.push(outpoints[0]), "names an output twice"],
		["that names no output", (point) => Object.assign(point, { outpoints: [] }), "its outputs add up to 0"],
		["whose output says what poison says", ({ outpoints }) => Object.assign(outpoints[0].tainted, { poison: "1" }), "and no other"],
	])("%s is checked against the outputs that it names", async (_, change, why) => {
		const files = resealed((changed) => {
			const request = JSON.parse(textOf(changed, "request.json"));
			expect(request.points[0].outpoints).not.toEqual([]);
			change(request.points[0]);
			changed.set("request.json", Buffer.from(`${canonicalJson(request)}\n`));
		}, onBitcoin);
		const { alone } = await judged(files);
		expect([alone.ok, alone.failures.join("\n")]).toEqual([why === "", expect.stringContaining(why)]);
	});
});
