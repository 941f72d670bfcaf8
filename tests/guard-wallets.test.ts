import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { JsonRpcProvider, keccak256, MaxUint256, parseEther, Wallet, type WebSocketProvider } from "ethers";
import { createPublicClient, createWalletClient, encodeFunctionData, type Hex, http, parseAbi, webSocket } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { mainnet } from "viem/chains";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { compileDraining, startAnvil } from "./anvil.js";
import { mustClew, ROOT, scratch } from "./clew.js";
import { type RunningGuard, startGuard } from "./guard-process.js";

const folder = scratch();
const LABELS = join(folder, "labels.db");
const address = (digits: string) => `0x${digits.padEnd(40, "0")}` as Hex;
/** On OFAC's list. */
const SANCTIONED = "0x098b716b8aaf21512996dc57eb0615e2383e2f96";
const [TOKEN, DRAINER, SHOP] = ["70ce", "d4a1", "5408"].map(address) as [Hex, Hex, Hex];
const FRIEND = "0x1234567890abcdef1234567890abcdef12345678";
const LOOK_ALIKE = "0x1234561111111111111111111111111111345678";
const ABI = parseAbi([
	"function approve(address spender, uint256 amount) returns (bool)",
	"function setApprovalForAll(address operator, bool approved)",
]);
const approve = (spender: Hex, amount: bigint) => encodeFunctionData({ abi: ABI, functionName: "approve", args: [spender, amount] });

let node: Awaited<ReturnType<typeof startAnvil>>;
/** Before the same node by HTTP and by WebSocket. */
let plain: RunningGuard;
let live: RunningGuard;

beforeAll(async () => {
	node = await startAnvil("--chain-id", "1");
	const drainers = join(folder, "drainers.json");
	writeFileSync(drainers, JSON.stringify([DRAINER]));
	mustClew("label", "sync", "ofac", join(ROOT, "fixtures/labels/ofac-ETH.txt"), "--labels", LABELS);
	mustClew("label", "sync", "scamsniffer", drainers, "--labels", LABELS);
	[plain, live] = await Promise.all([
		startGuard(node.url, join(folder, "plain.jsonl"), "--labels", LABELS),
		startGuard(node.url.replace("http", "ws"), join(folder, "live.jsonl"), "--labels", LABELS),
	]);
	const { code } = compileDraining();
	for (const one of [TOKEN, DRAINER, SHOP]) await node.provider.send("anvil_setCode", [one, code]);
});
afterAll(async () => {
	plain.stop();
	live.stop();
	await node.stop();
	rmSync(folder, { recursive: true });
});

const KEYS = { ethers: `0x${"5".repeat(64)}`, viem: `0x${"6".repeat(64)}`, socket: `0x${"7".repeat(64)}` } as const;
interface Request {
	readonly to: Hex;
	readonly value?: bigint;
	readonly data?: Hex;
	/** Delegates to this contract. */
	readonly delegate?: Hex;
}

/** A library that signs by itself: gives the signed text, and sends it. */
interface Library {
	readonly address: string;
	sign(request: Request): Promise<Hex>;
	send(raw: Hex): Promise<unknown>;
	/** As its users do: with its own questions before. */
	pay(request: Request): Promise<unknown>;
	close(): unknown;
}

function byEthers(provider: JsonRpcProvider | WebSocketProvider, key: string): Library {
	const wallet = new Wallet(key, provider);
	return {
		address: wallet.address,
		async sign({ delegate, ...request }) {
			const authorizationList = delegate && [wallet.authorizeSync({ address: delegate, chainId: 1n, nonce: 1n })];
			const filled = await wallet.populateTransaction({
				...request,
				gasLimit: 200_000n,
				...(delegate ? { type: 4, authorizationList } : {}),
			});
			return (await wallet.signTransaction(filled)) as Hex;
		},
		send: (raw) => provider.broadcastTransaction(raw),
		pay: ({ to, value, data }) => wallet.sendTransaction({ to, ...(value ? { value } : {}), ...(data ? { data } : {}) }),
		close: () => provider.destroy(),
	};
}

function byViem(url: string, key: Hex): Library {
	const account = privateKeyToAccount(key);
	const transport = url.startsWith("ws") ? webSocket(url, { retryCount: 0 }) : http(url, { retryCount: 0 });
	const client = createWalletClient({ account, chain: mainnet, transport });
	return {
		address: account.address,
		async sign({ delegate, ...request }) {
			const authorizationList = delegate && [await account.signAuthorization({ address: delegate, chainId: 1, nonce: 1 })];
			const filled = await client.prepareTransactionRequest({
				...request,
				gas: 200_000n,
				...(authorizationList ? { authorizationList } : {}),
			});
			return account.signTransaction(filled as never);
		},
		send: (serializedTransaction) => client.sendRawTransaction({ serializedTransaction }),
		pay: ({ to, value, data }) => client.sendTransaction({ to, ...(value ? { value } : {}), ...(data ? { data } : {}) }),
		close: async () =>
			url.startsWith("ws") && (await (client.transport as never as { getRpcClient(): Promise<{ close(): void }> }).getRpcClient()).close(),
	};
}

const ATTACKS: readonly (readonly [what: string, request: Request, why: RegExp])[] = [
	["a sanctioned receiver", { to: SANCTIONED, value: 1n }, /sanction/i],
	["a look-alike of whom it paid", { to: LOOK_ALIKE, value: 1n }, /looks like/],
	["an approval for a listed drainer", { to: TOKEN, data: approve(DRAINER, 5n) }, /steal|scam|phish|theft|list/i],
	["all tokens for a person", { to: TOKEN, data: approve(FRIEND, MaxUint256) }, /own address/],
	[
		"a collection for a person",
		{ to: TOKEN, data: encodeFunctionData({ abi: ABI, functionName: "setApprovalForAll", args: [FRIEND, true] }) },
		/own address/,
	],
	["its account to a listed contract", { to: FRIEND, value: 1n, delegate: DRAINER }, /steal|scam|phish|theft|list/i],
];

