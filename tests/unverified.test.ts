import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clewAsync, scratch } from "./clew.js";
import { type RecordedNode, serve } from "./recorded-node.js";

const HEIGHT = 4_369_999;
const folder = scratch();
const place = (name: string) => join(folder, name);

/** A real block of mainnet under another hash and for another chain: what a chain with a rule of its own looks like from outside. */
function foreignNode(number: number): Promise<RecordedNode> {
	const read = (name: string) => {
		const text = readFileSync(new URL(`../fixtures/ethereum/${HEIGHT}/${name}.json`, import.meta.url), "utf8");
		const value = JSON.parse(text.replaceAll("0x51bc754831f33817e755039d90af3b20ea1e21905529ddaa03d7ba9f5fc9e66f", `0x${"c0".repeat(32)}`));
		return value.result ?? value;
	};
	const block = read("block");
	const receipts = read("receipts");
	return serve((method, [tag]) => {
		const asked = tag === "latest" || tag === `0x${HEIGHT.toString(16)}`;
		if (method === "eth_chainId") return `0x${number.toString(16)}`;
		if (method === "web3_clientVersion") return "other/1";
		if (method === "eth_getBlockByNumber") return asked ? block : null;
		return method === "eth_getBlockReceipts" && asked ? receipts : undefined;
	});
}

async function must(...args: string[]): Promise<string> {
	const { code, out, err } = await clewAsync(args);
	expect(code, `${args.join(" ")}\n${out}${err}`).toBe(0);
	return out === "" ? err : out;
}

/** A new case of a chain, with the block as its node tells it. */
async function ingest(chain: string, node: RecordedNode, ...more: string[]) {
	const at = place(`${chain.replaceAll(":", "-")}${more.length}.clew`);
	await must("case", "new", at, "--chain", chain, "--title", "t");
	const range = ["--from", String(HEIGHT), "--to", String(HEIGHT)];
	return { at, ...(await clewAsync(["ingest", "--case", at, "--rpc", node.url, ...range, ...more])) };
}

describe("a chain whose rule of hashes is not known", () => {
	let cronos: RecordedNode;
	let nameless: RecordedNode;
	beforeAll(async () => {
		[cronos, nameless] = await Promise.all([foreignNode(25), foreignNode(424_243)]);
	});
	afterAll(() => {
		cronos.close();
		nameless.close();
		rmSync(folder, { recursive: true });
	});

	it("is followed by the word of its node, which every row, request and verdict says", async () => {
		const { at, code, err } = await ingest("cronos", cronos);
		expect([code, err]).toEqual([
			0,
			expect.stringContaining("this node's word, as it does not come out by any rule known here: the block hash"),
		]);
		const trace = await must(
			"trace",
			"--case",
			at,
			"--seed",
			"tx:0x042ec8bb804d70805daae7aa1b4274cbc0b976565733e42251dac613c0ec4f6b",
			"--json",
		);
		expect(JSON.parse(trace).edges.map((edge: { provenance: string }) => edge.provenance)).toEqual(["node-unverified"]);
		expect(trace).toContain("one node's word");
		const bundle = place("bundle");
		await must("export", "--case", at, "--trace", JSON.parse(trace).id, "--out", bundle, "--proofs", "--rpc", cronos.url);
		const verdict = await must("verify", bundle, "--replay");
		expect(verdict).toContain("1 taken from one node, unchecked");
		expect(verdict).toContain("what a node told of 1 block unchecked");
		// What people read says it, too: once where it is the same of all rows, else beside each.
		const seed = "0x042ec8bb804d70805daae7aa1b4274cbc0b976565733e42251dac613c0ec4f6b";
		expect(await must("show", "--case", at, seed)).toContain("provenance of every row: node-unverified");
		const payer = JSON.parse(trace).edges[0].from.split(":").at(-1);
		const file = place("more.csv");
		const head = "blockNumber,timeStamp,hash,from,to,value,gas,gasPrice,gasUsed,isError,txreceipt_status,transactionIndex";
		const row = [5, 1_500_000_000, `0x${"7".repeat(64)}`, payer, `0x${"ab".repeat(20)}`, 9, 21000, 0, 21000, 0, 1, 0];
		writeFileSync(file, `${head},contractAddress,confirmations\n${row.join(",")},,1000\n`);
		await must("import", "etherscan", file, "--case", at);
		const shown = await must("show", "--case", at, payer);
		expect(shown).toMatch(/entity +provenance/);
		for (const tier of ["imported", "node-unverified"]) expect(shown).toMatch(new RegExp(`^\\d+\\.\\d+\\..* ${tier} `, "m"));
		expect(shown).not.toContain("provenance of every row");
	});

	it("a chain that the table does not hold needs to be asked for, and no node is called a liar", async () => {
		const refused = await ingest("eip155:424243", nameless);
		expect(refused.code).not.toBe(0);
		expect(refused.err).toContain("whether eip155:424243 has a rule of its own is not known here");
		expect(refused.err).toContain("--trust-node");
		const taken = await ingest("eip155:424243", nameless, "--trust-node");
		expect([taken.code, taken.out]).toEqual([0, expect.stringContaining("1 fetched")]);
	});
});
