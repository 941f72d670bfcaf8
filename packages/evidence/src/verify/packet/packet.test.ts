import { type AccountId, nativeAsset } from "@clew/core";
import { TEST_CHAIN, testAccount } from "@clew/core/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { resealPacket } from "../../../../../tests/reseal.js";
import { groupServices } from "../../bundle/leaf-groups.js";
import { packetFiles } from "../../freeze/packet.js";
import { planRequests } from "../../freeze/requests.js";
import { provenBalance } from "../balance.test-util.js";
import { BITCOIN, type Loose } from "../blocks.test-util.js";
import { AT, exchangeLabel, failuresOf, jsonLine, smallTrace, textIn } from "../bundle.test-util.js";
import { checkClaims } from "./claims.js";
import type { Packet, Request, RequestPoint } from "./formats.js";

type Files = Map<string, Uint8Array>;
const COIN = nativeAsset(TEST_CHAIN);
const HOLDER = testAccount(2);
const TOKEN = `${TEST_CHAIN}/erc20:0x${"c3".repeat(20)}`;

let files: Files = new Map();
/** Of the same trace, for somebody else. */
let others: Files = new Map();
beforeAll(async () => {
	const traced = await smallTrace({ labels: [exchangeLabel(HOLDER, "Exchange"), exchangeLabel(testAccount(3), "Other")] });
	const result = { ...traced, edges: traced.edges.map((edge) => ({ ...edge, time: `2019-06-01T00:00:0${edge.row}Z` })) };
	const [request, other] = ["Exchange", "Other"].flatMap((only) => planRequests(result, [], { only }).requests);
	if (request === undefined || other === undefined) throw new Error("there is no request");
	const { balance, height, hash, ...proof } = await provenBalance(HOLDER.slice(HOLDER.lastIndexOf("0x") + 2));
	const known = { account: HOLDER, asset: COIN, amount: BigInt(balance), height: Number(height), blockHash: hash };
	const details = { requester: "", legalBasis: "", jurisdiction: "", handling: "" };
	const info = { ...result.case, chain: TEST_CHAIN, createdAt: AT };
	const balances = [{ ...known, proof: { ...proof, balance, height, hash, account: HOLDER as AccountId } as never }];
	const packed = async (asked: typeof request, told: typeof balances) => {
		const made = await packetFiles({ info, details, result, request: asked, balances: told, toolVersion: "0" });
		return new Map([...made].map(([path, content]) => [path, Buffer.from(content)]));
	};
	files = await packed(request, balances);
	others = await packed(other, []);
});

const request = () => JSON.parse(textIn(files, "request.json")) as Loose<Request>;
const first = <T>([one]: readonly T[]): T => one as T;

