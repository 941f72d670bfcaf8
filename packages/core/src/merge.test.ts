import { describe, expect, it } from "vitest";
import { nativeAsset, nullAccount } from "./chain-family/accounts.js";
import { erc20Asset, type Hash, unknownAccount, unnamedBlock } from "./ids.js";
import { mergeTransactions, type SourcedTransaction, type SourcedTransfer } from "./merge.js";
import { BLOCK_TX_INDEX } from "./position.js";
import { TEST_CHAIN, testAccount } from "./testing/memory-ledger.js";

const ETHER = nativeAsset(TEST_CHAIN);
const TOKEN = erc20Asset(TEST_CHAIN, `0x${"a".repeat(40)}`);
const [A, B, C] = [1, 2, 3].map(testAccount) as [SourcedTransfer["to"], SourcedTransfer["to"], SourcedTransfer["to"]];
const move = (
	kind: SourcedTransfer["kind"],
	to: SourcedTransfer["to"],
	amount: bigint,
	more: Partial<SourcedTransfer> = {},
): SourcedTransfer => ({
	kind,
	from: A,
	to,
	asset: kind === "token" ? TOKEN : ETHER,
	amount,
	provenance: "imported",
	source: "a",
	...more,
});
const tx = (transfers: readonly SourcedTransfer[], more: Partial<SourcedTransaction> = {}): SourcedTransaction => ({
	hash: `0x${"1".repeat(64)}` as Hash,
	height: 7,
	transfers,
	...more,
});
/** Merged in both orders, which must give the same. */
function merged(a: SourcedTransaction, b: SourcedTransaction): SourcedTransaction[] {
	const [one, other] = [mergeTransactions([a], [b]), mergeTransactions([b], [a])];
	const shown = (all: readonly SourcedTransaction[]) =>
		all.map(({ transfers, ...rest }) => [rest, transfers.map((t) => `${t.kind} ${t.to} ${t.amount} ${t.eventIndex}`).sort()]);
	expect(shown(one)).toEqual(shown(other));
	return one;
}
const told = (all: readonly SourcedTransaction[]) =>
	all.flatMap(({ transfers }) => transfers.map(({ kind, to, amount }) => [kind, to, amount]));
const refused = (a: SourcedTransaction, b: SourcedTransaction) => expect(() => mergeTransactions([a], [b]));

