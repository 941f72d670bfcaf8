import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, type TraceResult, traceId } from "@clew/core";
import { traceResultSchema } from "@clew/core/trace-schema";
import { beforeAll, describe, expect, it } from "vitest";
import { clew, mustClew, ROOT, scratch } from "../clew.js";

const MINUTES = 60_000;
const address = (tail: string) => `0x${tail.padStart(40, "0")}`;
const account = (tail: string) => `eip155:1:${address(tail)}`;

/** A case of one Etherscan export: all that is known of one account. */
function caseOf(name: string, csv: string): string {
	const file = join(scratch(), `${name}.clew`);
	mustClew("case", "new", file, "--title", name, "--chain", "eip155:1");
	mustClew("import", "--case", file, "etherscan", csv);
	return file;
}

const trace = (file: string, ...more: string[]): TraceResult =>
	traceResultSchema.parse(JSON.parse(mustClew("trace", "--case", file, "--seed", `account:${address("a1")}`, "--json", ...more)));
const endsOf = ({ leaves }: TraceResult) =>
	Object.fromEntries(leaves.map((leaf) => [leaf.account, [leaf.agreed, leaf.range[1], Object.values(leaf.amounts)[0]?.poison]]));

describe("an account that paid out more than the case shows it received", () => {
	const csv = join(ROOT, "fixtures/trials/26-missing-inflow/txlist-0x00000000000000000000000000000000000000a1.csv");
	let file = "";
	beforeAll(() => {
		file = caseOf("missing", csv);
	}, 10 * MINUTES);

	it("agreed and at most hold whatever was missing, and poison reaches all that could be reached", { timeout: 10 * MINUTES }, () => {
		const result = trace(file);
		expect(endsOf(result)).toEqual({ [account("b2")]: ["30", "100", "150"], [account("c3")]: ["0", "70", "70"] });
		// Each rule's own figure stays the documented placing: clean and newest.
		expect(result.leaves.map(({ amounts }) => Object.values(amounts)[0]?.fifo)).toEqual(["100", "0"]);
		expect(result.edges.map(({ range }) => range)).toEqual([undefined, ["30", "100"], ["0", "70"]]);
	});

	it("the account to fetch is named, with what is missing and what depends on it", { timeout: 10 * MINUTES }, () => {
		expect(trace(file).coverage.gaps).toContainEqual(
			expect.objectContaining({ kind: "missing-inflow", account: account("a1"), amount: "120", uncertain: "100" }),
		);
		const { out } = clew(["trace", "--case", file, "--seed", `account:${address("a1")}`]);
		expect(out).toContain("inflows are missing");
		expect(out).toContain("agreed is 0.00000000000000007 ETH less, at most 0.00000000000000007 ETH more");
	});

	it("a bundle with wider bounds verifies, and one whose bounds say more than the rows does not", { timeout: 10 * MINUTES }, () => {
		const { id } = trace(file);
		const bundle = join(scratch(), "bundle");
		mustClew("export", "--case", file, "--trace", id, "--out", bundle);
		expect(clew(["verify", bundle]).code).toBe(0);
		const path = join(bundle, "trace.json");
		const forged = JSON.parse(readFileSync(path, "utf8"));
		forged.leaves[1].range[1] = "71";
		forged.coverage.gaps = [];
		const { id: _, ...rest } = forged;
		writeFileSync(path, `${canonicalJson({ ...rest, id: traceId(rest) })}\n`);
		const { code, out, err } = clew(["verify", bundle]);
		expect(code).toBe(1);
		expect(`${out}${err}`).toContain("holds up to 71, and no more than 70 came");
		expect(`${out}${err}`).toContain("no gap says that an inflow is missing, an outflow unread or an order unknown");
	});

	it("what was missing before the theft changes nothing", { timeout: 10 * MINUTES }, () => {
		const [head = "", theft = "", big = "", small = ""] = readFileSync(csv, "utf8").trim().split("\n");
		const before = small.replace(/^102,1500000030/, "99,1499999985").replace(/0{61}003/, `${"0".repeat(61)}009`);
		const path = join(scratch(), `txlist-${address("a1")}.csv`);
		writeFileSync(path, [head, before, theft, big.replace(",150,21000", ",60,21000")].join("\n"));
		const result = trace(caseOf("before", path));
		expect(result.coverage.gaps.map(({ kind }) => kind)).not.toContain("missing-inflow");
		expect(result.leaves.map(({ agreed, range }) => [agreed, range[1]])).toEqual([
			["60", "60"],
			["40", "40"],
		]);
	});
});

describe("an account that paid after its own export ended", () => {
	const HEAD =
		"blockNumber,timeStamp,hash,nonce,blockHash,transactionIndex,from,to,value,gas,gasPrice,isError,txreceipt_status,input,contractAddress,cumulativeGasUsed,gasUsed,confirmations";
	const row = (n: number, block: number, from: string, to: string, value: number) =>
		`${block},${1_500_000_000 + block * 15},0x${String(n).padStart(64, "0")},0,0x,0,${address(from)},${address(to)},${value},21000,0,0,1,0x,,0,21000,12`;
	const histories: Record<string, string[]> = {
		b2: [row(1, 100, "a1", "b2", 30), row(2, 110, "d4", "b2", 5)],
		c3: [row(3, 150, "b2", "c3", 10), row(4, 400, "d4", "c3", 1), row(5, 500, "d4", "c3", 1)],
	};

	it("has nothing agreed of what it paid, nothing unspent, and is named", { timeout: 10 * MINUTES }, () => {
		const dir = mkdtempSync(join(scratch(), "unread-"));
		const file = join(dir, "c.clew");
		mustClew("case", "new", file, "--title", "unread", "--chain", "eip155:1");
		for (const [own, rows] of Object.entries(histories)) {
			const path = join(dir, `txlist-${address(own)}.csv`);
			writeFileSync(path, [HEAD, ...rows].join("\n"));
			mustClew("import", "--case", file, "etherscan", path);
		}
		const seeded = ["trace", "--case", file, "--seed", `tx:0x${"1".padStart(64, "0")}`];
		const result = traceResultSchema.parse(JSON.parse(mustClew(...seeded, "--json")));
		expect(result.leaves.map(({ account: at, stop, agreed, range }) => [at, stop.reason, agreed, range[1]])).toEqual([
			[account("b2"), "unfetched", "0", "30"],
			[account("c3"), "unfetched", "0", "10"],
		]);
		expect(result.coverage.gaps).toContainEqual(
			expect.objectContaining({ kind: "unread-outflow", account: account("b2"), fromHeight: "113", toHeight: "150", uncertain: "30" }),
		);
		expect(clew(seeded).out).toMatch(/outflows are unread.*\n(.*\n)+.*fetch 0x0+b2: not read from block 113, and it paid in block 150/u);
		const bundle = join(dir, "bundle");
		mustClew("export", "--case", file, "--trace", result.id, "--out", bundle);
		expect(clew(["verify", bundle]).code).toBe(0);
	});
});
