import { beforeEach, describe, expect, it } from "vitest";
import { type HistoryCheck, joinChecks, type Lack } from "./history-check.js";
import type { AccountId } from "./ids.js";
import { keepListing, Listing } from "./listing.js";
import { compareAllListings, compareBlocks, compareListings } from "./listing-check.js";
import type { GraphStore } from "./ports/graph-store.js";
import { memoryLedger, testAccount, testTransfer } from "./testing/memory-ledger.js";
import { memoryRecords } from "./testing/memory-records.js";
import type { CoveredKind, DecodedBlock, Transfer } from "./transfer.js";

const ME = testAccount(1);
let held: Transfer[];
let checks: Map<AccountId, HistoryCheck>;
let store: GraphStore;
let reach: readonly (readonly [number, number])[];
beforeEach(() => {
	held = [];
	checks = new Map();
	reach = [];
	store = {
		...memoryRecords(),
		transfersOf: (account: AccountId, query: Parameters<GraphStore["transfersOf"]>[1]) => memoryLedger(held).transfersOf(account, query),
		putHistoryChecks: async (more: readonly HistoryCheck[]) => {
			for (const check of more) {
				const known = checks.get(check.account);
				checks.set(check.account, known === undefined ? check : joinChecks(known, check));
			}
		},
		historyCheck: async (account: AccountId) => checks.get(account),
		profile: async () => ({
			coverage: reach.map(([fromHeight, toHeight]) => ({ account: ME, source: "empty", kinds: ["native"], fromHeight, toHeight })),
		}),
	} as unknown as GraphStore;
});
/** A payment of the account in a block of its own, and its fee. */
const paid = (height: number, amount = 5n): Transfer[] => [
	testTransfer([height, 0, 0], 1, -1, 1n, { kind: "fee" }),
	testTransfer([height, 0, 1], 1, 2, amount),
];
const hold = (...heights: readonly number[]) => {
	held = heights.flatMap((height) => paid(height));
};
/** An export of the account's transactions that claims these heights and lists those of them that stand in `listed`. */
const list = (source: string, span: readonly [number, number], listed: readonly Transfer[], kind: CoveredKind = "native") => {
	const listing = new Listing(kind);
	for (const t of listed) listing.add(t.position.height, t.txHash, [t]);
	return keepListing(store, ME, source, [span], listing);
};
const lacks = (): Lack[] =>
	(checks.get(ME)?.lacks ?? []).map(({ source, from, at, to }) => ({ source, from, at, ...(to === undefined ? {} : { to }) }));

describe("what an export of an account lacks", () => {
	it("reaches from what it lists before to what it lists after, and to the end where it lists nothing after", async () => {
		hold(10, 20, 30, 40);
		await list("f", [0, 100], [...paid(10), ...paid(30)]);
		await compareListings(store, ME);
		expect(lacks()).toEqual([
			{ source: "f", from: 10, at: 20, to: 30 },
			{ source: "f", from: 30, at: 40 },
		]);
	});

	it("begins with block 0 where it lists nothing before, and is told once for all that lies in it", async () => {
		hold(10, 12, 14, 20, 22);
		await list("f", [0, 100], paid(20));
		await compareListings(store, ME);
		expect(lacks()).toEqual([
			{ source: "f", from: 0, at: 10, to: 20 },
			{ source: "f", from: 20, at: 22 },
		]);
	});

	it("in a block of which it lists another transaction is that block alone, and what comes after stands by itself", async () => {
		const another = { ...testTransfer([20, 1, 1], 1, 2, 7n), txHash: `0x${"a".repeat(64)}` as Transfer["txHash"] };
		held = [...paid(20), another, ...paid(25), ...paid(30)];
		await list("f", [0, 100], [...paid(20), ...paid(30)]);
		await compareListings(store, ME);
		expect(lacks()).toEqual([
			{ source: "f", from: 20, at: 20, to: 20 },
			{ source: "f", from: 20, at: 25, to: 30 },
		]);
	});

	it("is nothing outside of the heights that it claims, both ends of them inside", async () => {
		hold(9, 10, 20, 21);
		await list("f", [10, 20], []);
		await list("g", [10, 20], paid(15));
		await compareListings(store, ME);
		expect(
			lacks()
				.filter(({ source }) => source === "g")
				.map(({ at }) => at),
		).toEqual([10, 20]);
		held = [...paid(9), ...paid(21), ...paid(15)];
		await compareListings(store, ME);
		expect(lacks().filter(({ source }) => source === "g")).toEqual([]);
	});

	it("of an export that lists nothing goes by what the case takes it to reach", async () => {
		hold(10, 20);
		reach = [[0, 15]];
		await list("empty", [0, 1_000], []);
		await compareListings(store, ME);
		expect(lacks()).toEqual([{ source: "empty", from: 0, at: 10 }]);
		reach = [];
		await compareListings(store, ME);
		expect(lacks()).toEqual([]);
	});

	it("is nothing where the case holds no export; all that are listed are compared at once", async () => {
		hold(10);
		await compareListings(store, ME);
		expect(checks.size).toBe(0);
		await list("f", [0, 100], paid(20));
		await compareAllListings(store);
		expect(lacks()).toEqual([{ source: "f", from: 0, at: 10, to: 20 }]);
	});

	it("of calls is a call, of transactions a transaction: neither list need hold what the other does", async () => {
		const call = testTransfer([20, 0, 2], 3, 1, 4n, { kind: "internal" });
		held = [...paid(10), call];
		await list("t", [0, 100], paid(10));
		await list("c", [0, 100], [call], "internal");
		await compareListings(store, ME);
		expect(lacks()).toEqual([]);
		held = [...held, testTransfer([30, 0, 2], 3, 1, 4n, { kind: "internal" })];
		await compareListings(store, ME);
		expect(lacks()).toEqual([{ source: "c", from: 20, at: 30 }]);
	});
});

