import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Contract, type InterfaceAbi, JsonRpcProvider, Wallet } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileDraining, startAnvil } from "./anvil.js";
import { clew, clewAsync, MAIN, mustClew, ROOT, scratch } from "./clew.js";
import { undocumented } from "./documented.js";

const ETHER = 10n ** 18n;
const THIEF = "0x7df1bd58e8fd49803e43987787adfecb4a0a086c";
const folder = scratch();
const key = (n: number) => `0x${(0xc1e0 + n).toString(16).padStart(64, "0")}`;

interface Told {
	readonly complete: boolean;
	readonly report: string | null;
	readonly packets: readonly { readonly folder: string }[];
	readonly groups: readonly {
		readonly group: string;
		readonly places: readonly { accounts: string[]; agreed: string; whose: string; unread: string | null }[];
	}[];
}
const placesOf = (told: Told, group: string) => told.groups.find((one) => one.group === group)?.places ?? [];

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("an investigation of a folder of exports", () => {
	const place = join(folder, "purebit.clew");
	const run = (...args: string[]) =>
		clew(["investigate", "fixtures/cases/purebit", "--case", place, "--out", join(folder, "papers"), ...args]);

	it("finds where the theft begins, says so, and prints one screen with who can stop what", () => {
		const { code, out } = run();
		expect(code).toBe(5);
		const lines = out.trimEnd().split("\n");
		expect(lines.length).toBeLessThanOrEqual(40);
		expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
		expect(out).toContain("nobody named a seed");
		expect(out).toMatch(/FREEZE NOW 499\.9987… ETH[\s\S]*held by Upbit/);
		expect(out).toMatch(/NOT YET FETCHED[\s\S]*etherscan\.io\/address\/0x/);
		expect(out).toContain("no node was asked");
		const report = /OPEN (\S+)/.exec(out)?.[1] ?? "";
		expect(readFileSync(report, "utf8")).toContain("Upbit");
		expect(mustClew("verify", join(report, ".."))).toContain("rows");
	});

	it("called again with the same seed it goes on with the case, writes nothing twice, and says the same as the trace", () => {
		const { code, out } = run(THIEF, "--json");
		expect(code).toBe(5);
		const told = JSON.parse(out) as Told;
		expect(undocumented("clew.investigate/1", told)).toEqual([]);
		expect(told.complete).toBe(false);
		const [upbit] = placesOf(told, "freeze");
		expect(upbit).toMatchObject({ whose: "Upbit", agreed: "499998740000000000000" });
		expect(placesOf(told, "unread").every(({ unread }) => unread === "no node")).toBe(true);
		const { leaves } = JSON.parse(readFileSync(join(told.report ?? "", "../trace.json"), "utf8"));
		const reached = leaves.filter((leaf: { range: [string, string] }) => leaf.range[1] !== "0").length;
		expect(told.groups.flatMap(({ places }) => places.flatMap(({ accounts }) => accounts)).length).toBeGreaterThan(reached * 0.9);
	});
});

describe("a folder that holds more than exports", () => {
	it("says which file it left out and what it looks like, and of which chain a case is that the exports are not of", () => {
		const mixed = join(folder, "mixed");
		mkdirSync(mixed);
		const [name = ""] = readdirSync(join(ROOT, "fixtures/cases/purebit/normal")).filter((one) => one.includes(THIEF));
		copyFileSync(join(ROOT, "fixtures/cases/purebit/normal", name), join(mixed, name));
		writeFileSync(join(mixed, "other.csv"), "When,Sender,Sum\n2018,me,1\n");
		const { code, out } = clew(["investigate", mixed, "--case", join(folder, "mixed.clew"), "--json"]);
		expect(code).toBe(5);
		const told = JSON.parse(out);
		expect(undocumented("clew.investigate/1", told)).toEqual([]);
		expect(told.notLooked.join()).toMatch(/other\.csv, which is no known export .*"Sender"/);
		const place = join(folder, "coins.clew");
		mustClew("case", "new", place, "--title", "t", "--chain", "bitcoin");
		const other = clew(["investigate", mixed, "--case", place]);
		expect(other.code).toBe(3);
		expect(other.err).toMatch(/coins\.clew is of Bitcoin/);
	});

	it("a file of seeds that is not there is a mistake of usage", () => {
		expect(clew(["investigate", "@nofile", "--case", join(folder, "nofile.clew")]).code).toBe(2);
	});
});

