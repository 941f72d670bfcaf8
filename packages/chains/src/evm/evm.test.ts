import {
	type ChainId,
	displayAddress,
	endpointName,
	erc20Asset,
	NFTS_LEFT_OUT,
	nativeAsset,
	parseChainId,
	trustedAccountId,
	wrappedCoin,
	ZERO_ADDRESS,
} from "@clew/core";
import { afterEach, describe, expect, it } from "vitest";
import { fakeNode, type Handler } from "../testing/fake-node.js";
import { realBlock } from "../testing/real-block.js";
import { type CallTransfers, frameCalls, parityCalls, transfersOf } from "./calls.js";
import { checkBlock } from "./check-block.js";
import { checkReceipts } from "./check-receipts.js";
import { decodeBlock } from "./decode.js";
import { tokenTransfers } from "./logs.js";
import { openEvmSource } from "./open.js";
import type { RpcBlock, RpcLog, RpcReceipt } from "./shapes.js";

const MAINNET: ChainId = parseChainId("eip155:1");
const [OLD, CANCUN] = [{ height: 19_426_586 }, { height: 19_426_587 }];

describe("real blocks of mainnet", () => {
	it.each([4369999, 18500000])("block %i: transactions, receipts and header hash to what the chain says", (height) => {
		const { block, receipts } = realBlock(height);
		expect(checkBlock("node", MAINNET, block, receipts)).toEqual({ gaps: [], unverified: false });
	});

	const ofType = ({ transactions }: RpcBlock, type: number) => transactions.findIndex((tx) => Number(tx.type ?? "0x0") === type);
	const edits: [string, (block: RpcBlock, receipts: RpcReceipt[]) => unknown][] = [
		["a header field", (b) => Object.assign(b, { miner: `0x${"1".repeat(40)}` })],
		["the value of a transaction", (b) => Object.assign(b.transactions[3] as object, { value: "0x1" })],
		["the receiver of a transaction", (b) => Object.assign(b.transactions[3] as object, { to: `0x${"2".repeat(40)}` })],
		["the amount in a log", (_, r) => Object.assign(r.find((x) => x.logs.length > 0)?.logs[0] as object, { data: `0x${"0".repeat(63)}1` })],
		["a missing receipt", (_, r) => r.pop()],
		["two receipts in the wrong order", (_, r) => r.splice(0, 2, r[1] as RpcReceipt, r[0] as RpcReceipt)],
		["a left-out log", (_, r) => r.find((x) => x.logs.length > 1)?.logs.shift()],
		["the gas that a transaction used", (_, r) => Object.assign(r[5] as object, { gasUsed: "0x1" })],
		["the price of gas, of a transaction of EIP-1559", (b, r) => Object.assign(r[ofType(b, 2)] as object, { effectiveGasPrice: "0x1" })],
		["the price of gas, of an old transaction", (b, r) => Object.assign(r[ofType(b, 0)] as object, { effectiveGasPrice: "0x1" })],
		["the sender in a block alone", (b) => Object.assign(b.transactions[4] as object, { from: `0x${"4".repeat(40)}` })],
		["the word that a transaction succeeded", (_, r) => Object.assign(r[0] as object, { status: null })],
		["the word that one failed", (_, r) => Object.assign(r.find((x) => x.status === "0x0") as object, { status: undefined })],
		["whether a transaction failed", (_, r) => Object.assign(r[0] as object, { status: r[0]?.status === "0x1" ? "0x0" : "0x1" })],
	];
	it.each(edits)("a node that changes %s is caught, with its name and the height", (_, edit) => {
		const { block, receipts } = realBlock(18500000);
		const copy = structuredClone({ block, receipts });
		edit(copy.block, copy.receipts);
		expect(() => checkBlock("node-x", MAINNET, copy.block, copy.receipts)).toThrow(
			expect.objectContaining({ code: "NODE_LIED", message: expect.stringMatching(/node-x.*18500000/) }),
		);
	});

	it("a creation makes the contract of its sender and nonce", () => {
		const tx = { type: "0x0", from: "0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0", to: null, nonce: "0x1", gasPrice: "0x1" };
		const judged = (contractAddress: string) => () =>
			checkReceipts(
				MAINNET,
				{ transactions: [tx] } as unknown as RpcBlock,
				[{ gasUsed: "0x5", cumulativeGasUsed: "0x5", contractAddress } as unknown as RpcReceipt],
				(what) => {
					throw new Error(what);
				},
			);
		expect(judged("0x343c43A37D37dfF08AE8C4A11544c718AbB4fCF8")).not.toThrow();
		expect(judged(`0x${"3".repeat(40)}`)).toThrow(/creates 0x343c43A37D37dfF08AE8C4A11544c718AbB4fCF8 by its sender and nonce/);
	});

	it("decodes block 18500000: every fee, value and token transfer has its place", () => {
		const { block, receipts } = realBlock(18500000);
		const decoded = decodeBlock(MAINNET, { block, receipts, calls: undefined, gaps: [] });
		const all = decoded.transactions.flatMap((tx) => tx.transfers.map((t) => ({ ...t, tx: tx.txIndex })));
		expect(all.filter((t) => t.kind === "fee")).toHaveLength(block.transactions.length);
		const succeeded = new Set(receipts.filter((r) => r.status === "0x1").map((r) => r.transactionHash));
		const valued = block.transactions.filter((tx) => BigInt(tx.value) > 0n && succeeded.has(tx.hash));
		expect(all.filter((t) => t.kind === "native")).toHaveLength(valued.length);
		const fees = receipts.reduce((sum, r) => sum + BigInt(r.gasUsed) * BigInt(r.effectiveGasPrice ?? "0x0"), 0n);
		const burned = BigInt(block.gasUsed) * BigInt(block.baseFeePerGas ?? "0x0");
		expect(all.filter((t) => t.kind === "fee").reduce((sum, t) => sum + t.amount, 0n)).toBe(fees);
		expect(all.find((t) => t.kind === "reward")?.amount).toBe(fees - burned);
		expect(all.filter((t) => t.kind === "withdrawal")).toHaveLength(block.withdrawals?.length ?? -1);
		const logged = receipts
			.flatMap((r) => r.logs)
			.filter((l) => l.topics.length === 3 && l.topics[0]?.startsWith("0xddf252ad") && l.data.length === 66);
		expect(all.filter((t) => t.asset !== nativeAsset(MAINNET)).length).toBeGreaterThanOrEqual(logged.length);
		// Without traces the only internal payments known are those that the wrapped coin's events tell of; their places are not.
		const unplaced = all.filter((t) => t.eventIndex === undefined);
		expect(unplaced.length).toBeGreaterThan(0);
		for (const { kind, from, to } of unplaced) {
			expect(kind).toBe("internal");
			expect([from, to]).toContain(wrappedCoin(MAINNET)?.contract);
		}
		const placed = all.filter((t) => t.eventIndex !== undefined);
		expect(new Set(placed.map((t) => `${t.tx}.${t.eventIndex}`)).size).toBe(placed.length);
		expect(decoded.kinds).toEqual(["native", "token"]);
	});

	it("before Byzantium, says what it cannot know, and pays the block reward of 5 ether", () => {
		const { block, receipts } = realBlock(4369999);
		const decoded = decodeBlock(MAINNET, { block, receipts, calls: undefined, gaps: [] });
		// One used all of its gas: its value counts as moved, and whether it succeeded is missing. Others left gas over, which no failure did.
		const unknown = decoded.transactions.filter((tx) => tx.statusMissing);
		expect(unknown.length).toBeGreaterThan(0);
		for (const { hash, status } of unknown) {
			expect(status).toBeUndefined();
			const i = block.transactions.findIndex((tx) => tx.hash === hash);
			expect([receipts[i]?.gasUsed, receipts[i]?.logs]).toEqual([block.transactions[i]?.["gas"], []]);
		}
		const sure = decoded.transactions.filter((tx) => tx.status !== undefined);
		expect(sure.every((tx) => tx.status === "succeeded")).toBe(true);
		expect(sure.length).toBeGreaterThan(0);
		const reward = decoded.transactions.flatMap((tx) => tx.transfers).find((t) => t.kind === "reward");
		const fees = receipts.reduce((sum, r, i) => sum + BigInt(r.gasUsed) * BigInt(block.transactions[i]?.gasPrice ?? "0x0"), 0n);
		const uncles = BigInt(block.uncles?.length ?? 0);
		expect(reward?.amount).toBe(5n * 10n ** 18n + fees + (uncles * 5n * 10n ** 18n) / 32n);
	});
});