describe("a freeze request against itself", () => {
	const claims = (edit: (request: Loose<Request>) => unknown) => {
		const found: string[] = [];
		const changed = request();
		edit(changed);
		checkClaims(changed, "r", (where, what) => found.push(`${where}: ${what}`));
		return found;
	};

	it("says nothing else than it says", () => {
		expect(claims(() => {})).toEqual([]);
	});

	const rules = ["fifo", "lifo", "haircut", "libr", "difo", "dilo"];
	const under = (amount: string) => Object.fromEntries(rules.map((rule) => [rule, amount]));
	it.each<[string, string, (request: Loose<Request>) => unknown]>([
		["rules that are left out", "was made with the rules fifo; on eip155:1 there are", (r) => (r.rules = ["fifo"])],
		["a rule that was not run", "tells seeds by poison, which is none of its rules", (r) => (r.rule = "poison")],
		["a seed that lacks a rule", "does not say what each rule says, and no other", (r) => (first(r.seeds).seeded[COIN] = { fifo: "1" })],
		["no end point", "names no end point", (r) => (r.points = [])],
		["another chain of its case", "is of a case on eip155:10, and of a trace on eip155:1", (r) => (r.case.chain = "eip155:10")],
		["another name of its chain", 'calls eip155:1 "Bitcoin"', (r) => (r.chainName = "Bitcoin")],
		["other decimals of the coin", "has 18 decimals, not 6", (r) => Object.assign(r.assets[COIN] ?? {}, { decimals: 6 })],
		["another symbol of the coin", 'is called "BTC", and not ETH', (r) => Object.assign(r.assets[COIN] ?? {}, { symbol: "BTC" })],
		["a coin that is not described", "does not say what eip155:1/slip44:60 is", (r) => (r.assets = {})],
		["a token without its contract", "its contract is 0xc3", (r) => (first(r.points).asset = TOKEN)],
		["a contract of nothing", `names a contract of ${TOKEN}, which it is not about`, (r) => (r.contracts[TOKEN] = `0x${"c3".repeat(20)}`)],
		["less asked than it may", "asks to preserve, where 1 end points have an amount", (r) => (r.asks = ["preserve"])],
		["a row twice", "stands on a movement that another row is of", (r) => r.rows.push(first(r.rows))],
		["rows in another order", "r row 2: does not stand in order", (r) => r.rows.push(first(r.rows))],
		["a row that lacks a rule", "r row 2: does not say what each rule says, and no other", (r) => (first(r.rows).tainted = { fifo: "6" })],
		[
			"a row of another chain",
			'r row 2: names "eip155:10:0x1", which is no account of eip155:1',
			(r) => (first(r.rows).from = "eip155:10:0x1"),
		],
		["a hash without its 0x", "r row 2: is of transaction", (r) => (first(r.rows).txHash = first(r.rows).txHash.slice(2))],
		["a balance's block without its 0x", "which is no hash as eip155:1", (r) => (first(r.balances).blockHash = "ab".repeat(32))],
		[
			"a seed of another chain's money",
			"which is no asset of eip155:1",
			(r) => (first(r.seeds).seeded["eip155:10/slip44:60"] = under("1")),
		],
		["a row with more taint than it moved", "r row 2: taints 7 to 7 of 6", (r) => (first(r.rows).tainted = under("7"))],
		["a range that leaves out what rules say", "r row 2: taints 1 to 2 of 6", (r) => (first(r.rows).range = ["1", "2"])],
		[
			"an end point that lacks a rule",
			`${HOLDER}: does not say what each rule says, and no other`,
			(r) => (first(r.points).amounts = { fifo: "6" }),
		],
		["more agreed than rules say", "agreed 7 and range 7 to 7", (r) => Object.assign(first(r.points), { agreed: "7", range: ["7", "7"] })],
		["agreed that is no end of the range", "agreed 6 and range 5 to 6", (r) => Object.assign(first(r.points), { range: ["5", "6"] })],
		["rows of an end point in another order", `${HOLDER}: its rows are not in order`, (r) => first(r.points).rows.push(1)],
		["a row that is not there", `${HOLDER}: row 9 is not there`, (r) => first(r.points).rows.push(9)],
		["a row to somebody else", `${HOLDER}: row 2 brings it no ${COIN}`, (r) => (first(r.rows).to = testAccount(9))],
		["more held than came", `${HOLDER}: holds up to 9 of ${COIN}, and its rows bring 6`, (r) => (first(r.points).range = ["6", "9"])],
		["another name of the custodian", `${HOLDER}: no label calls it a custodian's of the name Another`, (r) => (r.to.entity = "Another")],
		[
			"a label that had ended",
			"the label of the name Exchange had ended, or may have",
			(r) => Object.assign(first(first(r.points).labels), { validUntil: "1970-01-01" }),
		],
		["an issuer of the coin", `${HOLDER}: nobody issued ${COIN}`, (r) => (r.kind = "issuer")],
		[
			"outputs on a chain of accounts",
			`${HOLDER}: names outputs, which eip155:1 has none of`,
			(r) => first(r.points).outpoints.push({ outpoint: `${"a".repeat(64)}:0`, amount: "1", tainted: under("1") }),
		],
		["an end point under two names", `${HOLDER} ${COIN}: 12 under fifo, and its rows bring 6`, (r) => r.points.push(first(r.points))],
		[
			"nothing agreed",
			`${HOLDER}: is asked about an amount, but nothing is agreed`,
			(r) => Object.assign(first(r.points), { agreed: "0", range: ["0", "0"], amounts: under("0") }),
		],
		["a lead that is agreed", `${HOLDER}: is called a lead, but 6 are agreed`, (r) => r.leads.push(first(r.points))],
		["another sum", `asks for 5 of ${COIN}, its end points add up to 6`, (r) => (r.asked[COIN] = "5")],
		["a sum of another asset", `asks for 5 of ${TOKEN}, its end points add up to 0`, (r) => (r.asked[TOKEN] = "5")],
		["a row that leads nowhere", "row 2 leads to no end point", (r) => (first(r.points).rows = [])],
		["a balance of somebody else", "a balance of no end point", (r) => (first(r.balances).account = testAccount(9))],
		["a row from the custodian to itself", "r row 2: goes from", (r) => (first(r.rows).from = HOLDER)],
		["a row in the first block", "r row 2: is in block 0", (r) => (first(r.rows).position = "0.0.1")],
		["a row behind the data's end", "is in block 2, and the data ends at block 1", (r) => (r.cutoff = "1")],
		["a blank that is not listed", "leaves details.requester to a person, and its blanks do not say so", (r) => r.blanks.splice(0, 1)],
		["a blank that is none", "calls x a blank, which it is not", (r) => r.blanks.push("x")],
		["a blank twice", "lists a blank twice", (r) => r.blanks.push(first(r.blanks))],
	])("with %s is refused", (_, message, edit) => {
		expect(claims(edit)).toContainEqual(expect.stringContaining(message));
	});

	const OUT = `${"a".repeat(64)}:0`;
	const onBitcoin =
		(...outpoints: Loose<Request["points"][number]["outpoints"]>) =>
		(r: Loose<Request>) => {
			r.chain = BITCOIN;
			first(r.points).outpoints = outpoints;
		};
	const held = { outpoint: OUT, amount: "6", tainted: under("6") };
	it.each<[string, string, (request: Loose<Request>) => unknown]>([
		["an output twice", `${HOLDER}: names an output twice`, onBitcoin(held, held)],
		["an output that lacks a rule", `output ${OUT} does not say what each rule says, and no other`, onBitcoin({ ...held, tainted: {} })],
		["an output with more taint than money", `output ${OUT} is tainted with more than it holds`, onBitcoin({ ...held, amount: "5" })],
		["outputs that do not add up", `${HOLDER}: 6 under fifo, and its outputs add up to 0`, onBitcoin()],
	])("on Bitcoin, with %s is refused", (_, message, edit) => {
		expect(claims(edit)).toContainEqual(expect.stringContaining(message));
	});

	it("says why money ended in sentences of the reason, with numbers of the trace", () => {
		const ends = (detail: string, whatIf?: string) =>
			claims((r) => {
				Object.assign(first(r.points).stop, { detail });
				if (whatIf !== undefined) r.whatIf = whatIf;
			});
		const least = "behaviour alone: at least 50 transfers in the case; nobody labelled it";
		expect(ends(least)).toEqual([`r: ${HOLDER}: says ${JSON.stringify(least)}: the trace's parameter serviceTransfers is 10000`]);
		expect(ends(least, "--service-transfers 50, usually 10000")).toEqual([]);
		expect(ends("nobody holds the key of this address")).toEqual([
			expect.stringContaining("ends as service, and says why in words of burned"),
		]);
		expect(ends("labelled Exchange (exchange, confidence 90)", "--min-confidence 95, usually 20")).toEqual([
			expect.stringContaining("the trace heeds labels from a confidence of 95 on"),
		]);
	});

	it("tells only differences that a node can have told", () => {
		const balance = { account: HOLDER, asset: COIN, amount: "6", balance: "5", toHeight: "5" };
		const text = "the node's balance is lower by 1 base units than what the trace says can have arrived there";
		const told = (change: object = {}) =>
			claims((r) => {
				Object.assign(first(r.balances), { amount: "5" });
				r.differences.push({ kind: "balance-differs", text, ...balance, ...change });
			});
		expect(told()).toEqual([]);
		expect(told({ text: "it holds less than the trace says can have arrived there: some of it has moved on" })).toEqual([]);
		expect(told({ text: text.replace("by 1 ", "by 2 ") })).toEqual(["r difference 1: 5 is lower than 6 by 1, not by 2"]);
		expect(told({ text: "it was stolen" })).toEqual(['r difference 1: says what no node is asked: "it was stolen"']);
		expect(told({ account: testAccount(9) })).toContain(`r difference 1: is of no end point: ${testAccount(9)}`);
		expect(told({ balance: "7" })).toEqual(["r difference 1: 7 is not less than the 6 at most that an end point says"]);
		expect(told({ balance: "4", text: text.replace("by 1 ", "by 2 ") })).toEqual([
			"r difference 1: says that it holds 4 at block 5; its balances say 5",
		]);
		const code = "it has code, and the case takes it for an account without: what it does by internal calls may be missing";
		const coded = (toHeight: string, kind = "code-differs", text = code) =>
			claims((r) => r.differences.push({ kind, text, account: HOLDER, toHeight }));
		expect(coded("5")).toEqual([]);
		const delegated = code.replace("it has code", `its key lets 0x${"d1".repeat(20)} act for it (EIP-7702)`);
		expect(coded("5", "code-differs", delegated)).toEqual([]);
		expect(coded("4")).toEqual([`r difference 1: is of block 4, and its balances say nothing of ${HOLDER} there`]);
		expect(coded("5", "court-order")).toEqual([`r difference 1: says what no node is asked: ${JSON.stringify(code.slice(0, 100))}`]);
	});

	it("has its rows in order of place and time", () => {
		const next = (row: Loose<Request["rows"][number]>, change: object) => ({
			...structuredClone(row),
			row: 3,
			txHash: `0x${"9".repeat(64)}`,
			...change,
		});
		const two = (change: object, own: object = {}) =>
			claims((r) => {
				r.cutoff = "9";
				Object.assign(first(r.rows), own);
				r.rows.push(next(first(r.rows), { position: "4.0.1", ...change }));
				first(r.points).rows.push(3);
			});
		const time = (day: number) => `2020-01-0${day}T00:00:00Z`;
		expect(two({})).toEqual([]);
		expect(two({ position: "1.0.1" })).toEqual(["r row 3: position 1.0.1 stands behind 2.0.1"]);
		expect(two({ txHash: first(request().rows).txHash })).toEqual([expect.stringMatching(/stands at 4.0, and at 2.0 before$/)]);
		expect(two({ position: "2.1.1", time: time(2) }, { time: time(1) })).toEqual([
			`r row 3: block 2 is of ${time(2)}, and of ${time(1)} before`,
		]);
		expect(two({ time: time(1) }, { time: time(2) })).toEqual([`r row 3: is of ${time(1)}, and row 2 before it of ${time(2)}`]);
		expect(two({ time: "yesterday" }, { time: time(2) })).toContain(`r row 3: is of yesterday, and row 2 before it of ${time(2)}`);
	});
});

