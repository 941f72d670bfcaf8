import {
	type AccountId,
	type Coverage,
	canonicalJson,
	coinOf,
	formatOutpoint,
	formatPosition,
	InputError,
	type LedgerReader,
	UNINDEXED_TX_BASE,
} from "@clew/core";
import {
	type MemoryLedgerOptions,
	memoryLedger,
	memoryOutputs,
	randomUtxoWorld,
	TEST_CHAIN,
	TEST_UTXO_CHAIN,
	testAccount,
} from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { begunLate, payments } from "../../../../tracer/src/backward/backward-worlds.test-util.js";
import { buildResult, defaultRequest, ledgerLines, parseSeed, runTrace, type TraceRequest } from "../../../../tracer/src/index.js";
import { accountWorld, askedOfWorld, dice } from "../../../../tracer/src/oracle/account-worlds.test-util.js";
import type { Loose } from "../blocks.test-util.js";
import { checkForm } from "../bundle/form.js";
import type { Trace } from "../bundle/formats.js";
import { traceShape } from "../bundle/trace-shape.js";
import { checkRules } from "../recompute/check-rules.js";
import type { ReadOf } from "../recompute/unread.js";
import { checkArithmetic } from "../trace/arithmetic.js";
import { checkArrivals } from "../trace/arrivals.js";
import { checkFollowed } from "../trace/followed.js";
import { checkSentences } from "../trace/sentences.js";
import { checkStops } from "../trace/stops.js";

/** More of them with WORLDS=N. */
const WORLDS = Number(process.env["WORLDS"] ?? 150);

interface Told {
	readonly trace: Trace;
	readonly lines: readonly string[];
	readonly read: ReadOf;
}

async function told(
	request: TraceRequest,
	source: LedgerReader,
	openings: MemoryLedgerOptions["openings"] = [],
): Promise<Told | undefined> {
	try {
		const run = await runTrace({ ...request, direction: "backward" }, { source });
		const result = await buildResult(run, source, { id: "c", title: "t", cutoff: 1_000_000, sources: [] });
		const { symbol, decimals } = coinOf(request.chain);
		for (const [asset, info] of Object.entries(result.assets)) if (asset.includes("/slip44:")) Object.assign(info, { symbol, decimals });
		const lines = (await ledgerLines(run, source)) ?? [];
		const named = lines.flatMap((line) => ("account" in line ? [(line.account as { account: AccountId }).account] : []));
		const coverage: Coverage[] = [];
		for (const account of named) for (const one of (await source.profile(account, 1)).coverage) coverage.push({ ...one, account });
		return {
			trace: JSON.parse(canonicalJson(result)) as Trace,
			lines: lines.map(canonicalJson),
			read: { coverage, contracts: [], openings: openings.map((one) => ({ ...one, amount: one.amount.toString() })) },
		};
	} catch (error) {
		if (error instanceof InputError) return undefined;
		throw error;
	}
}

function failuresOf({ trace, lines, read }: Told): string[] {
	const failures: string[] = [];
	const fail = (where: string, what: string) => void failures.push(`${where}: ${what}`);
	const shape = traceShape({ ...trace, id: "0".repeat(16) }, "$");
	if (shape !== undefined) failures.push(shape);
	checkForm(trace, fail);
	checkArithmetic(trace, fail);
	checkArrivals(trace, fail);
	checkStops(trace, fail);
	checkFollowed(trace, {}, fail);
	checkSentences(trace, new Set(), lines, fail);
	checkRules(lines, trace, fail, undefined, undefined, read);
	return failures;
}

const balances = (specs: readonly string[], heights: (n: number) => number) =>
	specs.map((spec, n) => (spec.startsWith("account:") ? `${spec}@${heights(n)}` : spec));

