import { addressOf, EVENT_BAND, erc20Asset, MAX_EVENT_INDEX, MAX_TX_INDEX, nullAccount } from "@clew/core";
import { callKind } from "./call-kind.js";
import { feeOf, openFee } from "./fee.js";
import type { Format } from "./format.js";
import type { ParsedRow, Row } from "./row.js";
import { internalTransfers, nativeTransfers, tokenTransfer } from "./transfers.js";

function timeOf(row: Row): Pick<ParsedRow, "time"> {
	return row.optional("block_timestamp") === "" ? {} : { time: row.time("block_timestamp") };
}

/** `receipt_status` of a transaction, `status` of a trace; undefined where the cell is empty: before Byzantium receipts had none. */
function statusOf(row: Row, column: string): ParsedRow["status"] {
	const succeeded = row.flag(column);
	return succeeded === undefined ? undefined : succeeded ? "succeeded" : "failed";
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
		const fee = feeOf(row, ["receipt_effective_gas_price", "gas_price"], "receipt_gas_used", ["receipt_l1_fee"]);
		const status = statusOf(row, "receipt_status");
		return {
			hash: row.hash("hash"),
			height: row.height("block_number"),
			txIndex: row.integer(MAX_TX_INDEX, "transaction_index"),
			...timeOf(row),
			...(status === undefined ? {} : { status }),
			...openFee(fee),
			transfers: nativeTransfers(row, from, to, row.baseUnits("value"), fee.amount, status === "failed"),
			touches: to === undefined ? [from] : [from, to],
			...(created === undefined || status === "failed" ? {} : { contract: created }),
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

/** Traces that are no calls of a transaction. */
const OF_BLOCKS: ReadonlySet<string> = new Set(["reward", "genesis", "daofork"]);

/** A trace address is empty for a transaction's own call; other tools write the list with brackets. */
function isInner(row: Row): boolean {
	const text = row.text("trace_address");
	const address = /^\[?((?:[0-9]+(?:\.0)?(?:, ?|$|(?=\])))*)\]?$/.exec(text)?.[1];
	return (address ?? row.expected("trace_address", text, "numbers between commas, or nothing")) !== "";
}

/** Nothing is no amount, but in calls that cannot carry any. */
function tracedValue(row: Row): bigint {
	const bare = row.text("value") === "" && /^(delegatecall|staticcall)$/i.test(row.optional("call_type"));
	return bare ? 0n : row.baseUnits("value");
}

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
		const inner = isInner(row);
		const status = statusOf(row, "status");
		const moved = inner && status !== "failed" && !OF_BLOCKS.has(type);
		const amount = moved ? tracedValue(row) : 0n;
		if (amount > 0n && status === undefined) row.expected("status", "", "0 or 1 for a call that carries value");
		return {
			hash: row.text("transaction_hash") === "" ? (`0x${"0".repeat(64)}` as ParsedRow["hash"]) : row.hash("transaction_hash"),
			height: row.height("block_number"),
			...(row.text("transaction_index") === "" ? {} : { txIndex: row.integer(MAX_TX_INDEX, "transaction_index") }),
			...timeOf(row),
			...(inner || OF_BLOCKS.has(type) || status === undefined ? {} : { status }),
			transfers: internalTransfers(row.chain, from, to, amount, amount === 0n ? "" : callKind(row, ["trace_type"], ["call_type"])),
			touches: to === undefined ? [from] : [from, to],
		};
	},
};
