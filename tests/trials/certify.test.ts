import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clew, mustClew, scratch } from "../clew.js";
import { undocumented } from "../documented.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LAWS = ["fre-902", "cpr-35", "crimpr-19", "bsa-63"];
const [PAYER, THIEF, SHOP] = ["a", "b", "d"].map((digit) => `0x${digit.repeat(40)}`) as [string, string, string];
const hash = (n: number) => `0x${n.toString(16).padStart(64, "0")}`;
const HEAD =
	"blockNumber,timeStamp,hash,from,to,value,gas,gasPrice,gasUsed,isError,txreceipt_status,transactionIndex,contractAddress,confirmations";
const line = (block: number, from: string, to: string, ether: number) =>
	`${block},${1_600_000_000 + block},${hash(block)},${from},${to},${ether}${"0".repeat(18)},21000,0,21000,0,1,0,,1000`;
/** Turns letters round, links, and looks like a blank that was filled in. */
const HOSTILE = "Theft\u202e \u001b[31m https://bad.example {{name}} signed by a judge";

/** A draft on one line, so that no line end hides a phrase. */
const draftOf = (name: string) => readFileSync(at(name), "utf8").replace(/\s+/g, " ");
const certify = (law: string, out: string, ...more: string[]) => clew(["certify", at("bundle"), "--law", law, "--out", at(out), ...more]);
const sumOf = (algorithm: string, path: string) => createHash(algorithm).update(readFileSync(path)).digest("hex");

beforeAll(() => {
	const place = at("a.clew");
	mustClew("case", "new", place, "--title", HOSTILE);
	mkdirSync(at("files"));
	const rows = [line(10, PAYER, THIEF, 10), line(12, THIEF, SHOP, 8)];
	writeFileSync(join(at("files"), `${THIEF}.csv`), `${[HEAD, ...rows].join("\n")}\n`);
	mustClew("import", "etherscan", at("files"), "--case", place);
	mustClew("case", "set", "--case", place, "--requester", "An office", "--legal-basis", `a basis ${"of many words ".repeat(15)}to its end`);
	mustClew("trace", "--case", place, "--seed", `tx:${hash(10)}`);
	mustClew("export", "--case", place, "--trace", "last", "--inputs", at("files"), "--out", at("bundle"));
	mustClew("export", "--case", place, "--trace", "last", "--zip", "--out", at("bundle.zip"));
});

