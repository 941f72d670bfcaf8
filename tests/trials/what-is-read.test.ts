import { importBitcoinCsv, importEsplora } from "@clew/chains";
import { type ChainId, parseChainId } from "@clew/core";
import { describe, expect, it } from "vitest";
import { chainOfCell } from "../../packages/labels/src/lists/chain-codes.js";
import { A, apiRow, atDesk, B, C, type Cells, csv, ETHEREUM, hash, internalRow, siteRow, TOKEN, tokenRow } from "./reading.js";

const BITCOIN = parseChainId("bitcoin");
const D = `0x${"e5".repeat(20)}`;
interface File {
	readonly name: string;
	readonly text: string;
}
const answer = (rows: readonly Cells[]) => JSON.stringify({ status: "1", message: "OK", result: rows });
const list = (account: string, rows: readonly Cells[]): File => ({ name: `txlist-${account}.json`, text: answer(rows) });
const calls = (account: string, rows: readonly Cells[]): File => ({ name: `txlistinternal-${account}.json`, text: answer(rows) });

/**
 * What files give, one after the other: the ledger of an account, what is covered, and what is said; or the error. `apart`: each in an
 * import of its own.
 */
const read = (files: readonly File[], account = A, { apart = false, chain = ETHEREUM as ChainId } = {}) =>
	atDesk(async ({ file, load, ledger, store }) => {
		try {
			const paths = files.map(({ name, text }, i) => file(`${i}/${name}`, text));
			const reports = apart ? [] : await load(...paths);
			if (apart) for (const path of paths) reports.push(...(await load(path)));
			const covers = (await store.coverage(chain)).map((c) => `${c.kinds.join()} ${c.account?.slice(-2)} ${c.fromHeight}-${c.toHeight}`);
			return {
				ledger: await ledger(account),
				covers,
				notes: reports.flatMap((r) => r.notes),
				guesses: reports.map((r) => [r.guess, r.account]),
			};
		} catch (error) {
			return { code: (error as { code?: string }).code, message: (error as Error).message };
		}
	}, chain);

const refused = (message: RegExp) => ({ message: expect.stringMatching(message) });

describe("a transaction's own call in a list of internal transfers", () => {
	const created = list(A, [apiRow(1, { from: A, to: "", contractAddress: D, value: "9", nonce: "0" })]);
	const paid = list(A, [apiRow(1, { from: A, to: D, value: "9", nonce: "0" })]);
	const create = { from: A, to: "", contractAddress: D, value: "9", type: "create" };
	it.each([
		["a creation, traceId empty", created, internalRow(1, { ...create, traceId: "" })],
		["a creation, Blockscout's index 0", created, internalRow(1, { ...create, index: "0" })],
		["a call, traceId empty", paid, internalRow(1, { from: A, to: D, value: "9", traceId: "" })],
		["a call, no mark at all", paid, internalRow(1, { from: A, to: D, value: "9" })],
	])("%s: one movement in any order, in one import or two", async (_, transactions, row) => {
		for (const account of [A, D])
			for (const files of [
				[transactions, calls(D, [row])],
				[calls(D, [row]), transactions],
				[calls(D, [row]), transactions, calls(A, [row])],
			])
				for (const apart of [false, true]) {
					const { ledger } = (await read(files, account, { apart })) as { ledger: string[] };
					expect(ledger.filter((line) => !line.includes(" fee "))).toEqual(["101.0.1 native a1>e5 9"]);
				}
	});
	it("alone it is a movement still, and calls of the contract stay beside it", async () => {
		expect(await read([calls(D, [internalRow(1, { ...create, traceId: "" })])], D)).toMatchObject({
			ledger: [expect.stringMatching(/internal a1>e5 9/)],
		});
		const inner = internalRow(1, { from: D, to: A, value: "9", traceId: "0" });
		expect(((await read([paid, calls(A, [inner])])) as { ledger: string[] }).ledger).toHaveLength(3);
	});
});

