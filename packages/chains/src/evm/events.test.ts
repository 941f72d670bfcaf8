import { addressOf, type ChainEvent, type ChainId, parseChainId } from "@clew/core";
import { Interface, ZeroAddress } from "ethers";
import { describe, expect, it } from "vitest";
import { realBlock } from "../testing/real-block.js";
import { decodeBlock } from "./decode.js";
import { eventsOf } from "./events.js";
import type { RpcLog, RpcReceipt } from "./shapes.js";

const MAINNET: ChainId = parseChainId("eip155:1");
const { block: BLOCK, receipts: RECEIPTS } = realBlock(18500000);

const A = `0x${"a1".repeat(20)}`;
const B = `0x${"b2".repeat(20)}`;
const pad = (address: string) => `0x${"00".repeat(12)}${address.slice(2)}`;

/** What is decoded when the block's first transaction logs this and nothing else. */
const logged = (signature: string, values: readonly unknown[], change: Partial<RpcLog> = {}): ChainEvent | undefined => {
	const abi = new Interface([signature]);
	const event = abi.getEvent(/^event (\w+)/.exec(signature)?.[1] ?? "");
	const { topics, data } = abi.encodeEventLog(event ?? "", values);
	const [receipt] = RECEIPTS as [RpcReceipt];
	const log = { ...(RECEIPTS.find((r) => r.logs.length > 0)?.logs[0] as RpcLog), address: B, topics: topics as string[], data, ...change };
	return eventsOf(MAINNET, { ...BLOCK, transactions: BLOCK.transactions.slice(0, 1) }, [{ ...receipt, logs: [log] }])[0];
};

