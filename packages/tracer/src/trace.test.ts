import { type LedgerReader, type Transfer, trustedAccountId } from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { buildResult, defaultRequest, parseSeed, planSeeds, runTrace, sweep, type TraceRequest } from "./index.js";
import type { SweepOptions } from "./sweep-options.js";
import { type TracedEdge, tracedEdge } from "./traced-edge.js";

/** Movements among six accounts, of which many pay more than the case shows they had. */
const lackingTransfers = fc
	.array(
		fc.record({ from: fc.integer({ min: 1, max: 6 }), to: fc.integer({ min: 1, max: 6 }), amount: fc.bigInt({ min: 1n, max: 50n }) }),
		{ minLength: 1, maxLength: 40 },
	)
	.map((list) => list.map(({ from, to, amount }, i) => testTransfer([10 + Math.floor(i / 3), i % 3, 1], from, to, amount)));

const reference = { id: "c", title: "t", cutoff: 0, sources: [] };
const requestOf = (maxAccounts: number): TraceRequest => ({
	...defaultRequest(TEST_CHAIN, [parseSeed(`account:${testAccount(1)}`, TEST_CHAIN)]),
	maxAccounts,
});

/** The result of one sweep, and whether it may be asked for: all accounts that the rules reach fit the budget. */
async function sweptOnce(source: LedgerReader, request: TraceRequest, more: Partial<SweepOptions>) {
	const edges: TracedEdge[] = [];
	const plan = await planSeeds(source, request.chain, request.seeds);
	const onEdge: SweepOptions["onEdge"] = (edge) => void edges.push(tracedEdge(edge, request.rules, request.seeds.length));
	const outcome = await sweep(source, plan, { ...request, onEdge, ...more });
	const budgetBound = outcome.leaves.some((leaf) => leaf.stop.reason === "budget");
	return { outcome, result: await buildResult({ request, outcome, edges, stops: [], budgetBound }, source, reference) };
}

describe("a trace", () => {
	test.prop([lackingTransfers, fc.integer({ min: 1, max: 7 })], { numRuns: 300 })(
		"with bounds gives accounts that the rules reach their place in the budget before those that only bounds reach",
		async (transfers: Transfer[], maxAccounts) => {
			const request = requestOf(maxAccounts);
			const source = memoryLedger(transfers);
			const plain = await sweptOnce(source, request, {});
			if (plain.outcome.exceeded || !plain.outcome.missing) return;
			const known = new Set(plain.outcome.followed.keys());
			const bounds = { known, room: Math.max(0, maxAccounts - known.size) };
			const { result } = await sweptOnce(source, request, { bounds, maxAccounts: Number.POSITIVE_INFINITY });
			expect(await buildResult(await runTrace(request, { source }), source, reference)).toEqual(result);
		},
	);

	test.prop([lackingTransfers, fc.integer({ min: 0, max: 12 }), fc.option(fc.integer({ min: 9, max: 24 }), { nil: undefined })], {
		numRuns: 300,
	})(
		"with bounds is the same whether ledgers are read one by one, or out of a scan in memory",
		async (transfers, scanThoughtOfAfter, until) => {
			const source = memoryLedger(transfers);
			const request = { ...requestOf(99), ...(until === undefined ? {} : { until }) };
			const bounds = { known: new Set<never>(), room: 99 };
			const run = async (after: number) => (await sweptOnce(source, request, { bounds, scanThoughtOfAfter: after })).result;
			expect(await run(scanThoughtOfAfter)).toEqual(await run(Number.POSITIVE_INFINITY));
		},
	);
});

describe("account abstraction (ERC-4337)", () => {
	const ENTRY_POINT = trustedAccountId(TEST_CHAIN, "0x0000000071727de22e5e9d8baf0edac6f37da032");
	const [THIEF, SENDER, BUNDLER, STRANGER] = [1, 2, 3, 4];
	/** The sender pays a prefund of 6, of which the bundler gets 5; the transaction cost the bundler 4. */
	const bundle: readonly Transfer[] = [
		testTransfer([20, 0, 0], BUNDLER, -1, 4n, { kind: "fee" }),
		{ ...testTransfer([20, 0, 2], SENDER, 0, 6n, { kind: "internal" }), to: ENTRY_POINT },
		testTransfer([20, 0, 3], SENDER, STRANGER, 40n, { kind: "internal" }),
		{ ...testTransfer([20, 0, 4], 0, BUNDLER, 5n, { kind: "internal" }), from: ENTRY_POINT },
		testTransfer([30, 0, 1], BUNDLER, STRANGER, 1n),
	];
	const traced = async (seed: string, transfers: readonly Transfer[]) => {
		const request = { ...defaultRequest(TEST_CHAIN, [parseSeed(seed, TEST_CHAIN)]) };
		const source = memoryLedger(transfers);
		return buildResult(await runTrace(request, { source }), source, reference);
	};

	it("stops where gas is paid, and what bundlers are paid is nobody's stolen money", async () => {
		const stolen = testTransfer([10, 0, 1], THIEF, SENDER, 100n);
		const { leaves, edges } = await traced(`account:${testAccount(SENDER)}`, [stolen, ...bundle]);
		const ends = new Map(leaves.map(({ account, stop, range }) => [account, `${stop.reason} ${range.join("-")}`]));
		expect(ends.get(ENTRY_POINT)).toBe("entry-point 6-6");
		expect(ends.get(testAccount(STRANGER))).toBe("unspent 40-40");
		expect(ends.has(testAccount(BUNDLER))).toBe(false);
		expect(edges.some(({ from, to }) => from === ENTRY_POINT || to === testAccount(BUNDLER))).toBe(false);
	});

	it("marks by tx: what the operation moved, and not what its bundler got for gas; of that alone it says so", async () => {
		const [fee] = bundle;
		const dear = [...bundle.slice(1, 4), { ...(fee as Transfer), amount: 2n }].sort(
			(a, b) => a.position.eventIndex - b.position.eventIndex,
		);
		const { seeds } = await traced(`tx:${fee?.txHash}`, dear);
		expect(seeds.flatMap(({ rows }) => rows.map(({ account }) => account))).toEqual([testAccount(STRANGER)]);
		const gas = dear.filter(({ to }) => to !== testAccount(STRANGER));
		await expect(traced(`tx:${fee?.txHash}`, gas)).rejects.toThrow(/moved nothing but what an EntryPoint was paid, or paid/);
	});
});
