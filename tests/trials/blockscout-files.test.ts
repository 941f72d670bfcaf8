import { accountId, parseChainId } from "@clew/core";
import { afterEach, describe, expect, it } from "vitest";
import { type Desk, desk } from "./reading.js";

const CHAIN = parseChainId("eip155:9876543");
const HOLDER = "0xF61d31FeC999af448C06fFaBB5EC28FbEE482847";
const WRAPPER = "0x8751Cf7e29Fe588c61FDc53323438247198eaa57";
const STORE = "0xf9fcCF337a7930D146227601C1da7Be85bB50188";
const TOKEN = "0xc8561D128900F6D1FA0ba8b0e389EbDDc116154d";
const NOBODY = "0x0000000000000000000000000000000000000000";
const PAID = "0x754e6355a79ecaa3ddd97120d2779b05ba2214dc165bfda567b0a37a8b9545c6";
const MINTED = "0xd9dec4be0ff7048a9a696cac9ba24d9ac91250e8a3dff749a79b0069c7c78071";
const BURNED = "0xc5b1d133fa3ab86197967e8d7b4c15a91197ca777b285256991915d52be15596";

/** Who stands on a side, as API v2 tells it. */
const side = (hash: string) => ({ hash, ens_domain_name: null, implementations: [], is_contract: false, metadata: null, private_tags: [] });

/** A transaction as API v2 of Blockscout lists it: facts of a public chain, the keys that are not read left out for the most part. */
const transaction = (over: object = {}) => ({
	priority_fee: "27960000000000",
	raw_input: "0xd0e30db0",
	result: "success",
	hash: PAID,
	confirmation_duration: [0, 7000.0],
	type: 2,
	confirmations: 27968,
	position: 0,
	created_contract: null,
	value: "1000000000000000000",
	from: side(HOLDER),
	gas_used: "27960",
	status: "ok",
	to: side(WRAPPER),
	authorization_list: [],
	fee: { type: "actual", value: "27960000195720" },
	gas_price: "1000000007",
	timestamp: "2026-09-22T10:44:16.000000Z",
	nonce: 26,
	transaction_types: ["coin_transfer", "contract_call"],
	block_number: 368536,
	...over,
});
const SECOND = {
	hash: MINTED,
	confirmations: 33632,
	value: "4999000000000000000000",
	to: side(STORE),
	fee: { type: "actual", value: "101419000709933" },
	timestamp: "2026-09-21T23:43:28.000000Z",
	nonce: 25,
	block_number: 362872,
};
const token = (over: object = {}) => ({
	block_hash: "0x4a97d04da1f38acc0eeb2835f79ee3645556a206d314d287a4007da8b4d48768",
	block_number: 362872,
	from: side(NOBODY),
	log_index: 1,
	timestamp: "2026-09-21T23:43:28.000000Z",
	to: side(HOLDER),
	token: { address_hash: TOKEN, decimals: "18", name: "Scribe", symbol: "SCRB", type: "ERC-20" },
	total: { decimals: "18", value: "9829075778165330320000" },
	transaction_hash: MINTED,
	type: "token_minting",
	...over,
});
const page = (items: readonly object[], next: object | null = null) => JSON.stringify({ items, next_page_params: next });

let d: Desk;
afterEach(() => d.close());

