import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TraceResult } from "@clew/core";
import { type Contract, ContractFactory, Interface, type InterfaceAbi, parseEther, type Signer } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Btcd, obtainBtcd, startBtcd } from "../scripts/services/btcd.js";
import { compileCrossing, startAnvil } from "./anvil.js";
import { carrying, coinbaseOf, payTo, person, send, sign } from "./bitcoin-scenario.js";
import { clew, mustClew, scratch } from "./clew.js";

const binary = obtainBtcd();
const ETHEREUM = "eip155:31337";
const BITCOIN = "bitcoin-regtest";
const COIN = 100_000_000n;
const ROUTER = new Interface([
	"event Deposit(address indexed to, address indexed asset, uint256 amount, string memo)",
	"event TransferOut(address indexed vault, address indexed to, address asset, uint256 amount, string memo)",
]);
const NONE = `0x${"00".repeat(20)}`;
const [DEPLOYER, VICTIM, THIEF, BACK, VAULT] = [0, 1, 2, 3, 4];

describe.skipIf(binary === undefined)("money that crosses to Bitcoin and back by THORChain's memos", () => {
	const folder = scratch();
	const file = join(folder, "case.clew");
	const [miner, vault, thief, mule] = [person(1), person(2), person(3), person(4)];
	const address = (who: typeof miner) => payTo("p2pkh", who).address as string;
	let ethereum: Awaited<ReturnType<typeof startAnvil>>;
	let bitcoin: Btcd;
	let router: string;
	let people: readonly string[];

	const memoOf = (hash: string) => `OUT:${hash.replace("0x", "").toUpperCase()}`;
	const note = (text: string) => [carrying(Buffer.from(text, "utf8")), 0n] as const;
	const label = (chain: string, account: string) => {
		const path = join(folder, `bridge-${chain.split(":")[0]}.csv`);
		writeFileSync(path, `address,entity,category\n${account},THORChain,bridge\n`);
		mustClew("label", "import", path, "--case", file, "--chain", chain, "--source", "test", "--confidence", "90");
	};
	const run = () => clew(["trace", "--case", file, "--seed", `account:${people[THIEF]}`, "--json"]);
	const traceOn = (text: string) => /bip122:[0-9a-f]{32}: trace ([0-9a-f]{16})/.exec(text)?.[1] ?? "";

	beforeAll(async () => {
		[ethereum, bitcoin] = await Promise.all([startAnvil(), startBtcd(binary as string, address(miner))]);
		const { provider } = ethereum;
		people = await Promise.all([0, 1, 2, 3, 4].map(async (n) => (await (await provider.getSigner(n)).getAddress()).toLowerCase()));
		const { abi, bytecode } = compileCrossing();
		const contract = (await new ContractFactory(abi as InterfaceAbi, bytecode, await provider.getSigner(DEPLOYER)).deploy()) as Contract;
		await contract.waitForDeployment();
		router = (await contract.getAddress()).toLowerCase();
		const call = async (by: number, name: string, args: readonly unknown[], value: bigint): Promise<string> =>
			(await (await (contract.connect((await provider.getSigner(by)) as Signer) as Contract).getFunction(name)(...args, { value })).wait())
				.hash;
		const log = (name: string, values: readonly unknown[]) => {
			const { topics, data } = ROUTER.encodeEventLog(name, values);
			return [[...topics, ...Array(4 - topics.length).fill(`0x${"00".repeat(32)}`)], data];
		};

		await (await (await provider.getSigner(VICTIM)).sendTransaction({ to: people[THIEF] as string, value: parseEther("10") })).wait();
		const swap = [router, NONE, parseEther("4"), `=:BTC.BTC:${address(thief)}:0/1/0`];
		const deposited = await call(THIEF, "take", log("Deposit", swap), parseEther("4"));

		await bitcoin.call("generate", 101);
		const funding = await coinbaseOf(bitcoin, 1, miner);
		const toVault = sign([funding], [[payTo("p2pkh", vault), 49n * COIN]]);
		await send(bitcoin, toVault);
		const owned = (tx: typeof toVault, vout: number, owner: typeof miner) => ({ tx, vout, kind: "p2pkh" as const, owner });
		const payout = sign(
			[owned(toVault, 0, vault)],
			[[payTo("p2pkh", thief), 2n * COIN], [payTo("p2pkh", vault), 46n * COIN], note(memoOf(deposited))],
		);
		await send(bitcoin, payout);
		const hop = sign([owned(payout, 0, thief)], [[payTo("p2pkh", mule), 2n * COIN - 10_000n]]);
		await send(bitcoin, hop);
		const returned = sign(
			[owned(hop, 0, mule)],
			[[payTo("p2pkh", vault), COIN], [payTo("p2pkh", mule), COIN - 20_000n], note(`=:ETH.ETH:${people[BACK]}`)],
		);
		await send(bitcoin, returned);
		await bitcoin.call("generate", 1);
		const out = [people[VAULT], people[BACK], NONE, parseEther("1.9"), memoOf(returned.getId())];
		await call(VAULT, "give", [people[BACK], ...log("TransferOut", out)], parseEther("1.9"));

		mustClew("case", "new", file, "--title", "Crossing to Bitcoin", "--chain", ETHEREUM);
		mustClew("ingest", "--case", file, "--rpc", ethereum.url, "--from", "0", "--to", "tip");
		mustClew("ingest", "--case", file, "--chain", BITCOIN, "--rpc", bitcoin.url, "--from", "0", "--to", "tip");
	});
	afterAll(async () => {
		await ethereum?.stop();
		await bitcoin?.stop();
	});

	it("is a lead while nobody says that the router is a bridge's", () => {
		mustClew("detect", "--case", file);
		const result = JSON.parse(run().out) as TraceResult;
		expect(result.passages).toEqual([expect.objectContaining({ tier: "lead", protocol: "thorchain", alternatives: [expect.anything()] })]);
		expect(traceOn(run().err)).toBe("");
	});

	it("is followed to Bitcoin, output by output, and back, under the same seed", () => {
		label(ETHEREUM, router);
		label(BITCOIN, address(vault));
		const { out, err } = run();
		const near = JSON.parse(out) as TraceResult;
		const over = near.passages?.find(({ tier }) => tier === "structural");
		expect(over?.got).toMatchObject({ to: expect.stringContaining(address(thief)), amount: String(2n * COIN) });
		const id = traceOn(err);
		expect(id).toMatch(/^[0-9a-f]{16}$/);
		const back = near.seeds[0]?.rows.find(({ account }) => account === `${ETHEREUM}:${people[BACK]}`);
		// Newest first all that the thief paid in was the victim's; half of it came back.
		expect(back).toMatchObject({ amount: parseEther("1.9").toString(), seeded: { lifo: parseEther("1.9").toString() } });
		for (const sums of Object.values(near.conservation))
			for (const s of Object.values(sums ?? {}))
				expect(BigInt(s.seeded) + BigInt(s.convertedIn)).toBe(BigInt(s.held) + BigInt(s.stopped) + BigInt(s.fees) + BigInt(s.convertedOut));
	});

	it("is told in words: where it crossed, and where it is on both chains", () => {
		const text = mustClew("trace", "--case", file, "--seed", `account:${people[THIEF]}`);
		expect(text).toContain("thorchain");
		for (const end of [address(mule), address(vault)]) expect(text).toContain(end);
		expect(text.toLowerCase()).toContain(people[BACK] as string);
	});

	it("proves and replays the Bitcoin side from its own node", () => {
		const bundle = join(folder, "far");
		mustClew("export", "--trace", traceOn(run().err), "--case", file, "--out", bundle, "--proofs", "--rpc", bitcoin.url);
		const far = JSON.parse(readFileSync(join(bundle, "trace.json"), "utf8")) as TraceResult;
		expect(far.seeds[0]?.rows).toEqual([expect.objectContaining({ account: expect.stringContaining(address(thief)) })]);
		expect(far.leaves.map((leaf) => leaf.stop.reason).sort()).toEqual(["bridge", "unspent"]);
		expect(readFileSync(join(bundle, "report.html"), "utf8")).toContain("Through bridges and pools");
		const { code, out } = clew(["verify", bundle, "--replay"]);
		expect(out).toMatch(/same/);
		expect(code).toBe(0);
	});
});
