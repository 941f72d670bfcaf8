import { describe, expect, it } from "vitest";
import { nativeAsset, nullAccount } from "./chain-family/accounts.js";
import { type AccountId, erc20Asset, type Hash, unknownAccount } from "./ids.js";
import { BLOCK_TX_INDEX } from "./position.js";
import { TEST_CHAIN, testAccount } from "./testing/memory-ledger.js";
import { COVERED_KINDS, type CoveredKind, type TransactionRecord, type TransferRecord } from "./transfer.js";
import { borneOutBy } from "./whole-block.js";

const ETHER = nativeAsset(TEST_CHAIN);
const TOKEN = erc20Asset(TEST_CHAIN, `0x${"a".repeat(40)}`);
const [A, B, C] = [1, 2, 3].map(testAccount) as [AccountId, AccountId, AccountId];
const move = (kind: TransferRecord["kind"], to: AccountId, amount: bigint, more: Partial<TransferRecord> = {}): TransferRecord => ({
	kind,
	from: A,
	to,
	asset: kind === "token" ? TOKEN : ETHER,
	amount,
	...more,
});
const tx = (transfers: readonly TransferRecord[], more: Partial<TransactionRecord> = {}): TransactionRecord => ({
	hash: `0x${"1".repeat(64)}` as Hash,
	height: 7,
	transfers,
	...more,
});
const fee = (amount: bigint) => move("fee", nullAccount(TEST_CHAIN), amount);
const left = (told: TransactionRecord, own: TransactionRecord | undefined, kinds: readonly CoveredKind[] = COVERED_KINDS) => {
	const { tx: kept, denied } = borneOutBy(told, own, new Set(kinds));
	return { kept: kept?.transfers.map(({ amount }) => amount), denied: denied.map(({ what }) => what), tx: kept };
};

describe("what a whole block of a node leaves of a file's word", () => {
	it("is all that it bears out, each movement as often as the block holds it", () => {
		const all = [fee(1n), move("native", B, 5n), move("token", B, 6n), move("token", B, 6n), move("internal", C, 2n)];
		expect(left(tx(all), tx(all))).toMatchObject({ kept: [1n, 5n, 6n, 6n, 2n], denied: [] });
		expect(left(tx(all), tx(all.slice(0, 3)))).toMatchObject({ kept: [1n, 5n, 6n], denied: ["movement", "movement"] });
		expect(left(tx(all.slice(0, 3)), tx(all))).toMatchObject({ kept: [1n, 5n, 6n], denied: [] });
	});

	it("is nothing of a transaction that the block does not hold, and all of what the file says that the block itself paid", () => {
		expect(left(tx([fee(1n)]), undefined)).toEqual({ kept: undefined, denied: ["transaction"], tx: undefined });
		const own = tx([move("reward", B, 5n)], { txIndex: BLOCK_TX_INDEX });
		expect(left(own, undefined)).toMatchObject({ kept: [5n], denied: [] });
	});

	it("is without status and index where both tell them and they differ; with them where one does not tell", () => {
		const told = tx([], { status: "succeeded", txIndex: 3 });
		expect(left(told, tx([], { status: "failed", txIndex: 4 }))).toMatchObject({ denied: ["status", "index"], tx: { height: 7 } });
		const bare = left(told, tx([], { status: "failed", txIndex: 4 })).tx;
		expect([bare?.status, bare?.txIndex, bare && Object.keys(bare)]).toEqual([undefined, undefined, ["hash", "height", "transfers"]]);
		expect(left(told, tx([], { status: "succeeded", txIndex: 3 }))).toMatchObject({ denied: [], tx: { status: "succeeded", txIndex: 3 } });
		expect(left(told, tx([]))).toMatchObject({ denied: [], tx: { status: "succeeded", txIndex: 3 } });
		expect(left(tx([]), tx([], { status: "failed", txIndex: 3 }))).toMatchObject({ denied: [] });
	});

	it("says which word is denied: fee, value or movement; a fee or value of nothing is none", () => {
		const own = tx([fee(1n), move("native", B, 5n)]);
		expect(left(tx([fee(2n), move("native", B, 6n), move("token", B, 6n)]), own).denied).toEqual(["fee", "value", "movement"]);
		expect(left(tx([fee(0n), move("native", B, 0n), move("token", B, 0n)]), own).denied).toEqual(["movement"]);
		for (const odd of [
			move("token", C, 6n),
			move("token", B, 6n, { from: C }),
			move("token", B, 6n, { asset: erc20Asset(TEST_CHAIN, `0x${"b".repeat(40)}`) }),
			move("token", B, 7n),
		])
			expect(left(tx([odd]), tx([move("token", B, 6n)]))).toMatchObject({ kept: [], denied: ["movement"] });
	});

	it("keeps kinds in which the block is not complete", () => {
		const told = tx([move("native", B, 6n), move("token", B, 6n), move("internal", B, 7n)]);
		expect(left(told, tx([]), ["native"])).toMatchObject({ kept: [6n, 7n], denied: ["value"] });
		expect(left(told, tx([]), ["token", "internal"])).toMatchObject({ kept: [6n], denied: ["movement", "movement"] });
	});

	it("bears out a receiver whom the file does not name, and the transaction's own call told once more, but no other call", () => {
		expect(left(tx([move("internal", unknownAccount(TEST_CHAIN), 2n)]), tx([move("internal", C, 2n)]))).toMatchObject({ denied: [] });
		const own = tx([move("native", B, 5n)]);
		expect(left(tx([move("internal", B, 5n)]), own)).toMatchObject({ kept: [5n], denied: [] });
		expect(left(tx([move("internal", B, 6n)]), own)).toMatchObject({ kept: [], denied: ["movement"] });
		expect(left(tx([move("token", B, 5n)]), own)).toMatchObject({ kept: [], denied: ["movement"] });
		expect(left(tx([move("internal", B, 5n)]), tx([]))).toMatchObject({ kept: [], denied: ["movement"] });
	});

	it("bears out a part of the fee where a part of it is the first layer's, and no more than it", () => {
		const on = (chain: string, amount: bigint): TransferRecord => ({
			kind: "fee",
			from: `${chain}:0x${"1".repeat(40)}` as AccountId,
			to: `${chain}:0x${"0".repeat(40)}` as AccountId,
			asset: `${chain}/slip44:60` as TransferRecord["asset"],
			amount,
		});
		const of = (chain: string, told: bigint, own: bigint) => left(tx([on(chain, told)]), tx([on(chain, own)])).denied;
		expect([of("eip155:10", 5n, 7n), of("eip155:10", 7n, 5n), of("eip155:1", 5n, 7n), of("eip155:1", 7n, 7n)]).toEqual([
			[],
			["fee"],
			["fee"],
			[],
		]);
	});
});