describe("answers of Blockscout's API of version 2", () => {
	it("transactions: value, fee, place and nonce, and what the whole list covers", async () => {
		d = await desk(CHAIN);
		const [report] = await d.load(d.file(`transactions-${HOLDER}.json`, page([transaction(), transaction(SECOND)])));
		expect(report).toMatchObject({ format: "blockscout transactions", rows: 2, added: 4, covers: [[362872, 396504]], bad: [] });
		expect(report?.account).toBe(accountId(CHAIN, HOLDER));
		expect(await d.ledger(HOLDER)).toEqual([
			"362872.0.0 fee 47>00 101419000709933",
			"362872.0.1 native 47>88 4999000000000000000000",
			"368536.0.0 fee 47>00 27960000195720",
			"368536.0.1 native 47>57 1000000000000000000",
		]);
	});

	it("a failed transaction pays its fee alone, and a creation pays what it created", async () => {
		d = await desk(CHAIN);
		const created = transaction({ ...SECOND, to: null, created_contract: side(STORE) });
		await d.load(d.file("a.json", page([transaction({ status: "error", result: "Reverted" }), created])));
		expect(await d.ledger(HOLDER)).toEqual([
			"362872.0.0 fee 47>00 101419000709933",
			"362872.0.1 native 47>88 4999000000000000000000",
			"368536.0.0 fee 47>00 27960000195720",
		]);
	});

	it("the same answers by names of earlier versions give the same case", async () => {
		d = await desk(CHAIN);
		const { block_number: block, ...old } = transaction();
		const { transaction_hash, token: told, ...transfer } = token();
		const oldToken = { ...transfer, tx_hash: transaction_hash, token: { ...told, address: TOKEN, address_hash: undefined } };
		await d.load(d.file("a.json", page([{ ...old, block }])), d.file("b.json", page([oldToken])));
		const facts = await d.facts();
		await d.close();
		d = await desk(CHAIN);
		await d.load(d.file("a.json", page([transaction()])), d.file("b.json", page([token()])));
		expect(await d.facts()).toEqual(facts);
	});

	it("token transfers stand where their logs stand; ids are no amounts", async () => {
		d = await desk(CHAIN);
		const nft = { token: { address_hash: WRAPPER, decimals: null, symbol: "N", type: "ERC-721" }, total: { token_id: "41" } };
		const items = [token(), token({ ...nft, log_index: 2 }), token({ transaction_hash: BURNED, block_number: 362869, log_index: 7 })];
		const [report] = await d.load(d.file(`token-transfers-${HOLDER}.json`, page(items)));
		expect(report).toMatchObject({ format: "blockscout token transfers", rows: 3, added: 2 });
		expect(Object.values(report?.nfts ?? {})).toEqual([1]);
		const [first, second] = await d.ledger(HOLDER);
		expect(first).toMatch(/^362869\.8192\.\d+ mint 00>47 9829075778165330320000$/);
		expect(second).toMatch(/ mint 00>47 9829075778165330320000$/);
	});

	it("internal transactions: what calls moved, and nothing of what failed", async () => {
		d = await desk(CHAIN);
		const call = (index: number, over: object = {}) => ({
			block_number: 362872,
			created_contract: null,
			error: null,
			from: side(STORE),
			gas_limit: "2300",
			index,
			success: true,
			timestamp: "2026-09-21T23:43:28.000000Z",
			to: side(HOLDER),
			transaction_hash: MINTED,
			transaction_index: 3,
			type: "call",
			value: "7",
			...over,
		});
		const failed = { value: "9", success: false, error: "execution reverted" };
		const items = [call(3, failed), call(2, { type: "delegatecall", value: "5" }), call(1)];
		const [report] = await d.load(d.file(`internal-transactions-${HOLDER}.json`, page(items)));
		expect(report).toMatchObject({ format: "blockscout internal transactions", rows: 3, added: 1 });
		expect(await d.ledger(HOLDER)).toEqual([expect.stringMatching(/^362872\.3\.\d+ internal 88>47 7$/)]);
		const odd = d.file("odd.json", page([call(4, { success: true, error: "Reverted" })]));
		await expect(d.load(odd)).rejects.toThrow(/column error: expected nothing, as the row says that it succeeded/);
	});

	it("pages of one list are read together; one that is missing, or told twice, is named", async () => {
		d = await desk(CHAIN);
		const more = { block_number: 368536, index: 0, items_count: 1 };
		const [first, second] = [page([transaction()], more), page([transaction(SECOND)])];
		const [whole] = await d.load(d.file(`transactions-${HOLDER}.json`, `[${first},${second}]`));
		expect(whole).toMatchObject({ rows: 2, covers: [[362872, 396504]] });
		const [lines] = await d.load(d.file("lines.json", `${first}\n${second}\n`));
		expect(lines).toMatchObject({ rows: 2, added: 0, known: 4 });
		const [part] = await d.load(d.file("part.json", page([transaction()], more)));
		expect(part?.notes).toContain("the answer says that more pages follow (next_page_params)");
		const [third] = await d.load(d.file("third.json", page([transaction()], { ...more, items_count: 101 })));
		expect(third?.notes.join()).toMatch(/101 items were listed so far, and these are 1/);
		await expect(d.load(d.file("twice.json", `[${first},${page([transaction()])}]`))).rejects.toThrow(/tells an item of page 1 again/);
		await expect(d.load(d.file("two.json", `[${second},${page([transaction()])}]`))).rejects.toThrow(/says that nothing follows/);
		const [items] = await d.load(d.file("items.json", JSON.stringify([transaction(), transaction(SECOND)])));
		expect(items?.notes.join()).toMatch(/items without their pages/);
	});

	it.each([
		["a transaction in no block", transaction({ block_number: null, status: null }), /column status: expected ok or error/],
		["a status that nobody knows", transaction({ status: "pending" }), /column status: expected ok or error/],
		["a fee that is only the most it may be", transaction({ fee: { type: "maximum", value: "1" } }), /column fee.type/],
		["a rounded amount", transaction({ value: "1e+18" }), /column value: expected an amount in base units/],
	])("refuses %s", async (_, item, message) => {
		d = await desk(CHAIN);
		await expect(d.load(d.file("a.json", page([item, transaction(SECOND)])))).rejects.toThrow(message);
	});
});

