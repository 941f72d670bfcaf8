import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatsOf, type ImportFamily, importFile } from "@clew/chains";
import { accountId, type GraphStore, parseChainId, startOf, tokenContract } from "@clew/core";
import { createCase } from "@clew/graph-store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const CHAIN = parseChainId("eip155:1");
const PUREBIT = new URL("../fixtures/cases/purebit/", import.meta.url).pathname;
const COLLECTOR = "0x69627dad496db160a81bed9e27ce2da67c3242bd";
const [A, B, C, TOKEN] = ["a", "b", "c", "d"].map((c) => `0x${c.repeat(40)}`) as [string, string, string, string];
const hash = (n: number) => `0x${n.toString(16).padStart(64, "0")}`;

let folder: string;
let store: GraphStore;
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "clew-import-"));
	store = await createCase(join(folder, "a.clew"), { title: "t", chain: CHAIN, at: "2026-01-01T00:00:00Z" });
});
afterEach(async () => {
	await store.close();
	rmSync(folder, { recursive: true, force: true });
});

const file = (name: string, text: string) => {
	writeFileSync(join(folder, name), text);
	return join(folder, name);
};
async function load(
	path: string,
	{ family = "etherscan" as ImportFamily, skipBad = false, signal = undefined as AbortSignal | undefined } = {},
) {
	const decimals = new Map((await store.assets()).map((info) => [tokenContract(info.asset), info.decimals]));
	const options = {
		chain: CHAIN,
		formats: formatsOf(family, (contract) => decimals.get(contract)),
		skipBad,
		ignoreUnknown: false,
		...(signal ? { signal } : {}),
	};
	const report = await store.atomically((tx) => importFile(tx, path, options));
	if (report === undefined) throw new Error("unknown format");
	return report;
}
const ledger = async (address: string) =>
	(await store.ledger(accountId(CHAIN, address), startOf(0), 1000)).map(
		(t) =>
			`${t.position.height}.${t.position.txIndex}.${t.position.eventIndex} ${t.kind} ${t.from.slice(-2)}>${t.to.slice(-2)} ${t.amount}`,
	);

const TXLIST = "blockNumber,timeStamp,hash,transactionIndex,from,to,value,gasPrice,gasUsed,isError,contractAddress,confirmations,nonce";
const txRow = (n: number, over: Partial<Record<string, string | number>> = {}) =>
	Object.values({
		blockNumber: 100 + n,
		timeStamp: 1000 + n,
		hash: hash(n),
		transactionIndex: 0,
		from: A,
		to: B,
		value: 5,
		gasPrice: 2,
		gasUsed: 3,
		isError: 0,
		contractAddress: "",
		confirmations: Math.max(0, 900 - n),
		nonce: n - 1,
		...over,
	}).join(",");
const TOKENTX = "blockNumber,timeStamp,hash,transactionIndex,from,to,value,contractAddress,tokenSymbol,tokenDecimal";
const tokenRow = (n: number, from: string, to: string, value: number) =>
	[100 + n, 1000 + n, hash(n), 0, from, to, value, TOKEN, "TOK", 6].join(",");