describe("what no investigation begins from", () => {
	const refused = (...args: string[]) => clew(["investigate", ...args, "--case", join(folder, "refused.clew")]);

	it("an address of no known form: it says which forms there are", () => {
		const { code, err } = refused("addr_test1xyz");
		expect(code).toBe(2);
		expect(err).toMatch(/no known form|known form/);
		expect(err).toContain("bc1...");
	});

	it("a hash that may be of several kinds of chains, seeds of two chains, a test network's URL", () => {
		expect(refused("ab".repeat(32)).err).toContain("--chain bitcoin");
		expect(refused(THIEF, "TLsV52sRDL79HXGGm9yzwKibb6BeruhUzy").err).toContain("several chains");
		expect(refused(`https://mempool.space/testnet/tx/${"ab".repeat(32)}`).err).toContain("test network");
	});

	it("an exchange's own wallet: it stops at once and says whose it is", () => {
		const { code, err } = refused("https://etherscan.io/address/0x3f5CE5FBFe3E9af3971dD833D26bA9b5C936f0bE");
		expect(code).toBe(3);
		expect(err).toContain("Binance");
		expect(err).toContain("Give the hash");
	});

	it("nothing known and nobody to ask: it says how to name a node", () => {
		const { code, err } = clew(["investigate", `0x${"12".repeat(20)}`, "--case", join(folder, "nothing.clew")], { CLEW_EVM_RPC: "" });
		expect(code).toBe(2);
		expect(err).toContain("--rpc");
	});
});

