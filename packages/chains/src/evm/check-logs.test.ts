import { parseChainId, wrappedCoin } from "@clew/core";
import { describe, expect, it } from "vitest";
import { realBlock } from "../testing/real-block.js";
import { asParity, callsBehindLogs, type Frame, outermostCalls } from "../testing/told-calls.js";
import { type BlockAnswers, readAnswers } from "./answers.js";
import { frameCalls, parityCalls } from "./calls.js";
import { contradiction } from "./check-calls.js";
import { decodeBlock } from "./decode.js";
import type { RpcLog, RpcReceipt, RpcTransaction } from "./shapes.js";

const MAINNET = parseChainId("eip155:1");
const HEIGHT = 18500000;
const real = realBlock(HEIGHT);
const WETH = "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2";

function read(tracer: BlockAnswers["tracer"], told: readonly Frame[]) {
	const hash = (i: number) => String(real.block.transactions[i]?.hash);
	const traces = told.flatMap<unknown>((result, i) => (tracer === "trace_block" ? asParity(result, hash(i)) : { txHash: hash(i), result }));
	const { block, receipts } = real;
	return readAnswers("node", MAINNET, { schema: "clew.answers/1", height: `${HEIGHT}`, block, receipts, tracer, traces });
}

/** The frames, of which no call inside that is from, or to, the wrapped coin's contract moves anything. */
function without(side: "from" | "to", told: readonly Frame[]): Frame[] {
	return told.map((frame) => ({
		...frame,
		calls: without(side, frame.calls ?? []).map((call) => (call[side] === WETH ? { ...call, value: "0x0" } : call)),
	}));
}

