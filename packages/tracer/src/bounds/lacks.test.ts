import { erc20Asset, nativeAsset, type Rule, type Transfer, UNINDEXED_TX_BASE } from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { newFrame } from "./envelope.js";
import { keyOfBlock, lacksOf } from "./lacks.js";
import { boundArrival, boundMark, boundOutflow, boundUnread, newLedgerBounds } from "./ledger-bounds.js";

const ETHER = nativeAsset(TEST_CHAIN);
const TOKEN = erc20Asset(TEST_CHAIN, `0x${"a".repeat(40)}`);
const at = (height: number, txIndex = 0, eventIndex = 0) => ({ height, txIndex, eventIndex });
const lacking = async (
	transfers: readonly Transfer[],
	from = at(10),
	balance: readonly (readonly [typeof ETHER, bigint])[] = [],
	until?: number,
) => {
	const { lacks, open } = await lacksOf(memoryLedger(transfers), testAccount(1), from, balance, until);
	return { lacks: Object.fromEntries(lacks), open: Object.fromEntries([...open].map(([asset, orders]) => [asset, [...orders]])) };
};

describe("what an account's books lack from a position on", () => {
	const out = (height: number, amount: bigint, more: object = {}) => testTransfer([height], 1, 2, amount, more);
	const into = (height: number, amount: bigint, more: object = {}) => testTransfer([height], 2, 1, amount, more);

	it("is how far outflows run ahead of the balance and what came in, each lack added to the one before", async () => {
		expect((await lacking([out(10, 5n)])).lacks).toEqual({ [ETHER]: 5n });
		expect((await lacking([out(10, 5n)], at(10), [[ETHER, 5n]])).lacks).toEqual({});
		expect((await lacking([into(10, 5n), out(11, 4n), out(12, 4n), into(13, 9n), out(14, 11n)])).lacks).toEqual({ [ETHER]: 5n });
		expect((await lacking([out(10, 5n), out(11, 3n, { asset: TOKEN, kind: "token" })], at(10), [[ETHER, 1n]])).lacks).toEqual({
			[ETHER]: 4n,
			[TOKEN]: 3n,
		});
	});

	it("leaves out what was before, what is behind the time window, and what it sends itself; fees are paid and collected by nobody", async () => {
		expect((await lacking([out(9, 50n), out(10, 5n), out(12, 7n)], at(10), [], 11)).lacks).toEqual({ [ETHER]: 5n });
		expect((await lacking([testTransfer([10, 0, 1], 1, 2, 5n)], at(10, 0, 2))).lacks).toEqual({});
		expect((await lacking([testTransfer([10], 1, 1, 5n)])).lacks).toEqual({});
		expect((await lacking([testTransfer([10], 1, 1, 5n, { kind: "fee" })])).lacks).toEqual({ [ETHER]: 5n });
		expect((await lacking([testTransfer([10], 2, 1, 5n, { kind: "fee" }), out(11, 5n)])).lacks).toEqual({ [ETHER]: 5n });
	});

	const guessed = (height: number, tx: number, from: number, to: number, amount: bigint) =>
		testTransfer([height, UNINDEXED_TX_BASE + tx], from, to, amount);

	it("in a block whose order nobody told is what the worst order lacks: all outflows first", async () => {
		const block = [guessed(20, 0, 2, 1, 50n), guessed(20, 1, 1, 3, 30n), guessed(20, 2, 1, 3, 5n)];
		const { lacks, open } = await lacking(block, at(10), [[ETHER, 4n]]);
		expect([lacks, open]).toEqual([{ [ETHER]: 31n }, { [ETHER]: [[keyOfBlock(at(20)), { came: 50n, left: 35n, leftBefore: 0n }]] }]);
		expect((await lacking(block, at(10), [[ETHER, 35n]])).lacks).toEqual({});
		// What the placed order lacks already is not lacked twice.
		const other = [guessed(20, 0, 1, 3, 30n), guessed(20, 1, 2, 1, 50n), guessed(20, 2, 1, 3, 5n)];
		expect((await lacking(other, at(10), [[ETHER, 4n]])).lacks).toEqual({ [ETHER]: 31n });
	});

	it("counts what left in that block before its ledger is kept, which needs no cover any more", async () => {
		const block = [guessed(20, 0, 1, 3, 8n), guessed(20, 1, 2, 1, 50n), guessed(20, 2, 1, 3, 30n)];
		const { lacks, open } = await lacking(block, at(20, UNINDEXED_TX_BASE + 1));
		expect([lacks, open]).toEqual([{ [ETHER]: 30n }, { [ETHER]: [[keyOfBlock(at(20)), { came: 50n, left: 38n, leftBefore: 8n }]] }]);
	});

	it("knows a block in which money came alone, whose order decides which lot is older", async () => {
		const { lacks, open } = await lacking([guessed(20, 0, 2, 1, 50n), guessed(20, 1, 2, 1, 30n)]);
		expect([lacks, open]).toEqual([{}, { [ETHER]: [[keyOfBlock(at(20)), { came: 80n, left: 0n, leftBefore: 0n }]] }]);
	});

	it("knows no such block where the order is told, or one transaction moved all", async () => {
		const told = [testTransfer([20, 0], 2, 1, 50n), testTransfer([20, 1], 1, 3, 30n)];
		expect(await lacking(told)).toEqual({ lacks: {}, open: {} });
		expect((await lacking([guessed(20, 0, 2, 1, 50n), guessed(21, 0, 1, 3, 30n)])).open).toEqual({});
		const within = [testTransfer([20, UNINDEXED_TX_BASE, 1], 2, 1, 50n), testTransfer([20, UNINDEXED_TX_BASE, 2], 1, 3, 30n)];
		expect((await lacking(within)).open).toEqual({});
		const half = [
			testTransfer([20, 0], 2, 1, 50n),
			guessed(20, 1, 1, 3, 30n),
			testTransfer([21, 0], 2, 1, 1n),
			testTransfer([21, 1], 1, 2, 1n),
		];
		expect(Object.keys((await lacking(half)).open)).toEqual([ETHER]);
		expect((await lacking(half)).open[ETHER]?.map(([key]) => key)).toEqual([keyOfBlock(at(20))]);
	});
});