/** Traces of payments, fees and mints, some of which the books do not cover, or which were read from late on, or in no known order. */
async function* paymentTraces(worlds: number): AsyncGenerator<readonly [what: string, found: Told]> {
	for (let world = 0; world < worlds; world++) {
		const isLate = world % 3 === 0;
		const { transfers: made, d } = payments(world, !isLate);
		const guessed = world % 5 === 0 ? UNINDEXED_TX_BASE : 0;
		// Coins of a chain that is no rollup are not minted by a transaction.
		const transfers = made.map((t) => ({
			...t,
			...(t.kind === "mint" ? { kind: "internal" as const } : {}),
			position: { ...t.position, txIndex: t.position.txIndex + guessed },
		}));
		const askable = transfers.filter(({ kind, from, to }) => kind === "native" && from !== to);
		const [a, b] = [askable[d(askable.length)], askable[d(askable.length)]];
		if (a === undefined || b === undefined) continue;
		const whole = `account:${testAccount(d(4))}@${1 + d(a.position.height)}`;
		const asked = [
			[`transfer:${formatPosition(a.position)}`],
			[`tx:${a.txHash}`],
			[whole],
			[whole, `transfer:${formatPosition(b.position)}`],
		];
		const specs = asked[d(4)] ?? [whole];
		const late = isLate ? begunLate(transfers, d) : undefined;
		const limit = d(4) === 0 ? { amount: BigInt(1 + d(9)) } : {};
		const seeds = specs.map((spec) => parseSeed(spec, TEST_CHAIN, { direction: "backward", ...limit }));
		const window = d(4) === 0 ? { until: 1 + d(3) } : {};
		const source = memoryLedger(late?.known ?? transfers, late?.options ?? {});
		const found = await told({ ...defaultRequest(TEST_CHAIN, seeds), ...window }, source, late?.options.openings);
		if (found !== undefined) yield [`world ${world}: ${specs.join(" ")} ${JSON.stringify(window)}`, found];
	}
}

/** Gaps whose words are those of a trace back in time. */
const OWN_GAPS = ["missing-inflow", "missing-kind", "opening-balance-unknown", "order-unknown", "unknown-funds", "unread-inflow"];

