import {
	type AccountId,
	CONSERVING_RULES as ALL_CONSERVING_RULES,
	type AssetId,
	COVERED_KINDS,
	comparePositions,
	erc20Asset,
	formatPosition,
	type Label,
	nativeAsset,
	nullAccount,
	type Rule,
	rulesOf,
	type Transfer,
	type TransferKind,
} from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { defaultRequest, findPaths, parseSeed, planSeeds, runTrace, sweep } from "./index.js";
import { CLEAN } from "./lots.js";
import { traced } from "./traced.test-util.js";

const RULES = rulesOf(TEST_CHAIN);
const CONSERVING_RULES = RULES.filter((rule) => ALL_CONSERVING_RULES.includes(rule));
const ETHER = nativeAsset(TEST_CHAIN);
const TOKEN = erc20Asset(TEST_CHAIN, `0x${"ab".repeat(20)}`);

const seedAt = (n: number) => `account:${testAccount(n).split(":")[2]}`;
const leavesOf = (result: Awaited<ReturnType<typeof traced>>, rule: Rule) =>
	Object.fromEntries(
		result.leaves
			.filter((leaf) => Object.values(leaf.amounts)[0]?.[rule] !== "0")
			.map((leaf) => [
				`${Number(leaf.account.slice(-4))} ${leaf.stop.reason}${leaf.amounts[TOKEN] ? " token" : ""}`,
				Object.values(leaf.amounts)[0]?.[rule],
			]),
	);
const number = (account: AccountId) => Number.parseInt(account.slice(-4), 16) - 1;
const label = (n: number, category: Label["category"]): Label => ({
	account: testAccount(n),
	category,
	entity: "Exchange",
	name: "hot",
	source: "s",
	retrievedAt: "",
	confidence: 50,
});

/** Every unit of every account in an array, every transfer in order: what the sweep must equal. */
function literalReplay(transfers: readonly Transfer[], seeded: number, rule: Rule): { held: Record<number, number>; edges: string[] } {
	const accounts = new Map<number, number[]>();
	const edges: string[] = [];
	const of = (n: number) => accounts.get(n) ?? [];
	for (const t of [...transfers].sort((a, b) => comparePositions(a.position, b.position))) {
		const [from, to, amount] = [number(t.from), number(t.to), Number(t.amount)];
		if (t.kind !== "fee" && from === to) continue;
		const units = [...of(from)];
		while (units.length < amount) units.push(CLEAN);
		const indices = units.map((_, i) => i);
		const dirty = indices.filter((i) => units[i] !== CLEAN);
		const clean = indices.filter((i) => units[i] === CLEAN);
		const share = Math.floor((dirty.length * amount) / units.length);
		const half = (dirty.length * amount) % units.length;
		const otherRest = (clean.length * amount) % units.length;
		const roundUp = half > otherRest || (half === otherRest && half > 0 && (dirty[0] ?? 0) < (clean[0] ?? 0));
		const dirtyShare = half + otherRest === 0 ? share : share + (roundUp ? 1 : 0);
		const chosen: Partial<Record<Rule, number[]>> = {
			fifo: indices.slice(0, amount),
			lifo: indices.slice(indices.length - amount),
			difo: [...dirty, ...clean].slice(0, amount),
			dilo: [...clean, ...dirty].slice(0, amount),
			haircut: [...dirty.slice(dirty.length - dirtyShare), ...clean.slice(clean.length - (amount - dirtyShare))],
		};
		const gone = new Set(chosen[rule]);
		const inOrder = units.filter((_, i) => gone.has(i));
		// Pro rata has no order inside an arrival; its convention counts the clean part as the older.
		const moved = rule === "haircut" ? [...inOrder].sort((a, b) => a - b) : inOrder;
		const tainted = moved.filter((o) => o !== CLEAN).length;
		accounts.set(
			from,
			units.filter((_, i) => !gone.has(i)),
		);
		const arriving = t.kind !== "fee" && to === seeded ? moved.map(() => 0) : moved;
		if (t.kind !== "fee") accounts.set(to, [...of(to), ...arriving]);
		const after = t.kind !== "fee" && to === seeded ? amount : tainted;
		if (after > 0) edges.push(`${formatPosition(t.position)} ${after}`);
	}
	const held: Record<number, number> = {};
	for (const [n, units] of accounts) {
		const dirty = units.filter((o) => o !== CLEAN).length;
		if (dirty > 0) held[n] = dirty;
	}
	return { held, edges };
}

