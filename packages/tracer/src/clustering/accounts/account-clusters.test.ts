import { readFileSync } from "node:fs";
import { type AccountId, type AssetId, COVERED_KINDS, type Coverage, type Detection, type Transfer } from "@clew/core";
import { type MemoryLedgerOptions, memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { detect } from "../../detection/detect.js";
import { pairErrors, simulateOwners } from "../../simulator/owners.js";
import { SIMULATED_CHAIN } from "../../simulator/simulate.js";
import { transfersOf } from "../../simulator/transfers.test-util.js";
import { type AccountClusters, clusterAccounts } from "./account-clusters.js";
import type { AccountClusterOptions } from "./account-joins.js";
import { ACCOUNT_HEURISTICS, type AccountHeuristic, DEFAULT_ACCOUNT_CLUSTER_PARAMETERS } from "./parameters.js";

const TOKEN = `${TEST_CHAIN}/erc20:0x00000000000000000000000000000000000000aa` as AssetId;
const ETHER = 10n ** 18n;
const DAY = 7_200;
const [FUNDER, A, B, C, TARGET] = [1, 2, 3, 4, 5];
const account = testAccount;
const EVERYTHING: Coverage = { chain: TEST_CHAIN, fromHeight: 0, toHeight: 2 ** 30, kinds: COVERED_KINDS, source: "test", note: "" };
const pay = (height: number, from: number, to: number, amount = ETHER, rest: Partial<Transfer> = {}) =>
	testTransfer([height, 0, 1], from, to, amount, rest);
const token = (height: number, from: number, to: number) => pay(height, from, to, 5n, { kind: "token", asset: TOKEN });

const options = (heuristics: readonly AccountHeuristic[], rest: Partial<AccountClusterOptions> = {}): AccountClusterOptions => ({
	heuristics: new Set(heuristics),
	parameters: DEFAULT_ACCOUNT_CLUSTER_PARAMETERS,
	cuts: [],
	detections: [],
	signal: new AbortController().signal,
	...rest,
});
interface Given extends Partial<AccountClusterOptions> {
	readonly ledger?: MemoryLedgerOptions;
	readonly coverage?: readonly Coverage[];
}
const clusters = (heuristic: AccountHeuristic, transfers: readonly Transfer[], { ledger, coverage, ...rest }: Given = {}) =>
	clusterAccounts(memoryLedger(transfers, ledger), TEST_CHAIN, coverage ?? [EVERYTHING], options([heuristic], rest));
const members = async (...args: Parameters<typeof clusters>) => [...(await clusters(...args)).clusterOf(account(A))].sort();
const joined = (...ids: readonly number[]) => ids.map(account).sort();

describe("accounts that may have one owner", () => {
	const siblings = [pay(10, FUNDER, A), pay(20, FUNDER, B, (ETHER * 105n) / 100n)];

	it("funding-siblings: first coins of one day, in similar sums, of one account", async () => {
		expect(await members("funding-siblings", siblings)).toEqual(joined(FUNDER, A, B));
		expect(await members("funding-siblings", [pay(10, FUNDER, A), pay(20, FUNDER, B, 2n * ETHER)])).toEqual(joined(A));
		expect(await members("funding-siblings", [pay(10, FUNDER, A), pay(10 + 2 * DAY, FUNDER, B)])).toEqual(joined(A));
		expect(await members("funding-siblings", [pay(5, 9, B), ...siblings])).toEqual(joined(A));
	});

	it("joins nobody whom a service, a contract or a crowd funded, whose first coins are not known, or at times that are not", async () => {
		const label = { category: "exchange", entity: "E", name: "E", source: "s", retrievedAt: "", confidence: 50 } as const;
		expect(await members("funding-siblings", siblings, { ledger: { labels: [{ ...label, account: account(FUNDER) }] } })).toEqual(
			joined(A),
		);
		expect(await members("funding-siblings", siblings, { ledger: { contracts: new Set([account(FUNDER)]) } })).toEqual(joined(A));
		const crowd = Array.from({ length: 60 }, (_, i) => pay(30 + i, FUNDER, 100 + i, 7n));
		expect(await members("funding-siblings", [...siblings, ...crowd])).toEqual(joined(A));
		expect(await members("funding-siblings", siblings, { coverage: [{ ...EVERYTHING, fromHeight: 9 }] })).toEqual(joined(A));
		expect(await members("funding-siblings", siblings, { ledger: { timeless: new Set([20]) } })).toEqual(joined(A));
		const own = [account(A), account(B)].map((one) => ({ ...EVERYTHING, account: one }));
		expect(await members("funding-siblings", siblings, { coverage: own })).toEqual(joined(FUNDER, A, B));
		const { unread } = await clusters("funding-siblings", siblings, { coverage: own.slice(1) });
		expect(unread).toBe(1);
	});

	it("looks nothing up of accounts of which the case says nothing, and loses none that it says something of", async () => {
		const contracts = new Set([account(FUNDER)]);
		const source = memoryLedger(siblings, { contracts });
		const asked: string[] = [];
		const counting = {
			...source,
			profile: (...args: Parameters<typeof source.profile>) => {
				asked.push(args[0]);
				return source.profile(...args);
			},
		};
		const of = (noted?: ReadonlySet<AccountId>) =>
			clusterAccounts(counting, TEST_CHAIN, [EVERYTHING], options(["funding-siblings"], noted === undefined ? {} : { noted }));
		expect((await of(contracts)).reasons).toEqual((await of()).reasons);
		asked.length = 0;
		expect((await of(contracts)).reasons).toEqual([]);
		expect(asked).toEqual([account(FUNDER)]);
		expect((await of(new Set())).reasons).toHaveLength(1);
	});

	it("gas-tank: gave accounts with tokens and no coins the gas with which they moved them", async () => {
		const gas = ETHER / 100n;
		const tanked = (who: number, at: number) => [token(at, 9, who), pay(at + 1, FUNDER, who, gas), token(at + 2, who, TARGET)];
		expect(await members("gas-tank", [...tanked(A, 10), ...tanked(B, 20)])).toEqual(joined(FUNDER, A, B));
		expect(await members("gas-tank", tanked(A, 10))).toEqual(joined(A));
		const spent = [token(20, 9, B), pay(21, FUNDER, B, gas), pay(22, B, TARGET, 1n)];
		expect(await members("gas-tank", [...tanked(A, 10), ...spent])).toEqual(joined(A));
		const much = [token(20, 9, B), pay(21, FUNDER, B, ETHER), token(22, B, TARGET)];
		expect(await members("gas-tank", [...tanked(A, 10), ...much])).toEqual(joined(A));
	});

	it("consolidation: accounts that one account had funded pay all into one; strangers who do so are not joined", async () => {
		const own = [A, B, C].flatMap((who, i) => [pay(10 + 2 * DAY * i, FUNDER, who, ETHER * BigInt(i + 1)), pay(90_000 + i, who, TARGET)]);
		expect(await members("consolidation", own)).toEqual(joined(A, B, C, TARGET));
		const strangers = [A, B, C].flatMap((who, i) => [pay(10 + i, 20 + i, who), pay(90_000 + i, who, TARGET)]);
		expect(await members("consolidation", strangers)).toEqual(joined(A));
		expect(await members("consolidation", [...own, pay(99_000, A, 9, ETHER)])).toEqual(joined(A));
	});

	it("deposit-reuse: pay into one deposit address; too many payers are a shop's customers", async () => {
		const detection = { account: account(TARGET), kind: "deposit-address" } as Detection;
		const paid = [pay(10, A, TARGET), pay(11, B, TARGET)];
		expect(await members("deposit-reuse", paid, { detections: [detection] })).toEqual(joined(A, B));
		expect(await members("deposit-reuse", paid)).toEqual(joined(A));
		const shop = Array.from({ length: 11 }, (_, i) => pay(20 + i, 30 + i, TARGET));
		expect(await members("deposit-reuse", [...paid, ...shop], { detections: [detection] })).toEqual(joined(A));
	});

	it("keeps apart what a person cut, and tells the shortest way between two", async () => {
		const cut = { subject: account(B), heuristic: "funding-siblings", note: "", at: "" };
		expect(await members("funding-siblings", siblings, { cuts: [cut] })).toEqual(joined(A));
		expect(await members("funding-siblings", siblings, { cuts: [{ ...cut, heuristic: "gas-tank" }] })).toEqual(joined(FUNDER, A, B));
		const found = await clusters("funding-siblings", [...siblings, pay(30, B, C), pay(31, B, TARGET)]);
		expect(found.why(account(A), account(TARGET))?.map(({ account: to }) => to)).toEqual([account(B), account(TARGET)]);
		expect(found.why(account(A), account(9))).toBeUndefined();
		expect(found.sizes()).toEqual([{ first: account(FUNDER), size: 5 }]);
	});

	it("says whom an account funded; of one whose calls were not read nobody knows who funded it first", async () => {
		const found = await clusters("funding-siblings", siblings);
		expect(found.fundedBy(account(FUNDER))).toEqual([account(A), account(B)]);
		const withoutCalls = await clusters("funding-siblings", siblings, { coverage: [{ ...EVERYTHING, kinds: ["native", "token"] }] });
		expect([withoutCalls.unread, withoutCalls.reasons]).toEqual([2, []]);
	});
});

/** Worlds that the table of docs/clustering.md is of. */
const SEEDS = [1, 2, 3, 4, 5];

describe("in worlds whose owners are known", async () => {
	const measured = await measure();

	it("is as often right as docs/clustering.md says", () => {
		const docs = readFileSync(new URL("../../../../../docs/clustering.md", import.meta.url), "utf8");
		const rows = measured.map(
			({ name, joined, right, pairs }) => `| ${name} | ${joined} | ${percent(right, joined)} | ${percent(right, pairs)} |`,
		);
		expect(rows.filter((row) => !docs.includes(row))).toEqual([]);
	});
});

const percent = (part: number, of: number) => `${((100 * part) / of).toFixed(1)} %`;

async function measure() {
	const sums = new Map<string, { joined: number; right: number; pairs: number }>();
	for (const seed of SEEDS) {
		const { blocks, contracts, owners } = simulateOwners(seed);
		const source = memoryLedger(transfersOf(blocks), { contracts: new Set(contracts) });
		const detections = await detect(source, SIMULATED_CHAIN);
		for (const heuristics of [...ACCOUNT_HEURISTICS.map((one) => [one]), [...ACCOUNT_HEURISTICS]]) {
			const found = await clusterAccounts(source, SIMULATED_CHAIN, [EVERYTHING], options(heuristics, { detections }));
			const groups = heuristics.length > 1 ? groupsOf(found) : found.reasons.map(({ accounts }) => accounts);
			const name = heuristics.length > 1 ? "all together, as clusters" : (heuristics[0] as string);
			const sum = sums.get(name) ?? { joined: 0, right: 0, pairs: 0 };
			const { joined, right, pairs } = pairErrors(groups, owners);
			sums.set(name, { joined: sum.joined + joined, right: sum.right + right, pairs: sum.pairs + pairs });
		}
	}
	return [...sums].map(([name, sum]) => ({ name, ...sum }));
}

const groupsOf = (found: AccountClusters) => found.sizes().map(({ first }) => found.clusterOf(first));
