import { parseChainId } from "@clew/core";
import { describe, expect, it } from "vitest";
import { realBlock } from "../testing/real-block.js";
import { asParity, callsBehindLogs, type Frame } from "../testing/told-calls.js";
import { type BlockAnswers, readAnswers } from "./answers.js";
import { type Call, frameCalls, parityCalls } from "./calls.js";
import { contradiction } from "./check-calls.js";
import type { ParityTrace, RpcReceipt, RpcTransaction } from "./shapes.js";

const MAINNET = parseChainId("eip155:1");
const HEIGHT = 18500000;
const at = (c: string) => `0x${c.repeat(40)}`;
const real = realBlock(HEIGHT);
const honest = () => callsBehindLogs(MAINNET, real);
const hashOf = (i: number) => String(real.block.transactions[i]?.hash);
function read(told: readonly Frame[], tracer: BlockAnswers["tracer"]) {
	const traces = told.flatMap<unknown>((result, i) =>
		tracer === "trace_block" ? asParity(result, hashOf(i)) : { txHash: hashOf(i), result },
	);
	const { block, receipts } = real;
	return readAnswers("node", MAINNET, { schema: "clew.answers/1", height: `${HEIGHT}`, block, receipts, tracer, traces });
}

describe.each(["trace_block", "debug_traceBlockByNumber"] as const)("outermost calls by %s", (tracer) => {
	const failed = real.receipts.findIndex(({ status }) => status === "0x0");
	const paid = real.block.transactions.findIndex(({ value }, i) => BigInt(value) > 0n && real.receipts[i]?.status === "0x1");

	it("that are those of the block are taken", () => {
		const { calls, gaps } = read(honest(), tracer);
		expect([calls?.size, gaps]).toEqual([real.block.transactions.length, []]);
	});

	it.each<[string, (told: Frame[]) => unknown, RegExp]>([
		[
			"a failure where the receipt says success",
			(f) => Object.assign(f[paid] as Frame, { error: "execution reverted" }),
			/failed, and its receipt/,
		],
		["success where the receipt says failure", (f) => Object.assign(f[failed] as Frame, { error: null }), /succeeded, and its receipt/],
		["another sender", (f) => Object.assign(f[paid] as Frame, { from: at("1") }), /is from 0x1{40}/],
		["another receiver", (f) => Object.assign(f[paid] as Frame, { to: at("1") }), /is to 0x1{40}/],
		["another value", (f) => Object.assign(f[paid] as Frame, { value: "0x1" }), /moves 1, and/],
		["no value", (f) => Object.assign(f[paid] as Frame, { value: null }), /moves 0, and/],
		["another input", (f) => Object.assign(f[paid] as Frame, { input: "0x1234" }), /the input of its own call/],
		[
			"a creation in place of a call",
			(f) => Object.assign(f[paid] as Frame, { type: "CREATE" }),
			/is a create, and the transaction a call/,
		],
		["two transactions exchanged", (f) => f.splice(0, 2, f[1] as Frame, f[0] as Frame), /is (from|to)/],
	])("with %s cover no internal transfers, and say why", (_, edit, why) => {
		const told = honest();
		edit(told);
		const { calls, gaps } = read(told, tracer);
		expect(calls).toBeUndefined();
		expect(gaps).toEqual([
			expect.stringMatching(/^internal transfers not fetched: the node's traces contradict the block, first of transaction 0x/),
		]);
		expect(gaps[0]).toMatch(why);
	});
});

describe("calls inside a transaction", () => {
	const tx = { type: "0x2", from: at("a"), to: at("b"), value: "0x9", gas: "0x9" } as unknown as RpcTransaction;
	const receipt = { status: "0x1", gasUsed: "0x1", logs: [] } as unknown as RpcReceipt;
	const call = (type: string, from: string, to: string, ...calls: Frame[]): Frame => ({
		type,
		from: at(from),
		to: at(to),
		value: "0x9",
		calls,
	});
	const tree = (...calls: Frame[]) => contradiction(MAINNET, frameCalls(call("CALL", "a", "b", ...calls)), tx, receipt);
	/** The same as a flat list with paths. */
	const flat = (frame: Frame) => asParity(frame, "");
	const list = (...calls: Frame[]) => contradiction(MAINNET, parityCalls(flat(call("CALL", "a", "b", ...calls))), tx, receipt);

	it("are made by the account that the call around runs in: borrowed code runs in its caller's, a creation in the new contract", () => {
		for (const judge of [tree, list]) {
			expect(
				judge(call("DELEGATECALL", "b", "c", call("CALL", "b", "d"), call("CALLCODE", "b", "e", call("CALL", "b", "f")))),
			).toBeUndefined();
			expect(
				judge(call("STATICCALL", "b", "c", call("STATICCALL", "c", "d")), call("CREATE", "b", "e", call("CALL", "e", "f"))),
			).toBeUndefined();
			for (const wrong of [
				call("CALL", "c", "d"),
				call("DELEGATECALL", "b", "c", call("CALL", "c", "d")),
				call("CALLCODE", "b", "c", call("CALL", "c", "d")),
				call("CALL", "b", "c", call("CALL", "b", "d")),
				call("CREATE", "b", "e", call("CALL", "b", "f")),
			])
				expect(judge(call("CALL", "b", "c"), wrong)).toMatch(/^call \d in it is from 0x.*makes it$/);
		}
		expect(tree(call("SELFDESTRUCT", "b", "c"))).toBeUndefined();
		expect(tree(call("SELFDESTRUCT", "c", "b"))).toMatch(/makes it/);
	});

	it("of a creation that failed and has no address are not looked at", () => {
		const traces = flat(call("CALL", "a", "b", call("CREATE", "b", "e", call("CALL", "e", "f"))));
		const failed = traces.map((one) => (one.type === "create" ? { ...one, result: null, error: "Reverted" } : one));
		expect(contradiction(MAINNET, parityCalls(failed), tx, receipt)).toBeUndefined();
	});

	it("stand in order, each behind the one that makes it", () => {
		const whole = flat(call("CALL", "a", "b", call("CALL", "b", "c", call("CALL", "c", "d")), call("CALL", "b", "e")));
		const judge = (...order: number[]) => contradiction(MAINNET, parityCalls(order.map((i) => whole[i] as ParityTrace)), tx, receipt);
		expect(judge(0, 1, 2, 3)).toBeUndefined();
		for (const order of [
			[0, 2, 3],
			[0, 1, 3, 2],
			[0, 3, 1, 2],
			[0, 1, 1, 2, 3],
			[0, 1, 2, 0],
		])
			expect(judge(...order), order.join()).toMatch(/out of order, or without the one/);
		expect(contradiction(MAINNET, [] as Call[], tx, receipt)).toBe("its own call is missing");
	});

	it("of before Byzantium are held against what gas and logs show", () => {
		const old = { ...receipt, status: null, root: `0x${"1".repeat(64)}` } as unknown as RpcReceipt;
		const failed = frameCalls({ ...call("CALL", "a", "b"), error: "out of gas" });
		expect(contradiction(MAINNET, failed, tx, old)).toMatch(/failed, and its receipt says that it succeeded/);
		expect(contradiction(MAINNET, failed, tx, { ...old, gasUsed: "0x9" })).toBeUndefined();
	});
});