describe("blocks of two chains", () => {
	const early = list(A, [apiRow(1, { blockNumber: "21686821", timeStamp: "1737630851", nonce: "0" })]);
	const late = list(A, [apiRow(2, { blockNumber: "250000000", timeStamp: "1725600000", nonce: "1" })]);
	it("that contradict each other's times are refused, both named, in one import and against the case", async () => {
		for (const apart of [false, true])
			for (const files of [
				[early, late],
				[late, early],
			])
				expect(await read(files, A, { apart, chain: parseChainId("eip155:42161") })).toMatchObject({
					code: "CONFLICT",
					message: expect.stringMatching(/1\/txlist-.*json:1.*block \d+ .*and block \d+ .*by txlist-.*json.*time runs backwards/),
				});
	});
	it("a block that Ethereum cannot have had yet is refused in one file alone", async () => {
		expect(await read([late])).toMatchObject(refused(/txlist-.*json:1.*Ethereum had no block 250000000 by 2024-09-06/));
		expect(((await read([early])) as { ledger: string[] }).ledger).toHaveLength(2);
	});
	it("that stand in order are one chain", async () => {
		const later = list(A, [apiRow(2, { blockNumber: "21686822", timeStamp: "1737630851", nonce: "1" })]);
		expect(((await read([later, early])) as { ledger: string[] }).ledger).toHaveLength(4);
	});
});

