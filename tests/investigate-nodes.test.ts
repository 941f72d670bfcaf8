import { existsSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Contract, ContractFactory, type InterfaceAbi, Wallet } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileScenario, startAnvil } from "./anvil.js";
import { clewAsync, scratch } from "./clew.js";
import { undocumented } from "./documented.js";

const ETHER = 10n ** 18n;
const folder = scratch();
const key = (n: number) => `0x${(0xd1e0 + n).toString(16).padStart(64, "0")}`;

/**
 * What public nodes refuse: the ordinary one tells logs and blocks alone, and no old states; another finds an account's transactions, and
 * has no traces.
 */
const REFUSED = { plain: /^(debug_|trace_|ots_|erigon_)/, untraced: /^(debug_|trace_)/ } as const;
const OF_STATES = /^eth_get(Balance|TransactionCount|Code)$/;

interface Place {
	readonly accounts: readonly string[];
	readonly agreed: string;
	readonly most: string;
	readonly unread: string | null;
	readonly atHead: string;
}

describe("an investigation through a node that is behind", () => {
	it("is not complete, and says of when the newest block is", async () => {
		const behind = await startAnvil("--chain-id", "1");
		const { provider, url } = behind;
		try {
			const [from = "", to = ""] = await provider.send("eth_accounts", []);
			const hash = await provider.send("eth_sendTransaction", [{ from, to: `0x${"ab".repeat(20)}`, value: "0x10" }]);
			await provider.send("anvil_mine", ["0x2"]);
			const args = ["investigate", hash, "--rpc", url, "--case", join(folder, `behind-${to}.clew`)];
			// Three days and an hour later.
			const later = { SOURCE_DATE_EPOCH: `${Math.floor(Date.now() / 1000) + 73 * 3_600}` };
			const json = await clewAsync([...args, "--json"], later);
			const told = JSON.parse(json.out);
			expect(undocumented("clew.investigate/1", told)).toEqual([]);
			expect(json.code).toBe(5);
			expect(told).toMatchObject({ complete: false, node: { newest: { late: true } } });
			const { out } = await clewAsync(args, later);
			expect(out.replace(/\s+/g, " ")).toMatch(/the newest of 20\S+Z, 3 days old.*NOT KNOWN what happened since 20/);
		} finally {
			await behind.stop();
		}
	});
});

describe("an investigation through a node that does not answer", () => {
	it("leaves no case behind that holds nothing", async () => {
		const place = join(folder, "nobody.clew");
		const { code } = await clewAsync([
			"investigate",
			`0x${"12".repeat(32)}`,
			"--rpc",
			"http://127.0.0.1:9",
			"--minutes",
			"0.01",
			"--case",
			place,
		]);
		expect([code, existsSync(place)]).toEqual([4, false]);
	});

	it("ends when its time is over, however long the node asks to wait", async () => {
		const server = createServer((_, response) => void response.writeHead(429, { "retry-after": "60" }).end("{}"));
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
		const place = join(folder, "limited.clew");
		const { code, err } = await clewAsync(["investigate", `0x${"12".repeat(32)}`, "--rpc", url, "--minutes", "0.01", "--case", place]);
		expect([code, err]).toEqual([4, expect.stringMatching(/429|too many requests/i)]);
		server.close();
	});
});

