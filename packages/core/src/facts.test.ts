import { beforeEach, describe, expect, it } from "vitest";
import { nativeAsset, nullAccount } from "./chain-family/accounts.js";
import { BITCOIN_MAINNET, MAX_MONEY } from "./chain-family/bitcoin/networks.js";
import { evmChainId } from "./chain-family/evm/chains.js";
import { impossibleTime } from "./chain-family/evm/slots.js";
import { otherSideOfWrapping, unwrappedPayment, wrappedCoin } from "./chain-family/evm/wrapped.js";
import { impossibleAmount, impossibleHeight, impossibleMoment } from "./chain-family/possible.js";
import { TRON_MAINNET } from "./chain-family/tron/family.js";
import { wholeFees } from "./fee-merge.js";
import { type AccountId, type AssetId, type ChainId, erc20Asset, trustedAccountId, unknownAccount } from "./ids.js";
import { NFTS, nftsOf, withoutNfts } from "./nft.js";
import { putNfts } from "./nft-words.js";
import type { StoredHeight } from "./ports/block-store.js";
import type { GraphStore } from "./ports/graph-store.js";
import { MAX_HEIGHT } from "./position.js";
import { TEST_CHAIN, testAccount } from "./testing/memory-ledger.js";
import { memoryRecords } from "./testing/memory-records.js";
import { gapsOfTransaction } from "./transaction-gaps.js";
import type { ProvenanceTier, TransactionRecord, TransferRecord } from "./transfer.js";

const ETHER = nativeAsset(TEST_CHAIN);
const move = (kind: TransferRecord["kind"], from: AccountId, to: AccountId, amount: bigint, asset: AssetId = ETHER): TransferRecord => ({
	kind,
	from,
	to,
	asset,
	amount,
});
const [a, b] = [testAccount(1), testAccount(2)];

describe("fees that sources tell of one transaction", () => {
	const fee = (chain: number, amount: bigint, provenance: ProvenanceTier = "imported", payer = "a") => ({
		...move("fee", trustedAccountId(evmChainId(chain), payer), nullAccount(evmChainId(chain)), amount),
		provenance,
	});
	const amounts = (...fees: readonly ReturnType<typeof fee>[]) => wholeFees(fees).map(({ amount }) => amount);
	const [OPTIMISM, ETHEREUM] = [10, 1];

	it("where a fee has a part on the first layer, a file's smaller one is a part of the larger one", () => {
		expect(amounts(fee(OPTIMISM, 5n), fee(OPTIMISM, 7n))).toEqual([7n]);
		expect(amounts(fee(OPTIMISM, 7n, "node"), fee(OPTIMISM, 5n))).toEqual([7n]);
		expect(amounts(fee(OPTIMISM, 7n))).toEqual([7n]);
		expect(amounts(fee(OPTIMISM, 7n), fee(OPTIMISM, 7n))).toEqual([7n, 7n]);
	});

	it("any two of a chain without such a part disagree, and so do a node's smaller one and another payer's", () => {
		expect(amounts(fee(ETHEREUM, 5n), fee(ETHEREUM, 7n))).toEqual([5n, 7n]);
		expect(amounts(fee(OPTIMISM, 5n, "node"), fee(OPTIMISM, 7n))).toEqual([5n, 7n]);
		expect(amounts(fee(OPTIMISM, 5n), fee(OPTIMISM, 7n, "imported", "b"))).toEqual([5n, 7n]);
		expect(wholeFees([])).toEqual([]);
	});
});

describe("what the sources of a transaction could not tell", () => {
	const of = (transfers: readonly TransferRecord[], more: Partial<TransactionRecord> = {}) =>
		gapsOfTransaction({ transfers, ...more }).map(({ account, gap }) => [account, gap.split(",")[0]]);
	const UNTOLD = "whether a transaction succeeded is told by no source (no status";

	it("is its status where no source tells it, of whom it moved something; a fee is paid either way", () => {
		const both = [move("fee", a, nullAccount(TEST_CHAIN), 1n), move("native", a, b, 5n)];
		expect(of(both, { statusMissing: true })).toEqual([
			[a, UNTOLD],
			[b, UNTOLD],
		]);
		expect(of(both, { statusMissing: true, status: "succeeded" })).toEqual([]);
		expect(of(both)).toEqual([]);
		expect(of(both.slice(0, 1), { statusMissing: true })).toEqual([]);
	});

	it("is its receiver where none is named, and of nobody nothing is missing", () => {
		expect(of([move("native", a, unknownAccount(TEST_CHAIN), 5n)])).toEqual([[a, "value went from it"]]);
		expect(of([move("native", a, unknownAccount(TEST_CHAIN), 5n)], { statusMissing: true }).map(([account]) => account)).toEqual([a, a]);
	});

	it("is the other side of a wrapped coin, of who paid in or was paid out, unless exactly that is told", () => {
		const coin = wrappedCoin(TEST_CHAIN);
		if (coin === undefined) throw new Error("Ethereum has a wrapped coin");
		const nobody = nullAccount(TEST_CHAIN);
		const WRAPPING = "a payment with the contract of the wrapped coin";
		const [into, out] = [move("native", a, coin.contract, 5n), move("internal", coin.contract, b, 5n)];
		expect([of([into]), of([out])]).toEqual([[[a, WRAPPING]], [[b, WRAPPING]]]);
		expect(of([into, move("mint", nobody, a, 5n, coin.asset)])).toEqual([]);
		expect(of([out, move("burn", b, nobody, 5n, coin.asset)])).toEqual([]);
		for (const other of [
			move("mint", nobody, a, 6n, coin.asset),
			move("burn", a, nobody, 5n, coin.asset),
			move("mint", nobody, a, 5n, erc20Asset(TEST_CHAIN, `0x${"d".repeat(40)}`)),
		])
			expect(of([into, other])).toEqual([[a, WRAPPING]]);
		expect(of([move("native", a, b, 5n)])).toEqual([]);
		expect(of([move("token", a, coin.contract, 5n, coin.asset), move("native", coin.contract, coin.contract, 5n)])).toEqual([]);
	});
});

