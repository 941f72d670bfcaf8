import { addressOf, type Coverage, type CoveredKind, formatPosition, InputError, nativeAsset, type Transfer } from "@clew/core";
import { type MemoryLedgerOptions, memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { buildResult } from "../result.js";
import { parseSeed } from "../seeds.js";
import { defaultRequest, runTrace, type TraceRequest } from "../trace.js";
import { begunLate, payments, shareThrough, type Unit, unitsOf } from "./backward-worlds.test-util.js";

const WORLDS = 600;
const AGED = ["fifo", "lifo"] as const;
const LARGE = 1_000_003n;

async function back(transfers: readonly Transfer[], spec: string, rest: Partial<TraceRequest>, options: MemoryLedgerOptions) {
	const source = memoryLedger(transfers, options);
	const seeds = [parseSeed(spec, TEST_CHAIN, { direction: "backward" })];
	const run = await runTrace({ ...defaultRequest(TEST_CHAIN, seeds), direction: "backward", ...rest }, { source });
	return buildResult(run, source, { id: "c", title: "", cutoff: 99, sources: [] });
}

type Result = Awaited<ReturnType<typeof back>>;

/** What a result agrees came by certain transfers: of each row by it, of each end point by what its account paid. */
function agreedBy(result: Result, rules: readonly ("fifo" | "lifo" | "haircut")[]) {
	const rows = result.edges.map(({ position, range, tainted }) => ({
		what: position,
		by: (t: Transfer) => formatPosition(t.position) === position,
		least: Number(range?.[0] ?? Math.min(...rules.map((rule) => Number(tainted[rule])))),
	}));
	const ends = result.leaves
		.filter(({ stop }) => stop.reason === "minted")
		.map(({ account, agreed }) => ({ what: "minted", by: ({ from }: Transfer) => from === account, least: Number(agreed) }));
	return [...rows, ...ends];
}

/** By what a case holds somebody may have had nothing. */
function nothingThere(error: unknown): undefined {
	if (!(error instanceof InputError)) throw error;
}

/** Something to ask of a world: a payment that the case holds, or what somebody holds at a height. */
function questionOf(known: readonly Transfer[], seed: number) {
	const payable = known.filter(({ kind, from, to }) => kind === "native" && from !== to);
	const paid = payable[(seed * 7) % payable.length];
	if (paid === undefined) return undefined;
	const { height } = paid.position;
	if (seed % 3 > 0) return { spec: `transfer:${formatPosition(paid.position)}`, height, paid };
	return { spec: `account:${addressOf(paid.to)}@${height}`, height, paid, holder: paid.to };
}

describe("where money came from, of accounts that were not read from their beginning", () => {
	it("agreed is never more than the whole history says, under fifo and lifo", async () => {
		const seen = { cut: 0, agreed: 0 };
		for (let seed = 0; seed < WORLDS; seed++) {
			const { transfers: whole, d } = payments(seed, false);
			const { known, options } = begunLate(whole, d);
			const asked = questionOf(known, seed);
			if (asked === undefined) continue;
			const result = await back(known, asked.spec, { rules: [...AGED] }, options).catch(nothingThere);
			if (result === undefined) continue;
			seen.cut += result.coverage.gaps.some(({ kind }) => kind === "unread-inflow") ? 1 : 0;
			const until = whole.filter(({ position }) => position.height <= asked.height);
			const upTo = asked.holder === undefined ? whole : until;
			for (const rule of AGED) {
				const { moved, purses } = unitsOf(upTo, rule);
				const units = new Set<Unit>(asked.holder === undefined ? moved[upTo.indexOf(asked.paid)] : (purses.get(asked.holder) ?? []));
				for (const { what, by, least } of agreedBy(result, AGED)) {
					const came = new Set(upTo.flatMap((t, n) => (by(t) ? (moved[n] ?? []).filter((unit) => units.has(unit)) : [])));
					expect([seed, rule, what, least <= came.size]).toEqual([seed, rule, what, true]);
					seen.agreed += least > 0 && asked.spec.includes(what) === false ? 1 : 0;
				}
			}
		}
		expect(seen.cut).toBeGreaterThan(50);
		expect(seen.agreed).toBeGreaterThan(50);
	});

	it("nor under haircut, within a unit a movement", async () => {
		for (let seed = 0; seed < WORLDS / 2; seed++) {
			const { transfers, d } = payments(seed, false);
			const whole = transfers.map((t) => ({ ...t, amount: t.amount * LARGE }));
			const { known, options } = begunLate(whole, d);
			const asked = questionOf(known, seed);
			if (asked === undefined) continue;
			const result = await back(known, asked.spec, { rules: ["haircut"] }, options).catch(nothingThere);
			if (result === undefined) continue;
			const upTo = asked.holder === undefined ? whole : whole.filter(({ position }) => position.height <= asked.height);
			for (const { what, by, least } of agreedBy(result, ["haircut"])) {
				const came = shareThrough(upTo, by, asked.holder ?? asked.paid);
				expect([seed, what, least <= came + whole.length]).toEqual([seed, what, true]);
			}
		}
	});

	describe("what came to it in block 1 was not read, 23 of it, and went first", () => {
		const HOLDER = 1;
		const transfers = [
			testTransfer([2, 0, 1], 9, HOLDER, 13n),
			testTransfer([3, 0, 1], HOLDER, 8, 18n),
			testTransfer([4, 0, 1], 3, HOLDER, 29n),
			testTransfer([5, 0, 1], 4, HOLDER, 32n),
			testTransfer([6, 0, 1], HOLDER, 5, 39n),
		];
		const claim = (fromHeight: number, kinds: readonly CoveredKind[], note = ""): Coverage => ({
			chain: TEST_CHAIN,
			source: "s",
			note,
			kinds,
			fromHeight,
			toHeight: 6,
		});
		const ask = async (coverage: readonly Coverage[], openings: MemoryLedgerOptions["openings"] = []) => {
			const read = new Set([testAccount(HOLDER), testAccount(5)]);
			const options = { coverage: (account: string) => ([...read].some((one) => one === account) ? coverage : []), openings };
			const holder = `account:${addressOf(testAccount(5))}@6`;
			return back(transfers, holder, { rules: ["fifo", "lifo", "haircut"] }, options);
		};
		const agreedOf = ({ leaves }: Result) => leaves.map(({ agreed }) => agreed);
		const gapsOf = ({ coverage }: Result, kind: string) =>
			coverage.gaps
				.filter((gap) => gap.kind === kind && gap.account === testAccount(HOLDER))
				.map(({ fromHeight, toHeight }) => `${fromHeight ?? 0}-${toHeight}`);

		it("blocks from 2 on: no source is agreed, and the gap names the blocks before", async () => {
			const result = await ask([claim(2, ["native", "internal", "token"])]);
			expect(new Set(agreedOf(result))).toEqual(new Set(["0"]));
			expect(gapsOf(result, "unread-inflow")).toEqual(["0-1"]);
			expect(gapsOf(result, "opening-balance-unknown")).toContain("0-1");
			expect(gapsOf(result, "unknown-funds")).toEqual([]);
		});

		it("a list that begins with its first row, and calls that were read from block 0 on: likewise", async () => {
			const note = "only from its first row";
			const result = await ask([claim(2, ["native"], note), claim(0, ["internal", "token"])]);
			expect(new Set(agreedOf(result))).toEqual(new Set(["0"]));
			expect(gapsOf(result, "unread-inflow")).toEqual(["0-1"]);
			expect(gapsOf(result, "opening-balance-unknown")).toContain("0-1");
			expect(gapsOf(result, "missing-kind")).toContain("0-1");
			expect(result.coverage.gaps.map(({ text }) => text)).toContain(note);
		});

		it("an opening balance that is known closes it", async () => {
			const had = (n: number, amount: bigint) => ({ account: testAccount(n), asset: nativeAsset(TEST_CHAIN), height: 1, amount });
			for (const coverage of [[claim(2, ["native", "internal", "token"])], [claim(2, ["native"]), claim(0, ["internal", "token"])]]) {
				const result = await ask(coverage, [had(HOLDER, 23n), had(5, 0n)]);
				expect(gapsOf(result, "unread-inflow")).toEqual([]);
				const by = (n: number) => result.leaves.find(({ account }) => account === testAccount(n))?.amounts[nativeAsset(TEST_CHAIN)];
				expect([by(HOLDER)?.fifo, by(3)?.fifo, by(4)?.fifo]).toEqual(["5", "21", "0"]);
				expect(result.leaves.find(({ account }) => account === testAccount(3))?.agreed).toBe("7");
			}
		});
	});
});
