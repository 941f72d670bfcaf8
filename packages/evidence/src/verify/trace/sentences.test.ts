import { DETECTION_KINDS } from "@clew/core";
import { TEST_CHAIN, TEST_UTXO_CHAIN, testAccount } from "@clew/core/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { reseal } from "../../../../../tests/reseal.js";
import { coinJoinStop } from "../../../../tracer/src/outputs/output-stops.js";
import { PATTERN_NAMES } from "../../../../tracer/src/patterns/finding.js";
import { serviceStop } from "../../../../tracer/src/stops.js";
import type { Loose } from "../blocks.test-util.js";
import type { Trace } from "../bundle/formats.js";
import { NOBODY, smallBundle, smallTrace } from "../bundle.test-util.js";
import { failureText } from "../failure.js";
import { verifyFiles } from "../verify-bundle.js";
import { checkSentences } from "./sentences.js";

const ACCOUNT = testAccount(1);
const COIN = `${TEST_CHAIN}/slip44:60`;
const [OUTPUTS, SATOSHI] = [TEST_UTXO_CHAIN, `${TEST_UTXO_CHAIN}/slip44:0`];
const label = { entity: "Bank; of (x)", category: "exchange", confidence: 90 } as const;
const HELD = "labelled Bank; of (x) (exchange, confidence 90)";

interface Said {
	readonly reason?: string;
	readonly dates?: object;
	readonly chain?: string;
	readonly asset?: string;
	readonly parameters?: object;
	readonly gaps?: readonly object[];
	readonly notes?: readonly string[];
	readonly ledgers?: readonly string[];
}

/** What is said of a trace whose money came to one account in blocks 3 and 7 of data up to block 12. */
function saidOf(
	detail: string,
	{ reason = "service", dates, chain = TEST_CHAIN, asset = COIN, parameters = {}, gaps = [], ...more }: Said = {},
) {
	const failures: string[] = [];
	const row = (height: number) => ({ from: testAccount(2), to: ACCOUNT, asset, position: `${height}.0.1`, amount: "5", tainted: {} });
	const trace = {
		...{ chain, parameters, seeds: [{ spec: "tx:x", seeded: {}, rows: [] }], edges: [row(3), row(7)] },
		leaves: [
			{
				...{ account: ACCOUNT, labels: [{ ...label, ...dates }], stop: { reason, detail }, amounts: { [asset]: {} }, range: ["0", "9"] },
				arrivals: { first: "3.0.1", last: "7.0.1", count: 2 },
			},
		],
		coverage: { sources: [], gaps, cutoff: "12" },
	} as unknown as Trace;
	const said = checkSentences(trace, new Set(more.notes), more.ledgers, (where, what) => failures.push(`${where}: ${what}`));
	return { failures, said };
}

