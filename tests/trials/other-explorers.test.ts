import { formatsOf, importFile } from "@clew/chains";
import { accountId, parseChainId } from "@clew/core";
import { afterEach, describe, expect, it } from "vitest";
import { atDesk, type Desk, desk, ETHEREUM } from "./reading.js";

let d: Desk;
afterEach(() => d?.close());

describe("Covalent's list of an account's transactions", () => {
	const SENDER = "0xae2fc483527b8ef99eb5d9b44875f005ba1fae13";
	/** A transaction of block 17433131 as it lists it; its logs are left out here, and not read. */
	const item = (over: object = {}) => ({
		block_signed_at: "2023-06-08T04:10:11Z",
		block_height: 17433131,
		tx_hash: "0x1885c802207b7cc17342d27491790352dd87e14fc179325662c6fbbf8ac739be",
		tx_offset: 0,
		successful: true,
		from_address: SENDER,
		to_address: "0x6b75d8af000000e20b7a7ddf000ba900b4009a80",
		value: "26608165",
		gas_offered: 211408,
		gas_spent: 147986,
		gas_price: 19020446397,
		fees_paid: "2814759780506442",
		log_events: [{ tx_offset: 0, log_offset: 0 }],
		...over,
	});
	const answer = (items: readonly object[], over: object = {}, error = false) =>
		JSON.stringify({
			data: { address: SENDER, chain_id: 1, chain_name: "eth-mainnet", current_page: 0, links: { prev: null, next: null }, items, ...over },
			error,
			error_message: error ? "Address malformed" : null,
			error_code: null,
		});

	it("value and fee in their place; what lies on other pages is said", async () => {
		d = await desk();
		const [report] = await d.load(d.file(`${SENDER}.json`, answer([item()])));
		expect(report).toMatchObject({ format: "covalent transactions", added: 2, covers: [[0, 17433131]] });
		expect(await d.ledger(SENDER)).toEqual(["17433131.0.0 fee 13>00 2814759780506442", "17433131.0.1 native 13>80 26608165"]);
		const pages = [{ links: { prev: "https://x/page/0/", next: null } }, { links: { prev: null, next: "https://x/page/1/" } }];
		for (const over of pages) {
			const [part] = await d.load(d.file(`${SENDER}.json`, answer([item()], over)));
			expect(part?.notes.join()).toMatch(/page before it|more pages follow/);
		}
	});

	it("another chain's answer, an error, and transfers of one token are refused", async () => {
		d = await desk();
		await expect(d.load(d.file("a.json", answer([item()], { chain_id: 137 })))).rejects.toThrow(
			/beside its rows: .*belongs to another chain/,
		);
		await expect(d.load(d.file("b.json", answer([], {}, true)))).rejects.toThrow(/the answer is an error: "Address malformed"/);
		const { tx_offset: _, log_events: __, successful: ___, ...transfers } = item({ transfers: [{ delta: "1", transfer_type: "IN" }] });
		await expect(d.load(d.file("c.json", answer([transfers])))).rejects.toThrow(/transfers of one token by Covalent/);
	});

	it("a failure pays its fee alone", async () => {
		d = await desk();
		await d.load(d.file("a.json", answer([item({ successful: false })])));
		expect(await d.ledger(SENDER)).toEqual(["17433131.0.0 fee 13>00 2814759780506442"]);
	});

	it.each([
		["isError", 1],
		["success", false],
		["Successful", false],
		["txreceipt_status", 0],
		["status", "0"],
		["reverted", true],
		["error", "execution reverted"],
	])("a column %s that tells another outcome is refused with both named", async (column, value) => {
		d = await desk();
		const own = `a\\.json:1: column ${column}(: expected what| tells a failure, "${value}", and) column successful (says|a success), "true"`;
		const says = new RegExp(own);
		await expect(d.load(d.file("a.json", answer([item({ [column]: value })])))).rejects.toThrow(says);
	});

	it("columns that tell the same outcome in other words, or nothing, are no difference", async () => {
		d = await desk();
		const same = { isError: "0", success: "True", txreceipt_status: 1, status: "ok", error: null, reverted: false };
		await d.load(d.file("a.json", answer([item(same)])));
		expect(await d.ledger(SENDER)).toHaveLength(2);
		await atDesk(async ({ load, file, ledger }) => {
			await load(file("a.json", answer([item({ successful: false, isError: 1, error: "out of gas", status: "0x0" })])));
			expect(await ledger(SENDER)).toHaveLength(1);
		});
	});

	it("the answer's own account decides whose history it is; a name that tells another is refused", async () => {
		d = await desk();
		const other = item().to_address;
		await expect(d.load(d.file(`transactions_v3-${other}.json`, answer([item()])))).rejects.toThrow(
			new RegExp(`the answer is of ${SENDER}, and the file is named after ${other}`, "i"),
		);
		const [report] = await d.load(d.file("a.json", answer([item()])));
		expect(report).toMatchObject({ covers: [[0, 17433131]] });
		const foreign = item({ from_address: other });
		await expect(d.load(d.file("b.json", answer([foreign])))).rejects.toThrow(/the answer is of 0xae2f.* which this row does not touch/i);
	});
});