describe("a payment with the contract of a wrapped coin", () => {
	const coin = wrappedCoin(TEST_CHAIN);
	if (coin === undefined) throw new Error("Ethereum has a wrapped coin");
	const nobody = nullAccount(TEST_CHAIN);
	const other = (t: TransferRecord, chain = TEST_CHAIN) => otherSideOfWrapping(chain, t);

	it("has as its other side the mint to who paid, or the burn of who was paid, by transaction and by call", () => {
		for (const kind of ["native", "internal"] as const) {
			expect(other(move(kind, a, coin.contract, 5n))).toEqual(move("mint", nobody, a, 5n, coin.asset));
			expect(other(move(kind, coin.contract, a, 5n))).toEqual(move("burn", a, nobody, 5n, coin.asset));
		}
	});

	it("has none where nothing moves, nobody else takes part, it is no coin, or the contract has other code or none is known", () => {
		for (const none of [
			move("native", a, coin.contract, 0n),
			move("native", coin.contract, coin.contract, 5n),
			move("native", a, b, 5n),
			move("token", a, coin.contract, 5n, coin.asset),
			move("fee", a, coin.contract, 5n),
		])
			expect(other(none), none.kind).toBeUndefined();
		for (const chain of [42_161, 324, 61].map(evmChainId)) {
			const contract = wrappedCoin(chain)?.contract ?? coin.contract;
			expect(other(move("native", a, contract, 5n), chain)).toBeUndefined();
		}
		expect([wrappedCoin(evmChainId(42_161))?.weth9, wrappedCoin(evmChainId(61)), coin.weth9]).toEqual([false, undefined, true]);
		expect(unwrappedPayment(TEST_CHAIN, coin.contract, a, 5n)).toEqual(move("internal", coin.contract, a, 5n));
	});
});

describe("contracts whose numbers are ids", () => {
	const [nft, other, money] = ["a", "b", "c"].map((digit) => erc20Asset(TEST_CHAIN, `0x${digit.repeat(40)}`)) as [
		AssetId,
		AssetId,
		AssetId,
	];
	const tx = (n: number, ...assets: readonly AssetId[]): TransactionRecord => ({
		hash: `0x${n}` as TransactionRecord["hash"],
		height: n,
		transfers: assets.map((asset) => move("token", a, b, 7n, asset)),
	});

	it("are left out of transactions and counted; transactions without them are the same ones", () => {
		const given = [tx(1, nft, money, nft), tx(2, money), tx(3, nft)];
		const { transactions, left } = withoutNfts(given, (asset) => asset === nft);
		expect(transactions.map(({ transfers }) => transfers.map(({ asset }) => asset))).toEqual([[money], [money], []]);
		expect(transactions[1]).toBe(given[1]);
		expect([...left]).toEqual([[nft, 3]]);
		expect(withoutNfts(given, () => false).transactions).toBe(given);
	});

	let heights: StoredHeight[];
	let sources: string[];
	let stored: number[];
	let store: GraphStore;
	beforeEach(() => {
		stored = [];
		sources = ["file"];
		store = {
			...memoryRecords(),
			asset: async () => undefined,
			sources: async () => sources.map((kind) => ({ kind })),
			heights: async (_: string, from: number, limit: number) => heights.filter(({ height }) => height >= from).slice(0, limit),
			putHeights: async (_: string, put: readonly StoredHeight[]) => {
				for (const one of put) stored.push(one.height);
				heights = heights.map((held) => put.find(({ height }) => height === held.height) ?? held);
			},
		} as unknown as GraphStore;
	});
	const heightsOf = (count: number, ...assets: readonly AssetId[]) =>
		Array.from({ length: count }, (_, n) => ({ height: n, transactions: [tx(n, ...assets)] }) as unknown as StoredHeight);

	it("take out of a case what files had told of them, at every height, once; other heights stay as they are", async () => {
		heights = [
			...heightsOf(499, nft, money),
			...[500, 501, 999, 1_000].map((n) => ({ height: n, transactions: [tx(n, n === 501 ? money : nft)] }) as unknown as StoredHeight),
		];
		expect((await putNfts(store, TEST_CHAIN, [{ asset: nft, why: "w", by: "interface" }])).taken).toBe(502);
		expect(stored).toEqual([...Array.from({ length: 499 }, (_, n) => n), 500, 999, 1_000]);
		expect(
			heights.flatMap(({ transactions }) => transactions.flatMap(({ transfers }) => transfers)).some(({ asset }) => asset === nft),
		).toBe(false);
		expect((await nftsOf(store)).has(nft)).toBe(true);
		expect(await store.record(NFTS, nft)).toBe('{"why":"w"}');
	});

	it("are looked for once, each by itself, and only where files told something", async () => {
		heights = heightsOf(2, nft, other);
		expect((await putNfts(store, TEST_CHAIN, [{ asset: nft, why: "w", by: "interface" }])).taken).toBe(2);
		heights = heightsOf(2, nft, other);
		expect((await putNfts(store, TEST_CHAIN, [{ asset: nft, why: "again", by: "guess" }])).taken).toBe(0);
		expect(await store.record(NFTS, nft)).toBe('{"why":"w"}');
		expect(
			(
				await putNfts(
					store,
					TEST_CHAIN,
					[nft, other].map((asset) => ({ asset, why: "w", by: "interface" }) as const),
				)
			).taken,
		).toBe(2);
		sources = ["node"];
		heights = heightsOf(2, money);
		expect((await putNfts(store, TEST_CHAIN, [{ asset: money, why: "w", by: "interface" }])).taken).toBe(0);
		sources = ["node", "file"];
		expect((await nftsOf(store)).has(money)).toBe(true);
	});
});