it("a request says of each end point which labels contradict the name of who is asked, in letter and JSON, and no other", async () => {
	const kraken = { ...exchangeLabel(HOLDER, "Kraken"), source: "other desk" };
	const labels = [exchangeLabel(HOLDER, "Exchange"), kraken, { ...exchangeLabel(HOLDER, "SDN"), category: "sanctioned" } as const];
	const result = await smallTrace({ labels: [...labels, exchangeLabel(testAccount(3), "Exchange")] });
	expect(groupServices(result).map(({ key }) => key)).toEqual(["Exchange or Kraken (lists disagree)", "Exchange"]);
	const [asked] = planRequests(result, []).requests;
	if (asked === undefined) throw new Error("there is no request");
	const details = { requester: "", legalBasis: "", jurisdiction: "", handling: "" };
	const info = { ...result.case, chain: TEST_CHAIN, createdAt: AT };
	const made = await packetFiles({ info, details, result, request: asked, balances: [], toolVersion: "0" });
	const by = [{ entity: "Kraken", category: "exchange", source: "other desk" }];
	const json = JSON.parse(String(made.get("request.json")));
	expect(json.points.map(({ disputed }: RequestPoint) => disputed)).toEqual([by, []]);
	const text = String(made.get("request.txt")).replace(/\s+/g, " ");
	expect(text).toContain("Lists disagree about whose 1 of its 2 end points are: said below.");
	expect(text).toContain("Kraken's (exchange), says other desk");
	const refused = (edit: (points: Loose<Request>["points"]) => unknown) => {
		const found: string[] = [];
		const changed = structuredClone(json);
		edit(changed.points);
		checkClaims(changed, "r", (_, what) => found.push(what));
		return found.join();
	};
	expect(refused(() => {})).toBe("");
	expect(refused((points) => (first(points).disputed = []))).toContain(
		"says that 0 of its labels contradict the name of who is asked; 1 do",
	);
	expect(refused(([, ...rest]) => (first(rest).disputed = by))).toContain(
		"says that 1 of its labels contradict the name of who is asked; 0 do",
	);
	expect(refused((points) => points.map((point) => delete point.disputed))).toBe("");
});

