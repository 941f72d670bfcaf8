import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Wallet } from "ethers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startAnvil } from "../anvil.js";
import { clewAsync, mustClew, scratch } from "../clew.js";
import { undocumented } from "../documented.js";
import { HANG_MS } from "../team.js";

const ETHER = 10n ** 18n;
const [GAS, GAS_PRICE] = [21_000n, 10n ** 10n];
const FEE = GAS * GAS_PRICE;
const ether = (n: number) => String(BigInt(n) * ETHER);
const folder = scratch();

interface Alert {
	readonly from: string;
	readonly to: string;
	readonly amount: string;
	readonly tainted: Readonly<Record<string, string>> | "unknown";
	readonly range?: readonly [string, string];
	readonly gaps?: readonly { readonly account: string; readonly text: string }[];
}

/** The same node, which has thrown its old states away: of no block but the newest can it tell a balance. */
function withoutStates(url: string): Promise<Server> {
	const refused = (id: unknown) => ({ jsonrpc: "2.0", id, error: { code: -32000, message: "missing trie node" } });
	const server = createServer(async (request, response) => {
		let body = "";
		for await (const chunk of request) body += chunk;
		const asked = JSON.parse(body);
		const old = ({ method, params }: { method: string; params: unknown[] }) => method === "eth_getBalance" && params[1] !== "latest";
		response.setHeader("content-type", "application/json");
		if (!Array.isArray(asked) && old(asked)) return response.end(JSON.stringify(refused(asked.id)));
		const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
		return response.end(await answer.text());
	});
	return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

describe("alerts of watched money", { timeout: HANG_MS }, () => {
	let node: Awaited<ReturnType<typeof startAnvil>>;
	let blind: Server;
	let place: string;
	let cases = 0;
	let keys = 0;
	beforeAll(async () => {
		node = await startAnvil("--no-mining");
		blind = await withoutStates(node.url);
	});
	beforeEach(() => {
		place = join(folder, `${cases++}.clew`);
		mustClew("case", "new", place, "--title", "watch", "--chain", "eip155:31337");
	});
	afterAll(async () => {
		blind.close();
		await node.stop();
	});
	/** People with 10,000 ETH each before anybody watches. */
	const people = async (n: number) => {
		const wallets = Array.from({ length: n }, () => new Wallet(`0x${String(++keys).padStart(64, "1")}`, node.provider));
		for (const { address } of wallets) await node.provider.send("anvil_setBalance", [address, `0x${(10_000n * ETHER).toString(16)}`]);
		await node.provider.send("evm_mine", []);
		return wallets;
	};
	const pay = async (from: Wallet | undefined, to: Wallet | undefined, value: bigint): Promise<string> => {
		const sent = await from?.sendTransaction({ to: to?.address ?? null, value, gasPrice: GAS_PRICE, gasLimit: GAS, type: 0 });
		await node.provider.send("evm_mine", []);
		return sent?.hash ?? "";
	};
	/** Not in step: the node may be a server of this process. */
	const asks = async (url: string, ...args: string[]) => {
		const { code, err } = await clewAsync([...args, "--case", place, "--rpc", url]);
		if (code !== 0) throw new Error(err);
	};
	const watch = (url: string, ...args: string[]) => asks(url, "watch", "add", ...args);
	const once = (url: string) => asks(url, "watch", "run", "--once");
	const alerts = (): Alert[] => {
		const told = JSON.parse(mustClew("watch", "history", "--json", "--case", place));
		expect(undocumented("clew.alerts/1", told)).toEqual([]);
		return told.alerts;
	};
	/** Has the money of a theft move twice while it is watched: A pays B 2, B pays C 2, C pays D 1, all with 10,000 of their own. */
	const theft = async (url: string) => {
		const [a, b, c, d] = await people(4);
		await watch(url, a?.address ?? "", "--on", "any-outflow");
		await once(url);
		const stolen = await pay(a, b, 2n * ETHER);
		await once(url);
		await watch(url, `tx:${stolen}`, "--on", "taint");
		await pay(b, c, 2n * ETHER);
		await pay(c, d, ETHER);
		await once(url);
		return alerts().filter(({ tainted }) => tainted !== undefined);
	};

	it("reckon with what the payers had before, which the node tells", async () => {
		const [first, second] = await theft(node.url);
		const { haircut = "0", ...rest } = Object(first?.tainted) as Record<string, string>;
		// The fee takes the first of what difo calls tainted; by haircut the share is 2 of 10,002.
		expect(rest).toMatchObject({ fifo: "0", libr: "0", dilo: "0", difo: String(2n * ETHER - FEE) });
		expect(BigInt(haircut) / 10n).toBe((2n * 2n * ETHER) / 10_002n / 10n);
		expect(second).toMatchObject({ amount: ether(1), tainted: { fifo: "0", libr: "0", dilo: "0", difo: ether(1) } });
		expect([first, second].map((alert) => [alert?.gaps, alert?.range])).toEqual([
			[undefined, undefined],
			[undefined, undefined],
		]);
	});

	it("say that it is unknown where the node has no such state, of whom, and agree on nothing", async () => {
		const [first, second] = await theft(`http://127.0.0.1:${(blind.address() as AddressInfo).port}`);
		expect(first).toMatchObject({ amount: ether(2), tainted: "unknown", range: ["0", ether(2)] });
		expect(first?.gaps?.map(({ account }) => account)).toEqual([first?.from]);
		expect(second).toMatchObject({ amount: ether(1), tainted: "unknown", range: ["0", ether(1)] });
		expect(second?.gaps?.map(({ account }) => account)).toEqual([first?.from, second?.from]);
		expect(mustClew("watch", "history", "--case", place)).toContain("how much of it is the watched money is unknown");
	});

	it("say so, too, where blocks before the watch were left out", async () => {
		const [a, b, c] = await people(3);
		const stolen = await pay(a, b, 2n * ETHER);
		const height = await node.provider.getBlockNumber();
		mustClew("ingest", "--case", place, "--rpc", node.url, "--from", String(height), "--to", String(height));
		await pay(c, b, ETHER);
		await watch(node.url, `tx:${stolen}`, "--on", "taint");
		await pay(b, c, ETHER);
		await once(node.url);
		const [alert] = alerts();
		expect(alert).toMatchObject({ tainted: "unknown", range: ["0", ether(1)] });
		expect(alert?.gaps?.[0]?.text).toBe(`what it received in blocks ${height + 1} to ${height + 1} is not in the case`);
	});
});