const randomTransfers = fc
	.array(
		fc.record({
			from: fc.integer({ min: 1, max: 5 }),
			to: fc.integer({ min: 1, max: 5 }),
			amount: fc.bigInt({ min: 0n, max: 25n }),
			fee: fc.boolean(),
		}),
		{ minLength: 1, maxLength: 40 },
	)
	.map((list) =>
		list.map((t, i) =>
			t.fee
				? testTransfer([10 + Math.floor(i / 3), i % 3, 0], t.from, -1, t.amount, { kind: "fee" })
				: testTransfer([10 + Math.floor(i / 3), i % 3, 1], t.from, t.to, t.amount),
		),
	);

describe("the sweep", () => {
	test.prop([randomTransfers], { numRuns: 500 })("equals a literal replay of every unit of every account", async (transfers) => {
		const result = await traced(transfers, [seedAt(1)], { conversions: false });
		for (const rule of ["fifo", "lifo", "haircut", "difo", "dilo"] as const) {
			const literal = literalReplay(transfers, 1, rule);
			const edges = result.edges.filter((e) => e.tainted[rule] !== "0").map((e) => `${e.position} ${e.tainted[rule]}`);
			const held = Object.fromEntries(
				result.leaves
					.filter((l) => l.amounts[ETHER]?.[rule] !== "0")
					.map((l) => [number(l.account as AccountId), Number(l.amounts[ETHER]?.[rule])]),
			);
			expect([rule, edges, held]).toEqual([rule, literal.edges, literal.held]);
		}
	});

	test.prop([randomTransfers, fc.integer({ min: 0, max: 12 })])(
		"gives the same whether it reads account by account or scans",
		async (transfers, after) => {
			const source = memoryLedger(transfers);
			const plan = await planSeeds(source, TEST_CHAIN, [parseSeed(seedAt(1), TEST_CHAIN), parseSeed(seedAt(2), TEST_CHAIN)]);
			const { stops } = defaultRequest(TEST_CHAIN, []);
			const run = async (scanThoughtOfAfter: number) => {
				const edges: unknown[] = [];
				const { fee, throughCoinJoins, coinJoin } = defaultRequest(TEST_CHAIN, []);
				const options = {
					rules: RULES,
					stops,
					dust: new Map(),
					conversions: true,
					fee,
					throughCoinJoins,
					coinJoin,
					maxAccounts: 99,
					until: 18,
					scanThoughtOfAfter,
				};
				const { leaves, followed } = await sweep(source, plan, { ...options, onEdge: (edge) => void edges.push(edge) });
				return { leaves, followed, edges };
			};
			expect(await run(after)).toEqual(await run(Number.POSITIVE_INFINITY));
		},
	);

	test.prop([randomTransfers, fc.infiniteStream(fc.nat())])("gives the same bytes for any order of input", async (transfers, noise) => {
		const shuffled = transfers.map((t) => ({ t, key: noise.next().value })).sort((a, b) => a.key - b.key);
		const [a, b] = [
			await traced(transfers, [seedAt(1)]),
			await traced(
				shuffled.map(({ t }) => t),
				[seedAt(1)],
			),
		];
		expect(JSON.stringify(b)).toBe(JSON.stringify(a));
	});

	test.prop([randomTransfers])("conserves each of several origins to the last unit, under every rule but poison", async (transfers) => {
		const result = await traced(transfers, [seedAt(1), seedAt(2), seedAt(3)]);
		for (const audit of result.conservationByOrigin ?? []) {
			expect(Object.keys(audit)).toEqual(CONSERVING_RULES);
			for (const assets of Object.values(audit)) {
				for (const s of Object.values(assets ?? {})) {
					expect(BigInt(s.seeded) + BigInt(s.convertedIn)).toBe(
						BigInt(s.held) + BigInt(s.stopped) + BigInt(s.fees) + BigInt(s.convertedOut),
					);
				}
			}
		}
		expect(result.conservation.libr).toBeUndefined();
	});

	it("never carries taint back in time, and leaves what came before as clean", async () => {
		const result = await traced(
			[testTransfer([10], 2, 3, 5n), testTransfer([11], 9, 2, 10n), testTransfer([12], 2, 3, 4n)],
			[`transfer:11.0.0`],
			{ rules: ["fifo"] },
		);
		expect(result.edges.map((e) => e.position)).toEqual(["11.0.0", "12.0.0"]);
		expect(leavesOf(result, "fifo")).toEqual({ "3 unspent": "6", "4 unspent": "4" });
	});

	it("pays the fee before the value, and taint in fees ends there", async () => {
		const result = await traced(
			[testTransfer([10], 9, 1, 10n), testTransfer([11, 0, 0], 1, -1, 3n, { kind: "fee" }), testTransfer([11, 0, 1], 1, 2, 7n)],
			[seedAt(1)],
			{ rules: ["fifo"] },
		);
		expect(result.conservation.fifo?.[ETHER]).toMatchObject({ seeded: "10", held: "7", fees: "3" });
	});

	it("follows an exchange inside a transaction into the asset received, in proportion, under every rule", async () => {
		const transfers = [
			testTransfer([9], 8, 1, 10n),
			testTransfer([10], 9, 1, 30n),
			testTransfer([11, 0, 5], 7, 1, 200n, { kind: "token", asset: TOKEN }),
			testTransfer([11, 0, 6], 1, 7, 40n),
			testTransfer([12], 1, 2, 200n, { kind: "token", asset: TOKEN }),
		];
		const result = await traced(transfers, ["transfer:10.0.0"]);
		for (const rule of CONSERVING_RULES) {
			expect([rule, leavesOf(result, rule)]).toEqual([rule, { "3 unspent token": "150" }]);
			expect(result.conservation[rule]?.[ETHER]).toMatchObject({ seeded: "30", convertedOut: "30", held: "0" });
			expect(result.conservation[rule]?.[TOKEN]).toMatchObject({ convertedIn: "150", held: "150" });
		}
		const conversion = result.edges.find((e) => e.kind === "conversion");
		expect(conversion).toMatchObject({ asset: ETHER, amount: "40", into: { asset: TOKEN, amount: "200" } });
		const off = await traced(transfers, ["transfer:10.0.0"], { conversions: false });
		expect(leavesOf(off, "fifo")).toEqual({ "8 unspent": "30" });
	});

	it("follows value through a contract inside one transaction", async () => {
		const transfers = [
			testTransfer([10], 9, 1, 10n),
			testTransfer([11, 0, 1], 1, 4, 10n),
			testTransfer([11, 0, 2], 4, 5, 6n, { kind: "internal" }),
			testTransfer([11, 0, 3], 4, 6, 4n, { kind: "internal" }),
		];
		const result = await traced(transfers, [seedAt(1)], {}, { contracts: new Set([testAccount(4)]) });
		expect(leavesOf(result, "fifo")).toEqual({ "6 unspent": "6", "7 unspent": "4" });
	});

	it("keeps several seeds apart, and shows the largest libr claim instead of a sum", async () => {
		const transfers = [
			testTransfer([10], 8, 1, 10n),
			testTransfer([11], 9, 1, 10n),
			testTransfer([12], 1, -1, 10n, { kind: "fee" }),
			testTransfer([13], 1, 2, 10n),
		];
		const result = await traced(transfers, ["transfer:10.0.0", "transfer:11.0.0"]);
		const [leaf] = result.leaves;
		expect(leaf?.byOrigin?.[ETHER]?.map((a) => [a.fifo, a.lifo, a.haircut, a.libr])).toEqual([
			["0", "10", "5", "10"],
			["10", "0", "5", "10"],
		]);
		expect(leaf?.amounts[ETHER]).toMatchObject({ fifo: "10", libr: "10", haircut: "10" });
	});

	it("marks only what a seed names: limit, asset, start height", async () => {
		const transfers = [
			testTransfer([10], 8, 1, 10n),
			testTransfer([11], 8, 1, 10n, { kind: "token", asset: TOKEN }),
			testTransfer([12], 8, 1, 10n),
		];
		const run = (options: Parameters<typeof parseSeed>[2]) =>
			traced(transfers, [], { seeds: [parseSeed(seedAt(1), TEST_CHAIN, options)], rules: ["fifo"] });
		expect(leavesOf(await run({ amount: 13n }), "fifo")).toEqual({ "2 unspent": "13" });
		expect(leavesOf(await run({ since: 11 }), "fifo")).toEqual({ "2 unspent": "10", "2 unspent token": "10" });
		expect(leavesOf(await run({ asset: TOKEN }), "fifo")).toEqual({ "2 unspent token": "10" });
	});

	it("seeds a transaction by what accounts have more of after it", async () => {
		const transfers = [
			testTransfer([10, 0, 1], 8, 4, 10n),
			testTransfer([10, 0, 2], 4, 1, 9n, { kind: "internal" }),
			testTransfer([11], 1, 2, 9n),
		];
		const result = await traced(transfers, [`tx:${transfers[0]?.txHash}`], { rules: ["fifo"] });
		expect(result.seeds[0]?.rows.map((r) => [r.account, r.seeded.fifo])).toEqual([
			[testAccount(4), "1"],
			[testAccount(1), "9"],
		]);
		expect(leavesOf(result, "fifo")).toEqual({ "5 unspent": "1", "3 unspent": "9" });
		await expect(traced(transfers, [`tx:0x${"9".repeat(64)}`])).rejects.toMatchObject({ code: "BAD_INPUT" });
	});
});

