import { type AssetId, type Label, nativeAsset, type TraceResult, type Transfer } from "@clew/core";
import { type MemoryLedgerOptions, memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { planRequests, withKnownIssuers } from "@clew/evidence";
import { buildResult, defaultRequest, parseSeed, runTrace } from "@clew/tracer";
import { describe, expect, it } from "vitest";
import { type Answer, type Asked, answerOf, PLACE_GROUPS } from "./answer.js";
import { givenIn } from "./given.js";

const ETHER = nativeAsset(TEST_CHAIN);
const USDT = `${TEST_CHAIN}/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7` as AssetId;
const JUNK = `${TEST_CHAIN}/erc20:0x${"7".repeat(40)}` as AssetId;
const label = (n: number, entity: string, category: Label["category"]): Label => ({
	account: testAccount(n),
	entity,
	name: entity,
	category,
	source: "s",
	retrievedAt: "2026-01-01",
	confidence: 80,
});

async function traced(transfers: readonly Transfer[], named: string | string[], world: MemoryLedgerOptions = {}): Promise<TraceResult> {
	const source = memoryLedger(transfers, world);
	const seeds = [named].flat().map((seed) => parseSeed(seed, TEST_CHAIN));
	const request = defaultRequest(TEST_CHAIN, seeds);
	return buildResult(await runTrace(request, { source }), source, { id: "c".repeat(12), title: "t", cutoff: 100, sources: [] });
}
const asked = (more: Partial<Asked> = {}): Asked => ({ recipients: withKnownIssuers([]), open: undefined, frozen: new Map(), ...more });
const where = ({ groups }: Answer) =>
	PLACE_GROUPS.flatMap((group) =>
		groups[group].map(({ accounts, agreed, unread }) => `${group} ${accounts[0]?.slice(-2)} ${agreed} ${unread ?? ""}`.trim()),
	);

/** 1 took 100, and paid 40 to an exchange, 20 into a mixer, 10 to nobody, 25 to an account that was read, 5 to one that was not. */
const SPREAD = [
	testTransfer([1], 0, 1, 100n),
	testTransfer([2], 1, 2, 40n),
	testTransfer([3], 1, 3, 20n),
	testTransfer([5], 1, 5, 25n),
	testTransfer([6], 1, 6, 15n),
];
const fetched = (...numbers: number[]): NonNullable<MemoryLedgerOptions["coverage"]> => {
	const own = new Set(numbers.map(testAccount));
	return (account) =>
		own.has(account)
			? [{ chain: TEST_CHAIN, account, fromHeight: 0, toHeight: 100, kinds: ["native", "token", "internal"], source: "s", note: "" }]
			: [];
};
const WORLD = { labels: [label(2, "Some Exchange", "exchange"), label(3, "Mixer", "mixing_service")], coverage: fetched(0, 1, 2, 3, 5) };

describe("where the money is, by what can be done", () => {
	it("puts every end point into one group, with why it was not read; without a node nothing is complete", async () => {
		const answer = answerOf(await traced(SPREAD, `account:0x${"0".repeat(39)}2`, WORLD), asked());
		expect(answer.taken).toEqual([{ asset: ETHER, agreed: 100n, most: 100n }]);
		expect(where(answer)).toEqual(["freeze 03 40", "records 04 20", "held 06 25", "unread 07 15 no node"]);
		expect(answer.groups.freeze[0]?.stop).toEqual({ kind: "custodian", entity: "Some Exchange", channel: "" });
		expect(answer.groups.held[0]?.atHead).toBe("not asked");
		expect(answer.complete).toBe(false);
	});

	it.each([
		["the same twice", ["transfer:1.0.0", "transfer:1.0.0"], 100n, 100n],
		["its next hop", ["transfer:1.0.0", "transfer:2.0.0"], 100n, 100n],
		["a payment of other money", ["transfer:2.0.0", "transfer:3.0.0"], 60n, 60n],
	])("of seeds of which one is %s no unit is counted twice", async (_, seeds, agreed, most) => {
		const answer = answerOf(await traced(SPREAD, seeds, WORLD), asked());
		expect(answer.taken).toEqual([{ asset: ETHER, agreed, most }]);
	});

	it("over several seeds at most says what the rules mark, never more than the rows moved", async () => {
		const mixed = [testTransfer([1], 0, 1, 50n), testTransfer([2], 8, 1, 50n), testTransfer([3], 1, 2, 50n)];
		const [taken] = answerOf(await traced(mixed, ["transfer:1.0.0", "transfer:3.0.0"], WORLD), asked()).taken;
		expect(taken).toMatchObject({ agreed: 50n, most: 100n });
	});

	it("money of which the node says that less is there is not still there, and what seeds were not looked at for leaves it open", async () => {
		const whole = { ...WORLD, coverage: fetched(0, 1, 2, 3, 5, 6) };
		const result = await traced(SPREAD, `account:0x${"0".repeat(39)}2`, whole);
		const gap = { kind: "balance-differs" as const, account: testAccount(5), asset: ETHER, amount: "25", balance: "3", text: "" };
		const differs = { ...result, coverage: { ...result.coverage, gaps: [...result.coverage.gaps, gap] } };
		const left = answerOf(differs, asked({ open: [] }));
		expect(where(left)).toContain("unread 06 25 left");
		expect(where(answerOf(result, asked({ open: [] })))).toContain("held 06 25");
		const seed = { account: testAccount(1), kinds: ["native" as const], from: 0, to: 9, holds: undefined };
		const untold = { seeds: [seed], leaves: new Map() };
		const unlooked = answerOf(result, asked({ open: [], untold }));
		expect(unlooked.unlooked).toMatchObject([{ unread: "no answer" }]);
		expect(unlooked.complete).toBe(false);
	});

	it("what a bound left unread says which; only a follow that read all is complete", async () => {
		const result = await traced(SPREAD, `account:0x${"0".repeat(39)}2`, WORLD);
		const bound = answerOf(result, asked({ open: [{ account: testAccount(6), why: "time" }] }));
		expect(where(bound)).toContain("unread 07 15 time");
		expect(bound.groups.held[0]?.atHead).toBe("as traced");
		expect(bound.complete).toBe(false);
		expect(where(answerOf(result, asked({ open: [], stopped: "it broke off" })))).toContain("unread 07 15 stopped");
		const whole = { ...WORLD, coverage: fetched(0, 1, 2, 3, 5, 6) };
		const all = answerOf(await traced(SPREAD, `account:0x${"0".repeat(39)}2`, whole), asked({ open: [] }));
		expect(all.open).toEqual([]);
		expect(all.complete).toBe(true);
		expect(answerOf(await traced(SPREAD, `account:0x${"0".repeat(39)}2`, whole), asked({ open: [], stopped: "x" })).complete).toBe(false);
	});

	it("a token that its issuer can freeze is first, by which function, frozen or not or not known; worthless ones are one line", async () => {
		const token = (at: number[], from: number, to: number, amount: bigint, asset: AssetId) =>
			testTransfer(at, from, to, amount, { kind: "token", asset });
		const transfers = [token([1], 0, 1, 70n, USDT), token([2], 9, 1, 10n ** 30n, JUNK)];
		const result = await traced(transfers, `account:0x${"0".repeat(39)}2`, { coverage: fetched(0, 1) });
		const answer = answerOf(result, asked());
		const [place] = answer.groups.freeze;
		expect(place).toMatchObject({ agreed: 70n, asset: USDT, frozen: "not known", stop: { kind: "issuer", by: expect.any(String) } });
		expect(answerOf(result, asked({ frozen: new Map([[`${testAccount(1)} ${USDT}`, true]]) })).groups.freeze[0]?.frozen).toBe("yes");
		expect(answer.others).toContain("1 contract");
		expect(PLACE_GROUPS.flatMap((group) => answer.groups[group]).map(({ asset }) => asset)).toEqual([USDT]);
	});

	describe("a token that only its issuer can stop", () => {
		const paid = testTransfer([1], 0, 1, 70n, { kind: "token", asset: USDT });
		const held = (read: boolean) => traced([paid], `account:0x${"0".repeat(39)}2`, { coverage: read ? fetched(0, 1) : fetched(0) });
		const lower = (result: TraceResult, balance: bigint): TraceResult => {
			const told = {
				kind: "balance-differs" as const,
				account: testAccount(1),
				asset: USDT,
				amount: "70",
				balance: `${balance}`,
				text: "",
			};
			return { ...result, coverage: { ...result.coverage, gaps: [...result.coverage.gaps, told] } };
		};

		it("is nothing to freeze at an account that nobody read on, unless a node says that so much is there", async () => {
			const result = await held(false);
			expect(where(answerOf(result, asked()))).toEqual(["unread 02 70 no node"]);
			expect(where(answerOf(result, asked({ open: [], stopped: "x" })))).toEqual(["unread 02 70 stopped"]);
			expect(where(answerOf(result, asked({ open: [{ account: testAccount(1), why: "requests" }] })))).toEqual(["freeze 02 70 requests"]);
		});

		it.each([
			["that was read", true, "left"],
			["that nobody read on", false, "no answer"],
		])("at an account %s is no more than the node says is there, and what left it is said apart", async (_, read, why) => {
			const result = await held(read);
			expect(where(answerOf(lower(result, 0n), asked({ open: [] })))).toEqual([`unread 02 70 ${why}`]);
			const part = answerOf(lower(result, 20n), asked({ open: [] }));
			expect(where(part)).toEqual([`freeze 02 20 ${why}`, `unread 02 50 ${why}`]);
			expect(part.groups.freeze[0]).toMatchObject({ most: 20n, atHead: "differs" });
			expect(part.sums.freeze).toEqual([{ asset: USDT, agreed: 20n, most: 20n }]);
			expect(part.complete).toBe(false);
		});

		it("of which the node says that less is there is asked of nobody but in a request that says what is there", async () => {
			const result = lower(await held(true), 20n);
			const { requests, leftOut } = planRequests(result, withKnownIssuers([]));
			expect([requests.length, leftOut.join()]).toEqual([0, expect.stringContaining("that 20 are there")]);
			expect(planRequests(result, withKnownIssuers([]), { contradicted: true }).requests).toHaveLength(1);
		});
	});

	it("money given in somebody's exchange is asked about where it was paid, and who else got something there is named", async () => {
		// 1 pays a router, which pays 5 in ether for it in the same transaction; 8 funded the router.
		const token = (at: number[], from: number, to: number, amount: bigint) =>
			testTransfer(at, from, to, amount, { kind: "token", asset: USDT });
		const hash = `0x${"e".repeat(64)}` as Transfer["txHash"];
		const swap = [token([3, 0, 0], 1, 7, 70n), testTransfer([3, 0, 1], 7, 5, 9n, { kind: "internal" })].map((t) => ({
			...t,
			txHash: hash,
		}));
		const world = [token([1], 0, 1, 70n), testTransfer([2], 8, 7, 50n), ...swap];
		const result = await traced(world, `account:0x${"0".repeat(39)}2`, { coverage: fetched(0, 1, 5, 7, 8) });
		expect(result.leaves).toMatchObject([{ account: testAccount(1), stop: { reason: "swap" } }]);
		const given = await givenIn(memoryLedger(world), result);
		const [place] = answerOf(result, asked({ given })).groups.records;
		expect(place).toMatchObject({
			accounts: [testAccount(7)],
			agreed: 70n,
			given: { by: testAccount(1), txHash: hash, got: [{ account: testAccount(5), asset: ETHER, amount: 9n }] },
		});
	});

	it("money that the rules do not agree on is no reason to freeze: its custodian is asked for records, and the sum says what all agree on", async () => {
		const mixed = [testTransfer([1], 0, 1, 50n), testTransfer([2], 8, 1, 50n), testTransfer([3], 1, 2, 50n), testTransfer([4], 1, 5, 50n)];
		const seeded = `transfer:1.0.0`;
		const answer = answerOf(await traced(mixed, seeded, { ...WORLD, coverage: fetched(0, 1, 2, 5, 8) }), asked());
		expect(answer.groups.records).toMatchObject([{ whose: "Some Exchange", agreed: 0n, most: 50n }]);
		expect(answer.groups.freeze).toEqual([]);
	});
});