describe("Etherscan exports", () => {
	it("txlist: value and fee, the fee of a failure, a created contract, and what the export covers", async () => {
		const rows = [txRow(1), txRow(2, { isError: 1 }), txRow(3, { to: "", contractAddress: C, value: 1 })];
		const report = await load(file("txs.csv", `${TXLIST}\n${rows.join("\n")}\n`));
		expect(report).toMatchObject({ format: "etherscan txlist", rows: 3, added: 5, account: accountId(CHAIN, A) });
		expect(await ledger(A)).toEqual([
			"101.0.0 fee aa>00 6",
			"101.0.1 native aa>bb 5",
			"102.0.0 fee aa>00 6",
			"103.0.0 fee aa>00 6",
			"103.0.1 native aa>cc 1",
		]);
		expect(await store.coverage(CHAIN)).toEqual([
			expect.objectContaining({ account: accountId(CHAIN, A), fromHeight: 0, toHeight: 1000, kinds: ["native"] }),
		]);
		expect((await store.profile(accountId(CHAIN, C), 1)).isContract).toBe(true);
	});

	it("tokentx: no log index, so money arrives before it leaves, whatever the order of rows; equal transfers stay two", async () => {
		const rows = [tokenRow(1, B, C, 7), tokenRow(1, A, B, 7), tokenRow(1, A, B, 7)];
		await load(file("a.csv", `${TOKENTX}\n${rows.join("\n")}\n`));
		expect(await ledger(B)).toEqual(["101.0.16384 token aa>bb 7", "101.0.16385 token aa>bb 7", "101.0.16386 token bb>cc 7"]);
		await load(file("b.csv", `${TOKENTX}\n${tokenRow(1, A, B, 7)}\n`));
		expect(await ledger(B)).toHaveLength(3);
	});

	it("JSON as the API answers it, and internal transfers", async () => {
		const result = [
			{
				blockNumber: "101",
				timeStamp: "1001",
				hash: hash(1),
				from: B,
				to: C,
				value: "4",
				contractAddress: "",
				input: "",
				type: "call",
				gas: "1",
				gasUsed: "1",
				traceId: "0_1",
				isError: "0",
				errCode: "",
			},
		];
		await load(file("i.json", JSON.stringify({ status: "1", message: "OK", result })));
		expect(await ledger(C)).toEqual(["101.8192.2 internal bb>cc 4"]);
	});

	it("says what is left out, or taken out again, where another file says that the transaction failed", async () => {
		const failed = file("failed.csv", `${TXLIST}\n${txRow(1, { isError: 1 })}\n${txRow(2, { isError: 1 })}\n`);
		const paid = (n: number) => file(`paid-${n}.csv`, `${TOKENTX}\n${tokenRow(n, A, B, 7)}\n`);
		await load(paid(1));
		const taking = await load(failed);
		expect(taking.notes.join()).toContain("1 transfer of other sources taken out of the case: this file says that the transaction failed");
		expect([taking.added, taking.known]).toEqual([2, 0]);
		const left = await load(paid(2));
		expect(left.notes.join()).toContain("1 transfer left out: another source says that the transaction failed");
		expect([left.added, left.known]).toEqual([0, 0]);
	});

	it("the site's own download: other column names, decimal amounts, no transaction index", async () => {
		const header = `"Transaction Hash","Blockno","UnixTimestamp","DateTime (UTC)","From","To","ContractAddress","Value_IN(ETH)","Value_OUT(ETH)","CurrentValue @ $1/Eth","TxnFee(ETH)","TxnFee(USD)","Historical $Price/Eth","Status","ErrCode","Method"`;
		const row = (n: number, status = "") =>
			`"${hash(n)}","101","1001","2020-01-01","${A}","${B}","","0","1.5","","0.001","","","${status}","",""`;
		await load(file("site.csv", `${header}\n${row(9)}\n${row(4)}\n${row(7, "Error(0)")}\n`));
		expect(await ledger(B)).toEqual(["101.8192.1 native aa>bb 1500000000000000000", "101.8194.1 native aa>bb 1500000000000000000"]);
		const tokens = `"Transaction Hash","Blockno","UnixTimestamp","DateTime (UTC)","From","To","TokenValue","USDValueDayOfTx","ContractAddress","TokenName","TokenSymbol"\n"${hash(4)}","101","1001","","${A}","${B}","1,234.5","","${TOKEN}","Token","TOK"\n`;
		// Nobody tells its decimals: no amount, and its block does not count as fetched. Those of Tether are what Tether publishes.
		const TETHER = "0xdac17f958d2ee523a2206206994597c13d831ec7";
		const more = [102, 103].map((n) =>
			tokens.split("\n")[1]?.replace('"101"', `"${n}"`).replace(hash(4), hash(n)).replace(TOKEN, TETHER).replace("TOK", "USDT"),
		);
		const report = await load(file(`${B}.csv`, `${tokens}${more.join("\n")}\n`));
		expect(report).toMatchObject({ rows: 3, added: 2, badCount: 0, covers: [[101, 103]] });
		expect(report.notes.join()).toMatch(/1 rows of a token whose decimals nobody tells \("TOK", 0x[0-9a-zA-Z]{40}\) were left out: ingest/);
		expect(await ledger(B)).toContain("102.8192.16384 token aa>bb 1234500000");
		await load(file("api.csv", `${TOKENTX}\n${tokenRow(50, A, B, 1)}\n`));
		await load(file("tok.csv", tokens));
		expect(await ledger(B)).toContain("101.8192.16384 token aa>bb 1234500000");
	});

	it("rows in no order, rows in falling order, and a file of the same rows give the same case", async () => {
		const rows = Array.from({ length: 40 }, (_, i) => txRow(i + 1));
		await load(file("up.csv", `${TXLIST}\n${rows.join("\n")}\n`));
		const expected = await ledger(A);
		for (const order of [
			[...rows].reverse(),
			[...rows].sort((a, b) => (a.slice(5) < b.slice(5) ? 1 : -1)),
			rows.filter((_, i) => i % 2).concat(rows.filter((_, i) => i % 2 === 0)),
		]) {
			const report = await load(file("other.csv", `${TXLIST}\n${order.join("\n")}\n`));
			expect(report.added).toBe(0);
			expect(await ledger(A)).toEqual(expected);
		}
	});

	it("an export as long as the site's limit does not count as complete", async () => {
		const rows = Array.from({ length: 10_000 }, (_, i) => txRow(i + 1));
		await load(file(`long-${A}.csv`, `${TXLIST}\n${rows.join("\n")}\n`));
		expect(await store.coverage(CHAIN)).toEqual([
			expect.objectContaining({ fromHeight: 102, toHeight: 10_099, note: expect.stringContaining("cut off") }),
		]);
	});
});

