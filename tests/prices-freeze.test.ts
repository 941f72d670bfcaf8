import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readBundle, verifyFiles } from "@clew/evidence";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mustClew, scratch } from "./clew.js";
import { undocumented } from "./documented.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NOBODY = { headers: [], keys: [], timeRoots: [] };
const ETH = "eip155:1/slip44:60";
const SEED = "account:0x7df1bd58e8fd49803e43987787adfecb4a0a086c";

describe("freeze requests with values, on the theft from Pure Bit", () => {
	const inCase = ["--case", at("a.clew")];
	const letter = (out: string) => readFileSync(at(`${out}/custodian-upbit/request.txt`), "utf8").replaceAll(/\s+/g, " ");
	const freeze = (out: string, ...more: string[]) =>
		JSON.parse(mustClew("freeze", "--for", "Upbit", "--out", at(out), "--json", ...more, ...inCase));

	beforeAll(() => {
		mustClew("case", "new", at("a.clew"), "--title", "t", "--chain", "eip155:1");
		mustClew("import", "etherscan", "fixtures/cases/purebit", ...inCase);
		mustClew("label", "import", "fixtures/cases/purebit/exchanges.csv", "--source", "desk", "--confidence", "90", ...inCase);
		// The prices of ether are made up.
		writeFileSync(at("ecb.csv"), "Date,USD,\n2018-11-09,1.1346,\n2018-11-08,1.1424,\n");
		writeFileSync(
			at("p.csv"),
			"time,asset,unit,price,source\n2018-11-08T23:00:00Z,native,USD,212,desk\n2018-11-09T08:00:00Z,native,USD,210.5,desk\n",
		);
		mustClew("price", "import", at("p.csv"), ...inCase);
		mustClew("price", "import", at("ecb.csv"), "--currency", "USD", ...inCase);
		mustClew("trace", "--seed", SEED, ...inCase);
	});

	it("say what is asked for and what it was worth, by the price of the hour and the rate of the day before", async () => {
		const answer = freeze("requests", "--unit", "USD,EUR");
		expect(undocumented("clew.freeze/1", answer)).toEqual([]);
		const [packet] = answer.packets;
		// 499.99874 ETH at 210.5 USD, and that at 1.1424 USD a euro.
		expect(packet.asked[ETH]).toBe("499998740000000000000");
		expect(packet.worth.USD).toMatchObject({ low: packet.worth.USD.value, priced: 1, unpriced: 0 });
		expect(letter("requests")).toContain(
			"499.99874 ETH 499998740000000000000 base units 105249.73 USD (price 1) 92130.37 EUR (prices 1-2)",
		);
		// Some of it arrived before any price was known: that is said, and not made up.
		expect(letter("requests")).toMatch(/each of 471 arrivals in its block, [0-9.]+ USD, without [0-9]+ of 471 amounts that have no price/);
		const report = await verifyFiles(await readBundle(at("requests")), NOBODY);
		expect(report.stated).toContain("what sources told of prices: desk, ecb");
		expect([report.ok, mustClew("verify", at("requests"))]).toEqual([
			true,
			expect.stringMatching(/content checked: custodian-upbit\/ \(7\)/),
		]);
	});

	it("say nothing of value where none is asked for", () => {
		const answer = freeze("plain");
		expect([answer.packets[0].worth, letter("plain").includes("USD")]).toEqual([undefined, false]);
		expect(readFileSync(at("plain/custodian-upbit/transfers.csv"), "utf8")).toMatch(/,value_if_known,known\r\n/);
	});
});
