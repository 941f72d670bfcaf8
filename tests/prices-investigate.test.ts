import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clew, mustClew, scratch } from "./clew.js";
import { undocumented } from "./documented.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("an investigation with values, of the theft from Pure Bit", () => {
	const place = at("a.clew");
	const prices = (name: string, rows: string) => {
		writeFileSync(at(name), `time,asset,unit,price,source\n${rows}\n`);
		mustClew("price", "import", at(name), "--case", place);
	};
	const investigate = (...more: string[]) =>
		clew(["investigate", "fixtures/cases/purebit", "--case", place, "--out", at("papers"), "--unit", "USD", ...more]).out;

	beforeAll(() => {
		mustClew("case", "new", place, "--title", "t", "--chain", "eip155:1");
		prices("p.csv", "2018-11-09T08:00:00Z,native,USD,210.5,desk");
	});

	it("has a value in brackets beside each place that has a price, and says once that others have none", () => {
		const screen = investigate();
		expect(screen).toMatch(/FREEZE NOW .*\n.*499\.9987… ETH +500\.0966… ETH\n.*held by Upbit.*\n +\(what is agreed: 105249\.73 USD\)/);
		// All arrivals are of before the only price: nothing in brackets says that it was worth nothing.
		expect(screen).toMatch(/TAKEN 13683\.0784… ETH\n/);
		const flat = screen.replaceAll(/\s+/g, " ");
		expect(flat.match(/no price/g)).toEqual(["no price"]);
		expect(flat).toMatch(
			/no price of [0-9]+ sums above in USD, or a part of it: the first price of eip155:1\/slip44:60 in USD is of later/,
		);
		expect(screen.split("\n").length).toBeLessThanOrEqual(44);
	});

	it("writes report and letters with values, and others where the case has other prices", () => {
		const open = (screen: string) => /OPEN (.*report\.html)/s.exec(screen)?.[1]?.replaceAll(/\s+/g, "") ?? "";
		const report = open(investigate());
		expect(readFileSync(report, "utf8")).toContain("Value at block time");
		const letter = report.replace("/report-", "/requests-").replace("report.html", "custodian-upbit/request.txt");
		expect(readFileSync(letter, "utf8")).toContain("105249.73 USD (price 1)");
		prices("q.csv", "2018-11-01T00:00:00Z,native,USD,200,desk");
		const other = open(investigate("--price-age", "1000"));
		expect([other === report, existsSync(report), existsSync(other)]).toEqual([false, true, true]);
	});

	it("tells the same to programs", () => {
		const answer = JSON.parse(investigate("--price-age", "1000", "--json"));
		expect(undocumented("clew.investigate/1", answer)).toEqual([]);
		// 13683.078422182347690686 ETH at 200 USD.
		expect(answer.taken[0].worth.USD).toMatchObject({ priced: 471, unpriced: 0, value: "6841539211091173845343/2500000000000000" });
		const [freeze] = answer.groups;
		expect(freeze.places[0].worth.USD).toMatchObject({ priced: 1, unpriced: 0 });
	});
});