describe("nonces", () => {
	const own = (n: number, nonce: number) => apiRow(n, { nonce: `${nonce}`, confirmations: `${1000 - n}` });
	const incoming = (n: number) => apiRow(n, { from: B, to: A, nonce: "77", confirmations: `${1000 - n}` });
	it("that stand in another file of the same account are not missing: but each file lacks what the other lists", async () => {
		const parts = [list(A, [own(1, 0), own(2, 1)]), list(A, [own(3, 2), own(4, 3)])];
		for (const apart of [false, true])
			for (const files of [parts, [...parts].reverse()])
				expect((await read(files, A, { apart })) as object).toMatchObject({ covers: ["native a1 0-101", "native a1 104-1100"] });
	});
	it("that begin at 0 and have no hole leave the coverage whole, whatever others' nonces are", async () => {
		expect(await read([list(A, [incoming(1), own(2, 0), own(3, 1)])])).toMatchObject({ covers: ["native a1 0-1100"], notes: [] });
	});
	it("that are missing are named, and their blocks are not covered: of the first ones all before the file's first row", async () => {
		expect(await read([list(A, [incoming(1), own(2, 41), own(5, 42), own(9, 45)])])).toMatchObject({
			covers: ["native a1 101-104", "native a1 110-1100"],
			notes: [
				"its nonces 0 to 40 are missing before block 101: not fetched there",
				"its nonces 43 to 44 are missing between block 105 and block 109: not fetched there",
			],
		});
	});
	describe("that no file tells, between files", () => {
		const [early, late] = [list(A, [own(1, 0), own(2, 1)]), list(A, [own(5, 4), own(9, 5)])];
		const all = list(
			A,
			[1, 2, 3, 4, 5, 9].map((n, i) => own(n, i)),
		);
		const others = list(B, [apiRow(9, { nonce: "5", confirmations: "991" })]);
		const coversOf = async (files: readonly File[], apart = true) =>
			((await read(files, A, { apart })) as { covers: string[] }).covers.filter((line) => line.includes(" a1 "));
		it("are not covered, whatever each file claims; a file that lists all does, in any order", async () => {
			for (const apart of [true, false])
				for (const files of [
					[early, late],
					[late, early],
				])
					expect(await coversOf(files, apart)).toEqual(["native a1 0-101", "native a1 106-1100"]);
			for (const files of [
				[early, all, late],
				[late, early, all],
				[all, early, late],
			])
				expect(await coversOf(files)).toContain("native a1 0-1100");
		});
		it("are named by the import that shows them", async () => {
			const { notes } = (await read([early, late], A, { apart: true })) as { notes: string[] };
			expect(notes).toEqual([
				"it does not list all of block 101 that another source tells: not complete from block 0 to block 105",
				"its nonces 2 to 3 are missing between block 102 and block 105: not fetched there",
			]);
			expect(await read([list(A, [own(1, 0), own(5, 4)])])).toMatchObject({
				notes: ["its nonces 1 to 3 are missing between block 101 and block 105: not fetched there"],
			});
		});
		it("are shown by others' exports, too: where its own do not list what others tell, nothing is covered", async () => {
			for (const files of [
				[early, others],
				[others, early],
			])
				expect(await coversOf(files)).toEqual(["native a1 0-101"]);
			const lacking = /does not list all of block 109 that another source tells: not complete from block 102 on/;
			expect(await read([others, early], A, { apart: true })).toMatchObject({
				notes: expect.arrayContaining([expect.stringMatching(lacking)]),
			});
		});
		it("nor where its own list none of what it sent, or not what it received", async () => {
			const [received, paid] = [list(A, [incoming(1)]), list(B, [apiRow(9, { nonce: "0", confirmations: "991" })])];
			for (const files of [
				[received, paid],
				[paid, received],
			])
				expect(await coversOf(files)).toEqual(["native a1 0-100"]);
			const gave = list(C, [apiRow(5, { from: C, to: A, nonce: "0", confirmations: "995" })]);
			expect(await coversOf([early, gave])).toEqual(["native a1 0-101"]);
			expect(await coversOf([list(A, []), gave, early])).toEqual(["native a1 0-101"]);
		});
		it("a poorer or an older file beside a cut one proves no more than that", async () => {
			const page = list(
				A,
				[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => own(n, n - 1)),
			);
			expect(await coversOf([page, early])).toEqual(["native a1 0-101", "native a1 102-109"]);
			expect(
				await coversOf([
					early,
					list(
						A,
						[1, 2, 3, 4].map((n) => own(n, n - 1)),
					),
				]),
			).toEqual(["native a1 0-101", "native a1 0-1100"]);
		});
		it("may stand where no file claims to be complete: that contradicts none", async () => {
			const short = list(A, [apiRow(1, { nonce: "0" }), apiRow(2, { nonce: "1" })]);
			expect(await coversOf([short, others])).toEqual(["native a1 0-102"]);
		});
		it("are told by a file without nonces, if it has as many transactions there", async () => {
			const site = (...ns: number[]): File => ({ name: `export-${A}.csv`, text: csv(ns.map((n) => siteRow(n))) });
			const both = [list(A, [own(1, 0)]), list(A, [own(1, 0), own(2, 1), own(5, 4)])];
			const notes = async (files: readonly File[]) => ((await read(files, A, { apart: true })) as { notes: string[] }).notes.join();
			expect(await notes([...both, site(3, 4)])).not.toMatch(/nonces 2 to 3 are missing.*nonces 2 to 3 are missing/);
			expect(await notes([...both, site(3)])).toMatch(/nonces 2 to 3 are missing/);
		});
	});
	describe("that sources contradict", () => {
		it.each([
			["one number in two blocks", [own(1, 0)], apiRow(3, { nonce: "0", confirmations: "997", hash: hash(77) })],
			["numbers that run against the blocks", [own(1, 0), own(5, 2)], apiRow(9, { nonce: "1", confirmations: "991" })],
		])("%s, over files: named, and they tell nothing", async (_, rows, other) => {
			for (const files of [
				[list(A, rows), list(B, [other])],
				[list(B, [other]), list(A, rows)],
			]) {
				const { covers } = (await read(files, A, { apart: true })) as { covers: string[] };
				expect(covers.filter((line) => line.includes(" a1 ") && line.endsWith("1100"))).toEqual([]);
			}
		});
		it("in one file, against the blocks: named", async () => {
			expect(await read([list(A, [own(1, 1), own(5, 0)])])).toMatchObject({
				notes: [expect.stringMatching(/contradict each other at its nonce 1 \(blocks 105 and 101\)/)],
			});
		});
	});
	it("that contradict each other tell nothing, and that is said", async () => {
		expect(await read([list(A, [own(1, 7), own(2, 7)])])).toMatchObject({
			covers: ["native a1 0-1100"],
			notes: ["its nonce 7 stands at two transactions: its nonces tell nothing of missing rows"],
		});
	});
	it.each([10, 20, 25, 50])(
		"an answer of exactly %i rows may be a page; a list of as many that was written as CSV, or downloaded, is none",
		async (n) => {
			const rows = Array.from({ length: n }, (_, i) => own(i + 1, i));
			expect(await read([list(A, rows)])).toMatchObject({
				covers: [`native a1 102-${99 + n}`],
				notes: [expect.stringMatching(/exactly .* rows, as a full page has/)],
			});
			expect(await read([{ name: `txlist-${A}.csv`, text: csv(rows) }])).toMatchObject({ covers: ["native a1 0-1100"] });
			const site = Array.from({ length: n }, (_, i) => siteRow(i + 1));
			expect(await read([{ name: `export-${A}.csv`, text: csv(site) }])).toMatchObject({ covers: [`native a1 101-${100 + n}`] });
		},
	);
});

