import { type ChainEvent, erc20Asset, type Label, type Transfer } from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { detect } from "../detection/detect.js";
import { MOST_PASSAGES } from "../parameters.js";
import { parseSeed } from "../seeds.js";
import { defaultRequest, type TraceRun } from "../trace.js";
import { traceAcross } from "./trace-across.js";

const TOKEN = erc20Asset(TEST_CHAIN, `0x${"aa".repeat(20)}`);
const THIEF = 1;
const POOL = 50;
const BRIDGE = 60;
const STOLEN = 1_000n;

const label = (n: number, category: Label["category"]): Label => ({
	account: testAccount(n),
	category,
	entity: "Test",
	name: "",
	source: "test",
	retrievedAt: "",
	confidence: 90,
});
const LABELS = [label(POOL, "defi_dex"), label(BRIDGE, "bridge")];
const event = (t: Transfer, kind: ChainEvent["kind"], contract: number, rest: Partial<ChainEvent>): ChainEvent => ({
	chain: TEST_CHAIN,
	position: { ...t.position, eventIndex: 16_400 },
	txHash: t.txHash,
	kind,
	protocol: "test",
	contract: testAccount(contract),
	details: {},
	...rest,
});
const swapped = (height: number, from: number, to: number, paid: bigint, got: bigint) => {
	const into = testTransfer([height, 0, 1], from, POOL, paid, height % 2 === 0 ? {} : { asset: TOKEN, kind: "token" });
	const out = testTransfer([height, 0, 2], POOL, to, got, height % 2 === 0 ? { asset: TOKEN, kind: "token" } : {});
	return {
		transfers: [into, out],
		event: event(into, "swap", POOL, { account: testAccount(to), details: { paid: String(paid), got: String(got) } }),
	};
};
const run = async (
	transfers: readonly Transfer[],
	events: readonly ChainEvent[],
	labels = LABELS,
	more: Partial<TraceRun["request"]> = {},
): Promise<TraceRun> => {
	const theft = testTransfer([1, 0, 1], 0, THIEF, STOLEN);
	const source = memoryLedger([theft, ...transfers], { labels, events });
	const seed = parseSeed(`transfer:1.0.1`, TEST_CHAIN);
	const [first] = await traceAcross({ ...defaultRequest(TEST_CHAIN, [seed]), ...more }, { source });
	return first as TraceRun;
};
const arrivals = ({ outcome }: TraceRun) => outcome.seedings.filter(({ passage }) => passage !== undefined);

