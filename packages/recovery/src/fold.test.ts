import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import type { EntryKind, RecoveryEntry } from "./entry.js";
import { foldLedger, type LedgerState, type Limits } from "./fold.js";
import { totalsBy, victimTotals } from "./totals.js";

const TRACE = "0123456789abcdef";
const ASSET = "a/erc20:0x1";
const limits = (most: bigint): Limits => ({
	traced: ["p", "q", "r"].map((account) => ({ trace: TRACE, account, asset: ASSET, byRule: { fifo: most / 2n }, most })),
	taken: ["v", "w"].map((victim) => ({ victim, asset: ASSET, amount: most })),
});
const entry = (sequence: number, kind: EntryKind, amount?: number, more: Partial<RecoveryEntry> = {}): RecoveryEntry => ({
	...{ schema: "clew.recovery-entry/1", sequence, kind, at: "2026-01-01T00:00:00Z", on: "2026-01-01", request: "r1" },
	...{ tier: "attribution", party: "Desk", asset: ASSET, account: "p", trace: TRACE },
	...(amount === undefined ? {} : { amount: String(amount) }),
	...more,
});
const pools = (state: LedgerState) => state.requests[0]?.pools;

describe("a recovery ledger", () => {
	it("keeps every unit that a request asks for in one place", () => {
		const state = foldLedger(
			[
				entry(1, "sent", 100),
				entry(2, "acknowledged"),
				entry(3, "frozen", 80),
				entry(4, "released", 10),
				entry(5, "destroyed", 50),
				entry(6, "returned", 45, { victim: "v" }),
			],
			limits(100n),
		);
		expect(pools(state)).toEqual({ open: 30n, frozen: 20n, seized: 0n, destroyed: 5n, returned: 45n });
		expect(state.requests[0]?.state).toBe("returned");
		expect(victimTotals(state, limits(100n))[0]).toEqual({ victim: "v", asset: ASSET, taken: 100n, returned: 45n, missing: 55n });
		expect(totalsBy(state.requests, "rule")[0]).toMatchObject({ of: "no rule named", asked: 100n, returned: 45n });
	});

	it.each([
		["asks for more than was traced", [entry(1, "sent", 101)], /asks for 101, 1 more than the most that any rule finds there, 100/],
		["asks for more than its rule finds", [entry(1, "sent", 51, { rule: "fifo" })], /51, 1 more than what fifo finds there, 50/],
		["freezes more than it asks for", [entry(1, "sent", 60), entry(2, "frozen", 61)], /frozen 61 is 1 more than the 60 .*open 60/],
		[
			"secures the same money twice",
			[
				entry(1, "sent", 80),
				entry(2, "frozen", 80),
				entry(3, "sent", 80, { request: "r2", party: "Issuer" }),
				entry(4, "frozen", 30, { request: "r2", party: "Issuer" }),
			],
			/80 \+ 30 = 110 is 10 more than the most/,
		],
		["gives back what nobody took", [entry(1, "returned", 5, { victim: "x" })], /no trace says that .* was taken from x/],
		[
			"gives one victim more than was taken",
			[entry(1, "returned", 100, { victim: "v" }), entry(2, "returned", 1, { victim: "v", request: "r2", account: "q" })],
			/100 \+ 1 = 101 is 1 more than was taken from v, 100/,
		],
		["answers what was never sent", [entry(1, "acknowledged")], /nothing was sent that could be acknowledged/],
		["lets go what is refused", [entry(1, "sent", 5), entry(2, "refused"), entry(3, "released", 1)], /released cannot follow refused/],
		["asks where the trace found nothing", [entry(1, "sent", 5, { account: "elsewhere" })], /found no .* at elsewhere/],
		["changes what it asks for", [entry(1, "sent", 5), entry(2, "sent", 6)], /correct the first entry instead/],
		["speaks of another asset", [entry(1, "sent", 5), entry(2, "frozen", 5, { asset: "other" })], /its asset is other/],
		["takes back nothing", [entry(1, "void")], /takes back no entry/],
		["corrects what is to come", [entry(1, "sent", 5, { corrects: 2 }), entry(2, "frozen", 1)], /no entry 2 before it/],
	] satisfies [string, RecoveryEntry[], RegExp][])("is refused with the arithmetic where it %s", (_, entries, why) => {
		expect(() => foldLedger(entries, limits(100n))).toThrow(why);
	});

	it("counts a document and a movement once", () => {
		const document = { sha256: "a".repeat(64), bytes: 1, name: "letter.pdf" };
		const transaction = { chain: "c", hash: "0x1", position: "1.0.0" };
		const twice = (more: Partial<RecoveryEntry>, other = more) => [
			...[entry(1, "sent", 50), entry(2, "frozen", 5, more)],
			...[entry(3, "sent", 50, { request: "r2", account: "q" }), entry(4, "frozen", 5, { request: "r2", account: "q", ...other })],
		];
		expect(() => foldLedger(twice({ document }), limits(100n))).toThrow(/same document stands in entry 2 already/);
		expect(() => foldLedger(twice({ transaction }), limits(100n))).toThrow(/same movement on the chain stands in entry 2/);
		const parts = foldLedger(twice({ document }, { document: { ...document, part: "page 2" } }), limits(100n));
		expect(parts.requests.map((one) => one.pools.frozen)).toEqual([5n, 5n]);
	});

	it("is corrected by new entries in the place of old ones, and a correction can be taken back", () => {
		const first = [entry(1, "sent", 100), entry(2, "frozen", 90), entry(3, "seized", 20)];
		const corrected = [...first, entry(4, "frozen", 40, { corrects: 2 })];
		expect(pools(foldLedger(corrected, limits(100n)))).toMatchObject({ open: 60n, frozen: 20n, seized: 20n });
		expect([...foldLedger(corrected, limits(100n)).corrected]).toEqual([2]);
		const back = [...corrected, entry(5, "void", undefined, { corrects: 4 })];
		expect(pools(foldLedger(back, limits(100n)))).toMatchObject({ open: 10n, frozen: 70n, seized: 20n });
	});
});

