import {
	addressOf,
	type ChainEvent,
	CONSERVING_RULES,
	chainOf,
	erc20Asset,
	type Label,
	type LedgerReader,
	nativeAsset,
	nullAccount,
	type OutputReader,
	type OutputRecord,
	parseChainId,
	rulesOf,
	type Transfer,
	type UtxoRecord,
} from "@clew/core";
import {
	memoryLedger,
	memoryOutputs,
	TEST_CHAIN,
	TEST_UTXO_CHAIN,
	testAccount,
	testAddress,
	testTransfer,
	testTxid,
	testUtxo,
} from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { buildResult } from "../result.js";
import { parseSeed } from "../seeds.js";
import { defaultRequest } from "../trace.js";
import { asksFor, swapMemo } from "./thorchain-memo.js";
import { traceAcross } from "./trace-across.js";

describe("a swap's memo", () => {
	it("names where the money goes, in any of its forms", () => {
		const bitcoin = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq";
		const ether = `0x${"Ab".repeat(20)}`;
		for (const memo of [`=:BTC.BTC:${bitcoin}`, `=:b:${bitcoin}/${ether}:0/1/0:ref:10`, `SWAP:BTC.BTC:${bitcoin.toUpperCase()}:1`])
			expect(swapMemo(memo)?.to, memo).toBe(bitcoin);
		expect(swapMemo(`s:ETH.ETH:${ether}`)?.to).toBe(ether.toLowerCase());
		expect(swapMemo("=:BTC.BTC:1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2")?.to).toBe("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2");
	});

	it("asks for the coin or the token of one chain, by full and by short names", () => {
		const to = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq";
		const coin = { chain: TEST_UTXO_CHAIN, asset: nativeAsset(TEST_UTXO_CHAIN) };
		const ether = { chain: TEST_CHAIN, asset: nativeAsset(TEST_CHAIN) };
		const usdc = { chain: TEST_CHAIN, asset: erc20Asset(TEST_CHAIN, "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48") };
		const avax = { chain: parseChainId("eip155:43114"), asset: nativeAsset(parseChainId("eip155:43114")) };
		const own = { chain: parseChainId("eip155:31337"), asset: nativeAsset(parseChainId("eip155:31337")) };
		const asked = (asset: string) => {
			const memo = swapMemo(`=:${asset}:${to}`);
			return Object.entries({ coin, ether, usdc, avax, own }).flatMap(([name, t]) =>
				memo !== undefined && asksFor(memo, t) ? [name] : [],
			);
		};
		for (const asset of ["BTC.BTC", "btc.btc", "b"]) expect(asked(asset), asset).toEqual(["coin"]);
		for (const asset of ["BCH.BCH", "c", "LTC.LTC", "BTC/BTC", "BTC~BTC", "BTC-BTC", "BTC", "THOR.BTC", "B", "", "__proto__.x"])
			expect(asked(asset), asset).toEqual([]);
		for (const asset of ["ETH.ETH", "e"]) expect(asked(asset), asset).toEqual(["ether", "own"]);
		for (const asset of ["ETH.USDC-0XA0B86991C6218B36C1D19D4A2E9EB0CE3606EB48", "ETH.USDC-EB48", "ETH.USDC"])
			expect(asked(asset), asset).toEqual(["usdc"]);
		expect(asked("ETH.USDC-EB49")).toEqual([]);
		expect(asked("ETH/ETH")).toEqual([]);
		expect(asked("a")).toEqual(["avax", "own"]);
	});

	it("names nobody where it is another memo, or somebody's name", () => {
		for (const memo of ["", "OUT:00", "+:BTC.BTC:x", "=:BTC.BTC:somebody", "=", "hello"]) expect(swapMemo(memo)?.to).toBeUndefined();
	});
});

const ROUTER = 60;
const VAULT = 9;
const THIEF = 1;
const [ARRIVAL, LATER] = [testAddress(3), testAddress(4)];
const COIN = 100_000_000n;

