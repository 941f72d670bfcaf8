import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlockFacts, importEsplora } from "@clew/chains";
import { type ChainId, parseChainId, startOf } from "@clew/core";
import { createCase } from "@clew/graph-store";
import { describe, expect, it } from "vitest";
import {
	A,
	apiRow,
	atDesk,
	B,
	C,
	type Cells,
	csv,
	ETHEREUM,
	etlRow,
	hash,
	internalRow,
	siteRow,
	TOKEN,
	tokenRow,
	traceRow,
} from "./reading.js";

const BITCOIN = parseChainId("bip122:000000000019d6689c085ae165831e93");

/** What files with these texts give, one after the other in one import: the ledger of A and the last file's notes, or the error. */
const read = (texts: readonly string[], chain: ChainId = ETHEREUM, skipBad = false, name = "x.csv") =>
	atDesk(
		async ({ file, load, ledger, store }) => {
			try {
				const reports = await load(...texts.map((text, i) => file(texts.length === 1 ? name : `${i}${name}`, text)));
				const last = reports[reports.length - 1];
				const covers = (await store.coverage(chain)).map((c) => [c.fromHeight, c.toHeight]);
				return { ledger: await ledger(A), notes: last?.notes, bad: last?.bad, nfts: last?.nfts, covers };
			} catch (error) {
				return { code: (error as { code?: string }).code, message: (error as Error).message };
			}
		},
		chain,
		skipBad,
	);
const rows = (list: readonly Cells[], chain: ChainId = ETHEREUM, skipBad = false) => read([csv(list)], chain, skipBad);
const conflict = (message: RegExp) => ({ code: "CONFLICT", message: expect.stringMatching(message) });
const refused = (message: RegExp) => ({ message: expect.stringMatching(message) });

describe("one Bitcoin transaction told twice, and one output spent twice", () => {
	const script = `76a914${"11".repeat(20)}88ac`;
	const id = (n: number) => n.toString(16).padStart(64, "0");
	const output = (value: number) => ({ scriptpubkey: script, value });
	const tx = (n: number, pays: number, over: { height?: number; block?: number; spends?: number; vout?: number } = {}) => ({
		txid: id(n),
		version: 2,
		locktime: 0,
		vin: [{ txid: id(over.spends ?? 1), vout: over.vout ?? 0, prevout: output(100_000), is_coinbase: false, sequence: 1 }],
		vout: [output(pays)],
		status: { confirmed: true, block_height: over.height ?? 100, block_hash: id(over.block ?? 5), block_time: 1_600_000_000 },
	});
	/** Imports each list as a file of its own; the outputs that the case then holds, and what the last file added. */
	async function load(...files: readonly (readonly object[])[]) {
		const folder = mkdtempSync(join(tmpdir(), "clew-esplora-"));
		const store = await createCase(join(folder, "a.clew"), { title: "t", chain: BITCOIN, at: "2026-01-01T00:00:00Z" });
		const blocks = new BlockFacts();
		try {
			let told = {};
			for (const [i, list] of files.entries()) {
				const path = join(folder, `${i}.json`);
				writeFileSync(path, JSON.stringify(list));
				const { added, known } = await store.atomically((tx) => importEsplora(tx, path, { blocks }));
				told = { added, known };
			}
			return { ...told, outputs: (await store.counts()).outputs };
		} catch (error) {
			return { code: (error as { code?: string }).code, message: (error as Error).message };
		} finally {
			await store.close();
			rmSync(folder, { recursive: true, force: true });
		}
	}

	it("in one file or two is one when it is told alike", async () => {
		expect(await load([tx(10, 99_000), tx(10, 99_000)])).toEqual({ added: 1, known: 1, outputs: 1 });
		expect(await load([tx(10, 99_000)], [tx(10, 99_000)])).toEqual({ added: 0, known: 1, outputs: 1 });
	});
	it.each([
		["another amount", tx(10, 98_000)],
		["another output spent", tx(10, 99_000, { vout: 1 })],
		["another block", tx(10, 99_000, { height: 101, block: 6 })],
	])("with %s is a conflict, in any order", async (_, other) => {
		for (const pair of [
			[tx(10, 99_000), other],
			[other, tx(10, 99_000)],
		]) {
			expect(await load(pair)).toMatchObject(conflict(/transaction 0+a is/));
			expect(await load(pair.slice(0, 1), pair.slice(1))).toMatchObject(conflict(/transaction 0+a is/));
		}
	});
	it.each([100, 101])(
		"a double spend is a conflict, in any order, whether the case holds the output or not (second at %d)",
		async (height) => {
			const pair = [tx(10, 99_000), tx(11, 98_000, { height, block: height })];
			pair[0] = tx(10, 99_000, { block: 100 });
			const maker = tx(1, 100_000, { height: 90, block: 90, spends: 77 });
			for (const [first, second] of [pair, [...pair].reverse()]) {
				if (first === undefined || second === undefined) throw new Error("a pair");
				for (const files of [[[first, second]], [[first], [second]], [[maker, first], [second]], [[first, second, maker]]])
					expect(await load(...files)).toMatchObject(conflict(/spends already/));
			}
		},
	);
	it("two hashes of one block are a conflict, in one file or two", async () => {
		const pair = [tx(10, 99_000), tx(11, 99_000, { block: 6, spends: 2 })];
		expect(await load(pair)).toMatchObject(conflict(/block 100 is 0+6 here/));
		expect(await load(pair.slice(0, 1), pair.slice(1))).toMatchObject(conflict(/block 100 is 0+6 here/));
	});
});

