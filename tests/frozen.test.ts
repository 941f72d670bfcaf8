import { rmSync } from "node:fs";
import { join } from "node:path";
import { freezableTokens, parseChainId } from "@clew/core";
import { openCase } from "@clew/graph-store";
import { Contract, type InterfaceAbi } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileFreezing, startAnvil } from "./anvil.js";
import { clew, clewAsync, scratch } from "./clew.js";

const folder = scratch();
const THIEF = "0x00000000000000000000000000000000000bad01";
const OTHER = "0x00000000000000000000000000000000000bad02";

interface Fact {
	readonly symbol: string;
	readonly frozen: boolean | null;
	readonly holds: string | null;
	readonly since?: { readonly height: number; readonly txHash?: string; readonly by?: string };
}

describe("what issuers froze", () => {
	let node: Awaited<ReturnType<typeof startAnvil>>;
	const hashes = new Map<string, { hash: string; height: number }>();
	const token = (symbol: string) =>
		freezableTokens(parseChainId("eip155:1"))
			.find((one) => one.symbol === symbol)
			?.asset.split(":")[2] as string;
	const facts = async (...args: string[]): Promise<ReadonlyMap<string, Fact>> => {
		const { code, out, err } = await clewAsync(["frozen", ...args, "--rpc", node.url, "--json"]);
		expect(code, err).toBe(0);
		return new Map((JSON.parse(out).facts as Fact[]).map((fact) => [fact.symbol, fact]));
	};

	beforeAll(async () => {
		node = await startAnvil("--chain-id", "1");
		const { provider } = node;
		const { abi, code } = compileFreezing();
		await provider.send("anvil_mine", ["0x5"]);
		const signer = await provider.getSigner();
		const call = async (symbol: string, name: string, ...args: unknown[]) => {
			const contract = new Contract(token(symbol), abi as InterfaceAbi, signer);
			const receipt = await (await contract.getFunction(name)(...args)).wait();
			hashes.set(`${symbol} ${name}`, { hash: receipt.hash, height: receipt.blockNumber });
		};
		for (const symbol of ["USDT", "USDC", "PYUSD"]) await provider.send("anvil_setCode", [token(symbol), code]);
		await call("USDT", "addBlackList", THIEF);
		await provider.send("anvil_mine", ["0x7"]);
		await call("USDC", "blacklist", OTHER);
		await call("USDC", "blacklist", THIEF);
		await call("USDC", "unBlacklist", THIEF);
		await call("PYUSD", "freeze", THIEF);
		await provider.send("anvil_mine", ["0x7"]);
	});
	afterAll(async () => {
		await node.stop();
		rmSync(folder, { recursive: true });
	});

	it("is told with the block, the transaction and who sent it; what was released is not, and no answer is not known", async () => {
		const found = await facts(THIEF);
		const [usdt, pyusd] = ["USDT addBlackList", "PYUSD freeze"].map((key) => hashes.get(key));
		const by = `eip155:1:${(await (await node.provider.getSigner()).getAddress()).toLowerCase()}`;
		expect(found.get("USDT")).toMatchObject({ frozen: true, holds: "7000000", since: { height: usdt?.height, txHash: usdt?.hash, by } });
		expect(found.get("PYUSD")).toMatchObject({ frozen: true, since: { height: pyusd?.height, txHash: pyusd?.hash, by } });
		expect(found.get("USDC")).toMatchObject({ frozen: false, holds: "7000000" });
		expect(found.get("EURC")).toMatchObject({ frozen: null, holds: null });
		const { out } = await clewAsync(["frozen", THIEF, "--rpc", node.url]);
		expect(out).toContain("FROZEN");
		expect(out).toContain("one node's word");
	});

	it("is asked of the end points of a trace, of what came there", async () => {
		const place = join(folder, "a.clew");
		const must = async (...args: string[]) => expect((await clewAsync(args)).code, args.join(" ")).toBe(0);
		await must("case", "new", place, "--title", "t", "--chain", "eip155:1");
		await must("ingest", "--case", place, "--rpc", node.url, "--from", "0", "--to", "latest");
		const store = await openCase(place);
		const [event, ...more] = (await Promise.all([...Array(30).keys()].map((height) => store.heights(parseChainId("eip155:1"), height, 1))))
			.flat()
			.flatMap(({ events = [] }) => events)
			.filter(({ kind }) => kind === "token-control");
		await store.close();
		expect([event?.details["control"], more.length]).toEqual(["blocked", 4]);
		const { code, err } = await clewAsync(["frozen", "--case", place, "--rpc", node.url]);
		expect([code, err]).toEqual([2, expect.stringContaining("Run clew trace first")]);
	});

	it("without a node says who could freeze, and that nothing is known of what is", async () => {
		const { out } = clew(["frozen", `base:${THIEF}`], { CLEW_EVM_RPC: "" });
		expect(out).toContain("whether anything is frozen is not known");
		expect(out).toContain("Circle: blacklist(address)");
		expect((await clewAsync(["frozen", `eip155:424242:${THIEF}`])).err).toContain("no token is known that an issuer can freeze");
	});
});