describe("an investigation through nodes that cannot tell all", () => {
	let node: Awaited<ReturnType<typeof startAnvil>>;
	let [theft, hop, splitter] = ["", "", ""];
	const servers: Server[] = [];
	const urls = { plain: "", untraced: "", full: "" };
	const wallets: Wallet[] = [];
	const address = (n: number) => (wallets[n] as Wallet).address.toLowerCase();
	const run = async (through: keyof typeof urls, name: string, ...args: string[]) => {
		const place = join(folder, `${name}.clew`);
		const base = ["--rpc", urls[through], "--chain", "eip155:31337", "--case", place, "--json", "--minutes", "3"];
		const { code, out } = await clewAsync(["investigate", ...args, ...base]);
		const told = JSON.parse(out);
		expect(undocumented("clew.investigate/1", told)).toEqual([]);
		const groups = Object.fromEntries(
			told.groups.map(({ group, places }: { group: string; places: Place[] }) => [
				group,
				places.map(({ accounts, agreed, most, unread, atHead }) => ({ accounts, agreed, most, unread, atHead })),
			]),
		) as Record<string, Place[]>;
		return { code, told, groups, says: { groups, taken: told.taken, complete: told.complete, open: told.open, toClose: told.toClose } };
	};
	const holders = (places: readonly Place[] = []) => places.flatMap(({ accounts }) => accounts.map((one) => one.split(":")[2]));

	beforeAll(async () => {
		node = await startAnvil();
		urls.full = node.url;
		const { provider } = node;
		for (let n = 0; n < 6; n++) wallets.push(new Wallet(key(n), provider));
		for (const n of [0, 3]) await provider.send("anvil_setBalance", [address(n), `0x${(100n * ETHER).toString(16)}`]);
		const { Splitter } = compileScenario();
		const deployed = await new ContractFactory(Splitter.abi as InterfaceAbi, Splitter.bytecode, wallets[3]).deploy();
		await deployed.waitForDeployment();
		splitter = (await deployed.getAddress()).toLowerCase();
		await provider.send("anvil_mine", ["0x5"]);
		const pay = async (from: number, to: number, value: bigint) => {
			const sent = await (wallets[from] as Wallet).sendTransaction({ to: address(to), value });
			await sent.wait();
			return sent.hash;
		};
		theft = await pay(0, 1, 10n * ETHER);
		hop = await pay(1, 2, 6n * ETHER);
		const split = new Contract(splitter, Splitter.abi as InterfaceAbi, wallets[2]);
		await (await split.getFunction("split")(address(4), address(5), { value: 5n * ETHER })).wait();
		await provider.send("anvil_mine", ["0x5"]);
		const head = await provider.getBlockNumber();
		for (const mode of ["plain", "untraced"] as const) {
			const answerTo = async (call: { id: number; method: string; params: readonly unknown[] }) => {
				const { id, method, params } = call;
				if (mode === "plain" && OF_STATES.test(method) && Number(params.at(-1)) < head)
					return { jsonrpc: "2.0", id, error: { code: -32000, message: "missing trie node 9b2d (path ) state 0x9b2d is not available" } };
				if (REFUSED[mode].test(method))
					return { jsonrpc: "2.0", id, error: { code: -32601, message: `the method ${method} does not exist` } };
				const headers = { "content-type": "application/json" };
				return (await fetch(node.url, { method: "POST", body: JSON.stringify(call), headers })).json();
			};
			const server = createServer(async (request, response) => {
				const calls = JSON.parse(await text(request));
				response.end(JSON.stringify(Array.isArray(calls) ? await Promise.all(calls.map(answerTo)) : await answerTo(calls)));
			});
			await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
			urls[mode] = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
			servers.push(server);
		}
	});
	afterAll(async () => {
		for (const server of servers) server.close();
		await node.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	it("an address whose coins the node does not find is not one that nothing came to, and a fuller node tells all that a fresh case does", async () => {
		const poor = await run("plain", "address", address(1));
		expect(poor.code).toBe(5);
		expect(poor.told.unlooked).toMatchObject([{ kinds: ["native", "internal"], from: 0, unread: "no answer" }]);
		expect(BigInt(poor.told.unlooked[0].holds.amount)).toBeGreaterThan(3n * ETHER);
		expect(poor.told.toClose.join()).toContain("--history");
		const again = await run("full", "address", address(1));
		const fresh = await run("full", "fresh-address", address(1));
		expect(again.says).toEqual(fresh.says);
		expect(fresh.told).toMatchObject({ taken: [{ agreed: `${10n * ETHER}` }], unlooked: [] });
	});

	it("a contract that passed all on by calls that nobody read does not hold it still; a tracing node tells where it went", async () => {
		const poor = await run("untraced", "split", theft);
		expect(poor.code).toBe(5);
		expect(holders(poor.groups["held"])).not.toContain(splitter);
		expect(poor.groups["unread"]?.find(({ accounts }) => accounts[0]?.endsWith(splitter))).toMatchObject({ unread: "calls" });
		expect(poor.told.toClose.join()).toContain("a node that traces");
		const again = await run("full", "split", theft);
		const fresh = await run("full", "fresh-split", theft);
		expect(again.says).toEqual(fresh.says);
		expect(holders(fresh.groups["held"])).toEqual(expect.arrayContaining([address(4), address(5)]));
	});

	it("an address that was paid by a call alone is not one that nothing came to where nobody read calls", async () => {
		const poor = await run("untraced", "inner", address(4));
		expect(poor.code).toBe(5);
		expect(poor.told).toMatchObject({ taken: [], unlooked: [{ kinds: ["internal"], unread: "calls" }] });
		const again = await run("full", "inner", address(4));
		expect(again.says).toEqual((await run("full", "fresh-inner", address(4))).says);
		expect(again.told.taken).toHaveLength(1);
	});

	it("what an ordinary node told of a transaction is asked again of a fuller one, and of one without traces between them", async () => {
		const fresh = await run("full", "fresh-split", theft);
		await run("plain", "both", theft);
		await run("untraced", "both", theft);
		expect((await run("full", "both", theft)).says).toEqual(fresh.says);
	});

	it("a seed named twice, as its hash and its URL, and its next hop besides take nothing twice", async () => {
		const { told } = await run("full", "twice", theft, `https://etherscan.io/tx/${theft}`, hop);
		expect(told.seeds).toHaveLength(2);
		expect(told.taken).toMatchObject([{ agreed: `${10n * ETHER}`, most: `${10n * ETHER}` }]);
	});
});