describe("rows of Dune's tables", () => {
	const [FROM, TO] = ["5041ed759dd4afc3a72b8192c143f72f4724081a", "f584f8728b874a6a5c7a8d4d387c9aae9172d621"];
	const USDT = "dac17f958d2ee523a2206206994597c13d831ec7";
	const HASH = "0a23ae50fe5cdd6346befec98f36caf6f95e2b4a1e2ca11b53b7cb459314f91a";
	const HEADER = "contract_address,evt_tx_hash,evt_index,evt_block_time,evt_block_number,from,to,value";
	const row = (prefix: string) =>
		[prefix + USDT, prefix + HASH, 77, "2024-07-08 01:17:47.000 UTC", 20258780, prefix + FROM, prefix + TO, "737256272000"].join(",");

	it("token transfers are read in either way of writing bytes, and cover nothing", async () => {
		for (const prefix of ["0x", "\\x"]) {
			await atDesk(async ({ load, file, ledger }) => {
				const [report] = await load(file(`0x${FROM}.csv`, `${HEADER}\n${row(prefix)}\n`));
				expect(report).toMatchObject({ format: "dune evt_Transfer", added: 1, covers: [] });
				expect(report?.notes).toContain("its rows are what a query chose");
				expect(await ledger(`0x${FROM}`)).toEqual([expect.stringMatching(/^20258780\.8192\.\d+ token 1a>21 737256272000$/)]);
			});
		}
	});

	it("transactions, with the fee by gas used", async () => {
		const header = "block_time,block_number,value,gas_limit,gas_price,gas_used,nonce,index,success,from,to,data,hash,type";
		const line = (success: string, to = `\\x${TO}`) =>
			`2024-07-08 01:17:47,20258780,5,21000,7,21000,3,12,${success},\\x${FROM},${to},\\x,\\x${HASH},DynamicFee`;
		await atDesk(async ({ load, file, ledger }) => {
			const [report] = await load(file("a.csv", `${header}\n${line("true")}\n`));
			expect(report).toMatchObject({ format: "dune transactions", covers: [] });
			expect(await ledger(`0x${FROM}`)).toEqual(["20258780.12.0 fee 1a>00 147000", "20258780.12.1 native 1a>21 5"]);
		});
		await atDesk(async ({ load, file, ledger }) => {
			await load(file("a.csv", `${header}\n${line("false")}\n`));
			expect(await ledger(`0x${FROM}`)).toEqual(["20258780.12.0 fee 1a>00 147000"]);
		});
	});

	it.each([
		["successful", "false"],
		["status", "0"],
		["reverted", "1"],
	])("a column %s that tells another outcome is refused", async (column, value) => {
		const text = `block_time,block_number,value,gas_price,gas_used,index,success,from,to,hash,${column}
2024-07-08 01:17:47,20258780,5,7,21000,12,true,0x${FROM},0x${TO},0x${HASH},${value}
`;
		await atDesk(({ load, file }) =>
			expect(load(file("a.csv", text))).rejects.toThrow(
				`column ${column} tells a failure, "${value}", and column success a success, "true"`,
			),
		);
		const moved = `${HEADER},${column}\n${row("0x")},${value}\n`;
		await atDesk(({ load, file }) =>
			expect(load(file("b.csv", moved))).rejects.toThrow(
				`column ${column} tells a failure, "${value}", and the row tells what did not fail`,
			),
		);
	});

	it("an amount that a query rounded is refused", async () => {
		const text = `${HEADER}\n${row("0x").replace("737256272000", "7.37256272e11")}\n`;
		await atDesk(({ load, file }) => expect(load(file("a.csv", text))).rejects.toThrow(/column value/));
	});
});