describe("a trace back in time, recomputed by the second hand", () => {
	it("of payments, in words of which it knows every one", async () => {
		let answered = 0;
		const kinds = new Set<string>();
		for await (const [what, found] of paymentTraces(WORLDS)) {
			answered++;
			for (const { kind } of found.trace.coverage.gaps) kinds.add(kind);
			expect(failuresOf(found), what).toEqual([]);
		}
		expect(answered).toBeGreaterThan(WORLDS / 3);
		expect([...kinds]).toEqual(expect.arrayContaining(OWN_GAPS));
	});

	it("of exchanges, wrapped coins and tokens", async () => {
		let answered = 0;
		for (let number = 1; number <= WORLDS; number++) {
			const world = accountWorld(number);
			const { source, request } = askedOfWorld(world);
			const specs = balances(
				world.specs.map(({ spec }) => spec),
				(n) => 3 + ((number + n) % 40),
			);
			const seeds = specs.map((spec) => parseSeed(spec, TEST_CHAIN, { direction: "backward" }));
			const { until: _, ...rest } = request;
			const found = await told({ ...rest, seeds }, source);
			if (found === undefined) continue;
			answered++;
			expect(failuresOf(found), `world ${number}: ${specs.join(" ")}`).toEqual([]);
		}
		expect(answered).toBeGreaterThan(WORLDS / 5);
	});

	it("of outputs", async () => {
		let answered = 0;
		for (let n = 0; n < WORLDS; n++) {
			const d = dice(n * 31 + 5);
			const { transactions } = randomUtxoWorld(Array.from({ length: 6 + d(18) }, () => d(1_000_000)));
			const asked = transactions[d(transactions.length)];
			const other = transactions[d(transactions.length)];
			if (asked === undefined || other === undefined) continue;
			const outpoint = `outpoint:${formatOutpoint({ txid: asked.txid, vout: d(asked.outputs.length) })}`;
			const specs = [
				[outpoint],
				[`tx:${asked.txid}`],
				[outpoint, `tx:${other.txid}`],
				[`account:${asked.outputs[0]?.account}@${asked.height + d(3)}`],
			][d(4)] as string[];
			const seeds = specs.map((spec) => parseSeed(spec, TEST_UTXO_CHAIN, { direction: "backward" }));
			const window = d(4) === 0 ? { until: 1 + d(4) } : {};
			const found = await told(
				{ ...defaultRequest(TEST_UTXO_CHAIN, seeds), throughCoinJoins: d(2) === 0, ...window },
				memoryOutputs(transactions),
			);
			if (found === undefined) continue;
			answered++;
			expect(failuresOf(found), `chain ${n}: ${specs.join(" ")} ${JSON.stringify(window)}`).toEqual([]);
		}
		expect(answered).toBeGreaterThan(WORLDS / 3);
	});

	it("finds any one amount that is another, a source that is somebody else's, a row or a gap that is gone", async () => {
		const tried = { amount: 0, source: 0, row: 0, gap: 0, ask: 0 };
		for await (const [what, found] of paymentTraces(WORLDS)) {
			const forged = (kind: keyof typeof tried, edit: (trace: Loose<Trace>) => boolean) => {
				const trace = structuredClone(found.trace) as Loose<Trace>;
				if (!edit(trace)) return;
				tried[kind]++;
				expect(failuresOf({ ...found, trace }), `${what}: ${kind}`).not.toEqual([]);
			};
			forged("amount", ({ edges, leaves, seeds }) => {
				const all = [
					...edges.map(({ tainted }) => tainted),
					...leaves.flatMap(({ amounts }) => Object.values(amounts)),
					...seeds.flatMap(({ rows }) => rows.map(({ seeded }) => seeded)),
				];
				const one = all[tried.amount % Math.max(1, all.length)] as Record<string, string> | undefined;
				const rule = ["fifo", "lifo", "haircut", "libr", "difo", "dilo"][tried.amount % 6] ?? "";
				if (one === undefined) return false;
				one[rule] = String(BigInt(one[rule] ?? "0") + 1n);
				return true;
			});
			forged("source", ({ leaves }) => {
				const leaf = leaves.find(({ amounts }) => Object.values(amounts).some(({ fifo }) => fifo !== "0"));
				if (leaf === undefined) return false;
				leaf.account = testAccount(9);
				return true;
			});
			forged("row", ({ edges }) => {
				// Where something came unread, rows that poison alone taints are not recomputed.
				const at = edges.findIndex(({ tainted }) => tainted["fifo"] !== "0");
				edges.splice(at, 1);
				for (const [i, edge] of edges.entries()) edge.row = i + 1;
				return at >= 0;
			});
			forged("gap", ({ coverage }) => {
				const before = coverage.gaps.length;
				coverage.gaps = coverage.gaps.filter(({ kind }) => kind !== "missing-inflow");
				return coverage.gaps.length < before;
			});
			forged("ask", ({ seeds }) => {
				const [row] = seeds.flatMap(({ rows }) => rows).filter(({ txHash }) => txHash === "");
				if (row !== undefined) row.amount = String(BigInt(row.amount) + 1n);
				return row !== undefined;
			});
		}
		expect(Math.min(...Object.values(tried))).toBeGreaterThan(WORLDS / 30);
	});

	it("is no trace forward, whatever it is called", async () => {
		for await (const [what, found] of paymentTraces(12)) {
			const { direction: _, ...rest } = found.trace;
			const { direction: __, readFrom = "", ...parameters } = rest.parameters;
			const until = readFrom === "start of data" ? "end of data" : readFrom;
			const forward: Trace = { ...rest, parameters: { ...parameters, until } };
			expect(failuresOf({ ...found, trace: forward }), what).not.toEqual([]);
		}
	});
});