describe("whose export a file is", () => {
	const both = [internalRow(1, { from: B }), internalRow(2, { from: C })];
	it("is not taken from rows that an answer about blocks or about a token could have, too", async () => {
		const guesses = [[expect.stringMatching(/a1$/), undefined]];
		expect(await read([{ name: "by_range.json", text: answer(both) }])).toMatchObject({ covers: [], guesses });
		const tokens = [tokenRow(1), tokenRow(2, { to: C })];
		expect(await read([{ name: "tokens.json", text: answer(tokens) }])).toMatchObject({ covers: [], guesses });
		const deposits = [apiRow(1, { from: B, to: A, nonce: "4" }), apiRow(2, { from: C, to: A, nonce: "8" })];
		expect(await read([{ name: "deposits.json", text: answer(deposits) }])).toMatchObject({ covers: [], guesses });
	});
	it("is taken from an account's own transactions, and said", async () => {
		const rows = [apiRow(1, { nonce: "0" }), apiRow(2, { to: C, nonce: "1" })];
		expect(await read([{ name: "x.json", text: answer(rows) }])).toMatchObject({
			covers: ["native a1 0-102"],
			guesses: [[expect.stringMatching(/a1$/), expect.stringMatching(/a1$/)]],
		});
	});
	it("of the site's is told by the direction of amounts; a file that is named after the other side is refused", async () => {
		const rows = [siteRow(1), siteRow(2)];
		expect(await read([{ name: "x.csv", text: csv(rows) }])).toMatchObject({ covers: ["native a1 101-102"] });
		const other = { "Value_IN(ETH)": "1.5", "Value_OUT(ETH)": "0" };
		expect(await read([{ name: `export-${A}.csv`, text: csv([siteRow(1), siteRow(2, other)]) }])).toMatchObject(
			refused(/csv:3.*named after 0xa1.*direction.*0xb2/),
		);
	});
	it("is told by no name with several addresses, and by one in any letters", async () => {
		const tokens = answer([tokenRow(1), tokenRow(2, { to: C })]);
		expect(await read([{ name: `tokentx-${TOKEN}-${A}.json`, text: tokens }])).toMatchObject({ covers: [] });
		expect(await read([{ name: `tokentx-${A.toUpperCase()}.json`, text: tokens }])).toMatchObject({ covers: ["token a1 0-102"] });
	});
	it("of NFTs covers nothing", async () => {
		const nft = (n: number): Cells => {
			const { value: _, ...rest } = tokenRow(n, { tokenID: "7" });
			return rest;
		};
		expect(await read([{ name: `tokennfttx-${A}.json`, text: answer([nft(1), nft(2)]) }])).toMatchObject({ ledger: [], covers: [] });
		expect(await read([{ name: `nft-${A}.csv`, text: csv([nft(1)]).split("\n")[0] ?? "" }])).toMatchObject({ covers: [] });
	});
});