describe("where a trace stops", () => {
	const chain = (n: number) => Array.from({ length: n }, (_, i) => testTransfer([10 + i], i, i + 1, 10n));

	it("never goes past a custodial label, and what comes back from it is clean", async () => {
		const transfers = [...chain(3), testTransfer([20], 2, 4, 10n)];
		const result = await traced(transfers, [seedAt(1)], { rules: ["fifo"] }, { labels: [label(2, "exchange")] });
		expect(leavesOf(result, "fifo")).toEqual({ "3 service": "10" });
		expect(result.leaves[0]?.labels[0]).toMatchObject({ entity: "Exchange", tier: "attribution" });
	});

	it.each([
		["mixing_service", "mixer"],
		["bridge", "bridge"],
		["defi_dex", "swap"],
	] as const)("stops at %s with reason %s", async (category, reason) => {
		const result = await traced(chain(3), [seedAt(1)], {}, { labels: [label(2, category)] });
		expect(result.leaves[0]?.stop.reason).toBe(reason);
	});

	it("ignores labels that are weaker than asked for, and labels that name no service", async () => {
		const weak = await traced(
			chain(3),
			[seedAt(1)],
			{ stops: { minLabelConfidence: 51, serviceTransfers: 1000, minDetectionScore: 40 } },
			{ labels: [label(2, "exchange")] },
		);
		const scam = await traced(chain(3), [seedAt(1)], {}, { labels: [label(2, "scam")] });
		for (const result of [weak, scam]) expect(leavesOf(result, "fifo")).toEqual({ "4 unspent": "10" });
	});

	it("stops where the history was not fetched, and lists it as a gap", async () => {
		const covered = { chain: TEST_CHAIN, fromHeight: 0, toHeight: 100, kinds: ["native"] as const, source: "s", note: "" };
		const coverage = (account: AccountId) => (number(account) <= 1 ? [covered] : []);
		const result = await traced(chain(2), [seedAt(1)], {}, { coverage });
		expect(leavesOf(result, "fifo")).toEqual({ "3 unfetched": "10" });
		expect(result.coverage.gaps.map((g) => `${g.kind} ${number(g.account as AccountId)}`)).toEqual([
			"missing-kind 1",
			"unfetched-account 2",
		]);
	});

	it("goes on where the history was not fetched and the case holds what the account paid later, and agrees on nothing of it", async () => {
		const covered = { chain: TEST_CHAIN, fromHeight: 0, toHeight: 100, kinds: ["native"] as const, source: "s", note: "" };
		const coverage = (account: AccountId) => (number(account) === 2 ? [] : [covered]);
		const paid = testTransfer([30], 2, 3, 4n);
		const result = await traced([...chain(2), paid, testTransfer([40], 2, 2, 6n)], [seedAt(1)], {}, { coverage });
		const leaves = result.leaves.map(({ account, stop, range }) => [number(account as AccountId), stop.reason, ...range]);
		expect(leaves).toEqual([
			[2, "unfetched", "0", "10"],
			[3, "unfetched", "0", "4"],
		]);
		expect(result.coverage.gaps).toContainEqual(
			expect.objectContaining({ kind: "unread-outflow", account: testAccount(2), fromHeight: "11", toHeight: "30", uncertain: "10" }),
		);
		// Whatever of it came back, what others hold is agreed as if it had not, and their bounds are marked as such.
		const back = [
			testTransfer([12], 0, 3, 90n),
			testTransfer([30], 2, 3, 10n),
			testTransfer([31], 3, 4, 60n),
			testTransfer([32], 3, 5, 40n),
		];
		const seeds = ["transfer:11.0.0", "transfer:12.0.0"];
		const rest = await traced([...chain(2), ...back], seeds, {}, { coverage });
		const shares = rest.leaves.map(({ account, agreed, range, open }) => [number(account as AccountId), agreed, range[1], open]);
		expect(shares).toEqual([
			[4, "50", "60", true],
			[5, "30", "40", true],
			[2, "0", "10", true],
		]);
		// Of a contract nobody knows whose the money is that it pays; nor is what it paid of it that was not of that asset, or earlier.
		const ended = async (rows: readonly Transfer[], more: Parameters<typeof traced>[3] = {}) =>
			leavesOf(await traced([...chain(2), ...rows], [seedAt(1)], {}, { coverage, ...more }), "fifo");
		const contract = await traced([...chain(2), paid], [seedAt(1)], {}, { coverage, contracts: new Set([testAccount(2)]) });
		expect(contract.leaves.map(({ account, range, open }) => [number(account as AccountId), ...range, open])).toEqual([
			[2, "0", "10", true],
		]);
		expect(contract.coverage.gaps).toContainEqual(
			expect.objectContaining({ kind: "unread-outflow", account: testAccount(2), fromHeight: "11", toHeight: "30", uncertain: "10" }),
		);
		expect(await ended([testTransfer([10, 1], 2, 3, 4n)])).toEqual({ "3 unfetched": "10" });
		expect(await ended([testTransfer([30], 2, 3, 4n, { asset: TOKEN })])).toEqual({ "3 unfetched": "10" });
		expect(await ended([testTransfer([30], 2, 2, 4n)])).toEqual({ "3 unfetched": "10" });
	});

	it("says of a seed that names a transfer by a derived place which transfer it is here", async () => {
		const paid = { ...testTransfer([10, 0, 5], 9, 1, 10n), kind: "internal" as const };
		const said = async (derived: boolean, [spec, tx] = [`transfer:${paid.txHash}:5`, 0]) => {
			const at = { ...paid, position: { ...paid.position, txIndex: tx } };
			const { coverage } = await traced([at], [spec], {}, { derived });
			return coverage.gaps.filter(({ kind }) => kind === "source-note").map(({ text }) => text);
		};
		expect(await said(true)).toEqual([expect.stringContaining("here it is 10 base units of")]);
		expect(await said(false)).toEqual([]);
		expect(await said(false, ["transfer:10.8192.5", 8192])).toEqual([expect.stringContaining("no source tells the place")]);
		expect(await said(false, [`transfer:${paid.txHash}:5`, 8192])).toEqual([]);
		expect(await said(true, [`transfer:${paid.txHash}:5`, 8192])).toHaveLength(1);
	});

	it("says once that lists of accounts hold nothing of what blocks pay, unless whole blocks were read", async () => {
		const all = { chain: TEST_CHAIN, fromHeight: 0, toHeight: 100, kinds: COVERED_KINDS, source: "s", note: "" };
		const said = async (listed: boolean) => {
			const result = await traced(chain(3), [seedAt(1)], {}, { coverage: (account) => [listed ? { ...all, account } : all] });
			return result.coverage.gaps.filter(({ text }) => text.startsWith("what blocks pay"));
		};
		expect(await said(true)).toEqual([
			{ kind: "missing-kind", text: expect.stringContaining("of 3 accounts the case holds no whole blocks") },
		]);
		expect(await said(false)).toEqual([]);
	});

	it("stops at a contract whose internal calls were not fetched, and at a burn address", async () => {
		const coverage = () => [{ chain: TEST_CHAIN, fromHeight: 0, toHeight: 100, kinds: ["native"] as const, source: "s", note: "" }];
		const contract = await traced(chain(3), [seedAt(1)], {}, { coverage, contracts: new Set([testAccount(2)]) });
		expect(leavesOf(contract, "fifo")).toEqual({ "3 contract-unknown": "10" });
		const burned = await traced([testTransfer([10], 9, 1, 10n), testTransfer([11], 1, -1, 10n)], [seedAt(1)]);
		expect(burned.leaves[0]).toMatchObject({ account: nullAccount(TEST_CHAIN), stop: { reason: "burned" } });
	});

	it("stops at an account that behaves like a service, and says that nobody labelled it", async () => {
		const busy = Array.from({ length: 30 }, (_, i) => testTransfer([100 + i], 2, 5, 1n));
		const result = await traced([...chain(3), ...busy], [seedAt(1)], {
			stops: { minLabelConfidence: 20, serviceTransfers: 30, minDetectionScore: 40 },
		});
		expect(result.leaves[0]?.stop).toMatchObject({ reason: "service", detail: expect.stringContaining("behaviour alone") });
		expect(result.coverage.gaps.map((g) => g.kind)).toContain("behaviour-only");
	});

	it("does not follow dust, nor read past the time window", async () => {
		const dust = await traced([...chain(2), testTransfer([12], 2, 3, 4n), testTransfer([13], 2, 4, 6n)], [seedAt(1)], {
			dust: new Map<AssetId, bigint>([[ETHER, 5n]]),
		});
		expect(leavesOf(dust, "fifo")).toEqual({ "4 dust": "4", "5 unspent": "6" });
		const window = await traced(chain(4), [seedAt(1)], { until: 11 });
		expect(leavesOf(window, "fifo")).toEqual({ "3 time-window": "10" });
		// Heights 10, 11 and 12 move the money: where nothing moves behind the window, it is unspent there.
		expect(leavesOf(await traced(chain(3), [seedAt(1)], { until: 12 }), "fifo")).toEqual({ "4 unspent": "10" });
	});

	it("when the budget binds, follows the most valuable accounts first", async () => {
		const transfers = [
			testTransfer([10], 9, 1, 100n),
			testTransfer([11], 1, 2, 30n),
			testTransfer([12], 1, 3, 70n),
			testTransfer([13], 2, 4, 30n),
			testTransfer([14], 3, 5, 70n),
		];
		const result = await traced(transfers, [seedAt(1)], { maxAccounts: 2 });
		expect(leavesOf(result, "fifo")).toEqual({ "3 budget": "30", "6 budget": "70" });
		expect(result.parameters["budgetBound"]).toBe("yes");
	});

	it("when the budget binds, takes of equally valuable accounts the first by their ids, and no more than it allows", async () => {
		const equal = [
			testTransfer([10], 9, 1, 90n),
			...[5, 4, 3, 2].map((n, i) => testTransfer([11 + i], 1, n, 20n)),
			...[5, 4, 3, 2].map((n, i) => testTransfer([21 + i], n, n + 10, 20n)),
		];
		const within = async (maxAccounts: number) => {
			const { leaves } = await traced(equal, [seedAt(1)], { maxAccounts });
			return leaves
				.filter(({ stop }) => stop.reason === "budget")
				.map(({ account }) => account)
				.filter((account) => account <= testAccount(5));
		};
		expect(await within(2)).toEqual([3, 4, 5].map(testAccount));
		expect(await within(3)).toEqual([4, 5].map(testAccount));
		expect(await within(5)).toEqual([]);
	});

	it("covers an outflow beyond the known balance with unknown funds, and says so", async () => {
		const result = await traced([testTransfer([10], 9, 1, 10n), testTransfer([11], 1, 2, 25n)], [seedAt(1)]);
		expect(leavesOf(result, "fifo")).toEqual({ "3 unspent": "10" });
		expect(result.coverage.gaps).toContainEqual(expect.objectContaining({ kind: "missing-inflow", account: testAccount(1), amount: "15" }));
	});

	it("is interrupted when asked", async () => {
		const kinds: TransferKind = "native";
		const many = Array.from({ length: 5000 }, (_, i) => testTransfer([10 + i], 9, 1, 1n, { kind: kinds }));
		const abort = new AbortController();
		abort.abort();
		const request = defaultRequest(TEST_CHAIN, [parseSeed(seedAt(1), TEST_CHAIN)]);
		await expect(runTrace(request, { source: memoryLedger(many), signal: abort.signal })).rejects.toMatchObject({ code: "INTERRUPTED" });
	});
});

