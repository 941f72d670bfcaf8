import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { clew, mustClew, scratch } from "../clew.js";
import { apiRow, csv, A as PAYER, B as SHOP, C as THIEF } from "./reading.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEAD = "address,entity,category,confidence,valid_from,valid_until";
const ends = (when: string, until: string) => `${SHOP},E1,exchange,60,${when},${until}`;

/** Stolen on 2020-09-13 and paid to a shop at once, which pays another on. */
function theft(name: string): string {
	const place = at(`${name}.clew`);
	mustClew("case", "new", place, "--title", "A theft");
	mkdirSync(at(name));
	const rows = [apiRow(1, { from: PAYER, to: THIEF }), apiRow(2, { from: THIEF, to: SHOP, gasPrice: "0" })];
	writeFileSync(at(`${name}/export-${THIEF}.csv`), csv(rows));
	writeFileSync(at(`${name}/export-${SHOP}.csv`), csv([rows[1] ?? {}, apiRow(3, { from: SHOP, to: PAYER, gasPrice: "0" })]));
	mustClew("import", "etherscan", at(name), "--case", place);
	return place;
}

let files = 0;
function label(place: string, ...lines: readonly string[]) {
	const file = at(`labels-${++files}.csv`);
	writeFileSync(file, `${lines.join("\n")}\n`);
	return clew(["label", "import", file, "--source", "desk", "--confidence", "50", "--case", place]);
}

const leaves = (place: string) =>
	JSON.parse(mustClew("trace", "--case", place, "--seed", `tx:0x${"1".padStart(64, "0")}`, "--json")).leaves.map(
		(leaf: { account: string; stop: { reason: string } }) => `${leaf.account.slice(-2)} ${leaf.stop.reason}`,
	);

describe("labels of one address by one source", () => {
	it("stop a trace by the time that holds, in any order of rows and over two files", () => {
		const [held, ended] = [ends("2020-09-01", "2020-10-01"), ends("2014-01-01", "2014-06-01")];
		for (const [i, parts] of [[[held, ended]], [[ended, held]], [[held], [ended]]].entries()) {
			const place = theft(`order-${i}`);
			const said = parts.map((rows) => label(place, HEAD, ...rows).out);
			expect(said.at(-1)).toContain(`the case holds ${parts.at(-1)?.length} of them`);
			expect(leaves(place)).toContain("b2 service");
			expect(JSON.parse(mustClew("label", "show", SHOP, "--case", place, "--labels", library(), "--json")).case).toHaveLength(2);
		}
	});

	it("an open one ends when the source says so later, and stops nothing then", () => {
		const place = theft("ended");
		expect(label(place, HEAD, ends("2015-01-01", "")).out).toContain("the case holds 1 of them\n");
		expect(leaves(place)).toContain("b2 service");
		expect(label(place, HEAD, ends("2015-01-01", "2019-01-01")).out).toContain("in the place of 1 that said it otherwise before");
		expect(leaves(place)).not.toContain("b2 service");
	});

	it("that contradict each other are all named, in the trace's tables and beside the packet", () => {
		const place = theft("disputed");
		label(place, HEAD, `${SHOP},Binance,exchange,60,,`, `${SHOP},Kraken,exchange,50,,`);
		const traced = mustClew("trace", "--case", place, "--seed", `tx:0x${"1".padStart(64, "0")}`);
		expect(traced.match(/Binance or Kraken \(lists disagree\)/g)).toHaveLength(2);
		const asked = mustClew("freeze", "--case", place, "--out", at("packets"));
		expect(asked).toContain(": lists disagree, and the packet says so: Binance, or exchange of Kraken, says desk");
	});

	it("that one custodian's request is asked for by a name that another disputes, and by one that nobody disputes", () => {
		const place = theft("asked");
		label(place, HEAD, `${SHOP},OKX,exchange,60,,`, `${SHOP},Kraken,exchange,50,,`);
		mustClew("trace", "--case", place, "--seed", `tx:0x${"1".padStart(64, "0")}`);
		const asked = (name: string) => clew(["freeze", "--case", place, "--out", at(`asked-${name}`), "--for", name]);
		expect(asked("Kraken")).toMatchObject({
			code: 2,
			err: expect.stringMatching(/lists disagree on what is at "Kraken": .*b2 is called OKX or Kraken \(lists disagree\), .*that for OKX/),
		});
		expect(asked("okx").code).toBe(0);
	});

	it("of which a stronger one says nothing of a service are called by whom the trace ends at, in every table and paper", () => {
		const place = theft("own-note");
		label(place, HEAD, `${SHOP},John Doe,other,90,,`, `${SHOP},Upbit,exchange,50,,`);
		const traced = mustClew("trace", "--case", place, "--seed", `tx:0x${"1".padStart(64, "0")}`);
		expect([traced.match(/service +Upbit/g)?.length, traced.includes("John Doe")]).toEqual([1, false]);
		mustClew("freeze", "--case", place, "--out", at("own-note-packets"));
		const letter = readFileSync(join(at("own-note-packets"), "custodian-upbit", "request.txt"), "utf8").replace(/\s+/g, " ");
		expect(letter).toContain("which may be wrong: Upbit, source desk, confidence 50");
		expect(letter).not.toContain("John Doe");
	});

	it("that spell one owner in several ways contradict nothing", () => {
		const place = theft("spelled");
		label(place, HEAD, `${SHOP},Binance,exchange,60,,`, `${SHOP},Binance 14 (hot wallet),exchange,50,,`, `${SHOP},binance,exchange,55,,`);
		const traced = mustClew("trace", "--case", place, "--seed", `tx:0x${"1".padStart(64, "0")}`);
		expect(traced).not.toContain("lists disagree");
		expect(mustClew("freeze", "--case", place, "--out", at("spelled-packets"))).not.toContain("lists disagree");
		expect(clew(["check", SHOP, "--case", place, "--labels", library()]).out).not.toContain("contradict");
	});

	it("says that equal rows are one", () => {
		const row = ends("2015-01-01", "");
		expect(label(theft("equal"), HEAD, row, row).out).toContain("the case holds 1 of them (equal ones are one)");
	});
});

