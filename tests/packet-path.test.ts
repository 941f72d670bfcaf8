import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson } from "@clew/core";
import { failureText, readBundle, verifyFiles } from "@clew/evidence";
import { afterAll, describe, expect, it } from "vitest";
import { papersOfRequest } from "../packages/evidence/src/freeze/papers.js";
import { mustClew, scratch } from "./clew.js";
import { resealPacket } from "./reseal.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NOBODY = { headers: [], keys: [], timeRoots: [] };
/* biome-ignore lint/suspicious/noExplicitAny: what a forger changes has no type. */
type Loose = any;

/** A case with labels and a trace, and the one packet that it gives: its files, its letter on one line, and what was printed. */
async function packetOf(name: string, chain: string, imports: readonly string[], labels: string, seed: string) {
	const inCase = ["--case", at(`${name}.clew`)];
	mustClew("case", "new", at(`${name}.clew`), "--title", "A theft", "--chain", chain);
	mustClew("import", ...imports, ...inCase);
	if (labels !== "") {
		writeFileSync(at(`${name}.csv`), `address,entity,category\n${labels}`);
		mustClew("label", "import", at(`${name}.csv`), "--source", "desk", "--confidence", "90", ...inCase);
	}
	mustClew("trace", "--seed", seed, ...inCase);
	const printed = mustClew("freeze", "--out", at(name), ...inCase);
	const [, packet = ""] = /^ {2}(\S+): /m.exec(printed) ?? [];
	const read = (file: string) => readFileSync(join(at(name), packet, file), "utf8");
	const request = JSON.parse(read("request.json")) as Loose;
	const files = await readBundle(join(at(name), packet));
	/** What a verifier says of the packet after a forger changed it, and made every paper and hash anew. */
	const forged = async (change: (request: Loose) => unknown) => {
		const made = structuredClone(request);
		change(made);
		const papers = [...(await papersOfRequest(made))].map(([path, content]) => [path, Buffer.from(content)] as const);
		const whole = resealPacket(new Map([...files, ...papers, ["request.json", Buffer.from(`${canonicalJson(made)}\n`)]]));
		return (await verifyFiles(whole, NOBODY)).failures.map(failureText).join("\n");
	};
	return { printed, request, letter: read("request.txt").replaceAll(/\s+/g, " "), path: read("path.csv"), forged };
}

const addressOf = (account: string) => account.slice(account.lastIndexOf(":") + 1);