const acts = fc.array(
	fc.record({
		kind: fc.constantFrom<EntryKind>("sent", "acknowledged", "refused", "frozen", "released", "seized", "destroyed", "returned"),
		request: fc.constantFrom("p", "q", "r"),
		amount: fc.integer({ min: 1, max: 40 }),
		victim: fc.constantFrom("v", "w"),
	}),
	{ maxLength: 40 },
);
const STATES_NO_AMOUNT = new Set<EntryKind>(["acknowledged", "refused"]);

/** What a careful person logs of these acts: each that is refused is left out. */
function logged(list: readonly { kind: EntryKind; request: string; amount: number; victim: string }[]): RecoveryEntry[] {
	const entries: RecoveryEntry[] = [];
	for (const { kind, request, amount, victim } of list) {
		const next = entry(entries.length + 1, kind, STATES_NO_AMOUNT.has(kind) ? undefined : amount, {
			...{ request, account: request },
			...(kind === "returned" ? { victim } : {}),
		});
		try {
			foldLedger([...entries, next], limits(60n));
			entries.push(next);
		} catch {}
	}
	return entries;
}

test.prop([acts])("whatever is logged, nothing exceeds what was asked, traced or taken, and every sum adds up", (list) => {
	const entries = logged(list);
	const state = foldLedger(entries, limits(60n));
	for (const {
		asked,
		pools: { open, frozen, seized, destroyed, returned },
	} of state.requests) {
		expect(open + frozen + seized + destroyed + returned).toBe(asked);
		expect([open, frozen, seized, destroyed, returned].every((amount) => amount >= 0n)).toBe(true);
		expect(asked <= 60n).toBe(true);
	}
	const back = victimTotals(state, limits(60n));
	expect(back.every(({ returned, taken }) => returned <= taken)).toBe(true);
	const sum = (rows: readonly { returned: bigint }[]) => rows.reduce((all, { returned }) => all + returned, 0n);
	expect(sum(back)).toBe(sum(totalsBy(state.requests, "party")));
});

test.prop([acts])("entries of different requests may be logged in any order", (list) => {
	const entries = logged(list);
	const apart = [...entries].sort((a, b) => (a.request < b.request ? -1 : a.request > b.request ? 1 : a.sequence - b.sequence));
	const renumbered = apart.map((one, i) => ({ ...one, sequence: i + 1 }));
	const totals = (of: readonly RecoveryEntry[]) => totalsBy(foldLedger(of, limits(60n)).requests, "party");
	expect(totals(renumbered)).toEqual(totals(entries));
});

test.prop([acts, fc.nat()])("an entry that is replaced by itself changes no total", (list, pick) => {
	const entries = logged(list);
	const old = entries[pick % Math.max(1, entries.length)];
	if (old === undefined) return;
	const again = [...entries, { ...old, sequence: entries.length + 1, corrects: old.sequence }];
	expect(totalsBy(foldLedger(again, limits(60n)).requests, "party")).toEqual(totalsBy(foldLedger(entries, limits(60n)).requests, "party"));
});
