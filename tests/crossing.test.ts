import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TraceResult } from "@clew/core";
import { readBundle } from "@clew/evidence";
import { type Contract, ContractFactory, Interface, type InterfaceAbi, type JsonRpcProvider, parseEther, type Signer } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Compiled, compileCrossing, compileScenario, startAnvil } from "./anvil.js";
import { clew, mustClew, scratch } from "./clew.js";
import { reseal, withPapers } from "./reseal.js";

const HERE = "eip155:31337";
const THERE = "eip155:31338";
const [DEPLOYER, VICTIM, THIEF, BACK, MULE, RELAYER, BUYER] = [0, 1, 2, 3, 4, 5, 6];
const TOKENS = 4_000n;

const EVENTS = new Interface([
	"event V3FundsDeposited(address inputToken, address outputToken, uint256 inputAmount, uint256 outputAmount, uint256 indexed destinationChainId, uint32 indexed depositId, uint32 quoteTimestamp, uint32 fillDeadline, uint32 exclusivityDeadline, address indexed depositor, address recipient, address exclusiveRelayer, bytes message)",
	"event FilledV3Relay(address inputToken, address outputToken, uint256 inputAmount, uint256 outputAmount, uint256 repaymentChainId, uint256 indexed originChainId, uint32 indexed depositId, uint32 fillDeadline, uint32 exclusivityDeadline, address exclusiveRelayer, address indexed relayer, address depositor, address recipient, bytes message, tuple(address updatedRecipient, bytes updatedMessage, uint256 updatedOutputAmount, uint8 fillType) relayExecutionInfo)",
	"event Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)",
]);

/** One of the two chains, with its bridge. */
interface World {
	readonly provider: JsonRpcProvider;
	readonly number: number;
	readonly bridge: Contract;
}