it("a list is compared by its transactions where it has them, else by its first kind; one of nothing is compared with none", () => {
	expect(
		[Listing.of(["internal", "native"]), Listing.of(["native"]), Listing.of(["token"]), Listing.of([])].map((one) => one?.kind),
	).toEqual(["native", "native", "token", undefined]);
});

describe("two equal movements of a transaction", () => {
	it("are two entries of a list: one that has but one of them lacks the other", async () => {
		const twice = [2, 3].map((event) => testTransfer([20, 0, event], 3, 1, 4n, { kind: "internal" }));
		held = twice;
		const one = new Listing("internal");
		one.add(20, (twice[0] as Transfer).txHash, twice.slice(0, 1));
		await keepListing(store, ME, "one", [[0, 100]], one);
		const both = new Listing("internal");
		both.add(20, (twice[0] as Transfer).txHash, twice);
		await keepListing(store, ME, "both", [[0, 100]], both);
		await compareListings(store, ME);
		expect(lacks().map(({ source }) => source)).toEqual(["one"]);
	});
});

describe("two exports that list one movement with two amounts", () => {
	const call = (amount: bigint) => testTransfer([20, 0, 2], 3, 1, amount, { kind: "internal" });
	const keep = (owner: number, source: string, span: readonly [number, number], ...transfers: readonly Transfer[]) => {
		const listing = new Listing("internal");
		for (const t of transfers) listing.add(t.position.height, t.txHash, [t]);
		return keepListing(store, testAccount(owner), source, [span], listing);
	};
	/** The case holds what the other side's export told. */
	const told = (amount: bigint) => {
		held = [{ ...call(amount), source: "theirs" }];
	};

	it("contradict each other where both claim to list all of it", async () => {
		told(9n);
		await keep(1, "mine", [0, 100], call(4n));
		await keep(3, "theirs", [0, 100], call(9n));
		await expect(compareListings(store, ME)).rejects.toThrow(
			`one source says 4 base units from ${testAccount(3)} to ${ME}, another 9, and both list all of ${ME}`,
		);
	});

	it("contradict each other whichever side the other export is of", async () => {
		const mine = (amount: bigint) => testTransfer([20, 0, 2], 1, 3, amount, { kind: "internal" });
		held = [{ ...mine(9n), source: "theirs" }];
		await keep(1, "mine", [0, 100], mine(4n));
		await keep(3, "theirs", [0, 100], mine(9n));
		await expect(compareListings(store, ME)).rejects.toThrow(`both list all of ${ME}`);
	});

	it("do not where the other does not claim those heights, lists both, or is no export of a side of it", async () => {
		told(9n);
		await keep(1, "mine", [0, 100], call(4n));
		await compareListings(store, ME);
		await keep(3, "theirs", [0, 19], call(9n));
		await compareListings(store, ME);
		await keep(3, "theirs", [0, 100], call(9n), call(4n));
		await compareListings(store, ME);
		await keep(5, "theirs", [0, 100], call(9n));
		await compareListings(store, ME);
		expect(lacks().map(({ source }) => source)).toEqual(["mine"]);
	});

	it("lack it plainly where this one lists nothing between the two in that transaction", async () => {
		told(9n);
		await keep(1, "mine", [0, 100], testTransfer([20, 0, 2], 4, 1, 4n, { kind: "internal" }));
		await keep(3, "theirs", [0, 100], call(9n));
		await compareListings(store, ME);
		expect(lacks()).toEqual([{ source: "mine", from: 20, at: 20, to: 20 }]);
	});
});

