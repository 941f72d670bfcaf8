import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { JsonRpcProvider, Wallet } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAnvil } from "./anvil.js";
import { clewAsync, mustClew, scratch } from "./clew.js";
import { undocumented } from "./documented.js";

const ETHER = 10n ** 18n;
const folder = scratch();
const key = (n: number) => `0x${(0xc1e0 + n).toString(16).padStart(64, "0")}`;

/** The leaves of a trace that hold something, as account and what every rule agrees on. */
const ends = (result: { leaves: { account: string; agreed: string; stop: { reason: string } }[] }) =>
	result.leaves.map((leaf) => `${leaf.account.slice(-40)} ${leaf.agreed} ${leaf.stop.reason}`).sort();

describe("following money through a node", () => {
	let node: Awaited<ReturnType<typeof startAnvil>>;
	let provider: JsonRpcProvider;
	let theft: string;
	let exchange: string;
	const wallets: Wallet[] = [];
	const follow = async (...args: string[]) => {
		const result = await clewAsync(["follow", theft, "--rpc", node.url, "--chain", "eip155:31337", "--json", ...args]);
		if (result.code !== 0) throw new Error(result.err);
		const answer = JSON.parse(result.out);
		expect(undocumented("clew.follow/1", answer)).toEqual([]);
		return { ...answer, err: result.err };
	};

	beforeAll(async () => {
		node = await startAnvil("--no-mining");
		provider = new JsonRpcProvider(node.url, 31337, { staticNetwork: true, cacheTimeout: -1 });
		for (let n = 0; n < 8; n++) wallets.push(new Wallet(key(n), provider));
		const [rich] = await provider.send("eth_accounts", []);
		const mine = () => provider.send("evm_mine", []);
		const send = async (from: number, to: string, value: bigint) => {
			const sent = await (wallets[from] as Wallet).sendTransaction({ to, value, gasPrice: 2n * 10n ** 9n, gasLimit: 21_000n, type: 0 });
			await mine();
			return sent.hash;
		};
		const address = (n: number) => (wallets[n] as Wallet).address;
		exchange = address(7);
		await provider.send("eth_sendTransaction", [{ from: rich, to: address(0), value: `0x${(100n * ETHER).toString(16)}` }]);
		await mine();
		// Blocks of strangers, which nobody should have to fetch.
		await provider.send("anvil_mine", ["0x40"]);
		theft = await send(0, address(1), 50n * ETHER);
		await provider.send("anvil_mine", ["0x20"]);
		await send(1, address(2), 20n * ETHER);
		await send(1, address(3), 25n * ETHER);
		await provider.send("anvil_mine", ["0x40"]);
		await send(2, exchange, 19n * ETHER);
		await send(3, address(4), 24n * ETHER);
		await send(4, address(5), 23n * ETHER);
		await provider.send("anvil_mine", ["0x10"]);
		writeFileSync(join(folder, "labels.csv"), `address,entity,category\n${exchange},Some Exchange,exchange\n`);
	});
	afterAll(async () => {
		provider.destroy();
		await node.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	it("ends where a trace over the whole ingested chain ends, with a fraction of the blocks", async () => {
		const place = join(folder, "whole.clew");
		mustClew("case", "new", place, "--title", "whole", "--chain", "eip155:31337");
		mustClew("ingest", "--case", place, "--rpc", node.url, "--from", "0", "--to", "tip");
		mustClew("label", "import", join(folder, "labels.csv"), "--source", "s", "--confidence", "50", "--case", place);
		const whole = JSON.parse(mustClew("trace", "--case", place, "--seed", `tx:${theft}`, "--json"));
		const kept = join(folder, "followed.clew");
		mustClew("case", "new", kept, "--title", "followed", "--chain", "eip155:31337");
		const followed = await follow("--labels", join(folder, "labels.csv"), "--case", kept);
		expect(ends(followed.result)).toEqual(ends(whole));
		expect(ends(followed.result)).toContainEqual(`${exchange.slice(2).toLowerCase()} ${19n * ETHER} service`);
		expect(followed.open).toEqual([]);
		const held = JSON.parse(mustClew("status", "--case", kept, "--json")).counts;
		const all = JSON.parse(mustClew("status", "--case", place, "--json")).counts;
		expect(held.blocks).toBeLessThan(all.blocks / 5);
		// The same call again asks for nothing but the head and the balances it cannot keep.
		const again = await follow("--case", kept);
		expect(ends(again.result)).toEqual(ends(whole));
		expect(again.requests).toBeLessThan(followed.requests / 3);
		// What was followed is evidence like what was ingested: proven, and the same again from the bundle.
		const bundle = join(folder, "bundle");
		mustClew("export", "--case", kept, "--trace", "last", "--proofs", "--rpc", node.url, "--out", bundle);
		expect(mustClew("verify", bundle, "--replay")).toMatch(/\d+ rows proven[\s\S]*to the byte/);
	});

	it("a budget of requests binds, says so, and the next call goes on", async () => {
		const kept = join(folder, "budget.clew");
		mustClew("case", "new", kept, "--title", "budget", "--chain", "eip155:31337");
		const short = await follow("--case", kept, "--requests", "12");
		expect(short.open.length).toBeGreaterThan(0);
		expect(short.open[0].why).toBe("requests");
		const rest = await follow("--case", kept);
		expect(rest.open).toEqual([]);
		expect(rest.requestsPerEdge).toBeGreaterThan(0);
	});

	it("an account's blocks are also found by an Etherscan-compatible API, whose word is checked against the node", async () => {
		const asked: string[] = [];
		const server = createServer(async (request, response) => {
			const words = new URL(request.url ?? "", "http://x").searchParams;
			asked.push(String(words.get("action")));
			const address = String(words.get("address")).toLowerCase();
			const rows = [];
			for (let height = Number(words.get("startblock")); height <= Math.min(300, Number(words.get("endblock"))); height++) {
				const block = await provider.send("eth_getBlockByNumber", [`0x${height.toString(16)}`, true]);
				for (const tx of block?.transactions ?? [])
					if ([tx.from, tx.to].includes(address) && words.get("action") === "txlist") rows.push({ blockNumber: String(height) });
			}
			response.end(
				JSON.stringify(
					rows.length > 0 ? { status: "1", message: "OK", result: rows } : { status: "0", message: "No transactions found", result: [] },
				),
			);
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const { port } = server.address() as { port: number };
		const [byNode, byApi] = [await follow(), await follow("--history", `http://127.0.0.1:${port}/api?apikey=k`)];
		expect(ends(byApi.result)).toEqual(ends(byNode.result));
		expect(new Set(asked)).toEqual(new Set(["getblocknobytime", "txlist", "txlistinternal", "tokentx"]));
		expect(byApi.err).toContain("Etherscan API at");
		expect(byApi.err).not.toContain("apikey");
		server.close();
	});

	it("a hash that the node does not know, and a hub with a small budget, get a plain answer", async () => {
		const missing = await clewAsync(["follow", `0x${"12".repeat(32)}`, "--rpc", node.url, "--chain", "eip155:31337"]);
		expect(missing).toMatchObject({ code: 4, err: expect.stringContaining("knows no transaction") });
		const hub = await follow("--blocks-per-account", "1");
		expect(hub.open.map((one: { why: string }) => one.why)).toContain("blocks");
	});
});