describe("money that crosses from one chain to another and back, and through a pool to somebody else", () => {
	let here: World & { url: string; stop(): Promise<void> };
	let there: World & { url: string; stop(): Promise<void> };
	let pool: string;
	let token: string;
	let people: readonly string[];
	let bridges: readonly string[];
	const folder = scratch();
	const file = join(folder, "case.clew");

	const none = `0x${"00".repeat(20)}`;
	const as = async (world: World, n: number): Promise<Signer> => world.provider.getSigner(n);
	const deploy = async (provider: JsonRpcProvider, compiled: Compiled, ...args: unknown[]) => {
		const contract = await new ContractFactory(compiled.abi as InterfaceAbi, compiled.bytecode, await provider.getSigner(DEPLOYER)).deploy(
			...args,
		);
		await contract.waitForDeployment();
		return contract as Contract;
	};
	const start = async (number: number) => {
		const node = await startAnvil("--chain-id", String(number));
		return { ...node, number, bridge: await deploy(node.provider, compileCrossing()) };
	};
	const log = (name: string, values: readonly unknown[]) => {
		const { topics, data } = EVENTS.encodeEventLog(name, values);
		return [[...topics, ...Array(4 - topics.length).fill(`0x${"00".repeat(32)}`)], data] as const;
	};
	const call = async (world: World, by: number, contract: Contract, name: string, args: readonly unknown[], value: bigint) =>
		(await (contract.connect(await as(world, by)) as Contract).getFunction(name)(...args, { value })).wait();
	const pay = async (world: World, from: number, to: number, value: bigint) =>
		(await (await as(world, from)).sendTransaction({ to: people[to] as string, value })).wait();
	/** A deposit on one chain, and a relayer's payment on the other, a little less. */
	const cross = async (from: World, to: World, id: number, by: number, receiver: number, amount: bigint, out: bigint) => {
		const deposit = [none, none, amount, out, to.number, id, 0, 0, 0, people[by], people[receiver], none, "0x"];
		await call(from, by, from.bridge, "take", log("V3FundsDeposited", deposit), amount);
		const fill = [none, none, amount, out, 1, from.number, id, 0, 0, none, people[RELAYER], people[by], people[receiver], "0x"];
		const args = log("FilledV3Relay", [...fill, [people[receiver], "0x", out, 0]]);
		await call(to, RELAYER, to.bridge, "give", [people[receiver], ...args], out);
	};
	const label = (chain: string, contract: string, category: string) => {
		const path = join(folder, `${category}-${chain.slice(7)}.csv`);
		writeFileSync(path, `address,entity,category\n${contract},Test ${category},${category}\n`);
		mustClew("label", "import", path, "--case", file, "--chain", chain, "--source", "test", "--confidence", "90");
	};
	const run = () => clew(["trace", "--case", file, "--seed", `account:${people[THIEF]}`, "--json"]);
	const trace = () => JSON.parse(run().out) as TraceResult;
	/** All that `clew check` says of somebody. */
	const checked = (chain: string, n: number) => clew(["check", `${chain}:${people[n]}`, "--case", file, "--json"]).out;
	/** The id of the trace that was kept for the other chain. */
	const farId = () => /on eip155:31338: trace ([0-9a-f]{16})/.exec(run().err)?.[1] ?? "";

	beforeAll(async () => {
		[here, there] = await Promise.all([start(31337), start(31338)]);
		people = await Promise.all(Array.from({ length: 7 }, async (_, n) => (await (await as(here, n)).getAddress()).toLowerCase()));
		const coin = await deploy(here.provider, compileScenario().Token, 1_000_000n);
		const swapper = await deploy(here.provider, compileCrossing());
		bridges = await Promise.all([here, there].map(async ({ bridge }) => (await bridge.getAddress()).toLowerCase()));
		[token, pool] = [(await coin.getAddress()).toLowerCase(), (await swapper.getAddress()).toLowerCase()];
		await call(here, DEPLOYER, coin, "transfer", [pool, 100_000n], 0n);
		await pay(here, VICTIM, THIEF, parseEther("10"));
		await cross(here, there, 1, THIEF, MULE, parseEther("4"), parseEther("3.9"));
		await cross(there, here, 1, MULE, BACK, parseEther("2"), parseEther("1.9"));
		const sold = [people[THIEF], parseEther("1"), 0, 0, TOKENS, people[BUYER]];
		await call(here, THIEF, swapper, "swap", [token, people[BUYER], TOKENS, ...log("Swap", sold)], parseEther("1"));
		mustClew("case", "new", file, "--title", "Crossing", "--chain", HERE);
		mustClew("ingest", "--case", file, "--rpc", here.url, "--from", "0", "--to", "tip");
		mustClew("ingest", "--case", file, "--chain", THERE, "--rpc", there.url, "--from", "0", "--to", "tip");
	});
	afterAll(async () => {
		await here?.stop();
		await there?.stop();
	});

	it("is a lead while nobody says that the contracts are a bridge's, and nothing is followed", () => {
		mustClew("detect", "--case", file);
		mustClew("detect", "--case", file, "--chain", THERE);
		const result = trace();
		const bridge = result.leaves.find((leaf) => leaf.stop.reason === "bridge");
		expect(bridge?.stop.detail).toContain("behaviour alone: bridge");
		expect(result.passages?.filter(({ kind }) => kind === "bridge")).toEqual([
			expect.objectContaining({ tier: "lead", protocol: "across", key: "across:31337:1", alternatives: [expect.anything()] }),
		]);
		expect(result.seeds[0]?.rows).toHaveLength(2);
		// Whom the lead may have paid is not cleared by a case that followed nothing to him.
		expect(checked(THERE, MULE)).toContain("may have come out here (across:31337:1)");
	});

	it("follows the swap to whom the pool pays, exactly, per rule", () => {
		const result = trace();
		const swap = result.passages?.find(({ kind }) => kind === "swap");
		expect(swap).toMatchObject({
			tier: "structural",
			protocol: "uniswap-v2",
			got: { to: `${HERE}:${people[BUYER]}`, amount: String(TOKENS) },
		});
		const end = result.leaves.find((leaf) => leaf.account === `${HERE}:${people[BUYER]}`);
		expect(end?.stop.reason).toBe("unspent");
		// The thief had clean money for gas, so newest first all of it is the victim's; haircut gives the pool its share.
		const [row] = result.seeds[0]?.rows.filter(({ passage }) => passage === swap?.key) ?? [];
		expect(row?.seeded).toEqual(swap?.into);
		expect(end?.amounts[`${HERE}/erc20:${token}`]).toEqual(row?.seeded);
	});

	it("leaves nothing open for whom it followed the money to", () => {
		label(HERE, bridges[0] as string, "bridge");
		label(THERE, bridges[1] as string, "bridge");
		expect(trace().passages?.filter(({ kind }) => kind === "bridge")).toEqual([expect.objectContaining({ tier: "structural" })]);
		expect(checked(THERE, MULE)).not.toContain("may have come out here");
		expect(checked(THERE, MULE)).toContain("stolen");
	});

	it("follows labelled bridges there and back, under the same seed, and every unit stays accounted for", async () => {
		const result = trace();
		const over = result.passages?.find(({ kind }) => kind === "bridge");
		expect(over).toMatchObject({ tier: "structural", got: { to: `${THERE}:${people[MULE]}`, amount: parseEther("3.9").toString() } });
		const back = result.seeds[0]?.rows.find(({ passage }) => passage === "across:31338:1");
		expect(back).toMatchObject({ account: `${HERE}:${people[BACK]}`, amount: parseEther("1.9").toString() });
		for (const rule of ["lifo", "difo"] as const) expect(back?.seeded[rule]).toBe(parseEther("1.9").toString());
		for (const sums of Object.values(result.conservation))
			for (const s of Object.values(sums ?? {}))
				expect(BigInt(s.seeded) + BigInt(s.convertedIn)).toBe(BigInt(s.held) + BigInt(s.stopped) + BigInt(s.fees) + BigInt(s.convertedOut));
	});

	it("has no path across chains, which is said, with the passages that the traces know", () => {
		const path = (from: string, to: string) => clew(["path", "--case", file, "--from", from, "--to", to]);
		const apart = path(people[THIEF] as string, people[MULE] as string);
		expect(apart.out).toContain("no path in the data");
		expect(apart.err).toContain("paths do not cross chains");
		expect(apart.err).toMatch(/eip155:31338:0x[0-9a-f]{40} got it at .* \(across:31337:1\)/);
		const other = path(people[THIEF] as string, `${THERE}:${people[MULE]}`);
		expect(other).toMatchObject({ code: 3, err: expect.stringContaining("(across:31337:1)") });
	});

	it("is asked for in a packet by the trace of the chain that it went on to", () => {
		const folder = join(scratch(), "packet");
		const { code, err } = clew(["freeze", "--case", file, "--out", folder]);
		expect(code).toBe(3);
		run();
		expect(err).toContain(`--trace ${farId()}`);
	});

	/** What a replay says of a bundle whose trace a forger edited. */
	const forgedFrom = async (bundle: string, edit: (result: TraceResult) => unknown) => {
		const folder = scratch();
		const files = reseal(await readBundle(bundle), (result) => void edit(result));
		for (const [path, data] of await withPapers(files)) {
			mkdirSync(dirname(join(folder, path)), { recursive: true });
			writeFileSync(join(folder, path), data);
		}
		return clew(["verify", folder, "--replay"]).out;
	};

	it("proves and replays the near side, whose passages nobody can add to or bend", async () => {
		const { id, passages = [] } = trace();
		const bundle = join(folder, "near");
		mustClew("export", "--trace", id, "--case", file, "--out", bundle, "--proofs", "--rpc", here.url);
		const { code, out } = clew(["verify", bundle, "--replay"]);
		expect(out).toMatch(/same/);
		const away = passages.flatMap(({ got }, i) => (got?.asset.startsWith(`${THERE}/`) ? [i + 1] : []));
		const back = `what came over passages from elsewhere and is marked as stolen (1 movement, at most ${parseEther("1.9")} of ${HERE}/slip44:60)`;
		expect(out).toContain(`the maker's word alone: ${back}; what comes out of passage ${away.join(", ")};`);
		expect(out).toContain("how much of 1 movement came over passages from elsewhere");
		expect(code).toBe(0);
		const forged = (edit: (passages: NonNullable<TraceResult["passages"]>) => unknown) =>
			forgedFrom(bundle, (result) => void edit(result.passages ?? []));
		const none = "that is no row, and none of the ledgers";
		expect(
			await forged((all) => all.push({ ...(all[0] as (typeof all)[0]), paid: { ...(all[0] as (typeof all)[0]).paid, amount: "1" } })),
		).toContain(none);
		expect(await forged((all) => Object.assign(all[0] ?? {}, { protocol: "wormhole" }))).toContain("replay: another result");
	});

	it("proves and replays the far side from its own node, whose passages nobody can take away", async () => {
		const bundle = join(folder, "far");
		mustClew("export", "--trace", farId(), "--case", file, "--out", bundle, "--proofs", "--rpc", there.url);
		const far = JSON.parse(readFileSync(join(bundle, "trace.json"), "utf8")) as TraceResult;
		expect(far.chain).toBe(THERE);
		expect(far.seeds[0]?.rows.map(({ passage, account }) => [passage, account])).toEqual([["across:31337:1", `${THERE}:${people[MULE]}`]]);
		expect(far.leaves.map((leaf) => leaf.stop.reason).sort()).toEqual(["bridge", "unspent"]);
		const report = readFileSync(join(bundle, "report.html"), "utf8");
		expect(report).toContain("Through bridges and pools");
		expect(report).toContain("1 arrival, 1 of them out of a bridge or a pool");
		const { code, out } = clew(["verify", bundle, "--replay"]);
		expect(out).toMatch(/same/);
		expect(out).toContain(`(1 movement, at most ${parseEther("3.9")} of ${THERE}/slip44:60)`);
		expect(code).toBe(0);
		expect(await forgedFrom(bundle, (result) => delete (result as { passages?: unknown }).passages)).toContain(
			"replay: another result: id, passages",
		);
	});

	it("tells a desk the whole way over both bridges, on every chain, and the verifier follows it", async () => {
		label(HERE, people[BACK] as string, "exchange");
		const { id } = trace();
		const packet = join(scratch(), "packet");
		mustClew("freeze", "--trace", id, "--case", file, "--out", packet);
		const inFolder = join(packet, "custodian-test-exchange");
		const { way, asked } = JSON.parse(readFileSync(join(inFolder, "request.json"), "utf8"));
		expect(asked).toEqual({ [`${HERE}/slip44:60`]: parseEther("1.9").toString() });
		expect(way.passages.map(({ key }: { key: string }) => key)).toEqual(["across:31337:1", "across:31338:1"]);
		expect([way.arrived.length, way.before.map(({ chain }: { chain: string }) => chain)]).toEqual([1, [THERE]]);
		expect(way.rows.map(({ from }: { from: string }) => from)).toContain(`${HERE}:${people[THIEF]}`);
		const letter = readFileSync(join(inFolder, "request.txt"), "utf8").replaceAll(/\s+/g, " ");
		expect(letter).toContain(`Through the bridge across (across:31337:1): paid in by ${HERE}:${people[THIEF]}`);
		expect(mustClew("verify", packet)).toMatch(/^intact/);
	});
});