describe("columns of a CSV of labels", () => {
	it.each(["validFrom,validUntil", "Valid From,Valid Until", "VALID-FROM,valid_to", "validfrom,ValidTo"])("%s are its dates", (dates) => {
		const place = theft(`spelt-${dates}`);
		const { out, err } = label(place, `Address,Entity,Category,Confidence,${dates}`, ends("2014-01-01", "2014-06-01"));
		expect(out).toContain("the case holds 1 of them");
		expect(err).not.toContain("not read");
		expect(leaves(place)).not.toContain("b2 service");
	});

	it.each(["start", "End", "from", "until", "valid till", "expires_at", "end date", "validity"])("%s is refused by name", (name) => {
		const { code, err } = label(blank(), `address,entity,${name}`, `${SHOP},E1,2014-06-01`);
		expect(code).not.toBe(0);
		expect(err).toContain(`column "${name}" may say since when`);
		expect(err).toContain("valid_from or valid_until");
	});

	it("that hold nothing of a label are named, and two of one meaning refused", () => {
		expect(label(blank(), "address,entity,Notes", `${SHOP},E1,x`).err).toContain('not read: column "Notes"');
		expect(label(blank(), "address,entity,valid_to,validUntil", `${SHOP},E1,,`).err).toContain(
			'"valid_to" and "validUntil" both hold valid_until',
		);
	});

	it.each([
		["addr,entity", `${SHOP},E1`, "has no column address"],
		["address;entity", `${SHOP};E1`, "has no column address"],
		["address,who", `${SHOP},E1`, "has no column entity"],
		["address,entity", ",E1", "column address is empty"],
		["address,Entity", `${SHOP},`, "column Entity is empty"],
		["address,name", `${SHOP},${"x".repeat(300)}`, "column name: is too long: at most 200 characters"],
		["address,entity,category", `${SHOP},E1,bank`, "column category: is none of exchange, custodian"],
		["address,entity,confidence", `${SHOP},E1,101`, "column confidence: a whole number from 0 to 100"],
	])("%s and %s are refused in words of ours", (head, row, words) => {
		const { code, err } = label(blank(), head, row);
		expect(code).not.toBe(0);
		expect(err).toContain(words);
		expect(err).not.toMatch(/Invalid|expected string|received|Too (big|small)/);
	});
});

/** A case for labels that are never taken. */
let empty: string | undefined;
function blank(): string {
	empty ??= theft("blank");
	return empty;
}

/** A library with one label of nobody here. */
let lists: string | undefined;
function library(): string {
	if (lists !== undefined) return lists;
	lists = at("labels.db");
	writeFileSync(at("other.csv"), `address,entity\n0x${"9".repeat(40)},Other\n`);
	mustClew("label", "sync", "csv", at("other.csv"), "--source", "s", "--confidence", "50", "--labels", lists);
	return lists;
}