describe("token logs", () => {
	const [A, B, TOKEN] = ["a", "b", "c"].map((c) => `0x${c.repeat(40)}`) as [string, string, string];
	const word = (address: string) => `0x${address.slice(2).padStart(64, "0")}`;
	const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
	const uint = (n: number) => n.toString(16).padStart(64, "0");
	const log = (topics: string[], data: string, logIndex = 0): RpcLog => ({
		address: TOKEN,
		topics,
		data: `0x${data}`,
		logIndex: `0x${logIndex.toString(16)}`,
	});
	const asset = erc20Asset(MAINNET, TOKEN);
	const read = (logs: RpcLog[], native: Parameters<typeof tokenTransfers>[1] = []) =>
		tokenTransfers(logs, native, MAINNET, true).map((t) => `${t.kind} ${t.from.slice(-4)} ${t.to.slice(-4)} ${t.amount} ${t.eventIndex}`);

	it("reads ordinary, zero, self, minted and burned transfers", () => {
		const zero = word(`0x${"0".repeat(40)}`);
		const logs = [
			log([TRANSFER, word(A), word(B)], uint(7), 3),
			log([TRANSFER, word(A), word(B)], uint(0), 4),
			log([TRANSFER, word(A), word(A)], uint(1), 5),
			log([TRANSFER, zero, word(B)], uint(2), 6),
			log([TRANSFER, word(A), zero], uint(3), 7),
		];
		expect(read(logs)).toEqual([
			"token aaaa bbbb 7 16387",
			"token aaaa bbbb 0 16388",
			"token aaaa aaaa 1 16389",
			"mint 0000 bbbb 2 16390",
			"burn aaaa 0000 3 16391",
		]);
	});

	it("reads transfers with no indexed topics; leaves out ERC-721, short data and words that are no address", () => {
		expect(read([log([TRANSFER], word(A).slice(2) + word(B).slice(2) + uint(9))])).toEqual(["token aaaa bbbb 9 16384"]);
		expect(read([log([TRANSFER, word(A), word(B), `0x${uint(5)}`], "")])).toEqual([]);
		expect(read([log([TRANSFER, word(A), word(B)], "00ff")])).toEqual([]);
		expect(read([log([TRANSFER, `0x${"f".repeat(64)}`, word(B)], uint(1))])).toEqual([]);
	});

	it("takes WETH's Deposit and Withdrawal for mint and burn when the same amount of the native coin moved", () => {
		const DEPOSIT = "0xe1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c";
		const contract = trustedAccountId(MAINNET, TOKEN);
		const user = trustedAccountId(MAINNET, A);
		const paid = { kind: "native", from: user, to: contract, asset: nativeAsset(MAINNET), amount: 8n } as const;
		expect(read([log([DEPOSIT, word(A)], uint(8))], [paid])).toEqual(["mint 0000 aaaa 8 16384"]);
		expect(read([log([DEPOSIT, word(A)], uint(9))], [paid])).toEqual([]);
		const zero = word(`0x${"0".repeat(40)}`);
		expect(read([log([DEPOSIT, word(A)], uint(8)), log([TRANSFER, zero, word(A)], uint(8), 1)], [paid])).toEqual([
			"mint 0000 aaaa 8 16385",
		]);
		expect(asset).toContain(TOKEN);
		// Equal ones are several, with a Transfer for each or for none.
		const twice = [log([DEPOSIT, word(A)], uint(8)), log([DEPOSIT, word(A)], uint(8), 1)];
		expect(read(twice, [paid, paid])).toEqual(["mint 0000 aaaa 8 16384", "mint 0000 aaaa 8 16385"]);
		const told = [2, 3].map((index) => log([TRANSFER, zero, word(A)], uint(8), index));
		expect(read([...twice, ...told], [paid, paid])).toEqual(["mint 0000 aaaa 8 16386", "mint 0000 aaaa 8 16387"]);
	});
});