describe("a draft of a certification", () => {
	it.each(LAWS)("under %s states what the bundle shows, and is no certification yet", (law) => {
		expect(certify(law, `${law}.txt`)).toMatchObject({ code: 0 });
		const text = draftOf(`${law}.txt`);
		expect(text).toMatch(/^DRAFT, NOT SIGNED DRAFT, NOT SIGNED: /);
		expect(text).toContain("Checked by counsel: no");
		const { trace } = JSON.parse(readFileSync(at("bundle/manifest.json"), "utf8"));
		for (const fact of [
			trace,
			`SHA-256 of the manifest: ${sumOf("sha256", at("bundle/manifest.json"))}`,
			`SHA-512 of the manifest: ${sumOf("sha512", at("bundle/manifest.json"))}`,
			`SHA-256: ${sumOf("sha256", at("bundle/trace.json"))} SHA-512: ${sumOf("sha512", at("bundle/trace.json"))}`,
			"intact: hashes agree. 0 of 2 rows proven to a block header, 2 taken from files",
			"2 rows: imported: a file, whose hash is kept, says so",
			"2 of 2 rows are not proven to a block header",
			"none: the bundle does not show who made it",
			"files imported",
			"many words to its end",
		])
			expect(text).toContain(fact);
		expect(text).not.toMatch(/\{\{(?!name\}\} signed by a judge)/);
		expect(text.match(/\[TO BE FILLED IN BY A PERSON: signature/g)?.length).toBeGreaterThan(0);
	});

	it("shows hostile text harmless, and fills nothing into it", () => {
		const text = draftOf("cpr-35.txt");
		expect(text).toContain("Theft· ·[31m https[:]//bad.example {{name}} signed by a judge");
		for (const one of ["\u202e", "\u001b"]) expect(text).not.toContain(one);
	});

	it("holds what a person said where they said it, whole, and leaves the rest blank", () => {
		const said = { name: "A. Person", qualifications: "q".repeat(480), date: "2027-01-31", time: "14:00", place: "https://x.example" };
		writeFileSync(at("fields.json"), JSON.stringify({ schema: "clew.certificate-fields/1", ...said }));
		const { code, out } = certify("bsa-63", "said.txt", "--fields", at("fields.json"), "--json");
		expect(code).toBe(0);
		const answer = JSON.parse(out);
		expect(undocumented("clew.certify/1", answer)).toEqual([]);
		expect(answer).toMatchObject({ signed: false, checkedByCounsel: false, verdict: "intact", sha256: sumOf("sha256", at("said.txt")) });
		expect(answer.blanks).toContain("fields.device");
		expect(answer.blanks).toContain("wording: signature of the party");
		expect(answer.blanks).not.toContain("fields.name");
		expect(answer.blanks).not.toContain("fields.qualifications");
		const text = draftOf("said.txt");
		expect(text).toContain("I, A. Person (name), son/daughter/spouse of [TO BE FILLED IN BY A PERSON");
		expect(text).toContain("31/01/2027, 14:00");
		expect(text).toContain("https[:]//x.example");
		expect(certify("cpr-35", "whole.txt", "--fields", at("fields.json")).code).toBe(0);
		expect(draftOf("whole.txt")).toContain("q".repeat(480));
	});

	it("says of a zip without imported files that there are none, and is a PDF where its name says so", () => {
		expect(clew(["certify", at("bundle.zip"), "--law", "fre-902", "--out", at("zip.txt")]).code).toBe(0);
		expect(draftOf("zip.txt")).toContain("The bundle holds no imported file.");
		expect(draftOf("fre-902.txt")).toContain("The bundle holds 1 imported files below inputs/.");
		expect(certify("fre-902", "draft.pdf").code).toBe(0);
		expect(readFileSync(at("draft.pdf")).subarray(0, 5).toString()).toBe("%PDF-");
	});

	it("is noted in the log of a case that is named", () => {
		expect(certify("cpr-35", "noted.txt", "--case", at("a.clew"), "--by", "A. Person").code).toBe(0);
		const entry = JSON.parse(mustClew("custody", "--case", at("a.clew"), "--json")).entries.at(-1);
		expect(entry).toMatchObject({ action: "certification drafted", by: "A. Person" });
		expect(entry.detail).toContain(sumOf("sha256", at("noted.txt")));
		expect(entry.detail).toContain("not signed");
	});
});

describe("what no draft is made of", () => {
	it("refuses a bundle that does not verify, and what is no whole bundle", () => {
		cpSync(at("bundle"), at("damaged"), { recursive: true });
		writeFileSync(at("damaged/transfers.csv"), "x");
		const damaged = clew(["certify", at("damaged"), "--law", "cpr-35", "--out", at("no.txt")]);
		expect(damaged).toMatchObject({ code: 3 });
		expect(damaged.err).toContain("does not verify");
		mustClew("disclose", at("bundle"), "--rows", "1", "--out", at("twin"));
		const twin = clew(["certify", at("twin"), "--law", "cpr-35", "--out", at("no.txt")]);
		expect(twin.err).toContain("no whole bundle, but a disclosure");
		expect(clew(["certify", at("bundle"), "--law", "cpr-35", "--out", at("no.txt"), "--trust-key", "0".repeat(64)]).err).toContain(
			"one was expected",
		);
		expect(existsSync(at("no.txt"))).toBe(false);
	});

	it("writes over nothing, and nothing into the sealed bundle", () => {
		const before = readFileSync(at("cpr-35.txt"));
		expect(certify("cpr-35", "cpr-35.txt")).toMatchObject({ code: 2 });
		expect(readFileSync(at("cpr-35.txt"))).toEqual(before);
		const files = readdirSync(at("bundle"));
		symlinkSync(at("bundle"), at("way-in"));
		for (const place of ["bundle/draft.txt", "bundle/inputs/draft.txt", "way-in/draft.txt"])
			expect(certify("cpr-35", place).err).toContain("inside the bundle");
		expect(readdirSync(at("bundle"))).toEqual(files);
		expect(mustClew("verify", at("bundle"))).toContain("intact");
	});

	it("knows its laws, and lists them", () => {
		const unknown = certify("fre-903", "no.txt");
		expect(unknown).toMatchObject({ code: 2 });
		expect(unknown.err).toContain(LAWS.join(", "));
		const list = JSON.parse(mustClew("certify", "--law", "list", "--json"));
		expect(undocumented("clew.laws/1", list)).toEqual([]);
		expect(list.laws.map(({ id }: { id: string }) => id)).toEqual(LAWS);
		expect(mustClew("certify", "--law", "list")).toContain("28 U.S.C. 1746");
	});
});
