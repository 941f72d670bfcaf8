import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TraceResult } from "@clew/core";
import { parseEther, type Signer, Wallet } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAnvil } from "./anvil.js";
import { clew, mustClew, scratch } from "./clew.js";
import { undocumented } from "./documented.js";
import { PEOPLE, playTheft, type Theft } from "./theft.js";

const CHAIN = "eip155:31337";
const ETHER = `${CHAIN}/slip44:60`;
const folder = scratch();
const at = (name: string) => join(folder, name);

let node: Awaited<ReturnType<typeof startAnvil>>;
let address: Theft["address"];
let signers: Theft["signers"];
let done: Theft["done"];
const id = (a: string) => `${CHAIN}:${a.toLowerCase()}`;
const { VICTIM, THIEF, HOP, FIRST, SECOND, FENCE } = PEOPLE;

beforeAll(async () => {
	node = await startAnvil("--accounts", "10");
	({ address, signers, done } = await playTheft(node.provider));
});
afterAll(async () => {
	await node?.stop();
	rmSync(folder, { recursive: true, force: true });
});

function ingest(name: string, ...more: string[]) {
	mustClew("case", "new", at(name), "--title", "anvil", "--chain", CHAIN);
	return JSON.parse(mustClew("ingest", "--case", at(name), "--rpc", node.url, "--from", "0", "--to", "latest", "--json", ...more));
}

