import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BITCOIN_NETWORKS, type ChainId, canonicalJson, chainName, coinOf, EVM_CHAINS, nativeAsset } from "@clew/core";
import { checkPapers, failureText, readBundle, verifyFiles, wording } from "@clew/evidence";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spreadsheet } from "../../packages/evidence/src/freeze/row-table.js";
import { parseCsv } from "../../packages/evidence/src/verify/encoding/csv.js";
import { checkCoins, nameOfChain } from "../../packages/evidence/src/verify/trace/chains.js";
import { clew, mustClew, ROOT, scratch } from "../clew.js";
import { resealPacket } from "../reseal.js";

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
	return resealPacket(files);
}

const edited = (change: (request: Loose) => void, made = packet) =>
	resealed((files) => {
		const request = JSON.parse(textOf(files, "request.json"));
		change(request);
		files.set("request.json", Buffer.from(`${canonicalJson(request)}\n`));
	}, made);
const replaced = (name: string, from: string | RegExp, to: string) =>
	resealed((files) => files.set(name, Buffer.from(textOf(files, name).replaceAll(from, to))));

async function judged(files: Files) {
	const alone = await verifyFiles(files, NO_TRUST);
	return { alone, whole: await checkPapers(files, alone, version, ({ conventions }) => conventions) };
}

const TOKEN = `eip155:1/erc20:0x${"1".repeat(40)}`;
const balanceOf = ({ points: [{ account }] }: Loose) => ({
	account,
	asset: ETH,
	amount: "7",
	height: "99",
	blockHash: hash(1),
	known: "node",
});
/** A field that is filled in, and so no blank. */
const said = (r: Loose, name: string, text: string) => {
	r.fields[name] = text;
	r.blanks = r.blanks.filter((blank: string) => blank !== `fields.${name}`);
};
const MORE = `9999${"0".repeat(18)}`;

