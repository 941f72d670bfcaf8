import { parseChainId } from "@clew/core";
import { describe, expect, it } from "vitest";
import { frameCalls, transfersOf } from "./calls.js";
import type { CallFrame } from "./shapes.js";

const address = (digit: string) => `0x${digit.repeat(40)}`;
const [VICTIM, HUB, S, A] = ["1", "2", "3", "a"].map(address) as [string, string, string, string];
const frame = (type: string, from: string, to: string, value: number, calls: CallFrame[] = [], error?: string): CallFrame =>
	({ type, from, to, value: `0x${value.toString(16)}`, calls, ...(error === undefined ? {} : { error }) }) as CallFrame;
const CANCUN = 19_426_587;

/** What moved, as `who>to amount` by the first digit of each, in order of the events. */
function moved(calls: CallFrame[], height: number, chain = "eip155:1"): string[] {
	const transfers =
		transfersOf(frameCalls(frame("CALL", VICTIM, HUB, 0, calls)), parseChainId(chain), { height, time: 1_800_000_000 })?.transfers ?? [];
	const digit = (account: string) => account.split(":").at(-1)?.replace("0x", "").slice(-1);
	return [...transfers].sort((a, b) => (a.eventIndex ?? 0) - (b.eventIndex ?? 0)).map((t) => `${digit(t.from)}>${digit(t.to)} ${t.amount}`);
}
const create = frame("CREATE", HUB, S, 0);
const die = (value: number, heir = A) => frame("CALL", HUB, S, value, [frame("SELFDESTRUCT", S, heir, value)]);
const pay = (value: number) => frame("CALL", HUB, S, value);

describe("a contract that destroyed itself, and is paid in the same transaction afterwards", () => {
	it("takes that with it where the transaction created it, however often it destroyed itself", () => {
		expect(moved([create, die(100), die(200), pay(50)], CANCUN)).toEqual(["2>3 100", "3>a 100", "2>3 200", "3>a 200", "2>3 50", "3>0 50"]);
		expect(moved([create, die(100), pay(50), die(200)], CANCUN)).toEqual(["2>3 100", "3>a 100", "2>3 50", "2>3 200", "3>a 200"]);
	});

	it("or before Cancun, and keeps it since then", () => {
		expect(moved([die(100), pay(50)], CANCUN - 1)).toEqual(["2>3 100", "3>a 100", "2>3 50", "3>0 50"]);
		expect(moved([die(100), pay(50)], CANCUN)).toEqual(["2>3 100", "3>a 100", "2>3 50"]);
	});

	it("and nobody knows on a chain whose rule is not known", () => {
		expect(moved([die(100), pay(50)], CANCUN, "eip155:250")).toEqual(["2>3 100", "3>a 100", "2>3 50", "3>n 50"]);
	});

	it("what it pays on, or is paid by a call that fails, is not with it", () => {
		const on = frame("CALL", HUB, S, 50, [frame("CALL", S, A, 30)]);
		expect(moved([create, die(1), on], CANCUN)).toEqual(["2>3 1", "3>a 1", "2>3 50", "3>a 30", "3>0 20"]);
		expect(moved([create, die(1), frame("CALL", HUB, S, 50, [], "reverted")], CANCUN)).toEqual(["2>3 1", "3>a 1"]);
		expect(moved([create, frame("CALL", HUB, S, 1, [frame("SELFDESTRUCT", S, A, 1)], "reverted"), pay(50)], CANCUN)).toEqual(["2>3 50"]);
	});

	it("also where another contract leaves it its coins, or it leaves them to itself", () => {
		const other = frame("CALL", HUB, address("4"), 7, [frame("SELFDESTRUCT", address("4"), S, 7)]);
		expect(moved([create, die(1), other], CANCUN)).toEqual(["2>3 1", "3>a 1", "2>4 7", "4>3 7", "3>0 7"]);
		expect(moved([create, die(5, S), pay(6)], CANCUN)).toEqual(["2>3 5", "3>0 5", "2>3 6", "3>0 6"]);
	});
});

describe("a transaction with more calls than it has places", () => {
	const nothing = Array.from({ length: 70_000 }, () => frame("STATICCALL", HUB, S, 0));
	const of = (calls: CallFrame[]) => transfersOf(frameCalls(frame("CALL", VICTIM, HUB, 0, calls)), parseChainId("eip155:1"), { height: 1 });

	it("keeps every value before its logs, in order", () => {
		const transfers = of([...nothing, pay(7), ...nothing, pay(9)])?.transfers;
		expect(transfers?.map(({ amount, eventIndex }) => [amount, eventIndex])).toEqual([
			[7n, 2],
			[9n, 3],
		]);
		expect(of([...nothing.slice(0, 9), pay(7)])?.transfers[0]?.eventIndex).toBe(11);
	});

	it("is not told where the values are too many, too", () => {
		expect(of(Array.from({ length: 16_382 }, () => pay(1)))?.transfers.at(-1)?.eventIndex).toBe(16_383);
		expect(of(Array.from({ length: 16_383 }, () => pay(1)))).toBeUndefined();
	});
});