describe.each(["trace_block", "debug_traceBlockByNumber"] as const)("traces by %s are held against a real block's logs:", (tracer) => {
	const untraced = decodeBlock(MAINNET, read("none", []));

	it.each<[string, Frame[], RegExp]>([
		["without any call inside", outermostCalls(real), /: 0x[0-9a-f]{40} logs in it, and no call in it that succeeded runs there$/],
		["without what unwrapping pays", without("from", callsBehindLogs(MAINNET, real)), new RegExp(`: ${WETH} pays .*Withdrawal event`)],
		["without what wrapping pays", without("to", callsBehindLogs(MAINNET, real)), new RegExp(`pays ${WETH} \\d+ by the Deposit event`)],
	])("%s they cover no internal transfers, and the events tell what was wrapped", (_, told, why) => {
		const answer = read(tracer, told);
		expect(answer.calls).toBeUndefined();
		expect(answer.gaps).toEqual([
			expect.stringMatching(/^internal transfers not fetched: the node's traces contradict the block, first of transaction 0x/),
		]);
		expect(answer.gaps[0]).toMatch(why);
		const decoded = decodeBlock(MAINNET, answer);
		expect(decoded.kinds).toEqual(["native", "token"]);
		expect(decoded.transactions).toEqual(untraced.transactions);
	});

	it("with them the same is minted and burned as by the events alone, and payments have their places", () => {
		const decoded = decodeBlock(MAINNET, read(tracer, callsBehindLogs(MAINNET, real)));
		expect(decoded.kinds).toEqual(["internal", "native", "token"]);
		const wrappings = (of: typeof decoded) =>
			of.transactions.flatMap((tx) => tx.transfers.filter(({ kind }) => kind === "mint" || kind === "burn"));
		expect(wrappings(decoded)).toEqual(wrappings(untraced));
		expect(new Set(wrappings(decoded).map(({ kind }) => kind))).toEqual(new Set(["burn", "mint"]));
		const moved = decoded.transactions.flatMap(({ transfers }) => transfers);
		expect(moved.every(({ eventIndex }) => eventIndex !== undefined)).toBe(true);
	});
});

describe("a log", () => {
	const at = (c: string) => `0x${c.repeat(40)}`;
	const tx = { type: "0x2", from: at("a"), to: at("b"), value: "0x0", gas: "0x9" } as unknown as RpcTransaction;
	const topics = (name: string, account: string) => [name, `0x${account.slice(2).padStart(64, "0")}`];
	const log = (address: string, ...of: string[]): RpcLog => ({ address, topics: of, data: `0x${"5".padStart(64, "0")}`, logIndex: "0x0" });
	const call = (type: string, from: string, to: string, ...calls: Frame[]): Frame => ({ type, from, to, value: "0x0", calls });
	const judge = (logs: RpcLog[], calls: Frame[], of: { tx?: RpcTransaction; chain?: string } = {}) => {
		const root = call("CALL", at("a"), at("b"), ...calls);
		const receipt = { status: "0x1", gasUsed: "0x1", logs } as unknown as RpcReceipt;
		const chain = parseChainId(of.chain ?? "eip155:1");
		const [frames, list] = [frameCalls(root), parityCalls(asParity(root, ""))].map((one) =>
			contradiction(chain, one, of.tx ?? tx, receipt),
		);
		expect(list).toBe(frames);
		return frames;
	};

	it("is written where code runs: in who is called, is created, or lends its account to other code", () => {
		expect(judge([log(at("b"))], [])).toBeUndefined();
		expect(judge([log(at("c"))], [call("CALL", at("b"), at("c"))])).toBeUndefined();
		expect(judge([log(at("c"))], [call("CREATE", at("b"), at("c"))])).toBeUndefined();
		const lent = [call("CALL", at("b"), at("c"), call("DELEGATECALL", at("c"), at("d")))];
		expect(judge([log(at("c"))], lent)).toBeUndefined();
		expect(judge([log(at("d"))], lent)).toMatch(/^0xd{40} logs in it/);
	});

	it("is not written by calls that failed, or that may change nothing", () => {
		expect(judge([log(at("c"))], [call("STATICCALL", at("b"), at("c"))])).toMatch(/^0xc{40} logs in it/);
		expect(judge([log(at("c"))], [{ ...call("CALL", at("b"), at("c")), error: "Reverted" }])).toMatch(/^0xc{40} logs in it/);
		const inside = { ...call("CALL", at("b"), at("d"), call("CALL", at("d"), at("c"))), error: "Reverted" };
		expect(judge([log(at("c"))], [inside])).toMatch(/^0xc{40} logs in it/);
	});

	// Base Sepolia, transaction 0x0846181aa965a0c4247d09a033744fce0c640143bb110e6bd3a90023af2de99b, callTracer with logs.
	it("of borrowed code bears the borrower's address, as a real trace has it", () => {
		const [from, to, code] = [
			"0xc5482dafea419ae86b4c7feaf282e521543051fc",
			"0x904bff94b300f956b0e231c4b2bef08780da538d",
			"0x1b38b36f26203448af645da59aa82d343e10aaae",
		] as const;
		const calls = frameCalls(call("CALL", from, to, call("DELEGATECALL", to, code)));
		const receipt = { status: "0x1", gasUsed: "0x1", logs: [log(to)] } as unknown as RpcReceipt;
		expect(contradiction(parseChainId("eip155:84532"), calls, { ...tx, from, to }, receipt)).toBeUndefined();
	});

	it.each([
		["Bor", "0x0000000000000000000000000000000000001010"],
		["a precompile", "0x0000000000000000000000000000000000000064"],
		["EIP-7708", "0xfffffffffffffffffffffffffffffffffffffffe"],
		["Metis", "0xDeadDeAddeAddEAddeadDEaDDEAdDeaDDeAD0000"],
		["Mantle", "0xdEAddEaDdeadDEadDEADDEAddEADDEAddead1111"],
	])("that %s writes needs no call", (_, address) => {
		expect(judge([log(address)], [])).toBeUndefined();
	});

	it("of another chain's type of transaction may be a fee, but what it wraps is paid by calls", () => {
		const own = { ...tx, type: "0x7b" };
		expect(judge([log(at("c"))], [], { tx: own })).toBeUndefined();
		expect(judge([log(WETH, ...topics(WITHDRAWAL, at("b")))], [], { tx: own })).toMatch(/pays 0xb{40} 5 by the Withdrawal event/);
	});

	const DEPOSIT = "0xe1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c";
	const WITHDRAWAL = "0x7fcf532c15f0a6db0bd6d0e038bea71d30d808c7d98cb3bf7268a95bf5081b65";
	const unwrap = (value: string, to = at("b")) => call("CALL", at("b"), WETH, { ...call("CALL", WETH, to), value });

	it("of the wrapped coin has a payment of its own", () => {
		const burned = log(WETH, ...topics(WITHDRAWAL, at("b")));
		expect(judge([burned, burned], [unwrap("0x5"), unwrap("0x5")])).toBeUndefined();
		expect(judge([burned, burned], [unwrap("0x5")])).toMatch(/by the Withdrawal event of the wrapped coin, and by no call$/);
		expect(judge([burned], [unwrap("0x6")])).toMatch(/by no call$/);
		expect(judge([burned], [unwrap("0x5", at("c"))])).toMatch(/by no call$/);
		const failed = { ...unwrap("0x5"), error: "Reverted" };
		expect(judge([burned], [failed, call("CALL", at("b"), WETH)])).toMatch(/by no call$/);
		const minted = log(WETH, ...topics(DEPOSIT, at("b")));
		const wrapped = { ...call("CALL", at("B"), "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"), value: "0x5" };
		expect(judge([minted], [wrapped])).toBeUndefined();
		expect(judge([minted], [{ ...wrapped, type: "CALLCODE" }, call("CALL", at("b"), WETH)])).toMatch(/by no call$/);
		expect(judge([minted], [{ ...call("CALL", at("b"), WETH, call("DELEGATECALL", WETH, at("c"))), value: "0x4" }])).toMatch(/by no call$/);
		expect(judge([{ ...burned, data: `0x${"0".repeat(64)}` }], [call("CALL", at("b"), WETH)])).toBeUndefined();
	});

	it("of other contracts that wrap, or of code that is not WETH9's, tells nothing of payments", () => {
		expect(judge([log(at("c"), ...topics(WITHDRAWAL, at("b")))], [call("CALL", at("b"), at("c"))])).toBeUndefined();
		const chain = parseChainId("eip155:250");
		const address = String(wrappedCoin(chain)?.contract.split(":").at(-1));
		expect(
			judge([log(address, ...topics(WITHDRAWAL, at("b")))], [call("CALL", at("b"), address)], { chain: "eip155:250" }),
		).toBeUndefined();
	});
});