describe("an investigation through a node", () => {
	let node: Awaited<ReturnType<typeof startAnvil>>;
	let provider: JsonRpcProvider;
	let theft: string;
	let failed: string;
	const wallets: Wallet[] = [];
	const address = (n: number) => (wallets[n] as Wallet).address.toLowerCase();
	const investigate = async (name: string, ...given: (string | { rpc: string })[]) => {
		const args = given.filter((arg) => typeof arg === "string");
		const rpc = given.find((arg) => typeof arg !== "string")?.rpc ?? node.url;
		const base = ["--rpc", rpc, "--chain", "eip155:31337", "--case", join(folder, name), "--labels", join(folder, "labels.csv"), "--json"];
		const { code, out, err } = await clewAsync(["investigate", ...args, ...base]);
		const told = JSON.parse(out);
		if (told.schema === "clew.investigate/1") expect(undocumented("clew.investigate/1", told)).toEqual([]);
		return { code, err, told };
	};

	beforeAll(async () => {
		node = await startAnvil("--no-mining");
		provider = new JsonRpcProvider(node.url, 31337, { staticNetwork: true, cacheTimeout: -1 });
		for (let n = 0; n < 6; n++) wallets.push(new Wallet(key(n), provider));
		const [rich] = await provider.send("eth_accounts", []);
		const mine = () => provider.send("evm_mine", []);
		const send = async (from: number, to: string | null, value: bigint, data = "0x") => {
			const gasLimit = data === "0x" ? 21_000n : 100_000n;
			const sent = await (wallets[from] as Wallet).sendTransaction({ to, value, data, gasPrice: 2n * 10n ** 9n, gasLimit, type: 0 });
			await mine();
			return sent.hash;
		};
		await provider.send("eth_sendTransaction", [{ from: rich, to: address(0), value: `0x${(100n * ETHER).toString(16)}` }]);
		await mine();
		// A contract whose code reverts at once, so that a payment to it fails.
		await provider.send("anvil_setCode", [address(5), "0x60006000fd"]);
		failed = await send(0, address(5), ETHER, "0x00");
		theft = await send(0, address(1), 50n * ETHER);
		await provider.send("anvil_mine", ["0x20"]);
		await send(1, address(2), 20n * ETHER);
		await send(1, address(3), 25n * ETHER);
		await send(2, address(4), 19n * ETHER);
		writeFileSync(join(folder, "labels.csv"), `address,entity,category\n${address(4)},Some Exchange,exchange\n`);
	});
	afterAll(async () => {
		provider.destroy();
		await node.stop();
	});

	it("a bound leaves what was not read with its reason, and the next call goes on to a complete answer", async () => {
		const short = await investigate("theft.clew", theft, "--requests", "12");
		expect(short.code).toBe(5);
		expect(short.told.complete).toBe(false);
		expect(short.told.toClose.join()).toContain("it goes on");
		const rest = await investigate("theft.clew", theft, "--minutes", "3");
		expect(rest.told.open).toEqual([]);
		expect(rest.told.notLooked).toEqual([]);
		expect(rest).toMatchObject({ code: 0, told: { complete: true, interrupted: false } });
		expect(rest.told.taken).toMatchObject([{ agreed: `${50n * ETHER}`, most: `${50n * ETHER}` }]);
		expect(placesOf(rest.told, "freeze")).toMatchObject([{ whose: "Some Exchange", agreed: `${19n * ETHER}` }]);
		const held = placesOf(rest.told, "held").map(({ accounts, atHead }: { accounts: string[]; atHead?: string }) => [
			accounts[0]?.slice(-40),
			atHead,
		]);
		expect(held).toContainEqual([address(3).slice(2), "as traced"]);
		expect(existsSync(rest.told.report)).toBe(true);
		expect(rest.told.packets).toHaveLength(1);
	});

	it("when the time is over it answers with what it has, and nothing that was fetched is fetched again", async () => {
		const none = await investigate("late.clew", theft, "--minutes", "0.001");
		expect(none.code).toBe(5);
		expect(none.told.taken).toHaveLength(1);
		expect(placesOf(none.told, "unread").map(({ unread }) => unread)).toContain("time");
		const all = await investigate("late.clew", theft);
		expect(all.code).toBe(0);
		const again = await investigate("late.clew", theft);
		expect(again.code).toBe(0);
		expect(again.told.node.requests).toBeLessThan(all.told.node.requests / 2);
	});

	it("the address that the money was taken to is a seed, whose history is read first", async () => {
		const { code, told } = await investigate("address.clew", address(1));
		expect(told.open).toEqual([]);
		expect(code).toBe(0);
		expect(told.taken).toMatchObject([{ agreed: `${50n * ETHER}` }]);
		expect(placesOf(told, "freeze")).toMatchObject([{ whose: "Some Exchange", agreed: `${19n * ETHER}` }]);
		const cut = await investigate("cut.clew", address(1), "--requests", "1");
		expect(cut.code).toBe(5);
		expect(cut.told.open.map(({ kind }: { kind: string }) => kind)).toContain("unfetched-account");
	});

	it("a failed transaction: nothing moved, said plainly", async () => {
		const { code, told } = await investigate("failed.clew", failed);
		expect(code).toBe(3);
		expect(told.message).toMatch(/^nothing moved: transaction 0x/);
	});

	it("a node that falls silent on the way: what was known is the answer, and what is open is said", async () => {
		let left = 20;
		const proxy = createServer(async (request, response) => {
			if (left-- <= 0) return void request.socket.destroy();
			const body = await text(request);
			const answer = await fetch(node.url, { method: "POST", body, headers: { "content-type": "application/json" } });
			response.end(await answer.text());
		});
		await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
		const { port } = proxy.address() as { port: number };
		const { code, told } = await investigate("silent.clew", theft, { rpc: `http://127.0.0.1:${port}` });
		proxy.close();
		expect(code).toBe(5);
		expect(told.stopped).toContain("127.0.0.1");
		expect(told.taken).toMatchObject([{ agreed: `${50n * ETHER}` }]);
		expect(placesOf(told, "unread").map(({ unread }) => unread)).toContain("stopped");
		expect((await investigate("silent.clew", theft)).code).toBe(0);
	});

	it("on Ctrl-C it answers with what it has, with the report, and ends with 130", async () => {
		let left = 25;
		let reached: () => void = () => undefined;
		const full = new Promise<void>((resolve) => {
			reached = resolve;
		});
		// From then on nothing is answered: the search hangs until somebody ends it.
		const proxy = createServer(async (request, response) => {
			if (left-- <= 0) return reached();
			const body = await text(request);
			const answer = await fetch(node.url, { method: "POST", body, headers: { "content-type": "application/json" } });
			response.end(await answer.text());
		});
		await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
		const { port } = proxy.address() as { port: number };
		const place = join(folder, "ended.clew");
		const args = ["investigate", theft, "--rpc", `http://127.0.0.1:${port}`, "--chain", "eip155:31337", "--case", place];
		const child = spawn(process.execPath, [MAIN, ...args], { cwd: ROOT });
		const out = text(child.stdout);
		const code = new Promise<number | null>((resolve) => child.once("close", resolve));
		await full;
		child.kill("SIGINT");
		expect(await code).toBe(130);
		expect(await out).toMatch(/it broke off: it was\s+interrupted[\s\S]*TAKEN 50[\s\S]*OPEN .*report\.html/);
		proxy.closeAllConnections();
		proxy.close();
		expect((await investigate("ended.clew", theft)).code).toBe(0);
	});

	it("of several endpoints what all were asked counts, so that a bound binds", async () => {
		const { told } = await investigate("several.clew", theft, "--requests", "12", "--rpc", "http://127.0.0.1:9");
		expect(told.toClose.join()).toContain("beyond --requests");
	});
});

