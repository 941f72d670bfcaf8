import { addressOf, EVENT_BAND, erc20Asset, MAX_EVENT_INDEX, MAX_TX_INDEX, nativeAsset, nullAccount } from "@clew/core";
import type { Format } from "./format.js";
import { feeOf, type ParsedRow, type Row } from "./row.js";
import { nativeTransfers, tokenTransfer } from "./transfers.js";

function timeOf(row: Row): Pick<ParsedRow, "time"> {
	const text = row.optional("block_timestamp");
	if (text === "") return {};
	if (/^[0-9]+$/.test(text)) return { time: row.time("block_timestamp") };
	const time = Date.parse(text.replace(" UTC", "Z").replace(" ", "T"));
	return Number.isNaN(time) ? row.expected("block_timestamp", text, "a time") : { time: Math.floor(time / 1000) };
}

/** ethereum-etl `transactions`, with the receipt columns of BigQuery: without them nobody can tell a reverted transaction. */
export const etlTransactions: Format = {
	name: "ethereum-etl transactions",
	kinds: ["native"],
	columns: ["hash", "block_number", "transaction_index", "from_address", "to_address", "value", "receipt_status", "receipt_gas_used"],
	without: [],
	parse(row) {
		const from = row.someAccount("from_address");
		const created = row.account("receipt_contract_address");
		const to = row.account("to_address") ?? created;
		const price = row.optional("receipt_effective_gas_price") === "" ? "gas_price" : "receipt_effective_gas_price";
		const fee = feeOf(row, price, "receipt_gas_used");
		return {
			hash: row.hash("hash"),
			height: row.height("block_number"),
			txIndex: row.integer(MAX_TX_INDEX, "transaction_index"),
			...timeOf(row),
			transfers: nativeTransfers(row, from, to, row.baseUnits("value"), fee, row.text("receipt_status") === "0"),
			touches: to === undefined ? [from] : [from, to],
			...(created === undefined ? {} : { contract: created }),
		};
	},
};

/** ethereum-etl `token_transfers`; carries the block's log index, so places are exact. */
export const etlTokenTransfers: Format = {
	name: "ethereum-etl token_transfers",
	kinds: ["token"],
	columns: ["token_address", "from_address", "to_address", "value", "transaction_hash", "log_index", "block_number"],
	without: [],
	parse(row) {
		const from = row.someAccount("from_address");
		const to = row.someAccount("to_address");
		const contract = row.someAccount("token_address");
		const asset = erc20Asset(row.chain, addressOf(contract));
		const eventIndex = EVENT_BAND.log + row.integer(MAX_EVENT_INDEX - EVENT_BAND.log, "log_index");
		return {
			hash: row.hash("transaction_hash"),
			height: row.height("block_number"),
			...timeOf(row),
			transfers: [tokenTransfer(from, to, asset, row.baseUnits("value"), eventIndex)],
			contract,
			touches: [from, to],
		};
	},
};

const MOVING_CALLS = new Set(["", "call"]);

/** ethereum-etl `traces`: only value moved by calls inside transactions, and rewards; a transaction's own value comes with `transactions`. */
export const etlTraces: Format = {
	name: "ethereum-etl traces",
	kinds: ["internal"],
	columns: [
		"block_number",
		"transaction_hash",
		"transaction_index",
		"from_address",
		"to_address",
		"value",
		"trace_type",
		"trace_address",
		"status",
	],
	without: [],
	parse(row) {
		const type = row.text("trace_type");
		const from = row.account("from_address") ?? nullAccount(row.chain);
		const to = row.account("to_address");
		const inner = row.text("trace_address") !== "";
		const amount = row.text("value") === "" ? 0n : row.baseUnits("value");
		const moves =
			inner &&
			to !== undefined &&
			amount > 0n &&
			row.text("status") === "1" &&
			MOVING_CALLS.has(row.optional("call_type")) &&
			type !== "reward";
		return {
			hash: row.text("transaction_hash") === "" ? (`0x${"0".repeat(64)}` as ParsedRow["hash"]) : row.hash("transaction_hash"),
			height: row.height("block_number"),
			...(row.text("transaction_index") === "" ? {} : { txIndex: row.integer(MAX_TX_INDEX, "transaction_index") }),
			...timeOf(row),
			transfers: moves ? [{ kind: "internal", from, to, asset: nativeAsset(row.chain), amount }] : [],
			touches: to === undefined ? [from] : [from, to],
		};
	},
};
