import { type AccountId, addressOf, callPath, EVENT_BAND, erc20Asset, MAX_EVENT_INDEX, MAX_TX_INDEX } from "@clew/core";
import { callKind } from "./call-kind.js";
import { openFee, toldFee } from "./fee.js";
import type { Format } from "./format.js";
import type { ParsedRow, Row } from "./row.js";
import { calledWithdrawal, idRow, internalTransfers, isDestruction, nativeTransfers, partiesOf, tokenTransfer } from "./transfers.js";

/** More than any chain has blocks. */
const MAX_CONFIRMATIONS = 2 ** 40;

/** `ok` and `error`; other words, and none, are of transactions in no block, or that failed for a reason nobody traced. */
function statusOf(row: Row, column: string): "succeeded" | "failed" {
	const status = row.text(column);
	if (status !== "ok" && status !== "error") row.expected(column, status, "ok or error");
	return status === "ok" ? "succeeded" : "failed";
}

/** Names of a format's columns for what a row of tokens moved. */
interface TokenCells {
	readonly amount: string;
	readonly decimals: readonly string[];
	readonly symbol: string;
}

function movedToken(row: Row, from: AccountId, to: AccountId, contract: AccountId, cells: TokenCells, place?: number) {
	const asset = erc20Asset(row.chain, addressOf(contract));
	const decimals = row.optional(...cells.decimals) === "" ? undefined : row.decimals(...cells.decimals);
	return {
		transfers: [tokenTransfer(from, to, asset, row.baseUnits(cells.amount), place)],
		...(decimals === undefined ? {} : { asset: { asset, decimals, symbol: row.optional(cells.symbol) } }),
		contract,
		...partiesOf(from, to),
	};
}

/** `/api/v2/addresses/ADDRESS/transactions` of Blockscout: the transactions of an account, each with its place. */
export const blockscoutTransactions: Format = {
	name: "blockscout transactions",
	kinds: ["native"],
	outcome: ["status"],
	columns: ["hash", "block_number", "timestamp", "status", "from.hash", "value", "fee.value", "position"],
	without: ["transaction_hash"],
	parse(row) {
		const from = row.someAccount("from.hash");
		const created = row.account("created_contract.hash");
		const to = row.account("to.hash") ?? created;
		const status = statusOf(row, "status");
		const failed = status === "failed";
		if (row.optional("fee.type") === "maximum") row.expected("fee.type", "maximum", "actual, as of a transaction in a block");
		const fee = toldFee(row, "fee.value");
		const height = row.height("block_number");
		const head = row.optional("confirmations") === "" ? {} : { head: height + row.integer(MAX_CONFIRMATIONS, "confirmations") };
		return {
			hash: row.hash("hash"),
			height,
			time: row.time("timestamp"),
			txIndex: row.integer(MAX_TX_INDEX, "position"),
			status,
			...head,
			...openFee(fee),
			...row.sent(from),
			transfers: [
				...nativeTransfers(row, from, to, row.baseUnits("value"), fee.amount, failed),
				...(failed ? [] : calledWithdrawal(row.chain, from, to, row.optional("raw_input"))),
			],
			...partiesOf(from, to, created, failed),
		};
	},
};

/** `/api/v2/addresses/ADDRESS/token-transfers`: each with the index of its log, so that places are exact. */
export const blockscoutTokens: Format = {
	name: "blockscout token transfers",
	kinds: ["token"],
	columns: ["transaction_hash", "block_number", "log_index", "from.hash", "to.hash", "token.address_hash"],
	without: [],
	parse(row) {
		const from = row.someAccount("from.hash");
		const to = row.someAccount("to.hash");
		const contract = row.someAccount("token.address_hash");
		const common = { hash: row.hash("transaction_hash"), height: row.height("block_number"), time: row.time("timestamp") };
		const index = row.integer(MAX_EVENT_INDEX - EVENT_BAND.log, "log_index");
		const kind = row.optional("token.type", "token_type");
		if (kind !== "" && !/^[A-Z]{2,4}-20$/.test(kind)) return idRow(common, row.chain, contract, from, to);
		if (row.optional("total.token_id") !== "") return idRow(common, row.chain, contract, from, to);
		const cells = { amount: "total.value", decimals: ["token.decimals", "total.decimals"], symbol: "token.symbol" };
		return {
			...common,
			id: `log ${index} of block ${common.height}`,
			...movedToken(row, from, to, contract, cells, EVENT_BAND.log + index),
		};
	},
};

/** `/api/v2/addresses/ADDRESS/internal-transactions`: `index` numbers the calls of a transaction in the order in which they began. */
export const blockscoutInternal: Format = {
	name: "blockscout internal transactions",
	kinds: ["internal"],
	outcome: ["success", "error"],
	columns: ["transaction_hash", "block_number", "timestamp", "from.hash", "value", "type", "success", "index"],
	without: ["log_index"],
	parse(row) {
		const from = row.someAccount("from.hash");
		const created = row.account("created_contract.hash");
		const to = row.account("to.hash") ?? created;
		const succeeded = row.flag("success") ?? row.expected("success", "", "true or false");
		row.checkError(!succeeded, "error");
		const common = {
			hash: row.hash("transaction_hash"),
			height: row.height("block_number"),
			time: row.time("timestamp"),
			...(row.optional("transaction_index") === "" ? {} : { txIndex: row.integer(MAX_TX_INDEX, "transaction_index") }),
		};
		return { ...common, ...innerCall(row, common, { from, to, created, failed: !succeeded, index: "index", kinds: ["type"], calls: [] }) };
	},
};