describe("what two sources tell of one transaction", () => {
	it("contradicts itself where block, index, status, fee or value differ, and not where one tells none", () => {
		refused(tx([]), tx([], { height: 8 })).toThrow("block 7 and block 8");
		refused(tx([], { txIndex: 1 }), tx([], { txIndex: 2 })).toThrow("transaction index 1 and 2");
		refused(tx([], { status: "failed" }), tx([], { status: "succeeded" })).toThrow("it failed and it succeeded");
		refused(tx([move("fee", B, 1n)]), tx([move("fee", B, 2n)])).toThrow("fee of 1 and fee of 2");
		refused(tx([move("native", B, 1n)]), tx([move("native", B, 2n)])).toThrow("native of 1 and native of 2");
		refused(tx([move("native", B, 1n)]), tx([move("native", C, 1n)])).toThrow(/native of 1 from 0x\S+2 to 0x\S+3 and native of 1 from/);
		const [told1] = merged(tx([], { txIndex: 1, status: "succeeded" }), tx([]));
		expect([told1?.txIndex, told1?.status, told1?.statusMissing]).toEqual([1, "succeeded", undefined]);
	});

	it("has one fee, the larger of two files' where a part of it is the first layer's, and a node's as it is", () => {
		const [from, asset] = ["eip155:10:0x1", "eip155:10/slip44:60"] as unknown as [typeof A, typeof ETHER];
		const fee = (amount: bigint, more: Partial<SourcedTransfer> = {}) => move("fee", B, amount, { from, asset, ...more });
		expect(told(merged(tx([fee(5n)]), tx([fee(7n)])))).toEqual([["fee", B, 7n]]);
		expect(told(merged(tx([fee(5n)]), tx([fee(7n, { provenance: "node" })])))).toEqual([["fee", B, 7n]]);
		refused(tx([fee(7n)]), tx([fee(5n, { provenance: "node" })])).toThrow("fee of 7 and fee of 5");
	});

	it("lacks its status only where none of them tells it", () => {
		expect(merged(tx([], { statusMissing: true }), tx([]))[0]?.statusMissing).toBe(true);
		expect(merged(tx([], { statusMissing: true }), tx([], { status: "failed" }))[0]).not.toHaveProperty("statusMissing");
		expect(merged(tx([]), tx([]))[0]).not.toHaveProperty("statusMissing");
	});

	it("that failed moves its fee, and what a deposit into a rollup mints of the coin, whoever tells of more", () => {
		const all = [move("fee", nullAccount(TEST_CHAIN), 1n), move("native", B, 5n), move("token", B, 6n)];
		const minted = [move("mint", B, 7n), move("mint", B, 8n, { asset: TOKEN })];
		expect(told(merged(tx([], { status: "failed" }), tx([...all, ...minted])))).toEqual([
			["fee", nullAccount(TEST_CHAIN), 1n],
			["mint", B, 7n],
		]);
		expect(told(mergeTransactions([tx(all, { status: "failed" })], []))).toEqual([["fee", nullAccount(TEST_CHAIN), 1n]]);
	});

	it("is as many equal movements as the source that tells most of them, each place once", () => {
		const three = [move("token", B, 5n), move("token", B, 5n), move("token", B, 5n)];
		expect(told(merged(tx(three), tx(three.slice(1)))).length).toBe(3);
		const placed = [move("token", B, 5n, { eventIndex: 20_000 }), move("token", B, 5n, { eventIndex: 20_001 })];
		expect(told(merged(tx(placed), tx(three.slice(1)))).length).toBe(2);
		expect(
			merged(tx(placed), tx(three)).flatMap(({ transfers }) => transfers.map(({ eventIndex }) => eventIndex ?? -1).sort((a, b) => a - b)),
		).toEqual([-1, 20_000, 20_001]);
		expect(told(merged(tx(placed.slice(0, 1)), tx(placed.slice(1)))).length).toBe(2);
	});

	it("is one where a source names the receiver that another does not, and as many unnamed as nobody names", () => {
		const unknown = unknownAccount(TEST_CHAIN);
		const call = (to: SourcedTransfer["to"], amount = 5n) => move("internal", to, amount, { eventIndex: undefined } as never);
		expect(told(merged(tx([call(unknown)]), tx([call(B)])))).toEqual([["internal", B, 5n]]);
		expect(
			told(merged(tx([call(unknown), call(unknown)]), tx([call(B)])))
				.map(([, to]) => to)
				.sort(),
		).toEqual([B, unknown].sort());
		expect(told(merged(tx([call(unknown)]), tx([call(B, 6n)]))).length).toBe(2);
	});

	it("is told by the strongest that told of it", () => {
		const [found] = merged(tx([move("token", B, 5n, { source: "b" })]), tx([move("token", B, 5n, { source: "c", provenance: "node" })]));
		expect(found?.transfers[0]).toMatchObject({ source: "c", provenance: "node" });
		expect(merged(tx([move("token", B, 5n, { source: "b" })]), tx([move("token", B, 5n)]))[0]?.transfers[0]?.source).toBe("a");
	});
});

describe("what a block itself pays", () => {
	const block = (hash: Hash, ...transfers: readonly SourcedTransfer[]) => tx(transfers, { hash, txIndex: BLOCK_TX_INDEX });
	const [named, other] = [`0x${"2".repeat(64)}`, `0x${"3".repeat(64)}`] as [Hash, Hash];
	const reward = (amount: bigint, more: Partial<SourcedTransfer> = {}) =>
		move("reward", B, amount, { from: nullAccount(TEST_CHAIN), ...more });

	it("is one group, of the block that somebody names; two names contradict each other", () => {
		expect(
			merged(block(unnamedBlock(7), reward(1n)), block(named, reward(1n))).map(({ hash, transfers }) => [hash, transfers.length]),
		).toEqual([[named, 1]]);
		expect(merged(block(unnamedBlock(7), reward(1n)), block(unnamedBlock(7)))[0]?.hash).toBe(unnamedBlock(7));
		refused(block(named), block(other)).toThrow(`block hash ${named} and ${other}`);
		expect(mergeTransactions([block(named, reward(1n))], [tx([])]).length).toBe(2);
	});

	it("is of each account the word of the strongest source alone", () => {
		const node = reward(3n, { provenance: "node", source: "n" });
		const beside = move("reward", C, 9n, { from: nullAccount(TEST_CHAIN) });
		expect(told(merged(block(named, reward(2n), beside), block(named, node))).sort()).toEqual(
			[
				["reward", B, 3n],
				["reward", C, 9n],
			].sort(),
		);
	});
});