describe("ethereum-etl exports", () => {
	it("carry transaction and log indices, so places are exact and agree with other sources", async () => {
		await load(file("t.csv", `${TOKENTX}\n${tokenRow(1, A, B, 7)}\n`));
		const transfers = `token_address,from_address,to_address,value,transaction_hash,log_index,block_number\n${TOKEN},${A},${B},7,${hash(1)},33,101\n`;
		expect(await load(file("etl.csv", transfers), { family: "ethereum-etl" })).toMatchObject({ added: 0, known: 1 });
		expect(await ledger(B)).toEqual([`101.0.${16384 + 33} token aa>bb 7`]);
		const transactions = `hash,nonce,block_hash,block_number,transaction_index,from_address,to_address,value,gas,gas_price,input,block_timestamp,receipt_gas_used,receipt_status,receipt_contract_address\n${hash(2)},0,0x,102,6,${A},${B},9,21000,2,0x,2020-01-01 00:00:00 UTC,10,1,\n`;
		await load(file("tx.csv", transactions), { family: "ethereum-etl" });
		const traces = `block_number,transaction_hash,transaction_index,from_address,to_address,value,trace_type,call_type,trace_address,status,reward_type\n102,${hash(2)},6,${B},${C},3,call,call,0,1,\n102,${hash(2)},6,${B},${C},3,call,delegatecall,1,1,\n102,${hash(2)},6,${B},${C},3,call,call,2,0,\n`;
		await load(file("tr.csv", traces), { family: "ethereum-etl" });
		expect((await ledger(B)).slice(1)).toEqual(["102.6.1 native aa>bb 9", "102.6.2 internal bb>cc 3"]);
	});

	it("without receipts are refused: nobody could tell a reverted transaction", async () => {
		const text = `hash,block_number,transaction_index,from_address,to_address,value,gas_price\n${hash(2)},102,6,${A},${B},9,2\n`;
		await expect(load(file("tx.csv", text), { family: "ethereum-etl" })).rejects.toMatchObject({
			message: expect.stringMatching(/lacks receipt_status, receipt_gas_used/),
		});
	});
});