describe("money that goes through a pool to somebody else", () => {
	it("is followed on and on, in proportion to what was tainted, to the unit", async () => {
		const chain = [swapped(2, THIEF, 2, 600n, 300n), swapped(3, 2, 3, 100n, 33n)];
		const result = await run(
			chain.flatMap((s) => s.transfers),
			chain.map((s) => s.event),
		);
		expect(arrivals(result).map(({ transfer, marked }) => [transfer.to, new Set(marked)])).toEqual([
			[testAccount(2), new Set([300n])],
			[testAccount(3), new Set([33n])],
		]);
		expect(result.passagesCut).toBeUndefined();
	});

	it("marks each rule's own share where clean money was mixed in", async () => {
		const clean = testTransfer([1, 1, 1], 9, THIEF, 1_000n);
		const { transfers, event: swap } = swapped(2, THIEF, 2, 500n, 50n);
		const [arrival] = arrivals(await run([clean, ...transfers], [swap]));
		// Rules in order: fifo, lifo, haircut, poison, libr, difo, dilo. The stolen thousand came first.
		expect(arrival?.marked).toEqual([50n, 0n, 25n, 50n, 0n, 50n, 0n]);
	});

	it("ends after a bounded number of pools in a row, and says so", async () => {
		const hand = (i: number) => (i === 0 ? THIEF : 100 + i);
		const chain = Array.from({ length: MOST_PASSAGES + 3 }, (_, i) => swapped(2 + i, hand(i), hand(i + 1), 500n, 500n));
		const result = await run(
			chain.flatMap((s) => s.transfers),
			chain.map((s) => s.event),
		);
		expect(result.passagesCut).toBe(true);
		const through = async (pools: number) => {
			const some = chain.slice(0, pools);
			const { passagesCut, outcome } = await run(
				some.flatMap((s) => s.transfers),
				some.map((s) => s.event),
			);
			return [passagesCut, outcome.seedings.length - 1];
		};
		expect(await through(MOST_PASSAGES)).toEqual([undefined, MOST_PASSAGES]);
		expect(await through(MOST_PASSAGES + 1)).toEqual([true, MOST_PASSAGES]);
	});

	it("is not what an event alone says: without a transfer of that amount nothing goes on", async () => {
		const { transfers, event: swap } = swapped(2, THIEF, 2, 600n, 300n);
		const liar = { ...swap, details: { paid: "600", got: "301" } };
		const result = await run(transfers, [liar]);
		expect(arrivals(result)).toEqual([]);
		expect(result.passages).toEqual([expect.objectContaining({ tier: "lead", got: undefined, alternatives: [] })]);
		expect(await detect(memoryLedger(transfers, { events: [liar] }), TEST_CHAIN)).toEqual([]);
		expect(await detect(memoryLedger(transfers, { events: [swap] }), TEST_CHAIN)).toEqual([
			expect.objectContaining({ kind: "dex-pool", account: testAccount(POOL), tier: "structural", score: 67 }),
		]);
	});

	it("is a pool's by its deeds also where the token keeps a part of every transfer", async () => {
		const { transfers, event: swap } = swapped(2, THIEF, 2, 600n, 300n);
		const [into, out] = transfers as [Transfer, Transfer];
		const kept = { ...out, position: { ...out.position, eventIndex: 3 }, to: testAccount(70), amount: 9n };
		const parts = [into, { ...out, amount: 291n }, kept];
		expect(await detect(memoryLedger(parts, { events: [swap] }), TEST_CHAIN)).toMatchObject([
			{ kind: "dex-pool", account: testAccount(POOL) },
		]);
		const less = [into, { ...out, amount: 290n }, kept];
		expect(await detect(memoryLedger(less, { events: [swap] }), TEST_CHAIN)).toEqual([]);
	});

	it("goes on from a pool that nobody labelled, since what it takes and gives in one transaction is an exchange", async () => {
		const { transfers, event: swap } = swapped(2, THIEF, 2, 600n, 300n);
		const result = await run(transfers, [swap], []);
		expect(result.outcome.leaves.map(({ account, stop }) => [account, stop.reason])).toContainEqual([testAccount(THIEF), "swap"]);
		expect(arrivals(result).map(({ transfer, marked }) => [transfer.to, new Set(marked)])).toEqual([[testAccount(2), new Set([300n])]]);
	});

	it("is none where who paid receives himself, whether or not exchanges are followed, nor where the event names nobody", async () => {
		const own = swapped(2, THIEF, THIEF, 600n, 300n);
		for (const conversions of [true, false])
			expect((await run(own.transfers, [own.event], LABELS, { conversions })).passages ?? []).toEqual([]);
		const { transfers, event: swap } = swapped(2, THIEF, 2, 600n, 300n);
		const { account: _, ...nameless } = swap;
		expect((await run(transfers, [nameless])).passages ?? []).toEqual([]);
	});

	it("does not come out twice where the trace goes on through the contract itself", async () => {
		// The contract keeps what it is paid and pays out of it in the same asset: no exchange, and so followed in its own ledger.
		const into = testTransfer([2, 0, 1], THIEF, POOL, 600n);
		const out = testTransfer([2, 0, 2], POOL, 2, 300n);
		const swap = event(into, "swap", POOL, { account: testAccount(2), details: { paid: "600", got: "300" } });
		const result = await run([into, out], [swap], []);
		expect(result.outcome.followed.has(testAccount(POOL))).toBe(true);
		expect(arrivals(result)).toEqual([]);
	});
});

