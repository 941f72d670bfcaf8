import {
	type AccountCode,
	type ChainSource,
	type GraphStore,
	type Hash,
	NodeError,
	nativeAsset,
	type TraceResult,
	type UtxoChainSource,
} from "@clew/core";
import { TEST_CHAIN, testAccount } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { compareEndPoints } from "./end-points.js";

const ETHER = nativeAsset(TEST_CHAIN);
const SIGNAL = new AbortController().signal;
const leaf = (n: number, reason: string, most: string, outpoints: readonly object[] = []) => ({
	account: testAccount(n),
	stop: { reason, detail: "" },
	amounts: { [ETHER]: { fifo: most } },
	range: ["0", most],
	outpoints,
});
const resultOf = (...leaves: readonly object[]) => ({ chain: TEST_CHAIN, leaves }) as unknown as TraceResult;
const store = {
	balancesBefore: async () => [{ asset: ETHER, amount: 70n, shortfall: 0n }],
	profile: async () => ({ isContract: false }),
} as unknown as GraphStore;
const node = (balance: bigint, code: AccountCode = { kind: "none" }) =>
	({ chain: TEST_CHAIN, balance: async () => balance, codeOf: async () => code }) as unknown as ChainSource;

describe("end points compared with a node", () => {
	it("a balance that the case's transfers do not give is a gap with both figures", async () => {
		const held = resultOf(leaf(1, "unspent", "50"));
		expect(await compareEndPoints(store, node(70n), held, 9, SIGNAL)).toEqual([]);
		expect(await compareEndPoints(store, node(20n), held, 9, SIGNAL)).toMatchObject([
			{ kind: "balance-differs", account: testAccount(1), amount: "70", balance: "20", toHeight: "9" },
		]);
	});

	it("where the trace stops, money that is no longer there is told", async () => {
		const stopped = resultOf(leaf(2, "service", "50"));
		expect(await compareEndPoints(store, node(50n), stopped, 9, SIGNAL)).toEqual([]);
		expect(await compareEndPoints(store, node(49n), stopped, 9, SIGNAL)).toMatchObject([
			{ amount: "50", balance: "49", text: "the node's balance is lower by 1 base units than what the trace says can have arrived there" },
		]);
	});

	it("code at an account that the case takes for one without is told, and a node that cannot tell is no agreement", async () => {
		expect(await compareEndPoints(store, node(70n, { kind: "contract" }), resultOf(leaf(1, "unspent", "50")), 9, SIGNAL)).toMatchObject([
			{ kind: "code-differs", text: expect.stringMatching(/^it has code, and the case takes it/) },
		]);
		const delegated = { kind: "delegated", to: testAccount(8) } as const;
		expect(await compareEndPoints(store, node(70n, delegated), resultOf(leaf(1, "unspent", "50")), 9, SIGNAL)).toMatchObject([
			{ kind: "code-differs", text: expect.stringMatching(/^its key lets 0x0{39}9 act for it \(EIP-7702\), and the case takes it/) },
		]);
		const pruned = {
			...node(0n),
			balance: async () => {
				throw new NodeError("NODE_UNSUPPORTED", "node", "no state");
			},
		};
		expect(await compareEndPoints(store, pruned as unknown as ChainSource, resultOf(leaf(1, "unspent", "50")), 9, SIGNAL)).toMatchObject([
			{ kind: "not-compared", account: testAccount(1) },
		]);
	});

	it("end points of another chain are said not to be compared", async () => {
		const elsewhere = { ...resultOf(leaf(1, "unspent", "50")), chain: "eip155:10" };
		expect(await compareEndPoints(store, node(70n), elsewhere, 9, SIGNAL)).toMatchObject([
			{ kind: "not-compared", text: expect.stringContaining("is of another chain") },
		]);
	});

	it("on Bitcoin a spend in a block and one in none are named", async () => {
		const outpoint = `${"ab".repeat(32)}:0`;
		const bitcoin = (height: number | undefined) =>
			({
				ledger: "outputs",
				chain: "bip122:000000000019d6689c085ae165831e93",
				spenderOf: async () => "cd".repeat(32) as Hash,
				transaction: async () => (height === undefined ? undefined : { record: { height }, time: 0 }),
			}) as unknown as UtxoChainSource;
		const held = { ...resultOf(leaf(1, "unspent", "50", [{ outpoint, amount: "60" }])), chain: bitcoin(1).chain };
		const [pending] = await compareEndPoints(store, bitcoin(undefined), held, 9, SIGNAL);
		expect(pending).toMatchObject({ kind: "later-spend", amount: "60", text: expect.stringContaining("which is in no block yet") });
		const [spent] = await compareEndPoints(store, bitcoin(12), held, 9, SIGNAL);
		expect(spent).toMatchObject({ fromHeight: "12", text: expect.stringContaining("in block 12") });
	});
});
