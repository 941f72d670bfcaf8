import type { TraceResult } from "@clew/core";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { daysAfter, deadlinesOf, shippedDeadlines, withOwnDeadlines } from "./deadlines.js";
import type { RecoveryEntry } from "./entry.js";
import { foldLedger } from "./fold.js";
import { limitsOf } from "./limits.js";
import { type Distribution, isPayer, sharesOf, victimsOf } from "./shares.js";

const ASSET = "a/erc20:0x1";

/** A trace of victims who paid `taken` to one collector, whose account holds these lots. */
function trace(
	taken: readonly bigint[],
	lots: Record<"fifo" | "haircut" | "libr", readonly bigint[]>,
	id = "0123456789abcdef",
): TraceResult {
	const of = (i: number) => Object.fromEntries(Object.entries(lots).map(([rule, amounts]) => [rule, (amounts[i] ?? 0n).toString()]));
	const total = Object.fromEntries(Object.entries(lots).map(([rule, all]) => [rule, all.reduce((a, b) => a + b, 0n).toString()]));
	return {
		id,
		rules: ["fifo", "haircut", "libr"],
		seeds: taken.map((amount, origin) => ({
			...{ origin, spec: `transfer:${origin}` },
			seeded: { [ASSET]: { fifo: amount.toString(), haircut: amount.toString() } },
			rows: [{ position: `${origin}.0.0`, account: "thief", asset: ASSET }],
		})),
		edges: taken.map((_, i) => ({ position: `${i}.0.0`, from: `victim${i}`, to: "thief", asset: ASSET, kind: "token" })),
		leaves: [{ account: "thief", amounts: { [ASSET]: total }, byOrigin: { [ASSET]: taken.map((_, i) => of(i)) }, range: ["0", "1"] }],
	} as unknown as TraceResult;
}
const given = (found: ReturnType<typeof sharesOf>) =>
	Object.fromEntries(found.map((one) => [one.method, "why" in one ? one.why : one.shares.map(({ share }) => share)]));

describe("shares of a fund", () => {
	// The worked example of docs/tracing-rules.md: P +10, M +10, -10, K +10, -10; 10 are left.
	const example = trace([10n, 10n, 10n], { fifo: [0n, 0n, 10n], haircut: [2n, 3n, 5n], libr: [10n, 10n, 10n] });

	it("are those of the golden vector under each rule, and the odd units are named", () => {
		const found = sharesOf(example, { asset: ASSET, fund: 10n });
		expect(given(found)).toEqual({
			"pari-passu": [4n, 3n, 3n],
			"rolling-charge": [2n, 3n, 5n],
			fifo: [0n, 0n, 10n],
			"lowest-balance": [4n, 3n, 3n],
		});
		expect((found[0] as Distribution).shares.map(({ victim, oddUnit }) => [victim, oddUnit])).toEqual([
			...[
				["victim0", true],
				["victim1", false],
				["victim2", false],
			],
		]);
	});

	it("never exceed a claim: what nobody of them can claim is left", () => {
		const found = sharesOf(example, { asset: ASSET, fund: 100n }) as readonly Distribution[];
		expect(found.map(({ shared, left }) => [shared, left])).toEqual([
			[30n, 70n],
			[10n, 90n],
			[10n, 90n],
			[30n, 70n],
		]);
	});

	it("say what cannot be told", () => {
		const without = { ...example, rules: ["fifo"] } as TraceResult;
		expect(given(sharesOf(without, { asset: ASSET, fund: 1n }))["rolling-charge"]).toBe("the trace was run without haircut");
		expect(() => sharesOf(example, { asset: "b", fund: 1n })).toThrow(/found no b/);
	});

	it("and the ledger's limits come from the same trace, a theft that two traces tell counted once", () => {
		const limits = limitsOf([example, trace([10n, 12n], { fifo: [1n, 1n], haircut: [1n, 1n], libr: [1n, 1n] }, "f".repeat(16))]);
		expect(limits.taken.map(({ victim, amount }) => [victim, amount])).toEqual([
			["victim0", 10n],
			["victim1", 12n],
			["victim2", 10n],
		]);
		expect(limits.traced.map(({ most, byRule }) => [most, byRule.fifo])).toEqual([
			[30n, 10n],
			[2n, 2n],
		]);
	});
});

