import type { AccountId, Coverage, LedgerReader, OutputReader, UtxoRecord, UtxoTransaction } from "@clew/core";
import { memoryOutputs, randomUtxoWorld, TEST_UTXO_CHAIN, testAddress, testTxid, testUtxo } from "@clew/core/testing";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { PAYJOIN_SINCE } from "../patterns/shapes.js";
import { clusterChain } from "./cluster-chain.js";
import { ClusterIndex } from "./cluster-index.js";
import { explainUnion, exploreCluster, isComplete, isWhole } from "./explore.js";
import { parseHeuristics } from "./heuristics.js";
import { type ClusterOptions, Cuts, DEFAULT_CLUSTER_OPTIONS, ownersOf } from "./reasons.js";
import { UnionFind } from "./union-find.js";

const ALL =
	"co-spend,change:optimal,change:address-type,change:locktime,change:fingerprint,change:power-of-ten,change:peeling-chain,change:address-reuse,change:fresh-address,change:one-time,change:locktime+fresh-address,change:!optimal+fresh-address";
const SAFE = "co-spend,change:one-time,change:locktime+fresh-address";
const withHeuristics = (text: string, rest: Partial<ClusterOptions> = {}): ClusterOptions => ({
	...DEFAULT_CLUSTER_OPTIONS,
	heuristics: parseHeuristics(text),
	...rest,
});
type Source = LedgerReader & OutputReader;

const everything = (source: Source): Promise<readonly UtxoTransaction[]> =>
	source.utxoTransactions(TEST_UTXO_CHAIN, { height: 0, txIndex: 0 }, 1e9);

/** The partition of all addresses as sorted lists. */
function partition(index: ClusterIndex): string[] {
	const clusters = index.clusters();
	const members = new Map<number, string[]>();
	for (let id = 0; id < clusters.addresses; id++) {
		const account = clusters.address(id);
		const label = clusters.clusterOf(account) as number;
		members.set(label, [...(members.get(label) ?? []), account]);
	}
	return [...members.values()].map((list) => list.sort().join()).sort();
}

async function clusterOf(
	records: readonly UtxoRecord[],
	n: number,
	options: ClusterOptions = DEFAULT_CLUSTER_OPTIONS,
): Promise<AccountId[]> {
	return [...(await exploreCluster(memoryOutputs(records), testAddress(n), options)).accounts].sort();
}

const addresses = (...numbers: number[]) => numbers.map(testAddress).sort();
const world = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 3, maxLength: 40 }).map((steps) => randomUtxoWorld(steps).transactions);
const heuristics = fc.constantFrom(
	"co-spend",
	SAFE,
	ALL,
	"co-spend,change:locktime",
	"co-spend,change:fresh-address",
	"change:peeling-chain",
);