describe("one call or log told twice", () => {
	it.each([
		["a trace", traceRow(1), traceRow(1, { value: "5" })],
		["an internal row with a trace id", internalRow(1, { traceId: "0_1" }), internalRow(1, { traceId: "0_1", value: "5" })],
		["Blockscout's index", internalRow(1, { index: "3" }), internalRow(1, { index: "3", to: A, from: C })],
	])("%s counts once, and differing rows are a conflict", async (_, row, other) => {
		expect((await rows([row, row])).ledger).toHaveLength(1);
		expect(await rows([row, other])).toMatchObject(conflict(/x\.csv:3: call .* is told in another way at .*x\.csv:2/));
		expect(await rows([other, row])).toMatchObject(conflict(/told in another way/));
	});
	it("a site's internal row with a path, too", async () => {
		const row = siteInternal(1, { Type: "call_0_1" });
		expect((await rows([row, row])).ledger).toHaveLength(1);
		expect((await rows([row, siteInternal(1, { Type: "call_0_2" })])).ledger).toHaveLength(2);
	});
	it("a log of a block counts once, and differing rows are a conflict", async () => {
		expect((await rows([etlToken(1), etlToken(1)])).ledger).toHaveLength(1);
		expect(await rows([etlToken(1), etlToken(1, { value: "9" })])).toMatchObject(conflict(/log 3 of block/));
		expect(await rows([etlToken(1), etlToken(1, { transaction_hash: hash(2) })])).toMatchObject(conflict(/log 3 of block/));
	});
	it("different trace ids are different calls; without one, equal rows stay two", async () => {
		expect((await rows([internalRow(1, { traceId: "0" }), internalRow(1, { traceId: "0_1" })])).ledger).toHaveLength(2);
		expect((await rows([internalRow(1, { traceId: "" }), internalRow(1, { traceId: "" })])).ledger).toHaveLength(2);
		expect(
			(await rows([internalRow(1, { traceId: "0", l1BatchNumber: "9" }), internalRow(1, { traceId: "0", l1BatchNumber: "9" })])).ledger,
		).toHaveLength(2);
	});
	it("equal rows without a place that do not stand side by side are named", async () => {
		const named = [expect.stringMatching(/^1 rows are equal to one that does not stand beside them/)];
		expect(await rows([tokenRow(1), tokenRow(1), tokenRow(2)])).toMatchObject({ notes: [] });
		expect(await rows([tokenRow(1), tokenRow(1, { to: C }), tokenRow(1)])).toMatchObject({ notes: named });
		expect(await rows([tokenRow(2), tokenRow(1), tokenRow(3), tokenRow(2)])).toMatchObject({ notes: named });
		expect(await rows([internalRow(1), internalRow(1, { from: C }), internalRow(1)])).toMatchObject({ notes: named });
	});
});

const siteInternal = (n: number, over: Cells = {}): Cells => ({
	"Transaction Hash": hash(n),
	Blockno: `${100 + n}`,
	UnixTimestamp: `${1_600_000_000 + n}`,
	ParentTxFrom: C,
	From: B,
	TxTo: A,
	ContractAddress: "",
	"Value_IN(ETH)": "1",
	"Value_OUT(ETH)": "0",
	Status: "0",
	ErrCode: "",
	Type: "call",
	...over,
});
const etlToken = (n: number, over: Cells = {}): Cells => ({
	token_address: TOKEN,
	from_address: B,
	to_address: A,
	value: "5",
	transaction_hash: hash(n),
	log_index: "3",
	block_number: "101",
	...over,
});