/** What a row of a call inside a transaction names it, and what it moved. */
interface InnerCall {
	readonly from: AccountId;
	readonly to: AccountId | undefined;
	readonly created: AccountId | undefined;
	readonly failed: boolean;
	/** Names of columns: the call's number, its kind, and which call it is. */
	readonly index: string;
	readonly kinds: readonly string[];
	readonly calls: readonly string[];
}

function innerCall(
	row: Row,
	place: { readonly hash: string; readonly height: number; readonly time: number },
	{ from, to, created, failed, index, kinds, calls }: InnerCall,
): Pick<ParsedRow, "id" | "failed" | "callPath" | "transfers" | "destroyed" | "touches" | "contract"> {
	const amount = failed ? 0n : row.baseUnits(row.has("value") ? "value" : "Value");
	const type = amount === 0n ? "" : callKind(row, kinds, calls);
	const number = String(row.integer(MAX_CALLS, index));
	return {
		failed,
		id: `call ${number} of transaction ${place.hash}`,
		callPath: callPath("blockscout", number),
		transfers: internalTransfers(row.chain, place, from, to, amount, type),
		...(isDestruction(type) ? { destroyed: true } : {}),
		...partiesOf(from, to, created, failed),
	};
}

/** More calls than any transaction has. */
const MAX_CALLS = 2 ** 30;

/** Rows of the longest file that Blockscout gives. Source: `Explorer.Chain.CsvExport.Helper`. */
const CSV_ROW_LIMIT = 10_000;
const DOWNLOAD = { rowLimit: CSV_ROW_LIMIT, ranged: true } as const;

function csvPlace(row: Row) {
	return { hash: row.hash("TxHash"), height: row.height("BlockNumber"), time: row.time("UnixTimestamp") };
}

function csvStatus(row: Row): "succeeded" | "failed" {
	const status = statusOf(row, "Status");
	row.checkError(status === "failed", "ErrCode");
	return status;
}

/** Whose export a row is of: the site writes from where its account stands. */
function csvOwner(row: Row, from: InnerCall["from"], to: InnerCall["to"]): Pick<ParsedRow, "owner"> {
	const direction = row.text("Type");
	if (direction !== "IN" && direction !== "OUT" && direction !== "") row.expected("Type", direction, "IN, OUT or nothing");
	const owner = direction === "OUT" ? from : direction === "IN" ? to : undefined;
	return owner === undefined ? {} : { owner };
}

/** Blockscout's CSV of transactions; amounts and fees in base units. It gives no transaction index: places are derived. */
export const blockscoutCsvTransactions: Format = {
	name: "blockscout CSV transactions",
	...DOWNLOAD,
	kinds: ["native"],
	outcome: ["Status", "ErrCode"],
	columns: ["TxHash", "BlockNumber", "UnixTimestamp", "FromAddress", "ToAddress", "ContractAddress", "Type", "Value", "Fee", "Status"],
	without: ["CallType", "TokenContractAddress"],
	parse(row) {
		const from = row.someAccount("FromAddress");
		const created = row.account("ContractAddress");
		const to = row.account("ToAddress") ?? created;
		const status = csvStatus(row);
		const failed = status === "failed";
		const fee = toldFee(row, "Fee");
		return {
			...csvPlace(row),
			status,
			...openFee(fee),
			transfers: nativeTransfers(row, from, to, row.baseUnits("Value"), fee.amount, failed),
			...csvOwner(row, from, to),
			...partiesOf(from, to, created, failed),
		};
	},
};

/** Blockscout's CSV of token transfers, with amounts in base units; those without an amount moved an id. */
export const blockscoutCsvTokens: Format = {
	name: "blockscout CSV token transfers",
	...DOWNLOAD,
	kinds: ["token"],
	outcome: ["Status", "ErrCode"],
	columns: ["TxHash", "BlockNumber", "UnixTimestamp", "FromAddress", "ToAddress", "TokenContractAddress", "Type", "TokensTransferred"],
	without: [],
	parse(row) {
		const from = row.someAccount("FromAddress");
		const to = row.someAccount("ToAddress");
		const contract = row.someAccount("TokenContractAddress");
		const common = { ...csvPlace(row), ...csvOwner(row, from, to), ...(row.optional("Status") === "" ? {} : { status: csvStatus(row) }) };
		if (row.text("TokensTransferred") === "" || row.showsNft()) return idRow(common, row.chain, contract, from, to);
		const cells = { amount: "TokensTransferred", decimals: ["TokenDecimals"], symbol: "TokenSymbol" };
		return { ...common, ...movedToken(row, from, to, contract, cells) };
	},
};

/**
 * Blockscout's CSV of internal transactions. Its columns `TxIndex` and `BlockIndex` have changed places between versions, and are not read.
 */
export const blockscoutCsvInternal: Format = {
	name: "blockscout CSV internal transactions",
	...DOWNLOAD,
	kinds: ["internal"],
	outcome: ["ErrCode"],
	columns: ["TxHash", "Index", "BlockNumber", "UnixTimestamp", "FromAddress", "ToAddress", "Type", "CallType", "Value", "ErrCode"],
	without: [],
	parse(row) {
		const from = row.someAccount("FromAddress");
		const created = row.account("ContractAddress");
		const to = row.account("ToAddress") ?? created;
		const common = csvPlace(row);
		const failed = row.text("ErrCode") !== "";
		return { ...common, ...innerCall(row, common, { from, to, created, failed, index: "Index", kinds: ["Type"], calls: ["CallType"] }) };
	},
};