describe("Blockscout's CSV exports", () => {
	const TRANSACTIONS =
		"TxHash,BlockNumber,UnixTimestamp,FromAddress,ToAddress,ContractAddress,Type,Value,Fee,Status,ErrCode,CurrentPrice,TxDateOpeningPrice,TxDateClosingPrice,MethodName";
	const rows = [
		`${PAID},368536,2026-09-22 10:44:16.000000Z,${HOLDER},${WRAPPER},,OUT,1000000000000000000,27960000195720,ok,,,,,deposit`,
		`${MINTED},362872,2026-09-21 23:43:28.000000Z,${HOLDER},${STORE},,OUT,4999000000000000000000,101419000709933,error,Reverted,,,,buy`,
	];
	const csv = (header: string, lines: readonly string[]) => `${[header, ...lines].join("\r\n")}\r\n`;

	it("transactions are of a range, whose account the direction tells", async () => {
		d = await desk(CHAIN);
		const [report] = await d.load(d.file("transactions.csv", csv(TRANSACTIONS, rows)));
		expect(report).toMatchObject({ format: "blockscout CSV transactions", rows: 2, added: 3, covers: [[362872, 368536]] });
		expect(report?.account).toBe(accountId(CHAIN, HOLDER));
		expect(await d.ledger(HOLDER)).toEqual([
			"362872.8192.0 fee 47>00 101419000709933",
			"368536.8192.0 fee 47>00 27960000195720",
			"368536.8192.1 native 47>57 1000000000000000000",
		]);
	});

	it("a file of one direction, by its name, covers nothing", async () => {
		d = await desk(CHAIN);
		const name = `transactions_${HOLDER}_2026-09-01_2026-10-01_with_filter_type_address_value_from.csv`;
		const [report] = await d.load(d.file(name, csv(TRANSACTIONS, rows)));
		expect(report).toMatchObject({ covers: [] });
		expect(report?.notes).toContain("its name says that a part of the rows was asked for");
	});

	it("token transfers, whose header names the decimals twice", async () => {
		d = await desk(CHAIN);
		const header =
			"TxHash,BlockNumber,UnixTimestamp,FromAddress,ToAddress,TokenContractAddress,Type,TokenDecimals,TokenSymbol,TokenDecimals,TokensTransferred,TransactionFee,Status,ErrCode";
		const row = (decimals: string, again: string, amount: string) =>
			`${MINTED},362872,2026-09-21 23:43:28.000000Z,${NOBODY},${HOLDER},${TOKEN},IN,${decimals},SCRB,${again},${amount},101419000709933,ok,`;
		const [report] = await d.load(d.file("tokens.csv", csv(header, [row("18", "18", "9829075778165330320000"), row("", "", "")])));
		expect(report).toMatchObject({ format: "blockscout CSV token transfers", rows: 2 });
		await expect(d.load(d.file("two.csv", csv(header, [row("18", "6", "1")])))).rejects.toThrow(
			/two\.csv:2: the column .TokenDecimals. comes twice/,
		);
	});

	it("internal transactions", async () => {
		d = await desk(CHAIN);
		const header =
			"TxHash,Index,BlockNumber,BlockHash,TxIndex,BlockIndex,UnixTimestamp,FromAddress,ToAddress,ContractAddress,Type,CallType,Gas,GasUsed,Value,Input,Output,ErrCode,Fee";
		const block = "0x4a97d04da1f38acc0eeb2835f79ee3645556a206d314d287a4007da8b4d48768";
		const row = (index: number, call: string, error: string) =>
			`${MINTED},${index},362872,${block},4,0,2026-09-21 23:43:28.000000Z,${STORE},${HOLDER},,call,${call},2300,0,7,0x,0x,${error},`;
		const lines = [row(3, "delegatecall", ""), row(2, "call", "execution reverted"), row(1, "call", "")];
		const [report] = await d.load(d.file("internal.csv", csv(header, lines)));
		expect(report).toMatchObject({ format: "blockscout CSV internal transactions", rows: 3, added: 1 });
		expect(await d.ledger(HOLDER)).toEqual([expect.stringMatching(/^362872\.8192\.\d+ internal 88>47 7$/)]);
	});
});