describe("rows as sites write them", () => {
	it("Blockscout's transactionHash names the transaction", async () => {
		const { hash: tx = "", ...rest } = internalRow(1, { index: "1" });
		expect(await read([calls(A, [{ ...rest, transactionHash: tx }])])).toMatchObject({
			ledger: [expect.stringMatching(/internal b2>a1 4/)],
		});
	});

	const genesis = (over: Cells = {}) =>
		apiRow(1, {
			blockNumber: "0",
			timeStamp: "1438269973",
			hash: `GENESIS_${A.slice(2)}`,
			nonce: "",
			from: "GENESIS",
			to: A,
			value: "10000",
			gasPrice: "0",
			gasUsed: "0",
			...over,
		});
	it("what an account held at genesis is a credit from the null account, once, whichever source tells it", async () => {
		const trace = csv([
			{
				block_number: "0",
				transaction_hash: "",
				transaction_index: "",
				from_address: "",
				to_address: A,
				value: "10000",
				trace_type: "genesis",
				trace_address: "",
				status: "1",
				block_timestamp: "1970-01-01 00:00:00",
			},
		]);
		const one = { ledger: [expect.stringMatching(/^0\.16383\.\d+ genesis 00>a1 10000$/)] };
		expect(await read([list(A, [genesis()])])).toMatchObject(one);
		for (const files of [
			[list(A, [genesis()]), { name: "traces.csv", text: trace }],
			[{ name: "traces.csv", text: trace }, list(A, [genesis()])],
		])
			expect(await read(files)).toMatchObject(one);
		const site = siteRow(1, {
			"Transaction Hash": `GENESIS_${A.slice(2)}`,
			Blockno: "0",
			From: "GENESIS",
			To: A,
			"Value_IN(ETH)": "2",
			"Value_OUT(ETH)": "0",
			"TxnFee(ETH)": "0",
		});
		expect(await read([{ name: `export-${A}.csv`, text: csv([site]) }])).toMatchObject({
			ledger: [expect.stringMatching(/genesis 00>a1 2000000000000000000/)],
		});
	});
	it.each([
		["another block", { blockNumber: "5" }, /block 0 for what an account held at genesis/],
		["a sender", { from: B }, /column from.*GENESIS/],
		["a hash", { hash: hash(1) }, /column hash.*GENESIS/],
	])("a row of genesis with %s is refused", async (_, over, message) => {
		expect(await read([list(A, [genesis(over)])])).toMatchObject(refused(message));
	});

	const quoted = (rows: readonly Cells[], end: string) =>
		[Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))]
			.map((cells, i) => `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")}${i === 0 ? "" : end}\n`)
			.join("");
	it("an empty cell behind every row is none, where all cells are in quotes", async () => {
		const whole = quoted([siteRow(1, { Method: 'say "hi", twice' }), siteRow(2)], ',""');
		expect(((await read([{ name: `export-${A}.csv`, text: whole }])) as { ledger: string[] }).ledger).toHaveLength(4);
		const lines = whole.split("\n");
		for (const text of [
			whole.replaceAll(',""\n', ',"x"\n'),
			[lines[0], lines[1]?.slice(0, -3), lines[2]].join("\n"),
			whole.replaceAll('"', "").replaceAll("say hi, twice", "say").replace("2,000.5", "2000.5"),
		])
			expect(await read([{ name: `export-${A}.csv`, text }])).toMatchObject(refused(/16 columns, the header 15/));
	});
	it("a header that was saved without its quotes is refused where a comma cuts it", async () => {
		const text = quoted([siteRow(1), siteRow(2)], ',""').replaceAll('"', "");
		expect(await read([{ name: `export-${A}.csv`, text }])).toMatchObject(refused(/csv:1.*000\.5\/Eth.*quotes/));
	});
	it("a file whose columns are nearly known is refused by what it has too many", async () => {
		expect(await read([list(A, [apiRow(1, { tokenValue: "4", contractAddress: TOKEN })])])).toMatchObject(
			refused(/looks like etherscan txlist, but has tokenValue, which such a file does not have/),
		);
	});
});

describe("rows that name a chain", () => {
	it.each([
		["chain_name", "arbitrum", /is of chain "arbitrum".*another chain/],
		["networkId", "42161", /is of chain "42161".*another chain/],
		["Network Name", "Polygon", /another chain/],
		["evm_chain", "0xa4b1", /another chain/],
		["chain", "matic-mainnet", /another chain/],
		["chain", "some net", /no name of it that Clew knows/],
	])("%s %s is not Ethereum", async (column, value, message) => {
		expect(await read([list(A, [apiRow(1, { [column]: value })])])).toMatchObject(refused(message));
	});
	it.each(["ethereum", "ETH", "mainnet", "1", "0x1", "eip155:1", "Ethereum_Mainnet", "homestead"])("%s is Ethereum", async (chain) => {
		expect(((await read([list(A, [apiRow(1, { chain, chain_name: chain })])])) as { ledger: string[] }).ledger).toHaveLength(2);
	});
	it("beside the rows, in an object there, too", async () => {
		const text = JSON.stringify({ request: { chainid: 42161 }, result: [apiRow(1)] });
		expect(await read([{ name: `txlist-${A}.json`, text }])).toMatchObject(refused(/beside its rows.*"42161"/));
	});
	it("in a list of labels has the same names", () => {
		for (const name of ["ethereum", "Ethereum", "mainnet", "1", "0x1", "eth"]) expect(chainOfCell(name)).toEqual({ chain: ETHEREUM });
		expect(chainOfCell("arbitrum")).toEqual(chainOfCell("42161"));
		expect(chainOfCell("BTC")).toEqual({ chain: BITCOIN });
		expect(chainOfCell("solana")).toEqual({ notFollowed: "solana" });
	});
});