describe("the sentences of an end point", () => {
	const since = { validFrom: "2020-01-01", validUntil: "2021-01-01" };
	const booked = (kinds: string, block: number) =>
		`its books still hold it, but its ${kinds} transfers from block ${block} on are not all in the case: whether it was spent is not known`;
	it.each<[detail: string, said?: Said]>([
		[HELD],
		[`${HELD}; listed since 2020-01-01, until 2021-01-01: whether it held when the money came is unknown`, { dates: since }],
		["still there at block 7, where its data ends", { reason: "unspent" }],
		["still there at block 12, where its data ends", { reason: "unspent" }],
		["still there at the end of the data", { reason: "unspent" }],
		["still there at the end of the data (block 12)", { reason: "unspent", chain: OUTPUTS, asset: SATOSHI, parameters: { until: "9" } }],
		["held at height 9; it has later transfers", { reason: "time-window", parameters: { until: "9" } }],
		["held at height 9; spent later", { reason: "time-window", chain: OUTPUTS, asset: SATOSHI, parameters: { until: "9" } }],
		["its native history at height 3 is not known to be whole in the case", { reason: "unfetched" }],
		[booked("native and internal", 3), { reason: "unfetched" }],
		[`its native history at height 7 is not in the case; ${booked("internal", 3)}`, { reason: "unfetched" }],
		["arrivals below 5 base units", { reason: "dust", parameters: { dust: `7 of x, 5 of ${COIN}` } }],
		["behaviour alone: deposit-address of 0xab (heuristic version 2, score 60); nobody labelled it"],
		[
			"behaviour alone: dex-pool (heuristic version 2, score 9); nobody labelled it",
			{ reason: "swap", parameters: { minDetectionScore: "9" } },
		],
		["behaviour alone: at least 10000 transfers in the case; nobody labelled it"],
	])("may be %s", (detail, said) => {
		expect(saidOf(detail, said).failures).toEqual([]);
	});

	it("may name every pattern of a mix and every behaviour that ends a trace", () => {
		for (const name of PATTERN_NAMES) {
			const { reason, detail } = coinJoinStop({ name, version: 3, score: 100 });
			expect(saidOf(detail, { reason, chain: OUTPUTS, asset: SATOSHI }).failures).toEqual([]);
		}
		const parameters = { minLabelConfidence: 20, serviceTransfers: 10_000, minDetectionScore: 60 };
		const seen = { account: ACCOUNT, tier: "structural", version: 3, score: 80, counterpart: testAccount(2) } as const;
		const rest = { reasons: [], parameters: {}, source: "", evidence: [] };
		let ends = 0;
		for (const kind of DETECTION_KINDS) {
			const detections = [{ ...seen, ...rest, kind, heuristic: kind }];
			const stop = serviceStop({ labels: [], coverage: [], isContract: false, transfers: 1, detections }, parameters, undefined);
			if (stop === undefined) continue;
			ends++;
			expect(saidOf(stop.detail, { reason: stop.reason }).failures).toEqual([]);
		}
		expect(ends).toBeGreaterThan(5);
	});

	it.each([
		"",
		`${HELD}; confirmed by the bank`,
		`${HELD} `,
		`${HELD}; listed since the police found it, after the money came`,
		"still there at block 12, where its data ends; holder is known",
		"behaviour alone: deposit address of a bank, sweeps into its hot wallet (score 99)",
		"published contract of a bank",
	])("are not %j", (detail) => {
		const reason = detail.startsWith("still") ? "unspent" : "service";
		expect(saidOf(detail, { reason }).failures).toEqual([
			`trace.json leaf 1: says why it ends in words that Clew has not: ${JSON.stringify(detail.slice(0, 100))}`,
		]);
	});

	it.each<[reason: string, detail: string, words: string]>([
		["unspent", "nobody holds the key of this address", "burned"],
		["unspent", HELD, "service"],
		["mixer", HELD, "service"],
		["service", "behaviour alone: dex-pool (heuristic version 2, score 90); nobody labelled it", "swap"],
		["burned", "still there at block 12, where its data ends", "unspent"],
		["unspent", "still there at block 12, where its data ends; arrivals below 5 base units", "dust"],
	])("belong to the reasons that write them: %s is not %s", (reason, detail, words) => {
		expect(saidOf(detail, { reason, parameters: { dust: `5 of ${COIN}` } }).failures).toEqual([
			`trace.json leaf 1: ends as ${reason}, and says why in words of ${words}: ${JSON.stringify(detail)}`,
		]);
	});

	it.each<[detail: string, why: string, said?: Said]>([
		["still there at block 6, where its data ends", "block 6 lies before block 7, where its money came", { reason: "unspent" }],
		["still there at block 13, where its data ends", "block 13 lies behind block 12", { reason: "unspent" }],
		["still there at block 10, where its data ends", "behind block 9", { reason: "unspent", parameters: { until: "9" } }],
		["still there at the end of the data (block 13)", "behind block 12", { reason: "unspent", chain: OUTPUTS, asset: SATOSHI }],
		["held at height 8; it has later transfers", "parameter until is 9", { reason: "time-window", parameters: { until: "9" } }],
		["held at height 8; it has later transfers", "parameter until is end of data", { reason: "time-window" }],
		["held at height 9; spent later", `no trace of ${TEST_CHAIN} says that`, { reason: "time-window", parameters: { until: "9" } }],
		["its native history at height 5 is not in the case", "in block 5 no row brings it any", { reason: "unfetched" }],
		["its token history at height 3 is not in the case", `no token history tells of ${COIN}`, { reason: "unfetched" }],
		[booked("native", 4), "in block 4 no row brings it any", { reason: "unfetched" }],
		[booked("token", 3), `no token transfer moves ${COIN}`, { reason: "unfetched" }],
		["arrivals below 6 base units", `dust threshold of ${COIN} is 5`, { reason: "dust", parameters: { dust: `5 of ${COIN}` } }],
		["behaviour alone: at least 3 transfers in the case; nobody labelled it", "parameter serviceTransfers is 10000"],
		["behaviour alone: hot-wallet (heuristic version 2, score 59); nobody labelled it", "a score of 59 is none"],
		[HELD, "heeds labels from a confidence of 95 on", { parameters: { minLabelConfidence: "95" } }],
	])("have numbers that the trace bears out, not %s", (detail, why, said) => {
		expect(saidOf(detail, said).failures).toEqual([expect.stringContaining(why)]);
	});
});