describe("a ledger in a block whose order nobody told", () => {
	const exact = (amount: bigint) => () => [[{ origin: 0, amount }]];
	const opened = (came: bigint, leftBefore = 0n, missing = 0n, left = 1n, rules: Rule[] = ["fifo"]) => {
		const frame = newFrame(rules, [undefined]);
		frame.supply.set(ETHER, [1_000n]);
		return newLedgerBounds(frame, ETHER, missing, new Map([[keyOfBlock(at(20)), { came, left, leftBefore }]]));
	};

	// docs/tracing-rules.md: of an outflow x at least max(0, low - (b + m + c - x)) is tainted, as if it left first of all.
	it("pays at least what clean money of the block, and all before it, cannot have covered", () => {
		const bounds = opened(7n);
		expect(boundOutflow(bounds, 30n, 70n, exact(60n), at(20))).toEqual({ least: [0n], most: [30n] });
		expect(bounds.held).toEqual({ least: [30n], most: [60n] });
		const more = opened(7n);
		expect(boundOutflow(more, 95n, 5n, exact(60n), at(20))).toEqual({ least: [48n], most: [60n] });
		expect(boundOutflow(opened(7n, 0n, 20n), 95n, 5n, exact(60n), at(20))).toEqual({ least: [28n], most: [60n] });
		expect([...more.unordered]).toEqual([[20, { gone: false, pays: true }]]);
	});

	it("has gained of what came after payments of the block only what these cannot have taken", () => {
		const bounds = opened(50n);
		boundOutflow(bounds, 30n, 0n, exact(0n), at(20));
		boundArrival(bounds, 50n, [[{ origin: 0, amount: 50n }]], 50n, exact(0n), at(20));
		expect(bounds.held).toEqual({ least: [20n], most: [50n] });
		expect([...bounds.unordered]).toEqual([[20, { gone: true, pays: true }]]);
		const before = opened(50n, 12n);
		boundArrival(before, 50n, [[{ origin: 0, amount: 50n }]], 50n, exact(0n), at(20));
		expect([before.held, [...before.unordered]]).toEqual([{ least: [38n], most: [50n] }, [[20, { gone: true, pays: true }]]]);
		const first = opened(50n);
		boundArrival(first, 50n, [[{ origin: 0, amount: 50n }]], 50n, exact(0n), at(20));
		expect([first.held, [...first.unordered]]).toEqual([{ least: [50n], most: [50n] }, [[20, { gone: false, pays: true }]]]);
	});

	it("is bounded alike by what a seed marks there; in other blocks and without a lack nothing is bounded", () => {
		const bounds = opened(50n, 12n);
		boundMark(bounds, undefined, [50n], 0, 50n, exact(0n), at(20));
		expect(bounds.held).toEqual({ least: [38n], most: [50n] });
		const other = opened(50n, 12n);
		boundMark(other, undefined, [50n], 0, 50n, exact(0n), at(21));
		boundArrival(other, 5n, [[{ origin: 0, amount: 5n }]], 55n, exact(50n), at(21));
		expect([boundOutflow(other, 5n, 50n, exact(50n), at(21)), other.held]).toEqual([undefined, undefined]);
		boundMark(other, { least: [3n], most: [9n] }, [5n], 0, 55n, exact(50n), at(21));
		expect(other.held).toEqual({ least: [53n], most: [55n] });
	});

	it("stays bounded once it is empty in it, and is exact again when it is emptied elsewhere with nothing missing", () => {
		const inside = opened(0n);
		boundOutflow(inside, 60n, 0n, exact(60n), at(20));
		expect(inside.held).toEqual({ least: [0n], most: [0n] });
		const elsewhere = opened(0n, 0n, 5n);
		boundArrival(elsewhere, 60n, [[{ origin: 0, amount: 60n }]], 60n, exact(0n), at(21));
		expect(boundOutflow(elsewhere, 60n, 0n, exact(60n), at(22))).toEqual({ least: [55n], most: [60n] });
		expect(elsewhere.held).toEqual({ least: [0n], most: [5n] });
		expect(elsewhere.uncertain).toEqual({ missing: 5n, unread: 0n });
		elsewhere.missing = 0n;
		boundOutflow(elsewhere, 5n, 0n, exact(0n), at(23));
		expect(elsewhere.held).toBeUndefined();
	});

	it("pays of what came alone in it in any order, where a rule asks which lot is older", () => {
		const paid = (rules: Rule[], later: number) => {
			const bounds = opened(80n, 0n, 0n, 0n, rules);
			boundArrival(bounds, 50n, [[{ origin: 0, amount: 50n }]], 50n, exact(0n), at(20));
			const range = boundOutflow(bounds, later === 0 ? 60n : 40n, later === 0 ? 20n : 40n, exact(50n), at(21));
			return [range, [...bounds.unordered]];
		};
		expect(paid(["fifo"], 0)).toEqual([{ least: [30n], most: [50n] }, [[20, { gone: false, pays: false }]]]);
		expect(paid(["lifo"], 1)).toEqual([{ least: [10n], most: [40n] }, [[20, { gone: false, pays: false }]]]);
		expect(paid(["haircut", "difo"], 0)).toEqual([undefined, []]);
	});

	it("knows nothing of its payments as tainted once it paid unread, in that block, too", () => {
		const bounds = opened(0n);
		boundOutflow(bounds, 10n, 90n, exact(95n), at(20));
		boundUnread(bounds, 90n, exact(85n));
		expect(boundOutflow(bounds, 80n, 10n, exact(85n), at(20))?.least).toEqual([0n]);
		expect(bounds.held?.least).toEqual([0n]);
	});
});