const note = (text: string): OutputRecord => ({
	account: nullAccount(TEST_UTXO_CHAIN),
	value: 0n,
	scriptType: "op_return",
	data: Buffer.from(text, "utf8").toString("hex"),
});
const bridge = (account: Label["account"]): Label => ({
	account,
	category: "bridge",
	entity: "THORChain",
	name: "",
	source: "test",
	retrievedAt: "",
	confidence: 90,
});
const theft = testTransfer([1, 0, 1], 0, THIEF, 1_000n);
const clean = testTransfer([1, 1, 1], 8, THIEF, 1_000n);
/** Half of what the thief then holds, under pro rata half of it stolen. */
const paid = testTransfer([2, 0, 1], THIEF, ROUTER, 1_000n);
const deposit = (memo: string): ChainEvent => ({
	chain: TEST_CHAIN,
	position: { ...paid.position, eventIndex: 16_400 },
	txHash: paid.txHash,
	kind: "bridge-out",
	protocol: "thorchain",
	contract: testAccount(ROUTER),
	key: `thorchain:${paid.txHash.slice(2)}`,
	details: { amount: "1000", memo, vault: addressOf(testAccount(ROUTER)) },
});
const OUT = `OUT:${paid.txHash.slice(2).toUpperCase()}`;
const funding = testUtxo(1, [1, 0], [], [[VAULT, 50n * COIN]]);
const withNote = (record: UtxoRecord, text: string): UtxoRecord => ({ ...record, outputs: [...record.outputs, note(text)] });
const payout = (to = 3, memo = OUT, n = 2) =>
	withNote(
		testUtxo(
			n,
			[110 + n, 1],
			[[n === 2 ? 1 : 2, n === 2 ? 0 : 1]],
			[
				[to, 2n * COIN],
				[VAULT, 47n * COIN - BigInt(n) * COIN],
			],
		),
		memo,
	);

function both(transfers: readonly Transfer[], events: readonly ChainEvent[], records: readonly UtxoRecord[], labels: readonly Label[]) {
	const accounts = memoryLedger(transfers, { labels, events });
	const outputs = memoryOutputs(records, { labels });
	const source: LedgerReader & OutputReader = {
		...outputs,
		...accounts,
		profile: (account, cap) => (chainOf(account) === TEST_UTXO_CHAIN ? outputs : accounts).profile(account, cap),
		transactionsCarrying: outputs.transactionsCarrying,
	};
	return source;
}

async function run(records: readonly UtxoRecord[], labels: readonly Label[], memo = `=:BTC.BTC:${addressOf(ARRIVAL)}`) {
	const source = both([theft, clean, paid], [deposit(memo)], records, labels);
	const runs = await traceAcross(defaultRequest(TEST_CHAIN, [parseSeed("transfer:1.0.1", TEST_CHAIN)]), { source });
	return Promise.all(runs.map((one) => buildResult(one, source, { id: "x", title: "", cutoff: 0, sources: [] })));
}

