import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, sha256Hex } from "@clew/core";
import { readBundle, verifyFiles } from "@clew/evidence";
import { afterAll, describe, expect, it } from "vitest";
import { clew, mustClew, scratch } from "../clew.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [PAYER, THIEF, SHOP, LISTED] = ["a", "b", "d", "e"].map((digit) => `0x${digit.repeat(40)}`) as [string, string, string, string];
const hash = (n: number) => `0x${n.toString(16).padStart(64, "0")}`;
const HEAD =
	"blockNumber,timeStamp,hash,from,to,value,gas,gasPrice,gasUsed,isError,txreceipt_status,transactionIndex,contractAddress,confirmations";
/** 2020-09-13T12:26:40Z, and a day. */
const [BEGIN, DAY] = [1_600_000_000, 86_400];
const line = (block: number, from: string, to: string, ether: number) =>
	`${block},${BEGIN + block * DAY},${hash(block)},${from},${to},${ether}${"0".repeat(18)},21000,0,21000,0,1,0,,1000`;

/** 10 stolen on 2020-09-14; 4 of them go to a shop on 2020-09-16, 3 on 2020-09-18, and 3 to an address on 2020-09-19. */
function caseWith(name: string, rows: readonly string[]): string {
	const place = at(`${name}.clew`);
	mustClew("case", "new", place, "--title", "A theft");
	mkdirSync(at(name));
	const sent = [line(1, PAYER, THIEF, 10), line(3, THIEF, SHOP, 4), line(5, THIEF, SHOP, 3), line(6, THIEF, LISTED, 3)];
	writeFileSync(join(at(name), `${THIEF}.csv`), `${[HEAD, ...sent].join("\n")}\n`);
	mustClew("import", "etherscan", at(name), "--case", place);
	writeFileSync(at(`${name}.csv`), `address,entity,category,valid_from,valid_until\n${rows.join("\n")}\n`);
	mustClew("label", "import", at(`${name}.csv`), "--source", "desk", "--confidence", "90", "--case", place);
	mustClew("trace", "--case", place, "--seed", `tx:${hash(1)}`);
	return place;
}

const request = (name: string, who: string) => JSON.parse(readFileSync(join(at(name), `custodian-${who}/request.json`), "utf8"));
const asked = (name: string, who: string) => Object.values(request(name, who).asked)[0];
const ETHER = "0".repeat(18);

describe("freeze requests and labels with dates", () => {
	it("write no letter by a label that had ended, and say why", () => {
		const place = caseWith("ended", [`${SHOP},Old Exchange,exchange,,2020-09-16`, `${LISTED},Bank,exchange,,`]);
		const { out, err } = clew(["freeze", "--case", place, "--out", at("ended-out")]);
		expect(`${out}${err}`).not.toMatch(/custodian-old-exchange/);
		expect(asked("ended-out", "bank")).toBe(`3${ETHER}`);
		const only = clew(["freeze", "--case", place, "--out", at("ended-only"), "--for", "Old Exchange"]);
		expect(only.code).not.toBe(0);
		expect(only.err).toContain("until 2020-09-16: it did not hold any more when the money came; it names nobody to ask");
		const trace = JSON.parse(mustClew("trace", "--case", place, "--seed", `tx:${hash(1)}`, "--json"));
		expect(trace.coverage.gaps).toContainEqual(expect.objectContaining({ kind: "label-validity", fromHeight: "3", toHeight: "5" }));
	});

	it("ask each owner of an address about what came in its time", () => {
		const place = caseWith("handed", [`${SHOP},Old Exchange,exchange,,2020-09-17`, `${SHOP},New Exchange,exchange,2020-09-17,`]);
		mustClew("freeze", "--case", place, "--out", at("handed-out"));
		expect(asked("handed-out", "old-exchange")).toBe(`4${ETHER}`);
		expect(asked("handed-out", "new-exchange")).toBe(`3${ETHER}`);
		expect(request("handed-out", "old-exchange").rows).toHaveLength(1);
		for (const who of ["old", "new"]) mustClew("verify", join(at("handed-out"), `custodian-${who}-exchange`));
	});

	it("say that a label is listed since after the money came", () => {
		const place = caseWith("later", [`${SHOP},Example Exchange,exchange,2022-01-01,`, `${LISTED},OFAC,sanctioned,2023-01-01,`]);
		mustClew("freeze", "--case", place, "--out", at("later-out"));
		expect(asked("later-out", "example-exchange")).toBe(`7${ETHER}`);
		const text = readFileSync(join(at("later-out"), "custodian-example-exchange/request.txt"), "utf8").replace(/\s+/g, " ");
		expect(text).toContain("Example Exchange, source desk, confidence 90, listed since 2022-01-01, after the money came");
		mustClew("export", "--case", place, "--trace", "last", "--out", at("later-bundle"));
		mustClew("verify", at("later-bundle"));
		const report = readFileSync(join(at("later-bundle"), "report.html"), "utf8").replace(/&#45;/g, "-");
		expect(report).toContain("listed since 2023-01-01, after the money came");
		const shown = mustClew("show", LISTED, "--case", place);
		expect(shown).toContain("listed since 2023-01-01");
		expect(shown).toMatch(/source desk of (no known date|\d{4}-\d\d-\d\d), confidence 90/);
		expect(shown).toContain("provenance of every row: imported");
	});
});

it("a packet that names a custodian by a label that had ended does not verify, and says why not", async () => {
	const place = caseWith("forged", [`${SHOP},Example Exchange,exchange,,2021-01-01`]);
	mustClew("freeze", "--case", place, "--out", at("forged-out"));
	const files = await readBundle(join(at("forged-out"), "custodian-example-exchange"));
	const problemsWith = async (until: string) => {
		const changed = new Map(files);
		const text = (path: string) => Buffer.from(changed.get(path) as Uint8Array).toString("utf8");
		changed.set("request.json", Buffer.from(text("request.json").replaceAll("2021-01-01", until)));
		const { seal: _, ...list } = JSON.parse(text("packet.json"));
		const listed = [...changed].filter(([path]) => path !== "packet.json").sort(([a], [b]) => (a < b ? -1 : 1));
		const open = {
			...list,
			files: listed.map(([path, data]) => ({ path, bytes: String(data.length), sha256: sha256Hex(Buffer.from(data)) })),
		};
		changed.set("packet.json", Buffer.from(`${canonicalJson({ ...open, seal: sha256Hex(canonicalJson(open)) })}\n`));
		return JSON.stringify(await verifyFiles(changed, { headers: [], keys: [], timeRoots: [] }));
	};
	const why = /the label of the name Example Exchange had ended, or may have, when money came there/;
	expect(await problemsWith("2021-01-01")).not.toMatch(why);
	for (const until of ["2020-09-16", "2020-09-18T12:00:00Z", "no date"]) expect(await problemsWith(until)).toMatch(why);
});

it("a label file with a date that is none is refused for that row", () => {
	const place = caseWith("dates", [`${SHOP},Example Exchange,exchange,,`]);
	writeFileSync(at("bad.csv"), `address,entity,category,valid_until\n${SHOP},E,exchange,2021-02-30\n`);
	const { code, err } = clew(["label", "import", at("bad.csv"), "--source", "desk", "--confidence", "90", "--case", place, "--strict"]);
	expect(code).not.toBe(0);
	expect(err).toMatch(/valid_until: an ISO date/);
});