describe("a theft on a real node", () => {
	let result: TraceResult;

	it("is ingested: every root and hash recomputes, calls are traced, a second run has nothing to do", async () => {
		const report = ingest("a.clew");
		expect(report.capabilities).toMatchObject({ blockReceipts: true, traces: "trace_block" });
		expect([report.gaps, undocumented("clew.ingest/1", report)]).toEqual([[], []]);
		expect(report.blocks).toBe((await node.provider.getBlockNumber()) + 1);
		expect(
			JSON.parse(mustClew("ingest", "--case", at("a.clew"), "--rpc", node.url, "--from", "0", "--to", "latest", "--json")),
		).toMatchObject({ blocks: 0, added: 0 });
	});

	it("every account's balance by the case changes as the node's does", async () => {
		for (const n of [VICTIM, THIEF, HOP, FIRST, SECOND, FENCE]) {
			const shown = JSON.parse(mustClew("show", "--case", at("a.clew"), await address(n), "--json"));
			const ether = shown.balances.find((b: { asset: string }) => b.asset === ETHER) ?? { amount: "0", shortfall: "0" };
			const now = await node.provider.getBalance(await address(n));
			const genesis = await node.provider.getBalance(await address(n), 0);
			if (ether.shortfall === "0") expect(BigInt(ether.amount)).toBe(now - genesis);
		}
		const fence = JSON.parse(mustClew("show", "--case", at("a.clew"), await address(FENCE), "--json"));
		expect(fence.balances).toContainEqual({ asset: `${CHAIN}/erc20:${done.token}`, amount: "150000000", shortfall: "0" });
	});

	it("is traced through the splitter and into the token, in the exact amounts of the scenario", async () => {
		result = JSON.parse(mustClew("trace", "--case", at("a.clew"), "--seed", `tx:${done.thefts[0]}`, "--json"));
		const held = (account: string, asset: string, rule: "fifo" | "difo") =>
			result.leaves.find((l) => l.account === id(account) && l.amounts[asset])?.amounts[asset]?.[rule];
		// By fifo and difo the thief's 10 ether is all there is: the gas given at genesis is not in the case.
		for (const rule of ["fifo", "difo"] as const) {
			expect(held(await address(FIRST), ETHER, rule)).toBe(parseEther("2").toString());
			expect(held(await address(SECOND), ETHER, rule)).toBe(parseEther("1").toString());
			expect(held(await address(FENCE), `${CHAIN}/erc20:${done.token}`, rule)).toBe("150000000");
			expect(held(await address(HOP), `${CHAIN}/erc20:${done.token}`, rule)).toBe("50000000");
		}
		const sums = result.conservation.fifo?.[ETHER];
		expect(sums).toMatchObject({
			seeded: parseEther("10").toString(),
			convertedOut: parseEther("2").toString(),
			fees: done.fees.toString(),
		});
		const exchange = result.edges.filter((e) => e.kind === "conversion");
		expect(exchange).toMatchObject([
			{
				from: id(await address(HOP)),
				asset: ETHER,
				amount: parseEther("2").toString(),
				into: { asset: `${CHAIN}/erc20:${done.token}`, amount: "200000000" },
			},
		]);
		expect(result.assets[`${CHAIN}/erc20:${done.token}`]).toEqual({ symbol: "LOOT", decimals: 6 });
	});

	it("a reverted call moves nothing and pays its fee", () => {
		const reverted = result.edges.filter((e) => e.txHash === done.reverted);
		expect(reverted.map((e) => e.kind)).toEqual(["fee"]);
	});

	it("is exported and verified", () => {
		mustClew("export", "--case", at("a.clew"), "--trace", result.id, "--out", at("bundle"));
		expect(clew(["verify", at("bundle")]).code).toBe(0);
	});

	it("gives the same trace when it is ingested call by call and block by block", async () => {
		ingest("b.clew", "--batch", "1", "--checkpoint", "1", "--concurrency", "1");
		const again: TraceResult = JSON.parse(mustClew("trace", "--case", at("b.clew"), "--seed", `tx:${done.thefts[0]}`, "--json"));
		expect(again.edges).toEqual(result.edges);
		expect(again.leaves).toEqual(result.leaves);
	});

	it("what a file said otherwise is named by the ingest that takes it out, and by the import that comes after it", async () => {
		const tx = await node.provider.getTransaction(done.thefts[0] ?? "");
		const receipt = await node.provider.getTransactionReceipt(done.thefts[0] ?? "");
		const row = {
			blockNumber: `${tx?.blockNumber}`,
			timeStamp: `${(await node.provider.getBlock(tx?.blockNumber ?? 0))?.timestamp}`,
			hash: tx?.hash,
			from: tx?.from.toLowerCase(),
			to: tx?.to?.toLowerCase(),
			value: `${(tx?.value ?? 0n) + 1n}`,
			gasUsed: `${receipt?.gasUsed}`,
			gasPrice: `${receipt?.gasPrice}`,
			transactionIndex: `${receipt?.index}`,
			isError: "0",
		};
		const file = `${row.from}.json`;
		writeFileSync(at(file), JSON.stringify({ status: "1", result: [row] }));
		const files = ["import", "etherscan", at(file)];
		const blocks = ["ingest", "--rpc", node.url, "--from", "0", "--to", "latest"];
		const said = `first ${tx?.hash} of block ${tx?.blockNumber} (its value)`;
		for (const [name, first, second] of [
			["files-first.clew", files, blocks],
			["blocks-first.clew", blocks, files],
		] as const) {
			mustClew("case", "new", at(name), "--title", "anvil", "--chain", CHAIN);
			mustClew(...first, "--case", at(name));
			const { code, err } = clew([...second, "--case", at(name)]);
			expect([name, code, err]).toEqual([name, 0, expect.stringContaining(said)]);
			expect(err).toContain(file);
			const shown = JSON.parse(mustClew("show", "--case", at(name), tx?.hash ?? "", "--json"));
			expect(shown.transfers.find(({ kind }: { kind: string }) => kind === "native")?.amount).toBe(`${tx?.value}`);
		}
		mustClew("case", "new", at("said.clew"), "--title", "anvil", "--chain", CHAIN);
		mustClew(...files, "--case", at("said.clew"));
		const report = JSON.parse(mustClew(...blocks, "--case", at("said.clew"), "--json"));
		expect(undocumented("clew.ingest/1", report)).toEqual([]);
		expect(report.denied).toEqual({
			transactions: 1,
			first: { height: tx?.blockNumber, hash: tx?.hash, what: ["value"] },
			files: [file],
		});
	});

	it("of an account whose history starts later reads its opening balance from the node", async () => {
		const from = (await node.provider.getTransactionReceipt(done.thefts[0] as string))?.blockNumber ?? 0;
		mustClew("case", "new", at("late.clew"), "--title", "late", "--chain", CHAIN);
		mustClew("ingest", "--case", at("late.clew"), "--rpc", node.url, "--from", String(from), "--to", "latest");
		const seed = ["--seed", `tx:${done.thefts[0]}`, "--json"];
		const without: TraceResult = JSON.parse(mustClew("trace", "--case", at("late.clew"), ...seed));
		expect(without.coverage.gaps.map((g) => g.kind)).toContain("opening-balance-unknown");
		const withNode: TraceResult = JSON.parse(mustClew("trace", "--case", at("late.clew"), ...seed, "--rpc", node.url));
		expect(withNode.coverage.gaps.map((g) => g.kind)).not.toContain("opening-balance-unknown");
		// With 10,000 clean ether before it, fifo leaves the stolen ether where it came; lifo passes it on.
		const thief = id(await address(THIEF));
		expect(withNode.leaves.find((l) => l.account === thief)?.amounts[ETHER]).toMatchObject({
			fifo: parseEther("10").toString(),
			dilo: parseEther("10").toString(),
		});
	});

	it("survives a reorganisation: what is gone from the chain is gone from the case", async () => {
		const snapshot = await node.provider.send("evm_snapshot", []);
		const loot = Wallet.createRandom().address;
		await (await (signers[FIRST] as Signer).sendTransaction({ to: loot, value: 5n })).wait();
		mustClew("ingest", "--case", at("a.clew"), "--rpc", node.url, "--from", "0", "--to", "latest");
		expect(JSON.parse(mustClew("show", "--case", at("a.clew"), loot, "--json")).ledger).toHaveLength(1);
		await node.provider.send("evm_revert", [snapshot]);
		await (await (signers[SECOND] as Signer).sendTransaction({ to: await address(FENCE), value: 6n })).wait();
		await node.provider.send("anvil_mine", ["0x2"]);
		mustClew("ingest", "--case", at("a.clew"), "--rpc", node.url, "--from", "0", "--to", "latest");
		expect(JSON.parse(mustClew("show", "--case", at("a.clew"), loot, "--json")).ledger).toEqual([]);
		ingest("fresh.clew");
		const ledger = async (name: string, n: number) => JSON.parse(mustClew("show", "--case", at(name), await address(n), "--json")).ledger;
		for (const n of [FIRST, SECOND, FENCE]) expect(await ledger("a.clew", n)).toEqual(await ledger("fresh.clew", n));
	});
});