describe("clusters of any chain", () => {
	test.prop([world, heuristics, fc.nat()])("adding blocks in portions gives the same as starting over", async (records, text, cutAt) => {
		const options = withHeuristics(text);
		const portion = records.slice(0, cutAt % (records.length + 1));
		const whole = await everything(memoryOutputs(records));
		const once = new ClusterIndex(options);
		for (const tx of whole) once.add(tx);
		// What was read before the later blocks came does not know yet who spends its outputs.
		const early = await everything(memoryOutputs(portion));
		const grown = new ClusterIndex(options);
		for (const tx of early) grown.add(tx);
		partition(grown);
		for (const tx of whole.slice(early.length)) grown.add(tx);
		expect(partition(grown)).toEqual(partition(once));
	});

	test.prop([world, heuristics])("walking from an address finds the cluster that the whole pass finds", async (records, text) => {
		const options = withHeuristics(text);
		const source = memoryOutputs(records);
		const clusters = (await clusterChain(source, TEST_UTXO_CHAIN, options)).clusters();
		for (let id = 0; id < clusters.addresses; id++) {
			const account = clusters.address(id);
			const members = Array.from({ length: clusters.addresses }, (_, i) => clusters.address(i)).filter(
				(other) => clusters.clusterOf(other) === clusters.clusterOf(account),
			);
			const walked = await exploreCluster(source, account, options);
			expect([...walked.accounts].sort()).toEqual(members.sort());
			expect(walked.open).toEqual({ bounded: false, unread: [], unknownInputs: [] });
		}
	});

	test.prop([world, heuristics])("--why explains every union, by a shortest chain whose every reason checks out", async (records, text) => {
		const options = withHeuristics(text);
		const source = memoryOutputs(records);
		const transactions = new Map((await everything(source)).map((tx) => [tx.txid, tx]));
		const start = testAddress(1);
		const { accounts } = await exploreCluster(source, start, options);
		for (const account of accounts.slice(1)) {
			const { steps } = await explainUnion(source, start, account, options);
			expect(steps?.length).toBeGreaterThan(0);
			let at = start;
			for (const { reason, account: next } of steps ?? []) {
				expect(reason.accounts).toContain(at);
				expect(reason.accounts).toContain(next);
				const tx = transactions.get(reason.txid) as UtxoTransaction;
				const owners = new Set(tx.inputs.map((input) => input.previous?.account));
				if (reason.heuristic === "co-spend") expect(reason.accounts.every((a) => owners.has(a))).toBe(true);
				else {
					expect(owners.has(reason.accounts[0])).toBe(true);
					expect(tx.outputs.some((output) => output.account === reason.accounts[1])).toBe(true);
				}
				at = next;
			}
			expect(at).toBe(account);
		}
	});

	test.prop([
		fc.array(fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 60 })), { maxLength: 80 }),
		fc.array(fc.nat(), { minLength: 80, maxLength: 80 }),
	])("union-find: labels do not depend on the order of unions, and equal a literal search", (pairs, keys) => {
		const run = (list: readonly (readonly [number, number])[]) => {
			const sets = new UnionFind();
			sets.grow(61);
			for (const [a, b] of list) sets.union(a, b);
			return [...sets.labels()];
		};
		const shuffled = pairs
			.map((pair, i) => ({ pair, key: keys[i] ?? 0 }))
			.sort((a, b) => a.key - b.key)
			.map(({ pair }) => pair);
		expect(run(shuffled)).toEqual(run(pairs));
		const literal = Array.from({ length: 61 }, (_, i) => i);
		for (let changed = true; changed; ) {
			changed = false;
			for (const [a, b] of pairs) {
				const low = Math.min(literal[a] as number, literal[b] as number);
				if (literal[a] !== low || literal[b] !== low) [literal[a], literal[b], changed] = [low, low, true];
			}
		}
		expect(run(pairs)).toEqual(literal);
	});
});

describe("co-spend and its exceptions", () => {
	const coins = (owners: readonly number[], value = 1_000n) =>
		owners.map((owner, i) => testUtxo(1 + i, [1, i], [], [[owner, value + BigInt(i)]]));
	const spend = (n: number, count: number, pays: readonly (readonly [number, bigint])[]) =>
		testUtxo(
			n,
			[2, n],
			Array.from({ length: count }, (_, i) => [1 + i, 0] as const),
			pays,
		);

	it("joins inputs spent together", async () => {
		expect(await clusterOf([...coins([1, 2, 3]), spend(9, 2, [[7, 1_999n]])], 1)).toEqual(addresses(1, 2));
	});
	it("joins nothing in a CoinJoin, known or not, and says so", async () => {
		const records = [
			...coins([1, 2, 3]),
			spend(9, 3, [
				[7, 900n],
				[8, 900n],
				[6, 1_000n],
			]),
		];
		const cluster = await exploreCluster(memoryOutputs(records), testAddress(1), DEFAULT_CLUSTER_OPTIONS);
		expect(cluster.accounts).toEqual([testAddress(1)]);
		expect(cluster.refusals).toMatchObject([{ txid: testTxid(9), finding: { name: "equal-output" } }]);
	});
	it("joins nothing in a possible PayJoin, unless told to, or it is older than PayJoin", async () => {
		const records = [
			testUtxo(1, [1, 0], [], [[1, 100_000n]]),
			testUtxo(2, [1, 1], [], [[2, 1_000n]]),
			spend(9, 2, [
				[7, 60_000n],
				[8, 40_900n],
			]),
		];
		const tx = (await everything(memoryOutputs(records)))[2] as UtxoTransaction;
		const exception = (rest: Partial<ClusterOptions>, time?: number) =>
			ownersOf(tx, { ...DEFAULT_CLUSTER_OPTIONS, ...rest }, new Cuts([]), time).exception;
		expect(exception({})).toMatchObject({ finding: { name: "payjoin-possible" } });
		expect(exception({}, PAYJOIN_SINCE - 1)).toBeUndefined();
		expect(exception({ mergePayJoins: true })).toBeUndefined();
		// Made-up blocks are of 1970.
		expect(await clusterOf(records, 1)).toEqual(addresses(1, 2));
	});
	it("a cut transaction or address stays cut, for one heuristic or for all", async () => {
		const records = [
			...coins([1, 2, 3]),
			spend(9, 2, [[7, 1_999n]]),
			testUtxo(
				10,
				[3, 1],
				[
					[3, 0],
					[9, 0],
				],
				[[8, 3_000n]],
			),
		];
		const cut = (subject: string, heuristic = "") => ({ ...DEFAULT_CLUSTER_OPTIONS, cuts: [{ subject, heuristic, note: "n", at: "" }] });
		expect(await clusterOf(records, 3)).toEqual(addresses(3, 7));
		expect(await clusterOf(records, 1, cut(testTxid(9)))).toEqual(addresses(1));
		expect(await clusterOf(records, 1, cut(testTxid(9), "change:optimal"))).toEqual(addresses(1, 2));
		expect(await clusterOf(records, 1, cut(testAddress(2)))).toEqual(addresses(1));
		const index = await clusterChain(memoryOutputs(records), TEST_UTXO_CHAIN, cut(testTxid(9)));
		expect(index.clusters().sizes()).toMatchObject([{ size: 2 }]);
	});
	it("a bound ends the search and says so", async () => {
		const chain = Array.from({ length: 20 }, (_, i) => i).flatMap((i) => [
			testUtxo(100 + 2 * i, [1 + i, 0], [], [[i, 10n]]),
			testUtxo(101 + 2 * i, [1 + i, 1], [], [[i + 1, 10n]]),
		]);
		const joins = Array.from({ length: 20 }, (_, i) =>
			testUtxo(
				300 + i,
				[50 + i, 1],
				[
					[100 + 2 * i, 0],
					[101 + 2 * i, 0],
				],
				[[99, 20n]],
			),
		);
		const source = memoryOutputs([...chain, ...joins]);
		const whole = await exploreCluster(source, testAddress(0), DEFAULT_CLUSTER_OPTIONS);
		expect([whole.accounts.length, isComplete(whole.open)]).toEqual([21, true]);
		const { steps } = await explainUnion(source, testAddress(0), testAddress(20), DEFAULT_CLUSTER_OPTIONS);
		expect(steps?.map((s) => s.reason.txid)).toEqual(joins.map((tx) => tx.txid));
		const bounded = await exploreCluster(source, testAddress(0), DEFAULT_CLUSTER_OPTIONS, { maxAccounts: 5, maxTransactions: 1_000 });
		expect(bounded.open).toMatchObject({ bounded: true });
		expect(isComplete(bounded.open)).toBe(false);
		expect((await explainUnion(source, testAddress(0), testAddress(99), DEFAULT_CLUSTER_OPTIONS)).steps).toBeUndefined();
	});
});