const lots = fc.array(fc.bigInt({ min: 0n, max: 10n ** 24n }), { minLength: 1, maxLength: 12 });
test.prop([lots, fc.bigInt({ min: 0n, max: 10n ** 25n })])(
	"shares add up to the fund to the unit, each within one unit of its exact part",
	(all, fund) => {
		for (const one of sharesOf(trace(all, { fifo: all, haircut: all, libr: all }), { asset: ASSET, fund }) as readonly Distribution[]) {
			const claimed = all.reduce((a, b) => a + b, 0n);
			expect(one.shares.reduce((sum, { share }) => sum + share, 0n) + one.left).toBe(fund);
			for (const { claim, share, oddUnit } of one.shares)
				expect(share).toBe((claimed === 0n ? 0n : (claim * one.shared) / claimed) + (oddUnit ? 1n : 0n));
		}
	},
);

describe("deadlines", () => {
	const limits = { traced: [{ trace: "t", account: "p", asset: ASSET, byRule: {}, most: 100n }], taken: [] };
	const entry = (sequence: number, kind: RecoveryEntry["kind"], more: Partial<RecoveryEntry> = {}) =>
		({ sequence, kind, request: "r1", party: "Desk", asset: ASSET, account: "p", trace: "t", ...more }) as RecoveryEntry;
	const until = (id: string, on: string) => ({ deadlines: [{ id, on, what: "w", source: "s" }] });
	const due = (...entries: RecoveryEntry[]) =>
		deadlinesOf(foldLedger(entries, limits), shippedDeadlines(), "2026-03-01").map(({ id, inDays }) => [id, inDays]);

	it("stand until an entry ends them", () => {
		const sent = entry(1, "sent", { amount: "10", ...until("us-preservation", "2026-03-11") });
		expect(due(sent)).toEqual([["us-preservation", 10]]);
		expect(due(sent, entry(2, "acknowledged", until("own", "2026-02-28")))).toEqual([
			["own", -1],
			["us-preservation", 10],
		]);
		expect(due(sent, entry(2, "frozen", { amount: "5", ...until("uk-wallet-freezing", "2026-04-01") }))).toEqual([
			["uk-wallet-freezing", 31],
		]);
	});

	it("each name a source and the day on which it was read, and one's own take their place", () => {
		expect(shippedDeadlines().every(({ source, read }) => source.length > 10 && /^\d{4}-/.test(read))).toBe(true);
		const own = { id: "us-appeal", where: "x", begins: "refused", days: 5, what: "w", ends: [], source: "s", read: "2026-01-01" };
		expect(withOwnDeadlines(JSON.stringify([own]), "f").filter(({ id }) => id === "us-appeal")).toEqual([own]);
		expect(() => withOwnDeadlines("[{}]", "f.json")).toThrow(/f.json: is no list of deadlines/);
		expect(daysAfter("2028-02-28", 2)).toBe("2028-03-01");
	});
});

it("a seed that several paid is no victim, and is named as the seed that it is", () => {
	const [spec, one, other] = ["account:0xc", "a:1:0x1", "a:1:0x2"];
	const paid = (from: string, position: string) => ({ kind: "token", position, from, to: "a:1:0xc", asset: ASSET });
	const row = (position: string) => ({ position, account: "a:1:0xc", asset: ASSET });
	const of = (positions: string[]) =>
		victimsOf({ edges: [paid(one, "1.0.0"), paid(other, "2.0.0")], seeds: [{ spec, rows: positions.map(row) }] } as never)[0] ?? "";
	expect([of(["1.0.0"]), of(["1.0.0", "2.0.0"])]).toEqual([one, spec]);
	expect([one, spec, "tx:0xa", "transfer:1.2.3", "outpoint:ab:0"].map(isPayer)).toEqual([true, false, false, false, false]);
});