describe("the way in a packet", () => {
	it("leads from Pure Bit's thief over Upbit's deposit address to its hot wallet, and no forger bends it", async () => {
		const [thief, deposit, hot] = [
			"7df1bd58e8fd49803e43987787adfecb4a0a086c",
			"FEAA8EbD3f3ec6301AA12237e2BE3A9e25F36f3c",
			"5E032243d507C743b061eF021e2EC7fcc6d3ab89",
		];
		const { printed, request, letter, path, forged } = await packetOf(
			"purebit",
			"eip155:1",
			["etherscan", "fixtures/cases/purebit"],
			`0x${hot},Upbit,exchange\n`,
			`account:0x${thief}`,
		);
		// Before anything is written: the trace, its seeds, the total and each packet's sum.
		expect(printed).toMatch(
			/^trace [0-9a-f]{16}, from account:0x7df1\S+\n1 packet asks for 499\.99874 ETH in all\n {2}custodian-upbit: 499\.99874 ETH\n/,
		);
		expect(letter).toMatch(
			/^Request to preserve and freeze: ETH at Upbit =+ .{0,100} 1\. In short -+ Upbit is asked to preserve all records of, and to freeze, 499\.99874 ETH \(499998740000000000000 base units\)/,
		);
		expect(letter).toContain(
			`It came in at 0x${deposit} at 2018-11-09T08:16:38Z in transaction 0xadb315e110c7d2cf63dd597c86742ae10f198852e527e435382973f1513e3056; what followed`,
		);
		// What is to be preserved begins with what came to the deposit address.
		expect(letter).toContain("from 2018-11-09T08:16:38Z on");
		expect(request.restsOn).toEqual([]);
		const resting = (await papersOfRequest({ ...request, restsOn: [`eip155:1:0x${deposit.toLowerCase()}`] })).get("request.txt");
		expect(String(resting).replaceAll(/\s+/g, " ")).toContain(`The amounts hold if 0x${deposit} held nothing of the same before`);
		expect(await forged((one) => one.restsOn.push("x"))).toContain('rests on "x", which is no account of eip155:1');
		expect(letter).toContain("2 of 5 steps of the way are listed here; 3 may have brought part of it");
		expect(
			path
				.trim()
				.split("\r\n")
				.map((line) =>
					line
						.split(",")
						.filter((_, i) => i === 0 || i === 2 || i === 14)
						.join(" "),
				),
		).toEqual([
			"step row agreed_base_units",
			"way 6 100000000000000000",
			"way 486 500000000000000000000",
			"way 488 0",
			"end 492 499998739999999999999",
			"end 500 0",
		]);
		expect(request.way.deposits.map((one: Loose) => [addressOf(one.account), one.came, one.swept])).toContainEqual([
			`0x${deposit.toLowerCase()}`,
			[486],
			[492],
		]);
		expect(await forged(() => {})).toBe("");
		const rowOf = (r: Loose, number: number) => r.way.rows.find(({ row }: Loose) => row === number);
		const cases: [string, (r: Loose) => unknown, string][] = [
			[
				"less came in than went on",
				(r) => Object.assign(rowOf(r, 486), { amount: "1", tainted: Object.fromEntries(r.rules.map((rule: string) => [rule, "1"])) }),
				"way row 492: pays more under fifo than had come",
			],
			[
				"a hop is left out",
				(r) => (r.way.rows = r.way.rows.filter(({ row }: Loose) => row !== 486)),
				"way row 492: comes from where nothing of the way had come before",
			],
			["it begins at somebody else", (r) => (r.seeds[0].spec = `account:0x${"1".repeat(40)}`), "way row 486: comes from where nothing"],
			[
				"a hop that leads elsewhere",
				(r) => (rowOf(r, 6).to = `eip155:1:0x${"2".repeat(40)}`),
				"way row 6: leads to nothing that is asked about",
			],
			[
				"more is agreed than moved",
				(r) => (rowOf(r, 486).range = ["500000000000000000001", "500000000000000000001"]),
				"way row 486: taints",
			],
			[
				"another deposit address",
				(r) => (r.way.deposits[0].account = `eip155:1:0x${thief}`),
				"is said to have passed on other rows than its way tells",
			],
			["a seed that marks no row", (r) => (rowOf(r, 488).seeded = true), "is said to begin the trace, and no seed marks it"],
			["the way is left out", (r) => delete r.way, "lacks way"],
		];
		for (const [what, change, why] of cases) expect(await forged(change), what).toContain(why);
	});

	it("follows outputs on Bitcoin from the first coins that were paid, past change, to two addresses of one desk", async () => {
		const { request, letter, forged } = await packetOf(
			"bitcoin",
			"bitcoin",
			["blocks", "fixtures/bitcoin/blocks-1-256.dat"],
			"1DUDsfc23Dv9sPMEk5RsrtfzCw5ofi5sVW,Example Exchange,exchange\n1BDvQZjaAJH4ecZ8aL3fYgTi7rnn3o2thE,Example Exchange,exchange\n",
			"outpoint:0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9:0",
		);
		expect(letter).toContain("Part of it came in at 1LzBzVqEeuQyjD2mRWHes3dgWrT9titxvq at 2009-01-12T06:12:16Z in transaction 591e91f8");
		expect(letter).toContain("Its 10 steps are all listed here");
		expect(request.way.rows.map(({ row, outpoint }: Loose) => `${row} ${outpoint.slice(0, 4)}`)).toEqual([
			"1 0437",
			"2 0437",
			"4 f418",
			"5 f418",
			"7 a16f",
			"8 a16f",
			"9 591e",
			"16 591e",
		]);
		expect(await forged(() => {})).toBe("");
		// The output that row 16 spends was made by row 9; another of the same address is another way.
		expect(await forged((r) => (r.way.rows[7].outpoint = `${"5".repeat(64)}:0`))).toContain("way row 16: comes from where nothing");
	});

	it("tells an issuer the holder, that nobody asked whether it is frozen, and the call of its contract that freezes", async () => {
		const [payer, thief, holder] = ["a", "b", "c"].map((digit) => `0x${digit.repeat(40)}`) as [string, string, string];
		const usdt = "0xdac17f958d2ee523a2206206994597c13d831ec7";
		const hash = (n: number) => `0x${n.toString(16).padStart(64, "0")}`;
		mkdirSync(at("files"));
		const head = "blockNumber,timeStamp,hash,from,contractAddress,to,value,tokenName,tokenSymbol,tokenDecimal,transactionIndex";
		const row = (block: number, from: string, to: string) =>
			`${block},${1_600_000_000 + block},${hash(block)},${from},${usdt},${to},7000000,Tether USD,USDT,6,0`;
		writeFileSync(at(`files/tokens-${thief}.csv`), `${[head, row(10, payer, thief), row(11, thief, holder)].join("\n")}\n`);
		const { request, letter, forged } = await packetOf("tether", "eip155:1", ["etherscan", at("files")], "", `tx:${hash(10)}`);
		// addBlackList(address) is 0x0ecb93c0 at every block explorer.
		const data = `0x0ecb93c0${"0".repeat(24)}${"c".repeat(40)}`;
		expect(request.calls).toEqual([
			expect.objectContaining({
				account: `eip155:1:${holder}`,
				contract: "0xdAC17F958D2ee523a2206206994597C13D831ec7",
				freezes: "addBlackList(address)",
				data,
				frozen: "not asked",
			}),
		]);
		for (const part of [data, "frozen: not asked", "balance now: not read", "the trace begins with it", "7 USDT (7000000 base units)"])
			expect(letter).toContain(part);
		expect(await forged(() => {})).toBe("");
		expect(await forged((r) => (r.calls[0].data = `0x0ecb93c0${"0".repeat(24)}${"b".repeat(40)}`))).toContain(
			"the call that freezes it is 0x0ecb93c0",
		);
		expect(await forged((r) => (r.calls[0].freezes = "freeze(address)"))).toContain(
			"freezes by addBlackList(address), not by freeze(address)",
		);
		expect(await forged((r) => (r.calls = []))).toContain("states 0 calls that freeze");
	});
});