describe("a call inside a call that failed", () => {
	it.each([
		["0", "0,0"],
		["0,1", "0,1,2,3"],
		["", "0"],
		["[0]", "[0, 0]"],
	])("%s and %s moves nothing, in any order", async (outer, inner) => {
		const failed = traceRow(1, { trace_address: outer, status: "0", error: "Reverted" });
		const inside = traceRow(1, { trace_address: inner, value: "9", error: "" });
		for (const order of [
			[failed, inside],
			[inside, failed],
		])
			expect(await rows(order)).toMatchObject({ ledger: [] });
	});
	it("its neighbours move what they say", async () => {
		const failed = traceRow(1, { trace_address: "1", status: "0" });
		for (const path of ["0", "10", "0,1", "2"]) expect((await rows([failed, traceRow(1, { trace_address: path })])).ledger).toHaveLength(1);
	});
	it("in the API's and the site's lists, too", async () => {
		expect(await rows([internalRow(1, { traceId: "0_1", isError: "1" }), internalRow(1, { traceId: "0_1_0" })])).toMatchObject({
			ledger: [],
		});
		expect(await rows([siteInternal(1, { Type: "call_0_1", Status: "1" }), siteInternal(1, { Type: "call_0_1_0" })])).toMatchObject({
			ledger: [],
		});
	});
	it("a row that tells an error and success is refused", async () => {
		expect(await rows([traceRow(1, { error: "Reverted" })])).toMatchObject(refused(/column error: expected nothing/));
		expect(await rows([internalRow(1, { errCode: "Reverted" })])).toMatchObject(refused(/column errCode: expected nothing/));
		expect(await rows([siteInternal(1, { ErrCode: "out of gas" })])).toMatchObject(refused(/column ErrCode: expected nothing/));
		expect(await rows([siteRow(1, { Status: "Success", ErrCode: "out of gas" })])).toMatchObject(refused(/column ErrCode/));
	});
});

describe("ids of NFTs", () => {
	const left = { ledger: [], nfts: { [`eip155:1/erc20:${TOKEN}`]: 1 } };
	it.each([
		["tokenId", "77"],
		["TOKENID", "77"],
		["token_id", "77"],
		["token_type", "ERC-721"],
		["token_standard", "erc1155"],
		["event_type", "ERC-1155"],
		["Token Standard", "ERC721"],
		["is_erc721", "True"],
		["erc721", "1"],
		["ERC-1155", "true"],
	])("that column %s shows are no amounts", async (column, value) => {
		expect(await rows([tokenRow(1, { [column]: value })])).toMatchObject(left);
		expect(await rows([etlToken(1, { [column]: value })])).toMatchObject(left);
	});
	it("are not seen where the columns say otherwise", async () => {
		expect((await rows([tokenRow(1, { tokenId: "", token_type: "ERC-20", is_erc721: "false" })])).ledger).toHaveLength(1);
		expect((await rows([etlToken(1, { event_type: "ERC-20" })])).ledger).toHaveLength(1);
		expect(await rows([etlToken(1, { is_erc721: "maybe" })])).toMatchObject(refused(/column is_erc721/));
	});
});

describe("what a file of blocks covers", () => {
	it("is from its first to its last row for an account that happens to be in each, and all before for one that it is named after", async () => {
		const list = [etlRow(1), etlRow(5, { to_address: C })];
		expect(await rows(list)).toMatchObject({ covers: [[5_000_001, 5_000_005]], notes: [expect.stringMatching(/range/)] });
		expect(await read([csv(list)], ETHEREUM, false, `${A}.csv`)).toMatchObject({ covers: [[0, 5_000_005]] });
		expect(await rows([traceRow(1), traceRow(4, { from_address: C })])).toMatchObject({ covers: [[5_000_001, 5_000_004]] });
		expect(await rows([apiRow(1, { nonce: "0" }), apiRow(4, { to: C, nonce: "1" })])).toMatchObject({ covers: [[0, 104]] });
	});
});

describe("times and hashes of blocks", () => {
	it("two time columns of a row that do not agree are named, with whose counts", async () => {
		const told = (column: RegExp) => ({ notes: expect.arrayContaining([expect.stringMatching(column)]) });
		const another = await rows([siteRow(1, { "DateTime (UTC)": "2021-01-01 00:00:00" })]);
		expect(another).toMatchObject(told(/1 rows whose column DateTime \(UTC\) tells another time than the one that is used/));
		expect(await rows([apiRow(1, { block_timestamp: "1600000009" })])).toMatchObject(told(/column block_timestamp tells another time/));
		expect((await rows([siteRow(1, { "DateTime (UTC)": "9/13/2020 12:26" })])).ledger).toHaveLength(2);
	});
	it("time does not run backwards from block to block", async () => {
		const pair = [apiRow(1), apiRow(2, { timeStamp: "1500000000" })];
		for (const order of [pair, [...pair].reverse()]) expect(await rows(order)).toMatchObject(conflict(/time runs backwards/));
		expect((await rows([apiRow(1), apiRow(2, { timeStamp: "1600000001" })])).ledger).toHaveLength(4);
	});
	it("two hashes of one block are a conflict, in one file, in two, or against the case", async () => {
		const [one, two] = [
			apiRow(1, { blockHash: hash(901) }),
			apiRow(2, { blockNumber: "101", timeStamp: "1600000001", transactionIndex: "1", blockHash: hash(902) }),
		];
		expect(await rows([one, two])).toMatchObject(conflict(/block 101 is 0x.* here, and 0x/));
		const held = await atDesk(async ({ store, file, load }) => {
			const header = { height: 101, hash: hash(901), parent: hash(900), time: 1_600_000_001 } as never;
			const block = { header, transactions: [], contracts: [], kinds: [], gaps: [], provenance: "node" } as never;
			await store.putBlocks(ETHEREUM, [block], { id: "node:n", kind: "node", name: "n", sha256: "", detail: "" });
			return load(file("x.csv", csv([two]))).catch((error: Error) => error.message);
		});
		expect(held).toMatch(/block 101 is .* in the case/);
		expect((await rows([one, { ...two, blockHash: "" }])).ledger).toHaveLength(4);
	});
});