describe("value inside transactions", () => {
	const at = (c: string) => `0x${c.repeat(40)}`;
	const frame = {
		type: "CALL",
		from: at("a"),
		to: at("b"),
		value: "0x9",
		calls: [
			{
				type: "DELEGATECALL",
				from: at("b"),
				to: at("c"),
				value: "0x9",
				calls: [{ type: "CALL", from: at("b"), to: at("d"), value: "0x1" }],
			},
			{
				type: "CALL",
				from: at("b"),
				to: at("e"),
				value: "0x5",
				error: "reverted",
				calls: [{ type: "CALL", from: at("e"), to: at("f"), value: "0x5" }],
			},
			{ type: "CREATE2", from: at("b"), to: at("1"), value: "0x2" },
			{ type: "SELFDESTRUCT", from: at("b"), to: at("2"), value: "0x3" },
		],
	};
	const action = (callType: string, from: string, to: string, value: string) => ({ callType, from: at(from), to: at(to), value });
	const parity = [
		{ type: "call", action: action("call", "a", "b", "0x9"), traceAddress: [] },
		{ type: "call", action: action("delegatecall", "b", "c", "0x9"), traceAddress: [0] },
		{ type: "call", action: action("call", "b", "d", "0x1"), traceAddress: [0, 0] },
		{ type: "call", action: action("call", "b", "e", "0x5"), traceAddress: [1], error: "Reverted" },
		{ type: "call", action: action("call", "e", "f", "0x5"), traceAddress: [1, 0] },
		{ type: "create", action: { from: at("b"), value: "0x2" }, result: { address: at("1") }, traceAddress: [2] },
		{ type: "suicide", action: { address: at("b"), refundAddress: at("2"), balance: "0x3" }, traceAddress: [3] },
	];

	it("is the same from both tracers: delegate calls and reverted branches move nothing", () => {
		const [geth, erigon] = [frameCalls(frame), parityCalls(parity)].map((calls) => transfersOf(calls, MAINNET, OLD)) as [
			CallTransfers,
			CallTransfers,
		];
		expect(erigon).toEqual(geth);
		expect(geth.transfers.map((t) => `${t.from.slice(-1)}>${t.to.slice(-1)} ${t.amount} at ${t.eventIndex}`)).toEqual([
			"b>d 1 at 3",
			"b>1 2 at 6",
			"b>2 3 at 7",
		]);
		expect(geth.contracts).toEqual([trustedAccountId(MAINNET, at("1"))]);
	});

	it.each([
		["under the old rule nobody has the coins", OLD, [], ZERO_ADDRESS],
		["since Cancun the contract keeps them", CANCUN, [], at("c")],
		[
			"since Cancun nobody has those of a contract of the same transaction",
			CANCUN,
			[{ type: "CREATE", from: at("b"), to: at("c") }],
			ZERO_ADDRESS,
		],
	])("a contract that destroys itself in its own favour: %s", (_, place, before, heir) => {
		const calls = [...before, { type: "SELFDESTRUCT", from: at("c"), to: at("c"), value: "0x3" }];
		const transfers = transfersOf(frameCalls({ type: "CALL", from: at("a"), to: at("b"), value: "0x0", calls }), MAINNET, place)?.transfers;
		expect(transfers).toMatchObject([{ from: trustedAccountId(MAINNET, at("c")), to: trustedAccountId(MAINNET, heir), amount: 3n }]);
	});

	it("on a chain whose rule is not known, whether such a contract keeps its coins is unknown", () => {
		const frame = { type: "CALL", from: at("a"), to: at("b"), calls: [{ type: "SELFDESTRUCT", from: at("c"), to: at("c"), value: "0x3" }] };
		const heir = (time?: number) =>
			transfersOf(frameCalls(frame), parseChainId("eip155:250"), { height: 1, ...(time === undefined ? {} : { time }) })?.transfers[0]?.to;
		expect([heir(), heir(1_700_000_000), heir(1_710_000_000)].map((to) => to && displayAddress(to))).toEqual([
			"unknown receiver",
			ZERO_ADDRESS,
			"unknown receiver",
		]);
	});

	it("survives frames nested deeper than any stack", () => {
		let deep: { type: string; from: string; to: string; value: string; calls?: unknown[] } = {
			type: "CALL",
			from: at("a"),
			to: at("b"),
			value: "0x1",
		};
		for (let i = 0; i < 50_000; i++) deep = { type: "CALL", from: at("a"), to: at("b"), value: "0x0", calls: [deep] };
		expect(transfersOf(frameCalls(deep as Parameters<typeof frameCalls>[0]), MAINNET, OLD)?.transfers).toHaveLength(1);
	});
});