describe("blocks that a node told whole", () => {
	const block = (height: number, transfers: readonly Transfer[]) =>
		({ header: { height, time: 0 }, transactions: [{ transfers }] }) as unknown as DecodedBlock;

	it("show of exports what comparing all of it shows, whichever came first", async () => {
		const heights = [10, 20, 30, 35, 40];
		await list("f", [0, 100], [...paid(10), ...paid(30)]);
		for (const height of heights) {
			held = [...held, ...paid(height)];
			await compareBlocks(store, [block(height, paid(height))]);
		}
		const found = lacks();
		checks.clear();
		await compareListings(store, ME);
		expect(found).toEqual(lacks());
		expect(found.map(({ at }) => at)).toEqual([20, 35]);
	});

	it("that take back what an export lacked take the lack back", async () => {
		hold(10, 20, 30);
		await list("f", [0, 100], [...paid(10), ...paid(30)]);
		await compareListings(store, ME);
		expect(lacks().length).toBe(1);
		hold(10, 30);
		await compareBlocks(store, [block(20, paid(20))]);
		expect(lacks()).toEqual([]);
	});

	it("say nothing of accounts of which there is no export", async () => {
		hold(10);
		await compareBlocks(store, [block(10, paid(10))]);
		expect(checks.size).toBe(0);
	});
});

describe("nonces that files leave out", () => {
	const numbered = (first: number, last: number, from: number, to: number): HistoryCheck => ({
		account: ME,
		runs: [{ first, last, from, to }],
	});
	const runs = () => checks.get(ME)?.runs;

	it("are filled in where the case holds exactly as many payments between the two that are told, ends left out", async () => {
		hold(10, 20, 21, 30);
		await list(
			"f",
			[0, 100],
			held.filter(({ kind }) => kind === "native"),
		);
		await store.putHistoryChecks([numbered(0, 0, 10, 10), numbered(3, 3, 30, 30)]);
		await compareListings(store, ME);
		expect(runs()).toEqual([{ first: 0, last: 3, from: 10, to: 30 }]);
	});

	it.each([
		["fewer", [10, 20, 30]],
		["more", [10, 20, 21, 22, 30]],
	])("stay missing where it holds %s", async (_, heights) => {
		hold(...heights);
		await list(
			"f",
			[0, 100],
			held.filter(({ kind }) => kind === "native"),
		);
		await store.putHistoryChecks([numbered(0, 0, 10, 10), numbered(3, 3, 30, 30)]);
		const before = runs();
		await compareListings(store, ME);
		expect(runs()).toEqual(before);
		await compareBlocks(store, [{ header: { height: 20, time: 0 }, transactions: [{ transfers: paid(20) }] } as unknown as DecodedBlock]);
		expect(runs()).toEqual(before);
	});

	it("are filled in by blocks of a node, too, from the account's first payment on", async () => {
		hold(0, 20, 30);
		await list(
			"f",
			[0, 100],
			held.filter(({ kind }) => kind === "native"),
		);
		await store.putHistoryChecks([numbered(2, 2, 30, 30)]);
		await compareBlocks(store, [{ header: { height: 20, time: 0 }, transactions: [{ transfers: paid(20) }] } as unknown as DecodedBlock]);
		expect(runs()).toEqual([{ first: 0, last: 2, from: 0, to: 30 }]);
	});

	it("of what others paid to the account tell nothing", async () => {
		held = [...paid(10), testTransfer([20, 0, 0], 3, -1, 1n, { kind: "fee" }), testTransfer([20, 0, 1], 3, 1, 2n), ...paid(30)];
		await list(
			"f",
			[0, 100],
			held.filter(({ kind }) => kind === "native"),
		);
		await store.putHistoryChecks([numbered(0, 0, 10, 10), numbered(2, 2, 30, 30)]);
		await compareListings(store, ME);
		expect(runs()?.length).toBe(2);
	});
});