describe("a freeze request", () => {
	it("holds together as it was made, and says of the single file what that did not check", async () => {
		const { alone, whole } = await judged(resealed(() => {}));
		expect([whole.failures.map(failureText), whole.verdict, whole.hashedOnly]).toEqual([[], "intact", []]);
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
		["counts the chain's coin with other decimals", (r) => Object.assign(r.assets[ETH], { decimals: 15 }), "has 18 decimals, not 15"],
		["calls the chain's coin a token", (r) => Object.assign(r.assets[ETH], { symbol: "USDC" }), 'is called "USDC", and not ETH'],
		["calls the chain's coin another's", (r) => Object.assign(r.assets[ETH], { symbol: "BTC" }), 'is called "BTC", and not ETH'],
		["does not say what the coin is", (r) => Object.assign(r, { assets: {} }), `does not say what ${ETH} is`],
		["is of a case on another chain", (r) => Object.assign(r.case, { chain: "eip155:56" }), "is of a case on eip155:56"],
		["calls its chain another's", (r) => Object.assign(r, { chainName: "Binance" }), 'calls eip155:1 "Binance"'],
		[
			"tells two hashes of one block",
			(r) => r.balances.push(...[1, 2].map((n) => ({ ...balanceOf(r), asset: n === 1 ? ETH : TOKEN, blockHash: hash(n) }))),
			`and ${hash(1)} at another balance`,
		],
		[
			"tells two balances of one account at one block",
			(r) => r.balances.push(balanceOf(r), { ...balanceOf(r), amount: "8" }),
			"has two balances",
		],
		["tells a balance of a time before its rows", (r) => r.balances.push({ ...balanceOf(r), height: "11" }), "behind that"],
		["begins at what is no seed", (r) => Object.assign(r.seeds[0], { spec: "a court says so" }), "which is no seed"],
		[
			"begins at an output of no output chain",
			(r) => Object.assign(r.seeds[0], { spec: `outpoint:${"a".repeat(64)}:0` }),
			"which is no seed",
		],
		[
			"begins with one wei",
			(r) => Object.assign(r.seeds[0].seeded[ETH], Object.fromEntries(r.rules.map((rule: string) => [rule, "1"]))),
			`of ${ETH} under fifo, and its seeds marked 1`,
		],
		["does not say what it was exchanged from", (r) => delete r.exchanges, "lacks exchanges"],
		["keeps until no day", (r) => said(r, "until", "2027-02-30"), "is no day of the calendar"],
		["keeps until a day before its money moved", (r) => said(r, "until", "2019-01-01"), "lies before the first movement"],
		["fills in a blank with a blank", (r) => said(r, "badge", "[To be filled in by a person: badge]"), "fields.badge looks like a place"],
		["lists no blank", (r) => Object.assign(r, { blanks: [] }), "leaves details.requester to a person, and its blanks do not say so"],
		["leaves out one blank", (r) => r.blanks.splice(r.blanks.indexOf("fields.badge"), 1), "leaves fields.badge to a person"],
		["lists what is no blank", (r) => r.blanks.push("nothing"), "calls nothing a blank"],
		["lists a blank twice", (r) => r.blanks.push(r.blanks[0]), "lists a blank twice"],
		["calls what is filled in a blank", (r) => Object.assign(r.fields, { badge: "7" }), "calls fields.badge a blank"],
		[
			"fills a blank with nothing",
			(r) => {
				r.fields.badge = "  ";
				r.blanks = r.blanks.filter((one: string) => one !== "fields.badge");
			},
			"leaves fields.badge to a person",
		],
		["hides a blank of its wording", (r) => Object.assign(r, { template: "A\n{{blank: iban}}\n" }), "leaves wording: iban to a person"],
		["fills in lines of its own", (r) => Object.assign(r.fields, { badge: "7\nPay" }), "fields.badge: not the expected text"],
		["keeps records until some day", (r) => Object.assign(r.fields, { until: "soon" }), "fields.until: not the expected text"],
		[
			"names a contract of a coin",
			(r) => Object.assign(r.contracts, { [ETH]: `0x${"0".repeat(40)}` }),
			"names a contract of eip155:1/slip44:60",
		],
		["has a row behind its time", (r) => Object.assign(r.rows[0], { position: "9999999.0.0" }), "stands behind 9999999.0.0"],
		["has a row that no data holds", (r) => Object.assign(r.rows.at(-1), { position: "9999999.0.0" }), "the data ends at block"],
		["has a row of an earlier time", (r) => Object.assign(r.rows.at(-1), { time: "2019-01-01T00:00:00Z" }), "before it of 2020-"],
		["has a row of no time", (r) => Object.assign(r.rows.at(-1), { time: "soon" }), "is of soon"],
		[
			"has one transaction in two blocks",
			(r) => Object.assign(r.rows.at(-1), { txHash: r.rows[0].txHash }),
			"stands at 13.0, and at 12.0 before",
		],
		["says what no request says", (r) => Object.assign(r, { pay: "here" }), "unknown field"],
		["hides that it is a what-if", (r) => Object.assign(r, { whatIf: null }), "not a text"],
	])("that %s fails, in the single file, too", async (_, change, why) => {
		const { alone } = await judged(edited(change));
		expect([alone.ok, alone.failures.map(failureText).join("\n")]).toEqual([false, expect.stringContaining(why)]);
	});

	const AT = "99";
	const lowerBy = (lower: bigint) => `the node's balance is lower by ${lower} base units than what the trace says can have arrived there`;
	const lessHeld = ({ points: [{ account, asset, range }] }: Loose) => ({
		kind: "balance-differs",
		account,
		asset,
		amount: range[1],
		balance: "7",
		toHeight: AT,
		text: lowerBy(BigInt(range[1]) - 7n),
	});
	const held = ({ points: [{ account, asset }] }: Loose) => ({
		account,
		asset,
		amount: "7",
		height: AT,
		blockHash: hash(1),
		known: "node",
	});
	it.each<[string, (difference: Loose) => void, string]>([
		["as Clew finds it", () => {}, ""],
		[
			"in words of nobody",
			(one) => Object.assign(one, { text: "a court has confirmed that all of it is still there" }),
			"says what no node is asked",
		],
		["with words behind it", (one) => Object.assign(one, { text: `${one.text}; pay at once` }), "says what no node is asked"],
		["of another kind", (one) => Object.assign(one, { kind: "code-differs" }), "says what no node is asked"],
		["without its figures", (one) => delete one.balance, "says what no node is asked"],
		["of another amount", (one) => Object.assign(one, { amount: MORE }), "that an end point says"],
		["that is none", (one) => Object.assign(one, { balance: one.amount }), "is not less than"],
		["that its balances deny", (one) => Object.assign(one, { balance: "6", text: lowerBy(BigInt(one.amount) - 6n) }), "its balances say 7"],
		["of who is not asked about", (one) => Object.assign(one, { account: `eip155:1:${CLEAN}` }), "is of no end point"],
	])("holds a difference between node and trace %s", async (_, change, why) => {
		const files = edited((request) => {
			const one = lessHeld(request);
			change(one);
			Object.assign(request, { balances: [held(request)], differences: [one] });
		});
		const { alone } = await judged(files);
		expect([alone.ok, alone.failures.map(failureText).join("\n")]).toEqual([why === "", expect.stringContaining(why)]);
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
			expect(alone.failures.map(failureText).join("\n")).toMatch(/transfers\.csv.*(column|columns)/);
		}
	});

	it("fails when what a person reads says other than it: text, PDF and spreadsheet are made again", async () => {
		const text = await judged(replaced("request.txt", /(?<![\d.])\d+ ETH/g, "4999 ETH"));
		expect([text.alone.ok, text.whole.failures.map(failureText)]).toEqual([true, ["request.txt: is not what request.json gives"]]);
		const pdf = await judged(resealed((files) => files.set("request.pdf", Buffer.from("%PDF-1.4 pay"))));
		expect(pdf.whole.failures.map(failureText)).toEqual(["request.pdf: is not what request.json gives"]);
		const table = parseCsv(textOf(packet, "transfers.csv").replaceAll("8000000000000000000", "9000000000000000000"));
		const forged = await spreadsheet(table);
		const sheet = await judged(resealed((files) => files.set("transfers.xlsx", forged)));
		expect(sheet.whole.failures.map(failureText)).toEqual(["transfers.xlsx: is not what request.json gives"]);
		const extra = await judged(resealed((files) => files.set("order.pdf", Buffer.from("x"))));
		expect(extra.alone.failures.map(failureText).join()).toContain("order.pdf: no packet has such a file");
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

describe("what only a person can say of a request", () => {
	const SAID = {
		agency: "Cyber unit 4, Example State",
		officer: "A. Officer",
		badge: "7741",
		email: "officer@police.example",
		telephone: "+1 555 0100",
		authority: "Public prosecutor of Example",
		counsel: "B. Counsel, room 12",
		order: "12 Js 34/26 of 2026-02-03",
		urgency: "today: withdrawals go on",
		until: "2027-01-31",
		channel: "the portal of Example",
		suspects: "unknown person 1",
		victims: "file 12 Js 34/26, claimants 1 to 3",
	};
	const fields = (said: object) => {
		writeFileSync(at("fields.json"), JSON.stringify({ schema: "clew.request-fields/1", ...said }));
		return at("fields.json");
	};
	const freeze = (out: string, ...args: string[]) =>
		clew(["freeze", "--case", place, "--for", "Example Exchange", "--out", at(out), ...args]);
	it("stands in text, PDF and JSON, or is a marked blank that is listed", async () => {
		expect(freeze("said", "--fields", fields(SAID)).code).toBe(0);
		const said = await readBundle(at("said/custodian-example-exchange"));
		const text = (files: Files) => textOf(files, "request.txt").replace(/\s+/g, " ");
		const request = JSON.parse(textOf(said, "request.json"));
		expect(request).toMatchObject({ fields: SAID, chainName: "Ethereum", contracts: {} });
		expect(request.blanks).toEqual(["details.requester", "details.legalBasis", "details.jurisdiction", "to.address", "to.channel"]);
		for (const value of [...Object.values(SAID), "ETH: the coin of Ethereum (eip155:1), 18 decimals"]) expect(text(said)).toContain(value);
		const { blanks } = JSON.parse(textOf(packet, "request.json"));
		expect(blanks).toEqual([...request.blanks, ...Object.keys(SAID).map((name) => `fields.${name}`)]);
		const marks = new Set([...text(packet).matchAll(/\[TO BE FILLED IN BY A PERSON: ([^\]]+)\]/g)].map(([, words]) => words));
		expect(marks.size).toBe(blanks.length);
		expect((await judged(said)).whole.failures.map(failureText)).toEqual([]);
		const { stdout } = spawnSync("pdftotext", [at("said/custodian-example-exchange/request.pdf"), "-"], { encoding: "utf8" });
		// Where the program is there: words of a paper lie in its PDF as numbers of shapes.
		if (stdout) for (const value of Object.values(SAID)) expect(stdout.replace(/\s+/g, " ")).toContain(value);
	});

	it("is beside what Clew knows: each token's contract with its checksum", async () => {
		const [token, shown] = ["0xdac17f958d2ee523a2206206994597c13d831ec7", "0xdAC17F958D2ee523a2206206994597C13D831ec7"];
		const file = at("token.clew");
		mustClew("case", "new", file, "--title", "Tokens");
		mkdirSync(at("token-files"));
		const head = "blockNumber,timeStamp,hash,from,contractAddress,to,value,tokenName,tokenSymbol,tokenDecimal,transactionIndex";
		const line = (block: number, from: string, to: string) =>
			`${block},${1_600_000_000 + block},${hash(block)},${from},${token},${to},5000000,Tether USD,USDT,6,1`;
		writeFileSync(join(at("token-files"), "tokens.csv"), `${[head, line(10, PAYER, THIEF)].join("\n")}\n`);
		mustClew("import", "etherscan", at("token-files"), "--case", file);
		mustClew("trace", "--case", file, "--seed", `tx:${hash(10)}`);
		const asset = `eip155:1/erc20:${token}`;
		const issuer = { entity: "Issuer", name: "Issuer Ltd", address: "Street 1", channel: "portal", issues: [asset] };
		writeFileSync(at("issuers.json"), JSON.stringify({ schema: "clew.recipients/1", recipients: [issuer] }));
		mustClew("freeze", "--case", file, "--recipients", at("issuers.json"), "--out", at("token-requests"));
		const made = await readBundle(at("token-requests/issuer-issuer"));
		expect(JSON.parse(textOf(made, "request.json")).blanks).not.toContain("to.address");
		expect(JSON.parse(textOf(made, "request.json")).contracts).toEqual({ [asset]: shown });
		expect(textOf(made, "transfers.csv")).toContain(`,${asset},${shown},USDT,6,`);
		expect(textOf(made, "request.txt").replace(/\s+/g, " ")).toContain(
			`USDT: the token of contract ${shown} on Ethereum (eip155:1), 6 decimals`,
		);
		for (const contracts of [{}, { [asset]: token }, { [asset]: `0x${"1".repeat(40)}` }]) {
			const { alone } = await judged(edited((request) => Object.assign(request, { contracts }), made));
			expect(alone.failures.map(failureText).join()).toContain(`${asset}: its contract is ${shown}`);
		}
	});

	it("is one line a field, a day, and no other field", () => {
		for (const [wrong, why] of [
			[{ badge: "7\n8" }, "must be one line"],
			[{ until: "soon" }, "until: is no date of the form YYYY-MM-DD"],
			[{ until: "2027-02-30" }, "until: is no date of the form YYYY-MM-DD"],
			[{ badge: "[TO BE FILLED IN BY A PERSON: badge]" }, "badge: looks like a place that is left to a person"],
			[{ bank: "x" }, "bank"],
			[{ schema: "clew.recipients/1" }, "schema"],
		] as const)
			expect(freeze("wrong", "--fields", fields({ ...SAID, ...wrong }))).toMatchObject({ code: 3, err: expect.stringContaining(why) });
		writeFileSync(at("twice.json"), '{"schema":"clew.request-fields/1","badge":"1","agency":"a","badge":"2"}');
		expect(freeze("wrong", "--fields", at("twice.json"))).toMatchObject({
			code: 3,
			err: expect.stringContaining('badge" stands there twice'),
		});
		const missing = freeze("wrong", "--fields", at("nowhere.json"));
		expect(missing).toMatchObject({ code: 2, err: expect.stringContaining("the file of fields is not there") });
		expect(missing.err).not.toContain("ENOENT");
	});

	it("keeps records until a day behind the first movement; one that is over is said", () => {
		const early = freeze("early", "--fields", fields({ ...SAID, until: "2020-09-12" }));
		expect(early).toMatchObject({ code: 2, err: expect.stringContaining("until: 2020-09-12 lies before the first movement") });
		const over = freeze("over", "--fields", fields({ ...SAID, until: "2020-09-14" }));
		expect(over).toMatchObject({ code: 0, err: expect.stringContaining("until 2020-09-14, a day that is over") });
	});

	it("is no blank written as text, in the wording, the registry or the case", () => {
		const mark = "[TO BE FILLED IN BY A PERSON: x]";
		writeFileSync(at("mark.txt"), `Title\n${mark}\n`);
		expect(freeze("marked", "--template", at("mark.txt"))).toMatchObject({ code: 3, err: expect.stringContaining("{{blank: what}}") });
		writeFileSync(at("mark.json"), JSON.stringify({ schema: "clew.recipients/1", recipients: [{ entity: "E", address: mark }] }));
		expect(freeze("marked", "--recipients", at("mark.json"))).toMatchObject({
			code: 3,
			err: expect.stringContaining("address: looks like"),
		});
		expect(clew(["case", "set", "--case", place, "--requester", mark])).toMatchObject({
			code: 2,
			err: expect.stringContaining("looks like"),
		});
	});
});

describe("the verifier's own table of chains", () => {
	it("calls each chain's coin and each chain as Clew does, and of others says what Clew writes there", () => {
		const unknown = "eip155:987654321" as ChainId;
		for (const chain of [...EVM_CHAINS, ...BITCOIN_NETWORKS.map((network) => network.chain), unknown]) {
			const failures: string[] = [];
			const { symbol, decimals } = coinOf(chain);
			const check = (described: { symbol: string; decimals: number }) =>
				checkCoins({ [nativeAsset(chain)]: described }, [], "x", (_, what) => void failures.push(what));
			check({ symbol, decimals });
			expect([chain, failures, nameOfChain(chain)]).toEqual([chain, [], chainName(chain)]);
			for (const forged of [
				{ symbol: "USDC", decimals },
				{ symbol: "", decimals },
				{ symbol, decimals: decimals - 3 },
			])
				check(forged);
			expect([chain, failures.length]).toEqual([chain, 3]);
		}
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

	const spent = ({ points: [{ account, asset, outpoints }] }: Loose) => ({
		kind: "later-spend",
		account,
		asset,
		amount: outpoints[0].amount,
		fromHeight: "300",
		text: `output ${outpoints[0].outpoint} is spent by transaction ${"7".repeat(64)}, in block 300`,
	});
	const exchangeOf = ({ chain, rows: [{ position, time, txHash, provenance }], points: [{ account, asset, amounts: tainted }] }: Loose) => {
		const side = { asset, amount: tainted.fifo, tainted };
		return { row: 1, position, time, txHash, provenance, account, paid: side, got: { ...side, asset: `${chain}/erc20:0x1` } };
	};
	it.each<[string, (point: Loose, request: Loose) => void, string]>([
		["as it was made", () => {}, ""],
		["whose output is tainted with less", ({ outpoints }) => Object.assign(outpoints[0].tainted, { fifo: "1" }), "its outputs add up to"],
		["whose output holds less than is tainted", ({ outpoints }) => Object.assign(outpoints[0], { amount: "1" }), "more than it holds"],
		["that names an output twice", ({ outpoints }) => outpoints.push(outpoints[0]), "names an output twice"],
		["that names no output", (point) => Object.assign(point, { outpoints: [] }), "its outputs add up to 0"],
		["of which a node knows who spent it", (_, request) => request.differences.push(spent(request)), ""],
		[
			"of which a node knows who spent another",
			(_, request) => request.differences.push({ ...spent(request), amount: "1" }),
			"is no output of 1",
		],
		[
			"that is spent in two blocks",
			(_, request) => request.differences.push({ ...spent(request), fromHeight: "301" }),
			"fromHeight is 301",
		],
		[
			"whose seeds marked less",
			(_, request) => Object.assign(Object.values<Loose>(request.seeds[0].seeded)[0], { fifo: "1" }),
			"under fifo, and its seeds marked 1",
		],
		[
			"of an earlier form, whose seeds marked less",
			(_, request) => {
				for (const later of ["exchanges", "way", "calls", "restsOn"]) delete Object.assign(request, { schema: "clew.request/3" })[later];
				for (const point of [...request.points, ...request.leads]) delete point.disputed;
				Object.assign(Object.values<Loose>(request.seeds[0].seeded)[0], { fifo: "1" });
			},
			"under fifo, and its seeds marked 1",
		],
		["that passed through an exchange", (_, request) => request.exchanges.push(exchangeOf(request)), "names exchanges, which bip122:"],
		["whose output says what poison says", ({ outpoints }) => Object.assign(outpoints[0].tainted, { poison: "1" }), "and no other"],
	])("%s is checked against the outputs that it names", async (_, change, why) => {
		const files = resealed((changed) => {
			const request = JSON.parse(textOf(changed, "request.json"));
			expect(request.points[0].outpoints).not.toEqual([]);
			change(request.points[0], request);
			if (request.way === undefined) changed.delete("path.csv");
			changed.set("request.json", Buffer.from(`${canonicalJson(request)}\n`));
		}, onBitcoin);
		const { alone } = await judged(files);
		expect([alone.ok, alone.failures.map(failureText).join("\n")]).toEqual([why === "", expect.stringContaining(why)]);
	});
});