describe("an empty amount beside a zero", () => {
	it.each([
		["Value_OUT(ETH)", "Value_IN(ETH)"],
		["Value_IN(ETH)", "Value_OUT(ETH)"],
	])("in %s is refused", async (empty, zero) => {
		expect(await rows([siteRow(1, { [empty]: "", [zero]: "0" })])).toMatchObject(
			refused(/column Value_(IN|OUT)\(ETH\): expected an amount/),
		);
		expect((await rows([siteRow(1, { [empty]: "", [zero]: "2" })])).ledger).toHaveLength(2);
		expect((await rows([siteRow(1, { [empty]: "", [zero]: "0", "Value(ETH)": "3" })])).ledger).toHaveLength(2);
	});
});

describe("the chain of an answer and of its coin", () => {
	const answer = (over: object) => JSON.stringify({ status: "1", message: "OK", result: [apiRow(1)], ...over });
	it("an answer that names another chain beside its rows is refused", async () => {
		for (const over of [{ chainId: 56 }, { chain_id: "0x38" }, { network: "bsc" }])
			expect(await read([answer(over)])).toMatchObject(refused(/beside its rows: this row is of chain .*another chain/));
		expect((await read([answer({ chainId: 1 })])).ledger).toHaveLength(2);
	});
	const inCoin = (symbol: string) =>
		Object.fromEntries(Object.entries(siteRow(1)).map(([column, cell]) => [column.replace("(ETH)", `(${symbol})`), cell]));
	it.each([
		[56, "BNB"],
		[137, "MATIC"],
		[137, "POL"],
		[43114, "AVAX"],
		[250, "FTM"],
		[100, "xDAI"],
		[100, "XDAI"],
		[999_999_999, "ANY"],
	])("of eip155:%d is read in %s", async (id, symbol) => {
		expect((await rows([inCoin(symbol)], parseChainId(`eip155:${id}`))).ledger).toEqual([
			"101.8192.0 fee a1>00 400000000000000",
			"101.8192.1 native a1>b2 1500000000000000000",
		]);
	});
	it("another chain's coin is refused, or left out and listed", async () => {
		expect(await rows([inCoin("BNB")])).toMatchObject(refused(/"BNB" by column Value_IN\(BNB\).*belongs to another chain/));
		expect(await rows([siteRow(1)], parseChainId("eip155:56"))).toMatchObject(refused(/"ETH".*belongs to another chain/));
		expect(await rows([inCoin("BNB")], ETHEREUM, true)).toMatchObject({
			ledger: [],
			bad: [expect.stringMatching(/belongs to another chain/)],
		});
		expect(await rows([{ ...siteRow(1), "Value_OUT(BNB)": "3" }])).toMatchObject(refused(/"BNB"/));
	});
});

describe("one JSON object a line", () => {
	const line = (n: number, over: Cells = {}) => JSON.stringify(apiRow(n, over));
	it("is a row", async () => {
		expect((await read([`${line(1)}\n${line(2)}\n`])).ledger).toHaveLength(4);
		expect((await read([line(1)])).ledger).toHaveLength(2);
		expect((await read([`${JSON.stringify(traceRow(1))}\n\n${JSON.stringify(traceRow(2))}`])).ledger).toHaveLength(2);
	});
	it("is refused at its line when it is cut off or bad", async () => {
		expect(await read([`${line(1)}\n${line(2).slice(0, 40)}`])).toMatchObject(refused(/x\.csv:2: this line is not one JSON object/));
		expect(await read([`${line(1)}\n\n${line(2, { value: "-1" })}`])).toMatchObject(refused(/x\.csv:3: column value/));
	});
});

describe("the desk", () => {
	it("holds nothing of a refused file", async () => {
		await atDesk(async ({ file, load, store }) => {
			await load(file("x.csv", csv([traceRow(1), traceRow(1, { value: "5" })]))).catch(() => undefined);
			expect(await store.scan(ETHEREUM, startOf(0), 10)).toEqual([]);
		});
	});
});
