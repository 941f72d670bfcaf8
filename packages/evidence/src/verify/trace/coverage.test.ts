import { testAccount } from "@clew/core/testing";
import { beforeAll, describe, expect, it } from "vitest";
import type { Loose } from "../blocks.test-util.js";
import type { Trace } from "../bundle/formats.js";
import { smallTrace } from "../bundle.test-util.js";
import { canonical } from "../encoding/canonical.js";
import { type Covered, checkCoverage } from "./coverage.js";

const KINDS = ["native", "internal", "token"];
const [THIEF, FRIEND, OTHER] = [testAccount(1), testAccount(2), testAccount(3)] as [string, string, string];
let trace: Trace;
beforeAll(async () => {
	trace = JSON.parse(canonical(await smallTrace())) as Trace;
});

function complaints(
	covered: readonly Covered[],
	edit: (trace: Loose<Trace>) => unknown = () => {},
	openings: { account: string; asset: string }[] = [],
	of: string | undefined = "facts.json",
) {
	const changed = structuredClone(trace) as Loose<Trace>;
	changed.coverage.gaps = [];
	edit(changed);
	const found: string[] = [];
	checkCoverage(changed, covered, openings, (where, what) => found.push(`${where}: ${what}`));
	return found.filter((one) => of === undefined || one.startsWith(of));
}
const gaps =
	(...kinds: [string, string][]) =>
	(t: Loose<Trace>) =>
		t.coverage.gaps.push(...kinds.map(([kind, account]) => ({ kind, account, text: "" })));

describe("gaps against what was fetched", () => {
	it("are none where all of every account was", () => {
		expect(complaints([{ fromHeight: 0, kinds: KINDS }])).toEqual([]);
		expect(complaints([THIEF, FRIEND, OTHER].map((account) => ({ account, fromHeight: 0, kinds: KINDS })))).toEqual([]);
	});

	it("reach the block at which money is said to be there still", () => {
		const there = (t: Loose<Trace>) => {
			for (const leaf of t.leaves) leaf.stop = { reason: "unspent", detail: "still there at block 900, where its data ends" };
		};
		const covered = (toHeight: number) => [{ fromHeight: 0, toHeight, kinds: KINDS }];
		const said = (...ranges: Covered[]) => complaints(ranges, there, [], "trace.json leaf 1");
		const wrong = (kinds: string, to: string) => [
			`trace.json leaf 1: is still there at block 900, and facts.json says that its ${kinds} transfers were ${to}`,
		];
		expect(said(...covered(900))).toEqual([]);
		expect(said(...covered(899))).toEqual(wrong("native and internal", "read to block 899"));
		// Without a break, of each kind, of this chain.
		expect(said(...covered(400), { fromHeight: 401, toHeight: 900, kinds: KINDS })).toEqual([]);
		expect(said(...covered(400), { fromHeight: 402, toHeight: 900, kinds: KINDS })).toEqual(
			wrong("native and internal", "read to block 400"),
		);
		expect(said({ fromHeight: 0, kinds: ["native", "token"] })).toEqual(wrong("internal", "not read where it came"));
		expect(said({ chain: "eip155:56", fromHeight: 0, kinds: KINDS })).toEqual(wrong("native and internal", "not read where it came"));
		expect(said()).toEqual(wrong("native and internal", "not read where it came"));
	});

	it("tell the kinds that nobody fetched of who passed money on, or has it still", () => {
		const covered = [{ fromHeight: 0, kinds: ["native", "token"] }];
		expect(complaints(covered)).toEqual(
			[THIEF, FRIEND, OTHER].map(
				(account) => `facts.json: ${account}: its internal transfers were not fetched, and no gap of trace.json says so`,
			),
		);
		expect(complaints(covered, gaps(["missing-kind", THIEF], ["missing-kind", FRIEND], ["missing-kind", OTHER]))).toEqual([]);
		expect(complaints(covered, gaps(["missing-kind", THIEF], ["missing-kind", FRIEND]))).toHaveLength(1);
	});

	it("tell an account of which nothing was fetched", () => {
		const covered = [THIEF, FRIEND].map((account) => ({ account, fromHeight: 0, kinds: KINDS }));
		expect(complaints(covered)).toEqual([
			`facts.json: ${OTHER}: its native and internal and token transfers were not fetched, and no gap of trace.json says so`,
		]);
		expect(complaints(covered, gaps(["unfetched-account", OTHER]))).toEqual([]);
	});

	it("tell what an account had before the first block that was read, unless it is there", () => {
		const covered = [
			{ account: THIEF, fromHeight: 1, kinds: KINDS },
			...[FRIEND, OTHER].map((account) => ({ account, fromHeight: 0, kinds: KINDS })),
		];
		expect(complaints(covered)).toEqual([
			`facts.json: ${THIEF}: what it had before block 1 is not in the case, and no gap of trace.json says so`,
		]);
		expect(complaints(covered, gaps(["opening-balance-unknown", THIEF]))).toEqual([]);
		expect(complaints(covered, () => {}, [{ account: THIEF, asset: "eip155:1/slip44:60" }])).toEqual([]);
	});

	it("are not asked of an end point that was not followed, nor of who pays what a seed marked", () => {
		const covered = [THIEF, FRIEND].map((account) => ({ account, fromHeight: 0, kinds: KINDS }));
		const ended = (t: Loose<Trace>) => {
			for (const leaf of t.leaves) if (leaf.account === OTHER) leaf.stop = { reason: "service", detail: "" };
		};
		expect(complaints(covered, ended)).toEqual([]);
		const seeded = (t: Loose<Trace>) => {
			ended(t);
			const back = { ...(t.edges[2] as Loose<Trace>["edges"][number]), row: 4, position: "4.0.1", from: OTHER, to: FRIEND };
			t.edges.push(back);
			const [seed] = t.seeds;
			seed?.rows.push({ position: "4.0.1", asset: back.asset, account: FRIEND, txHash: back.txHash, amount: back.amount, seeded: {} });
		};
		expect(complaints(covered, seeded)).toEqual([]);
		expect(
			complaints(covered, (t) => {
				seeded(t);
				t.seeds[0]?.rows.pop();
			}),
		).toHaveLength(1);
	});
});