describe("an answer that says that more follows", () => {
	const own = Array.from({ length: 4 }, (_, i) => apiRow(i + 1, { nonce: `${i}` }));
	it.each([
		["cursor", "eyJ"],
		["next_page_params", { block_number: 1 }],
		["has_more", true],
		["links", { next: "x" }],
		["total", 37],
		["offset", 4],
	])("by %s covers whole blocks between its ends", async (key, value) => {
		const text = JSON.stringify({ status: "1", [key]: value, result: own });
		expect(await read([{ name: `txlist-${A}.json`, text }])).toMatchObject({ covers: ["native a1 102-103"] });
	});
	it.each([
		["cursor", null],
		["next", ""],
		["has_more", false],
		["total", 4],
		["offset", 100],
	])("by %s %s says nothing of the kind", async (key, value) => {
		const text = JSON.stringify({ status: "1", [key]: value, result: own });
		expect(await read([{ name: `txlist-${A}.json`, text }])).toMatchObject({ covers: ["native a1 0-104"] });
	});
	it("that lists no NFTs is read, and covers nothing", async () => {
		const text = JSON.stringify({ status: "0", message: "No transactions found", result: [] });
		for (const action of ["tokennfttx", "token1155tx"])
			expect(await read([{ name: `${action}-${A}.json`, text }])).toMatchObject({ ledger: [], covers: [] });
	});
});

describe("addresses and fees beside Bitcoin's scripts", () => {
	const script = "0014751e76e8199196d454941c45d1b3a323f1433bd6";
	const [mainnet, testnet] = ["bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"];
	const id = (n: number) => n.toString(16).padStart(64, "0");
	const tx = (output: object, more: object = {}, spends: object = {}) => ({
		txid: id(10),
		version: 2,
		locktime: 0,
		vin: [{ txid: id(1), vout: 0, prevout: { scriptpubkey: script, value: 106, ...spends }, is_coinbase: false, sequence: 1 }],
		vout: [{ scriptpubkey: script, value: 100, ...output }],
		status: { confirmed: true, block_height: 100, block_hash: id(5), block_time: 1_600_000_000 },
		...more,
	});
	const esplora = (answer: object) =>
		atDesk(async ({ store, file }) => {
			try {
				return (await store.atomically((tx) => importEsplora(tx, file("a.json", JSON.stringify([answer]))))).added;
			} catch (error) {
				return (error as Error).message;
			}
		}, BITCOIN);
	it("must be those of the script, on the case's network", async () => {
		expect(await esplora(tx({ scriptpubkey_address: mainnet }, { fee: 6 }))).toBe(1);
		expect(await esplora(tx({ scriptpubkey_address: mainnet.toUpperCase() }))).toBe(1);
		expect(await esplora(tx({ scriptpubkey_address: testnet }))).toMatch(/a\.json:1.*address of bitcoin-testnet3.*not of bitcoin/);
		expect(await esplora(tx({ scriptpubkey_address: "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa" }))).toMatch(/not that of the script beside it/);
		expect(await esplora(tx({}, {}, { scriptpubkey_address: testnet }))).toMatch(/a\.json:1.*testnet/);
	});
	it("a fee that inputs and outputs contradict is refused", async () => {
		expect(await esplora(tx({}, { fee: 5 }))).toMatch(/a\.json:1.*fee of 5 satoshi, and inputs of 106 and outputs of 100/);
		expect(await esplora(tx({}, { fee: 6 }))).toBe(1);
	});
	it("in Blockchair's dumps, too", async () => {
		const dump = (recipient: string) =>
			atDesk(async ({ store, file }) => {
				const row = `100,${id(7)},0,2009-01-12 03:30:25,5000000000,${script},1,${recipient}\n`;
				const path = file("o.csv", `block_id,transaction_hash,index,time,value,script_hex,is_from_coinbase,recipient\n${row}`);
				try {
					return (await store.atomically((tx) => importBitcoinCsv(tx, [path])))[0]?.added;
				} catch (error) {
					return (error as Error).message;
				}
			}, BITCOIN);
		expect(await dump(mainnet)).toBe(1);
		expect(await dump("s-0f1e2d")).toBe(1);
		expect(await dump(testnet)).toMatch(/o\.csv:2: recipient.*testnet/);
	});
});