describe.each([
	[
		"ethers over HTTP",
		() => byEthers(new JsonRpcProvider(plain.url, 1, { staticNetwork: true, cacheTimeout: -1, pollingInterval: 50 }), KEYS.ethers),
	],
	["viem over HTTP", () => byViem(plain.url, KEYS.viem)],
	["viem over a WebSocket", () => byViem(live.url.replace("http", "ws"), KEYS.socket)],
] as const)("%s, through the guard", (_, open) => {
	it("pays whom it means to, to the byte, and no attacker: it shows the guard's sentence", async () => {
		const library = open();
		await node.provider.send("anvil_setBalance", [library.address, `0x${parseEther("1").toString(16)}`]);
		for (const honest of [
			{ to: FRIEND, value: 5n },
			{ to: TOKEN, data: approve(SHOP, 5n) },
		] as const) {
			const raw = await library.sign(honest);
			await library.send(raw);
			await node.provider.waitForTransaction(keccak256(raw));
			expect(await node.provider.send("eth_getRawTransactionByHash", [keccak256(raw)])).toBe(raw);
		}
		const paid = await node.provider.getTransactionCount(library.address);
		for (const [what, request, why] of ATTACKS) {
			const raw = await library.sign(request);
			const error = await library.send(raw).then(
				() => "it was sent",
				(thrown) => String(thrown.info?.error?.message ?? thrown.error?.message ?? thrown.details ?? thrown.message),
			);
			expect([what, error]).toEqual([what, expect.stringContaining("Held back by Clew")]);
			expect(error).toMatch(why);
		}
		// Most wallets ask what it would cost first, and hear it before anything is signed.
		await expect(library.pay({ to: SANCTIONED, value: 1n })).rejects.toThrow(/Clew/);
		expect(await node.provider.getTransactionCount(library.address)).toBe(paid);
		await library.close();
	});
});

describe("a WebSocket through the guard", () => {
	const opened = (url: string, headers: Record<string, string> = {}) =>
		new Promise<WebSocket | string>((resolve) => {
			const socket = new WebSocket(url, { headers });
			socket.once("open", () => resolve(socket));
			socket.once("unexpected-response", (_, answer) => {
				let text = `${answer.statusCode} `;
				answer.on("data", (chunk) => {
					text += chunk;
				});
				answer.once("end", () => resolve(text));
			});
			socket.on("error", () => {});
		});
	const closing = (socket: WebSocket) => new Promise<number>((resolve) => socket.once("close", resolve));

	it("takes no call that the node may read otherwise", async () => {
		const socket = (await opened(live.url.replace("http", "ws"))) as WebSocket;
		const answer = new Promise<string>((resolve) => socket.once("message", (data) => resolve(`${data}`)));
		socket.send('{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[],"Method":"eth_sendRawTransaction","Params":["0x02"]}');
		expect(JSON.parse(await answer)).toMatchObject({ error: { code: -32_600 } });
		socket.close();
	});

	it("brings news of subscriptions, and answers plain HTTP beside", async () => {
		const client = createPublicClient({ chain: mainnet, transport: webSocket(live.url.replace("http", "ws"), { retryCount: 0 }) });
		const seen = new Promise<bigint>((resolve, reject) => {
			client.watchBlockNumber({ onBlockNumber: resolve, onError: reject });
			setTimeout(() => void node.provider.send("evm_mine", []), 300);
		});
		expect(await seen).toBe(BigInt(await node.provider.getBlockNumber()));
		(await client.transport.getRpcClient()).close();
		const batch = '[{"jsonrpc":"2.0","id":"a","method":"eth_chainId"},{"jsonrpc":"2.0","id":7,"method":"net_version"}]';
		const answer = await (await fetch(live.url, { method: "POST", body: batch })).json();
		expect(answer).toEqual([
			{ jsonrpc: "2.0", id: "a", result: "0x1" },
			{ jsonrpc: "2.0", id: 7, result: "1" },
		]);
	});

	it("is refused to pages of sites and to other names, and where the node is reached by HTTP, in a sentence", async () => {
		const [ws, other] = [live.url, plain.url].map((url) => url.replace("http", "ws")) as [string, string];
		expect(await opened(ws, { origin: "https://evil.example" })).toMatch(/^403/);
		expect(await opened(ws, { host: "evil.example" })).toMatch(/^403/);
		expect(await opened(other)).toMatch(/^501 .*--rpc ws:\/\//);
		const socket = (await opened(ws)) as WebSocket;
		socket.send(Buffer.from('{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}'), { binary: true });
		expect(await closing(socket)).toBe(1003);
		const large = (await opened(ws)) as WebSocket;
		large.send("x".repeat(9 * 1024 * 1024));
		expect(await closing(large)).toBe(1009);
	});

	it("closes where its node does", async () => {
		const other = await startAnvil("--chain-id", "1");
		const guard = await startGuard(other.url.replace("http", "ws"), join(folder, "other.jsonl"), "--labels", LABELS);
		const socket = (await opened(guard.url.replace("http", "ws"))) as WebSocket;
		const answered = new Promise((resolve) => socket.once("message", (data) => resolve(JSON.parse(`${data}`))));
		socket.send('{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}');
		expect(await answered).toMatchObject({ result: "0x1" });
		const closed = closing(socket);
		await other.stop();
		expect(await closed).toBe(1001);
		guard.stop();
	});
});