describe("the sentences of a trace", () => {
	it("are those of gaps, of an end point's own, and of sources that say so", () => {
		const gaps = (gap: object, notes: string[] = []) => saidOf(HELD, { gaps: [gap], notes });
		const before = { kind: "opening-balance-unknown", account: ACCOUNT, toHeight: "2" };
		for (const gap of [
			{ kind: "unfetched-account", account: ACCOUNT, text: HELD },
			{ ...before, text: "nothing was fetched before height 3; its balance there counts as 0" },
			{ kind: "not-compared", account: ACCOUNT, toHeight: "9", text: "the node cannot tell what it holds at this height" },
		])
			expect(gaps(gap).failures).toEqual([]);
		expect(gaps({ kind: "behaviour-only", account: ACCOUNT, text: "a court says so" }).failures).toEqual([
			'trace.json gap 1: is in words that Clew has not: "a court says so"',
		]);
		expect(gaps({ kind: "balance-differs", account: ACCOUNT, text: "the node says nothing is there any more" }).failures).toHaveLength(1);
		const note = { kind: "source-note", account: ACCOUNT, text: "a file's own note" };
		expect(gaps(note, ["a file's own note"]).said).not.toContainEqual(expect.stringContaining("words that Clew has not"));
		expect(gaps(note).said).toContain('what is missing by words that Clew has not (1), first "a file\'s own note"');
		expect(gaps(note).said).toContain("that there are no other gaps");
		expect(gaps(note).said).toContain("labels of end points (1)");
	});

	const HISTORY = "it was seeded or followed, but its own history is not in the case";
	const unfetched = { kind: "unfetched-account", text: HISTORY };
	const missing = { kind: "missing-kind", account: ACCOUNT, text: "its native transfers were not fetched" };
	const derived = (spec: string, to: string, from = testAccount(3), txHash = `0x${"0".repeat(64)}`) =>
		`no source tells the place that the seed ${spec} names, it is derived: after another import it may name another transfer; here it is 5 base units of ${COIN} from ${from} to ${to}, transaction ${txHash}`;
	it.each<[gap: object, why: string, parameters?: object]>([
		[{ ...unfetched, account: "By order of the court" }, 'is of "By order of the court", which is no account of'],
		[{ ...unfetched, account: testAccount(9) }, `is of ${testAccount(9)}, which the trace does not go through`],
		[{ ...missing, asset: "John Doe" }, 'is of "John Doe", which is no asset of'],
		[{ ...missing, asset: "eip155:10/slip44:60" }, 'is of "eip155:10/slip44:60", which is no asset of'],
		[{ ...missing, fromHeight: "5", toHeight: "4" }, "is of blocks 5 to 4, which run backwards"],
		[{ ...missing, toHeight: "13" }, "is of block 13, and the data ends at block 12"],
		[{ kind: "block-data", text: "the budget of 5 accounts bound; leaves with reason budget were not followed" }, "budgetBound is no"],
		[
			{ kind: "block-data", text: "the budget of 5 accounts bound; leaves with reason budget were not followed" },
			"tells of a budget of 5 accounts, and the trace's is 6",
			{ budgetBound: "yes", maxAccounts: "6" },
		],
		[
			{
				kind: "opening-balance-unknown",
				account: ACCOUNT,
				toHeight: "2",
				text: "nothing was fetched before height 9; its balance there counts as 0",
			},
			"says that nothing was fetched before height 9, and is of what was there at block 2",
		],
		[
			{ kind: "source-note", account: ACCOUNT, text: derived("transfer:9.0.1", ACCOUNT, ACCOUNT, "0".repeat(64)) },
			"tells of a movement that is not of eip155:1",
		],
		[
			{ kind: "source-note", account: ACCOUNT, text: derived("transfer:9.0.1", ACCOUNT) },
			'tells of the seed "transfer:9.0.1", which the trace has not',
		],
		[
			{
				kind: "later-spend",
				account: ACCOUNT,
				asset: COIN,
				amount: "5",
				text: `output ${"0".repeat(64)}:1 is spent by transaction ${"1".repeat(64)}, which is in no block yet`,
			},
			"is no output of 5",
		],
		[
			{
				kind: "code-differs",
				account: testAccount(2),
				toHeight: "9",
				text: "it has code, and the case takes it for an account without: what it does by internal calls may be missing",
			},
			"is of no end point",
		],
		[
			{ kind: "not-compared", toHeight: "9", text: "7 end points were not compared with the node: the first 1 were" },
			"counts 7 and 1 end points of 1",
		],
	])("do not let a gap say %j", (gap, why, parameters = {}) => {
		expect(saidOf(HELD, { gaps: [gap], ledgers: [], parameters }).failures).toContainEqual(expect.stringContaining(why));
	});

	it("tell of an account that no row names where its ledgers do, and in words where there are none", () => {
		const other = testAccount(9);
		const gaps = [{ ...unfetched, account: other }];
		expect(saidOf(HELD, { gaps, ledgers: [`{"account":{"account":"${other}","opening":{},"since":"3.0"}}`] }).failures).toEqual([]);
		const { failures, said } = saidOf(HELD, { gaps });
		expect([failures, said.includes(`gaps of accounts that no row names (1), first ${other}`)]).toEqual([[], true]);
	});

	let files: Map<string, Uint8Array>;
	beforeAll(async () => {
		files = await smallBundle(await smallTrace());
	});

	it("of a forged bundle are refused or named", async () => {
		const forged = async (edit: (trace: Loose<never>) => unknown) =>
			verifyFiles(
				reseal(files, (trace) => edit(trace as never)),
				NOBODY,
			);
		const words = await forged((trace: Loose<{ leaves: { stop: { detail: string } }[] }>) => {
			for (const leaf of trace.leaves) leaf.stop.detail += "; holder is known";
		});
		expect(words.failures.map(failureText)).toContainEqual(expect.stringContaining("leaf 1: says why it ends in words that Clew has not"));
		const kind = await forged((trace: Loose<{ coverage: { gaps: object[] } }>) =>
			trace.coverage.gaps.push({ kind: "court-order", text: "x" }),
		);
		expect(kind.failures.map(failureText)).toContainEqual(expect.stringContaining("kind: must be"));
		const { stated } = await verifyFiles(files, NOBODY);
		for (const words of ["which source told each row", "hashes of files that it does not hold (1)"]) expect(stated).toContain(words);
		expect(stated).toContain("when the case was created, and when the entries of its log were made");
		expect(stated).toContain("title of the case and what its log says was done");
	});
});
