import {
	addressOf,
	COVERED_KINDS,
	type Coverage,
	endOf,
	erc20Asset,
	formatPosition,
	InputError,
	type Label,
	nullAccount,
	type Rule,
	type Transfer,
} from "@clew/core";
import { type MemoryLedgerOptions, memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { traceResultSchema } from "@clew/core/trace-schema";
import { describe, expect, it } from "vitest";
import { accountWorld, askedOfWorld } from "../oracle/account-worlds.test-util.js";
import { buildResult } from "../result.js";
import { parseSeed } from "../seeds.js";
import { defaultRequest, runTrace, type TraceRequest } from "../trace.js";
import { payments, sharesOf, type Unit, unitsOf } from "./backward-worlds.test-util.js";

const WORLDS = 150;
const AGED = ["fifo", "lifo"] as const;

async function back(transfers: readonly Transfer[], spec: string, rest: Partial<TraceRequest> = {}, options: MemoryLedgerOptions = {}) {
	const source = memoryLedger(transfers, options);
	const seeds = [parseSeed(spec, TEST_CHAIN, { direction: "backward" })];
	const run = await runTrace({ ...defaultRequest(TEST_CHAIN, seeds), direction: "backward", ...rest }, { source });
	return buildResult(run, source, { id: "c", title: "", cutoff: 99, sources: [] });
}

type Result = Awaited<ReturnType<typeof back>>;

const amountAt = (result: Result, rule: Rule, isWanted: (leaf: Result["leaves"][number]) => boolean) =>
	result.leaves.filter(isWanted).reduce((sum, { amounts }) => sum + Number(Object.values(amounts)[0]?.[rule] ?? 0), 0);

/** Payments between different accounts, by their numbers. */
const askable = (transfers: readonly Transfer[]) =>
	transfers.flatMap(({ kind, from, to }, n) => (kind === "native" && from !== to ? [n] : []));

describe("where a payment came from, in random worlds", () => {
	it("unit by unit, under fifo and lifo, each movement on the way and each source", async () => {
		let told = 0;
		for (let seed = 0; seed < WORLDS; seed++) {
			const { transfers, d } = payments(seed, seed % 2 === 0);
			const choice = askable(transfers);
			const asked = choice[d(choice.length)];
			if (asked === undefined) continue;
			const { position, amount } = transfers[asked] as Transfer;
			const result = await back(transfers, `transfer:${formatPosition(position)}`);
			for (const rule of AGED) {
				const { moved } = unitsOf(transfers, rule);
				const wanted = new Set<Unit>(moved[asked]);
				for (const [n, t] of transfers.entries()) {
					const row = result.edges.find((edge) => edge.position === formatPosition(t.position));
					const expected = n > asked ? 0 : (moved[n] ?? []).filter((unit) => wanted.has(unit)).length;
					expect([seed, rule, n, Number(row?.tainted[rule] ?? 0)]).toEqual([seed, rule, n, expected]);
				}
				const minted = [...wanted].filter(({ born }) => typeof born === "number").length;
				expect(amountAt(result, rule, ({ stop }) => stop.reason === "minted")).toBe(minted);
				for (let who = 0; who < 4; who++) {
					const unread = [...wanted].filter(({ born }) => typeof born !== "number" && born.unread === testAccount(who)).length;
					expect(amountAt(result, rule, ({ account }) => account === testAccount(who))).toBe(unread);
				}
				expect(amountAt(result, rule, () => true)).toBe(Number(amount));
			}
			told++;
		}
		expect(told).toBeGreaterThan(WORLDS / 2);
	});

	it("sources add up to what is asked about, under every rule that conserves, and by shares within a unit a movement", async () => {
		for (let seed = 0; seed < WORLDS; seed++) {
			const { transfers, d } = payments(seed, seed % 2 === 0);
			const choice = askable(transfers);
			const asked = choice[d(choice.length)];
			if (asked === undefined) continue;
			const { position, amount } = transfers[asked] as Transfer;
			const result = await back(transfers, `transfer:${formatPosition(position)}`);
			for (const rule of ["fifo", "lifo", "haircut", "difo", "dilo", "libr"] as const)
				expect([seed, rule, amountAt(result, rule, () => true)]).toEqual([seed, rule, Number(amount)]);
			// Large amounts, so that a unit a movement is next to nothing.
			const large = transfers.map((t) => ({ ...t, amount: t.amount * 1_000_003n }));
			const shared = await back(large, `transfer:${formatPosition(position)}`, { rules: ["haircut"] });
			const shares = sharesOf(large, asked);
			for (const [n, t] of transfers.entries()) {
				if (t.kind !== "mint") continue;
				const row = shared.edges.find((edge) => edge.position === formatPosition(t.position));
				const share = n < asked ? (shares.get(`mint ${n}`) ?? 0) : 0;
				expect(Math.abs(Number(row?.tainted.haircut ?? 0) - share)).toBeLessThanOrEqual(transfers.length);
			}
		}
	});

	it("forward from every source comes back to the payment: the same units under fifo and lifo", async () => {
		for (let seed = 0; seed < WORLDS; seed++) {
			const { transfers, d } = payments(seed, seed % 2 === 0);
			const choice = askable(transfers);
			const asked = choice[d(choice.length)];
			if (asked === undefined) continue;
			const { position } = transfers[asked] as Transfer;
			const place = formatPosition(position);
			const result = await back(transfers, `transfer:${place}`);
			for (const mint of transfers) {
				if (mint.kind !== "mint") continue;
				const row = result.edges.find((edge) => edge.position === formatPosition(mint.position));
				const seeds = [parseSeed(`transfer:${formatPosition(mint.position)}`, TEST_CHAIN)];
				const { edges } = await runTrace(defaultRequest(TEST_CHAIN, seeds), { source: memoryLedger(transfers) });
				const arrived = edges.find(({ transfer }) => formatPosition(transfer.position) === place);
				for (const rule of AGED)
					expect([seed, rule, arrived?.amounts.tainted[rule] ?? "0"]).toEqual([seed, rule, row?.tainted[rule] ?? "0"]);
			}
		}
	});

	it("agreed and at most hold whenever it was that money came in which the case lacks", async () => {
		let open = 0;
		for (let seed = 0; seed < WORLDS * 8; seed++) {
			const { transfers: whole, d } = payments(seed, false);
			const mints = whole.filter(({ kind }) => kind === "mint");
			const lost = new Set(mints.filter(() => d(3) === 0));
			const known = whole.filter((t) => !lost.has(t));
			const choice = askable(known);
			const place = known[choice[d(choice.length)] ?? -1]?.position;
			if (place === undefined || lost.size === 0) continue;
			const asked = whole.findIndex(({ position }) => position === place);
			if (!(await lacksAll(whole.slice(0, asked + 1), lost, known))) continue;
			const result = await back(known, `transfer:${formatPosition(place)}`);
			open += result.leaves.some((leaf) => leaf.open) ? 1 : 0;
			for (const rule of AGED) {
				const { moved } = unitsOf(whole, rule);
				const units = moved[asked] ?? [];
				const isKnown = ({ born }: Unit) => typeof born === "number" && !lost.has(whole[born] as Transfer);
				const unreadAt = (account: string) =>
					units.filter((unit) => !isKnown(unit) && typeof unit.born === "number" && whole[unit.born]?.to === account).length;
				const nobody = result.leaves.find(({ stop }) => stop.reason === "minted");
				const [least, most] = nobody?.range ?? ["0", "0"];
				const real = units.filter(isKnown).length;
				expect([seed, rule, real >= Number(least) && real <= Number(most)]).toEqual([seed, rule, true]);
				for (let who = 0; who < 4; who++) {
					const leaf = result.leaves.find(({ account }) => account === testAccount(who));
					const [low, high] = leaf?.range ?? ["0", "0"];
					const came = unreadAt(testAccount(who));
					expect([seed, rule, who, came >= Number(low) && came <= Number(high)]).toEqual([seed, rule, who, true]);
				}
			}
		}
		expect(open).toBeGreaterThan(20);
	});

	it("agreed holds where the history of an account was not read, whatever came to it there", async () => {
		let cut = 0;
		for (let seed = 0; seed < WORLDS * 3; seed++) {
			const { transfers: whole, d } = payments(seed, false);
			const lost = new Set(whole.filter(({ kind }) => kind === "mint" && d(3) === 0));
			const known = whole.filter((t) => !lost.has(t));
			const choice = askable(known);
			const place = known[choice[d(choice.length)] ?? -1]?.position;
			if (place === undefined || lost.size === 0) continue;
			const result = await back(known, `transfer:${formatPosition(place)}`, {}, readBut(lost));
			cut += result.coverage.gaps.some(({ kind }) => kind === "unread-inflow") ? 1 : 0;
			for (const rule of AGED) {
				const units = unitsOf(whole, rule).moved[whole.findIndex(({ position }) => position === place)] ?? [];
				const born = ({ born: n }: Unit) => (typeof n === "number" ? (whole[n] as Transfer) : undefined);
				const real = units.filter((unit) => !lost.has(born(unit) as Transfer)).length;
				const minted = result.leaves.find(({ stop }) => stop.reason === "minted");
				expect([seed, rule, real >= Number(minted?.agreed ?? 0)]).toEqual([seed, rule, true]);
				for (const row of result.edges.filter(({ kind }) => kind === "mint")) {
					const came = units.filter((unit) => formatPosition(born(unit)?.position ?? place) === row.position).length;
					const least = Number(row.range?.[0] ?? Math.min(...AGED.map((one) => Number(row.tainted[one]))));
					expect([seed, rule, row.position, came >= least]).toEqual([seed, rule, row.position, true]);
				}
			}
		}
		expect(cut).toBeGreaterThan(10);
	});

	it("through an exchange: what was got goes back to what was paid for it, and to who paid that in", async () => {
		const token = erc20Asset(TEST_CHAIN, `0x${"ab".repeat(20)}`);
		const transfers = [
			{ ...testTransfer([1, 0, 1], 0, 1, 100n, { kind: "reward" }), from: nullAccount(TEST_CHAIN) },
			testTransfer([2, 0, 1], 1, 2, 100n),
			testTransfer([2, 0, 2], 2, 1, 250n, { asset: token, kind: "token" }),
			testTransfer([3, 0, 1], 1, 3, 200n, { asset: token, kind: "token" }),
		];
		const result = await back(transfers, "transfer:3.0.1");
		const exchange = result.edges.find(({ kind }) => kind === "conversion");
		expect([exchange?.from, exchange?.amount, exchange?.tainted.fifo]).toEqual([testAccount(1), "100", "80"]);
		expect([exchange?.into?.asset, exchange?.into?.amount, exchange?.into?.tainted.fifo]).toEqual([token, "250", "200"]);
		expect(result.leaves.map(({ stop, agreed }) => [stop.reason, agreed])).toEqual([["minted", "80"]]);
		expect(result.edges.map(({ position, from, to }) => [position, from, to]).at(-1)).toEqual(["3.0.1", testAccount(1), testAccount(3)]);
	});

	it("the payer of a fee is no source of what he received, and a service that paid is an end", async () => {
		const label: Label = {
			account: testAccount(5),
			entity: "Kraken",
			name: "Kraken",
			category: "exchange",
			source: "s",
			retrievedAt: "2020-01-01",
			confidence: 50,
		};
		const transfers = [
			testTransfer([1, 0, 1], 5, 1, 50n),
			{ ...testTransfer([2, 0, 0], 1, 0, 7n, { kind: "fee" }), to: nullAccount(TEST_CHAIN) },
			testTransfer([2, 0, 1], 1, 2, 43n),
		];
		const result = await back(transfers, "transfer:2.0.1", {}, { labels: [label] });
		expect(result.leaves.map(({ account, stop, agreed }) => [account, stop.reason, agreed])).toEqual([[testAccount(5), "service", "43"]]);
		expect(result.edges.some(({ kind }) => kind === "fee")).toBe(false);
	});

	it("what the case does not hold is named by its own place, not by the mirrored one", async () => {
		const transfers = [testTransfer([1, 0, 1], 1, 2, 5n), testTransfer([1, 0, 4], 2, 3, 5n)];
		await expect(back(transfers, "transfer:9.0.5")).rejects.toThrow("there is no transfer at 9.0.5 in the case");
		await expect(back(transfers, `transfer:${transfers[0]?.txHash}:2`)).rejects.toThrow("the transaction has events 1, 4");
	});

	it("balances in worlds with exchanges, unread histories, labels, dust and untold orders", async () => {
		let told = 0;
		for (let seed = 0; seed < WORLDS * 2; seed++) {
			const { source, request } = askedOfWorld({ ...accountWorld(seed), specs: [] });
			const { question } = accountWorld(seed);
			const some = question.transfers[(seed * 31) % question.transfers.length] as Transfer;
			const balance = `account:${addressOf(some.to)}@${some.position.height}`;
			const spec = [`transfer:${formatPosition(some.position)}`, `tx:${some.txHash}`, balance][seed % 3] as string;
			const seeds = [parseSeed(spec, TEST_CHAIN, { direction: "backward" })];
			const { until: _, ...rest } = request;
			try {
				const run = await runTrace({ ...rest, seeds, direction: "backward" }, { source });
				const result = await buildResult(run, source, { id: "c", title: "", cutoff: 99, sources: [] });
				traceResultSchema.parse(result);
				for (const leaf of result.leaves) expect(["unspent", "burned"]).not.toContain(leaf.stop.reason);
				told++;
			} catch (error) {
				if (!(error instanceof InputError)) throw error;
			}
		}
		expect(told).toBeGreaterThan(WORLDS / 2);
	});
});

/** True where each account lacks, up to the payment, exactly what came to it unread. */
async function lacksAll(whole: readonly Transfer[], lost: ReadonlySet<Transfer>, known: readonly Transfer[]): Promise<boolean> {
	const end = endOf((whole.at(-1) as Transfer).position);
	for (let who = 0; who < 4; who++) {
		const came = whole.filter((t) => lost.has(t) && t.to === testAccount(who)).reduce((sum, { amount }) => sum + amount, 0n);
		const lacks = (await memoryLedger(known).balancesBefore(testAccount(who), end)).reduce((sum, { shortfall }) => sum + shortfall, 0n);
		if (came !== lacks) return false;
	}
	return true;
}

/** Every account was read, but at the heights at which something came to it that is lost. */
function readBut(lost: ReadonlySet<Transfer>): MemoryLedgerOptions {
	return {
		coverage: (account) => {
			const holes = [...lost].filter(({ to }) => to === account).map(({ position: { height } }) => height);
			const ends = [-1, ...[...new Set(holes)].sort((a, b) => a - b), 1000];
			return ends.slice(1).flatMap((end, i): Coverage[] => {
				const [fromHeight, toHeight] = [(ends[i] ?? 0) + 1, end - 1];
				if (fromHeight > toHeight) return [];
				return [{ chain: TEST_CHAIN, source: "s", note: "", kinds: COVERED_KINDS, fromHeight, toHeight }];
			});
		},
	};
}