describe("ranking", () => {
	it("puts first what every conserving rule agrees on", async () => {
		const transfers = [
			testTransfer([9], 8, 1, 50n),
			testTransfer([10], 9, 1, 100n),
			testTransfer([11], 1, 2, 60n),
			testTransfer([12], 1, 3, 90n),
		];
		const result = await traced(transfers, ["transfer:10.0.0"]);
		expect(result.leaves.map((l) => [number(l.account as AccountId), l.agreed, l.range])).toEqual([
			[3, "40", ["40", "90"]],
			[2, "10", ["10", "60"]],
		]);
		expect(RULES.every((rule) => result.rules.includes(rule))).toBe(true);
	});
});

describe("paths", () => {
	const request = { from: testAccount(1), to: testAccount(4), maxPaths: 5, maxHops: 6, maxTransfers: 1000 };
	const transfers = [
		testTransfer([10], 1, 2, 50n),
		testTransfer([11], 2, 4, 20n),
		testTransfer([12], 1, 3, 40n),
		testTransfer([13], 3, 4, 35n),
		testTransfer([5], 2, 4, 99n),
	];
	const show = (paths: Awaited<ReturnType<typeof findPaths>>["paths"]) =>
		paths.map((p) => [p.value, p.transfers.map((t) => t.position.height)]);

	it("respects time, and gives the best value first", async () => {
		const { paths, complete } = await findPaths(memoryLedger(transfers), request);
		expect(show(paths)).toEqual([
			[35n, [12, 13]],
			[20n, [10, 11]],
		]);
		expect(complete).toBe(true);
	});

	it("never goes on through a service, and says when it gave up", async () => {
		const { paths } = await findPaths(memoryLedger(transfers, { labels: [label(3, "exchange")] }), request);
		expect(show(paths)).toEqual([[20n, [10, 11]]]);
		expect((await findPaths(memoryLedger(transfers), { ...request, maxTransfers: 1 })).complete).toBe(false);
	});

	test.prop([randomTransfers])("finds the widest path that a search of all paths finds", async (random) => {
		const best = (from: number, height: number, txIndex: number, width: bigint, depth: number): bigint => {
			if (from === 4) return width;
			if (depth === 0) return 0n;
			let most = 0n;
			for (const t of random) {
				const later = t.position.height > height || (t.position.height === height && t.position.txIndex > txIndex);
				if (!later || number(t.from) !== from || t.kind === "fee" || t.amount === 0n || t.from === t.to) continue;
				const found = best(number(t.to), t.position.height, t.position.txIndex, t.amount < width ? t.amount : width, depth - 1);
				if (found > most) most = found;
			}
			return most;
		};
		const { paths } = await findPaths(memoryLedger(random), { ...request, maxHops: 4, maxPaths: 1 });
		expect(paths[0]?.value ?? 0n).toBe(best(1, 0, -1, 1n << 60n, 4));
	});
});
