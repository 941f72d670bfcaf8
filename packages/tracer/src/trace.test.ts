import type { LedgerReader, Transfer } from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
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