describe("money that THORChain pays out on Bitcoin", () => {
	const spent = testUtxo(5, [120, 1], [[2, 0]], [[4, 2n * COIN - 1_000n]]);

	it("is followed to whom the depositor's memo names, each rule's own share, and further there", async () => {
		const [near, far] = await run([funding, payout(), spent], [bridge(testAccount(ROUTER))]);
		expect(near?.passages).toEqual([
			expect.objectContaining({ kind: "bridge", tier: "structural", got: expect.objectContaining({ to: ARRIVAL }) }),
		]);
		expect(far?.chain).toBe(TEST_UTXO_CHAIN);
		expect(far?.rules).toEqual(rulesOf(TEST_CHAIN).filter((rule) => rulesOf(TEST_UTXO_CHAIN).includes(rule)));
		const [row] = far?.seeds[0]?.rows ?? [];
		expect(row?.passage).toBe(`thorchain:${paid.txHash.slice(2)}`);
		// The stolen thousand came first: oldest first all of it crossed, newest first none, pro rata half.
		expect(row?.seeded).toMatchObject({ fifo: String(2n * COIN), lifo: "0", haircut: String(COIN), difo: String(2n * COIN), dilo: "0" });
		const [leaf] = far?.leaves ?? [];
		expect(leaf).toMatchObject({ account: LATER, stop: { reason: "unspent" } });
		for (const rule of CONSERVING_RULES)
			for (const sums of Object.values(far?.conservation[rule] ?? {}))
				expect(BigInt(sums.seeded)).toBe(BigInt(sums.held) + BigInt(sums.stopped) + BigInt(sums.fees));
	});

	it("is on the word of a labelled vault, or of whoever paid; a labelled one is believed before a stranger", async () => {
		const detail = async (labels: readonly Label[], ...more: readonly UtxoRecord[]) => {
			const [near] = await run([funding, payout(), ...more], [bridge(testAccount(ROUTER)), ...labels]);
			return near?.passages?.[0];
		};
		expect(await detail([])).toMatchObject({ tier: "structural", detail: expect.stringContaining("the word of whoever paid") });
		expect(await detail([bridge(testAddress(VAULT))])).toMatchObject({
			tier: "structural",
			detail: expect.stringContaining("the word of a labelled vault"),
		});
		const forging = (sats: bigint) => withNote(testUtxo(7, [115, 1], [[6, 0]], [[3, sats]]), OUT);
		const [stranger, forged] = [testUtxo(6, [5, 0], [], [[8, COIN]]), forging(1_000n)];
		expect(await detail([], stranger, forging(999n))).toMatchObject({ tier: "structural", got: { amount: String(2n * COIN) } });
		const [dust] = await run([funding, stranger, forging(999n)], [bridge(testAccount(ROUTER))]);
		expect(dust?.passages?.[0]).toMatchObject({ tier: "lead", detail: expect.stringContaining("dust"), alternatives: [expect.anything()] });
		expect(await detail([], stranger, forged)).toMatchObject({ tier: "lead", detail: expect.stringContaining("ambiguous") });
		expect(await detail([bridge(testAddress(VAULT))], stranger, forged)).toMatchObject({ tier: "structural" });
	});

	it("is none for another asset than the memo asks for, nor far below its limit", async () => {
		const tier = async (memo: string) => {
			const [near] = await run([funding, payout()], [bridge(testAccount(ROUTER))], memo);
			return near?.passages?.[0]?.tier;
		};
		const to = addressOf(ARRIVAL);
		for (const asset of ["BCH.BCH", "BTC/BTC", "BTC~BTC", "c"]) expect(await tier(`=:${asset}:${to}`), asset).toBe("lead");
		for (const limit of ["", "0", "200000000", "210000000", "2e8", "400000000/1/0", "x"])
			expect(await tier(`=:b:${to}:${limit}`), limit).toBe("structural");
		for (const limit of ["400000001", "5e8/0/3"]) expect(await tier(`=:b:${to}:${limit}`), limit).toBe("lead");
	});

	it("is a lead while nobody says that the router is a bridge, when two transactions carry the memo, and when it pays somebody else", async () => {
		const unlabelled = await run([funding, payout()], []);
		expect(unlabelled).toHaveLength(1);
		const twice = await run([funding, payout(), payout(3, OUT, 3)], [bridge(testAccount(ROUTER))]);
		expect(twice[0]?.passages?.[0]).toMatchObject({ tier: "lead", detail: expect.stringContaining("ambiguous") });
		expect(twice[0]?.passages?.[0]?.alternatives).toHaveLength(2);
		const elsewhere = await run([funding, payout(7)], [bridge(testAccount(ROUTER))]);
		expect(elsewhere[0]?.passages?.[0]).toMatchObject({ tier: "lead", detail: expect.stringContaining("not in the case") });
		for (const results of [unlabelled, twice, elsewhere]) expect(results).toHaveLength(1);
	});
});

describe("money that goes into THORChain on Bitcoin", () => {
	const ether = `0x${"06".padStart(40, "0")}`;
	const stolen = testUtxo(2, [110, 1], [[1, 0]], [[3, 4n * COIN]]);
	const into = withNote(testUtxo(3, [111, 1], [[2, 0]], [[VAULT, 3n * COIN]]), `=:ETH.ETH:${ether}`);
	const received = testTransfer([7, 0, 1], ROUTER, 5, 900n);
	const arrival: ChainEvent = {
		chain: TEST_CHAIN,
		position: { ...received.position, eventIndex: 16_400 },
		txHash: received.txHash,
		kind: "bridge-in",
		protocol: "thorchain",
		contract: testAccount(ROUTER),
		account: testAccount(5),
		key: `thorchain:${testTxid(3)}`,
		details: { amount: "900", memo: `OUT:${testTxid(3).toUpperCase()}` },
	};
	const trace = async (labels: readonly Label[], events: readonly ChainEvent[] = [arrival]) => {
		const source = both([received], events, [funding, stolen, into], labels);
		return traceAcross(defaultRequest(TEST_UTXO_CHAIN, [parseSeed(`outpoint:${testTxid(2)}:0`, TEST_UTXO_CHAIN)]), { source });
	};

	it("comes out where its memo says, once the vault and the router are labelled", async () => {
		const labels = [bridge(testAddress(VAULT)), bridge(testAccount(ROUTER))];
		const [, far] = await trace(labels);
		expect(far?.request.chain).toBe(TEST_CHAIN);
		expect(far?.outcome.seedings.map(({ transfer, marked }) => [transfer.to, new Set(marked)])).toEqual([
			[testAccount(5), new Set([900n])],
		]);
		const other = { ...arrival, account: testAccount(6) };
		expect(await trace(labels, [other])).toHaveLength(1);
	});

	it("is not looked for where the trace goes on through the vault itself", async () => {
		expect(await trace([bridge(testAccount(ROUTER))])).toHaveLength(1);
	});
});