describe("a victim's own wallet", () => {
	const USDT = "0xdac17f958d2ee523a2206206994597c13d831ec7";
	let node: Awaited<ReturnType<typeof startAnvil>>;
	const [victim, drainer, thief, other] = [20, 21, 22, 23].map((n) => new Wallet(key(n)).address.toLowerCase()) as [
		string,
		string,
		string,
		string,
	];
	let [approved, unused] = ["", ""];
	const run = (who: string, name: string, ...more: string[]) =>
		clewAsync(["investigate", who, ...more, "--rpc", node.url, "--case", join(folder, name), "--out", join(folder, `${name}-papers`)]);

	beforeAll(async () => {
		node = await startAnvil("--chain-id", "1");
		const { provider } = node;
		const { abi, code } = compileDraining();
		await provider.send("anvil_setCode", [USDT, code]);
		const as = async (n: number) => {
			const wallet = new Wallet(key(n), provider);
			await provider.send("anvil_setBalance", [wallet.address, "0x56bc75e2d63100000"]);
			return { wallet, token: new Contract(USDT, abi as InterfaceAbi, wallet) };
		};
		const [v, d, o] = [await as(20), await as(21), await as(23)];
		const call = async (token: Contract, name: string, ...args: unknown[]) => (await token.getFunction(name)(...args)).wait();
		await call(o.token, "mint", victim, 900_000_000n);
		approved = (await call(v.token, "approve", drainer, 500_000_000n)).hash;
		unused = (await call(o.token, "approve", drainer, (1n << 256n) - 1n)).hash;
		await provider.send("anvil_mine", ["0x10"]);
		await call(d.token, "transferFrom", victim, thief, 500_000_000n);
		await (await o.wallet.sendTransaction({ to: thief, value: 5n })).wait();
	});
	afterAll(async () => {
		await node.stop();
	});

	it("that an approval emptied: by whom, what not to do, what is left, and where the money is now with its issuer first", async () => {
		const { code, out, err } = await run(victim, "victim.clew", "--victim");
		// The made-up token does not say what its issuer froze: that is not known, so the answer is not complete.
		expect(code, err).toBe(5);
		expect(out).toContain("frozen or not: not known");
		expect(out).toMatch(new RegExp(`WALLET drained by an approval that its owner had given, ${drainer}`, "i"));
		expect(out).toContain("take the approval back");
		expect(out).toContain("still at risk, by the case: 400 USDT");
		expect(out).toMatch(/TAKEN 500 USDT\n/);
		expect(out).toMatch(/FREEZE NOW 500 USDT[\s\S]*Tether/);
		expect(out.trimEnd().split("\n").length).toBeLessThanOrEqual(40);
	});

	it("the approval itself as seed: says what it let whom take, and follows what that spender took", async () => {
		const { code, out, err } = await run(approved, "approved.clew");
		expect(code, err).toBe(5);
		expect(out.replace(/\s+/g, " ")).toMatch(
			new RegExp(`SIGNED ${victim} let ${drainer} take 500 USDT WALLET drained by an approval`, "i"),
		);
		expect(out).toMatch(/TAKEN 500 USDT\n/);
	});

	it("an approval that nobody used says what it allows, and what to give", async () => {
		const { code, err } = await run(unused, "unused.clew");
		expect(code).toBe(3);
		expect(err).toMatch(new RegExp(`${other} let ${drainer} take all of USDT ${USDT}`, "i"));
		expect(err).toContain("Take it back before it is used");
		expect(err).toMatch(new RegExp(`clew investigate ${other} --victim`, "i"));
	});

	it("whose own key signed every payment: nobody guesses which of them was the theft", async () => {
		const { code, err } = await run(other, "own.clew", "--victim");
		expect(code).toBe(3);
		expect(err).toContain("was signed with its own key");
		expect(err).toMatch(/0x[0-9a-f]{64}: .* to 0x/);
	});
});