describe("change heuristics, each alone", () => {
	/** One owner of p2wpkh coins pays 30,000,000 to p2pkh address 5 and has 19,999,500 of change at p2wpkh address 6. */
	const base = (rest: { pays?: readonly (readonly [number, bigint])[]; types?: readonly ("p2pkh" | "p2wpkh")[] } = {}) => [
		testUtxo(1, [1, 0], [], [[1, 25_000_000n]]),
		testUtxo(2, [1, 1], [], [[1, 25_000_000n]]),
		testUtxo(
			3,
			[2, 1],
			[
				[1, 0],
				[2, 0],
			],
			rest.pays ?? [
				[5, 30_000_000n],
				[6, 19_999_500n],
			],
			{ types: rest.types ?? ["p2pkh", "p2wpkh"], locktime: 1 },
		),
	];
	const found = (records: readonly UtxoRecord[], name: string) => clusterOf(records, 1, withHeuristics(`change:${name}`));

	it.each(["optimal", "address-type", "power-of-ten", "one-time"])("%s finds the change", async (name) => {
		expect(await found(base(), name)).toEqual(addresses(1, 6));
	});
	it("fresh-address finds it when the payee was seen before, and is undecided when both are new", async () => {
		expect(await found(base(), "fresh-address")).toEqual(addresses(1));
		expect(await found([testUtxo(50, [1, 5], [], [[5, 1n]]), ...base()], "fresh-address")).toEqual(addresses(1, 6));
	});
	it("address-reuse joins the reused address with the others", async () => {
		expect(
			await found(
				base({
					pays: [
						[5, 30_000_000n],
						[1, 19_999_500n],
					],
				}),
				"address-reuse",
			),
		).toEqual(addresses(1));
	});
	it("locktime and fingerprint rule out the output whose spender behaves otherwise", async () => {
		const spent = [
			...base(),
			testUtxo(4, [3, 1], [[3, 0]], [[8, 29_999_000n]], { locktime: 0, version: 1 }),
			testUtxo(5, [3, 2], [[3, 1]], [[9, 19_998_000n]], { locktime: 2 }),
		];
		expect(await found(spent, "locktime")).toEqual(addresses(1, 6));
		expect(await found(spent, "fingerprint")).toEqual(addresses(1, 6));
		expect(await found(base(), "locktime")).toEqual(addresses(1));
	});
	it("peeling-chain finds the output that the chain goes on with", async () => {
		const chain = [
			testUtxo(1, [1, 0], [], [[1, 100n]]),
			testUtxo(
				2,
				[2, 1],
				[[1, 0]],
				[
					[2, 10n],
					[3, 90n],
				],
			),
			testUtxo(
				3,
				[3, 1],
				[[2, 1]],
				[
					[4, 10n],
					[5, 80n],
				],
			),
			testUtxo(4, [3, 2], [[2, 0]], [[6, 10n]]),
		];
		expect(await found(chain, "peeling-chain")).toEqual(addresses(1, 3));
	});
	it("known failure: two round outputs, or none, leave nothing decided", async () => {
		expect(
			await found(
				base({
					pays: [
						[5, 30_000_000n],
						[6, 19_000_000n],
					],
				}),
				"power-of-ten",
			),
		).toEqual(addresses(1));
	});
	it("+ asks heuristics to agree, ! turns one round, and unknown names are refused", async () => {
		expect(await found(base(), "optimal+address-type")).toEqual(addresses(1, 6));
		expect(await found(base({ types: ["p2wpkh", "p2pkh"] }), "optimal+address-type")).toEqual(addresses(1));
		expect(await found(base(), "!optimal")).toEqual(addresses(1, 5));
		expect(() => parseHeuristics("co-spend,change:magic")).toThrow("no heuristic");
		expect(() => parseHeuristics("cospend")).toThrow("no heuristic");
	});
	it("finds no change where inputs are mixed, unknown, or there is one output", async () => {
		const mixed = [
			testUtxo(1, [1, 0], [], [[1, 50n]]),
			testUtxo(2, [1, 1], [], [[2, 60n]]),
			testUtxo(
				3,
				[2, 1],
				[
					[1, 0],
					[2, 0],
				],
				[
					[5, 40n],
					[6, 40n],
					[7, 29n],
				],
			),
		];
		expect(await found(mixed, "optimal")).toEqual(addresses(1));
		expect(
			await found(
				[
					testUtxo(
						3,
						[2, 1],
						[
							[77, 0],
							[78, 0],
						],
						[
							[1, 40n],
							[6, 4n],
						],
					),
				],
				"power-of-ten",
			),
		).toEqual(addresses(1));
		expect(
			await found(
				[
					...base().slice(0, 2),
					testUtxo(
						3,
						[2, 1],
						[
							[1, 0],
							[2, 0],
						],
						[[6, 7n]],
					),
				],
				"optimal",
			),
		).toEqual(addresses(1));
	});
});