describe("events of known protocols", () => {
	it("DLN: an order has one number on both sides, is paid with its fees, and is left out where a side is no EVM chain", () => {
		const order =
			"tuple(uint64 nonce, bytes maker, uint256 giveChain, bytes give, uint256 giveAmount, uint256 takeChain, bytes take, uint256 takeAmount, bytes receiver, bytes a, bytes b, bytes c, bytes d, bytes e) order";
		const id = `0x${"0d".repeat(32)}`;
		const terms = (give: string, takeChain = 8453) => [1, A, 1, give, 900, takeChain, B, 880, A, "0x", "0x", "0x", "0x", "0x"];
		const made = (give: string, takeChain?: number) =>
			logged(
				`event CreatedOrder(${order}, bytes32 orderId, bytes affiliateFee, uint256 nativeFixFee, uint256 percentFee, uint32 referralCode, bytes metadata)`,
				[terms(give, takeChain), id, `${A}${(30).toString(16).padStart(64, "0")}`, 7, 4, 0, "0x"],
			);
		expect(made(B)).toMatchObject({
			kind: "bridge-out",
			protocol: "dln",
			key: `dln:${id}`,
			details: { depositor: A, token: B, amount: "934", toChain: "eip155:8453", receiver: A, outToken: B, outAmount: "880" },
		});
		expect(made(ZeroAddress)?.details["amount"]).toBe("941");
		expect(made(B, 7_565_164)).toBeUndefined();
		const filled = logged(`event FulfilledOrder(${order}, bytes32 orderId, address sender, address unlockAuthority)`, [terms(B), id, B, B]);
		expect(filled).toMatchObject({
			kind: "bridge-in",
			key: `dln:${id}`,
			account: `${MAINNET}:${A}`,
			details: { token: B, amount: "880", fromChain: "eip155:1", depositor: A },
		});
	});

	it("of block 18500000: every one has its log's place, and exchanges moved what they say", () => {
		const { events = [], transactions } = decodeBlock(MAINNET, { block: BLOCK, receipts: RECEIPTS, calls: undefined, gaps: [] });
		const logs = RECEIPTS.flatMap((receipt) => receipt.logs);
		for (const { position, contract } of events)
			expect(logs.find((log) => Number(log.logIndex) === position.eventIndex - 16384)?.address.toLowerCase()).toBe(addressOf(contract));
		const swaps = events.filter(({ kind, protocol }) => kind === "swap" && protocol === "uniswap-v2");
		expect(swaps.length).toBeGreaterThan(10);
		const moved = swaps.filter(({ txHash, contract, account, details }) =>
			transactions
				.find((tx) => tx.hash === txHash)
				?.transfers.some((t) => t.from === contract && t.to === account && t.amount.toString() === details["got"]),
		);
		// A token that takes a fee pays out less than the pool's event says.
		expect(moved.length).toBeGreaterThan(swaps.length * 0.8);
		const topic = "0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925";
		const approvals = logs.filter((log) => log.topics[0] === topic && log.topics.length === 3);
		expect(events.filter(({ protocol }) => protocol === "erc-20")).toHaveLength(approvals.length);
	});

	it("of block 18500000: THORChain's router paid somebody out, and names the deposit elsewhere", () => {
		const { events = [] } = decodeBlock(MAINNET, { block: BLOCK, receipts: RECEIPTS, calls: undefined, gaps: [] });
		expect(events.filter(({ protocol }) => protocol === "thorchain")).toEqual([
			expect.objectContaining({
				kind: "bridge-in",
				contract: "eip155:1:0xd37bbe5744d730a1d98d8dc97c42f0ca46ad7146",
				account: "eip155:1:0x8efdb0409c8484b18390e741b33b7e24e633b732",
				key: "thorchain:4cc64e7b98f378b5634905b56f2d245baf2cd038b3c91291108cfe8a5d938c65",
			}),
		]);
	});

	it("pairs the sides of bridges by key", () => {
		const send =
			"event Send(bytes32 transferId, address sender, address receiver, address token, uint256 amount, uint64 dstChainId, uint64 nonce, uint32 maxSlippage)";
		const relay =
			"event Relay(bytes32 transferId, address sender, address receiver, address token, uint256 amount, uint64 srcChainId, bytes32 srcTransferId)";
		const id = `0x${"07".repeat(32)}`;
		const out = logged(send, [id, A, B, A, 5n, 10n, 1n, 0]);
		expect(out).toMatchObject({
			kind: "bridge-out",
			protocol: "celer",
			details: { toChain: "eip155:10", receiver: B, amount: "5", token: A, depositor: A },
		});
		expect(logged(relay, [`0x${"09".repeat(32)}`, A, B, A, 5n, 10n, id])).toMatchObject({ kind: "bridge-in", key: out?.key });

		const burn =
			"event DepositForBurn(uint64 indexed nonce, address indexed burnToken, uint256 amount, address indexed depositor, bytes32 mintRecipient, uint32 destinationDomain, bytes32 destinationTokenMessenger, bytes32 destinationCaller)";
		const message =
			"event MessageReceived(address indexed caller, uint32 sourceDomain, uint64 indexed nonce, bytes32 sender, bytes messageBody)";
		expect(logged(burn, [9n, A, 7n, A, pad(B), 6, pad(A), pad(ZeroAddress)])).toMatchObject({
			key: "cctp:0:9",
			details: { toChain: "eip155:8453", receiver: B, token: A, amount: "7", outAmount: "7", depositor: A },
		});
		const body = `0x00000000${pad(A).slice(2)}${pad(B).slice(2)}${(7).toString(16).padStart(64, "0")}${pad(A).slice(2)}`;
		expect(logged(message, [A, 0, 9n, pad(A), body])).toMatchObject({ kind: "bridge-in", key: "cctp:0:9", account: `eip155:1:${B}` });
		expect(logged(message, [A, 0, 9n, pad(A), body])?.details).toMatchObject({ inToken: A, inAmount: "7", depositor: A });
		expect(logged(message, [A, 0, 9n, pad(A), body.slice(0, -2)])).toBeUndefined();

		const sent =
			"event OFTSent(bytes32 indexed guid, uint32 dstEid, address indexed fromAddress, uint256 amountSentLD, uint256 amountReceivedLD)";
		const received = "event OFTReceived(bytes32 indexed guid, uint32 srcEid, address indexed toAddress, uint256 amountReceivedLD)";
		const over = logged(sent, [id, 30_110, A, 9n, 8n]);
		expect(over).toMatchObject({
			kind: "bridge-out",
			protocol: "layerzero-oft",
			details: { toChain: "eip155:42161", amount: "9", outAmount: "8", depositor: A },
		});
		expect(logged(received, [id, 30_101, B, 8n])).toMatchObject({
			kind: "bridge-in",
			key: over?.key,
			account: `eip155:1:${B}`,
			details: { fromChain: "eip155:1", amount: "8" },
		});
		expect(logged(sent, [id, 39_999, A, 9n, 8n])?.details).toEqual({ amount: "9", outAmount: "8", depositor: A });
		// Many passengers of one bus have no number of their own.
		expect(logged(sent, [`0x${"00".repeat(32)}`, 30_110, A, 9n, 8n])).toBeUndefined();

		const paidOut = "event TransferOut(address indexed vault, address indexed to, address asset, uint256 amount, string memo)";
		const hash = BLOCK.transactions[0]?.hash.slice(2).toUpperCase();
		expect(logged(paidOut, [A, B, ZeroAddress, 3n, `OUT:${hash}`])?.key).toBe(`thorchain:${hash?.toLowerCase()}`);
		expect(logged(paidOut, [A, B, ZeroAddress, 3n, "REFUND:x"])).toBeUndefined();
	});

	it("says of a bridge's two sides who paid, which token, and what the deposit's own terms were before an update", () => {
		const deposit =
			"event V3FundsDeposited(address inputToken, address outputToken, uint256 inputAmount, uint256 outputAmount, uint256 indexed destinationChainId, uint32 indexed depositId, uint32 quoteTimestamp, uint32 fillDeadline, uint32 exclusivityDeadline, address indexed depositor, address recipient, address exclusiveRelayer, bytes message)";
		const fill =
			"event FilledV3Relay(address inputToken, address outputToken, uint256 inputAmount, uint256 outputAmount, uint256 repaymentChainId, uint256 indexed originChainId, uint32 indexed depositId, uint32 fillDeadline, uint32 exclusivityDeadline, address exclusiveRelayer, address indexed relayer, address depositor, address recipient, bytes message, tuple(address updatedRecipient, bytes updatedMessage, uint256 updatedOutputAmount, uint8 fillType) relayExecutionInfo)";
		const [payer, token, second] = ["c3", "d4", "e5"].map((byte) => `0x${byte.repeat(20)}`);
		const out = logged(deposit, [token, A, 9n, 8n, 1n, 4, 0, 0, 0, payer, B, A, "0x"]);
		const terms = { depositor: payer, receiver: B, outAmount: "8" };
		expect(out).toMatchObject({ key: "across:1:4", details: { ...terms, token, amount: "9", outToken: A } });
		const update = [second, "0x", 7n, 0];
		expect(logged(fill, [token, A, 9n, 8n, 1n, 1n, 4, 0, 0, A, A, payer, B, "0x", update])).toMatchObject({
			key: out?.key,
			account: `eip155:1:${second}`,
			details: { ...terms, inToken: token, inAmount: "9", token: A, amount: "7" },
		});
	});

	it("takes the token that CCTP minted from the log beside it, and from none where several are told", () => {
		const abi = new Interface([
			"event MintAndWithdraw(address indexed mintRecipient, uint256 amount, address indexed mintToken)",
			"event MessageReceived(address indexed caller, uint32 sourceDomain, uint64 indexed nonce, bytes32 sender, bytes messageBody)",
		]);
		const body = `0x00000000${pad(A).slice(2)}${pad(B).slice(2)}${(7).toString(16).padStart(64, "0")}${pad(A).slice(2)}`;
		const [receipt] = RECEIPTS as [RpcReceipt];
		const shape = RECEIPTS.find((r) => r.logs.length > 0)?.logs[0] as RpcLog;
		const log = (name: string, values: readonly unknown[]): RpcLog => ({
			...shape,
			...(abi.encodeEventLog(name, values) as Partial<RpcLog>),
		});
		const minted = (...tokens: readonly (readonly [token: string, amount: bigint, to: string])[]) => {
			const logs = tokens.map(([token, amount, to]) => log("MintAndWithdraw", [to, amount, token]));
			logs.push(log("MessageReceived", [A, 0, 9n, pad(A), body]));
			return eventsOf(MAINNET, { ...BLOCK, transactions: BLOCK.transactions.slice(0, 1) }, [{ ...receipt, logs }])[0]?.details["token"];
		};
		const [coin, other] = [`0x${"c0".repeat(20)}`, `0x${"d0".repeat(20)}`];
		expect(minted([coin, 7n, B])).toBe(coin);
		expect(minted([coin, 8n, B], [coin, 7n, A])).toBeUndefined();
		expect(minted([coin, 7n, B], [other, 7n, B])).toBeUndefined();
		expect(minted([coin, 7n, B], [other, 8n, B])).toBe(coin);
	});

	it("reads pools of both signs, and leaves out what is no exchange of one for one", () => {
		const v3 =
			"event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)";
		expect(logged(v3, [A, A, -8n, 5n, 0n, 0n, 0])).toMatchObject({
			kind: "swap",
			account: `eip155:1:${A}`,
			details: { paid: "5", got: "8" },
		});
		const v2 =
			"event Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)";
		expect(logged(v2, [A, 5n, 1n, 0n, 8n, A])).toBeUndefined();
		expect(logged(v2, [A, 5n, 0n, 0n, 0n, A])).toBeUndefined();
	});

	it("takes no hostile log for an event: short data, missing topics, text that is no text", () => {
		const approval = "event Approval(address indexed owner, address indexed spender, uint256 value)";
		expect(logged(approval, [A, B, 1n])).toMatchObject({
			kind: "approval",
			account: `eip155:1:${A}`,
			details: { spender: B, amount: "1" },
		});
		expect(logged(approval, [A, B, 1n], { data: "0x01" })).toBeUndefined();
		const [topic = ""] = new Interface([approval]).encodeEventLog("Approval", [A, B, 1n]).topics;
		expect(logged(approval, [A, B, 1n], { topics: [topic] })).toBeUndefined();
		const deposit = "event Deposit(address indexed to, address indexed asset, uint256 amount, string memo)";
		const { data } = new Interface([deposit]).encodeEventLog("Deposit", [A, B, 1n, "abcd"]);
		expect(logged(deposit, [A, B, 1n, "abcd"])?.details["memo"]).toBe("abcd");
		expect(logged(deposit, [A, B, 1n, "abcd"], { data: data.replace("61626364", "fffefdfc") })).toBeUndefined();
		expect(logged(deposit, [A, B, 1n, "abcd"], { data: data.slice(0, 100) })).toBeUndefined();
	});
});
