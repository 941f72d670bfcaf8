import { addressOf, EVENT_BAND, erc20Asset, MAX_EVENT_INDEX, MAX_TX_INDEX } from "@clew/core";
import { feeOf, openFee } from "./fee.js";
import type { Format } from "./format.js";
import { calledWithdrawal, nativeTransfers, partiesOf, tokenTransfer } from "./transfers.js";

/** Rows of Dune's `CHAIN.transactions`, of which a query chose some, as CSV or JSON. */
export const duneTransactions: Format = {
	name: "dune transactions",
	kinds: ["native"],
	chosen: true,
	outcome: ["success"],
	columns: ["hash", "block_number", "block_time", "index", "from", "to", "value", "gas_price", "gas_used", "success"],
	without: ["isError", "transaction_hash", "tx_hash"],
	parse(row) {
		const from = row.someAccount("from");
		const to = row.account("to");
		const succeeded = row.flag("success");
		const failed = succeeded === false;
		const fee = feeOf(row, ["gas_price"], "gas_used", ["l1_fee"]);
		return {
			hash: row.hash("hash"),
			height: row.height("block_number"),
			time: row.time("block_time"),
			txIndex: row.integer(MAX_TX_INDEX, "index"),
			...(succeeded === undefined ? {} : { status: failed ? "failed" : "succeeded" }),
			...openFee(fee),
			...row.sent(from),
			transfers: [
				...nativeTransfers(row, from, to, row.baseUnits("value"), fee.amount, failed),
				...(failed ? [] : calledWithdrawal(row.chain, from, to, row.optional("data").replace(/^\\x/, "0x"))),
			],
			...partiesOf(from, to),
		};
	},
};

/** Rows of Dune's `erc20_CHAIN.evt_Transfer`, of which a query chose some; each with the index of its log, so that places are exact. */
export const duneTransfers: Format = {
	name: "dune evt_Transfer",
	kinds: ["token"],
	chosen: true,
	columns: ["contract_address", "evt_tx_hash", "evt_index", "evt_block_time", "evt_block_number", "from", "to", "value"],
	without: ["tokenId", "tokenID", "id"],
	parse(row) {
		const from = row.someAccount("from");
		const to = row.someAccount("to");
		const contract = row.someAccount("contract_address");
		const height = row.height("evt_block_number");
		const index = row.integer(MAX_EVENT_INDEX - EVENT_BAND.log, "evt_index");
		const asset = erc20Asset(row.chain, addressOf(contract));
		return {
			hash: row.hash("evt_tx_hash"),
			height,
			time: row.time("evt_block_time"),
			id: `log ${index} of block ${height}`,
			transfers: [tokenTransfer(from, to, asset, row.baseUnits("value"), EVENT_BAND.log + index)],
			contract,
			touches: [from, to],
		};
	},
};