describe("bad input gets file:line, what was expected, and a case as it was", () => {
	const cases: [string, string, RegExp][] = [
		["a row cut off in the middle", `${TXLIST}\n${txRow(1)}\n${txRow(2).slice(0, 60)}`, /x\.csv:3: .*cut off/],
		["an open quote", `${TXLIST}\n${txRow(1)}\n"101,`, /x\.csv:\d: .*cut off/],
		[
			"a date for a block",
			`${TXLIST}\n${txRow(1, { blockNumber: "2018-11-09" })}\n`,
			/x\.csv:2: column blockNumber: expected a block number, found "2018-11-09"/,
		],
		[
			"a negative amount",
			`${TXLIST}\n${txRow(1)}\n${txRow(2, { value: -5 })}\n`,
			/x\.csv:3: column value: expected an amount in base units.*"-5"/,
		],
		["a fractional amount", `${TXLIST}\n${txRow(1, { value: "1.5" })}\n`, /x\.csv:2: column value/],
		["an amount beyond 2^256", `${TXLIST}\n${txRow(1, { value: "9".repeat(78) })}\n`, /x\.csv:2: column value/],
		["a wrong checksum", `${TXLIST}\n${txRow(1, { to: "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed" })}\n`, /x\.csv:2: .*wrong checksum/],
		["something that is no address", `${TXLIST}\n${txRow(1, { to: "vitalik.eth" })}\n`, /x\.csv:2: column to: expected an address/],
		["a short hash", `${TXLIST}\n${txRow(1, { hash: "0x12" })}\n`, /x\.csv:2: column hash/],
		[
			"a wrong column",
			`${TXLIST.replace("gasUsed", "gas_used")}\n${txRow(1)}\n`,
			/x\.csv:1: looks like etherscan txlist, but lacks gasUsed/,
		],
		["columns of no export", "a,b\n1,2\n", /x\.csv:1: its columns are those of no known export/],
		["an answer of another API", "data,success,meta\n1,2,3\n", /x\.csv:1: looks like an answer of TronGrid's API/],
		["what a wallet lists", "address,category,amount,confirmations,txid\na,b,1,2,3\n", /looks like what a wallet of Bitcoin Core lists/],
		["an empty file", "", /x\.csv:1/],
		["a doubled column that says two things", `${TXLIST},value\n${txRow(1)},6\n`, /x\.csv:2: the column .value. comes twice/],
		["two values for one transaction", `${TXLIST}\n${txRow(1)}\n${txRow(1, { value: 6 })}\n`, /native of 5 and native of 6/],
		[
			"one transaction in two blocks",
			`${TXLIST}\n${txRow(1)}\n${txRow(2, { hash: hash(1) })}\n`,
			/block 101, index 0 and block 102, index 0/,
		],
	];
	it.each(cases)("%s", async (_, text, message) => {
		await load(file("before.csv", `${TXLIST}\n${txRow(77)}\n`));
		const before = [await ledger(A), await store.counts(), await store.coverage(CHAIN)];
		await expect(load(file("x.csv", text))).rejects.toMatchObject({ message: expect.stringMatching(message) });
		expect([await ledger(A), await store.counts(), await store.coverage(CHAIN)]).toEqual(before);
	});

	it("--skip-bad leaves bad rows out, lists them, and says so in the coverage", async () => {
		const report = await load(file(`${A}.csv`, `${TXLIST}\n${txRow(1)}\n${txRow(2, { value: -5 })}\n${txRow(3)}\n101,1001\n`), {
			skipBad: true,
		});
		expect(report).toMatchObject({
			rows: 2,
			badCount: 2,
			bad: [expect.stringMatching(/a\.csv:3: column value/), expect.stringMatching(/a\.csv:5: this row has 2 columns/)],
		});
		expect((await store.coverage(CHAIN))[0]?.note).toMatch(/2 rows of 0xa+\.csv did not parse/);
	});

	it("a file named after an account that a row does not touch", async () => {
		await expect(load(file(`${C}.csv`, `${TXLIST}\n${txRow(1)}\n`))).rejects.toMatchObject({
			message: expect.stringMatching(/named after 0xc+, which this row does not touch/),
		});
	});

	it("a file that is empty lines for the most part, by its first hundred thousand, and no file with one behind each row", async () => {
		const spaced = file("spaced.csv", `${"\n".repeat(60_000)}${TXLIST}\n\n${txRow(1)}\n\n${txRow(2)}\n\n`);
		await expect(load(spaced)).resolves.toMatchObject({ rows: 2 });
		const many = file("many.csv", `${TXLIST}\n${"\n".repeat(100_000)}${txRow(1)}\n`);
		await expect(load(many)).rejects.toMatchObject({
			message: expect.stringMatching(/many\.csv:\d+: has 65536 empty lines more than rows/),
		});
	});

	it("JSON that is cut off, and numbers that JSON has rounded", async () => {
		await expect(load(file("x.json", '{"result":[{'))).rejects.toMatchObject({ message: expect.stringMatching(/cut off/) });
		await expect(load(file("y.json", `[{"blockNumber":"1","value":1${"0".repeat(20)}}]`))).rejects.toMatchObject({
			message: expect.stringMatching(/beyond 2\^53/),
		});
	});

	it("an interruption in the middle of a file leaves nothing of it", async () => {
		const rows = Array.from({ length: 50_000 }, (_, i) => txRow(i + 1));
		const abort = new AbortController();
		setTimeout(() => abort.abort(), 30);
		await expect(load(file("big.csv", `${TXLIST}\n${rows.join("\n")}\n`), { signal: abort.signal })).rejects.toMatchObject({
			code: "INTERRUPTED",
		});
		expect((await store.counts()).transfers).toBe(0);
	});
});

describe("the Pure Bit exports", () => {
	it("import whole; every row of the collector's export is in its ledger", async () => {
		for (const kind of ["normal", "erc20"])
			for (const name of readdirSync(join(PUREBIT, kind)).sort()) await load(join(PUREBIT, kind, name));
		expect(await store.counts()).toMatchObject({ transfers: 1752, transactions: 871 });
		const text = readFileSync(join(PUREBIT, "normal", `${COLLECTOR}.csv`), "utf8")
			.trim()
			.split("\n")
			.slice(1);
		const own = await ledger(COLLECTOR);
		expect(own.filter((line) => line.includes(" native "))).toHaveLength(text.filter((row) => row.split(",")[8] !== "0").length);
		expect(own.filter((line) => line.includes(" fee "))).toHaveLength(text.filter((row) => row.split(",")[6] === COLLECTOR).length);
	});

	it("give the same case in any order of files", async () => {
		const names = readdirSync(join(PUREBIT, "normal"));
		const snapshot = async () => Promise.all(names.map((name) => ledger(name.slice(0, 42))));
		for (const name of names) await load(join(PUREBIT, "normal", name));
		const forward = await snapshot();
		await store.rollback(CHAIN, 0);
		mkdirSync(join(folder, "copy"));
		for (const name of [...names].reverse()) {
			copyFileSync(join(PUREBIT, "normal", name), join(folder, "copy", name));
			await load(join(folder, "copy", name));
		}
		expect(await snapshot()).toEqual(forward);
	});
});