it("Ethereum had no more than one block in twelve seconds since the merge; of other chains and before it nothing is said", () => {
	const [height, time] = [15_537_394, 1_663_224_179];
	const odd = (chain: number, blocks: number, seconds: number) =>
		impossibleTime(evmChainId(chain), height + blocks, time + seconds) !== undefined;
	expect([odd(1, 1, 12), odd(1, 1, 11), odd(1, 100, 1_200), odd(1, 100, 1_199)]).toEqual([false, true, false, true]);
	expect([odd(1, 0, -1), odd(1, -5, -9_999), odd(10, 100, 0)]).toEqual([false, false, false]);
	expect(impossibleTime(evmChainId(1), height + 1, time)).toBe(
		"Ethereum had no block 15537395 by 2022-09-15T06:42:59: it makes no more than one in 12 seconds",
	);
});

it("blocks, times and amounts that cannot be, by a clock with a day to spare; of chains without bounds only what Clew holds", () => {
	const now = Date.parse("2026-01-01T00:00:00Z");
	const seconds = now / 1000;
	const [ethereum, optimism, anvil] = [1, 10, 31_337].map((id) => evmChainId(id)) as [ChainId, ChainId, ChainId];
	const high = (chain: ChainId, height: number) => impossibleHeight(chain, height, now) !== undefined;
	const slots = Math.floor((seconds + 86_400 - 1_663_224_179) / 12);
	expect([high(ethereum, 15_537_394 + slots), high(ethereum, 15_537_394 + slots + 1)]).toEqual([false, true]);
	expect([high(optimism, MAX_HEIGHT), high(optimism, MAX_HEIGHT + 1)]).toEqual([false, true]);
	expect([high(TRON_MAINNET, 79_000_000), high(TRON_MAINNET, 100_000_000)]).toEqual([false, true]);
	expect([high(BITCOIN_MAINNET.chain, 900_000), high(BITCOIN_MAINNET.chain, 2 ** 23)]).toEqual([false, true]);
	const late = (chain: ChainId, by: number) => impossibleMoment(chain, seconds + by, now) !== undefined;
	expect([late(ethereum, 86_400), late(ethereum, 86_401), late(anvil, 1e9), late(evmChainId(4_242_424), 1e9)]).toEqual([
		false,
		true,
		false,
		false,
	]);
	const much = (asset: string, amount: bigint) => impossibleAmount(asset as AssetId, amount);
	expect(much("eip155:1/slip44:60", 10n ** 27n + 1n)).toBe("1000000000.000000000000000001 ETH is more than there ever was");
	expect([much("eip155:1/slip44:60", 10n ** 27n), much("eip155:10/slip44:60", 10n ** 40n)]).toEqual([undefined, undefined]);
	expect(much(`${TRON_MAINNET}/slip44:195`, 10n ** 18n + 1n)).toMatch(/TRX is more/);
	expect(much(`${BITCOIN_MAINNET.chain}/slip44:0`, MAX_MONEY + 1n)).toMatch(/BTC is more/);
});