it("nobody is asked by a label whose name is not as it looks, which is said", async () => {
	const planned = async (entity: string) => planRequests(await smallTrace({ labels: [exchangeLabel(HOLDER, entity)] }), []);
	expect((await planned("Upbit")).requests.map(({ entity }) => entity)).toEqual(["Upbit"]);
	const { requests, leftOut } = await planned("U\u0440bit");
	expect(requests).toEqual([]);
	expect(leftOut).toEqual([expect.stringContaining("mixes letters of two scripts that look alike; it names nobody to ask")]);
});

describe("the files of a freeze request", () => {
	/** Files with one replaced, and the list of them sealed anew, with these of its fields changed. */
	const listed = (changed: Files, change: Partial<Packet> = {}) => resealPacket(changed, change);
	const put = (name: string, content: string) => new Map(files).set(name, Buffer.from(content));
	const table = (edit: (text: string) => string) => put("transfers.csv", edit(textIn(files, "transfers.csv")));
	const asking = (edit: (request: Loose<Request>) => unknown) => {
		const changed = request();
		edit(changed);
		return put("request.json", jsonLine(changed));
	};

	it("are what its list says", async () => {
		expect(await failuresOf(files)).toEqual([]);
		expect(await failuresOf(listed(files))).toEqual([]);
	});

	it.each<[string, string, () => Files]>([
		[
			"a broken seal",
			"packet.json: the seal does not match its content",
			() => put("packet.json", textIn(files, "packet.json").replace('"rows":"1"', '"rows":"2"')),
		],
		[
			"another trace in its list",
			"packet.json: names trace ffffffffffffffff, request.json",
			() => listed(files, { trace: "f".repeat(16) }),
		],
		["another case in its list", "packet.json: names case other, request.json c", () => listed(files, { case: "other" })],
		[
			"another count in its list",
			"packet.json: counts 2 end points and 1 rows, request.json has 1 and 1",
			() => listed(files, { points: "2" }),
		],
		["a file that no packet has", "notes.txt: no packet has such a file", () => listed(put("notes.txt", "x"))],
		["a file that is not listed", "notes.txt: is not listed in the manifest", () => put("notes.txt", "x")],
		["no paper", "packet.json: does not list request.pdf", () => listed(new Map([...files].filter(([path]) => path !== "request.pdf")))],
		["no request", "request.json: is missing", () => new Map([...files].filter(([path]) => path !== "request.json"))],
		["a table that is none", "transfers.csv: a quote is not closed", () => listed(put("transfers.csv", '"'))],
		["a table of other rows", "transfers.csv: has 0 rows, request.json names 1", () => listed(put("transfers.csv", "row\r\n"))],
		[
			"a table of other columns",
			"transfers.csv: has other columns than a packet's table",
			() => listed(table((text) => text.replace("row,", "rows,"))),
		],
		["a table with a cell too many", "transfers.csv row 1: has", () => listed(table((text) => text.replace("\r\n2,", "\r\n2,2,")))],
		["a table of another row", 'transfers.csv row 1: column row says "3"', () => listed(table((text) => text.replace("\r\n2,", "\r\n3,")))],
		["a balance that is not proven", "balances.jsonl: does not prove", () => listed(asking((r) => (first(r.balances).amount = "1")))],
		["a proof that it does not speak of", "which request.json does not say", () => listed(asking((r) => (r.balances = [])))],
		[
			"a proven balance of a token",
			"balances.jsonl: a token's balance is called proven, and none can be",
			() => listed(asking((r) => (first(r.balances).asset = TOKEN))),
		],
		["a balance that is no proof", "balances.jsonl line 1: ", () => listed(put("balances.jsonl", "{}\n"))],
	])("with %s are refused", async (_, message, make) => {
		expect(await failuresOf(make())).toContainEqual(expect.stringContaining(message));
	});

	it("in several folders are of one trace", async () => {
		const both = (other: Files) =>
			new Map([
				...[...files].map(([path, data]) => [`a/${path}`, data] as const),
				...[...other].map(([path, data]) => [`b/${path}`, data] as const),
			]);
		expect(await failuresOf(both(others))).toEqual([]);
		expect(await failuresOf(both(files))).toEqual([`b/request.json: ${HOLDER}: is asked about in a/request.json, too`]);
		const other = listed(
			asking((r) => (r.trace = "f".repeat(16))),
			{ trace: "f".repeat(16) },
		);
		expect(await failuresOf(both(other))).toContain("request.json: the packets are of 2 traces");
	});

	it("are a what-if in the words of results alone, and all of one trace the same", async () => {
		const saying = (whatIf: string) => listed(asking((r) => Object.assign(r, { whatIf })));
		const wrong = "request.json: calls itself a what-if in words that no trace says";
		expect(await failuresOf(saying("--until: nothing after block 9"))).not.toContain(wrong);
		expect(await failuresOf(saying("checked by the police"))).toContain(wrong);
		const differ = "request.json: the packets of one trace do not agree on what narrowed it";
		const two: Files = new Map([...files].map(([path, data]) => [`a/${path}`, data]));
		expect(await failuresOf(two)).not.toContain(differ);
		for (const [path, data] of saying("--until: nothing after block 9")) two.set(`b/${path}`, data);
		expect(await failuresOf(two)).toContain(differ);
	});

	it("carry neither signature nor time stamp", async () => {
		expect(await failuresOf(files, { keys: ["1".repeat(64)], timeRoots: [new Uint8Array()] })).toEqual([
			"signature: a freeze request carries none, and one was expected",
			"time stamp: a freeze request carries none, and one was expected",
		]);
	});
});