describe("what a search did not see", () => {
	const read = (fromHeight: number, toHeight: number, account?: AccountId): Coverage => ({
		chain: TEST_UTXO_CHAIN,
		...(account === undefined ? {} : { account }),
		fromHeight,
		toHeight,
		kinds: ["native"],
		source: "s",
		note: "",
	});
	const records = [
		testUtxo(1, [1, 0], [], [[1, 60n]]),
		testUtxo(
			2,
			[2, 1],
			[
				[1, 0],
				[9, 0],
			],
			[[3, 70n]],
		),
	];
	const openOf = async (coverage: readonly Coverage[], of = 1) =>
		(await exploreCluster(memoryOutputs(records, { coverage }), testAddress(of), DEFAULT_CLUSTER_OPTIONS)).open;

	it("is the history of an address that nobody read, or not from the first block on without a hole", async () => {
		expect(await openOf([], 3)).toMatchObject({ unread: [testAddress(3)] });
		expect(isComplete(await openOf([read(0, 9)], 3))).toBe(true);
		expect([[read(1, 9)], [read(4, 9), read(0, 3)], [read(5, 9)], [read(0, 3), read(5, 9)], []].map(isWhole)).toEqual([
			true,
			true,
			false,
			false,
			false,
		]);
	});

	it("is who owned an input that no source told of, whose transaction is named; so no chain of reasons is no proof that there is none", async () => {
		expect(await openOf([read(0, 9)])).toEqual({
			bounded: false,
			unread: [],
			unknownInputs: [{ txid: testTxid(2), height: 2, inputs: 1 }],
		});
		const source = memoryOutputs(records, { coverage: [read(0, 9)] });
		const { steps, open } = await explainUnion(source, testAddress(1), testAddress(7), DEFAULT_CLUSTER_OPTIONS);
		expect([steps, isComplete(open)]).toEqual([undefined, false]);
	});
});