describe("sites in the form of Etherscan's CSV", () => {
	const HARMONY = parseChainId("eip155:1666600000");
	const HEADER =
		'"Txhash","Blockno","UnixTimestamp","DateTime","From","To","Value_IN(ONE)","Value_OUT(ONE)","CurrentValue @ $0.10055000/ONE","TxnFee(ONE)","TxnFee(USD)","Method"';
	const ROW =
		'"0x542fc42d6663f18267cd5dad1c721b1dd5b30769f5fbde26001c9ed91b018bdb","25752469","1650955433","2022-04-26 06:43:53","0x181f2152f1a4353f7459522d72a16bb2b84e1141","0xf19da762ac22aaa256a5f2e27498c1a811317f72","0","59959.9992","6028.9779","0.000735","0.0000739","0x"';

	it("one that does not tell whether a transaction succeeded says so: it is not taken for a success", async () => {
		await atDesk(async ({ load, file, store }) => {
			const [report] = await load(file("0x181f2152f1a4353f7459522d72a16bb2b84e1141.csv", `${HEADER}\n${ROW}\n`));
			expect(report).toMatchObject({ format: "etherscan site transactions", added: 2 });
			const gaps = await store.blockGaps(HARMONY);
			expect(gaps.map(({ account }) => account)).toContain(accountId(HARMONY, "0x181f2152f1a4353f7459522d72a16bb2b84e1141"));
			expect(gaps[0]?.gap).toMatch(/^whether a transaction succeeded is told by no source/);
		}, HARMONY);
	});
});

describe("what a node of Ethereum answered is known, and read from the node alone", () => {
	const read = (value: object) =>
		atDesk(async ({ store, file }) => {
			const formats = formatsOf("etherscan", () => undefined);
			const options = { chain: ETHEREUM, formats, skipBad: false, ignoreUnknown: false };
			return importFile(store, file("x.json", JSON.stringify(value)), options);
		});
	const bytes = "0x00";
	it.each([
		[
			"a trace of calls",
			{
				jsonrpc: "2.0",
				id: 1,
				result: { from: bytes, gas: bytes, gasUsed: bytes, to: bytes, input: bytes, calls: [], value: bytes, type: "CALL" },
			},
			/callTracer/,
		],
		["a trace of steps", { gas: 1, failed: false, returnValue: "", structLogs: [] }, /structLogs/],
		[
			"parity's traces",
			{ jsonrpc: "2.0", result: [{ action: {}, blockNumber: 1, traceAddress: [], transactionHash: bytes, type: "call" }] },
			/trace_block/,
		],
		[
			"a block",
			{
				jsonrpc: "2.0",
				id: 1,
				result: { number: "0x1", parentHash: bytes, transactionsRoot: bytes, receiptsRoot: bytes, transactions: [] },
			},
			/a block as a node gives it/,
		],
		[
			"receipts",
			[{ transactionHash: bytes, blockHash: bytes, cumulativeGasUsed: bytes, logsBloom: bytes, logs: [] }],
			/a receipt as a node gives it/,
		],
	])("%s", async (_, value, message) => {
		await expect(read(value)).rejects.toMatchObject({
			message: expect.stringMatching(message),
			hint: expect.stringMatching(/clew ingest --rpc/),
		});
	});
});