describe("a node that misbehaves", () => {
	const { block, receipts } = realBlock(18500000);
	const honest: Handler = (method) => {
		if (method === "eth_chainId") return { result: "0x1" };
		if (method === "web3_clientVersion") return { result: "test" };
		if (method === "eth_getBlockByNumber") return { result: block };
		if (method === "eth_getBlockReceipts") return { result: receipts };
		return undefined;
	};
	let stop: () => Promise<void> = async () => {};
	afterEach(() => stop());
	const open = async (handler: Handler, raw?: Parameters<typeof fakeNode>[1]) => {
		const node = await fakeNode(handler, raw);
		const waits: number[] = [];
		const options = { attempts: 3, timeoutMs: 500, sleep: async (ms: number) => void waits.push(ms) };
		let source: Awaited<ReturnType<typeof openEvmSource>> | undefined;
		stop = async () => {
			source?.close();
			await node.close();
		};
		const opened = openEvmSource(node.url, MAINNET, options).then((s) => {
			source = s;
			return s;
		});
		return { opened, waits, node };
	};

	it("an honest one is read, and what it cannot do becomes a gap", async () => {
		const { opened } = await open(honest);
		const source = await opened;
		expect(await source.capabilities()).toEqual({ client: "test", blockReceipts: true, traces: "none" });
		const decoded = await source.block(18500000);
		expect(decoded.gaps).toEqual(["internal transfers not fetched: the node offers no traces", NFTS_LEFT_OUT]);
	});

	it.each([-32601, -32004, -32700])("takes error %i for an unknown method", async (code) => {
		const { opened } = await open((method, params) => honest(method, params) ?? { error: { code, message: "nope" } });
		expect((await (await opened).capabilities()).traces).toBe("none");
	});

	it("of another chain is refused", async () => {
		const { opened } = await open((method, params) => (method === "eth_chainId" ? { result: "0x38" } : honest(method, params)));
		await expect(opened).rejects.toMatchObject({ code: "NODE_WRONG_CHAIN", message: expect.stringContaining("eip155:56") });
	});

	it("that sends a block which does not hash to its id is refused", async () => {
		const lying = { ...block, stateRoot: `0x${"7".repeat(64)}` };
		const { opened } = await open((method, params) => (method === "eth_getBlockByNumber" ? { result: lying } : honest(method, params)));
		await expect((await opened).block(18500000)).rejects.toMatchObject({ code: "NODE_LIED" });
	});

	it("that sends another block than asked for, half a block, or none, is refused", async () => {
		const { opened } = await open(honest);
		await expect((await opened).block(5)).rejects.toMatchObject({ code: "NODE_LIED" });
		await stop();
		const half = await open((method, params) =>
			method === "eth_getBlockByNumber" ? { result: { number: "0x1" } } : honest(method, params),
		);
		await expect((await half.opened).block(1)).rejects.toMatchObject({ code: "NODE_BAD_ANSWER" });
		await stop();
		const none = await open((method, params) => (method === "eth_getBlockByNumber" ? { result: null } : honest(method, params)));
		await expect((await none.opened).block(1)).rejects.toMatchObject({ code: "NODE_BAD_ANSWER", retryable: true });
	});

	it("that answers a web page is named, without the key in its URL", async () => {
		const { opened, node } = await open(honest, () => ({
			status: 200,
			headers: { "content-type": "text/html" },
			body: "<html>login</html>",
		}));
		const error = await opened.catch((e: Error) => e);
		expect(error).toMatchObject({ code: "NODE_BAD_ANSWER" });
		expect(String(error)).not.toMatch(/secret|0123456789abcdef/);
		expect(endpointName(node.url)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v3\/\*\*\*$/);
		expect(endpointName("https://user:pass@host/rpc")).toBe("https://host/rpc");
	});

	it("that asks to wait is waited for as long as it says, and then succeeds", async () => {
		const { opened, waits } = await open(honest, (n) =>
			n <= 2 ? { status: 429, headers: { "retry-after": "7" }, body: "slow down" } : undefined,
		);
		await opened;
		expect(waits.slice(0, 2)).toEqual([7000, 7000]);
	});

	it("that asks to wait for good is said to do so", async () => {
		const { opened } = await open(honest, () => ({ status: 429, body: "slow down" }));
		await expect(opened).rejects.toMatchObject({ code: "NODE_RATE_LIMIT", message: expect.stringContaining("too many requests") });
	});

	it("that fails for good is given up after the allowed tries", async () => {
		const { opened, node } = await open(honest, () => ({ status: 503, body: "" }));
		await expect(opened).rejects.toMatchObject({ code: "NODE_UNREACHABLE", retryable: true });
		expect(node.requests()).toBe(3);
	});

	it("that never answers runs into the time limit", async () => {
		const { opened } = await open(honest, () => "hang");
		await expect(opened).rejects.toMatchObject({ code: "NODE_TIMEOUT" });
	});

	it("that ignores the tracer option and sends struct logs leaves a gap", async () => {
		const { opened } = await open((method, params) =>
			method === "debug_traceBlockByNumber" ? { result: [{ result: { structLogs: [] } }] } : honest(method, params),
		);
		const source = await opened;
		expect((await source.capabilities()).traces).toBe("debug_traceBlockByNumber");
		expect((await source.block(18500000)).gaps.join()).toMatch(/do not match/);
	});
});
