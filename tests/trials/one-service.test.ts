import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson } from "@clew/core";
import { failureText, readBundle, verifyFiles } from "@clew/evidence";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clew, mustClew, scratch } from "../clew.js";
import { resealPacket } from "../reseal.js";
import { apiRow, csv, hash } from "./reading.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [CLEAN, VICTIM, THIEF, FIRST, SECOND] = ["1", "2", "3", "4", "5"].map((digit) => `0x${digit.repeat(40)}`) as [
	string,
	string,
	string,
	string,
	string,
];
const TEN = `10${"0".repeat(18)}`;
const ETH = "eip155:1/slip44:60";
const NO_TRUST = { headers: [], keys: [], timeRoots: [] };

/**
 * Ten ether of its own, ten stolen: the thief pays ten to each of two addresses of one exchange. Each rule says at which of them what was
 * stolen is.
 */
describe("two addresses of one exchange", () => {
	const place = at("c.clew");
	beforeAll(() => {
		mustClew("case", "new", place, "--title", "A theft", "--chain", "eip155:1");
		const pays = (n: number, from: string, to: string) =>
			apiRow(n, { from, to, value: TEN, gasPrice: "0", ...(from === THIEF ? { nonce: String(n - 12) } : {}) });
		mkdirSync(at("in"));
		const rows = [pays(10, CLEAN, THIEF), pays(11, VICTIM, THIEF), pays(12, THIEF, FIRST), pays(13, THIEF, SECOND)];
		writeFileSync(at(`in/txlist-${THIEF}.csv`), csv(rows));
		mustClew("import", "etherscan", at("in"), "--case", place);
		writeFileSync(at("labels.csv"), `address,entity,category\n${FIRST},Binance,exchange\n${SECOND},Binance,exchange\n`);
		mustClew("label", "import", at("labels.csv"), "--source", "list", "--confidence", "80", "--case", place);
	});

	it("got together what every rule agrees on, and no more than was stolen", () => {
		const out = mustClew("trace", "--case", place, "--seed", `tx:${hash(11)}`);
		expect(out).toMatch(/Binance\s+2\s+10 ETH\s+10 ETH/);
		mustClew("export", "--case", place, "--trace", "last", "--out", at("bundle"));
		expect(readFileSync(at("bundle/report.html"), "utf8")).not.toContain("20 ETH");
		mustClew("verify", at("bundle"));
	});

	it("are asked about together, for what each of them alone would not be", async () => {
		const { out, err } = clew(["freeze", "--case", place, "--out", at("requests")]);
		expect(`${out}${err}`).not.toContain("agree on nothing");
		const [packet = ""] = readdirSync(at("requests"));
		const request = JSON.parse(readFileSync(at(`requests/${packet}/request.json`), "utf8"));
		expect(request).toMatchObject({ schema: "clew.request/7", asked: { [ETH]: TEN }, asks: ["preserve", "freeze", "produce"], leads: [] });
		expect(request.points.map(({ agreed }: { agreed: string }) => agreed)).toEqual(["0", "0"]);
		expect(readFileSync(at(`requests/${packet}/request.txt`), "utf8").replaceAll(/\s+/g, " ")).toContain(
			`Together the 2 addresses above got at least 10 ETH (${TEN} base units)`,
		);
		mustClew("verify", at(`requests/${packet}`));
		// What came to one or the other has no one block, and so no value: not that of nothing.
		writeFileSync(at("prices.csv"), "time,asset,unit,price,source\n1500000000,native,USD,200,desk\n");
		mustClew("price", "import", at("prices.csv"), "--case", place);
		const valued = mustClew("freeze", "--case", place, "--unit", "USD", "--price-age", "1000000", "--out", at("valued"));
		expect(valued).toContain("worth at block time: no price in USD");
		const { values } = JSON.parse(readFileSync(at(`valued/${packet}/request.json`), "utf8"));
		expect(values.together).toMatchObject([{ asset: ETH, amount: TEN, values: { USD: { kind: "none" } } }]);
		mustClew("verify", at(`valued/${packet}`));
		// Nobody may ask for more, or about one of them alone.
		const files = await readBundle(at(`requests/${packet}`));
		const forged = async (change: (one: typeof request) => void) => {
			const other = structuredClone(request);
			change(other);
			return (
				await verifyFiles(resealPacket(new Map([...files, ["request.json", Buffer.from(`${canonicalJson(other)}\n`)]])), NO_TRUST)
			).failures.map(failureText);
		};
		expect(await forged((one) => (one.asked[ETH] = `11${TEN.slice(2)}`))).toContainEqual(expect.stringContaining(`add up to ${TEN}`));
		expect(await forged((one) => one.points.pop())).toContainEqual(expect.stringContaining("nothing is agreed"));
	});
});