describe("money that goes over a bridge", () => {
	const deposit = testTransfer([2, 0, 1], THIEF, BRIDGE, 700n);
	const fill = (height: number) => testTransfer([height, 0, 1], BRIDGE, 5, 690n);
	const out = event(deposit, "bridge-out", BRIDGE, {
		key: "test:1",
		details: { amount: "700", toChain: TEST_CHAIN, receiver: `0x${"06".padStart(40, "0")}` },
	});
	const into = (t: Transfer, rest: Partial<ChainEvent> = {}) =>
		event(t, "bridge-in", BRIDGE, { key: "test:1", account: testAccount(5), details: { amount: "690", fromChain: TEST_CHAIN }, ...rest });

	it("is followed when both sides carry the key and the money moved", async () => {
		const [arrival] = arrivals(await run([deposit, fill(3)], [out, into(fill(3))]));
		expect(arrival).toMatchObject({ passage: "test:1", transfer: { to: testAccount(5) } });
		expect(new Set(arrival?.marked)).toEqual(new Set([690n]));
	});

	it("is a lead with alternatives when two transfers fit, and with none when the other side is missing", async () => {
		const two = await run([deposit, fill(3), fill(4)], [out, into(fill(3)), into(fill(4))]);
		expect(arrivals(two)).toEqual([]);
		expect(two.passages?.[0]).toMatchObject({ tier: "lead", detail: expect.stringContaining("ambiguous") });
		expect(two.passages?.[0]?.alternatives).toHaveLength(2);
		const none = await run([deposit], [out]);
		expect(none.passages?.[0]).toMatchObject({ tier: "lead", alternatives: [], detail: expect.stringContaining("not in the case") });
	});

	it("is followed where a side does not tell of the other, and not where it tells of another chain or another amount", async () => {
		const other = { ...out, details: { ...out.details, toChain: "eip155:10" } };
		const { toChain: _, receiver: __, ...silent } = out.details;
		const passed = async (from: ChainEvent, to: ChainEvent) => arrivals(await run([deposit, fill(3)], [from, to])).length;
		expect(await passed({ ...out, details: silent }, into(fill(3), { details: { amount: "690" } }))).toBe(1);
		const { account: ___, ...nameless } = into(fill(3));
		expect(await passed(out, nameless)).toBe(0);
		expect(await passed(other, into(fill(3)))).toBe(0);
		expect(await passed(out, into(fill(3), { details: { amount: "690", fromChain: "eip155:10" } }))).toBe(0);
		expect(await passed(out, into(fill(3), { details: { amount: "691", fromChain: TEST_CHAIN } }))).toBe(0);
		expect(await passed({ ...out, details: { ...out.details, amount: "701" } }, into(fill(3)))).toBe(0);
	});

	it("is taken by the contract itself, by burning, or by the vault that the event names; by nobody else", async () => {
		const taken = async (to: number, more: Partial<Transfer> = {}, details = out.details) => {
			const paid = { ...testTransfer([2, 0, 1], THIEF, to, 700n), ...more };
			const { passages = [] } = await run([paid, fill(3)], [{ ...out, details }, into(fill(3))], [...LABELS, label(70, "exchange")]);
			return passages.length;
		};
		const address = testAccount(70).slice(TEST_CHAIN.length + 1);
		expect([await taken(BRIDGE), await taken(70), await taken(70, {}, { ...out.details, vault: address })]).toEqual([1, 0, 1]);
		expect([await taken(-1, { kind: "burn" }), await taken(-1)]).toEqual([1, 0]);
	});

	it("is not followed to somebody whom the deposit does not name, to another protocol, or for a stranger's contract", async () => {
		for (const wrong of [
			into(fill(3), { account: testAccount(7) }),
			into(fill(3), { protocol: "other" }),
			into(fill(3), { contract: testAccount(61) }),
		])
			expect(arrivals(await run([deposit, fill(3)], [out, wrong]))).toEqual([]);
	});
});
